package main

import (
	"strings"
	"testing"
	"time"

	"theriac/model"
	"theriac/vuln"
	"theriac/vuln/match"
)

// TestDataOfADayToCome: a wrong date does not make data look fresh for ever.
func TestDataOfADayToCome(t *testing.T) {
	day, err := model.ParseDate("2026-08-25")
	if err != nil {
		t.Fatal(err)
	}
	limit, err := model.ParseDuration("7 days")
	if err != nil {
		t.Fatal(err)
	}
	for date, want := range map[string]match.Status{
		"2026-08-17": match.WithGaps, "2026-08-24": match.Complete, "2026-08-26": match.Complete, "2026-08-27": match.WithGaps, "2999-01-01": match.WithGaps,
	} {
		newest, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		info := &vuln.Info{Contents: vuln.Contents{Sources: []vuln.Source{{Name: "osv", What: "all.zip", Newest: newest}}}}
		s := &scanned{Result: &match.Result{Status: match.Complete}, info: info, day: day}
		s.judgeAge([]ageLimit{{limit, nil}})
		if s.Status != want || len(s.Gaps) != boolCount(want != match.Complete) {
			t.Errorf("%s: %s, %v", date, s.Status, s.Gaps)
		}
	}
}

// TestAliasesApartAreAGap: what was not followed is told with each scan.
func TestAliasesApartAreAGap(t *testing.T) {
	info := &vuln.Info{Contents: vuln.Contents{AliasesApart: 2, Sources: []vuln.Source{{Name: "eol"}}}}
	s := &scanned{Result: &match.Result{Status: match.Complete}, info: info}
	s.judgeAge([]ageLimit{{}})
	if s.Status != match.WithGaps || len(s.Gaps) != 1 || !strings.HasPrefix(s.Gaps[0], "2 aliases ") {
		t.Errorf("%s, %v", s.Status, s.Gaps)
	}
}

// TestRowsStayRows: a text of a file cannot pass for a line or cell of ours.
func TestRowsStayRows(t *testing.T) {
	var out strings.Builder
	row(&out, "added", "a\nremoved\tb", "1", "")
	if got, want := out.String(), "added\ta removed b\t1\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func boolCount(b bool) int {
	if b {
		return 1
	}
	return 0
}
