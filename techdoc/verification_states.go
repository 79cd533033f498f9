package techdoc

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

// stateOfVerification is a badge for how a verification stands: by signed evidence, or
// as the file states it where signatures decide nothing.
func (b *Book) stateOfVerification(v *model.Verification) document.Span {
	if b.Showing == nil {
		return b.statedResult(v.Result)
	}
	return b.State(b.Showing.Judged.Of(v).State)
}

// statedResult is a badge for a result that somebody typed, which shows nothing.
func (b *Book) statedResult(r model.Result) document.Span {
	if r == "" {
		return document.Badge(document.Bad, b.Say("not stated"))
	}
	return document.Badge(document.Neutral, b.Say("stated: %s", b.Say(string(r))))
}

// stateOfRequirement is a badge for how a requirement stands by all its verifications.
func (b *Book) stateOfRequirement(r *model.Requirement) document.Span {
	list := VerificationsOf(r)
	switch {
	case len(list) == 0:
		return document.Badge(document.Bad, b.Say("not verified"))
	case b.Showing != nil:
		return b.State(b.Showing.Judged.Requirement(r))
	}
	return b.statedResult(worstResult(list))
}

// worstResult is the least favourable of the results that a file states: failed, then
// not stated, then planned, then passed.
func worstResult(list []*model.Verification) model.Result {
	order := []model.Result{"failed", "", "planned", "passed"}
	worst := len(order) - 1
	for _, v := range list {
		worst = min(worst, max(0, slices.Index(order, v.Result)))
	}
	return order[worst]
}

// digestLines name pieces of evidence with kind, day and the first digits of the digest
// of what they were made of, and how many more there are.
func (b *Book) digestLines(pieces []*evidence.Piece, limit int) (lines []document.Text) {
	for i, p := range pieces {
		if i == limit {
			return append(lines, b.more(len(pieces)-i))
		}
		lines = append(lines, b.digestLine(p)...)
	}
	return lines
}

func (b *Book) digestLine(p *evidence.Piece) []document.Text {
	line := document.Text{b.pieceLink(p), {Text: " " + kindOf(p)}}
	if p.Statement == nil {
		return []document.Text{line}
	}
	line = append(line, document.Span{Text: ", " + p.Statement.Finished.Format("2006-01-02")})
	lines := []document.Text{line}
	if in := p.Statement.Inputs; len(in) > 0 {
		digest := document.Text{{Text: "sha256 ", Style: document.Faint}, document.Literal(in[0].SHA256[:min(len(in[0].SHA256), shortDigest)] + "…")}
		if len(in) > 1 {
			digest = append(digest, document.Span{Text: " " + b.Say("and %d more", len(in)-1), Style: document.Faint})
		}
		lines = append(lines, digest)
	}
	return lines
}

// shortDigest is how many digits of a digest stand where the whole one is elsewhere.
const shortDigest = 12

// more says how many lines were left out of a cell.
func (b *Book) more(n int) document.Text {
	return document.Text{{Text: b.Say("and %d more", n), Style: document.Faint}}
}

// pieceRow is the id of the row of a piece of evidence in the verification report.
func pieceRow(p *evidence.Piece) string { return "evidence-" + p.ID }

// pieceLink is the id of a piece of evidence, linked to its row in the verification
// report where that is made already.
func (b *Book) pieceLink(p *evidence.Piece) document.Span {
	to := document.Address("doc:" + verificationName + "#" + pieceRow(p))
	if _, ok := b.set.Find(to, nil); !ok {
		to = ""
	}
	return document.Span{Text: p.ID, Style: document.Mono, To: to}
}

// titledIDs are entities with title and id, each on a line of a cell, and how many more
// there are.
func titledIDs[E model.Entity](b *Book, list []E, limit int) (c document.Cell) {
	for i, e := range list {
		if i == limit {
			c.Lines = append(c.Lines, b.more(len(list)-i))
			break
		}
		c.Lines = append(c.Lines, b.titledID(e))
	}
	return c
}

// titledID is the id of an entity with its title.
func (b *Book) titledID(e model.Entity) document.Text {
	if model.Of(e).Title == "" || b.keeps(e) {
		return document.Text{b.ID(e)}
	}
	return document.Text{b.ID(e), {Text: " " + b.Title(e)}}
}

// codeLines are code references, each on a line.
func (b *Book) codeLines(code []string, limit int) (lines []document.Text) {
	for i, c := range code {
		if i == limit {
			return append(lines, b.more(len(code)-i))
		}
		lines = append(lines, document.Text{document.Literal(c)})
	}
	return lines
}

// claimedBy lists the clauses that entities say they answer, each once, in the order
// of the catalogue's ids.
func claimedBy(entities ...model.Entity) (ids []string) {
	for _, e := range entities {
		ids = append(ids, model.Of(e).Clauses...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// clauseLines are clauses of the law, each on a line.
func (b *Book) clauseLines(ids []string, limit int) (lines []document.Text) {
	for i, id := range ids {
		if i == limit {
			return append(lines, b.more(len(ids)-i))
		}
		lines = append(lines, document.Text{b.Clause(id)})
	}
	return lines
}

// tally counts by name, and gives the names in an order of their own.
type tally struct {
	order []string
	n     map[string]int
}

func (t *tally) add(name string) {
	if t.n == nil {
		t.n = map[string]int{}
	}
	if t.n[name] == 0 {
		t.order = append(t.order, name)
	}
	t.n[name]++
}

// orNone is a cell, or a word that says that there is nothing.
func (b *Book) orNone(c document.Cell) document.Cell {
	if len(c.Lines) == 0 {
		return document.C(document.Span{Text: b.Say("none"), Style: document.Faint})
	}
	return c
}

// day is a day of the security file as a cell; a badge where it is not stated.
func (b *Book) day(d model.Date) document.Cell {
	if d.IsZero() {
		return b.Or("")
	}
	return document.On(d.String())
}

// tableOr puts a table into a section, or a sentence where it has no rows.
func (b *Book) tableOr(s *document.Section, t *document.Table, none string) {
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, b.Para(none))
		return
	}
	s.Blocks = append(s.Blocks, t)
}

func byCount(n map[string]int) func(a, b string) int {
	return func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), strings.Compare(a, b)) }
}

// capitalised is a text with a capital at its beginning.
func capitalised(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
