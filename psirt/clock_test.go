package psirt

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/catalog"
	"theriac/model"
)

const product = `
product:
  name: Example pump
  regulation: MDR
  class: IIb
`

const handling = `
vulnerability-handling:
  time-zone: Europe/Berlin
  time-limits:
    - severity: critical
      acknowledge: 2 days
      assess: 3 days
      fix: 30 days
    - severity: low
      acknowledge: 5 days
      assess: 30 days
      fix: 12 months
`

// loadText reads a security file of one text.
func loadText(t testing.TB, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Fatalf("%s %s %s", f.Span, f.Code, f.Message)
	}
	return file
}

// states maps the keys of the clocks of the only case to what is due and their state.
func states(t testing.TB, text, now string) map[string]string {
	t.Helper()
	file := loadText(t, text)
	all := map[string]string{}
	for _, k := range Clocks(file, file.Cases[0], moment(t, now).Time()) {
		due := "no number"
		if !k.Due.IsZero() {
			due = k.Due.Format("01-02 15:04:05")
		}
		if k.State == NotApplicable {
			due = k.How
		}
		if _, twice := all[k.Key]; twice {
			t.Errorf("two clocks with the key %s", k.Key)
		}
		all[k.Key] = string(k.State) + ", " + due
	}
	return all
}

func compare(t *testing.T, got, want map[string]string) {
	t.Helper()
	for key, w := range want {
		if got[key] != w {
			t.Errorf("%s: got %q, want %q", key, got[key], w)
		}
	}
	for key, g := range got {
		if _, known := want[key]; !known {
			t.Errorf("%s: got %q, want none", key, g)
		}
	}
}

func TestClocks(t *testing.T) {
	tests := []struct {
		name, before, body, now string
		want                    map[string]string
	}{
		{"nothing answered", product + handling, `
    source: advisory
    aware: 2026-11-02T14:30:00+01:00
    severity: low
`, "2026-11-02T15:00:00+01:00", map[string]string{
			"public-health-threat.reported": "unanswered, 11-04 23:59:59", "death-or-deterioration.reported": "unanswered, 11-12 23:59:59",
			"serious-incident.reported": "unanswered, 11-17 23:59:59", "field-action.reported": "unanswered, no number",
			"own.assessed": "running, 12-02 23:59:59", "own.fixed": "running, 11-02 23:59:59",
		}},
		{"no incident, no action", product + handling, `
    source: advisory
    aware: 2026-11-02T14:30:00+01:00
    severity: critical
    reporting:
      - duty: serious-incident
        applies: false
        reason: nothing happened
      - duty: field-action
        applies: false
        reason: the next update brings it
`, "2026-11-05T04:00:00+01:00", map[string]string{
			"public-health-threat.reported": "not-applicable, no serious incident; nothing happened", "death-or-deterioration.reported": "not-applicable, no serious incident; nothing happened",
			"serious-incident.reported": "not-applicable, nothing happened", "field-action.reported": "not-applicable, the next update brings it",
			"own.assessed": "due-soon, 11-05 23:59:59", "own.fixed": "running, 12-02 23:59:59",
		}},
		{"death, reported in time, fixed late", product + handling, `
    source: incident
    aware: 2026-11-02T14:30:00+01:00
    severity: critical
    reporting:
      - duty: public-health-threat
        applies: false
        reason: one device
      - duty: death-or-deterioration
        applies: true
        aware: 2026-11-03T08:00:00+01:00
      - duty: field-action
        applies: true
      - duty: nis2-incident
        applies: false
        reason: no entity
      - duty: data-breach
        applies: false
        reason: no data
    steps:
      - step: reported
        duty: death-or-deterioration
        at: 2026-11-13T22:59:59Z
      - step: notice
        at: 2026-11-14T10:00:00+01:00
      - step: fixed
        at: 2026-12-03T00:00:00+01:00
`, "2026-12-05T00:00:00+01:00", map[string]string{
			"public-health-threat.reported": "not-applicable, one device", "death-or-deterioration.reported": "met, 11-13 23:59:59", "serious-incident.reported": "met, 11-17 23:59:59",
			"serious-incident.final-report": "running, no number", "field-action.reported": "overdue, 11-14 10:00:00", "field-action.notice-drafted": "overdue, 11-14 10:00:00",
			"field-action.notice": "met, no number", "field-action.effectiveness": "running, no number", "nis2-incident.early-warning": "not-applicable, no entity", "nis2-incident.reported": "not-applicable, no entity",
			"nis2-incident.final-report": "not-applicable, no entity", "data-breach.reported": "not-applicable, no data",
			"own.assessed": "overdue, 11-05 23:59:59", "own.fixed": "late, 12-02 23:59:59",
		}},
		{"urgent field action", product, `
    source: internal
    aware: 2026-11-02T14:30:00+01:00
    field-action:
      action: stop use
      urgent: true
    reporting:
      - duty: serious-incident
        applies: false
        reason: nothing happened
    steps:
      - step: notice
        at: 2026-11-02T20:00:00+01:00
      - step: reported
        duty: field-action
        at: 2026-11-03T09:00:00+01:00
`, "2026-11-04T00:00:00Z", map[string]string{
			"public-health-threat.reported": "not-applicable, no serious incident; nothing happened", "death-or-deterioration.reported": "not-applicable, no serious incident; nothing happened",
			"serious-incident.reported": "not-applicable, nothing happened", "field-action.reported": "met, no number",
			"field-action.notice-drafted": "not-applicable, urgent, so that the draft need not go to the authority first", "field-action.notice": "met, no number", "field-action.effectiveness": "running, no number",
		}},
		{"another product under the Cyber Resilience Act", `
product:
  name: Example gateway
  regulation: MDR
  class: IIa
  laws:
    - law: cra
      applies: true
` + handling, `
    source: advisory
    aware: 2026-10-24T12:00:00+02:00
    severity: critical
    vulnerabilities: [CVE-2026-12345]
    reporting:
      - duty: serious-incident
        applies: false
        reason: no device
      - duty: field-action
        applies: false
        reason: no device
    steps:
      - step: early-warning
        duty: cra-vulnerability
        at: 2026-10-25T11:00:01+01:00
      - step: reported
        duty: cra-vulnerability
        at: 2026-10-27T11:00:00+01:00
      - step: mitigated
        at: 2026-10-28T10:00:00+01:00
`, "2026-11-09T00:00:00+01:00", map[string]string{
			"public-health-threat.reported": "not-applicable, no serious incident; no device", "death-or-deterioration.reported": "not-applicable, no serious incident; no device",
			"serious-incident.reported": "not-applicable, no device", "field-action.reported": "not-applicable, no device",
			"cra-vulnerability.early-warning": "late, 10-25 11:00:00", "cra-vulnerability.reported": "met, 10-27 11:00:00", "cra-vulnerability.final-report": "due-soon, 11-11 23:59:59",
			"own.assessed": "overdue, 10-27 23:59:59", "own.fixed": "met, 11-23 23:59:59",
		}},
		{"incident of an entity, in an unjudged law", product + handling, `
    source: incident
    aware: 2026-12-24T18:00:00+01:00
    reporting:
      - duty: serious-incident
        applies: false
        reason: office network alone
      - duty: field-action
        applies: false
        reason: office network alone
    steps:
      - step: reported
        duty: nis2-incident
        at: 2026-12-31T17:00:00+01:00
      - step: assessed
        at: 2026-12-25T17:00:00+01:00
`, "2026-12-27T18:00:01+01:00", map[string]string{
			"public-health-threat.reported": "not-applicable, no serious incident; office network alone", "death-or-deterioration.reported": "not-applicable, no serious incident; office network alone",
			"serious-incident.reported": "not-applicable, office network alone", "field-action.reported": "not-applicable, office network alone",
			"nis2-incident.early-warning": "late, 12-25 18:00:00", "nis2-incident.reported": "late, 12-27 18:00:00", "nis2-incident.final-report": "unanswered, 01-31 23:59:59",
			"data-breach.reported": "overdue, 12-27 18:00:00", "own.assessed": "met, 12-27 23:59:59", "own.fixed": "running, 01-23 23:59:59",
		}},
		{"shorter limits of the manufacturer", product + `
post-market:
  vigilance:
    serious-incident: 72 hours
    death-or-unanticipated-deterioration: 10 days
`, `
    source: customer
    aware: 2026-11-02T14:30:00+01:00
    reporting:
      - duty: serious-incident
        applies: true
      - duty: death-or-deterioration
        applies: false
        reason: nobody was harmed
      - duty: public-health-threat
        applies: false
        reason: one device
      - duty: field-action
        applies: false
        reason: one device
`, "2026-11-03T00:00:00Z", map[string]string{
			"public-health-threat.reported": "not-applicable, one device", "death-or-deterioration.reported": "not-applicable, nobody was harmed", "serious-incident.reported": "running, 11-17 23:59:59",
			"own.serious-incident.reported": "running, 11-05 13:30:00", "serious-incident.final-report": "running, no number", "field-action.reported": "not-applicable, one device",
		}},
		{"reporter, no severity, embargo broken", product + handling, `
    source: reporter
    aware: 2026-11-02T14:30:00+01:00
    embargo: 2027-01-31T00:00:00+01:00
    reporting:
      - duty: serious-incident
        applies: false
        reason: nothing happened
      - duty: field-action
        applies: false
        reason: not needed
    steps:
      - step: published
        at: 2027-01-30T23:59:59+01:00
      - step: acknowledged
        at: 2026-11-04T23:59:59+01:00
`, "2027-02-05T00:00:00+01:00", map[string]string{
			"public-health-threat.reported": "not-applicable, no serious incident; nothing happened", "death-or-deterioration.reported": "not-applicable, no serious incident; nothing happened",
			"serious-incident.reported": "not-applicable, nothing happened", "field-action.reported": "not-applicable, not needed",
			"own.acknowledged": "met, 11-04 23:59:59", "own.assessed": "overdue, 11-05 23:59:59", "own.fixed": "overdue, 12-02 23:59:59", "embargo": "late, 01-31 00:00:00",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			compare(t, states(t, test.before+"cases:\n  case-2026-001:\n    title: Example"+test.body, test.now), test.want)
		})
	}
}

// TestUnaffected: where nothing has to be done, no fix is due.
func TestUnaffected(t *testing.T) {
	text := product + handling + `
decisions:
  dec-a:
    title: Not reached
    vulnerability: CVE-2026-12345
    packages: [pkg:generic/openssl]
    status: not-affected
    justification: vulnerable-code-not-present
    reason: not compiled in
    by: PSIRT lead
    date: 2026-11-03
cases:
  case-2026-001:
    title: Example
    source: advisory
    aware: 2026-11-02T14:30:00+01:00
    severity: critical
    decisions: [dec-a]
`
	if got := states(t, text, "2026-11-03T00:00:00Z")["own.fixed"]; !strings.HasPrefix(got, "not-applicable") {
		t.Errorf("got %q", got)
	}
	if got := states(t, strings.Replace(text, "not-affected", "affected", 1), "2026-11-03T00:00:00Z")["own.fixed"]; !strings.HasPrefix(got, "running") {
		t.Errorf("got %q", got)
	}
}

// TestLawIsThatOfTheCatalogue: clauses and lengths of the clocks are those of the
// catalogue, which was read against the law.
func TestLawIsThatOfTheCatalogue(t *testing.T) {
	c := catalog.Load()
	days := map[model.Duty]string{threat: "vig.public-health-threat", death: "vig.death-or-unanticipated", incident: "vig.other-serious"}
	hours := map[string]string{"nis2-incident.early-warning": "clock.nis2", "data-breach.reported": "clock.gdpr", "cra-vulnerability.early-warning": "clock.cra-vuln", "cra-incident.early-warning": "clock.cra-inc"}
	seen := 0
	for _, regulation := range []string{"MDR", "IVDR"} {
		file := loadText(t, strings.Replace(product, "MDR", regulation, 1)+`
cases:
  case-2026-001:
    title: Example
    source: incident
    aware: 2026-11-02T14:30:00Z
    field-action:
      action: stop use
    reporting:
      - duty: serious-incident
        applies: true
      - duty: trend
        applies: true
      - duty: cra-vulnerability
        applies: true
      - duty: cra-incident
        applies: true
`)
		for _, k := range Clocks(file, file.Cases[0], file.Cases[0].Aware.Time()) {
			for _, id := range k.Law {
				if c.Entry(id) == nil {
					t.Errorf("%s: no entry %s", k.Key, id)
				} else if e := c.Entry(id); !strings.HasSuffix(k.Clause, e.Clause) {
					t.Errorf("%s cites %q, and %s is %q", k.Key, k.Clause, id, e.Clause)
				}
			}
			if len(k.Law) == 0 {
				t.Errorf("%s cites no law", k.Key)
			}
			for _, d := range c.Tables.VigilanceDeadlines {
				if d.ID == days[k.Duty] && k.Step == "reported" {
					if want := (Period{Days: d.Days}).End(k.From, time.UTC); !k.Due.Equal(want) {
						t.Errorf("%s is due %s, by the catalogue %s", k.Key, k.Due, want)
					}
					if article := map[string]string{"MDR": d.MDR, "IVDR": d.IVDR}[regulation]; k.Clause != regulation+" "+article {
						t.Errorf("%s cites %q, the catalogue %q", k.Key, k.Clause, article)
					}
					seen++
				}
			}
			for _, d := range c.Tables.ReportingClocks {
				if d.ID == hours[k.Key] {
					if want := k.From.Add(time.Duration(d.Hours) * time.Hour); !k.Due.Equal(want) {
						t.Errorf("%s is due %s, by the catalogue %s", k.Key, k.Due, want)
					}
					seen++
				}
			}
		}
	}
	if seen != 2*(3+4) {
		t.Errorf("%d clocks were compared", seen)
	}
}

func TestAgenda(t *testing.T) {
	file := loadText(t, product+handling+`
cases:
  case-2026-001:
    title: Example
    source: advisory
    aware: 2026-11-02T14:30:00+01:00
    severity: critical
    reporting:
      - duty: field-action
        applies: false
        reason: not needed
`)
	var keys []string
	for _, k := range Agenda(Clocks(file, file.Cases[0], moment(t, "2026-11-05T12:00:00Z").Time())) {
		keys = append(keys, k.Key)
	}
	want := []string{"public-health-threat.reported", "own.assessed", "death-or-deterioration.reported", "serious-incident.reported", "own.fixed"}
	if !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
}

// TestCRABegins: the day on which its duties began is one in the zone of the file.
func TestCRABegins(t *testing.T) {
	text := `
product:
  name: Example
  regulation: MDR
  class: IIb
  laws: [{law: cra, applies: true}]
vulnerability-handling: {time-zone: ZONE}
cases:
  case-2026-001: {title: x, source: advisory, aware: "AWARE", vulnerabilities: [CVE-2026-12345]}
`
	for _, test := range []struct {
		zone, aware string
		asked       bool
	}{
		{"Europe/Berlin", "2026-09-11T00:30:00+02:00", true}, // 10 September in UTC
		{"Europe/Berlin", "2026-09-10T23:59:59+02:00", false},
		{"America/New_York", "2026-09-11T00:30:00Z", false},
		{"America/New_York", "2026-09-11T00:00:00-04:00", true},
	} {
		file := loadText(t, strings.NewReplacer("ZONE", test.zone, "AWARE", test.aware).Replace(text))
		clocks := Clocks(file, file.Cases[0], file.Cases[0].Aware.Time())
		asked := slices.ContainsFunc(clocks, func(k Clock) bool { return k.Key == "cra-vulnerability.early-warning" })
		if asked != test.asked {
			t.Errorf("aware %s in %s: asked %t", test.aware, test.zone, asked)
		}
	}
}

// TestAnyCaseHasStates: whatever a case says, clocks have a state, a key and a reason.
func FuzzClocks(f *testing.F) {
	f.Add("serious-incident", true, "reported", int64(1e9), int64(2e9), "critical")
	f.Add("cra-incident", false, "fixed", int64(-1e9), int64(1), "")
	file := loadText(f, product+handling)
	f.Fuzz(func(t *testing.T, duty string, applies bool, step string, at, now int64, severity string) {
		answer := model.No
		if applies {
			answer = model.Yes
		}
		moment := model.MomentOf(time.Unix(at%1e11, 0))
		c := &model.Case{
			Source: "incident", Aware: model.MomentOf(time.Unix(1.8e9, 0)), Severity: severity, Embargo: moment,
			Reporting: []model.Reportable{{Duty: model.Duty(duty), Applies: answer, Aware: moment}},
			Steps:     []model.Step{{Step: model.StepKind(step), Duty: model.Duty(duty), At: moment}},
		}
		for _, k := range Clocks(file, c, time.Unix(now%1e11, 0)) {
			if k.State == "" || k.Key == "" || k.How == "" || k.Name == "" {
				t.Errorf("incomplete clock %+v", k)
			}
			if k.State == Overdue != (k.Open && !k.Due.IsZero() && time.Unix(now%1e11, 0).After(k.Due)) && k.Key != "embargo" {
				t.Errorf("wrong state %+v", k)
			}
		}
	})
}

// TestFieldActionDates: the report of a field safety corrective action is counted from its
// decision, and the case stays open until somebody knows whether the action worked.
func TestFieldActionDates(t *testing.T) {
	const body = `
    source: internal
    aware: 2026-11-02T14:30:00+01:00
    field-action: {reference: FSCA-1}
    steps:
`
	at := func(steps, regulation string) map[string]Clock {
		t.Helper()
		file := loadText(t, strings.Replace(product, "regulation: MDR", "regulation: "+regulation, 1)+"cases:\n  case-2026-001:\n    title: Example"+body+steps)
		byKey := map[string]Clock{}
		for _, k := range Clocks(file, file.Cases[0], moment(t, "2026-12-01T10:00:00Z").Time()) {
			byKey[k.Key] = k
		}
		return byKey
	}
	const decided = "      - {step: action-decided, at: 2026-11-05T09:00:00+01:00}\n"
	before := at(decided, "MDR")
	if k := before["field-action.reported"]; !k.From.Equal(moment(t, "2026-11-05T09:00:00+01:00").Time()) || !strings.Contains(k.How, "decided at 2026-11-05T09:00:00+01:00") {
		t.Errorf("report from %s: %s", k.From, k.How)
	}
	if k := before["field-action.effectiveness"]; !k.Open || !k.Due.IsZero() || k.Clause != "MDR Art. 10(9)" {
		t.Errorf("effect: %+v", k)
	}
	if k := at(decided, "IVDR")["field-action.effectiveness"]; k.Clause != "IVDR Art. 10(8)" {
		t.Errorf("effect under the IVDR: %s", k.Clause)
	}
	early := "      - {step: published, at: 2026-11-06T09:00:00+01:00}\n      - {step: reported, duty: field-action, at: 2026-11-09T09:00:00+01:00}\n"
	if k := at(decided+early, "MDR")["field-action.reported"]; k.State != Late || k.Clause != "MDR Art. 87(8)" {
		t.Errorf("reported after the advisory was public: %+v", k)
	}
	if k := at(decided+strings.Replace(early, "11-09", "11-05", 1), "MDR")["field-action.reported"]; k.State != Met {
		t.Errorf("reported before the advisory: %+v", k)
	}
	after := at(decided+"      - {step: effectiveness-checked, at: 2026-11-30T09:00:00+01:00}\n", "MDR")
	if k := after["field-action.effectiveness"]; k.Open || k.State != Met {
		t.Errorf("effect: %+v", k)
	}
}
