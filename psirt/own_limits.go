package psirt

import (
	"slices"
	"time"

	"theriac/model"
)

// ownStages are the stages for which manufacturers set limits of their own.
var ownStages = []struct {
	step  model.StepKind
	also  []model.StepKind // steps that show the same
	name  string
	limit func(model.TimeLimit) model.Duration
}{
	{"acknowledged", nil, "answer the reporter", func(l model.TimeLimit) model.Duration { return l.Acknowledge }},
	{"assessed", []model.StepKind{"decided"}, "find out whether the device is affected", func(l model.TimeLimit) model.Duration { return l.Assess }},
	{"fixed", []model.StepKind{"mitigated"}, "bring out a fix or mitigation", func(l model.TimeLimit) model.Duration { return l.Fix }},
}

// own adds the manufacturer's own limits for the severity of the case.
func (r *run) own() {
	for _, s := range ownStages {
		limit, strictest := r.limitOf(s.limit)
		if limit.IsZero() || s.step == "acknowledged" && !Answered(r.c) {
			continue
		}
		k := Clock{Key: "own." + string(s.step), Name: s.name, Step: s.step, From: r.c.Aware.Time(),
			Done: r.first(nil, append([]model.StepKind{s.step}, s.also...)...)}
		k = r.limited(k, PeriodOf(limit), false)
		k.How = join(k.How, "limit of the manufacturer")
		if strictest {
			k.How = join(k.How, "the case has no severity with a limit, so the shortest counts")
		}
		if s.step == "fixed" && r.unaffected() {
			k = without(k, "the decisions say that the product is not affected")
		}
		r.add(k)
	}
}

// without is a clock that does not run, with the reason.
func without(k Clock, why string) Clock {
	k.State, k.How = NotApplicable, why
	k.Due, k.Extended, k.Done = time.Time{}, time.Time{}, model.Moment{}
	return k
}

// limitOf is the limit of a stage for the severity of the case; the shortest of all
// where the case has none, or one that has no limits.
func (r *run) limitOf(stage func(model.TimeLimit) model.Duration) (limit model.Duration, strictest bool) {
	for _, l := range r.hand.TimeLimits {
		if l.Severity == r.c.Severity && r.c.Severity != "" {
			return stage(l), false
		}
	}
	for _, l := range r.hand.TimeLimits {
		if d := stage(l); !d.IsZero() && (limit.IsZero() || limit.Longer(d)) {
			limit = d
		}
	}
	return limit, true
}

// Answered tells whether somebody waits for an answer in a case.
func Answered(c *model.Case) bool {
	return c.Reporter.Name != "" || c.Reporter.Contact != "" || slices.Contains([]model.CaseSource{"reporter", "customer", "authority"}, c.Source)
}

// unaffected tells whether all decisions of the case say that nothing has to be done.
func (r *run) unaffected() bool {
	for _, d := range r.c.Decisions {
		if d.To == nil || d.To.Status != "not-affected" {
			return false
		}
	}
	return len(r.c.Decisions) > 0
}

// embargo adds the time before which nothing is made public. It is no limit to keep
// but one to wait for: broken, it is late from the day of the publication.
func (r *run) embargo() {
	if r.c.Embargo.IsZero() {
		return
	}
	k := Clock{Key: "embargo", Name: "keep the matter confidential", Step: "published", From: r.c.Aware.Time(), Due: r.c.Embargo.Time().In(r.zone)}
	published := r.first(nil, "published")
	switch {
	case !published.IsZero() && published.Time().Before(k.Due):
		k.State, k.Done, k.How = Late, published, "published before the embargo ended"
	case r.now.Before(k.Due):
		k.State, k.Open, k.How = Running, true, "nothing is made public before it ends"
	default:
		k.State, k.How = Met, "the embargo has ended"
	}
	r.add(k)
}
