package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"theriac/edit"
	"theriac/model"
	"theriac/triage"
)

// write adds decisions to a file of the security file: the one named, else the one that
// holds most. It returns its path.
func (d *decider) write(ctx context.Context, all []triage.Proposal) (string, error) {
	home := d.file.Fullest(model.KindOf("decisions"))
	if home == "" {
		home = filepath.Join(d.dir, "decisions.yaml")
	}
	if d.to != "" {
		if !model.IsYAML(d.to) || !filepath.IsLocal(d.to) {
			return "", fmt.Errorf("--to: %s is no .yaml file below the security file", d.to)
		}
		home = filepath.Join(d.dir, d.to)
	}
	var added []edit.Entity
	for i := range all {
		added = append(added, edit.Entity{ID: all[i].Decision.ID, Body: decisionBody(&all[i].Decision)})
	}
	_, err := rewritten(ctx, d.file, d.dir, func(w *rewrite) error {
		doc, err := w.open(home)
		if err == nil {
			err = doc.Append("decisions", added...)
		}
		return err
	}, added[len(added)-1].ID)
	return home, err
}

// decisionBody is a decision as the security file has it.
func decisionBody(d *model.Decision) edit.Map {
	var s, reach entryBody
	s.text("title", d.Title)
	s.text("notes", d.Notes)
	s.text("vulnerability", d.Vulnerability)
	s.texts("packages", d.Packages)
	s.text("versions", d.Versions)
	s.text("releases", d.Releases)
	s.text("status", string(d.Status))
	s.text("justification", string(d.Justification))
	s.text("reason", d.Reason)
	s.text("action", d.Action)
	s.text("fix", d.Fix)
	reach.text("result", string(d.Reachability.Result))
	reach.text("method", string(d.Reachability.Method))
	reach.text("detail", d.Reachability.Detail)
	reach.text("source", d.Reachability.Source)
	s.fields("reachability", reach.Map)
	s.fields("score", scoreBody(d.Score))
	s.text("risk", d.Risk.ID)
	s.text("by", d.By)
	s.text("date", d.Date.String())
	s.text("expires", d.Expires.String())
	s.fields("known", knownBody(d.Known))
	return s.Map
}

// scoreBody is a score as the security file has it.
func scoreBody(v model.Score) edit.Map {
	var s entryBody
	s.text("exploitability", v.Exploitability)
	s.text("severity", v.Severity)
	s.text("cvss", v.CVSS)
	var rubric edit.List
	for _, a := range v.Rubric {
		var one entryBody
		one.text("question", a.Question)
		one.text("answer", a.Answer)
		one.text("why", a.Why)
		rubric = append(rubric, one.Map)
	}
	if len(rubric) > 0 {
		s.Map = append(s.Map, edit.Field{Name: "rubric", Value: rubric})
	}
	var factors entryBody
	factors.text("time", string(v.Feasibility.Time))
	factors.text("expertise", string(v.Feasibility.Expertise))
	factors.text("knowledge", string(v.Feasibility.Knowledge))
	factors.text("opportunity", string(v.Feasibility.Opportunity))
	factors.text("equipment", string(v.Feasibility.Equipment))
	s.fields("feasibility", factors.Map)
	s.text("rationale", v.Rationale)
	return s.Map
}

func knownBody(k model.Known) edit.Map {
	var s entryBody
	s.texts("versions", k.Versions)
	s.text("ranges", k.Ranges)
	if k.Exploited.Known() {
		s.Map = append(s.Map, edit.Field{Name: "exploited", Value: edit.Bool(k.Exploited == model.Yes)})
	}
	s.text("epss", k.EPSS)
	s.texts("cvss", k.CVSS)
	s.texts("fixed", k.Fixed)
	s.text("exposure", k.Exposure)
	s.text("support", k.Support)
	return s.Map
}

// sortedUnique is a list in order and without repetitions.
func sortedUnique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
