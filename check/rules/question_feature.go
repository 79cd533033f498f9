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
	Code: "T2302", Severity: diag.Open,
	Title: "on-device capability that nothing gives",
	Why: "the state of the art expects eight capabilities on a connected device; law and guidance do not name them in these words, " +
		"but a reviewer compares the device with them",
	Fix: "name it under `features:` of a control and let a requirement implement that control, or write the clause as a key under `not-applicable:` (for example `sota.feature.logging:`) with the `reason` why the device does without",
	Bad: `
controls:
  ct-roles:
    title: Role-based access
    priority: protective
    features: [identity-and-access]
`,
	Good: `
controls:
  ct-roles:
    title: Role-based access
    priority: protective
    features: [identity-and-access]
requirements:
  rq-roles:
    title: Rights by role
    text: Each function checks the right of the role that calls it.
    implements: [ct-roles]
`,
	Questions: featureQuestions(),
	Ask: func(p *check.Pass, question string) check.Answer {
		name := strings.TrimPrefix(question, "feature.")
		return givenBy(p, fmt.Sprintf("feature %q (%s)", name, meaning(model.Feature(name).Values(), name)),
			func(c *model.Control) bool { return slices.Contains(c.Features, model.Feature(name)) })
	},
})

func featureQuestions() []string {
	var names []string
	for _, v := range model.Feature("").Values() {
		names = append(names, "feature."+v.Name)
	}
	return names
}
