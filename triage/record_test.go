package triage

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/model"
)

// sample is a record of two bills of materials.
func sample() *Record {
	curl := Finding{ID: "DSA-5000-1", Component: Component{PURL: "pkg:deb/debian/curl@7.1?distro=debian-12", Name: "curl", Version: "7.1"}, Range: "before 7.2 <&> é", Severity: "low"}
	return Update(nil, day1("2026-11-20"), []Source{{"osv", "2026-11-19"}, {"kev", ""}}, []Scan{
		{Release: "1.1.0", SBOM: "sbom/pump.cdx.json", Digest: "sha256:00", Status: "gaps", Found: []Finding{openssl(), curl}, Unmonitored: []Unmonitored{{Component{Name: "boot"}, "it has no package URL"}}},
		{Release: "1.0.0", SBOM: "sbom/old.cdx.json", Status: "complete", Found: []Finding{openssl()}},
	})
}

// TestRecord: what is written is read as it was, and gives the same bytes.
func TestRecord(t *testing.T) {
	text, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	r := ParseRecord("theriac.findings", text)
	if len(r.Findings) > 0 || r.Day.String() != "2026-11-20" || len(r.Sources) != 2 || len(r.Scans) != 2 || r.Scans[0].Release != "1.0.0" || len(r.Scans[1].Found) != 2 || len(r.Scans[1].Unmonitored) != 1 {
		t.Fatalf("%+v", r)
	}
	if again, err := Encode(r); err != nil || !bytes.Equal(again, text) {
		t.Errorf("%v\n%s\n%s", err, text, again)
	}
	if f := r.Scans[0].Found[0]; f.First.String() != "2026-11-20" || r.LineOf(&r.Scans[0], f) != 6 || f.Component != openssl().Component {
		t.Errorf("%+v at %d", f, r.LineOf(&r.Scans[0], f))
	}
	if crlf := ParseRecord("x", bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))); len(crlf.Findings) > 0 {
		t.Error("line ends of another system are refused")
	}
}

// TestFirst: a finding keeps the day on which it was first seen, in a newer release, in
// another version of the component and under another of its ids.
func TestFirst(t *testing.T) {
	moved := openssl()
	moved.ID, moved.Aliases = "CVE-2024-6119", nil
	moved.Component = Component{PURL: "pkg:deb/debian/libssl3@3.0.12-1?distro=debian-12&upstream=openssl", Name: "libssl3", Version: "3.0.12-1"}
	fresh := openssl()
	fresh.ID, fresh.Aliases = "CVE-2026-1", nil
	next := Update(sample(), day1("2026-11-22"), nil, []Scan{{Release: "1.2.0", Status: "complete", Found: []Finding{moved, fresh}}})
	got := map[string]string{}
	for _, f := range next.Scans[0].Found {
		got[f.ID] = f.First.String()
	}
	if got["CVE-2024-6119"] != "2026-11-20" || got["CVE-2026-1"] != "2026-11-22" {
		t.Errorf("%v", got)
	}
}

// TestMalformed: each bad line is named, and the others are read.
func TestMalformed(t *testing.T) {
	text, _ := Encode(sample())
	for old, c := range map[string]struct{ edit, says string }{
		"theriac findings 1": {"theriac findings 2", `version "2"`}, "theriac findings": {"findings", "first line is not"},
		`day {"date":"2026-11-20"}`:               {`day {"date":"2026-13-20"}`, "expected a date"},
		`source {"name":"kev","date":`:            {`source {"date":"", "name":`, "not JSON"},
		`source {"name":"kev"`:                    {`sauce {"name":"kev"`, "expected a line of"},
		`source {"name":"kev","date"`:             {`source {"name":"","date"`, "no name"},
		`"status":"gaps"`:                         {`"status":"good"`, "is not complete"},
		`"release":"1.1.0","sbom":"sbom/pump`:     {`"release":"1.0.0","sbom":"sbom/old`, "scanned twice"},
		`"severity":"low"`:                        {`"severity":"dire"`, "is no severity"},
		`"id":"DSA-5000-1"`:                       {`"id":""`, "no id"},
		`{"first":"2026-11-20","id":"DSA-5000-1"`: {`{"first":"2026-11-20","first":"2026-11-20","id":"DSA-5000-1"`, "given twice"},
		`"id":"DSA-5000-1",`:                      {`"id":"DSA-5000-1","more":1,`, "unknown field"},
		`"reason":"it has`:                        {`"reason":"","x":"`, "unknown field"},
	} {
		bad := strings.Replace(string(text), old, c.edit, 1)
		if bad == string(text) {
			t.Fatalf("%s is not there", old)
		}
		r := ParseRecord("theriac.findings", []byte(bad))
		if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, c.says) || r.Findings[0].Code != CodeRecord {
			t.Errorf("%s: %+v, want %q", c.edit, r.Findings, c.says)
		}
	}
	twice := string(text) + strings.Split(string(text), "\n")[len(strings.Split(string(text), "\n"))-4] + "\n"
	if r := ParseRecord("x", []byte(twice)); len(r.Findings) == 0 {
		t.Error("a line that stands twice is taken")
	}
	if r := ParseRecord("x", []byte("theriac findings 1\nfinding {}\n")); len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, "before any scan") {
		t.Errorf("%+v", r.Findings)
	}
	if r := ParseRecord("x", []byte("theriac findings 1\n"+strings.Repeat("x\n", 200))); len(r.Findings) != maxRecordFindings || !strings.Contains(r.Findings[99].Message, "not listed") {
		t.Errorf("%d findings", len(r.Findings))
	}
}

func TestReadRecord(t *testing.T) {
	file := read(t, pump)
	if r, err := ReadRecord(file); err != nil || !r.Empty() {
		t.Fatalf("%v %+v", err, r)
	}
	text, _ := Encode(sample())
	name := filepath.Join(file.Dir(), RecordFile)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := ReadRecord(file); err != nil || r.Empty() || len(r.Findings) > 0 {
		t.Fatalf("%v %+v", err, r)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("theriac.yaml", name); err != nil {
		t.Skip(err)
	}
	if r, err := ReadRecord(file); err != nil || len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, "not a regular file") {
		t.Fatalf("%v %+v", err, r)
	}
}

// FuzzRecord: no text is too strange; what is read without complaint is written as it was.
func FuzzRecord(f *testing.F) {
	text, _ := Encode(sample())
	f.Add(text)
	f.Add([]byte("theriac findings 1\nday {\"date\":\"2026-11-20\"}\nscan {\"status\":\"failed\"}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := ParseRecord("x", text)
		if len(r.Findings) > maxRecordFindings {
			t.Fatal(len(r.Findings))
		}
		if len(r.Findings) > 0 || r.Day == (model.Date{}) {
			return
		}
		out, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		again := ParseRecord("x", out)
		if len(again.Findings) > 0 || len(again.Scans) != len(r.Scans) {
			t.Fatalf("%s\n%+v", out, again.Findings)
		}
	})
}
