package attack_test

import (
	"slices"
	"testing"

	"theriac/attack"
	"theriac/model"
)

func example(t *testing.T, name string) (*model.File, *attack.Analysis) {
	t.Helper()
	var l model.Loader
	f, _, err := l.Load(t.Context(), "../examples/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return f, attack.Find(f, attack.Options{})
}

func between(t *testing.T, f *model.File, a *attack.Analysis, from, to string) attack.Path {
	t.Helper()
	e := slices.IndexFunc(a.Entries, func(e *attack.Entry) bool { return e.At == f.Lookup(from) })
	g := slices.IndexFunc(a.Targets, func(g *attack.Target) bool { return g.Entity == f.Lookup(to) })
	if e < 0 || g < 0 {
		t.Fatalf("%s is no entry or %s is no target", from, to)
	}
	p, ok := a.Path(a.Entries[e], a.Targets[g])
	if !ok {
		t.Fatalf("no path from %s to %s", from, to)
	}
	return p
}

func meets(p attack.Path, id string) bool {
	return slices.ContainsFunc(p.Controls(), func(c *model.Control) bool { return c.ID == id })
}

// TestInfusionPump checks what an expert would say about the example.
func TestInfusionPump(t *testing.T) {
	f, a := example(t, "infusion-pump")
	for _, e := range a.Entries {
		if i, ok := e.At.(*model.Interface); ok && !i.Used() {
			t.Errorf("entry at %s, which is off", i.ID)
		}
	}
	// Orders from the network end in the inbox, and the way to the patient leads
	// past the nurse and the hard limits of the therapy controller.
	order := between(t, f, a, "if-hl7-orders", "app-infusion")
	if !meets(order, "ct-bedside-confirm") || !meets(order, "ct-mutual-tls") {
		t.Errorf("orders: %s", story(order))
	}
	if gateway := between(t, f, a, "ac-ward-gateway", "app-infusion"); meets(gateway, "ct-mutual-tls") || !meets(gateway, "ct-bedside-confirm") {
		t.Errorf("ward gateway: %s", story(gateway))
	}
	for _, from := range []string{"if-hl7-orders", "if-update", "if-portal", "if-touch"} {
		if p := between(t, f, a, from, "fw-therapy"); !meets(p, "ct-hard-limits") {
			t.Errorf("therapy without hard limits: %s", story(p))
		}
	}
	// Whoever stands at the bed stops the pump in one step.
	if stop := between(t, f, a, "if-keypad", "fw-therapy"); len(stop.Steps) != 1 {
		t.Errorf("stop key: %s", story(stop))
	}
	for _, o := range a.Open {
		if model.OnDevice(o.Target.Entity) {
			t.Errorf("%s is reached from %s without a control", model.Of(o.Target.Entity).ID, model.Of(o.Entry.At).ID)
		}
	}
}

func TestAnalyser(t *testing.T) {
	f, a := example(t, "pcr-analyser")
	results := between(t, f, a, "if-hl7-in", "st-results")
	if !meets(results, "c-mtls-lab") || !meets(results, "c-record-mac") {
		t.Errorf("results: %s", story(results))
	}
	for _, target := range a.Targets {
		if len(target.Reach) == 0 {
			t.Errorf("%s is not reached", model.Of(target.Entity).ID)
		}
	}
}
