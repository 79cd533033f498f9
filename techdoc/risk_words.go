package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/evidence"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
)

// columnOf is a column of a table.
func columnOf(title string, width float64, kind ...document.ColumnKind) document.Column {
	c := document.Column{Title: title, Width: width}
	if len(kind) > 0 {
		c.Kind = kind[0]
	}
	return c
}

// spaced is a value of an enumeration with blanks for hyphens.
func spaced[V ~string](v V) string { return strings.ReplaceAll(string(v), "-", " ") }

// meaningOf is what the language says of a value of an enumeration; "" for a value
// that it does not have.
func meaningOf(values model.Values, name string) string {
	i := slices.IndexFunc(values, func(v model.Value) bool { return v.Name == name })
	if i < 0 {
		return ""
	}
	return values[i].Doc
}

// proseLines is a text of the security file for a cell: its paragraphs and the items
// of its lists, each on a line. The mark of what is not stated where it is empty.
func (b *Book) proseLines(e model.Entity, field, text string) document.Cell {
	if strings.TrimSpace(text) == "" {
		return b.Or("")
	}
	var c document.Cell
	document.Blocks(document.Markdown(b.Tell(e, field, text), document.Source{}), func(bl document.Block) {
		switch bl := bl.(type) {
		case *document.Paragraph:
			c.Lines = append(c.Lines, bl.Text)
		case *document.Listing:
			c.Lines = append(c.Lines, document.Text{document.Literal(bl.Text)})
		case *document.Table:
			for _, r := range bl.Rows {
				for _, cell := range r.Cells {
					c.Lines = append(c.Lines, cell.Lines...)
				}
			}
		}
	})
	return c
}

// maybeProse is proseLines for what may be left out.
func (b *Book) maybeProse(e model.Entity, field, text string) document.Cell {
	if strings.TrimSpace(text) == "" {
		return document.Cell{}
	}
	return b.proseLines(e, field, text)
}

// factTerms are names with what the security file says of an entity under them.
type factTerms struct {
	b     *Book
	of    model.Entity
	terms *document.Terms
}

func (b *Book) factsOf(e model.Entity) *factTerms { return &factTerms{b, e, &document.Terms{}} }

// add adds a name with the lines of a cell, which come from a field.
func (f *factTerms) add(name, field string, c document.Cell) {
	t := document.Term{Name: document.T("%s", name), Source: f.b.From(f.of, strings.Split(field, ".")...)}
	for _, l := range c.Lines {
		t.Blocks = append(t.Blocks, &document.Paragraph{Text: l})
	}
	if len(t.Blocks) > 0 {
		f.terms.Terms = append(f.terms.Terms, t)
	}
}

// prose adds a text, or the mark of what is not stated.
func (f *factTerms) prose(name, field, text string) {
	f.add(name, field, f.b.proseLines(f.of, field, text))
}

// list adds texts as a list, or the mark of what is not stated.
func (f *factTerms) list(name, field string, texts []string) {
	if len(texts) == 0 {
		f.add(name, field, f.b.Or(""))
		return
	}
	var lines []document.Text
	for _, t := range texts {
		lines = append(lines, document.Text{{Text: t}})
	}
	f.lines(name, field, lines)
}

// lines adds a list of lines; one alone stands by itself.
func (f *factTerms) lines(name, field string, lines []document.Text) {
	if len(lines) < 2 {
		f.add(name, field, document.Cell{Lines: lines})
		return
	}
	source := f.b.From(f.of, strings.Split(field, ".")...)
	f.terms.Terms = append(f.terms.Terms, document.Term{Name: document.T("%s", name), Source: source, Blocks: []document.Block{bullets(lines, document.Source{})}})
}

// inline adds lines as one paragraph, divided by semicolons.
func (f *factTerms) inline(name, field string, c document.Cell) { f.add(name, field, joined(c, "; ")) }

// joined is a cell with its lines on one.
func joined(c document.Cell, by string) document.Cell {
	if len(c.Lines) < 2 {
		return c
	}
	var line document.Text
	for i, l := range c.Lines {
		if i > 0 {
			line = append(line, document.Span{Text: by})
		}
		line = append(line, l...)
	}
	return document.Cell{Lines: []document.Text{line}, Value: c.Value}
}

// namesWithIDs lists entities by title and id, each on a line of a cell.
func namesWithIDs[E model.Entity](b *Book, list []E) document.Cell {
	var c document.Cell
	for _, e := range list {
		c.Lines = append(c.Lines, b.Named(e))
	}
	return c
}

// idCell lists entities by id on one line; an empty cell for none.
func idCell[E model.Entity](b *Book, list []E) document.Cell {
	if len(list) == 0 {
		return document.Cell{}
	}
	return document.Lines(IDs(b, list))
}

// refName is the title of what a reference leads to, or the mark of what is not stated.
func refName[E model.Entity](b *Book, r model.Ref[E]) document.Cell {
	if !r.OK() {
		return b.Or("")
	}
	return document.C(b.Name(r.To))
}

// withRows is a table in a section, or what stands in its place where it has no rows.
func withRows(t *document.Table, none document.Block) document.Block {
	if len(t.Rows) == 0 {
		return none
	}
	return t
}

// lawOf is the id of a clause of Annex I of the regulation of the product. The
// numbers of the two acts agree up to 6, and at 8.
func (b *Book) lawOf(place string) string { return b.Law() + ".annex-i." + place }

// cited is a paragraph of ours that rests on a clause, which it names.
func (b *Book) cited(clause, text string, args ...any) *document.Paragraph {
	return document.P(ByLaw(clause), document.Span{Text: b.Say(text, args...) + " ("}, b.Clause(clause), document.Span{Text: ")."})
}

// derivation is what the patterns of threat say about the file.
func (b *Book) derivation() *threat.Derivation {
	if b.Pass == nil {
		return threat.Derive(b.File, nil)
	}
	return b.Pass.Derived()
}

// controlState is how far a control is shown to work: by signed evidence where the
// file lists signers, else by the results that the file states.
func (b *Book) controlState(c *model.Control) evidence.State {
	if b.Showing != nil {
		return b.Showing.Judged.Control(c)
	}
	var states []evidence.State
	for _, r := range model.Users[*model.Requirement](c, "implements") {
		state := evidence.Missing
		if list := model.Users[*model.Verification](r, "verifies"); len(list) > 0 {
			var of []evidence.State
			for _, v := range list {
				of = append(of, resultState(v.Result))
			}
			state = evidence.Worst(of...)
		}
		states = append(states, state)
	}
	return evidence.Worst(states...)
}

func resultState(r model.Result) evidence.State {
	switch r {
	case "passed":
		return evidence.Passed
	case "failed":
		return evidence.Failed
	}
	return evidence.Missing
}

// ours reports whether it is the manufacturer who has to show that a control
// works. Controls of the surroundings and of users are shown by nobody here, and
// information is no function that could be tested.
func ours(c *model.Control) bool { return !risk.Outside(c) && c.Priority != "information" }

// controlBadge is the state of the evidence of a control.
func (b *Book) controlBadge(c *model.Control) document.Span {
	if !ours(c) && len(model.Users[*model.Requirement](c, "implements")) == 0 {
		if risk.Outside(c) {
			return document.Badge(document.Neutral, b.Say("not the manufacturer's"))
		}
		return document.Badge(document.Neutral, b.Say("information"))
	}
	return b.State(b.controlState(c))
}

// providerOf is who provides a control.
func providerOf(c *model.Control) model.Provider {
	if c.By == "" {
		return "device"
	}
	return c.By
}

// verdictBadge is what the acceptance policy says of a residual risk.
func (b *Book) verdictBadge(v risk.Verdict) document.Span {
	tone := document.Bad
	switch v {
	case risk.Acceptable:
		tone = document.Good
	case risk.Above:
		tone = document.Partly
	case risk.Avoided:
		tone = document.Neutral
	}
	return document.Badge(tone, b.Say(string(v)))
}

// levelsCell is a rating as a cell: both levels, or that it is not known.
func (b *Book) levelsCell(r risk.Rating) document.Cell {
	if r.Exploitability == "" && r.Severity == "" {
		return b.Or("")
	}
	known := func(level string) string {
		if level == "" {
			return "?"
		}
		return level
	}
	return document.Lines(document.T("%s /", known(r.Exploitability)), document.T("%s", known(r.Severity)))
}

// dispositionOf is a badge for how far a derived threat is answered.
func (b *Book) dispositionOf(s threat.Status) document.Span {
	tone := document.Bad
	switch s {
	case threat.AsRisk:
		tone = document.Good
	case threat.NotApplicable:
		tone = document.Neutral
	case threat.Reopened, threat.Undecided:
		tone = document.Partly
	}
	return document.Badge(tone, b.Say(dispositions[s]))
}

// dispositions are the states of derived threats in words.
var dispositions = map[threat.Status]string{
	threat.AsRisk: "treated by a risk", threat.NotApplicable: "does not apply", threat.Reopened: "to be judged anew",
	threat.Undecided: "neither treated nor set aside", threat.Open: "unanswered",
}

// statuses are the states of derived threats, from answered to not.
var statuses = []threat.Status{threat.AsRisk, threat.NotApplicable, threat.Reopened, threat.Undecided, threat.Open}
