package docx

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"theriac/document"
	"theriac/draw"
)

const digest = "3f9a1c0b7de24865a1b2c3d4e5f60718293a4b5c6d7e8f901122334455667788"

// sample is a document with everything that documents have.
func sample(t testing.TB) (*document.Set, *document.Document) {
	t.Helper()
	d := &document.Document{Name: "risk-report", Title: "Security risk management report", Subtitle: "Infusion pump IP-200 with its ward server", Lang: "en", Number: "TD-0412", Revision: "C",
		Signatures: []document.Signature{
			{Meaning: "reviewed", Role: "quality manager", Name: "A. Weiß", Date: "2026-10-02", ID: "approval-4f1a", Valid: true},
			{Meaning: "approved", Role: "head of regulatory affairs", Name: "M. Okafor", Date: "2026-10-05", ID: "approval-77c2", Valid: false},
		},
		Sections: []*document.Section{scope(), risks(), {ID: "annex", Title: "Annex", Sections: []*document.Section{{ID: "wide", Title: "All controls", Blocks: []document.Block{wideTable()}}, figures()}}, closing()},
	}
	set := &document.Set{
		Stamp: document.Stamp{Product: "Infusion pump IP-200", Manufacturer: "Example Medical GmbH", Release: "2.1.0", Baseline: digest, Day: "2026-11-20",
			Why: []string{"the security file changed since release 2.1.0 was frozen", "the approval of the release (released) is missing"}, Time: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)},
		Design:    document.Design{Paper: document.A4, Logo: logo(t), SourceLink: "https://git.example/pump/blob/{commit}/{path}#L{line}", Commit: "0a1b2c3"},
		Documents: []*document.Document{d},
	}
	resolve(t, set, document.Decimal)
	return set, d
}

func resolve(t testing.TB, set *document.Set, n document.Numbering) {
	t.Helper()
	set.Number(n)
	if err := set.Resolve(); err != nil {
		t.Fatal(err)
	}
}

func from(line int) document.Source {
	return document.Source{Entity: "risk-dose", Path: "risks.yaml", Line: line}
}

func scope() *document.Section {
	long := strings.Repeat("The pump delivers drugs to patients in intensive care, and takes orders from the ward server over the network of the hospital. ", 3)
	return &document.Section{ID: "scope", Title: "Scope and method", Blocks: []document.Block{
		document.P(from(12), document.Span{Text: long + "See "}, document.Link("", "doc:risk-report#overall"), document.Span{Text: ", "}, document.Link("the guidance", "https://health.ec.europa.eu/a b?x=1&y=ü"), document.Span{Text: "."}),
		&document.List{Items: []document.Item{
			{Blocks: []document.Block{document.P(document.Source{}, document.Bold("Assets"), document.Span{Text: " that patients depend on"})}, Source: from(14)},
			{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Interfaces, of which "}, document.Literal("if-wlan"), document.Span{Text: " leads outside"}),
				&document.List{Ordered: true, Items: []document.Item{{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "first inner"})}}, {Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "second inner"})}}}},
				document.P(document.Source{}, document.Span{Text: "and what follows in the same item."})}, Source: from(15)},
		}},
		&document.List{Ordered: true, Items: []document.Item{{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Identify"})}}, {Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Score"})}}}},
		&document.List{Ordered: true, Items: []document.Item{{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "counts from one again"})}}}},
		&document.Terms{Terms: []document.Term{{Name: document.T("likelihood"), Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "how easily a weakness is used, from 1 to 5"})}, Source: from(20)}}},
	}, Sections: []*document.Section{{ID: "words", Title: "Statements not to be missed", Blocks: callouts4()}}}
}

func callouts4() []document.Block {
	var list []document.Block
	for _, k := range []document.CalloutKind{document.Warning, document.Caution, document.Note, document.Gap} {
		list = append(list, &document.Callout{Kind: k, Title: capital(string(k)), Source: from(30), Blocks: []document.Block{
			document.P(document.Source{}, document.Span{Text: "Do not connect the pump to a network that anybody may join. " + strings.Repeat("It cannot tell friends from strangers. ", 3)}),
			&document.List{Items: []document.Item{{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "a list in a callout"})}}, {Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "with two items"})}}}},
		}})
	}
	return append(list, &document.Listing{Text: "theriac check --day 2026-11-20\n\t0 errors,  2 warnings", Source: from(40)})
}

func risks() *document.Section {
	t := &document.Table{ID: "risk-table", Caption: "Risks by severity", Columns: []document.Column{
		{Title: "Id", Width: 2, Kind: document.Code}, {Title: "Risk", Width: 5}, {Title: "Score", Width: 1, Kind: document.Figure}, {Title: "Day", Width: 1, Kind: document.Date}, {Title: "State", Width: 1, Kind: document.State},
	}}
	tones := []document.Tone{document.Good, document.Partly, document.Bad, document.Neutral}
	for i := range 40 {
		if i%10 == 0 {
			t.Rows = append(t.Rows, document.Row{Group: fmt.Sprintf("Severity %d", 5-i/10)})
		}
		id := fmt.Sprintf("risk-dose-%02d", i)
		t.Rows = append(t.Rows, document.Row{ID: id, Source: from(100 + i), Cells: []document.Cell{
			document.C(document.Literal(id)), document.Lines(document.T("Someone on the network of the ward changes the dose of a running infusion."), document.Text{{Text: "See also "}, document.Link("risk-dose-00", "doc:risk-report#risk-dose-00")}),
			document.N(25 - i/2), document.On("2026-09-01"), document.C(document.Badge(tones[i%4], []string{"accepted", "in part", "open", "planned"}[i%4])),
		}})
	}
	return &document.Section{ID: "risks", Title: "Risks", Blocks: []document.Block{document.P(from(99), document.Span{Text: "All risks are listed in the table."}), t}, Sections: []*document.Section{
		{ID: "overall", Title: "Overall residual risk", Blocks: []document.Block{document.P(document.Source{Clause: "mdr-annex-i-17.2"}, document.Span{Text: "The overall residual risk is acceptable."}), &document.Table{Caption: "Nothing here", Columns: []document.Column{{Title: "Id"}, {Title: "Finding"}}}},
			Sections: []*document.Section{{ID: "deep", Title: "A third level", Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Short."})}, Sections: []*document.Section{{ID: "deeper", Title: "A fourth level", Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Shorter."})}}}}}},
	}}
}

func wideTable() *document.Table {
	t := &document.Table{ID: "controls", Caption: "Controls with their requirements and verification", Wide: true}
	for _, name := range []string{"Control", "Requirement", "Component", "Verification", "Evidence", "Confidentiality", "Authentication", "State"} {
		t.Columns = append(t.Columns, document.Column{Title: name})
	}
	for i := range 12 {
		r := document.Row{ID: fmt.Sprintf("control-%d", i), Source: from(200 + i)}
		for j := range t.Columns {
			r.Cells = append(r.Cells, document.W(strings.Repeat("signed orders only ", 1+(i+j)%3)))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

func figures() *document.Section {
	heat := draw.HeatMap(draw.Heat{Title: "Coverage by part", Corner: "Part", Columns: []string{"Annex I", "Annex II", "Annex III"},
		Rows: []draw.HeatRow{{Group: "Design", Label: "Interfaces", Cells: []draw.HeatCell{{State: draw.Open, Text: "3 of 7"}, {State: draw.Done, Text: "2 of 2"}, {State: draw.Blank}}}}})
	path := draw.AttackPath(draw.Attack{Title: "From the internet to the dose", Outcome: "changes the dose", Effort: "high", Steps: []draw.AttackStep{
		{Label: "Internet", Zone: "Internet", Trust: "public"}, {Label: "Ward server", Zone: "Hospital", Trust: "site", Via: "if-https", Effort: "moderate", Controls: []string{"control-1"}},
		{Label: "Pump", Zone: "Pump", Trust: "device", Via: "if-wlan", Effort: "high"},
	}})
	return &document.Section{ID: "figures", Title: "Pictures", Blocks: []document.Block{
		&document.Picture{ID: "heat", Caption: "Coverage", Drawing: heat, Source: from(300)}, &document.Picture{ID: "path", Caption: "The shortest path", Drawing: path},
	}}
}

func closing() *document.Section {
	s := &document.Section{ID: "conclusion", Title: "Conclusion"}
	for range 9 {
		s.Blocks = append(s.Blocks, document.P(from(400), document.Span{Text: strings.Repeat("What is left is acceptable, and is watched after the device is on the market. ", 5)}))
	}
	return s
}

func logo(t testing.TB) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 320, 80))
	for x := range 320 {
		for y := range 80 {
			m.Set(x, y, color.RGBA{31, 58, uint8(87 + x/4), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
