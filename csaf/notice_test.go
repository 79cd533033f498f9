package csaf

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"theriac/document"
	"theriac/document/plain"
	"theriac/locale"
	"theriac/model"
)

const noticeAction = `    field-action:
      reference: FSCA-1
      action: New software.
      reason: The pump can stop without an alarm.
      users: Stay beside the patient.
      affected: Serial numbers 1 to 99.
      act-by: 2026-03-01
      answer-by: 2026-02-20
      return-to: Works, recall office, 1 Street
`

// noticeCase is a file with one case, after replacements of its text.
func noticeCase(t *testing.T, replace ...string) *model.File {
	t.Helper()
	text := `product:
  name: Pump P
  regulation: MDR
  class: IIb
  udi-di: "09521234543213"
  manufacturer: {name: Works, address: 1 Street, srn: DE-MF-000000001}
policy:
  risk:
    exploitability: [low, high]
    severity: [minor, critical]
vulnerability-handling:
  contact: {email: psirt@example.com, encryption: key 1}
releases:
  rel-1: {title: One, version: 1.0.0, date: 2025-01-01}
  rel-2: {title: Two, version: 2.0.0, date: 2026-01-01, udi-di: "00000000000017"}
  rel-3: {title: Three, version: 3.0.0, date: 2030-01-01}
harms:
  hm-small: {title: Delay, severity: minor}
  hm-great: {title: Underdose, severity: critical}
threats:
  th-one: {title: Foreign code, category: tampering}
risks:
  rk-one: {title: Code, threats: [th-one], harms: [hm-small, hm-great], impact: The dose is wrong.}
decisions:
  vx-one: {title: Stack, vulnerability: CVE-2026-1000, packages: ["pkg:npm/a"], status: affected, reason: It is reached., action: Take it off the network., fix: 3.0.0, by: PSIRT, date: 2026-02-01}
cases:
  case-1:
    title: The pump stops
    source: internal
    aware: 2026-02-01T09:00:00Z
    releases: ">=2.0.0"
    risks: [rk-one]
    decisions: [vx-one]
    reporting:
      - {duty: field-action, applies: true}
` + noticeAction + `    steps:
      - {step: notice-drafted, at: "2026-02-03T09:00:00Z"}
      - {step: reported, duty: field-action, at: "2026-02-04T09:00:00Z"}
`
	return loaded(t, strings.NewReplacer(replace...).Replace(text))
}

// signed is an approval of the case.
var signed = Approval{Given: true, Why: []document.Saying{{Text: "approved on %s by %s, %s", Args: []any{"2026-02-04", "A. Signer", "PSIRT lead"}}}}

func told(t *testing.T, file *model.File, lang string, on string) (string, *document.Set) {
	t.Helper()
	return toldWith(t, file, lang, on, signed)
}

func toldWith(t *testing.T, file *model.File, lang, on string, by Approval) (string, *document.Set) {
	t.Helper()
	words, err := locale.Open(lang, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := Notice(NoticeInput{File: file, Case: file.Cases[0], Words: words, Day: day(t, on), Covers: covers, Approval: by})
	if err != nil {
		t.Fatal(err)
	}
	text, err := plain.Markdown(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text), set
}

func TestNotice(t *testing.T) {
	text, set := told(t, noticeCase(t), "en", "2026-02-05")
	golden(t, "notice.md", []byte(text))
	if !set.Stamp.Approved || len(set.Stamp.Why) != 3 || set.Stamp.Why[0] != "approved on 2026-02-04 by A. Signer, PSIRT lead" {
		t.Errorf("fit for users: %v, %q", set.Stamp.Approved, set.Stamp.Why)
	}
	if strings.Contains(text, "1.0.0") || !strings.Contains(text, "| Pump P | 2.0.0 | 00000000000017 |") {
		t.Error("releases of another range, or without their UDI-DI")
	}
	if strings.Index(text, "Underdose") > strings.Index(text, "Delay") {
		t.Error("the gravest harm does not come first")
	}
}

// TestNoticeDraft: each thing that is left open makes a draft, and says so.
func TestNoticeDraft(t *testing.T) {
	for name, c := range map[string]struct {
		replace []string
		day     string
		why     string
	}{
		"no reason":         {[]string{"      reason: The pump can stop without an alarm.\n", ""}, "", "open points: 1"},
		"no users":          {[]string{"      users: Stay beside the patient.\n", ""}, "", "open points: 1"},
		"no action":         {[]string{"      action: New software.\n", ""}, "", "open points: 1"},
		"no reference":      {[]string{"      reference: FSCA-1\n", ""}, "", "open points: 1"},
		"no srn":            {[]string{", srn: DE-MF-000000001", ""}, "", "open points: 1"},
		"no udi":            {[]string{`, udi-di: "00000000000017"`, "", "  udi-di: \"09521234543213\"\n", ""}, "", "open points: 1"},
		"no risks":          {[]string{"    risks: [rk-one]\n", ""}, "", "open points: 1"},
		"no contact":        {[]string{"email: psirt@example.com, ", ""}, "", "open points: 1"},
		"no devices":        {[]string{"    releases: \">=2.0.0\"\n", "", "      affected: Serial numbers 1 to 99.\n", ""}, "", "open points: 2"},
		"embargo":           {[]string{"    releases:", "    embargo: 2026-03-01T09:00:00Z\n    releases:"}, "", "nothing may be made public before 2026-03-01T09:00:00Z"},
		"not reported yet":  {nil, "2026-02-03", "the action was not reported to the competent authority"},
		"draft not sent":    {[]string{"step: notice-drafted", "step: note"}, "", "the competent authority did not get the draft of this notice"},
		"reported by other": {[]string{"duty: field-action, at", "duty: serious-incident, at"}, "", "the action was not reported to the competent authority"},
	} {
		t.Run(name, func(t *testing.T) {
			on := c.day
			if on == "" {
				on = "2026-02-05"
			}
			_, set := told(t, noticeCase(t, c.replace...), "en", on)
			if set.Stamp.Approved || !slices.Equal(set.Stamp.Why, []string{c.why}) {
				t.Errorf("fit for users: %v, %q", set.Stamp.Approved, set.Stamp.Why)
			}
		})
	}
	text, set := told(t, noticeCase(t, "      reference: FSCA-1\n", "      reference: FSCA-1\n      urgent: true\n"), "en", "2026-02-02")
	if !set.Stamp.Approved || !strings.Contains(text, "Please act at once.") {
		t.Errorf("an urgent notice waits: %q", set.Stamp.Why)
	}
}

// TestNoticeEmbargoInTexts: what another case keeps makes a draft also where a text alone
// names it.
func TestNoticeEmbargoInTexts(t *testing.T) {
	other := "  case-2:\n    title: Kept\n    source: reporter\n    aware: 2026-02-01T09:00:00Z\n    vulnerabilities: [GHSA-aaaa-bbbb-cccc]\n    embargo: 2026-12-24T12:00:00Z\n"
	for _, text := range []string{"New software.", "Stay beside the patient.", "The pump can stop without an alarm.", "Serial numbers 1 to 99.", "impact: The dose is wrong."} {
		file := noticeCase(t, text, text+" GHSA-aaaa-bbbb-cccc", "      - {step: reported, duty: field-action, at: \"2026-02-04T09:00:00Z\"}\n", "      - {step: reported, duty: field-action, at: \"2026-02-04T09:00:00Z\"}\n"+other)
		_, set := told(t, file, "en", "2026-02-05")
		if set.Stamp.Approved || !slices.Equal(set.Stamp.Why, []string{"nothing may be made public before 2026-12-24T12:00:00Z"}) {
			t.Errorf("%s: fit for users: %v, %q", text, set.Stamp.Approved, set.Stamp.Why)
		}
	}
}

// TestNoticeDays: the day of a report is the one in the zone of the file, in whatever
// offset it was written.
func TestNoticeDays(t *testing.T) {
	text, set := told(t, noticeCase(t, "  contact:", "  time-zone: Europe/Berlin\n  contact:", "2026-02-04T09:00:00Z", "2026-02-03T23:30:00Z"), "en", "2026-02-05")
	if !strings.Contains(text, "The competent authority was told of this action on 2026-02-04.") || !slices.Contains(set.Stamp.Why, "the action was reported to the competent authority on 2026-02-04") {
		t.Errorf("%q\n%s", set.Stamp.Why, text)
	}
}

// TestNoticeLastAnswer: of two answers about a duty the last one counts, as for its clock.
func TestNoticeLastAnswer(t *testing.T) {
	file := noticeCase(t, "      - {duty: field-action, applies: true}\n", "      - {duty: field-action, applies: true}\n      - {duty: field-action, applies: false, reason: Not in the field.}\n")
	if _, err := Notice(NoticeInput{File: file, Case: file.Cases[0], Words: locale.English(), Day: day(t, "2026-02-05"), Covers: covers}); !errors.Is(err, ErrNoFieldAction) {
		t.Errorf("%v", err)
	}
}

// TestNoticeUnsigned: without a signed approval a notice is a draft, however whole and
// however urgent it is.
func TestNoticeUnsigned(t *testing.T) {
	stale := Approval{Why: []document.Saying{{Text: "what was approved with the case changed since"}}}
	for name, c := range map[string]struct {
		by   Approval
		lang string
		want string
	}{
		"nobody":           {Approval{}, "en", "nobody signed an approval of the case"},
		"stale":            {stale, "en", "what was approved with the case changed since"},
		"stale, in German": {stale, "de", "was mit dem Fall freigegeben wurde, hat sich seitdem geändert"},
	} {
		for _, urgent := range []string{"", "      urgent: true\n"} {
			_, set := toldWith(t, noticeCase(t, "      reference: FSCA-1\n", "      reference: FSCA-1\n"+urgent), c.lang, "2026-02-05", c.by)
			if set.Stamp.Approved || set.Stamp.Standing() != "Draft" || !slices.Contains(set.Stamp.Why, c.want) {
				t.Errorf("%s: %s, %q", name, set.Stamp.Standing(), set.Stamp.Why)
			}
		}
	}
}

// TestNoticeFix: a version is said to have the fix once it is out, not before, and a
// later one that is out has it as well.
func TestNoticeFix(t *testing.T) {
	for on, want := range map[string]string{"2026-02-05": "A correction is planned in version 3.0.0", "2030-01-01": "Fixed in version 3.0.0"} {
		if text, _ := told(t, noticeCase(t), "en", on); !strings.Contains(text, want) {
			t.Errorf("%s: not %q", on, want)
		}
	}
	if text, _ := told(t, noticeCase(t, "fix: 3.0.0", "fix: 1.5.0"), "en", "2026-02-05"); !strings.Contains(text, "Fixed in version 2.0.0") {
		t.Error("a fix that came with a later version")
	}
	if text, _ := told(t, noticeCase(t, "version: 3.0.0, date: 2030-01-01", "version: 3.0.0"), "en", "2030-01-01"); !strings.Contains(text, "A correction is planned in version 3.0.0") {
		t.Error("a release without a date counts as out")
	}
}

// TestNoticeGerman: all words of ours have German ones; those of the file are counted.
func TestNoticeGerman(t *testing.T) {
	for name, replace := range map[string][]string{
		"whole": nil, "urgent": {"      reference: FSCA-1\n", "      reference: FSCA-1\n      urgent: true\n"},
		"empty": {noticeAction, "", "email: psirt@example.com, encryption: key 1", "", ", srn: DE-MF-000000001", "", "    risks: [rk-one]\n", "", "    releases: \">=2.0.0\"\n", ""},
		"later": {"    releases:", "    embargo: 2026-03-01T09:00:00Z\n    releases:", "step: notice-drafted", "step: note", "step: reported, duty: field-action", "step: note", "harms: [hm-small, hm-great]", "harms: []", "fix: 3.0.0", "fix: 2.0.0"},
	} {
		file := noticeCase(t, replace...)
		_, set := told(t, file, "de", "2026-02-05")
		for _, m := range set.Documents[0].Words.Missing() {
			if m.Context == "" {
				t.Errorf("%s: no German for %q", name, m.Text)
			}
		}
		if told := strings.Contains(strings.Join(set.Stamp.Why, "; "), "Texte ohne Übersetzung"); set.Stamp.Approved || told != (name != "empty") { // which tells none of the file
			t.Errorf("%s: English texts in a German notice: %q", name, set.Stamp.Why)
		}
	}
}

func TestNoticeRefused(t *testing.T) {
	for name, replace := range map[string][]string{
		"unanswered": {noticeAction, "", "      - {duty: field-action, applies: true}\n", "      - {duty: trend, applies: true}\n"},
		"no":         {"applies: true", "applies: false, reason: Not in the field."},
	} {
		file := noticeCase(t, replace...)
		if _, err := Notice(NoticeInput{File: file, Case: file.Cases[0], Words: locale.English(), Day: day(t, "2026-02-05"), Covers: covers}); !errors.Is(err, ErrNoFieldAction) {
			t.Errorf("%s: %v", name, err)
		}
	}
	file := noticeCase(t, "      - {duty: field-action, applies: true}\n", "      - {duty: trend, applies: true}\n")
	if text, _ := told(t, file, "en", "2026-02-05"); !strings.Contains(text, "FSCA-1") {
		t.Error("an action that is described and not answered")
	}
}

// TestCredit: the advisory names the reporter when the reporter wants to be named, and
// never otherwise.
func TestCredit(t *testing.T) {
	const was = "reporter: {name: A. Finder, credit: true}"
	for reporter, want := range map[string]bool{
		was: true, "reporter: {name: A. Finder, credit: false}": false, "reporter: {name: A. Finder}": false,
		"reporter: {name: A. Finder, contact: finder@example.org, reference: mail-1}": false,
	} {
		file := pump(t)
		if reporter != was {
			file = pump(t, was, reporter)
		}
		text, _ := made(t, Input{File: file, Case: file.Cases[0], Day: day(t, "2026-03-10")})
		set, err := Page(text, Approval{})
		if err != nil {
			t.Fatal(err)
		}
		page, err := plain.Markdown(set, set.Documents[0])
		if err != nil {
			t.Fatal(err)
		}
		for where, s := range map[string]string{"document": string(text), "page": string(page)} {
			if strings.Contains(s, "A. Finder") != want || strings.Contains(s, "acknowledgments") != (want && where == "document") {
				t.Errorf("%s: the %s names the reporter: %v, want %v", reporter, where, !want, want)
			}
			if strings.Contains(s, "finder@example.org") || strings.Contains(s, "mail-1") {
				t.Errorf("%s: the %s tells how to reach the reporter", reporter, where)
			}
		}
	}
	file := pump(t, was, "reporter: {credit: true}")
	if _, err := Make(Input{File: file, Case: file.Cases[0], Day: day(t, "2026-03-10"), Covers: covers}); err == nil || !strings.Contains(err.Error(), "reporter.name") {
		t.Errorf("credit without a name: %v", err)
	}
}
