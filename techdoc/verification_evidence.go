package techdoc

import (
	"fmt"
	"strings"

	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

// evidence lists all pieces that are kept with the security file, by kind.
func (t *testReport) evidence() *document.Section {
	s := t.Section("evidence", t.Say("Evidence"))
	if t.judged == nil {
		s.Blocks = append(s.Blocks, t.unsigned())
		return s
	}
	s.Blocks = append(s.Blocks, t.Para("Each piece is a signed statement with the raw inputs that it was made of. Its id is the beginning of the SHA-256 of what was signed; inputs are kept under their SHA-256. A piece has a state for each verification that it names."))
	table := &document.Table{ID: "evidence-table", Caption: t.Say("Pieces of evidence"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Evidence"), Width: 1.8, Kind: document.Code}, {Title: t.Say("Signed by"), Width: 2.8}, {Title: t.Say("Done by, with"), Width: 2.8},
		{Title: t.Say("Done on"), Width: 1.4, Kind: document.Date}, {Title: t.Say("Inputs (SHA-256)"), Width: 4.6, Kind: document.Code}, {Title: t.Say("What it shows"), Width: 3.6},
	}}
	kinds := []model.EvidenceKind{}
	for _, v := range model.EvidenceKind("").Values() {
		kinds = append(kinds, model.EvidenceKind(v.Name))
	}
	for _, kind := range append(kinds, "") {
		rows := t.pieceRows(kind)
		if len(rows) == 0 {
			continue
		}
		title := capitalised(spaced(kind))
		if kind == "" {
			title = t.Say("Unreadable")
		}
		table.Rows = append(append(table.Rows, document.Row{Group: title}), rows...)
	}
	t.tableOr(s, table, "No piece of evidence is kept with the security file.")
	return s
}

// pieceRows are the pieces of a kind; those that cannot be read for "".
func (t *testReport) pieceRows(kind model.EvidenceKind) (rows []document.Row) {
	seen := map[string]bool{}
	for _, p := range t.judged.Store.Pieces {
		var of model.EvidenceKind
		if p.Statement != nil {
			of = p.Statement.Kind
		}
		if of != kind {
			continue
		}
		row := t.pieceRow(p)
		if seen[row.ID] {
			row.ID = "" // the same statement, kept twice
		}
		seen[row.ID] = true
		rows = append(rows, row)
	}
	return rows
}

func (t *testReport) pieceRow(p *evidence.Piece) document.Row {
	row := document.Row{ID: pieceRow(p), Source: document.Source{Evidence: p.ID}, Cells: []document.Cell{
		document.C(document.Literal(p.ID)), t.signedBy(p), {}, {}, {}, {Lines: t.worth(p)}}}
	s := p.Statement
	if s == nil {
		return row
	}
	var by []document.Text
	if words := testerWords(s.Performer.Who, s.Performer.Independence); words != "" {
		by = append(by, document.Text{{Text: words}})
	}
	if tool := strings.TrimSpace(s.Tool.Name + " " + s.Tool.Version); tool != "" {
		by = append(by, document.Text{{Text: tool, Style: document.Faint}})
	}
	row.Cells[2], row.Cells[3] = t.orNone(document.Cell{Lines: by}), document.On(s.Finished.Format("2006-01-02"))
	for i, in := range s.Inputs {
		if i == 2*few {
			row.Cells[4].Lines = append(row.Cells[4].Lines, t.more(len(s.Inputs)-i))
			break
		}
		row.Cells[4].Lines = append(row.Cells[4].Lines, document.Text{{Text: in.Name + " "}, document.Literal(in.SHA256)})
	}
	row.Cells[4] = t.orNone(row.Cells[4])
	return row
}

// signedBy says whose signatures fit the text of a piece, in which roles, and when.
func (t *testReport) signedBy(p *evidence.Piece) (c document.Cell) {
	for i, s := range p.Signed {
		if i == few {
			c.Lines = append(c.Lines, t.more(len(p.Signed)-i))
			break
		}
		c.Lines = append(c.Lines, document.Text{t.Name(s.By.Signer), {Text: signerRoles(s.By.Signer)}})
		if !s.Stamped.IsZero() {
			c.Lines = append(c.Lines, document.Text{{Text: t.Say("time stamp of %s", s.Stamped.UTC().Format("2006-01-02 15:04")), Style: document.Faint}})
		}
	}
	if len(c.Lines) == 0 {
		return document.C(document.Badge(document.Bad, t.Say("nobody known")))
	}
	if p.Statement != nil {
		c.Lines = append(c.Lines, document.Text{{Text: t.Say("recorded on %s", p.Statement.Recorded.Format("2006-01-02")), Style: document.Faint}})
	}
	return c
}

func signerRoles(s *model.Signer) string {
	if len(s.Roles) == 0 {
		return ""
	}
	return ", " + strings.Join(s.Roles, ", ")
}

// worth says what a piece is worth for each verification that it names, with the reason
// where that is not all.
func (t *testReport) worth(p *evidence.Piece) (lines []document.Text) {
	for i, v := range t.verdicts[p] {
		if i == 2*few {
			return append(lines, t.more(len(t.verdicts[p])-i))
		}
		line := document.Text{}
		if v.Item != "" {
			line = append(line, t.itemSpan(v), document.Span{Text: " "})
		}
		lines = append(lines, append(append(line, t.State(v.State)), t.extra(v)...))
		if v.State != evidence.Passed {
			lines = append(lines, t.reasonLines(v.Reasons)...)
		}
	}
	return lines
}

// itemSpan is what a verdict is about, linked where the file has it.
func (t *testReport) itemSpan(v *evidence.Verdict) document.Span {
	if v.Of != nil {
		return t.ID(v.Of)
	}
	return document.Literal(v.Item)
}

// extra counts the checks of a verdict, and says what else there is to it.
func (t *testReport) extra(v *evidence.Verdict) document.Text {
	var words []string
	if r := v.Result; r != nil {
		for _, c := range []struct {
			n    int
			word string
		}{{r.Passed, "passed"}, {r.Failed, "failed"}, {r.Skipped, "skipped"}, {r.Inconclusive, "inconclusive"}} {
			if c.n > 0 {
				words = append(words, fmt.Sprintf("%d %s", c.n, t.Say(c.word)))
			}
		}
	}
	if n := len(v.Excused); n > 0 {
		words = append(words, t.Say("%d under accepted risks", n))
	}
	if v.Supports {
		words = append(words, t.Say("supports only"))
	}
	if v.Replaced != nil {
		words = append(words, t.Say("replaced by %s", v.Replaced.Piece.ID))
	}
	if len(words) == 0 {
		return nil
	}
	return document.Text{{Text: " " + strings.Join(words, ", "), Style: document.Faint}}
}

// notCounted lists the evidence that has no say, and why.
func (t *testReport) notCounted() *document.Section {
	s := t.Section("not-counted", t.Say("Evidence that does not count, or was replaced"))
	if t.judged == nil {
		s.Blocks = append(s.Blocks, t.unsigned())
		return s
	}
	s.Blocks = append(s.Blocks, t.Para("Evidence of other releases, stale, out of scope, malformed, or signed by nobody who may, has no say. It is kept, and listed here with the reason. So is what newer evidence of the same kind and scope replaced."))
	table := &document.Table{ID: "not-counted-table", Caption: t.Say("Evidence without a say"), Columns: []document.Column{
		{Title: t.Say("Evidence"), Width: 2.6}, {Title: t.Say("For"), Width: 2}, {Title: t.Say("State"), Width: 1.6, Kind: document.State}, {Title: t.Say("Why"), Width: 5},
	}}
	for _, v := range t.judged.Verdicts {
		if v.Counts() && v.Replaced == nil {
			continue
		}
		row := document.Row{Source: document.Source{Evidence: v.Piece.ID}, Cells: []document.Cell{
			document.Lines(document.Text{document.Literal(v.Piece.ID), {Text: " " + kindOf(v.Piece)}}), t.orNone(document.Cell{}), document.C(t.State(v.State)), {Lines: t.reasonLines(v.Reasons)}}}
		if v.Item != "" {
			row.Cells[1] = document.C(t.itemSpan(v))
		}
		if v.Replaced != nil {
			row.Cells[2] = document.C(document.Badge(document.Neutral, t.Say("replaced")))
			row.Cells[3].Lines = append(row.Cells[3].Lines, document.Text{{Text: t.Say("newer evidence says the same or more: ")}, document.Literal(v.Replaced.Piece.ID)})
		}
		table.Rows = append(table.Rows, row)
	}
	t.tableOr(s, table, "All evidence that is kept counts.")
	s.Blocks = append(s.Blocks, t.strays()...)
	return s
}

// strays lists files below the evidence folder that belong to no statement.
func (t *testReport) strays() (blocks []document.Block) {
	store := t.judged.Store
	for _, c := range []struct {
		files []string
		words string
	}{
		{store.Stray, "Files among the evidence that are neither statement, input nor time stamp:"},
		{store.Unused, "Inputs that no statement names:"}, {store.Stamps, "Time stamps without a statement:"},
	} {
		if len(c.files) == 0 {
			continue
		}
		var lines []document.Text
		for i, name := range c.files {
			if i == 10*few {
				lines = append(lines, t.more(len(c.files)-i))
				break
			}
			lines = append(lines, document.Text{document.Literal(name)})
		}
		blocks = append(blocks, t.Para(c.words), bullets(lines, document.Source{}))
	}
	return blocks
}
