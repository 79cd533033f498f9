package techdoc

import (
	"bytes"

	"theriac/check/rules"
	"theriac/diag"
	"theriac/report"
)

var _ = addFile(FileDefinition{
	Name:  "findings.sarif",
	Title: "Findings of the check (SARIF)",
	About: "what the check found in the security file, for code scanning",
	Order: 34,
	Make:  makeSARIF,
})

// makeSARIF writes the findings with places below the folder of the security file,
// wherever that lies.
func makeSARIF(b *Book) ([]byte, error) {
	m := machine{b}
	var out bytes.Buffer
	err := report.Find("sarif").Write(&out, report.Input{Catalog: b.Catalog, Rules: rules.All(), Product: b.File.Product, Findings: m.rebased(b.Findings)})
	return out.Bytes(), err
}

// rebased are findings with places that count from the folder of the security file.
func (m machine) rebased(list diag.List) diag.List {
	moved := map[*diag.Source]*diag.Source{}
	place := func(s diag.Span) diag.Span {
		if s.Source == nil {
			return s
		}
		to := moved[s.Source]
		if to == nil {
			to = &diag.Source{Path: m.path(s), Text: s.Source.Text}
			moved[s.Source] = to
		}
		s.Source = to
		return s
	}
	var out diag.List
	for _, f := range list {
		if m.keepsFinding(f) {
			f = diag.Finding{Code: f.Code, Severity: f.Severity, Clauses: f.Clauses, Message: m.keptNote(), Span: f.Span}
		}
		related := f.Related
		f.Span, f.Message, f.Help, f.Related = place(f.Span), local(m.File, f.Message), local(m.File, f.Help), nil
		for _, r := range related {
			f.Related = append(f.Related, diag.Related{Span: place(r.Span), Message: local(m.File, r.Message)})
		}
		out.Add(f)
	}
	return out
}

// keepsFinding reports whether a finding is about what is under embargo, or tells of it.
func (m machine) keepsFinding(f diag.Finding) bool {
	if e := m.File.Lookup(f.Entity); e != nil && m.keeps(e) {
		return true
	}
	texts := []string{f.Message, f.Help, f.Justification}
	for _, r := range f.Related {
		texts = append(texts, r.Message)
	}
	return m.keepsText(texts...)
}
