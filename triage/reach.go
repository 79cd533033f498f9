package triage

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"theriac/model"
)

// Reach is what a vulnerability in a component can touch, as the model has it: each list
// in the order of the file.
type Reach struct {
	Components []*model.Component // that stand for it, or contain it
	Interfaces []*model.Interface // of these, those in use
	Stores     []*model.Store
	Flows      []*model.Flow // that begin or end there
	Boundaries []*model.Boundary
	Threats    []*model.Threat // that aim at any of these
	Assets     []*model.Asset  // that are there, or that the threats endanger
	Situations []*model.Situation
	Risks      []*model.Risk
	Harms      []*model.Harm
	Safety     model.Answer // whether any of the components takes part in therapy, measurement, results or alarms
}

// Known reports whether any component of the model stands for the one that was asked
// for. Where none does, the reach is unknown, not empty.
func (r Reach) Known() bool { return len(r.Components) > 0 }

// ComponentsOf are the components of the model that stand for one of a bill of
// materials: by package URL, CPE, or the patterns of `packages`.
func ComponentsOf(file *model.File, c Component) []*model.Component {
	var list []*model.Component
	names := c.Names()
	means := func(pattern string) bool { return meansOne(unversioned(pattern), names) }
	for _, m := range file.Components {
		if slices.ContainsFunc(m.Packages, means) || m.PURL != "" && means(m.PURL) || m.CPE != "" && strings.EqualFold(m.CPE, c.CPE) || unpackaged(c) && sameName(m, c) {
			list = append(list, m)
		}
	}
	return list
}

func unpackaged(c Component) bool { return c.PURL == "" && c.Name != "" }

func sameName(m *model.Component, c Component) bool {
	return strings.EqualFold(m.Title, c.Name) || strings.EqualFold(m.ID, c.Name)
}

// ReachOf follows the model from a component: to the components that stand for it and
// contain it, their interfaces, stores and flows, the threats that aim at them, and the
// assets, hazardous situations and harms behind.
func ReachOf(file *model.File, c Component) Reach {
	in := set{}
	for _, m := range ComponentsOf(file, c) {
		for whole := range m.Whole() {
			in.add(whole)
		}
	}
	r := Reach{}
	for _, m := range file.Components {
		if !in[m] {
			continue
		}
		r.Components = append(r.Components, m)
		switch {
		case m.Safety == model.Yes:
			r.Safety = model.Yes
		case m.Safety == model.No && r.Safety == model.Unknown:
			r.Safety = model.No
		}
	}
	if r.Known() {
		r.architecture(file, in)
		r.consequences(file, in)
	}
	return r
}

// set is a set of entities.
type set map[model.Entity]bool

func (s set) add(e model.Entity) { s[e] = true }

func addAll[T model.Entity](s set, refs []model.Ref[T]) {
	for e := range model.Targets(refs) {
		s.add(e)
	}
}

// architecture adds what touches the components.
func (r *Reach) architecture(file *model.File, in set) {
	for _, i := range file.Interfaces {
		if i.Component.OK() && in[i.Component.To] && i.Used() {
			r.Interfaces = append(r.Interfaces, i)
		}
	}
	for _, s := range file.Stores {
		if s.Component.OK() && in[s.Component.To] {
			r.Stores = append(r.Stores, s)
		}
	}
	for _, i := range r.Interfaces {
		in.add(i)
	}
	for _, s := range r.Stores {
		in.add(s)
	}
	crossed := set{}
	between := file.BoundaryMap()
	for _, f := range file.Flows {
		over := slices.ContainsFunc(f.Over, func(i model.Ref[*model.Interface]) bool { return i.OK() && in[i.To] })
		if !over && !(f.From.OK() && in[f.From.To]) && !(f.To.OK() && in[f.To.To]) {
			continue
		}
		r.Flows = append(r.Flows, f)
		if from, to := f.Zones(); f.Crosses() {
			if b := between[model.PairOf(from, to)]; b != nil {
				crossed.add(b)
			}
		}
	}
	for _, f := range r.Flows {
		in.add(f)
	}
	for _, b := range file.Boundaries {
		if crossed[b] {
			r.Boundaries = append(r.Boundaries, b)
		}
	}
}

// consequences adds what is at stake.
func (r *Reach) consequences(file *model.File, in set) {
	behind := set{}
	for _, i := range r.Interfaces {
		addAll(behind, i.Accepts)
		addAll(behind, i.Shows)
	}
	for _, s := range r.Stores {
		addAll(behind, s.Holds)
	}
	for _, f := range r.Flows {
		addAll(behind, f.Carries)
	}
	for _, t := range file.Threats {
		if slices.ContainsFunc(t.Targets, func(e model.Ref[model.Element]) bool { return e.OK() && in[e.To] }) {
			r.Threats = append(r.Threats, t)
			behind.add(t)
			addAll(behind, t.Assets)
			addAll(behind, t.LeadsTo)
		}
	}
	for _, k := range file.Risks {
		if slices.ContainsFunc(k.Threats, func(t model.Ref[*model.Threat]) bool { return t.OK() && behind[t.To] }) {
			r.Risks = append(r.Risks, k)
			addAll(behind, k.Harms)
		}
	}
	for _, a := range file.Assets {
		if behind[a] {
			r.Assets = append(r.Assets, a)
			addAll(behind, a.Harms)
		}
	}
	for _, s := range file.Situations {
		if behind[s] {
			r.Situations = append(r.Situations, s)
			addAll(behind, s.Harms)
		}
	}
	for _, h := range file.Harms {
		if behind[h] {
			r.Harms = append(r.Harms, h)
		}
	}
}

// Exposure identifies how the components are reached: the first 32 hexadecimal digits
// of the SHA-256 over ids, media, exposure, state, protocol and protection of the
// interfaces, ends and ways of the flows, and boundaries with what stands there. Titles
// and notes do not count. "" where the reach is unknown.
func (r Reach) Exposure() string {
	if !r.Known() {
		return ""
	}
	var buf []byte
	put := func(texts ...string) {
		for _, t := range texts {
			buf = model.AppendText(buf, t)
		}
	}
	for _, i := range r.Interfaces {
		put("interface", i.ID, string(i.Medium), string(i.Exposure), string(i.State), i.Protocol, string(i.Transport), strconv.Itoa(i.Port), string(i.Direction), i.Encryption, i.Integrity, string(i.Authentication))
		put(refs(i.Controls)...)
	}
	for _, f := range r.Flows {
		put("flow", f.ID, f.From.ID, f.To.ID, f.Encryption, f.Integrity, string(f.Authentication))
		put(refs(f.Over)...)
	}
	for _, b := range r.Boundaries {
		put("boundary", b.ID)
		put(refs(b.EnforcedBy)...)
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:])[:32]
}

// refs are the ids of a list of references, in order, with their number before them.
func refs[T model.Entity](list []model.Ref[T]) []string {
	var ids []string
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return append([]string{strconv.Itoa(len(ids))}, ids...)
}
