package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/model"
	"theriac/triage"
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

// statements are what may be told of the release. A finding of which the decision may not
// be told is under investigation, as one without a decision is.
func (b *Book) statements() (*vex.Document, error) {
	secret := b.embargoed()
	file := *b.File
	file.Decisions = slices.DeleteFunc(slices.Clone(file.Decisions), func(d *model.Decision) bool {
		return secret.holds(d) || len(b.needsOf(d)) > 0 || b.File.Faulty(d)
	})
	source := vex.Source{File: &file, Today: b.Day, Record: b.openRecord(secret), Undecided: true}
	if b.Release != nil {
		source.Releases = []string{b.Release.Version}
	}
	return vex.From(source)
}

// openRecord is the record of findings without those that are secret; nil where it cannot
// be read whole.
func (b *Book) openRecord(secret secrets) *triage.Record {
	t := b.recordOf()
	if t.Err != nil || len(t.Record.Findings) > 0 {
		return nil
	}
	record := *t.Record
	record.Scans = slices.Clone(record.Scans)
	for i := range record.Scans {
		s := &record.Scans[i]
		s.Found = slices.DeleteFunc(slices.Clone(s.Found), secret.holdsFinding)
	}
	return &record
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
