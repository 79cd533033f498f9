package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
	"theriac/triage"
)

// opensslAs is the decision of the examples with some of its lines replaced.
func opensslAs(edits ...string) string {
	return "\n" + strings.NewReplacer(edits...).Replace(opensslDecision)
}

var _ = add(check.Rule{
	Code: "T8704", Severity: diag.Error,
	Title:   "not affected, without saying why in a way that others can use",
	Clauses: []string{"62443-4-1.dm-3", "62443-4-1.dm-5", "81001-5-1.9.4"},
	Why: "operators act on the answer and cannot look into the device; VEX asks for one of five justifications, and an auditor for the " +
		"reason in terms of the product. Only a component that is not in the product can be excused for every vulnerability",
	Fix: "choose the `justification:` that fits and give the `reason:` in a sentence; other states have no justification",
	Bad: opensslAs("    status: not-affected\n    justification: vulnerable-code-not-in-execute-path\n", "    status: not-affected # want T8704\n") +
		`  vx-zlib:
    title: CVE-2023-45853 in zlib
    vulnerability: CVE-2023-45853
    packages: ["pkg:deb/debian/zlib*"]
    versions: "*"
    status: affected
    justification: vulnerable-code-not-present # want T8704
    reason: MiniZip is built into the viewer.
    action: Do not open archives from outside.
    by: PSIRT
    date: 2026-11-03
  vx-x11:
    title: X11
    vulnerability: "*" # want T8704
    packages: ["pkg:deb/debian/libx11-*"]
    status: not-affected
    justification: vulnerable-code-not-in-execute-path
    reason: not used # want T8704
    by: PSIRT
    date: 2026-11-03
  vx-all:
    title: All
    vulnerability: "*"
    packages: ["pkg:*"] # want T8704
    status: not-affected
    justification: component-not-present
    reason: None of these packages is on the device.
    by: PSIRT
    date: 2026-11-03
`,
	Good: opensslAs() + `  vx-x11:
    title: X11
    vulnerability: "*"
    packages: ["pkg:deb/debian/libx11-*"]
    status: not-affected
    justification: component-not-present
    reason: The packages are in the image that builds the device, and not on the device.
    by: PSIRT
    date: 2026-11-03
`,
	Run: func(p *check.Pass) {
		for _, d := range p.File.Decisions {
			switch {
			case p.File.Faulty(d):
				continue
			case d.Vulnerability == triage.AnyVulnerability && triage.AllowsAny(d) == triage.ErrPresent:
				p.Report(d, "vulnerability", "decision %q stands for every vulnerability, and its components are not said to be absent", d.ID).
					Fix("name the vulnerability, or state `status: not-affected` and `justification: component-not-present`")
			case d.Vulnerability == triage.AnyVulnerability && triage.AllowsAny(d) == triage.ErrUnbounded:
				p.Report(d, "packages", "decision %q stands for every vulnerability of every component", d.ID).
					Fix("name the components that are not in the product")
			case d.Status == "not-affected" && d.Justification == "":
				p.ReportAbsent(d, []string{"justification"}, "decision %q says not-affected without a justification", d.ID).Span = check.Place(d, "status")
			case d.Status != "not-affected" && d.Justification != "":
				p.Report(d, "justification", "decision %q says %s, which has no justification", d.ID, d.Status)
			}
			if r := strings.TrimSpace(d.Reason); r != "" && utf8.RuneCountInString(r) < shortReason {
				p.Report(d, "reason", "%q does not say why %s does not matter here, or does", r, d.Vulnerability)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8705", Severity: diag.Error,
	Title:   "affected, and users are not told what to do",
	Clauses: []string{"mdcg.3.8.i7", "62443-4-1.dm-4", "62443-4-1.dm-5", "81001-5-1.9.5"},
	Why:     "an operator who reads that the device is affected must know what to do until it is fixed; VEX asks for an action",
	Fix:     "say under `action:` what users should do, and under `fix:` which version of the product solves it",
	Bad: opensslAs("    status: not-affected\n    justification: vulnerable-code-not-in-execute-path\n", "    status: affected\n",
		"vx-tls:", "vx-tls: # want T8705"),
	Good: opensslAs("    status: not-affected\n    justification: vulnerable-code-not-in-execute-path\n",
		"    status: affected\n    action: Keep the device in a network of its own until version 1.1.0 is installed.\n    fix: 1.1.0\n"),
	Run: func(p *check.Pass) {
		for _, d := range p.File.Decisions {
			if d.Status == "affected" && strings.TrimSpace(d.Action) == "" {
				p.ReportAbsent(d, []string{"action"}, "decision %q says affected, and no action is recommended", d.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8709", Severity: diag.Error,
	Title:   "decision about a vulnerability by a role that may not decide",
	Clauses: []string{"mdcg.practice.6", "62443-4-1.dm-4"},
	Why:     "the security file says who answers for vulnerabilities and who approves decisions; a decision of somebody else binds nobody",
	Fix:     "have it decided by the owner of vulnerability handling or a role of `policy.approvals`, or state there who else may",
	Bad: opensslAs("    by: PSIRT", "    by: Sales # want T8709") + `vulnerability-handling:
  owner: PSIRT
`,
	Good: opensslAs() + `vulnerability-handling:
  owner: PSIRT
`,
	Run: func(p *check.Pass) {
		may := deciders(p.File)
		for _, d := range p.File.Decisions {
			if len(may) > 0 && d.By != "" && !slices.Contains(may, d.By) {
				p.Report(d, "by", "%q decided about %s; decisions are for %s", d.By, d.Vulnerability, strings.Join(may, ", "))
			}
		}
	},
})

// deciders are the roles that may decide about vulnerabilities; none where nobody says,
// or a mistake hides who.
func deciders(f *model.File) []string {
	var roles []string
	if f.VulnerabilityHandling != nil && f.Faulty(f.VulnerabilityHandling) || f.Policy != nil && f.Flawed(f.Policy, "approvals") {
		return nil
	}
	if v := f.VulnerabilityHandling; v != nil && v.Owner != "" {
		roles = append(roles, v.Owner)
	}
	if f.Policy != nil {
		for _, a := range f.Policy.Approvals {
			if a.Of == "decisions" {
				roles = append(roles, a.Roles...)
			}
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

var _ = add(check.Rule{
	Code: "T8711", Severity: diag.Error,
	Title:   "decision bound to versions that cannot be read",
	Clauses: []string{"62443-4-1.dm-3", "81001-5-1.9.4"},
	Why:     "a decision holds for the versions that were looked at; where these cannot be read, it holds for none",
	Fix:     "write comparisons such as `>=1.2 <2`, several separated by `||`, or a vers: range",
	Bad:     opensslAs(`    versions: "<3.0.14-1"`, `    versions: "before 3.0.14-1 || >" # want T8711`, "    status:", "    releases: \"< 2 | 3\" # want T8711\n    status:"),
	Good:    opensslAs("    status:", "    releases: \"<2 || =3.0.0\"\n    status:"),
	Run: func(p *check.Pass) {
		for _, d := range p.File.Decisions {
			for _, field := range []struct{ name, text string }{{"versions", d.Versions}, {"releases", d.Releases}} {
				if field.text == "" {
					continue
				}
				if _, err := triage.ParseRange(field.text); err != nil {
					p.Report(d, field.name, "%s of decision %q cannot be read: %s", field.name, d.ID, err)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8713", Severity: diag.Error,
	Title:   "decision about a vulnerability dated in the future",
	Clauses: []string{"62443-4-1.dm-3"},
	Why:     "a record of something that has not happened yet is false, and makes the others doubtful",
	Fix:     "give the day on which it was decided",
	Bad:     opensslAs("date: 2026-11-03", "date: 2026-12-03 # want T8713"),
	Good:    opensslAs(),
	Run: func(p *check.Pass) {
		for _, d := range p.File.Decisions {
			if p.Today.Before(d.Date) {
				p.Report(d, "date", "decision %q is of %s, which lies in the future", d.ID, d.Date)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8714", Severity: diag.Error,
	Title:   "score of a vulnerability that the method of the policy cannot take",
	Clauses: []string{"mdcg.3.4.i4", "62443-4-1.dm-3", "81001-5-1.9.4"},
	Why: "a vulnerability is scored for the device by the method by which its risks are; a vector that is none, of another version, or " +
		"against the answers to the rubric says nothing",
	Fix: "write the whole vector with the environmental metrics of the device, in the version of `policy.risk.scoring`",
	Bad: opensslAs("    by: PSIRT", "    score:\n      cvss: CVSS:3.1/AV:N/AC:L # want T8714\n    by: PSIRT") + byCVSS[strings.Index(byCVSS, "policy:"):],
	Good: opensslAs("    by: PSIRT", "    score:\n      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/MAV:A\n      exploitability: medium\n      severity: minor\n    by: PSIRT") +
		byCVSS[strings.Index(byCVSS, "policy:"):],
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, d := range p.File.Decisions {
			if !risk.Stated(d.Score) {
				continue
			}
			for _, problem := range a.Rate(d.Score).Estimate.Faulty(risk.Unreadable, risk.Version, risk.Unasked, risk.Contrary) {
				f := p.Report(d, "score."+problem.Field, "score of decision %q: %s", d.ID, problem.Text)
				if problem.Near != "" {
					f.Fix("did you mean %s?", problem.Near)
				}
			}
			if r := a.Rate(d.Score); r.Disagrees() {
				p.Report(d, "score.exploitability", "decision %q calls exploitability %s, and %s gives %s", d.ID, d.Score.Exploitability, r.Estimate.Basis, r.Estimate.Level).
					Fix("take the computed level, or correct the vector; until then the worse of the two counts")
			}
		}
	},
})

// orMore says how many of something there are beyond those that are told.
func orMore(told []string, n int) string {
	if rest := n - len(told); rest > 0 {
		return strings.Join(told, ", ") + fmt.Sprintf(" and %d more", rest)
	}
	return strings.Join(told, ", ")
}
