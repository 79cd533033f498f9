package main

import (
	"io"

	"theriac/attack"
	"theriac/model"
)

// pathsJSON is the result for machines; docs/formats/attack-paths.md.
type pathsJSON struct {
	Product   string          `json:"product"`
	Summary   pathsCountsJSON `json:"summary"`
	Paths     []pathJSON      `json:"paths"`
	Open      []pathJSON      `json:"open"`
	Unreached []string        `json:"unreached"`
	Controls  []standingJSON  `json:"controls"`
}

type pathsCountsJSON struct {
	Entries int `json:"entries"`
	Targets int `json:"targets"`
	Pairs   int `json:"pairs"`
	Open    int `json:"open"`
}

type pathJSON struct {
	Target   pathTargetJSON `json:"target"`
	Entry    pathEntryJSON  `json:"entry"`
	Effort   int            `json:"effort"`
	Without  *int           `json:"without,omitempty"`
	Unstated bool           `json:"unstated"`
	Controls []string       `json:"controls"`
	Steps    []pathStepJSON `json:"steps"`
}

type pathTargetJSON struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Title   string   `json:"title"`
	Assets  []string `json:"assets"`
	Entries int      `json:"entries"`
}

type pathEntryJSON struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Class  string `json:"class"`
	Effort int    `json:"effort"`
}

type pathStepJSON struct {
	From      string         `json:"from"`
	To        string         `json:"to"`
	Via       []string       `json:"via"`
	Text      string         `json:"text"`
	Effort    int            `json:"effort"`
	Obstacles []obstacleJSON `json:"obstacles"`
}

type obstacleJSON struct {
	Control string `json:"control"`
	Text    string `json:"text"`
	Effort  int    `json:"effort"`
	Stated  bool   `json:"stated"`
}

type standingJSON struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Strength string `json:"strength"`
	Least    int    `json:"least"`
	Sole     int    `json:"sole"`
	Every    int    `json:"every"`
}

func (a *attackPaths) json(w io.Writer) error {
	out := pathsJSON{
		Product: a.file.Product.Name, Summary: pathsCountsJSON{len(a.Entries), len(a.Targets), a.Pairs, len(a.Open)},
		Paths: []pathJSON{}, Open: []pathJSON{}, Unreached: []string{}, Controls: []standingJSON{},
	}
	paths, _ := a.pick("")
	for _, s := range paths {
		path := pathJSONOf(s.Path)
		if a.flags.control != "" {
			path.Without = &s.Without
		}
		out.Paths = append(out.Paths, path)
	}
	open, _ := a.openings()
	for _, p := range open {
		out.Open = append(out.Open, pathJSONOf(p))
	}
	for _, t := range a.unreached() {
		out.Unreached = append(out.Unreached, model.Of(t.Entity).ID)
	}
	for _, s := range a.Controls {
		out.Controls = append(out.Controls, standingJSON{s.Control.ID, s.Control.Title, string(s.Control.Strength), s.Least, s.Sole, s.Every})
	}
	return writeJSON(w, out)
}

func pathJSONOf(p attack.Path) pathJSON {
	target, at := model.Of(p.Target.Entity), model.Of(p.Entry.At)
	j := pathJSON{
		Target:   pathTargetJSON{target.ID, target.Kind().Name, target.Title, idsOf(p.Target.Assets), len(p.Target.Reach)},
		Entry:    pathEntryJSON{at.ID, at.Kind().Name, string(p.Entry.Class), p.Entry.Class.Cost()},
		Effort:   p.Effort,
		Unstated: p.Unstated(),
		Controls: idsOf(p.Controls()),
		Steps:    []pathStepJSON{},
	}
	for _, s := range p.Steps {
		j.Steps = append(j.Steps, stepJSONOf(s))
	}
	return j
}

func stepJSONOf(s attack.Step) pathStepJSON {
	j := pathStepJSON{model.Of(s.From).ID, model.Of(s.To).ID, idsOf(s.Via), s.String(), s.Effort, []obstacleJSON{}}
	for _, o := range s.Obstacles {
		id := ""
		if o.Control != nil {
			id = o.Control.ID
		}
		j.Obstacles = append(j.Obstacles, obstacleJSON{id, o.Text, o.Cost, o.Stated})
	}
	return j
}
