package psirt

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"theriac/model"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func moment(t testing.TB, s string) model.Moment {
	t.Helper()
	m, err := model.ParseMoment(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func period(t testing.TB, s string) Period {
	t.Helper()
	d, err := model.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return PeriodOf(d)
}

func TestEnd(t *testing.T) {
	tests := []struct{ name, period, event, zone, want string }{
		{"days begin tomorrow", "2 days", "2026-11-02T14:30:00+01:00", "Europe/Berlin", "2026-11-04T23:59:59+01:00"},
		{"last second of a day", "2 days", "2026-11-02T23:59:59+01:00", "Europe/Berlin", "2026-11-04T23:59:59+01:00"},
		{"first second of a day", "2 days", "2026-11-03T00:00:00+01:00", "Europe/Berlin", "2026-11-05T23:59:59+01:00"},
		{"other offset, day before", "2 days", "2026-11-02T23:30:00Z", "Europe/Berlin", "2026-11-05T23:59:59+01:00"},
		{"other offset, day after", "2 days", "2026-11-03T00:30:00+09:00", "Europe/Berlin", "2026-11-04T23:59:59+01:00"},
		{"into summer time", "2 days", "2026-03-27T12:00:00+01:00", "Europe/Berlin", "2026-03-29T23:59:59+02:00"},
		{"out of summer time", "2 days", "2026-10-23T12:00:00+02:00", "Europe/Berlin", "2026-10-25T23:59:59+01:00"},
		{"summer time in Lisbon", "10 days", "2026-03-20T12:00:00Z", "Europe/Lisbon", "2026-03-30T23:59:59+01:00"},
		{"winter time in Helsinki", "15 days", "2026-10-20T08:00:00+03:00", "Europe/Helsinki", "2026-11-04T23:59:59+02:00"},
		{"over the end of a year", "15 days", "2026-12-24T10:00:00+01:00", "Europe/Berlin", "2027-01-08T23:59:59+01:00"},
		{"over a leap day", "2 days", "2028-02-27T10:00:00+01:00", "Europe/Berlin", "2028-02-29T23:59:59+01:00"},
		{"no leap day", "2 days", "2027-02-27T10:00:00+01:00", "Europe/Berlin", "2027-03-01T23:59:59+01:00"},
		{"ends on Saturday all the same", "10 days", "2026-11-04T10:00:00+01:00", "Europe/Berlin", "2026-11-14T23:59:59+01:00"},
		{"weeks", "2 weeks", "2026-11-02T10:00:00+01:00", "Europe/Berlin", "2026-11-16T23:59:59+01:00"},
		{"hours are elapsed, spring", "24 hours", "2026-03-28T12:00:00+01:00", "Europe/Berlin", "2026-03-29T13:00:00+02:00"},
		{"hours are elapsed, autumn", "72 hours", "2026-10-24T12:00:00+02:00", "Europe/Berlin", "2026-10-27T11:00:00+01:00"},
		{"hours to the second", "24 hours", "2026-11-02T14:30:07+01:00", "Europe/Berlin", "2026-11-03T14:30:07+01:00"},
		{"one month", "1 month", "2026-11-02T10:00:00+01:00", "Europe/Berlin", "2026-12-02T23:59:59+01:00"},
		{"a month without that day", "1 month", "2027-01-31T10:00:00+01:00", "Europe/Berlin", "2027-02-28T23:59:59+01:00"},
		{"a month in a leap year", "1 month", "2028-01-31T10:00:00+01:00", "Europe/Berlin", "2028-02-29T23:59:59+01:00"},
		{"a month over the year", "1 month", "2026-12-31T10:00:00+01:00", "Europe/Berlin", "2027-01-31T23:59:59+01:00"},
		{"a year from a leap day", "1 year", "2028-02-29T10:00:00+01:00", "Europe/Berlin", "2029-02-28T23:59:59+01:00"},
		{"midnight that does not exist", "1 day", "2026-04-22T10:00:00+02:00", "Africa/Cairo", "2026-04-23T23:59:59+02:00"},
		{"day that does not exist", "1 day", "2011-12-28T10:00:00-10:00", "Pacific/Apia", "2011-12-29T23:59:59-10:00"},
		{"no time", "0 hours", "2026-11-02T10:00:00+01:00", "Europe/Berlin", "2026-11-02T10:00:00+01:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := period(t, test.period).End(moment(t, test.event).Time(), zone(t, test.zone))
			if got.Format(time.RFC3339) != test.want {
				t.Errorf("%s after %s ends at %s, want %s", test.period, test.event, got.Format(time.RFC3339), test.want)
			}
		})
	}
}

func TestExtended(t *testing.T) {
	var holidays []model.Date
	for _, s := range []string{"2026-12-25", "2027-01-01"} {
		d, err := model.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		holidays = append(holidays, d)
	}
	tests := []struct{ name, period, event, want string }{
		{"working day stays", "15 days", "2026-11-02T14:30:00+01:00", "2026-11-17T23:59:59+01:00"},
		{"Saturday to Monday", "10 days", "2026-11-04T10:00:00+01:00", "2026-11-16T23:59:59+01:00"},
		{"Sunday to Monday", "10 days", "2026-11-05T10:00:00+01:00", "2026-11-16T23:59:59+01:00"},
		{"holiday to the next working day", "10 days", "2026-12-15T10:00:00+01:00", "2026-12-28T23:59:59+01:00"},
		{"two working days", "2 days", "2026-11-06T10:00:00+01:00", "2026-11-10T23:59:59+01:00"},
		{"two working days over holidays", "2 days", "2026-12-23T10:00:00+01:00", "2026-12-28T23:59:59+01:00"},
		{"one day needs no two working days", "1 day", "2026-11-05T10:00:00+01:00", "2026-11-06T23:59:59+01:00"},
		{"hours from the next full hour", "24 hours", "2026-11-02T14:30:07+01:00", "2026-11-03T14:59:59+01:00"},
		{"hours from a full hour", "24 hours", "2026-11-02T14:00:00+01:00", "2026-11-03T14:59:59+01:00"},
		{"hours do not move from Sunday", "72 hours", "2026-11-05T14:30:00+01:00", "2026-11-08T14:59:59+01:00"},
		{"month to Monday", "1 month", "2026-10-14T10:00:00+02:00", "2026-11-16T23:59:59+01:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := period(t, test.period).Extended(moment(t, test.event).Time(), zone(t, "Europe/Berlin"), holidays)
			if got.Format(time.RFC3339) != test.want {
				t.Errorf("%s after %s is extended to %s, want %s", test.period, test.event, got.Format(time.RFC3339), test.want)
			}
		})
	}
}

// TestPeriodIsBounded: the longest duration of a security file ends in a year that a
// time can be written in.
func TestPeriodIsBounded(t *testing.T) {
	for _, unit := range []string{"seconds", "hours", "days", "weeks", "months", "years"} {
		end := period(t, "2147483647 "+unit).End(moment(t, "2026-11-02T10:00:00Z").Time(), time.UTC)
		if end.Year() > 2127 || end.Year() < 2090 {
			t.Errorf("2147483647 %s ends in %d", unit, end.Year())
		}
	}
}

// TestStartOfDay holds startOfDay against the clock, which is looked at second by
// second where it changes: in all zones, at all days.
func TestStartOfDay(t *testing.T) {
	zones := []string{"Europe/Berlin", "Europe/Lisbon", "Europe/Helsinki", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Sao_Paulo",
		"Pacific/Apia", "Pacific/Kiritimati", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Asia/Gaza", "UTC", "America/Havana"}
	rapid.Check(t, func(rt *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones).Draw(rt, "zone"))
		d := dayOf(time.Date(rapid.IntRange(1970, 2060).Draw(rt, "year"), 1, rapid.IntRange(1, 366).Draw(rt, "day"), 0, 0, 0, 0, time.UTC))
		start := startOfDay(d, loc)
		if shown := dayOf(start.In(loc)).utc(); shown.Before(d.utc()) {
			rt.Fatalf("%v in %s begins at %s, which is before it", d, loc, start)
		}
		for _, back := range []time.Duration{time.Second, time.Minute, time.Hour, 3 * time.Hour} {
			if shown := dayOf(start.Add(-back).In(loc)).utc(); !shown.Before(d.utc()) {
				rt.Fatalf("%v in %s begins at %s, and %s earlier it is %v", d, loc, start, back, shown)
			}
		}
	})
}

// TestEndIsMonotonic: who learns of it later has no less time, and the extended time
// is never earlier.
func TestEndIsMonotonic(t *testing.T) {
	units := []string{"hours", "days", "weeks", "months"}
	rapid.Check(t, func(rt *rapid.T) {
		p := period(t, rapid.StringMatching(`[1-9][0-9]?`).Draw(rt, "n")+" "+rapid.SampledFrom(units).Draw(rt, "unit"))
		loc := zone(t, rapid.SampledFrom([]string{"Europe/Berlin", "America/Santiago", "Asia/Kolkata"}).Draw(rt, "zone"))
		a := time.Unix(rapid.Int64Range(0, 3e9).Draw(rt, "at"), 0)
		b := a.Add(time.Duration(rapid.Int64Range(0, 1e6).Draw(rt, "later")) * time.Second)
		if p.End(b, loc).Before(p.End(a, loc)) {
			rt.Fatalf("%s from %s ends before that from %s", p, b, a)
		}
		if p.Extended(a, loc, nil).Before(p.End(a, loc)) {
			rt.Fatalf("%s from %s is extended to an earlier time", p, a)
		}
	})
}

func TestShow(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for in, want := range map[string]string{
		"2026-11-04T23:59:59+01:00": "2026-11-04 24:00", "2026-11-04T12:30:00Z": "2026-11-04 13:30", "2026-11-04T12:30:07Z": "2026-11-04 13:30:07",
	} {
		if got := Show(moment(t, in).Time(), berlin); got != want {
			t.Errorf("%s is shown as %q, want %q", in, got, want)
		}
	}
	if Show(time.Time{}, berlin) != "" {
		t.Error("no time is shown")
	}
}
