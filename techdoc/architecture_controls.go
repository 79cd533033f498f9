package techdoc

import (
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/document"
	"theriac/model"
	"theriac/risk"
)

// archCapabilities lists the security capabilities of MDCG 2019-16 section 3.3 with
// the controls that give them.
func (b *Book) archCapabilities() *document.Section {
	s := b.Section("capabilities", b.Say("Security capabilities"), b.cited("mdcg.3.3.i3", "The guidance names 18 capabilities as an indicative list; which of them a device needs follows from its risks"))
	t := &document.Table{ID: "capabilities", Caption: b.Say("Security capabilities and what gives them"), Columns: []document.Column{
		columnOf(b.Say("Capability"), 3.6), columnOf(b.Say("Given by"), 5), columnOf(b.Say("Status"), 1.6, document.State), columnOf(b.Say("Why not, or what is missing"), 4)}}
	for _, v := range model.Capability("").Values() {
		t.Rows = append(t.Rows, b.capabilityRow(v))
	}
	s.Blocks = append(s.Blocks, t, b.featureTable())
	return s
}

func (b *Book) capabilityRow(v model.Value) document.Row {
	id := "mdcg.cap." + v.Name
	controls := b.giving(func(c *model.Control) bool { return slices.Contains(c.Capabilities, model.Capability(v.Name)) })
	name := document.Lines(document.Text{document.Bold(strings.ToUpper(v.Name)), {Text: " " + v.Doc}})
	row := document.Row{Source: ByLaw(id), Cells: []document.Cell{name, Names(b, controls), {}, {}}}
	if b.Catalog.Entry(id) != nil {
		row.Cells[0].Lines = append(row.Cells[0].Lines, document.Text{b.Clause(id)})
	}
	r := b.Row(id)
	switch {
	case r != nil:
		row.Cells[2] = document.C(b.Status(r.Status))
		if r.Status != check.Satisfied || r.Applicable == catalog.False {
			row.Cells[3] = document.Cell{Lines: b.reasons(*r)}
		}
	case len(controls) > 0:
		row.Cells[2] = document.C(document.Badge(document.Good, b.Say("given")))
	default:
		row.Cells[2] = document.C(document.Badge(document.Bad, b.Say("not stated")))
	}
	return row
}

// giving lists the controls for which a condition holds.
func (b *Book) giving(holds func(*model.Control) bool) (list []*model.Control) {
	for _, c := range b.File.Controls {
		if holds(c) {
			list = append(list, c)
		}
	}
	return list
}

// featureTable lists the on-device capabilities that the state of the art expects.
func (b *Book) featureTable() *document.Table {
	t := &document.Table{ID: "features", Caption: b.Say("On-device capabilities of the state of the art"), Columns: []document.Column{columnOf(b.Say("Capability"), 3.6), columnOf(b.Say("Given by"), 8)}}
	for _, v := range model.Feature("").Values() {
		controls := b.giving(func(c *model.Control) bool { return slices.Contains(c.Features, model.Feature(v.Name)) })
		row := document.Row{Cells: []document.Cell{document.W(v.Doc), orNotStated(b, Names(b, controls))}}
		if len(controls) > 0 {
			row.Source = b.From(controls[0], "features")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// layers are the layers of defence, from the outside in, by what a control protects.
var layers = []struct {
	name string
	in   func(c *model.Control) bool
}{
	{"Surroundings of the operator, and users", risk.Outside},
	{"Zones and boundaries", func(c *model.Control) bool {
		return guards[*model.Zone](c) || guards[*model.Boundary](c) || len(model.Users[*model.Boundary](c, "enforced-by")) > 0
	}},
	{"Interfaces and flows", func(c *model.Control) bool {
		return guards[*model.Interface](c) || guards[*model.Flow](c) || len(model.Users[*model.Interface](c, "controls")) > 0
	}},
	{"Components", guards[*model.Component]},
	{"Stored data", guards[*model.Store]},
	{"Identities, roles and keys", func(c *model.Control) bool {
		return guards[*model.Role](c) || guards[*model.Key](c) || guards[*model.Actor](c)
	}},
	{"Organisation of the manufacturer", func(c *model.Control) bool { return c.By == "manufacturer" }},
}

// guards reports whether a control protects an element of a kind.
func guards[E model.Element](c *model.Control) bool {
	for e := range model.Targets(c.Protects) {
		if _, is := e.(E); is {
			return true
		}
	}
	return false
}

// archControls lists the controls by layer of defence, then in full.
func (b *Book) archControls() *document.Section {
	s := b.Section("controls", b.Say("Security controls"))
	if len(b.File.Controls) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("security controls")))
		return s
	}
	l := &document.Table{ID: "layers", Caption: b.Say("Controls by layer of defence, from the outside in"), Columns: []document.Column{columnOf(b.Say("Layer"), 3), columnOf(b.Say("Number"), 1, document.Figure), columnOf(b.Say("Controls"), 8)}}
	placed := map[*model.Control]bool{}
	for _, layer := range layers {
		list := b.giving(layer.in)
		for _, c := range list {
			placed[c] = true
		}
		l.Rows = append(l.Rows, document.Row{Cells: []document.Cell{document.W(b.Say(layer.name)), document.N(len(list)), idCell(b, list)}})
	}
	if rest := b.giving(func(c *model.Control) bool { return !placed[c] }); len(rest) > 0 {
		l.Rows = append(l.Rows, document.Row{Cells: []document.Cell{document.W(b.Say("Elsewhere: it is not stated what they protect")), document.N(len(rest)), idCell(b, rest)}})
	}
	s.Blocks = append(s.Blocks, b.Para("A control that protects elements of several kinds stands in several layers."), l, b.controlTable())
	return s
}

func (b *Book) controlTable() *document.Table {
	t := &document.Table{ID: "controls", Caption: b.Say("All controls"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Control"), 3.2), columnOf(b.Say("How it works"), 6), columnOf(b.Say("Priority, provided by"), 1.8), columnOf(b.Say("Strength"), 1.4), columnOf(b.Say("Capabilities"), 1.6), columnOf(b.Say("Protects"), 3),
		columnOf(b.Say("Follows"), 2), columnOf(b.Say("Evidence"), 1.8, document.State)}}
	for _, c := range b.File.Controls {
		var caps []string
		for _, k := range c.Capabilities {
			caps = append(caps, strings.ToUpper(string(k)))
		}
		how := b.proseLines(c, "description", c.Description)
		if c.Justification != "" {
			how.Lines = append(how.Lines, b.proseLines(c, "justification", c.Justification).Lines...)
		}
		t.Rows = append(t.Rows, document.Row{ID: c.ID, Source: b.From(c), Cells: []document.Cell{
			b.titleAndID(c), how, document.Lines(document.T("%s", c.Priority), document.T("%s", providerOf(c))), b.strengthOf(c), document.W(strings.Join(caps, ", ")), idCell(b, All(c.Protects)),
			document.W(strings.Join(c.Standards, "; ")), document.C(b.controlBadge(c))}})
	}
	return t
}

// strengthOf is the strength of a control; information has none.
func (b *Book) strengthOf(c *model.Control) document.Cell {
	if c.Strength == "" && c.Priority == "information" {
		return document.Cell{}
	}
	return b.Or(string(c.Strength))
}

// archBoot says how the start is protected, and what the trust rests on in hardware.
func (b *Book) archBoot() *document.Section {
	s := b.Section("boot", b.Say("Verified boot and roots in hardware"))
	t := &document.Table{ID: "boot", Caption: b.Say("Start of components, and debug access as shipped"), Columns: []document.Column{
		columnOf(b.Say("Component"), 4), columnOf(b.Say("Type"), 2), columnOf(b.Say("Each stage verifies the next"), 2), columnOf(b.Say("Key of the first stage"), 2.6), columnOf(b.Say("Debug access"), 3.4)}}
	for _, c := range b.File.Components {
		if c.Boot == (model.Boot{}) && c.Type != "firmware" && c.Type != "operating-system" {
			continue
		}
		key := b.Or("")
		if c.Boot.Key.OK() {
			key = document.Lines(b.Named(c.Boot.Key.To))
		} else if c.Boot.Verified != model.Yes {
			key = document.Cell{}
		}
		t.Rows = append(t.Rows, document.Row{ID: c.ID, Source: b.From(c, "boot"), Cells: []document.Cell{b.titleAndID(c), document.W(spaced(c.Type)), b.YesNo(c.Boot.Verified), key, b.debugOf(c)}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("how the start of hardware, firmware and operating systems is protected"))))
	roots := &document.Table{ID: "roots", Caption: b.Say("Keys that never leave hardware"), Columns: []document.Column{columnOf(b.Say("Hardware"), 4), columnOf(b.Say("Keys"), 8)}}
	of := map[*model.Component][]*model.Key{}
	for _, k := range b.File.Keys {
		if k.Hardware == model.Yes {
			of[k.HardwareIn.To] = append(of[k.HardwareIn.To], k)
		}
	}
	for _, c := range b.File.Components {
		if len(of[c]) > 0 {
			roots.Rows = append(roots.Rows, document.Row{Source: b.From(c), Cells: []document.Cell{b.titleAndID(c), namesWithIDs(b, of[c])}})
		}
	}
	if list := of[nil]; len(list) > 0 {
		roots.Rows = append(roots.Rows, document.Row{Source: b.From(list[0]), Cells: []document.Cell{b.Or(""), namesWithIDs(b, list)}})
	}
	s.Blocks = append(s.Blocks, withRows(roots, b.Para("No key is stated to be held in hardware.")))
	if list := b.giving(func(c *model.Control) bool { return slices.Contains(c.Features, "secure-boot") }); len(list) > 0 {
		s.Blocks = append(s.Blocks, b.Para("Controls that give secure boot and execution:"), bullets(namesWithIDs(b, list).Lines, document.Source{}))
	}
	return s
}

func (b *Book) debugOf(c *model.Component) document.Cell {
	switch c.Boot.Debug {
	case "":
		if c.Type == "operating-system" {
			return document.Cell{}
		}
		return b.Or("")
	case "open":
		return document.C(document.Badge(document.Bad, b.Say("open")))
	}
	return document.W(string(c.Boot.Debug) + ": " + meaningOf(c.Boot.Debug.Values(), string(c.Boot.Debug)))
}
