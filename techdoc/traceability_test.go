package techdoc

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/check"
	"theriac/model"
)

// TestTraceability: each threat, risk, control and requirement has its line with what it
// leads to, and so has each piece of evidence on the way back.
func TestTraceability(t *testing.T) {
	for _, example := range verifiedExamples {
		b := exampleBook(t, example)
		d := verifiedDocument(t, b, traceabilityName)
		told := 0
		for _, c := range b.File.Controls {
			if c.By == "environment" || c.By == "user" {
				told++
			}
		}
		verdicts := 0
		for _, v := range b.Showing.Judged.Verdicts {
			if v.Of != nil {
				verdicts++
			}
		}
		for id, want := range map[string]int{
			"threat-table": len(b.File.Threats), "risk-table": len(b.File.Risks), "chain-table": len(b.File.Controls), "requirement-table": len(b.File.Requirements), "surroundings-table": len(b.File.Environment),
			"back-table": verdicts, "environment-table": len(b.File.Environment), "control-table": told,
		} {
			if got := len(verifiedCells(verifiedTable(d, id))); got != want || want == 0 {
				t.Errorf("%s: %s has %d lines, want %d", example, id, got, want)
			}
		}
		risks := verifiedCells(verifiedTable(d, "risk-table"))
		for i, r := range b.File.Risks {
			var ids []string
			for c := range model.Targets(r.Controls) {
				ids = append(ids, c.ID)
			}
			if want := strings.Join(ids, ", "); len(ids) <= 6*few && risks[i][1] != want {
				t.Errorf("%s: %s leads to %q, want %q", example, r.ID, risks[i][1], want)
			}
		}
		for _, row := range verifiedCells(verifiedTable(d, "control-table")) {
			if row[5] == "not asked of users" {
				t.Errorf("%s: %s is asked of nobody and listed", example, row[0])
			}
		}
	}
}

// TestClausesCounted: each clause that applies is counted once; those with verifications
// are listed, and no others where nothing is missing.
func TestClausesCounted(t *testing.T) {
	for _, example := range verifiedExamples {
		b := exampleBook(t, example)
		d := verifiedDocument(t, b, traceabilityName)
		applicable, want := 0, map[string]bool{}
		for _, r := range b.Coverage {
			if r.Status == check.NotApplicable {
				continue
			}
			applicable++
			for _, e := range r.By {
				if len(VerificationsOf(e)) > 0 {
					want[r.Entry.ID] = true
				}
			}
		}
		got := map[string]bool{}
		for _, row := range verifiedTable(d, "clause-table").Rows {
			if row.Group == "" {
				got[row.ID] = true
				if words := row.Cells[3].String(); words == "none" || words == "" {
					t.Errorf("%s: %s has no verification and is listed", example, row.ID)
				}
			}
		}
		if !maps.Equal(got, want) || len(want) == 0 || len(want) == applicable {
			t.Errorf("%s: %d clauses are listed, want %d", example, len(got), len(want))
		}
		rows := verifiedTable(d, "clause-counts").Rows
		sums := make([]int, 5)
		for _, row := range rows[:len(rows)-1] {
			for i := range sums {
				sums[i] += row.Cells[i+1].Value.(int)
			}
		}
		for i, sum := range sums {
			if all := rows[len(rows)-1].Cells[i+1].Value.(int); all != sum {
				t.Errorf("%s: column %d adds up to %d, not to %d", example, i+1, sum, all)
			}
		}
		if sums[0] != applicable || sums[1] != len(want) || sums[1]+sums[2]+sums[3]+sums[4] != applicable {
			t.Errorf("%s: counts %v of %d clauses, %d with verifications", example, sums, applicable, len(want))
		}
	}
}

// TestClauseWithoutVerification: a clause that a requirement answers and no verification
// shows is listed as missing one, and not counted as shown by documents.
func TestClauseWithoutVerification(t *testing.T) {
	b := writtenBook(t, `requirements:
  rq-lock: {title: Lock, text: The screen locks.}
`)
	by := []model.Entity{b.File.Requirements[0]}
	b.Coverage = []check.Row{
		{Entry: b.Catalog.Entry("mdr.annex-i.17.2"), Status: check.Satisfied, By: by}, {Entry: b.Catalog.Entry("mdr.annex-i.17.3"), Status: check.Unanswered},
		{Entry: b.Catalog.Entry("mdr.annex-i.17.4"), Status: check.NotApplicable, By: by}, {Entry: b.Catalog.Entry("mdr.annex-i.1"), Status: check.Satisfied, By: []model.Entity{b.File.Product}},
	}
	d := verifiedDocument(t, b, traceabilityName)
	rows := verifiedTable(d, "clause-table").Rows
	if len(rows) != 2 || rows[1].ID != "mdr.annex-i.17.2" || rows[1].Cells[3].String() != "missing" {
		t.Fatalf("rows %v", verifiedCells(verifiedTable(d, "clause-table")))
	}
	counts := verifiedCells(verifiedTable(d, "clause-counts"))
	if got := counts[len(counts)-1]; !slices.Equal(got, []string{"All", "3", "0", "1", "1", "1"}) {
		t.Errorf("counts %v", got)
	}
}

// TestOneNumber: no two documents about requirements are the same document of the file.
func TestOneNumber(t *testing.T) {
	b := exampleBook(t, "infusion-pump")
	if b.Listed(Find(traceabilityName)) != nil {
		t.Error("the traceability matrix has the number of another document")
	}
	if types := Find(requirementsName).Types; len(types) != 1 || types[0] != "requirements" {
		t.Errorf("types %v", types)
	}
}

// TestWayBack: a piece of evidence leads back to the threats over what it verifies.
func TestWayBack(t *testing.T) {
	b := exampleBook(t, "infusion-pump")
	d := verifiedDocument(t, b, traceabilityName)
	for _, row := range verifiedCells(verifiedTable(d, "back-table")) {
		if !strings.Contains(row[1], "vf-link ") {
			continue
		}
		v := b.File.Lookup("vf-link").(*model.Verification)
		r := v.Verifies[0].To
		c := r.Implements[0].To
		risk := model.Users[*model.Risk](c, "controls")[0]
		for i, want := range []string{2: r.ID, 3: c.ID, 4: risk.ID, 5: risk.Threats[0].ID} {
			if !strings.Contains(row[i], want) {
				t.Errorf("column %d is %q, without %q", i, row[i], want)
			}
		}
		return
	}
	t.Error("vf-link is on no line")
}

// TestLeadsNowhere: what nothing treats, verifies or names is listed.
func TestLeadsNowhere(t *testing.T) {
	b := writtenBook(t, `actors:
  ac-thief: {title: Thief, type: person}
threats:
  th-theft: {title: Theft, category: disclosure, targets: [ac-thief]}
harms:
  hm-alone: {title: Alone, severity: high}
requirements:
  rq-lock: {title: Lock, text: The screen locks.}
`)
	words := verifiedWords(verifiedDocument(t, b, traceabilityName).Section("orphans"))
	for _, want := range []string{"th-theft Theft | threat | no risk treats it", "rq-lock Lock | requirement | no verification shows", "hm-alone Alone | harm"} {
		if !strings.Contains(words, want) {
			t.Errorf("the section does not say %q:\n%s", want, words)
		}
	}
	if words := verifiedWords(verifiedDocument(t, b, traceabilityName).Section("suspect")); !strings.Contains(words, "no link was") {
		t.Errorf("without reviews:\n%s", words)
	}
}

// TestSuspectLinks: what was reviewed and changed since is listed.
func TestSuspectLinks(t *testing.T) {
	dir := verifiedCopy(t, "infusion-pump")
	name := filepath.Join(dir, "controls.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(text, []byte("  ct-mcu-boot:\n    title: Verified firmware of the controllers\n"), []byte("  ct-mcu-boot:\n    title: Verified firmware of the controllers\n    justification: Changed.\n"), 1)
	if bytes.Equal(text, changed) {
		t.Fatal("the example has changed")
	}
	before := verifiedWords(verifiedDocument(t, machineBook(t, dir), traceabilityName).Section("suspect"))
	if err := os.WriteFile(name, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	after := verifiedWords(verifiedDocument(t, machineBook(t, dir), traceabilityName).Section("suspect"))
	if strings.Contains(before, "ct-mcu-boot Verified firmware of the controllers") {
		t.Errorf("suspect already:\n%s", before)
	}
	if !strings.Contains(after, "ct-mcu-boot Verified firmware of the controllers") || !strings.Contains(after, "| suspect") {
		t.Errorf("not suspect:\n%s", after)
	}
}
