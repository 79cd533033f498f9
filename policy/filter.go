package policy

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"theriac/model"
)

// filter is what the packet filters are written from.
type filter struct {
	*Policy
	peers    []Peer             // of services that a filter can let through, by id
	switched []*model.Interface // of such services that are closed as shipped
}

func (p *Policy) filter() *filter {
	f := &filter{Policy: p}
	for _, s := range p.Services {
		if s.unstated() != "" {
			continue
		}
		f.peers = append(f.peers, s.Peers...)
		if s.When != Always {
			f.switched = append(f.switched, s.Interface)
		}
	}
	slices.SortStableFunc(f.peers, func(a, b Peer) int { return cmp.Compare(a.id(), b.id()) })
	f.peers = slices.CompactFunc(f.peers, func(a, b Peer) bool { return a.id() == b.id() })
	f.switched = slices.Compact(f.switched)
	return f
}

// example is a service to show the switches with: none of a DHCP client, which has two,
// where there is another one.
func (f *filter) example() (Service, bool) {
	var found Service
	for _, s := range f.Services {
		if s.When == Always || s.unstated() != "" {
			continue
		}
		if s.dhcp() == 0 {
			return s, true
		}
		found = s
	}
	return found, found.Interface != nil
}

// shut names the interfaces that have no rule because they are switched off in the
// device; empty where there are none.
func (f *filter) shut() string {
	var ids []string
	for _, i := range f.Shut {
		ids = append(ids, i.ID)
	}
	return oneLine(strings.Join(ids, ", "))
}

// Networked reports whether the device has anything to do with a network.
func (p *Policy) Networked() bool { return len(p.Services)+len(p.Links)+len(p.Shut) > 0 }

// unstated names what a filter would have to know about a service and the file does
// not state; empty where it states all.
func (s Service) unstated() string {
	switch {
	case s.Direction != "in" && s.Direction != "out":
		return "direction"
	case s.Transport != "tcp" && s.Transport != "udp":
		return "transport"
	case s.Port < 1 || s.Port > 65535:
		return "port"
	case len(s.Peers) == 0:
		return "peers"
	}
	return ""
}

// dhcp is the port of a client of the dynamic host configuration protocol, where the
// service is one of IPv4 (RFC 2131) or IPv6 (RFC 8415); 0 where it is none.
func (s Service) dhcp() (client int) {
	switch {
	case s.Direction != "out" || s.Transport != "udp":
		return 0
	case s.Port == 67:
		return 68
	case s.Port == 547:
		return 546
	}
	return 0
}

// carries reports whether the service exists in the family of addresses.
func (s Service) carries(f family) bool {
	return s.dhcp() == 0 || (s.Port == 67) == (f == v4)
}

// others are the peers, each once.
func (s Service) others() []Peer {
	var list []Peer
	for _, p := range s.Peers {
		if !slices.ContainsFunc(list, func(o Peer) bool { return o.id() == p.id() }) {
			list = append(list, p)
		}
	}
	return list
}

func (p Peer) id() string { return model.Of(p.Endpoint).ID }

// about is what an operator wants to know of a peer, on one line.
func (p Peer) about() string {
	text := p.id()
	if t := model.Of(p.Endpoint).Title; t != "" {
		text += ": " + t
	}
	if p.Zone != nil {
		text += " (zone " + p.Zone.ID + ")"
	}
	return oneLine(text)
}

// about is what an operator wants to know of a service, on one line: its id, its
// place in the security file, title and protocol.
func (p *Policy) about(i *model.Interface) string {
	text := i.ID
	if at := p.place(i); at != "" {
		text += " (" + at + ")"
	}
	if i.Title != "" {
		text += ": " + i.Title
	}
	if i.Protocol != "" {
		text += "; " + i.Protocol
	}
	return oneLine(text)
}

// place is file and line of an interface, from the folder of the security file.
func (p *Policy) place(i *model.Interface) string {
	at := i.Here()
	if !at.Valid() {
		return ""
	}
	name, err := filepath.Rel(p.dir, at.Path())
	if err != nil {
		name = path.Base(filepath.ToSlash(at.Path())) // the rest is of the machine
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(name), at.Line)
}

// product is the name of the product on one line.
func (p *Policy) product() string {
	if p.Product == nil || oneLine(p.Product.Name) == "" {
		return "a device without name"
	}
	return oneLine(p.Product.Name)
}

// label is the id of the interface of a service, as a comment of a rule holds it.
func label(s Service) string { return plain(s.Interface.ID[:min(len(s.Interface.ID), 100)]) }
