package change

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"theriac/model"
	"theriac/threat"
)

var _ = add(interpretation{"derived threats", Threats, func(c *Comparison, say func(Item)) {
	d := c.derived()
	for _, e := range d.order {
		d.say(e, say)
	}
}})

// derivedChanges are the derived threats that came, went or are answered in
// another way, by element of the later state, or of the earlier one where it is
// gone.
type derivedChanges struct {
	order []model.Element
	fresh map[model.Element][]*threat.Derived
	gone  map[model.Element][]*threat.Derived
	moved map[model.Element][]moved
	// removed are the elements that are gone with what was derived of them.
	removed map[model.Element]bool
}

// moved is a derived threat whose status is another.
type moved struct{ was, is *threat.Derived }

// derived is worked out once: several interpretations ask for it.
func (c *Comparison) derived() *derivedChanges {
	if c.threats == nil {
		c.threats = c.findDerived()
	}
	return c.threats
}

func (c *Comparison) findDerived() *derivedChanges {
	d := &derivedChanges{fresh: map[model.Element][]*threat.Derived{}, gone: map[model.Element][]*threat.Derived{}, moved: map[model.Element][]moved{}, removed: map[model.Element]bool{}}
	earlier := map[string]*threat.Derived{}
	for _, t := range c.Before.Threats.Threats {
		earlier[t.Pattern.ID+"."+c.now(idOf(t.Element))] = t
	}
	seen := map[string]bool{}
	for _, t := range c.After.Threats.Threats {
		seen[t.ID()] = true
		switch was := earlier[t.ID()]; {
		case was == nil:
			d.note(t.Element)
			d.fresh[t.Element] = append(d.fresh[t.Element], t)
		case was.Status != t.Status:
			d.note(t.Element)
			d.moved[t.Element] = append(d.moved[t.Element], moved{was, t})
		}
	}
	for _, t := range c.Before.Threats.Threats {
		if !seen[t.Pattern.ID+"."+c.now(idOf(t.Element))] {
			e := t.Element
			is, ok := c.is[e].(model.Element)
			if ok {
				e = is
			}
			d.removed[e] = !ok
			d.note(e)
			d.gone[e] = append(d.gone[e], t)
		}
	}
	return d
}

func (d *derivedChanges) note(e model.Element) {
	if !slices.Contains(d.order, e) {
		d.order = append(d.order, e)
	}
}

// say tells of one element, each thing in one item.
func (d *derivedChanges) say(e model.Element, say func(Item)) {
	if fresh := d.fresh[e]; len(fresh) > 0 {
		open := slices.DeleteFunc(slices.Clone(fresh), func(t *threat.Derived) bool { return t.Status.Answered() })
		item := about(e, Neutral, "%s new", amount(len(fresh), "derived threat", "derived threats")).signals(RiskNew)
		if len(open) > 0 {
			item.Grade = Worse
			item.Text += fmt.Sprintf(", %d not dispositioned", len(open))
		} else {
			item.Text += ", all answered"
		}
		say(item.details(patterns(fresh)...))
	}
	if gone := d.gone[e]; len(gone) > 0 {
		grade := Neutral // a threat of a state that is left may be followed by others
		if d.removed[e] {
			grade = Better
		}
		say(about(e, grade, "%s no longer derived", amount(len(gone), "threat", "threats")).details(patterns(gone)...))
	}
	d.sayMoved(e, say)
}

func (d *derivedChanges) sayMoved(e model.Element, say func(Item)) {
	groups := map[[2]threat.Status][]*threat.Derived{}
	for _, m := range d.moved[e] {
		at := [2]threat.Status{m.was.Status, m.is.Status}
		groups[at] = append(groups[at], m.is)
	}
	keys := slices.SortedFunc(maps.Keys(groups), func(a, b [2]threat.Status) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	for _, at := range keys {
		item := about(e, Neutral, "%s: %s → %s", amount(len(groups[at]), "derived threat", "derived threats"), words(at[0]), words(at[1]))
		switch {
		case at[0].Answered() && !at[1].Answered():
			item = item.signals(RiskWorse)
			item.Grade = Worse
		case at[1].Answered() && !at[0].Answered():
			item.Grade = Better
		}
		say(item.details(patterns(groups[at])...))
	}
}

// words says what a status means.
func words(s threat.Status) string {
	switch s {
	case threat.AsRisk:
		return "treated by a risk"
	case threat.NotApplicable:
		return "not applicable"
	case threat.Reopened:
		return "to be looked at again"
	case threat.Undecided:
		return "undecided"
	}
	return "open"
}

// patterns names the patterns of derived threats: first those that are knowledge
// about devices, then the questions that every element is asked.
func patterns(list []*threat.Derived) []string {
	var special, questions []string
	for _, t := range list {
		if t.Pattern.Base() {
			questions = append(questions, string(t.Pattern.Category))
		} else {
			special = append(special, t.Pattern.ID)
		}
	}
	return []string{strings.Join(special, ", "), labelled("questions of", strings.Join(questions, ", "))}
}

var _ = add(interpretation{"threats", Threats, func(c *Comparison, say func(Item)) {
	for t := range added[*model.Threat](c) {
		item := about(t, Neutral, "added%s", titled(t)).explains("*").signals(RiskNew)
		if t.NotApplicable == "" && len(model.Users[*model.Risk](t, "threats")) == 0 {
			item.Grade, item.Text = Worse, item.Text+"; no risk treats it, and nothing says why none is needed"
		}
		say(item)
	}
	for t := range removed[*model.Threat](c) {
		say(about(t, Neutral, "removed%s", titled(t)).explains("*"))
	}
	for was, is := range both[*model.Threat](c) {
		treatment(was, is, say)
	}
	safetyFile(c, say)
}})

// treatment tells of a threat that lost or found its answer.
func treatment(was, is *model.Threat, say func(Item)) {
	before, after := len(model.Users[*model.Risk](was, "threats")), len(model.Users[*model.Risk](is, "threats"))
	reason := was.NotApplicable != is.NotApplicable
	switch {
	case reason && was.NotApplicable == "":
		say(about(is, Neutral, "said not to apply: %s", short(is.NotApplicable)).explains("not-applicable").signals(RiskNew))
	case reason && is.NotApplicable == "":
		say(about(is, Neutral, "no longer said not to apply; the reason was: %s", short(was.NotApplicable)).explains("not-applicable").signals(RiskNew))
	case reason:
		say(about(is, Neutral, "reason why it does not apply: %s", around(was.NotApplicable, is.NotApplicable)).explains("not-applicable").signals(RiskNew))
	}
	switch {
	case before > 0 && after == 0 && is.NotApplicable == "":
		say(about(is, Worse, "no risk treats it any more").signals(RiskWorse))
	case before == 0 && after > 0:
		say(about(is, Better, "treated by a risk now"))
	}
}

// safetyFile tells of what came from or went with the safety file.
func safetyFile(c *Comparison, say func(Item)) {
	for _, one := range c.Changes {
		switch one.Kind.Name {
		case "hazards", "situations", "harms":
		default:
			continue
		}
		switch one.Status() {
		case Added:
			say(about(one.After, Neutral, "added%s", titled(one.After)).explains("*").signals(SafetyTouched))
		case Removed:
			say(about(one.Before, Neutral, "removed%s", titled(one.Before)).explains("*").signals(SafetyTouched))
		default:
			if one.Touches("severity") {
				say(severity(c, one))
			}
		}
	}
}

func severity(c *Comparison, one *Change) Item {
	f := one.Field("severity")
	was, is := strings.Join(f.Before, ""), strings.Join(f.After, "")
	item := about(one.After, Neutral, "severity %s → %s", stated(was), stated(is)).explains("severity").signals(SafetyTouched)
	switch a, b := c.Before.Risks.Scales.Severity(was), c.After.Risks.Scales.Severity(is); {
	case a == 0 || b == 0:
	case b > a:
		item.Grade = Worse
	case b < a:
		item.Grade = Better
	}
	return item
}
