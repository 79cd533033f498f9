package docx

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"theriac/document"
)

// maxNesting bounds the depth of blocks in blocks that are set apart.
const maxNesting = 9

// place is where blocks stand: in a list, a callout, a definition.
type place struct {
	style  string // of paragraphs
	indent int    // in twips
	edge   int    // of the callout around, from which its bar must not move
	level  int    // of lists, 0 outside of them
	depth  int
}

func (w *writer) unit(u unit) error {
	if u.block == nil {
		w.heading(u.section, u.depth)
		return nil
	}
	w.lead = u.lead
	return w.block(u.block, place{style: "Body Text"}, u.follows)
}

// heading writes the heading of a section. Levels beyond those of word processors are
// strong lines with their number.
func (w *writer) heading(s *document.Section, depth int) {
	text := oneLine(s.Title)
	if depth > levels {
		text = strings.TrimSpace(s.Number + " " + text)
	}
	runs := w.atTop(w.at(w.plainRun(text, ""), s.ID)) // at the top where there is no title of ours
	if depth > levels {
		w.WriteString(w.paragraph("Term", "", runs))
		return
	}
	numbers := ""
	switch {
	case w.heads.none:
		numbers = unnumbered
	case w.heads.direct > 0:
		numbers = fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, depth-1, w.heads.direct)
	}
	w.WriteString(w.paragraph(heading(depth), numbers, runs))
}

// oneLine is a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// blocks writes blocks that stand in another one.
func (w *writer) blocks(list []document.Block, p place, follows document.Source) error {
	for i, b := range list {
		w.flush()
		next := follows
		if i+1 < len(list) {
			next = firstSource(list[i+1])
		}
		if err := w.block(b, p, next); err != nil {
			return err
		}
	}
	return nil
}

// block writes a block. The mark of its source is left out where the next statement has
// the same.
func (w *writer) block(b document.Block, p place, follows document.Source) error {
	p.depth++
	if p.depth > maxNesting {
		p.indent = min(p.indent, maxNesting*listStep+p.edge)
	}
	switch b := b.(type) {
	case *document.Paragraph:
		w.text(b.Text, b.Source, p, follows)
	case *document.List:
		return w.list(b, p, follows)
	case *document.Terms:
		return w.terms(b, p)
	case *document.Table:
		w.table(b, w.page.room(w.turned)-min(p.indent, w.page.room(w.turned)/2))
	case *document.Picture:
		return w.picture(b)
	case *document.Callout:
		return w.callout(b, p)
	case *document.Listing:
		w.listing(b, p)
	}
	return nil
}

// indent is the property of paragraphs that stand further right than their style says.
func (p place) property() string {
	switch {
	case p.indent == 0:
		return ""
	case p.edge > 0:
		return fmt.Sprintf(`<w:ind w:left="%d" w:hanging="%d"/>`, p.indent, p.indent-p.edge)
	}
	return fmt.Sprintf(`<w:ind w:left="%d"/>`, p.indent)
}

func (w *writer) text(t document.Text, s document.Source, p place, follows document.Source) {
	runs := w.runs(t, false)
	if s != follows {
		runs += w.mark(s)
	}
	if p.edge > 0 && p.indent > p.edge {
		runs = `<w:r><w:tab/></w:r>` + runs
	}
	w.WriteString(w.paragraph(p.style, p.property(), runs))
}

// list writes a list; what follows the first paragraph of an item is set below it.
func (w *writer) list(l *document.List, p place, follows document.Source) error {
	id, style := w.lists.bullets, "List Bullet"
	if l.Ordered {
		id, style = w.newList(w.lists.abstract+1), "List Number"
	}
	inner := place{style: "List Continue", edge: p.edge, level: p.level + 1, depth: p.depth}
	if p.style != "Body Text" && p.style != "List Continue" {
		style, inner.style = p.style, p.style
	}
	inner.indent = max(p.indent, p.edge) + listStep
	numbers := fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, min(p.level, levels-1), id)
	switch {
	case p.edge > 0:
		numbers += inner.property()
	case inner.indent != inner.level*listStep || inner.level > levels:
		numbers += fmt.Sprintf(`<w:ind w:left="%d" w:hanging="%d"/>`, inner.indent, listStep)
	}
	for i, it := range l.Items {
		next := follows
		if i+1 < len(l.Items) {
			next = l.Items[i+1].Source
		}
		var runs string
		blocks := it.Blocks
		if len(blocks) > 0 {
			if first, ok := blocks[0].(*document.Paragraph); ok {
				runs, blocks = w.runs(first.Text, false), blocks[1:]
			}
		}
		if len(blocks) == 0 && it.Source != next {
			runs += w.mark(it.Source)
		}
		w.flush()
		w.WriteString(w.paragraph(style, numbers, runs))
		if err := w.blocks(withSource(blocks, it.Source), inner, next); err != nil {
			return err
		}
	}
	return nil
}

// termTable writes names with what is said of them beside.
func (w *writer) termTable(l *document.Terms) {
	room := w.page.room(w.turned)
	widths := []int{room * 3 / 10, room - room*3/10}
	w.WriteString(tableStart(w.id("Fact Table"), widths, ""))
	for _, t := range l.Terms {
		blocks := withSource(t.Blocks, t.Source)
		name, said := w.runs(t.Name, false), ""
		for i, b := range blocks {
			if b, ok := b.(*document.Paragraph); ok {
				runs := w.runs(b.Text, false)
				if i+1 == len(blocks) || firstSource(blocks[i+1]) != b.Source {
					runs += w.mark(b.Source)
				}
				said += w.paragraph("Normal", "", runs)
			}
		}
		if len(blocks) == 0 {
			said = w.paragraph("Normal", "", w.mark(t.Source))
		}
		w.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>` + cell(widths[0], "", w.paragraph("Normal", "", name)) + cell(widths[1], "", said) + `</w:tr>`)
	}
	w.WriteString(`</w:tbl>`)
	w.space = true
}

// Terms that are set as a table.
const (
	shortName = 80  // characters
	shortSaid = 400 // bytes
)

// isShort reports whether all terms are names with a few words.
func isShort(l *document.Terms) bool {
	for _, t := range l.Terms {
		said := 0
		for _, b := range t.Blocks {
			p, ok := b.(*document.Paragraph)
			if !ok {
				return false
			}
			said += len(p.Text.String())
		}
		if said > shortSaid || utf8.RuneCountInString(t.Name.String()) > shortName {
			return false
		}
	}
	return len(l.Terms) > 0
}

// terms writes names with what is said of them: beside them where that is short, below
// otherwise.
func (w *writer) terms(l *document.Terms, p place) error {
	if p.style == "Body Text" && isShort(l) {
		w.termTable(l)
		return nil
	}
	for _, t := range l.Terms {
		w.flush()
		runs := w.runs(t.Name, false)
		if len(t.Blocks) == 0 {
			runs += w.mark(t.Source)
		}
		style := "Term"
		if p.style != "Body Text" {
			style = p.style
		}
		w.WriteString(w.paragraph(style, p.property(), runs))
		inner := place{style: "Definition", depth: p.depth}
		if p.style != "Body Text" {
			inner = place{style: p.style, indent: max(p.indent, p.edge) + listStep, edge: p.edge, level: p.level, depth: p.depth}
		}
		if err := w.blocks(withSource(t.Blocks, t.Source), inner, document.Source{}); err != nil {
			return err
		}
	}
	return nil
}

// withSource gives the last paragraph of blocks a source where none of them has one.
func withSource(list []document.Block, s document.Source) []document.Block {
	for _, b := range list {
		if !firstSource(b).IsZero() {
			return list
		}
	}
	if n := len(list); n > 0 {
		if last, ok := list[n-1].(*document.Paragraph); ok {
			return append(list[:n-1:n-1], document.P(s, last.Text...))
		}
	}
	return list
}

// callout writes a statement in a style of its own.
func (w *writer) callout(c *document.Callout, p place) error {
	style := "Note"
	for _, known := range callouts {
		if strings.EqualFold(known.name, string(c.Kind)) {
			style = known.name
		}
	}
	inner := place{style: style, edge: p.indent + calloutEdge, depth: p.depth}
	if p.indent > 0 {
		inner.indent = inner.edge
	}
	title := c.Title
	if title == "" && (style == "Warning" || style == "Caution") {
		title = w.say.Say(style)
	}
	blocks := withSource(c.Blocks, c.Source)
	if title != "" {
		w.WriteString(w.paragraph(style, `<w:keepNext/>`+inner.property(), w.plainRun(title, w.character(style+" Title"))))
	}
	return w.blocks(blocks, inner, document.Source{})
}

// listing writes preformatted text.
func (w *writer) listing(l *document.Listing, p place) {
	runs := w.plainRun(l.Text, "")
	if m := w.mark(l.Source); m != "" {
		runs += `<w:r><w:br/></w:r>` + m
	}
	property := ""
	if p.indent > 0 {
		property = fmt.Sprintf(`<w:ind w:left="%d"/>`, p.indent+170)
	}
	w.WriteString(w.paragraph("Code", property, runs))
}
