package document

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

var commonmark = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))

// maxNesting bounds the depth of lists and quotations that are kept as such.
const maxNesting = 8

// Markdown reads a text as people write it, CommonMark with tables. HTML in it is
// shown as text; pictures are named, not loaded; headings become strong lines, since
// a text has no sections of its own.
func Markdown(source string, from Source) []Block {
	r := mdReader{text: []byte(source), from: from}
	return r.blocks(commonmark.Parser().Parse(text.NewReader(r.text)), 0)
}

// MarkdownLine reads a text of one line: the spans of its paragraphs, one after
// another.
func MarkdownLine(source string) Text {
	var t Text
	for _, b := range Markdown(source, Source{}) {
		if p, ok := b.(*Paragraph); ok {
			if len(t) > 0 {
				t = append(t, Span{Text: " "})
			}
			t = append(t, p.Text...)
		}
	}
	return t
}

type mdReader struct {
	text []byte
	from Source
}

func (r *mdReader) blocks(parent ast.Node, depth int) []Block {
	var out []Block
	if depth > maxNesting {
		return []Block{&Paragraph{Text: T("%s", r.raw(parent)), Source: r.from}}
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			out = append(out, &Paragraph{Text: r.spans(n, Strong), Source: r.from})
		case *ast.List:
			l := &List{Ordered: n.IsOrdered()}
			for it := n.FirstChild(); it != nil; it = it.NextSibling() {
				l.Items = append(l.Items, Item{Blocks: r.blocks(it, depth+1), Source: r.from})
			}
			out = append(out, l)
		case *ast.Blockquote:
			out = append(out, &Callout{Kind: Note, Blocks: r.blocks(n, depth+1), Source: r.from})
		case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock:
			out = append(out, &Listing{Text: strings.TrimRight(r.lines(n), "\n"), Source: r.from})
		case *ast.ThematicBreak:
		case *east.Table:
			out = append(out, r.table(n))
		default:
			if t := r.spans(n, 0); len(t) > 0 {
				out = append(out, &Paragraph{Text: t, Source: r.from})
			}
		}
	}
	return out
}

func (r *mdReader) table(n ast.Node) Block {
	t := &Table{}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if head, ok := row.(*east.TableHeader); ok {
			for c := head.FirstChild(); c != nil; c = c.NextSibling() {
				t.Columns = append(t.Columns, Column{Title: r.spans(c, 0).String()})
			}
			continue
		}
		line := Row{Source: r.from}
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			line.Cells = append(line.Cells, C(r.spans(c, 0)...))
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

// lines is the text of a block that is kept as it stands.
func (r *mdReader) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(r.text))
	}
	return b.String()
}

// raw is the text below a node without any markup.
func (r *mdReader) raw(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Value(r.text))
			b.WriteByte(' ')
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

func (r *mdReader) spans(parent ast.Node, style Style) Text {
	var out Text
	add := func(s string, style Style, to Address) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].Style == style && out[n-1].To == to {
			out[n-1].Text += s
			return
		}
		out = append(out, Span{Text: s, Style: style, To: to})
	}
	var walk func(n ast.Node, style Style, to Address)
	walk = func(parent ast.Node, style Style, to Address) {
		for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
			switch n := n.(type) {
			case *ast.Text:
				s := string(n.Value(r.text))
				if n.SoftLineBreak() || n.HardLineBreak() {
					s += " "
				}
				add(s, style, to)
			case *ast.String:
				add(string(n.Value), style, to)
			case *ast.Emphasis:
				if n.Level >= 2 {
					walk(n, style|Strong, to)
				} else {
					walk(n, style|Emphasis, to)
				}
			case *ast.CodeSpan:
				walk(n, style|Mono, to)
			case *ast.Link:
				target := Address(n.Destination)
				if !target.Outside() {
					target = to
				}
				walk(n, style, target)
			case *ast.AutoLink:
				target := Address(n.URL(r.text))
				if !target.Outside() {
					target = to
				}
				add(string(n.Label(r.text)), style, target)
			case *ast.RawHTML:
				for i := range n.Segments.Len() {
					segment := n.Segments.At(i)
					add(string(segment.Value(r.text)), style, to)
				}
			default:
				walk(n, style, to)
			}
		}
	}
	walk(parent, style, "")
	return out
}
