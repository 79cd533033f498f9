package techdoc

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/model"
)

var _ = add(Definition{
	Name: "technical-documentation-index", Title: "Technical documentation: index after Annex II and III",
	About: "where each item of Annex II and III stands, and all documents with number, revision and approval",
	Group: Submission, Order: 5, Forms: []Form{XLSX}, Late: true,
	Make: makeIndex,
})

func makeIndex(b *Book) ([]*document.Section, error) {
	return []*document.Section{
		b.indexAnnex("annex-ii", b.Say("Annex II: technical documentation"), b.Law()+".annex-ii"),
		b.indexAnnex("annex-iii", b.Say("Annex III: post-market surveillance"), b.Law()+".annex-iii"),
		b.indexGenerated(),
		b.indexMachines(),
		b.indexKept(),
	}, nil
}

// annexDocuments are the generated documents that answer items of the annexes, by the
// end of the item's id.
var annexDocuments = map[string][]string{
	"annex-ii.1.1": {"security-architecture", "sbom", "cybersecurity-plan"},
	"annex-ii.2":   {"ifu-security"},
	"annex-ii.3":   {"security-architecture", "threat-model", "cybersecurity-plan", "security-requirements"},
	"annex-ii.4":   {"gspr-checklist", "notified-body-questionnaire"},
	"annex-ii.5":   {"risk-plan", "risk-report"},
	"annex-ii.6":   {"verification-report", "traceability-matrix"},

	"annex-ii.6.1.b":  {"verification-report", "traceability-matrix"},
	"annex-ii.6.2.g":  {"verification-report"},
	"annex-ii.6.4":    {"verification-report", "traceability-matrix"},
	"annex-iii.1.1.a": {"vulnerability-management-plan"}, "annex-iii.1.1.b": {"vulnerability-management-plan"},
	"annex-iii.1.2": {"vulnerability-management-plan"},
	"annex-iii.1.a": {"vulnerability-management-plan"}, "annex-iii.1.b": {"vulnerability-management-plan"},
	"annex-iii.2": {"vulnerability-management-plan"},
}

// indexAnnex goes through the items of an annex.
func (b *Book) indexAnnex(id, title, prefix string) *document.Section {
	t := &document.Table{ID: id, Caption: title, Wide: true, Columns: []document.Column{
		{Title: b.Say("Item"), Width: 2}, {Title: b.Say("What it asks"), Width: 5}, {Title: b.Say("Generated documents"), Width: 4},
		{Title: b.Say("Documents of the manufacturer"), Width: 4}, {Title: b.Say("Status"), Width: 1.5, Kind: document.State},
	}}
	for _, r := range b.RowsOf(prefix) {
		if r.Entry.ID != prefix && !strings.HasPrefix(r.Entry.ID, prefix+".") {
			continue
		}
		e := r.Entry
		var generated, kept []document.Text
		for _, name := range annexDocuments[strings.TrimPrefix(e.ID, b.Law()+".")] {
			generated = append(generated, document.Text{At(name, "")})
		}
		for _, d := range Kept(r.By) {
			kept = append(kept, b.DocumentLine(d))
		}
		row := document.Row{ID: e.ID, Source: ByLaw(e.ID), Cells: []document.Cell{
			document.C(document.Link(e.Clause, document.Address("clause:"+e.ID))),
			document.Lines(document.Text{document.Bold(e.Title)}, document.T("%s", e.Text)),
			{Lines: generated}, {Lines: kept}, document.C(b.Status(r.Status))}}
		if r.Status != check.Satisfied {
			row.Cells[4].Lines = append(row.Cells[4].Lines, b.reasons(r)...)
		}
		t.Rows = append(t.Rows, row)
	}
	return b.Section(id, title, b.Para("The security file answers these items as far as they are about information security; the rest of the technical documentation stands beside it."), t)
}

// indexGenerated lists the documents of this build.
func (b *Book) indexGenerated() *document.Section {
	t := &document.Table{ID: "generated", Caption: b.Say("Documents made from the security file"), Columns: []document.Column{
		{Title: b.Say("Document"), Width: 4}, {Title: b.Say("Number"), Width: 2}, {Title: b.Say("Revision"), Width: 1.2}, {Title: b.Say("Content"), Width: 5}, {Title: b.Say("Approvals"), Width: 3},
	}}
	for _, d := range Definitions() {
		row := document.Row{Cells: []document.Cell{document.C(At(d.Name, "")), {}, {}, document.W(b.Say(d.About)), {}}}
		if listed := b.Listed(d); listed != nil {
			row.Source = b.From(listed)
			row.Cells[1], row.Cells[2] = document.W(listed.Number), document.W(listed.Revision)
			row.Cells[4] = document.Cell{Lines: signatureLines(b.Signatures(listed))}
		}
		t.Rows = append(t.Rows, row)
	}
	return b.Section("generated", b.Say("Documents of this build"), t)
}

// signatureLines say who approved something, one on each line.
func signatureLines(list []document.Signature) (lines []document.Text) {
	for _, s := range list {
		tone, words := document.Good, s.Meaning
		if !s.Valid {
			tone, words = document.Partly, s.Meaning+", changed since"
		}
		lines = append(lines, document.Text{document.Badge(tone, words), {Text: " " + s.Date + " " + s.Name + ", " + s.Role}})
	}
	return lines
}

// indexMachines lists the files for machines.
func (b *Book) indexMachines() *document.Section {
	t := &document.Table{ID: "machines", Caption: b.Say("Files for machines"), Columns: []document.Column{
		{Title: b.Say("File"), Width: 3, Kind: document.Code}, {Title: b.Say("Content"), Width: 7},
	}}
	for _, d := range FileDefinitions() {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.C(document.Literal(d.Name)), document.W(b.Say(d.About))}})
	}
	return b.Section("machines", b.Say("Files for machines"), t)
}

// indexKept lists the documents that the security file names.
func (b *Book) indexKept() *document.Section {
	t := &document.Table{ID: "kept", Caption: b.Say("Documents of the manufacturer"), Wide: true, Columns: []document.Column{
		{Title: b.Say("Number"), Width: 2.4}, {Title: b.Say("Revision"), Width: 1}, {Title: b.Say("Title"), Width: 5}, {Title: b.Say("Type"), Width: 2.5},
		{Title: b.Say("Status"), Width: 1.5}, {Title: b.Say("Languages"), Width: 2}, {Title: b.Say("Approvals"), Width: 4},
	}}
	for _, d := range b.File.Documents {
		t.Rows = append(t.Rows, document.Row{ID: d.ID, Source: b.From(d), Cells: []document.Cell{
			b.Or(d.Number), document.W(d.Revision), document.C(b.Name(d)), document.W(strings.ReplaceAll(string(d.Type), "-", " ")), b.Or(d.Status),
			document.W(strings.Join(d.Languages, ", ")), {Lines: signatureLines(b.Signatures(d))}}})
	}
	if len(t.Rows) == 0 {
		return b.Section("kept", b.Say("Documents of the manufacturer"), b.Gap(nil, "", b.Say("the documents of the technical documentation")))
	}
	return b.Section("kept", b.Say("Documents of the manufacturer"), t)
}

// listedTypes are the documents of the file of some types.
func (b *Book) listedTypes(types ...model.DocumentType) (list []*model.Document) {
	for _, d := range b.File.Documents {
		if slices.Contains(types, d.Type) {
			list = append(list, d)
		}
	}
	return list
}
