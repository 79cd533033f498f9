package draw

import (
	"errors"
	"fmt"
	"strings"

	"theriac/model"
)

// Space on a sheet, in its units.
const (
	sheetMargin = 8.0
	titleHeight = 22.0
)

// Options choose what a diagram of the architecture shows.
type Options struct {
	Focus string // id of what to draw with its surroundings; empty draws the file
}

// ErrNothing says that there is nothing to draw.
var ErrNothing = errors.New("the security file has nothing to draw")

// Architecture draws zones, components, interfaces and flows.
func Architecture(f *model.File, o Options) (*Drawing, error) { return draw(f, architecture, o) }

// DataFlow draws processes, stores, actors and flows with the assets they carry.
func DataFlow(f *model.File, o Options) (*Drawing, error) { return draw(f, dataFlow, o) }

func draw(f *model.File, k kind, o Options) (*Drawing, error) {
	b := newBuilder(f, k)
	if err := b.focus(o.Focus); err != nil {
		return nil, err
	}
	p := b.fit()
	if p == nil {
		return nil, ErrNothing
	}
	title := sheetTitle(f, k, o)
	d := &Drawing{Title: title, Summary: b.summary(p.g), Sheets: []Sheet{p.sheet(title)}}
	d.Sheets = append(d.Sheets, b.lists(p.g, d.Title)...)
	return d, nil
}

// mostBoxes and mostWires are how many boxes and wires a page can hold at all.
const (
	mostBoxes = 100
	mostWires = 90
)

// fit draws with as much detail as fits a page, and with labels that say as much
// as there is room for.
func (b *builder) fit() *plan {
	for ; ; b.detail++ {
		for _, b.style = range b.styles() {
			g := b.build()
			if len(g.zones) == 0 {
				return nil
			}
			last := b.detail == overview
			if (len(g.boxes) > mostBoxes || len(g.bundles) > mostWires) && !last {
				break
			}
			p := best(g, b.kind, !last)
			if p == nil {
				break
			}
			if b.style == numbered && last || p.size() <= 1 && (b.style == numbered || p.clear()) {
				return p
			}
		}
	}
}

// styles lists what labels may say, the richest first.
func (b *builder) styles() []style {
	switch {
	case len(b.build().flows) <= fewFlows:
		return []style{titled, numbered}
	case b.kind == dataFlow:
		return []style{coded, numbered}
	}
	return []style{numbered}
}

// candidates is how many ways of laying out are tried in full.
const candidates = 5

// best lays out a graph in the most promising ways, leads the wires, and keeps
// the plan with the least flaws. It gives up before the wires on what would
// never fit a page, if asked.
func best(g *graph, k kind, mustFit bool) *plan {
	var found *plan
	var kept snapshot
	for _, s := range arrange(g, k, candidates) {
		s.roomy = g.style.room()
		p := newPlan(g, s, 16)
		if len(g.boxes) <= bigGraph {
			p.improve()
		}
		if found == nil && mustFit && p.scale() > 1.02 {
			return nil
		}
		p.lead(mustFit)
		if found == nil && mustFit && p.size() > 1.12 {
			return nil
		}
		if found == nil || p.flawed < found.flawed {
			found, kept = p, p.snapshot()
		}
		if len(g.boxes) > bigGraph || len(g.bundles) > 2*mostWires {
			break
		}
	}
	found.back(kept)
	return found
}

// room is the extra space between columns that labels need.
func (s style) room() int {
	switch s {
	case titled:
		return units(titledWidth) - columnGap + 3
	case coded:
		return 2
	}
	return 0
}

// sheet sets the plan with title, legend and notes.
func (p *plan) sheet(title string) Sheet {
	a := p.bounds()
	s := Sheet{Name: "diagram", Width: max(a.w+2*sheetMargin, 480)}
	width := s.Width - 2*sheetMargin
	s.Items = []Item{&Text{X: sheetMargin, Y: sheetMargin + 12, Size: 14, Bold: true, Role: "text", Text: fit(title, width, 14, true)}}
	top := sheetMargin + titleHeight
	s.Items = append(s.Items, &Moved{sheetMargin - a.x + (width-a.w)/2, top - a.y, p.paint()})
	y := top + a.h + 8
	s.Items = append(s.Items, polyline("hair", Point{sheetMargin, y}, Point{s.Width - sheetMargin, y}))
	signs, y := setSigns(p.signs(), sheetMargin, y+4, width)
	s.Items = append(s.Items, signs...)
	for _, line := range wrap(strings.Join(p.g.notes, " "), width, textSize, false, 8) {
		y += lineHeight + 1
		s.Items = append(s.Items, &Text{X: sheetMargin, Y: y, Size: textSize, Role: "faint", Text: line})
	}
	s.Height = y + sheetMargin
	return s
}

// bounds is the area that boxes, wires and labels take.
func (p *plan) bounds() area {
	x1, y1, x2, y2 := 0.0, 0.0, float64(p.w)*grid, float64(p.h)*grid
	take := func(a area) {
		x1, y1, x2, y2 = min(x1, a.x), min(y1, a.y), max(x2, a.x+a.w), max(y2, a.y+a.h)
	}
	for _, l := range p.g.bundles {
		take(l.label)
		for _, pt := range l.points() {
			take(area{pt.X - 1, pt.Y - 1, 2, 2})
		}
	}
	for _, o := range p.g.ports {
		take(o.area())
	}
	return area{x1, y1, x2 - x1, y2 - y1}
}

func sheetTitle(f *model.File, k kind, o Options) string {
	what := "architecture"
	if k == dataFlow {
		what = "data flow diagram"
	}
	if f.Product != nil && clean(f.Product.Name) != "" {
		what = f.Product.Name + ": " + what
	}
	if f.Variant() != "" {
		what += ", variant " + f.Variant()
	}
	if e := f.Lookup(o.Focus); o.Focus != "" && e != nil {
		what += ", around " + model.Label(e)
	}
	return clean(what)
}

// summary tells in words what the picture shows.
func (b *builder) summary(g *graph) string {
	var s strings.Builder
	for _, z := range g.zones {
		if s.Len() > 0 {
			s.WriteString(" ")
		}
		fmt.Fprintf(&s, "Zone %s (%s)", z.title, z.subs[0])
		if names := z.names(); len(names) > 0 {
			s.WriteString(" holds " + list(names))
		}
		s.WriteString(".")
	}
	crossing := 0
	for _, n := range g.flows {
		if n.flow.Crosses() {
			crossing++
		}
	}
	fmt.Fprintf(&s, " %s, of which %d cross a trust boundary.", plural(len(g.flows), "flow", "flows"), crossing)
	for _, n := range g.notes {
		s.WriteString(" " + n)
	}
	return s.String()
}

func (b *box) names() []string {
	var names []string
	for _, k := range b.kids {
		name := k.title
		if inner := k.names(); len(inner) > 0 {
			name += " (with " + list(inner) + ")"
		}
		names = append(names, name)
	}
	return names
}

// lists explains numbers and codes on sheets of their own.
func (b *builder) lists(g *graph, title string) []Sheet {
	pages := pager{title: title, width: PageWidth - 2*sheetMargin}
	pages.add(b.flowTable(g))
	if b.kind == architecture {
		pages.add(b.ifaceTable(g))
	} else {
		pages.add(b.assetTable(g))
	}
	pages.flush()
	return pages.sheets
}

func (b *builder) flowTable(g *graph) table {
	t := table{title: "Flows", columns: []column{
		{"No.", 34, true}, {"Flow", 263, false}, {"From", 210, false}, {"To", 210, false}, {"Over", 60, false}, {"Carries", 190, false}, {"Boundary", 130, false},
	}}
	between := b.file.BoundaryMap()
	for _, n := range g.flows {
		f := n.flow
		var over, carries []string
		for i := range model.Targets(f.Over) {
			over = append(over, b.codes[i])
		}
		for a := range model.Targets(f.Carries) {
			c := a.ID
			if b.kind == dataFlow {
				c = b.assets[a]
			}
			carries = append(carries, c)
		}
		t.rows = append(t.rows, []string{
			fmt.Sprint(n.n), titleOf(f), titleOf(f.From.To), titleOf(f.To.To), strings.Join(over, ", "), strings.Join(carries, ", "), crossing(f, between),
		})
	}
	return t
}

// crossing names the boundary that a flow crosses.
func crossing(f *model.Flow, between map[model.ZonePair]*model.Boundary) string {
	if !f.Crosses() {
		return ""
	}
	if bd := between[model.PairOf(f.Zones())]; bd != nil {
		return bd.ID
	}
	return "none stated"
}

func (b *builder) ifaceTable(g *graph) table {
	t := table{title: "Interfaces", columns: []column{
		{"Code", 40, true}, {"Interface", 250, false}, {"On", 190, false}, {"Medium", 90, false}, {"Protocol", 187, false}, {"Encryption", 120, false}, {"Authentication", 120, false}, {"State", 100, false},
	}}
	for _, c := range g.ifaces {
		i := c.iface
		t.rows = append(t.rows, []string{
			c.code, titleOf(i), titleOf(i.Component.To), string(i.Medium), i.Protocol, i.Encryption, string(i.Authentication), string(i.State),
		})
	}
	return t
}

func (b *builder) assetTable(g *graph) table {
	t := table{title: "Assets", columns: []column{
		{"Code", 40, true}, {"Asset", 387, false}, {"Id", 190, false}, {"Type", 80, false}, {"Confidentiality", 100, false}, {"Integrity", 100, false}, {"Availability", 100, false}, {"Personal data", 100, false},
	}}
	carried := map[*model.Asset]bool{}
	for _, n := range g.flows {
		for a := range model.Targets(n.flow.Carries) {
			carried[a] = true
		}
	}
	for _, a := range b.file.Assets {
		if carried[a] {
			t.rows = append(t.rows, []string{
				b.assets[a], titleOf(a), a.ID, string(a.Type), string(a.Confidentiality), string(a.Integrity), string(a.Availability), string(a.PersonalData),
			})
		}
	}
	return t
}
