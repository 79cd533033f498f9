package main

import (
	"io"

	"theriac/plan"
)

// planJSON is the form of docs/formats/plan-json.md.
type planJSON struct {
	Version   int            `json:"version"`
	Product   string         `json:"product"`
	Before    stateJSON      `json:"before"`
	After     stateJSON      `json:"after"`
	Release   string         `json:"release,omitempty"`
	Date      string         `json:"date"`
	Notes     []string       `json:"notes"`
	Unsettles int            `json:"unsettles"`
	Settles   int            `json:"settles"`
	Items     []planItemJSON `json:"items"`
}

type planItemJSON struct {
	Section      string      `json:"section"`
	Effect       string      `json:"effect"`
	Kind         string      `json:"kind"`
	ID           string      `json:"id"`
	What         string      `json:"what,omitempty"`
	Path         string      `json:"path,omitempty"`
	Was          string      `json:"was,omitempty"`
	Is           string      `json:"is,omitempty"`
	Text         string      `json:"text"`
	Because      []causeJSON `json:"because"`
	Requirements []string    `json:"requirements"`
	Patterns     []string    `json:"patterns"`
}

type causeJSON struct {
	Kind  string   `json:"kind,omitempty"`
	ID    string   `json:"id,omitempty"`
	Field string   `json:"field,omitempty"`
	Was   []string `json:"was"`
	Is    []string `json:"is"`
	What  string   `json:"what,omitempty"`
}

func (p *planned) json(w io.Writer) error {
	out := planJSON{
		Version: 1, Product: p.After.View.File.Product.Name, Before: stateToJSON(p.before), After: stateToJSON(p.after), Date: p.day.String(),
		Notes: some(p.notes), Unsettles: p.Count(plan.Unsettles), Settles: p.Count(plan.Settles), Items: []planItemJSON{},
	}
	if p.After.Release != nil {
		out.Release = p.After.Release.Version
	}
	for _, i := range p.Items {
		out.Items = append(out.Items, planItemJSON{
			string(i.Section), string(i.Effect), i.Kind, i.ID, i.What, i.Path, i.Was, i.Is, i.Text, causesJSON(i.Because), some(i.Requirements), some(i.Patterns),
		})
	}
	return writeJSON(w, out)
}

func causesJSON(list []plan.Cause) []causeJSON {
	out := []causeJSON{}
	for _, c := range list {
		out = append(out, causeJSON{c.Kind, c.ID, c.Field, some(c.Was), some(c.Is), c.What})
	}
	return out
}
