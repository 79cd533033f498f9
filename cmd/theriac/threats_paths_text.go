package main

import (
	"fmt"
	"strings"

	"theriac/attack"
	"theriac/model"
)

func (a *attackPaths) text(p *page) {
	p.title("%s: attack paths", a.file.Product.Name)
	p.text(2, fmt.Sprintf("%s to %s; %s of entry and target with a path, %d of them with a path that meets no control",
		several(len(a.Entries), "entry", "entries"), amount(len(a.Targets), "target"), amount(a.Pairs, "pair"), len(a.Open)))
	if a.all() {
		for _, kind := range []string{"components", "stores", "flows"} {
			a.list(p, kind, "The path of least effort to each of the "+kind)
		}
	} else {
		a.list(p, "", a.heading())
	}
	if list := a.unreached(); len(list) > 0 && a.flags.control == "" {
		p.heading(fmt.Sprintf("Targets to which no way leads (%d)", len(list)))
		p.text(2, targetIDs(list))
	}
	a.open(p)
	if a.all() {
		a.defence(p)
	}
	a.hint(p)
}

func (a *attackPaths) heading() string {
	if a.flags.control != "" {
		return "Paths of least effort that " + a.flags.control + " holds"
	}
	return "Paths of least effort"
}

// list writes the paths that were asked for, to one kind of target or to any.
func (a *attackPaths) list(p *page, kind, heading string) {
	paths, more := a.pick(kind)
	if len(paths) == 0 && kind != "" {
		return
	}
	p.heading(fmt.Sprintf("%s (%d)", heading, len(paths)+more))
	for _, s := range paths {
		a.path(p, s)
	}
	beyond(p, more)
}

// path writes a path: where it leads, where it begins, and its steps with what
// stands in their way.
func (a *attackPaths) path(p *page, s shownPath) {
	effort := fmt.Sprintf("effort %d", s.Effort)
	switch {
	case a.flags.control != "" && s.Without == s.Effort:
		effort += ", the same without the control"
	case a.flags.control != "":
		effort += fmt.Sprintf(", without the control %d", s.Without)
	}
	p.line("")
	p.text(2, fmt.Sprintf("%s: %s, from %s: %s", model.Label(s.Target.Entity), effort, s.Entry.Class, model.Label(s.Entry.At)))
	p.text(4, strings.TrimSuffix(model.Of(s.Target.Entity).Title+"; "+strings.Join(idsOf(s.Target.Assets), ", "), "; "))
	steps(p, s.Path)
}

func steps(p *page, path attack.Path) {
	for n, s := range path.Steps {
		p.item(4, fmt.Sprintf("%d. ", n+1), fmt.Sprintf("%s (+%d)", s, s.Effort))
		if text := obstacleText(s.Obstacles); text != "" {
			p.item(7, "against ", text)
		}
	}
}

// obstacleText names obstacles; those without a strength end in a question mark.
func obstacleText(list []attack.Obstacle) string {
	var names []string
	for _, o := range list {
		switch {
		case o.Control == nil:
			names = append(names, o.Text)
		case o.Stated:
			names = append(names, fmt.Sprintf("%s (%s)", o.Control.ID, o.Control.Strength))
		default:
			names = append(names, o.Control.ID+"?")
		}
	}
	return strings.Join(names, ", ")
}

func beyond(p *page, more int) {
	if more > 0 {
		p.line("")
		p.text(2, fmt.Sprintf("and %d more; --limit 0 shows all", more))
	}
}

func targetIDs(list []*attack.Target) string {
	var names []string
	for _, t := range list {
		names = append(names, model.Of(t.Entity).ID)
	}
	return strings.Join(names, ", ")
}

func (a *attackPaths) open(p *page) {
	list, more := a.openings()
	if len(list) == 0 {
		return
	}
	p.heading(fmt.Sprintf("Paths that meet no control (%d)", len(list)+more))
	for _, path := range list {
		a.path(p, shownPath{Path: path})
	}
	beyond(p, more)
}

// defence writes the controls that are alone on a path, and those that most
// depends on.
func (a *attackPaths) defence(p *page) {
	if list := a.Singles(); len(list) > 0 {
		p.heading(fmt.Sprintf("Single points of defence (%d)", len(list)))
		p.text(2, "the only control on the path of least effort of so many pairs")
		a.table(p, list, func(s *attack.Standing) int { return s.Sole })
	}
	if list := a.Bearers(); len(list) > 0 {
		p.heading("Controls that most pairs depend on")
		p.text(2, "on every path of so many pairs, so that nothing leads around them")
		a.table(p, list, func(s *attack.Standing) int { return s.Every })
	}
}

func (a *attackPaths) table(p *page, list []*attack.Standing, of func(*attack.Standing) int) {
	shown := list
	if n := a.limit(); n > 0 && len(list) > n {
		shown = list[:n]
	}
	width := 0
	for _, s := range shown {
		width = max(width, len(s.Control.ID))
	}
	for _, s := range shown {
		p.item(2, fmt.Sprintf("%-*s  %6d  %-10s  ", width, s.Control.ID, of(s), strengthText(s.Control)), s.Control.Title)
	}
	beyond(p, len(list)-len(shown))
}

func strengthText(c *model.Control) string {
	if c.Strength == "" {
		return "not stated"
	}
	return string(c.Strength)
}

func (a *attackPaths) hint(p *page) {
	silent := 0
	for _, s := range a.Controls {
		if s.Control.Strength == "" {
			silent++
		}
	}
	p.line("")
	if silent > 0 {
		p.text(0, fmt.Sprintf("%d of %s on the ways state no `strength:` and end in a question mark; however many of them stand at one step, together they count as one basic control at most.",
			silent, amount(len(a.Controls), "control")))
	}
	if a.all() {
		p.text(0, "`--to ID` shows the paths to one target, `--from ID` those from one entry, `--control ID` what a control holds.")
	}
}
