package collect

import (
	"strings"

	cvss20 "github.com/pandatix/go-cvss/20"
	cvss30 "github.com/pandatix/go-cvss/30"
	cvss31 "github.com/pandatix/go-cvss/31"
	cvss40 "github.com/pandatix/go-cvss/40"

	"theriac/evidence"
)

// unrated is the severity of a finding whose input does not grade it. It is a
// failure whatever the limit is: nothing says that it lies below.
const unrated = evidence.Severity("unrated")

// words are what tools call severities.
var words = map[string]evidence.Severity{
	"critical": evidence.Critical, "blocker": evidence.Critical,
	"high": evidence.High, "important": evidence.High, "major": evidence.High,
	"medium": evidence.Medium, "moderate": evidence.Medium,
	"low": evidence.Low, "minor": evidence.Low,
	"info": evidence.Info, "informational": evidence.Info, "negligible": evidence.Info, "none": evidence.Info,
}

// severityOf reads the word of a tool, in any case; unrated for one that does
// not grade.
func severityOf(word string) evidence.Severity {
	if s, ok := words[strings.ToLower(strings.TrimSpace(word))]; ok {
		return s
	}
	return unrated
}

// scoreSeverity grades a CVSS score by the qualitative scale of CVSS 3.1
// section 5 and CVSS 4.0 section 6, whose "none" is info here.
func scoreSeverity(score float64) evidence.Severity {
	switch {
	case !(score >= 0 && score <= 10): // and not a number
		return unrated
	case score == 0:
		return evidence.Info
	case score < 4:
		return evidence.Low
	case score < 7:
		return evidence.Medium
	case score < 9:
		return evidence.High
	}
	return evidence.Critical
}

// vectorSeverity grades a CVSS vector, version 2 to 4.0. A vector of version 2
// is graded by the scale that the NVD uses for it, which ends at high.
func vectorSeverity(vector string) evidence.Severity {
	switch version, _, _ := strings.Cut(vector, "/"); version {
	case "CVSS:4.0":
		if v, err := cvss40.ParseVector(vector); err == nil {
			return scoreSeverity(v.Score())
		}
	case "CVSS:3.1":
		if v, err := cvss31.ParseVector(vector); err == nil {
			return scoreSeverity(v.BaseScore())
		}
	case "CVSS:3.0":
		if v, err := cvss30.ParseVector(vector); err == nil {
			return scoreSeverity(v.BaseScore())
		}
	default:
		if v, err := cvss20.ParseVector(vector); err == nil {
			return noCritical(scoreSeverity(v.BaseScore()))
		}
	}
	return unrated
}

func noCritical(s evidence.Severity) evidence.Severity {
	if s == evidence.Critical {
		return evidence.High
	}
	return s
}

// worst is the worse of two severities; one that is known is worse than one
// that is not.
func worst(a, b evidence.Severity) evidence.Severity {
	if b.Rank() > a.Rank() {
		return b
	}
	return a
}

// limit is the severity from which findings of an input are failures.
func limit(in *Source, byDefault evidence.Severity) evidence.Severity {
	if in.FailAt != "" {
		return in.FailAt
	}
	return byDefault
}

// outcomeOf is the outcome of a finding that nobody silenced.
func outcomeOf(found, failAt evidence.Severity) evidence.Outcome {
	if found.Rank() < 0 || found.Rank() >= failAt.Rank() {
		return evidence.Fail
	}
	return evidence.Pass
}
