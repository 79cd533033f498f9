package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

var _ = add(check.Rule{
	Code: "T6901", Severity: diag.Open,
	Title: "no complete risk policy",
	Why: "a reviewer first asks by which method, on which scales and against which limit risks are judged, and in which plan that " +
		"was laid down before the work began",
	Fix: "state `method`, both scales, `acceptable` and the `plan` under `policy.risk`",
	Bad: `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
`,
	Good: `
documents:
  doc-risk-plan:
    title: Risk management plan
    type: risk-plan
policy:
  risk:
    method: Exploitability from access, knowledge and equipment; severity from the safety file.
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: low
        severity: serious
    plan: doc-risk-plan
`,
	Questions: []string{"risk.policy"},
	Needs:     []string{"T6102", "T6103", "T6110", "T6127", "T6128", "T6129", "T6601"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return policyAnswer(p, func(r model.RiskPolicy) []field {
			return []field{
				{"method", r.Method != ""}, {"exploitability", len(r.Exploitability) > 0}, {"severity", len(r.Severity) > 0},
				{"acceptable", len(r.Acceptable) > 0}, {"plan", r.Plan.ID != ""}}
		})
	},
})

// policyAnswer answers a question by fields of policy.risk.
func policyAnswer(p *check.Pass, fields func(model.RiskPolicy) []field) check.Answer {
	policy := p.File.Policy
	if policy == nil {
		return check.Answer{Missing: stated("policy.risk", absent(fields(model.RiskPolicy{})...))}
	}
	return completeness(policy, "risk", "policy.risk", sound(p, policy, "risk.", fields(policy.Risk)...))
}

var _ = add(check.Rule{
	Code: "T6902", Severity: diag.Open,
	Title: "no threat model",
	Why:   "risks can only be judged when somebody has asked, systematically, what may go wrong at each interface and with each asset",
	Fix:   "describe what may go wrong under `threats:`, each with its targets, the assets it endangers and the situations it leads to",
	Bad: `
components:
  gateway:
    title: Communication module
    type: hardware
`,
	Good: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
`,
	Questions: []string{"risk.threats"},
	Needs:     []string{"T6001", "T6002", "T6003", "T6004", "T6006", "T6011", "T6012"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return byList(entities(p.File.Threats), "no threat is described")
	},
})

var _ = add(check.Rule{
	Code: "T6903", Severity: diag.Open,
	Title: "no estimated risk",
	Why:   "the risk management system estimates and evaluates each risk; exploitability and severity before control are where that begins",
	Fix:   "sum threats up as risks under `risks:`, each with its `initial` score",
	Bad: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
`,
	Good: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
      rationale: The tools are public and the protocol has no login.
`,
	Questions: []string{"risk.estimation"},
	Needs:     []string{"T6101", "T6102", "T6104", "T6120", "T6121", "T6122", "T6123", "T6124", "T6125", "T6126", "T6406"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := risk.Of(p.File)
		scored := where(p.File.Risks, func(r *model.Risk) bool {
			initial := a.Rate(r.Initial)
			return initial.Exploitability != "" && initial.Severity != ""
		})
		if len(p.File.Risks) > 0 {
			return elsewhere(byList(scored, "no risk has both levels before controls")) // T6101
		}
		return byList(scored, "no risk is described")
	},
})

var _ = add(check.Rule{
	Code: "T6904", Severity: diag.Open,
	Title: "no control lowers a risk",
	Why:   "risks are removed or controlled in the order of priority of Annex I section 4; a reviewer looks for the measure behind each risk",
	Fix:   "describe the measures under `controls:` with their priority, and name them under `controls:` of the risks",
	Bad: `
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
`,
	Good: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    controls: [ct-tls]
`,
	Questions: []string{"risk.controls"},
	Needs:     []string{"T6001", "T6106", "T6108", "T6211", "T6212", "T6301", "T6302"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return byList(where(p.File.Controls, lowersRisk), "no control is named by a risk")
	},
})

var _ = add(check.Rule{
	Code: "T6905", Severity: diag.Open,
	Title: "no evaluated residual risk",
	Why:   "each residual risk has to be judged acceptable; that takes an estimate of what is left after control",
	Fix:   "state `residual:` for each risk under `risks:`, and the acceptance where it is above the policy",
	Bad: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
`,
	Good: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    residual:
      exploitability: low
      severity: critical
`,
	Questions: []string{"risk.residual"},
	Needs:     []string{"T6101", "T6102", "T6104", "T6105", "T6106", "T6107", "T6109", "T6130", "T6131", "T6201", "T6202", "T6203", "T6204", "T6135"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		left := where(p.File.Risks, func(r *model.Risk) bool { return r.Residual.Severity != "" || r.Decision == "avoid" })
		return elsewhere(byList(left, "no risk is estimated after controls")) // T6101, or the question risk.estimation
	},
})

var _ = add(check.Rule{
	Code: "T6906", Severity: diag.Open,
	Title: "no benefit-risk analysis",
	Why: "remaining risks must be outweighed by the benefit; the weighing is done for the device as a whole, in the clinical or " +
		"performance evaluation, and for each risk that the policy alone does not accept",
	Fix: "add the evaluation as a document of type `clinical-evaluation`, and state `benefit-risk:` for risks above the policy",
	Bad: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
`,
	Good: `
documents:
  doc-clinical:
    title: Clinical evaluation report
    type: clinical-evaluation
`,
	Questions: []string{"risk.benefit"},
	Needs:     []string{"T6201"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		by := where(p.File.Documents, func(d *model.Document) bool { return d.Type == "clinical-evaluation" })
		by = append(by, where(p.File.Risks, func(r *model.Risk) bool { return r.BenefitRisk != "" })...)
		return byList(by, "no document of type clinical-evaluation, and no risk states its benefit-risk reasoning")
	},
})

var _ = add(check.Rule{
	Code: "T6907", Severity: diag.Open,
	Title: "overall residual risk not judged",
	Why: "many acceptable risks can be too much together, for example when they share a key, a component or a fleet; the overall " +
		"residual risk is judged by itself and reported",
	Fix: "say under `policy.risk.overall` how the whole is judged, and name the risk management report under `policy.risk.report`",
	Bad: `
policy:
  risk:
    overall: The risk board judges all residual risks together.
`,
	Good: `
documents:
  doc-risk-report:
    title: Security risk management report
    type: security-risk-report
policy:
  risk:
    overall: The risk board judges all residual risks together.
    report: doc-risk-report
`,
	Questions: []string{"risk.overall"},
	Needs:     []string{"T6601"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := policyAnswer(p, func(r model.RiskPolicy) []field {
			return []field{{"overall", r.Overall != ""}, {"report", r.Report.ID != ""}}
		})
		a.Elsewhere = p.File.Policy == nil // the question risk.policy
		return a
	},
})

var _ = add(check.Rule{
	Code: "T6908", Severity: diag.Open,
	Title: "no link from security to safety",
	Why: "a security risk that can affect safety is carried into the safety risk assessment; without hazardous situations and " +
		"harms the two files stand side by side",
	Fix: "take hazards, hazardous situations and harms over from the safety file, and name the situations under `leads-to:` of threats",
	Bad: `
hazards:
  hz-overinfusion:
    title: Too much delivered
situations:
  hs-rate-high:
    title: Drug runs faster than prescribed
    hazard: hz-overinfusion
`,
	Good: chain + `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    leads-to: [hs-rate-high]
`,
	Questions: []string{"risk.safety-link"},
	Needs:     []string{"T6134", "T6304", "T6401", "T6402", "T6403", "T6404", "T6405", "T6406", "T6407", "T6408", "T6409", "T6410"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		if len(p.File.Situations) == 0 {
			return check.Answer{Missing: []string{"no hazardous situation of the safety file is named"}}
		}
		reached := where(p.File.Situations, func(s *model.Situation) bool { return len(model.Users[*model.Threat](s, "leads-to")) > 0 })
		return byList(reached, "no threat leads to any of the hazardous situations")
	},
})

var _ = add(check.Rule{
	Code: "T6909", Severity: diag.Open,
	Title: "effect of controls on safety not judged",
	Why: "for each security measure it is shown that safety, effectiveness and existing risk controls still hold; too strict a " +
		"control can harm as well",
	Fix: "state `safety-effect:` of the controls: whether an effect is possible, why, and which hazardous situations cover it",
	Bad: `
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
`,
	Good: `
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
    safety-effect:
      possible: false
      why: Therapy and alarms work without the link.
`,
	Questions: []string{"risk.control-effects"},
	Needs:     []string{"T6133", "T6303", "T6304", "T6305", "T6306"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		judged := where(p.File.Controls, func(c *model.Control) bool { return c.SafetyEffect.Possible.Known() })
		a := byList(judged, "no control says whether it can affect safety")
		if len(p.File.Controls) == 0 {
			return elsewhere(a) // the question risk.controls
		}
		return a
	},
})

var _ = add(check.Rule{
	Code: "T6910", Severity: diag.Open,
	Title: "users not told what remains",
	Why:   "residual risks have to reach the user as limitations, precautions or warnings",
	Fix:   "name the document that tells users about a residual risk under `information:` of the risk",
	Bad: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    information: [doc-ifu]
`,
	Questions: []string{"risk.information"},
	Needs:     []string{"T6501", "T6502"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		told := where(p.File.Documents, func(d *model.Document) bool { return len(model.Users[*model.Risk](d, "information")) > 0 })
		a := byList(told, "no risk names a document that tells users about it")
		if len(p.File.Risks) == 0 || riskUntold(p) {
			return elsewhere(a) // the question risk.estimation, T6501
		}
		return a
	},
})

// riskUntold tells whether T6501 points at risks that users are not told about.
func riskUntold(p *check.Pass) bool {
	a := risk.Of(p.File)
	for _, r := range p.File.Risks {
		if len(r.Information) == 0 && (a.Scales.Above(a.Rate(r.Residual).At) || accepted(r)) {
			return true
		}
	}
	return false
}

var _ = add(check.Rule{
	Code: "T6911", Severity: diag.Open,
	Title: "no rule for looking at risks again",
	Why: "risk management is a process over the whole life of the device; what becomes known after release has to lead back to " +
		"the estimates and controls",
	Fix: "say under `policy.risk.review` when the risk file is looked at again: on release, on new vulnerabilities, on incidents, at the latest after which time",
	Bad: `
policy:
  risk:
    method: Exploitability and severity.
`,
	Good: `
policy:
  risk:
    review: Each release, each vulnerability rated high or critical, each serious incident, and once a year.
`,
	Questions: []string{"risk.review"},
	Needs:     []string{"T6202"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := policyAnswer(p, func(r model.RiskPolicy) []field { return []field{{"review", r.Review != ""}} })
		a.Elsewhere = p.File.Policy == nil // the question risk.policy
		return a
	},
})
