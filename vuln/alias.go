package vuln

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// groups joins ids that name the same vulnerability. There may be millions: they
// stand in one piece of memory, and have numbers.
type groups struct {
	seed  maphash.Seed
	index map[uint64]uint32 // numbers by hash; a clash takes the next hash that is free
	text  []byte
	from  []uint64 // where an id begins in text; it ends where the next one begins
	up    []uint32 // towards the number that stands for the group
	size  []uint32 // ids below a number that stands for its group
	apart int      // aliases that would have made a group too large
}

// maxGroup bounds the ids of one vulnerability. The largest real group has some 20: aliases
// that join more are a mistake or an attack, and would make one finding of all.
const maxGroup = 200

func newGroups() *groups {
	return &groups{seed: maphash.MakeSeed(), index: map[uint64]uint32{}, from: []uint64{0}}
}

func (g *groups) id(n uint32) []byte { return g.text[g.from[n]:g.from[n+1]] }

func (g *groups) number(id string) uint32 {
	for h := maphash.String(g.seed, id); ; h++ {
		n, ok := g.index[h]
		if ok && string(g.id(n)) == id {
			return n
		}
		if ok {
			continue
		}
		n = uint32(len(g.up))
		g.index[h] = n
		g.text = append(g.text, id...)
		g.from = append(g.from, uint64(len(g.text)))
		g.up, g.size = append(g.up, n), append(g.size, 1)
		return n
	}
}

func (g *groups) top(n uint32) uint32 {
	for g.up[n] != n {
		g.up[n] = g.up[g.up[n]]
		n = g.up[n]
	}
	return n
}

// join notes the aliases of a record. One that cannot be a key names nothing, and one that
// would make a group too large is counted.
func (g *groups) join(id string, aliases []string) {
	for _, alias := range aliases {
		if alias == id || !good(alias, maxID) {
			continue
		}
		a, b := g.top(g.number(id)), g.top(g.number(alias))
		switch first, second := min(a, b), max(a, b); {
		case first == second:
		case g.size[first]+g.size[second] > maxGroup:
			g.apart++
		default:
			g.up[second] = first
			g.size[first] += g.size[second]
		}
	}
}

// maxRepeated is how many ids a group may have that stands with each of them. Nearly all
// have two or three, and are then found in one step.
const maxRepeated = 4

// rows calls each for every id that has others, in order: with its group in order, in which
// "" stands for the id itself, or, where the group is large and the id not the first of it,
// with the first alone. Nothing may be joined any more.
func (g *groups) rows(each func(id []byte, group []string, first bool) error) error {
	g.index = nil
	order := make([]uint32, len(g.up))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return bytes.Compare(g.id(a), g.id(b)) })
	const none = ^uint32(0)
	first, next := make([]uint32, len(g.up)), make([]uint32, len(g.up)) // of the group of a top; after a member
	for i := range first {
		first[i] = none
	}
	for _, n := range slices.Backward(order) {
		top := g.top(n)
		next[n], first[top] = first[top], n
	}
	for _, n := range order {
		top := g.top(n)
		begin := first[top]
		var group []string
		switch {
		case g.size[top] == 1:
			continue
		case n != begin && g.size[top] > maxRepeated:
			group = []string{string(g.id(begin))}
		default:
			for m := begin; m != none; m = next[m] {
				group = append(group, g.within(m, n))
			}
		}
		if err := each(g.id(n), group, n == begin); err != nil {
			return err
		}
	}
	return nil
}

// within is how an id is written in the row of another, or of itself.
func (g *groups) within(m, row uint32) string {
	if m == row {
		return ""
	}
	return string(g.id(m))
}
