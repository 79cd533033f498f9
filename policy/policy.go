// Package policy is what a device may do on the network, compiled from its security
// file: the one source of the port table, the packet filters and the usage description
// (MUD), so that they cannot disagree with each other or with the documents.
//
// # Values
//
// Ports are 1-65535. Directions are those in which a connection is opened, seen from
// the device. What the security file does not state is not filled in: a service
// without a port has none, and no filter lets it through.
//
// # Sources
//
// RFC 8520 (Manufacturer Usage Description), RFC 8519 (access lists), RFC 2131 and
// RFC 8415 (DHCP), RFC 4861 (neighbours), RFC 4180 (CSV); nftables and iptables manuals.
// docs/formats/firewall.md and mud.md say what readers of the files may rely on.
package policy

import (
	"cmp"
	"slices"

	"theriac/model"
)

// Policy is what a device may do on the network.
type Policy struct {
	Product  *model.Product
	Links    []*model.Interface // network media without a port of their own: sockets, radios
	Services []Service          // in the order of the file
	Shut     []*model.Interface // network services that exist and are switched off

	contact model.Contact // of the security team: the only domain that a file states
	dir     string        // from which places in the file count
}

// Service is a port on which the device listens, or to which it connects.
type Service struct {
	Interface *model.Interface
	Direction model.Direction // in or out; an interface that opens both ways is two services
	Transport model.Transport
	Port      int  // on the side that listens; 0 where it is not stated
	When      When // it is open
	Peers     []Peer
}

// When says when a service is open.
type When string

// When a service is open.
const (
	Always    When = "always"
	Optional  When = "optional"     // if the operator switches it on
	InService When = "service-only" // in service mode alone
)

// Peer is who is at the other end of a service.
type Peer struct {
	Endpoint model.Endpoint
	Zone     *model.Zone // nil where the file does not say
	Hosts    []string    // where they are the same everywhere; empty where the operator knows them
}

// Compile gives the policy of the device of a security file: that of the interfaces
// which sit on components in the device, travel over a network, and are not internal.
func Compile(f *model.File) *Policy {
	p := &Policy{Product: f.Product, dir: f.Dir()}
	if v := f.VulnerabilityHandling; v != nil {
		p.contact = v.Contact
	}
	for _, i := range f.Interfaces {
		if !i.Medium.Network() || i.Exposure == "internal" || !i.Component.OK() || !model.OnDevice(i.Component.To) {
			continue
		}
		switch {
		case i.State == "disabled":
			p.Shut = append(p.Shut, i)
		case i.Transport == "" && i.Port == 0:
			p.Links = append(p.Links, i)
		default:
			p.Services = append(p.Services, services(i)...)
		}
	}
	return p
}

func services(i *model.Interface) []Service {
	s := Service{Interface: i, Direction: i.Direction, Transport: i.Transport, Port: i.Port, When: Always, Peers: peers(i)}
	switch i.State {
	case "optional":
		s.When = Optional
	case "service-only":
		s.When = InService
	}
	if s.Direction != "both" {
		return []Service{s}
	}
	in, out := s, s
	in.Direction, out.Direction = "in", "out"
	return []Service{in, out}
}

// peers are the ends outside of the device.
func peers(i *model.Interface) []Peer {
	var list []Peer
	for e := range model.Targets(i.Peers) {
		if model.OnDevice(e) {
			continue
		}
		p := Peer{Endpoint: e, Zone: model.ZoneOf(e)}
		switch e := e.(type) {
		case *model.Actor:
			p.Hosts = e.Hosts
		case *model.Component:
			p.Hosts = e.Hosts
		}
		list = append(list, p)
	}
	return list
}

// Endpoints lists all peers of the services once, by id.
func (p *Policy) Endpoints() []Peer {
	seen := map[string]Peer{}
	for _, s := range p.Services {
		for _, peer := range s.Peers {
			seen[model.Of(peer.Endpoint).ID] = peer
		}
	}
	var list []Peer
	for _, peer := range seen {
		list = append(list, peer)
	}
	slices.SortFunc(list, func(a, b Peer) int { return cmp.Compare(model.Of(a.Endpoint).ID, model.Of(b.Endpoint).ID) })
	return list
}
