package rules

import (
	"testing"

	"theriac/check"
)

// surroundings is an environment requirement of a category with further lines.
func surroundings(category string, lines ...string) string {
	text := "environment:\n  env-a:\n    title: Requirement\n    category: " + category + "\n"
	for _, l := range lines {
		text += "    " + l + "\n"
	}
	return text
}

// port is an interface of a board with further lines.
func port(lines ...string) string {
	text := "components:\n  co-a:\n    title: Board\n    type: application\ninterfaces:\n  if-a:\n    title: Port\n    component: co-a\n"
	for _, l := range lines {
		text += "    " + l + "\n"
	}
	return text
}

func TestEnvironmentRules(t *testing.T) {
	ifu, guide := documents(document("doc-a", "ifu")), documents(document("doc-a", "security-guide"))
	controlled := func(lines string) string {
		return "threats:\n  th-a:\n    title: Flood\n    category: denial-of-service\nrisks:\n  ri-a:\n    title: Loss\n    threats: [th-a]\n" + lines
	}
	const outside = "  ct-a:\n    title: Firewall\n    priority: protective\n    by: environment\n"
	for _, m := range []marked{
		{"told nowhere", "T8001", "environment:\n  env-a: # want T8001\n    title: Requirement\n    category: network\n    essential: true\n"},
		{"not essential", "T8001", guide + surroundings("network", "essential: false", "told-in: [doc-a]")},
		{"not known", "T8001", guide + surroundings("network", "told-in: [doc-a]")},
		{"essential ones have a rule of their own", "T8002", surroundings("network", "essential: true")},
		{"told", "T8002", guide + surroundings("user-skills", "told-in: [doc-a]")},
		{"all known", "T8003", surroundings("network", "text: A network.", "responsible: operator", "essential: true")},
		{"not essential", "T8004", surroundings("network", "essential: false")},
		{"user behaviour", "T8005", controlled("    controls: [ct-a] # want T8005\ncontrols:\n  ct-a:\n    title: Care\n    priority: information\n    by: user\n")},
		{"manufacturer", "T8005", controlled("    controls: [ct-a, ct-b]\ncontrols:\n" + outside + "  ct-b:\n    title: Filter of the cloud\n    priority: protective\n    by: manufacturer\n")},
		{"device by default", "T8005", controlled("    controls: [ct-a, ct-b]\ncontrols:\n" + outside + "  ct-b:\n    title: Limit\n    priority: protective\n")},
		{"justified", "T8005", controlled("    controls: [ct-a]\ncontrols:\n" + outside + "    justification: The protocol of the sensor cannot be changed.\n")},
		{"rationale", "T8005", controlled("    controls: [ct-a]\ncontrols:\n" + outside + "    environment: [env-a]\n" + surroundings("firewall", "rationale: The board has no room."))},
		{"requirement without rationale", "T8005", controlled("    controls: [ct-a] # want T8005\ncontrols:\n" + outside + "    environment: [env-a]\n" + surroundings("firewall"))},
		{"no controls", "T8005", controlled("")},
		{"behaviour of users needs no entry", "T8006", "controls:\n  ct-a:\n    title: Care\n    priority: information\n    by: user\n"},
		{"integrator", "T8007", surroundings("network", "responsible: integrator")},
		{"outbound", "T8008", port("medium: ethernet", "exposure: site", "port: 443", "direction: out") + surroundings("network")},
		{"nothing said about the network", "T8008", port("medium: ethernet", "exposure: site", "port: 443", "direction: in")},
		{"either way", "T8008", port("medium: wifi", "exposure: internet", "port: 443 # want T8008", "direction: both") + surroundings("network")},
		{"closed", "T8008", port("medium: ethernet", "exposure: site", "port: 443", "direction: in", "state: disabled") + surroundings("network")},
		{"in the cloud", "T8008", port("medium: virtual", "exposure: internet", "port: 443", "direction: in") + surroundings("network")},
		{"physical", "T8008", port("medium: ethernet", "exposure: physical", "port: 443", "direction: in") + surroundings("network")},
		{"direction not known", "T8008", port("medium: ethernet", "exposure: site", "port: 443") + surroundings("network")},
		{"named for another end", "T8008", port("medium: ethernet", "exposure: site", "port: 443 # want T8008", "direction: in") +
			surroundings("time", "interfaces: [if-a]") + "  env-b:\n    title: Other\n    category: network\n"},
		{"named for the network", "T8008", port("medium: ethernet", "exposure: site", "port: 443", "direction: in") + surroundings("network", "interfaces: [if-a]")},
		{"network needs none", "T8009", surroundings("network")},
		{"instructions for use", "T8001", ifu + surroundings("network", "essential: true", "told-in: [doc-a]")},
	} {
		m.run(t)
	}
}

func TestEnvironmentQuestions(t *testing.T) {
	for question, categories := range environmentCategories {
		for _, category := range categories {
			text := surroundings(string(category), "text: What is needed.")
			asked{name: string(category), question: question, text: text, want: check.Satisfied, by: 1}.run(t)
			asked{name: "no text", question: question, text: surroundings(string(category)), want: check.Partial, missing: "env-a", elsewhere: true}.run(t)
		}
		asked{name: "none", question: question, text: surroundings("time"), want: check.Unanswered, missing: "category " + either(categories)}.run(t)
	}
	for _, q := range []asked{
		{name: "none", question: "environment.told", text: device("MDR", "IIb"), want: check.Unanswered, elsewhere: true},
		{name: "not told", question: "environment.told", text: surroundings("network"), want: check.Unanswered, missing: "env-a", elsewhere: true},
		{name: "told", question: "environment.told", text: documents(document("doc-a", "ifu")) + surroundings("network", "told-in: [doc-a]"), want: check.Satisfied},
		{name: "none", question: "environment.reliance", text: device("MDR", "IIb"), want: check.Unanswered, elsewhere: true},
		{name: "stated", question: "environment.reliance", text: surroundings("network", "essential: true"), want: check.Satisfied},
		{name: "not stated", question: "environment.reliance", text: surroundings("network"), want: check.Unanswered, elsewhere: true},
		{name: "agreement", question: "environment.responsibilities", text: documents(document("doc-a", "responsibility-agreement")) + surroundings("network", "responsible: operator"), want: check.Satisfied, by: 2},
		{name: "agreement alone", question: "environment.responsibilities", text: documents(document("doc-a", "responsibility-agreement")) + surroundings("network"), want: check.Partial, missing: "env-a", elsewhere: true},
		{name: "agreement planned", question: "environment.responsibilities", text: documents(document("doc-a", "responsibility-agreement", "status: planned")) + surroundings("network"), want: check.Unanswered, elsewhere: true},
	} {
		q.run(t)
	}
}
