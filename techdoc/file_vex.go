package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/model"
	"theriac/vex"
)

// The VEX files hold the decisions about the release in three forms. What is under
// embargo, or lacks an approval that the policy asks for, is not told in them.
var (
	_ = addFile(FileDefinition{
		Name: "vex.openvex.json", Title: "Exploitability of vulnerabilities (OpenVEX)", About: "what was decided about vulnerabilities of the release, as OpenVEX 0.2.0",
		Order: 34, Make: func(b *Book) ([]byte, error) { return b.vexFile("openvex") },
	})
	_ = addFile(FileDefinition{
		Name: "vex.cdx.json", Title: "Exploitability of vulnerabilities (CycloneDX VEX)", About: "what was decided about vulnerabilities of the release, as CycloneDX",
		Order: 35, Make: func(b *Book) ([]byte, error) { return b.vexFile("cyclonedx") },
	})
	_ = addFile(FileDefinition{
		Name: "vex.csaf.json", Title: "Exploitability of vulnerabilities (CSAF VEX)", About: "what was decided about vulnerabilities of the release, as CSAF 2.0 in the VEX profile",
		Order: 36, Make: func(b *Book) ([]byte, error) { return b.vexFile("csaf") },
	})
)

// vexFile writes the statements about the release; nil where there are none, or the
// form cannot hold them, which the vulnerability assessment tells (vexProblem).
func (b *Book) vexFile(format string) ([]byte, error) {
	doc, err := b.statements()
	if err != nil || len(doc.Statements) == 0 {
		return nil, nil
	}
	text, err := vex.Write(doc, format)
	if err != nil {
		return nil, nil
	}
	return text, nil
}

// vexProblem says why a VEX file is not made; "" where it is, or nothing is to be told.
func (b *Book) vexProblem(format string) string {
	doc, err := b.statements()
	if err != nil {
		return err.Error()
	}
	if len(doc.Statements) == 0 {
		return ""
	}
	if _, err := vex.Write(doc, format); err != nil {
		return err.Error()
	}
	return ""
}

// statements are what may be told of the release; package vex holds back what is under
// embargo. A finding of which the decision may not be told is under investigation, as one
// without a decision is.
func (b *Book) statements() (*vex.Document, error) {
	file := *b.File
	file.Decisions = slices.DeleteFunc(slices.Clone(file.Decisions), func(d *model.Decision) bool {
		return len(b.needsOf(d)) > 0 || b.File.Faulty(d)
	})
	source := vex.Source{File: &file, Today: b.Day, Undecided: true}
	if t := b.recordOf(); t.Err == nil && len(t.Record.Findings) == 0 {
		source.Record = t.Record
	}
	if b.Release != nil {
		source.Releases = []string{b.Release.Version}
	}
	return vex.From(source)
}

// vexNotes lists the VEX files with what is not told in them.
func (r *softwareReport) vexNotes() *document.List {
	var lines []document.Text
	for _, f := range []struct{ name, format string }{{"vex.openvex.json", "openvex"}, {"vex.cdx.json", "cyclonedx"}, {"vex.csaf.json", "csaf"}} {
		line := document.Text{document.Literal(f.name)}
		if why := r.vexProblem(f.format); why != "" {
			line = append(line, document.Span{Text: ": "}, document.Badge(document.Bad, r.Say("not made")), document.Span{Text: " " + clipped(why)})
		}
		lines = append(lines, line)
	}
	return bullets(lines, document.Source{})
}
