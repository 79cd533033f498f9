package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// openDoor reports whether whoever reaches the interface need not prove who they
// are: nobody asks, or only the device shows a certificate, or the proof is
// being at the device although the peer is somewhere on a network.
func openDoor(i *model.Interface) bool {
	remote := i.Exposure == "site" || i.Exposure == "internet"
	return i.Authentic() == model.No || remote && i.Authentication == "physical-presence"
}

// doorReason says in words why openDoor holds.
func doorReason(i *model.Interface) string {
	switch i.Authentication {
	case "server-tls":
		return "only the device shows a certificate"
	case "physical-presence":
		return "presence at the device proves nothing about a peer on a network"
	}
	return "nobody proves who they are"
}

// matters reports whether strangers must not change the asset.
func matters(a *model.Asset) bool { return a.Care() || a.Bears("security") }

var _ = add(check.Rule{
	Code: "T3201", Severity: diag.Error,
	Title:   "interface lets strangers change what care or security depends on",
	Clauses: []string{"mdr.annex-i.18.8", "mdcg.cap.naut", "mdcg.cap.auth", "62443-4-2.cr-1.2"},
	Why:     "whoever reaches the interface from the network or by radio can command the device, and need not prove who they are",
	Fix:     "authenticate the peer (`mutual-tls`, `token`, `challenge-response` ...) or the content (`signed-content`), or give a `justification` that shows why it can do no harm",
	Bad: exampleLink + `
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    authentication: none # want T3201
    accepts: [as-dose]
  if-web:
    title: Web service
    component: co-gateway
    medium: ethernet
    direction: in
    exposure: site
    authentication: server-tls # want T3201
    accepts: [as-dose]
`,
	Good: exampleLink + `
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    authentication: mutual-tls
    accepts: [as-dose]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if !i.Used() || !i.Exposure.Remote() || !openDoor(i) {
				continue
			}
			if a, path, ok := firstOf("accepts", i.Accepts, matters); ok {
				p.Report(i, "authentication", "interface %q lets a peer change %s, and %s", i.ID, a.ID, doorReason(i)).Justify(i.Justification).
					Relate(i, path, "%s can be changed here", a.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3202", Severity: diag.Open,
	Title:   "interface accepts input and does not state authentication",
	Clauses: []string{"mdr.annex-i.18.8", "mdcg.2.6.3.i5", "ig-nb.3.8"},
	Why:     "for each way in, a reviewer asks how the peer proves who it is; nothing answers that yet",
	Fix:     "state `authentication:`; write `none` where nobody is asked, with a `justification`",
	Bad: exampleLink + `
interfaces:
  if-orders: # want T3202
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    accepts: [as-dose]
`,
	Good: exampleLink + `
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    authentication: mutual-tls
    accepts: [as-dose]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if unstatedDoor(i) {
				p.ReportAbsent(i, []string{"authentication"}, "interface %q accepts %s and does not state how the peer proves who it is", i.ID, i.Accepts[0].ID)
			}
		}
	},
})

// unstatedDoor reports whether the interface takes something in from outside and
// does not say how the peer proves who it is.
func unstatedDoor(i *model.Interface) bool {
	return i.Used() && i.Exposure.External() && i.Medium != "power" && i.Authentication == "" && len(i.Accepts) > 0
}

var _ = add(check.Rule{
	Code: "T3203", Severity: diag.Warning,
	Title:   "whoever touches the device can change what care or security depends on",
	Clauses: []string{"mdr.annex-i.18.8", "mdcg.cap.paut", "mdcg.cap.plok"},
	Why:     "physical access is not rare: visitors, patients and cleaning staff pass by; a reviewer asks why nobody needs to log in",
	Fix:     "authenticate the user, state `physical-presence` if being there is meant to be enough, or give a `justification`",
	Bad: exampleLink + `
interfaces:
  if-panel:
    title: Front panel
    component: co-gateway
    medium: screen
    exposure: physical
    authentication: none # want T3203
    accepts: [as-dose]
`,
	Good: exampleLink + `
interfaces:
  if-panel:
    title: Front panel
    component: co-gateway
    medium: screen
    exposure: physical
    authentication: badge-and-pin
    accepts: [as-dose]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if !i.Used() || i.Exposure != "physical" || i.Authentication != "none" || i.Medium == "removable-media" {
				continue
			}
			if a, _, ok := firstOf("accepts", i.Accepts, matters); ok {
				p.Report(i, "authentication", "whoever touches interface %q can change %s", i.ID, a.ID).Justify(i.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3204", Severity: diag.Error,
	Title:   "content of removable media is taken unchecked",
	Clauses: []string{"mdcg.cap.mldp", "62443-4-2.cr-3.4", "ig-nb.3.8"},
	Why:     "a stick or card has been elsewhere before; what it brings must prove where it comes from and that nobody changed it",
	Fix:     "sign what is imported (`authentication: signed-content`, or name the check under `integrity:`), or do not accept it",
	Bad: exampleLink + `
interfaces:
  if-stick:
    title: Memory stick
    component: co-gateway
    medium: removable-media
    exposure: physical
    integrity: none # want T3204
    authentication: none
    accepts: [as-dose]
`,
	Good: exampleLink + `
interfaces:
  if-stick:
    title: Memory stick
    component: co-gateway
    medium: removable-media
    exposure: physical
    integrity: ed25519 signature checked on import
    authentication: signed-content
    accepts: [as-dose]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if i.Used() && i.Medium == "removable-media" && len(i.Accepts) > 0 && i.Intact() == model.No {
				p.Report(i, "integrity", "interface %q takes %s from removable media unchecked", i.ID, i.Accepts[0].ID).Justify(i.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3205", Severity: diag.Open,
	Title:   "check of content from removable media is not stated",
	Clauses: []string{"mdcg.cap.mldp", "62443-4-2.cr-3.4"},
	Why:     "media carry malware from one device to the next; a reviewer asks what is checked before content is used",
	Fix:     "state under `integrity:` how content is checked, or `authentication: signed-content`",
	Bad: exampleLink + `
interfaces:
  if-stick: # want T3205
    title: Memory stick
    component: co-gateway
    medium: removable-media
    exposure: physical
    authentication: password
    accepts: [as-dose]
`,
	Good: exampleLink + `
interfaces:
  if-stick:
    title: Memory stick
    component: co-gateway
    medium: removable-media
    exposure: physical
    authentication: signed-content
    accepts: [as-dose]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			// Without authentication either, T3202 speaks.
			if i.Used() && i.Medium == "removable-media" && len(i.Accepts) > 0 && i.Authentication != "" && i.Intact() == model.Unknown {
				p.ReportAbsent(i, []string{"integrity", "encryption"}, "interface %q takes %s from removable media and does not state how it is checked", i.ID, i.Accepts[0].ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3206", Severity: diag.Warning,
	Title:   "radio network without admission of single devices",
	Clauses: []string{"62443-4-2.ndr-1.6", "mdcg.cap.naut"},
	Why:     "an open network admits anybody in range, and a shared passphrase everybody who ever knew it; one lost device exposes all",
	Fix:     "use 802.1X (`wpa3-enterprise` or `wpa2-enterprise`) with a credential of each unit, or say under `justification:` what protects the traffic instead",
	Bad: exampleSides + `
interfaces:
  if-wifi:
    title: Ward wireless network
    component: co-gateway
    medium: wifi
    exposure: local
    authentication: wpa2-personal # want T3206
`,
	Good: exampleSides + `
interfaces:
  if-wifi:
    title: Ward wireless network
    component: co-gateway
    medium: wifi
    exposure: local
    authentication: wpa3-enterprise
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			weak := i.Authentication == "none" || i.Authentication == "wpa2-personal"
			// Where strangers can also command the device, T3201 speaks.
			if _, _, ok := firstOf("accepts", i.Accepts, matters); ok && i.Authentication == "none" {
				continue
			}
			if i.Used() && i.Medium == "wifi" && weak {
				p.Report(i, "authentication", "wireless interface %q admits peers by %q", i.ID, i.Authentication).Justify(i.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3207", Severity: diag.Warning,
	Title:   "way in from outside with fewer than two controls",
	Clauses: []string{"mdcg.2.3.i3", "mdcg.3.6.i7", "mdcg.practice.3", "62443-4-1.sd-2"},
	Why: "defence in depth: where a peer outside can change what therapy, a result or an alarm depends on, one failed control must not be enough. " +
		"Counted are controls of the device or the manufacturer on the interface, on its component and at the boundary to its peers",
	Fix: "name the controls that guard the interface under `controls:` or `enforced-by:` of the boundary, and add a second, independent one where there is only one",
	Bad: exampleLink + `
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    authentication: mutual-tls
    accepts: [as-dose] # want T3207
    controls: [ct-tls]
`,
	Good: exampleLink + `
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
  ct-limits:
    title: Hard limits on every command
    priority: design
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    authentication: mutual-tls
    accepts: [as-dose]
    controls: [ct-tls, ct-limits]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Controls, "protects", "by") || flawedIn(p, p.File.Boundaries, "between", "enforced-by") {
			return // what guards the ways in is not known
		}
		for _, way := range waysIn(p.File) {
			if len(way.layers) < 2 && !flawed(p, way.to, "controls", "peers") {
				a, path, _ := firstOf("accepts", way.to.Accepts, (*model.Asset).Care)
				p.Report(way.to, path, "%s can be changed through interface %q, which %s", a.ID, way.to.ID, guarded(way.layers))
			}
		}
	},
})

func guarded(layers []*model.Control) string {
	if len(layers) == 0 {
		return "no control guards"
	}
	return "only control \"" + layers[0].ID + "\" guards"
}
