package model

import "testing"

func TestDurations(t *testing.T) {
	year, huge := MustDuration("1 year"), MustDuration("2000000000 years")
	if !huge.Longer(year) || year.Longer(huge) || huge.Span() <= 0 {
		t.Errorf("%s counts as %s", huge, huge.Span())
	}
	if MustDuration("12 months").Longer(year) || !MustDuration("53 weeks").Longer(year) {
		t.Error("12 months are longer than a year, or 53 weeks are not")
	}
	for _, text := range []string{"", "1", "year", "1  year", "1 yr", "-1 day", "1.5 days", "99999999999 days", "1 year 2 months"} {
		if d, err := ParseDuration(text); err == nil {
			t.Errorf("%q reads as %s", text, d)
		}
	}
}

func TestDates(t *testing.T) {
	for _, tt := range []struct{ day, by, want string }{
		{"2026-01-31", "1 day", "2026-02-01"}, {"2026-01-01", "2 weeks", "2026-01-15"}, {"2024-02-29", "4 years", "2028-02-29"},
		{"2026-01-15", "1 month", "2026-02-15"}, {"2026-01-01", "200000 days", "2573-08-01"}, {"2026-01-01", "36 hours", "2026-01-02"},
	} {
		day, err := ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := day.Add(MustDuration(tt.by)).String(); got != tt.want {
			t.Errorf("%s and %s is %s, want %s", tt.day, tt.by, got, tt.want)
		}
	}
	// The first day of all stands for no date, so nobody may write it.
	for _, text := range []string{"0001-01-01", "2026-02-30", "2026-1-1", "2026-01-01T00:00:00Z", "26-01-01", " 2026-01-01"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("%q reads as %s", text, d)
		}
	}
}
