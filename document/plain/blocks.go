package plain

import (
	"strconv"
	"strings"

	"theriac/document"
)

// blocks writes blocks, each without a line break at its end. A source that the
// next block has as well is given there.
func (p *markdown) blocks(list []document.Block) []string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	for i, b := range list {
		switch b := b.(type) {
		case *document.Paragraph:
			line := guard(p.text(b.Text, false))
			if i+1 == len(list) || sourceOf(list[i+1]) != b.Source {
				line = join(line, p.source(b.Source))
			}
			add(line)
		case *document.List:
			add(p.list(b, alternate(list, i)))
		case *document.Terms:
			add(p.terms(b, alternate(list, i)))
		case *document.Table:
			add(p.table(b))
		case *document.Picture:
			add(p.picture(b))
		case *document.Callout:
			add(p.callout(b))
		case *document.Listing:
			add(listing(b.Text))
			add(p.source(b.Source))
		}
	}
	return out
}

// sourceOf is the source of a paragraph; the zero Source for all other blocks.
func sourceOf(b document.Block) document.Source {
	if p, ok := b.(*document.Paragraph); ok {
		return p.Source
	}
	return document.Source{}
}

// alternate reports whether a list takes the other marks, since it comes right after
// one with which it would become one list.
func alternate(list []document.Block, i int) bool {
	n := 0
	for i > 0 && isList(list[i]) && isList(list[i-1]) {
		n++
		i--
	}
	return n%2 == 1
}

func isList(b document.Block) bool {
	switch b.(type) {
	case *document.List, *document.Terms:
		return true
	}
	return false
}

func (p *markdown) list(l *document.List, other bool) string {
	var items []string
	loose := false
	for i, it := range l.Items {
		mark := "- "
		switch {
		case l.Ordered && other:
			mark = strconv.Itoa(i+1) + ") "
		case l.Ordered:
			mark = strconv.Itoa(i+1) + ". "
		case other:
			mark = "* "
		}
		blocks := p.blocks(it.Blocks)
		if n := len(it.Blocks); n == 0 || sourceOf(it.Blocks[n-1]) != it.Source {
			blocks = trail(blocks, p.source(it.Source), it.Blocks)
		}
		items = append(items, item(mark, blocks))
		loose = loose || len(blocks) > 1
	}
	return strings.Join(items, between(loose))
}

func (p *markdown) terms(t *document.Terms, other bool) string {
	mark := "- "
	if other {
		mark = "* "
	}
	var items []string
	loose := false
	for _, term := range t.Terms {
		name := p.text(strong(term.Name), false) + ":"
		blocks := p.blocks(term.Blocks)
		if len(term.Blocks) > 0 && startsWithText(term.Blocks[0]) && len(blocks) > 0 {
			blocks[0] = name + " " + blocks[0]
		} else {
			blocks = append([]string{name}, blocks...)
		}
		if n := len(term.Blocks); n == 0 || sourceOf(term.Blocks[n-1]) != term.Source {
			blocks = trail(blocks, p.source(term.Source), term.Blocks)
		}
		items = append(items, item(mark, blocks))
		loose = loose || len(blocks) > 1
	}
	return strings.Join(items, between(loose))
}

func startsWithText(b document.Block) bool {
	q, ok := b.(*document.Paragraph)
	return ok && strings.TrimSpace(q.Text.String()) != ""
}

func strong(t document.Text) document.Text {
	bold := make(document.Text, len(t))
	for i, s := range t {
		s.Style |= document.Strong
		bold[i] = s
	}
	return bold
}

// trail puts a mark behind the last of the blocks where that is a paragraph, and
// below it otherwise.
func trail(blocks []string, mark string, from []document.Block) []string {
	if mark == "" {
		return blocks
	}
	last := len(blocks) - 1
	if last < 0 {
		return []string{mark}
	}
	if len(from) > 0 {
		if _, ok := from[len(from)-1].(*document.Paragraph); !ok {
			return append(blocks, mark)
		}
	}
	blocks[last] = join(blocks[last], mark)
	return blocks
}

func between(loose bool) string {
	if loose {
		return "\n\n"
	}
	return "\n"
}

func join(text, mark string) string {
	switch {
	case text == "":
		return mark
	case mark == "":
		return text
	}
	return text + " " + mark
}

// item is an item of a list.
func item(mark string, blocks []string) string {
	if len(blocks) == 0 {
		return strings.TrimRight(mark, " ")
	}
	return mark + indented(strings.Join(blocks, "\n\n"), strings.Repeat(" ", len(mark)))
}

// indented puts a prefix before each line but the first one.
func indented(text, prefix string) string {
	lines := strings.Split(text, "\n")
	for i := 1; i < len(lines); i++ {
		if lines[i] != "" || strings.TrimSpace(prefix) != "" {
			lines[i] = strings.TrimRight(prefix+lines[i], " ")
		}
	}
	return strings.Join(lines, "\n")
}

// callout is a quotation that starts with the kind of the callout; a note without a
// title is a quotation alone.
func (p *markdown) callout(c *document.Callout) string {
	kind := map[document.CalloutKind]string{document.Warning: "Warning", document.Caution: "Caution", document.Note: "Note", document.Gap: "Open"}[c.Kind]
	kind = p.say(kind)
	title := strings.TrimSpace(clean(c.Title))
	var blocks []string
	switch {
	case title == "" && c.Kind == document.Note:
	case title == "" || title == kind:
		blocks = append(blocks, "**"+escape(kind)+"**")
	default:
		blocks = append(blocks, emphasise(escape(kind+": "+title), "**", "strong", ' ', ' '))
	}
	blocks = append(blocks, p.blocks(c.Blocks)...)
	if n := len(c.Blocks); n == 0 || sourceOf(c.Blocks[n-1]) != c.Source {
		blocks = trail(blocks, p.source(c.Source), c.Blocks)
	}
	return "> " + indented(strings.Join(blocks, "\n\n"), "> ")
}

// listing keeps lines and blanks of a text.
func listing(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return cleanRune(r)
		}, l)
	}
	text = strings.Join(lines, "\n")
	fence := strings.Repeat("`", max(3, longest(text, '`')+1))
	return fence + "text\n" + text + "\n" + fence
}

// picture is the caption of a picture and what it shows: the picture itself is in
// other forms.
func (p *markdown) picture(f *document.Picture) string {
	caption := p.say("Figure")
	if f.Number > 0 {
		caption += " " + strconv.Itoa(f.Number)
	}
	if c := strings.TrimSpace(escape(f.Caption)); c != "" {
		caption += ": " + c
	}
	out := join(p.anchor(f.ID), "**"+caption+"**")
	if f.Drawing != nil {
		out = join(out, strings.TrimSpace(escape(f.Drawing.Summary)))
	}
	return join(out, p.source(f.Source))
}

// source is a small mark that says where a statement came from; "" where it is ours
// or the section itself, and where the readers have no security file.
func (p *markdown) source(s document.Source) string {
	var text, to string
	switch {
	case p.doc.Quiet:
	case s.Path != "":
		text, to = place(s), destination(string(p.set.Design.Line(s)))
	case s.Clause != "":
		text, to = s.Clause, p.target(document.Address("clause:"+s.Clause))
	case s.Entity != "":
		text, to = s.Entity, p.target(document.Address("entity:"+s.Entity))
	default:
		text = s.Evidence
	}
	if text == "" || text == p.at {
		return ""
	}
	text = escape(text)
	if to != "" {
		text = "[" + text + "](" + to + ")"
	}
	return "<sub>" + text + "</sub>"
}

func (p *markdown) table(t *document.Table) string {
	columns, sourced := len(t.Columns), false
	for _, r := range t.Rows {
		columns = max(columns, len(r.Cells))
		sourced = sourced || p.source(r.Source) != ""
	}
	if columns == 0 {
		return ""
	}
	head, align := make([]string, columns), make([]string, columns)
	for i := range head {
		align[i] = "---"
		if i < len(t.Columns) {
			head[i] = strings.TrimSpace(escape(t.Columns[i].Title))
			if t.Columns[i].Kind == document.Figure {
				align[i] = "---:"
			}
		}
	}
	if sourced {
		head, align = append(head, p.say("Source")), append(align, "---")
	}
	rows := [][]string{head}
	for _, r := range t.Rows {
		rows = append(rows, p.row(r, columns, sourced))
	}
	return strings.Join(append(p.caption(t), grid(align, rows)), "\n\n")
}

func (p *markdown) caption(t *document.Table) []string {
	line := p.anchor(t.ID)
	if t.Caption != "" {
		line = join(line, "**"+p.say("Table")+" "+strconv.Itoa(t.Number)+": "+strings.TrimSpace(escape(t.Caption))+"**")
	}
	if line == "" {
		return nil
	}
	return []string{line}
}

// row is a row of a table; the name of a group stands alone in its first cell.
func (p *markdown) row(r document.Row, columns int, sourced bool) []string {
	cells := make([]string, columns)
	p.line = r.ID
	defer func() { p.line = "" }()
	if r.Group != "" {
		cells[0] = emphasise(strings.TrimSpace(escape(r.Group)), "**", "strong", ' ', ' ')
	}
	for i, c := range r.Cells {
		var lines []string
		for _, l := range c.Lines {
			if s := p.text(l, true); s != "" {
				lines = append(lines, s)
			}
		}
		if i == 0 && cells[0] != "" {
			lines = append([]string{cells[0]}, lines...)
		}
		cells[i] = strings.Join(lines, "<br>")
	}
	cells[0] = join(p.anchor(r.ID), cells[0])
	if sourced {
		cells = append(cells, p.source(r.Source))
	}
	return cells
}
