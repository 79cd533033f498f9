package rules

import (
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
)

// market is a product with a section on post-market surveillance.
func market(regulation, class string, lines ...string) string {
	text := device(regulation, class) + "post-market:\n  owner: Manager\n"
	for _, line := range lines {
		text += "  " + line + "\n"
	}
	return text
}

func TestSurveillanceRules(t *testing.T) {
	report := func(regulation, class, kind, mark string) string {
		return market(regulation, class, "report: doc"+mark) + "documents:\n  doc:\n    title: D\n    type: " + kind + "\n"
	}
	for _, m := range []marked{
		{"limits of the law", "T9201", market("MDR", "IIb", "vigilance:", "  serious-incident: 15 days", "  death-or-unanticipated-deterioration: 10 days", "  public-health-threat: 2 days")},
		{"one more each", "T9201", market("IVDR", "C", "vigilance:", "  serious-incident: 16 days # want T9201",
			"  death-or-unanticipated-deterioration: 11 days # want T9201", "  public-health-threat: 3 days # want T9201")},
		{"other units", "T9201", market("MDR", "I", "vigilance:", "  serious-incident: 2 weeks", "  public-health-threat: 49 hours # want T9201")},
		{"not stated is a question", "T9201", market("MDR", "IIb")},
		{"IIa may take two years", "T9211", market("MDR", "IIa", "cycle: 2 years")},
		{"IIa in months", "T9211", market("MDR", "IIa", "cycle: 24 months")},
		{"IIa may not take three", "T9211", market("MDR", "IIa", "cycle: 3 years # want T9211")},
		{"III yearly", "T9211", market("MDR", "III", "cycle: 13 months # want T9211")},
		{"IIb yearly", "T9211", market("MDR", "IIb", "cycle: 365 days")},
		{"D yearly", "T9211", market("IVDR", "D", "cycle: 2 years # want T9211")},
		{"B has no cycle", "T9211", market("IVDR", "B", "cycle: 5 years")},
		{"class I has none", "T9211", market("MDR", "Im", "cycle: 5 years")},
		{"class of the other regulation is another finding", "T9211", market("IVDR", "IIb", "cycle: 5 years")},
		{"PSUR of IIa", "T9212", report("MDR", "IIa", "psur", "")},
		{"PMS report of class I", "T9212", report("MDR", "I", "pms-report", "")},
		{"PSUR of class I", "T9212", report("MDR", "I", "psur", " # want T9212")},
		{"PMS report of class C", "T9212", report("IVDR", "C", "pms-report", " # want T9212")},
		{"PMS report of class A", "T9212", report("IVDR", "A", "pms-report", "")},
		{"something else", "T9212", report("IVDR", "A", "label", " # want T9212")},
	} {
		m.run(t)
	}
}

// TestVigilanceClauses checks that a limit that is too long cites the clause of
// the product's own regulation, and that the clauses are in the catalogue.
func TestVigilanceClauses(t *testing.T) {
	lines := []string{"vigilance:", "  serious-incident: 99 days", "  death-or-unanticipated-deterioration: 99 days", "  public-health-threat: 99 days"}
	for _, c := range []struct {
		regulation, class string
		want              []string
	}{
		{"MDR", "IIb", []string{"mdr.art.87.3", "mdr.art.87.4", "mdr.art.87.5"}},
		{"IVDR", "C", []string{"ivdr.art.82.3", "ivdr.art.82.4", "ivdr.art.82.5"}},
	} {
		var got []string
		for _, f := range apply(t, Find("T9201"), market(c.regulation, c.class, lines...)) {
			got = append(got, f.Clauses...)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: cites %v, want %v", c.regulation, got, c.want)
		}
		for _, id := range got {
			if catalog.Load().Entry(id) == nil {
				t.Errorf("no entry %s in the catalogue", id)
			}
		}
	}
}

// TestReportClauses checks what the catalogue's table says for each class.
func TestReportClauses(t *testing.T) {
	for class, want := range map[string]string{
		"MDR I": "pms-report  mdr.art.85", "MDR Is": "pms-report  mdr.art.85", "MDR Im": "pms-report  mdr.art.85", "MDR Ir": "pms-report  mdr.art.85",
		"MDR IIa": "psur 2 years mdr.art.86", "MDR IIb": "psur 1 year mdr.art.86", "MDR III": "psur 1 year mdr.art.86",
		"IVDR A": "pms-report  ivdr.art.80", "IVDR B": "pms-report  ivdr.art.80", "IVDR C": "psur 1 year ivdr.art.81", "IVDR D": "psur 1 year ivdr.art.81",
	} {
		regulation, name, _ := strings.Cut(class, " ")
		file, _ := load(t, device(regulation, name))
		r, ok := reportingOf(&check.Pass{File: file, Catalog: catalog.Load()})
		if got := string(r.document) + " " + r.cycle.String() + " " + r.clause; !ok || got != want {
			t.Errorf("%s: %q, want %q", class, got, want)
		}
		if catalog.Load().Entry(r.clause) == nil {
			t.Errorf("%s: no entry %s in the catalogue", class, r.clause)
		}
	}
}

func TestSurveillanceQuestions(t *testing.T) {
	const doc = "documents:\n  doc:\n    title: D\n    type: psur\n"
	whole := market("MDR", "IIb", "sources: [complaints]", "indicators: [two a month]", "feedback: To the board.", "change-control: Judged.", "trend: Counted.", "field-action: By procedure.",
		"vigilance:", "  owner: Manager", "  serious-incident: 15 days", "  death-or-unanticipated-deterioration: 10 days", "  public-health-threat: 2 days",
		"  security-criteria: Written.", "  investigation: By procedure.", "report: doc", "plan: doc", "cycle: 1 year") + doc
	for question, missing := range map[string]string{
		"pms.system": "sources, indicators, feedback", "pms.plan": "plan", "pms.report": "report, cycle", "pms.change-control": "change-control",
		"vigilance.reporting": "vigilance.owner, vigilance.security-criteria, vigilance.public-health-threat, vigilance.death-or-unanticipated-deterioration, vigilance.serious-incident",
		"vigilance.trend":     "trend", "vigilance.field-action": "field-action", "vigilance.investigation": "vigilance.investigation",
	} {
		bare := check.Unanswered
		if question == "pms.system" {
			bare = check.Partial // it has an owner
		}
		for _, q := range []asked{
			{name: "no section", text: device("MDR", "IIb"), want: check.Unanswered, missing: missing, elsewhere: question != "pms.system"},
			{name: "owner only", text: market("MDR", "IIb"), want: bare, missing: missing},
			{name: "whole", text: whole, want: check.Satisfied, by: 1},
		} {
			q.question = question
			q.run(t)
		}
	}
	asked{name: "class without cycle", question: "pms.report", text: market("MDR", "I", "report: doc") + doc, want: check.Satisfied, by: 1}.run(t)
	asked{name: "class with cycle", question: "pms.report", text: market("MDR", "III", "report: doc") + doc, want: check.Partial, by: 1, missing: "cycle"}.run(t)
	asked{name: "one limit missing", question: "vigilance.reporting", want: check.Partial, by: 1, missing: "does not state vigilance.public-health-threat",
		text: market("IVDR", "C", "vigilance:", "  owner: M", "  security-criteria: W.", "  serious-incident: 9 days", "  death-or-unanticipated-deterioration: 9 days")}.run(t)
}
