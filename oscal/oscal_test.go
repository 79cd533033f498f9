package oscal

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestIDs(t *testing.T) {
	ids := For("udi-di 1")
	same := ids.Of("clause", "mdr.annex-i.17.2")
	if again := For("udi-di 1").Of("clause", "mdr.annex-i.17.2"); again != same {
		t.Errorf("%s and %s are of the same thing", same, again)
	}
	if same != "6bd88d02-6635-5974-b12f-3943d3302ed4" {
		t.Errorf("the id changed to %s: readers can no longer follow the thing", same)
	}
	seen := map[string]bool{same: true}
	for _, other := range []string{
		For("udi-di 2").Of("clause", "mdr.annex-i.17.2"), ids.Of("finding", "mdr.annex-i.17.2"), ids.Of("clause"), ids.Of("clause", ""),
		ids.Of("a", "b", "c"), ids.Of("a", "b\x00c"), ids.Of("a\x00b", "c"), ids.Of("a", "b\x00", "c"), ids.Of("a", "b", "\x00c"), ids.Of("a", "bc"),
		ids.Of("a", "b\x01\x00", "c"), ids.Of("a", "b\x00\x01", "c"),
	} {
		if seen[other] {
			t.Errorf("%s is the id of two things", other)
		}
		seen[other] = true
	}
}

func TestAt(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-22T10:00:00+02:00":      "2026-11-22T08:00:00Z",
		"2026-11-22T10:00:00.123456789Z": "2026-11-22T10:00:00Z",
		"1899-12-31T23:59:59Z":           "",
		"3000-01-01T00:00:00Z":           "",
		"2999-12-31T23:30:00-01:00":      "",
		"0001-01-01T00:00:00Z":           "",
	} {
		at, err := time.Parse(time.RFC3339Nano, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := At(at); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ in, plain, line, token string }{
		{"", nothing, nothing, "_"},
		{" \u200f\u202e\t", nothing, nothing, "____"},
		{"a\n b\u00a0c", "a b c", "a b c", "a__b_c"},
		{"a\x01b", "a\ufffdb", "a\ufffdb", "a_b"},
		{"<b>", "<b>", `\<b>`, "_b_"},
		{"[x](y) *z* `c` & ~ \\", "[x](y) *z* `c` & ~ \\", "\\[x\\](y) \\*z\\* \\`c\\` \\& \\~ \\\\", "_x__y___z___c_______"},
		{"# head", "# head", `\# head`, "__head"},
		{"1. one", "1. one", `1\. one`, "_1._one"},
		{"1.4.0", "1.4.0", "1.4.0", "_1.4.0"},
		{"_a_b_", "_a_b_", `\_a_b\_`, "_a_b_"},
		{"81001-5-1.4.1", "81001-5-1.4.1", "81001-5-1.4.1", "_81001-5-1.4.1"},
		{"Größe", "Größe", "Größe", "Größe"},
	} {
		if got := Plain(c.in); got != c.plain {
			t.Errorf("Plain(%q) = %q, want %q", c.in, got, c.plain)
		}
		if got := Line(c.in); got != c.line {
			t.Errorf("Line(%q) = %q, want %q", c.in, got, c.line)
		}
		if got := Token(c.in); got != c.token {
			t.Errorf("Token(%q) = %q, want %q", c.in, got, c.token)
		}
	}
	prose := Prose("\r\n# a  \r<b>x</b>\u2029- c\u202e\x00\n\n")
	if want := "# a\n\\<b>x\\</b>\n\n- c\ufffd"; prose != want {
		t.Errorf("%q, want %q", prose, want)
	}
	if got := Prose(" \n\t"); got != nothing {
		t.Errorf("%q", got)
	}
	if got, want := List([]string{"a\nb", "*"}), "- a b\n- \\*"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzTexts: each text becomes one that OSCAL takes.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{"", "a", " ", "\xff", "\u2028x", "1) x", "_", "-", "\u0300", "²a"} {
		f.Add(s)
	}
	s := compiled(f)
	f.Fuzz(func(t *testing.T, text string) {
		id := For(text).Of(text, text)
		d := &Document{ComponentDefinition: &ComponentDefinition{UUID: id,
			Metadata: Metadata{Title: Line(text), LastModified: "2026-11-22T00:00:00Z", Version: Plain(text), OSCALVersion: Version, Remarks: Prose(text)},
			Components: []Component{{UUID: id, Type: "software", Title: Line(text), Description: List([]string{text}),
				Props: []Property{Own(Token(text), text)}}},
		}}
		out, err := Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(s, out); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if strings.ContainsFunc(Plain(text), func(r rune) bool { return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) }) {
			t.Errorf("%q: Plain keeps control characters", text)
		}
	})
}

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("testdata/oscal-1.2.0.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(s *jsonschema.Schema, text []byte) error {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

const sampleID = "7d9a2c34-6f0e-5b1d-9c8a-0123456789ab"

func sample() *Document {
	origin := Origin{Actors: []Actor{{Type: "party", UUID: sampleID}}}
	return &Document{AssessmentResults: &AssessmentResults{
		UUID:     sampleID,
		Metadata: Metadata{Title: "T", LastModified: "2026-11-22T00:00:00Z", Version: "1", OSCALVersion: Version},
		ImportAP: ImportAP{Href: "#" + sampleID},
		Results: []Result{{
			UUID: sampleID, Title: "T", Description: "D", Start: "2026-11-22T00:00:00Z",
			ReviewedControls: ReviewedControls{Selections: []ControlSelection{{Include: []ControlRef{{"mdr.annex-i.17.2"}}}}},
			Observations:     []Observation{{UUID: sampleID, Description: "D", Methods: []string{"TEST"}, Collected: "2026-11-22T00:00:00Z", Origins: []Origin{origin}}},
			Risks: []Risk{{UUID: sampleID, Title: "T", Description: "D", Statement: "S", Status: "open",
				Characterizations: []Characterization{{Origin: origin, Facets: []Facet{{"severity", Namespace, "high"}}}}}},
			Findings: []Finding{{UUID: sampleID, Title: "T", Description: "D", Target: Target{Type: "objective-id", ID: "x", Status: TargetStatus{State: "satisfied"}}}},
		}},
	}}
}

// TestSchema: the schema takes a sample and refuses what OSCAL refuses, so that a test
// against it can fail.
func TestSchema(t *testing.T) {
	s := compiled(t)
	out, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(s, out); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*AssessmentResults){
		"id":         func(r *AssessmentResults) { r.UUID = "7d9a2c34-6f0e-1b1d-9c8a-0123456789ab" },
		"time":       func(r *AssessmentResults) { r.Results[0].Start = "2026-11-22T00:00:00" },
		"day":        func(r *AssessmentResults) { r.Results[0].Start = "2026-11-31T00:00:00Z" },
		"title":      func(r *AssessmentResults) { r.Results[0].Title = "a\nb" },
		"version":    func(r *AssessmentResults) { r.Metadata.Version = " 1" },
		"results":    func(r *AssessmentResults) { r.Results = nil },
		"controls":   func(r *AssessmentResults) { r.Results[0].ReviewedControls.Selections[0].Include = nil },
		"token":      func(r *AssessmentResults) { r.Results[0].Findings[0].Target.ID = "1x" },
		"state":      func(r *AssessmentResults) { r.Results[0].Findings[0].Target.Status.State = "passed" },
		"actor":      func(r *AssessmentResults) { r.Results[0].Observations[0].Origins[0].Actors[0].Type = "person" },
		"methods":    func(r *AssessmentResults) { r.Results[0].Observations[0].Methods = nil },
		"name space": func(r *AssessmentResults) { r.Results[0].Props = []Property{{"a", "b", "c", ""}} },
	} {
		d := sample()
		spoil(d.AssessmentResults)
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if valid(s, text) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
	more := strings.Replace(string(out), `"import-ap": {`, `"import-ap": {"more": 1, `, 1)
	if valid(s, []byte(more)) == nil {
		t.Error("the schema takes fields that OSCAL does not have")
	}
}
