package rules

import (
	"testing"

	"theriac/check"
)

func TestRequirementRules(t *testing.T) {
	const body = "components:\n  app:\n    title: App\n    type: application\n"
	written := func(text string) string {
		return body + "requirements:\n  rq:\n    title: R\n    for: [app]\n    text: " + text + "\n"
	}
	var list []marked
	for _, vague := range []string{
		"Sessions end after an adequate time.", "Logs are kept as far as possible.", "Encryption follows the state of the art.",
		"Encryption follows the State-of-the-Art.", "Ports, services etc. are closed.", "The link is secure.", "Keys stay secure",
		"Errors are handled in a reasonable way.", "Input is checked where possible.",
	} {
		list = append(list, marked{"vague: " + vague, "T7003", written(vague + " # want T7003")})
	}
	for _, plain := range []string{
		"Inadequate certificates are refused with error 7.", "Insufficient storage raises an alarm.", "The device starts by secure boot.",
		"The key is secured by a secure element.", "Unreasonable values are refused.", "The label names the possible hosts.", "Fetch ends after 5 s.",
	} {
		list = append(list, marked{"plain: " + plain, "T7003", written(plain)})
	}
	list = append(list,
		marked{"blank text", "T7001", body + "requirements:\n  rq: # want T7001\n    title: R\n    for: [app]\n    text: \" \"\n"},
		marked{"no verifications: a question", "T7004", bench},
		marked{"planned is enough", "T7004", bench + "verifications:\n  vf:\n    title: V\n    verifies: [rq-lock]\n    result: planned\n"},
		marked{"no requirements: a question", "T7005", "controls:\n  ct:\n    title: C\n    priority: design\n"},
		marked{"by the manufacturer", "T7005", bench + "controls:\n  ct: # want T7005\n    title: C\n    priority: protective\n    by: manufacturer\n"},
		marked{"by the user", "T7005", bench + "controls:\n  ct:\n    title: C\n    priority: protective\n    by: user\n"},
	)
	for _, m := range list {
		m.run(t)
	}
}

func TestRequirementQuestions(t *testing.T) {
	const control = "controls:\n  ct:\n    title: C\n    priority: design\n"
	const implementing = "requirements:\n  rq:\n    title: R\n    implements: [ct]\n"
	for _, q := range []asked{
		{name: "none", question: "requirements.controls", text: control, want: check.Unanswered, missing: "no requirement"},
		{name: "for elements only", question: "requirements.controls", text: bench, want: check.Unanswered, missing: "no requirement"},
		{name: "implementing", question: "requirements.controls", text: control + implementing, want: check.Satisfied, by: 1},
		{name: "none", question: "requirements.elements", text: control, want: check.Unanswered, missing: "no requirement", elsewhere: true},
		{name: "control on nothing", question: "requirements.elements", text: control + implementing, want: check.Unanswered, missing: "names an element"},
		{name: "control on an element", question: "requirements.elements", want: check.Satisfied, by: 1,
			text: "components:\n  app:\n    title: App\n    type: application\n" + control + "    protects: [app]\n" + implementing},
	} {
		q.run(t)
	}
}
