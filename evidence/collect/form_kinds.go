package collect

import (
	"fmt"
	"slices"
	"strings"

	"theriac/evidence"
	"theriac/model"
)

// formKind is what a form of one kind of evidence must state.
type formKind struct {
	kind  model.EvidenceKind
	part  string   // field that belongs to the kind, "" for none
	needs []string // paths of further fields
	own   string   // list inside the part that becomes cases
	// fill puts the part into a report and checks what it says.
	fill func(r *formReader, out *Report)
}

// formKinds lists the kinds that people may state. A device attests itself.
var formKinds = []formKind{
	{kind: "test-result", needs: []string{"performer.who", "checks"}, fill: func(*formReader, *Report) {}},
	{
		kind: "static-analysis", part: "analysis", fill: (*formReader).analysis,
		needs: []string{"tool.name", "tool.version", "commit", "analysis.findings.critical", "analysis.findings.high", "analysis.findings.medium"},
	},
	{
		kind: "dynamic-analysis", part: "analysis", fill: (*formReader).analysis,
		needs: []string{"tool.name", "tool.version", "scope", "analysis.findings.critical", "analysis.findings.high", "analysis.findings.medium"},
	},
	{kind: "fuzzing", part: "fuzzing", needs: []string{"tool.name", "tool.version", "scope"}, fill: (*formReader).fuzzing},
	{
		kind: "vulnerability-scan", part: "scan", fill: (*formReader).scan,
		needs: []string{"tool.name", "tool.version", "scope", "scan.findings.critical", "scan.findings.high", "scan.findings.medium"},
	},
	{
		kind: "penetration-test", part: "penetration", own: "penetration.findings", fill: (*formReader).penetration,
		needs: []string{"started", "performer.who", "performer.independence", "scope", "penetration.findings"},
	},
	{kind: "code-review", part: "review", own: "review.unreviewed", needs: []string{"authors", "commit"}, fill: (*formReader).review},
	{kind: "sbom", part: "sbom", needs: []string{"attachments"}, fill: (*formReader).sbom},
	{kind: "configuration-scan", part: "configuration", needs: []string{"checks"}, fill: (*formReader).configuration},
	{kind: "process-record", part: "record", needs: []string{"performer.who"}, fill: (*formReader).record},
	{kind: "manual-inspection", part: "inspection", needs: []string{"performer.who", "checks"}, fill: (*formReader).inspection},
	{kind: "supplier-statement", part: "supplier", fill: (*formReader).supplier},
}

// required lists the paths of the fields that a form of the kind must state
// beside those that the types require.
func (k formKind) required() []string {
	if k.part == "" {
		return k.needs
	}
	return append(slices.Clone(k.needs), k.part)
}

// bins gives the counts by severity, from worst to least.
func (b *formBins) bins() []*count {
	return []*count{&b.Critical, &b.High, &b.Medium, &b.Low, &b.Info}
}

// severities lists the grades from worst to least.
var severities = []evidence.Severity{evidence.Critical, evidence.High, evidence.Medium, evidence.Low, evidence.Info}

// counts gives the numbers that are stated.
func (b *formBins) counts() map[evidence.Severity]int {
	counts := map[evidence.Severity]int{}
	for i, c := range b.bins() {
		if c.stated {
			counts[severities[i]] = int(c.n)
		}
	}
	return counts
}

// graded sees that the numbers of findings and the checks say the same: each
// finding that is a failure is listed, and none of them passed.
func (r *formReader) graded(part string, failAt evidence.Severity, stated *formBins) {
	listed := map[evidence.Severity]int64{}
	for i, c := range r.form.Checks {
		s := evidence.Severity(c.Severity)
		listed[s]++
		if s != "" && s.Rank() >= failAt.Rank() && c.Outcome == outcome(evidence.Pass) {
			r.wrong(fmt.Sprintf("checks[%d].outcome", i+1), fmt.Sprintf("a finding that is %s has not passed: findings fail from %s on", s, failAt), "correct the outcome or the severity")
		}
	}
	for i, c := range stated.bins() {
		s := severities[i]
		path := part + ".findings." + string(s)
		switch fails := s.Rank() >= failAt.Rank(); {
		case fails && !c.stated:
			r.wrong(path, fmt.Sprintf("the number of %s findings is not stated: findings fail from %s on", s, failAt), "add the field; 0 when there are none")
		case fails && c.n != listed[s]:
			r.wrong(path, fmt.Sprintf("%d findings are %s, and the checks list %d of them", c.n, s, listed[s]), "list each finding that is a failure as a check with its severity")
		case c.stated && c.n < listed[s]:
			r.wrong(path, fmt.Sprintf("%d findings are %s, and the checks list %d of them", c.n, s, listed[s]), "correct the number")
		case c.n > maxCases:
			r.wrong(path, fmt.Sprintf("more than %d findings", maxCases), "correct the number")
		}
	}
}

// failAt is the stricter limit of form and command; medium where neither has
// one.
func (r *formReader) failAt(stated grade) evidence.Severity {
	form, command := evidence.Severity(stated), r.in.FailAt
	if form != "" && (command == "" || form.Rank() < command.Rank()) {
		return form
	}
	return limit(r.in, evidence.Medium)
}

func (r *formReader) analysis(out *Report) {
	a := r.form.Analysis
	failAt := r.failAt(a.FailAt)
	r.graded("analysis", failAt, &a.Findings)
	out.Whole = evidence.Pass
	out.Details.Analysis = &evidence.Analysis{FailAt: failAt, Findings: a.Findings.counts(), Suppressed: a.Suppressed}
}

func (r *formReader) scan(out *Report) {
	s := r.form.Scan
	failAt := r.failAt(s.FailAt)
	r.graded("scan", failAt, &s.Findings)
	out.Whole = evidence.Pass
	out.Details.Scan = &evidence.Scan{
		FailAt: failAt, Findings: s.Findings.counts(), Components: s.Components, Database: clean(s.Database), Data: s.Data.Time,
	}
}

func (r *formReader) fuzzing(out *Report) {
	f := r.form.Fuzzing
	if f.Executions.n == 0 {
		r.wrong("fuzzing.executions", "no input was tried", "state the number of inputs that were tried")
	}
	out.Whole = evidence.Pass
	out.Details.Fuzzing = &evidence.Fuzzing{
		Targets: cleanAll(f.Targets), Executions: f.Executions.n, Seconds: f.Seconds.n, Corpus: f.Corpus.n, Sanitizers: cleanAll(f.Sanitizers),
	}
}

// penetration makes a case of each finding: only what was fixed and attacked
// again in vain is no failure.
func (r *formReader) penetration(out *Report) {
	p := r.form.Penetration
	details := &evidence.Penetration{Method: clean(p.Method), Days: float64(p.Days) / 10, Findings: []evidence.PenetrationFinding{}}
	for i, f := range p.Findings {
		path := fmt.Sprintf("penetration.findings[%d]", i+1)
		r.ids(path+".where", f.Where)
		r.retest(path, f)
		details.Findings = append(details.Findings, evidence.PenetrationFinding{
			ID: clean(f.ID), Title: clean(f.Title), Severity: evidence.Severity(f.Severity), Fate: evidence.Fate(f.Fate),
			Where: f.Where, Retested: f.Retested.String(), Reference: clean(f.Reference),
		})
		c := Case{
			ID: clean(f.ID), Title: clean(f.Title), Severity: evidence.Severity(f.Severity), Outcome: evidence.Fail,
			At: clean(strings.Join(f.Where, ", ")), Items: cleanAll([]string{f.ID, f.Title}),
		}
		if f.Fate == fate(evidence.FateRetested) {
			c.Outcome = evidence.Pass
		}
		out.Cases = append(out.Cases, c)
	}
	out.Whole = evidence.Pass
	out.Details.Penetration = details
}

func (r *formReader) retest(path string, f formFinding) {
	switch again := f.Fate == fate(evidence.FateRetested); {
	case again && f.Retested.IsZero():
		r.wrong(path, "a finding that was tested again must state the day", "add `retested: YYYY-MM-DD`")
	case !again && !f.Retested.IsZero():
		r.wrong(path+".fate", fmt.Sprintf("the finding was tested again and is %s", f.Fate), "write retested when the attack does not work any more; else remove `retested`")
	case again && f.Retested.Before(model.DateOf(r.form.Started.Time)):
		r.wrong(path+".retested", "the finding was tested again before the test began", "correct the day")
	}
}

func (r *formReader) review(out *Report) {
	v := r.form.Review
	authors, reviewers := cleanAll(r.form.Authors), cleanAll(v.Reviewers)
	switch {
	case v.Changes == 0:
		r.wrong("review.changes", "nothing was looked at", "state the number of changes")
	case len(v.Unreviewed) > v.Changes:
		r.wrong("review.unreviewed", fmt.Sprintf("%d changes of %d", len(v.Unreviewed), v.Changes), "correct the number of changes")
	case len(authors) == 1 && slices.Equal(authors, reviewers):
		r.wrong("review.reviewers", "the only reviewer is the only author", "name who else looked at the code")
	}
	for _, id := range v.Unreviewed {
		out.Cases = append(out.Cases, Case{ID: clean(id), Title: "nobody but its author looked at the change", Outcome: evidence.Fail, Items: cleanAll([]string{id})})
	}
	out.Whole = evidence.Pass
	out.Details.Review = &evidence.Review{Changes: v.Changes, Unreviewed: cleanAll(v.Unreviewed), Reviewers: reviewers}
}

func (r *formReader) sbom(out *Report) {
	s := r.form.SBOM
	switch {
	case s.Components == 0:
		r.wrong("sbom.components", "the list is empty", "state the number of components")
	case s.Unnamed > s.Components:
		r.wrong("sbom.unnamed", fmt.Sprintf("%d components of %d", s.Unnamed, s.Components), "correct the number")
	}
	out.Whole = evidence.Pass
	out.Details.SBOM = &evidence.SBOM{Format: clean(s.Format), Components: s.Components, Unnamed: s.Unnamed}
}

func (r *formReader) configuration(out *Report) {
	c := r.form.Configuration
	out.Details.Configuration = &evidence.Configuration{Profile: clean(c.Profile), Target: clean(c.Target)}
}

// record passes by itself: that the record is there says that the work was done.
func (r *formReader) record(out *Report) {
	p := r.form.Record
	if p.Process != "" && !idForm.MatchString(p.Process) {
		r.wrong("record.process", fmt.Sprintf("%q is no id", p.Process), "give the id of a process of the security file")
	}
	out.Whole = evidence.Pass
	out.Details.Record = &evidence.Record{
		Process: p.Process, Document: clean(p.Document), Revision: clean(p.Revision), Took: cleanAll(p.Took), ValidUntil: p.ValidUntil.String(),
	}
}

func (r *formReader) inspection(out *Report) {
	i := r.form.Inspection
	out.Details.Inspection = &evidence.Inspection{Procedure: clean(i.Procedure), Observed: clean(i.Observed), Document: clean(i.Document)}
}

// supplier passes by itself: that the supplier stated it is the evidence.
func (r *formReader) supplier(out *Report) {
	s := r.form.Supplier
	out.Whole = evidence.Pass
	out.Details.Supplier = &evidence.Supplier{
		Supplier: clean(s.Supplier), Item: clean(s.Item), Document: clean(s.Document), ValidUntil: s.ValidUntil.String(),
	}
}
