package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// mudWay is the way of packets, whoever opened the connection.
type mudWay string

const (
	fromDevice mudWay = "from-device"
	toDevice   mudWay = "to-device"
)

// mudACL is the access list of one way and family.
func (p *Policy) mudACL(way mudWay, f family, address string) mudACL {
	acl := mudACL{Name: fmt.Sprintf("%s-ip%s", way, f), Type: fmt.Sprintf("ip%s-acl-type", f)}
	acl.ACEs.ACE = []mudACE{}
	for _, s := range p.Services {
		if s.unstated() != "" || !s.carries(f) {
			continue
		}
		for _, m := range s.mudMatches(way, f, address) {
			e := mudACE{Name: m.name, Matches: m.mudMatches}
			e.Actions.Forwarding = "accept"
			acl.ACEs.ACE = append(acl.ACEs.ACE, e)
		}
	}
	var list []string
	for _, e := range acl.ACEs.ACE {
		list = append(list, e.Name)
	}
	named := names(list, 64) // RFC 8519: names have 1-64 characters
	for i := range acl.ACEs.ACE {
		acl.ACEs.ACE[i].Name = named[acl.ACEs.ACE[i].Name]
	}
	return acl
}

type namedMatches struct {
	name string
	mudMatches
}

// mudMatches are what packets of a service match on one way: for each peer one for
// each host, or one for the class of servers that the operator registers. What a DHCP
// client says and hears has no known address before the first lease.
func (s Service) mudMatches(way mudWay, f family, address string) []namedMatches {
	base := s.Interface.ID + "." + string(s.Direction)
	if s.dhcp() != 0 {
		return []namedMatches{{base, s.mudPacket(way, f, mudIP{}, "")}}
	}
	var list []namedMatches
	for _, p := range s.others() {
		hosts := p.mudHosts(way, f)
		for n, ip := range hosts {
			list = append(list, namedMatches{base + "." + p.id() + "." + strconv.Itoa(n+1), s.mudPacket(way, f, ip, "")})
		}
		if len(p.names()) == 0 && p.unknown() {
			list = append(list, namedMatches{base + "." + p.id(), s.mudPacket(way, f, mudIP{}, s.class(p, address))})
		}
	}
	return list
}

// class is the class of servers that a peer belongs to: one that every network has,
// or one of the manufacturer's, below the address of the description.
func (s Service) class(p Peer, address string) string {
	switch {
	case s.Direction == "out" && s.Port == 53:
		return classDNS
	case s.Direction == "out" && s.Transport == "udp" && s.Port == 123:
		return classNTP
	}
	return strings.TrimSuffix(address, ".json") + "/" + names([]string{p.id()}, 64)[p.id()]
}

// mudHosts are the hosts of a peer at its end of packets.
func (p Peer) mudHosts(way mudWay, f family) []mudIP {
	var list []mudIP
	for _, n := range p.names() {
		if way == fromDevice {
			list = append(list, mudIP{DestinationName: n})
		} else {
			list = append(list, mudIP{SourceName: n})
		}
	}
	for _, a := range p.addresses(f) {
		var ip mudIP
		switch {
		case f == v4 && way == fromDevice:
			ip.Destination4 = a.String()
		case f == v4:
			ip.Source4 = a.String()
		case way == fromDevice:
			ip.Destination6 = a.String()
		default:
			ip.Source6 = a.String()
		}
		list = append(list, ip)
	}
	return list
}

// mudPacket is what a packet of the service matches on one way.
func (s Service) mudPacket(way mudWay, f family, ip mudIP, class string) mudMatches {
	opened := map[bool]mudWay{true: fromDevice, false: toDevice}[s.Direction == "out"]
	listens, opens := &mudPort{"eq", s.Port}, (*mudPort)(nil)
	if client := s.dhcp(); client != 0 {
		opens = &mudPort{"eq", client}
	}
	ports := &mudPorts{Source: opens, Destination: listens}
	if way != opened {
		ports.Source, ports.Destination = listens, opens
	}
	var m mudMatches
	if s.Transport == "tcp" {
		ip.Protocol, ports.Direction, m.TCP = 6, string(opened), ports
	} else {
		ip.Protocol, m.UDP = 17, ports
	}
	if f == v4 {
		m.IPv4 = &ip
	} else {
		m.IPv6 = &ip
	}
	if class != "" {
		m.MUD = &mudClass{class}
	}
	return m
}
