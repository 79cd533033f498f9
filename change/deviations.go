package change

import (
	"slices"

	"theriac/model"
)

var _ = add(interpretation{"deviations", Proof, func(c *Comparison, say func(Item)) {
	for v := range added[*model.Verification](c) {
		c.deviations(&model.Verification{}, v, nil, say)
	}
	for was, is := range both[*model.Verification](c) {
		if one := c.of[is]; one != nil {
			c.deviations(was, is, one.paths("deviations"), say)
		}
	}
}})

// deviations compares the failures that a verification lets stand, by their ids.
func (c *Comparison) deviations(was, is *model.Verification, explained []string, say func(Item)) {
	for _, d := range is.Deviations {
		if item, ok := c.deviation(was, is, d); ok {
			say(item.explains(explained...))
		}
	}
	for _, d := range was.Deviations {
		if _, there := standing(is, d.Failure); !there {
			say(about(is, Better, "failure %s may no longer stand", d.Failure).explains(explained...).details(labelled("was covered by", d.Risk.ID)))
		}
	}
}

// deviation tells of one failure, where there is something to tell.
func (c *Comparison) deviation(was, is *model.Verification, d model.Deviation) (Item, bool) {
	before, there := standing(was, d.Failure)
	switch {
	case !there:
		return about(is, Worse, "lets failure %s stand, covered by risk %s", d.Failure, d.Risk.ID).signals(ControlChanged).
			details(labelled("because:", short(d.Reason)), c.verdict(d.Risk)), true
	case c.now(before.Risk.ID) != d.Risk.ID:
		return about(is, Neutral, "failure %s is covered by risk %s instead of %s", d.Failure, d.Risk.ID, before.Risk.ID).signals(ControlChanged).
			details(labelled("because:", short(d.Reason)), c.verdict(d.Risk)), true
	case before.Reason != d.Reason:
		return about(is, Neutral, "why failure %s may stand: %s", d.Failure, around(before.Reason, d.Reason)), true
	}
	return Item{}, false
}

// standing finds the deviation for a failure.
func standing(v *model.Verification, failure string) (model.Deviation, bool) {
	i := slices.IndexFunc(v.Deviations, func(d model.Deviation) bool { return d.Failure == failure })
	if i < 0 {
		return model.Deviation{}, false
	}
	return v.Deviations[i], true
}

// verdict is how the risk stands that covers a failure.
func (c *Comparison) verdict(ref model.Ref[*model.Risk]) string {
	if !ref.OK() {
		return ""
	}
	return ref.ID + " is " + string(byRisk(c.After)[ref.To].Verdict)
}
