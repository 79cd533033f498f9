package model

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"theriac/syntax"
)

// Answer is yes, no, or not yet answered.
type Answer int8

// The answers. The zero value is Unknown.
const (
	Unknown Answer = 0
	Yes     Answer = 1
	No      Answer = 2
)

// SetScalar implements syntax.ScalarValue.
func (a *Answer) SetScalar(n *syntax.Node) error {
	switch n.Value {
	case "true":
		*a = Yes
	case "false":
		*a = No
	default:
		return fmt.Errorf("expected true or false, found %q", n.Value)
	}
	return nil
}

func (a Answer) String() string {
	switch a {
	case Yes:
		return "true"
	case No:
		return "false"
	}
	return "unknown"
}

// Known reports whether the question is answered.
func (a Answer) Known() bool { return a != Unknown }

// Date is a calendar day without time or zone. The zero value is no date.
type Date struct{ t time.Time }

// SetScalar implements syntax.ScalarValue.
func (d *Date) SetScalar(n *syntax.Node) error {
	parsed, err := ParseDate(n.Value)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// ParseDate reads a day written as YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.IsZero() {
		return Date{}, fmt.Errorf("expected a date as YYYY-MM-DD, found %q", s)
	}
	return Date{t}, nil
}

// DateOf is the calendar day of a time in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.t.IsZero() }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.t.Before(other.t) }

// Add is the day a duration later.
func (d Date) Add(by Duration) Date {
	n := int(by.n)
	switch by.unit {
	case "year":
		return Date{d.t.AddDate(n, 0, 0)}
	case "month":
		return Date{d.t.AddDate(0, n, 0)}
	case "week":
		return Date{d.t.AddDate(0, 0, 7*n)}
	case "day":
		return Date{d.t.AddDate(0, 0, n)}
	}
	return Date{d.t.Add(by.Span())}
}

func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// Duration is a length of time as people write it: a whole number and a unit.
// The zero value is no duration.
type Duration struct {
	n    int32
	unit string // singular
}

var units = []struct {
	name string
	span time.Duration
}{
	{"second", time.Second}, {"minute", time.Minute}, {"hour", time.Hour}, {"day", 24 * time.Hour},
	{"week", 7 * 24 * time.Hour}, {"month", 730 * time.Hour}, {"year", 8766 * time.Hour},
}

// SetScalar implements syntax.ScalarValue.
func (d *Duration) SetScalar(n *syntax.Node) error {
	parsed, err := ParseDuration(n.Value)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// ParseDuration reads a number and a unit, for example "5 minutes" or "1 year".
func ParseDuration(s string) (Duration, error) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.ParseInt(number, 10, 32)
	unit = strings.TrimSuffix(unit, "s")
	if err == nil && n >= 0 {
		for _, u := range units {
			if u.name == unit {
				return Duration{int32(n), unit}, nil
			}
		}
	}
	return Duration{}, fmt.Errorf("expected a number and a unit (seconds, minutes, hours, days, weeks, months, years), found %q", s)
}

// MustDuration is ParseDuration for constants of our own.
func MustDuration(s string) Duration {
	d, err := ParseDuration(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether there is no duration.
func (d Duration) IsZero() bool { return d.unit == "" }

// Span is the length in time, with a month as 730 hours and a year as 8766, for
// comparing durations; what is longer than time.Duration can hold (292 years)
// counts as its maximum. Use Date.Add for calendar arithmetic.
func (d Duration) Span() time.Duration {
	for _, u := range units {
		if u.name == d.unit {
			return time.Duration(min(int64(d.n), math.MaxInt64/int64(u.span))) * u.span
		}
	}
	return 0
}

// Longer reports whether d is longer than other.
func (d Duration) Longer(other Duration) bool { return d.Span() > other.Span() }

func (d Duration) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.n == 1:
		return "1 " + d.unit
	}
	return fmt.Sprintf("%d %ss", d.n, d.unit)
}

// Decimal is a number with at most one decimal, in tenths; CVSS scores are
// written so. The zero value is 0.0.
type Decimal int32

// SetScalar implements syntax.ScalarValue.
func (d *Decimal) SetScalar(n *syntax.Node) error {
	parsed, err := ParseDecimal(n.Value)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// ParseDecimal reads a number of 0 to 1000 with at most one decimal.
func ParseDecimal(s string) (Decimal, error) {
	whole, tenth, dot := strings.Cut(s, ".")
	n, err := strconv.ParseUint(whole, 10, 16)
	if err == nil && dot {
		var t uint64
		if t, err = strconv.ParseUint(tenth, 10, 8); len(tenth) != 1 {
			err = strconv.ErrSyntax
		}
		return checked(s, 10*n+t, err)
	}
	return checked(s, 10*n, err)
}

func checked(s string, tenths uint64, err error) (Decimal, error) {
	if err != nil || tenths > 10_000 {
		return 0, fmt.Errorf("expected a number of 0 to 1000 with at most one decimal, found %q", s)
	}
	return Decimal(tenths), nil
}

func (d Decimal) String() string { return fmt.Sprintf("%d.%d", d/10, d%10) }
