package techdoc

import (
	"slices"

	"theriac/check"
	"theriac/evidence"
	"theriac/model"
)

// failures counts the pieces of a kind that decide, the failures in them, and how many
// failures an accepted risk covers. What one piece says of several verifications
// counts once, at its worst.
func (b *lifeBook) failures(kind model.EvidenceKind) (pieces, failed, excused int) {
	if b.Showing == nil {
		return 0, 0, 0
	}
	type count struct{ failed, excused int }
	worst := map[*evidence.Piece]count{}
	for _, v := range b.File.Verifications {
		for _, d := range b.Showing.Judged.Of(v).Deciding {
			if d.Piece.Statement.Kind != kind || d.Result == nil {
				continue
			}
			now := count{max(0, d.Result.Failed-len(d.Excused)), len(d.Excused)}
			if was, seen := worst[d.Piece]; !seen || now.failed > was.failed {
				worst[d.Piece] = now
			}
		}
	}
	for _, c := range worst {
		failed, excused = failed+c.failed, excused+c.excused
	}
	return len(worst), failed, excused
}

// shownState is how far a requirement is shown to be met: by evidence where signatures
// decide, else by the results that the file states.
func (b *lifeBook) shownState(r *model.Requirement) evidence.State {
	if b.Showing != nil {
		return b.Showing.Judged.Requirement(r)
	}
	var states []evidence.State
	for _, v := range model.Users[*model.Verification](r, "verifies") {
		states = append(states, resultState(v.Result))
	}
	if len(states) == 0 {
		return evidence.Missing
	}
	return evidence.Worst(states...)
}

// outcome is how a verification came out.
func (b *lifeBook) outcome(v *model.Verification) model.Result {
	if b.Pass == nil {
		return v.Result
	}
	return b.Pass.Result(v)
}

// doneOn is when a verification took place; no day where nothing says so.
func (b *lifeBook) doneOn(v *model.Verification) model.Date {
	if b.Pass == nil {
		return v.Date
	}
	return b.Pass.Day(v)
}

// oldest is the day of the oldest verification that counts.
func (b *lifeBook) oldest() (day model.Date) {
	if b.Showing == nil {
		for _, v := range b.File.Verifications {
			if v.Result == "passed" && !v.Date.IsZero() && (day.IsZero() || v.Date.Before(day)) {
				day = v.Date
			}
		}
		return day
	}
	for _, p := range b.pieces {
		if d := check.Day(p.Statement.Finished); day.IsZero() || d.Before(day) {
			day = d
		}
	}
	return day
}

// lastTest is the day of the newest penetration test.
func (b *lifeBook) lastTest() (day model.Date) {
	for _, v := range b.File.Verifications {
		if d := b.doneOn(v); v.Method == "penetration-test" && !d.IsZero() && day.Before(d) {
			day = d
		}
	}
	return day
}

// limitOf is where a severity has its limits; -1 where it has none.
func limitOf(v *model.VulnerabilityHandling, level string) int {
	return slices.IndexFunc(v.TimeLimits, func(l model.TimeLimit) bool { return l.Severity == level })
}

func wholeLimit(l model.TimeLimit) bool {
	return !l.Acknowledge.IsZero() && !l.Assess.IsZero() && !l.Fix.IsZero()
}

// support sorts components by the end of their maker's support: ended, soon, not
// stated, and before the end of the support that the manufacturer promises, those that
// end soon included.
func (b *lifeBook) support() (ended, soon, unknown, within []model.Entity) {
	promised := b.Day.Add(b.File.Product.SupportPeriod)
	for _, c := range b.File.Components {
		switch until := c.SupportUntil; {
		case until.IsZero():
			if c.Type == "soup" {
				unknown = append(unknown, c)
			}
		case until.Before(b.Day):
			ended = append(ended, c)
		default:
			if until.Before(b.Day.Add(soupSoon)) {
				soon = append(soon, c)
			}
			if !b.File.Product.SupportPeriod.IsZero() && until.Before(promised) {
				within = append(within, c)
			}
		}
	}
	return ended, soon, unknown, within
}
