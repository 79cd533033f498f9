package techdoc

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/diag"
	"theriac/document"
	"theriac/locale"
	"theriac/model"
	"theriac/policy"
	"theriac/psirt"
)

// Book is what a document is made from, with the words for it.
type Book struct {
	Input
	Lang   *locale.Language
	Policy *policy.Policy

	set  *document.Set         // what was made so far
	held func() *psirt.Embargo // shared by all books of a set; nil in a book of its own
}

// Say is a sentence or word of ours in the language of the document.
func (b *Book) Say(text string, args ...any) string { return b.Lang.Say(text, args...) }

// Tell is a text of the security file in the language of the document. One that is under
// embargo is not told.
func (b *Book) Tell(e model.Entity, field, text string) string {
	if b.keeps(e) || b.keepsText(text) {
		return b.keptNote()
	}
	return b.Lang.Tell(model.Of(e).ID+" "+field, text)
}

// Title is the title of an entity, or its id where it has none.
func (b *Book) Title(e model.Entity) string {
	base := model.Of(e)
	if base.Title == "" || b.keeps(e) {
		return b.ID(e).Text
	}
	return b.Tell(e, "title", base.Title)
}

// Name is the title of an entity, linked to it.
func (b *Book) Name(e model.Entity) document.Span {
	if s, ok := b.unnamed(e); ok {
		return s
	}
	return document.Link(b.Title(e), address(e))
}

// ID is the id of an entity, linked to it.
func (b *Book) ID(e model.Entity) document.Span {
	if s, ok := b.unnamed(e); ok {
		return s
	}
	return document.Span{Text: model.Of(e).ID, Style: document.Mono, To: address(e)}
}

// Named is the title of an entity with its id.
func (b *Book) Named(e model.Entity) document.Text {
	if b.keeps(e) {
		return document.Text{b.ID(e)}
	}
	return document.Text{{Text: b.Title(e) + " ("}, b.ID(e), {Text: ")"}}
}

func address(e model.Entity) document.Address { return document.Address("entity:" + idOf(e)) }

// idOf is the id of an entity; the name of its kind where the kind has but one.
func idOf(e model.Entity) string {
	base := model.Of(e)
	if base.ID == "" {
		return base.Kind().Name
	}
	return base.ID
}

// Names lists entities by title, each on a line of a cell.
func Names[E model.Entity](b *Book, list []E) document.Cell {
	var c document.Cell
	for _, e := range list {
		c.Lines = append(c.Lines, document.Text{b.Name(e)})
	}
	return c
}

// IDs lists entities by id on one line.
func IDs[E model.Entity](b *Book, list []E) document.Text {
	var t document.Text
	for i, e := range list {
		if i > 0 {
			t = append(t, document.Span{Text: ", "})
		}
		t = append(t, b.ID(e))
	}
	return t
}

// All collects what references lead to.
func All[E model.Entity](refs []model.Ref[E]) []E { return slices.Collect(model.Targets(refs)) }

// From is the source of a statement: an entity, or a field of it. It is none for a
// decision under embargo.
func (b *Book) From(e model.Entity, field ...string) document.Source {
	if _, ok := b.unnamed(e); ok {
		return document.Source{}
	}
	base := model.Of(e)
	at, name := base.Here(), ""
	if len(field) > 0 {
		var path []any
		for _, f := range field {
			path = append(path, f)
		}
		at, name = base.At(path...), strings.Join(field, ".")
	}
	return document.Source{Entity: idOf(e), Field: name, Path: b.path(at), Line: at.Line}
}

// path is the path of a place below the folder of the security file.
func (b *Book) path(at diag.Span) string {
	if !at.Valid() {
		return ""
	}
	if rel, err := filepath.Rel(b.File.Dir(), at.Path()); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(at.Path())
}

// ByLaw is the source of a statement that a clause makes.
func ByLaw(clause string) document.Source { return document.Source{Clause: clause} }

// Clause names a clause of the catalogue as people cite it, linked to it.
func (b *Book) Clause(id string) document.Span {
	e := b.Catalog.Entry(id)
	if e == nil {
		return document.Span{Text: id}
	}
	return document.Link(Cite(e), document.Address("clause:"+id))
}

// Clauses lists clauses on one line.
func (b *Book) Clauses(ids []string) document.Text {
	var t document.Text
	for i, id := range ids {
		if i > 0 {
			t = append(t, document.Span{Text: "; "})
		}
		t = append(t, b.Clause(id))
	}
	return t
}

// Cite names a clause as people cite it: "MDR Annex I §17.2".
func Cite(e *catalog.Entry) string { return shortNames[e.Source.ID] + " " + e.Clause }

// Section is a section.
func (b *Book) Section(id, title string, blocks ...document.Block) *document.Section {
	s := &document.Section{ID: id, Title: title}
	for _, bl := range blocks {
		if bl != nil {
			s.Blocks = append(s.Blocks, bl)
		}
	}
	return s
}

// Para is a paragraph of ours, in the language of the document.
func (b *Book) Para(text string, args ...any) *document.Paragraph {
	return document.P(document.Source{}, document.Span{Text: b.Say(text, args...)})
}

// Prose is a text of the security file, read as Markdown; a gap where it is absent.
// What names what is missing, for a reader: "the policy for residual risk".
func (b *Book) Prose(e model.Entity, field, text, what string) []document.Block {
	if strings.TrimSpace(text) == "" {
		return []document.Block{b.Gap(e, field, what)}
	}
	return document.Markdown(b.Tell(e, field, text), b.From(e, strings.Split(field, ".")...))
}

// Gap says that something is not stated, and where it would be. The entity may be
// nil.
func (b *Book) Gap(e model.Entity, field, what string) *document.Callout {
	c := &document.Callout{Kind: document.Gap, Title: b.Say("Open")}
	if e == nil {
		c.Blocks = []document.Block{b.Para("The security file does not state %s.", what)}
		return c
	}
	c.Source = b.From(e)
	where := idOf(e)
	if field != "" {
		where += ": " + field
	}
	c.Blocks = []document.Block{document.P(c.Source, document.Span{Text: b.Say("The security file does not state %s", what) + " ("},
		document.Literal(where), document.Span{Text: ")."})}
	return c
}

// Or is the text as a cell, or a badge that says that it is not stated.
func (b *Book) Or(text string) document.Cell {
	if strings.TrimSpace(text) == "" {
		return document.C(document.Badge(document.Bad, b.Say("not stated")))
	}
	return document.W(text)
}

// YesNo is an answer as a cell.
func (b *Book) YesNo(a model.Answer) document.Cell {
	switch a {
	case model.Yes:
		return document.W(b.Say("yes"))
	case model.No:
		return document.W(b.Say("no"))
	}
	return document.C(document.Badge(document.Bad, b.Say("not stated")))
}

// ToldIn lists where the documents tell an entity or clause, leaving out the
// document that asks. Only late documents may ask.
func (b *Book) ToldIn(id, asking string) []document.Place {
	var places []document.Place
	for _, p := range b.set.Told(id) {
		if p.Document.Name != asking && p.Document.Lang == "en" {
			places = append(places, p)
		}
	}
	return places
}

// At is a link to a section of a document of the set: the words are filled in later.
func At(doc, section string) document.Span {
	if section != "" {
		section = "#" + section
	}
	return document.Link("", document.Address("doc:"+doc+section))
}

// identify gives a document the number, revision and approvals of the document of
// the file that it is.
func (b *Book) identify(doc *document.Document, d *Definition) {
	listed := b.Listed(d)
	if listed == nil {
		return
	}
	doc.Number, doc.Revision = listed.Number, listed.Revision
	doc.Signatures = b.Signatures(listed)
}

// Listed is the document of the file that a generated one is: the one that the
// publication names, else the only one of the type. Where the file lists none, or
// several and does not say which, it is nil: a number on the wrong document is worse
// than none.
func (b *Book) Listed(d *Definition) *model.Document {
	if p := b.File.Publication; p != nil {
		for _, published := range p.Documents {
			if published.Document == d.Name {
				return published.Is.To
			}
		}
	}
	if list := candidates(b.File, d); len(list) == 1 {
		return list[0]
	}
	return nil
}

// candidates are the documents of the file of the first type of a generated document
// that occurs.
func candidates(f *model.File, d *Definition) (list []*model.Document) {
	for _, t := range d.Types {
		for _, listed := range f.Documents {
			if listed.Type == t {
				list = append(list, listed)
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// plural is a count with its noun: "1 risk", "3 risks".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
