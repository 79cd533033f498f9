package techdoc

import (
	"cmp"
	"slices"

	"theriac/attack"
	"theriac/document"
	"theriac/draw"
	"theriac/model"
)

// How many paths are told and drawn.
const (
	mostPaths = 40
	mostDraws = 3
	mostOpen  = 20
)

// leastPaths are the paths of least effort to the targets, the easiest first, as far as
// they are told, and how many targets can be reached.
func leastPaths(a *attack.Analysis) (list []attack.Path, reached int) {
	var targets []*attack.Target
	for _, t := range a.Targets {
		if len(t.Reach) > 0 {
			targets = append(targets, t)
		}
	}
	slices.SortStableFunc(targets, func(x, y *attack.Target) int { return cmp.Compare(x.Reach[0].Effort, y.Reach[0].Effort) })
	for _, t := range targets[:min(len(targets), mostPaths)] {
		if p, ok := a.Least(t); ok {
			list = append(list, p)
		}
	}
	return list, len(targets)
}

// threatPaths tells the ways from outside to what patients depend on.
func (b *threatBook) threatPaths() *document.Section {
	s := b.Section("attack-paths", b.Say("Attack paths"),
		b.Para("The effort of a path is an ordinal number: it orders the paths of this system and is neither a probability nor a risk. It is the cost of the place where an attacker begins and of each step with the controls that stand there, by their strength."))
	if len(b.paths.Targets) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("a component, store or flow on which patients depend")))
		return s
	}
	list := b.least
	s.Blocks = append(s.Blocks, b.entryTable(), b.Para("An attacker can begin at %s. %d of %d targets can be reached; there are %d pairs of place and target with a path.",
		plural(len(b.paths.Entries), "place", "places"), b.reached, len(b.paths.Targets), b.paths.Pairs))
	if b.reached > len(list) {
		s.Blocks = append(s.Blocks, b.Para("The table shows the %d targets that take the least effort.", len(list)))
	}
	if len(list) > 0 {
		s.Blocks = append(s.Blocks, b.Para("Targets that are reached from one place with the same effort past the same controls share a row."))
	}
	s.Blocks = append(s.Blocks, withRows(b.pathTable(list), b.Para("No path leads to a target.")))
	s.Sections = append(s.Sections, b.pathPictures(list), b.openPaths())
	return s
}

// entryTable counts the places where an attacker can begin.
func (b *threatBook) entryTable() *document.Table {
	n := map[attack.Class]int{}
	for _, e := range b.paths.Entries {
		n[e.Class]++
	}
	t := &document.Table{ID: "entries", Caption: b.Say("Where an attacker can begin"), Columns: []document.Column{columnOf(b.Say("Class"), 2), columnOf(b.Say("Who comes"), 7), columnOf(b.Say("Effort"), 1, document.Figure), columnOf(b.Say("Places"), 1, document.Figure)}}
	for _, c := range attack.Classes() {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(spaced(c)), document.W(c.Doc()), document.N(c.Cost()), document.N(n[c])}})
	}
	return t
}

// alikePaths are paths from one place with one effort and the same controls.
type alikePaths struct {
	first   attack.Path
	targets []model.Entity
}

// groupPaths joins paths that differ in nothing but target and steps, in the order of
// the first of each.
func groupPaths(list []attack.Path) (groups []*alikePaths) {
	for _, p := range list {
		i := slices.IndexFunc(groups, func(g *alikePaths) bool {
			return g.first.Entry == p.Entry && g.first.Effort == p.Effort && g.first.Unstated() == p.Unstated() && slices.Equal(g.first.Controls(), p.Controls())
		})
		if i < 0 {
			groups, i = append(groups, &alikePaths{first: p}), len(groups)
		}
		groups[i].targets = append(groups[i].targets, p.Target.Entity)
	}
	return groups
}

// pathTable has a row for each group of paths, with the steps to its first target.
func (b *threatBook) pathTable(list []attack.Path) *document.Table {
	t := &document.Table{ID: "paths", Caption: b.Say("Paths of least effort, the easiest first"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Targets"), 4.4), columnOf(b.Say("Begins at"), 2.6), columnOf(b.Say("Effort"), 1, document.Figure), columnOf(b.Say("Steps"), 4.6), columnOf(b.Say("Controls on the way"), 4.4)}}
	for _, g := range groupPaths(list) {
		p, steps := g.first, document.Cell{Lines: stepLines(g.first)}
		if len(g.targets) > 1 {
			steps.Lines = slices.Insert(steps.Lines, 0, document.Text{{Text: b.Say("to the first of the targets:"), Style: document.Faint}})
		}
		t.Rows = append(t.Rows, document.Row{Source: b.From(p.Target.Entity), Cells: []document.Cell{
			namesWithIDs(b.Book, g.targets), document.Lines(b.Named(p.Entry.At), document.Text{{Text: spaced(p.Entry.Class), Style: document.Faint}}), document.N(p.Effort),
			steps, b.barCell(p)}})
	}
	return t
}

// stepLines are the steps of a path, numbered.
func stepLines(p attack.Path) (lines []document.Text) {
	for i, s := range p.Steps {
		lines = append(lines, document.T("%d. %s (%d)", i+1, s, s.Effort))
	}
	return lines
}

// barCell lists the controls on a path; says so where it is one or none.
func (b *threatBook) barCell(p attack.Path) document.Cell {
	controls := p.Controls()
	c := idCell(b.Book, controls)
	switch len(controls) {
	case 0:
		return document.C(document.Badge(document.Bad, b.Say("no control")))
	case 1:
		c.Lines = append(c.Lines, document.Text{document.Badge(document.Partly, b.Say("stands alone"))})
	}
	if p.Unstated() {
		c.Lines = append(c.Lines, document.Text{{Text: b.Say("the strength of something on the way is not stated"), Style: document.Faint}})
	}
	return c
}

// pathPictures draws the first paths to components, of which each begins elsewhere or
// ends elsewhere.
func (b *threatBook) pathPictures(list []attack.Path) *document.Section {
	s := b.Section("path-pictures", b.Say("The easiest paths to components, drawn"))
	for i := range list {
		p := &list[i]
		if _, ok := p.Target.Entity.(*model.Component); !ok || len(p.Steps) == 0 {
			continue
		}
		a := AttackOf(p)
		a.Title = b.Say("The path of least effort to %s", b.Title(p.Target.Entity))
		s.Blocks = append(s.Blocks, &document.Picture{ID: "path-" + model.Of(p.Target.Entity).ID, Caption: b.Say("Path of least effort (%d) to %s, with the controls that stand in the way", p.Effort, b.Title(p.Target.Entity)),
			Drawing: draw.AttackPath(a), Source: b.From(p.Target.Entity)})
		if len(s.Blocks) == mostDraws {
			break
		}
	}
	if len(s.Blocks) == 0 {
		s.Blocks = append(s.Blocks, b.Para("No path leads to a component on which patients depend."))
	}
	return s
}

// openPaths are the paths that meet no control.
func (b *threatBook) openPaths() *document.Section {
	s := b.Section("open-paths", b.Say("Paths that meet no control"))
	if len(b.paths.Open) == 0 {
		s.Blocks = append(s.Blocks, b.Para("Each path from outside to a target meets at least one control."))
		return s
	}
	t := &document.Table{ID: "open-paths", Caption: b.Say("Paths that meet no control"), Wide: true, Columns: []document.Column{columnOf(b.Say("Target"), 3), columnOf(b.Say("Begins at"), 3), columnOf(b.Say("Effort"), 1, document.Figure), columnOf(b.Say("Steps"), 8)}}
	for _, o := range b.paths.Open[:min(len(b.paths.Open), mostOpen)] {
		if p, ok := b.paths.Bare(o); ok {
			t.Rows = append(t.Rows, document.Row{Source: b.From(p.Target.Entity), Cells: []document.Cell{
				document.Lines(b.Named(p.Target.Entity)), document.Lines(b.Named(p.Entry.At), document.Text{{Text: spaced(p.Entry.Class), Style: document.Faint}}), document.N(p.Effort), {Lines: stepLines(p)}}})
		}
	}
	s.Blocks = append(s.Blocks, b.Para("%s; %d shown. Such a path need not be an error, as where a person has to be able to act at the device; each has to be looked at.", plural(len(b.paths.Open), "pair of place and target has a path without a control", "pairs of place and target have a path without a control"), len(t.Rows)), t)
	return s
}

// threatDepth says which controls stand alone.
func (b *threatBook) threatDepth() *document.Section {
	s := b.Section("defence-in-depth", b.Say("Defence in depth"), b.cited("mdcg.2.3.i3", "A device is to defend itself in several layers instead of depending on its surroundings alone"))
	if b.paths.Pairs == 0 {
		s.Blocks = append(s.Blocks, b.Para("No path was found, so that no layers can be counted."))
		return s
	}
	singles, bearers := b.paths.Singles(), b.paths.Bearers()
	s.Blocks = append(s.Blocks, b.Para("Of %d pairs of place and target, %s the only control on a path of least effort, and %s on each path of some pair, so that nothing goes around it. What stands alone needs the strongest evidence.",
		b.paths.Pairs, plural(len(singles), "control is", "controls are"), plural(len(bearers), "control stands", "controls stand")))
	s.Blocks = append(s.Blocks, withRows(b.standingTable("singles", b.Say("Controls that stand alone on a path of least effort"), singles), b.Para("No control stands alone on a path of least effort.")))
	rest := slices.DeleteFunc(bearers, func(st *attack.Standing) bool { return st.Sole > 0 })
	if len(rest) > 0 {
		s.Blocks = append(s.Blocks, b.standingTable("bearers", b.Say("Further controls around which no path goes"), rest))
	}
	s.Blocks = append(s.Blocks, b.layerTable())
	return s
}

func (b *threatBook) standingTable(id, caption string, list []*attack.Standing) *document.Table {
	t := &document.Table{ID: id, Caption: caption, Columns: []document.Column{columnOf(b.Say("Control"), 4.6), columnOf(b.Say("Strength"), 1.6), columnOf(b.Say("Alone on the easiest path"), 1.7, document.Figure),
		columnOf(b.Say("On the easiest path"), 1.5, document.Figure), columnOf(b.Say("On every path"), 1.4, document.Figure), columnOf(b.Say("Evidence"), 1.8, document.State)}}
	for _, st := range list {
		t.Rows = append(t.Rows, document.Row{Source: b.From(st.Control), Cells: []document.Cell{
			document.Lines(b.Named(st.Control)), b.Or(string(st.Control.Strength)), document.N(st.Sole), document.N(st.Least), document.N(st.Every), document.C(b.controlBadge(st.Control))}})
	}
	return t
}

// layerTable counts the paths told above by the controls that they meet.
func (b *threatBook) layerTable() *document.Table {
	count, most := map[int]int{}, 0
	for _, p := range b.least {
		n := len(p.Controls())
		count[n]++
		most = max(most, n)
	}
	t := &document.Table{ID: "layers", Caption: b.Say("The paths of least effort above, by the number of controls that they meet"), Columns: []document.Column{columnOf(b.Say("Controls on the way"), 3, document.Figure), columnOf(b.Say("Paths"), 3, document.Figure)}}
	for n := 0; n <= most; n++ {
		if count[n] > 0 || n == 0 {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.N(n), document.N(count[n])}})
		}
	}
	return t
}
