package rules

import (
	"fmt"
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// environmentCategories lists, by question, the categories that answer it.
var environmentCategories = map[string][]model.EnvironmentCategory{
	"environment.network":      {"network", "firewall"},
	"environment.hardware":     {"hardware"},
	"environment.physical":     {"physical-access"},
	"environment.software":     {"third-party-software"},
	"environment.skills":       {"user-skills"},
	"environment.protocols":    {"protocol"},
	"environment.organisation": {"organisation"},
}

var _ = add(check.Rule{
	Code: "T8011", Severity: diag.Open,
	Title: "nothing is said about a part of the surroundings",
	Why: "the manufacturer has to determine the minimum that hardware, networks and other surroundings must offer; saying nothing " +
		"leaves the operator to guess",
	Fix: "add an entry under `environment:` of the category; where the device needs nothing there, let the entry say that",
	Bad: `
environment:
  env-room:
    title: Staff only
    category: physical-access
`,
	Good: `
environment:
  env-segment:
    title: Separate network
    category: network
    text: The device is connected to a network segment of its own.
`,
	Questions: []string{
		"environment.network", "environment.hardware", "environment.physical", "environment.software",
		"environment.skills", "environment.protocols", "environment.organisation",
	},
	Ask: func(p *check.Pass, question string) check.Answer {
		categories := environmentCategories[question]
		var a check.Answer
		for _, e := range p.File.Environment {
			if slices.Contains(categories, e.Category) {
				a.By = append(a.By, e)
			}
		}
		if len(a.By) == 0 {
			a.Missing = []string{fmt.Sprintf("no environment requirement of category %s", either(categories))}
		} else if bare := untold(a.By); len(bare) > 0 {
			a.Missing, a.Elsewhere = []string{"without text: " + fewIDs(bare)}, true // T8003
		}
		return a
	},
})

// untold lists the requirements that have no text.
func untold(requirements []model.Entity) []string {
	var ids []string
	for _, e := range requirements {
		if r := e.(*model.EnvironmentRequirement); r.Text == "" {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// onEnvironment answers a question by the requirements that fulfil it; those
// that do not are reported one by one. Where there are none at all, the
// questions on each category speak.
func onEnvironment(p *check.Pass, otherwise string, fulfils func(*model.EnvironmentRequirement) bool) check.Answer {
	if len(p.File.Environment) == 0 {
		return check.Answer{Missing: []string{"no environment requirements"}, Elsewhere: true}
	}
	var a check.Answer
	var not []string
	for _, e := range p.File.Environment {
		if fulfils(e) {
			a.By = append(a.By, e)
		} else {
			not = append(not, e.ID)
		}
	}
	if len(not) > 0 {
		a.Missing, a.Elsewhere = []string{otherwise + ": " + fewIDs(not)}, true
	}
	return a
}

var _ = add(check.Rule{
	Code: "T8012", Severity: diag.Open,
	Title: "operators are not told what the surroundings must provide",
	Why:   "expectations on the surroundings have to be documented and passed on; an expectation that stays with the manufacturer protects nobody",
	Fix:   "name under `told-in` of each environment requirement the document that tells it (T8001 and T8002 list those without)",
	Bad: `
environment:
  env-room:
    title: Staff only
    category: physical-access
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
environment:
  env-room:
    title: Staff only
    category: physical-access
    told-in: [doc-ifu]
`,
	Questions: []string{"environment.told"},
	Needs:     []string{"T8001", "T8002"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return onEnvironment(p, "told in no document", func(e *model.EnvironmentRequirement) bool { return len(e.Told) > 0 })
	},
})

var _ = add(check.Rule{
	Code: "T8013", Severity: diag.Open,
	Title: "it is not known how far the device relies on its surroundings",
	Why: "sole reliance on the surroundings is to be kept to a minimum; for each requirement the file must say whether an essential " +
		"function rests on it, and why",
	Fix: "state `essential` for each environment requirement, and `rationale` where it is true (T8003 and T8004 list those without)",
	Bad: `
environment:
  env-room:
    title: Staff only
    category: physical-access
`,
	Good: `
environment:
  env-room:
    title: Staff only
    category: physical-access
    essential: false
`,
	Questions: []string{"environment.reliance"},
	Needs:     []string{"T8004", "T8005", "T8006"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return onEnvironment(p, "not said whether essential", func(e *model.EnvironmentRequirement) bool { return e.Essential.Known() })
	},
})

var _ = add(check.Rule{
	Code: "T8014", Severity: diag.Open,
	Title: "responsibilities in operation are not shared out",
	Why: "security in operation is a joint responsibility; what is nobody's task by name is done by nobody, and a change to the device " +
		"by somebody else can make that party its manufacturer",
	Fix: "state `responsible` for each environment requirement (T8003 lists those without), or make an agreement on responsibilities",
	Bad: `
environment:
  env-room:
    title: Staff only
    category: physical-access
`,
	Good: `
environment:
  env-room:
    title: Staff only
    category: physical-access
    responsible: operator
`,
	Questions: []string{"environment.responsibilities"},
	Needs:     []string{"T8007"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := onEnvironment(p, "nobody responsible", func(e *model.EnvironmentRequirement) bool { return e.Responsible != "" })
		for _, d := range documentsOf(p.File, "responsibility-agreement") {
			if d.Status != statusPlanned {
				a.By = append(a.By, d)
			}
		}
		return a
	},
})
