package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/triage"
)

// scoredDecision is a decision about an affected component with its score.
const scoredDecision = `
threats:
  th-parser: {title: Packets crash the parser, category: denial-of-service}
risks:
  rk-parser:
    title: Parser is crashed
    threats: [th-parser]
    initial: {exploitability: high, severity: serious}
    residual: {exploitability: low, severity: serious}
decisions:
  vx-tls:
    title: CVE-2024-6119 in OpenSSL
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: "<3.0.14-1"
    status: affected
    reason: The parser is reached from the ward.
    action: Keep the device in a network of its own.
    risk: rk-parser
    score: {exploitability: medium}
    by: PSIRT
    date: 2026-11-03
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - {exploitability: low, severity: serious}
`

var _ = add(check.Rule{
	Code: "T8715", Severity: diag.Error,
	Title:   "vulnerability scored worse than the residual risk under which it falls",
	Clauses: []string{"mdcg.3.4.i4", "62443-4-1.dm-3", "81001-5-1.9.4"},
	Why: "the risk was accepted as it was estimated before the vulnerability was known; with it, exploitation is easier or the harm graver " +
		"than what was accepted",
	Fix: "state the new level under `residual:` of the risk and have it accepted again, or add a control; where the score is wrong, correct it",
	Bad: strings.Replace(scoredDecision, "    score: {exploitability: medium}", "    score: {exploitability: medium} # want T8715", 1),
	Good: strings.NewReplacer("residual: {exploitability: low", "residual: {exploitability: medium").
		Replace(scoredDecision),
	Run: func(p *check.Pass) {
		for _, d := range p.File.Decisions {
			r, ok := triage.Rescore(p.File, d)
			if !ok || !r.Worse || d.Status == "not-affected" || p.File.Faulty(d) || p.File.Faulty(r.Risk) {
				continue
			}
			above := ""
			if r.Above {
				above = ", which is above the policy"
			}
			f := p.Report(d, "score", "decision %q is scored %s%s, and the residual risk %q is %s", d.ID, r.Scored.Levels(), above, r.Risk.ID, r.Residual.Levels())
			f.Relate(r.Risk, "residual", "what was accepted")
		}
	},
})
