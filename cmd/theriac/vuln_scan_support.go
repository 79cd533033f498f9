package main

import (
	"fmt"
	"strings"

	"theriac/model"
	"theriac/report"
	"theriac/vuln/match"
)

// supportSoon is how long before its end support is told to end soon.
var supportSoon = model.MustDuration("6 months")

// ending reports whether support ended before the day of the scan, or ends soon.
func (s *scanned) ending(one *match.Support) (over, soon bool) {
	over = one.Over(s.day.String())
	return over, !over && one.End != "" && one.End < s.day.Add(supportSoon).String()
}

// supportWords say when support of a cycle ended or ends.
func supportWords(one *match.Support, over bool) string {
	text := fmt.Sprintf("support of %s %s ", one.Title, one.Cycle)
	switch {
	case one.End == "":
		text += "ended"
	case over:
		text += "ended on " + one.End
	default:
		text += "ends on " + one.End
	}
	if one.Latest != "" && one.Latest != one.Cycle {
		text += ", its newest version is " + one.Latest
	}
	return text
}

// unsupported lists the cycles of which support ended or ends soon, with their components.
func (s *scanned) unsupported(p *page) {
	told := false
	for i := range s.Support {
		one := &s.Support[i]
		over, soon := s.ending(one)
		if !over && !soon {
			continue
		}
		if !told {
			p.heading("Support has ended or ends soon")
			told = true
		}
		p.text(2, report.Clean(supportWords(one, over)+": "+supportedNames(one)))
	}
}

// supportedNames names the components of a cycle.
func supportedNames(one *match.Support) string {
	var names []string
	for _, c := range one.Components[:min(len(one.Components), maxUnwatched)] {
		names = append(names, strings.TrimSpace(c.Name+" "+c.Version))
	}
	text := strings.Join(names, ", ")
	if more := len(one.Components) - maxUnwatched; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if one.By == match.ByName {
		text += " (by name)"
	}
	return text
}

func (s *scanned) supportJSON() []supportJSON {
	list := []supportJSON{}
	for i := range s.Support {
		one := &s.Support[i]
		over, soon := s.ending(one)
		j := supportJSON{Product: one.Product, Cycle: one.Cycle, End: one.End, Ended: over, Soon: soon, Latest: one.Latest, Confidence: one.By}
		for _, c := range one.Components {
			j.Components = append(j.Components, supportedJSON{c.Name, c.Version, c.PURL, c.Line})
		}
		list = append(list, j)
	}
	return list
}
