package plain

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"theriac/document"
)

// gfm reads Markdown as git forges do, with addresses that become links.
var gfm = goldmark.New(goldmark.WithExtensions(extension.GFM))

// hostile are texts that mean something in Markdown or HTML.
var hostile = []string{
	"<script>alert(1)</script>", "# heading", "- item", "+ item", "1. item", "23) item", "> quote", "---", "===", "***", "* a *", "**bold**", "_em_ a_b_c _", "`code`", "``",
	"~~gone~~", "~~~", "```", "[a](javascript:alert(1))", "![a](https://evil.example/x.png)", "[a]: https://evil.example", "[^1]", "<https://evil.example>",
	"https://evil.example/x", "http://evil.example", "www.evil.example", "mailto:a@evil.example", "a@evil.example", "&lt;b&gt; &#60; &amp &", "a\\b \\", "\\", "\\*", "a|b|c", "| a |\n| --- |\n| b |",
	"a\nb\r\n\r\nc", "\x00\x1b[31m\u202egnp.exe\u2066\ufeff", "\xff\xfe", "    indented", "\ttab", "$x$", "$$", ":smile:", "a  \nb", "<!-- x -->", "<br>", "</sub>", "[ ] todo", "[x] done",
	"ends with !", "00  #", "#", "ends with &", "שלום עולם", "ends with \\", "a|\\|b", "`|`", "\\|", "x`", "`x", "` `", "|", "<a id=\"x\">",
}

// shape is what a document says to a reader: the kinds of its nodes that are more
// than text, and its text.
func shape(source []byte) (kinds, words string) {
	var k, w strings.Builder
	_ = ast.Walk(gfm.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if n.Type() == ast.TypeBlock {
				w.WriteByte(' ')
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			w.WriteString(unescaped(string(n.Value(source)), n))
			if n.SoftLineBreak() {
				w.WriteByte('\n')
			}
		case *ast.String:
			w.Write(n.Value)
		case *ast.AutoLink:
			k.WriteString("autolink ")
			w.Write(n.Label(source))
		default:
			if n.Kind() != ast.KindTextBlock && n.Kind() != ast.KindParagraph {
				k.WriteString(n.Kind().String() + " ")
			}
		}
		return ast.WalkContinue, nil
	})
	return k.String(), strings.Join(strings.Fields(w.String()), " ")
}

// unescaped takes the backslashes of escapes out of a text that is no code.
func unescaped(s string, n ast.Node) string {
	if n.Parent().Kind() == ast.KindCodeSpan {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func writer() *markdown {
	d := &document.Document{Name: "d", Lang: "en"}
	set := &document.Set{Documents: []*document.Document{d}}
	set.Number(document.Unnumbered)
	return &markdown{set: set, doc: d, say: words(d).Say, ids: map[string]bool{}}
}

// checkText fails where a text becomes more than a text.
func checkText(t *testing.T, s string) {
	t.Helper()
	want := strings.Join(strings.Fields(clean(s)), " ")
	p := writer()
	plain := document.T("%s", s)
	for _, c := range []struct{ name, text, kinds string }{
		{"paragraph", strings.Join(p.blocks([]document.Block{document.P(document.Source{}, document.Span{Text: s})}), "\n\n"), "Document "},
		{"heading", p.heading(&document.Section{Title: s}, 1), "Document Heading "},
		{"item", p.list(&document.List{Items: []document.Item{{Blocks: []document.Block{&document.Paragraph{Text: plain}}}}}, false), "Document List ListItem "},
		{"cell", p.table(&document.Table{Columns: []document.Column{{}}, Rows: []document.Row{{Cells: []document.Cell{{Lines: []document.Text{plain}}}}}}), "Document Table TableHeader TableCell TableRow TableCell "},
		{"listing", listing(s), "Document FencedCodeBlock "},
	} {
		kinds, words := shape([]byte(c.text))
		if kinds != c.kinds {
			t.Errorf("%q as %s becomes %s: %q", s, c.name, kinds, c.text)
		}
		if c.name != "listing" && words != want {
			t.Errorf("%q as %s reads %q, want %q: %q", s, c.name, words, want, c.text)
		}
	}
	bold := p.text(document.Text{{Text: "a"}, {Text: s, Style: document.Strong}, {Text: "b"}}, false)
	if kinds, _ := shape([]byte(bold)); strings.TrimSpace(clean(s)) != "" && kinds != "Document Emphasis " && kinds != "Document RawHTML RawHTML " {
		t.Errorf("%q in bold becomes %s: %q", s, kinds, bold)
	}
	for _, table := range []bool{false, true} {
		checkCode(t, p, s, want, table)
	}
}

func checkCode(t *testing.T, p *markdown, s, want string, table bool) {
	t.Helper()
	if want == "" {
		return
	}
	cell := document.C(document.Literal(s))
	source := p.text(cell.Lines[0], table)
	allowed := []string{"Document CodeSpan "}
	if table {
		source = p.table(&document.Table{Columns: []document.Column{{}}, Rows: []document.Row{{Cells: []document.Cell{cell}}}})
		const row = "Document Table TableHeader TableCell TableRow TableCell "
		allowed = []string{row + "CodeSpan ", row + "RawHTML RawHTML "}
	}
	kinds, words := shape([]byte(source))
	if kinds != allowed[0] && kinds != allowed[len(allowed)-1] || words != want {
		t.Errorf("%q as code is %s%q, want %q: %q", s, kinds, words, want, source)
	}
}

func TestHostile(t *testing.T) {
	for _, s := range hostile {
		checkText(t, s)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(checkText)
}

// TestSpans: what spans look like beside each other.
func TestSpans(t *testing.T) {
	for _, c := range []struct {
		text document.Text
		want string
	}{
		{document.Text{document.Bold("a"), {Text: " b"}}, "**a** b"},
		{document.Text{{Text: "a"}, document.Bold(" b "), {Text: "c"}}, "a **b** c"},
		{document.Text{{Text: "a"}, document.Bold("(b)"), {Text: "c"}}, "a<strong>(b)</strong>c"},
		{document.Text{document.Bold("a"), {Text: "b", Style: document.Emphasis}}, "**a**<em>b</em>"},
		{document.Text{{Text: "both", Style: document.Strong | document.Emphasis}}, "<strong>*both*</strong>"},
		{document.Text{document.Literal("a`b")}, "``a`b``"},
		{document.Text{{Text: "Stop!"}, document.Link("here", "https://a.example/(x)")}, `Stop\![here](https://a.example/%28x%29)`},
		{document.Text{document.Link("in [brackets]", "mailto:a@b.example")}, `[in \[brackets\]](mailto:a@b.example)`},
		{document.Text{document.Link("lost", "entity:none")}, "lost"},
		{document.Text{document.Link("bad", "javascript:alert(1)")}, "bad"},
		{document.Text{document.Badge(document.Good, "met")}, "✓ met"},
		{document.Text{document.Badge(document.Bad, "open")}, "**✗ open**"},
		{document.Text{document.Badge(document.Good, "met"), document.Badge(document.Neutral, "planned")}, "✓ met ○ planned"},
		{document.Text{{Text: "  "}}, ""},
		{nil, ""},
	} {
		if got := writer().text(c.text, false); got != c.want {
			t.Errorf("%v: %q, want %q", c.text, got, c.want)
		}
	}
}

// TestAnchors: every link within the documents leads to a place that is there.
func TestAnchors(t *testing.T) {
	set, _ := sample(t)
	there, links := map[string]bool{}, 0
	var texts [][]byte
	for _, d := range set.Documents {
		md, err := Markdown(set, d)
		if err != nil {
			t.Fatal(err)
		}
		name := set.FileName(d) + ".md"
		there[name] = true
		for _, part := range strings.Split(string(md), `<a id="`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			if there[name+"#"+id] {
				t.Errorf("%s has two places %s", name, id)
			}
			there[name+"#"+id] = true
		}
		texts = append(texts, md)
	}
	for i, d := range set.Documents {
		_ = ast.Walk(gfm.Parser().Parse(text.NewReader(texts[i])), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if l, ok := n.(*ast.Link); ok && entering && !strings.HasPrefix(string(l.Destination), "https://") {
				links++
				to := string(l.Destination)
				if strings.HasPrefix(to, "#") {
					to = set.FileName(d) + ".md" + to
				}
				if !there[to] {
					t.Errorf("%s: a link leads to %s, which is not there", d.Name, to)
				}
			}
			return ast.WalkContinue, nil
		})
	}
	if links < 7 {
		t.Errorf("only %d links", links)
	}
}

// TestTables: rows have as many cells as the head, whatever the table holds.
func TestTables(t *testing.T) {
	for _, c := range []struct {
		table document.Table
		want  int
	}{
		{document.Table{}, 0},
		{document.Table{Columns: make([]document.Column, 2), Rows: []document.Row{{Group: "g"}, {Cells: make([]document.Cell, 3)}, {Cells: make([]document.Cell, 1)}}}, 3},
		{document.Table{Columns: make([]document.Column, 1), Rows: []document.Row{{Group: "g", Cells: make([]document.Cell, 1), Source: document.Source{Path: "a"}}}}, 2},
	} {
		source := []byte(writer().table(&c.table))
		rows := 0
		_ = ast.Walk(gfm.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if k := n.Kind(); entering && (k == east.KindTableRow || k == east.KindTableHeader) {
				rows++
				if n.ChildCount() != c.want {
					t.Errorf("a row of %d cells, want %d in\n%s", n.ChildCount(), c.want, source)
				}
			}
			return ast.WalkContinue, nil
		})
		if c.want > 0 && rows != len(c.table.Rows)+1 {
			t.Errorf("%d rows in\n%s", rows, source)
		}
	}
}
