package techdoc

import (
	"strings"
	"testing"
)

// TestSARIF: the findings follow the schema of SARIF 2.1.0, all of them are there, and
// places count from the folder of the security file.
func TestSARIF(t *testing.T) {
	s := machineSchema(t, "../report/testdata/sarif-schema-2.1.0.json", nil)
	for _, b := range []*Book{exampleBook(t, "infusion-pump"), exampleBook(t, "broken"), writtenBook(t, "zones:\n  z: {title: Z}\n")} {
		text := machineFile(t, b, "findings.sarif")
		showsNoFolder(t, b, text)
		doc := machineJSON(t, text)
		if err := s.Validate(doc); err != nil {
			t.Error(err)
		}
		results, places := 0, 0
		everyObject(doc, func(o map[string]any) {
			if _, ok := o["ruleId"]; ok {
				results++
			}
			if at, ok := o["artifactLocation"].(map[string]any); ok {
				places++
				if uri := at["uri"].(string); uri == "" || strings.HasPrefix(uri, "/") || strings.HasPrefix(uri, "file:") {
					t.Errorf("place %s", uri)
				}
			}
		})
		if results != len(b.Findings) || places == 0 {
			t.Errorf("%d results with %d places of %d findings", results, places, len(b.Findings))
		}
	}
}

// TestRebased: the findings of the Book are not touched.
func TestRebased(t *testing.T) {
	b := writtenBook(t, "zones:\n  z: {title: Z}\n")
	before := b.Findings[0].Span.Path()
	moved := machine{b}.rebased(b.Findings)
	if b.Findings[0].Span.Path() != before || moved[0].Span.Path() != "theriac.yaml" || moved[0].Span.Line != b.Findings[0].Span.Line {
		t.Errorf("%s and %s of %s", b.Findings[0].Span, moved[0].Span, before)
	}
}
