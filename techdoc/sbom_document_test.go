package techdoc

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"theriac/evidence"
	"theriac/evidence/collect"
	"theriac/model"
)

// soupFile is a security file with a bill of materials beside it.
func soupFile(t *testing.T, sbom string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(sbom))
	dir := writtenFile(t, `components:
  so-tls: {title: TLS library, type: soup, version: "3.5.1", purl: "pkg:generic/tls@3.5.1", manufacturer: TLS project, support-until: 2027-01-01, owner: Platform lead}
  so-old: {title: Old library, type: soup, version: "1.0", purl: "pkg:generic/old@1.0", support-until: 2026-01-31}
  so-gone: {title: Gone, type: soup}
  app: {title: Application, type: application, version: "2.0"}
releases:
  rel: {title: R, version: "2.0", sbom: {path: kept.json, digest: "sha256:`+hex.EncodeToString(sum[:])+`"}}
`)
	if err := os.WriteFile(filepath.Join(dir, "kept.json"), []byte(sbom), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const soupCycloneDX = `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
 {"type": "library", "name": "tls", "version": "3.5.1", "purl": "pkg:generic/tls@3.5.1?arch=arm", "licenses": [{"license": {"id": "Apache-2.0"}}]},
 {"type": "library", "name": "old", "version": "1.1", "purl": "pkg:generic/old@1.1", "components": [{"type": "library", "name": "inner", "version": "7", "supplier": {"name": "Somebody"}}]},
 {"type": "application", "name": "Application", "version": "2.0"}]}`

const soupSPDX = `{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "list", "dataLicense": "CC0-1.0", "documentNamespace": "https://example.org/list",
 "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: maker-1.0"]}, "packages": [
 {"SPDXID": "SPDXRef-1", "name": "tls", "versionInfo": "3.5.1", "downloadLocation": "NOASSERTION", "licenseConcluded": "Apache-2.0", "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/tls@3.5.1"}]},
 {"SPDXID": "SPDXRef-2", "name": "old", "versionInfo": "1.1", "downloadLocation": "NOASSERTION", "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/old@1.1"}]},
 {"SPDXID": "SPDXRef-3", "name": "inner", "versionInfo": "7", "downloadLocation": "NOASSERTION", "supplier": "Organization: Somebody"},
 {"SPDXID": "SPDXRef-4", "name": "Application", "versionInfo": "2.0", "downloadLocation": "NOASSERTION"}]}`

// TestSoftwareDifferences: what only the file, or only the bill of materials, names is
// listed, and what the two state differently.
func TestSoftwareDifferences(t *testing.T) {
	for form, sbom := range map[string]string{"CycloneDX": soupCycloneDX, "SPDX": soupSPDX} {
		d := verifiedDocument(t, machineBook(t, soupFile(t, sbom)), sbomName)
		words := verifiedWords(d.Section("differences"))
		for _, want := range []string{
			"lists 4 components, of which the security file has 3", "Of 3 SOUP items of the security file it lists 2.",
			"so-gone Gone | not stated | not listed", "inner, Somebody | not listed | 7", "so-old Old library\nversion | 1.0 | 1.1",
		} {
			if !strings.Contains(words, want) {
				t.Errorf("%s: the section does not say %q:\n%s", form, want, words)
			}
		}
		if strings.Contains(words, "so-tls") || strings.Contains(words, "Application") {
			t.Errorf("%s: what is the same is listed:\n%s", form, words)
		}
		in := map[string]string{}
		for _, row := range verifiedTable(d, "component-table").Rows {
			if row.Group == "" {
				in[row.ID] = row.Cells[10].String() + ", " + row.Cells[4].String()
			}
		}
		want := map[string]string{"so-tls": "yes, Apache-2.0", "so-old": "other version, not stated", "so-gone": "no, not stated", "app": "yes, not stated"}
		if !maps.Equal(in, want) {
			t.Errorf("%s: got %v, want %v", form, in, want)
		}
	}
}

// TestSoftwareSupport: the state of support on the day, and what follows from it.
func TestSoftwareSupport(t *testing.T) {
	d := verifiedDocument(t, machineBook(t, soupFile(t, soupCycloneDX)), sbomName)
	states := map[string]string{}
	for _, row := range verifiedTable(d, "support-table").Rows {
		states[row.ID] = row.Cells[3].String()
	}
	if want := map[string]string{"support-so-tls": "ends within 6 months", "support-so-old": "ended", "support-so-gone": "not stated"}; !maps.Equal(states, want) {
		t.Errorf("got %v, want %v", states, want)
	}
	words := verifiedWords(d.Section("watch"))
	for _, want := range []string{"Replace, or take over the maintenance of Old library | 2026-01-31 | not stated | overdue", "TLS library | 2027-01-01 | Platform lead | planned", "State of Gone: manufacturer, version, end of support, who watches it", "3 differences"} {
		if !strings.Contains(words, want) {
			t.Errorf("the section does not say %q:\n%s", want, words)
		}
	}
	if words := verifiedWords(d.Section("vulnerabilities")); !strings.Contains(words, "gap: Nothing is shown") {
		t.Errorf("without evidence:\n%s", words)
	}
}

// TestUnreadableSBOM: what is not the file of the release, or no bill of materials, is
// used for nothing; of one that is broken the sound part is used, and that it is a part
// is said.
func TestUnreadableSBOM(t *testing.T) {
	deep := `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [` + strings.Repeat(`{"type": "library", "name": "x", "components": [`, 5000) + strings.Repeat(`]}`, 5000) + `]}`
	cut := soupCycloneDX[:300]
	for name, c := range map[string]struct {
		sbom, kept, why string
		partial         bool
	}{
		"altered":  {soupCycloneDX, soupCycloneDX + " ", "is not the file of which the release has the digest", false},
		"no list":  {"{}", "{}", "cannot be read: no bill of materials", false},
		"too deep": {deep, deep, "could not be read whole", true},
		"cut":      {cut, cut, "could not be read whole", true},
	} {
		dir := soupFile(t, c.sbom)
		if err := os.WriteFile(filepath.Join(dir, "kept.json"), []byte(c.kept), 0o600); err != nil {
			t.Fatal(err)
		}
		d := verifiedDocument(t, machineBook(t, dir), sbomName)
		words := verifiedWords(d.Section("components"))
		if strings.Contains(words, "gap: No bill of materials") == c.partial || !strings.Contains(words, c.why) {
			t.Errorf("%s:\n%s", name, words)
		}
		if !c.partial && strings.Contains(words, "| yes") || strings.Contains(words, "| no\n") {
			t.Errorf("%s: what is not known is told:\n%s", name, words)
		}
		want := "gap: Open"
		if c.partial {
			want = "gap: Not known"
		}
		if words := verifiedWords(d.Section("differences")); !strings.Contains(words, want) || strings.Contains(words, "Only in the security file") {
			t.Errorf("%s: differences:\n%s", name, words)
		}
	}
}

// TestHostileSoftware: a bill of materials of many components with long names leads to
// a bounded document.
func TestHostileSoftware(t *testing.T) {
	var list []map[string]any
	for i := range 20000 {
		list = append(list, map[string]any{"type": "library", "name": fmt.Sprintf("<b>\u202e%d %s", i, strings.Repeat("x", 500)), "version": "\u0007"})
	}
	text, err := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list})
	if err != nil {
		t.Fatal(err)
	}
	d := verifiedDocument(t, machineBook(t, soupFile(t, string(text))), sbomName)
	rows := verifiedTable(d, "difference-table").Rows
	if len(rows) > maxParts+10 || !strings.Contains(verifiedWords(d.Section("differences")), fmt.Sprintf("and %d more", 20000-maxParts)) {
		t.Errorf("%d rows", len(rows))
	}
	for _, r := range rows {
		for _, c := range r.Cells {
			if n := len([]rune(c.String())); n > 800 {
				t.Fatalf("a cell of %d characters", n)
			}
		}
	}
}

// TestVulnerabilityFigures compares the findings of scans with the form that the radio
// laboratory gave in: two of low severity, by Greenbone.
func TestVulnerabilityFigures(t *testing.T) {
	d := verifiedDocument(t, exampleBook(t, "infusion-pump"), sbomName)
	got, all := map[string]int{}, map[string]int{}
	for _, row := range verifiedTable(d, "vulnerability-counts").Rows {
		for i := range vulnerabilityFates {
			got[row.Cells[0].String()] += row.Cells[i+1].Value.(int)
		}
		all[row.Cells[0].String()] = row.Cells[len(row.Cells)-1].Value.(int)
	}
	if want := map[string]int{"critical": 0, "high": 0, "medium": 0, "low": 2}; !maps.Equal(all, want) {
		t.Errorf("all %v, want %v", all, want)
	}
	// A form that counts took the place of the scan.
	if want := map[string]int{"critical": 0, "high": 0, "medium": 0, "low": 0}; !maps.Equal(got, want) {
		t.Errorf("findings that stand %v, want %v", got, want)
	}
}

// TestReplacedScans: a scan that a newer one by another tool replaced says so, and none
// that was replaced reads as if it decided.
func TestReplacedScans(t *testing.T) {
	b := exampleBook(t, "infusion-pump")
	states := map[string]string{}
	for _, row := range verifiedTable(verifiedDocument(t, b, sbomName), "scans").Rows {
		states[row.ID] = row.Cells[len(row.Cells)-1].String()
	}
	replaced := 0
	for _, s := range newSoftwareReport(b).scans {
		want := "passed"
		if by := s.verdicts[0].Replaced; by != nil {
			replaced++
			want = "replaced\nby " + by.Piece.ID + "\nresult: passed"
		}
		if got := states["scan-"+s.piece.ID]; got != want {
			t.Errorf("%s: %q, want %q", s.piece.ID, got, want)
		}
	}
	if replaced == 0 || replaced == len(states) {
		t.Errorf("%d of %d are replaced", replaced, len(states))
	}
}

// TestLastComparison: that no newer comparison is kept as evidence is not that it is
// overdue.
func TestLastComparison(t *testing.T) {
	words := verifiedWords(verifiedDocument(t, exampleBook(t, "infusion-pump"), sbomName).Section("watch"))
	if want := "last comparison kept as evidence: 2026-09-15; later comparisons leave no evidence in this file | every 1 day | PSIRT lead | goes on"; !strings.Contains(words, want) || strings.Contains(words, "overdue") {
		t.Errorf("the section does not say %q:\n%s", want, words)
	}
	words = verifiedWords(verifiedDocument(t, writtenBook(t, "vulnerability-handling: {interval: 1 week}\n"), sbomName).Section("watch"))
	if want := "no comparison is kept as evidence that counts | every 1 week"; !strings.Contains(words, want) {
		t.Errorf("without evidence:\n%s", words)
	}
}

// TestPartsWithoutRecord counts the parts of a bill of materials without a record.
func TestPartsWithoutRecord(t *testing.T) {
	if n, known := machineBook(t, soupFile(t, soupCycloneDX)).bomWithoutSOUP(); n != 1 || !known {
		t.Errorf("%d, known: %v", n, known)
	}
	if n, known := machineBook(t, soupFile(t, "{}")).bomWithoutSOUP(); n != 0 || known {
		t.Errorf("of no bill of materials: %d, known: %v", n, known)
	}
}

// TestVulnerabilityFates: a scan that is gone leaves what is known open; a finding that
// fails is open with its time limit.
func TestVulnerabilityFates(t *testing.T) {
	dir := verifiedCopy(t, "pcr-analyser")
	for _, kind := range []string{"vulnerability-scan", "sbom"} {
		list, err := filepath.Glob(filepath.Join(dir, "evidence", "*", kind+"-*.json"))
		if err != nil || len(list) == 0 {
			t.Fatal(list, err)
		}
		for _, name := range list {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	b := machineBook(t, dir)
	if words := verifiedWords(verifiedDocument(t, b, sbomName).Section("vulnerabilities")); !strings.Contains(words, "gap: Not known") {
		t.Errorf("without a scan:\n%s", words)
	}
	piece := &evidence.Piece{Statement: &evidence.Statement{Predicate: evidence.Predicate{Finished: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), Details: evidence.Details{Scan: &evidence.Scan{FailAt: evidence.Medium}}}}}
	excused := b.File.Lookup("v-pentest-network").(*model.Verification).Deviations[0] // of any risk
	excused.Failure = "A@x"
	scan := &scanOf{piece: piece, verdicts: []*evidence.Verdict{{Excused: []model.Deviation{excused}}}}
	for _, c := range []struct {
		id       string
		severity evidence.Severity
		outcome  evidence.Outcome
		because  string
		want     vulnerabilityFate
	}{
		{"B@x", evidence.High, evidence.Fail, "", fateOpen}, {"A@x", evidence.High, evidence.Fail, "", fateAccepted}, {"C@x", evidence.High, evidence.Open, "", fateTriage},
		{"D@x", evidence.High, evidence.Skips, "", fateIgnored}, {"E@x", evidence.Low, evidence.Pass, "", fateBelow}, {"F@x", evidence.Low, evidence.Pass, "not affected", fateCleared},
		{"G@x", evidence.High, evidence.Pass, "", fateCleared}, {"H@x", "unrated", evidence.Pass, "", fateCleared},
	} {
		f := scan.judge(verifiedCase(c.id, c.severity, c.outcome), map[string]string{strings.TrimSuffix(c.id, "@x"): c.because})
		if f.fate != c.want {
			t.Errorf("%s: %d, want %d", c.id, f.fate, c.want)
		}
	}
}

func verifiedCase(id string, severity evidence.Severity, outcome evidence.Outcome) collect.Case {
	return collect.Case{ID: id, Severity: severity, Outcome: outcome}
}

// TestMergedFindings: of two scans the worse counts.
func TestMergedFindings(t *testing.T) {
	at := func(f foundVulnerability) *scanOf { return &scanOf{found: []foundVulnerability{f}} }
	cleared := foundVulnerability{Case: verifiedCase("A@x", evidence.High, evidence.Pass), fate: fateCleared, because: "not affected"}
	open := foundVulnerability{Case: verifiedCase("A@x", evidence.Critical, evidence.Fail), fate: fateOpen}
	for _, scans := range [][]*scanOf{{at(cleared), at(open)}, {at(open), at(cleared)}} {
		all := merged(scans)
		if len(all) != 1 || all[0].fate != fateOpen || all[0].Severity != evidence.Critical || all[0].because != "" {
			t.Errorf("%+v", all)
		}
	}
}
