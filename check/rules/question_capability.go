package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T2301", Severity: diag.Open,
	Title: "security capability that nothing gives",
	Why: "MDCG 2019-16 section 3.3 lists 18 security capabilities as an indication; a reviewer goes through them and expects each to be " +
		"given by a control that a requirement makes concrete, or a reason why the device does not need it",
	Fix: "name the capability under `capabilities:` of a control and let a requirement implement that control, or write the clause as a key under `not-applicable:` (for example `mdcg.cap.alof:`) with the `reason` why the device does not need it",
	Bad: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    capabilities: [alof]
`,
	Good: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    capabilities: [alof]
requirements:
  rq-lock:
    title: Lock after five minutes
    text: The screen locks after five minutes without input.
    implements: [ct-lock]
`,
	Questions: capabilityQuestions(),
	Ask: func(p *check.Pass, question string) check.Answer {
		code := strings.TrimPrefix(question, "capability.")
		return givenBy(p, fmt.Sprintf("capability %q (%s)", code, meaning(model.Capability(code).Values(), code)),
			func(c *model.Control) bool { return slices.Contains(c.Capabilities, model.Capability(code)) })
	},
})

// givenBy answers whether some control gives what is asked and a requirement
// makes that control concrete. Where the device's own controls lack only the
// requirement, T7005 says so.
func givenBy(p *check.Pass, what string, gives func(*model.Control) bool) check.Answer {
	var a check.Answer
	var bare []string
	ours := true
	for _, c := range p.File.Controls {
		if !gives(c) {
			continue
		}
		a.By = append(a.By, c)
		if len(model.Users[*model.Requirement](c, "implements")) == 0 {
			bare = append(bare, c.ID)
			a.At, a.Entity = c.Here(), c.ID
			ours = ours && byManufacturer(c)
		}
	}
	switch {
	case len(a.By) == 0:
		a.Missing, a.Elsewhere = []string{"no control gives the " + what}, flawedIn(p, p.File.Controls, "capabilities", "features")
	case len(bare) == len(a.By):
		a.Missing, a.Elsewhere = []string{"no requirement implements " + fewIDs(bare)}, ours
	}
	return a
}

func capabilityQuestions() []string {
	var names []string
	for _, v := range model.Capability("").Values() {
		names = append(names, "capability."+v.Name)
	}
	return names
}

// meaning is the documentation of a value of an enumeration.
func meaning(values model.Values, name string) string {
	for _, v := range values {
		if v.Name == name {
			return v.Doc
		}
	}
	return name
}
