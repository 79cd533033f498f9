package techdoc

import (
	"strings"

	"theriac/document"
	"theriac/model"
)

// reference is the security file itself, to look things up: a document for each
// kind of entity, with a section for each entity, to which all other documents link.
func reference(b *Book) []*document.Document {
	var list []*document.Document
	for _, k := range model.Kinds() {
		d := &document.Document{Name: "model-" + k.Name, Title: titled(k.Name), Subtitle: k.Doc, Lang: "en", Reference: true}
		kept := 0
		for e := range b.File.Of(k) {
			if _, unnamed := b.unnamed(e); unnamed {
				kept++
				continue
			}
			d.Sections = append(d.Sections, b.entity(e))
		}
		if kept > 0 {
			d.Sections = append(d.Sections, b.Section("under-embargo", b.Say("Under embargo"),
				b.Para("Kept back until an embargo ends: %s.", plural(kept, k.Singular, k.Name))))
		}
		if len(d.Sections) > 0 {
			list = append(list, d)
		}
	}
	return append(list, b.catalogue()...)
}

// entity is all that the security file says of an entity, with what refers to it.
func (b *Book) entity(e model.Entity) *document.Section {
	base := model.Of(e)
	s := &document.Section{ID: idOf(e), Title: base.Title}
	if s.Title == "" || b.keeps(e) {
		s.Title = idOf(e)
	}
	if b.keeps(e) {
		s.Blocks = append(s.Blocks, document.P(b.From(e), document.Span{Text: base.Kind().Singular + " "}, document.Literal(idOf(e)), document.Span{Text: ": " + b.keptNote()}))
		return s
	}
	terms := &document.Terms{}
	for _, l := range model.ContentOf(e) {
		terms.Terms = append(terms.Terms, b.field(e, l))
	}
	s.Blocks = append(s.Blocks, document.P(b.From(e), document.Span{Text: base.Kind().Singular + " "}, document.Literal(idOf(e))))
	if len(terms.Terms) > 0 {
		s.Blocks = append(s.Blocks, terms)
	}
	if users := model.Users[model.Entity](e); len(users) > 0 {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, append(document.Text{{Text: b.Say("Referred to by") + " "}}, IDs(b, users)...)...))
	}
	return s
}

func titled(kind string) string {
	words := strings.ReplaceAll(kind, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// field is a field of an entity with its value, linked where it names entities.
func (b *Book) field(e model.Entity, f model.Field) document.Term {
	t := document.Term{Name: document.Text{document.Literal(f.Path)}, Source: b.From(e, strings.Split(f.Path, ".")...)}
	text := document.Text{{Text: f.Value}}
	if b.keepsText(f.Value) {
		text = document.Text{{Text: b.keptNote(), Style: document.Faint}}
	} else if to := b.File.Lookup(f.Value); to != nil {
		text = b.Named(to)
	} else if entry := b.Catalog.Entry(f.Value); entry != nil {
		text = document.Text{b.Clause(f.Value), {Text: " " + entry.Title}}
	}
	t.Blocks = []document.Block{&document.Paragraph{Text: text}}
	return t
}

// catalogue is the clauses against which the security file was checked: a document
// for each source, with a section for each clause.
func (b *Book) catalogue() []*document.Document {
	var list []*document.Document
	var d *document.Document
	for _, row := range b.Coverage {
		src := row.Entry.Source
		if d == nil || d.Name != "clauses-"+src.ID {
			d = &document.Document{Name: "clauses-" + src.ID, Title: shortNames[src.ID], Subtitle: src.Title + ", " + src.Edition, Lang: "en", Reference: true}
			list = append(list, d)
		}
		s := b.Section(row.Entry.ID, row.Entry.Clause+" "+row.Entry.Title,
			document.P(ByLaw(row.Entry.ID), document.Span{Text: row.Entry.Text}),
			document.P(document.Source{}, document.Span{Text: b.Say("Paraphrase, not the text of the document; checked against") + ": " + string(row.Entry.Verified) + ". "}, b.Status(row.Status)))
		if len(row.Reasons) > 0 {
			l := &document.List{}
			for _, r := range row.Reasons {
				if b.keepsText(r) {
					r = b.keptNote()
				}
				l.Items = append(l.Items, document.Item{Blocks: []document.Block{document.P(ByLaw(row.Entry.ID), document.Span{Text: r})}})
			}
			s.Blocks = append(s.Blocks, l)
		}
		if len(row.By) > 0 {
			s.Blocks = append(s.Blocks, document.P(document.Source{}, append(document.Text{{Text: b.Say("Answered by") + " "}}, IDs(b, row.By)...)...))
		}
		d.Sections = append(d.Sections, s)
	}
	return list
}
