package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3225", Severity: diag.Error,
	Title:   "service or administration from the internet with a single factor",
	Clauses: []string{"sota.multi-factor", "62443-4-2.ndr-1.13", "mds2.paut", "mds2.rmot"},
	Why:     "login pages on the internet are found within hours and tried with stolen passwords all the time; behind this one are the deepest functions of the system",
	Fix:     "ask for a second factor or a certificate, or take the interface off the internet",
	Bad: `
zones:
  z-cloud:
    title: Fleet service
    trust: managed
components:
  cl-portal:
    title: Service portal
    type: cloud
    zone: z-cloud
interfaces:
  if-portal:
    title: Service portal
    component: cl-portal
    medium: virtual
    purpose: service
    direction: in
    exposure: internet
    authentication: password # want T3225
`,
	Good: `
zones:
  z-cloud:
    title: Fleet service
    trust: managed
components:
  cl-portal:
    title: Service portal
    type: cloud
    zone: z-cloud
interfaces:
  if-portal:
    title: Service portal
    component: cl-portal
    medium: virtual
    purpose: service
    direction: in
    exposure: internet
    authentication: multi-factor
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			deep := i.Purpose == "service" || i.Purpose == "administration"
			single := typed(i.Authentication) || i.Authentication == "badge" || i.Authentication == "biometric"
			if i.Used() && i.Exposure == "internet" && i.Direction != "out" && deep && single {
				p.Report(i, "authentication", "%s interface %q can be reached from the internet with a %s alone", i.Purpose, i.ID, i.Authentication).Justify(i.Justification).
					Relate(i, "exposure", "who can reach it")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3226", Severity: diag.Error,
	Title:   "interface called internal with a peer outside",
	Clauses: []string{"ig-nb.2.2", "ig-nb.3.3"},
	Why: "an internal interface needs no penetration test, no port in the instructions and no threat of its own; one that somebody outside " +
		"uses has all of them missing",
	Fix: "state under `exposure:` who can reach it, or correct `peers:`",
	Bad: exampleSides + `
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: internal # want T3226
    peers: [ac-ward]
`,
	Good: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: application
    zone: z-device
  co-therapy:
    title: Therapy controller
    type: firmware
    zone: z-device
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: internal
    exposure: internal
    peers: [co-therapy]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if i.Exposure != "internal" || !i.Used() {
				continue
			}
			home := model.ZoneOf(i)
			e, path, ok := firstOf("peers", i.Peers, func(e model.Endpoint) bool { return abroad(home, model.ZoneOf(e)) })
			if ok {
				p.Report(i, "exposure", "interface %q is said to be internal, and its peer %q is in zone %q", i.ID, model.Of(e).ID, model.ZoneOf(e).ID).
					Relate(i, path, "the peer")
			}
		}
	},
})

// abroad reports whether a zone is outside what another belongs to. The device,
// and what the manufacturer runs elsewhere, may have several zones inside.
func abroad(home, other *model.Zone) bool {
	if home == nil || other == nil || home == other || home.Trust == "" || other.Trust == "" {
		return false
	}
	within := home.Trust == "device" || home.Trust == "managed"
	return !within || home.Trust != other.Trust
}
