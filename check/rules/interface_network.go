package rules

import (
	"fmt"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3211", Severity: diag.Open,
	Title:   "interface is not fully described",
	Clauses: []string{"ig-nb.2.2", "mdcg.hcp.ports", "mds2.conn"},
	Why: "operators set up firewalls and reviewers look for attack vectors from the list of interfaces: what for, which protocol and " +
		"version, which port, who connects to whom",
	Fix: "state the missing fields",
	Bad: exampleSides + `
interfaces:
  if-hl7: # want T3211
    title: HL7 results
    component: co-gateway
    medium: ethernet
    purpose: clinical
    protocol: hl7-v2.5.1/mllp
    exposure: site
    peers: [ac-ward]
`,
	Good: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    purpose: clinical
    protocol: hl7-v2.5.1/mllp
    transport: tcp
    port: 2575
    direction: out
    exposure: site
    peers: [ac-ward]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if l := undescribed(p, i); l.any() {
				p.Report(i, "", "interface %q does not state %s", i.ID, l)
			}
		}
	},
})

// undescribed lists what a reader needs of an interface and does not find.
// Ports belong to services, not to the link that they run over.
func undescribed(p *check.Pass, i *model.Interface) lacking {
	l := lacks(p, i)
	if !i.Used() || flawed(p, i, "state") {
		return l
	}
	l.unless(i.Purpose != "", "purpose")
	if i.Medium.Network() || i.Medium.Wireless() {
		l.unless(i.Protocol != "", "protocol")
	}
	if i.Medium.Network() {
		l.unless(i.Direction != "", "direction")
	}
	if i.Medium.Network() && !i.Admission() && i.Purpose != "infrastructure" {
		l.unless(i.Transport != "", "transport")
		l.unless(i.Port != 0, "port")
	}
	if i.Exposure.External() && !i.Medium.Analogue() && i.Medium != "debug" {
		l.unless(len(i.Peers) > 0, "peers")
	}
	return l
}

var _ = add(check.Rule{
	Code: "T3212", Severity: diag.Error,
	Title:   "malformed port",
	Clauses: []string{"mdcg.hcp.ports"},
	Why:     "ports run from 1 to 65535; a list of ports that operators cannot use is worth nothing",
	Fix:     "write `port:` as a number from 1 to 65535, and `listens:` as tcp/<port> or udp/<port>",
	Bad: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
    listens: [tcp/2575, mllp] # want T3212
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 257500 # want T3212
    exposure: site
`,
	Good: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
    listens: [tcp/2575]
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: in
    exposure: site
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if model.Of(i).Has("port") && !isPort(i.Port) {
				p.Report(i, "port", "%d is not a port", i.Port)
			}
		}
		for _, c := range p.File.Components {
			for n, text := range c.Listens {
				if _, _, ok := model.ListenAt(text); !ok {
					p.Report(c, fmt.Sprintf("listens.%d", n), "%q is not a transport and port such as tcp/2575", text)
				}
			}
		}
	},
})

func isPort(n int) bool { return n >= 1 && n <= 65535 }

// socket is a port that a component listens on.
type socket struct {
	on        *model.Component
	transport model.Transport
	port      int
}

func socketOf(i *model.Interface) socket { return socket{i.Component.To, i.Transport, i.Port} }

var _ = add(check.Rule{
	Code: "T3213", Severity: diag.Error,
	Title:   "listener that nobody declared",
	Clauses: []string{"sota.least-functionality", "62443-4-2.cr-7.7", "mdcg.hcp.ports", "mdcg.cap.sahd"},
	Why:     "a port seen open on the device and missing from the list of interfaces has no threats, no controls and no tests",
	Fix:     "close it, or describe it under `interfaces:` with its transport and port on the component",
	Bad: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
    listens: [tcp/2575, tcp/23] # want T3213
interfaces:
  if-hl7:
    title: HL7 orders
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: in
    exposure: site
`,
	Good: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
    listens: [tcp/2575]
interfaces:
  if-hl7:
    title: HL7 orders
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: in
    exposure: site
`,
	Run: func(p *check.Pass) {
		declared := declaredSockets(p.File)
		for _, c := range p.File.Components {
			for n, text := range c.Listens {
				if declared.stranger(c, text) {
					p.Report(c, fmt.Sprintf("listens.%d", n), "%s is open on component %q, and no interface declares it", text, c.ID)
				}
			}
		}
	},
})

// sockets are the ports that interfaces declare.
type sockets struct {
	own    map[socket]bool           // by the component that offers the interface
	within map[socket]bool           // by that and all that contain it
	vague  map[*model.Component]bool // has an interface whose port is not known
}

func declaredSockets(f *model.File) sockets {
	d := sockets{map[socket]bool{}, map[socket]bool{}, map[*model.Component]bool{}}
	for _, i := range f.Interfaces {
		if i.Listening() {
			d.own[socketOf(i)] = true
			// What a part offers, its whole is seen to listen on.
			for c := range i.Component.To.Whole() {
				d.within[socket{c, i.Transport, i.Port}] = true
			}
		}
		if i.Used() && i.Medium.Network() && !i.Admission() && i.Direction != "out" && (!isPort(i.Port) || i.Transport == "" || i.Direction == "") {
			d.vague[i.Component.To] = true
		}
	}
	return d
}

// stranger reports whether a port seen open on the component is declared neither
// there, nor on a part of it, nor on what contains it. Where an interface of the
// component leaves its port open or states one that is none, that is the finding
// (T3211, T3212).
func (d sockets) stranger(c *model.Component, text string) bool {
	t, port, ok := model.ListenAt(text)
	if !ok || d.vague[c] || d.within[socket{c, t, port}] {
		return false
	}
	for w := range c.Whole() {
		if d.own[socket{w, t, port}] {
			return false
		}
	}
	return true
}

var _ = add(check.Rule{
	Code: "T3214", Severity: diag.Warning,
	Title:   "declared port was not seen open",
	Clauses: []string{"mdcg.hcp.ports"},
	Why:     "the component lists what was seen open on it, and this port is not among it: the list, the interface or the scan is out of date",
	Fix:     "correct the port or the direction of the interface, or scan again and complete `listens:`",
	Bad: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
    listens: [tcp/443]
interfaces:
  if-web:
    title: Status page
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 443
    direction: in
    exposure: site
  if-hl7:
    title: HL7 orders
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575 # want T3214
    direction: in
    exposure: site
`,
	Good: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
    listens: [tcp/2575]
interfaces:
  if-hl7:
    title: HL7 orders
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: in
    exposure: site
`,
	Run: func(p *check.Pass) {
		declared := declaredSockets(p.File)
		seen, mistaken := map[socket]bool{}, map[*model.Component]bool{}
		for _, c := range p.File.Components {
			for _, text := range c.Listens {
				if t, port, ok := model.ListenAt(text); ok {
					seen[socket{c, t, port}] = true
				}
				// A port without an interface beside an interface without a port
				// is one mistake, of which T3213 speaks.
				mistaken[c] = mistaken[c] || declared.stranger(c, text)
			}
		}
		for _, i := range p.File.Interfaces {
			if c := i.Component.To; c != nil && i.Listening() && isPort(i.Port) && len(c.Listens) > 0 && !seen[socketOf(i)] && !mistaken[c] {
				p.Report(i, "port", "interface %q listens on %s/%d, which is not among the ports seen open on %q", i.ID, i.Transport, i.Port, i.Component.ID).
					Relate(i.Component.To, "listens", "seen open")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3215", Severity: diag.Warning,
	Title:   "two interfaces listen on one port",
	Clauses: []string{"mdcg.hcp.ports"},
	Why:     "one socket has one listener; two interfaces with different protection on it leave open which of the two holds",
	Fix:     "correct the port, or join the two; say under `justification:` when one listener truly serves both",
	Bad: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 orders
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: in
    exposure: site
  if-astm:
    title: ASTM orders
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575 # want T3215
    direction: in
    exposure: site
`,
	Good: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 orders
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: in
    exposure: site
  if-results:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: out
    exposure: site
`,
	Run: func(p *check.Pass) {
		first := map[socket]*model.Interface{}
		for _, i := range p.File.Interfaces {
			if !i.Listening() || !i.Component.OK() {
				continue
			}
			s := socketOf(i)
			if first[s] == nil {
				first[s] = i
			} else {
				p.Report(i, "port", "interface %q listens on %s/%d of %q like interface %q", i.ID, i.Transport, i.Port, i.Component.ID, first[s].ID).Justify(i.Justification).
					Relate(first[s], "port", "the same port")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3216", Severity: diag.Warning,
	Title:   "device accepts connections from the internet",
	Clauses: []string{"sota.segmentation", "62443-4-2.ndr-1.13"},
	Why:     "anybody can try; devices in hospitals should open connections outward instead and stay unreachable from the internet",
	Fix:     "let the device connect outward (`direction: out`), limit the exposure, or give a `justification`",
	Bad: exampleSides + `
interfaces:
  if-support:
    title: Support access
    component: co-gateway
    medium: ethernet
    direction: in # want T3216
    exposure: internet
`,
	Good: exampleSides + `
interfaces:
  if-support:
    title: Support access
    component: co-gateway
    medium: ethernet
    direction: out
    exposure: internet
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			inward := i.Direction == "in" || i.Direction == "both"
			if i.Open() && inward && i.Exposure == "internet" && i.Component.OK() && mayBeOnDevice(i.Component.To) {
				p.Report(i, "direction", "interface %q lets anybody on the internet connect to the device", i.ID).Justify(i.Justification)
			}
		}
	},
})
