package document

import (
	"strings"
	"testing"
)

func twoDocuments() *Set {
	plan := &Document{Name: "plan", Title: "Plan", Lang: "en", Sections: []*Section{
		{ID: "scope", Title: "Scope", Blocks: []Block{
			P(Source{Entity: "product"}, Span{Text: "See "}, Link("", "doc:report#overall"), Link("", "entity:rk-a"), Link("", "entity:gone")),
		}},
	}}
	report := &Document{Name: "report", Title: "Report", Lang: "en", Sections: []*Section{
		{ID: "risks", Title: "Risks", Sections: []*Section{
			{ID: "table", Title: "All risks", Blocks: []Block{
				&Table{Caption: "Risks", Columns: []Column{{Title: "Risk"}}, Rows: []Row{{ID: "rk-a", Cells: []Cell{W("A")}, Source: Source{Entity: "rk-a"}}}},
				&Picture{ID: "matrix", Caption: "Matrix"},
			}},
			{ID: "overall", Title: "Overall residual risk", Blocks: []Block{P(Source{Entity: "rk-a", Clause: "mdr.annex-i.8"}, Span{Text: "All is well."})}},
		}},
	}}
	model := &Document{Name: "model-risks", Title: "Risks", Lang: "en", Reference: true, Sections: []*Section{
		{ID: "rk-a", Title: "Forged order", Blocks: []Block{P(Source{Entity: "rk-a"}, Span{Text: "..."})}},
	}}
	return &Set{Documents: []*Document{plan, report, model}}
}

func TestResolve(t *testing.T) {
	s := twoDocuments()
	s.Number(Decimal)
	if err := s.Resolve(); err != nil {
		t.Fatal(err)
	}
	text := s.Documents[0].Sections[0].Blocks[0].(*Paragraph).Text
	if got, want := text[1].Text, "Report, 1.2 Overall residual risk"; got != want {
		t.Errorf("link reads %q, want %q", got, want)
	}
	if got, want := text[2].Text, "Risks, 1 Forged order"; got != want || text[2].To != "entity:rk-a" {
		t.Errorf("entity reads %q, want %q; to %q", got, want, text[2].To)
	}
	if text[3].Text != "gone" || text[3].To != "" {
		t.Errorf("an entity without a page keeps its link: %+v", text[3])
	}
	var told []string
	for _, p := range s.Told("rk-a") {
		told = append(told, p.Words())
	}
	if got, want := strings.Join(told, "; "), "Report, 1.1 All risks; Report, 1.2 Overall residual risk"; got != want {
		t.Errorf("rk-a is told in %q, want %q", got, want)
	}
	report := s.Documents[1]
	for _, c := range []struct {
		to     Address
		anchor string
		within bool
	}{{"entity:rk-a", "rk-a", true}, {"doc:report#overall", "overall", true}, {"doc:report", "", true}, {"doc:plan#scope", "", false}, {"entity:none", "", false}} {
		if anchor, ok := s.Within(c.to, report); ok != c.within || anchor != c.anchor {
			t.Errorf("Within(%s) = %q, %v", c.to, anchor, ok)
		}
	}
	table := report.Section("table").Blocks[0].(*Table)
	if table.Number != 1 || report.Section("table").Blocks[1].(*Picture).Number != 1 {
		t.Error("tables and pictures have no numbers")
	}
}

func TestLostLink(t *testing.T) {
	s := twoDocuments()
	s.Documents[1].Sections[0].Sections = s.Documents[1].Sections[0].Sections[:1]
	s.Number(Decimal)
	err := s.Resolve()
	if err == nil || !strings.Contains(err.Error(), "plan, section scope: a link leads to doc:report#overall") {
		t.Errorf("got %v", err)
	}
}

func TestKeep(t *testing.T) {
	s := twoDocuments()
	s.Number(Unnumbered)
	if err := s.Resolve(); err != nil {
		t.Fatal(err)
	}
	kept := s.Keep(func(d *Document) bool { return d.Name != "report" })
	link := kept.Documents[0].Sections[0].Blocks[0].(*Paragraph).Text[1]
	if len(kept.Documents) != 2 || link.To != "" || link.Text != "Report, Overall residual risk" {
		t.Errorf("%d documents, link %+v", len(kept.Documents), link)
	}
}

func TestFileName(t *testing.T) {
	en, de := &Document{Name: "ifu", Lang: "en"}, &Document{Name: "ifu", Lang: "de"}
	s := &Set{Documents: []*Document{en, de}}
	s.Number(Decimal)
	if s.FileName(en) != "ifu" || s.FileName(de) != "ifu.de" {
		t.Errorf("got %s and %s", s.FileName(en), s.FileName(de))
	}
}

func TestMarkdown(t *testing.T) {
	from := Source{Entity: "x"}
	blocks := Markdown("Open **two** `ports`.\nThen [read](https://example.org/a) <b>this</b>.\n\n1. one\n2. two\n\n> Mind the gap\n\n| A | B |\n|---|---|\n| 1 | *2* |\n\n# Head\n\n```\ncode <x>\n```\n\n[bad](javascript:alert)", from)
	if len(blocks) != 7 {
		t.Fatalf("%d blocks", len(blocks))
	}
	p := blocks[0].(*Paragraph)
	if got, want := p.Text.String(), "Open two ports. Then read <b>this</b>."; got != want || p.Source != from {
		t.Errorf("text %q, want %q", got, want)
	}
	if p.Text[1].Style != Strong || p.Text[3].Style != Mono || p.Text[5].To != "https://example.org/a" {
		t.Errorf("looks %+v", p.Text)
	}
	if l := blocks[1].(*List); !l.Ordered || len(l.Items) != 2 {
		t.Errorf("list %+v", l)
	}
	if blocks[2].(*Callout).Kind != Note || blocks[5].(*Listing).Text != "code <x>" {
		t.Error("quotation or listing is lost")
	}
	if tb := blocks[3].(*Table); len(tb.Columns) != 2 || tb.Rows[0].Cells[1].String() != "2" {
		t.Errorf("table %+v", tb)
	}
	if bad := blocks[6].(*Paragraph); bad.Text[0].To != "" {
		t.Errorf("a script became a link: %+v", bad.Text)
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("# a\n\n- b\n  - c\n\n> d\n\n|a|b|\n|-|-|\n|1|")
	f.Add(strings.Repeat("> ", 100) + "deep")
	f.Add("[a](b)<c>`d`~~e~~\\")
	f.Fuzz(func(t *testing.T, source string) {
		Blocks(Markdown(source, Source{Entity: "x"}), func(b Block) {
			texts(b, func(text Text) {
				for _, s := range text {
					if s.To != "" && !s.To.Outside() {
						t.Errorf("link to %q", s.To)
					}
				}
			})
		})
	})
}

func TestLine(t *testing.T) {
	at := Source{Path: "a b/c?.yaml", Line: 7}
	for _, c := range []struct {
		design Design
		source Source
		want   string
	}{
		{Design{SourceLink: "https://g.example/{commit}/{path}#L{line}", Commit: "c0"}, at, "https://g.example/c0/a%20b/c%3F.yaml#L7"},
		{Design{SourceLink: "https://g.example/{commit}/{path}"}, at, ""},
		{Design{SourceLink: "javascript:alert(1)//{path}"}, at, ""},
		{Design{SourceLink: "https://g.example/{path}#L{line}"}, Source{Path: "{line}"}, "https://g.example/%7Bline%7D#L1"},
		{Design{SourceLink: "https://g.example/{path}"}, Source{Clause: "x"}, ""},
		{Design{SourceLink: "//g.example/{path}"}, at, ""},
		{Design{SourceLink: "https:///{path}"}, at, ""},
		{Design{}, at, ""},
	} {
		if got := string(c.design.Line(c.source)); got != c.want {
			t.Errorf("%v: %q, want %q", c.design, got, c.want)
		}
	}
}
