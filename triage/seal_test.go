package triage

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/model"
)

// TestClaim: what is signed is the digest of the record, whatever the system's line ends.
func TestClaim(t *testing.T) {
	text := []byte("theriac findings 1\nday {\"date\":\"2026-11-20\"}\n")
	const want = `{"format":"theriac findings 1","sha256":"84884bbc991383a817dab02fe9b09ebc30191f0ddf790adaaaf3fee3dcbfdb01"}`
	if got := string(Claim(text)); got != want {
		t.Errorf("got %s", got)
	}
	if !bytes.Equal(Claim(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))), Claim(text)) {
		t.Error("line ends of another system make another claim")
	}
	if r := ParseRecord("x", text); !bytes.Equal(r.Claim(), Claim(text)) {
		t.Error("the record that was read has another claim")
	}
	if (&Record{}).Claim() != nil || (*Record)(nil).Claim() != nil {
		t.Error("no record has a claim")
	}
}

func TestReadSeal(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t *testing.T, file string)
		text string
		bad  bool
	}{
		{"none", func(*testing.T, string) {}, "", false},
		{"one", func(t *testing.T, file string) { put(t, file, "signed") }, "signed", false},
		{"empty", func(t *testing.T, file string) { put(t, file, "") }, "", true},
		{"large", func(t *testing.T, file string) { put(t, file, strings.Repeat("x", maxSeal+1)) }, "", true},
		{"folder", func(t *testing.T, file string) {
			if err := os.Mkdir(file, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "", true},
		{"link", func(t *testing.T, file string) {
			put(t, file+".real", "signed")
			if err := os.Symlink(file+".real", file); err != nil {
				t.Skip(err)
			}
		}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, "theriac.yaml"), "product: {name: Pump}\n")
			var l model.Loader
			file, _, err := l.Load(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			c.make(t, filepath.Join(dir, SealFile))
			text, err := ReadSeal(file)
			if string(text) != c.text || errors.Is(err, ErrSeal) != c.bad || err != nil && !c.bad {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDatabaseLine: a record says of which data it is; an older one that does not is read.
func TestDatabaseLine(t *testing.T) {
	r := sample()
	r.Database = strings.Repeat("ab", 32)
	text, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	again := ParseRecord("x", text)
	if len(again.Findings) > 0 || again.Database != r.Database {
		t.Errorf("%q, %v", again.Database, again.Findings)
	}
	line := `database {"digest":"` + r.Database + `"}` + "\n"
	if !strings.Contains(string(text), line) {
		t.Fatalf("no line of the database in\n%s", text)
	}
	if old := ParseRecord("x", []byte(strings.Replace(string(text), line, "", 1))); len(old.Findings) > 0 || old.Database != "" || len(old.Scans) != 2 {
		t.Errorf("%+v", old.Findings)
	}
	for name, wrong := range map[string]string{"twice": line + line, "empty": "database {\"digest\":\"\"}\n", "other": "database {}\n"} {
		if got := ParseRecord("x", []byte(strings.Replace(string(text), line, wrong, 1))); len(got.Findings) != 1 {
			t.Errorf("%s: %v", name, got.Findings)
		}
	}
}
