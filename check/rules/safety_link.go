package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

// chain is the safety file of examples.
const chain = `
hazards:
  hz-overinfusion:
    title: Too much delivered
    safety-file: H-01
harms:
  hm-overdose:
    title: Overdose
    severity: critical
    safety-file: S-02
situations:
  hs-rate-high:
    title: Drug runs faster than prescribed
    hazard: hz-overinfusion
    harms: [hm-overdose]
    safety-file: HS-0102
`

var _ = add(check.Rule{
	Code: "T6401", Severity: diag.Warning,
	Title:   "risk that leaves out a harm its threats lead to",
	Clauses: []string{"mdcg.3.2.i4", "mdcg.2.2.i4"},
	Why: "a security risk that can affect safety has to reach the safety risk assessment; the threats say that people can come " +
		"to harm, and the risk does not say so",
	Fix: "name the harm under `harms:` of the risk, or correct `leads-to:` of the threat",
	Bad: chain + `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    leads-to: [hs-rate-high]
risks:
  rk-order: # want T6401
    title: Wrong order is carried out
    threats: [th-forged-order]
`,
	Good: chain + `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    leads-to: [hs-rate-high]
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    harms: [hm-overdose]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			listed := harmSet(r.Harms)
			reached, by := harmsReached(r)
			var missing []string
			for _, h := range reached {
				if !listed[h] {
					missing = append(missing, h.ID)
				}
			}
			if len(missing) > 0 {
				first := by[missing[0]]
				p.Report(r, "harms", "threats of risk %q lead to %s, which the risk does not list", r.ID, fewIDs(missing)).
					Relate(first, "leads-to", "leads to harm %q", missing[0])
			}
		}
	},
})

func harmSet(refs []model.Ref[*model.Harm]) map[*model.Harm]bool {
	set := map[*model.Harm]bool{}
	for h := range model.Targets(refs) {
		set[h] = true
	}
	return set
}

// harmsReached lists the harms that the threats of a risk lead to through
// hazardous situations, each once, with the threat that does so first.
func harmsReached(r *model.Risk) (reached []*model.Harm, by map[string]*model.Threat) {
	by = map[string]*model.Threat{}
	for t := range model.Targets(r.Threats) {
		for s := range model.Targets(t.LeadsTo) {
			for h := range model.Targets(s.Harms) {
				if by[h.ID] == nil {
					by[h.ID] = t
					reached = append(reached, h)
				}
			}
		}
	}
	return reached, by
}

var _ = add(check.Rule{
	Code: "T6402", Severity: diag.Open,
	Title:   "harm of a risk that none of its threats leads to",
	Clauses: []string{"mdcg.3.2.i4", "mdr.annex-i.3.b", "ivdr.annex-i.3.b"},
	Why: "between an attack and a harm stands a hazardous situation; without it the safety file cannot take the security risk over, " +
		"and nobody can follow how the harm would come about",
	Fix: "name the hazardous situation under `leads-to:` of a threat of the risk, or the harm under `harms:` of the situation",
	Bad: chain + `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    harms: [hm-overdose] # want T6402
`,
	Good: chain + `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    leads-to: [hs-rate-high]
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    harms: [hm-overdose]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Threats, "leads-to", "assets") || flawedIn(p, p.File.Situations, "harms") || flawedIn(p, p.File.Assets, "harms") {
			return
		}
		for _, r := range p.File.Risks {
			if flawed(p, r, "threats") {
				continue
			}
			_, by := harmsReached(r)
			lost := harmsOfAssets(r)
			for i, h := range r.Harms {
				if h.OK() && by[h.ID] == nil && !lost[h.To] {
					p.Report(r, indexed("harms", i), "no threat of risk %q leads to harm %q", r.ID, h.ID)
				}
			}
		}
	},
})

// harmsOfAssets is the set of harms that follow from the loss of the assets
// that the threats of a risk endanger.
func harmsOfAssets(r *model.Risk) map[*model.Harm]bool {
	set := map[*model.Harm]bool{}
	for t := range model.Targets(r.Threats) {
		for a := range model.Targets(t.Assets) {
			for h := range model.Targets(a.Harms) {
				set[h] = true
			}
		}
	}
	return set
}

var _ = add(check.Rule{
	Code: "T6403", Severity: diag.Open,
	Title:   "hazard, hazardous situation or harm without its number in the safety file",
	Clauses: []string{"mdcg.3.2.i4", "mdcg.3.2.i7", "14971.4.5"},
	Why: "security and safety are one risk management process; the number is what lets a reviewer go from the security file to " +
		"the entry of the safety file and back",
	Fix: "give the number of the entry in the risk management file under `safety-file:`",
	Bad: `
hazards:
  hz-overinfusion: # want T6403
    title: Too much delivered
harms:
  hm-overdose: # want T6403
    title: Overdose
    severity: critical
situations:
  hs-rate-high: # want T6403
    title: Drug runs faster than prescribed
    hazard: hz-overinfusion
    harms: [hm-overdose]
`,
	Good: chain,
	Run: func(p *check.Pass) {
		report := func(e model.Entity, number string) {
			if strings.TrimSpace(number) == "" {
				p.ReportAbsent(e, []string{"safety-file"}, "%s has no number in the safety file", model.Label(e))
			}
		}
		for _, h := range p.File.Hazards {
			report(h, h.SafetyFile)
		}
		for _, s := range p.File.Situations {
			report(s, s.SafetyFile)
		}
		for _, h := range p.File.Harms {
			report(h, h.SafetyFile)
		}
	},
})

var _ = add(check.Rule{
	Code: "T6404", Severity: diag.Warning,
	Title:   "hazard that no hazardous situation arises from",
	Clauses: []string{"mdr.annex-i.3.b", "ivdr.annex-i.3.b"},
	Why:     "a hazard alone harms nobody; it matters through the situation in which people are exposed to it, and none is described",
	Fix:     "describe the hazardous situation under `situations:`, or leave the hazard to the safety file if security cannot bring it about",
	Bad: `
hazards:
  hz-overinfusion:
    title: Too much delivered
  hz-air: # want T6404
    title: Air in the line
situations:
  hs-rate-high:
    title: Drug runs faster than prescribed
    hazard: hz-overinfusion
`,
	Good: chain,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Situations, "hazard") {
			return
		}
		for _, h := range p.File.Hazards {
			if len(model.Users[*model.Situation](h, "hazard")) == 0 {
				p.Report(h, "", "no hazardous situation arises from hazard %q", h.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6405", Severity: diag.Open,
	Title:   "hazardous situation from which no harm follows",
	Clauses: []string{"mdr.annex-i.3.b", "ivdr.annex-i.3.b", "mdcg.3.2.i4"},
	Why:     "the severity of a security risk comes from the harm behind it; a situation without harm gives no severity",
	Fix:     "name the harms under `harms:` of the situation",
	Bad: `
hazards:
  hz-overinfusion:
    title: Too much delivered
situations:
  hs-rate-high: # want T6405
    title: Drug runs faster than prescribed
    hazard: hz-overinfusion
`,
	Good: chain,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Situations {
			if len(s.Harms) == 0 {
				p.ReportAbsent(s, []string{"harms"}, "no harm follows from hazardous situation %q", s.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6406", Severity: diag.Error,
	Title:   "risk rated below its worst harm",
	Clauses: []string{"mdr.annex-i.3.c", "ivdr.annex-i.3.c", "ig-nb.3.4"},
	Why: "before controls a risk is as severe as the worst harm that can follow; a lower level contradicts the safety file and " +
		"can make a grave risk look acceptable",
	Fix: "raise `initial.severity` to the severity of the worst harm, or remove the harm if it cannot follow",
	Bad: ladder + `
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
      exploitability: high
      severity: minor # want T6406
`,
	Good: ladder + `
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
      exploitability: high
      severity: critical
`,
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, r := range p.File.Risks {
			own := a.Scales.Severity(r.Initial.Severity)
			worst := a.Gravest(slices.Collect(model.Targets(r.Harms))) // those that are not named are T6401
			if own > 0 && worst != nil && a.Scales.Severity(worst.Severity) > own {
				p.Report(r, "initial.severity", "risk %q is rated %s, and its harm %q is %s", r.ID, r.Initial.Severity, worst.ID, worst.Severity).
					Relate(worst, "severity", "severity of the harm")
			}
		}
	},
})
