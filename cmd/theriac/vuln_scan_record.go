package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/check"
	"theriac/triage"
	"theriac/trust"
	"theriac/vuln/match"
)

// judge holds findings against the decisions of the security file, where there is one.
func (s *scanned) judge() {
	if s.input.file == nil {
		return
	}
	found, _ := triage.FromBOM(s.Result, s.input.bom)
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

// recordScans keeps what was found in every release that is in the field on the day and
// names a bill of materials, and in the one that was scanned; signed where a key is given.
func recordScans(cmd *cobra.Command, first *scanned, sign *signFlags, scan func(*scanInput) (*scanned, error)) error {
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
	key, err := recordKey(cmd, first, before, sign)
	if err != nil {
		return err
	}
	scans := []triage.Scan{first.scan()}
	for _, r := range byDate(in.file.Releases) {
		if r.SBOM.Path == "" || r.Version == in.release || !r.Standing(first.day).State.InUse() {
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
	record := triage.Update(before, first.day, first.sources(), scans)
	record.Database = first.info.Digest
	return writeRecord(cmd.Context(), in.dir, record, key)
}

// recordKey is the key that signs the record; nil where none is given. A record that was
// signed is carried on only as it was signed, and only to one that is signed: days on
// which findings were first seen come from it.
func recordKey(cmd *cobra.Command, s *scanned, before *triage.Record, sign *signFlags) (trust.Signer, error) {
	file := s.input.file
	roster := trust.NewRoster(file)
	seal, err := check.ReadSeal(file, before, roster, s.day)
	switch {
	case err != nil:
		return nil, err
	case seal.There && sign.key == "":
		return nil, fmt.Errorf("%s is signed; give the key with --key, or remove %s to go on unsigned", triage.RecordFile, triage.SealFile)
	case seal.There && !seal.Counts():
		return nil, fmt.Errorf("%s: %s; restore both files, or remove %s to begin a signed record anew", triage.SealFile, seal.Faults[0], triage.SealFile)
	case sign.key == "":
		return nil, nil
	}
	key, err := sign.open(cmd)
	if err != nil {
		return nil, err
	}
	id, err := key.KeyID()
	if err == nil && roster.Find(id) == nil {
		err = fmt.Errorf("--key: key %.12s… is of no signer of the security file, so its signature would not count", id)
	}
	return key, err
}

// writeRecord writes a record and, with a key, its signature.
func writeRecord(ctx context.Context, dir string, record *triage.Record, key trust.Signer) error {
	text, err := triage.Encode(record)
	if err != nil {
		return err
	}
	var envelope []byte
	if key != nil {
		if envelope, err = trust.Seal(ctx, triage.SealType, triage.Claim(text), key); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, triage.RecordFile), text); err != nil || key == nil {
		return err
	}
	return writeFile(filepath.Join(dir, triage.SealFile), envelope)
}

// scan is a scan in the form in which it is kept.
func (s *scanned) scan() triage.Scan {
	found, unmonitored := triage.FromBOM(s.Result, s.input.bom)
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
