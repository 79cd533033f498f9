package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// marketAnswer answers a question by fields of post-market. Where nothing is
// said of it, the question pms.system reports it.
func marketAnswer(p *check.Pass, at string, fields func(*model.PostMarket) []field) check.Answer {
	const what = "post-market"
	m := p.File.PostMarket
	if m == nil {
		return elsewhere(check.Answer{Missing: stated(what, absent(fields(&model.PostMarket{})...))})
	}
	return completeness(m, at, what, sound(p, m, "", fields(m)...))
}

var _ = add(check.Rule{
	Code: "T9911", Severity: diag.Open,
	Title: "post-market surveillance of security not described",
	Why: "security is part of the surveillance that each manufacturer runs; a reviewer asks who does it, where information comes " +
		"from, what sets off a new look at risk, and how it gets back into the risk file",
	Fix: "state `owner`, `sources`, `indicators` and `feedback` under `post-market`",
	Bad: `
post-market:
  owner: Vigilance manager
`,
	Good: `
post-market:
  owner: Vigilance manager
  sources: [complaints, incident reports, service logs, vulnerability reports, similar devices]
  indicators: [two similar security complaints within a month, any exploited vulnerability of a component]
  feedback: Each finding is judged by the risk board within ten working days and enters the risk file.
`,
	Questions: []string{"pms.system"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := marketAnswer(p, "", func(m *model.PostMarket) []field {
			return []field{{"owner", m.Owner != ""}, {"sources", len(m.Sources) > 0}, {"indicators", len(m.Indicators) > 0}, {"feedback", m.Feedback != ""}}
		})
		a.Elsewhere = false
		return a
	},
})

var _ = add(check.Rule{
	Code: "T9912", Severity: diag.Open,
	Title: "no post-market surveillance plan",
	Why:   "surveillance rests on a plan with the content of Annex III, kept in the technical documentation",
	Fix:   "list the plan as a document of type `pms-plan` and refer to it under `post-market.plan`",
	Bad: `
post-market:
  owner: Vigilance manager
`,
	Good: `
documents:
  doc-pms-plan:
    title: Post-market surveillance plan
    type: pms-plan
post-market:
  plan: doc-pms-plan
`,
	Questions: []string{"pms.plan"},
	Needs:     []string{"T9213"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return marketAnswer(p, "", func(m *model.PostMarket) []field { return []field{{"plan", m.Plan.ID != ""}} })
	},
})

var _ = add(check.Rule{
	Code: "T9913", Severity: diag.Open,
	Title: "no report on post-market surveillance",
	Why: "depending on the class there is a surveillance report or a periodic safety update report; the latter has to be updated " +
		"in a fixed cycle",
	Fix: "refer to the report under `post-market.report`, and state the `cycle:` where the class has one",
	Bad: `
post-market:
  cycle: 1 year
`,
	Good: `
documents:
  doc-psur:
    title: Periodic safety update report
    type: psur
post-market:
  report: doc-psur
  cycle: 1 year
`,
	Questions: []string{"pms.report"},
	Needs:     []string{"T9211", "T9212"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		due, _ := reportingOf(p)
		return marketAnswer(p, "", func(m *model.PostMarket) []field {
			fields := []field{{"report", m.Report.ID != ""}}
			if !due.cycle.IsZero() {
				fields = append(fields, field{"cycle", !m.Cycle.IsZero()})
			}
			return fields
		})
	},
})

var _ = add(check.Rule{
	Code: "T9914", Severity: diag.Open,
	Title: "surveillance or vigilance that leaves out a step",
	Why: "changes are judged for what they mean to the notified body and the UDI-DI, trends are watched, field safety corrective actions " +
		"are carried out and told, serious incidents are investigated; a reviewer asks how for each of them",
	Fix: "state `change-control`, `trend` and `field-action` under `post-market`, and `investigation` under `post-market.vigilance`",
	Bad: `
post-market:
  owner: Vigilance manager
`,
	Good: `
post-market:
  change-control: Each change is judged for significance and for a new UDI-DI before it is released.
  trend: Security complaints are counted by month; an increase beyond the control limit is judged.
  field-action: By the field action procedure, with notice to users and authorities.
  vigilance:
    investigation: By the security response team, with forensic images kept before any repair.
`,
	Questions: []string{"pms.change-control", "vigilance.trend", "vigilance.field-action", "vigilance.investigation"},
	Ask: func(p *check.Pass, question string) check.Answer {
		_, name, _ := strings.Cut(question, ".")
		return marketAnswer(p, "", func(m *model.PostMarket) []field {
			f, known := map[string]field{
				"change-control": {"change-control", m.ChangeControl != ""}, "trend": {"trend", m.Trend != ""},
				"field-action": {"field-action", m.FieldAction != ""}, "investigation": {"vigilance.investigation", m.Vigilance.Investigation != ""},
			}[name]
			if !known {
				panic("no field answers " + question)
			}
			return []field{f}
		})
	},
})

var _ = add(check.Rule{
	Code: "T9915", Severity: diag.Open,
	Title: "reporting of serious incidents not settled",
	Why: "whether a security event is a serious incident must be decided within days; who reports, by which criteria and within which " +
		"time has to be settled before it happens",
	Fix: "state `owner`, `security-criteria` and the three time limits under `post-market.vigilance`",
	Bad: `
post-market:
  vigilance:
    owner: Vigilance manager
`,
	Good: `
post-market:
  vigilance:
    owner: Vigilance manager
    serious-incident: 15 days
    death-or-unanticipated-deterioration: 10 days
    public-health-threat: 2 days
    security-criteria: An event is an incident when it changed or stopped the function of a unit, or could have.
`,
	Questions: []string{"vigilance.reporting"},
	Needs:     []string{"T9201"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return marketAnswer(p, "vigilance", func(m *model.PostMarket) []field {
			fields := []field{{"vigilance.owner", m.Vigilance.Owner != ""}, {"vigilance.security-criteria", m.Vigilance.SecurityCriteria != ""}}
			for _, d := range deadlines(p.Catalog) {
				l := limits[d.ID]
				fields = append(fields, field{"vigilance." + l.field, !l.own(m.Vigilance).IsZero()})
			}
			return fields
		})
	},
})
