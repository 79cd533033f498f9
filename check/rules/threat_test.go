package rules

import "testing"

// spot is an interface with an owner, for tests of threats.
const spot = `components:
  gateway:
    title: Communication module
    type: hardware
`

// quiet is a place for stores; what its component raises is answered by no test.
const quiet = `zones:
  z-device:
    title: Device
    trust: device
components:
  gateway: # want T6011
    title: Library
    type: soup
    zone: z-device
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
		{"no threats at all is a question", "T6011", spot},
		{"a threat of another category answers nothing", "T6011", quiet + `stores:
  st-a: # want T6011
    title: Memory
    component: gateway
    removable: false
    holds: [as-a]
assets:
  as-a:
    title: A
    type: data
    content: status
    confidentiality: high
    integrity: none
    availability: none
    personal-data: none
threats:
  th-a:
    title: Memory changed
    category: tampering
    targets: [st-a]
`},
		{"what is not stated counts as if it held", "T6011", quiet + `stores:
  st-a: # want T6011
    title: Memory
    component: gateway
    removable: false
    holds: [as-a]
assets:
  as-a:
    title: A
    type: data
    content: status
threats:
  th-a:
    title: Memory changed
    category: tampering
    targets: [st-a]
`},
		{"a reason answers, a name of a pattern counts for each target", "T6011", quiet + `stores:
  st-a:
    title: Memory
    component: gateway
    removable: false
    holds: [as-a]
assets:
  as-a:
    title: A
    type: data
    content: status
    confidentiality: none
    integrity: high
    availability: none
    personal-data: none
threats:
  th-a:
    title: Memory changed
    category: misuse
    patterns: [store-tampering]
    targets: [st-a]
    not-applicable: The memory can be read only, since its write line is not connected.
`},
		{"a misspelt pattern is another finding", "T6011", quiet + `stores:
  st-a:
    title: Memory
    component: gateway
    removable: false
    holds: [as-a]
assets:
  as-a:
    title: A
    type: data
    content: status
    confidentiality: high
    integrity: none
    availability: none
    personal-data: none
threats:
  th-a:
    title: Memory read
    category: misuse
    patterns: [store-dislosure]
    targets: [st-a]
`},
		{"a name that is near no pattern is no answer to a base question", "T6011", quiet + `stores:
  st-a: # want T6011
    title: Memory
    component: gateway
    removable: false
    holds: [as-a]
assets:
  as-a:
    title: A
    type: data
    content: status
    confidentiality: high
    integrity: none
    availability: none
    personal-data: none
threats:
  th-a:
    title: Memory read
    category: misuse
    patterns: [CAPEC-117]
    targets: [st-a]
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
