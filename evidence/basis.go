package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"theriac/model"
)

// aside are fields that can change without changing what a test has to show:
// names, places in the code, reasons, links to measures, and what is decided of
// the outcome.
var aside = []string{
	"title", "clauses", "code", "status", "justification", "implements", "controls",
	"date", "release", "result", "tester", "tool", "deviations",
}

// BasisOf describes an entity as evidence remembers it.
func BasisOf(e model.Entity) Basis {
	fields := map[string][]string{}
	for _, f := range model.ContentOf(e) {
		name, _, _ := strings.Cut(f.Path, ".")
		if !slices.Contains(aside, name) {
			fields[name] = append(fields[name], f.Path, f.Value)
		}
	}
	b := Basis{ID: model.Of(e).ID, Fields: map[string]string{}}
	all := []string{"theriac basis 1", model.Of(e).Kind().Name, b.ID}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		b.Fields[name] = digestOf(fields[name])[:8]
		all = append(append(all, name), fields[name]...)
	}
	b.Digest = digestOf(all)[:32]
	return b
}

// digestOf hashes texts, each with its length so that no two lists give the same
// bytes.
func digestOf(texts []string) string {
	sum := sha256.New()
	for _, t := range texts {
		sum.Write(model.AppendText(nil, t))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Changed names the fields in which an entity is not what it was, sorted.
func (b Basis) Changed(now Basis) []string {
	if b.Digest == now.Digest {
		return nil
	}
	var names []string
	for name, was := range b.Fields {
		if now.Fields[name] != was {
			names = append(names, name)
		}
	}
	for name := range now.Fields {
		if _, known := b.Fields[name]; !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Speaks lists the entities on which evidence for a verification rests: the
// verification, the requirements that it verifies and the elements that it
// covers.
func Speaks(v *model.Verification) []model.Entity {
	all := []model.Entity{v}
	for r := range model.Targets(v.Verifies) {
		all = append(all, r)
	}
	for e := range model.Targets(v.Covers) {
		all = append(all, e)
	}
	return all
}

// BasisFor describes what evidence for some verifications rests on, by id and
// without repetition.
func BasisFor(list []*model.Verification) []Basis {
	seen := map[string]Basis{}
	for _, v := range list {
		for _, e := range Speaks(v) {
			seen[model.Of(e).ID] = BasisOf(e)
		}
	}
	var all []Basis
	for _, id := range slices.Sorted(maps.Keys(seen)) {
		all = append(all, seen[id])
	}
	return all
}

// CoveredBy lists the ids of the elements that some verifications cover, sorted
// and without repetition.
func CoveredBy(list []*model.Verification) []string {
	var ids []string
	for _, v := range list {
		for e := range model.Targets(v.Covers) {
			ids = append(ids, model.Of(e).ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// SubjectsOf is what evidence about a release speaks of: all its artefacts.
func SubjectsOf(r *model.Release) []Subject {
	var all []Subject
	for _, a := range r.Artefacts {
		if digest, ok := strings.CutPrefix(a.Digest, "sha256:"); ok {
			all = append(all, Subject{Name: a.Path, SHA256: digest})
		}
	}
	return all
}
