package sbom

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Scheme is a list of what a bill of materials has to say.
type Scheme string

// The schemes that Quality knows.
const (
	// NTIA are the minimum elements of the NTIA (12 July 2021).
	NTIA Scheme = "ntia"
	// BSI is BSI TR-03183-2, version 2.1.0 (20 August 2025), as secondary sources give it.
	BSI Scheme = "bsi"
	// SOUP is what IEC 62304 8.1.2 asks of SOUP, and the support that notified bodies ask for.
	SOUP Scheme = "soup"
)

// Schemes are the schemes that Quality knows.
func Schemes() []Scheme { return []Scheme{NTIA, BSI, SOUP} }

// Element is something that a scheme asks for.
type Element struct {
	Scheme    Scheme
	Name      string
	Reference string // exact place in the scheme
	// Secondary says that the place and the wording were not checked against the primary text.
	Secondary bool
	Remedy    string // what to do where it is missing
	// WhereItExists says that an element is asked for only of what has it, which a list
	// alone does not tell. Its absence is counted, and is no finding.
	WhereItExists bool
}

// Finding is an element that is missing.
type Finding struct {
	*Element
	Component int    // index; SubjectIndex for the subject, DocumentIndex for the document
	Title     string // of the component, with its version
	Line      int    // 0 where it has no place
	What      string
}

// Places of findings that are about no component of the list.
const (
	DocumentIndex = -1
	SubjectIndex  = -2
)

// maxFindings is how many findings of one element are listed; more are counted.
const maxFindings = 50_000

// Tally is how often an element is there, and how often it is asked for. Unlisted are
// findings beyond those of the assessment.
type Tally struct {
	Element
	Held, Of, Unlisted int
}

// Score is a scheme as fractions; nothing is averaged over schemes.
type Score struct {
	Scheme     Scheme
	Held, Of   int // elements that are there, each component counted
	Whole      int // components of which nothing is missing
	Components int
	Elements   []Tally
}

// Support is what is known of the support of a component by its maker.
type Support struct {
	Level string // active, security only, none ...
	End   string // date, YYYY-MM-DD
}

// Assessment is the judgement of a list.
type Assessment struct {
	Findings []Finding
	Scores   []Score
}

// Quality judges a list by schemes, all where none is named. What support says of a
// component counts where the list itself does not tell; it may be nil.
func Quality(b *BOM, support func(*Component) Support, schemes ...Scheme) (*Assessment, error) {
	if len(schemes) == 0 {
		schemes = Schemes()
	}
	out := &Assessment{}
	for _, s := range schemes {
		if !slices.Contains(Schemes(), s) {
			return nil, fmt.Errorf("unknown scheme %q", s)
		}
		q := &judging{bom: b, support: support, score: Score{Scheme: s}}
		q.judge(checksOf(s))
		out.Findings = append(out.Findings, q.findings...)
		out.Scores = append(out.Scores, q.score)
	}
	return out, nil
}

// check is an element with how it is looked for. One of the two functions is set; they
// return what is wrong, "" where nothing is.
type check struct {
	Element
	document  func(*judging) string
	component func(*judging, *Component) string
}

type judging struct {
	bom      *BOM
	support  func(*Component) Support
	findings []Finding
	score    Score
	related  map[string]bool // Refs that stand in a relation
}

func (q *judging) judge(checks []check) {
	parts := q.parts()
	missing := make([]bool, len(parts))
	checks = slices.Insert(checks, 0, check{
		Element: Element{Scheme: q.score.Scheme, Name: "Components", Reference: componentsPlace[q.score.Scheme], Secondary: true, Remedy: "list the components"},
		document: func(q *judging) string {
			if len(q.bom.Components) == 0 || len(parts) == 0 {
				return "the list has no component that could be judged"
			}
			return ""
		},
	})
	for i := range checks {
		c := &checks[i]
		tally := Tally{Element: c.Element}
		if c.document != nil {
			tally.Of++
			if what := c.document(q); what == "" {
				tally.Held++
			} else if !c.WhereItExists {
				q.find(c, DocumentIndex, nil, what)
			}
		}
		if c.component != nil {
			q.judgeParts(c, parts, missing, &tally)
		}
		q.score.Elements = append(q.score.Elements, tally)
		if !c.WhereItExists {
			q.score.Held += tally.Held
			q.score.Of += tally.Of
		}
	}
	q.score.Components = len(parts)
	for _, m := range missing {
		if !m {
			q.score.Whole++
		}
	}
	slices.SortStableFunc(q.findings, func(a, b Finding) int {
		return cmp.Compare(place(a.Component), place(b.Component))
	})
}

// judgeParts looks for an element in each component.
func (q *judging) judgeParts(c *check, parts []int, missing []bool, tally *Tally) {
	listed := 0
	for i, at := range parts {
		part := q.part(at)
		tally.Of++
		what := c.component(q, part)
		switch {
		case what == "":
			tally.Held++
			continue
		case c.WhereItExists:
			continue
		case listed < maxFindings:
			q.find(c, at, part, what)
			listed++
		default:
			tally.Unlisted++
		}
		missing[i] = true
	}
}

// componentsPlace is where schemes ask for components at all.
var componentsPlace = map[Scheme]string{
	NTIA: "NTIA, The Minimum Elements For a Software Bill of Materials (2021), Data Fields",
	BSI:  "BSI TR-03183-2 v2.1.0 5.2.2",
	SOUP: "IEC 62304:2006+A1:2015 8.1.2",
}

// place orders findings: the document, the subject, the components.
func place(component int) int {
	switch component {
	case DocumentIndex:
		return -2
	case SubjectIndex:
		return -1
	}
	return component
}

// parts are the components that are judged: the subject first; files are no
// components of their own, and what is excluded is not delivered.
func (q *judging) parts() []int {
	var list []int
	if q.bom.Subject != nil && q.score.Scheme != SOUP {
		list = append(list, SubjectIndex)
	}
	for i := range q.bom.Components {
		c := &q.bom.Components[i]
		if !q.bom.isSubject(i) && c.Scope != "excluded" && !strings.EqualFold(c.Type, "file") {
			list = append(list, i)
		}
	}
	return list
}

func (q *judging) part(at int) *Component {
	if at == SubjectIndex {
		return q.bom.Subject
	}
	return &q.bom.Components[at]
}

func (q *judging) find(c *check, at int, part *Component, what string) {
	f := Finding{Element: &c.Element, Component: at, What: what, Title: "the document"}
	if part != nil {
		f.Title, f.Line = cmp.Or(part.Designation(), part.PURL, part.Ref), part.Line
	}
	q.findings = append(q.findings, f)
}

// checksOf are the elements of a scheme.
func checksOf(s Scheme) []check {
	switch s {
	case NTIA:
		return ntiaChecks()
	case BSI:
		return bsiChecks()
	}
	return soupChecks()
}

// stated makes a check of a text that has to be there.
func stated(what string, text func(*Component) string) func(*judging, *Component) string {
	return func(_ *judging, c *Component) string {
		if isStated(text(c)) {
			return ""
		}
		return what + " is not stated"
	}
}

// isStated reports whether a text says something: words for nothing do not.
func isStated(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "noassertion", "none", "unknown", "n/a", "na", "tbd", "-", "null":
		return false
	}
	return true
}

func anyStated(list ...string) bool { return slices.ContainsFunc(list, isStated) }
