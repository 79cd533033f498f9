package sbom

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/google/osv-scalibr/semantic"
)

// ChangeKind is what happened to a component between two lists.
type ChangeKind string

// The kinds of changes.
const (
	Added      ChangeKind = "added"
	Removed    ChangeKind = "removed"
	Upgraded   ChangeKind = "upgraded"
	Downgraded ChangeKind = "downgraded"
	Replaced   ChangeKind = "replaced" // another version, of which nobody knows whether it is later
	Altered    ChangeKind = "altered"  // the same version, of which something else is said
)

// Change is a difference between two lists.
type Change struct {
	Kind     ChangeKind
	Old, New *Component // nil where it is not there
	// Fields are what is said differently besides the version: licences, supplier,
	// manufacturer, hashes, scope and patched.
	Fields []FieldChange
}

// FieldChange is something that is said of a component in one list and not in the other.
type FieldChange struct{ Name, Old, New string }

// Component is the component in the newer list that has it.
func (c *Change) Component() *Component {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

// Diff compares two lists, the product that they are of included. Components are
// the same where their package is, whatever its version; of several entries of a
// package those of the same version belong together, then the others in order of
// version. A component that has a package URL in one list alone is found by its
// name. The order is that of packages.
func Diff(old, new *BOM) []Change {
	var out []Change
	if old.Subject != nil && new.Subject != nil {
		if c, differs := compare(old.Subject, new.Subject); differs {
			out = append(out, c)
		}
	}
	before, after := grouped(old, (*Component).pack), grouped(new, (*Component).pack)
	var gone, come []*Component
	for _, key := range keysOf(before, after) {
		changes, onlyOld, onlyNew := pair(before[key], after[key])
		out = append(out, changes...)
		gone, come = append(gone, onlyOld...), append(come, onlyNew...)
	}
	changes, gone, come := pairByName(gone, come)
	out = append(out, changes...)
	for _, c := range gone {
		out = append(out, Change{Kind: Removed, Old: c})
	}
	for _, c := range come {
		out = append(out, Change{Kind: Added, New: c})
	}
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Component().Title(), b.Component().Title()), strings.Compare(a.Component().pack(), b.Component().pack()))
	})
	return out
}

func grouped(b *BOM, by func(*Component) string) map[string][]*Component {
	groups := map[string][]*Component{}
	for i := range b.Components {
		c := &b.Components[i]
		if b.isSubject(i) {
			continue
		}
		groups[by(c)] = append(groups[by(c)], c)
	}
	return groups
}

func keysOf(a, b map[string][]*Component) []string {
	keys := slices.Collect(maps.Keys(a))
	for key := range b {
		if a[key] == nil {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// pair compares entries of one package.
func pair(old, new []*Component) (changes []Change, onlyOld, onlyNew []*Component) {
	old, new = oneEach(old), oneEach(new)
	for _, same := range []func(*Component) string{
		func(c *Component) string { return c.PURL + "\x00" + c.Version },
		func(c *Component) string { return c.Version },
	} {
		waiting := map[string][]*Component{}
		for _, c := range new {
			waiting[same(c)] = append(waiting[same(c)], c)
		}
		var rest []*Component
		taken := map[*Component]bool{}
		for _, c := range old {
			list := waiting[same(c)]
			if len(list) == 0 {
				rest = append(rest, c)
				continue
			}
			if change, differs := compare(c, list[0]); differs {
				changes = append(changes, change)
			}
			taken[list[0]] = true
			waiting[same(c)] = list[1:]
		}
		old = rest
		new = slices.DeleteFunc(slices.Clone(new), func(c *Component) bool { return taken[c] })
	}
	slices.SortStableFunc(old, byVersion)
	slices.SortStableFunc(new, byVersion)
	n := min(len(old), len(new))
	for i := range n {
		change, _ := compare(old[i], new[i])
		changes = append(changes, change)
	}
	return changes, old[n:], new[n:]
}

// oneEach leaves one of several entries of the same identity, the first: what is in a
// list twice is there once.
func oneEach(list []*Component) []*Component {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(c *Component) bool {
		id := c.identity()
		known := seen[id]
		seen[id] = true
		return known
	})
}

// pairByName compares components of which only one has a package URL.
func pairByName(old, new []*Component) (changes []Change, onlyOld, onlyNew []*Component) {
	waiting := map[string][]*Component{}
	for _, c := range new {
		waiting[c.named()] = append(waiting[c.named()], c)
	}
	taken := map[*Component]bool{}
	for _, c := range old {
		list := waiting[c.named()]
		if len(list) == 0 || (c.PURL == "") == (list[0].PURL == "") {
			onlyOld = append(onlyOld, c)
			continue
		}
		if change, differs := compare(c, list[0]); differs {
			changes = append(changes, change)
		}
		taken[list[0]] = true
		waiting[c.named()] = list[1:]
	}
	return changes, onlyOld, slices.DeleteFunc(slices.Clone(new), func(c *Component) bool { return taken[c] })
}

// compare says how two entries of one package differ.
func compare(old, new *Component) (Change, bool) {
	c := Change{Kind: Altered, Old: old, New: new}
	for _, f := range []FieldChange{
		{"supplier", old.Supplier, new.Supplier},
		{"manufacturer", old.Manufacturer, new.Manufacturer},
		{"licences", setText(old.Licences), setText(new.Licences)},
		{"declared licences", setText(old.Declared), setText(new.Declared)},
		{"scope", old.Scope, new.Scope},
		{"patched", patchedText(old), patchedText(new)},
	} {
		if f.Old != f.New {
			c.Fields = append(c.Fields, f)
		}
	}
	if old.Version != new.Version {
		c.Kind = direction(old, new)
		return c, true // hashes differ with the version
	}
	if before, after := hashText(old, new), hashText(new, old); before != after {
		c.Fields = append(c.Fields, FieldChange{"hashes", before, after})
	}
	return c, len(c.Fields) > 0
}

func patchedText(c *Component) string {
	if c.Patched {
		return "yes"
	}
	return ""
}

func setText(list []string) string {
	sorted := slices.Sorted(slices.Values(list))
	return strings.Join(slices.Compact(sorted), ", ")
}

// hashText are the hashes of a component by algorithms that the other has as well:
// one that is new says nothing of the content.
func hashText(c, other *Component) string {
	known := map[string]bool{}
	for _, h := range other.Hashes {
		known[h.Algorithm] = true
	}
	var list []string
	for _, h := range c.Hashes {
		if known[h.Algorithm] {
			list = append(list, h.Algorithm+":"+strings.ToLower(h.Value))
		}
	}
	return setText(list)
}

// direction says whether a version is later than another.
func direction(old, new *Component) ChangeKind {
	order, known := versionOrder(old, new)
	switch {
	case !known || order == 0:
		return Replaced
	case order < 0:
		return Upgraded
	}
	return Downgraded
}

// maxVersion bounds a version that is compared, in bytes.
const maxVersion = 200

// versionOrder compares the versions of two entries in the order of their ecosystem.
func versionOrder(a, b *Component) (order int, known bool) {
	system := a.ecosystem()
	if system == "" || b.ecosystem() != system || a.Version == "" || b.Version == "" || max(len(a.Version), len(b.Version)) > maxVersion {
		return 0, false
	}
	before, err := semantic.Parse(strings.TrimPrefix(a.Version, "v"), system)
	if err != nil {
		return 0, false
	}
	order, err = before.CompareStr(strings.TrimPrefix(b.Version, "v"))
	return order, err == nil
}

// byVersion orders entries of a package; by text, where the order of versions is not known.
func byVersion(a, b *Component) int {
	if order, known := versionOrder(a, b); known && order != 0 {
		return order
	}
	return cmp.Or(strings.Compare(a.Version, b.Version), strings.Compare(a.PURL, b.PURL))
}
