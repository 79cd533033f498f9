package change

import (
	"slices"
	"strings"
	"testing"
)

const guarded = `
product: {name: Example, regulation: MDR, class: IIb}
zones:
  device: {title: Device, trust: device}
components:
  gateway: {title: Gateway, type: service, zone: device, safety: false}
  app: {title: Application, type: application, zone: device, safety: true}
interfaces:
  lan: {title: Network, component: gateway, medium: ethernet, exposure: site, direction: in, controls: [tls]}
flows:
  in: {title: Orders, from: gateway, to: app}
controls:
  tls: {title: Mutual TLS, priority: design, strength: high}
  log: {title: Log, priority: protective, capabilities: [audt]}
`

// TestHeld: a control that goes names each path that it held, with what the path
// takes now; one that stood on none says nothing of paths.
func TestHeld(t *testing.T) {
	before := view(t, guarded)
	without := strings.Replace(strings.Replace(guarded, ", controls: [tls]", "", 1), "  tls: {title: Mutual TLS, priority: design, strength: high}\n", "", 1)
	items := Compare(before, view(t, without)).In(Paths)
	i := slices.IndexFunc(items, func(i Item) bool { return i.ID == "tls" })
	if i < 0 {
		t.Fatalf("nothing is said of the control: %+v", items)
	}
	if want := "stood on 1 path of least effort to 1 target, and is gone"; items[i].Text != want {
		t.Errorf("got %q, want %q", items[i].Text, want)
	}
	if d := items[i].Details; len(d) != 1 || !strings.HasPrefix(d[0], "lan to app: effort ") || !strings.Contains(d[0], ", without the control ") {
		t.Errorf("details %q", d)
	}
	silent := Compare(before, view(t, strings.Replace(guarded, "  log: {title: Log, priority: protective, capabilities: [audt]}\n", "", 1)))
	if slices.ContainsFunc(silent.In(Paths), func(i Item) bool { return i.ID == "log" }) {
		t.Error("a control that stood on no path held one")
	}
}
