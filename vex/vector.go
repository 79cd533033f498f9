package vex

import (
	"strings"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"

	"theriac/csaf"
	"theriac/model"
	"theriac/triage"
)

// vectorFor is the vector that is told: that of the decision, which was scored for the
// device, else the gravest of version 3 that the advisories give, else one of version 4.0,
// else one of version 2.
func vectorFor(own string, f triage.Finding) string {
	if own != "" {
		return own
	}
	best, rank := "", 0
	for _, vector := range f.CVSS {
		if r := rankOf(vector); r > rank {
			best, rank = vector, r
		}
	}
	return best
}

// rankOf orders vectors: those of version 3 by their base score before others; 0 is none.
func rankOf(vector string) int {
	if s := csaf.ScoreOf(vector); s != nil {
		return 10 + int(*s.BaseScore*10)
	}
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		return 2
	case strings.HasPrefix(vector, "AV:"):
		return 1
	}
	return 0
}

// scored tells whether a score says something in a state: what is fixed or not affected
// has none.
func scored(s model.VEXStatus) bool { return s == "affected" || s == "under-investigation" }

// score adds the score of a statement for products, where CSAF 2.0 has a place for it. A
// vector of CVSS v4.0 becomes a note.
func score(v *gocsaf.Vulnerability, s Statement, products gocsaf.Products) {
	switch c := csaf.ScoreOf(s.CVSS); {
	case !scored(s.Status):
	case c != nil:
		v.Scores = append(v.Scores, &gocsaf.Score{CVSS3: c, Products: &products})
	case strings.HasPrefix(s.CVSS, "CVSS:4."):
		const title = "CVSS v4.0 vector"
		for _, n := range v.Notes {
			if deref(n.Title) == title && deref(n.Text) == s.CVSS {
				return
			}
		}
		v.Notes = append(v.Notes, &gocsaf.Note{NoteCategory: ptr(gocsaf.CSAFNoteCategoryOther), Title: ptr(title), Text: ptr(s.CVSS)})
	}
}

// scoresOf are the vectors that a CSAF document gives, by product.
func scoresOf(v *gocsaf.Vulnerability) map[string]string {
	said := map[string]string{}
	for _, s := range v.Scores {
		if s != nil && s.CVSS3 != nil {
			vector := deref(s.CVSS3.VectorString)
			eachID(s.Products, func(id string) { said[id] = vector })
		}
	}
	return said
}
