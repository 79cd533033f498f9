package match

import (
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"

	"theriac/vuln"
)

// Severity is how grave a vulnerability is in general, apart from any device.
type Severity struct {
	Word    string  // critical, high, medium, low, none, or unknown
	Score   float64 // of the vector; 0 where there is none
	Vector  string  // CVSS; "" where there is a word alone
	Vectors []string
}

// judge chooses the severity among those that are given: for the package before for the
// advisory before in other advisories on it; a vector before a word; the newest version
// of CVSS; the gravest of these.
func judge(lists ...[]vuln.Severity) Severity {
	var best Severity
	rank := -1
	for _, list := range lists {
		for _, s := range list {
			score, version, ok := scoreOf(s)
			if !ok {
				continue
			}
			best.Vectors = append(best.Vectors, s.Value)
			if version > rank || version == rank && score > best.Score {
				rank, best.Score, best.Vector = version, score, s.Value
			}
		}
		if rank >= 0 {
			best.Word, best.Vectors = wordOf(best.Score, rank), sorted(best.Vectors)
			return best
		}
	}
	best.Word = "unknown"
	for _, list := range lists {
		for _, s := range list {
			if s.Kind == "word" && gravity(s.Value) > gravity(best.Word) {
				best.Word = s.Value
			}
		}
		if best.Word != "unknown" {
			break
		}
	}
	return best
}

// Gravities are the words of severity, gravest first.
var Gravities = []string{"critical", "high", "medium", "low", "none", "unknown"}

// gravity orders words of severity.
func gravity(word string) int {
	for i, w := range Gravities {
		if w == word {
			return len(Gravities) - i
		}
	}
	return 0
}

// wordOf is the qualitative rating of a score (CVSS v3.1 section 5, v4.0 section 6).
// Version 2 has none of its own; with that of the NVD the highest is high (from memory).
func wordOf(score float64, version int) string {
	switch {
	case score >= 9 && version > 2:
		return "critical"
	case score >= 7:
		return "high"
	case score >= 4:
		return "medium"
	case score > 0:
		return "low"
	}
	return "none"
}

// scoreOf scores a vector; of versions 2 and 3 by its base metrics. version orders the
// versions of CVSS.
func scoreOf(s vuln.Severity) (score float64, version int, ok bool) {
	if !strings.HasPrefix(s.Kind, "CVSS") {
		return 0, 0, false
	}
	switch {
	case strings.HasPrefix(s.Value, "CVSS:4.0/"):
		if v, err := gocvss40.ParseVector(s.Value); err == nil {
			return v.Score(), 4, true
		}
	case strings.HasPrefix(s.Value, "CVSS:3.1/"):
		if v, err := gocvss31.ParseVector(s.Value); err == nil {
			return v.BaseScore(), 3, true
		}
	case strings.HasPrefix(s.Value, "CVSS:3.0/"):
		if v, err := gocvss30.ParseVector(s.Value); err == nil {
			return v.BaseScore(), 3, true
		}
	default:
		if v, err := gocvss20.ParseVector(s.Value); err == nil {
			return v.BaseScore(), 2, true
		}
	}
	return 0, 0, false
}

func hasVector(list []vuln.Severity) bool {
	for _, s := range list {
		if _, _, ok := scoreOf(s); ok {
			return true
		}
	}
	return false
}
