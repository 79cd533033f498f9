package document

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Numbering is how sections are numbered.
type Numbering string

// The schemes: 1.2.3, or without numbers.
const (
	Decimal    Numbering = "decimal"
	Unnumbered Numbering = "none"
)

// Place is where something is told.
type Place struct {
	Document *Document
	Section  *Section // nil for the document as a whole
	Inside   string   // id of a table, row or picture in it; "" for none
}

// Anchor is the id of the place within its document; "" for the document itself.
func (p Place) Anchor() string {
	switch {
	case p.Inside != "":
		return p.Inside
	case p.Section != nil:
		return p.Section.ID
	}
	return ""
}

// Words names the place as a reader would look it up: "Risk report, section 4.2
// (Overall residual risk)".
func (p Place) Words() string {
	title := p.Document.Title
	switch {
	case p.Section == nil:
		return title
	case p.Section.Number == "":
		return title + ", " + p.Section.Title
	}
	return title + ", " + p.Section.Number + " " + p.Section.Title
}

// Number numbers the sections, tables and pictures of documents, and finds out what
// is told where. Documents that are made later may ask for it.
func (s *Set) Number(n Numbering) {
	s.numbers = n
	s.places, s.told = map[string]Place{}, map[string][]Place{}
	for _, d := range s.Documents {
		number(d.Sections, "", n)
		tables, pictures := 0, 0
		s.place("doc:"+d.Name, d, Place{Document: d})
		d.Walk(func(sec *Section, _ int) {
			s.place("doc:"+d.Name+"#"+sec.ID, d, Place{Document: d, Section: sec})
			if d.Reference {
				s.place("entity:"+sec.ID, d, Place{Document: d, Section: sec})
				s.place("clause:"+sec.ID, d, Place{Document: d, Section: sec})
			}
			last := map[string]bool{}
			Blocks(sec.Blocks, func(b Block) {
				switch b := b.(type) {
				case *Table:
					if b.Caption != "" {
						tables++
						b.Number = tables
					}
					if b.ID != "" {
						s.place("doc:"+d.Name+"#"+b.ID, d, Place{d, sec, b.ID})
					}
					for _, r := range b.Rows {
						if r.ID != "" {
							s.place("doc:"+d.Name+"#"+r.ID, d, Place{d, sec, r.ID})
						}
					}
				case *Picture:
					pictures++
					b.Number = pictures
					if b.ID != "" {
						s.place("doc:"+d.Name+"#"+b.ID, d, Place{d, sec, b.ID})
					}
				}
				if d.Reference {
					return
				}
				for _, source := range Sources(b) {
					for _, id := range []string{source.Entity, source.Clause} {
						if id != "" && !last[id] {
							last[id] = true
							s.told[id] = append(s.told[id], Place{Document: d, Section: sec})
						}
					}
				}
			})
		})
	}
}

// place notes where an address leads. The first document of a name, and the first
// place in it, is meant; one in another language has its own.
func (s *Set) place(address string, d *Document, p Place) {
	for _, key := range []string{address, d.Lang + " " + address} {
		if _, taken := s.places[key]; !taken {
			s.places[key] = p
		}
	}
}

func number(list []*Section, prefix string, n Numbering) {
	for i, s := range list {
		s.Number = ""
		if n == Decimal {
			s.Number = prefix + strconv.Itoa(i+1)
		}
		number(s.Sections, s.Number+".", n)
	}
}

// Told lists the sections in which an entity or clause is told, in reading order,
// leaving out documents to look things up.
func (s *Set) Told(id string) []Place { return s.told[id] }

// Find is where an address within the set leads to, as seen from a document.
func (s *Set) Find(to Address, from *Document) (Place, bool) {
	if from != nil {
		if p, ok := s.places[from.Lang+" "+string(to)]; ok {
			return p, true
		}
	}
	p, ok := s.places[string(to)]
	return p, ok
}

// Within is the anchor in a document to which an address leads without leaving the
// document: for painters of a form that is one file for each document.
func (s *Set) Within(to Address, d *Document) (anchor string, ok bool) {
	scheme, id, _ := strings.Cut(string(to), ":")
	if scheme == "entity" || scheme == "clause" {
		to = Address("doc:" + d.Name + "#" + id)
	}
	p, ok := s.Find(to, d)
	if !ok || p.Document != d {
		return "", false
	}
	return p.Anchor(), true
}

// Keep leaves out the documents that are not wanted, of a set that is resolved. Links
// into them lose their target; their text says where it is. The documents are shared:
// the set itself must not be used any more.
func (s *Set) Keep(wanted func(*Document) bool) *Set {
	kept := *s
	kept.Documents = nil
	for _, d := range s.Documents {
		if wanted(d) {
			kept.Documents = append(kept.Documents, d)
		}
	}
	kept.Number(s.numbers)
	for _, d := range kept.Documents {
		d.Walk(func(sec *Section, _ int) {
			Blocks(sec.Blocks, func(b Block) {
				texts(b, func(t Text) {
					for i := range t {
						if to := t[i].To; to != "" && !to.Outside() {
							if _, ok := kept.Find(to, d); !ok {
								t[i].To = ""
							}
						}
					}
				})
			})
		})
	}
	return &kept
}

// FileName is the name of the file of a document, without extension: that of the
// first document of its name carries no language.
func (s *Set) FileName(d *Document) string {
	if p, ok := s.places["doc:"+d.Name]; ok && p.Document.Lang != d.Lang {
		return d.Name + "." + d.Lang
	}
	return d.Name
}

// Outside reports whether an address leads out of the set.
func (a Address) Outside() bool {
	return strings.HasPrefix(string(a), "https://") || strings.HasPrefix(string(a), "http://") || strings.HasPrefix(string(a), "mailto:")
}

// Resolve gives texts to links that have none, and reports links into documents
// that lead nowhere. Links to entities and clauses that no document describes lose
// their target: their text says enough.
func (s *Set) Resolve() error {
	s.Number(s.numbers)
	var lost error
	for _, d := range s.Documents {
		d.Walk(func(sec *Section, _ int) {
			Blocks(sec.Blocks, func(b Block) {
				texts(b, func(t Text) {
					for i := range t {
						if err := s.resolve(d, &t[i]); err != nil && lost == nil {
							lost = fmt.Errorf("%s, section %s: %w", d.Name, sec.ID, err)
						}
					}
				})
			})
		})
	}
	return lost
}

func (s *Set) resolve(d *Document, span *Span) error {
	if span.To == "" || span.To.Outside() {
		return nil
	}
	p, ok := s.Find(span.To, d)
	switch {
	case ok && span.Text == "":
		span.Text = p.Words()
	case ok:
	case strings.HasPrefix(string(span.To), "doc:"):
		return fmt.Errorf("a link leads to %s, which does not exist", span.To)
	default:
		_, id, _ := strings.Cut(string(span.To), ":")
		if span.Text == "" {
			span.Text = id
		}
		span.To = ""
	}
	return nil
}

// Line is the address of the line that a statement comes from, after the manufacturer's
// pattern; "" where there is none, or it is no address for a browser.
func (d Design) Line(s Source) Address {
	if d.SourceLink == "" || s.Path == "" || d.Commit == "" && strings.Contains(d.SourceLink, "{commit}") {
		return ""
	}
	steps := strings.Split(s.Path, "/")
	for i := range steps {
		steps[i] = url.PathEscape(steps[i])
	}
	to := Address(strings.NewReplacer("{path}", strings.Join(steps, "/"), "{line}", strconv.Itoa(max(s.Line, 1)), "{commit}", url.PathEscape(d.Commit)).Replace(d.SourceLink))
	u, err := url.Parse(string(to))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return to
}
