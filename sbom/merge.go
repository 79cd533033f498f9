package sbom

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Merge makes one list of several. Components of the same identity that stand in
// the same place become one: hashes, licences, names and links are united, and
// what they say differently is a Problem, the first part being kept.
//
// A list that says what it is of keeps that: where the parts are of different
// things, these become components, and what the whole is of stays open. Created
// and Serial are left empty, since the list is a new one.
func Merge(parts ...*BOM) *BOM {
	m := merger{
		out:   &BOM{Depends: map[string][]string{}, Aggregates: map[string]string{}},
		place: map[mergeKey]int{},
		refs:  map[string]int{},
	}
	together := oneSubject(parts)
	for i, part := range parts {
		m.head(i, part)
		m.components(part, together)
	}
	for i, part := range parts {
		m.relations(i, part)
	}
	if len(m.out.Aggregates) == 0 {
		m.out.Aggregates = nil
	}
	return m.out
}

// mergeKey is where a component goes: the same identity within the same whole.
type mergeKey struct {
	parent   int
	identity string
}

type merger struct {
	out   *BOM
	place map[mergeKey]int
	refs  map[string]int // how often a Ref was asked for
	// renamed holds, for each part, the new Ref of each of its Refs.
	renamed []map[string]string
}

// oneSubject reports whether all parts that say what they are of say the same.
func oneSubject(parts []*BOM) bool {
	var first *Component
	for _, p := range parts {
		switch {
		case p.Subject == nil:
		case first == nil:
			first = p.Subject
		case first.identity() != p.Subject.identity():
			return false
		}
	}
	return first != nil
}

func (m *merger) head(i int, part *BOM) {
	out := m.out
	if i == 0 {
		out.Format, out.Version, out.Name = part.Format, part.Version, part.Name
	}
	if out.Format != part.Format {
		out.Format, out.Version = "", ""
	}
	if out.Version != part.Version {
		out.Version = ""
	}
	if out.Name != part.Name {
		out.Name = ""
	}
	out.Authors = union(out.Authors, part.Authors)
	out.Tools = union(out.Tools, part.Tools)
	out.Unlisted += part.Unlisted
	out.Lost += part.Lost
	for _, p := range part.Problems {
		what := p.What
		if p.Line > 0 {
			what = "line " + strconv.Itoa(p.Line) + ": " + what
		}
		m.out.Problems = append(m.out.Problems, Problem{What: part.title(i) + ": " + what, Lost: p.Lost})
	}
}

// title names a part in problems.
func (b *BOM) title(i int) string {
	text := b.Name
	if text == "" && b.Subject != nil {
		text = b.Subject.Designation()
	}
	return cmp.Or(text, b.Serial, "part "+strconv.Itoa(i+1))
}

func (m *merger) problem(format string, args ...any) {
	m.out.Problems = append(m.out.Problems, Problem{What: fmt.Sprintf(format, args...)})
}

// components takes the components of a part over. A part is read in its own order,
// and a whole stands before what stands in it or is taken before it.
func (m *merger) components(part *BOM, together bool) {
	renamed := map[string]string{}
	m.renamed = append(m.renamed, renamed)
	if s := part.Subject; s != nil {
		if together {
			m.subject(s, renamed)
		} else {
			m.take(s, -1, renamed)
		}
	}
	placed := make([]int, len(part.Components))
	for i := range placed {
		placed[i] = -1
	}
	for i := range part.Components {
		m.takeWhole(part, i, placed, renamed)
	}
}

// takeWhole takes a component over, and before it those that it stands in. A circle
// of wholes ends where it began.
func (m *merger) takeWhole(part *BOM, i int, placed []int, renamed map[string]string) {
	const taking, whole = -2, -3 // whole: the subject, which stands apart
	var chain []int
	for at := i; at >= 0 && at < len(placed) && placed[at] == -1; at = part.Components[at].Parent {
		placed[at] = taking
		chain = append(chain, at)
	}
	for _, at := range slices.Backward(chain) {
		if m.out.Subject != nil && part.isSubject(at) {
			placed[at] = whole
			continue
		}
		parent := -1
		if up := part.Components[at].Parent; up >= 0 && up < len(placed) && placed[up] >= 0 {
			parent = placed[up]
		}
		placed[at] = m.take(&part.Components[at], parent, renamed)
	}
}

func (m *merger) subject(s *Component, renamed map[string]string) {
	if m.out.Subject == nil {
		c := clone(s)
		c.Line, c.Parent = 0, -1
		c.Ref = m.ref(s)
		m.out.Subject = &c
	} else {
		m.unite(m.out.Subject, s)
	}
	rename(renamed, s.Ref, m.out.Subject.Ref)
}

// take puts a component into the list, or unites it with the one that is there.
func (m *merger) take(c *Component, parent int, renamed map[string]string) int {
	key := mergeKey{parent, c.identity()}
	at, there := m.place[key]
	if there {
		m.unite(&m.out.Components[at], c)
	} else {
		at = len(m.out.Components)
		m.place[key] = at
		own := clone(c)
		own.Line, own.Parent = 0, parent
		own.Ref = m.ref(c)
		m.out.Components = append(m.out.Components, own)
	}
	rename(renamed, c.Ref, m.out.Components[at].Ref)
	return at
}

// rename notes where a Ref went. Of components with the same Ref the first is meant.
func rename(renamed map[string]string, from, to string) {
	if _, there := renamed[from]; from != "" && !there {
		renamed[from] = to
	}
}

// ref finds a Ref that no other component has.
func (m *merger) ref(c *Component) string {
	ref := cmp.Or(c.Ref, c.PURL, c.Designation(), "component")
	if m.refs[ref] > 0 && c.PURL != "" {
		ref = c.PURL
	}
	for m.refs[ref] > 0 {
		m.refs[ref]++
		ref += "#" + strconv.Itoa(m.refs[ref])
	}
	m.refs[ref] = 1
	return ref
}

// relations takes over what depends on what, and how complete that is.
func (m *merger) relations(i int, part *BOM) {
	renamed := m.renamed[i]
	unknown := 0
	for _, from := range slices.Sorted(maps.Keys(part.Depends)) {
		own, known := renamed[from]
		if !known {
			unknown++
			continue
		}
		var on []string
		for _, to := range part.Depends[from] {
			if ref, known := renamed[to]; known && ref != own {
				on = append(on, ref)
			} else if !known {
				unknown++
			}
		}
		m.out.Depends[own] = union(m.out.Depends[own], on)
	}
	if unknown > 0 {
		m.problem("%s: %d dependencies name components that are not in the list; they are left out", part.title(i), unknown)
	}
	for _, from := range slices.Sorted(maps.Keys(part.Aggregates)) {
		own, known := renamed[from]
		if known || from == "" {
			m.aggregate(own, part.Aggregates[from])
		}
	}
	if _, says := part.Aggregates[""]; !says {
		m.aggregate("", "unknown")
	}
}

// aggregate unites what is said of completeness: complete only where nobody says less.
func (m *merger) aggregate(ref, value string) {
	switch old, there := m.out.Aggregates[ref]; {
	case !there:
		m.out.Aggregates[ref] = value
	case old == value:
	case strings.HasPrefix(old, "incomplete") || strings.HasPrefix(value, "incomplete"):
		m.out.Aggregates[ref] = "incomplete"
	default:
		m.out.Aggregates[ref] = "unknown"
	}
}

// unite adds to a component what another entry of it says.
func (m *merger) unite(c, other *Component) {
	differ := func(field, a, b string) {
		if a != b {
			m.problem("%s: %s is %q in one list and %q in another; the first is kept", c.Designation(), field, a, b)
		}
	}
	for _, f := range []struct {
		name string
		to   *string
		from string
		loud bool // a difference is told
	}{
		{"group", &c.Group, other.Group, true},
		{"name", &c.Name, other.Name, true},
		{"version", &c.Version, other.Version, true},
		{"purl", &c.PURL, other.PURL, true},
		{"type", &c.Type, other.Type, false},
		{"supplier", &c.Supplier, other.Supplier, true},
		{"manufacturer", &c.Manufacturer, other.Manufacturer, true},
		{"contact", &c.Contact, other.Contact, false},
		{"author", &c.Author, other.Author, false},
		{"description", &c.Description, other.Description, false},
		{"copyright", &c.Copyright, other.Copyright, false},
	} {
		switch {
		case f.from == "":
		case *f.to == "":
			*f.to = f.from
		case f.loud:
			differ(f.name, *f.to, f.from)
		}
	}
	c.Scope = widest(c.Scope, other.Scope)
	c.Patched = c.Patched || other.Patched
	c.CPEs = union(c.CPEs, other.CPEs)
	c.Licences = union(c.Licences, other.Licences)
	c.Declared = union(c.Declared, other.Declared)
	c.Properties = union(c.Properties, other.Properties)
	c.Links = uniteLinks(c.Links, other.Links)
	m.compareHashes(c, other)
	c.Hashes = uniteHashes(c.Hashes, other.Hashes)
}

// compareHashes tells of an algorithm that gave one value in one list and another in another.
func (m *merger) compareHashes(c, other *Component) {
	first := map[string]string{}
	for _, h := range slices.Backward(c.Hashes) {
		first[h.Algorithm] = h.Value
	}
	for _, h := range other.Hashes {
		if old, there := first[h.Algorithm]; there && !strings.EqualFold(old, h.Value) {
			m.problem("%s: there are two values of %s, %s and %s; both are kept", c.Designation(), h.Algorithm, old, h.Value)
		}
	}
}

// widest is the scope that leaves least out: what is required anywhere is required.
func widest(a, b string) string {
	rank := func(s string) int {
		if i := slices.Index([]string{"excluded", "optional", "", "required"}, s); i >= 0 {
			return i
		}
		return 2
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

func union[T comparable](a, b []T) []T {
	seen := make(map[T]bool, len(a)+len(b))
	var out []T
	for _, list := range [][]T{a, b} {
		for _, v := range list {
			if !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	return out
}

func uniteHashes(a, b []Hash) []Hash {
	seen := make(map[Hash]bool, len(a)+len(b))
	var out []Hash
	for _, list := range [][]Hash{a, b} {
		for _, h := range list {
			if key := (Hash{h.Algorithm, strings.ToLower(h.Value)}); !seen[key] {
				seen[key] = true
				out = append(out, h)
			}
		}
	}
	return out
}

func uniteLinks(a, b []Link) []Link {
	type key struct{ kind, url string }
	seen := make(map[key]int, len(a)+len(b))
	var out []Link
	for _, list := range [][]Link{a, b} {
		for _, l := range list {
			at, there := seen[key{l.Kind, l.URL}]
			if !there {
				seen[key{l.Kind, l.URL}] = len(out)
				out = append(out, l)
				continue
			}
			out[at].Hashes = uniteHashes(out[at].Hashes, l.Hashes)
		}
	}
	return out
}

// clone copies a component so that what is united with it leaves the original alone.
func clone(c *Component) Component {
	own := *c
	own.CPEs = slices.Clone(c.CPEs)
	own.Licences = slices.Clone(c.Licences)
	own.Declared = slices.Clone(c.Declared)
	own.Hashes = slices.Clone(c.Hashes)
	own.Links = slices.Clone(c.Links)
	own.Properties = slices.Clone(c.Properties)
	return own
}
