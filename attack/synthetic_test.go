package attack_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"theriac/attack"
	"theriac/model"
)

// synthetic writes an architecture in layers: entries at the outer one, safety in
// the inner one, flows from each layer to the next and some back.
func synthetic(components, flows int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 0))
	var b strings.Builder
	const layers, controls = 10, 300
	layer := func(n int) int { return n * layers / components }
	b.WriteString("zones:\n")
	for n := range layers {
		fmt.Fprintf(&b, "  z-%d: {title: Zone, trust: device}\n", n)
	}
	b.WriteString("  z-site: {title: Site, trust: site}\nassets:\n  as-dose: {title: Dose, type: data, affects: [therapy]}\n  as-log: {title: Log, type: data, affects: [security]}\n")
	b.WriteString("controls:\n")
	for n := range controls {
		fmt.Fprintf(&b, "  ct-%d: {title: Control, priority: design, strength: %s, protects: [c-%d]}\n", n, []string{"basic", "moderate", "high"}[r.IntN(3)], r.IntN(components))
	}
	b.WriteString("components:\n")
	for n := range components {
		fmt.Fprintf(&b, "  c-%d: {title: Component, type: service, zone: z-%d, safety: %t}\n", n, layer(n), n >= components*4/5)
	}
	b.WriteString("actors:\n")
	for n := range components / 10 {
		fmt.Fprintf(&b, "  ac-%d: {title: Actor, type: system, zone: z-site}\n", n)
	}
	b.WriteString("interfaces:\n")
	for n := range components / 5 {
		fmt.Fprintf(&b, "  if-%d: {title: Interface, component: c-%d, medium: ethernet, exposure: site, peers: [ac-%d], controls: [ct-%d]}\n",
			n, n, r.IntN(components/10), r.IntN(controls))
	}
	b.WriteString("flows:\n")
	for n := range flows {
		from := r.IntN(components)
		to := min(components-1, max(0, from+r.IntN(components/5)-components/20))
		fmt.Fprintf(&b, "  fl-%d: {title: Flow, from: c-%d, to: c-%d, carries: [%s]}\n", n, from, to, []string{"as-dose", "as-log"}[r.IntN(2)])
	}
	return b.String()
}

// TestSynthetic searches a small architecture of the benchmark's kind twice and
// wants the same answer.
func TestSynthetic(t *testing.T) {
	text := synthetic(100, 500, 7)
	a, b := attack.Find(load(t, text), attack.Options{}), attack.Find(load(t, text), attack.Options{})
	if a.Pairs == 0 || a.Pairs != b.Pairs || len(a.Controls) == 0 {
		t.Fatalf("%d and %d pairs, %d controls", a.Pairs, b.Pairs, len(a.Controls))
	}
	for n := range a.Targets {
		x, _ := a.Least(a.Targets[n])
		y, _ := b.Least(b.Targets[n])
		if story(x) != story(y) {
			t.Errorf("%s, then %s", story(x), story(y))
		}
	}
}

// BenchmarkPaths1000 searches 1,000 components and 5,000 flows.
func BenchmarkPaths1000(b *testing.B) {
	f := load(b, synthetic(1000, 5000, 1))
	b.ReportAllocs()
	var a *attack.Analysis
	for b.Loop() {
		a = attack.Find(f, attack.Options{})
	}
	b.ReportMetric(float64(len(a.Entries)), "entries")
	b.ReportMetric(float64(len(a.Targets)), "targets")
	b.ReportMetric(float64(a.Pairs), "pairs")
}

// BenchmarkHeld1000 lists what the control of most paths holds.
func BenchmarkHeld1000(b *testing.B) {
	a := attack.Find(load(b, synthetic(1000, 5000, 1)), attack.Options{})
	id := a.Bearers()[0].Control.ID
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := a.Held(id); !ok {
			b.Fatal("not found")
		}
	}
}

func ExampleFind() {
	a := attack.Find(&model.File{}, attack.Options{})
	for _, t := range a.Targets {
		if p, ok := a.Least(t); ok {
			fmt.Println(p.Effort, p.Steps)
		}
	}
	fmt.Println(len(a.Targets), "targets")
	// Output: 0 targets
}
