package techdoc

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/attack"
	"theriac/document"
	"theriac/model"
)

// judged is a judgement of the overall residual risk.
func judged(a model.Answer) model.RiskJudgement {
	return model.RiskJudgement{Acceptable: a, Reason: "Few risks, small.", By: "Risk board", Date: dayOf("2026-09-01")}
}

// TestJudgement holds that the judgement of the overall residual risk is told with role,
// day and reason, and that it is then no open point.
func TestJudgement(t *testing.T) {
	b := plainBook(t, "infusion-pump")
	b.File.Policy.Risk.Judgement = judged(model.Yes)
	d := riskDocument(t, b, "risk-report")
	told := riskText(d.Section("judgement"))
	for _, want := range []string{"The overall residual risk is judged acceptable in view of the benefit.", "Risk board", "2026-09-01", "Few risks, small."} {
		if !strings.Contains(told, want) {
			t.Errorf("the judgement does not say %q:\n%s", want, told)
		}
	}
	if strings.Contains(told, "Who signs") {
		t.Error("a signature is taken for the judgement")
	}
	end := riskText(d.Section("conclusion"))
	if !strings.Contains(end, "judged acceptable in view of the benefit (Risk board, 2026-09-01)") || strings.Contains(end, "came to") {
		t.Errorf("the conclusion does not follow the judgement:\n%s", end)
	}
	b.File.Policy.Risk.Judgement.Date = dayOf("2099-01-01")
	if end := riskText(riskDocument(t, b, "risk-report").Section("conclusion")); !strings.Contains(end, "still to come") {
		t.Error("a judgement of a day to come is no open point")
	}
}

// TestMeanings holds that the plan says what each level means, and names those of which
// it cannot.
func TestMeanings(t *testing.T) {
	b := plainBook(t, "infusion-pump")
	b.File.Policy.Risk.Meanings = nil
	for _, level := range slices.Concat(b.File.Policy.Risk.Exploitability, b.File.Policy.Risk.Severity) {
		b.File.Policy.Risk.Meanings = append(b.File.Policy.Risk.Meanings, model.LevelMeaning{Level: level, Means: "Sense of " + level + "."})
	}
	d := riskDocument(t, b, "risk-plan")
	for _, id := range []string{"exploitability", "severity"} {
		for _, r := range tableOf(t, d, id).Rows {
			if want := "Sense of " + r.Cells[1].String() + "."; r.Cells[2].String() != want {
				t.Errorf("%s: %q, want %q", id, r.Cells[2].String(), want)
			}
		}
	}
	if text := riskText(d.Section("scales")); strings.Contains(text, "judge alike") {
		t.Error("the plan misses a meaning that is stated")
	}
	b.File.Policy.Risk.Meanings = b.File.Policy.Risk.Meanings[1:]
	if text := riskText(riskDocument(t, b, "risk-plan").Section("scales")); !strings.Contains(text, "judge alike: very-low (") {
		t.Errorf("the plan does not name the one level without a meaning:\n%s", text)
	}
	for _, picture := range d.Section("matrix").Blocks {
		if p, ok := picture.(*document.Picture); ok && (strings.Contains(p.Drawing.Summary, "0 risks") || !strings.Contains(p.Drawing.Summary, "of 25 combinations")) {
			t.Errorf("the picture of the plan says %q", p.Drawing.Summary)
		}
	}
}

// TestRiskSection holds that the section of a risk has one table, without a number, and
// names its controls by title.
func TestRiskSection(t *testing.T) {
	for _, name := range riskExamples {
		made := documentsOfExample(t, name)
		for _, r := range made.book.File.Risks {
			s := made.docs["risk-report"].Section(r.ID)
			tables := 0
			document.Blocks(s.Blocks, func(b document.Block) {
				if tb, ok := b.(*document.Table); ok && tb.Caption == "" && len(tb.Columns) == 4 && tb.Columns[1].Title == "Exploitability / severity" {
					tables++
				}
			})
			if tables != 1 {
				t.Errorf("%s: %s has %d tables of values", name, r.ID, tables)
			}
			text := riskText(s)
			for c := range model.Targets(r.Controls) {
				if !strings.Contains(text, c.Title+" ("+string(c.Priority)) {
					t.Errorf("%s: %s does not name control %s with its kind", name, r.ID, c.ID)
				}
			}
			for _, situation := range made.book.File.Situations {
				leads := slices.ContainsFunc(r.Threats, func(ref model.Ref[*model.Threat]) bool { return ref.OK() && model.Refers(ref.To.LeadsTo, situation.ID) })
				if leads && !strings.Contains(text, situation.Title) {
					t.Errorf("%s: %s does not name situation %s", name, r.ID, situation.ID)
				}
			}
		}
		if cols := tableOf(t, made.docs["risk-report"], "first").Columns; len(cols) == 3 {
			if !slices.ContainsFunc(tableOf(t, made.docs["risk-report"], "first").Rows, func(r document.Row) bool { return len(r.Cells[2].Lines) > 0 }) {
				t.Errorf("%s: a column of the risks by priority is empty", name)
			}
		}
	}
}

// TestThreatIndex holds that each element at which a threat aims stands in one row of its
// kind with exactly its threats, and that paths are told for as many targets as before
// they were joined.
func TestThreatIndex(t *testing.T) {
	for _, name := range riskExamples {
		made := documentsOfExample(t, name)
		ids := func(c document.Cell) (list []string) {
			for _, l := range c.Lines {
				for _, s := range l {
					if s.To != "" {
						list = append(list, s.Text)
					}
				}
			}
			return list
		}
		got := map[string][]string{}
		rows := map[string]bool{}
		kind := ""
		for _, r := range tableOf(t, made.docs["threat-model"], "by-element").Rows {
			if r.Group != "" {
				kind = r.Group
				continue
			}
			if key := kind + r.Cells[1].String(); rows[key] {
				t.Errorf("%s: two rows of %s with the same threats", name, kind)
			} else {
				rows[key] = true
			}
			for _, e := range ids(r.Cells[0]) {
				got[e] = append(got[e], ids(r.Cells[1])...)
			}
		}
		want := map[string][]string{}
		for _, th := range made.book.File.Threats {
			for e := range model.Targets(th.Targets) {
				want[model.Of(e).ID] = append(want[model.Of(e).ID], th.ID)
			}
		}
		if len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: threats by element differ from the file", name)
		}
		least, _ := leastPaths(attack.Find(made.book.File, attack.Options{Keep: 1}))
		told := 0
		for _, r := range tableOf(t, made.docs["threat-model"], "paths").Rows {
			told += len(r.Cells[0].Lines)
		}
		if told == 0 || told != len(least) {
			t.Errorf("%s: paths to %d targets are told, want %d", name, told, len(least))
		}
	}
}
