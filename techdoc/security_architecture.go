package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/draw"
	"theriac/model"
)

var _ = add(Definition{
	Name: "security-architecture", Title: "Security architecture",
	About: "zones, components, interfaces, data flows and stores, and the security capabilities that protect them",
	Group: Submission, Order: 41, Types: []model.DocumentType{"security-architecture"},
	Make: makeSecurityArchitecture,
})

func makeSecurityArchitecture(b *Book) ([]*document.Section, error) {
	return []*document.Section{
		b.archDiagram(), b.archZones(), b.archComponents(), b.archInterfaces(), b.archFlows(), b.archStores(), b.archCapabilities(), b.archControls(),
		b.archBoot(), b.archPrivileges(), b.archAccounts(), b.archCryptography(), b.archLogging(), b.archUpdates(), b.archDefaults(), b.archSOUP(), b.archNetwork(),
	}, nil
}

// titleAndID is an entity as the first cell of a row.
func (b *Book) titleAndID(e model.Entity) document.Cell {
	if model.Of(e).Title == "" {
		return document.Lines(document.Text{b.ID(e)})
	}
	return document.Lines(document.Text{b.Name(e)}, document.Text{b.ID(e)})
}

// archDiagram is the picture of the whole.
func (b *Book) archDiagram() *document.Section {
	p := b.File.Product
	s := b.Section("system-diagram", b.Say("System diagram"), b.productTable())
	s.Blocks = append(s.Blocks, b.Prose(p, "intended-purpose", p.IntendedPurpose, b.Say("the intended purpose"))...)
	if b.Large() {
		s.Blocks = append(s.Blocks, b.tooLarge())
		return s
	}
	d, err := draw.Architecture(b.File, draw.Options{})
	if err != nil { // there is nothing to draw
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("an architecture that could be drawn")))
		return s
	}
	s.Blocks = append(s.Blocks, &document.Picture{ID: "system-diagram-picture", Caption: b.Say("Zones, components, interfaces and flows. Trust grows from left to right"), Drawing: d})
	return s
}

// archZones lists the zones of trust.
func (b *Book) archZones() *document.Section {
	s := b.Section("zones", b.Say("Zones of trust"), b.Para("In a zone the same degree of trust holds. What crosses from one zone into another crosses a trust boundary."))
	inside := map[*model.Zone][]*model.Component{}
	for _, c := range b.File.Components {
		inside[c.InZone()] = append(inside[c.InZone()], c)
	}
	t := &document.Table{ID: "zones", Caption: b.Say("Zones of trust"), Columns: []document.Column{
		columnOf(b.Say("Zone"), 4), columnOf(b.Say("Trust"), 5), columnOf(b.Say("Components"), 1.4, document.Figure), columnOf(b.Say("Boundaries with"), 4)}}
	for _, z := range b.File.Zones {
		t.Rows = append(t.Rows, document.Row{ID: z.ID, Source: b.From(z), Cells: []document.Cell{
			b.titleAndID(z), document.W(string(z.Trust) + ": " + meaningOf(z.Trust.Values(), string(z.Trust))), document.N(len(inside[z])), Names(b, beside(z))}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("zones of trust"))))
	if n := len(inside[nil]); n > 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("the zone of %s: %s", plural(n, "component", "components"), IDs(b, inside[nil]).String())))
	}
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("What stands at the boundaries is in") + " "}, At(threatModelName, "boundaries"), document.Span{Text: "."}))
	return s
}

// beside are the zones at the other side of the boundaries of a zone.
func beside(z *model.Zone) (list []*model.Zone) {
	for _, bd := range model.Users[*model.Boundary](z, "between") {
		for o := range model.Targets(bd.Between) {
			if o != z && !slices.Contains(list, o) {
				list = append(list, o)
			}
		}
	}
	return list
}

// archComponents lists what the system is made of; SOUP has a table of its own.
func (b *Book) archComponents() *document.Section {
	s := b.Section("components", b.Say("Components"))
	t := &document.Table{ID: "components", Caption: b.Say("Components, without SOUP"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Component"), 4), columnOf(b.Say("Type"), 1.8), columnOf(b.Say("Zone"), 2.4), columnOf(b.Say("Part of"), 2.6), columnOf(b.Say("Manufacturer"), 2.2), columnOf(b.Say("Version"), 1.8),
		columnOf(b.Say("Privileged"), 1.3), columnOf(b.Say("Safety"), 1.2), columnOf(b.Say("Reads from outside"), 2.2), columnOf(b.Say("Controls"), 3)}}
	soup := 0
	for _, c := range b.File.Components {
		if c.Type == "soup" {
			soup++
			continue
		}
		zone := b.Or("")
		if z := c.InZone(); z != nil {
			zone = document.C(b.Name(z))
		}
		whole := document.Cell{}
		if c.PartOf.OK() {
			whole = document.C(b.Name(c.PartOf.To))
		}
		t.Rows = append(t.Rows, document.Row{ID: c.ID, Source: b.From(c), Cells: []document.Cell{
			b.titleAndID(c), document.W(spaced(c.Type)), zone, whole, document.W(c.Manufacturer), b.versionOf(c), b.privileged(c), b.YesNo(c.Safety),
			document.W(strings.Join(c.Parses, ", ")), idCell(b, model.Users[*model.Control](c, "protects"))}})
	}
	s.Blocks = append(s.Blocks, b.Para("Privileged: runs with administrative rights. Safety: takes part in therapy, measurement, results or alarms."))
	if soup > 0 {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("Beside these there are %s:", plural(soup, "SOUP item", "SOUP items")) + " "}, At("security-architecture", "soup"), document.Span{Text: "."}))
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("components"))))
	return s
}

// versionOf is the version of a component; nothing for hardware and devices, of which
// the file need not state one.
func (b *Book) versionOf(c *model.Component) document.Cell {
	if c.Version == "" && (c.Type == "hardware" || c.Type == "device" || c.Type == "cloud") {
		return document.Cell{}
	}
	return b.Or(c.Version)
}

// privileged says whether a program runs with administrative rights; it is no question
// for hardware.
func (b *Book) privileged(c *model.Component) document.Cell {
	if c.Privileged == model.Unknown && (c.Type == "hardware" || c.Type == "device") {
		return document.Cell{}
	}
	return b.YesNo(c.Privileged)
}
