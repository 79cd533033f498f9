package triage

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode"

	"theriac/model"
)

// Status is how a finding stands.
type Status string

// The states.
const (
	Open               Status = "open"                // nobody decided
	Decided            Status = "decided"             // a decision answers it
	Reopened           Status = "reopened"            // a decision is about it and no longer holds
	UnderInvestigation Status = "under-investigation" // a decision says so
	Obsolete           Status = "obsolete"            // the advisory was taken back
)

// Verdict is a finding with what was decided about it.
type Verdict struct {
	Finding  Finding
	Status   Status
	Decision *model.Decision // nil where nobody decided
	Reasons  []Reason        // why it is open again, in a fixed order
}

// Settled reports whether nothing has to be done about the finding now.
func (v Verdict) Settled() bool { return v.Status == Decided || v.Status == Obsolete }

// Judge holds findings against the decisions of a security file.
type Judge struct {
	file    *model.File
	limits  Limits
	today   model.Date
	rules   []*rule
	reached map[string]Reach // by names of the component
	named   map[Component][]string
	exposed map[string]string // Reach.Exposure by names of the component
	held    map[pair]answer
	spoilt  bool // part of the architecture has a finding about its form: through what a component is reached cannot be told
}

// pair is a decision and a component.
type pair struct {
	rule      *rule
	component Component
}

// answer is that of Range.Holds.
type answer struct {
	ok  bool
	err error
}

// rule is a decision with its ranges read.
type rule struct {
	*model.Decision
	versions, releases  Range
	versionsErr, relErr error
	known               Range           // single versions found when it was made
	ids                 map[string]bool // that it is about, folded
	absent              bool            // it may stand for every vulnerability; see AllowsAny
	packages, short     []string        // unversioned patterns, and the last part of each
}

// NewJudge prepares the decisions of a security file for a day.
func NewJudge(file *model.File, today model.Date) *Judge {
	j := &Judge{file: file, limits: LimitsOf(file), today: today, reached: map[string]Reach{}, named: map[Component][]string{}, exposed: map[string]string{}, held: map[pair]answer{}}
	file.All(func(e model.Entity) {
		if _, architecture := e.(model.Element); architecture && file.Faulty(e) {
			j.spoilt = true
		}
	})
	for _, d := range file.Decisions {
		j.rules = append(j.rules, newRule(d))
	}
	return j
}

func newRule(d *model.Decision) *rule {
	r := &rule{Decision: d, ids: map[string]bool{}, absent: AllowsAny(d) == nil}
	for _, id := range d.About() {
		r.ids[folded(id)] = true
	}
	for _, p := range d.Packages {
		r.packages, r.short = append(r.packages, unversioned(p)), append(r.short, shortName(p))
	}
	if d.Versions != "" {
		r.versions, r.versionsErr = ParseRange(d.Versions)
	}
	if d.Releases != "" {
		r.releases, r.relErr = ParseRange(d.Releases)
	}
	for _, v := range d.Known.Versions {
		r.known.any = append(r.known.any, []constraint{{"=", v}})
	}
	return r
}

// Apply says for each finding of a release how it stands. The release is a version of
// the product, "" where the findings are of no release. The order is that of the
// findings.
func (j *Judge) Apply(release string, findings []Finding) []Verdict {
	all := make([]Verdict, len(findings))
	for i, f := range findings {
		all[i] = j.apply(release, f)
	}
	return all
}

// apply takes the newest decision made about this component in this version and release,
// be it open again; else the newest that is about the finding. Of several of one day one
// that holds comes first, then the last in the file. A withdrawn advisory leaves none
// open.
func (j *Judge) apply(release string, f Finding) Verdict {
	best := Verdict{Finding: f, Status: Open}
	if f.Withdrawn {
		best.Status = Obsolete
	}
	ids := foldedIDs(f)
	for _, r := range j.rules {
		about, reasons := j.about(r, ids, f)
		if !about {
			continue
		}
		reasons = append(reasons, j.changed(r, release, f)...)
		v := Verdict{Finding: f, Status: statusOf(r.Decision, f, reasons), Decision: r.Decision, Reasons: reasons}
		if best.Decision == nil || better(v, best) {
			best = v
		}
	}
	return best
}

func statusOf(d *model.Decision, f Finding, reasons []Reason) Status {
	switch {
	case f.Withdrawn:
		return Obsolete
	case len(reasons) > 0:
		return Reopened
	case d.Status == "under-investigation":
		return UnderInvestigation
	}
	return Decided
}

// better tells whether a verdict replaces one that rests on an earlier line of the file.
func better(v, than Verdict) bool {
	if a, b := v.meant(), than.meant(); a != b {
		return a
	}
	if day, before := v.Decision.Date, than.Decision.Date; day != before {
		return before.Before(day)
	}
	return len(v.Reasons) == 0 || len(than.Reasons) > 0
}

// meant reports whether a decision was made about the component, version and release of
// the finding. One that was, and is open again, is not excused by an older one.
func (v Verdict) meant() bool {
	return !slices.ContainsFunc(v.Reasons, func(r Reason) bool {
		return r.Kind == IdentityChanged || r.Kind == VersionOutside || r.Kind == ReleaseOutside
	})
}

// about tells whether a decision speaks of a finding. One that names the vulnerability and
// a component of the same name under another identity does, and is open again. The ids are those of the finding, folded.
func (j *Judge) about(r *rule, ids []string, f Finding) (bool, []Reason) {
	if r.Vulnerability == AnyVulnerability {
		return r.absent && j.means(r, f.Component), nil
	}
	if !slices.ContainsFunc(ids, func(id string) bool { return r.ids[id] }) {
		return false, nil
	}
	if j.means(r, f.Component) {
		return true, nil
	}
	short := []string{}
	for _, name := range j.names(f.Component) {
		short = append(short, shortName(name))
	}
	for i, name := range r.short {
		if name != "" && slices.Contains(short, name) {
			return true, []Reason{{IdentityChanged, "it is about " + r.Packages[i] + ", and the component is " + f.Component.String()}}
		}
	}
	return false, nil
}

// means reports whether a decision names a component.
func (j *Judge) means(r *rule, c Component) bool {
	names := j.names(c)
	return slices.ContainsFunc(r.packages, func(p string) bool { return meansOne(p, names) })
}

// names are Component.Names, which many findings in many decisions ask for.
func (j *Judge) names(c Component) []string {
	names, known := j.named[c]
	if !known {
		names = c.Names()
		j.named[c] = names
	}
	return names
}

func foldedIDs(f Finding) []string {
	ids := f.IDs()
	for i := range ids {
		ids[i] = folded(ids[i])
	}
	return ids
}

// folded is the same for texts that strings.EqualFold takes as equal.
func folded(id string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, id)
}

// Why a decision may not stand for every vulnerability.
var (
	ErrPresent   = errors.New("it stands for every vulnerability, and its components are not said to be absent")
	ErrUnbounded = errors.New("it stands for every vulnerability, and needs real components: its packages leave none out")
)

// AllowsAny says why a decision may not stand for every vulnerability of its components;
// nil where it may: it names components that are not in the product. One that may not
// answers no finding.
func AllowsAny(d *model.Decision) error {
	switch {
	case d.Status != "not-affected" || d.Justification != "component-not-present":
		return ErrPresent
	case slices.ContainsFunc(d.Packages, MatchesAll):
		return ErrUnbounded
	}
	return nil
}

// Unused are the decisions that no verdict names, in the order of the file.
func Unused(file *model.File, verdicts []Verdict) []*model.Decision {
	used := map[*model.Decision]bool{}
	for _, v := range verdicts {
		used[v.Decision] = true
	}
	var list []*model.Decision
	for _, d := range file.Decisions {
		if !used[d] {
			list = append(list, d)
		}
	}
	return list
}

// SeverityRank orders severities, the gravest first; what nobody says comes before all,
// since it may be the gravest.
func SeverityRank(severity string) int {
	return slices.Index([]string{"", "critical", "high", "medium", "low", "none"}, severity)
}

// Urgency is the order in which findings are looked at: unsettled first, then exploited,
// then by severity, likelihood and component.
func Urgency(a, b Verdict) int {
	truth := func(v bool) int {
		if v {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(truth(!a.Settled()), truth(!b.Settled())),
		cmp.Compare(truth(a.Finding.KEV), truth(b.Finding.KEV)),
		cmp.Compare(SeverityRank(a.Finding.Severity), SeverityRank(b.Finding.Severity)),
		cmp.Compare(millionths(b.Finding.EPSS), millionths(a.Finding.EPSS)),
		Order(a.Finding, b.Finding),
	)
}
