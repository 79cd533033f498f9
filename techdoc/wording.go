package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/document"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// Codes of the findings about the manufacturer's own wording.
const (
	codeUnknownSection = "T8601" // a document or section that does not exist
	codeDropped        = "T8602" // the wording drops something that must be told
	codeUntranslated   = "T8603" // a text of the file has no translation
	codeAmbiguous      = "T8604" // several documents of the file may be the generated one
)

// reword applies the manufacturer's wording to a document. Titles and texts come
// first, so that the order may name sections as they were generated.
func (m *maker) reword(doc *document.Document) {
	p := m.in.File.Publication
	if p == nil {
		return
	}
	for i := range p.Wording {
		w := &p.Wording[i]
		if w.Document != doc.Name || w.Language != "" && !strings.EqualFold(w.Language, doc.Lang) {
			continue
		}
		if w.Section == "" {
			if w.Title != "" {
				doc.Title = w.Title
			}
			continue
		}
		list, at := locate(&doc.Sections, w.Section)
		if list == nil {
			m.wordingFinding(i, "section", codeUnknownSection, diag.Error,
				fmt.Sprintf("%s has no section %q", doc.Name, w.Section), suggestSection(doc, w.Section))
			continue
		}
		m.rewordSection(doc, list, at, w, i)
	}
}

// rewordSection applies one piece of wording.
func (m *maker) rewordSection(doc *document.Document, list *[]*document.Section, at int, w *model.Wording, i int) {
	s := (*list)[at]
	if fixed(doc) && (w.Omit == model.Yes || w.Text != "" && !putsGenerated(w.Text)) {
		m.wordingFinding(i, "section", codeDropped, diag.Error,
			fmt.Sprintf("section %s of %s can be neither left out nor replaced: what it says is counted and judged", s.ID, doc.Name),
			"put {{generated}} as a paragraph of its own into `text`, or use `before` and `after`")
		return
	}
	if w.Omit == model.Yes {
		if carried := carries(s); len(carried) > 0 {
			m.wordingFinding(i, "omit", codeDropped, diag.Error,
				fmt.Sprintf("leaving out section %s of %s drops %s, which must be told there", s.ID, doc.Name, strings.Join(carried, ", ")),
				"leave the section in; its text can be replaced by `text` as long as it keeps what must be told")
			return
		}
		*list = slices.Delete(*list, at, at+1)
		return
	}
	if w.Title != "" {
		s.Title = w.Title
	}
	own := m.source(i)
	if w.Text != "" {
		blocks, put, lost := m.weave(s, w.Text, own)
		if lost != "" {
			m.wordingFinding(i, "text", codeUnknownSection, diag.Error,
				fmt.Sprintf("nothing is generated for {{%s}} in section %s of %s, or it is no paragraph of its own", lost, s.ID, doc.Name), "")
			return
		}
		if gone := missing(s, put); len(gone) > 0 {
			m.wordingFinding(i, "text", codeDropped, diag.Error,
				fmt.Sprintf("the text for section %s of %s drops %s, which must be told there", s.ID, doc.Name, strings.Join(gone, ", ")),
				"put {{"+gone[0]+"}} as a paragraph of its own where it shall stand, or {{generated}} for all that theriac says there")
			return
		}
		s.Blocks = blocks
	}
	if w.Before != "" {
		s.Blocks = append(document.Markdown(w.Before, own), s.Blocks...)
	}
	if w.After != "" {
		s.Blocks = append(s.Blocks, document.Markdown(w.After, own)...)
	}
	if w.Follows != "" {
		m.move(doc, list, at, w, i)
	}
}

// fixed reports whether a document is one for the notified body, whose statements are
// computed: nobody words them away.
func fixed(doc *document.Document) bool {
	d := Find(doc.Name)
	return d != nil && d.Group == Submission
}

// putsGenerated reports whether a text puts all that is generated.
func putsGenerated(text string) bool {
	for _, b := range document.Markdown(text, document.Source{}) {
		if p, ok := b.(*document.Paragraph); ok {
			if name := placeholder.FindStringSubmatch(p.Text.String()); name != nil && name[1] == "generated" {
				return true
			}
		}
	}
	return false
}

// move puts a section behind another one of its chapter.
func (m *maker) move(doc *document.Document, list *[]*document.Section, at int, w *model.Wording, i int) {
	s := (*list)[at]
	rest := slices.Delete(slices.Clone(*list), at, at+1)
	to := 0
	if w.Follows != "first" {
		before := slices.IndexFunc(rest, func(o *document.Section) bool { return o.ID == w.Follows })
		if before < 0 {
			m.wordingFinding(i, "follows", codeUnknownSection, diag.Error,
				fmt.Sprintf("section %s of %s cannot follow %q, which is no section of the same chapter", s.ID, doc.Name, w.Follows), "")
			return
		}
		to = before + 1
	}
	*list = slices.Insert(rest, to, s)
}

var placeholder = lazyregexp.New(`^\{\{\s*([A-Za-z][A-Za-z0-9._-]*)\s*\}\}$`)

// weave replaces placeholders in a text by what was generated. It returns what was
// put: ids, or "generated"; and a placeholder that put nothing, if there is one.
func (m *maker) weave(s *document.Section, text string, own document.Source) (blocks []document.Block, put []string, lost string) {
	for _, b := range document.Markdown(text, own) {
		p, ok := b.(*document.Paragraph)
		if !ok {
			document.Blocks([]document.Block{b}, func(in document.Block) {
				if p, ok := in.(*document.Paragraph); ok && strings.Contains(p.Text.String(), "{{") {
					lost = strings.Trim(p.Text.String(), "{} ")
				}
			})
			blocks = append(blocks, b)
			continue
		}
		name := placeholder.FindStringSubmatch(p.Text.String())
		switch {
		case name == nil:
			blocks = append(blocks, b)
		case name[1] == "generated":
			blocks, put = append(blocks, s.Blocks...), append(put, "generated")
		default:
			of := about(s.Blocks, name[1])
			if len(of) == 0 {
				lost = name[1]
			}
			blocks, put = append(blocks, of...), append(put, name[1])
		}
	}
	return blocks, put, lost
}

// about takes out of blocks what is told of one entity: paragraphs and callouts
// about it, and of lists and tables its items and rows.
func about(blocks []document.Block, id string) (found []document.Block) {
	is := func(s document.Source) bool { return s.Entity == id || s.Clause == id }
	for _, b := range blocks {
		switch b := b.(type) {
		case *document.Paragraph:
			if is(b.Source) {
				found = append(found, b)
			}
		case *document.Callout:
			if in := about(b.Blocks, id); !is(b.Source) && len(in) > 0 {
				found = append(found, &document.Callout{Kind: b.Kind, Title: b.Title, Blocks: in, Source: b.Source})
			} else if is(b.Source) {
				found = append(found, b)
			}
		case *document.Picture:
			if is(b.Source) {
				found = append(found, b)
			}
		case *document.Listing:
			if is(b.Source) {
				found = append(found, b)
			}
		case *document.List:
			l := &document.List{Ordered: b.Ordered}
			for _, it := range b.Items {
				if is(it.Source) {
					l.Items = append(l.Items, it)
				}
			}
			if len(l.Items) > 0 {
				found = append(found, l)
			}
		case *document.Terms:
			t := &document.Terms{}
			for _, it := range b.Terms {
				if is(it.Source) {
					t.Terms = append(t.Terms, it)
				}
			}
			if len(t.Terms) > 0 {
				found = append(found, t)
			}
		case *document.Table:
			t := *b
			t.Rows = nil
			for _, r := range b.Rows {
				if is(r.Source) {
					t.Rows = append(t.Rows, r)
				}
			}
			if len(t.Rows) > 0 {
				found = append(found, &t)
			}
		}
	}
	return found
}

// missing lists what a section must tell and a text of the manufacturer does not put.
func missing(s *document.Section, put []string) (gone []string) {
	if slices.Contains(put, "generated") {
		return nil
	}
	for _, id := range s.Carries {
		if !slices.Contains(put, id) {
			gone = append(gone, id)
		}
	}
	return gone
}

// carries lists what a section and those below it must tell.
func carries(s *document.Section) []string {
	list := slices.Clone(s.Carries)
	for _, sub := range s.Sections {
		list = append(list, carries(sub)...)
	}
	return list
}

// locate finds a section by id: the list that it is in, and where.
func locate(list *[]*document.Section, id string) (*[]*document.Section, int) {
	for i, s := range *list {
		if s.ID == id {
			return list, i
		}
		if in, at := locate(&s.Sections, id); in != nil {
			return in, at
		}
	}
	return nil, 0
}

func suggestSection(doc *document.Document, id string) string {
	var names []string
	doc.Walk(func(s *document.Section, _ int) { names = append(names, s.ID) })
	if near := diag.Suggest(id, names); near != "" {
		return fmt.Sprintf("did you mean %q? `theriac build --list %s` lists the sections", near, doc.Name)
	}
	return fmt.Sprintf("`theriac build --list %s` lists the sections", doc.Name)
}

// unknownDocuments reports wording for documents that do not exist.
func (m *maker) unknownDocuments() {
	p := m.in.File.Publication
	if p == nil {
		return
	}
	var names []string
	for _, d := range Definitions() {
		names = append(names, d.Name)
	}
	unknown := func(name string, at diag.Span) {
		if slices.Contains(names, name) {
			return
		}
		fix := "`theriac build --list` lists the documents"
		if near := diag.Suggest(name, names); near != "" {
			fix = fmt.Sprintf("did you mean %q? ", near) + fix
		}
		m.findings.Add(diag.Finding{Code: codeUnknownSection, Severity: diag.Error, Span: at, Entity: "publication",
			Message: fmt.Sprintf("there is no document %q", name), Help: fix})
	}
	for i, w := range p.Wording {
		unknown(w.Document, p.At("wording", i, "document"))
	}
	for i, d := range p.Documents {
		unknown(d.Document, p.At("documents", i, "document"))
	}
}

// ambiguous reports generated documents of which nobody knows which document of the file
// they are, so that they carry no number and no approval.
func (m *maker) ambiguous() {
	f := m.in.File
	for _, d := range Definitions() {
		list := candidates(f, d)
		if len(list) < 2 || (&Book{Input: m.in}).Listed(d) != nil {
			continue
		}
		var ids []string
		for _, listed := range list {
			ids = append(ids, listed.ID)
		}
		m.findings.Add(diag.Finding{
			Code: codeAmbiguous, Severity: diag.Warning, Span: list[1].At("type"), Entity: list[1].ID,
			Message: fmt.Sprintf("%s are of type %q, and the generated %s may be any of them", strings.Join(ids, ", "), list[0].Type, d.Name),
			Help:    fmt.Sprintf("say which under `publication: documents:`, for example `- {document: %s, is: %s}`", d.Name, ids[0]),
		})
	}
}

// untranslated reports texts of the file that a document for users shows in English
// although it is in another language.
func (m *maker) untranslated() {
	for _, l := range m.wanted {
		for _, t := range l.Missing() {
			id, field, _ := strings.Cut(t.Context, " ")
			at, entity := m.in.File.Product.Here(), ""
			if e := m.in.File.Lookup(id); e != nil {
				at, entity = check.Place(e, field), id
			}
			name := id + " " + field
			if t.Context == "" {
				name = fmt.Sprintf("the sentence %q", short(t.Text))
			}
			m.findings.Add(diag.Finding{
				Code: codeUntranslated, Severity: diag.Error, Span: at, Entity: entity,
				Message: fmt.Sprintf("%s has no translation into %q", name, l.Tag),
				Help:    fmt.Sprintf("add it to translations/%s.po; `theriac strings --lang %s` writes down what is missing", l.Tag, l.Tag),
			})
		}
	}
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}

func (m *maker) source(i int) document.Source {
	at := m.in.File.Publication.At("wording", i)
	return document.Source{Entity: "publication", Field: fmt.Sprintf("wording.%d", i), Path: (&Book{Input: m.in}).path(at), Line: at.Line}
}

func (m *maker) wordingFinding(i int, field, code string, severity diag.Severity, message, fix string) {
	m.findings.Add(diag.Finding{Code: code, Severity: severity, Span: m.in.File.Publication.At("wording", i, field), Message: message, Help: fix, Entity: "publication"})
}
