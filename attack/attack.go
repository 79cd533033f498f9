// Package attack finds the ways by which an attacker who stands outside reaches
// what the patient depends on: the paths of least effort on the graph of the
// architecture, and the controls that hold them.
//
// # Values
//
// Effort is an ordinal number without unit: it orders paths of one security
// file and says nothing else. It is no probability, no time and no score of
// risk. The tables are in effort.go.
//
// The effort of a path is the cost of its entry plus that of its steps. A step
// costs one, and on top of it what the obstacles take that stand there, each once
// (effortOf). An obstacle that stands at two steps of a path counts at both, since
// it has to be overcome in two places. So the effort of a step does not depend on
// the steps before it, and the paths found are of least effort exactly, not by
// estimate. Of paths with equal effort the one with fewer steps is taken; of
// those, which one follows from the order of the file alone.
//
// Unknown is never a pass. A control without a stated strength counts less than
// the weakest stated one, and paths that rest on it say so. An absent value is
// no obstacle.
//
// # What an edge means
//
// That an attacker who has the first thing can influence the second. It does
// not mean that he takes it over, but the search goes on as if he did. The one
// exception are sensors and power contacts: they carry no messages, so what
// comes in by them goes on along declared flows only. Components of one zone
// reach each other without a declared flow (builder.lateral), because a zone is where
// the same degree of trust holds. People are no way through: what a person is
// shown ends the path.
//
// A flow is reached when its receiver would take what the attacker put into it:
// by its sender, by an interface that it runs over, or by a component that
// passes it on.
//
// # Concurrency
//
// An Analysis is not safe for concurrent use: it keeps the memory of its
// searches.
//
// # Sources
//
// Zones as in IEC 62443; attack paths as in ISO/SAE 21434.
package attack

import (
	"slices"

	"theriac/model"
)

// Target is something whose loss can harm a patient.
type Target struct {
	Entity model.Entity   // a component with safety: true, a store or a flow
	Assets []*model.Asset // those on which therapy, a result or an alarm depends
	Reach  []Reach        // the entries from which it is reached, by effort

	nodes []int32
}

// Reach says that a target can be reached from an entry.
type Reach struct {
	Entry  *Entry
	Effort int
}

// Options limit what is kept.
type Options struct {
	Keep int // entries kept for each target, the least effort first; 0 keeps all
}

// Analysis is what is known about the paths through a security file.
type Analysis struct {
	Entries  []*Entry
	Targets  []*Target
	Controls []*Standing // controls that stand somewhere, in source order
	Pairs    int         // pairs of entry and target with a path
	Open     []Opening   // pairs with a path that meets no control, in the order of targets, then entries

	graph  *graph
	normal *view
	signed *view
	search *search
}

// Opening is a pair of entry and target with a path that meets no control. It
// need not be the path of least effort.
type Opening struct {
	Entry  *Entry
	Target *Target
}

// Find derives the graph from a security file and searches it from each entry.
func Find(f *model.File, o Options) *Analysis { return analyse(build(f), o) }

func analyse(g *graph, o Options) *Analysis {
	a := &Analysis{graph: g, Entries: g.entries, Targets: g.targets, normal: g.view(false), signed: g.view(true)}
	a.search = newSearch(g, max(a.normal.widest, a.signed.widest))
	for _, c := range g.controls {
		a.Controls = append(a.Controls, &Standing{Control: c})
	}
	tally := newTally(a)
	for _, e := range a.Entries {
		a.from(e, tally, o.Keep)
	}
	tally.close(a)
	return a
}

// from searches from one entry and counts what it reaches.
func (a *Analysis) from(e *Entry, t *tally, keep int) {
	v := a.viewOf(e)
	a.search.run(v, e.node, nil)
	t.begin(a, v)
	for _, target := range a.Targets {
		n := a.search.nearest(target)
		if n < 0 {
			continue
		}
		a.Pairs++
		target.add(Reach{e, e.Class.Cost() + int(a.search.dist[n])}, keep)
		t.count(a, e, target, n)
	}
}

// add keeps the list sorted by effort, earlier entries first.
func (t *Target) add(r Reach, keep int) {
	at, _ := slices.BinarySearchFunc(t.Reach, r, func(have, r Reach) int {
		if have.Effort <= r.Effort {
			return -1
		}
		return 1
	})
	if keep > 0 && at >= keep {
		return
	}
	t.Reach = slices.Insert(t.Reach, at, r)
	if keep > 0 && len(t.Reach) > keep {
		t.Reach = t.Reach[:keep]
	}
}

// viewOf is the graph as the entry finds it.
func (a *Analysis) viewOf(e *Entry) *view {
	if e.Class == SupplyChain {
		return a.signed
	}
	return a.normal
}
