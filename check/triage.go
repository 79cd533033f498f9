package check

import (
	"theriac/model"
	"theriac/triage"
)

// Triaged is the record of findings of a security file beside its decisions.
type Triaged struct {
	Record *triage.Record
	Judge  *triage.Judge
	Scans  []TriagedScan // none where part of the record or of the file could not be read
	Err    error
}

// TriagedScan is what was found in one bill of materials, and how each finding stands.
type TriagedScan struct {
	*triage.Scan
	Verdicts []triage.Verdict // in the order of the findings
}

// Triaged is the recorded findings, and how they stand. A variant has none: what was
// scanned is the product.
func (p *Pass) Triaged() *Triaged { return p.shared.triaged() }

func triaged(file *model.File, today model.Date, memory *Memory) *Triaged {
	t := &Triaged{Record: &triage.Record{}, Judge: triage.NewJudge(file, today)}
	if file.Variant() != "" {
		return t
	}
	r, err := memory.record(file)
	if err != nil {
		t.Err = err
		return t
	}
	t.Record = r
	if len(r.Findings) > 0 || spoilt(file) {
		return t
	}
	for i := range r.Scans {
		s := &r.Scans[i]
		t.Scans = append(t.Scans, TriagedScan{s, t.Judge.Apply(s.Release, s.Found)})
	}
	return t
}

// spoilt reports whether a decision has a finding about its form. What it says could be
// taken wrongly then, and one mistake would open findings by the dozen.
func spoilt(file *model.File) (found bool) {
	for _, d := range file.Decisions {
		found = found || file.Faulty(d)
	}
	return found
}

// Verdicts are those of all scans.
func (t *Triaged) Verdicts() []triage.Verdict {
	var all []triage.Verdict
	for _, s := range t.Scans {
		all = append(all, s.Verdicts...)
	}
	return all
}
