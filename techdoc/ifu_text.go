package techdoc

import (
	"slices"
	"strconv"
	"strings"

	"theriac/document"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// tell is a text of the security file for users: in their language, on one line, with
// titles in place of ids, which say nothing to them.
func (g *guide) tell(e model.Entity, field, text string) string {
	return g.named(strings.Join(strings.Fields(g.Tell(e, field, text)), " "))
}

// idInText is what may be an id of several words in a text.
var idInText = lazyregexp.New(`[A-Za-z0-9][A-Za-z0-9._]*(?:-[A-Za-z0-9._]+)+`)

// named puts the titles of entities for their ids.
func (g *guide) named(text string) string {
	return idInText.ReplaceAllStringFunc(text, func(id string) string {
		bare := strings.TrimRight(id, ".")
		e := g.File.Lookup(bare)
		if e == nil {
			return id
		}
		rest := id[len(bare):]
		if model.Of(e).Title == "" {
			return g.Say(strings.ReplaceAll(bare, "-", " ")) + rest // the one of its kind
		}
		return g.quoted(g.Title(e)) + rest
	})
}

func (g *guide) quoted(s string) string { return g.Say("“%s”", s) }

// prose is a text of the security file that may hold Markdown; a gap where it is
// absent.
func (g *guide) prose(e model.Entity, field, text, what string) []document.Block {
	if strings.TrimSpace(text) == "" {
		return []document.Block{g.Gap(e, field, g.Say(what))}
	}
	return document.Markdown(g.named(g.Tell(e, field, text)), g.From(e, strings.Split(field, ".")...))
}

// Gap says that something is not stated, in words for readers who have no security
// file.
func (g *guide) Gap(e model.Entity, _, what string) *document.Callout {
	c := &document.Callout{Kind: document.Gap, Title: g.Say("Open"), Blocks: []document.Block{g.Para("The manufacturer has not stated yet: %s.", what)}}
	if e != nil {
		c.Source = g.From(e)
	}
	return c
}

// sentence is a paragraph with a text of the security file.
func (g *guide) sentence(e model.Entity, field, text string) document.Block {
	return document.P(g.at(e, field), document.Span{Text: g.tell(e, field, text)})
}

// at is the source of a field given as a path with dots.
func (g *guide) at(e model.Entity, field string) document.Source {
	return g.From(e, strings.Split(field, ".")...)
}

// fact adds a name with a value that is the same in all languages; a mark where it
// is not stated.
func (g *guide) fact(t *document.Terms, name string, e model.Entity, field, value string) {
	source := g.at(e, field)
	block := document.Block(document.P(source, document.Span{Text: value}))
	if strings.TrimSpace(value) == "" {
		block = g.unstated(source)
	}
	t.Terms = append(t.Terms, document.Term{Name: document.T("%s", g.Say(name)), Blocks: []document.Block{block}, Source: source})
}

// words adds a name with a text of the security file.
func (g *guide) words(t *document.Terms, name string, e model.Entity, field, text string) {
	g.fact(t, name, e, field, g.tell(e, field, text))
}

// duration adds a name with a length of time.
func (g *guide) duration(t *document.Terms, name string, e model.Entity, field string, d model.Duration) {
	g.fact(t, name, e, field, g.span(d))
}

// unstated is a mark that something is not stated.
func (g *guide) unstated(source document.Source) document.Block {
	return document.P(source, document.Badge(document.Bad, g.Say("not stated")))
}

// described lists entities with what is said of them.
func described[E model.Entity](g *guide, list []E, field string, text func(E) string) document.Block {
	t := &document.Terms{}
	for _, e := range list {
		t.Terms = append(t.Terms, document.Term{
			Name: document.T("%s", g.Title(e)), Blocks: g.prose(e, field, text(e), "a description"), Source: g.From(e),
		})
	}
	return t
}

// bullets is a list with a text for each item of a list of the security file.
func (g *guide) bullets(e model.Entity, field string, texts []string) document.Block {
	l := &document.List{}
	for i, text := range texts {
		l.Items = append(l.Items, document.Item{
			Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: g.tell(e, field+"."+strconv.Itoa(i), text)})},
			Source: g.From(e, field),
		})
	}
	return l
}

// steps is an ordered list of paragraphs.
func numbered(items ...document.Item) document.Block {
	return &document.List{Ordered: true, Items: items}
}

func bullet(source document.Source, spans ...document.Span) document.Item {
	return document.Item{Blocks: []document.Block{document.P(document.Source{}, spans...)}, Source: source}
}

// titles lists entities by title on one line.
func titles[E model.Entity](g *guide, list []E) string {
	var names []string
	for _, e := range list {
		names = append(names, g.Title(e))
	}
	return strings.Join(names, "; ")
}

// controls lists the controls of the device with one of some capabilities, in the
// order of the file.
func (g *guide) controls(capabilities ...model.Capability) []*model.Control {
	var list []*model.Control
	for _, c := range g.File.Controls {
		if ownControl(c) && slices.ContainsFunc(capabilities, func(want model.Capability) bool { return slices.Contains(c.Capabilities, want) }) {
			list = append(list, c)
		}
	}
	return list
}

// ownControl reports whether the device itself provides a control that its users can
// see working.
func ownControl(c *model.Control) bool {
	return (c.By == "" || c.By == "device") && c.Priority != "information"
}

// technical is a name of a protocol or algorithm. Names in one word are the same in
// all languages.
func (g *guide) technical(e model.Entity, field, text string) document.Cell {
	switch text = strings.TrimSpace(text); {
	case text == "":
		return g.Or("")
	case text == "none":
		return document.W(g.Say("none"))
	case strings.ContainsAny(text, " \n\t"):
		text = g.tell(e, field, text)
	}
	return document.W(technicalName(text))
}

// technicalName writes the names in a text as people do: "FHIR R4" for fhir-r4.
func technicalName(text string) string {
	text = algorithm.ReplaceAllStringFunc(text, func(name string) string {
		return strings.Replace(strings.ToUpper(name), "TLS-", "TLS ", 1)
	})
	return protocol.ReplaceAllStringFunc(text, func(name string) string {
		m := protocol.FindStringSubmatch(name)
		if m[3] == "" {
			return strings.ToUpper(m[1])
		}
		if m[2] != "v" {
			m[2] = strings.ToUpper(m[2])
		}
		return strings.ToUpper(m[1]) + " " + m[2] + m[3]
	})
}

// protocol is a name that people write in capitals, with its version.
var protocol = lazyregexp.New(`\b(nts-ke|astm|dhcp|dns|est|fhir|hl7|https|http|ipp|ldap|mllp|mqtt|ntp|nts|rfc|tftp|tls)(?:-?([erv]?)([0-9]+(?:\.[0-9]+)*))?\b`)

// algorithm is a name that people write in capitals.
var algorithm = lazyregexp.New(`\b(?:tls-[0-9.]*[0-9]|aes-[0-9]+(?:-[a-z]+)?)\b`)

// span is a length of time.
func (g *guide) span(d model.Duration) string {
	number, unit, _ := strings.Cut(d.String(), " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return ""
	}
	unit = strings.TrimSuffix(unit, "s")
	if n == 1 {
		return g.Say("1 " + unit)
	}
	return g.Say("%d "+unit+"s", n)
}
