package evidence

import (
	"fmt"
	"slices"
	"time"

	"theriac/model"
)

// faults lists what is wrong with a statement by itself.
func (s *Statement) faults() []Reason {
	v := &validation{}
	v.subjects(s.Subjects)
	v.want(s.Release != "", "release", "it names no release")
	v.ids("for", s.For, true)
	v.ids("scope", s.Scope, false)
	v.times(&s.Predicate)
	v.inputs(s.Inputs)
	v.basis(s.Basis)
	v.results(s)
	v.performer(s.Performer)
	v.details(s)
	return v.found
}

type validation struct{ found []Reason }

// maxSize bounds the size that a statement gives of an input, in bytes, so that
// sums of sizes stay sums.
const maxSize = 1 << 40

// maxFaults bounds what is said of one statement.
const maxFaults = 50

func (v *validation) want(ok bool, field, format string, args ...any) {
	if !ok && len(v.found) < maxFaults {
		v.found = append(v.found, malformed("predicate."+field, format, args...))
	}
}

func (v *validation) subjects(list []Subject) {
	if len(list) == 0 {
		v.found = append(v.found, malformed("subject", "it speaks of no artefact"))
	}
	names := map[string]bool{}
	for i, s := range list {
		field := fmt.Sprintf("subject[%d]", i)
		if s.Name == "" || !IsDigest(s.SHA256) {
			v.found = append(v.found, malformed(field, "the artefact has no name or no SHA-256"))
		}
		if names[s.Name] {
			v.found = append(v.found, malformed(field, "artefact %q stands twice", s.Name))
		}
		names[s.Name] = true
	}
}

// ids wants ids in order and without repetition.
func (v *validation) ids(field string, ids []string, needed bool) {
	v.want(!needed || len(ids) > 0, field, "it speaks of no verification")
	for i, id := range ids {
		v.want(id != "", field, "an id is empty")
		v.want(i == 0 || ids[i-1] < id, field, "ids are not in order, or stand twice: %q", id)
	}
}

func (v *validation) times(p *Predicate) {
	for _, t := range []struct {
		field string
		at    time.Time
	}{{"started", p.Started}, {"finished", p.Finished}, {"recorded", p.Recorded}} {
		v.want(t.at.IsZero() || wholeSecond(t.at), t.field, "a time is not given in whole seconds of UTC, as in 2026-06-18T09:30:00Z")
		v.want(!t.at.IsZero() || t.field == "started", t.field, "the time is missing")
	}
	v.want(!p.Finished.Before(p.Started), "finished", "it ended before it began")
	v.want(!p.Recorded.Before(p.Finished), "recorded", "it was recorded on %s, before the work ended on %s", day(p.Recorded), day(p.Finished))
}

func (v *validation) inputs(list []Input) {
	for i, in := range list {
		field := fmt.Sprintf("inputs[%d]", i)
		v.want(IsDigest(in.SHA256), field+".sha256", "it is no SHA-256 in 64 hexadecimal digits")
		v.want(in.Size >= 0 && in.Size <= maxSize, field+".size", "a size is negative or absurd")
		v.want(in.Name != "" && in.Format != "", field, "name or format is missing")
	}
}

func (v *validation) basis(list []Basis) {
	for i, b := range list {
		field := fmt.Sprintf("basis[%d]", i)
		v.want(b.ID != "" && isHex(b.Digest, 32), field, "id or digest is missing")
		v.want(i == 0 || list[i-1].ID < b.ID, field, "ids are not in order, or stand twice: %q", b.ID)
	}
}

func (v *validation) results(s *Statement) {
	v.want(len(s.Results) == len(s.For), "results", "there is not one result for each verification")
	for i, r := range s.Results {
		field := fmt.Sprintf("results[%d]", i)
		v.want(i < len(s.For) && r.Item == s.For[i], field+".item", "the result is of %q, which is not the verification in its place", r.Item)
		v.want(min(r.Passed, r.Failed, r.Skipped, r.Inconclusive) >= 0, field, "a count is negative")
		v.want(len(r.Failures) <= MaxFailures && len(r.Failures) <= r.Failed, field+".failures", "it lists %d failures and counts %d", len(r.Failures), r.Failed)
		switch r.Outcome {
		case Pass:
			v.want(r.Failed == 0 && r.Inconclusive == 0, field+".outcome", "it says passed, and counts %d failed and %d inconclusive", r.Failed, r.Inconclusive)
		case Fail:
			v.want(r.Failed > 0, field+".outcome", "it says failed, and counts no failure")
		case Open:
			v.want(r.Failed == 0, field+".outcome", "it says inconclusive, and counts %d failed", r.Failed)
		default:
			v.want(false, field+".outcome", "%q is no outcome", r.Outcome)
		}
		for k, f := range r.Failures {
			v.want(f.ID != "", fmt.Sprintf("%s.failures[%d]", field, k), "a failure has no id")
			v.want(f.Severity == "" || f.Severity.Rank() >= 0, fmt.Sprintf("%s.failures[%d].severity", field, k), "%q is no severity", f.Severity)
		}
	}
}

func (v *validation) performer(p Performer) {
	v.want(p.Independence == "" || independenceRank(p.Independence) >= 0, "performer.independence", "%q is no degree of independence", p.Independence)
}

// independenceRank orders degrees of independence; -1 for an unknown one.
func independenceRank(i model.Independence) int {
	return slices.IndexFunc(i.Values(), func(v model.Value) bool { return v.Name == string(i) })
}

// details wants the part of the kind and no other.
func (v *validation) details(s *Statement) {
	for _, part := range s.Details.parts() {
		there := part.set
		ours := slices.Contains(part.kinds, s.Kind)
		v.want(ours || !there, "details."+part.name, "evidence of kind %s has no such part", s.Kind)
		v.want(!ours || there || !part.needed, "details."+part.name, "evidence of kind %s needs this part", s.Kind)
	}
}

// part is a part of the details with the kinds that have it.
type part struct {
	name   string
	set    bool
	needed bool
	kinds  []model.EvidenceKind
}

func (d *Details) parts() []part {
	return []part{
		{"analysis", d.Analysis != nil, false, []model.EvidenceKind{"static-analysis", "dynamic-analysis"}},
		{"fuzzing", d.Fuzzing != nil, true, []model.EvidenceKind{"fuzzing"}},
		{"scan", d.Scan != nil, false, []model.EvidenceKind{"vulnerability-scan"}},
		{"penetration", d.Penetration != nil, true, []model.EvidenceKind{"penetration-test"}},
		{"review", d.Review != nil, true, []model.EvidenceKind{"code-review"}},
		{"sbom", d.SBOM != nil, true, []model.EvidenceKind{"sbom"}},
		{"configuration", d.Configuration != nil, false, []model.EvidenceKind{"configuration-scan"}},
		{"attestation", d.Attestation != nil, true, []model.EvidenceKind{"device-attestation"}},
		{"record", d.Record != nil, true, []model.EvidenceKind{"process-record"}},
		{"inspection", d.Inspection != nil, true, []model.EvidenceKind{"manual-inspection"}},
		{"supplier", d.Supplier != nil, true, []model.EvidenceKind{"supplier-statement"}},
	}
}

func day(t time.Time) model.Date { return model.DateOf(t.UTC()) }
