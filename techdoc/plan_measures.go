package techdoc

import (
	"slices"
	"strconv"

	"theriac/check"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
	"theriac/risk"
	"theriac/trace"
)

// lifeBook is what the plans and the extract for the board are made from.
type lifeBook struct {
	*Book
	pieces []*evidence.Piece // by which the verifications of the file stand
	risks  *risk.Assessment
}

func newLifeBook(b *Book) *lifeBook {
	return &lifeBook{b, b.Pieces(b.File.Verifications), risk.Assess(b.File)}
}

// measure is a figure that follows from the security file and its evidence, with the
// aim of the checks.
type measure struct {
	practice model.Practice
	name     string
	figure   string // as people read it
	value    any    // for spreadsheets
	aim      string // "" for a figure without an aim
	state    aimState
	which    []model.Entity // what keeps it from its aim
	source   document.Source
}

// aimState says whether a figure reaches its aim.
type aimState byte

const (
	noAim   aimState = iota
	noData           // nothing from which the figure could be computed
	reached          // or there is nothing to count
	missed
)

// soupSoon is how far ahead the end of support of a component is looked for.
var soupSoon = model.MustDuration("6 months")

// severityLevels are the levels for which limits are set, gravest first.
var severityLevels = []string{"critical", "high", "medium", "low"}

// share is how many of some things are as they should be, of which all shall be.
func (b *lifeBook) share(p model.Practice, name string, all int, missing []model.Entity) measure {
	return b.ratio(p, name, all-len(missing), all, missing)
}

func (b *lifeBook) ratio(p model.Practice, name string, n, all int, missing []model.Entity) measure {
	m := measure{practice: p, name: name, figure: b.Say("%d of %d", n, all), value: n, aim: b.Say("all"), state: reached, which: missing}
	if n < all {
		m.state = missed
	}
	return m
}

// none is how many things are as they should not be, of which none shall be left.
func (b *lifeBook) none(p model.Practice, name string, n int, which []model.Entity) measure {
	m := measure{practice: p, name: name, figure: strconv.Itoa(n), value: n, aim: b.Say("none"), state: reached, which: which}
	if n > 0 {
		m.state = missed
	}
	return m
}

// told is a figure without an aim.
func (b *lifeBook) told(p model.Practice, name string, n int) measure {
	return measure{practice: p, name: name, figure: strconv.Itoa(n), value: n}
}

// lacksData is a figure that cannot be computed yet.
func (b *lifeBook) lacksData(p model.Practice, name, aim string) measure {
	return measure{practice: p, name: name, figure: b.Say("no evidence"), aim: aim, state: noData}
}

// age is how many days ago something was done, which may be as long ago as a limit of
// the file says.
func (b *lifeBook) age(p model.Practice, name string, done model.Date, limit model.Duration, source document.Source) measure {
	aim := b.Say("no limit is stated")
	if !limit.IsZero() {
		aim = b.Say("at most %s", limit)
	}
	if done.IsZero() {
		return b.lacksData(p, name, aim)
	}
	n := daysFrom(done, b.Day)
	m := measure{practice: p, name: name, figure: b.Say("%d days", n), value: n, aim: aim, source: source}
	switch {
	case limit.IsZero():
	case done.Add(limit).Before(b.Day):
		m.state = missed
	default:
		m.state = reached
	}
	return m
}

// measures are all figures, by practice.
func (b *lifeBook) measures() []measure {
	return slices.Concat(b.measuresManagement(), b.measuresRequirements(), b.measuresDesign(), b.measuresImplementation(),
		b.measuresVerification(), b.measuresIssues(), b.measuresUpdates(), b.measuresGuidelines())
}

func (b *lifeBook) measuresManagement() []measure {
	const p = "security-management"
	described := 0
	for _, v := range model.Practice("").Values() {
		if len(b.lackingOf(model.Practice(v.Name))) == 0 {
			described++
		}
	}
	var scheduled int
	var overdue []model.Entity
	for _, pr := range b.File.Processes {
		if next := nextReview(pr); !next.IsZero() {
			scheduled++
			if next.Before(b.Day) {
				overdue = append(overdue, pr)
			}
		}
	}
	sum := b.Findings.Summary()
	return []measure{
		b.ratio(p, b.Say("Practices with owner, procedure, roles, metrics, documents and review"), described, len(model.Practice("").Values()), nil),
		b.share(p, b.Say("Scheduled reviews of practices that are not overdue"), scheduled, overdue),
		b.none(p, b.Say("Errors that the check of the security file found"), sum.Errors, nil),
		b.none(p, b.Say("Open points that the check of the security file found"), sum.Open, nil),
		b.told(p, b.Say("Warnings of the check"), sum.Warnings),
		b.told(p, b.Say("Findings that are waived for a while"), sum.Waived),
	}
}

// lackingOf lists what a practice leaves out, as field names; all of them where no
// process describes it.
func (b *lifeBook) lackingOf(p model.Practice) []string {
	i := slices.IndexFunc(b.File.Processes, func(pr *model.Process) bool { return pr.Practice == p })
	if i < 0 {
		return []string{"practice"}
	}
	pr := b.File.Processes[i]
	var lacks []string
	for _, f := range []struct {
		name   string
		stated bool
	}{{"owner", pr.Owner != ""}, {"policy", pr.Policy != ""}, {"roles", len(pr.Roles) > 0}, {"metrics", len(pr.Metrics) > 0},
		{"artefacts", len(pr.Artefacts) > 0}, {"reviewed", !pr.Reviewed.IsZero()}, {"review-interval", !pr.Review.IsZero()}} {
		if !f.stated {
			lacks = append(lacks, f.name)
		}
	}
	return lacks
}

// nextReview is the day on which a practice is due for review; none where the last
// review or the interval is not stated.
func nextReview(pr *model.Process) model.Date {
	if pr.Reviewed.IsZero() || pr.Review.IsZero() {
		return model.Date{}
	}
	return pr.Reviewed.Add(pr.Review)
}

func (b *lifeBook) measuresRequirements() []measure {
	const p = "specification-of-requirements"
	controls := 0
	var bare, untested, uncoded []model.Entity
	for _, c := range b.File.Controls {
		if !ours(c) {
			continue
		}
		controls++
		if len(model.Users[*model.Requirement](c, "implements")) == 0 {
			bare = append(bare, c)
		}
	}
	for _, r := range b.File.Requirements {
		if len(model.Users[*model.Verification](r, "verifies")) == 0 {
			untested = append(untested, r)
		}
		if len(r.Code) == 0 {
			uncoded = append(uncoded, r)
		}
	}
	return []measure{
		b.share(p, b.Say("Controls of device and manufacturer that a requirement makes concrete"), controls, bare),
		b.share(p, b.Say("Security requirements with a verification"), len(b.File.Requirements), untested),
		{practice: p, name: b.Say("Security requirements that name the code that meets them"), figure: b.Say("%d of %d", len(b.File.Requirements)-len(uncoded), len(b.File.Requirements)), value: len(b.File.Requirements) - len(uncoded)},
	}
}

func (b *lifeBook) measuresDesign() []measure {
	const p = "secure-by-design"
	derived := b.derivation()
	judged := 0
	var silent []model.Entity
	for _, c := range b.File.Controls {
		if !mustJudge(c) {
			continue
		}
		judged++
		if !c.SafetyEffect.Possible.Known() {
			silent = append(silent, c)
		}
	}
	list := []measure{
		b.ratio(p, b.Say("Threats derived from the architecture that are answered"), len(derived.Threats)-len(derived.Undispositioned()), len(derived.Threats), nil),
		b.share(p, b.Say("Controls in the device of which the effect on safety is stated"), judged, silent),
	}
	if b.Pass == nil {
		return list
	}
	if _, links, err := b.Pass.Reviews(); err == nil && len(links) > 0 {
		suspect := 0
		for _, l := range links {
			if l.Status == trace.Suspect {
				suspect++
			}
		}
		list = append(list, b.none(p, b.Say("Links to be judged again because their target changed"), suspect, nil))
	}
	return list
}

func (b *lifeBook) measuresImplementation() []measure {
	const p = "secure-implementation"
	var silenced, changes, reviews, alone int
	for _, piece := range b.pieces {
		if a := piece.Statement.Details.Analysis; a != nil && piece.Statement.Kind == "static-analysis" {
			silenced += a.Suppressed
		}
		if r := piece.Statement.Details.Review; r != nil {
			reviews++
			changes += r.Changes
			alone += len(r.Unreviewed)
		}
	}
	findings := b.Say("Findings of static analysis that fail, and that no accepted risk covers")
	reviewed := b.Say("Changes to the code that somebody beside the author looked at")
	list := []measure{b.lacksData(p, findings, b.Say("none")), b.lacksData(p, reviewed, b.Say("all"))}
	if reviews > 0 {
		list[1] = b.ratio(p, reviewed, max(0, changes-alone), changes, nil)
	}
	if pieces, failed, _ := b.failures("static-analysis"); pieces > 0 {
		list[0] = b.none(p, findings, failed, nil)
		list = append(list, b.told(p, b.Say("Findings of static analysis that code or configuration silences"), silenced))
	}
	return list
}

func (b *lifeBook) measuresVerification() []measure {
	const p = "verification-and-validation"
	var open, failed, unshown []model.Entity
	for _, r := range b.File.Requirements {
		if b.shownState(r) != evidence.Passed {
			unshown = append(unshown, r)
		}
	}
	for _, v := range b.File.Verifications {
		switch b.outcome(v) {
		case "passed":
		case "failed":
			failed = append(failed, v)
			open = append(open, v)
		default:
			open = append(open, v)
		}
	}
	var maxAge, tests model.Duration
	var policy document.Source
	if pol := b.File.Policy; pol != nil {
		maxAge, tests, policy = pol.Evidence.MaxAge, pol.Evidence.PenetrationTest, b.From(pol, "evidence")
	}
	return append([]measure{
		b.share(p, b.Say("Security requirements that are shown to be met"), len(b.File.Requirements), unshown),
		b.share(p, b.Say("Verifications that passed"), len(b.File.Verifications), open),
		b.none(p, b.Say("Verifications that failed"), len(failed), failed),
		b.age(p, b.Say("Age of the oldest evidence that counts"), b.oldest(), maxAge, policy),
		b.age(p, b.Say("Time since the last penetration test"), b.lastTest(), tests, policy),
	}, b.measuresAttack(p)...)
}

// measuresAttack are the figures of penetration tests and fuzzing.
func (b *lifeBook) measuresAttack(p model.Practice) (list []measure) {
	found, left, accepted, hours, tested := 0, 0, 0, int64(0), false
	for _, piece := range b.pieces {
		if f := piece.Statement.Details.Fuzzing; f != nil {
			hours += f.Seconds
		}
		if t := piece.Statement.Details.Penetration; t != nil {
			tested = true
			for _, f := range t.Findings {
				found++
				switch f.Fate {
				case evidence.FateAccepted:
					accepted++
				case evidence.FateRetested:
				default:
					left++
				}
			}
		}
	}
	if tested {
		list = append(list, b.told(p, b.Say("Findings of penetration tests"), found),
			b.none(p, b.Say("of these neither accepted nor fixed and tested again"), left, nil), b.told(p, b.Say("of these accepted as a risk"), accepted))
	}
	if hours > 0 {
		list = append(list, b.told(p, b.Say("Hours of fuzzing in the evidence"), int(hours/3600)))
	}
	return list
}

func (b *lifeBook) measuresIssues() []measure {
	const p = "management-of-security-issues"
	limited := 0
	var source document.Source
	if v := b.File.VulnerabilityHandling; v != nil {
		source = b.From(v, "time-limits")
		for _, level := range severityLevels {
			if i := limitOf(v, level); i >= 0 && wholeLimit(v.TimeLimits[i]) {
				limited++
			}
		}
	}
	var soup, unwatched []model.Entity
	for _, c := range b.File.Components {
		if c.Type == "soup" {
			soup = append(soup, c)
			if c.Owner == "" {
				unwatched = append(unwatched, c)
			}
		}
	}
	limits := b.ratio(p, b.Say("Severities with a limit for answer, assessment and fix"), limited, len(severityLevels), nil)
	limits.source = source
	list := []measure{limits, b.share(p, b.Say("SOUP items that a named role watches"), len(soup), unwatched)}
	name := b.Say("Findings of vulnerability scans that fail, and that no accepted risk covers")
	scans, failed, excused := b.failures("vulnerability-scan")
	if scans == 0 {
		return append(list, b.lacksData(p, name, b.Say("none")))
	}
	matches := 0
	var newest model.Date
	for _, piece := range b.pieces {
		if s := piece.Statement.Details.Scan; s != nil {
			for _, n := range s.Findings {
				matches += n
			}
			if d := check.Day(piece.Statement.Finished); newest.Before(d) {
				newest = d
			}
		}
	}
	return append(list, b.none(p, name, failed, nil), b.told(p, b.Say("of the findings, those that an accepted risk covers"), excused),
		b.told(p, b.Say("All matches in these scans, whether or not they bear on the device"), matches),
		measure{practice: p, name: b.Say("Time since the newest scan that is kept as evidence"), figure: b.Say("%d days", daysFrom(newest, b.Day)), value: daysFrom(newest, b.Day)})
}

func (b *lifeBook) measuresUpdates() []measure {
	const p = "update-management"
	ended, soon, unknown, within := b.support()
	list := []measure{
		b.none(p, b.Say("Components that their maker no longer supports"), len(ended), ended),
		b.none(p, b.Say("Components whose support ends within %s", soupSoon), len(soon), soon),
		b.none(p, b.Say("SOUP items whose end of support is not stated"), len(unknown), unknown),
	}
	if !b.File.Product.SupportPeriod.IsZero() {
		list = append(list, b.told(p, b.Say("Components whose support ends before that of the device, if the last unit were sold today"), len(within)))
	}
	return list
}

func (b *lifeBook) measuresGuidelines() []measure {
	const p = "guidelines"
	items, covered := 0, 0
	for _, r := range slices.Concat(b.RowsOf("mdcg.ifu."), b.RowsOf("mdcg.secdoc.")) {
		switch r.Status {
		case check.NotApplicable:
			continue
		case check.Satisfied:
			covered++
		}
		items++
	}
	var untold, silent []model.Entity
	for _, e := range b.File.Environment {
		if len(e.Told) == 0 {
			untold = append(untold, e)
		}
	}
	above := b.risks.AbovePolicy()
	for _, r := range above {
		if len(r.Risk.Information) == 0 {
			silent = append(silent, r.Risk)
		}
	}
	return []measure{
		b.ratio(p, b.Say("Items of MDCG 2019-16 on information for users that are covered"), covered, items, nil),
		b.share(p, b.Say("Requirements on the surroundings that a document tells"), len(b.File.Environment), untold),
		b.share(p, b.Say("Residual risks above the policy that a document tells"), len(above), silent),
	}
}

// stateBadge says whether a figure reaches its aim.
func (b *lifeBook) stateBadge(m measure) document.Cell {
	switch m.state {
	case noData:
		return document.C(document.Badge(document.Bad, b.Say("no data")))
	case reached:
		return document.C(document.Badge(document.Good, b.Say("reached")))
	case missed:
		return document.C(document.Badge(document.Bad, b.Say("missed")))
	}
	return document.Cell{}
}
