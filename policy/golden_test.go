package policy

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files")

// updated is the time of the descriptions in tests.
var updated = time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)

// outputs are the files that are made of a policy.
func outputs(t testing.TB, p *Policy) map[string][]byte {
	t.Helper()
	mud, err := p.MUD(updated, p.MUDURL())
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"firewall.nft": p.Nftables(), "firewall-segment.nft": p.NftablesSegment(), "firewall.iptables": p.Iptables(),
		"firewall.ip6tables": p.IP6tables(), "firewall.csv": p.FirewallCSV(), "mud.json": mud,
	}
}

// TestGolden shows what the files of a small device look like, so that a change of them
// is seen.
func TestGolden(t *testing.T) {
	for name, got := range outputs(t, Compile(load(t, filepath.Join("testdata", "device")))) {
		golden := filepath.Join("testdata", "golden", "device", name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Dir(golden), name, got)
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from the golden file; look at it after go test ./policy -update\n%s", golden, difference(want, got))
		}
	}
}

// TestSameInputSameBytes: two runs over the examples make the same files, wherever
// the security file lies.
func TestSameInputSameBytes(t *testing.T) {
	for _, name := range examples {
		elsewhere := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(elsewhere, os.DirFS(filepath.Join("..", "examples", name))); err != nil {
			t.Fatal(err)
		}
		one, two := outputs(t, Compile(example(t, name))), outputs(t, Compile(load(t, elsewhere)))
		for file := range one {
			if !bytes.Equal(one[file], two[file]) {
				t.Errorf("%s of %s: %s", file, name, difference(one[file], two[file]))
			}
			if bytes.Contains(one[file], []byte("../")) {
				t.Errorf("%s of %s holds a path that leads out of the folder", file, name)
			}
		}
	}
}

// TestOnePortChangesItsRulesAlone: another port in the file is another port in the
// rules of that interface, and changes nothing else.
func TestOnePortChangesItsRulesAlone(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "device", "theriac.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, id string }{
		{"port: 2575", "port: 2599", "if-orders"}, {"port: 8883", "port: 8899", "if-cloud"}, {"port: 514", "port: 6599", "if-log"},
	} {
		before, after := outputs(t, Compile(yaml(t, string(text)))), outputs(t, Compile(yaml(t, strings.Replace(string(text), c.from, c.to, 1))))
		number, other := strings.TrimPrefix(c.from, "port: "), strings.TrimPrefix(c.to, "port: ")
		for file := range before {
			if file == "firewall.csv" || file == "mud.json" {
				continue
			}
			old, changed := strings.Split(string(before[file]), "\n"), strings.Split(string(after[file]), "\n")
			if len(old) != len(changed) {
				t.Errorf("%s: %d lines became %d", file, len(old), len(changed))
				continue
			}
			rules := 0
			for i := range old {
				if old[i] == changed[i] {
					continue
				}
				rules++
				if !strings.Contains(old[i], c.id) || strings.ReplaceAll(old[i], number, other) != changed[i] {
					t.Errorf("%s line %d: %q became %q", file, i+1, old[i], changed[i])
				}
			}
			if rules == 0 {
				t.Errorf("%s did not change with the port of %s", file, c.id)
			}
		}
	}
}

// difference is the first line in which two texts differ.
func difference(want, got []byte) string {
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(w), len(g)) {
		a, b := append(slices.Clip(w), ""), append(slices.Clip(g), "")
		a, b = a[min(i, len(a)-1):], b[min(i, len(b)-1):]
		if a[0] != b[0] {
			return "want " + a[0] + "\ngot  " + b[0]
		}
	}
	return "same lines"
}
