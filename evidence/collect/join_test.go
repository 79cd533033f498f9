package collect

import (
	"strings"
	"testing"
	"time"

	"theriac/evidence"
)

// TestJoin: what one of several inputs says is said of all.
func TestJoin(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	clean := Report{Kind: "static-analysis", Finished: at, Whole: evidence.Pass}
	broken := Report{Kind: "static-analysis", Started: at.Add(-time.Hour), Finished: at, Whole: evidence.Open, Scope: []string{"app"}, Authors: []string{"team"}, Performer: evidence.Performer{Who: "lab"}}
	for name, reads := range map[string][]Read{"first": {{Report: &broken}, {Report: &clean}}, "last": {{Report: &clean}, {Report: &broken}}} {
		r, err := joinReports(reads, "")
		if err != nil {
			t.Fatal(err)
		}
		if r.Whole != evidence.Open || !r.Started.Equal(broken.Started) || len(r.Scope) != 1 || len(r.Authors) != 1 || r.Performer.Who != "lab" {
			t.Errorf("broken %s: %+v", name, r)
		}
		tally, err := Results(r, []string{"vf"}, []string{"vf"}, nil)
		if err != nil || tally.Results[0].Outcome != evidence.Open {
			t.Errorf("broken %s: %+v, %v", name, tally, err)
		}
	}
	if clean.Whole != evidence.Pass || len(clean.Scope) > 0 {
		t.Errorf("an input was changed: %+v", clean)
	}
}

func TestJoinRefused(t *testing.T) {
	for words, pair := range map[string][2]Report{
		"different kinds":      {{Kind: "sbom"}, {Kind: "fuzzing"}},
		"different commits":    {{Commit: "a"}, {Commit: "b"}},
		"different performers": {{Performer: evidence.Performer{Who: "a"}}, {Performer: evidence.Performer{Who: "b"}}},
		"what code was run":    {{Coverage: &evidence.Coverage{}}, {Coverage: &evidence.Coverage{}}},
		"details of its own":   {{For: []string{"vf"}}, {}},
	} {
		if _, err := joinReports([]Read{{Report: &pair[0]}, {Report: &pair[1]}}, ""); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", words, err)
		}
	}
}
