package rules

import "testing"

func TestSafetyReach(t *testing.T) {
	loss := func(category, need, harms, mark string) string {
		return chain + "assets:\n  as-dose:\n    title: Dose\n    type: data\n    " + need + "\n    harms: [hm-overdose]\n" +
			"threats:\n  th:\n    title: T\n    category: " + category + "\n    assets: [as-dose]\n" +
			"risks:\n  rk:" + mark + "\n    title: R\n    threats: [th]\n" + harms
	}
	const found, nothing = " # want T6408", ""
	for _, m := range []marked{
		{"no threat leads anywhere: a question", "T6407", chain + "threats:\n  th:\n    title: T\n    category: misuse\n"},
		{"caused by a control", "T6407", chain + `  hs-locked-out:
    title: Locked out
    hazard: hz-overinfusion
    harms: [hm-overdose]
threats:
  th:
    title: T
    category: misuse
    leads-to: [hs-rate-high]
controls:
  ct:
    title: C
    priority: protective
    safety-effect:
      possible: true
      situations: [hs-locked-out]
`},
		{"without harm it is T6405", "T6407", chain + `  hs-new:
    title: New
    hazard: hz-overinfusion
threats:
  th:
    title: T
    category: misuse
    leads-to: [hs-rate-high]
`},
		{"tampering takes integrity", "T6408", loss("tampering", "integrity: high", "", found)},
		{"and not availability", "T6408", loss("tampering", "availability: high", "", nothing)},
		{"need that is not high", "T6408", loss("tampering", "integrity: medium", "", nothing)},
		{"unknown need", "T6408", loss("tampering", "notes: N", "", nothing)},
		{"disclosure", "T6408", loss("disclosure", "confidentiality: high", "", found)},
		{"failure of the surroundings", "T6408", loss("environment", "availability: high", "", found)},
		{"misuse", "T6408", loss("misuse", "integrity: high", "", found)},
		{"a denied action takes nothing", "T6408", loss("repudiation", "integrity: high", "", nothing)},
		{"harm that the risk names itself", "T6408", loss("repudiation", "integrity: low", "    harms: [hm-overdose]\n", found)},
		{"harm only a risk names", "T6409", `harms:
  hm:
    title: H
    severity: minor
threats:
  th:
    title: T
    category: misuse
risks:
  rk:
    title: R
    threats: [th]
    harms: [hm]
`},
		{"harm of an asset", "T6409", "harms:\n  hm:\n    title: H\n    severity: minor\nassets:\n  as:\n    title: A\n    type: data\n    harms: [hm]\n"},
		{"hazard and harm may share a number", "T6410", "hazards:\n  hz:\n    title: H\n    safety-file: '1'\nharms:\n  hm:\n    title: H\n    severity: minor\n    safety-file: '1'\n"},
		{"blanks around it, and nothing twice", "T6410", "hazards:\n  hz:\n    title: H\n  hz-2:\n    title: H\n  hz-3:\n    title: H\n    safety-file: H-1\n  hz-4:\n    title: H\n    safety-file: ' H-1 ' # want T6410\n"},
	} {
		m.run(t)
	}
}
