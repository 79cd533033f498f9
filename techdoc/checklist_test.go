package techdoc_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"theriac"
	"theriac/check"
	"theriac/document"
)

// The examples are made once for all tests; a set is only read.
var (
	madeOnce sync.Mutex
	made     = map[string]*theriac.Documentation{}
)

func example(t *testing.T, name string) *theriac.Documentation {
	t.Helper()
	madeOnce.Lock()
	defer madeOnce.Unlock()
	if made[name] == nil {
		made[name] = documentsIn(t, filepath.Join("..", "examples", name), "en", "de")
	}
	return made[name]
}

var examples = []string{"infusion-pump", "pcr-analyser"}

func documentOf(t *testing.T, set *document.Set, name string) *document.Document {
	t.Helper()
	for _, d := range set.Documents {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("there is no document %s", name)
	return nil
}

// rowsOf are the rows of all tables of a document that have an id.
func rowsOf(d *document.Document) map[string]document.Row {
	rows := map[string]document.Row{}
	d.Walk(func(s *document.Section, _ int) {
		document.Blocks(s.Blocks, func(b document.Block) {
			if t, ok := b.(*document.Table); ok {
				for _, r := range t.Rows {
					if r.ID != "" {
						rows[r.ID] = r
					}
				}
			}
		})
	})
	return rows
}

// TestGSPR: each clause of Annex I has a row, with the status that the coverage gives
// it; a clause that does not apply says why.
func TestGSPR(t *testing.T) {
	words := map[check.Status]string{check.Satisfied: "fulfilled", check.Partial: "in part", check.Unanswered: "open", check.NotApplicable: "not applicable"}
	for _, name := range examples {
		d := example(t, name)
		law := strings.ToLower(string(d.File.Product.Regulation))
		rows := rowsOf(documentOf(t, d.Set, "gspr-checklist"))
		clauses := 0
		for _, r := range d.Coverage {
			if !strings.HasPrefix(r.Entry.ID, law+".annex-i.") {
				continue
			}
			clauses++
			row, ok := rows[r.Entry.ID]
			if !ok {
				t.Errorf("%s: %s has no row", name, r.Entry.ID)
				continue
			}
			if got := row.Cells[7].String(); got != words[r.Status] {
				t.Errorf("%s: %s is %q, the coverage says %q", name, r.Entry.ID, got, r.Status)
			}
			applies := row.Cells[2].String()
			if no := strings.HasPrefix(applies, "No."); no != (r.Status == check.NotApplicable) || len(applies) < len("Yes. x") {
				t.Errorf("%s: %s is %s, and the row says %q", name, r.Entry.ID, r.Status, applies)
			}
			if r.Status == check.Satisfied && row.Cells[3].String() == "" {
				t.Errorf("%s: %s has no method of conformity", name, r.Entry.ID)
			}
		}
		if clauses < 40 {
			t.Errorf("%s: only %d clauses", name, clauses)
		}
	}
}

// TestGSPRNumbers: the summary counts what the tables hold.
func TestGSPRNumbers(t *testing.T) {
	d := example(t, "infusion-pump")
	n := map[check.Status]int{}
	for _, r := range d.Coverage {
		if strings.HasPrefix(r.Entry.ID, "mdr.annex-i.") {
			n[r.Status]++
		}
	}
	table := sectionOf(t, d.Set, "gspr-checklist", "summary").Blocks[0].(*document.Table)
	all := table.Rows[len(table.Rows)-1]
	want := []int{n[check.Satisfied] + n[check.Partial] + n[check.Unanswered], n[check.Satisfied], n[check.Partial], n[check.Unanswered], n[check.NotApplicable]}
	for i, w := range want {
		if all.Cells[i+1].Value != w {
			t.Errorf("%s: %v, want %d", table.Columns[i+1].Title, all.Cells[i+1].Value, w)
		}
	}
}

// TestQuestionnaire: the pump answers each question without a gap, with sections that
// show it; what answers one away, and it is open.
func TestQuestionnaire(t *testing.T) {
	questions := 0
	for _, s := range documentOf(t, example(t, "infusion-pump").Set, "notified-body-questionnaire").Sections {
		for _, q := range s.Sections {
			questions++
			shown := false
			document.Blocks(q.Blocks, func(b document.Block) {
				switch b := b.(type) {
				case *document.Callout:
					t.Errorf("%s has a gap", q.ID)
				case *document.Terms:
					shown = shown || len(b.Terms) > 0 && b.Terms[0].Name.String() == "Shown in"
				}
			})
			if !shown {
				t.Errorf("%s names no section", q.ID)
			}
		}
	}
	if questions != 14 {
		t.Errorf("%d questions, want 14", questions)
	}
}

func TestQuestionnaireOpens(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "examples", "infusion-pump"))); err != nil {
		t.Fatal(err)
	}
	soup := filepath.Join(dir, "architecture", "soup.yaml")
	text, err := os.ReadFile(soup)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(soup, regexp.MustCompile(`(?m)^    manufacturer: .*\n`).ReplaceAll(text, nil), 0o644); err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	for _, s := range documentOf(t, documentsIn(t, dir, "en").Set, "notified-body-questionnaire").Sections {
		for _, q := range s.Sections {
			document.Blocks(q.Blocks, func(b document.Block) {
				if c, ok := b.(*document.Callout); ok && c.Kind == document.Gap {
					open[q.ID] = true
				}
			})
		}
	}
	if !open["q-5.1"] {
		t.Errorf("without makers of SOUP the question for it is not open; open are %v", open)
	}
}
