package draw

import (
	"slices"

	"theriac/model"
)

// entry of a legend: a sign and what it means.
type sign struct {
	width float64
	draw  func(x, y float64) []Item // y is the middle of the line
	text  string
}

const (
	legendLine = 15.0
	legendGap  = 16.0
)

// setSigns sets entries from left to right in lines no wider than width.
func setSigns(signs []sign, x0, y0, width float64) (items []Item, bottom float64) {
	x, y := x0, y0+legendLine/2
	for _, s := range signs {
		w := s.width + 5 + measure(s.text, textSize, false)
		if s.width == 0 {
			w -= 5
		}
		if x > x0 && x+w > x0+width {
			x, y = x0, y+legendLine
		}
		tx := x
		if s.draw != nil {
			items = append(items, s.draw(x, y)...)
			tx += s.width + 5
		}
		items = append(items, &Text{X: tx, Y: y + 3.5, Size: textSize, Role: "text", Text: s.text})
		x += w + legendGap
	}
	return items, y + legendLine/2
}

// words says in full what a short word of a type means.
var words = []struct{ tag, text string }{
	{"HW", "hardware"}, {"FW", "firmware"}, {"OS", "operating system"}, {"APP", "application"}, {"SVC", "service"},
	{"SOUP", "software of unknown provenance"}, {"CLD", "cloud part"}, {"MOB", "mobile part"}, {"DEV", "device or accessory"},
}

// signs lists what occurs in the plan.
func (p *plan) signs() []sign {
	list := []sign{{28, func(x, y float64) []Item {
		return []Item{&Rect{x, y - 5, 28, 10, 3, "zone-site"}}
	}, "zone with trust boundary; trust grows from left to right"}}
	list = append(list, p.boxSigns()...)
	list = append(list, p.wireSigns()...)
	list = append(list, p.markSign()...)
	return append(list, p.portSigns()...)
}

func (p *plan) boxSigns() []sign {
	var list []sign
	for _, w := range words {
		if p.has(func(b *box) bool { return b.tag == w.tag }) {
			list = append(list, sign{measure(w.tag, textSize, true), func(x, y float64) []Item {
				return []Item{&Text{X: x, Y: y + 3.5, Size: textSize, Bold: true, Role: "faint", Text: w.tag}}
			}, w.text})
		}
	}
	if p.has(func(b *box) bool { return b.shape == storeShape }) {
		list = append(list, sign{24, func(x, y float64) []Item { return storeFrame(area{x, y - 6.5, 24, 13}, p.kind) }, "store"})
	}
	for _, person := range []bool{true, false} {
		if p.has(func(b *box) bool { return b.shape == actorShape && b.person == person }) {
			text := "system outside"
			if person {
				text = "person"
			}
			list = append(list, sign{11, func(x, y float64) []Item { return []Item{actorSign(person, x, y-6.5)} }, text})
		}
	}
	return list
}

func (p *plan) has(holds func(*box) bool) bool { return slices.ContainsFunc(p.g.boxes, holds) }

func (p *plan) wireSigns() []sign {
	if len(p.g.flows) == 0 {
		return nil
	}
	line := func(role Role, label string) func(x, y float64) []Item {
		return func(x, y float64) []Item {
			w := measure(label, minText, false) + 2*pillPad
			return []Item{
				polyline(role, Point{x, y}, Point{x + 50, y}), arrowhead(role+"-head", Point{x + 54, y}, 1, 0, headSize),
				&Rect{x + 22 - w/2, y - 6, w, 12, 5, "pill"}, &Text{X: x + 22, Y: y + 3.5, Size: minText, Anchor: Middle, Role: "text", Text: label},
			}
		}
	}
	say := sign{54, line("wire", "7"), "flow with its number in the list of flows"}
	switch {
	case p.g.style == titled:
		say = sign{54, line("wire", "7 …"), "flow with its number and title"}
	case p.g.style == coded:
		say = sign{54, line("wire", "7 A2"), "flow with its number and the codes of the assets it carries"}
	}
	list := []sign{say}
	if len(p.g.inner) > 0 {
		list = append(list, sign{0, nil, "↓ ↑ flow between a box and one inside it"})
	}
	return list
}

// markSign explains the marks on the borders of zones.
func (p *plan) markSign() []sign {
	if !slices.ContainsFunc(p.g.bundles, func(l *bundle) bool { return l.a.zone() != l.b.zone() }) {
		return nil
	}
	return []sign{{8, func(x, y float64) []Item {
		return []Item{polygon("mark", Point{x, y}, Point{x + 4, y - 4}, Point{x + 8, y}, Point{x + 4, y + 4})}
	}, "flow crosses a trust boundary"}}
}

func (p *plan) portSigns() []sign {
	var list []sign
	texts := map[model.Exposure]string{
		"internal": "inside the device", "physical": "by touch", "local": "in radio range", "site": "on site", "internet": "from the internet",
	}
	for _, e := range model.Exposure("").Values() {
		at := slices.IndexFunc(p.g.ports, func(o *port) bool { return o.role == Role("port-"+e.Name) })
		if at < 0 {
			continue
		}
		o := *p.g.ports[at]
		o.code = letters[model.Exposure(e.Name)] + "…"
		list = append(list, sign{portWidth, func(x, y float64) []Item {
			o.at, o.side = spot{}, east
			return []Item{&Moved{x + portWidth/2 + 2*grid, y, []Item{paintPort(&o)}}}
		}, "interface, reached " + texts[model.Exposure(e.Name)]})
	}
	return list
}
