package change

import (
	"slices"
	"strings"

	"theriac/model"
)

// Entities are taken for the same under two ids when this part of what both say
// is the same, and they say enough to tell.
const (
	alikeParts  = 5
	alikeOf     = 6
	alikeFields = 4
	maxAlike    = 1 << 16 // pairs of one kind that are compared field by field
	maxRounds   = 8       // of looking again
)

// renames finds entities that have another id in the later state. What they refer
// to may have been renamed as well, so it looks again until nothing more is found.
type renames struct {
	to     map[string]string // ids of before to ids of after
	fields map[string]map[string]bool
}

// find pairs what is gone with what is new: first what says the same, then what
// says nearly the same.
func (r *renames) find(gone, fresh map[*model.Kind][]model.Entity) map[model.Entity]model.Entity {
	found := map[model.Entity]model.Entity{} // after to before
	for range maxRounds {
		before := len(found)
		r.each(gone, fresh, found, r.exact)
		if len(found) == before {
			r.each(gone, fresh, found, r.alike)
		}
		if len(found) == before {
			break
		}
	}
	return found
}

// each looks at each kind of which something is gone and something is new.
func (r *renames) each(gone, fresh map[*model.Kind][]model.Entity, found map[model.Entity]model.Entity, look func(gone, fresh []model.Entity, pair func(before, after model.Entity))) {
	for _, k := range model.Kinds() {
		if len(gone[k]) == 0 || len(fresh[k]) == 0 || k.Single || k.Name == "not-applicable" {
			continue // ids of clauses mean something by themselves
		}
		done := map[model.Entity]bool{}
		look(gone[k], fresh[k], func(before, after model.Entity) {
			found[after], done[before], done[after] = before, true, true
			r.to[model.Of(before).ID] = model.Of(after).ID
		})
		gone[k] = slices.DeleteFunc(gone[k], func(e model.Entity) bool { return done[e] })
		fresh[k] = slices.DeleteFunc(fresh[k], func(e model.Entity) bool { return done[e] })
	}
}

// content is what an entity of the earlier state says, with the ids of the later
// one.
func (r *renames) content(e model.Entity) []model.Field {
	fields := model.ContentOf(e)
	if len(r.to) == 0 {
		return fields
	}
	kind := model.Of(e).Kind()
	changed := false
	for i, f := range fields {
		if id, ok := r.to[f.Value]; ok && r.isReference(kind, f.Path) {
			fields[i].Value, changed = id, true
		}
	}
	if changed {
		// Members of a set are in order of their text.
		slices.SortStableFunc(fields, func(a, b model.Field) int {
			if a.Path == b.Path {
				return strings.Compare(a.Value, b.Value)
			}
			return 0
		})
	}
	return fields
}

func (r *renames) isReference(k *model.Kind, path string) bool {
	known, ok := r.fields[k.Name]
	if !ok {
		known = map[string]bool{}
		for _, f := range model.ReferenceFields(k) {
			known[f] = true
		}
		r.fields[k.Name] = known
	}
	var steps []string
	for s := range strings.SplitSeq(path, ".") {
		if strings.Trim(s, "0123456789") != "" {
			steps = append(steps, s)
		}
	}
	return known[strings.Join(steps, ".")]
}

// exact pairs entities that say the same.
func (r *renames) exact(gone, fresh []model.Entity, pair func(before, after model.Entity)) {
	by := map[string]model.Entity{}
	for _, e := range gone {
		if key := whole(r.content(e)); by[key] == nil && key != "" {
			by[key] = e
		}
	}
	for _, e := range fresh {
		key := whole(model.ContentOf(e))
		if before := by[key]; before != nil {
			delete(by, key)
			pair(before, e)
		}
	}
}

// whole is a content as one text.
func whole(fields []model.Field) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Path + "\x00" + f.Value + "\x00")
	}
	return b.String()
}

// alike pairs entities that have most in common, the most similar ones first.
func (r *renames) alike(gone, fresh []model.Entity, pair func(before, after model.Entity)) {
	if len(gone)*len(fresh) > maxAlike {
		return
	}
	was := make([][]string, len(gone))
	for i, e := range gone {
		was[i] = facts(r.content(e))
	}
	type match struct{ share, before, after int }
	var all []match
	for j, e := range fresh {
		is := facts(model.ContentOf(e))
		for i := range was {
			common := shared(was[i], is)
			if share := common * 2000 / max(1, len(was[i])+len(is)); common >= alikeFields && share*alikeOf >= alikeParts*1000 {
				all = append(all, match{share, i, j})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b match) int { return b.share - a.share })
	used, taken := map[int]bool{}, map[int]bool{}
	for _, m := range all {
		if !used[m.before] && !taken[m.after] {
			used[m.before], taken[m.after] = true, true
			pair(gone[m.before], fresh[m.after])
		}
	}
}

// facts is a content as sorted texts.
func facts(fields []model.Field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Path + "\x00" + f.Value
	}
	slices.Sort(list)
	return list
}

// shared counts what two sorted lists have in common.
func shared(a, b []string) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch strings.Compare(a[0], b[0]) {
		case 0:
			n, a, b = n+1, a[1:], b[1:]
		case -1:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return n
}
