package triage

import (
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
	"theriac/vuln"
	"theriac/vuln/match"
)

func TestFrom(t *testing.T) {
	m := match.Finding{
		PURL: "pkg:deb/debian/openssl@3.0.11-1", Name: "openssl", Version: "3.0.11-1", ID: "DSA-5764-1", Aliases: []string{"CVE-2024-6119"}, Records: []string{"DSA-5764-1"},
		Range: "<3.0.14-1", Ranges: []string{"<3.0.14-1"}, Fixed: []string{"3.0.14-1"}, Severity: match.Severity{Word: "high", Vectors: []string{"CVSS:3.1/b", "CVSS:3.1/a"}},
		Exploited: &vuln.Exploited{CVE: "CVE-2024-6119"}, Likelihood: &vuln.Likelihood{Score: "0.02"}, Why: "openssl is before 3.0.14-1",
	}
	other := m
	other.Ranges, other.Severity.Word, other.Exploited, other.Likelihood = []string{"<3.0.15-1"}, "unknown", nil, nil
	found, unmonitored := FromBOM(&match.Result{Findings: []match.Finding{m}, Unknown: []match.Finding{other}, Unmonitored: []match.Unmonitored{{Name: "boot", Reason: "no identity"}, {Reason: "nameless"}}}, &sbom.BOM{})
	if len(found) != 2 || len(unmonitored) != 1 || unmonitored[0].Component.Name != "boot" {
		t.Fatalf("%+v %+v", found, unmonitored)
	}
	a, b := found[0], found[1]
	if a.ID != m.ID || !a.KEV || a.EPSS != "0.02" || a.Severity != "high" || !slices.Equal(a.CVSS, []string{"CVSS:3.1/a", "CVSS:3.1/b"}) || a.Unsure || a.Component.PURL != m.PURL {
		t.Errorf("%+v", a)
	}
	if b.KEV || b.EPSS != "" || b.Severity != "" || !b.Unsure || b.Ranges == a.Ranges {
		t.Errorf("%+v", b)
	}
	if a.Support != "" {
		t.Errorf("support ends on %q, of which nothing is known", a.Support)
	}
	if _, err := Encode(Update(nil, today, nil, []Scan{{Status: "gaps", Found: found, Unmonitored: unmonitored}})); err != nil {
		t.Error(err)
	}
}

// TestFromSupport: what is known of the end of support is with the findings of a component
// and kept in the record, also of components without findings.
func TestFromSupport(t *testing.T) {
	r := &match.Result{
		Findings: []match.Finding{{ID: "CVE-1", Component: 0, Name: "openssl", Version: "1.0.1f"}, {ID: "CVE-2", Component: 3, Name: "zlib", Version: "1"}},
		Unknown:  []match.Finding{{ID: "CVE-3", Component: 1, Name: "lucene", Version: "7.7"}},
		Support: []match.Support{
			{Product: "openssl", Cycle: "1.0.1", End: "2016-12-31", By: match.ByCPE, Components: []match.Supported{{Component: 0, Name: "openssl", Version: "1.0.1f"}}},
			{Product: "lucene", Cycle: "7", Ended: true, By: match.ByCPE, Components: []match.Supported{{Component: 1, Name: "lucene", Version: "7.7"}}},
			{Product: "linux", Cycle: "7.2", By: match.ByCPE, Components: []match.Supported{{Component: 2, Name: "linux", Version: "7.2"}}},
		},
	}
	found, _ := FromBOM(r, &sbom.BOM{})
	if found[0].Support != "2016-12-31" || found[1].Support != "" || found[2].Support != Ended {
		t.Errorf("support is %q, %q, %q", found[0].Support, found[1].Support, found[2].Support)
	}
	text, err := Encode(Update(nil, today, nil, []Scan{{Status: "gaps", Found: found, Support: SupportFrom(r)}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`support {"component":{"name":"lucene","version":"7.7"},"product":"lucene","cycle":"7","end":"ended","by":"cpe"}`,
		`support {"component":{"name":"openssl","version":"1.0.1f"},"product":"openssl","cycle":"1.0.1","end":"2016-12-31","by":"cpe"}`,
	} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("%s is not in\n%s", line, text)
		}
	}
	if strings.Contains(string(text), "linux") {
		t.Errorf("support without an end is kept:\n%s", text)
	}
	read := ParseRecord(RecordFile, text)
	if len(read.Findings) > 0 || !slices.Equal(read.Scans[0].Support, Update(nil, today, nil, []Scan{{Support: SupportFrom(r)}}).Scans[0].Support) {
		t.Errorf("read back %+v, complaints %v", read.Scans, read.Findings)
	}
	for _, bad := range []string{
		`support {"component":{"name":"a"},"product":"","cycle":"1","end":"ended","by":"cpe"}`, `support {"component":{"name":"a"},"product":"a","cycle":"1","end":"never","by":"cpe"}`,
	} {
		if read := ParseRecord(RecordFile, []byte(string(text)+bad+"\n")); len(read.Findings) != 1 {
			t.Errorf("%s: %d complaints", bad, len(read.Findings))
		}
	}
}

// TestFromBOM: a component without package URL keeps its CPE, and goes by it.
func TestFromBOM(t *testing.T) {
	bom := &sbom.BOM{Components: []sbom.Component{{Name: "vxworks", CPEs: []string{"cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*"}}, {PURL: "pkg:npm/a@1", CPEs: []string{"cpe:2.3:a:a:a:1:*:*:*:*:*:*:*"}}}}
	found, blind := FromBOM(&match.Result{
		Findings: []match.Finding{{ID: "CVE-1", Component: 0, Name: "vxworks", Version: "6.5"}, {ID: "CVE-2", Component: 1, PURL: "pkg:npm/a@1"}},
		Unknown:  []match.Finding{{ID: "CVE-3", Component: 0, Name: "vxworks"}}, Unmonitored: []match.Unmonitored{{Component: 0, Name: "vxworks", Reason: "r"}},
	}, bom)
	if found[0].Component.CPE == "" || found[1].Component.CPE != "" || found[2].Component.CPE == "" || blind[0].Component.CPE == "" {
		t.Errorf("%+v %+v", found, blind)
	}
	if !Matches("cpe:2.3:o:windriver:vxworks:*", found[0].Component) || !Matches("vxworks", found[0].Component) || found[0].Component.Names()[0] != "vxworks" {
		t.Errorf("it goes by %q", found[0].Component.Names())
	}
}
