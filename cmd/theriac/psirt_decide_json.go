package main

import (
	"cmp"

	"theriac/model"
	"theriac/risk"
	"theriac/triage"
	"theriac/vuln/match"
)

// The types of docs/formats/psirt-decide-json.md.

type decidedJSON struct {
	Decisions []decisionJSON `json:"decisions"`
}

type decisionJSON struct {
	ID              string        `json:"id"`
	Vulnerabilities []string      `json:"vulnerabilities"`
	Packages        []string      `json:"packages"`
	Versions        string        `json:"versions,omitempty"`
	Releases        string        `json:"releases,omitempty"`
	Status          string        `json:"status"`
	Justification   string        `json:"justification,omitempty"`
	Reason          string        `json:"reason"`
	Action          string        `json:"action,omitempty"`
	Fix             string        `json:"fix,omitempty"`
	By              string        `json:"by"`
	Date            string        `json:"date"`
	Expires         string        `json:"expires,omitempty"`
	Device          *vectorJSON   `json:"device,omitempty"` // scored for this device
	Data            []vectorJSON  `json:"data"`             // of the advisories
	Risk            *rescoredJSON `json:"risk,omitempty"`
	Reached         []string      `json:"reached"` // risks
	Findings        []answerJSON  `json:"findings"`
}

type vectorJSON struct {
	Vector string   `json:"vector"`
	Score  *float64 `json:"score"`
}

type rescoredJSON struct {
	ID       string `json:"id"`
	Residual string `json:"residual,omitempty"`
	Scored   string `json:"scored,omitempty"`
	Worse    *bool  `json:"worse"` // null where it cannot be told
	Above    bool   `json:"abovePolicy"`
}

type answerJSON struct {
	ID       string   `json:"id"`
	PURL     string   `json:"purl"`
	CPE      string   `json:"cpe,omitempty"`
	Name     string   `json:"component"`
	Version  string   `json:"version"`
	Release  string   `json:"release,omitempty"`
	Severity string   `json:"severity"`
	KEV      bool     `json:"kev"`
	EPSS     string   `json:"epss,omitempty"`
	Reopened []string `json:"reopened,omitempty"`
}

func (d *decider) json(all []triage.Proposal) decidedJSON {
	result := decidedJSON{Decisions: []decisionJSON{}}
	for i := range all {
		result.Decisions = append(result.Decisions, d.decisionJSON(&all[i]))
	}
	return result
}

func (d *decider) decisionJSON(p *triage.Proposal) decisionJSON {
	m := &p.Decision
	j := decisionJSON{
		ID: m.ID, Vulnerabilities: m.About(), Packages: orEmpty(m.Packages), Versions: m.Versions, Releases: m.Releases, Status: string(m.Status),
		Justification: string(m.Justification), Reason: m.Reason, Action: m.Action, Fix: m.Fix, By: m.By, Date: m.Date.String(), Expires: m.Expires.String(),
		Data: []vectorJSON{}, Reached: orEmpty(risksOf(d.judge, p)), Findings: []answerJSON{}, Risk: rescoredOf(d.file, m),
	}
	if m.Score.CVSS != "" {
		j.Device = new(vectorOf(m.Score.CVSS))
	}
	for _, vector := range baseVectors(p) {
		j.Data = append(j.Data, vectorOf(vector))
	}
	for _, a := range p.Answers {
		f := a.Finding
		one := answerJSON{
			ID: f.ID, PURL: f.Component.PURL, CPE: f.Component.CPE, Name: f.Component.Name, Version: f.Component.Version, Release: a.Release,
			Severity: cmp.Or(f.Severity, "unknown"), KEV: f.KEV, EPSS: f.EPSS,
		}
		for _, r := range a.Reasons {
			one.Reopened = append(one.Reopened, r.Text)
		}
		j.Findings = append(j.Findings, one)
	}
	return j
}

func rescoredOf(file *model.File, m *model.Decision) *rescoredJSON {
	r, ok := triage.Rescore(file, m)
	switch {
	case m.Risk.ID == "":
		return nil
	case !ok:
		return &rescoredJSON{ID: m.Risk.ID}
	}
	j := &rescoredJSON{ID: m.Risk.ID, Residual: levelsOf(r.Residual), Scored: levelsOf(r.Scored), Above: r.Above}
	if r.Known() {
		j.Worse = &r.Worse
	}
	return j
}

// vectorOf is a vector with its score, where it is one.
func vectorOf(vector string) vectorJSON {
	j := vectorJSON{Vector: vector}
	if v, err := risk.ParseVector(vector); err == nil {
		j.Score = new(float64(v.Score) / 10)
	} else if score, ok := match.Rate(vector); ok {
		j.Score = &score
	}
	return j
}
