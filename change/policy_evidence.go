package change

import (
	"slices"
	"strings"

	"theriac/model"
)

var _ = add(interpretation{"policy of evidence", Product, func(c *Comparison, say func(Item)) {
	was, is, one := c.policies()
	if one == nil {
		return
	}
	say = marked(say, QualitySystem)
	signingRules(was, is, one, say)
	ages := []struct {
		field, says string
		was, is     model.Duration
	}{
		{"evidence.max-age", "oldest evidence that counts", was.Evidence.MaxAge, is.Evidence.MaxAge},
		{"evidence.penetration-test", "longest time between penetration tests", was.Evidence.PenetrationTest, is.Evidence.PenetrationTest},
	}
	for _, a := range ages {
		if one.Touches(a.field) {
			say(about(is, limitGrade(a.was, a.is), "%s %s → %s", a.says, stated(a.was.String()), stated(a.is.String())).explains(a.field))
		}
	}
}})

// policies are the policies of both states and how they differ; one is nil where
// there is nothing to compare.
func (c *Comparison) policies() (was, is *model.Policy, one *Change) {
	if is = c.After.File.Policy; is == nil {
		return nil, nil, nil
	}
	was, ok := c.was[is].(*model.Policy)
	if !ok {
		return nil, nil, nil
	}
	return was, is, c.of[is]
}

// marked adds signals to all items.
func marked(say func(Item), s ...Signal) func(Item) {
	return func(i Item) { say(i.signals(s...)) }
}

// limitGrade compares two limits of time; one that is not stated limits nothing.
func limitGrade(was, is model.Duration) Grade {
	if is.IsZero() || !was.IsZero() && is.Longer(was) {
		return Worse
	}
	return Better
}

// mandate is who may sign one kind of evidence: roles with the least independence
// that is asked of them, as a place in the order of its values. To ask nothing is
// to be content with the author, the first of them.
type mandate map[string]int

func mandates(p *model.Policy) map[string]mandate {
	all := map[string]mandate{}
	for _, s := range p.Evidence.Signers {
		for _, kind := range s.Kinds {
			if all[string(kind)] == nil { // only the first line for a kind counts
				all[string(kind)] = mandateOf(s)
			}
		}
	}
	return all
}

func mandateOf(s model.EvidenceSigners) mandate {
	m := mandate{}
	for _, role := range s.Roles {
		m[role] = max(0, slices.Index(independences(), string(s.Independence)))
	}
	return m
}

func independences() []string {
	var list []string
	for _, v := range model.Independence("").Values() {
		list = append(list, v.Name)
	}
	return list
}

// apartness writes a place in the order of independence.
func apartness(place int) string {
	if place == 0 {
		return "none"
	}
	return independences()[place]
}

// ruling is one statement about who may sign, with the kinds that it is about.
type ruling struct {
	grade Grade
	text  string
	kinds []string
}

// rulings gathers statements, so that one that holds for many kinds is one item.
type rulings []*ruling

func (r *rulings) add(kind string, g Grade, text string) {
	for _, have := range *r {
		if have.grade == g && have.text == text {
			have.kinds = append(have.kinds, kind)
			return
		}
	}
	*r = append(*r, &ruling{g, text, []string{kind}})
}

// signingRules compares who may sign which kinds of evidence.
func signingRules(was, is *model.Policy, one *Change, say func(Item)) {
	before, after := mandates(was), mandates(is)
	var all rulings
	for _, v := range model.EvidenceKind("").Values() {
		all.compare(v.Name, before[v.Name], after[v.Name])
	}
	explained := one.paths("evidence.signers")
	for _, r := range all {
		say(about(is, r.grade, "evidence, %s: %s", strings.Join(r.kinds, ", "), r.text).explains(explained...))
	}
}

// compare tells how the mandate for one kind changed.
func (r *rulings) compare(kind string, was, is mandate) {
	switch {
	case len(was) > 0 && len(is) == 0:
		r.add(kind, Worse, "nobody may sign it any more, so that none counts")
		return
	case len(was) == 0 && len(is) > 0:
		r.add(kind, Neutral, "may be signed now as "+strings.Join(sorted(is), ", "))
		return
	}
	for _, role := range sorted(is) {
		switch had, there := was[role]; {
		case !there:
			r.add(kind, Worse, "may be signed now also as "+role)
		case is[role] < had:
			r.add(kind, Worse, "independence asked of "+role+" "+apartness(had)+" → "+apartness(is[role]))
		case is[role] > had:
			r.add(kind, Better, "independence asked of "+role+" "+apartness(had)+" → "+apartness(is[role]))
		}
	}
	for _, role := range sorted(was) {
		if _, there := is[role]; !there {
			r.add(kind, Better, "may no longer be signed as "+role)
		}
	}
}
