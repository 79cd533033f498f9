package change

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

var _ = add(interpretation{"verification", Tests, func(c *Comparison, say func(Item)) {
	r := c.ripples()
	for was, is := range both[*model.Verification](c) {
		if !c.shown(is) || repeated(was, is) {
			continue
		}
		if why := r.shaking(is); len(why) > 0 {
			say(again(is, why))
		}
	}
	for _, one := range c.Changes {
		if one.Kind.Name == "verifications" {
			verificationItem(one, say)
		}
	}
}})

// shown reports whether a verification has a result that may no longer hold. Where
// signers are listed, evidence holds the results.
func (c *Comparison) shown(v *model.Verification) bool {
	if v.Result == "" {
		return len(c.After.File.Signers) > 0
	}
	return v.Result != "planned"
}

// repeated reports whether a verification was done again between the two states.
func repeated(was, is *model.Verification) bool {
	return was.Date.Before(is.Date)
}

// again asks for a verification to be repeated.
func again(v *model.Verification, why []string) Item {
	text := strings.TrimSpace(string(v.Result) + " " + doneOn(v))
	if v.Result == "" {
		text = "evidence is of the former state"
	}
	item := about(v, Neutral, "%s", text)
	item.Because = why
	return item
}

func doneOn(v *model.Verification) string {
	var parts []string
	if !v.Date.IsZero() {
		parts = append(parts, v.Date.String())
	}
	if v.Release.ID != "" {
		parts = append(parts, "on "+v.Release.ID)
	}
	return strings.Join(parts, " ")
}

func verificationItem(one *Change, say func(Item)) {
	switch one.Status() {
	case Added:
		item := about(one.After, Neutral, "added%s", titled(one.After)).explains("*")
		item.Section = Rest
		say(item)
	case Removed:
		v := one.Before.(*model.Verification)
		item := about(v, Worse, "removed%s", titled(v)).explains("*").signals(ControlChanged).details(labelled("verified", ids(v.Verifies)))
		item.Section = Rest
		say(item)
	default:
		was, is := one.Before.(*model.Verification), one.After.(*model.Verification)
		if was.Result != is.Result {
			item := about(is, Neutral, "result %s → %s", stated(string(was.Result)), stated(string(is.Result))).explains("result")
			if is.Result == "failed" || was.Result == "passed" {
				item.Grade = Worse
			} else if is.Result == "passed" {
				item.Grade = Better
			}
			item.Section = Rest
			say(item)
		}
	}
}

// ripples knows how far each change reaches along the architecture and from
// controls to requirements, one step: what is further off is for people to judge.
type ripples struct {
	c   *Comparison
	why map[model.Entity][]string
}

func (c *Comparison) ripples() *ripples {
	r := &ripples{c, map[model.Entity][]string{}}
	for _, one := range c.Changes {
		if one.Before != nil && one.After != nil && one.substantial() {
			r.mark(one.After, one.ID()+" changed")
		}
	}
	for _, one := range c.Changes {
		if one.Before == nil || one.After == nil || one.substantial() {
			r.spread(one)
		}
	}
	return r
}

// substantial reports whether more differs than names and what is said to be
// answered.
func (c *Change) substantial() bool {
	return slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Path != "title" && f.Path != "clauses" && f.Path != "status" })
}

func (r *ripples) mark(e model.Entity, why string) {
	if !slices.Contains(r.why[e], why) {
		r.why[e] = append(r.why[e], why)
	}
}

// spread marks what stands beside a changed element or implements a changed
// control.
func (r *ripples) spread(one *Change) {
	what := fmt.Sprintf("%s %s", one.ID(), strings.Replace(string(one.Status()), "renamed", "changed", 1))
	switch e := one.Entity().(type) {
	case *model.Interface:
		beside(r, e.Component, what)
	case *model.Store:
		beside(r, e.Component, what)
	case *model.Component:
		beside(r, e.PartOf, what)
	case *model.Flow:
		beside(r, e.From, what)
		beside(r, e.To, what)
		for _, i := range e.Over {
			beside(r, i, what)
		}
	case *model.Control:
		for _, q := range model.Users[*model.Requirement](e, "implements") {
			r.later(q, what)
		}
	}
}

func beside[T model.Entity](r *ripples, ref model.Ref[T], what string) {
	if ref.OK() {
		r.later(ref.To, what)
	}
}

// later marks an entity of either state, where the later one has it.
func (r *ripples) later(e model.Entity, why string) {
	if is := r.c.is[e]; is != nil {
		e = is
	}
	if r.c.After.File.Lookup(model.Of(e).ID) == e {
		r.mark(e, why)
	}
}

// shaking lists why a verification may no longer hold.
func (r *ripples) shaking(v *model.Verification) []string {
	var why []string
	take := func(e model.Entity) {
		for _, w := range r.why[e] {
			if !slices.Contains(why, w) {
				why = append(why, w)
			}
		}
	}
	if one := r.c.of[v]; one != nil && one.Touches("verifies", "method", "procedure", "covers", "tool") {
		why = append(why, "what it does or verifies changed")
	}
	for q := range model.Targets(v.Verifies) {
		take(q)
	}
	for e := range model.Targets(v.Covers) {
		take(e)
	}
	return why
}
