package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

// distances are the degrees of independence from the least, then none stated.
var distances = []model.Independence{"author", "same-team", "other-team", "external", ""}

// distanceOf is the least distance from the authors of those who did a verification, as
// the evidence by which it stands has it; as the file states it where there is none.
// What one piece does not state is not known.
func (t *testReport) distanceOf(v *model.Verification) model.Independence {
	nearest, found := 0, false
	for _, d := range t.deciding(v) {
		if d.Supports {
			continue
		}
		at := slices.Index(distances, d.Piece.Statement.Performer.Independence)
		if at < 0 || distances[at] == "" {
			return ""
		}
		if !found || at < nearest {
			nearest, found = at, true
		}
	}
	if !found {
		return v.Tester.Independence
	}
	return distances[nearest]
}

// independence says how far testers stand from the authors.
func (t *testReport) independence() *document.Section {
	s := t.Section("independence", t.Say("Independence of testers"))
	if len(t.File.Verifications) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("any verification")))
		return s
	}
	s.Blocks = append(s.Blocks,
		t.Para("The distance of the testers from the authors is that which the evidence states; of several pieces the least counts. Where no evidence counts, it is as the security file asks for it. A verification for which the file asks for more distance than the evidence states does not stand by that evidence."),
		t.distanceTable())
	near := &document.Table{ID: "near-testers", Caption: t.Say("Verifications by authors and their teams, or by whom it is not stated"), Columns: []document.Column{
		{Title: t.Say("Verification"), Width: 4}, {Title: t.Say("Method"), Width: 2.4}, {Title: t.Say("Tester"), Width: 4},
	}}
	for _, v := range t.File.Verifications {
		if d := t.distanceOf(v); d == "author" || d == "same-team" || d == "" {
			near.Rows = append(near.Rows, document.Row{Source: t.From(v), Cells: []document.Cell{document.Lines(t.titledID(v)), t.Or(spaced(v.Method)), {Lines: t.testerLines(v)}}})
		}
	}
	t.tableOr(s, near, "Each verification was done outside of the team of the authors.")
	s.Blocks = append(s.Blocks, t.signerPolicy()...)
	return s
}

// distanceTable counts verifications by method and distance.
func (t *testReport) distanceTable() *document.Table {
	table := &document.Table{ID: "distance-table", Caption: t.Say("Verifications by method and independence"), Columns: []document.Column{{Title: t.Say("Method"), Width: 4}}}
	for _, d := range distances {
		title := spaced(d)
		if d == "" {
			title = t.Say("not stated")
		}
		table.Columns = append(table.Columns, document.Column{Title: capitalised(title), Width: 1.6, Kind: document.Figure})
	}
	for _, method := range append(methodNames(), "") {
		n, all := map[model.Independence]int{}, 0
		for _, v := range t.File.Verifications {
			if v.Method == method {
				n[t.distanceOf(v)]++
				all++
			}
		}
		if all == 0 {
			continue
		}
		row := document.Row{Cells: []document.Cell{t.Or(spaced(method))}}
		for _, d := range distances {
			row.Cells = append(row.Cells, document.N(n[d]))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// signerPolicy says whose signatures the manufacturer accepts.
func (t *testReport) signerPolicy() []document.Block {
	p := t.File.Policy
	if p == nil || len(p.Evidence.Signers) == 0 {
		return []document.Block{t.Gap(nil, "", t.Say("who may sign which evidence"))}
	}
	table := &document.Table{ID: "signer-policy", Caption: t.Say("Who may sign evidence, by the policy of the manufacturer"), Columns: []document.Column{
		{Title: t.Say("Kinds of evidence"), Width: 4}, {Title: t.Say("Roles"), Width: 3}, {Title: t.Say("Least independence of the signer"), Width: 2},
	}}
	for _, line := range p.Evidence.Signers {
		var kinds []string
		for _, k := range line.Kinds {
			kinds = append(kinds, spaced(k))
		}
		least := spaced(line.Independence)
		if least == "" {
			least = t.Say("none asked for")
		}
		table.Rows = append(table.Rows, document.Row{Source: t.From(p, "evidence", "signers"), Cells: []document.Cell{
			document.W(strings.Join(kinds, ", ")), document.W(strings.Join(line.Roles, ", ")), document.W(least)}})
	}
	return []document.Block{table}
}

// penetration sums up the penetration tests, each with its findings and their fate.
func (t *testReport) penetration() *document.Section {
	s := t.Section("penetration", t.Say("Penetration tests"))
	for _, v := range t.File.Verifications {
		if v.Method == "penetration-test" {
			s.Sections = append(s.Sections, t.penetrationTest(v))
		}
	}
	if len(s.Sections) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("any penetration test")))
		return s
	}
	s.Blocks = append(s.Blocks, t.fateTable())
	if left := sortedKeys(t.unattacked()); len(left) > 0 {
		line := document.Text{{Text: t.Say("No penetration test has these interfaces in scope, which can be reached from outside:") + " "}}
		for i, id := range left {
			if i > 0 {
				line = append(line, document.Span{Text: ", "})
			}
			line = append(line, document.Span{Text: id, Style: document.Mono, To: document.Address("entity:" + id)})
		}
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: t.Say("Open"), Blocks: []document.Block{&document.Paragraph{Text: line}}})
	}
	return s
}

// fates are what can become of a finding, with its tone.
var fates = []struct {
	fate  evidence.Fate
	words string
	tone  document.Tone
}{
	{evidence.FateRetested, "fixed and tested again", document.Good}, {evidence.FateAccepted, "accepted", document.Partly},
	{evidence.FateFixed, "fixed, not tested again", document.Partly}, {evidence.FateOpen, "open", document.Bad},
}

var severities = []evidence.Severity{evidence.Critical, evidence.High, evidence.Medium, evidence.Low, evidence.Info}

// fateTable counts the findings of all penetration tests by severity and fate.
func (t *testReport) fateTable() *document.Table {
	table := &document.Table{ID: "fates", Caption: t.Say("Findings of penetration tests by severity and fate"), Columns: []document.Column{{Title: t.Say("Severity"), Width: 2}}}
	for _, f := range fates {
		table.Columns = append(table.Columns, document.Column{Title: capitalised(t.Say(f.words)), Width: 2, Kind: document.Figure})
	}
	n, seen := map[evidence.Severity]map[evidence.Fate]int{}, map[*evidence.Piece]bool{}
	for _, v := range t.File.Verifications {
		for _, d := range t.attacks(v) {
			if seen[d.Piece] {
				continue
			}
			seen[d.Piece] = true
			for _, f := range d.Piece.Statement.Details.Penetration.Findings {
				if n[f.Severity] == nil {
					n[f.Severity] = map[evidence.Fate]int{}
				}
				n[f.Severity][f.Fate]++
			}
		}
	}
	for _, severity := range severities {
		row := document.Row{Cells: []document.Cell{document.W(string(severity))}}
		for _, f := range fates {
			row.Cells = append(row.Cells, document.N(n[severity][f.fate]))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// attacks are the verdicts by which a penetration test stands that tell of the attack.
func (t *testReport) attacks(v *model.Verification) (list []*evidence.Verdict) {
	for _, d := range t.deciding(v) {
		if d.Piece.Statement.Details.Penetration != nil {
			list = append(list, d)
		}
	}
	return list
}

func (t *testReport) penetrationTest(v *model.Verification) *document.Section {
	s := t.Section("penetration-"+v.ID, t.Title(v))
	terms := &document.Terms{}
	add := func(name, field string, text document.Text) {
		terms.Terms = append(terms.Terms, document.Term{Name: document.T("%s", t.Say(name)), Source: t.From(v, field), Blocks: []document.Block{&document.Paragraph{Text: text}}})
	}
	said := func(words string) document.Text { return t.Or(words).Lines[0] }
	add("Scope", "covers", t.orNone(document.Lines(IDs(t.Book, All(v.Covers)))).Lines[0])
	add("Procedure", "procedure", said(v.Procedure))
	attacks := t.attacks(v)
	if len(attacks) == 0 { // else the evidence says who
		add("Tester", "tester", said(testerWords(v.Tester.Who, v.Tester.Independence)))
		add("Skills", "tester", said(v.Tester.Skills))
	}
	add("Result", "result", document.Text{t.stateOfVerification(v)})
	s.Blocks = append(s.Blocks, terms)
	if len(attacks) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(v, "", t.Say("what the attack found: no evidence of it counts")))
		return s
	}
	for _, d := range attacks {
		s.Blocks = append(s.Blocks, t.attack(d), t.findings(d))
		if slices.ContainsFunc(d.Piece.Statement.Details.Penetration.Findings, func(f evidence.PenetrationFinding) bool { return t.onFrozen(d, f) }) {
			s.Blocks = append(s.Blocks, t.Para("Findings marked as retested on the frozen artefacts were tested again on the bytes that were frozen on %s. What was found in these bytes cannot have been fixed in them: the fix is outside of them, as in hardware, configuration, a service or documents, or the evidence names the wrong artefacts. It does not say which; ask what was changed.", t.Release.Frozen))
		}
	}
	return s
}

// attack is what a piece says of the attack.
func (t *testReport) attack(d *evidence.Verdict) *document.Terms {
	st := d.Piece.Statement
	terms := &document.Terms{}
	add := func(name, words string) {
		terms.Terms = append(terms.Terms, document.Term{Name: document.T("%s", t.Say(name)), Source: document.Source{Evidence: d.Piece.ID},
			Blocks: []document.Block{&document.Paragraph{Text: t.Or(words).Lines[0]}}})
	}
	p := st.Details.Penetration
	add("Method of the attack", p.Method)
	if p.Days > 0 {
		add("Days of work", formatDays(p.Days))
	}
	add("Done by", testerWords(st.Performer.Who, st.Performer.Independence))
	add("Skills of those who did it", st.Performer.Skills)
	if st.Tool.Name != "" {
		add("Tools", strings.TrimSpace(st.Tool.Name+" "+st.Tool.Version))
	}
	when := st.Finished.Format("2006-01-02")
	if !st.Started.IsZero() {
		when = t.Say("%s to %s", st.Started.Format("2006-01-02"), when)
	}
	add("When", when)
	add("What was touched", strings.Join(st.Scope, ", "))
	add("Evidence", d.Piece.ID)
	return terms
}

// maxFindings bounds the findings of one attack that are listed.
const maxFindings = 500

// findings lists what an attack found.
func (t *testReport) findings(d *evidence.Verdict) document.Block {
	list := d.Piece.Statement.Details.Penetration.Findings
	if len(list) == 0 {
		return t.Para("The attack had no finding.")
	}
	table := &document.Table{Caption: t.Say("Findings of %s", t.Title(d.Of)), Columns: []document.Column{
		{Title: t.Say("Finding"), Width: 2.4, Kind: document.Code}, {Title: t.Say("What was found"), Width: 5}, {Title: t.Say("Severity"), Width: 1.3},
		{Title: t.Say("Where"), Width: 2, Kind: document.Code}, {Title: t.Say("Fate"), Width: 2.6, Kind: document.State}, {Title: t.Say("Reference"), Width: 2.6},
	}}
	for i, f := range list {
		if i == maxFindings {
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{}, document.Lines(t.more(len(list) - i)), {}, {}, {}, {}}})
			break
		}
		table.Rows = append(table.Rows, document.Row{Source: document.Source{Evidence: d.Piece.ID, Entity: d.Of.ID}, Cells: []document.Cell{
			document.C(document.Literal(f.ID)), document.W(f.Title), document.W(string(f.Severity)), {Lines: t.wheres(f.Where)}, {Lines: t.fate(d, f)}, document.W(f.Reference)}})
	}
	return table
}

// wheres are elements by id.
func (t *testReport) wheres(ids []string) (lines []document.Text) {
	for i, id := range ids {
		if i == 2*few {
			return append(lines, t.more(len(ids)-i))
		}
		lines = append(lines, document.Text{{Text: id, Style: document.Mono, To: document.Address("entity:" + id)}})
	}
	return lines
}

// fate says what became of a finding: of an accepted one the risk that covers it, or
// that none does.
func (t *testReport) fate(d *evidence.Verdict, f evidence.PenetrationFinding) []document.Text {
	for _, known := range fates {
		if known.fate != f.Fate {
			continue
		}
		if f.Fate != evidence.FateAccepted {
			lines := []document.Text{{document.Badge(known.tone, t.Say(known.words))}}
			if f.Retested != "" {
				lines = append(lines, document.T("%s", f.Retested))
			}
			if t.onFrozen(d, f) {
				lines = append(lines, document.Text{{Text: t.Say("retested on the frozen artefacts"), Style: document.Faint}})
			}
			return lines
		}
	}
	i := slices.IndexFunc(d.Excused, func(x model.Deviation) bool { return x.Failure == f.ID })
	if i < 0 || !d.Excused[i].Risk.OK() {
		return []document.Text{{document.Badge(document.Bad, t.Say("no accepted risk covers it"))}}
	}
	return []document.Text{{document.Badge(document.Partly, t.Say("risk accepted"))}, {t.ID(d.Excused[i].Risk.To)}}
}

// onFrozen tells whether a finding was tested again after the release was frozen, on the
// artefacts of the release: then these were not changed to fix it.
func (t *testReport) onFrozen(d *evidence.Verdict, f evidence.PenetrationFinding) bool {
	if f.Fate != evidence.FateRetested || t.Release == nil || t.Release.Frozen.IsZero() {
		return false
	}
	day, err := model.ParseDate(f.Retested)
	if err != nil || !t.Release.Frozen.Before(day) {
		return false
	}
	frozen := map[string]bool{}
	for _, s := range evidence.SubjectsOf(t.Release) {
		frozen[s.SHA256] = true
	}
	subjects := d.Piece.Statement.Subjects
	return len(subjects) > 0 && !slices.ContainsFunc(subjects, func(s evidence.Subject) bool { return !frozen[s.SHA256] })
}
