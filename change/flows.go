package change

import (
	"fmt"

	"theriac/model"
)

var _ = add(interpretation{"flows and zones", Architecture, func(c *Comparison, say func(Item)) {
	for f := range added[*model.Flow](c) {
		say(newFlow(f))
	}
	for f := range removed[*model.Flow](c) {
		item := about(f, Neutral, "removed%s: %s → %s", titled(f), f.From.ID, f.To.ID).explains("*").signals(SystemStructure)
		if f.Crosses() {
			item.Grade = Better
		}
		say(item)
	}
	for was, is := range both[*model.Flow](c) {
		crossing(c, was, is, say)
	}
	structureOf(c, say)
}})

func newFlow(f *model.Flow) Item {
	item := about(f, Neutral, "added%s: %s → %s", titled(f), f.From.ID, f.To.ID).explains("*").signals(SystemStructure)
	if f.Crosses() {
		from, to := f.Zones()
		item.Grade = Worse
		item.Text += fmt.Sprintf(", from zone %s into %s", from.ID, to.ID)
	}
	return item.details(labelled("over", ids(f.Over)), labelled("carries", ids(f.Carries)),
		lacks("confidentiality", f.Confidential()), lacks("integrity", f.Intact()), lacks("authentication", f.Authentic()))
}

// lacks says that a protection is missing or unknown.
func lacks(property string, a model.Answer) string {
	switch a {
	case model.Yes:
		return ""
	case model.No:
		return "no " + property
	}
	return property + " not stated"
}

// crossing tells of a flow that now goes from one zone into another, or no longer
// does, whether it changed itself or its ends were moved.
func crossing(c *Comparison, was, is *model.Flow, say func(Item)) {
	if c.now(was.From.ID) != is.From.ID || c.now(was.To.ID) != is.To.ID {
		say(about(is, Neutral, "leads %s → %s instead of %s → %s", is.From.ID, is.To.ID, was.From.ID, was.To.ID).explains("from", "to").signals(SystemStructure))
	}
	switch from, to := is.Zones(); {
	case is.Crosses() && !was.Crosses():
		say(about(is, Worse, "now crosses from zone %s into %s", from.ID, to.ID).signals(SystemStructure, Exposed))
	case was.Crosses() && !is.Crosses():
		say(about(is, Better, "no longer crosses from one zone into another").signals(SystemStructure))
	}
}

// structureOf tells of the other parts of the architecture that came or went.
func structureOf(c *Comparison, say func(Item)) {
	signals := map[string]Signal{
		"zones": SystemStructure, "boundaries": SystemStructure, "actors": SystemStructure, "stores": DataStructure,
		"roles": ProtectionChanged, "permissions": ProtectionChanged, "keys": ProtectionChanged,
		"update-policy": ProtectionChanged, "logging": ProtectionChanged, "assets": DataStructure,
	}
	for _, one := range c.Changes {
		signal, ok := signals[one.Kind.Name]
		if !ok {
			continue
		}
		switch one.Status() {
		case Added:
			say(about(one.After, Neutral, "added%s", titled(one.After)).explains("*").signals(signal))
		case Removed:
			say(about(one.Before, Neutral, "removed%s", titled(one.Before)).explains("*").signals(signal))
		}
	}
}
