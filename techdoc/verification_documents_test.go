package techdoc

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/document"
	"theriac/evidence"
	"theriac/internal/synthetic"
	"theriac/model"
)

// verifiedDocument makes one of the documents about verification.
func verifiedDocument(t *testing.T, b *Book, name string) *document.Document {
	t.Helper()
	sections, err := Find(name).Make(b)
	if err != nil {
		t.Fatal(err)
	}
	return &document.Document{Name: name, Lang: "en", Sections: sections}
}

// verifiedTable is a table of a document by its id; nil where there is none.
func verifiedTable(d *document.Document, id string) (found *document.Table) {
	d.Walk(func(s *document.Section, _ int) {
		for _, b := range s.Blocks {
			if t, ok := b.(*document.Table); ok && t.ID == id {
				found = t
			}
		}
	})
	return found
}

// verifiedCells are the rows of a table as text, without those that are headings.
func verifiedCells(t *document.Table) (rows [][]string) {
	if t == nil {
		return nil
	}
	for _, r := range t.Rows {
		if r.Group != "" {
			continue
		}
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, c.String())
		}
		rows = append(rows, cells)
	}
	return rows
}

// verifiedWords are all words of a section.
func verifiedWords(s *document.Section) string {
	var words []string
	document.Blocks(s.Blocks, func(b document.Block) {
		switch b := b.(type) {
		case *document.Paragraph:
			words = append(words, b.Text.String())
		case *document.Callout:
			words = append(words, string(b.Kind)+": "+b.Title)
		case *document.Table:
			for _, row := range verifiedCells(b) {
				words = append(words, strings.Join(row, " | "))
			}
		}
	})
	return strings.Join(words, "\n")
}

var verifiedExamples = []string{"infusion-pump", "pcr-analyser"}

// TestVerificationSections: the documents have the sections to which others link, each
// id once, and are the same when they are made again.
func TestVerificationSections(t *testing.T) {
	want := map[string]string{
		requirementsName: "summary requirements",
		traceabilityName: "forward backward orphans suspect documents",
		verificationName: "summary verifications evidence interface-coverage requirement-coverage independence penetration fuzzing deviations not-counted artefacts conclusion",
		sbomName:         "components differences parts support vulnerabilities triage watch",
	}
	books := map[string]*Book{"of little": writtenBook(t, "")}
	for _, example := range verifiedExamples {
		books[example] = exampleBook(t, example)
	}
	for of, b := range books {
		for name, ids := range want {
			d := verifiedDocument(t, b, name)
			var have []string
			for _, s := range d.Sections {
				have = append(have, s.ID)
			}
			if got := strings.Join(have, " "); got != ids {
				t.Errorf("%s, %s: sections %s, want %s", of, name, got, ids)
			}
			seen := map[string]bool{}
			d.Walk(func(s *document.Section, _ int) {
				if seen[s.ID] {
					t.Errorf("%s, %s: section %s is there twice", of, name, s.ID)
				}
				seen[s.ID] = true
				if s.Title == "" || len(s.Blocks)+len(s.Sections) == 0 {
					t.Errorf("%s, %s: section %s has no title or nothing in it", of, name, s.ID)
				}
				for _, bl := range s.Blocks {
					if table, ok := bl.(*document.Table); ok {
						verifiedShape(t, name, table)
					}
				}
			})
			if !reflect.DeepEqual(d, verifiedDocument(t, b, name)) {
				t.Errorf("%s, %s: made twice, it differs", of, name)
			}
		}
	}
}

// verifiedShape fails where a row has not a cell for each column.
func verifiedShape(t *testing.T, name string, table *document.Table) {
	t.Helper()
	if table.Caption == "" || len(table.Rows) == 0 {
		t.Errorf("%s: table %s has no caption or no row", name, table.ID)
	}
	for i, r := range table.Rows {
		if r.Group == "" && len(r.Cells) != len(table.Columns) {
			t.Errorf("%s: row %d of table %s has %d cells for %d columns", name, i+1, table.ID, len(r.Cells), len(table.Columns))
		}
	}
}

// TestRequirementFiguresAgainstFile: each requirement has one row, with the state that
// the judgement gives it.
func TestRequirementFiguresAgainstFile(t *testing.T) {
	for _, example := range verifiedExamples {
		b := exampleBook(t, example)
		d := verifiedDocument(t, b, requirementsName)
		rows := map[string]string{}
		for _, s := range d.Section("requirements").Sections {
			for _, row := range verifiedCells(s.Blocks[0].(*document.Table)) {
				rows[row[0]] = row[len(row)-1]
			}
		}
		if len(rows) != len(b.File.Requirements) {
			t.Errorf("%s: %d rows for %d requirements", example, len(rows), len(b.File.Requirements))
		}
		n := map[string]int{}
		for _, r := range b.File.Requirements {
			want := b.Showing.Judged.Requirement(r).Words()
			if len(model.Users[*model.Verification](r, "verifies")) == 0 {
				want = "not verified"
			}
			n[want]++
			if rows[r.ID] != want {
				t.Errorf("%s: %s is %q, want %q", example, r.ID, rows[r.ID], want)
			}
		}
		n["All"] = len(b.File.Requirements)
		got := map[string]int{}
		for _, row := range verifiedTable(d, "by-state").Rows {
			got[row.Cells[0].String()] = row.Cells[1].Value.(int)
		}
		if !maps.Equal(got, n) {
			t.Errorf("%s: states %v, want %v", example, got, n)
		}
	}
}

// TestVerificationFigures compares the report with the files of the example.
func TestVerificationFigures(t *testing.T) {
	for _, example := range verifiedExamples {
		b := exampleBook(t, example)
		d := verifiedDocument(t, b, verificationName)
		pieces, err := filepath.Glob(filepath.Join("..", "examples", example, "evidence", "*", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		evidence := verifiedCells(verifiedTable(d, "evidence-table"))
		if len(evidence) != len(pieces) || len(pieces) == 0 {
			t.Errorf("%s: %d rows for %d pieces of evidence", example, len(evidence), len(pieces))
		}
		inputs := 0
		for _, row := range evidence {
			for line := range strings.Lines(row[4]) {
				words := strings.Fields(line)
				if _, err := os.Stat(filepath.Join("..", "examples", example, "evidence", "inputs", words[len(words)-1])); err != nil {
					t.Errorf("%s: evidence %s names an input that is not kept: %v", example, row[0], err)
				}
				inputs++
			}
		}
		if inputs < len(pieces) {
			t.Errorf("%s: %d inputs of %d pieces", example, inputs, len(pieces))
		}
		verifications := 0
		for _, s := range d.Section("verifications").Sections {
			verifications += len(verifiedCells(s.Blocks[0].(*document.Table)))
		}
		if verifications != len(b.File.Verifications) {
			t.Errorf("%s: %d rows for %d verifications", example, verifications, len(b.File.Verifications))
		}
		artefacts := verifiedWords(d.Section("artefacts"))
		for _, a := range append(slices.Clone(b.Release.Artefacts), b.Release.SBOM) {
			if !strings.Contains(artefacts, a.Path) || !strings.Contains(artefacts, a.Digest) {
				t.Errorf("%s: artefact %s is not listed with its digest", example, a.Path)
			}
		}
	}
}

// TestInterfaceCoverageAgainstPairs: each penetration test stands on each interface that
// it covers, and on no other.
func TestInterfaceCoverageAgainstPairs(t *testing.T) {
	for _, example := range verifiedExamples {
		b := exampleBook(t, example)
		want := map[string]bool{}
		for _, v := range b.File.Verifications {
			if v.Method != "penetration-test" {
				continue
			}
			for _, i := range b.File.Interfaces {
				for e := range model.Targets(v.Covers) {
					f, isFlow := e.(*model.Flow)
					over := isFlow && slices.Contains(slices.Collect(model.Targets(f.Over)), i)
					if e == model.Element(i) || i.Component.OK() && e == model.Element(i.Component.To) || over {
						want[i.ID+" "+v.ID] = true
					}
				}
			}
		}
		got := map[string]bool{}
		for _, row := range verifiedTable(verifiedDocument(t, b, verificationName), "interface-table").Rows {
			for _, line := range row.Cells[5].Lines {
				got[row.ID+" "+line[0].Text] = true
			}
		}
		if len(want) == 0 || !maps.Equal(got, want) {
			t.Errorf("%s: %d pairs, want %d", example, len(got), len(want))
		}
	}
}

// verifiedCopy copies an example, so that a test can change it.
func verifiedCopy(t *testing.T, example string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "examples", example))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestReportWithoutOnePiece: when a piece of evidence is gone, what it showed is open,
// and the report says so everywhere.
func TestReportWithoutOnePiece(t *testing.T) {
	dir := verifiedCopy(t, "infusion-pump")
	whole := verifiedDocument(t, machineBook(t, dir), verificationName)
	if c := verifiedWords(whole.Section("conclusion")); !strings.Contains(c, "note: Shown") || !strings.Contains(c, "Every verification of the security file passed") {
		t.Fatalf("the example is not shown as it is:\n%s", c)
	}
	pieces, err := filepath.Glob(filepath.Join(dir, "evidence", "*", "penetration-test-837bb3636c4c.json"))
	if err != nil || len(pieces) != 1 {
		t.Fatal(pieces, err)
	}
	if err := os.Remove(pieces[0]); err != nil {
		t.Fatal(err)
	}
	b := machineBook(t, dir)
	d := verifiedDocument(t, b, verificationName)
	if n, m := len(verifiedCells(verifiedTable(d, "evidence-table"))), len(verifiedCells(verifiedTable(whole, "evidence-table"))); n != m-1 {
		t.Errorf("%d pieces are listed, %d were", n, m)
	}
	conclusion := verifiedWords(d.Section("conclusion"))
	for _, words := range []string{"gap: Not shown in full", "vf-pentest-physical Penetration test, hardware and bedside | missing | no evidence speaks of it on this release", "56 of 57 verifications passed"} {
		if !strings.Contains(conclusion, words) {
			t.Errorf("the conclusion does not say %q:\n%s", words, conclusion)
		}
	}
	if strings.Contains(conclusion, "Every verification") {
		t.Error("the conclusion claims what is not shown")
	}
	r := b.File.Lookup("vf-pentest-physical").(*model.Verification).Verifies[0].To
	for _, row := range verifiedTable(d, "requirement-table").Rows {
		if row.ID == r.ID && row.Cells[3].String() != "missing" {
			t.Errorf("%s is %q", r.ID, row.Cells[3])
		}
	}
	attack := d.Section("penetration-vf-pentest-physical")
	if words := verifiedWords(attack); !strings.Contains(words, "gap: Open") || strings.Contains(words, "PT-VP4-2026-2-01") {
		t.Errorf("the attack without evidence reads:\n%s", words)
	}
}

// TestFates: each finding of a penetration test is listed with its fate; one that was
// accepted names the risk, and its deviation is listed.
func TestFates(t *testing.T) {
	b := exampleBook(t, "infusion-pump")
	d := verifiedDocument(t, b, verificationName)
	words := verifiedWords(d.Section("penetration-vf-pentest-network"))
	for _, want := range []string{"PT-VP4-2026-1-01", "fixed and tested again\n2026-09-04\nretested on the frozen artefacts", "bytes that were frozen on 2026-06-15", "PT-VP4-2026-1-04", "risk accepted\nrk-soup-vulnerability"} {
		if !strings.Contains(words, want) {
			t.Errorf("the findings do not say %q:\n%s", want, words)
		}
	}
	n := map[string]int{}
	for _, row := range verifiedTable(d, "fates").Rows {
		for i, f := range fates {
			n[f.words] += row.Cells[i+1].Value.(int)
		}
	}
	if n["fixed and tested again"] != 6 || n["accepted"] != 1 || n["open"] != 0 {
		t.Errorf("fates %v", n)
	}
	deviations := verifiedWords(d.Section("deviations"))
	if !strings.Contains(deviations, "PT-VP4-2026-1-04") || !strings.Contains(deviations, "| accepted") {
		t.Errorf("deviations:\n%s", deviations)
	}
}

// TestOnFrozen: only what was tested again after the freeze, on artefacts of the release
// alone, was not fixed in them.
func TestOnFrozen(t *testing.T) {
	b := exampleBook(t, "infusion-pump")
	r := newTestReport(b)
	subjects := evidence.SubjectsOf(b.Release)
	other := append(slices.Clone(subjects), evidence.Subject{Name: "new.img", SHA256: strings.Repeat("0", 64)})
	for _, c := range []struct {
		fate     evidence.Fate
		day      string
		subjects []evidence.Subject
		want     bool
	}{
		{evidence.FateRetested, "2026-09-04", subjects, true}, {evidence.FateRetested, "2026-06-15", subjects, false}, {evidence.FateRetested, "2026-06-16", subjects[:1], true},
		{evidence.FateRetested, "2026-09-04", other, false}, {evidence.FateRetested, "2026-09-04", nil, false}, {evidence.FateRetested, "soon", subjects, false},
		{evidence.FateFixed, "2026-09-04", subjects, false},
	} {
		d := &evidence.Verdict{Piece: &evidence.Piece{Statement: &evidence.Statement{Subjects: c.subjects}}}
		if got := r.onFrozen(d, evidence.PenetrationFinding{Fate: c.fate, Retested: c.day}); got != c.want {
			t.Errorf("%s on %q, of %d artefacts: %v", c.fate, c.day, len(c.subjects), got)
		}
	}
}

// TestApprovalOfRelease: the date of the file is told as such, and beside it who approved
// the release; without approvals that is said.
func TestApprovalOfRelease(t *testing.T) {
	dir := verifiedCopy(t, "infusion-pump")
	terms := func() string {
		var words []string
		for _, bl := range verifiedDocument(t, machineBook(t, dir), verificationName).Section("artefacts").Blocks {
			if list, ok := bl.(*document.Terms); ok {
				for _, term := range list.Terms {
					words = append(words, term.Name.String()+": "+term.Blocks[0].(*document.Paragraph).Text.String())
				}
			}
		}
		return strings.Join(words, "\n")
	}
	got := terms()
	for _, want := range []string{"Date of release (as the security file has it): 2026-06-15", "Approval of the release: released on 2026-09-28 by Head of Regulatory Affairs"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "approvals", "releases")); err != nil {
		t.Fatal(err)
	}
	if got := terms(); !strings.Contains(got, "Approval of the release: no approval is signed") {
		t.Errorf("without approvals:\n%s", got)
	}
}

// TestFuzzEffort: the effort of the runs adds up, each run once.
func TestFuzzEffort(t *testing.T) {
	b := exampleBook(t, "pcr-analyser")
	var executions, seconds int64
	seen := map[*evidence.Piece]bool{}
	for _, v := range b.Showing.Judged.Verdicts {
		if v.Piece.Statement.Kind == "fuzzing" && v.Counts() && v.Replaced == nil && !seen[v.Piece] {
			seen[v.Piece] = true
			executions += v.Piece.Statement.Details.Fuzzing.Executions
			seconds += v.Piece.Statement.Details.Fuzzing.Seconds
		}
	}
	section := verifiedDocument(t, b, verificationName).Section("fuzzing")
	words := strings.ReplaceAll(verifiedWords(section), "\u00a0", "")
	if want := fmt.Sprintf("tried %d inputs in %.1f hours", executions, float64(seconds)/3600); !strings.Contains(words, want) || executions == 0 {
		t.Errorf("the section does not say %q:\n%s", want, words)
	}
}

// TestStatedResults: where the file lists no signers, what is stated is shown as
// stated, and nothing is claimed.
func TestStatedResults(t *testing.T) {
	b := writtenBook(t, `requirements:
  rq-lock: {title: Lock, text: The screen locks.}
verifications:
  vf-lock: {title: Lock test, verifies: [rq-lock], method: functional-test, result: passed}
`)
	d := verifiedDocument(t, b, verificationName)
	d.Walk(func(s *document.Section, _ int) {
		words := verifiedWords(s)
		if strings.Contains(words, "note: Shown") || strings.Contains(words, "| passed") {
			t.Errorf("section %s claims something:\n%s", s.ID, words)
		}
	})
	if words := verifiedWords(d.Section("requirement-coverage")); !strings.Contains(words, "rq-lock Lock | functional test | vf-lock stated: passed | stated: passed") {
		t.Errorf("coverage reads:\n%s", words)
	}
	if words := verifiedWords(d.Section("conclusion")); !strings.Contains(words, "gap: Nothing is shown") || !strings.Contains(words, "It is not shown") {
		t.Errorf("conclusion reads:\n%s", words)
	}
}

// TestLargeVerificationDocuments: a file of ten thousand entities takes no time that
// anybody notices. The limit is far above what is needed, for slow machines.
func TestLargeVerificationDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("large")
	}
	dir := filepath.Join(t.TempDir(), "large")
	if _, err := synthetic.Write(dir, 10_000); err != nil {
		t.Fatal(err)
	}
	b := machineBook(t, dir)
	for _, name := range []string{requirementsName, traceabilityName, verificationName, sbomName} {
		begin := time.Now()
		d := verifiedDocument(t, b, name)
		took := time.Since(begin)
		t.Logf("%s: %s", name, took)
		if took > 10*time.Second || len(d.Sections) == 0 {
			t.Errorf("%s took %s", name, took)
		}
	}
}
