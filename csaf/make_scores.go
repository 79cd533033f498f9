package csaf

import (
	"strings"

	"github.com/gocsaf/csaf/v3/csaf"
	gocvss31 "github.com/pandatix/go-cvss/31"

	"theriac/model"
)

// scores are those of releases that are affected: the one for this device, else
// that of the advisory. CSAF 2.0 has no place for CVSS v4.0, which becomes a note.
func (m *maker) scores(v *csaf.Vulnerability, said map[string][]statement, status map[string]model.VEXStatus) csaf.Scores {
	releases := map[string][]string{} // by vector
	var vectors []string
	for _, r := range m.listed {
		if status[r.ID] != isAffected {
			continue
		}
		worst, highest := "", -1.0
		for _, s := range said[r.ID] {
			for _, vector := range m.vectors(s) {
				if c, err := calculate(scoreNode(vector)); err == nil && c.EnvironmentalScore() > highest {
					worst, highest = vector, c.EnvironmentalScore()
				}
			}
		}
		if worst == "" {
			continue
		}
		if releases[worst] == nil {
			vectors = append(vectors, worst)
		}
		releases[worst] = append(releases[worst], r.ID)
	}
	var scores csaf.Scores
	for _, vector := range vectors {
		scores = append(scores, &csaf.Score{CVSS3: scoreOf(vector), Products: idsOf(releases[vector])})
	}
	m.scoreNotes(v, said)
	return scores
}

// vectors are the vectors of CVSS v3 by which a decision is scored.
func (m *maker) vectors(s statement) []string {
	if s.status != isAffected {
		return nil
	}
	if own := s.decision.Score.CVSS; own != "" {
		if !strings.HasPrefix(own, "CVSS:3.") {
			return nil
		}
		if _, err := calculate(scoreNode(own)); err != nil {
			m.fault("decisions."+s.decision.ID+".score.cvss", "%v", err)
		}
		return []string{own}
	}
	for _, known := range s.decision.Known.CVSS {
		if strings.HasPrefix(known, "CVSS:3.") {
			return []string{known}
		}
	}
	return nil
}

// scoreNotes tell vectors of CVSS v4.0.
func (m *maker) scoreNotes(v *csaf.Vulnerability, said map[string][]statement) {
	told := map[string]bool{}
	for _, r := range m.listed {
		for _, s := range said[r.ID] {
			if vector := s.decision.Score.CVSS; strings.HasPrefix(vector, "CVSS:4.") && !told[vector] {
				told[vector] = true
				v.Notes = append(v.Notes, note(csaf.CSAFNoteCategoryOther, "CVSS v4.0 vector", vector))
			}
		}
	}
}

// scoreNode is a vector as the tests read it.
func scoreNode(vector string) *node {
	return &node{key: "cvss_v3", members: map[string]*node{"vectorString": {kind: text, value: vector}}}
}

// scoreOf is a CVSS object with the scores that the vector has.
func scoreOf(vector string) *csaf.CVSS3 {
	c, err := calculate(scoreNode(vector))
	if err != nil {
		return nil // refused before
	}
	s := &csaf.CVSS3{Version: new(csaf.CVSSVersion3(vector[5:8])), VectorString: new(csaf.CVSS3VectorString(vector)),
		BaseScore: new(c.BaseScore()), BaseSeverity: severity(c.BaseScore())}
	environmental := false
	temporal := false
	for i, m := range version3Metrics() {
		if value, err := c.Get(m.short); err == nil && value != "X" {
			temporal = temporal || i >= 8 && i < 11
			environmental = environmental || i >= 11
		}
	}
	if temporal {
		s.TemporalScore, s.TemporalSeverity = new(c.TemporalScore()), severity(c.TemporalScore())
	}
	if environmental {
		s.EenvironmentalScore, s.EnvironmentalSeverity = new(c.EnvironmentalScore()), severity(c.EnvironmentalScore())
	}
	return s
}

func severity(score float64) *csaf.CVSS3Severity {
	rating, err := gocvss31.Rating(score)
	if err != nil {
		return nil
	}
	return new(csaf.CVSS3Severity(rating))
}
