package risk

import (
	"cmp"
	"slices"

	"theriac/model"
)

// Verdict is what the acceptance policy says of a residual risk.
type Verdict string

// The verdicts. Avoided is a risk whose cause was removed, so that nothing remains
// to judge; Unjudged is one whose residual value or whose limit is not known.
const (
	Acceptable Verdict = "acceptable"
	Above      Verdict = "above the policy"
	Avoided    Verdict = "avoided"
	Unjudged   Verdict = "not judged"
)

// Assessment is all risks of a security file.
type Assessment struct {
	Assessor
	Risks []*Assessed // in source order
	// Before and After count risks by initial and by residual value.
	Before, After Grid
}

// Assessed is one risk.
type Assessed struct {
	Risk                           *model.Risk
	Initial, PostControl, Residual Rating
	Verdict                        Verdict
	// Harm is the gravest of the harms that the risk names or its threats lead to.
	Harm *model.Harm
	// Understated is set where the initial severity is below that of Harm.
	Understated bool
	// Outside lists the controls that the surroundings or the users provide.
	Outside []*model.Control
	// Unverified lists the controls of device and manufacturer that no passed
	// verification has shown to work yet.
	Unverified []*model.Control
}

// Assess rates all risks of a file. Findings about form do not stop it; what
// could not be read is not known.
func Assess(f *model.File) *Assessment {
	a := &Assessment{Assessor: Of(f)}
	a.Before, a.After = newGrid(a.Scales), newGrid(a.Scales)
	for _, r := range f.Risks {
		one := a.assess(r)
		a.Risks = append(a.Risks, one)
		a.Before.add(one.Initial.At)
		if one.Verdict != Avoided {
			a.After.add(one.Residual.At)
		}
	}
	return a
}

func (a *Assessment) assess(r *model.Risk) *Assessed {
	one := &Assessed{Risk: r, Initial: a.Rate(r.Initial), PostControl: a.Rate(r.PostControl), Residual: a.Rate(r.Residual), Harm: a.WorstHarm(r)}
	one.Verdict = a.verdict(r, one.Residual)
	if one.Harm != nil && one.Initial.At.Severity > 0 {
		one.Understated = a.Scales.Severity(one.Harm.Severity) > one.Initial.At.Severity
	}
	for c := range model.Targets(r.Controls) {
		switch {
		case Outside(c):
			one.Outside = append(one.Outside, c)
		case c.Priority != "information" && !verified(c):
			one.Unverified = append(one.Unverified, c)
		}
	}
	byID(one.Outside)
	byID(one.Unverified)
	return one
}

func byID(controls []*model.Control) {
	slices.SortFunc(controls, func(a, b *model.Control) int { return cmp.Compare(a.ID, b.ID) })
}

func (a *Assessment) verdict(r *model.Risk, residual Rating) Verdict {
	switch {
	case r.Decision == "avoid" && !Stated(r.Residual):
		return Avoided
	case a.Scales.Above(residual.At):
		return Above
	case a.Scales.Accepts(residual.At):
		return Acceptable
	}
	return Unjudged
}

// Outside reports whether a control is provided by the surroundings or by users,
// neither of which the manufacturer commands.
func Outside(c *model.Control) bool { return c.By == "environment" || c.By == "user" }

// Harms lists the harms that a risk names and those that its threats lead to
// through hazardous situations, each once.
func Harms(r *model.Risk) []*model.Harm {
	var all []*model.Harm
	seen := map[*model.Harm]bool{}
	add := func(refs []model.Ref[*model.Harm]) {
		for h := range model.Targets(refs) {
			if !seen[h] {
				seen[h] = true
				all = append(all, h)
			}
		}
	}
	add(r.Harms)
	for t := range model.Targets(r.Threats) {
		for s := range model.Targets(t.LeadsTo) {
			add(s.Harms)
		}
	}
	return all
}

// WorstHarm is the gravest harm that a risk names or its threats lead to, or nil.
func (a Assessor) WorstHarm(r *model.Risk) *model.Harm { return a.Gravest(Harms(r)) }

// Gravest is the gravest of some harms, the first by id of several, or nil where
// none has a severity on the scale.
func (a Assessor) Gravest(harms []*model.Harm) *model.Harm {
	var worst *model.Harm
	rank := 0
	for _, h := range harms {
		switch own := a.Scales.Severity(h.Severity); {
		case own > rank, own == rank && own > 0 && h.ID < worst.ID:
			worst, rank = h, own
		}
	}
	return worst
}

// Highest is the highest residual value that fits what a risk says before: no
// control raises exploitability or severity, and what surroundings and users add
// comes on top of what device and manufacturer do. A rank of 0 sets no limit.
func (a Assessor) Highest(r *model.Risk) Point {
	limit := a.Rate(r.Initial).At
	if len(r.Controls) == 0 {
		return limit
	}
	return within(limit, a.Rate(r.PostControl).At)
}

// verified reports whether requirements make a control concrete and each of them
// was shown to be met.
func verified(c *model.Control) bool {
	requirements := model.Users[*model.Requirement](c, "implements")
	for _, r := range requirements {
		if !met(r) {
			return false
		}
	}
	return len(requirements) > 0
}

// met reports whether a verification of a requirement passed and none failed.
func met(r *model.Requirement) bool {
	passed := false
	for _, v := range model.Users[*model.Verification](r, "verifies") {
		if v.Result == "failed" {
			return false
		}
		passed = passed || v.Result == "passed"
	}
	return passed
}

// Ranked lists the risks from the worst residual value to the best; risks of the
// same value keep their order, and avoided ones come last.
func (a *Assessment) Ranked() []*Assessed {
	all := slices.Clone(a.Risks)
	slices.SortStableFunc(all, func(x, y *Assessed) int {
		if x.Verdict == Avoided || y.Verdict == Avoided {
			return sign(x.Verdict == Avoided) - sign(y.Verdict == Avoided)
		}
		return a.Scales.Compare(y.Residual.At, x.Residual.At)
	})
	return all
}

// WorstResidual is the residual value that is at least as bad as each that is
// known, in both dimensions. Where Unknown is not empty it says nothing of those.
func (a *Assessment) WorstResidual() Point {
	var points []Point
	for _, r := range a.Risks {
		if r.Verdict != Avoided && r.Residual.At.Known() {
			points = append(points, r.Residual.At)
		}
	}
	return Worst(points...)
}

// Unknown lists the risks of which nobody can tell whether they are acceptable.
func (a *Assessment) Unknown() []*Assessed {
	return a.where(func(r *Assessed) bool { return r.Verdict == Unjudged })
}

// AbovePolicy lists the risks that the policy alone does not accept.
func (a *Assessment) AbovePolicy() []*Assessed {
	return a.where(func(r *Assessed) bool { return r.Verdict == Above })
}

// BenefitNeeded lists the risks above the policy for which the file does not say
// why the benefit outweighs them.
func (a *Assessment) BenefitNeeded() []*Assessed {
	return a.where(func(r *Assessed) bool { return r.Verdict == Above && r.Risk.BenefitRisk == "" })
}

// AcceptanceNeeded lists the risks above the policy that nobody accepted.
func (a *Assessment) AcceptanceNeeded() []*Assessed {
	return a.where(func(r *Assessed) bool { return r.Verdict == Above && r.Risk.Acceptance == (model.Acceptance{}) })
}

// Unproven lists the risks of which controls are not verified yet.
func (a *Assessment) Unproven() []*Assessed {
	return a.where(func(r *Assessed) bool { return len(r.Unverified) > 0 })
}

func (a *Assessment) where(holds func(*Assessed) bool) []*Assessed {
	var kept []*Assessed
	for _, r := range a.Risks {
		if holds(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// Grid counts risks by cell of the matrix.
type Grid struct {
	cells   [][]int // by rank of exploitability and severity, less one
	Unknown int     // risks without a place on the scales
}

func newGrid(s Scales) Grid {
	g := Grid{cells: make([][]int, len(s.ExploitabilityLevels))}
	for i := range g.cells {
		g.cells[i] = make([]int, len(s.SeverityLevels))
	}
	return g
}

func (g *Grid) add(p Point) {
	if !p.Known() {
		g.Unknown++
		return
	}
	g.cells[p.Exploitability-1][p.Severity-1]++
}

// At is the number of risks at a point.
func (g Grid) At(p Point) int {
	if !p.Known() || p.Exploitability > len(g.cells) || p.Severity > len(g.cells[p.Exploitability-1]) {
		return 0
	}
	return g.cells[p.Exploitability-1][p.Severity-1]
}

// Total is the number of risks counted, with and without a place.
func (g Grid) Total() int {
	n := g.Unknown
	for _, row := range g.cells {
		for _, count := range row {
			n += count
		}
	}
	return n
}
