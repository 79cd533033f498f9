package change

import (
	"fmt"
	"slices"

	"theriac/attack"
	"theriac/model"
)

var _ = add(interpretation{"paths that removed controls held", Paths, func(c *Comparison, say func(Item)) {
	var before *attack.Analysis
	for _, one := range c.Changes {
		control, ok := one.Before.(*model.Control)
		if !ok || one.After != nil {
			continue
		}
		if before == nil {
			before = attack.Find(c.Before.File, attack.Options{})
		}
		held, _ := before.Held(control.ID)
		held = slices.DeleteFunc(held, func(h attack.Held) bool { return c.is[h.Entry.At] == nil || c.is[h.Target.Entity] == nil })
		if len(held) > 0 {
			say(heldItem(control, held))
		}
	}
}})

// heldItem lists every path that a control held.
func heldItem(c *model.Control, held []attack.Held) Item {
	targets := map[model.Entity]bool{}
	var paths []string
	for _, h := range held {
		targets[h.Target.Entity] = true
		paths = append(paths, fmt.Sprintf("%s to %s: effort %d, without the control %d", idOf(h.Entry.At), idOf(h.Target.Entity), h.Effort, h.Without))
	}
	item := about(c, Worse, "stood on %s of least effort to %s, and is gone", amount(len(held), "path", "paths"), amount(len(targets), "target", "targets"))
	return item.details(paths...)
}
