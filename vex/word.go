package vex

import (
	"slices"
	"strings"

	"theriac/triage"
)

// Words are what a document says of findings, in their order: of several statements about
// one the last, and of those of one day the worst; nil where it says nothing. It is the
// supplier's word and decides nothing. What could not be told is among the problems.
func Words(d *Document, j *triage.Judge, findings []triage.Finding, parts bool) (said []*Statement, problems []string) {
	p := proposer{judge: j, in: Import{Parts: parts}, unusable: map[string]bool{}}
	at := map[string][]int{}
	for i, f := range findings {
		for _, id := range f.IDs() {
			if id = strings.ToLower(id); !slices.Contains(at[id], i) {
				at[id] = append(at[id], i)
			}
		}
	}
	said = make([]*Statement, len(findings))
	for _, s := range inForce(d.Statements) {
		for _, id := range append([]string{s.Vulnerability}, s.Aliases...) {
			for _, i := range at[strings.ToLower(id)] {
				if said[i] != nil {
					continue
				}
				ok, err := p.names(s, findings[i].Component)
				if err != nil {
					p.complain("%s: %s", clip(s.Vulnerability), err)
				}
				if ok {
					said[i] = s
				}
			}
		}
	}
	return said, p.problems
}
