package rules

import (
	"strings"
	"testing"
)

func TestControlRules(t *testing.T) {
	const risk = "threats:\n  th:\n    title: T\n    category: misuse\nrisks:\n  rk:\n    title: R\n    threats: [th]\n"
	for _, m := range []marked{
		{"no control is used by a risk: a question", "T6301", risk + "controls:\n  ct-a:\n    title: A\n    priority: design\n"},
		{"information is of no element", "T6302", "controls:\n  ct-a:\n    title: A\n    priority: information\n"},
		{"by the user", "T6302", "controls:\n  ct-a:\n    title: A\n    priority: protective\n    by: user\n"},
		{"by the device, said so", "T6302", "controls:\n  ct-a: # want T6302\n    title: A\n    priority: design\n    by: device\n"},
		{"capability that restricts nothing", "T6303", "controls:\n  ct-a:\n    title: A\n    priority: protective\n    capabilities: [txcf, audt]\n"},
		{"restricting, possible true", "T6303", "controls:\n  ct-a:\n    title: A\n    priority: protective\n    capabilities: [paut]\n    safety-effect:\n      possible: true\n"},
		{"restricting by information only", "T6303", "controls:\n  ct-a:\n    title: A\n    priority: information\n    capabilities: [plok]\n"},
		{"reasoned without an answer", "T6303", "controls:\n  ct-a: # want T6303\n    title: A\n    priority: protective\n    capabilities: [plok]\n    safety-effect:\n      why: Depends.\n"},
		{"unknown effect", "T6304", "controls:\n  ct-a:\n    title: A\n    priority: protective\n"},
		{"unknown effect with situations", "T6305", chain + "controls:\n  ct-a:\n    title: A\n    priority: protective\n    safety-effect:\n      situations: [hs-rate-high]\n"},
		{"second of two brought risks", "T6306", risk + "    controls: [ct-a]\n  rk-2:\n    title: R2\n    threats: [th]\ncontrols:\n  ct-a:\n    title: A\n    priority: design\n    introduces:\n      - rk-2\n      - rk # want T6306\n"},
	} {
		m.run(t)
	}
}

func TestSafetyLink(t *testing.T) {
	const threat = "threats:\n  th:\n    title: T\n    category: misuse\n    leads-to: [hs-rate-high]\n"
	const other = "  hm-burn:\n    title: Burn\n    severity: minor\n    safety-file: S-09\n"
	for _, m := range []marked{
		{"one listed, one left out, points at the list", "T6401", chain + `  hs-heat:
    title: Heat
    hazard: hz-overinfusion
    harms: [hm-burn]
    safety-file: HS-09
threats:
  th:
    title: T
    category: misuse
    leads-to: [hs-rate-high, hs-heat]
risks:
  rk:
    title: R
    threats: [th]
    harms: [hm-overdose] # want T6401
`},
		{"second harm is reached by nothing", "T6402", chain + threat + `risks:
  rk:
    title: R
    threats: [th]
    harms:
      - hm-overdose
      - hm-burn # want T6402
`},
		{"through the asset", "T6402", chain + `assets:
  as-dose:
    title: Dose
    type: data
    harms: [hm-overdose]
threats:
  th:
    title: T
    category: misuse
    assets: [as-dose]
risks:
  rk:
    title: R
    threats: [th]
    harms: [hm-overdose]
`},
		{"blank number", "T6403", "hazards:\n  hz: # want T6403\n    title: H\n    safety-file: \" \"\n"},
		{"no situations at all", "T6404", "hazards:\n  hz: # want T6404\n    title: H\n"},
		{"more severe than the harm is no mistake", "T6406", ladder + `harms:
  hm:
    title: H
    severity: minor
risks:
  rk:
    title: R
    threats: [th-forged-order]
    harms: [hm]
    initial:
      exploitability: low
      severity: critical
`},
		{"harm off the scale is another finding", "T6406", ladder + `harms:
  hm:
    title: H
    severity: awful
risks:
  rk:
    title: R
    threats: [th-forged-order]
    harms: [hm]
    initial:
      exploitability: low
      severity: minor
`},
	} {
		if m.code == "T6401" || m.code == "T6402" {
			m.text = withHarm(m.text, other)
		}
		m.run(t)
	}
}

// withHarm adds a harm to those of chain.
func withHarm(text, harm string) string {
	const last = "    severity: critical\n    safety-file: S-02\n"
	return strings.Replace(text, last, last+harm, 1)
}
