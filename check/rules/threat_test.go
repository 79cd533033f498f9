package rules

import "testing"

// spot is an interface with an owner, for tests of threats.
const spot = `components:
  gateway:
    title: Communication module
    type: hardware
`

func TestThreatRules(t *testing.T) {
	for _, m := range []marked{
		{"treated by two risks", "T6001", `threats:
  th-a:
    title: Forged order
    category: spoofing
risks:
  rk-a:
    title: First
    threats: [th-a]
  rk-b:
    title: Second
    threats: [th-a]
`},
		{"treated beside one that is not", "T6001", `threats:
  th-a:
    title: Forged order
    category: spoofing
  th-b: # want T6001
    title: Order read
    category: disclosure
risks:
  rk-a:
    title: First
    threats: [th-a]
`},
		{"set aside only", "T6002", `threats:
  th-a:
    title: Forged order
    category: spoofing
    not-applicable: The device takes no orders over any interface.
`},
		{"long reason in short lines", "T6003", `threats:
  th-a:
    title: Forged order
    category: spoofing
    not-applicable: |
      The device takes
      no orders.
`},
		{"blanks are no reason", "T6003", `threats:
  th-a:
    title: Forged order
    category: spoofing
    not-applicable: n.   a.         here # want T6003
`},
		{"target, but nothing at stake", "T6004", spot + `threats:
  th-a: # want T6004
    title: Forged order
    category: spoofing
    targets: [gateway]
`},
		{"situation instead of asset", "T6004", spot + `hazards:
  hz:
    title: Hazard
situations:
  hs:
    title: Situation
    hazard: hz
threats:
  th-a:
    title: Forged order
    category: spoofing
    targets: [gateway]
    leads-to: [hs]
`},
		{"set aside needs neither", "T6004", `threats:
  th-a:
    title: Forged order
    category: spoofing
    not-applicable: The device takes no orders over any interface.
`},
		{"no threats at all is a question", "T6005", spot + `interfaces:
  if-a:
    title: Network
    component: gateway
    medium: ethernet
    exposure: site
`},
		{"switched off, internal, aimed at directly", "T6005", spot + `interfaces:
  if-a:
    title: Network
    component: gateway
    medium: ethernet
    exposure: site
    state: disabled
  if-b:
    title: Bus
    component: gateway
    medium: internal
    exposure: internal
  if-c:
    title: Screen
    component: gateway
    medium: screen
    exposure: physical
  if-d: # want T6005
    title: Service mode
    component: gateway
    medium: usb
    exposure: physical
    state: service-only
threats:
  th-a:
    title: Screen read
    category: disclosure
    targets: [if-c]
`},
		{"aiming at the component is not enough", "T6005", spot + `interfaces:
  if-a: # want T6005
    title: Network
    component: gateway
    medium: ethernet
    exposure: site
threats:
  th-a:
    title: Anything
    category: tampering
    targets: [gateway]
`},
		{"each property counts, and so does no threat", "T6006", `assets:
  as-a:
    title: A
    type: data
    availability: high # want T6006
  as-b:
    title: B
    type: data
    confidentiality: high # want T6006
  as-c:
    title: C
    type: data
    confidentiality: medium
  as-d:
    title: D
    type: data
threats:
  th-a:
    title: Anything
    category: tampering
`},
		{"no threats at all is a question", "T6006", `assets:
  as-a:
    title: A
    type: data
    availability: high
`},
	} {
		m.run(t)
	}
}
