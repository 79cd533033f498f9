package plain

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"theriac/document"
	"theriac/draw"
)

var update = flag.Bool("update", false, "write golden files anew")

const schemaFile = "../../docs/schema/document.schema.json"

// sample is a set whose first document holds each kind of block.
func sample(t testing.TB) (*document.Set, *document.Document) {
	t.Helper()
	from := func(line int) document.Source {
		return document.Source{Entity: "rk-build", Field: "impact", Path: "pump files/risks.yaml", Line: line}
	}
	d := &document.Document{
		Name: "risk-report", Title: "Risk report", Subtitle: "Security risks of the pump", Lang: "en", Number: "QM-7", Revision: "C",
		Signatures: []document.Signature{
			{Meaning: "approved", Role: "Regulatory affairs", Name: "A. Person", Date: "2026-09-28", ID: "ap-1", Valid: true},
			{Meaning: "reviewed", Role: "Quality", Name: "B. Person", Date: "2026-09-01", ID: "ap-2"},
		},
		Sections: []*document.Section{
			{ID: "purpose", Title: "Purpose", Carries: []string{"rk-build"}, Blocks: []document.Block{
				document.P(document.Source{}, document.Span{Text: "This report tells "}, document.Bold("all"), document.Span{Text: " risks, "}, document.Literal("rk-*"),
					document.Span{Text: " and more: "}, document.Link("", "doc:ifu#network"), document.Span{Text: " or "}, document.Link("the site", "https://pump.example/a b"),
					document.Span{Text: ". "}, document.Span{Text: "Faint words.", Style: document.Faint | document.Emphasis}),
				document.P(from(12), document.Span{Text: "First of two paragraphs of one text."}),
				document.P(from(12), document.Span{Text: "Second of two, which names "}, document.Link("the build", "entity:rk-build"), document.Span{Text: "."}),
				&document.List{Items: []document.Item{{Blocks: []document.Block{document.P(from(14), document.Span{Text: "one"})}, Source: from(14)}, {Blocks: []document.Block{
					document.P(document.Source{}, document.Span{Text: "two"}),
					&document.List{Ordered: true, Items: []document.Item{{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "inner"})}}}},
				}}}},
				&document.List{Items: []document.Item{{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "another list"})}}, {}}},
			}, Sections: []*document.Section{{ID: "scope", Title: "Scope", Blocks: []document.Block{
				&document.Terms{Terms: []document.Term{
					{Name: document.T("Asset"), Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "what has worth"})}, Source: document.Source{Clause: "mdr.annex-i.17.2"}},
					{Name: document.Text{document.Literal("impact")}, Blocks: []document.Block{&document.Listing{Text: "a\n\t```b"}}, Source: document.Source{Evidence: "ev-1"}},
				}},
				&document.Callout{Kind: document.Warning, Title: "Power", Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Do not pull."})}, Source: from(20)},
				&document.Callout{Kind: document.Gap, Title: "Open", Blocks: []document.Block{document.P(from(3), document.Span{Text: "Nobody says."})}, Source: from(3)},
				&document.Callout{Kind: document.Note, Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Quoted."})}},
				&document.Listing{Text: "line 1\r\nline 2", Source: from(30)},
			}}}},
			{ID: "risks", Title: "Risks", Blocks: []document.Block{
				&document.Table{ID: "all", Caption: "All risks", Wide: true, Columns: []document.Column{{Title: "Risk", Kind: document.Code}, {Title: "Score", Kind: document.Figure, Width: 2}, {Title: "State", Kind: document.State}, {Title: "Due", Kind: document.Date}}, Rows: []document.Row{
					{Group: "Network"},
					{ID: "rk-build", Source: from(40), Cells: []document.Cell{document.C(document.Span{Text: "rk-build", Style: document.Mono, To: "entity:rk-build"}), document.N(12), document.C(document.Badge(document.Good, "accepted")), document.On("2026-11-22")}},
					{Cells: []document.Cell{document.Lines(document.T("a|b"), document.Text{document.Literal("c|d`e")}), {Value: 2.5}, document.C(document.Badge(document.Bad, "open"), document.Badge(document.Partly, "stale"), document.Badge(document.Neutral, "planned")), {Value: math.Inf(1)}}},
				}},
				&document.Table{Columns: []document.Column{{Title: "Unnamed"}}},
				&document.Picture{ID: "map", Caption: "Architecture", Source: from(50), Drawing: &draw.Drawing{Title: "Architecture", Summary: "Two parts and a wire.", Sheets: []draw.Sheet{{Name: "Whole", Width: 100, Height: 50, Items: []draw.Item{&draw.Rect{X: 1, Y: 2, W: 30, H: 20, Role: "paper"}}}}}},
			}},
		},
	}
	set := &document.Set{
		Stamp: document.Stamp{
			Product: "Example pump", Manufacturer: "Works GmbH", Release: "1.4.0", Baseline: strings.Repeat("ab12", 16), Why: []string{"release 1.4.0 is not frozen", "nobody has to approve the release"},
			Day: "2026-11-22", Time: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
		},
		Design: document.Design{SourceLink: "https://git.example/pump/blob/{commit}/{path}#L{line}", Commit: "c0ffee"},
		Documents: []*document.Document{
			d,
			{Name: "ifu", Title: "Instructions for use", Lang: "en", Sections: []*document.Section{{ID: "network", Title: "Network"}}},
			{Name: "ifu", Title: "Gebrauchsanweisung", Lang: "de", Sections: []*document.Section{{ID: "network", Title: "Netz", Blocks: []document.Block{document.P(document.Source{}, document.Link("Risiken", "doc:risk-report#risks"))}}}},
			{Name: "model-risks", Title: "Risks", Lang: "en", Reference: true, Sections: []*document.Section{{ID: "rk-build", Title: "Build", Blocks: []document.Block{document.P(document.Source{Entity: "rk-build"}, document.Link("itself", "entity:rk-build"))}}, {ID: "rk-other", Title: "Other", Blocks: []document.Block{document.P(document.Source{Entity: "rk-build"}, document.Link("the build", "entity:rk-build"))}}}},
		},
	}
	set.Number(document.Decimal)
	if err := set.Resolve(); err != nil {
		t.Fatal(err)
	}
	return set, d
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what is written now; go test -update\n%s", name, got)
	}
}

func TestGolden(t *testing.T) {
	set, d := sample(t)
	md, err := Markdown(set, d)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/risk-report.md", md)
	js, err := JSON(set, d)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/risk-report.json", js)
}

// TestQuiet: readers who have no security file see no places in it; machines do.
func TestQuiet(t *testing.T) {
	set, d := sample(t)
	d.Quiet = true
	md, err := Markdown(set, d)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(md); strings.Contains(text, "<sub>") || strings.Contains(text, "risks.yaml") || strings.Contains(text, "| Source |") || !strings.Contains(text, "what has worth") {
		t.Errorf("a quiet document is\n%s", text)
	}
	js, err := JSON(set, d)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(js), "risks.yaml") {
		t.Error("the data of a quiet document have no sources")
	}
}

func TestSameBytes(t *testing.T) {
	for range 3 {
		set, d := sample(t)
		first, second := both(t, set, d)
		again, _ := sample(t)
		md, js := both(t, again, again.Documents[0])
		if !bytes.Equal(first, md) || !bytes.Equal(second, js) {
			t.Fatal("two runs differ")
		}
	}
}

func both(t *testing.T, set *document.Set, d *document.Document) (md, js []byte) {
	t.Helper()
	md, err := Markdown(set, d)
	if err != nil {
		t.Fatal(err)
	}
	if js, err = JSON(set, d); err != nil {
		t.Fatal(err)
	}
	return md, js
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(s *jsonschema.Schema, text []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// TestSchema: what is written is what the schema says, and the schema refuses what
// is not.
func TestSchema(t *testing.T) {
	s := schema(t)
	set, _ := sample(t)
	for _, d := range append(set.Documents, &document.Document{}) {
		_, js := both(t, set, d)
		if err := valid(s, js); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	_, js := both(t, set, set.Documents[0])
	for _, change := range [][2]string{
		{`"kind": "paragraph"`, `"kind": "paragraf"`}, {`"tone": "good"`, `"tone": "green"`}, {`"version": 1`, `"version": 2`},
		{`"callout": "gap"`, `"callout": "hole"`}, {`"ordered": true`, `"ordered": 1`}, {`"lang": "en"`, `"tongue": "en"`}, {`"strong"`, `"bold"`},
	} {
		wrong := strings.Replace(string(js), change[0], change[1], 1)
		if wrong == string(js) {
			t.Errorf("no %s in the sample", change[0])
		}
		if valid(s, []byte(wrong)) == nil {
			t.Errorf("the schema allows %s", change[1])
		}
	}
}

var example = regexp.MustCompile("(?s)```json\n(.*?)```")

// TestExample: the example of the specification is valid, and is what JSON reads and
// writes.
func TestExample(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats/document-json.md")
	if err != nil {
		t.Fatal(err)
	}
	found := example.FindSubmatch(text)
	if found == nil {
		t.Fatal("no example")
	}
	if err := valid(schema(t), found[1]); err != nil {
		t.Error(err)
	}
	var f jsonFile
	dec := json.NewDecoder(bytes.NewReader(found[1]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil || f.Document.Name == "" {
		t.Errorf("%v", err)
	}
}
