package change

import (
	"slices"
	"strings"

	"theriac/model"
)

// The rest is what no interpretation explains, so that nothing is passed over.
var _ = add(interpretation{"what nothing else explains", Rest, func(c *Comparison, say func(Item)) {
	explained := map[key][]string{}
	for _, i := range c.Items {
		at := key{model.KindOf(i.Kind), i.ID}
		explained[at] = append(explained[at], i.fields...)
	}
	for _, one := range c.Changes {
		known := explained[keyOf(one.Entity())]
		if slices.Contains(known, "*") {
			continue
		}
		if item, ok := remainder(one, known); ok {
			say(item)
		}
	}
}})

func remainder(one *Change, known []string) (Item, bool) {
	left := one.inWords(known)
	switch one.Status() {
	case Added, Removed:
		return about(one.Entity(), Neutral, "%s%s", one.Status(), titled(one.Entity())), true
	case Renamed:
		text := "renamed from " + model.Of(one.Before).ID
		if left != "" {
			text += "; " + left
		}
		return about(one.Entity(), Neutral, "%s", text), true
	}
	return about(one.Entity(), Neutral, "%s", strings.TrimSpace(left)), left != ""
}
