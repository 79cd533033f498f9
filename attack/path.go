package attack

import (
	"slices"
	"strings"

	"theriac/model"
)

// Path is a way from an entry to a target.
type Path struct {
	Entry  *Entry
	Target *Target
	Effort int
	Steps  []Step
}

// Step is one step of a path.
type Step struct {
	From, To  model.Entity
	Via       []model.Entity // flow and interfaces, in the order of the sentence
	Obstacles []Obstacle
	Effort    int

	how verb
}

// Controls are those that stand on the path, each once, in the order in which it
// meets them.
func (p Path) Controls() []*model.Control {
	var list []*model.Control
	for _, s := range p.Steps {
		for _, o := range s.Obstacles {
			if o.Control != nil && !slices.Contains(list, o.Control) {
				list = append(list, o.Control)
			}
		}
	}
	return list
}

// Unstated reports whether the effort rests on obstacles whose strength is not
// stated.
func (p Path) Unstated() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		return slices.ContainsFunc(s.Obstacles, func(o Obstacle) bool { return !o.Stated })
	})
}

// verb is how a step is taken.
type verb string

// The verbs, with {from}, {to} and what the step goes by in braces.
const (
	connects verb = "connects to {to} over {0}"
	uses     verb = "{from} uses {0} of {to}"
	answers  verb = "{from} answers {to} over {0}"
	sends    verb = "{from} sends {0} to {to}"
	alters   verb = "forges {0} to {to} on {1}"
	passes   verb = "{from} passes on {0} to {to}"
	belongs  verb = "{from} is part of {to}"
	contains verb = "{from} contains {to}"
	keeps    verb = "{from} holds {to}"
	read     verb = "{to} reads {from}"
	takes    verb = "takes out and changes {to}"
	spreads  verb = "{from} gives a foothold in {to}"
	moves    verb = "{to} is in {from} as well"
	debugs   verb = "uses the open debug access of {to}"
)

// String is the step as a sentence of ids.
func (s Step) String() string {
	to := model.Of(s.To).ID
	if f, ok := s.To.(*model.Flow); ok && (s.how == sends || s.how == alters || s.how == passes) {
		to = f.To.ID // the flow is the end of the path
	}
	pairs := []string{"{from}", model.Of(s.From).ID, "{to}", to}
	for n, e := range s.Via {
		pairs = append(pairs, "{"+string(rune('0'+min(n, 9)))+"}", model.Of(e).ID)
	}
	text := strings.NewReplacer(pairs...).Replace(string(s.how))
	if s.how == sends && len(s.Via) > 1 {
		text += " over " + ids(s.Via[1:])
	}
	return text
}

func ids(list []model.Entity) string {
	var names []string
	for _, e := range list {
		names = append(names, model.Of(e).ID)
	}
	return strings.Join(names, ", ")
}

// Path is the path of least effort from an entry to a target.
func (a *Analysis) Path(e *Entry, t *Target) (Path, bool) {
	a.search.run(a.viewOf(e), e.node, nil)
	return a.path(e, t)
}

// Least is the path of least effort to a target from any entry.
func (a *Analysis) Least(t *Target) (Path, bool) {
	if len(t.Reach) == 0 {
		return Path{}, false
	}
	return a.Path(t.Reach[0].Entry, t)
}

// Bare is the path of least effort that meets no control.
func (a *Analysis) Bare(o Opening) (Path, bool) {
	v := a.viewOf(o.Entry)
	a.search.run(v, o.Entry.node, v.bare)
	return a.path(o.Entry, o.Target)
}

// path reads a path from the last search.
func (a *Analysis) path(e *Entry, t *Target) (Path, bool) {
	n := a.search.nearest(t)
	if n < 0 {
		return Path{}, false
	}
	v := a.viewOf(e)
	p := Path{Entry: e, Target: t, Effort: e.Class.Cost() + int(a.search.dist[n])}
	for _, i := range a.search.trail(n) {
		edge := &a.graph.edges[i]
		from, to := a.graph.nodes[edge.from].entity, a.graph.nodes[edge.to].entity
		p.Steps = append(p.Steps, Step{from, to, edge.via, v.obstacles(edge), int(v.weight[i]), edge.how})
	}
	return p, true
}
