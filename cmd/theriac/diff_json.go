package main

import (
	"io"

	"theriac/change"
	"theriac/model"
)

// diffJSON is the result for machines; docs/formats/diff-json.md.
type diffJSON struct {
	Version      int              `json:"version"`
	Product      string           `json:"product"`
	Before       stateJSON        `json:"before"`
	After        stateJSON        `json:"after"`
	Notes        []string         `json:"notes"`
	Changed      bool             `json:"changed"`
	Significance significanceJSON `json:"significance"`
	Items        []itemJSON       `json:"items"`
	Entities     []changeJSON     `json:"entities"`
}

type stateJSON struct {
	Source string `json:"source"`
	Name   string `json:"name,omitempty"`
	Commit string `json:"commit,omitempty"`
	Date   string `json:"date,omitempty"`
}

type significanceJSON struct {
	Security  []reasonJSON   `json:"security"`
	Body      string         `json:"body,omitempty"`
	Questions []questionJSON `json:"questions"`
}

type questionJSON struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Basis    string       `json:"basis"`
	Applies  string       `json:"applies"`
	Asks     string       `json:"asks"`
	Against  bool         `json:"against"`
	Own      bool         `json:"own"`
	Verified string       `json:"verified"`
	Reasons  []reasonJSON `json:"reasons"`
}

type reasonJSON struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Text string `json:"text"`
}

type itemJSON struct {
	Section string   `json:"section"`
	Grade   string   `json:"grade"`
	Kind    string   `json:"kind"`
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Because []string `json:"because"`
	Details []string `json:"details"`
	Signals []string `json:"signals"`
	Variant string   `json:"variant,omitempty"`
}

type changeJSON struct {
	Status  string      `json:"status"`
	Kind    string      `json:"kind"`
	ID      string      `json:"id"`
	Former  string      `json:"former,omitempty"`
	Fields  []fieldJSON `json:"fields"`
	Variant string      `json:"variant,omitempty"`
}

type fieldJSON struct {
	Path   string   `json:"path"`
	Before []string `json:"before"`
	After  []string `json:"after"`
}

func (d *difference) json(w io.Writer) error {
	s := d.Significance
	out := diffJSON{
		Version: 1, Product: d.product, Before: stateToJSON(d.before), After: stateToJSON(d.after), Notes: some(d.notes), Changed: !d.Empty(),
		Significance: significanceJSON{reasonsJSON(s.Security), s.Body, []questionJSON{}}, Items: []itemJSON{}, Entities: []changeJSON{},
	}
	for _, q := range s.Questions {
		out.Significance.Questions = append(out.Significance.Questions, questionJSON{
			q.ID, q.Title, q.Basis, q.Applies, q.Asks, q.Against == model.Yes, q.Own == model.Yes, q.Verified, reasonsJSON(q.Reasons),
		})
	}
	for _, i := range d.Items {
		out.Items = append(out.Items, itemJSON{string(i.Section), string(i.Grade), i.Kind, i.ID, i.Text, some(i.Because), some(i.Details), some(i.Signals), i.Variant})
	}
	for _, c := range d.Changes {
		out.Entities = append(out.Entities, changeToJSON(c))
	}
	return writeJSON(w, out)
}

func stateToJSON(s *change.State) stateJSON {
	out := stateJSON{Source: string(s.Source), Name: s.Name, Commit: s.Commit}
	if s.Manifest != nil {
		out.Date = s.Manifest.Date
	}
	return out
}

func changeToJSON(c *change.Change) changeJSON {
	out := changeJSON{Status: string(c.Status()), Kind: c.Kind.Name, ID: c.ID(), Fields: []fieldJSON{}, Variant: c.Variant}
	if c.Status() == change.Renamed {
		out.Former = model.Of(c.Before).ID
	}
	for _, f := range c.Fields {
		out.Fields = append(out.Fields, fieldJSON{f.Path, some(f.Before), some(f.After)})
	}
	return out
}

func reasonsJSON(list []change.Reason) []reasonJSON {
	out := []reasonJSON{}
	for _, r := range list {
		out = append(out, reasonJSON{r.Kind, r.ID, r.Text})
	}
	return out
}

// some is a list as text; JSON has [] where there is nothing.
func some[S ~string](list []S) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}
