package change

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

var _ = add(interpretation{"interfaces", Architecture, func(c *Comparison, say func(Item)) {
	for i := range added[*model.Interface](c) {
		say(newInterface(i))
	}
	for i := range removed[*model.Interface](c) {
		say(goneInterface(i))
	}
	for was, is := range both[*model.Interface](c) {
		if c.of[is] != nil {
			switched(was, is, say)
			otherHost(was, is, say)
		}
	}
}})

// opens reports whether an interface lets somebody outside in or out.
func opens(i *model.Interface) bool { return i.Used() && i.Exposure.External() }

func newInterface(i *model.Interface) Item {
	grade := Neutral
	if opens(i) {
		grade = Worse
	}
	item := about(i, grade, "added%s: %s on %s, exposure %s", titled(i), i.Medium, i.Component.ID, i.Exposure).explains("*").details(
		labelled("purpose", string(i.Purpose)), labelled("protocol", i.Protocol), labelled("state", string(i.State)),
		"authentication "+answered(i.Authentic(), string(i.Authentication)),
		"encryption "+answered(i.Confidential(), i.Encryption),
		labelled("takes changes of", ids(i.Accepts)), labelled("gives out", ids(i.Shows)),
	)
	return item.signals(channel(i, ChannelNew)...)
}

func goneInterface(i *model.Interface) Item {
	grade := Neutral
	if opens(i) {
		grade = Better
	}
	return about(i, grade, "removed%s: %s on %s, exposure %s", titled(i), i.Medium, i.Component.ID, i.Exposure).explains("*").signals(channel(i, ChannelGone)...)
}

// channel are the signals of an interface that came or went.
func channel(i *model.Interface, s Signal) []Signal {
	switch {
	case i.Medium.Person():
		return []Signal{UserInterface}
	case !opens(i) || i.Medium.Analogue():
		return []Signal{SystemStructure}
	case s == ChannelNew:
		return []Signal{ChannelNew, Exposed}
	}
	return []Signal{s}
}

// states from the least usable to the most.
var states = []model.State{"disabled", "service-only", "optional", "enabled"}

func stateOfInterface(i *model.Interface) model.State { return cmp.Or(i.State, "enabled") }

func switched(was, is *model.Interface, say func(Item)) {
	from, to := stateOfInterface(was), stateOfInterface(is)
	if from == to {
		return
	}
	a, b := slices.Index(states, from), slices.Index(states, to)
	item := about(is, Neutral, "state %s → %s", from, to).explains("state")
	switch {
	case a < 0 || b < 0:
	case b > a:
		item.Grade = Worse
		item.Signals = []Signal{Exposed}
		if from == "disabled" {
			item.Text = "switched on: " + item.Text
			item.Signals = channel(is, ChannelNew)
		}
	default:
		item.Grade = Better
		if to == "disabled" {
			item.Text = "switched off: " + item.Text
			item.Signals = channel(was, ChannelGone)
		}
	}
	say(item)
}

func otherHost(was, is *model.Interface, say func(Item)) {
	if a, b := model.ZoneOf(was), model.ZoneOf(is); a != nil && b != nil && a.ID != b.ID && was.Component.ID != is.Component.ID {
		say(about(is, Neutral, "moved from %s in zone %s to %s in zone %s", was.Component.ID, a.ID, is.Component.ID, b.ID).explains("component").signals(SystemStructure))
	}
}

// answered writes what is said of a protection, and whether it is one.
func answered(a model.Answer, text string) string {
	switch {
	case text == "":
		return "not stated"
	case a == model.No && model.States(text) != model.No:
		return text + ", which is none"
	case a == model.Unknown:
		return text + ", of which nothing can be told"
	}
	return text
}

// labelled is a fact behind its label, or nothing.
func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + " " + value
}

// titled is the title of an entity in brackets.
func titled(e model.Entity) string {
	if t := strings.Join(strings.Fields(model.Of(e).Title), " "); t != "" {
		return fmt.Sprintf(" (%s)", t)
	}
	return ""
}

// ids lists the ids of references.
func ids[T model.Entity](refs []model.Ref[T]) string {
	var list []string
	for _, r := range refs {
		list = append(list, r.ID)
	}
	return strings.Join(list, ", ")
}
