package vex

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/model"
	"theriac/triage"
)

// Import says how statements of others become decisions.
type Import struct {
	File     string // name of the file, for people
	By       string // role that decides
	Expires  model.Date
	Parts    bool // take statements about parts of the supplier's product for these parts themselves
	Existing map[string]bool
}

// Proposals are decisions that statements of a supplier support, about what was found and
// is not settled. A statement is about a finding when it names the vulnerability by any id
// and the component, as product, with its version. One about a part of the supplier's
// product says nothing about that part elsewhere, and is used for it with Parts alone.
//
// What the supplier calls fixed does not hold the vulnerable code. What it calls affected
// or under investigation is under investigation here, until somebody knows what it means
// for the device. Statements that cannot be used are problems. Of several about one
// finding the last counts, and of those of one day the worst.
func Proposals(d *Document, j *triage.Judge, found []triage.Found, in Import) (all []triage.Proposal, problems []string) {
	p := proposer{doc: d, judge: j, in: in, open: map[string][]int{}, found: found, done: make([]bool, len(found)), unusable: map[string]bool{}}
	for i, f := range found {
		if f.Settled() {
			continue
		}
		for _, id := range f.Finding.IDs() {
			p.open[strings.ToLower(id)] = append(p.open[strings.ToLower(id)], i)
		}
	}
	for _, s := range inForce(d.Statements) {
		for _, id := range append([]string{s.Vulnerability}, s.Aliases...) {
			p.statement(s, id)
		}
	}
	return p.all, p.problems
}

// inForce are statements in the order in which they count: what was said last, and of
// what was said on one day the worst.
func inForce(list []Statement) []*Statement {
	gravity := []model.VEXStatus{"affected", "under-investigation", "fixed", "not-affected"}
	order := make([]*Statement, len(list))
	for i := range list {
		order[i] = &list[i]
	}
	slices.SortStableFunc(order, func(a, b *Statement) int {
		return cmp.Or(strings.Compare(b.Day.String(), a.Day.String()), cmp.Compare(slices.Index(gravity, a.Status), slices.Index(gravity, b.Status)))
	})
	return order
}

// proposer makes decisions of statements, one after the other.
type proposer struct {
	doc      *Document
	judge    *triage.Judge
	in       Import
	found    []triage.Found
	open     map[string][]int // findings that are not settled, by their ids in lower case
	done     []bool           // findings that a statement was about
	all      []triage.Proposal
	problems []string
	unusable map[string]bool // problems that were told
}

func (p *proposer) complain(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !p.unusable[text] {
		p.unusable[text] = true
		p.problems = append(p.problems, text)
	}
}

// statement proposes what a statement says of the findings that go by one of its ids.
func (p *proposer) statement(s *Statement, id string) {
	var meant []triage.Found
	var places []int
	for _, i := range p.open[strings.ToLower(id)] {
		if p.done[i] {
			continue
		}
		ok, err := p.names(s, p.found[i].Finding.Component)
		if err != nil {
			p.complain("%s: %s", clip(s.Vulnerability), err)
		}
		if ok {
			meant, places = append(meant, p.found[i]), append(places, i)
		}
	}
	if len(meant) == 0 {
		return
	}
	rule := ruleOf(p.doc, s, p.in)
	rule.Vulnerability = id
	for _, f := range meant {
		rule.Packages = append(rule.Packages, f.Finding.Component.Names()[0])
	}
	slices.Sort(rule.Packages)
	rule.Packages = slices.Compact(rule.Packages)
	for _, i := range places {
		p.done[i] = true
	}
	if err := rule.Check(); err != nil {
		p.complain("%s: the statement cannot be a decision: %s", clip(s.Vulnerability), err)
		return
	}
	p.all = append(p.all, p.judge.Propose(rule, meant, p.in.Existing)...)
}

// names reports whether a statement names a component: as product, or with Parts as part
// of one.
func (p *proposer) names(s *Statement, c triage.Component) (bool, error) {
	if len(c.Names()) == 0 {
		return false, nil
	}
	var unsure error
	for _, one := range s.Products {
		if len(one.Parts) == 0 {
			ok, err := p.means(one, c)
			if ok {
				return true, nil
			}
			unsure = cmp.Or(err, unsure)
			continue
		}
		for _, part := range one.Parts {
			if !p.in.Parts {
				break
			}
			ok, err := p.means(Product{ID: part, Version: purlVersion(part)}, c)
			if ok {
				return true, nil
			}
			unsure = cmp.Or(err, unsure)
		}
	}
	return false, unsure
}

// means reports whether a product with a version or range is a component: by its package
// URL or CPE, or by name, where the component has no package URL and the maker is not
// another.
func (p *proposer) means(one Product, c triage.Component) (bool, error) {
	held, ok := c.Called(one.ID)
	if byWords := !ok || !strings.HasPrefix(one.ID, "pkg:") && !strings.HasPrefix(one.ID, "cpe:"); byWords {
		if !ok && c.PURL == "" {
			held, ok = c.Called(one.Title)
		}
		if ok && !p.judge.MadeBy(c, one.Maker) {
			return false, fmt.Errorf("%s is of %s, and %s is of another maker", clip(orElse(one.Title, one.ID)), clip(one.Maker), c)
		}
	}
	if !ok {
		return false, nil
	}
	if one.Range != "" {
		set, err := triage.ParseRange(one.Range)
		if err != nil {
			return false, fmt.Errorf("versions of %s: %w", clip(one.ID), err)
		}
		return set.Holds(c.Version, c.Ecosystem())
	}
	return sameVersion(orElse(one.Version, held), c)
}

// sameVersion reports whether a version is that of a component; where none is given, all
// are meant.
func sameVersion(version string, c triage.Component) (bool, error) {
	if version == "" || version == c.Version {
		return true, nil
	}
	n, err := triage.CompareVersions(strings.TrimPrefix(c.Version, "v"), strings.TrimPrefix(version, "v"), c.Ecosystem())
	return err == nil && n == 0, err
}

// ruleOf is a statement as a rule of ours.
func ruleOf(d *Document, s *Statement, in Import) *triage.Rule {
	r := &triage.Rule{
		Vulnerability: s.Vulnerability, Status: s.Status, Justification: s.Justification, By: in.By, Expires: in.Expires,
		Notes: "Taken from " + in.File + " (" + strings.TrimSpace(d.Format+" "+d.ID) + ").",
	}
	said := orElse(d.Author, "The supplier")
	if day := s.Day.String(); day != "" {
		said += " stated on " + day
	} else {
		said += " stated"
	}
	switch s.Status {
	case "fixed":
		r.Status, r.Justification = "not-affected", "vulnerable-code-not-present"
		said += " that this version is fixed"
	case "affected":
		r.Status = "under-investigation"
		said += " that it is affected"
	case "under-investigation":
		said += " that it is being looked at"
	default:
		said += " that it is not affected"
	}
	if detail := strings.TrimSpace(s.Reason + " " + s.Action); detail != "" {
		said += ": " + detail
	}
	r.Reason = strings.TrimRight(said, ".") + "."
	return r
}
