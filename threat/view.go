package threat

import (
	"slices"
	"strings"

	"theriac/model"
)

// view remembers what conditions ask of a file again and again.
type view struct {
	file      *model.File
	protocols map[string][]string // families by protocol
	crossings map[model.ZonePair]bool
}

func newView(f *model.File) *view {
	v := &view{file: f, protocols: map[string][]string{}, crossings: map[model.ZonePair]bool{}}
	for _, flow := range f.Flows {
		if from, to := flow.Zones(); flow.Crosses() {
			v.crossings[model.PairOf(from, to)] = true
		}
	}
	return v
}

// families are the families of protocols that the words of a protocol belong to.
func (v *view) families(protocol string) []string {
	if protocol == "" {
		return nil
	}
	of, known := v.protocols[protocol]
	if !known {
		of = familiesOf(strings.ToLower(protocol))
		v.protocols[protocol] = of
	}
	return of
}

// crossed reports whether flows cross the boundary.
func (v *view) crossed(b *model.Boundary) bool {
	pair, ok := b.Zones()
	return ok && v.crossings[pair]
}

// subject is an element as conditions see it.
type subject struct {
	view *view
	e    model.Element

	borne []*model.Asset
	ports []*model.Interface
	moves []*model.Flow
	has   struct{ borne, ports, moves bool }
}

func (v *view) of(e model.Element) *subject { return &subject{view: v, e: e} }

func (s *subject) kind() string { return model.Of(s.e).Kind().Singular }

// trust is the trust of the zones in which the element is, or at whose border it
// stands.
func (s *subject) trust() []string {
	switch e := s.e.(type) {
	case *model.Flow:
		from, to := e.Zones()
		return trustOf(from, to)
	case *model.Boundary:
		return trustOf(slices.Collect(model.Targets(e.Between))...)
	case *model.Key:
		if e.HeldIn.OK() {
			return trustOf(model.ZoneOf(e.HeldIn.To))
		}
		return nil
	case *model.Role:
		return nil
	}
	return trustOf(model.ZoneOf(s.e))
}

func trustOf(zones ...*model.Zone) []string {
	var trust []string
	for _, z := range zones {
		if z != nil {
			trust = append(trust, string(z.Trust))
		}
	}
	return trust
}

// flows are the flows that begin or end at the element or run over it.
func (s *subject) flows() []*model.Flow {
	if !s.has.moves {
		s.has.moves = true
		switch s.e.(type) {
		case *model.Interface:
			s.moves = model.Users[*model.Flow](s.e, "over")
		case *model.Component, *model.Store, *model.Actor:
			s.moves = model.Users[*model.Flow](s.e, "from", "to")
		}
	}
	return s.moves
}

// interfaces are those that the element has, and those over which it speaks.
func (s *subject) interfaces() []*model.Interface {
	if s.has.ports {
		return s.ports
	}
	s.has.ports = true
	switch e := s.e.(type) {
	case *model.Interface:
		s.ports = []*model.Interface{e}
	case *model.Flow:
		s.ports = slices.Collect(model.Targets(e.Over))
	case *model.Role:
		s.ports = model.Users[*model.Interface](e, "roles")
	default:
		s.ports = model.Users[*model.Interface](s.e, "component", "peers")
		for _, f := range s.flows() {
			s.ports = slices.AppendSeq(s.ports, model.Targets(f.Over))
		}
	}
	return s.ports
}

func (s *subject) accepts() []*model.Asset {
	return slices.Collect(model.Targets(s.e.(*model.Interface).Accepts))
}

func (s *subject) shows() []*model.Asset {
	return slices.Collect(model.Targets(s.e.(*model.Interface).Shows))
}

// assets are those that the element holds, carries, takes or gives out.
func (s *subject) assets() []*model.Asset {
	if s.has.borne {
		return s.borne
	}
	s.has.borne = true
	add := func(refs []model.Ref[*model.Asset]) { s.borne = slices.AppendSeq(s.borne, model.Targets(refs)) }
	switch e := s.e.(type) {
	case *model.Store:
		add(e.Holds)
	case *model.Flow:
		add(e.Carries)
	case *model.Role:
		for p := range model.Targets(e.Permissions) {
			add(p.Allows)
		}
	case *model.Interface:
		add(e.Accepts)
		add(e.Shows)
	case *model.Component:
		for _, st := range model.Users[*model.Store](e, "component") {
			add(st.Holds)
		}
		for _, i := range model.Users[*model.Interface](e, "component") {
			add(i.Accepts)
			add(i.Shows)
		}
	}
	for _, f := range s.flows() {
		add(f.Carries)
	}
	s.borne = distinct(s.borne)
	return s.borne
}

func distinct[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	return slices.DeleteFunc(list, func(t T) bool {
		if seen[t] {
			return true
		}
		seen[t] = true
		return false
	})
}

// Assets are those that a derived threat puts at stake: of what the element
// bears, what the pattern is about and what needs the protection that the
// category takes away.
func (d *Derived) Assets() []*model.Asset {
	return slices.DeleteFunc(slices.Clone(d.borne), func(a *model.Asset) bool {
		about := len(d.Pattern.Contents) == 0 || slices.Contains(d.Pattern.Contents, a.Content)
		return !about || !atStake(a, d.Pattern.Category)
	})
}

// atStake reports whether a category of threat takes away something that the
// asset needs.
func atStake(a *model.Asset, c model.ThreatCategory) bool {
	need := a.Integrity
	switch c {
	case "disclosure":
		need = a.Confidentiality
	case "denial-of-service", "environment":
		need = a.Availability
	}
	return need != "none"
}

// Reads are the fields that decide what is derived, by kind. While one of them
// cannot be read, what is derived is not what the team meant.
var Reads = map[string][]string{
	"product":     {"facts"},
	"zones":       {"trust"},
	"boundaries":  {"between"},
	"components":  {"type", "zone", "part-of", "safety", "privileged", "parses"},
	"stores":      {"component", "holds", "removable"},
	"actors":      {"type", "zone", "role"},
	"interfaces":  {"component", "medium", "purpose", "protocol", "transport", "port", "direction", "exposure", "state", "peers", "roles", "accepts", "shows"},
	"flows":       {"from", "to", "over", "carries"},
	"assets":      {"type", "content", "confidentiality", "integrity", "availability", "personal-data", "affects"},
	"roles":       {"type", "permissions", "authentication", "shared", "remote"},
	"permissions": {"allows", "critical"},
	"keys":        {"purpose", "algorithm", "held-in", "public", "hardware", "per-device", "validity"},
}

// Readable reports whether everything that decides what is derived could be
// read.
func Readable(f *model.File) bool {
	for kind, fields := range Reads {
		for e := range f.Of(model.KindOf(kind)) {
			if slices.ContainsFunc(fields, func(field string) bool { return f.Flawed(e, field) }) {
				return false
			}
		}
	}
	return true
}

// Untold reports whether data that the element bears do not say what they are
// about, so that patterns about their content fire on an assumption.
func (d *Derived) Untold() bool {
	return d.Assumed && slices.ContainsFunc(d.borne, func(a *model.Asset) bool { return a.Type == "data" && a.Content == "" })
}

// MayAnswer reports whether a threat of which a part could not be read may have
// been meant as an answer to the derived threat.
func (d *Derived) MayAnswer(f *model.File, t *model.Threat) bool {
	aims := slices.ContainsFunc(t.Targets, func(r model.Ref[model.Element]) bool { return r.OK() && r.To == d.Element })
	elsewhere := len(t.Targets) == 0 || slices.ContainsFunc(t.Targets, func(r model.Ref[model.Element]) bool { return !r.OK() })
	switch {
	case f.Flawed(t, "targets") && elsewhere && d.Pattern.answeredBy(t):
		return true
	case f.Flawed(t, "category") && aims && d.Pattern.Base():
		return true
	}
	return f.Flawed(t, "patterns") && aims
}
