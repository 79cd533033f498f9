package evidence

import (
	"fmt"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/model"
	"theriac/trust"
)

// court weighs single pieces.
type court struct {
	file    *model.File
	policy  model.EvidencePolicy
	release *model.Release
	today   model.Date
	basis   map[string]Basis // of entities as they are, by id
}

// verdicts says what a piece is worth for each verification that it names. A
// piece of which nothing can be read has one verdict, for nothing.
func (c *court) verdicts(p *Piece) []*Verdict {
	if p.Statement == nil || len(p.Statement.For) == 0 {
		return []*Verdict{conclude(&Verdict{Piece: p}, p.Reasons)}
	}
	common, by := c.common(p)
	var all []*Verdict
	for i, id := range p.Statement.For {
		if c.file.Elsewhere(id) {
			continue // of another variant, which is judged by itself
		}
		v := &Verdict{Piece: p, Item: id, By: by}
		if i < len(p.Statement.Results) {
			v.Result = &p.Statement.Results[i]
		}
		all = append(all, c.verdict(v, i, common))
	}
	return all
}

// common finds what is wrong with a piece whatever it is for, and who signed it
// that may.
func (c *court) common(p *Piece) ([]Reason, []Signed) {
	reasons := slices.Clone(p.Reasons)
	by, why := c.entitled(p)
	reasons = append(reasons, why...)
	reasons = append(reasons, c.subjects(p.Statement)...)
	reasons = append(reasons, c.age(p.Statement)...)
	return reasons, by
}

func (c *court) verdict(v *Verdict, i int, common []Reason) *Verdict {
	e, known := c.file.Lookup(v.Item).(*model.Verification)
	if !known {
		return conclude(v, append(slices.Clone(common), c.unknown(v.Item, i)))
	}
	v.Of = e
	reasons := append(slices.Clone(common), c.kind(v)...)
	reasons = append(reasons, c.independent(v)...)
	reasons = append(reasons, c.scope(v)...)
	reasons = append(reasons, c.unchanged(v)...)
	if len(reasons) == 0 {
		reasons = c.outcome(v)
	}
	return conclude(v, reasons)
}

// conclude gives a verdict the worst state of its reasons.
func conclude(v *Verdict, reasons []Reason) *Verdict {
	slices.SortStableFunc(reasons, func(a, b Reason) int { return rank(b.State) - rank(a.State) })
	v.Reasons, v.State = reasons, Passed
	if len(reasons) > 0 {
		v.State = reasons[0].State
	}
	return v
}

func (c *court) unknown(id string, i int) Reason {
	message := fmt.Sprintf("it is for %q, and the security file has no such verification", id)
	var names []string
	for _, v := range c.file.Verifications {
		names = append(names, v.ID)
	}
	if near := diag.Suggest(id, names); near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	return Reason{State: OutOfScope, Field: fmt.Sprintf("predicate.for[%d]", i), Message: message}
}

// entitled lists the signatures by people and machines that may sign evidence of
// the kind; without any, why each does not count.
func (c *court) entitled(p *Piece) (by []Signed, reasons []Reason) {
	line := c.policyFor(p.Statement.Kind)
	for _, s := range p.Signed {
		signer := s.By.Signer
		reject := func(format string, args ...any) {
			reasons = append(reasons, Reason{State: Untrusted, Field: "signatures", Entity: signer, Message: fmt.Sprintf(format, args...)})
		}
		switch err := s.By.Counts(p.Statement.Recorded, s.Stamped, c.today); {
		case signer.Type == "root" || signer.Type == "time-stamp-authority":
			reject("it is signed by %s, which is a %s and signs no evidence", signer.ID, signer.Type)
		case err != nil:
			reject("the signature of %s does not count: %s", signer.ID, err)
		case line == nil:
			reject("policy.evidence.signers names nobody who may sign evidence of kind %s", p.Statement.Kind)
		case !trust.Holds(signer, line.Roles):
			reject("%s signs as %s, and evidence of kind %s needs %s", signer.ID, words(signer.Roles, "nobody"), p.Statement.Kind, words(line.Roles, "nobody"))
		case c.policy.TimeStamps == model.Yes && s.Stamped.IsZero():
			reject("the signature of %s has no time stamp, which policy.evidence.time-stamps asks for", signer.ID)
		default:
			by = append(by, s)
		}
	}
	if len(by) > 0 {
		return by, nil
	}
	return nil, reasons
}

func words(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	return strings.Join(list, " or ")
}

func (c *court) policyFor(kind model.EvidenceKind) *model.EvidenceSigners {
	for i := range c.policy.Signers {
		if slices.Contains(c.policy.Signers[i].Kinds, kind) {
			return &c.policy.Signers[i]
		}
	}
	return nil
}

// subjects compares what a statement speaks of with the release.
func (c *court) subjects(s *Statement) []Reason {
	reject := func(field, format string, args ...any) []Reason {
		var at model.Entity
		if c.release != nil {
			at = c.release
		}
		return []Reason{{State: WrongRelease, Field: field, Entity: at, Message: fmt.Sprintf(format, args...)}}
	}
	if c.release == nil {
		return reject("", "there is no release of which it could speak")
	}
	if s.Release != c.release.Version {
		return reject("predicate.release", "it speaks of release %s, not of %s", s.Release, c.release.Version)
	}
	for i, subject := range s.Subjects {
		if artefactOf(c.release, subject) == nil {
			return reject(fmt.Sprintf("subject[%d]", i), "it speaks of %s with SHA-256 %s, which is no artefact of release %s", subject.Name, short(subject.SHA256), c.release.Version)
		}
	}
	if some, all := spokenOf(c.release, s.Subjects); some < all {
		return reject("subject", "it speaks of %d of the %d artefacts of release %s", some, all, c.release.Version)
	}
	if c.release.Commit != "" && s.Commit != "" && s.Commit != c.release.Commit {
		return reject("predicate.commit", "it speaks of commit %s, and release %s was built from %s", short(s.Commit), c.release.Version, short(c.release.Commit))
	}
	return nil
}

// spokenOf counts the artefacts of a release of which subjects speak, and all.
func spokenOf(r *model.Release, subjects []Subject) (some, all int) {
	for _, a := range r.Artefacts {
		all++
		if slices.ContainsFunc(subjects, func(s Subject) bool { return a.Digest == "sha256:"+s.SHA256 }) {
			some++
		}
	}
	return some, all
}

// artefactOf is the artefact of a release with the digest of a subject.
func artefactOf(r *model.Release, s Subject) *model.Artefact {
	for i, a := range r.Artefacts {
		if s.SHA256 != "" && a.Digest == "sha256:"+s.SHA256 {
			return &r.Artefacts[i]
		}
	}
	return nil
}

// age compares the day of the work with the limits of the policy and with the day
// on which the artefacts were built.
func (c *court) age(s *Statement) (reasons []Reason) {
	done := day(s.Finished)
	reject := func(field string, at model.Entity, format string, args ...any) {
		reasons = append(reasons, Reason{State: Stale, Field: field, Entity: at, Message: fmt.Sprintf(format, args...)})
	}
	limit, name := c.limit(s.Kind)
	if !limit.IsZero() && done.Add(limit).Before(c.today) {
		reject("predicate.finished", c.file.Policy, "it is of %s, older than policy.evidence.%s allows (%s)", done, name, limit)
	}
	if c.release != nil && !c.release.Frozen.IsZero() && done.Before(c.release.Frozen) {
		reject("predicate.finished", c.release, "it is of %s, and the artefacts of release %s were built on %s", done, c.release.Version, c.release.Frozen)
	}
	if until := validUntil(s.Details); until != "" {
		if last, err := model.ParseDate(until); err != nil || last.Before(c.today) {
			reject("predicate.details", nil, "it says itself that it is valid until %s", until)
		}
	}
	return reasons
}

// limit is the policy's limit for the age of a kind: the shorter of two.
func (c *court) limit(kind model.EvidenceKind) (model.Duration, string) {
	general, own := c.policy.MaxAge, c.policy.PenetrationTest
	if kind != "penetration-test" || own.IsZero() {
		return general, "max-age"
	}
	if general.IsZero() || c.today.Add(own).Before(c.today.Add(general)) {
		return own, "penetration-test"
	}
	return general, "max-age"
}

func validUntil(d Details) string {
	switch {
	case d.Record != nil:
		return d.Record.ValidUntil
	case d.Supplier != nil:
		return d.Supplier.ValidUntil
	}
	return ""
}

// showing are the kinds of evidence that show that a verification by some method
// took place. Others may stand beside them; see supporting.
var showing = map[model.Method][]model.EvidenceKind{
	"inspection":            {"manual-inspection", "process-record", "code-review", "supplier-statement", "device-attestation"},
	"review":                {"code-review", "manual-inspection"},
	"analysis":              {"static-analysis", "configuration-scan", "manual-inspection", "test-result", "supplier-statement"},
	"functional-test":       {"test-result"},
	"security-feature-test": {"test-result", "dynamic-analysis", "vulnerability-scan", "device-attestation"},
	"fuzz-test":             {"fuzzing"},
	"vulnerability-scan":    {"vulnerability-scan", "dynamic-analysis"},
	"penetration-test":      {"penetration-test"},
	"static-analysis":       {"static-analysis"},
	"dynamic-analysis":      {"dynamic-analysis", "test-result"},
	"composition-analysis":  {"vulnerability-scan", "sbom"},
	"configuration-scan":    {"configuration-scan", "device-attestation", "test-result", "vulnerability-scan", "dynamic-analysis"},
	"load-test":             {"test-result", "dynamic-analysis"},
	"usability-test":        {"test-result", "manual-inspection"},
}

// supporting are kinds that show nothing by themselves and say more about a
// verification by some method: what fails there, fails it. What people looked at
// supports each method.
var supporting = map[model.Method][]model.EvidenceKind{
	"":                     {"code-review", "manual-inspection", "process-record", "supplier-statement"},
	"fuzz-test":            {"test-result", "dynamic-analysis"},
	"vulnerability-scan":   {"test-result"},
	"penetration-test":     {"test-result", "dynamic-analysis", "vulnerability-scan"},
	"composition-analysis": {"test-result"},
}

func (c *court) kind(v *Verdict) []Reason {
	kind, method := v.Piece.Statement.Kind, v.Of.Method
	if slices.Contains(showing[method], kind) {
		return nil
	}
	v.Supports = true
	if method != "" && (slices.Contains(supporting[""], kind) || slices.Contains(supporting[method], kind)) {
		return nil
	}
	message := fmt.Sprintf("it is evidence of kind %s, which shows no %s as verification %s asks for", kind, method, v.Of.ID)
	if method == "" {
		message = fmt.Sprintf("verification %s states no method that evidence could show", v.Of.ID)
	}
	return []Reason{{State: OutOfScope, Field: "predicateType", Entity: v.Of, Message: message}}
}

// scope wants that the piece looked at something of what the verification covers.
// What is left over is for the standing, which sums up several pieces.
func (c *court) scope(v *Verdict) []Reason {
	if len(v.Of.Covers) == 0 {
		return nil
	}
	var ids []string
	for e := range model.Targets(v.Of.Covers) {
		if v.looked(e) || v.lookedAtPart(e) {
			return nil
		}
		ids = append(ids, model.Of(e).ID)
	}
	return []Reason{{State: OutOfScope, Field: "predicate.scope", Entity: v.Of,
		Message: fmt.Sprintf("it touched %s, and nothing that verification %s covers (%s)", few(v.Piece.Statement.Scope), v.Of.ID, few(ids))}}
}

// lookedAtPart tells whether a piece looked at one of the interfaces of a flow.
func (v *Verdict) lookedAtPart(e model.Element) bool {
	f, ok := e.(*model.Flow)
	return ok && slices.ContainsFunc(f.Over, func(i model.Ref[*model.Interface]) bool { return i.OK() && v.looked(i.To) })
}

func few(ids []string) string {
	switch {
	case len(ids) == 0:
		return "nothing that it names"
	case len(ids) > 4:
		return strings.Join(ids[:3], ", ") + fmt.Sprintf(" and %d more", len(ids)-3)
	}
	return strings.Join(ids, ", ")
}

// unchanged compares what the evidence speaks of with what it was then.
func (c *court) unchanged(v *Verdict) (reasons []Reason) {
	if len(v.Piece.Signed) == 0 {
		return nil // whatever it says, nobody known says so; see forget
	}
	then := map[string]Basis{}
	for _, b := range v.Piece.Statement.Basis {
		then[b.ID] = b
	}
	for _, e := range Speaks(v.Of) {
		id := model.Of(e).ID
		now, known := c.basis[id]
		if !known {
			now = BasisOf(e)
			c.basis[id] = now
		}
		reject := func(format string, args ...any) {
			reasons = append(reasons, Reason{State: Stale, Field: "predicate.basis", Entity: e, Message: fmt.Sprintf(format, args...)})
		}
		was, there := then[id]
		switch {
		case !there && id == v.Of.ID:
			reject("it does not say what %s was when it was made", model.Label(e))
		case !there:
			reject("%s is not what it was made for: it belongs to verification %s now", model.Label(e), v.Of.ID)
		case was.Digest != now.Digest:
			reject("%s changed since: %s", model.Label(e), strings.Join(was.Changed(now), ", "))
		}
	}
	return reasons
}

// outcome is what a piece that counts says.
func (c *court) outcome(v *Verdict) []Reason {
	switch failures := c.failures(v); {
	case len(failures) > 0:
		return failures
	case v.Result.Outcome == Open || v.Result.Inconclusive > 0 || empty(v.Piece.Statement, v.Result):
		return []Reason{{State: Inconclusive, Field: c.resultField(v), Entity: v.Of, Message: inconclusiveWhy(v.Result)}}
	}
	return nil
}

// empty tells whether nothing stands behind a result: tests of which none passed.
// A finding that an accepted risk covers was looked at.
func empty(s *Statement, r *Result) bool {
	return s.Kind == "test-result" && r.Passed+r.Failed == 0 && s.Coverage == nil
}

func inconclusiveWhy(r *Result) string {
	if r.Inconclusive == 0 && r.Passed == 0 {
		return "it has no check that passed or failed"
	}
	return fmt.Sprintf("of its checks %d gave no answer", r.Inconclusive)
}

func (c *court) resultField(v *Verdict) string {
	return fmt.Sprintf("predicate.results[%d]", slices.Index(v.Piece.Statement.For, v.Item))
}

// failures lists the failures of a result that no accepted risk covers.
func (c *court) failures(v *Verdict) (failed []Reason) {
	field := c.resultField(v)
	for i, f := range v.Result.Failures {
		if d := c.excuse(v.Of, f.ID); d != nil && once(v.Result, f.ID) {
			v.Excused = append(v.Excused, *d)
			continue
		}
		title := ""
		if f.Title != "" && f.Title != f.ID {
			title = ": " + f.Title
		}
		failed = append(failed, Reason{State: Failed, Field: fmt.Sprintf("%s.failures[%d]", field, i), Entity: v.Of, Message: fmt.Sprintf("%s failed%s", f.ID, title)})
	}
	if more := v.Result.Failed - len(v.Result.Failures); more > 0 {
		failed = append(failed, Reason{State: Failed, Field: field, Entity: v.Of, Message: fmt.Sprintf("%d more checks failed than it lists", more)})
	}
	return append(failed, c.network(v)...)
}

// network compares what was seen on the network with the interfaces that are
// declared, as they are now. What gave no answer is kept apart: other evidence may
// have seen it.
func (c *court) network(v *Verdict) (failed []Reason) {
	if len(v.Piece.Statement.Network) == 0 {
		return nil
	}
	covered := map[string]bool{}
	var about []model.Element
	for e := range model.Targets(v.Of.Covers) {
		covered[model.Of(e).ID] = true
		about = append(about, e)
	}
	for _, x := range Compare(c.file, v.Piece.Statement.Network, about...) {
		switch d := c.excuse(v.Of, x.ID); {
		case Contrary(x, covered) && lists(v.Result, x.ID): // counted among the failures
		case Contrary(x, covered) && d != nil:
			v.Excused = append(v.Excused, *d)
		case Contrary(x, covered):
			r := Reason{State: Failed, Field: "predicate.network", Message: x.Reason, Entity: v.Of}
			if x.Interface != nil {
				r.Entity = x.Interface
			}
			failed = append(failed, r)
		case x.Interface != nil && x.Verdict == Unsure:
			v.Unsure = append(v.Unsure, x)
		}
	}
	return failed
}

// once tells whether a result lists one failure of that id. Who accepted the risk
// of one did not accept that of another with the same name.
func once(r *Result, failure string) bool {
	n := 0
	for _, f := range r.Failures {
		if f.ID == failure {
			n++
		}
	}
	return n == 1
}

// Contrary tells whether an exposure contradicts what is declared: something
// answers that is not declared, or nothing does where an interface in scope is
// declared to listen.
func Contrary(x Exposure, covered map[string]bool) bool {
	return x.Verdict == Unexpected || x.Verdict == Absent && x.Interface != nil && covered[x.Interface.ID]
}

func lists(r *Result, failure string) bool {
	return slices.ContainsFunc(r.Failures, func(f Failure) bool { return f.ID == failure })
}

// excuse is the deviation with an accepted risk that lets a failure stand.
func (c *court) excuse(v *model.Verification, failure string) *model.Deviation {
	for i, d := range v.Deviations {
		if d.Failure == failure && d.Risk.OK() && Accepted(d.Risk.To, c.today) {
			return &v.Deviations[i]
		}
	}
	return nil
}

// Accepted tells whether somebody accepted what remains of a risk, and the
// acceptance holds on a day.
func Accepted(r *model.Risk, today model.Date) bool {
	a := r.Acceptance
	return a.By != "" && !a.Date.IsZero() && !today.Before(a.Date) && (a.Until.IsZero() || !a.Until.Before(today))
}
