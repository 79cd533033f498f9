// Package threat derives what may go wrong from the architecture: patterns of
// threat, kept as data, are tried on every element, and what comes out must be
// answered by a threat of the security file.
//
// # Format
//
// A pattern (data/*.yaml) names the kind of element it looks at, a condition
// over the element (see package expr and Vocabulary), what would happen, what it
// bears on and what usually helps. Base patterns ask the six STRIDE questions of
// every element; where one does not arise, they say why. All others are
// knowledge about medical devices.
//
// Conditions speak of what an element is, never of how it is protected: a
// threat does not vanish because a control exists; the control is the answer.
// What the file leaves unsaid counts as if it held.
//
// # Values
//
// A derived threat is a pattern on an element. Its id is the pattern's, a dot and
// the element's. It is answered by threats of the file that name the pattern
// under `patterns` and the element under `targets`; a base question is answered
// by any threat of its category with that target, unless that is set aside for a
// reason about other patterns, which it names.
//
// # Concurrency
//
// Everything is read-only once made, but for Derived.Because.
package threat

import (
	"cmp"
	"slices"

	"theriac/expr"
	"theriac/model"
)

// Status says how far a derived threat is answered.
type Status string

// The states, from answered to not.
const (
	AsRisk        Status = "risk"           // a risk treats a threat that answers it
	NotApplicable Status = "not-applicable" // a threat that answers it gives a reason
	Reopened      Status = "reopened"       // answered, but the element has changed since
	Undecided     Status = "undecided"      // a threat answers it, without risk or reason
	Open          Status = "open"           // no threat answers it
)

// Answered reports whether nothing is left to decide.
func (s Status) Answered() bool { return s == AsRisk || s == NotApplicable }

// Derived is a pattern that bears on an element.
type Derived struct {
	Pattern *Pattern
	Element model.Element
	borne   []*model.Asset // by the element
	facts   *subject

	// Assumed is set where it fires only because the file leaves something unsaid.
	Assumed bool
	Status  Status
	By      []*model.Threat // threats of the file that answer it
	Changed []model.Element // what has changed since the answers for it were reviewed
}

// Because lists what the condition rests on. It may not be called from several
// goroutines at once.
func (d *Derived) Because() []string { return d.Pattern.condition.Because(d.facts) }

// ID names the derived threat.
func (d *Derived) ID() string { return d.Pattern.ID + "." + model.Of(d.Element).ID }

// Derivation is what the patterns say about a file.
type Derivation struct {
	Threats []*Derived // by element in the order of the file, base questions last
	Blanks  []Blank

	elements []model.Element
}

// Blank is a base question that does not arise.
type Blank struct {
	Pattern *Pattern
	Element model.Element
}

// Suspect reports whether an element has changed since a threat's answer for it
// was reviewed.
type Suspect func(t *model.Threat, e model.Element) bool

// Derive tries all patterns on all elements of the file. Without suspect no
// answer counts as reopened.
func Derive(file *model.File, suspect Suspect) *Derivation {
	a := answers(file)
	d := &Derivation{}
	view := newView(file)
	for e := range elements(file) {
		d.elements = append(d.elements, e)
		facts := view.of(e)
		for _, p := range patternsFor(e) {
			value := p.eval(facts)
			switch {
			case value != expr.False:
				found := &Derived{Pattern: p, Element: e, facts: facts, borne: facts.assets(), Assumed: value == expr.Undecided}
				a.judge(found, suspect)
				d.Threats = append(d.Threats, found)
			case p.Base():
				d.Blanks = append(d.Blanks, Blank{p, e})
			}
		}
	}
	return d
}

// Undispositioned are the derived threats that are not answered.
func (d *Derivation) Undispositioned() []*Derived {
	var open []*Derived
	for _, t := range d.Threats {
		if !t.Status.Answered() {
			open = append(open, t)
		}
	}
	return open
}

// Find returns the derived threat with the id, or nil.
func (d *Derivation) Find(id string) *Derived {
	i := slices.IndexFunc(d.Threats, func(t *Derived) bool { return t.ID() == id })
	if i < 0 {
		return nil
	}
	return d.Threats[i]
}

// elements yields the elements of the architecture, kind by kind.
func elements(f *model.File) func(yield func(model.Element) bool) {
	return func(yield func(model.Element) bool) {
		more := true
		f.All(func(e model.Entity) {
			if el, ok := e.(model.Element); ok && more {
				more = yield(el)
			}
		})
	}
}

// index finds the threats of a file by their targets.
type index map[model.Element][]*model.Threat

func answers(f *model.File) index {
	byTarget := index{}
	for _, t := range f.Threats {
		for e := range model.Targets(t.Targets) {
			byTarget[e] = append(byTarget[e], t)
		}
	}
	return byTarget
}

// judge finds what answers a derived threat, and how far. The best answer that
// still holds counts.
func (a index) judge(d *Derived, suspect Suspect) {
	d.Status = Open
	consider := func(target model.Element) {
		for _, t := range a[target] {
			if !d.Pattern.answeredBy(t) {
				continue
			}
			d.By = append(d.By, t)
			status := standing(t)
			if status.Answered() && suspect != nil && suspect(t, target) {
				status = Reopened
				if !slices.Contains(d.Changed, target) {
					d.Changed = append(d.Changed, target)
				}
			}
			if better(status, d.Status) {
				d.Status = status
			}
		}
	}
	consider(d.Element)
	if f, ok := d.Element.(*model.Flow); ok && d.Pattern.Base() {
		// Whoever attacks an interface attacks what flows over it.
		for i := range model.Targets(f.Over) {
			consider(i)
		}
	}
}

// standing is how far a threat of the file is decided.
func standing(t *model.Threat) Status {
	switch {
	case len(model.Users[*model.Risk](t, "threats")) > 0:
		return AsRisk
	case t.NotApplicable != "":
		return NotApplicable
	}
	return Undecided
}

var order = []Status{AsRisk, NotApplicable, Reopened, Undecided, Open}

func better(a, b Status) bool {
	return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) < 0
}
