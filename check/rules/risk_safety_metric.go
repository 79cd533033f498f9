package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/risk"
)

var _ = add(check.Rule{
	Code: "T6134", Severity: diag.Warning,
	Title:   "vector that calls harm to people negligible",
	Clauses: []string{"mdcg.3.2.i4", "ig-nb.3.4"},
	Why: "the safety metric of CVSS v4.0 says whether people can come to harm; the risk names a harm above the lowest severity, and " +
		"whoever reads the published vector would not see it",
	Fix: "write `S:P` (present) in the vector, or correct the harms of the risk",
	Bad: computing + `    scoring: cvss-4.0
    levels:
      - {level: low, from: 0.0}
      - {level: medium, from: 4.0}
      - {level: high, from: 7.0}
harms:
  hm-overdose:
    title: Overdose
    severity: critical
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    harms: [hm-overdose]
    initial:
      cvss: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N/S:N # want T6134
      severity: critical
`,
	Good: computing + `    scoring: cvss-4.0
    levels:
      - {level: low, from: 0.0}
      - {level: medium, from: 4.0}
      - {level: high, from: 7.0}
harms:
  hm-overdose:
    title: Overdose
    severity: critical
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    harms: [hm-overdose]
    initial:
      cvss: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N/S:P
      severity: critical
`,
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, r := range p.File.Risks {
			v, err := risk.ParseVector(r.Initial.CVSS)
			worst := a.WorstHarm(r)
			if err != nil || v.Version != "cvss-4.0" || worst == nil || a.Scales.Severity(worst.Severity) < 2 {
				continue
			}
			if v.Metric("S") == "N" {
				p.Report(r, "initial.cvss", "vector of risk %q calls consequences for safety negligible, and harm %q is %s", r.ID, worst.ID, worst.Severity).
					Relate(worst, "severity", "severity of the harm")
			}
		}
	},
})
