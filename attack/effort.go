package attack

import (
	"slices"

	"theriac/model"
)

// Class says from where, or as whom, an attacker comes.
type Class string

// The classes of entry.
const (
	Internet    Class = "internet"
	Site        Class = "site"
	Local       Class = "local"
	Physical    Class = "physical"
	Peer        Class = "peer"
	Insider     Class = "insider"
	SupplyChain Class = "supply-chain"
)

// classes is the cost of getting to the place where a path begins.
var classes = []struct {
	class Class
	cost  int
	doc   string
}{
	{Internet, 0, "anybody on the internet"},
	{Site, 2, "somebody on the network of the operator"},
	{Local, 3, "somebody in radio range"},
	{Physical, 4, "somebody who can touch the device or open it"},
	{Peer, 5, "a system that the device deals with, taken over by an attacker"},
	{Insider, 10, "a person who deals with the device and abuses it, or whose credentials were taken"},
	{SupplyChain, 10, "genuine signed content that was tampered with before it was signed"},
}

// Classes lists the classes of entry.
func Classes() []Class {
	var list []Class
	for _, c := range classes {
		list = append(list, c.class)
	}
	return list
}

// Cost is the effort of an entry of the class.
func (c Class) Cost() int {
	for _, k := range classes {
		if k.class == c {
			return k.cost
		}
	}
	return 0
}

// Doc says who comes.
func (c Class) Doc() string {
	for _, k := range classes {
		if k.class == c {
			return k.doc
		}
	}
	return ""
}

// step is what every step costs.
const step = 1

// What an obstacle costs. The stated strengths follow model.Strength. Neither a
// control without a strength nor a property that an element states about itself
// tells what it takes to overcome it. So each counts less than any stated one,
// and however many of them stand at one step, together they count as one control,
// a basic one at most: naming many controls is no reason to feel safe.
const (
	unstated    = 1
	basic       = 2
	moderate    = 5
	high        = 10
	allUnstated = basic
)

// lateral is the cost of going on to a component of the same zone without any
// declared way: some weakness is needed, but no trust is crossed. It is harder
// from hardware, and hardest from hardware in which no code is known.
func (b *builder) lateral(c *model.Component) int {
	switch {
	case c.Type != "hardware" && c.Type != "device":
		return basic
	case b.runs[c]:
		return moderate
	}
	return high
}

// effortOf is the effort of a step with these obstacles: the strongest counts in
// full, the next half, the next a quarter, and so on. A file lists what guards an
// element against all kinds of attack, and hardly any attack has to overcome all
// of it; so a step takes less than twice what its strongest obstacle takes, and
// depth of defence shows in steps. Taking an obstacle away never makes it more.
func effortOf(list []Obstacle) int {
	var costs []int
	rest := 0
	for _, o := range list {
		if o.Stated {
			costs = append(costs, o.Cost)
		} else {
			rest += o.Cost
		}
	}
	costs = append(costs, min(rest, allUnstated))
	slices.SortFunc(costs, func(x, y int) int { return y - x })
	sum := step
	for n, c := range costs {
		sum += c >> n
	}
	return sum
}

func strength(c *model.Control) int {
	switch c.Strength {
	case "basic":
		return basic
	case "moderate":
		return moderate
	case "high":
		return high
	}
	return unstated
}

// Obstacle is something that stands in the way at a step.
type Obstacle struct {
	Control *model.Control // nil for what an element states about itself
	Text    string         // what it is, when there is no control
	Cost    int
	Stated  bool // whether its strength is stated

	bit     int  // of the control in masks
	genuine bool // content that was signed by the rightful key passes it
}

func obstacleOf(c *model.Control) Obstacle {
	return Obstacle{Control: c, Cost: strength(c), Stated: c.Strength != ""}
}

// declared is an obstacle that an element states about itself.
func declared(text string) Obstacle { return Obstacle{Text: text, Cost: unstated} }

// idle are the capabilities that hinder nobody: they record, restore, inform,
// open doors in an emergency or bring updates. A control whose capabilities are
// all among them stands in no way, unless it signs updates.
var idle = []model.Capability{"audt", "csup", "didt", "dtbk", "emrg", "sgud"}

// proofs are the capabilities that tell the right peer from a stranger and keep
// strangers out of a channel. A control that gives these alone does not hinder
// the right peer, so it does not stand in the way of one that was taken over.
var proofs = []model.Capability{"naut", "paut", "txcf", "txig"}

// hinders reports whether a control stands in the way of an attacker at all.
// Information for users (Annex I 4(c)) does not.
func hinders(c *model.Control) bool {
	return c.Priority != "information" && (!only(c, idle) || signs(c))
}

// proves reports whether a control only tells peers from strangers.
func proves(c *model.Control) bool { return only(c, proofs) }

// signs reports whether a control lets signed updates in and others not.
func signs(c *model.Control) bool { return slices.Contains(c.Features, "signed-updates") }

func only(c *model.Control, set []model.Capability) bool {
	return len(c.Capabilities) > 0 && !slices.ContainsFunc(c.Capabilities, func(k model.Capability) bool { return !slices.Contains(set, k) })
}

func gives(c *model.Control, set ...model.Capability) bool {
	return slices.ContainsFunc(c.Capabilities, func(k model.Capability) bool { return slices.Contains(set, k) })
}
