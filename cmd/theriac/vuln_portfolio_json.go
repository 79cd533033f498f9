package main

import (
	"strconv"

	"theriac/triage"
	"theriac/vuln/match"
	"theriac/vuln/portfolio"
)

// The types of docs/formats/vuln-portfolio-json.md.

type portfolioJSON struct {
	Status      match.Status               `json:"status"`
	Date        string                     `json:"date"`
	Waiting     int                        `json:"waiting"`  // findings that wait somewhere for a decision
	Affected    int                        `json:"affected"` // findings of which a decision says that a product is affected
	Since       string                     `json:"since,omitempty"`
	Changes     []portfolioChangeJSON      `json:"changes,omitzero"` // with --since alone
	Bills       []portfolio.Bill           `json:"bills"`
	Findings    []portfolioFindingJSON     `json:"findings"`
	Unmonitored []portfolioUnmonitoredJSON `json:"unmonitored"`
	Support     []portfolioSupportJSON     `json:"support"`
	LeftOut     []portfolio.LeftOut        `json:"left_out"`
	Gaps        []string                   `json:"gaps"`
	Database    scanDatabaseJSON           `json:"database"`
}

type portfolioFindingJSON struct {
	PURL      string               `json:"purl"`
	Component string               `json:"component"`
	Version   string               `json:"version"`
	ID        string               `json:"id"`
	Aliases   []string             `json:"aliases"`
	Range     string               `json:"range"`
	Fixed     []string             `json:"fixed"`
	Severity  string               `json:"severity"`
	KEV       bool                 `json:"kev"`
	EPSS      *float64             `json:"epss"`
	Unsure    bool                 `json:"unsure,omitempty"`
	First     string               `json:"first,omitempty"`
	Where     []portfolioWhereJSON `json:"where,omitempty"`
}

type portfolioWhereJSON struct {
	Status   triage.Status          `json:"status"`
	Decision string                 `json:"decision,omitempty"`
	Says     string                 `json:"says,omitempty"`
	Reasons  []string               `json:"reasons,omitempty"`
	Products []portfolioProductJSON `json:"products"`
}

type portfolioProductJSON struct {
	Product string `json:"product"`
	Release string `json:"release,omitempty"`
}

type portfolioUnmonitoredJSON struct {
	PURL      string                 `json:"purl"`
	Component string                 `json:"component"`
	Version   string                 `json:"version"`
	Reason    string                 `json:"reason"`
	Products  []portfolioProductJSON `json:"products"`
}

type portfolioSupportJSON struct {
	Product    string                 `json:"product"`
	Cycle      string                 `json:"cycle"`
	End        string                 `json:"end,omitempty"`
	Ended      bool                   `json:"ended"` // on the day of the run
	Soon       bool                   `json:"soon"`  // within six months
	Latest     string                 `json:"latest,omitempty"`
	Confidence match.Confidence       `json:"confidence"`
	Count      int                    `json:"count"`      // components of the cycle
	Components []supportedJSON        `json:"components"` // the first of them
	Products   []portfolioProductJSON `json:"products"`
}

type portfolioChangeJSON struct {
	Kind      portfolio.Kind `json:"kind"`
	ID        string         `json:"id,omitempty"`
	PURL      string         `json:"purl,omitempty"`
	Component string         `json:"component,omitempty"`
	Version   string         `json:"version,omitempty"`
	Was       string         `json:"was,omitempty"`
	Is        string         `json:"is,omitempty"`
	Products  []string       `json:"products"`
}

func (w *portfolioRun) json() portfolioJSON {
	j := portfolioJSON{
		Status: w.Status, Date: w.day.String(), Since: sinceShown(w.since), Bills: w.state.Bills, Findings: []portfolioFindingJSON{},
		Unmonitored: []portfolioUnmonitoredJSON{}, Support: w.cyclesJSON(), LeftOut: append([]portfolio.LeftOut{}, w.state.LeftOut...), Gaps: orEmpty(w.Gaps), Database: w.databaseJSON(),
	}
	for i := range w.state.Findings {
		f := &w.state.Findings[i]
		j.Waiting += boolInt(f.Waits())
		j.Affected += boolInt(f.Affected())
		j.Findings = append(j.Findings, w.findingJSON(f))
	}
	for _, u := range w.state.Unmonitored {
		j.Unmonitored = append(j.Unmonitored, portfolioUnmonitoredJSON{
			u.Component.PURL, u.Component.Name, u.Component.Version, u.Reason, productsJSON(w.state.Bills, u.Bills),
		})
	}
	if w.compared {
		j.Changes = []portfolioChangeJSON{}
	}
	for _, c := range w.changes {
		one := portfolioChangeJSON{Kind: c.Kind, Was: c.Was, Is: c.Is, Products: c.Products}
		if f := c.Finding; f != nil {
			one.ID, one.PURL, one.Component, one.Version = f.ID, f.Component.PURL, f.Component.Name, f.Component.Version
		}
		j.Changes = append(j.Changes, one)
	}
	for _, f := range w.fresh {
		j.Changes = append(j.Changes, portfolioChangeJSON{
			Kind: portfolio.NewFinding, ID: f.ID, PURL: f.Component.PURL, Component: f.Component.Name, Version: f.Component.Version, Products: orEmpty(w.names(f)),
		})
	}
	return j
}

func (w *portfolioRun) cyclesJSON() []portfolioSupportJSON {
	list := []portfolioSupportJSON{}
	for i := range w.state.Support {
		s := &w.state.Support[i]
		one := matchSupport(s)
		over, soon := w.ending(s)
		j := portfolioSupportJSON{
			Product: s.Product, Cycle: s.Cycle, End: one.End, Ended: over, Soon: soon, Latest: s.Latest, Confidence: one.By, Count: s.Count,
			Products: productsJSON(w.state.Bills, s.Bills),
		}
		for _, c := range s.Components {
			j.Components = append(j.Components, supportedJSON{c.Name, c.Version, c.PURL, 0})
		}
		list = append(list, j)
	}
	return list
}

func (w *portfolioRun) findingJSON(f *portfolio.Finding) portfolioFindingJSON {
	j := portfolioFindingJSON{
		PURL: f.Component.PURL, Component: f.Component.Name, Version: f.Component.Version, ID: f.ID, Aliases: orEmpty(f.Aliases), Range: f.Range,
		Fixed: orEmpty(f.Fixed), Severity: severityWord(f.Severity), KEV: f.KEV, EPSS: probabilityOf(f.EPSS), Unsure: f.Unsure, First: f.First,
	}
	for _, at := range f.Where {
		j.Where = append(j.Where, portfolioWhereJSON{at.Status, at.Decision, at.Says, at.Reasons, productsJSON(w.state.Bills, at.Bills)})
	}
	return j
}

func productsJSON(bills []portfolio.Bill, numbers portfolio.Numbers) []portfolioProductJSON {
	list := []portfolioProductJSON{}
	for n := range numbers.All() {
		list = append(list, portfolioProductJSON{bills[n].Product, bills[n].Release})
	}
	return list
}

// names are the bills that have a finding, in order.
func (w *portfolioRun) names(f *portfolio.Finding) []string {
	var list []string
	for _, at := range f.Where {
		for n := range at.Bills.All() {
			list = append(list, w.state.Bills[n].Name())
		}
	}
	return list
}

func severityWord(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func probabilityOf(text string) *float64 {
	p, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &p
}
