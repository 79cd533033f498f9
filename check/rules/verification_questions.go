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
	Code: "T7903", Severity: diag.Open,
	Title: "no verification of requirements",
	Why:   "verification and validation of the software include information security; a reviewer follows each requirement to a test that passed",
	Fix:   "describe the tests under `verifications:` with the requirements under `verifies:` and the `result:`",
	Bad:   bench,
	Good: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    result: passed
`,
	Questions: []string{"verification.requirements"},
	Needs:     []string{"T7004", "T7101", "T7102", "T7103", "T7104", "T7106"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		verifying := slices.DeleteFunc(slices.Clone(p.File.Verifications), func(v *model.Verification) bool { return len(v.Verifies) == 0 })
		return outcome(p, verifying, "a verification of requirements")
	},
})

// outcome answers by the verifications that passed. Those that failed, or say
// nothing of a result, have findings of their own.
func outcome(p *check.Pass, list []*model.Verification, what string) check.Answer {
	a := check.Answer{By: where(list, func(v *model.Verification) bool { return p.Result(v) == "passed" })}
	var planned []string
	for _, v := range list {
		if byWord(p) && v.Result == "planned" {
			planned = append(planned, v.ID)
		}
	}
	switch {
	case len(list) == 0:
		a.Missing = []string{"nothing is described as " + what}
	case len(a.By) == 0 && len(planned) == len(list):
		a.Missing = []string{fmt.Sprintf("%s is only planned: %s", what, fewIDs(planned))}
		a.At, a.Entity = check.Place(list[0], "result"), list[0].ID
	case len(a.By) == 0:
		a.Missing, a.Elsewhere = []string{"none passed as " + what}, true // T7101, T7103, T74xx
	}
	return a
}

// byMethod lists the verifications of some methods.
func byMethod(f *model.File, methods ...model.Method) []*model.Verification {
	var list []*model.Verification
	for _, v := range f.Verifications {
		if slices.Contains(methods, v.Method) {
			list = append(list, v)
		}
	}
	return list
}

// methods gives for each question the test methods that answer it.
var methods = map[string][]model.Method{
	"features": {"security-feature-test"},
	"scan":     {"vulnerability-scan", "composition-analysis"},
	"code":     {"static-analysis", "review"},
}

var _ = add(check.Rule{
	Code: "T7904", Severity: diag.Open,
	Title: "named test method not used",
	Why: "MDCG 2019-16 section 3.7 names testing of security features and scanning for known vulnerabilities, and tools that " +
		"analyse code and components; a reviewer goes through that list",
	Fix: "describe the test under `verifications:` with its `method:`: security-feature-test; vulnerability-scan or " +
		"composition-analysis; static-analysis or review of the code",
	Bad: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: functional-test
    date: 2026-05-04
    result: passed
`,
	Good: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    result: passed
`,
	Questions: []string{"verification.features", "verification.scan", "verification.code"},
	Needs:     []string{"T7101", "T7103", "T7104"},
	Ask: func(p *check.Pass, question string) check.Answer {
		wanted := methods[strings.TrimPrefix(question, "verification.")]
		names := make([]string, len(wanted))
		for i, m := range wanted {
			names[i] = string(m)
		}
		return unless(flawedIn(p, p.File.Verifications, "method"), outcome(p, byMethod(p.File, wanted...), strings.Join(names, " or ")))
	},
})

var _ = add(check.Rule{
	Code: "T7905", Severity: diag.Open,
	Title: "no fuzz test",
	Why:   "malformed and random input is the test method that finds what ordinary tests do not try; it is asked of devices that exchange data",
	Fix:   "describe the fuzz test under `verifications:` with `method: fuzz-test` and the parsers or interfaces under `covers:`",
	Bad:   gates,
	Good: gates + `
verifications:
  vf-fuzz:
    title: Fuzz test of HL7 orders
    method: fuzz-test
    covers: [parser]
    date: 2026-05-04
    result: passed
`,
	Questions: []string{"verification.fuzz"},
	Needs:     []string{"T7103", "T7121"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return unless(flawedIn(p, p.File.Verifications, "method"), outcome(p, byMethod(p.File, "fuzz-test"), "fuzz-test"))
	},
})

var _ = add(check.Rule{
	Code: "T7906", Severity: diag.Open,
	Title: "no penetration test",
	Why:   "skilled people trying to break in show what the sum of the controls is worth; guidance and notified bodies name this test",
	Fix:   "describe the penetration test under `verifications:` with `method: penetration-test`, its scope under `covers:` and its `tester:`",
	Bad:   gates,
	Good: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7, if-service]
    date: 2026-05-04
    result: passed
`,
	Questions: []string{"verification.penetration"},
	Needs:     []string{"T7103", "T7111", "T7115"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return unless(flawedIn(p, p.File.Verifications, "method"), outcome(p, byMethod(p.File, "penetration-test"), "penetration-test"))
	},
})

var _ = add(check.Rule{
	Code: "T7907", Severity: diag.Open,
	Title: "no independent penetration test",
	Why:   "a reviewer expects the penetration test to be done by skilled people who did not build the device",
	Fix:   "name the tester and their `independence:` (other-team or external) under `tester:` of the penetration test",
	Bad:   gates,
	Good: gates + `
verifications:
  vf-pen:
    title: Penetration test
    method: penetration-test
    covers: [if-hl7, if-service]
    tester:
      who: Outside test laboratory
      independence: external
    date: 2026-05-04
    result: passed
`,
	Questions: []string{"verification.independence"},
	Needs:     []string{"T7112", "T7113", "T7114"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		tests := byMethod(p.File, "penetration-test")
		if len(tests) == 0 {
			return elsewhere(check.Answer{Missing: []string{"no penetration test whose tester could be independent"}}) // verification.penetration
		}
		apart := where(tests, func(v *model.Verification) bool {
			return v.Tester.Independence == "other-team" || v.Tester.Independence == "external"
		})
		return elsewhere(byList(apart, "no penetration test by an independent tester")) // T7112 to T7114
	},
})

var _ = add(check.Rule{
	Code: "T7908", Severity: diag.Open,
	Title: "device not tested with what it is connected to",
	Why:   "a device that works together with others has to be shown to conform when it is so connected, not only by itself",
	Fix: "describe a test with the connected systems under `verifications:` and name the interface, or the flow to the other " +
		"system, under its `covers:`",
	Bad: gates + `
verifications:
  vf-inside:
    title: Test of the gateway alone
    method: functional-test
    covers: [gateway]
    date: 2026-05-04
    result: passed
`,
	Good: gates + `
verifications:
  vf-ward:
    title: Test with the ward system
    method: functional-test
    covers: [if-hl7]
    date: 2026-05-04
    result: passed
`,
	Questions: []string{"verification.connected"},
	Needs:     []string{"T7103"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		outward := slices.DeleteFunc(slices.Clone(p.File.Verifications), func(v *model.Verification) bool { return !outwards(v) })
		return outcome(p, outward, "a verification that covers an external interface")
	},
})

// outwards tells whether a verification looks at a way out of the device,
// directly or through a requirement on it.
func outwards(v *model.Verification) bool {
	for e := range model.Targets(v.Covers) {
		if outer(e) {
			return true
		}
	}
	for r := range model.Targets(v.Verifies) {
		for e := range model.Targets(r.For) {
			if outer(e) {
				return true
			}
		}
	}
	return false
}

// outer tells whether an element is an external interface, or a flow that comes
// from or goes to an actor.
func outer(e model.Element) bool {
	switch e := e.(type) {
	case *model.Interface:
		return external(e)
	case *model.Flow:
		_, to := e.To.To.(*model.Actor)
		return to || fromOutside(e)
	}
	return false
}

// trial is the passed test of examples.
const trial = bench + `
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-06-01
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    release: rel-1
    result: passed
`

var _ = add(check.Rule{
	Code: "T7909", Severity: diag.Open,
	Title: "no signed evidence of verification",
	Why:   "the technical documentation contains the results of the tests; a reviewer opens the records behind the statements, and asks who answers for them",
	Fix: "list who signs under `signers:`, freeze the release with `theriac release create`, and add the reports with " +
		"`theriac evidence add`",
	Bad: trial,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Questions: []string{"verification.evidence"},
	Needs:     []string{"T7401", "T7402", "T7403", "T7404", "T7405", "T7406", "T7407", "T7408", "T7409", "T7413", "T7414"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := byList(where(p.File.Verifications, func(v *model.Verification) bool { return p.Proven() && p.Result(v) == "passed" }), "no signed evidence of any verification")
		if p.Proven() || !slices.ContainsFunc(p.File.Verifications, done) {
			return elsewhere(a) // T7405 to T7409; nothing to show yet: the question verification.requirements
		}
		return a
	},
})
