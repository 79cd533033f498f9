package collect

import (
	"bytes"
	"slices"
	"strconv"

	"theriac/evidence"
)

// The OSV-Scanner collector reads its JSON, version 1 and 2: a case for each
// group of records that speak of one vulnerability of a component. Findings fail
// from medium on unless told otherwise. Licence violations are not read.
//
// The tool lists components without findings only when it is run with
// --all-packages. A report that lists none does not tell whether anything was
// looked at, and is inconclusive.
//
// Source: OSV-Scanner documentation, output; OSV schema 1.7.
var _ = add(Collector{
	Name:  "osv-scanner",
	Title: "OSV-Scanner JSON",
	Kind:  "vulnerability-scan",
	Looks: func(_ string, data []byte) bool {
		h := headOf(data)
		return !h.List && h.has("results") && !h.has("version") && (h.has("experimental_config") || bytes.Contains(data, []byte(`"source"`)) && bytes.Contains(data, []byte(`"packages"`)))
	},
	Read: readOSV,
})

type osvReport struct {
	Results *[]struct {
		Source struct {
			Path string `json:"path"`
		} `json:"source"`
		Packages []osvPackage `json:"packages"`
	} `json:"results"`
}

type osvPackage struct {
	Package struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Commit  string `json:"commit"`
	} `json:"package"`
	Vulnerabilities []osvRecord `json:"vulnerabilities"`
	Groups          []osvGroup  `json:"groups"`
}

type osvRecord struct {
	ID       string `json:"id"`
	Summary  string `json:"summary"`
	Severity []struct {
		Score string `json:"score"`
	} `json:"severity"`
}

type osvGroup struct {
	IDs      []string               `json:"ids"`
	Aliases  []string               `json:"aliases"`
	Max      string                 `json:"max_severity"`
	Analysis map[string]osvAnalysis `json:"experimental_analysis"` // by id of a record
	Old      map[string]osvAnalysis `json:"experimentalAnalysis"`  // so written until 2.0
}

type osvAnalysis struct {
	Called      *bool `json:"called"`
	Unimportant bool  `json:"unimportant"`
}

func readOSV(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	var report osvReport
	if err := decodeJSON(in.Data, &report); err != nil {
		return nil, err
	}
	if report.Results == nil {
		return nil, malformed(0, "the report has no results")
	}
	f, r := newFindings(limit(in, evidence.Medium)), &Report{Tool: evidence.Tool{Name: "osv-scanner"}}
	components := 0
	for _, result := range *report.Results {
		for _, p := range result.Packages {
			if components++; components > maxCases {
				return nil, counted(components)
			}
			if err := p.note(f, placeOf(result.Source.Path)); err != nil {
				return nil, err
			}
		}
	}
	f.scan(r, components > 0, evidence.Scan{Components: components})
	return r, nil
}

// note notes the vulnerabilities of a component that was found at a place.
func (p *osvPackage) note(f *findings, place string) error {
	name := label(p.Package.Name, p.Package.Version)
	if name == "" {
		name = p.Package.Commit
	}
	if name == "" {
		return malformed(0, "a package has neither a name nor a commit")
	}
	records := map[string]*osvRecord{}
	for i := range p.Vulnerabilities {
		records[p.Vulnerabilities[i].ID] = &p.Vulnerabilities[i]
	}
	for _, g := range p.Groups {
		if len(g.IDs) == 0 {
			return malformed(0, "a group of vulnerabilities of %s has no ids", clean(name))
		}
		id := slices.Min(g.IDs)
		c := Case{ID: id + "@" + name, Severity: g.severity(records), At: place, Items: slices.Concat(g.IDs, g.Aliases, []string{p.Package.Name})}
		if v := records[id]; v != nil {
			c.Title = v.Summary
		}
		for _, id := range g.IDs {
			delete(records, id)
		}
		if err := f.found(c); err != nil {
			return err
		}
	}
	for id := range records {
		return malformed(0, "vulnerability %s of %s is in no group", clean(id), clean(name))
	}
	return nil
}

// severity is the worst of the records, or low where the tool says that the code
// does not call what is vulnerable, or that the distribution does not care.
func (g *osvGroup) severity(records map[string]*osvRecord) evidence.Severity {
	if g.harmless() {
		return evidence.Low
	}
	if score, err := strconv.ParseFloat(g.Max, 64); err == nil {
		return scoreSeverity(score)
	}
	severity := unrated
	for _, id := range g.IDs {
		if v := records[id]; v != nil {
			for _, s := range v.Severity {
				severity = worst(severity, vectorSeverity(s.Score))
			}
		}
	}
	return severity
}

// harmless tells whether the analysis of the tool clears each record.
func (g *osvGroup) harmless() bool {
	for _, id := range g.IDs {
		a, known := g.Analysis[id]
		if !known {
			a = g.Old[id]
		}
		if !a.Unimportant && (a.Called == nil || *a.Called) {
			return false
		}
	}
	return true
}
