package psirt

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"theriac/model"
)

// TestWorkedExamples holds the table of docs/psirt.md against the code.
func TestWorkedExamples(t *testing.T) {
	text, err := os.ReadFile("../docs/psirt.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "| Rule | Limit | Event | Zone | Holidays | Due | 1182/71 |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	if !found {
		t.Fatal("the table is not there")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	rows := strings.Split(table, "\n")
	if len(rows) < 25 {
		t.Fatalf("only %d examples", len(rows))
	}
	for _, row := range rows {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		if len(cells) != 7 {
			t.Fatalf("row %q", row)
		}
		var holidays []model.Date
		for _, s := range strings.Split(cells[4], ", ") {
			d, err := model.ParseDate(s)
			if err != nil && s != "none" {
				t.Fatalf("row %q: %v", row, err)
			} else if err == nil {
				holidays = append(holidays, d)
			}
		}
		loc, p, event := zone(t, cells[3]), period(t, cells[1]), moment(t, cells[2]).Time()
		if got := Show(p.End(event, loc), loc); got != cells[5] {
			t.Errorf("%s: due %s", row, got)
		}
		if got := Show(p.Extended(event, loc, holidays), loc); got != cells[6] {
			t.Errorf("%s: extended to %s", row, got)
		}
	}
}

func entriesOf(t *testing.T, now string) []Entry {
	t.Helper()
	file := loadText(t, product+handling+`
cases:
  case-2026-001:
    title: Example; with ä long title, and more of it, until it does not fit on a line any more ääääääääääääääää
    source: reporter
    aware: 2026-11-02T14:30:00+01:00
    severity: critical
    reporter:
      name: Jo Doe
    embargo: 2027-01-31T00:00:00+01:00
    steps:
      - step: note
        at: 2026-11-02T15:00:00+01:00
`)
	var all []Entry
	for _, k := range Clocks(file, file.Cases[0], moment(t, now).Time()) {
		all = append(all, Entry{"Example pump", []string{"09521234543213"}, Zone(file), k})
	}
	return all
}

func TestCalendar(t *testing.T) {
	entries := entriesOf(t, "2026-11-02T16:00:00Z")
	data, err := Calendar(entries)
	if err != nil {
		t.Fatal(err)
	}
	for l := range bytes.Lines(data) {
		if len(l) > 77 || !bytes.HasSuffix(l, []byte("\r\n")) {
			t.Errorf("line of %d bytes: %q", len(l), l)
		}
	}
	cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	due := map[time.Time]bool{}
	for _, e := range entries {
		if e.Open && !e.Due.IsZero() {
			due[e.Due.UTC()] = true
		}
	}
	uids := map[string]bool{}
	for _, e := range cal.Events() {
		at, err := e.DateTimeStart(nil)
		if err != nil || !due[at] {
			t.Errorf("event at %s: %v", at, err)
		}
		stamp, err := e.Props.DateTime(ical.PropDateTimeStamp, nil)
		if err != nil || !stamp.Equal(moment(t, "2026-11-02T15:00:00+01:00").Time()) {
			t.Errorf("stamp %s: %v", stamp, err)
		}
		uid, err := e.Props.Text(ical.PropUID)
		if err != nil || uids[uid] {
			t.Errorf("id %q twice or not at all: %v", uid, err)
		}
		uids[uid] = true
		if text, err := e.Props.Text(ical.PropDescription); err != nil || !strings.Contains(text, "Example; with ä long title, and more") {
			t.Errorf("description %q: %v", text, err)
		}
		for _, a := range e.Children {
			trigger, err := a.Props.Get(ical.PropTrigger).Duration()
			if err != nil || trigger >= 0 {
				t.Errorf("alarm at %s: %v", trigger, err)
			}
		}
		if len(e.Children) == 0 {
			t.Error("an event without an alarm")
		}
	}
	if len(uids) != 7 { // three reports, three own limits, the embargo
		t.Errorf("%d events", len(uids))
	}
	again, err := Calendar(entriesOf(t, "2026-11-02T17:00:00Z"))
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("an hour later the calendar is another: %v", err)
	}
	empty, err := Calendar(nil)
	if err != nil || !bytes.Contains(empty, []byte("BEGIN:VTIMEZONE")) {
		t.Errorf("empty calendar %q, %v", empty, err)
	}
}

// TestCalendarIDs: products of one name, two files of one product, and its cases and
// clocks have events of their own, with ids that do not hang on what else is written.
func TestCalendarIDs(t *testing.T) {
	ids := func(entries ...Entry) (list []string) {
		data, err := Calendar(entries)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(strings.ReplaceAll(string(data), "\r\n ", "")) {
			if id, ok := strings.CutPrefix(l, "UID:"); ok {
				list = append(list, strings.TrimSpace(id))
			}
		}
		return list
	}
	device := func(parts ...string) Entry {
		e := entriesOf(t, "2026-11-02T16:00:00Z")[0]
		e.Device = parts
		return e
	}
	a, b := device("09521234543213", "DE-MF-1"), device("09521234543220", "DE-MF-1")
	split, joined := device("ab", "c"), device("a", "bc")
	all := ids(a, b, split, joined, a)
	if len(all) != 5 || len(slices.Compact(slices.Sorted(slices.Values(all)))) != 5 {
		t.Errorf("ids that are not unique: %q", all)
	}
	if alone := ids(b); len(alone) != 1 || alone[0] != all[1] {
		t.Errorf("alone %q, beside others %q", alone, all[1])
	}
	if want := strings.Replace(all[0], "@", ".2@", 1); all[4] != want {
		t.Errorf("the second file of a product: %s, want %s", all[4], want)
	}
}

func TestAcknowledgement(t *testing.T) {
	file := loadText(t, product+handling+`
cases:
  case-2026-001:
    title: Buffer
    source: reporter
    aware: 2026-11-02T14:30:00+01:00
    severity: critical
    reporter:
      name: Jo Doe
      credit: true
`)
	text := Acknowledgement(file, file.Cases[0], Clocks(file, file.Cases[0], file.Cases[0].Aware.Time()))
	for _, want := range []string{"Dear Jo Doe,", `about Example pump, "Buffer"`, "2026-11-02 14:30", "case-2026-001", "by 5 November 2026", "name you as Jo Doe"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	if strings.Contains(text, "confidential") {
		t.Errorf("an embargo is promised in %q", text)
	}
}

func TestPolicy(t *testing.T) {
	p := DisclosurePolicy(loadText(t, product+handling+`
  disclosure: |
    We <coordinate>.

    With you.
  scope: [All pumps]
  safe-harbour: No legal action.
  contact:
    email: psirt@example.com
    encryption: key on the page
`))
	if len(p.Missing) > 0 {
		t.Errorf("missing %q", p.Missing)
	}
	for _, want := range []string{"\n- By mail: psirt@example.com\n", "\n| critical | 2 days | 3 days | 30 days |\n", "\nNo legal action.\n", "\nWe <coordinate>.\n\nWith you.\n", "in Europe/Berlin"} {
		if !strings.Contains(p.Markdown(), want) {
			t.Errorf("%q is not in %s", want, p.Markdown())
		}
	}
	if page := p.HTML(); !strings.Contains(page, "<p>We &lt;coordinate&gt;.</p>") || !strings.Contains(page, "<td>30 days</td>") {
		t.Errorf("page %s", page)
	}
	empty := DisclosurePolicy(loadText(t, product))
	if len(empty.Missing) < 5 {
		t.Errorf("of nothing is missing only %q", empty.Missing)
	}
	for _, field := range empty.Missing { // each is a gap in the page, where a reader looks for it
		if !strings.Contains(empty.Markdown(), "("+field+").**") || !strings.Contains(empty.HTML(), "("+field+").</strong>") {
			t.Errorf("no gap for %s", field)
		}
	}
}

// TestAcknowledgementNames: who wants to be named and gave no name is asked for it.
func TestAcknowledgementNames(t *testing.T) {
	at := moment(t, "2026-11-02T14:30:00+01:00")
	for name, want := range map[string]string{"Jo Doe": "Our advisory will name you as Jo Doe.", "": "Please tell us by which name our advisory may name you."} {
		c := &model.Case{Base: model.Base{ID: "case-1"}, Aware: at, Reporter: model.Reporter{Name: name, Credit: model.Yes}}
		if text := Acknowledgement(&model.File{}, c, nil); !strings.Contains(text, want) {
			t.Errorf("%q: %s", name, text)
		}
	}
}

// TestAlarmsComeBefore: no alarm is set to a time after what it warns of, also where
// something was due before its clock began.
func TestAlarmsComeBefore(t *testing.T) {
	due := moment(t, "2026-11-02T14:30:00+01:00").Time()
	text, err := Calendar([]Entry{{Product: "Pump", Zone: time.UTC, Clock: Clock{Case: &model.Case{Base: model.Base{ID: "case-1"}, Aware: model.MomentOf(due)},
		Key: "field-action.reported", Name: "report", From: due.AddDate(0, 0, 8), Due: due, Open: true}}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "TRIGGER:PT0S\r\n") {
		t.Errorf("no alarm at the time itself:\n%s", text)
	}
}
