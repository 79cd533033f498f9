package main

import (
	"theriac/model"
	"theriac/trace"
)

// The types of docs/formats/trace-json.md.

type nodeJSON struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Title string `json:"title"`
	File  string `json:"file"`
	Line  int    `json:"line"`
	State string `json:"state"`
}

type edgeJSON struct {
	Words    string     `json:"words"`
	Source   string     `json:"source"`
	Field    string     `json:"field"`
	Target   string     `json:"target"`
	Computed bool       `json:"computed"`
	Review   string     `json:"review"`
	Node     nodeJSON   `json:"node"`
	Cut      bool       `json:"cut"`
	Links    []edgeJSON `json:"links"`
}

type treeJSON struct {
	Node    nodeJSON   `json:"node"`
	Up      []edgeJSON `json:"up"`
	Down    []edgeJSON `json:"down"`
	Clauses []edgeJSON `json:"clauses"`
}

type matrixJSON struct {
	From string          `json:"from"`
	To   string          `json:"to"`
	Rows []matrixRowJSON `json:"rows"`
}

type matrixRowJSON struct {
	Node    nodeJSON   `json:"node"`
	Reached []nodeJSON `json:"reached"`
}

type gapJSON struct {
	Node    nodeJSON `json:"node"`
	Missing string   `json:"missing"`
}

type suspectJSON struct {
	Source string `json:"source"`
	Field  string `json:"field"`
	Target string `json:"target"`
	Status string `json:"status"`
	Date   string `json:"date"`
	By     string `json:"by"`
	File   string `json:"file"`
	Line   int    `json:"line"`
}

func (t *tracer) print(v any) error { return writeJSON(t.out, v) }

func (t *tracer) nodeJSON(n *trace.Node) nodeJSON {
	out := nodeJSON{ID: n.ID, Kind: n.Kind, State: t.notes(n)}
	switch {
	case n.Kind == trace.Clauses:
		if e := t.catalog.Entry(n.ID); e != nil {
			out.Title = clauseTitle(e)
		}
		if row, judged := t.coverage[n.ID]; judged {
			out.State = string(row.Status)
		}
	case n.Kind == trace.Code:
		r := t.code[n.ID]
		out.State = string(r.Status)
		if r.Status == trace.CodeFound {
			out.File, out.Line = r.Places[0].File, r.Places[0].Line
		}
	case n.Kind == trace.DerivedThreats:
		out.Title = t.derived.Pattern.Title
	default:
		out = entityJSON(n.Entity, out)
	}
	return out
}

func entityJSON(e model.Entity, out nodeJSON) nodeJSON {
	b := model.Of(e)
	out.ID, out.Kind, out.Title = b.ID, b.Kind().Name, b.Title
	out.File, out.Line = b.Here().Path(), b.Here().Line
	return out
}

func (t *tracer) treeJSON(n *trace.Node, depth int) error {
	edges := func(list []trace.Edge, down bool) []edgeJSON {
		b := branch{tracer: t, down: down, depth: depth, seen: map[*trace.Node]bool{n: true}}
		return b.json(list, 1)
	}
	tree := treeJSON{Node: t.nodeJSON(n), Up: edges(n.Up, n.Kind == trace.Clauses), Down: edges(chain(n.Down), true), Clauses: []edgeJSON{}}
	for _, e := range n.Down {
		if e.To.Kind == trace.Clauses {
			tree.Clauses = append(tree.Clauses, t.edgeJSON(e))
		}
	}
	return t.print(tree)
}

func (t *tracer) edgeJSON(e trace.Edge) edgeJSON {
	return edgeJSON{
		Words: e.Words(), Source: e.Link.Source, Field: e.Link.Field, Target: e.Link.Target, Computed: e.Computed,
		Review: string(t.review(e)), Node: t.nodeJSON(e.To), Links: []edgeJSON{},
	}
}

// json is what edges shows.
func (b *branch) json(edges []trace.Edge, level int) []edgeJSON {
	list := []edgeJSON{}
	for _, e := range edges {
		out, below := b.edgeJSON(e), b.below(e)
		out.Cut = len(below) > 0 && (b.seen[e.To] || level == b.depth)
		b.seen[e.To] = true
		if !out.Cut {
			out.Links = b.json(below, level+1)
		}
		list = append(list, out)
	}
	return list
}
