package draw

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"theriac/model"
)

// synthetic writes a security file with components, parts, stores, actors and
// flows between them, as the numbers say.
func synthetic(components, flows int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("product: {name: Synthetic, regulation: MDR, class: IIb}\nzones:\n")
	trusts := []string{"device", "device", "device", "site", "site", "managed", "public"}
	for i, t := range trusts {
		fmt.Fprintf(&b, "  z%d: {title: Zone number %d of the system, trust: %s}\n", i, i, t)
	}
	types := model.ComponentType("").Values()
	var ends []string
	b.WriteString("components:\n")
	for i := range components {
		fmt.Fprintf(&b, "  c%d: {title: Component %d with a name, type: %s, ", i, i, types[r.IntN(len(types))].Name)
		if i > 0 && r.IntN(4) == 0 {
			fmt.Fprintf(&b, "part-of: c%d}\n", r.IntN(i))
		} else {
			fmt.Fprintf(&b, "zone: z%d}\n", r.IntN(len(trusts)))
		}
		ends = append(ends, fmt.Sprintf("c%d", i))
	}
	for _, kind := range []string{"stores", "actors"} {
		fmt.Fprintf(&b, "%s:\n", kind)
		for i := range max(1, components/6) {
			id := fmt.Sprintf("%s%d", kind[:2], i)
			if kind == "stores" {
				fmt.Fprintf(&b, "  %s: {title: Store %d, component: c%d}\n", id, i, r.IntN(components))
			} else {
				fmt.Fprintf(&b, "  %s: {title: Actor %d, type: person, zone: z%d}\n", id, i, 3+r.IntN(4))
			}
			ends = append(ends, id)
		}
	}
	b.WriteString("interfaces:\n")
	for i := range max(1, components/3) {
		fmt.Fprintf(&b, "  i%d: {title: Interface %d, component: c%d, medium: ethernet, exposure: site}\n", i, i, r.IntN(components))
	}
	b.WriteString("flows:\n")
	for i := range flows {
		fmt.Fprintf(&b, "  f%d: {title: Flow %d, from: %s, to: %s, over: [i%d]}\n", i, i, ends[r.IntN(len(ends))], ends[r.IntN(len(ends))], r.IntN(max(1, components/3)))
	}
	return b.String()
}

// planOf lays out a graph in the most promising way.
func planOf(g *graph, k kind) *plan {
	p := newPlan(g, arrange(g, k, 1)[0], 4)
	p.lead(false)
	return p
}

// TestLayout checks what must hold for any file: boxes do not overlap, children
// are inside their parents, every flow between two boxes has a wire that ends at
// both, and no wire runs through a box.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := yaml(t, synthetic(rapid.IntRange(1, 20).Draw(r, "components"), rapid.IntRange(0, 20).Draw(r, "flows"), rapid.Uint64().Draw(r, "seed")))
		k := kind(rapid.IntRange(0, 1).Draw(r, "kind"))
		b := newBuilder(f, k)
		b.detail = detail(rapid.IntRange(0, int(overview)).Draw(r, "detail"))
		g := b.build()
		if len(g.zones) == 0 {
			return
		}
		checkPlan(r, planOf(g, k))
	})
}

type reporter interface {
	Errorf(format string, args ...any)
}

func checkPlan(t reporter, p *plan) {
	for i, a := range p.g.zones {
		checkBox(t, a)
		for _, b := range p.g.zones[i+1:] {
			if a.area().overlaps(b.area()) {
				t.Errorf("zones %s and %s overlap", a.id, b.id)
			}
		}
	}
	for _, l := range p.g.bundles {
		checkWire(t, p, l)
	}
}

func checkBox(t reporter, b *box) {
	for i, k := range b.kids {
		if !b.area().holds(k.area()) {
			t.Errorf("%s is not inside %s", k.id, b.id)
		}
		for _, o := range b.kids[i+1:] {
			if k.area().overlaps(o.area()) {
				t.Errorf("%s and %s overlap", k.id, o.id)
			}
		}
		checkBox(t, k)
	}
}

func checkWire(t reporter, p *plan, l *bundle) {
	pts := l.points()
	if len(pts) < 2 || !touches(l.a, l.pa, pts[0]) || !touches(l.b, l.pb, pts[len(pts)-1]) {
		t.Errorf("the wire from %s to %s does not reach both: %v", l.a.id, l.b.id, pts)
	}
	for _, b := range p.g.boxes {
		inner := b.area().grown(-1)
		if !b.leaf() {
			continue
		}
		for i := 1; i < len(pts); i++ {
			if (wireLeg{nil, pts[i-1], pts[i]}).hits(inner) {
				t.Errorf("the wire from %s to %s runs through %s", l.a.id, l.b.id, b.id)
			}
		}
	}
}

// touches reports whether a point is on the border of a box or at its port.
func touches(b *box, p *port, pt Point) bool {
	a := b.area().grown(0.5)
	if p != nil {
		a = p.area().grown(0.5)
	}
	return a.holds(area{pt.X, pt.Y, 0, 0})
}

// TestLayoutOfExamples checks the same for the examples, and that no wire lies
// on top of another one and no label hides a box.
func TestLayoutOfExamples(t *testing.T) {
	for _, name := range []string{"infusion-pump", "pcr-analyser"} {
		for _, k := range []kind{architecture, dataFlow} {
			p := newBuilder(example(t, name), k).fit()
			checkPlan(t, p)
			for _, l := range p.g.bundles {
				if l.hides >= 300 {
					t.Errorf("%s: label %v covers something", name, l.words)
				}
			}
			checkShared(t, name, p)
			checkPorts(t, name, p)
		}
	}
}

// checkPorts checks that each interface of the picture has its own place, on the
// border of its component.
func checkPorts(t *testing.T, name string, p *plan) {
	t.Helper()
	for i, a := range p.g.ports {
		if !a.area().overlaps(a.on.area()) || a.on.area().holds(a.area()) {
			t.Errorf("%s: port %s is not on the border of %s", name, a.code, a.on.id)
		}
		for _, b := range p.g.ports[i+1:] {
			if a.area().overlaps(b.area()) {
				t.Errorf("%s: ports %s and %s overlap", name, a.code, b.code)
			}
		}
	}
}

// checkShared checks that wires of different nets share no step.
func checkShared(t *testing.T, name string, p *plan) {
	t.Helper()
	of := map[step]*bundle{}
	for _, l := range p.g.bundles {
		spots := l.spots()
		for i := 1; i < len(spots); i++ {
			s := stepOf(spots[i-1], spots[i])
			if o := of[s]; o != nil && o.net != l.net {
				t.Errorf("%s: wires %v and %v run on top of each other at %v", name, o.words, l.words, s.at)
			}
			of[s] = l
		}
	}
}

// TestFlowsDrawn checks that each flow of a file is in the picture: on a wire,
// between a box and one inside it, or inside a box, and then in the list.
func TestFlowsDrawn(t *testing.T) {
	f := yaml(t, synthetic(40, 60, 7))
	for d := full; d <= overview; d++ {
		b := newBuilder(f, architecture)
		b.detail = d
		g := b.build()
		drawn := b.within
		for _, l := range append(g.bundles, g.inner...) {
			drawn += len(l.forth) + len(l.back)
		}
		if drawn != len(f.Flows) || len(g.flows) != len(f.Flows) {
			t.Errorf("detail %d: %d flows drawn and %d listed of %d", d, drawn, len(g.flows), len(f.Flows))
		}
	}
}

// TestCircleOfParts checks that parts that contain each other end the picture
// neither in a loop nor in silence.
func TestCircleOfParts(t *testing.T) {
	f := yaml(t, `product: {name: Circle, regulation: MDR, class: I}
zones:
  z: {title: Zone, trust: device}
components:
  a: {title: First, type: service, zone: z, part-of: b}
  b: {title: Second, type: service, zone: z, part-of: a}
  c: {title: Third, type: service, zone: z, part-of: c}
`)
	text := string(svgOf(t, must(t)(Architecture(f, Options{}))))
	for _, want := range []string{"First", "Second", "Third"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not drawn", want)
		}
	}
}

// TestLargeFile checks that a file far too large for a page still makes a
// picture that fits one and says what it leaves out.
func TestLargeFile(t *testing.T) {
	d := must(t)(Architecture(yaml(t, synthetic(400, 800, 3)), Options{}))
	if s := d.Sheets[0]; s.Width > PageWidth || s.Height > PageHeight {
		t.Errorf("the diagram is %.0f by %.0f", s.Width, s.Height)
	}
	if !strings.Contains(string(svgOf(t, d)), "Elements of a zone are drawn together") {
		t.Error("the picture does not say what it leaves out")
	}
}

func BenchmarkArchitecture(b *testing.B) {
	for _, size := range []struct {
		name              string
		components, flows int
	}{{"50", 50, 60}, {"1000", 1000, 5000}} {
		f := yaml(b, synthetic(size.components, size.flows, 5))
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Architecture(f, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
