package draw

import "slices"

// snapshot is all places of a plan, to come back to.
type snapshot struct {
	w, h  int
	boxes map[*box]box
	wires map[*bundle]bundle
	ports map[*port]port
}

func (p *plan) snapshot() snapshot {
	s := snapshot{p.w, p.h, map[*box]box{}, map[*bundle]bundle{}, map[*port]port{}}
	for _, list := range [][]*box{p.g.zones, p.g.boxes} {
		for _, b := range list {
			s.boxes[b] = *b
		}
	}
	for _, l := range slices.Concat(p.g.bundles, p.g.inner) {
		s.wires[l] = *l
	}
	for _, o := range p.g.ports {
		s.ports[o] = *o
	}
	return s
}

func (p *plan) back(s snapshot) {
	p.w, p.h = s.w, s.h
	for b, was := range s.boxes {
		*b = was
	}
	for l, was := range s.wires {
		*l = was
	}
	for o, was := range s.ports {
		*o = was
	}
}
