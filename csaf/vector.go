package csaf

import "github.com/gocsaf/csaf/v3/csaf"

// ScoreOf is the CVSS object of a vector of CVSS v3, with the scores that follow from it;
// nil for a text that is none. CSAF 2.0 has no place for CVSS v4.0.
func ScoreOf(vector string) *csaf.CVSS3 {
	if len(vector) < len("CVSS:3.x/") || vector[:len("CVSS:3.")] != "CVSS:3." {
		return nil
	}
	return scoreOf(vector)
}
