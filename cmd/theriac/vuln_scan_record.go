package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"theriac/triage"
	"theriac/vuln/match"
)

// judge holds findings against the decisions of the security file, where there is one.
func (s *scanned) judge() {
	if s.input.file == nil {
		return
	}
	found, _ := triage.From(s.Result)
	s.verdicts = triage.NewJudge(s.input.file, s.day).Apply(s.input.release, found)
}

// verdict is how a finding stands; nil where no security file was scanned.
func (s *scanned) verdict(i int) *triage.Verdict {
	if s.verdicts == nil {
		return nil
	}
	return &s.verdicts[i]
}

// waiting counts the findings that wait for a decision; all where nobody can decide.
func (s *scanned) waiting() int {
	if s.input.file == nil {
		return len(s.Findings) + len(s.Unknown)
	}
	n := 0
	for _, v := range s.verdicts {
		if v.Status == triage.Open || v.Status == triage.Reopened {
			n++
		}
	}
	return n
}

// stand is a verdict in words.
func stand(v *triage.Verdict) string {
	switch {
	case v == nil:
		return ""
	case v.Decision == nil:
		return string(v.Status)
	case v.Status == triage.Decided:
		return strings.ReplaceAll(string(v.Decision.Status), "-", " ") + ": " + v.Decision.ID
	case v.Status == triage.Reopened:
		return "open again: " + v.Decision.ID
	}
	return strings.ReplaceAll(string(v.Status), "-", " ") + ": " + v.Decision.ID
}

// recordScans keeps what was found in every release that is out on the day and names a
// bill of materials, the one that was scanned among them.
func recordScans(first *scanned, scan func(*scanInput) (*scanned, error)) error {
	in := first.input
	if in.file == nil {
		return errors.New("--record: a bill of materials has no record; name the folder of a security file")
	}
	before, err := triage.ReadRecord(in.file)
	if err != nil {
		return err
	}
	if len(before.Findings) > 0 {
		// What was first seen when would be lost.
		return fmt.Errorf("%s cannot be read as a whole: %s; mend it, or remove it to begin anew", triage.RecordFile, before.Findings[0].Message)
	}
	scans := []triage.Scan{first.scan()}
	for _, r := range byDate(in.file.Releases) {
		if r.SBOM.Path == "" || r.Version == in.release || r.Date.IsZero() || first.day.Before(r.Date) {
			continue
		}
		other, err := readRelease(in.file, in.dir, r)
		if err != nil {
			return err
		}
		s, err := scan(other)
		if err != nil {
			return err
		}
		scans = append(scans, s.scan())
	}
	text, err := triage.Encode(triage.Update(before, first.day, first.sources(), scans))
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(in.dir, triage.RecordFile), text)
}

// scan is a scan in the form in which it is kept.
func (s *scanned) scan() triage.Scan {
	found, unmonitored := triage.From(s.Result)
	status := map[match.Status]string{match.Complete: "complete", match.WithGaps: "gaps", match.Failed: "failed"}[s.Status]
	return triage.Scan{
		Release: s.input.release, SBOM: s.input.shown, Digest: strings.ToLower(strings.TrimPrefix(s.input.digest, "sha256:")), Status: status,
		Found: found, Unmonitored: unmonitored, Support: triage.SupportFrom(s.Result),
	}
}

// sources are those of the database, with the day of their newest data.
func (s *scanned) sources() []triage.Source {
	var list []triage.Source
	for _, a := range s.ages {
		one := triage.Source{Name: strings.TrimSpace(a.Name + " " + a.What)}
		if a.days >= 0 {
			one.Date = a.Newest.UTC().Format(time.DateOnly)
		}
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}
