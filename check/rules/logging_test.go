package rules

import (
	"slices"
	"strings"
	"testing"

	"theriac/check"
	"theriac/model"
)

// causesOf are files that make an event possible, by event.
var causesOf = map[string]struct{ code, text string }{
	"emergency-access":  {"T8301", "roles:\n  role-a:\n    title: Emergency\n    type: emergency\n"},
	"service-access":    {"T8301", "roles:\n  role-a:\n    title: Service\n    type: service\n"},
	"login-failure":     {"T8301", "roles:\n  role-a:\n    title: Nurse\n    type: user\n    authentication: pin\n"},
	"update":            {"T8301", "update-policy:\n  signed: true\n"},
	"login":             {"T8302", "roles:\n  role-a:\n    title: Nurse\n    type: user\n    authentication: pin\n"},
	"account-change":    {"T8302", "roles:\n  role-a:\n    title: Administrator\n    type: administrator\n"},
	"time-change":       {"T8302", port("medium: ethernet", "exposure: site", "purpose: time")},
	"media":             {"T8302", port("medium: removable-media", "exposure: physical")},
	"data-access":       {"T8302", "components:\n  co-a:\n    title: Board\n    type: hardware\nassets:\n  as-a:\n    title: Record\n    type: data\n    personal-data: health\nstores:\n  st-a:\n    title: Disk\n    component: co-a\n    holds: [as-a]\n"},
	"integrity-failure": {"T8302", "components:\n  co-a:\n    title: Board\n    type: hardware\n    boot:\n      verified: true\n"},
	"therapy-change":    {"T8302", "assets:\n  as-a:\n    title: Dose\n    type: function\n    affects: [therapy]\npermissions:\n  pm-a:\n    title: Set dose\n    allows: [as-a]\n"},
	"key-event":         {"T8302", "keys:\n  key-a:\n    title: Key\n    purpose: tls\n    rotation: Each year.\n"},
}

// TestLoggedEvents sees each event asked for when something makes it possible,
// and only then.
func TestLoggedEvents(t *testing.T) {
	var all []string
	for _, v := range model.SecurityEvent("").Values() {
		all = append(all, v.Name)
	}
	for event, c := range causesOf {
		t.Run(event, func(t *testing.T) {
			others := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == event })
			found := apply(t, Find(c.code), c.text+"logging:\n  records: ["+strings.Join(others, ", ")+"]\n")
			if len(found) != 1 || !strings.Contains(found[0].Message, `"`+event+`"`) || len(found[0].Related) != 1 {
				t.Errorf("left out: %s", messages(found))
			}
			if found := apply(t, Find(c.code), c.text+"logging:\n  records: ["+strings.Join(all, ", ")+"]\n"); len(found) > 0 {
				t.Errorf("recorded: %s", messages(found))
			}
			if found := apply(t, Find(c.code), c.text); len(found) > 0 {
				t.Errorf("no section on logging: %s", messages(found))
			}
			if found := apply(t, Find(c.code), "logging:\n  records: [logout]\n"); len(found) > 0 {
				t.Errorf("nothing makes it possible: %s", messages(found))
			}
		})
	}
}

func TestLoggingRules(t *testing.T) {
	store := func(integrity string) string {
		return "components:\n  co-a:\n    title: Board\n    type: application\nstores:\n  st-a:\n    title: Log\n    component: co-a\n" + integrity + "logging:\n  store: st-a"
	}
	for _, m := range []marked{
		{"nobody logs in", "T8301", "roles:\n  role-a:\n    title: Visitor\n    type: user\n    authentication: none\nlogging:\n  records: [update]\n"},
		{"machines", "T8301", "roles:\n  role-a:\n    title: Server\n    type: node\n    authentication: mutual-tls\nlogging:\n  records: [update]\n"},
		{"clock inside", "T8302", port("medium: internal", "exposure: internal", "purpose: time") + "logging:\n  records: [update]\n"},
		{"stick switched off", "T8302", port("medium: removable-media", "exposure: physical", "state: disabled") + "logging:\n  records: [update]\n"},
		{"integrity not stated", "T8303", store("") + "\n"},
		{"none", "T8303", store("    integrity: none\n") + " # want T8303\n"},
		{"at the device", "T8304", port("medium: removable-media", "exposure: physical", "encryption: none") + "logging:\n  export: [if-a]\n"},
		{"not stated", "T8304", port("medium: ethernet", "exposure: site") + "logging:\n  export: [if-a]\n"},
		{"second interface", "T8304", port("medium: ethernet", "exposure: site", "encryption: tls-1.2") +
			"  if-b:\n    title: Syslog\n    component: co-a\n    medium: ethernet\n    exposure: site\n    encryption: none\nlogging:\n  export:\n    - if-a\n    - if-b # want T8304\n"},
		{"justified", "T8305", port("medium: ethernet", "exposure: site", "authentication: none", "justification: Steps are bounded.") + "logging:\n  time-via: if-a\n"},
		{"not stated", "T8305", port("medium: ethernet", "exposure: site") + "logging:\n  time-via: if-a\n"},
		{"keys at the device", "T8305", port("medium: keyboard", "exposure: physical", "authentication: none") + "logging:\n  time-via: if-a\n"},
	} {
		m.run(t)
	}
}

func TestLoggingQuestions(t *testing.T) {
	for _, q := range []asked{
		{name: "no records", question: "logging.events", text: "logging:\n  detail: [time]\n", want: check.Partial, missing: "no `records`"},
		{name: "all", question: "logging.protection", text: "logging:\n  records: [login]\n", want: check.Partial, missing: "`store`, `protection`, `retention`"},
		{name: "none", question: "logging.time", text: "logging:\n  records: [login]\n", want: check.Partial, missing: "`time-source`"},
		{name: "no export", question: "logging.review", text: "logging:\n  review: Each week.\n", want: check.Partial, missing: "no `export`"},
	} {
		q.run(t)
	}
	for _, question := range []string{"logging.events", "logging.protection", "logging.time", "logging.review"} {
		asked{name: "no section", question: question, text: device("MDR", "IIb"), want: check.Unanswered, missing: "`logging`", elsewhere: question != "logging.events"}.run(t)
	}
}
