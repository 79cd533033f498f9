package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
)

// verifications has a table for each method, with all that is stated of each
// verification and how it came out.
func (t *testReport) verifications() *document.Section {
	s := t.Section("verifications", t.Say("Verifications"))
	if len(t.File.Verifications) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("any verification")))
		return s
	}
	s.Blocks = append(s.Blocks, t.Para("Day and tester are those of the evidence by which a verification stands; what the security file asks of the tester stands beside them where the two differ. Evidence is listed in full, with digests, in the next section."))
	for _, method := range append(methodNames(), "") {
		id, title := "method-"+string(method), capitalised(spaced(method))
		if method == "" {
			id, title = "method-not-stated", t.Say("Method not stated")
		}
		table := &document.Table{ID: id + "-table", Caption: title, Wide: true, Columns: []document.Column{
			{Title: t.Say("Verification"), Width: 3}, {Title: t.Say("What is done and what passes"), Width: 5}, {Title: t.Say("Scope"), Width: 2.2, Kind: document.Code},
			{Title: t.Say("Verifies"), Width: 2.4, Kind: document.Code}, {Title: t.Say("Tester"), Width: 2.2}, {Title: t.Say("Done on"), Width: 1.4, Kind: document.Date},
			{Title: t.Say("Evidence"), Width: 2.6}, {Title: t.Say("Result"), Width: 1.4, Kind: document.State},
		}}
		for _, v := range t.File.Verifications {
			if v.Method == method {
				table.Rows = append(table.Rows, t.verificationRow(v))
			}
		}
		if len(table.Rows) > 0 {
			s.Sections = append(s.Sections, t.Section(id, title, table))
		}
	}
	return s
}

func (t *testReport) verificationRow(v *model.Verification) document.Row {
	name := []document.Text{{document.Bold(t.Title(v))}, {t.ID(v)}}
	if v.Tool != "" {
		name = append(name, document.Text{{Text: t.Say("Tool: ") + t.Tell(v, "tool", v.Tool)}})
	}
	name = append(name, t.codeLines(v.Code, few)...)
	procedure := t.Or(v.Procedure)
	if v.Procedure != "" {
		procedure = document.Lines(document.MarkdownLine(t.Tell(v, "procedure", v.Procedure)))
	}
	day := document.On(t.Pass.Day(v).String())
	return document.Row{ID: v.ID, Source: t.From(v), Cells: []document.Cell{
		{Lines: name}, procedure, t.orNone(idLines(t.Book, All(v.Covers), 3*few)), t.orNone(idLines(t.Book, All(v.Verifies), 3*few)),
		{Lines: t.testerLines(v)}, t.orNone(day), t.orNone(document.Cell{Lines: t.PieceLines(t.Pieces([]*model.Verification{v}), 2*few)}),
		document.Lines(t.resultLines(v)...)}}
}

// idLines are entities by id, each on a line, and how many more there are.
func idLines[E model.Entity](b *Book, list []E, limit int) (c document.Cell) {
	for i, e := range list {
		if i == limit {
			c.Lines = append(c.Lines, b.more(len(list)-i))
			break
		}
		c.Lines = append(c.Lines, document.Text{b.ID(e)})
	}
	return c
}

// resultLines are the state of a verification, and with what it passed.
func (t *testReport) resultLines(v *model.Verification) []document.Text {
	lines := []document.Text{{t.stateOfVerification(v)}}
	if s := t.standing(v); s != nil && s.Excused() {
		lines = append(lines, document.Text{{Text: t.Say("with accepted failures")}})
	}
	return lines
}

// testerLines say who tested, as the evidence has it; as the file states it where there
// is none that counts.
func (t *testReport) testerLines(v *model.Verification) (lines []document.Text) {
	var said []string
	for _, d := range t.deciding(v) {
		p := d.Piece.Statement.Performer
		words := testerWords(p.Who, p.Independence)
		if words != "" && !slices.Contains(said, words) {
			said = append(said, words)
		}
	}
	asked := testerWords(v.Tester.Who, v.Tester.Independence)
	for i, words := range said {
		if i == few {
			lines = append(lines, t.more(len(said)-i))
			break
		}
		lines = append(lines, document.Text{{Text: words}})
	}
	switch {
	case asked == "" && len(said) == 0:
		return t.Or("").Lines
	case asked != "" && !slices.Contains(said, asked):
		lines = append(lines, document.Text{{Text: t.Say("as stated: "), Style: document.Faint}, {Text: asked}})
	}
	if v.Tester.Skills != "" {
		lines = append(lines, document.Text{{Text: t.Tell(v, "tester.skills", v.Tester.Skills), Style: document.Faint}})
	}
	return lines
}

func testerWords(who string, i model.Independence) string {
	return strings.Join(slices.DeleteFunc([]string{who, spaced(i)}, func(s string) bool { return s == "" }), ", ")
}

// requirementCoverage says for each requirement by which methods it was verified, and
// how it stands.
func (t *testReport) requirementCoverage() *document.Section {
	s := t.Section("requirement-coverage", t.Say("Coverage by requirement"))
	if len(t.File.Requirements) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("any security requirement")))
		return s
	}
	s.Blocks = append(s.Blocks, t.Para("A requirement is met when each of its verifications passed."))
	table := &document.Table{ID: "requirement-table", Caption: t.Say("Verification of each requirement"), Columns: []document.Column{
		{Title: t.Say("Requirement"), Width: 4}, {Title: t.Say("Methods"), Width: 2.4}, {Title: t.Say("Verifications"), Width: 3.4}, {Title: t.Say("State"), Width: 1.5, Kind: document.State},
	}}
	for _, r := range t.File.Requirements {
		list := VerificationsOf(r)
		var methods []document.Text
		var said []model.Method
		for _, v := range list {
			if v.Method != "" && !slices.Contains(said, v.Method) {
				said = append(said, v.Method)
				methods = append(methods, document.Text{{Text: spaced(v.Method)}})
			}
		}
		table.Rows = append(table.Rows, document.Row{ID: r.ID, Source: t.From(r), Cells: []document.Cell{
			document.Lines(t.titledID(r)), t.orNone(document.Cell{Lines: methods}), t.orNone(t.verificationLines(list, 2*few)), document.C(t.stateOfRequirement(r))}})
	}
	s.Blocks = append(s.Blocks, table)
	return s
}
