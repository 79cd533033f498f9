package main

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/catalog"
	"theriac/evidence"
	"theriac/model"
	"theriac/trace"
)

// tree shows a node with what it is linked with. Clauses stand in a list of
// their own; deeper in the tree they would hide the chain.
func (t *tracer) tree(p *page, n *trace.Node, depth int) {
	p.title("%s", t.name(n))
	if notes := t.notes(n); notes != "" {
		p.text(2, notes)
	}
	if n.Kind == trace.Clauses {
		t.answered(p, n, depth)
		return
	}
	t.branch(p, "Up", n, n.Up, false, depth)
	t.branch(p, "Down", n, chain(n.Down), true, depth)
	clauses := slices.DeleteFunc(slices.Clone(n.Down), func(e trace.Edge) bool { return e.To.Kind != trace.Clauses })
	if len(clauses) > 0 {
		p.heading("Clauses")
		for _, e := range clauses {
			p.item(2, "- ", e.Words()+" "+t.name(e.To))
		}
	}
}

// answered shows the state of a clause, and what answers it with what follows
// from there.
func (t *tracer) answered(p *page, n *trace.Node, depth int) {
	row, judged := t.coverage[n.ID]
	if judged {
		p.heading("Coverage: " + string(row.Status))
		for _, reason := range row.Reasons {
			p.item(2, "- ", reason)
		}
	}
	if len(n.Up) == 0 {
		p.heading("Nothing in the file answers it")
		return
	}
	t.branch(p, "Answered by", n, n.Up, true, depth)
}

// chain are the edges that lead on, without those to clauses.
func chain(edges []trace.Edge) []trace.Edge {
	return slices.DeleteFunc(slices.Clone(edges), func(e trace.Edge) bool { return e.To.Kind == trace.Clauses })
}

// branch shows one direction. What was shown once is not shown again.
func (t *tracer) branch(p *page, title string, from *trace.Node, edges []trace.Edge, down bool, depth int) {
	if len(edges) == 0 {
		return
	}
	p.heading(title)
	b := branch{tracer: t, page: p, down: down, depth: depth, seen: map[*trace.Node]bool{from: true}}
	b.edges(edges, 1)
}

type branch struct {
	*tracer
	page  *page
	down  bool
	depth int
	seen  map[*trace.Node]bool
}

func (b *branch) edges(edges []trace.Edge, level int) {
	for _, e := range edges {
		below := b.below(e)
		again := b.seen[e.To] && len(below) > 0
		b.seen[e.To] = true
		text := e.Words() + " " + b.name(e.To) + b.marks(e)
		switch {
		case again:
			text += " (see above)"
		case len(below) > 0 && level == b.depth:
			text += fmt.Sprintf(" (%d more)", len(below))
		}
		b.page.item(2*level, "- ", text)
		if !again && level != b.depth {
			b.edges(below, level+1)
		}
	}
}

// below are the edges to follow behind an edge. What is only aside of the chain
// is shown, and not followed.
func (b *branch) below(e trace.Edge) []trace.Edge {
	switch {
	case e.Relation.Aside:
		return nil
	case b.down:
		return chain(e.To.Down)
	}
	return e.To.Up
}

// name is a node as a line shows it: label, title, place and state.
func (t *tracer) name(n *trace.Node) string {
	switch n.Kind {
	case trace.Clauses:
		if e := t.catalog.Entry(n.ID); e != nil {
			return fmt.Sprintf("%s: %s", n.ID, clauseTitle(e))
		}
		return n.ID
	case trace.Code:
		return fmt.Sprintf("%s (%s)", n.ID, codeState(t.code[n.ID]))
	case trace.DerivedThreats:
		return fmt.Sprintf("derived threat %s: %s", n.ID, t.derived.Pattern.Title)
	}
	b := model.Of(n.Entity)
	text := model.Label(n.Entity)
	if b.Title != "" {
		text += ": " + b.Title
	}
	return fmt.Sprintf("%s (%s:%d)", text, b.Here().Path(), b.Here().Line)
}

func clauseTitle(e *catalog.Entry) string { return e.Clause + ", " + e.Title }

// codeState says where code was found, or why not.
func codeState(r trace.Resolution) string {
	var at []string
	for _, place := range r.Places {
		at = append(at, place.String())
	}
	if r.Status == trace.CodeFound {
		return strings.Join(at, ", ")
	}
	return strings.Join(append([]string{string(r.Status)}, at...), " ")
}

// marks are the state of what an edge leads to, and of the edge itself.
func (t *tracer) marks(e trace.Edge) string {
	var text string
	if notes := t.notes(e.To); notes != "" {
		text = ", " + notes
	}
	switch s := t.review(e); s {
	case trace.Suspect, trace.Unreviewed:
		mark := "[" + string(s) + "]"
		if t.screen.color {
			mark = lipgloss.NewStyle().Foreground(lipgloss.Yellow).Render(mark)
		}
		text += " " + mark
	}
	return text
}

// review is the state of an edge's review, "" where there is none to speak of:
// as long as nothing was reviewed, nothing stands out.
func (t *tracer) review(e trace.Edge) trace.Status {
	if len(t.reviews.Links) == 0 {
		return ""
	}
	return t.states[e.Link]
}

// notes is the state of an entity in a few words, where it has one.
func (t *tracer) notes(n *trace.Node) string {
	if n.Kind == trace.DerivedThreats {
		return string(t.derived.Pattern.Category) + ", " + statusWords[t.derived.Status]
	}
	switch e := n.Entity.(type) {
	case *model.Threat:
		if e.NotApplicable != "" {
			return "not applicable: " + oneLine(e.NotApplicable)
		}
	case *model.Risk:
		return withWord("decision", string(e.Decision))
	case *model.Requirement:
		return t.shown(e)
	case *model.Verification:
		return t.verified(e)
	case *model.Document:
		return withWord("status", e.Status)
	case *model.Waiver:
		return withWord("until", e.Expires.String())
	}
	return ""
}

func withWord(word, value string) string {
	if value == "" {
		return ""
	}
	return word + " " + value
}

// verified is how a verification came out: as signed evidence has it where the
// file lists signers, with the ids of what decides it, else as the file states it.
func (t *tracer) verified(v *model.Verification) string {
	if t.judged == nil {
		return withWord("result", string(v.Result))
	}
	s := t.judged.Of(v)
	text := s.State.Words()
	var ids []string
	for _, d := range s.Deciding {
		ids = append(ids, d.Piece.ID)
	}
	switch {
	case len(ids) > 3:
		text += fmt.Sprintf(" by evidence %s and %d more", strings.Join(ids[:2], ", "), len(ids)-2)
	case len(ids) > 0:
		text += " by evidence " + strings.Join(ids, ", ")
	}
	return text
}

// shown is how a requirement stands by signed evidence.
func (t *tracer) shown(r *model.Requirement) string {
	if t.judged == nil || len(model.Users[*model.Verification](r, "verifies")) == 0 {
		return ""
	}
	switch s := t.judged.Requirement(r); s {
	case evidence.Passed:
		return "shown"
	default:
		return "not shown: " + s.Words()
	}
}
