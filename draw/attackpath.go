package draw

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// Attack is the way of an attacker through the system, from one hold to the next.
type Attack struct {
	Title   string
	Outcome string // what the attacker has gained at the end
	Effort  string // of the whole way
	Steps   []AttackStep
}

// AttackStep is a hold of the attacker, and how it is reached from the one before.
type AttackStep struct {
	Label    string   // what is held
	Detail   string   // its kind or id
	Zone     string   // zone that it is in
	Trust    string   // trust of the zone: device, managed, site, public
	Via      string   // interface or flow through which it is reached
	Effort   string   // what reaching it takes
	Controls []string // controls that stand in the way
}

// Sizes of an attack path. Five holds fill the width of a page.
const (
	pathBox    = 122.0
	pathGap    = 114.0
	pathAcross = 5
	laneHead   = 26.0
)

// AttackPath draws the way of an attacker from left to right, in a lane for
// each zone, with the controls as shields on the way.
func AttackPath(p Attack) *Drawing {
	d := &Drawing{Title: clean(p.Title), Summary: p.summary()}
	g := pathPages{path: p, drawing: d}
	g.open()
	for from := 0; from < len(p.Steps); from += pathAcross {
		g.row(from, min(from+pathAcross, len(p.Steps)))
	}
	g.shut()
	return d
}

// summary tells the way in words.
func (p Attack) summary() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Attack path of %s.", plural(len(p.Steps), "step", "steps"))
	for i, t := range p.Steps {
		fmt.Fprintf(&s, " %d: %s in zone %s", i+1, t.Label, t.Zone)
		if t.Via != "" {
			s.WriteString(" through " + t.Via)
		}
		if t.Effort != "" {
			s.WriteString(", effort " + t.Effort)
		}
		if i > 0 {
			if len(t.Controls) > 0 {
				s.WriteString(", against " + list(t.Controls))
			} else {
				s.WriteString(", without a control in the way")
			}
		}
		s.WriteString(".")
	}
	if p.Outcome != "" {
		s.WriteString(" Outcome: " + p.Outcome + ".")
	}
	if p.Effort != "" {
		s.WriteString(" Effort of the whole way: " + p.Effort + ".")
	}
	return clean(s.String())
}

// pathPages sets rows of holds on sheets.
type pathPages struct {
	path    Attack
	drawing *Drawing
	items   []Item
	y       float64
}

func (g *pathPages) put(items ...Item) { g.items = append(g.items, items...) }

// open begins a sheet with its title.
func (g *pathPages) open() {
	width := PageWidth - 2*sheetMargin
	g.items, g.y = nil, sheetMargin+12
	g.put(&Text{X: sheetMargin, Y: g.y, Size: 14, Bold: true, Role: "text", Text: fit(g.path.Title, width, 14, true)})
	g.y += 10
	for _, line := range []struct{ name, text string }{{"Outcome: ", g.path.Outcome}, {"Effort of the whole way: ", g.path.Effort}} {
		for _, t := range wrap(line.name+line.text, width, textSize, false, 2) {
			if line.text != "" {
				g.y += lineHeight + 1
				g.put(&Text{X: sheetMargin, Y: g.y, Size: textSize, Role: "text", Text: t})
			}
		}
	}
	g.y += 12
}

// shut ends a sheet with the legend.
func (g *pathPages) shut() {
	g.put(polyline("hair", Point{sheetMargin, g.y}, Point{PageWidth - sheetMargin, g.y}))
	signs, y := setSigns(pathSigns(), sheetMargin, g.y+4, PageWidth-2*sheetMargin)
	g.put(signs...)
	name := fmt.Sprintf("way %d", len(g.drawing.Sheets)+1)
	g.drawing.Sheets = append(g.drawing.Sheets, Sheet{Name: name, Width: PageWidth, Height: y + sheetMargin, Items: g.items})
}

func pathSigns() []sign {
	return []sign{
		{28, func(x, y float64) []Item { return []Item{&Rect{x, y - 5, 28, 10, 3, "zone-site"}} }, "lane of a zone; its border is a trust boundary"},
		{14, func(x, y float64) []Item { return []Item{shield(x+7, y, "shield")} }, "controls to be overcome"},
		{14, func(x, y float64) []Item { return []Item{shield(x+7, y, "shield-none")} }, "no control in the way"},
		{28, func(x, y float64) []Item {
			return []Item{polyline("wire", Point{x, y}, Point{x + 22, y}), arrowhead("wire-head", Point{x + 28, y}, 1, 0, headSize)}
		}, "step of the attacker"},
	}
}

// lane is the band of a zone in a row.
type lane struct {
	zone, trust string
	steps       []int
	above, deep float64 // room over and under the middle line
	y, h        float64
}

// row draws the holds from one to another, not included.
func (g *pathPages) row(from, to int) {
	lanes := g.lanes(from, to)
	height := 0.0
	for i := range lanes {
		height += lanes[i].h + 6
	}
	if g.y+height > PageHeight-60 && from > 0 {
		g.shut()
		g.open()
	}
	for i := range lanes {
		lanes[i].y = g.y
		g.lane(lanes[i])
		g.y += lanes[i].h + 6
	}
	for i := from; i < to; i++ {
		g.step(i, from, to, lanes)
	}
	g.y += 10
}

// lanes finds the zones of a row in the order in which the way meets them.
func (g *pathPages) lanes(from, to int) []lane {
	var lanes []lane
	for i := from; i < to; i++ {
		s := g.path.Steps[i]
		at := slices.IndexFunc(lanes, func(l lane) bool { return l.zone == s.Zone })
		if at < 0 {
			at = len(lanes)
			lanes = append(lanes, lane{zone: s.Zone, trust: s.Trust, above: 20, deep: 20})
		}
		l := &lanes[at]
		l.steps = append(l.steps, i)
		over, under := g.words(i)
		half := float64(len(s.lines()))*lineHeight/2 + 8
		l.above = max(l.above, half, float64(len(over))*lineHeight+14)
		l.deep = max(l.deep, half, float64(len(under))*lineHeight+16)
	}
	for i := range lanes {
		lanes[i].h = laneHead + lanes[i].above + lanes[i].deep + 6
	}
	return lanes
}

// words are the lines over and under the arrow to a hold.
func (g *pathPages) words(i int) (over, under []string) {
	if i == 0 {
		return nil, nil
	}
	s := g.path.Steps[i]
	width := pathGap - 26
	if s.Via != "" {
		over = wrap("via "+s.Via, width, textSize, false, 4)
	}
	if s.Effort != "" {
		over = append(over, wrap("effort: "+s.Effort, width, textSize, true, 2)...)
	}
	for n, c := range s.Controls {
		if n == 4 && len(s.Controls) > 5 {
			return over, append(under, fmt.Sprintf("and %d more", len(s.Controls)-n))
		}
		under = append(under, wrap(c, width, textSize, false, 3)...)
	}
	if len(s.Controls) == 0 {
		under = []string{"no control"}
	}
	return over, under
}

func (s AttackStep) lines() []string {
	return append(wrap(s.Label, pathBox-2*textPad, textSize, true, 5), wrap(s.Detail, pathBox-2*textPad, textSize, false, 2)...)
}

func (g *pathPages) lane(l lane) {
	role, trust := Role("zone-"+l.trust), "trust: "+clean(l.trust)
	if ranks[model.Trust(l.trust)] == 0 {
		role, trust = "zone-unknown", "trust not known"
	}
	zone := l.zone
	if zone == "" {
		zone = "No zone stated"
	}
	width := PageWidth - 2*sheetMargin
	g.put(&Rect{sheetMargin, l.y, width, l.h, 6, role},
		&Text{X: sheetMargin + 8, Y: l.y + 14, Size: textSize, Bold: true, Role: "text", Text: fit(zone, width-140, textSize, true)},
		&Text{X: sheetMargin + width - 8, Y: l.y + 14, Size: textSize, Anchor: End, Role: "text", Text: trust})
}

// step draws a hold and the arrow that leads to it.
func (g *pathPages) step(i, from, to int, lanes []lane) {
	s := g.path.Steps[i]
	x, y := g.centre(i, from, lanes)
	lines := s.lines()
	h := float64(len(lines))*lineHeight + 12
	box := &Group{Label: s.Label, Items: []Item{&Rect{x - pathBox/2, y - h/2, pathBox, h, 4, "box"}}}
	bold := len(wrap(s.Label, pathBox-2*textPad, textSize, true, 5))
	for n, t := range lines {
		role := Role("text")
		if n >= bold {
			role = "faint"
		}
		box.Items = append(box.Items, &Text{X: x, Y: y - h/2 + 15 + float64(n)*lineHeight, Size: textSize, Anchor: Middle, Bold: n < bold, Role: role, Text: t})
	}
	g.put(box, &Rect{x - pathBox/2 - 7, y - h/2 - 7, 18, 13, 6.5, "pill"},
		&Text{X: x - pathBox/2 + 2, Y: y - h/2 + 3, Size: textSize, Anchor: Middle, Bold: true, Role: "text", Text: fmt.Sprint(i + 1)})
	if i > 0 {
		g.arrow(i, from, lanes)
	}
	if i == to-1 && to < len(g.path.Steps) {
		g.put(&Text{X: x, Y: y + h/2 + 11, Size: textSize, Anchor: Middle, Role: "faint", Text: "continued below"})
	}
}

// centre is the middle of a hold. A row that continues the way leaves room for
// the arrow into its first hold.
func (g *pathPages) centre(i, from int, lanes []lane) (x, y float64) {
	x = sheetMargin + 16 + pathBox/2 + float64(i-from)*(pathBox+pathGap)
	if from > 0 {
		x = sheetMargin + 100 + pathBox/2 + float64(i-from)*(pathBox+(PageWidth-2*sheetMargin-112-pathAcross*pathBox)/(pathAcross-1))
	}
	for _, l := range lanes {
		if slices.Contains(l.steps, i) {
			y = l.y + laneHead + l.above
		}
	}
	return x, y
}

// arrow leads from the hold before to a hold: down or up beside the former, then
// along the lane of the latter.
func (g *pathPages) arrow(i, from int, lanes []lane) {
	s := g.path.Steps[i]
	x2, y2 := g.centre(i, from, lanes)
	end := Point{x2 - pathBox/2, y2}
	start := Point{sheetMargin + 2, y2}
	pts := []Point{start}
	if i > from {
		x1, y1 := g.centre(i-1, from, lanes)
		start = Point{x1 + pathBox/2, y1}
		pts = []Point{start}
		if y1 != y2 {
			pts = append(pts, Point{start.X + 10, y1}, Point{start.X + 10, y2})
		}
	}
	pts = append(pts, Point{end.X - headSize*0.8, y2})
	mid := (max(start.X+10, pts[len(pts)-2].X) + end.X) / 2
	role := Role("shield")
	if len(s.Controls) == 0 {
		role = "shield-none"
	}
	over, under := g.words(i)
	arrow := &Group{Label: "step " + fmt.Sprint(i+1), Items: []Item{rounded("wire", 5, pts...), arrowhead("wire-head", end, 1, 0, headSize), shield(mid, y2, role)}}
	for n, t := range over {
		arrow.Items = append(arrow.Items, &Text{X: mid, Y: y2 - 12 - float64(len(over)-1-n)*lineHeight, Size: textSize, Anchor: Middle, Bold: strings.HasPrefix(t, "effort"), Role: "text", Text: t})
	}
	for n, t := range under {
		r := Role("shield-text")
		if role == "shield-none" {
			r = "red"
		}
		arrow.Items = append(arrow.Items, &Text{X: mid, Y: y2 + 20 + float64(n)*lineHeight, Size: textSize, Anchor: Middle, Role: r, Text: t})
	}
	g.put(arrow)
}

// shield is the sign of controls, its middle at x, y.
func shield(x, y float64, role Role) Item {
	return &Path{Role: role, Steps: []Step{
		{Kind: Move, P: Point{x, y - 8}}, {Kind: Line, P: Point{x + 6.5, y - 5.5}}, {Kind: Line, P: Point{x + 6.5, y}},
		{Kind: Curve, P: Point{x, y + 8}, C1: Point{x + 6.5, y + 4}, C2: Point{x + 3, y + 7}},
		{Kind: Curve, P: Point{x - 6.5, y}, C1: Point{x - 3, y + 7}, C2: Point{x - 6.5, y + 4}},
		{Kind: Line, P: Point{x - 6.5, y - 5.5}}, {Kind: Close},
	}}
}
