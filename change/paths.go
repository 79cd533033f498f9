package change

import (
	"fmt"
	"strings"

	"theriac/attack"
	"theriac/model"
)

var _ = add(interpretation{"attack paths", Paths, func(c *Comparison, say func(Item)) {
	if !c.moved() {
		return
	}
	p := paths{
		c: c, say: say, told: map[string]bool{},
		before: attack.Find(c.Before.File, attack.Options{Keep: 1}), after: attack.Find(c.After.File, attack.Options{Keep: 1}),
	}
	earlier := map[string]*attack.Target{}
	for _, t := range p.before.Targets {
		earlier[c.now(idOf(t.Entity))] = t
	}
	for _, t := range p.after.Targets {
		if was := earlier[idOf(t.Entity)]; was != nil {
			p.compare(was, t) // of a new target the architecture tells
		}
	}
	p.openings()
}})

// moved reports whether anything changed that paths lead over.
func (c *Comparison) moved() bool {
	for _, one := range c.Changes {
		switch sectionOf(one.Kind) {
		case Architecture, Controls:
			return true
		}
	}
	return false
}

// paths compares the attack paths of two states.
type paths struct {
	c             *Comparison
	before, after *attack.Analysis
	say           func(Item)
	told          map[string]bool // pairs of entry and target of which a worse path was told
}

// compare compares the path of least effort to a target.
func (p *paths) compare(was, is *attack.Target) {
	now, ok := p.after.Least(is)
	if !ok {
		return
	}
	then, reached := p.before.Least(was)
	switch {
	case !reached:
		p.worse(now, fmt.Sprintf("can be reached now: effort %d, from %s", now.Effort, idOf(now.Entry.At)), nil)
	case now.Effort < then.Effort:
		lost := without(p.c.nows(controlIDs(then)), controlIDs(now))
		p.worse(now, fmt.Sprintf("easier to reach: least effort %d → %d, from %s", then.Effort, now.Effort, idOf(now.Entry.At)), lost)
	case now.Effort > then.Effort:
		p.say(pathItem(now, Better, fmt.Sprintf("harder to reach: least effort %d → %d", then.Effort, now.Effort)))
	}
}

// worse tells of a path that is new or easier than what was there.
func (p *paths) worse(path attack.Path, text string, lost []string) {
	if len(path.Controls()) == 0 {
		text += ", and meets no control"
		p.told[pairOf(path.Entry, path.Target, idOf[model.Entity])] = true
	}
	item := pathItem(path, Worse, text)
	if len(lost) > 0 {
		item = item.details("no longer on the path: " + listed(lost, func(id string) string { return id }))
	}
	p.say(item)
}

func pairOf(e *attack.Entry, t *attack.Target, id func(model.Entity) string) string {
	return string(e.Class) + " " + id(e.At) + " " + id(t.Entity)
}

func pathItem(p attack.Path, g Grade, text string) Item {
	var steps []string
	for _, s := range p.Steps {
		steps = append(steps, s.String())
	}
	signal := Exposed
	if g == Better {
		signal = ProtectionStronger
	}
	return about(p.Target.Entity, g, "%s", text).signals(signal).details(strings.Join(steps, "; "))
}

func controlIDs(p attack.Path) []string {
	var list []string
	for _, c := range p.Controls() {
		list = append(list, c.ID)
	}
	return list
}

// openings tells of paths without any control that were not there before.
func (p *paths) openings() {
	for _, o := range p.before.Open {
		p.told[pairOf(o.Entry, o.Target, func(e model.Entity) string { return p.c.now(idOf(e)) })] = true
	}
	for _, o := range p.after.Open {
		if p.told[pairOf(o.Entry, o.Target, idOf[model.Entity])] {
			continue
		}
		if path, ok := p.after.Bare(o); ok {
			p.say(pathItem(path, Worse, fmt.Sprintf("a path from %s meets no control", idOf(o.Entry.At))))
		}
	}
}
