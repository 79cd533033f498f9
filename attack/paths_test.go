package attack_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/attack"
	"theriac/diag"
	"theriac/model"
)

func load(t testing.TB, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Severity == diag.Error && f.Code != "T0016" { // no product is described
			t.Fatalf("%s %s", f.Code, f.Message)
		}
	}
	return file
}

// frame is a device with two zones on a hospital network.
const frame = `
zones:
  z-in: {title: Inner, trust: device}
  z-out: {title: Outer, trust: device}
  z-site: {title: Site, trust: site}
  z-public: {title: Internet, trust: public}
assets:
  as-dose: {title: Dose, type: data, integrity: high, affects: [therapy]}
  as-log: {title: Log, type: data, integrity: low, affects: [security]}
  as-package: {title: Package, type: data, integrity: high, affects: [security]}
`

// paths writes each path of least effort, entry by entry, as "class effort: steps
// [obstacles of each step]".
func paths(a *attack.Analysis, target string) []string {
	var list []string
	for _, t := range a.Targets {
		if model.Of(t.Entity).ID != target {
			continue
		}
		for _, e := range a.Entries {
			if p, ok := a.Path(e, t); ok {
				list = append(list, fmt.Sprintf("%s %d: %s", e.Class, p.Effort, story(p)))
			}
		}
	}
	return list
}

func story(p attack.Path) string {
	var steps []string
	for _, s := range p.Steps {
		var names []string
		for _, o := range s.Obstacles {
			if o.Control != nil {
				names = append(names, o.Control.ID)
			} else {
				names = append(names, o.Text)
			}
		}
		steps = append(steps, fmt.Sprintf("%s [%s]", s, strings.Join(names, ", ")))
	}
	return strings.Join(steps, "; ")
}

// pathCases are small files with the paths to their target c-pump.
var pathCases = []struct {
	name, text string
	want       []string
}{
	{"nothing in the way", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: ethernet, exposure: internet, state: enabled}
`, []string{"internet 1: connects to c-pump over if-a []"}},

	{"an interface that is off is no way", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: bluetooth, exposure: local, state: disabled, peers: [ac-app]}
actors:
  ac-app: {title: App, type: system, zone: z-site}
flows:
  fl-a: {title: A, from: ac-app, to: c-pump, over: [if-a], carries: [as-dose]}
`, nil},

	{"the strongest counts most, unstated ones no more than one basic control", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: ethernet, exposure: site, controls: [ct-basic, ct-moderate, ct-high]}
  if-b: {title: B, component: c-pump, medium: ethernet, exposure: site, controls: [ct-x, ct-y, ct-z]}
  if-c: {title: C, component: c-pump, medium: ethernet, exposure: site, controls: [ct-x]}
controls:
  ct-basic: {title: Basic, priority: design, strength: basic}
  ct-moderate: {title: Moderate, priority: design, strength: moderate}
  ct-high: {title: High, priority: design, strength: high}
  ct-x: {title: X, priority: design}
  ct-y: {title: Y, priority: design}
  ct-z: {title: Z, priority: design}
`, []string{
		"site 15: connects to c-pump over if-a [ct-basic, ct-moderate, ct-high]",
		"site 5: connects to c-pump over if-b [ct-x, ct-y, ct-z]",
		"site 4: connects to c-pump over if-c [ct-x]",
	}},

	{"a control that is named thrice stands once", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: ethernet, exposure: site, peers: [ac-a], controls: [ct-wall]}
actors:
  ac-a: {title: A, type: person, zone: z-site}
boundaries:
  b-a: {title: B, between: [z-in, z-site], enforced-by: [ct-wall, ct-gate]}
controls:
  ct-wall: {title: Wall, priority: design, strength: moderate, protects: [c-pump, if-a, b-a, z-in]}
  ct-gate: {title: Gate, priority: design, strength: basic}
  ct-zone: {title: Zone, priority: design, strength: high, protects: [z-in]}
`, []string{
		"site 15: connects to c-pump over if-a [ct-wall, ct-zone, ct-gate]",
		"insider 23: ac-a uses if-a of c-pump [ct-wall, ct-zone, ct-gate]",
	}},

	{"what proves a peer does not hinder it", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a:
    {title: A, component: c-pump, medium: ethernet, exposure: site, peers: [ac-a], authentication: mutual-tls, controls: [ct-tls, ct-limit]}
actors:
  ac-a: {title: A, type: system, zone: z-site}
controls:
  ct-tls: {title: TLS, priority: protective, strength: high, capabilities: [naut, txcf, txig]}
  ct-limit: {title: Limit, priority: design, strength: basic}
`, []string{
		"site 14: connects to c-pump over if-a [ct-tls, ct-limit]",
		"peer 8: ac-a uses if-a of c-pump [ct-limit]",
	}},

	{"training, records and emergency access hinder nobody", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: screen, exposure: physical, controls: [ct-train, ct-log, ct-glass, ct-sign]}
controls:
  ct-train: {title: Training, priority: information, strength: high}
  ct-log: {title: Log, priority: protective, strength: high, capabilities: [audt, dtbk]}
  ct-glass: {title: Break glass, priority: design, strength: high, capabilities: [emrg], features: [identity-and-access]}
  ct-sign: {title: Signed updates, priority: design, strength: basic, capabilities: [csup], features: [signed-updates]}
`, []string{"physical 7: connects to c-pump over if-a [ct-sign]"}},

	{"a property without a control is an obstacle of unstated strength", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: ethernet, exposure: site, authentication: password, state: optional}
  if-b: {title: B, component: c-pump, medium: usb, exposure: physical, authentication: physical-presence, state: service-only}
  if-c: {title: C, component: c-pump, medium: ethernet, exposure: site, direction: out}
  if-d: {title: D, component: c-pump, medium: ethernet, exposure: site, direction: in, authentication: server-tls}
`, []string{
		"site 5: connects to c-pump over if-a [if-a is optional, authentication password of if-a]",
		"physical 6: connects to c-pump over if-b [if-b is service-only]",
		"site 4: connects to c-pump over if-c [the device opens the connection of if-c]",
		"site 3: connects to c-pump over if-d []",
	}},

	{"a flow crosses a boundary, and its sender is trusted", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-hl7: {title: HL7, type: service, zone: z-out}
interfaces:
  if-a: {title: A, component: c-hl7, medium: ethernet, exposure: site}
  if-in: {title: Inside, component: c-pump, medium: internal, exposure: internal, authentication: token, peers: [c-hl7], controls: [ct-link]}
flows:
  fl-order: {title: Order, from: c-hl7, to: c-pump, over: [if-in], carries: [as-log]}
boundaries:
  b-a: {title: B, between: [z-in, z-out], enforced-by: [ct-wall]}
controls:
  ct-wall: {title: Wall, priority: design, strength: basic}
  ct-link: {title: Link, priority: design, strength: high, capabilities: [naut]}
`, []string{"site 6: connects to c-hl7 over if-a []; c-hl7 uses if-in of c-pump [ct-wall]"}},

	{"a neighbour without the credentials of the link has to break it", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-hl7: {title: HL7, type: service, zone: z-out}
  c-dhcp: {title: DHCP, type: service, zone: z-out}
interfaces:
  if-a: {title: A, component: c-dhcp, medium: ethernet, exposure: site}
  if-in: {title: Inside, component: c-pump, medium: internal, exposure: internal, direction: in, authentication: token, peers: [c-hl7]}
controls:
  ct-hl7: {title: Hardened, priority: design, strength: high, protects: [c-hl7]}
`, []string{
		"site 8: connects to c-dhcp over if-a []; c-dhcp gives a foothold in z-out [no declared way leads on]; " +
			"connects to c-pump over if-in [authentication token of if-in]",
	}},

	{"neighbours of a zone reach each other, from hardware with more effort", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-radio: {title: Radio, type: hardware, zone: z-in}
  c-relay: {title: Relay, type: hardware, zone: z-in}
  c-board: {title: Board, type: hardware, zone: z-in}
  c-rtos: {title: Kernel, type: soup, part-of: c-board}
  c-hub: {title: Hub, type: hardware, zone: z-in}
  c-web: {title: Web, type: service, zone: z-in}
interfaces:
  if-a: {title: A, component: c-radio, medium: wifi, exposure: local}
  if-b: {title: B, component: c-web, medium: ethernet, exposure: site}
  if-c: {title: C, component: c-relay, medium: serial, exposure: physical}
  if-d: {title: D, component: c-board, medium: serial, exposure: physical}
  if-e: {title: E, component: c-hub, medium: usb, exposure: physical}
`, []string{
		"local 11: connects to c-radio over if-a []; c-radio gives a foothold in z-in [no declared way leads on]; c-pump is in z-in as well []",
		"site 7: connects to c-web over if-b []; c-web gives a foothold in z-in [no declared way leads on]; c-pump is in z-in as well []",
		"physical 17: connects to c-relay over if-c []; c-relay gives a foothold in z-in [no declared way leads on]; c-pump is in z-in as well []",
		"physical 12: connects to c-board over if-d []; c-board gives a foothold in z-in [no declared way leads on]; c-pump is in z-in as well []",
		"physical 12: connects to c-hub over if-e []; c-hub gives a foothold in z-in [no declared way leads on]; c-pump is in z-in as well []",
	}},

	{"what a sensor measures goes along flows and nowhere else", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-air: {title: Air sensor, type: hardware, zone: z-in}
  c-board: {title: Board, type: hardware, zone: z-in}
  c-probe: {title: Probe, type: hardware, part-of: c-pump}
interfaces:
  if-air: {title: Air, component: c-air, medium: sensor, exposure: physical}
  if-probe: {title: Probe, component: c-probe, medium: sensor, exposure: physical}
  if-bus: {title: Bus, component: c-board, medium: power, protocol: smbus, exposure: physical}
flows:
  fl-air: {title: Air, from: c-air, to: c-pump, carries: [as-log]}
`, []string{
		"physical 6: connects to c-air over if-air []; c-air sends fl-air to c-pump []",
		"physical 17: connects to c-board over if-bus []; c-board gives a foothold in z-in [no declared way leads on]; c-pump is in z-in as well []",
	}},

	{"parts and wholes fall together", `
components:
  c-board: {title: Board, type: hardware, zone: z-in}
  c-pump: {title: Pump, type: firmware, part-of: c-board, safety: true}
  c-parser: {title: Parser, type: soup, part-of: c-pump}
interfaces:
  if-a: {title: A, component: c-parser, medium: ethernet, exposure: site}
  if-b: {title: B, component: c-board, medium: debug, exposure: physical}
controls:
  ct-boot: {title: Boot, priority: design, strength: moderate, protects: [c-pump]}
`, []string{
		"site 9: connects to c-parser over if-a []; c-parser is part of c-pump [ct-boot]",
		"physical 11: connects to c-board over if-b []; c-board contains c-pump [ct-boot]",
	}},

	{"of paths with equal effort the one with fewer steps is taken", `
components:
  c-pump: {title: Pump, type: application, safety: true}
  c-start: {title: Start, type: service}
  c-a: {title: A, type: service}
  c-b: {title: B, type: service}
  c-short: {title: Short, type: service}
interfaces:
  if-a: {title: A, component: c-start, medium: ethernet, exposure: site}
flows:
  fl-a: {title: A, from: c-start, to: c-a, carries: [as-log]}
  fl-b: {title: B, from: c-a, to: c-b, carries: [as-log]}
  fl-c: {title: C, from: c-b, to: c-pump, carries: [as-log], authentication: signed-content}
  fl-d: {title: D, from: c-start, to: c-short, carries: [as-log]}
  fl-e: {title: E, from: c-short, to: c-pump, carries: [as-log]}
controls:
  ct-short: {title: Short, priority: design, strength: basic, protects: [fl-d]}
`, []string{"site 7: connects to c-start over if-a []; c-start sends fl-d to c-short [ct-short]; c-short sends fl-e to c-pump []"}},

	{"a library in the zone is no neighbour", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-web: {title: Web, type: service, zone: z-in}
  c-parser: {title: Parser, type: soup, part-of: c-web}
interfaces:
  if-a: {title: A, component: c-parser, medium: ethernet, exposure: site}
`, []string{
		"site 8: connects to c-parser over if-a []; c-parser is part of c-web []; c-web gives a foothold in z-in [no declared way leads on]; " +
			"c-pump is in z-in as well []",
	}},

	{"a person is no way through, a system is", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-screen: {title: Screen, type: service, zone: z-out}
interfaces:
  if-a: {title: A, component: c-screen, medium: ethernet, exposure: site}
actors:
  ac-nurse: {title: Nurse, type: person, zone: z-site}
  ac-server: {title: Server, type: system, zone: z-site}
flows:
  fl-show: {title: Show, from: c-screen, to: ac-nurse, carries: [as-log]}
  fl-press: {title: Press, from: ac-nurse, to: c-pump, carries: [as-log]}
  fl-up: {title: Up, from: c-screen, to: ac-server, carries: [as-log]}
  fl-down: {title: Down, from: ac-server, to: c-pump, carries: [as-log]}
`, []string{
		"site 5: connects to c-screen over if-a []; c-screen sends fl-up to ac-server []; ac-server sends fl-down to c-pump []",
		"insider 11: ac-nurse sends fl-press to c-pump []",
		"peer 6: ac-server sends fl-down to c-pump []",
	}},

	{"a store that can be taken out, and open debug access", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true, boot: {debug: open}}
  c-slot: {title: Slot, type: hardware, part-of: c-pump}
stores:
  st-card: {title: Card, component: c-slot, removable: true, integrity: hmac-sha-256, holds: [as-log]}
`, []string{
		"physical 5: uses the open debug access of c-pump []",
		"physical 8: takes out and changes st-card [integrity of st-card]; c-slot reads st-card []; c-slot is part of c-pump []",
	}},

	{"signed content holds off its carrier, and not who signs it", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: internal, exposure: internal, keys: [k-sign]}
actors:
  ac-signer: {title: Signer, type: system, zone: z-site}
  ac-carrier: {title: Carrier, type: system, zone: z-site}
flows:
  fl-own: {title: Own, from: ac-signer, to: c-pump, over: [if-a], carries: [as-log], authentication: signed-content}
  fl-other: {title: Other, from: ac-carrier, to: c-pump, over: [if-a], carries: [as-log], authentication: signed-content}
keys:
  k-sign: {title: Key, purpose: signature, held-in: ac-signer}
`, []string{
		"peer 6: ac-signer sends fl-own to c-pump over if-a []",
		"peer 7: ac-carrier sends fl-other to c-pump over if-a [content of fl-other is signed]",
	}},

	{"signed updates are no obstacle to the supply chain, other controls are", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-fetch: {title: Fetch, type: service, zone: z-out}
interfaces:
  if-up:
    {title: Up, component: c-fetch, medium: ethernet, purpose: update, exposure: internet, authentication: server-tls, accepts: [as-package], controls: [ct-sign]}
flows:
  fl-up: {title: Up, from: c-fetch, to: c-pump, carries: [as-package], authentication: signed-content}
controls:
  ct-sign: {title: Signed, priority: design, strength: high, capabilities: [csup], features: [signed-updates], protects: [fl-up]}
  ct-standby: {title: Standby only, priority: design, strength: moderate, protects: [c-pump]}
`, []string{
		"internet 24: connects to c-fetch over if-up [ct-sign, authentication server-tls of if-up]; c-fetch sends fl-up to c-pump [ct-standby, ct-sign]",
		"supply-chain 17: connects to c-fetch over if-up []; c-fetch sends fl-up to c-pump [ct-standby]",
	}},

	{"somebody on the network forges what is not protected", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-net: {title: Net, type: service, zone: z-out}
actors:
  ac-a: {title: A, type: system, zone: z-site}
interfaces:
  if-a: {title: A, component: c-net, medium: ethernet, exposure: site, authentication: password, encryption: none, integrity: none}
flows:
  fl-a: {title: A, from: ac-a, to: c-pump, over: [if-a], carries: [as-log]}
`, []string{
		"site 3: forges fl-a to c-pump on if-a []",
		"peer 6: ac-a sends fl-a to c-pump over if-a []",
	}},

	{"who passes a flow on can forge it, unless its content is sealed", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-broker: {title: Broker, type: service, zone: z-out}
  c-app: {title: App, type: service, zone: z-site}
interfaces:
  if-a: {title: A, component: c-broker, medium: ethernet, exposure: site}
  if-bus: {title: Bus, component: c-broker, medium: internal, exposure: internal, authentication: token, integrity: hmac-sha-256}
flows:
  fl-plain: {title: Plain, from: c-app, to: c-pump, over: [if-bus], carries: [as-log]}
  fl-sealed: {title: Sealed, from: c-app, to: c-pump, over: [if-bus], carries: [as-log], integrity: hmac-sha-256}
controls:
  ct-plain: {title: Plain, priority: design, strength: moderate, protects: [fl-plain]}
`, []string{"site 5: connects to c-broker over if-a []; c-broker passes on fl-sealed to c-pump [content of fl-sealed is signed or sealed]"}},

	{"whom the device calls can answer with something false", `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-module: {title: Module, type: service, zone: z-out}
interfaces:
  if-a: {title: A, component: c-module, medium: ethernet, exposure: site}
  if-bus: {title: Bus, component: c-module, medium: internal, exposure: internal, direction: both, peers: [c-pump], state: optional}
`, []string{"site 5: connects to c-module over if-a []; c-module answers c-pump over if-bus [if-bus is optional]"}},

	{"the internet lies behind the boundary to it", `
components:
  c-pump: {title: Pump, type: cloud, zone: z-site, safety: true}
interfaces:
  if-a: {title: A, component: c-pump, medium: virtual, exposure: internet, peers: [c-other]}
boundaries:
  b-a: {title: B, between: [z-site, z-public], enforced-by: [ct-wall]}
controls:
  ct-wall: {title: Wall, priority: design, strength: high}
`, []string{"internet 11: connects to c-pump over if-a [ct-wall]", "peer 6: c-other uses if-a of c-pump []"}},
}

func TestPaths(t *testing.T) {
	for _, c := range pathCases {
		t.Run(c.name, func(t *testing.T) {
			text := frame + c.text
			if strings.Contains(text, "[c-other]") {
				text = strings.Replace(text, "components:\n", "components:\n  c-other: {title: Other, type: cloud, zone: z-site}\n", 1)
			}
			got := paths(attack.Find(load(t, text), attack.Options{}), "c-pump")
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// ward is a device with an order service, for tests of targets and controls.
const ward = frame + `
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-hl7: {title: HL7, type: service, zone: z-out}
  c-broker: {title: Broker, type: service, zone: z-out}
  c-idle: {title: Idle, type: hardware, safety: true}
stores:
  st-doses: {title: Doses, component: c-pump, holds: [as-dose, as-log]}
  st-logs: {title: Logs, component: c-pump, holds: [as-log]}
interfaces:
  if-hl7: {title: HL7, component: c-hl7, medium: ethernet, exposure: site, controls: [ct-tls], peers: [ac-ward]}
  if-bus: {title: Bus, component: c-broker, medium: internal, exposure: internal}
actors:
  ac-ward: {title: Ward, type: system, zone: z-site}
flows:
  fl-order: {title: Order, from: ac-ward, to: c-hl7, over: [if-hl7], carries: [as-dose]}
  fl-inbox: {title: Inbox, from: c-hl7, to: c-pump, over: [if-bus], carries: [as-dose], integrity: hmac-sha-256}
  fl-log: {title: Log, from: c-hl7, to: ac-ward, over: [if-hl7], carries: [as-log]}
controls:
  ct-tls: {title: TLS, priority: protective, strength: moderate, capabilities: [naut]}
  ct-confirm: {title: Confirm, priority: design, strength: basic, protects: [fl-inbox]}
  ct-none: {title: Protects nothing, priority: design}
`

func targets(a *attack.Analysis) []string {
	var list []string
	for _, t := range a.Targets {
		var names []string
		for _, as := range t.Assets {
			names = append(names, as.ID)
		}
		list = append(list, fmt.Sprintf("%s %s %d", model.Of(t.Entity).ID, names, len(t.Reach)))
	}
	return list
}

func TestTargets(t *testing.T) {
	a := attack.Find(load(t, ward), attack.Options{})
	want := []string{"c-pump [as-dose] 2", "c-idle [] 0", "st-doses [as-dose] 2", "fl-order [as-dose] 2", "fl-inbox [as-dose] 2"}
	if got := targets(a); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := paths(a, "fl-inbox"), []string{
		"site 11: connects to c-hl7 over if-hl7 [ct-tls]; c-hl7 sends fl-inbox to c-pump over if-bus [ct-confirm]",
		"peer 9: ac-ward uses if-hl7 of c-hl7 []; c-hl7 sends fl-inbox to c-pump over if-bus [ct-confirm]",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestOutward forges what leaves the device: what guards the way in does not
// guard it, what guards the channel does.
func TestOutward(t *testing.T) {
	a := attack.Find(load(t, frame+`
components:
  c-alarm: {title: Alarm, type: application, zone: z-in}
actors:
  ac-ward: {title: Ward, type: system, zone: z-site}
interfaces:
  if-a: {title: A, component: c-alarm, medium: ethernet, exposure: site, direction: out, peers: [ac-ward], controls: [ct-heartbeat]}
flows:
  fl-alarm: {title: Alarm, from: c-alarm, to: ac-ward, over: [if-a], carries: [as-dose]}
boundaries:
  b-a: {title: B, between: [z-in, z-site], enforced-by: [ct-tls, ct-filter]}
controls:
  ct-tls: {title: TLS, priority: protective, strength: high, capabilities: [txig]}
  ct-filter: {title: Filter, priority: protective, strength: high, capabilities: [sahd], protects: [c-alarm]}
  ct-heartbeat: {title: Heartbeat, priority: design, strength: basic}
`), attack.Options{})
	want := "site 14: forges fl-alarm to ac-ward on if-a [ct-heartbeat, ct-tls]"
	if got := paths(a, "fl-alarm"); len(got) != 2 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStanding(t *testing.T) {
	a := attack.Find(load(t, ward), attack.Options{})
	var got []string
	for _, s := range a.Controls {
		got = append(got, fmt.Sprintf("%s least %d sole %d every %d", s.Control.ID, s.Least, s.Sole, s.Every))
	}
	// Two entries reach each of c-pump, st-doses and fl-inbox, all by fl-inbox; the
	// ward is not hindered by ct-tls.
	want := []string{"ct-tls least 4 sole 1 every 4", "ct-confirm least 6 sole 3 every 6"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := a.Singles(); len(s) != 2 || s[0].Control.ID != "ct-confirm" {
		t.Errorf("single points of defence %v", s)
	}
	if s := a.Bearers(); len(s) != 2 || s[0].Control.ID != "ct-confirm" {
		t.Errorf("bearers %v", s)
	}
}

// TestHeld deletes a control from the file and compares what it held.
func TestHeld(t *testing.T) {
	a := attack.Find(load(t, ward), attack.Options{})
	gone := attack.Find(load(t, strings.ReplaceAll(ward, ", controls: [ct-tls]", "")), attack.Options{})
	held, ok := a.Held("ct-tls")
	if !ok || len(held) != 4 {
		t.Fatalf("%d pairs held", len(held))
	}
	for n, h := range held {
		if h.Effort-h.Without != 5 {
			t.Errorf("pair %d: %d with, %d without", n, h.Effort, h.Without)
		}
		for _, target := range gone.Targets {
			if model.Of(target.Entity).ID != model.Of(h.Target.Entity).ID {
				continue
			}
			if p, ok := gone.Path(gone.Entries[0], target); !ok || p.Effort != h.Without {
				t.Errorf("%s: %d without, %d once deleted", model.Of(target.Entity).ID, h.Without, p.Effort)
			}
		}
	}
	for _, id := range []string{"ct-none", "c-pump", "nonsense"} {
		if _, ok := a.Held(id); ok {
			t.Errorf("%s stands nowhere", id)
		}
	}
}

// TestOpenings finds a path without a control though another path, with one,
// takes less effort.
func TestOpenings(t *testing.T) {
	a := attack.Find(load(t, frame+`
components:
  c-pump: {title: Pump, type: application, zone: z-in, safety: true}
  c-a: {title: A, type: service}
  c-b: {title: B, type: service}
interfaces:
  if-a: {title: A, component: c-a, medium: ethernet, exposure: site}
flows:
  fl-short: {title: Short, from: c-a, to: c-pump, carries: [as-log]}
  fl-long: {title: Long, from: c-a, to: c-b, carries: [as-log]}
  fl-last: {title: Last, from: c-b, to: c-pump, carries: [as-log], authentication: signed-content}
controls:
  ct-short: {title: Short, priority: design, protects: [fl-short]}
`), attack.Options{})
	if len(a.Open) != 1 {
		t.Fatalf("%d openings", len(a.Open))
	}
	least, _ := a.Least(a.Open[0].Target)
	bare, ok := a.Bare(a.Open[0])
	if !ok || least.Effort != 5 || bare.Effort != 6 || len(least.Controls()) != 1 || len(bare.Controls()) != 0 {
		t.Errorf("least %s, bare %s", story(least), story(bare))
	}
	if !least.Unstated() || !bare.Unstated() {
		t.Error("both rest on obstacles of unstated strength")
	}
}

func TestClasses(t *testing.T) {
	last := -1
	for _, c := range []attack.Class{attack.Internet, attack.Site, attack.Local, attack.Physical, attack.Peer} {
		if c.Cost() <= last || c.Doc() == "" {
			t.Errorf("%s costs %d", c, c.Cost())
		}
		last = c.Cost()
	}
	for _, v := range model.Exposure("").Values() {
		if v.Name != "internal" && !slices.Contains(attack.Classes(), attack.Class(v.Name)) {
			t.Errorf("no class for the exposure %s", v.Name)
		}
	}
}

func TestEmptyAndBroken(t *testing.T) {
	a := attack.Find(&model.File{}, attack.Options{})
	if len(a.Entries)+len(a.Targets)+a.Pairs != 0 {
		t.Error("an empty file has no paths")
	}
	dir := t.TempDir()
	text := "components:\n  c-a: {title: A, type: soup, part-of: c-x, zone: z-x, safety: true}\n" +
		"interfaces:\n  if-a: {title: A, component: c-x, medium: usb, exposure: site, peers: [c-a, c-x]}\n" +
		"flows:\n  fl-a: {title: A, from: c-a, to: c-x, over: [if-a, if-x]}\n" +
		"stores:\n  st-a: {title: A, component: c-x, removable: true}\n"
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	f, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if a := attack.Find(f, attack.Options{}); len(a.Targets) != 1 {
		t.Errorf("%d targets in a file with ids that lead nowhere", len(a.Targets))
	}
}
