package rules

import (
	"testing"

	"theriac/check"
)

func TestUpdateRules(t *testing.T) {
	const over = "update-policy:\n  signed: true\n  over: [if-a]"
	key := func(purpose string) string {
		return "keys:\n  key-a:\n    title: Key\n    purpose: " + purpose + "\nupdate-policy:\n  signed: true\n  key: key-a"
	}
	for _, m := range []marked{
		{"not stated", "T8201", "update-policy:\n  recovery: Back to the former version.\n"},
		{"no policy", "T8201", device("MDR", "IIb")},
		{"key of the boot loader", "T8202", key("boot") + " # want T8202\n"},
		{"code signing", "T8202", key("code-signing") + "\n"},
		{"not stated", "T8203", "update-policy:\n  signed: true\n"},
		{"manual", "T8204", documents(document("doc-a", "ifu")) + "update-policy:\n  instructions: doc-a\n"},
		{"plan", "T8204", documents(document("doc-a", "vulnerability-plan")) + "update-policy:\n  instructions: doc-a # want T8204\n"},
		{"fetched by the device", "T8205", port("medium: ethernet", "exposure: internet", "direction: out", "authentication: none") + over + "\n"},
		{"at the device", "T8205", port("medium: usb", "exposure: physical", "authentication: none") + over + "\n"},
		{"radio", "T8205", port("medium: bluetooth", "exposure: local", "authentication: none") + over + " # want T8205\n"},
		{"not stated who", "T8205", port("medium: ethernet", "exposure: site", "direction: in") + over + "\n"},
		{"by purpose", "T8206", port("medium: serial", "exposure: physical", "purpose: debug") + over + " # want T8206\n"},
		{"switched off", "T8207", port("medium: usb", "exposure: physical", "purpose: update", "state: disabled") + "update-policy:\n  signed: true\n"},
		{"inside", "T8207", port("medium: internal", "exposure: internal", "purpose: update") + "update-policy:\n  signed: true\n"},
		{"no policy yet", "T8207", port("medium: usb", "exposure: physical", "purpose: update")},
	} {
		m.run(t)
	}
}

func TestUpdateQuestions(t *testing.T) {
	for _, question := range []string{"updates.integrity", "updates.rollback", "updates.instructions", "updates.end-of-support"} {
		asked{name: "no policy", question: question, text: device("MDR", "IIb"), want: check.Unanswered, missing: "update-policy", elsewhere: true}.run(t)
		asked{name: "empty policy", question: question, text: "update-policy:\n  notes: Kept elsewhere.\n", want: check.Unanswered}.run(t)
	}
	for _, q := range []asked{
		{name: "no policy", question: "updates.delivery", text: device("MDR", "IIb"), want: check.Unanswered, missing: "update-policy"},
		{name: "empty policy", question: "updates.delivery", text: "update-policy:\n  notes: Kept elsewhere.\n", want: check.Partial, missing: "`over`, `preconditions`, `recovery`, `approval`, `notification`, `validation`"},
		{name: "not signed", question: "updates.integrity", text: "update-policy:\n  signed: false\n", want: check.Satisfied}, // T8201 reports it and is among Needs
		{name: "no key", question: "updates.integrity", text: "update-policy:\n  signed: true\n", want: check.Partial, missing: "`key`"},
		{name: "false", question: "updates.rollback", text: "update-policy:\n  rollback-protection: false\n", want: check.Satisfied}, // as above, T8203
		{name: "planned", question: "updates.instructions", text: documents(document("doc-a", "update-instructions", "status: planned")) + "update-policy:\n  instructions: doc-a\n", want: check.Partial, missing: "only planned"},
	} {
		q.run(t)
	}
}
