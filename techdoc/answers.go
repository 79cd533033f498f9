package techdoc

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

// Row is the coverage of a clause; nil where the catalogue does not ask it of this
// product.
func (b *Book) Row(clause string) *check.Row {
	i := slices.IndexFunc(b.Coverage, func(r check.Row) bool { return r.Entry.ID == clause })
	if i < 0 {
		return nil
	}
	return &b.Coverage[i]
}

// RowsOf are the rows of the entries whose id begins with a prefix, in the order of
// the catalogue.
func (b *Book) RowsOf(prefix string) (rows []check.Row) {
	for _, r := range b.Coverage {
		if strings.HasPrefix(r.Entry.ID, prefix) {
			rows = append(rows, r)
		}
	}
	return rows
}

// Law is the source of the catalogue under which the product is placed on the market.
func (b *Book) Law() string {
	if b.File.Product.Regulation == model.IVDR {
		return "ivdr"
	}
	return "mdr"
}

// VerificationsOf are the verifications that bear on an entity: of itself, of the
// requirements that make a control concrete, of an element that they cover.
func VerificationsOf(e model.Entity) []*model.Verification {
	var list []*model.Verification
	add := func(more ...*model.Verification) {
		for _, v := range more {
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	switch e := e.(type) {
	case *model.Verification:
		add(e)
	case *model.Requirement:
		add(model.Users[*model.Verification](e, "verifies")...)
	case *model.Control:
		for _, r := range model.Users[*model.Requirement](e, "implements") {
			add(model.Users[*model.Verification](r, "verifies")...)
		}
	default:
		add(model.Users[*model.Verification](e, "covers")...)
	}
	return list
}

// Pieces are the pieces of evidence by which verifications stand, each once.
func (b *Book) Pieces(list []*model.Verification) []*evidence.Piece {
	if b.Showing == nil {
		return nil
	}
	var pieces []*evidence.Piece
	for _, v := range list {
		standing := b.Showing.Judged.Of(v)
		if standing == nil {
			continue
		}
		for _, verdict := range standing.Deciding {
			if !slices.Contains(pieces, verdict.Piece) {
				pieces = append(pieces, verdict.Piece)
			}
		}
	}
	return pieces
}

// EvidenceFor are the pieces of evidence behind what answers a clause: controls,
// requirements and verifications. That an interface was tested says nothing of whether
// it is described.
func (b *Book) EvidenceFor(by []model.Entity) []*evidence.Piece {
	var list []*model.Verification
	for _, e := range by {
		switch e.(type) {
		case *model.Control, *model.Requirement, *model.Verification:
		default:
			continue
		}
		for _, v := range VerificationsOf(e) {
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	return b.Pieces(list)
}

// few is how many references a cell of a checklist holds; the rest is counted.
const few = 4

// Places lists where the documents tell some entities, the chapters that tell most of
// them first: the section, where all of it stands in one, else the chapter. Documents to
// look things up are left out, and so is the one that asks.
func (b *Book) Places(by []model.Entity, clause, asking string) []document.Place {
	type at struct{ doc, chapter string }
	type telling struct {
		document.Place
		times int
	}
	found := map[at]*telling{}
	var order []*telling
	note := func(id string) {
		for _, p := range b.ToldIn(id, asking) {
			chapter := chapterOf(p)
			if proves[p.Document.Name+"#"+chapter.ID] == no {
				continue
			}
			key := at{p.Document.Name, chapter.ID}
			t := found[key]
			switch {
			case t == nil:
				t = &telling{Place: p}
				found[key] = t
				order = append(order, t)
			case t.Section != p.Section:
				t.Section = chapter
			}
			t.times++
		}
	}
	note(clause)
	for _, e := range by {
		note(idOf(e))
	}
	slices.SortStableFunc(order, func(x, y *telling) int { return y.times - x.times })
	var places []document.Place
	for _, t := range order {
		places = append(places, t.Place)
	}
	return places
}

// no marks chapters that mention what answers a clause and show nothing of it.
const no = "no"

var proves = map[string]string{
	"cybersecurity-plan#review-history": no, "threat-model#not-applicable": no, "threat-model#references": no,
	"ifu-security#told": no,
}

// chapterOf is the section of the first level in which a place is.
func chapterOf(p document.Place) *document.Section {
	for _, s := range p.Document.Sections {
		if s.ID == p.Section.ID || (&document.Document{Sections: s.Sections}).Section(p.Section.ID) != nil {
			return s
		}
	}
	return p.Section
}

// PlaceLines are links to places, one on each line, and how many more there are.
func (b *Book) PlaceLines(places []document.Place, limit int) (lines []document.Text) {
	for i, p := range places {
		if i == limit {
			return append(lines, document.Text{{Text: b.Say("and %d more", len(places)-i), Style: document.Faint}})
		}
		lines = append(lines, document.Text{At(p.Document.Name, p.Section.ID)})
	}
	return lines
}

// PieceLines name pieces of evidence with kind and the first digits of their digests,
// one on each line, and how many more there are.
func (b *Book) PieceLines(pieces []*evidence.Piece, limit int) (lines []document.Text) {
	for i, p := range pieces {
		if i == limit {
			return append(lines, document.Text{{Text: b.Say("and %d more", len(pieces)-i), Style: document.Faint}})
		}
		lines = append(lines, document.Text{document.Literal(p.ID), {Text: " " + kindOf(p)}})
	}
	return lines
}

func kindOf(p *evidence.Piece) string {
	if p.Statement == nil {
		return "unreadable"
	}
	return strings.ReplaceAll(string(p.Statement.Kind), "-", " ")
}

// Kept lists the documents of the file among some entities.
func Kept(by []model.Entity) (list []*model.Document) {
	for _, e := range by {
		if d, ok := e.(*model.Document); ok {
			list = append(list, d)
		}
	}
	return list
}

// DocumentLine is a document of the file as people cite it: number, revision, title.
func (b *Book) DocumentLine(d *model.Document) document.Text {
	name := d.Number
	if d.Revision != "" {
		name += " " + b.Say("rev. %s", d.Revision)
	}
	if name != "" {
		name += ", "
	}
	return document.Text{{Text: name}, b.Name(d)}
}
