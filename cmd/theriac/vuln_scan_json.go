package main

import (
	"strconv"
	"time"

	"theriac/sbom"
	"theriac/triage"
	"theriac/vuln"
	"theriac/vuln/match"
)

// The types of docs/formats/vuln-scan-json.md.

type scanJSON struct {
	Status      match.Status      `json:"status"`
	Findings    []findingJSON     `json:"findings"`
	Unknown     []findingJSON     `json:"unknown"`
	Unmonitored []unmonitoredJSON `json:"unmonitored"`
	Apart       []apartJSON       `json:"apart"`
	Gaps        []string          `json:"gaps"`
	Unheard     []string          `json:"unheard,omitempty"` // of the documents of suppliers
	Support     []supportJSON     `json:"support"`
	SBOM        scanSBOMJSON      `json:"sbom"`
	Database    scanDatabaseJSON  `json:"database"`
	Date        string            `json:"date"`
}

type findingJSON struct {
	PURL       string           `json:"purl"`
	Component  string           `json:"component"`
	Version    string           `json:"version"`
	Line       int              `json:"line,omitempty"`
	Declared   string           `json:"declared,omitempty"` // id in the security file
	ID         string           `json:"id"`
	Aliases    []string         `json:"aliases"`
	Upstream   []string         `json:"upstream"`
	Records    []string         `json:"records"`
	Summary    string           `json:"summary"`
	URL        string           `json:"url,omitempty"`
	CWEs       []string         `json:"cwes"`
	Ecosystem  string           `json:"ecosystem"`
	Package    string           `json:"package"`
	Range      string           `json:"range"`
	Ranges     []string         `json:"ranges"`
	Fixed      []string         `json:"fixed"`
	Severity   string           `json:"severity"`
	Score      *float64         `json:"score"`
	Vector     string           `json:"vector,omitempty"`
	KEV        bool             `json:"kev"`
	KEVAdded   string           `json:"kevAdded,omitempty"`
	EPSS       *float64         `json:"epss"`
	EPSSDate   string           `json:"epssDate,omitempty"`
	Patched    bool             `json:"patched,omitempty"`
	Confidence match.Confidence `json:"confidence"`
	Why        string           `json:"why"`
	Imports    []importJSON     `json:"imports,omitempty"`
	// How it stands in the security file that was scanned.
	State    triage.Status `json:"state,omitempty"`
	Decision string        `json:"decision,omitempty"`
	Reopened []string      `json:"reopened,omitempty"`
	Device   *vectorJSON   `json:"device,omitempty"` // vector of the decision
	// What suppliers say of it (--vex).
	Suppliers []wordJSON `json:"suppliers,omitempty"`
}

type importJSON struct {
	Path    string   `json:"path"`
	Symbols []string `json:"symbols"`
}

type unmonitoredJSON struct {
	Component string      `json:"component"`
	Version   string      `json:"version"`
	PURL      string      `json:"purl"`
	Line      int         `json:"line,omitempty"`
	Cause     match.Cause `json:"cause"`
	Reason    string      `json:"reason"`
}

type supportJSON struct {
	Product    string           `json:"product"`
	Cycle      string           `json:"cycle"`
	End        string           `json:"end,omitempty"`
	Ended      bool             `json:"ended"` // on the day of the scan
	Soon       bool             `json:"soon"`  // within six months
	Latest     string           `json:"latest,omitempty"`
	Confidence match.Confidence `json:"confidence"`
	Components []supportedJSON  `json:"components"`
}

type supportedJSON struct {
	Component string `json:"component"`
	Version   string `json:"version"`
	PURL      string `json:"purl"`
	Line      int    `json:"line,omitempty"`
}

type apartJSON struct {
	Component string `json:"component"`
	Reason    string `json:"reason"`
}

type scanSBOMJSON struct {
	File       string        `json:"file"`
	Release    string        `json:"release,omitempty"`
	Format     string        `json:"format"`
	Version    string        `json:"version"`
	Components int           `json:"components"`
	Declared   int           `json:"declared"` // of them by the security file alone
	Problems   []problemJSON `json:"problems"`
	Unlisted   int           `json:"unlistedProblems"`
}

type problemJSON struct {
	Line int    `json:"line,omitempty"`
	What string `json:"what"`
}

type scanDatabaseJSON struct {
	Digest   string           `json:"digest"`
	Signers  []string         `json:"signers"`
	Verified string           `json:"verified,omitempty"`
	Sources  []scanSourceJSON `json:"sources"`
}

type scanSourceJSON struct {
	Name    string `json:"name"`
	What    string `json:"what"`
	Date    string `json:"date,omitempty"`
	AgeDays *int   `json:"ageDays"`
	Stale   bool   `json:"stale"`
	Count   int    `json:"count"`
}

func (s *scanned) json() scanJSON {
	bom := s.input.bom
	result := scanJSON{
		Status: s.Status, Findings: []findingJSON{}, Unknown: []findingJSON{}, Unmonitored: []unmonitoredJSON{}, Apart: []apartJSON{},
		Gaps: orEmpty(s.Gaps), Unheard: s.unheard, Support: s.supportJSON(), Date: s.day.String(),
		SBOM: scanSBOMJSON{
			File: s.input.shown, Release: s.input.release, Format: bom.Format, Version: bom.Version,
			Components: s.Components, Declared: s.Components - s.input.declared, Problems: problemsJSON(bom.Problems), Unlisted: bom.Unlisted,
		},
		Database: s.databaseJSON(),
	}
	for i := range s.Findings {
		result.Findings = append(result.Findings, s.findingJSON(&s.Findings[i], i))
	}
	for i := range s.Unknown {
		result.Unknown = append(result.Unknown, s.findingJSON(&s.Unknown[i], len(s.Findings)+i))
	}
	for _, u := range s.Unmonitored {
		result.Unmonitored = append(result.Unmonitored, unmonitoredJSON{u.Name, u.Version, u.PURL, u.Line, u.Cause, u.Reason})
	}
	for _, a := range s.Apart {
		result.Apart = append(result.Apart, apartJSON{a.Name, a.Reason})
	}
	return result
}

// orEmpty is never nil: JSON has [] where there is nothing.
func orEmpty(s []string) []string { return append([]string{}, s...) }

func problemsJSON(problems []sbom.Problem) []problemJSON {
	all := []problemJSON{}
	for _, p := range problems {
		all = append(all, problemJSON{p.Line, p.What})
	}
	return all
}

func (s *scanned) databaseJSON() scanDatabaseJSON {
	d := scanDatabaseJSON{Digest: s.info.Digest, Signers: orEmpty(s.info.Signers), Verified: s.info.Verified, Sources: []scanSourceJSON{}}
	for _, a := range s.ages {
		one := scanSourceJSON{Name: a.Name, What: a.What, Stale: a.stale, Count: a.Count}
		if a.days >= 0 {
			one.Date, one.AgeDays = a.Newest.UTC().Format(time.DateOnly), &a.days
		}
		d.Sources = append(d.Sources, one)
	}
	return d
}

// findingJSON is a finding, with how the one of a place among the verdicts stands.
func (s *scanned) findingJSON(f *match.Finding, at int) findingJSON {
	v := s.verdict(at)
	j := findingJSON{
		PURL: f.PURL, Component: f.Name, Version: f.Version, Line: f.Line, ID: f.ID, Aliases: orEmpty(f.Aliases), Upstream: orEmpty(f.Upstream),
		Records: orEmpty(f.Records), Summary: f.Summary, URL: f.URL, CWEs: orEmpty(f.CWEs), Ecosystem: f.Ecosystem, Package: f.Package,
		Range: f.Range, Ranges: orEmpty(f.Ranges), Fixed: orEmpty(f.Fixed), Severity: f.Severity.Word, Vector: f.Severity.Vector,
		Patched: f.Patched, Confidence: f.Confidence, Why: f.Why, KEV: f.Exploited != nil, EPSS: likely(f.Likelihood),
	}
	if f.Component >= s.input.declared {
		j.Declared = s.input.bom.Components[f.Component].Ref
	}
	if f.Severity.Vector != "" {
		j.Score = &f.Severity.Score
	}
	if f.Exploited != nil {
		j.KEVAdded = f.Exploited.Added
	}
	if j.EPSS != nil {
		j.EPSSDate = f.Likelihood.Date
	}
	if v != nil {
		j.State = v.Status
		if v.Decision != nil {
			j.Decision = v.Decision.ID
			if vector := v.Decision.Score.CVSS; vector != "" {
				j.Device = new(vectorOf(vector))
			}
		}
		for _, r := range v.Reasons {
			j.Reopened = append(j.Reopened, r.Text)
		}
	}
	j.Suppliers = s.wordsJSON(at)
	for _, i := range f.Imports {
		j.Imports = append(j.Imports, importJSON{i.Path, orEmpty(i.Symbols)})
	}
	return j
}

// likely is the probability of exploitation; nil where none is known.
func likely(l *vuln.Likelihood) *float64 {
	if l == nil {
		return nil
	}
	p, err := strconv.ParseFloat(l.Score, 64)
	if err != nil || p < 0 || p > 1 {
		return nil
	}
	return &p
}
