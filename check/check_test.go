package check_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

func day(t *testing.T, s string) model.Date {
	t.Helper()
	d, err := model.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func load(t *testing.T, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || findings.Worst(diag.Error) {
		t.Fatal(err, findings)
	}
	return file
}

func run(t *testing.T, text, today string, rules ...*check.Rule) (check.Result, map[string]check.Row) {
	t.Helper()
	r := check.Run(check.Input{File: load(t, text), Catalog: catalog.Load(), Rules: rules, Today: day(t, today)})
	rows := map[string]check.Row{}
	for _, row := range r.Coverage {
		rows[row.Entry.ID] = row
	}
	return r, rows
}

const device = `product:
  name: Device
  regulation: MDR
  class: IIb
  facts:
    software: true
    active: true
`

// roles is a question and a rule about roles, for tests of the engine.
func roles() (question, rule *check.Rule) {
	rule = &check.Rule{
		Code: "T4990", Severity: diag.Error, Clauses: []string{"mdr.annex-i.18.8", "ivdr.annex-i.16.2"},
		Run: func(p *check.Pass) {
			for _, r := range p.File.Roles {
				if r.Shared == model.Yes {
					p.Report(r, "shared", "role %s is shared", r.ID)
				}
			}
		},
	}
	question = &check.Rule{
		Code: "T4991", Severity: diag.Open, Questions: []string{"access.authentication"}, Needs: []string{"T4990"},
		Ask: func(p *check.Pass, _ string) check.Answer {
			var a check.Answer
			for _, r := range p.File.Roles {
				a.By = append(a.By, r)
			}
			if len(a.By) == 0 {
				a.Missing = []string{"no role"}
			}
			return a
		},
	}
	return question, rule
}

func find(findings diag.List, code string) *diag.Finding {
	for i := range findings {
		if findings[i].Code == code {
			return &findings[i]
		}
	}
	return nil
}

// TestCoverage follows one clause through its states.
func TestCoverage(t *testing.T) {
	question, rule := roles()
	entry := catalog.Load().Entry("mdr.annex-i.18.8")
	if !slices.Contains(entry.AnsweredBy, "access.authentication") {
		t.Fatal("the test rests on 18.8 asking for authentication")
	}
	ask := func(p *check.Pass, _ string) check.Answer { return check.Answer{By: []model.Entity{p.File.Product}} }
	others := &check.Rule{Code: "T4992", Severity: diag.Open, Ask: ask}
	for _, q := range entry.AnsweredBy {
		if q != "access.authentication" && q != check.ClaimQuestion {
			others.Questions = append(others.Questions, q)
		}
	}
	const role = "roles:\n  r1: {title: R, type: user, shared: false}\n"
	for name, tt := range map[string]struct {
		text    string
		status  check.Status
		applies catalog.Truth
		reason  string
	}{
		"answered":         {device + role, check.Satisfied, catalog.True, "answered by r1"},
		"not answered":     {device, check.Partial, catalog.True, "open: no role"},
		"contradicted":     {device + strings.Replace(role, "false", "true", 1), check.Partial, catalog.True, "T4990 at"},
		"one finding":      {device + strings.Replace(role, "false", "true", 1), check.Partial, catalog.True, "1 finding of T4990"},
		"two findings":     {device + strings.Replace(role, "false", "true", 1) + "  r2: {title: S, type: user, shared: true}\n", check.Partial, catalog.True, "2 findings of T4990"},
		"faults of form":   {device + strings.Replace(role, "title: R", "title: TBD", 1), check.Partial, catalog.True, "faults of form in r1"},
		"fact unknown":     {strings.Replace(device, "    active: true\n", "", 1) + role, check.Unanswered, catalog.Undecided, "active is not stated"},
		"does not apply":   {strings.Replace(device, "active: true", "active: false", 1) + role, check.NotApplicable, catalog.False, "active is false"},
		"declared outside": {device + role + "not-applicable:\n  mdr.annex-i.18.8: {reason: Because of this.}\n", check.NotApplicable, catalog.False, "Because of this."},
	} {
		t.Run(name, func(t *testing.T) {
			_, rows := run(t, tt.text, "2026-01-01", question, rule, others)
			row := rows["mdr.annex-i.18.8"]
			if row.Status != tt.status || row.Applicable != tt.applies {
				t.Errorf("%s, applicable %v, want %s, %v: %q", row.Status, row.Applicable, tt.status, tt.applies, row.Reasons)
			}
			if !strings.Contains(strings.Join(row.Reasons, " | "), tt.reason) {
				t.Errorf("reasons %q, want %q among them", row.Reasons, tt.reason)
			}
		})
	}
}

// TestVoidStatement: a duty of every device stays in the coverage whatever the
// file says.
func TestVoidStatement(t *testing.T) {
	question, _ := roles()
	_, rows := run(t, device+"not-applicable:\n  mdr.annex-i.3: {reason: Because of this.}\n", "2026-01-01", question)
	if row := rows["mdr.annex-i.3"]; row.Applicable != catalog.True || row.Status == check.NotApplicable {
		t.Errorf("applicable %v, %s", row.Applicable, row.Status)
	}
}

// TestRegulation: the clauses of the other regulation neither stand in the
// coverage nor in a finding.
func TestRegulation(t *testing.T) {
	_, rule := roles()
	result, rows := run(t, device+"roles:\n  r1: {title: R, type: user, shared: true}\n", "2026-01-01", rule)
	for id := range rows {
		if strings.HasPrefix(id, "ivdr.") || strings.HasPrefix(id, "62443") {
			t.Errorf("%s stands in the coverage", id)
		}
	}
	if f := find(result.Findings, "T4990"); f == nil || !slices.Equal(f.Clauses, []string{"mdr.annex-i.18.8"}) {
		t.Errorf("got %+v", f)
	}
}

// TestOpenFindingListsClauses: an unanswered question is one finding, however
// many clauses ask it.
func TestOpenFindingListsClauses(t *testing.T) {
	question, _ := roles()
	result, _ := run(t, device, "2026-01-01", question)
	if len(result.Findings) != 1 {
		t.Fatalf("%d findings", len(result.Findings))
	}
	f := result.Findings[0]
	if f.Severity != diag.Open || !slices.Contains(f.Clauses, "mdr.annex-i.18.8") || len(f.Clauses) < 3 || f.Span.Line != 1 || f.Entity != "product" {
		t.Errorf("got %+v", f)
	}
}

func TestWaivers(t *testing.T) {
	question, rule := roles()
	const shared = device + "roles:\n  r1: {title: R, type: user, shared: true}\n  r2: {title: R, type: user, shared: true}\n"
	waiver := func(code, entity string) string {
		text := "waivers:\n  w: {code: " + code + ", reason: For now., owner: Head of R&D, expires: 2026-06-30"
		if entity != "" {
			text += ", entity: " + entity
		}
		return text + "}\n"
	}
	for name, tt := range map[string]struct {
		text, today string
		waived      int
	}{
		"one entity":    {shared + waiver("T4990", "r1"), "2026-06-30", 1},
		"whole file":    {shared + waiver("T4990", ""), "2026-06-30", 2},
		"expired":       {shared + waiver("T4990", ""), "2026-07-01", 0},
		"other code":    {shared + waiver("T4002", ""), "2026-06-30", 0},
		"open question": {device + waiver("T4991", "product"), "2026-06-30", 1},
	} {
		t.Run(name, func(t *testing.T) {
			result, _ := run(t, tt.text, tt.today, question, rule)
			if got := result.Findings.Summary().Waived; got != tt.waived {
				t.Errorf("%d waived, want %d", got, tt.waived)
			}
		})
	}
}

// TestClaims: a process that names a clause answers for it; a waiver or a
// variant that names one does not.
func TestClaims(t *testing.T) {
	clauses := " clauses: [mdr.annex-i.18.8]"
	for name, tt := range map[string]struct {
		text string
		by   int
	}{
		"process": {"processes:\n  p: {title: P, practice: secure-by-design," + clauses + "}\n", 1},
		"waiver":  {"waivers:\n  w: {code: T4990, reason: R, owner: O, expires: 2026-06-30," + clauses + "}\n", 0},
		"variant": {"variants:\n  v: {title: V," + clauses + "}\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, rows := run(t, device+tt.text, "2026-01-01")
			if row := rows["mdr.annex-i.18.8"]; len(row.By) != tt.by {
				t.Errorf("answered by %d, want %d: %s", len(row.By), tt.by, row.Status)
			}
		})
	}
}

// TestWaiverOfUnreadableEntity: a waiver for one entity does not become one for
// the whole file because the name of the entity is malformed.
func TestWaiverOfUnreadableEntity(t *testing.T) {
	_, rule := roles()
	for _, entity := range []string{"[r1]", "''", ""} {
		dir := t.TempDir()
		text := device + "roles:\n  r1: {title: R, type: user, shared: true}\nwaivers:\n  w:\n    code: T4990\n    reason: R\n    owner: O\n    expires: 2026-06-30\n    entity: " + entity + "\n"
		if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var l model.Loader
		file, findings, err := l.Load(t.Context(), dir)
		if err != nil || len(findings) != 1 {
			t.Fatal(err, findings)
		}
		r := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{rule}, Today: day(t, "2026-01-01")})
		if f := find(r.Findings, "T4990"); f == nil || f.Waiver != nil {
			t.Errorf("entity %s: %+v", entity, f)
		}
	}
}

// TestIncomplete: a file of which part could not be read is not judged.
func TestIncomplete(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(device+"roles:\n  r1: {title: a: b}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	question, rule := roles()
	if r := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{question, rule}, Today: day(t, "2026-01-01")}); len(r.Findings) > 0 || len(r.Coverage) > 0 {
		t.Errorf("%d findings, %d rows", len(r.Findings), len(r.Coverage))
	}
}

// TestFlawedFieldIsLeftAlone: a value that is wrong in form gets no second
// finding from a rule.
func TestFlawedFieldIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	text := device + "roles:\n  r1: {title: R, type: user, shared: yes}\n"
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) != 1 {
		t.Fatal(err, findings)
	}
	rule := &check.Rule{Code: "T4993", Severity: diag.Error, Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			p.Report(r, "shared", "not stated")
			p.Report(r, "remote", "not stated")
		}
	}}
	r := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{rule}, Today: day(t, "2026-01-01")})
	if len(r.Findings) != 1 || r.Findings[0].Span.Line != 9 {
		t.Errorf("got %+v", r.Findings)
	}
}

func TestFacts(t *testing.T) {
	for _, tt := range []struct {
		text, fact string
		want       catalog.Truth
	}{
		{"class: I", "notified-body", catalog.False},
		{"class: IIa", "notified-body", catalog.True},
		{"class: Im", "measuring", catalog.True},
		{"class: I", "measuring", catalog.Undecided},
		{"class: I\n  facts: {is-software: true}", "software", catalog.True},
		{"class: I\n  facts: {is-software: true}", "active", catalog.True},
		{"class: I\n  facts: {is-software: false}", "software", catalog.Undecided},
		{"class: I\n  intended-users: [professional, patient]", "lay-users", catalog.True},
		{"class: I\n  intended-users: [professional]", "lay-users", catalog.False},
		{"class: I", "lay-users", catalog.Undecided},
		{"class: I\n  intended-users: [professional]\n  facts: {lay-users: true}", "lay-users", catalog.True},
	} {
		file := load(t, "product:\n  name: D\n  regulation: MDR\n  "+tt.text+"\n")
		if got := (check.Facts{Product: file.Product}).Fact(tt.fact); got != tt.want {
			t.Errorf("%s with %q is %v, want %v", tt.fact, tt.text, got, tt.want)
		}
	}
	// Every fact of the expressions can be stated in the file.
	for _, name := range catalog.FactNames {
		if name == "notified-body" {
			continue // follows from the class
		}
		file := load(t, "product:\n  name: D\n  regulation: MDR\n  class: I\n  facts: {"+name+": false}\n")
		if got := (check.Facts{Product: file.Product}).Fact(name); got != catalog.False {
			t.Errorf("%s: false reads as %v", name, got)
		}
	}
}

// TestExpressionsNameWhatExists: a value that the language does not know would
// make a clause, or a whole source, inapplicable to every product.
func TestExpressionsNameWhatExists(t *testing.T) {
	known := map[string]model.Values{
		"class": model.Class("").Values(), "regulation": model.Regulation("").Values(), "standard": model.Standard("").Values(),
	}
	comparison := regexp.MustCompile(`\b(class|regulation|standard) (?:= ([^ )]+)|in \(([^)]*)\))`)
	compared := 0
	for _, s := range catalog.Load().Sources {
		for _, e := range s.Entries {
			for _, m := range comparison.FindAllStringSubmatch(e.Condition().String(), -1) {
				for _, word := range strings.Split(m[2]+m[3], ", ") {
					compared++
					if !slices.ContainsFunc(known[m[1]], func(v model.Value) bool { return v.Name == word }) {
						t.Errorf("%s: no %s is called %q", e.ID, m[1], word)
					}
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d values found", compared)
	}
}
