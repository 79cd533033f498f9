package techdoc

import (
	"cmp"
	"slices"

	"theriac/document"
	"theriac/model"
)

// promised is the earliest day on which the promised support of the device can end;
// zero where nothing is promised.
func (b *Book) promised() model.Date {
	if b.File.Product.SupportPeriod.IsZero() {
		return model.Date{}
	}
	return b.Day.Add(b.File.Product.SupportPeriod)
}

// bySupport are the components of which the end of support is stated or should be,
// the first to end first, those without a day before them.
func (b *Book) bySupport() []*model.Component {
	list := slices.DeleteFunc(slices.Clone(b.File.Components), func(c *model.Component) bool { return c.SupportUntil.IsZero() && c.Type != "soup" })
	slices.SortStableFunc(list, func(x, y *model.Component) int { return cmp.Compare(x.SupportUntil.String(), y.SupportUntil.String()) })
	return list
}

// supportBadge says how long the maker of a component still supports it.
func (b *Book) supportBadge(c *model.Component) document.Span {
	switch until := c.SupportUntil; {
	case until.IsZero():
		return document.Badge(document.Bad, b.Say("not stated"))
	case until.Before(b.Day):
		return document.Badge(document.Bad, b.Say("ended"))
	case until.Before(b.Day.Add(soupSoon)):
		return document.Badge(document.Partly, b.Say("ends within %s", soupSoon))
	case !b.File.Product.SupportPeriod.IsZero() && until.Before(b.Day.Add(b.File.Product.SupportPeriod)):
		return document.Badge(document.Partly, b.Say("to be replaced within the support period"))
	}
	return document.Badge(document.Good, b.Say("supported"))
}
