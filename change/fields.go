package change

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"theriac/model"
)

// FieldChange is a difference in one field. Members of a set, and items of a list,
// that are on both sides are left out, unless only their order differs.
type FieldChange struct {
	Path   string   // as in model.Field; without the place in a list where whole items differ
	Before []string // what is no longer said
	After  []string // what is said now
}

// fieldChanges compares the contents of an entity, in the order of the language.
func fieldChanges(kind *model.Kind, before, after []model.Field) []FieldChange {
	was, is := byRoot(before), byRoot(after)
	var roots []string
	for _, f := range slices.Concat(before, after) {
		if root, _ := listRoot(f.Path); !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
	}
	place := map[string]int{}
	for i, f := range model.Fields(kind.Type) {
		place[f.Tag.Get("yaml")] = i
	}
	first := func(root string) int {
		name, _, _ := strings.Cut(root, ".")
		return place[name]
	}
	slices.SortStableFunc(roots, func(a, b string) int { return cmp.Compare(first(a), first(b)) })
	var changes []FieldChange
	for _, root := range roots {
		changes = append(changes, rootChanges(root, was[root], is[root])...)
	}
	return changes
}

// listRoot is the path of a field up to the first place in a list, and what
// stands behind it.
func listRoot(path string) (root string, rest []string) {
	steps := strings.Split(path, ".")
	for i, s := range steps {
		if _, err := strconv.Atoi(s); err == nil {
			return strings.Join(steps[:i], "."), steps[i:]
		}
	}
	return path, nil
}

// member is a value below a root; its item is the place in a list, or -1.
type member struct {
	item int
	rest string // path inside the item
	text string
}

func byRoot(fields []model.Field) map[string][]member {
	m := map[string][]member{}
	for _, f := range fields {
		root, rest := listRoot(f.Path)
		one := member{item: -1, text: f.Value}
		if len(rest) > 0 {
			one.item, _ = strconv.Atoi(rest[0]) // listRoot found a number there
			one.rest = strings.Join(rest[1:], ".")
		}
		m[root] = append(m[root], one)
	}
	return m
}

// rootChanges compares what stands below one root.
func rootChanges(root string, was, is []member) []FieldChange {
	before, after := items(was), items(is)
	left, right := texts(before), texts(after)
	if slices.Equal(left, right) {
		return nil
	}
	gone, fresh := without(left, right), without(right, left)
	if len(gone) == 0 && len(fresh) == 0 {
		if len(was) == 0 || was[0].item < 0 {
			return nil // a set has no order
		}
		return []FieldChange{{root, []string{strings.Join(left, ", ")}, []string{strings.Join(right, ", ")}}}
	}
	if pairs, ok := paired(before, after, gone, fresh); ok {
		return pairs.changes(root)
	}
	return []FieldChange{{root, gone, fresh}}
}

// items gathers the members of each item of a list; a scalar or the member of a
// set is an item by itself.
func items(list []member) [][]member {
	var all [][]member
	for i, m := range list {
		if m.item >= 0 && i > 0 && list[i-1].item == m.item {
			all[len(all)-1] = append(all[len(all)-1], m)
		} else {
			all = append(all, []member{m})
		}
	}
	return all
}

func texts(all [][]member) []string {
	list := make([]string, len(all))
	for i, item := range all {
		parts := make([]string, len(item))
		for j, m := range item {
			if parts[j] = m.text; m.rest != "" {
				parts[j] = m.rest + " " + m.text
			}
		}
		list[i] = strings.Join(parts, ", ")
	}
	return list
}

// without is what of a list another does not hold, counting repetitions.
func without(list, other []string) []string {
	count := map[string]int{}
	for _, s := range other {
		count[s]++
	}
	var left []string
	for _, s := range list {
		if count[s]--; count[s] < 0 {
			left = append(left, s)
		}
	}
	return left
}

// pairing is items of a list that were changed and not exchanged.
type pairing [][2][]member

// paired pairs changed items of a list of records, in order, when as many are gone
// as are new.
func paired(before, after [][]member, gone, fresh []string) (pairing, bool) {
	if len(gone) != len(fresh) || len(before) == 0 || before[0][0].rest == "" {
		return nil, false
	}
	left, right := pick(before, gone), pick(after, fresh)
	var p pairing
	for i := range left {
		p = append(p, [2][]member{left[i], right[i]})
	}
	return p, true
}

// pick finds the items with these texts, in order.
func pick(all [][]member, wanted []string) [][]member {
	var found [][]member
	wanted = slices.Clone(wanted)
	for i, text := range texts(all) {
		if at := slices.Index(wanted, text); at >= 0 {
			wanted = slices.Delete(wanted, at, at+1)
			found = append(found, all[i])
		}
	}
	return found
}

func (p pairing) changes(root string) []FieldChange {
	var changes []FieldChange
	for _, two := range p {
		names := []string{}
		was, is := map[string][]string{}, map[string][]string{}
		note := func(into map[string][]string, item []member) {
			for _, m := range item {
				if !slices.Contains(names, m.rest) {
					names = append(names, m.rest)
				}
				into[m.rest] = append(into[m.rest], m.text)
			}
		}
		note(was, two[0])
		note(is, two[1])
		at := root + "." + strconv.Itoa(two[1][0].item)
		for _, name := range names {
			gone, fresh := without(was[name], is[name]), without(is[name], was[name])
			if len(gone)+len(fresh) > 0 {
				changes = append(changes, FieldChange{at + "." + name, gone, fresh})
			}
		}
	}
	return changes
}
