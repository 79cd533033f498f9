package psirt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"theriac/model"
)

// Period is a length of time as a time limit gives it: elapsed time, calendar days
// or calendar months. One of them is set.
type Period struct {
	Elapsed time.Duration
	Days    int
	Months  int
	SameDay bool // no days or months at all: what ends with the day of the event
}

// calendar reports whether days are counted, and not time.
func (p Period) calendar() bool { return p.Days > 0 || p.Months > 0 || p.SameDay }

// longest is the longest period that is counted; what is longer counts as this.
const longest = 100 // years

// PeriodOf is a limit of the security file. Seconds, minutes and hours are elapsed
// time; days and weeks are calendar days; months and years calendar months.
func PeriodOf(d model.Duration) Period {
	number, unit, _ := strings.Cut(d.String(), " ")
	n, _ := strconv.Atoi(number) // a Duration writes nothing else
	unit = strings.TrimSuffix(unit, "s")
	if n == 0 && slices.Contains([]string{"day", "week", "month", "year"}, unit) {
		return Period{SameDay: true}
	}
	switch unit {
	case "day":
		return Period{Days: min(n, longest*366)}
	case "week":
		return Period{Days: min(n, longest*52) * 7}
	case "month":
		return Period{Months: min(n, longest*12)}
	case "year":
		return Period{Months: min(n, longest) * 12}
	}
	return Period{Elapsed: min(d.Span(), longest*8766*time.Hour)}
}

func (p Period) String() string {
	switch {
	case p.Days > 0 || p.SameDay:
		return several(p.Days, "day")
	case p.Months > 0:
		return several(p.Months, "month")
	case p.Elapsed%time.Hour == 0:
		return several(int(p.Elapsed/time.Hour), "hour")
	}
	return p.Elapsed.String()
}

func several(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// End is the last second of a period that begins with an event.
func (p Period) End(event time.Time, zone *time.Location) time.Time {
	if !p.calendar() {
		return event.Add(p.Elapsed).In(zone)
	}
	return endOfDay(p.lastDay(event, zone), zone)
}

// lastDay is the last calendar day of a period of days or months. A month ends on
// the day of the same number, or on the last of the month where there is none.
func (p Period) lastDay(event time.Time, zone *time.Location) day {
	d := dayOf(event.In(zone))
	if p.Months == 0 {
		return d.add(p.Days)
	}
	first := day{d.year, d.month + time.Month(p.Months), 1}.add(0)
	last := day{first.year, first.month + 1, 1}.add(-1)
	return day{first.year, first.month, min(d.number, last.number)}
}

// Extended is the last second of a period as Article 3 of Regulation 1182/71 counts
// it: hours begin with the next full hour; a last day that is a Saturday, a Sunday or
// a holiday moves to the next working day; and two days or more hold at least two
// working days. Not verified against the primary text.
func (p Period) Extended(event time.Time, zone *time.Location, holidays []model.Date) time.Time {
	if !p.calendar() {
		local := event.In(zone)
		next := local.Add(time.Hour - time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second)
		return next.Add(p.Elapsed - time.Second)
	}
	last, first := p.lastDay(event, zone), dayOf(event.In(zone)).add(1)
	for n := 0; n < 400 && !(working(last, holidays) && (p.Days == 1 || p.SameDay || twoWorking(first, last, holidays))); n++ {
		last = last.add(1)
	}
	return endOfDay(last, zone)
}

// working tells whether a day is a working day (Regulation 1182/71 Art. 2(2)).
func working(d day, holidays []model.Date) bool {
	w := d.utc().Weekday()
	return w != time.Saturday && w != time.Sunday && !slices.Contains(holidays, model.DateOf(d.utc()))
}

func twoWorking(first, last day, holidays []model.Date) bool {
	found := 0
	for d := first; found < 2 && !last.utc().Before(d.utc()); d = d.add(1) {
		if working(d, holidays) {
			found++
		}
	}
	return found == 2
}

// day is a calendar day.
type day struct {
	year   int
	month  time.Month
	number int
}

func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return day{y, m, d}
}

func (d day) utc() time.Time { return time.Date(d.year, d.month, d.number, 0, 0, 0, 0, time.UTC) }

func (d day) add(n int) day { return dayOf(d.utc().AddDate(0, 0, n)) }

// endOfDay is the last second before the next day begins.
func endOfDay(d day, zone *time.Location) time.Time {
	return startOfDay(d.add(1), zone).Add(-time.Second)
}

// startOfDay is the first moment of a day. Clocks may jump over midnight, or over the
// whole day, and may show midnight twice: it is the first moment at which the clock
// shows this day or a later one.
func startOfDay(d day, zone *time.Location) time.Time {
	midnight := d.utc()
	var first time.Time
	consider := func(t time.Time) {
		shown := dayOf(t).utc()
		if !shown.Before(midnight) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	// A zone is at most 26 hours away from UTC, by history less than 16.
	at, until := midnight.Add(-26*time.Hour).In(zone), midnight.Add(26*time.Hour)
	for !at.After(until) {
		_, offset := at.Zone()
		consider(midnight.Add(-time.Duration(offset) * time.Second).In(zone))
		_, change := at.ZoneBounds()
		if change.IsZero() || change.After(until) {
			break
		}
		consider(change)
		if !change.After(at) { // ZoneBounds may not get on at the turn of some years
			change = at.Add(time.Hour)
		}
		at = change
	}
	return first
}

// Show writes a time for people, in a zone. The last second of a day is its 24:00.
func Show(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(zone)
	if d := dayOf(t); t.Equal(endOfDay(d, zone)) {
		return t.Format("2006-01-02") + " 24:00"
	}
	if t.Second() != 0 {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}
