package psirt

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"theriac/model"
)

// EmbargoRuns reports whether nothing may be told of a case in public on a day. The last
// day, in UTC, counts as a whole, unless the case was published on it after the end.
func EmbargoRuns(c *model.Case, day model.Date) bool {
	if c.Embargo.IsZero() {
		return false
	}
	end := c.Embargo.Time()
	last := model.DateOf(end.UTC())
	if last.Before(day) || day.Before(last) {
		return day.Before(last)
	}
	return !slices.ContainsFunc(c.Steps, func(s model.Step) bool {
		at := s.At.Time()
		return s.Step == "published" && !at.Before(end) && !last.Before(model.DateOf(at.UTC()))
	})
}

// Embargo is what cases keep confidential on a day. Its methods may be called side by side.
type Embargo struct {
	cases     []*model.Case
	ids       map[string]*model.Case // of vulnerabilities, in lower case
	decisions map[*model.Decision]*model.Case
	called    map[string]*model.Case // ids of these decisions, in lower case
}

// EmbargoOn is what the cases of a file keep confidential on a day: the vulnerabilities
// that they name, the decisions that they name with all vulnerabilities of these, and
// each of them by whatever name. names are the ids of one vulnerability each, as findings
// have them. A case that is closed keeps its embargo.
func EmbargoOn(file *model.File, day model.Date, names ...[]string) *Embargo {
	e := &Embargo{ids: map[string]*model.Case{}, decisions: map[*model.Decision]*model.Case{}, called: map[string]*model.Case{}}
	for _, c := range file.Cases {
		if !EmbargoRuns(c, day) {
			continue
		}
		e.cases = append(e.cases, c)
		for _, id := range c.Vulnerabilities {
			e.keep(id, c)
		}
		for d := range model.Targets(c.Decisions) {
			if e.decisions[d] == nil {
				e.decisions[d], e.called[strings.ToLower(d.ID)] = c, c
			}
			for _, id := range d.About() {
				e.keep(id, c)
			}
		}
	}
	e.spread(names)
	return e
}

// everyVulnerability is the id of a decision that stands for whatever is found.
const everyVulnerability = "*"

func (e *Embargo) keep(id string, c *model.Case) bool {
	id = strings.ToLower(strings.TrimSpace(id))
	if id == "" || id == everyVulnerability || e.ids[id] != nil {
		return false
	}
	e.ids[id] = c
	return true
}

// spread keeps all names of what is kept by one of them.
func (e *Embargo) spread(names [][]string) {
	if len(e.ids) == 0 {
		return
	}
	in := map[string][]int{} // groups by id
	for i, group := range names {
		for _, id := range group {
			id = strings.ToLower(id)
			in[id] = append(in[id], i)
		}
	}
	var next []string
	for id := range e.ids {
		next = append(next, id)
	}
	slices.Sort(next) // so that the same case answers for a name of two
	seen := make([]bool, len(names))
	for len(next) > 0 {
		id := next[0]
		next = next[1:]
		for _, i := range in[id] {
			if seen[i] {
				continue
			}
			seen[i] = true
			for _, other := range names[i] {
				if e.keep(other, e.ids[id]) {
					next = append(next, strings.ToLower(strings.TrimSpace(other)))
				}
			}
		}
	}
}

// Runs reports whether any embargo runs.
func (e *Embargo) Runs() bool { return e != nil && len(e.cases) > 0 }

// Of is a case that keeps a vulnerability confidential by one of its ids; nil for none.
func (e *Embargo) Of(ids ...string) *model.Case {
	if !e.Runs() {
		return nil
	}
	for _, id := range ids {
		if c := e.ids[strings.ToLower(strings.TrimSpace(id))]; c != nil {
			return c
		}
	}
	return nil
}

// OfDecision is a case that keeps a decision confidential as a whole: it names the
// decision, or what the decision says in public names what the case keeps; nil for none.
// A decision about several vulnerabilities of which some are kept may be told of the
// others: ask Of about each.
func (e *Embargo) OfDecision(d *model.Decision) *model.Case {
	if !e.Runs() {
		return nil
	}
	if c := e.decisions[d]; c != nil {
		return c
	}
	told := func(id string) bool { return e.Of(id) == nil }
	if !slices.ContainsFunc(d.About(), told) {
		return e.Of(d.Vulnerability)
	}
	return e.Named(d.Title, d.Reason, d.Action)
}

// Named is a case that keeps a vulnerability or a decision confidential which a text
// names; nil for none.
func (e *Embargo) Named(texts ...string) *model.Case {
	if !e.Runs() {
		return nil
	}
	for _, text := range texts {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
			return r != '-' && r != ':' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			word = strings.ToLower(strings.Trim(word, "-:."))
			if c := cmp.Or(e.ids[word], e.called[word]); c != nil {
				return c
			}
		}
	}
	return nil
}
