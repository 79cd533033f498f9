package pdf

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"theriac/document"
	"theriac/draw"
	"theriac/model"
)

// stamp is of a draft.
var stamp = document.Stamp{
	Product: "Infusomat Nova 500", Manufacturer: "Halden Medical GmbH", Release: "3.2.0",
	Baseline: strings.Repeat("0123456789abcdef", 4),
	Why:      []string{"the security file changed since release 3.2.0 was frozen", "the approval of the release (released) is missing"},
	Day:      "2026-11-22", Time: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
}

// setOf is a resolved set of documents.
func setOf(t testing.TB, docs ...*document.Document) *document.Set {
	t.Helper()
	s := &document.Set{Stamp: stamp, Design: document.Design{Paper: document.A4}, Documents: docs}
	s.Number(document.Decimal)
	if err := s.Resolve(); err != nil {
		t.Fatal(err)
	}
	return s
}

// docOf is a document of one section.
func docOf(blocks ...document.Block) *document.Document {
	return &document.Document{Name: "sample", Title: "Sample", Lang: "en", Sections: []*document.Section{{ID: "only", Title: "Only section", Blocks: blocks}}}
}

// written is a document as a file.
func written(t testing.TB, s *document.Set, d *document.Document) []byte {
	t.Helper()
	b, err := Write(s, d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pictures are drawings of an example.
var pictures = sync.OnceValues(func() ([]*draw.Drawing, error) {
	var l model.Loader
	file, _, err := l.Load(context.Background(), filepath.Join("..", "..", "examples", "infusion-pump"))
	if err != nil {
		return nil, err
	}
	architecture, err := draw.Architecture(file, draw.Options{})
	if err != nil {
		return nil, err
	}
	flow, err := draw.DataFlow(file, draw.Options{})
	return []*draw.Drawing{architecture, flow}, err
})

// logoPNG is a small picture with a transparent ground.
func logoPNG(t testing.TB) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 240, 60))
	for x := range 240 {
		for y := range 60 {
			if (x/20+y/20)%2 == 0 {
				m.Set(x, y, color.NRGBA{R: 0x1f, G: 0x3a, B: 0x5f, A: 0xff})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const lorem = "The pump receives drug libraries over the hospital network and verifies the signature of each library before it is put into service, so that a library that was altered on its way is refused and the one in use stays in force. "

func at(path string, line int) document.Source {
	return document.Source{Entity: "ctl-signed-library", Path: path, Line: line}
}

// kinds is a document with all kinds of blocks.
func kinds(t testing.TB) *document.Document {
	t.Helper()
	d := &document.Document{
		Name: "kinds", Title: "Cybersecurity Risk Management Report", Subtitle: "MDR Annex I §17.2 and §17.4, IEC 81001-5-1 clause 7", Lang: "en", Number: "HM-TD-0417", Revision: "C",
		Signatures: []document.Signature{
			{Meaning: "reviewed", Role: "security engineer", Name: "Mara Lindqvist", Date: "2026-11-02", ID: "apr-2026-0007", Valid: true},
			{Meaning: "approved", Role: "person responsible for regulatory compliance", Name: "Dr. Jonas Achterberg", Date: "2026-11-04", ID: "apr-2026-0008"},
		},
	}
	d.Sections = []*document.Section{
		{ID: "scope", Title: "Scope and summary", Blocks: textBlocks(), Sections: []*document.Section{
			{ID: "terms", Title: "Terms", Blocks: []document.Block{termsBlock()}},
			{ID: "callouts", Title: "Statements that must not be missed", Blocks: calloutBlocks(), Sections: []*document.Section{
				{ID: "deep", Title: "A section of the third level", Blocks: []document.Block{document.P(at("theriac.yaml", 3), document.Span{Text: lorem})}, Sections: []*document.Section{
					{ID: "deeper", Title: "A section of the fourth level", Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: lorem})}}}}}},
		}},
		{ID: "risks", Title: "Risks and controls", Blocks: []document.Block{
			document.P(document.Source{}, document.Span{Text: "Each risk was estimated with the method of the policy before and after its controls. See "}, document.Link("", "doc:kinds#terms"), document.Span{Text: "."}),
			riskTable(40), document.P(document.Source{}, document.Span{Text: "A text after the table."})}},
		{ID: "wide", Title: "Traceability", Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "From asset to verification."}), wideTable()}},
		{ID: "pictures", Title: "Architecture", Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: lorem})}},
	}
	views, err := pictures()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range views {
		d.Sections[3].Sections = append(d.Sections[3].Sections, &document.Section{ID: "view-" + string(rune('a'+i)), Title: p.Title, Blocks: []document.Block{
			&document.Picture{ID: "pic-" + string(rune('a'+i)), Caption: p.Title, Drawing: p, Source: at("architecture/interfaces.yaml", 12)},
			document.P(document.Source{}, document.Span{Text: lorem})}})
	}
	d.Sections = append(d.Sections, &document.Section{ID: "last", Title: "Conclusion", Blocks: []document.Block{document.P(at("theriac.yaml", 9), document.Span{Text: lorem})}})
	return d
}

func textBlocks() []document.Block {
	item := func(line int, s string, more ...document.Block) document.Item {
		return document.Item{Source: at("controls.yaml", line), Blocks: append([]document.Block{document.P(at("controls.yaml", line), document.Span{Text: s})}, more...)}
	}
	return []document.Block{
		document.P(at("theriac.yaml", 14), document.Span{Text: lorem + lorem}, document.Bold("Strong words"), document.Span{Text: ", "}, document.Span{Text: "emphasis", Style: document.Emphasis},
			document.Span{Text: ", "}, document.Span{Text: "both", Style: document.Emphasis | document.Strong}, document.Span{Text: ", "}, document.Literal("ctl-signed-library"), document.Span{Text: ", "},
			document.Span{Text: "faint words", Style: document.Faint}, document.Span{Text: ", a "}, document.Link("link to a row", "doc:kinds#rsk-3"), document.Span{Text: " and "}, document.Link("the web", "https://example.org/a?b=(c)"), document.Span{Text: ". States: "},
			document.Badge(document.Good, "fulfilled"), document.Span{Text: " "}, document.Badge(document.Partly, "in part"), document.Span{Text: " "}, document.Badge(document.Bad, "not stated"), document.Span{Text: " "}, document.Badge(document.Neutral, "not applicable")),
		&document.List{Items: []document.Item{
			item(3, "Software updates are signed by the manufacturer."),
			item(9, lorem, &document.List{Items: []document.Item{item(11, "Inner item one."), item(12, "Inner item two.")}}),
			item(20, "The service port is closed at delivery."),
		}},
		document.P(document.Source{}, document.Span{Text: "In this order:"}),
		&document.List{Ordered: true, Items: []document.Item{item(30, "First, "+lorem), item(31, "then the rest.")}},
		&document.Listing{Text: "chain input {\n\ttype filter hook input priority 0; policy drop;\n\tip saddr 10.20.0.0/16 tcp dport 8443 ct state new,established counter accept comment \"if-library-server: drug library over TLS 1.3 with mutual authentication\"\n}", Source: at("theriac.yaml", 40)},
	}
}

func termsBlock() document.Block {
	term := func(name, text string) document.Term {
		return document.Term{Name: document.Text{{Text: name}}, Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: text})}}
	}
	return &document.Terms{Terms: []document.Term{
		term("Intended environment", lorem), term("A name that is rather long and needs more lines than its text has", "Short."), term("Lifetime", "10 years")}}
}

func calloutBlocks() []document.Block {
	para := func(s string) []document.Block {
		return []document.Block{document.P(at("operation.yaml", 7), document.Span{Text: s})}
	}
	return []document.Block{
		&document.Callout{Kind: document.Warning, Title: "Risk of wrong dose", Blocks: para("Do not connect the pump to a network without the segmentation that section 4 asks for."), Source: at("operation.yaml", 7)},
		&document.Callout{Kind: document.Caution, Blocks: append(para("Change the password of delivery before first use."), &document.List{Items: []document.Item{{Blocks: para("in the service menu")}, {Blocks: para("or remotely")}}})},
		&document.Callout{Kind: document.Note, Blocks: para(lorem)},
		&document.Callout{Kind: document.Gap, Title: "Open", Blocks: []document.Block{document.P(at("theriac.yaml", 1), document.Span{Text: "The security file does not state the policy for residual risk ("}, document.Literal("product: residual-policy"), document.Span{Text: ")."})}},
	}
}

func riskTable(n int) *document.Table {
	t := &document.Table{ID: "tab-risks", Caption: "Risks with their controls and residual risk", Columns: []document.Column{
		{Title: "Risk", Kind: document.Code}, {Title: "What may happen"}, {Title: "Score", Kind: document.Figure}, {Title: "Due", Kind: document.Date}, {Title: "State", Kind: document.State}}}
	for i := range n {
		if i%12 == 0 {
			t.Rows = append(t.Rows, document.Row{Group: "Zone " + string(rune('A'+i/12))})
		}
		id := "rsk-" + string(rune('0'+i%10))
		text := lorem[:40+(i*53)%160]
		if i == 17 {
			text = strings.Repeat(lorem, 14)
		}
		t.Rows = append(t.Rows, document.Row{ID: id, Source: at("risks.yaml", 10+i*7), Cells: []document.Cell{
			document.C(document.Link(id, document.Address("entity:"+id))), document.Lines(document.T("%s", text), document.T("second line")), document.N(i * 3), document.On("2026-11-22"), document.C(document.Badge(document.Tone(1+i%4), []string{"passed", "stale", "failed", "planned"}[i%4]))}})
	}
	return t
}

func wideTable() *document.Table {
	t := &document.Table{Caption: "Chain of evidence", Wide: true}
	for _, c := range []string{"Asset", "Threat", "Risk", "Requirement", "Control", "Verification", "Evidence", "Result"} {
		t.Columns = append(t.Columns, document.Column{Title: c, Width: 1})
	}
	for i := range 30 {
		t.Rows = append(t.Rows, document.Row{Source: at("architecture/assets.yaml", i+4), Cells: []document.Cell{
			document.W("Drug library"), document.W("Tampering with the library in transit"), document.C(document.Literal("rsk-library-altered")), document.W("The pump accepts signed libraries only"),
			document.W("Signature over the library"), document.W("Penetration test, report 12"), document.C(document.Literal("ev-2026-0012")), document.C(document.Badge(document.Good, "passed"))}})
	}
	return t
}
