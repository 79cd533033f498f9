package techdoc

import (
	"cmp"
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/model"
	"theriac/sbom"
)

const sbomName = "sbom"

var _ = add(Definition{
	Name: sbomName, Title: "SBOM and vulnerability assessment",
	About: "the software of the release part by part, how it compares with the security file, and what is known of its vulnerabilities",
	Group: Submission, Order: 70, Types: []model.DocumentType{"sbom"}, Forms: []Form{XLSX},
	Make: func(b *Book) ([]*document.Section, error) { return newSoftwareReport(b).sections(), nil },
})

// softwareReport makes the document about the software of the release.
type softwareReport struct {
	*Book
	joined *joinedSoftware
	scans  []*scanOf
	found  []foundVulnerability // by all scans
	names  *vulnerabilityNames

	settled map[[2]string]bool // decisions with the vulnerabilities that were told as settled by them
}

func newSoftwareReport(b *Book) *softwareReport {
	r := &softwareReport{Book: b, joined: b.joinSoftware(), names: b.vulnerabilityNames(), settled: map[[2]string]bool{}}
	r.scans = r.readScans()
	r.found = merged(r.scans)
	return r
}

func (r *softwareReport) sections() []*document.Section {
	return []*document.Section{r.components(), r.differences(), r.parts(), r.support(), r.vulnerabilities(), r.triaged(), r.watch()}
}

// soup are the components of unknown provenance.
func (r *softwareReport) soup() (list []*model.Component) {
	for _, c := range r.File.Components {
		if c.Type == "soup" {
			list = append(list, c)
		}
	}
	return list
}

// maxParts bounds the parts of a bill of materials that a table lists.
const maxParts = 3000

// components lists the software of the security file beside that of the release.
func (r *softwareReport) components() *document.Section {
	s := r.Section("components", r.Say("Components"),
		r.Para("SOUP is software of unknown provenance. Each item is named by title, manufacturer and unique designator, as IEC 62304 8.1.2 has it, with who watches it for vulnerabilities. The last column says whether the bill of materials of the release lists it."))
	if source := r.origin(); source != nil {
		s.Blocks = append(s.Blocks, source)
	}
	t := &document.Table{ID: "component-table", Caption: r.Say("Software components"), Wide: true, Columns: []document.Column{
		{Title: r.Say("Component"), Width: 3}, {Title: r.Say("Manufacturer"), Width: 2.4}, {Title: r.Say("Version"), Width: 1.4, Kind: document.Code},
		{Title: r.Say("Package URL"), Width: 2.6, Kind: document.Code}, {Title: r.Say("Licence"), Width: 1.5}, {Title: r.Say("Part of"), Width: 2.2},
		{Title: r.Say("Safety"), Width: 1}, {Title: r.Say("Privileged"), Width: 1.1}, {Title: r.Say("Parses from outside"), Width: 2}, {Title: r.Say("Watched by"), Width: 1.6}, {Title: r.Say("In SBOM"), Width: 1.2, Kind: document.State},
	}}
	soup := r.soup()
	if len(soup) > 0 {
		t.Rows = append(t.Rows, document.Row{Group: r.Say("SOUP (%d)", len(soup))})
	} else {
		s.Blocks = append(s.Blocks, r.Gap(nil, "", r.Say("any SOUP item")))
	}
	for _, c := range soup {
		t.Rows = append(t.Rows, r.componentRow(c))
	}
	var own []document.Row
	for _, c := range r.File.Components {
		if c.Type != "soup" && isSoftware(c) {
			own = append(own, r.componentRow(c))
		}
	}
	if len(own) > 0 {
		t.Rows = append(append(t.Rows, document.Row{Group: r.Say("Software of the manufacturer (%d)", len(own))}), own...)
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s
}

// origin says of which bill of materials the document speaks.
func (r *softwareReport) origin() document.Block {
	j := r.joined
	if !j.Usable() {
		return &document.Callout{Kind: document.Gap, Title: r.Say("No bill of materials"), Blocks: []document.Block{
			r.Para("The bill of materials of the release could not be used: %s. What is listed here is what the security file states.", j.Why)}}
	}
	source := r.From(r.Release, "sbom")
	words := r.Say("Bill of materials of release %s: ", r.Release.Version)
	p := document.P(source, document.Span{Text: words}, document.Literal(r.Release.SBOM.Path), document.Span{Text: ", " + formatOf(j.BOM) + ", " + plural(len(j.Entries()), "component", "components") + ", "},
		document.Literal(r.Release.SBOM.Digest), document.Span{Text: ". " + r.Say("The file that is kept has this digest.")})
	if j.State == check.BillPartial {
		p.Text = append(p.Text, document.Span{Text: " " + r.Say("Part of it is missing here: %s.", j.Why)})
	}
	return p
}

func (r *softwareReport) componentRow(c *model.Component) document.Row {
	own := c.Type != "soup"
	parts := r.partsOf(c)
	text := func(s string) document.Cell {
		if own && s == "" {
			return r.orNone(document.Cell{})
		}
		return r.Or(s)
	}
	maker := text(c.Manufacturer)
	if own && c.Manufacturer == "" {
		maker = r.Or(r.File.Product.Manufacturer.Name)
	}
	row := document.Row{ID: c.ID, Source: r.From(c), Cells: []document.Cell{
		document.Lines(document.Text{document.Bold(r.Title(c))}, document.Text{r.ID(c)}), maker, text(c.Version), {}, {}, {}, r.YesNo(c.Safety), r.YesNo(c.Privileged), {}, text(c.Owner), r.inSBOM(c)}}
	if own && !c.Privileged.Known() {
		row.Cells[7] = r.orNone(document.Cell{})
	}
	row.Cells[3] = text(c.PURL)
	if names := licencesOf(parts); len(names) > 0 {
		row.Cells[4] = document.W(strings.Join(names[:min(few, len(names))], ", "))
		if n := len(names) - few; n > 0 {
			row.Cells[4].Lines = append(row.Cells[4].Lines, r.more(n))
		}
	} else {
		row.Cells[4] = document.C(document.Span{Text: r.Say("not stated"), Style: document.Faint})
	}
	if c.PartOf.OK() {
		row.Cells[5] = Names(r.Book, []*model.Component{c.PartOf.To})
	}
	if n := len(c.Parses); n > 0 {
		row.Cells[8] = document.W(strings.Join(c.Parses[:min(n, 4*few)], ", "))
		if n > 4*few {
			row.Cells[8].Lines = append(row.Cells[8].Lines, r.more(n-4*few))
		}
	}
	return row
}

// partsOf are the entries of the bill of materials that a component stands for.
func (r *softwareReport) partsOf(c *model.Component) []*sbom.Component {
	if !r.joined.Usable() {
		return nil
	}
	return r.joined.Parts(c)
}

// inSBOM says whether the bill of materials lists a component, and as how many entries.
func (r *softwareReport) inSBOM(c *model.Component) document.Cell {
	parts := r.partsOf(c)
	cell := document.Cell{}
	switch {
	case !r.joined.Usable() || len(parts) == 0 && r.joined.State == check.BillPartial:
		return document.C(document.Badge(document.Neutral, r.Say("not known")))
	case len(parts) == 0 && c.Type != "soup":
		return document.C(document.Badge(document.Neutral, r.Say("no")))
	case len(parts) == 0:
		return document.C(document.Badge(document.Bad, r.Say("no")))
	case r.joined.otherVersion(c):
		cell = document.C(document.Badge(document.Partly, r.Say("other version")))
	default:
		cell = document.C(document.Badge(document.Good, r.Say("yes")))
	}
	if n := len(parts); n > 1 {
		cell.Lines = append(cell.Lines, document.Text{{Text: r.Say("as %d components", n), Style: document.Faint}})
	}
	return cell
}

// differences lists what only one of the two names, and what they state differently.
func (r *softwareReport) differences() *document.Section {
	s := r.Section("differences", r.Say("Differences between security file and SBOM"))
	j := r.joined
	if !j.Usable() {
		s.Blocks = append(s.Blocks, r.Gap(r.releaseOrNil(), "sbom", r.Say("a bill of materials with which the security file could be compared")))
		return s
	}
	unknown, all := j.Uncovered(), len(j.Entries())
	if j.State == check.BillPartial {
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: r.Say("Not known"), Blocks: []document.Block{
			r.Para("Part of the bill of materials could not be read: %s. Whether it lists every SOUP item is therefore not known.", j.Why)}})
		s.Blocks = append(s.Blocks, r.Para("The part that was read lists %s, of which the security file has %d.", plural(all, "component", "components"), all-len(unknown)))
	} else {
		s.Blocks = append(s.Blocks, r.Para("The bill of materials lists %s, of which the security file has %d. Of %s of the security file it lists %d.",
			plural(all, "component", "components"), all-len(unknown), plural(len(r.soup()), "SOUP item", "SOUP items"), len(r.soup())-len(j.unseen)))
	}
	if len(unknown) > 0 {
		s.Blocks = append(s.Blocks, r.Para("A part that is in the bill of materials alone has no record of SOUP: nobody is named who watches it, and nobody states until when it is supported."))
	}
	t := &document.Table{ID: "difference-table", Caption: r.Say("Differences"), Columns: []document.Column{
		{Title: r.Say("Component"), Width: 4}, {Title: r.Say("In the security file"), Width: 4}, {Title: r.Say("In the bill of materials"), Width: 4},
	}}
	group := func(title string, n int) {
		if n > 0 {
			t.Rows = append(t.Rows, document.Row{Group: r.Say(title) + " (" + plural(n, "component", "components") + ")"})
		}
	}
	missing := document.C(document.Badge(document.Bad, r.Say("not listed")))
	group("Only in the security file", len(j.unseen))
	for _, c := range j.unseen {
		t.Rows = append(t.Rows, document.Row{Source: r.From(c), Cells: []document.Cell{document.Lines(r.titledID(c)), r.Or(c.Version), missing}})
	}
	group("Only in the bill of materials", len(unknown))
	for i, p := range unknown {
		if i == maxParts {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Lines(r.more(len(unknown) - i)), {}, {}}})
			break
		}
		t.Rows = append(t.Rows, document.Row{Source: r.From(r.Release, "sbom"), Cells: []document.Cell{
			document.Lines(r.partText(p)), missing, document.Lines(document.T("%s", cmp.Or(check.ClipText(check.VersionOf(p)), r.Say("without a version"))), document.Text{document.Literal(check.ClipText(p.PURL))})}})
	}
	group("Stated differently", len(j.other))
	for _, d := range j.other {
		t.Rows = append(t.Rows, document.Row{Source: r.From(d.component), Cells: []document.Cell{
			document.Lines(r.titledID(d.component), document.Text{{Text: r.Say(d.what), Style: document.Faint}}), r.Or(d.here), r.Or(d.instead)}})
	}
	r.tableOr(s, t, "There is no difference.")
	return s
}

func (r *softwareReport) releaseOrNil() model.Entity {
	if r.Release == nil {
		return nil
	}
	return r.Release
}

// partText names a part of the bill of materials.
func (r *softwareReport) partText(c *sbom.Component) document.Text {
	t := document.Text{document.Bold(check.ClipText(cmp.Or(c.Title(), c.PURL, c.Ref)))}
	if maker := makerOf(c); maker != "" {
		t = append(t, document.Span{Text: ", " + maker})
	}
	return t
}

// support lists until when makers support components, those that end first before
// others.
func (r *softwareReport) support() *document.Section {
	s := r.Section("support", r.Say("Support by makers"))
	list := r.bySupport()
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, r.Gap(nil, "", r.Say("until when any component is supported")))
		return s
	}
	t := &document.Table{ID: "support-table", Caption: r.Say("End of support, as of %s", r.Day), Columns: []document.Column{
		{Title: r.Say("Component"), Width: 4}, {Title: r.Say("Version"), Width: 2, Kind: document.Code}, {Title: r.Say("Supported until"), Width: 2, Kind: document.Date},
		{Title: r.Say("State"), Width: 2.4, Kind: document.State}, {Title: r.Say("Watched by"), Width: 2.4},
	}}
	short := 0
	for _, c := range list {
		if until := r.promised(); !until.IsZero() && !c.SupportUntil.IsZero() && c.SupportUntil.Before(until) {
			short++
		}
		owner := r.Or(c.Owner)
		t.Rows = append(t.Rows, document.Row{ID: "support-" + c.ID, Source: r.From(c, "support-until"), Cells: []document.Cell{
			document.Lines(r.titledID(c)), r.Or(c.Version), r.day(c.SupportUntil), document.C(r.supportBadge(c)), owner}})
	}
	if p := r.File.Product; p.SupportPeriod.IsZero() {
		s.Blocks = append(s.Blocks, r.Gap(p, "support-period", r.Say("how long security support of the device is promised")))
	} else {
		s.Blocks = append(s.Blocks, document.P(r.From(p, "support-period"), document.Span{Text: r.Say("Security support of the device is promised for %s after the last unit is placed on the market, which is not before %s. Makers end their support of %s earlier; these must be replaced or maintained by the manufacturer in time.",
			p.SupportPeriod, r.promised(), plural(short, "component", "components"))}))
	}
	s.Blocks = append(s.Blocks, t)
	return s
}
