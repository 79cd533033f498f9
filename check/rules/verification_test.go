package rules

import (
	"fmt"
	"testing"

	"theriac/check"
)

// tested is a verification of rq-lock with further lines.
func tested(id string, more ...string) string {
	text := fmt.Sprintf("  %s:\n    title: Test\n    verifies: [rq-lock]\n", id)
	for _, line := range more {
		text += "    " + line + "\n"
	}
	return text
}

func TestVerificationState(t *testing.T) {
	const list = bench + "verifications:\n"
	for _, m := range []marked{
		{"method, no result", "T7101", bench + "verifications:\n  vf: # want T7101\n    title: V\n    method: analysis\n"},
		{"covers only", "T7102", bench + "verifications:\n  vf:\n    title: V\n    covers: [app-ui]\n"},
		{"failed after it passed", "T7103", list + tested("a", "date: 2026-05-01", "result: passed") + tested("b", "date: 2026-05-02", "result: failed # want T7103")},
		{"passed on the same day", "T7103", list + tested("a", "date: 2026-05-01", "result: failed") + tested("b", "date: 2026-05-01", "result: passed")},
		{"only planned since", "T7103", list + tested("a", "date: 2026-05-01", "result: failed # want T7103") + tested("b", "date: 2026-12-01", "result: planned")},
		{"of no requirement", "T7103", bench + "verifications:\n  vf:\n    title: V\n    covers: [app-ui]\n    result: failed # want T7103\n"},
		{"today", "T7104", list + tested("a", "date: 2026-11-22", "result: failed")},
		{"tomorrow", "T7104", list + tested("a", "date: 2026-11-23 # want T7104", "result: failed")},
		{"no result is another finding", "T7104", list + tested("a", "date: 2027-11-23")},
		{"planned for today", "T7105", list + tested("a", "date: 2026-11-22", "result: planned")},
		{"planned for some day", "T7105", list + tested("a", "result: planned")},
		{"one release", "T7106", bench + "releases:\n  rel:\n    title: R\n    version: \"1\"\n    date: 2026-09-01\nverifications:\n" + tested("a", "date: 2020-01-01", "result: passed")},
		{"names the latest release, but is older than the one before", "T7106", bench + versions + "verifications:\n" +
			tested("a", "date: 2025-02-01 # want T7106", "release: rel-2", "result: passed")},
		{"names the earlier release", "T7106", bench + versions + "verifications:\n" + tested("a", "date: 2025-02-01", "release: rel-1", "result: passed")},
		{"a planned release does not age tests", "T7106", bench + versions + "  rel-3:\n    title: R\n    version: \"3\"\n    date: 2027-01-01\nverifications:\n" +
			tested("a", "date: 2026-02-01", "result: passed")},
		{"reason in the notes", "T7107", bench + versions + "verifications:\n" + tested("a", "release: rel-1", "result: passed", "notes: Untouched since.")},
		{"of a release to come", "T7107", bench + versions + "  rel-3:\n    title: R\n    version: \"3\"\n    date: 2027-01-01\nverifications:\n" +
			tested("a", "release: rel-3", "result: passed")},
		{"repeated in part", "T7107", bench + versions + "verifications:\n" + tested("a", "release: rel-1 # want T7107", "covers: [app-ui]", "result: passed") +
			tested("b", "release: rel-2", "result: passed")},
	} {
		m.run(t)
	}
}

func TestPenetrationAndFuzz(t *testing.T) {
	const pen = "verifications:\n  pen:\n    title: P\n    method: penetration-test\n"
	const fuzz = "verifications:\n  fuzz:\n    title: F\n    method: fuzz-test\n"
	const yearly = "policy:\n  evidence:\n    penetration-test: 1 year\n"
	for _, m := range []marked{
		{"no penetration test: a question", "T7111", gates},
		{"through the component", "T7111", gates + pen + "    covers: [gateway]\n"},
		{"through a flow", "T7111", gates + `  if-power:
    title: Mains
    component: gateway
    medium: power
    exposure: physical
  if-battery: # want T7111
    title: Smart battery
    component: gateway
    medium: power
    exposure: physical
    accepts: [charge]
assets:
  charge:
    title: Charge
    type: data
actors:
  ward:
    title: Ward
    type: system
flows:
  fl:
    title: Orders
    from: ward
    to: parser
    over: [if-hl7, if-service]
` + pen + "    covers: [fl]\n"},
		{"author of another test", "T7112", bench + "verifications:\n  vf:\n    title: V\n    method: review\n    covers: [app-ui]\n    tester:\n      independence: author\n"},
		{"planned, tester open", "T7114", gates + pen + "    covers: [if-hl7]\n    result: planned\n"},
		{"named, independence open", "T7114", gates + "verifications:\n  pen: # want T7114\n    title: P\n    method: penetration-test\n    covers: [if-hl7]\n    result: failed\n    tester:\n      who: Somebody\n"},
		{"a year to the day", "T7115", gates + yearly + pen + "    covers: [if-hl7]\n    date: 2025-11-22\n    result: passed\n"},
		{"a year and a day", "T7115", gates + yearly + pen + "    covers: [if-hl7]\n    date: 2025-11-21 # want T7115\n    result: passed\n"},
		{"repeated for one interface of two", "T7115", gates + yearly + pen + "    covers: [if-hl7, if-service]\n    date: 2025-01-01 # want T7115\n    result: passed\n" +
			"  pen-2:\n    title: P\n    method: penetration-test\n    covers: [if-hl7]\n    date: 2026-01-01\n    result: passed\n"},
		{"without scope, a later one exists", "T7115", gates + yearly + pen + "    date: 2025-01-01\n    result: passed\n" +
			"  pen-2:\n    title: P\n    method: penetration-test\n    covers: [if-hl7]\n    date: 2026-01-01\n    result: passed\n"},
		{"no policy", "T7115", gates + pen + "    covers: [if-hl7]\n    date: 2015-01-01\n    result: passed\n"},
		{"no fuzz test: a question", "T7121", gates},
		{"the whole component is not its parser", "T7121", `components:
  gateway:
    title: G
    type: hardware
  parser:
    title: P
    type: application
    part-of: gateway
    parses: [hl7-v2] # want T7121
interfaces:
  if-a:
    title: I
    component: gateway
    medium: ethernet
    exposure: site
` + fuzz + "    covers: [gateway]\n"},
		{"reached by nothing", "T7121", "components:\n  parser:\n    title: P\n    type: application\n    parses: [json]\n" + fuzz},
		{"reached by a flow from an actor, part of itself", "T7121", `components:
  a:
    title: A
    type: application
    part-of: b
    parses: [json] # want T7121
  b:
    title: B
    type: application
    part-of: a
    parses: [xml] # want T7121
actors:
  ward:
    title: W
    type: system
flows:
  fl:
    title: F
    from: ward
    to: b
` + fuzz},
		{"flow is covered", "T7121", `components:
  a:
    title: A
    type: application
    parses: [json]
actors:
  ward:
    title: W
    type: system
flows:
  fl:
    title: F
    from: ward
    to: a
` + fuzz + "    covers: [fl]\n"},
	} {
		m.run(t)
	}
}

func TestReleases(t *testing.T) {
	marked{"planned release has a date", "T7301", "releases:\n  r:\n    title: R\n    version: \"9\"\n    date: 2030-01-01\n"}.run(t)
}

func TestVerificationQuestions(t *testing.T) {
	of := func(method, result string, more string) string {
		text := gates + "verifications:\n  vf:\n    title: V\n    method: " + method + "\n    date: 2026-05-04\n" + more
		if result != "" {
			text += "    result: " + result + "\n"
		}
		return text
	}
	var list []asked
	for question, method := range map[string]string{
		"verification.features": "security-feature-test", "verification.scan": "composition-analysis", "verification.code": "review",
		"verification.fuzz": "fuzz-test", "verification.penetration": "penetration-test",
	} {
		list = append(list,
			asked{name: "none", question: question, text: gates, want: check.Unanswered, missing: "nothing is described as"},
			asked{name: "other method", question: question, text: of("usability-test", "passed", ""), want: check.Unanswered, missing: "nothing is described as"},
			asked{name: "planned", question: question, text: of(method, "planned", ""), want: check.Unanswered, missing: "is only planned: vf"},
			asked{name: "failed", question: question, text: of(method, "failed", ""), want: check.Unanswered, missing: "none passed", elsewhere: true},
			asked{name: "no result", question: question, text: of(method, "", ""), want: check.Unanswered, missing: "none passed", elsewhere: true},
			asked{name: "passed", question: question, text: of(method, "passed", ""), want: check.Satisfied, by: 1},
		)
	}
	const external, team = "    tester:\n      independence: external\n", "    tester:\n      independence: same-team\n"
	list = append(list,
		asked{name: "none", question: "verification.requirements", text: bench, want: check.Unanswered, missing: "nothing"},
		asked{name: "of elements only", question: "verification.requirements", text: of("review", "passed", "    covers: [gateway]\n"), want: check.Unanswered, missing: "nothing"},
		asked{name: "passed", question: "verification.requirements", text: trial, want: check.Satisfied, by: 1},
		asked{name: "no test", question: "verification.independence", text: gates, want: check.Unanswered, missing: "no penetration test", elsewhere: true},
		asked{name: "team", question: "verification.independence", text: of("penetration-test", "passed", team), want: check.Unanswered, missing: "independent", elsewhere: true},
		asked{name: "external", question: "verification.independence", text: of("penetration-test", "passed", external), want: check.Satisfied, by: 1},
		asked{name: "inside", question: "verification.connected", text: of("functional-test", "passed", "    covers: [gateway]\n"), want: check.Unanswered, missing: "external interface"},
		asked{name: "planned", question: "verification.connected", text: of("functional-test", "planned", "    covers: [if-hl7]\n"), want: check.Unanswered, missing: "only planned"},
		asked{name: "interface", question: "verification.connected", text: of("load-test", "passed", "    covers: [if-hl7]\n"), want: check.Satisfied, by: 1},
		asked{name: "requirement on an interface", question: "verification.connected", want: check.Satisfied, by: 1,
			text: of("load-test", "passed", "    verifies: [rq]\n") + "requirements:\n  rq:\n    title: R\n    for: [if-hl7]\n"},
		asked{name: "flow to an actor", question: "verification.connected", want: check.Satisfied, by: 1,
			text: of("load-test", "passed", "    covers: [fl]\n") + "actors:\n  ward:\n    title: W\n    type: system\nflows:\n  fl:\n    title: F\n    from: gateway\n    to: ward\n"},
		asked{name: "nothing done", question: "verification.evidence", text: gates, want: check.Unanswered, missing: "no signed evidence", elsewhere: true},
		asked{name: "done, not signed", question: "verification.evidence", text: trial, want: check.Unanswered, missing: "no signed evidence"},
	)
	for _, q := range list {
		q.run(t)
	}
}
