package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T6407", Severity: diag.Open,
	Title:   "hazardous situation that nothing in the security file brings about",
	Clauses: []string{"mdcg.3.2.i7", "14971.4.5", "ig-nb.3.3"},
	Why: "the entry was taken over from the safety file because security can bring it about; no threat leads to it and no control " +
		"can cause it, so either a threat was forgotten or the entry does not belong here",
	Fix: "name the situation under `leads-to:` of the threats that can bring it about, or under `safety-effect.situations:` of a control " +
		"that can; leave it to the safety file if security cannot",
	Bad: chain + `
  hs-stopped: # want T6407
    title: Infusion stops unnoticed
    hazard: hz-overinfusion
    harms: [hm-overdose]
    safety-file: HS-0202
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    leads-to: [hs-rate-high]
`,
	Good: chain + `
  hs-stopped:
    title: Infusion stops unnoticed
    hazard: hz-overinfusion
    harms: [hm-overdose]
    safety-file: HS-0202
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    leads-to: [hs-rate-high]
  th-stop-key:
    title: Infusion stopped by a stranger
    category: denial-of-service
    leads-to: [hs-stopped]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Threats, "leads-to") || flawedIn(p, p.File.Controls, "safety-effect.situations") || !anyLeadsTo(p.File.Threats) {
			return // the question risk.safety-link
		}
		for _, s := range p.File.Situations {
			if len(s.Harms) > 0 && len(broughtAbout(s)) == 0 { // without harm T6405 speaks
				p.Report(s, "", "no threat leads to hazardous situation %q, and no control can cause it", s.ID)
			}
		}
	},
})

func anyLeadsTo(threats []*model.Threat) bool {
	return slices.ContainsFunc(threats, func(t *model.Threat) bool { return len(t.LeadsTo) > 0 })
}

// broughtAbout lists the threats that lead to a situation and the controls that
// can cause it.
func broughtAbout(s *model.Situation) []model.Entity {
	by := entities(model.Users[*model.Threat](s, "leads-to"))
	return append(by, entities(model.Users[*model.Control](s, "safety-effect"))...)
}

// chainAsset is an asset from whose loss harm follows.
const chainAsset = chain + `
assets:
  order:
    title: Order
    type: data
    integrity: high
    harms: [hm-overdose]
`

var _ = add(check.Rule{
	Code: "T6408", Severity: diag.Open,
	Title:   "risk that can harm people past the hazardous situations",
	Clauses: []string{"mdcg.3.2.i4", "mdr.annex-i.3.b", "ivdr.annex-i.3.b"},
	Why: "harm follows from the loss of an asset that a threat of the risk endangers, and no threat of the risk leads to a hazardous " +
		"situation; the safety file has no entry through which it could take the risk over",
	Fix: "name the hazardous situation under `leads-to:` of the threat and the harm under `harms:` of the risk, or correct the assets " +
		"of the threat, or the needs and harms of the asset",
	Bad: chainAsset + `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    assets: [order]
risks:
  rk-order: # want T6408
    title: Wrong order is carried out
    threats: [th-forged-order]
`,
	Good: chainAsset + `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    assets: [order]
    leads-to: [hs-rate-high]
  th-order-denied:
    title: Origin of an order is disputed
    category: repudiation
    assets: [order]
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    harms: [hm-overdose]
  rk-dispute:
    title: Origin of orders cannot be shown
    threats: [th-order-denied]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Threats, "leads-to", "assets", "category") || flawedIn(p, p.File.Assets, "harms") {
			return
		}
		for _, r := range p.File.Risks {
			if flawed(p, r, "threats", "harms") || leadsSomewhere(r) || len(r.Harms) > 0 && !harmsFromAssets(r) {
				continue // the last is T6402
			}
			if t, a := harmfulLoss(r); a != nil {
				p.Report(r, "", "risk %q can harm people, since threat %q endangers %q, and none of its threats leads to a hazardous situation", r.ID, t.ID, a.ID).
					Relate(a, "harms", "harm that follows from its loss")
			}
		}
	},
})

// leadsSomewhere tells whether a threat of the risk leads to a hazardous
// situation.
func leadsSomewhere(r *model.Risk) bool {
	_, found := model.First(r.Threats, func(t *model.Threat) bool { return len(t.LeadsTo) > 0 })
	return found
}

// harmsFromAssets tells whether all harms of a risk follow from the loss of
// assets.
func harmsFromAssets(r *model.Risk) bool {
	lost := harmsOfAssets(r)
	_, other := model.First(r.Harms, func(h *model.Harm) bool { return !lost[h] })
	return !other
}

// harmfulLoss returns the first asset of a risk from whose loss harm follows, with
// the threat that brings the loss about. Where the risk names harms itself, any
// loss counts.
func harmfulLoss(r *model.Risk) (*model.Threat, *model.Asset) {
	for t := range model.Targets(r.Threats) {
		for a := range model.Targets(t.Assets) {
			if len(a.Harms) > 0 && (len(r.Harms) > 0 || takes(t.Category, a)) {
				return t, a
			}
		}
	}
	return nil, nil
}

// takes tells whether a threat of the category takes from an asset a property of
// which its need is high, as T6006 reads it: a loss that can harm people.
func takes(c model.ThreatCategory, a *model.Asset) bool {
	switch c {
	case "spoofing", "tampering", "elevation-of-privilege":
		return a.Integrity == "high"
	case "disclosure":
		return a.Confidentiality == "high"
	case "denial-of-service", "environment":
		return a.Availability == "high"
	case "misuse":
		return a.Integrity == "high" || a.Availability == "high"
	}
	return false // what is denied has happened all the same
}

var _ = add(check.Rule{
	Code: "T6409", Severity: diag.Warning,
	Title:   "harm that follows from nothing",
	Clauses: []string{"mdr.annex-i.3.b", "ivdr.annex-i.3.b", "mdcg.3.2.i4"},
	Why:     "a harm gives risks their severity through the hazardous situation or the asset from which it follows; this one follows from neither",
	Fix:     "name the harm under `harms:` of the hazardous situation, or leave it to the safety file if security cannot bring it about",
	Bad: `
hazards:
  hz-overinfusion:
    title: Too much delivered
harms:
  hm-overdose:
    title: Overdose
    severity: critical
  hm-air: # want T6409
    title: Air embolism
    severity: critical
situations:
  hs-rate-high:
    title: Drug runs faster than prescribed
    hazard: hz-overinfusion
    harms: [hm-overdose]
`,
	Good: chain,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Situations, "harms") || flawedIn(p, p.File.Assets, "harms") || flawedIn(p, p.File.Risks, "harms") {
			return
		}
		for _, h := range p.File.Harms {
			if len(model.Users[model.Entity](h, "harms")) == 0 { // of a risk alone is T6402
				p.Report(h, "", "no hazardous situation and no asset leads to harm %q", h.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6410", Severity: diag.Warning,
	Title:   "number of the safety file that stands twice",
	Clauses: []string{"14971.4.5", "mdcg.3.2.i4"},
	Why: "the number leads a reviewer to one entry of the safety file; where two entries here show the same, one of them is probably " +
		"copied and its own entry is not linked",
	Fix: "give each entry the number of its own, or join the two",
	Bad: chain + `
  hs-bolus:
    title: Bolus is given twice
    hazard: hz-overinfusion
    harms: [hm-overdose]
    safety-file: HS-0102 # want T6410
`,
	Good: chain + `
  hs-bolus:
    title: Bolus is given twice
    hazard: hz-overinfusion
    harms: [hm-overdose]
    safety-file: HS-0103
`,
	Run: func(p *check.Pass) {
		hazards, situations, harms := numbers{}, numbers{}, numbers{}
		for _, h := range p.File.Hazards {
			hazards.once(p, h, h.SafetyFile)
		}
		for _, s := range p.File.Situations {
			situations.once(p, s, s.SafetyFile)
		}
		for _, h := range p.File.Harms {
			harms.once(p, h, h.SafetyFile)
		}
	},
})

// numbers maps the numbers of the safety file to the entries of one kind that
// show them. Entries of different kinds may have the same.
type numbers map[string]model.Entity

func (n numbers) once(p *check.Pass, e model.Entity, number string) {
	number = strings.TrimSpace(number)
	first := n[number]
	switch {
	case number == "" || p.File.Flawed(e, "safety-file"):
	case first == nil:
		n[number] = e
	default:
		p.Report(e, "safety-file", "%s has the number %s of the safety file, as %s has", model.Label(e), number, model.Label(first)).
			Relate(first, "safety-file", "same number")
	}
}
