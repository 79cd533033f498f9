package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

const verificationName = "verification-report"

var _ = add(Definition{
	Name: verificationName, Title: "Security verification report",
	About: "what was tested, by whom, how and with which result; the evidence and what it is worth; what is missing",
	Group: Submission, Order: 60, Types: []model.DocumentType{"verification-report"}, Forms: []Form{XLSX},
	Make: func(b *Book) ([]*document.Section, error) { return newTestReport(b).sections(), nil },
})

// testReport makes the verification report.
type testReport struct {
	*Book
	judged   *evidence.Judgement // nil where signatures decide nothing
	verdicts map[*evidence.Piece][]*evidence.Verdict
	points   []testGap
}

func newTestReport(b *Book) *testReport {
	t := &testReport{Book: b, verdicts: map[*evidence.Piece][]*evidence.Verdict{}}
	if b.Showing != nil {
		t.judged = b.Showing.Judged
		for _, v := range t.judged.Verdicts {
			t.verdicts[v.Piece] = append(t.verdicts[v.Piece], v)
		}
	}
	t.points = t.open()
	return t
}

func (t *testReport) sections() []*document.Section {
	return []*document.Section{
		t.summary(), t.verifications(), t.evidence(), t.interfaceCoverage(), t.requirementCoverage(), t.independence(),
		t.penetration(), t.fuzzing(), t.deviations(), t.notCounted(), t.artefacts(), t.conclusion(),
	}
}

// standing is how a verification stands; nil where signatures decide nothing.
func (t *testReport) standing(v *model.Verification) *evidence.Standing {
	if t.judged == nil {
		return nil
	}
	return t.judged.Of(v)
}

// deciding are the verdicts by which a verification stands.
func (t *testReport) deciding(v *model.Verification) []*evidence.Verdict {
	if s := t.standing(v); s != nil {
		return s.Deciding
	}
	return nil
}

func (t *testReport) summary() *document.Section {
	s := t.Section("summary", t.Say("Summary"),
		t.Para("This report says what was done to verify the security of the device, and what the evidence of it is worth. A verification stands by signed evidence about the artefacts of one release. Each piece was judged anew for this report: whose signature it bears, of which artefacts it speaks, whether what it was made for has changed since, how old it is, and what it looked at. States are kept apart: what is stale, out of scope or inconclusive has neither passed nor failed."))
	if len(t.File.Verifications) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("any verification")))
		return s
	}
	s.Blocks = append(s.Blocks, t.verdict()...)
	s.Blocks = append(s.Blocks, t.stateTable(), t.methodTable())
	if line := t.affectedLine(); line != nil {
		s.Blocks = append(s.Blocks, &document.Paragraph{Text: line})
	}
	return s
}

// stateTable counts verifications and requirements by state.
func (t *testReport) stateTable() *document.Table {
	table := &document.Table{ID: "by-state", Caption: t.Say("Verifications and requirements by state"), Columns: []document.Column{
		{Title: t.Say("State"), Width: 3, Kind: document.State}, {Title: t.Say("Verifications"), Width: 2, Kind: document.Figure}, {Title: t.Say("Requirements"), Width: 2, Kind: document.Figure},
	}}
	badges := map[string]document.Span{}
	var ofTests, ofNeeds tally
	note := func(n *tally, badge document.Span) {
		badges[badge.Text] = badge
		n.add(badge.Text)
	}
	for _, v := range t.File.Verifications {
		note(&ofTests, t.stateOfVerification(v))
	}
	for _, r := range t.File.Requirements {
		note(&ofNeeds, t.stateOfRequirement(r))
	}
	names := sortedKeys(badges)
	slices.SortStableFunc(names, byCount(ofTests.n))
	for _, name := range names {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{document.C(badges[name]), document.N(ofTests.n[name]), document.N(ofNeeds.n[name])}})
	}
	table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{
		document.C(document.Bold(t.Say("All"))), document.N(len(t.File.Verifications)), document.N(len(t.File.Requirements))}})
	return table
}

// methodTable counts verifications by method, and those that passed.
func (t *testReport) methodTable() *document.Table {
	table := &document.Table{ID: "by-method", Caption: t.Say("Verifications by method"), Columns: []document.Column{
		{Title: t.Say("Method"), Width: 4}, {Title: t.Say("Verifications"), Width: 2, Kind: document.Figure}, {Title: t.Say("Passed"), Width: 2, Kind: document.Figure},
		{Title: t.Say("Pieces of evidence that count"), Width: 2.6, Kind: document.Figure},
	}}
	for _, method := range append(methodNames(), "") {
		all, passed := 0, 0
		var list []*model.Verification
		for _, v := range t.File.Verifications {
			if v.Method != method {
				continue
			}
			all++
			list = append(list, v)
			if s := t.standing(v); s != nil && s.State == evidence.Passed {
				passed++
			}
		}
		if all > 0 {
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{t.Or(spaced(method)), document.N(all), document.N(passed), document.N(len(t.countPieces(list)))}})
		}
	}
	return table
}

// countPieces are the pieces by which verifications stand, each once.
func (t *testReport) countPieces(list []*model.Verification) map[*evidence.Piece]bool {
	pieces := map[*evidence.Piece]bool{}
	for _, v := range list {
		for _, d := range t.deciding(v) {
			pieces[d.Piece] = true
		}
	}
	return pieces
}

// methodNames are the methods in the order of the language.
func methodNames() (list []model.Method) {
	for _, v := range model.Method("").Values() {
		list = append(list, model.Method(v.Name))
	}
	return list
}

// testGap is something that keeps the release from being shown.
type testGap struct {
	entity model.Entity // nil where no entity is meant
	state  document.Span
	why    []document.Text
	source document.Source
}

// open lists what keeps the release from being shown: verifications that did not pass,
// requirements without one, and what the rules about verification found.
func (t *testReport) open() (list []testGap) {
	told := map[string]bool{}
	if t.judged != nil {
		for _, v := range t.File.Verifications {
			if s := t.judged.Of(v); s.State != evidence.Passed {
				told[v.ID] = true
				list = append(list, testGap{v, t.State(s.State), t.whyNot(s), t.From(v)})
			}
		}
	}
	for _, r := range t.File.Requirements {
		if len(VerificationsOf(r)) == 0 {
			told[r.ID] = true
			list = append(list, testGap{r, document.Badge(document.Bad, t.Say("not verified")), []document.Text{{{Text: t.Say("no verification shows that it is met")}}}, t.From(r)})
		}
	}
	for _, f := range t.Findings {
		if !aboutTests(f) || told[f.Entity] {
			continue
		}
		e := t.File.Lookup(f.Entity)
		p := testGap{entity: e, state: document.Badge(document.Bad, t.Say("open")), why: []document.Text{{{Text: f.Message}, {Text: " (" + f.Code + ")", Style: document.Faint}}}}
		if e != nil {
			p.source = t.From(e)
		}
		list = append(list, p)
	}
	return list
}

// aboutTests tells whether a finding is of the rules about verification and evidence,
// and stands: neither waived nor justified, and no mere remark.
func aboutTests(f diag.Finding) bool {
	return (strings.HasPrefix(f.Code, "T71") || strings.HasPrefix(f.Code, "T74")) && f.Waiver == nil && f.Justification == "" &&
		(f.Severity == diag.Error || f.Severity == diag.Open)
}

// whyNot says why a verification did not pass.
func (t *testReport) whyNot(s *evidence.Standing) (lines []document.Text) {
	add := func(words string) { lines = append(lines, document.Text{{Text: words}}) }
	for _, v := range s.Deciding {
		if v.State != evidence.Passed {
			lines = append(lines, t.reasonLines(v.Reasons)...)
		}
	}
	if s.Alone && len(s.Deciding) > 0 {
		add(t.Say("what there is only supports it, and nothing shows it"))
	}
	for i, e := range s.Unseen {
		if i == few {
			lines = append(lines, t.more(len(s.Unseen)-i))
			break
		}
		why := s.Silence(e)
		if why == "" {
			why = t.Say("nothing that counts looked at it")
		}
		lines = append(lines, document.Text{t.ID(e), {Text: ": " + why}})
	}
	if len(s.Deciding) > 0 {
		return lines
	}
	for i, v := range s.Rejected {
		if i == few {
			lines = append(lines, t.more(len(s.Rejected)-i))
			break
		}
		lines = append(lines, t.reasonLines(v.Reasons)...)
	}
	if len(lines) == 0 {
		add(t.Say("no evidence speaks of it on this release"))
	}
	return lines
}

// reasonLines are reasons as they are said, the first few of them.
func (t *testReport) reasonLines(reasons []evidence.Reason) (lines []document.Text) {
	for i, r := range reasons {
		if i == few {
			return append(lines, t.more(len(reasons)-i))
		}
		lines = append(lines, document.Text{{Text: r.Message}})
	}
	return lines
}

// verdict is the conclusion in a sentence or two, which claims no more than was shown.
func (t *testReport) verdict() []document.Block {
	if t.judged == nil {
		return []document.Block{t.unsigned()}
	}
	if t.Showing.Release == nil {
		return []document.Block{t.Gap(nil, "", t.Say("a release of which evidence could speak"))}
	}
	passed, total := t.Showing.Verifications[evidence.Passed], t.Showing.Total()
	met, all := t.Showing.Met(), len(t.File.Requirements)
	figures := t.Say("On release %s %d of %d verifications passed, and %d of %d requirements are shown to be met.", t.Showing.Release.Version, passed, total, met, all)
	c := &document.Callout{Kind: document.Gap, Title: t.Say("Not shown in full"), Source: t.From(t.Showing.Release)}
	if t.complete() {
		c.Kind, c.Title = document.Note, t.Say("Shown")
	}
	c.Blocks = []document.Block{document.P(c.Source, document.Span{Text: figures})}
	if n := t.Showing.Excused; n > 0 {
		c.Blocks = append(c.Blocks, t.Para("In %s something failed whose risk was accepted; see %s.", plural(n, "verification that passed", "verifications that passed"), t.Say("Deviations")))
	}
	if n := len(t.points); n > 0 {
		c.Blocks = append(c.Blocks, t.Para("The conclusion lists %s.", plural(n, "open point", "open points")))
	}
	return []document.Block{c}
}

// complete tells whether all that has to be shown is shown.
func (t *testReport) complete() bool {
	return t.judged != nil && t.Showing.Release != nil && len(t.points) == 0 && t.Showing.Total() > 0 &&
		t.Showing.Verifications[evidence.Passed] == t.Showing.Total() && t.Showing.Met() == len(t.File.Requirements)
}

func (t *testReport) conclusion() *document.Section {
	s := t.Section("conclusion", t.Say("Conclusion"), t.verdict()...)
	switch {
	case t.complete() && t.Showing.Excused == 0:
		s.Blocks = append(s.Blocks, t.Para("Every verification of the security file passed on this release, and every security requirement is shown to be met by them."))
	case t.complete():
		s.Blocks = append(s.Blocks, t.Para("Every verification of the security file passed on this release, and every security requirement is shown to be met by them, where failures stand only under accepted risks."))
	default:
		s.Blocks = append(s.Blocks, t.Para("It is not shown that all security requirements are met. What follows is open."))
	}
	s.Blocks = append(s.Blocks, t.Para("What this report shows ends with the verifications that were planned: whether these suffice is judged in the risk report."))
	table := &document.Table{ID: "open-points", Caption: t.Say("Open points"), Columns: []document.Column{
		{Title: t.Say("What"), Width: 3.4}, {Title: t.Say("State"), Width: 1.4, Kind: document.State}, {Title: t.Say("Why"), Width: 6},
	}}
	for _, p := range t.points {
		what := document.C(document.Span{Text: t.Say("the security file")})
		if p.entity != nil {
			what = document.Lines(t.titledID(p.entity))
		}
		table.Rows = append(table.Rows, document.Row{Source: p.source, Cells: []document.Cell{what, document.C(p.state), {Lines: p.why}}})
	}
	t.tableOr(s, table, "No point is open.")
	return s
}

// thousands is a large number as people read it, with blanks between thousands.
func thousands(n int64) document.Cell {
	digits := fmt.Sprint(n)
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return document.Cell{Lines: []document.Text{document.T("%s", strings.Join(append([]string{digits}, parts...), "\u00a0"))}, Value: float64(n)}
}
