package collect

import (
	"math"
	"testing"

	"theriac/evidence"
)

func TestSeverityOf(t *testing.T) {
	for word, want := range map[string]evidence.Severity{
		"CRITICAL": evidence.Critical, "Important": evidence.High, " moderate ": evidence.Medium, "low": evidence.Low,
		"Negligible": evidence.Info, "Unknown": unrated, "": unrated, "7.5": unrated,
	} {
		if got := severityOf(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}

// The bounds of the qualitative scale: CVSS 3.1 section 5.
func TestScoreSeverity(t *testing.T) {
	for _, c := range []struct {
		score float64
		want  evidence.Severity
	}{
		{0, evidence.Info}, {0.1, evidence.Low}, {3.9, evidence.Low}, {4, evidence.Medium}, {6.9, evidence.Medium},
		{7, evidence.High}, {8.9, evidence.High}, {9, evidence.Critical}, {10, evidence.Critical},
		{-1, unrated}, {10.1, unrated}, {math.NaN(), unrated}, {math.Inf(1), unrated},
	} {
		if got := scoreSeverity(c.score); got != c.want {
			t.Errorf("%v: %s, want %s", c.score, got, c.want)
		}
	}
}

func TestVectorSeverity(t *testing.T) {
	for vector, want := range map[string]evidence.Severity{
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H":                    evidence.Critical, // 9.8
		"CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:L":                    evidence.Medium,   // 6.3
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N": evidence.Critical, // 9.3
		"AV:N/AC:L/Au:N/C:C/I:C/A:C":                                      evidence.High,     // 10.0 of version 2, which has no critical
		"CVSS:3.1/AV:N":                                                   unrated,
		"CVSS:9.9/AV:N/AC:L":                                              unrated,
		"":                                                                unrated,
	} {
		if got := vectorSeverity(vector); got != want {
			t.Errorf("%q: %s, want %s", vector, got, want)
		}
	}
}

func TestOutcomeOf(t *testing.T) {
	for _, c := range []struct {
		found, failAt evidence.Severity
		want          evidence.Outcome
	}{
		{evidence.Medium, evidence.Medium, evidence.Fail},
		{evidence.Low, evidence.Medium, evidence.Pass},
		{evidence.Critical, evidence.High, evidence.Fail},
		{unrated, evidence.Critical, evidence.Fail},
		{"", evidence.Critical, evidence.Fail},
	} {
		if got := outcomeOf(c.found, c.failAt); got != c.want {
			t.Errorf("%q found, fails at %q: %s, want %s", c.found, c.failAt, got, c.want)
		}
	}
}
