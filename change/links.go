package change

import (
	"cmp"
	"fmt"
	"slices"

	"theriac/model"
	"theriac/trace"
)

var _ = add(interpretation{"links", Links, func(c *Comparison, say func(Item)) {
	groups := map[model.Entity][]trace.State{}
	var order []model.Entity
	for _, s := range trace.Review(c.After.File, c.After.Reviews) {
		if !c.shaken(s) {
			continue
		}
		if groups[s.To] == nil {
			order = append(order, s.To)
		}
		groups[s.To] = append(groups[s.To], s)
	}
	slices.SortStableFunc(order, func(a, b model.Entity) int { return cmp.Compare(len(groups[b]), len(groups[a])) })
	for _, to := range order {
		list := groups[to]
		unreviewed := 0
		for _, s := range list {
			if s.Status == trace.Unreviewed {
				unreviewed++
			}
		}
		item := about(to, Neutral, "changed; %s to it: %s", amount(len(list), "link leads", "links lead"), listed(list, func(s trace.State) string { return s.Source }))
		if unreviewed > 0 {
			item = item.details(fmt.Sprintf("%d of them were never reviewed", unreviewed))
		}
		say(item)
	}
}})

// shaken reports whether a link was there before, and what it leads to changed
// since without being reviewed afterwards. What the approval of a document signs
// is told with the document.
func (c *Comparison) shaken(s trace.State) bool {
	if s.Status != trace.Suspect && s.Status != trace.Unreviewed || c.was[s.From] == nil {
		return false
	}
	one := c.of[s.To]
	if one == nil || one.Status() == Added || len(one.Fields) == 0 || one.Kind.Name == "documents" {
		return false
	}
	was, linked := c.was[s.From], false
	trace.Links(was, func(l trace.Link, to model.Entity, _ string) {
		linked = linked || l.Field == s.Field && c.is[to] == s.To
	})
	return linked
}
