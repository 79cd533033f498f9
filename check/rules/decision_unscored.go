package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

// affectedOpenSSL is a decision of examples that the device is affected.
var affectedOpenSSL = strings.NewReplacer(
	"status: not-affected\n    justification: vulnerable-code-not-in-execute-path\n", "status: affected\n    action: Keep the device in a network of its own.\n",
	"The device checks no names in certificates of clients.", "Names in certificates of clients are checked.",
).Replace(opensslDecision)

// rubricPromised names a method of scoring with a rubric.
const rubricPromised = "vulnerability-handling:\n  scoring: CVSS v3.1 with the rubric for medical devices\n"

var _ = add(check.Rule{
	Code: "T8720", Severity: diag.Warning,
	Title:   "product is affected by a vulnerability that nobody scored for it",
	Clauses: []string{"mdcg.3.4.i4", "62443-4-1.dm-3", "81001-5-1.9.4"},
	Why: "the manufacturer says how severity is judged, and the time limit for a fix follows from it; the score of an advisory is of the " +
		"component and not of the device, and without any the limit is a guess",
	Fix:  "score it by that method: theriac psirt decide --score, or `score:` of the decision (theriac risk rubric asks the questions)",
	Bad:  recorded(rubricPromised+strings.Replace(affectedOpenSSL, "vx-tls:", "vx-tls: # want T8720", 1), scanned+opensslFound),
	Good: recorded(rubricPromised+strings.Replace(affectedOpenSSL, "    by:", "    score:\n      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/MAV:A\n    by:", 1), scanned+opensslFound),
	Run: func(p *check.Pass) {
		method, rubric := scoringOf(p)
		if method == "" {
			return
		}
		unrated := map[*model.Decision]bool{}
		for _, v := range p.Triaged().Verdicts() {
			if d := v.Decision; d != nil && v.Finding.Severity == "" && len(v.Finding.CVSS) == 0 {
				unrated[d] = true
			}
		}
		for _, d := range p.File.Decisions {
			if d.Status != "affected" || risk.Stated(d.Score) || p.File.Faulty(d) || !rubric && !unrated[d] {
				continue
			}
			text := "decision %q says affected, and nobody scored %s for the device"
			if unrated[d] {
				text += "; the data give no severity either"
			}
			f := p.ReportAbsent(d, []string{"score"}, text, d.ID, vulnerabilitiesOf(d))
			f.Relate(p.File.VulnerabilityHandling, "scoring", "how severity is judged: %s", method)
		}
	},
})

// vulnerabilitiesOf names what a decision is about.
func vulnerabilitiesOf(d *model.Decision) string {
	text := d.Vulnerability
	if n := len(d.Vulnerabilities); n > 0 {
		text += " and " + count(n, "other")
	}
	return text
}

// scoringOf is how the severity of vulnerabilities is judged, and whether by a rubric,
// which asks about the device; "" where nobody says.
func scoringOf(p *check.Pass) (method string, rubric bool) {
	v := p.File.VulnerabilityHandling
	if v == nil || p.File.Flawed(v, "scoring") {
		return "", false
	}
	return oneLineClip(v.Scoring), strings.Contains(strings.ToLower(v.Scoring), "rubric")
}

// oneLineClip is a text on one line, cut where it is long.
func oneLineClip(text string) string {
	const most = 80
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
