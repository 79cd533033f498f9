package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// gates is the device of examples about attacks from outside.
const gates = `
components:
  gateway:
    title: Communication module
    type: hardware
  parser:
    title: HL7 parser
    type: application
    part-of: gateway
    parses: [hl7-v2]
interfaces:
  if-hl7:
    title: HL7 orders
    component: gateway
    medium: ethernet
    exposure: site
  if-service:
    title: Service port
    component: gateway
    medium: usb
    exposure: physical
`

var _ = add(check.Rule{
	Code: "T7111", Severity: diag.Open,
	Title:   "external interface outside the penetration tests",
	Clauses: []string{"mdcg.3.7.i5", "ig-nb.5.2", "sota.penetration-test"},
	Why: "a penetration test is asked to cover all attack vectors that apply; an interface that no test had in scope is one that " +
		"only an attacker will try",
	Fix: "name the interface, or the component that offers it, under `covers:` of a penetration test, and let it be tested",
	Bad: `
components:
  gateway:
    title: Communication module
    type: hardware
interfaces:
  if-hl7:
    title: HL7 orders
    component: gateway
    medium: ethernet
    exposure: site
  if-service: # want T7111
    title: Service port
    component: gateway
    medium: usb
    exposure: physical
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
`,
	Good: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7, if-service]
`,
	Run: func(p *check.Pass) {
		covered := coveredBy(p.File, "penetration-test")
		if covered == nil {
			return // the question verification.penetration says so
		}
		if scopeUnknown(p, "penetration-test") {
			return
		}
		for _, i := range p.File.Interfaces {
			if external(i) && attackable(i) && !covered[i] && !(i.Component.OK() && covered[i.Component.To]) {
				p.Report(i, "", "no penetration test covers interface %q (%s)", i.ID, i.Exposure)
			}
		}
	},
})

// scopeUnknown tells whether what verifications of a method had in scope stands in
// a field with a finding about its form.
func scopeUnknown(p *check.Pass, method model.Method) bool {
	return flawedIn(p, p.File.Flows, "over") || slices.ContainsFunc(p.File.Verifications, func(v *model.Verification) bool {
		return flawed(p, v, "method") || v.Method == method && flawed(p, v, "covers")
	})
}

// attackable tells whether more than energy or paper passes: what only powers,
// prints or measures is attacked through what it accepts.
func attackable(i *model.Interface) bool {
	switch i.Medium {
	case "power", "printer", "sensor", "internal":
		return len(i.Accepts) > 0
	}
	return true
}

// coveredBy is the set of elements that verifications of a method have in
// scope; nil when there is no such verification. Who covers a flow covers the
// interfaces that it uses.
func coveredBy(f *model.File, method model.Method) map[model.Element]bool {
	var covered map[model.Element]bool
	for _, v := range f.Verifications {
		if v.Method != method {
			continue
		}
		if covered == nil {
			covered = map[model.Element]bool{}
		}
		for e := range model.Targets(v.Covers) {
			covered[e] = true
			if flow, ok := e.(*model.Flow); ok {
				for i := range model.Targets(flow.Over) {
					covered[i] = true
				}
			}
		}
	}
	return covered
}

var _ = add(check.Rule{
	Code: "T7112", Severity: diag.Error,
	Title:   "penetration test by the author",
	Clauses: []string{"sota.penetration-test", "ig-nb.5.2", "62443-4-1.svv-5", "81001-5-1.5.7.5"},
	Why:     "those who built the device look where they looked before; such a test is not an independent penetration test, and must not be shown as one",
	Fix:     "have the test done by another department or an outside laboratory, and record it under `tester:`",
	Bad: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    tester:
      who: Developer of the communication module
      independence: author # want T7112
`,
	Good: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    tester:
      who: Outside test laboratory
      independence: external
`,
	Run: func(p *check.Pass) {
		testers(p, "author", "penetration test %q was done by the author of what it tests")
	},
})

var _ = add(check.Rule{
	Code: "T7113", Severity: diag.Warning,
	Title:   "penetration test within the team",
	Clauses: []string{"sota.penetration-test", "ig-nb.5.2", "62443-4-1.svv-5", "81001-5-1.5.7.5"},
	Why:     "a reviewer expects a skilled and independent tester; a colleague of the authors shares their assumptions",
	Fix:     "have the test done by another department or an outside laboratory, or have them repeat the part that matters most",
	Bad: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    tester:
      who: Software team
      independence: same-team # want T7113
`,
	Good: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    tester:
      who: Corporate security department
      independence: other-team
`,
	Run: func(p *check.Pass) { testers(p, "same-team", "penetration test %q was done within the team") },
})

func testers(p *check.Pass, independence model.Independence, message string) {
	for _, v := range p.File.Verifications {
		if v.Method == "penetration-test" && v.Tester.Independence == independence {
			p.Report(v, "tester.independence", message, v.ID)
		}
	}
}

var _ = add(check.Rule{
	Code: "T7114", Severity: diag.Open,
	Title:   "penetration test whose tester is not described",
	Clauses: []string{"sota.penetration-test", "ig-nb.5.2", "62443-4-1.svv-5", "81001-5-1.5.7.5"},
	Why:     "skill and independence of the tester are what a penetration test is worth; neither can be judged when the file does not say who it was",
	Fix:     "state `who`, `independence` and `skills` under `tester:`; the skills of a laboratory are its accreditation or the qualification of its testers",
	Bad: gates + `
verifications:
  vf-pen: # want T7114
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    date: 2026-04-01
    result: passed
`,
	Good: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    date: 2026-04-01
    result: passed
    tester:
      who: Outside test laboratory
      independence: external
      skills: OSCP
`,
	Run: func(p *check.Pass) {
		for _, v := range p.File.Verifications {
			if v.Method != "penetration-test" || p.Result(v) != "passed" && p.Result(v) != "failed" {
				continue
			}
			l := lacks(p, v)
			l.in = "tester."
			l.unless(v.Tester.Who != "", "who")
			l.unless(v.Tester.Independence != "", "independence")
			l.unless(v.Tester.Skills != "", "skills")
			if l.any() {
				p.Report(v, "", "penetration test %q does not state %s of its tester", v.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7115", Severity: diag.Warning,
	Title:   "penetration test older than the policy allows",
	Clauses: []string{"mdcg.3.8.i2", "mdcg.4.1.i1"},
	Why:     "new ways of attack appear while the device stays the same; the manufacturer's own limit for repeating the test has passed",
	Fix:     "repeat the test, or change `policy.evidence.penetration-test` with a reason",
	Bad: gates + `
policy:
  evidence:
    penetration-test: 1 year
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    date: 2025-04-01 # want T7115
    result: passed
`,
	Good: gates + `
policy:
  evidence:
    penetration-test: 1 year
verifications:
  vf-pen-2025:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7]
    date: 2025-04-01
    result: passed
  vf-pen-2026:
    title: Penetration test, repeated
    method: penetration-test
    covers: [if-hl7]
    date: 2026-04-01
    result: passed
`,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil || p.File.Policy.Evidence.PenetrationTest.IsZero() || !byWord(p) {
			return
		}
		limit := p.File.Policy.Evidence.PenetrationTest
		last := lastTested(p.File)
		for _, v := range p.File.Verifications {
			if penetrated(v) && v.Date.Add(limit).Before(p.Today) && isLast(v, last) {
				p.Report(v, "date", "penetration test %q is of %s, and the policy asks for one each %s", v.ID, v.Date, limit).
					Relate(p.File.Policy, "evidence.penetration-test", "longest time between tests")
			}
		}
	},
})

// penetrated tells whether a verification is a penetration test that took place
// on a known day.
func penetrated(v *model.Verification) bool {
	return v.Method == "penetration-test" && done(v) && !v.Date.IsZero()
}

// lastTested is the day of the last penetration test of each element; that of
// the last one of all stands at nil.
func lastTested(f *model.File) map[model.Element]model.Date {
	last := map[model.Element]model.Date{}
	for _, v := range f.Verifications {
		if !penetrated(v) {
			continue
		}
		for _, e := range append(scope(v), nil) {
			if last[e].Before(v.Date) {
				last[e] = v.Date
			}
		}
	}
	return last
}

func scope(v *model.Verification) []model.Element {
	var elements []model.Element
	for e := range model.Targets(v.Covers) {
		elements = append(elements, e)
	}
	return elements
}

// isLast tells whether no later test looked at some element of this one.
func isLast(v *model.Verification, last map[model.Element]model.Date) bool {
	elements := scope(v)
	if len(elements) == 0 {
		elements = []model.Element{nil}
	}
	for _, e := range elements {
		if last[e] == v.Date {
			return true
		}
	}
	return false
}

// external tells whether somebody outside the device can reach the interface.
func external(i *model.Interface) bool { return i.Exposure != "internal" && i.State != "disabled" }
