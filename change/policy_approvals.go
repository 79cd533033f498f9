package change

import (
	"maps"
	"slices"
	"strings"

	"theriac/model"
)

var _ = add(interpretation{"policy of approvals", Product, func(c *Comparison, say func(Item)) {
	was, is, one := c.policies()
	if one == nil {
		return
	}
	explained := one.paths("approvals")
	tell := func(g Grade, format string, args ...any) {
		say(about(is, g, format, args...).explains(explained...).signals(QualitySystem))
	}
	gone, fresh := duties(was.Approvals), duties(is.Approvals)
	gone, fresh = unlike(gone, fresh, same), unlike(fresh, gone, same)
	for _, d := range fresh {
		i := slices.IndexFunc(gone, d.alike)
		if i < 0 {
			tell(Better, "%s need to be %s now, as %s", d.Of, d.Meaning, strings.Join(d.Roles, " or "))
			continue
		}
		approvers(gone[i], d, tell)
		gone = slices.Delete(gone, i, i+1)
	}
	for _, d := range gone {
		tell(Worse, "%s no longer need to be %s as %s", d.Of, d.Meaning, strings.Join(d.Roles, " or "))
	}
}})

// duty is an approval that is required. Two that differ in their roles only are
// two signatures.
type duty struct{ model.ApprovalPolicy }

func duties(list []model.ApprovalPolicy) []duty {
	var all []duty
	for _, p := range list {
		p.Roles = slices.Compact(slices.Sorted(slices.Values(p.Roles)))
		all = append(all, duty{p})
	}
	return all
}

// alike tells whether a duty may be what another one became.
func (d duty) alike(other duty) bool { return d.Of == other.Of && d.Meaning == other.Meaning }

func same(a, b duty) bool { return a.alike(b) && slices.Equal(a.Roles, b.Roles) }

// unlike is what of a list another does not hold, counting repetitions.
func unlike[T any](list, other []T, same func(a, b T) bool) []T {
	other = slices.Clone(other)
	var left []T
	for _, one := range list {
		if i := slices.IndexFunc(other, func(o T) bool { return same(one, o) }); i >= 0 {
			other = slices.Delete(other, i, i+1)
		} else {
			left = append(left, one)
		}
	}
	return left
}

// approvers compares who may fulfil a duty.
func approvers(was, is duty, tell func(Grade, string, ...any)) {
	gone, fresh := without(was.Roles, is.Roles), without(is.Roles, was.Roles)
	if len(fresh) > 0 {
		tell(Worse, "%s may now also be %s as %s", is.Of, is.Meaning, strings.Join(fresh, ", "))
	}
	if len(gone) > 0 {
		tell(Better, "%s may no longer be %s as %s", is.Of, is.Meaning, strings.Join(gone, ", "))
	}
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
