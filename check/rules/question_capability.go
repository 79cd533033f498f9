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
	Why: "MDCG 2019-16 section 3.3 lists 18 security capabilities; a reviewer expects each to be given by a control that a " +
		"requirement makes concrete, or a reason why the device does not need it",
	Fix: "name the capability under `capabilities:` of a control and let a requirement implement that control, or say under " +
		"`not-applicable:` why the device does not need it",
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
		var a check.Answer
		var bare []string
		for _, c := range p.File.Controls {
			if !slices.Contains(c.Capabilities, model.Capability(code)) {
				continue
			}
			a.By = append(a.By, c)
			if len(model.Users[*model.Requirement](c, "implements")) == 0 {
				bare = append(bare, c.ID)
				a.At, a.Entity = c.Here(), c.ID
			}
		}
		switch {
		case len(a.By) == 0:
			a.Missing = []string{fmt.Sprintf("no control gives the capability %q (%s)", code, meaning(model.Capability(code).Values(), code))}
		case len(bare) == len(a.By):
			a.Missing = []string{"no requirement implements " + strings.Join(bare, ", ")}
		}
		return a
	},
})

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
