package sbom

import (
	"strings"
	"time"
)

// soupChecks are what IEC 62304 (EN 62304:2006+A1:2015) 8.1.2 asks of each SOUP item,
// and its support, for which notified bodies ask.
func soupChecks() []check {
	clause := func(letter, name, remedy string) Element {
		return Element{Scheme: SOUP, Name: name, Reference: "IEC 62304:2006+A1:2015 8.1.2 " + letter, Secondary: true, Remedy: remedy}
	}
	practice := func(name, remedy string) Element {
		return Element{Scheme: SOUP, Name: name, Reference: "practice of notified bodies; no clause of IEC 62304", Secondary: true, Remedy: remedy}
	}
	return []check{
		{Element: clause("a)", "Title", "give the item a title"), component: stated("the title", func(c *Component) string { return c.Name })},
		{Element: clause("b)", "Manufacturer", "name who makes the item, be it a project or an organisation"), component: stated("the manufacturer", maker)},
		{Element: clause("c)", "Unique SOUP designator", "state the version, release or revision that is used"), component: stated("the version", func(c *Component) string { return c.Version })},
		{Element: practice("Level of support", "state in the list whether its maker still supports it"), component: func(q *judging, c *Component) string {
			if level := q.supportOf(c).Level; isStated(level) || strings.EqualFold(level, "none") { // none is an answer
				return ""
			}
			return "it is not stated whether its maker supports it"
		}},
		{Element: practice("End of support", "state until when its maker supports it, in the list or with support-until in the security file"), component: func(q *judging, c *Component) string {
			end := q.supportOf(c).End
			switch {
			case !isStated(end):
				return "it is not stated until when its maker supports it"
			case !isDay(end):
				return "the end of its support is not a day"
			}
			return ""
		}},
	}
}

func maker(c *Component) string {
	for _, name := range []string{c.Manufacturer, c.Supplier, c.Author} {
		if isStated(name) {
			return name
		}
	}
	return ""
}

// supportOf is what the list says of the support of a component, and where it says
// nothing, what others know.
func (q *judging) supportOf(c *Component) Support {
	s := SupportOf(c)
	if q.support == nil || s.Level != "" && s.End != "" {
		return s
	}
	known := q.support(c)
	if s.Level == "" {
		s.Level = known.Level
	}
	if s.End == "" {
		s.End = known.End
	}
	return s
}

// SupportOf is what the properties of a component say of its support. Writers name
// them in their own ways: what counts is the last part of the name.
func SupportOf(c *Component) (s Support) {
	for _, p := range c.Properties {
		name := p.Name[strings.LastIndexByte(p.Name, ':')+1:]
		name = strings.NewReplacer("-", "", "_", "", " ", "", ".", "").Replace(strings.ToLower(name))
		switch name {
		case "supportlevel", "levelofsupport", "supportstatus":
			if s.Level == "" {
				s.Level = strings.TrimSpace(p.Value)
			}
		case "endofsupport", "eos", "supportuntil", "endofsupportdate", "eosdate", "supportenddate", "endoflife", "eol", "endoflifedate", "eoldate":
			if s.End == "" {
				s.End = strings.TrimSpace(p.Value)
			}
		}
	}
	return s
}

// isDay reports whether a text is a day, or a moment of one.
func isDay(s string) bool {
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01", "01/02/2006", "1/2/2006"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
