package policy

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// chains declares the chains of peers and switches.
func (w *iptablesWriter) chains() {
	var seen []string
	declare := func(name string) {
		if !slices.Contains(seen, name) {
			seen = append(seen, name)
			w.line(":%s - [0:0]", name)
		}
	}
	for _, s := range w.open() {
		for _, p := range s.others() {
			declare(w.chain(s, p))
		}
		for _, r := range w.rules(s) {
			if s.When != Always {
				declare(w.switchOf(s, r.side))
			}
		}
	}
}

// base lets through what a connection and the family need.
func (w *iptablesWriter) base(side string) {
	icmp := map[family]string{v4: "icmp", v6: "ipv6-icmp"}[w.family]
	w.line("\n-A %s %s lo -j ACCEPT", side, map[string]string{"INPUT": "-i", "OUTPUT": "-o"}[side])
	w.line("-A %s -m conntrack --ctstate INVALID -j DROP", side)
	w.line("-A %s -m conntrack --ctstate ESTABLISHED --ctdir REPLY -j ACCEPT", side)
	w.line("-A %s -p %s -m conntrack --ctstate RELATED -j ACCEPT", side, icmp)
	if w.family == v4 {
		return
	}
	// Neighbours and routers (RFC 4861), then multicast (RFC 2710, RFC 3810).
	neighbours, multicast := []int{134, 135, 136}, []int{130}
	if side == "OUTPUT" {
		neighbours, multicast = []int{133, 135, 136}, []int{131, 132, 143}
	}
	for _, t := range neighbours {
		w.line("-A %s -p ipv6-icmp -m icmp6 --icmpv6-type %d -m hl --hl-eq 255 -j ACCEPT", side, t)
	}
	for _, t := range multicast {
		w.line("-A %s -p ipv6-icmp -m icmp6 --icmpv6-type %d -m hl --hl-eq 1 -j ACCEPT", side, t)
	}
}

// iptablesRule is a rule of a service: in which base chain, what it matches, and
// where it goes.
type iptablesRule struct{ side, match, to string }

// rules are those of a service: one for each peer, and of a DHCP client those for
// the servers on the link, whose answers are none to the filter.
func (w *iptablesWriter) rules(s Service) []iptablesRule {
	side := map[model.Direction]string{"in": "INPUT", "out": "OUTPUT"}[s.Direction]
	match := fmt.Sprintf("-p %s -m %[1]s --dport %d", s.Transport, s.Port)
	var list []iptablesRule
	if client := s.dhcp(); client != 0 {
		match = fmt.Sprintf("-p udp -m udp --sport %d --dport %d", client, s.Port)
		all, from := "-d 255.255.255.255/32 ", ""
		if w.family == v6 {
			all, from = "-d ff02::1:2/128 ", "-s fe80::/10 "
		}
		list = append(list,
			iptablesRule{"INPUT", fmt.Sprintf("%s-p udp -m udp --sport %d --dport %d", from, s.Port, client), "ACCEPT"},
			iptablesRule{"OUTPUT", all + match, "ACCEPT"})
	}
	for _, p := range s.others() {
		list = append(list, iptablesRule{side, match, w.chain(s, p)})
	}
	return list
}

// switchOf is the chain of a service that is closed as shipped.
func (w *iptablesWriter) switchOf(s Service, side string) string {
	return map[string]string{"INPUT": "IN-", "OUTPUT": "OUT-"}[side] + w.switches[s.Interface.ID]
}

// services writes the rules in a base chain.
func (w *iptablesWriter) services(side string) {
	for _, s := range w.Services {
		in := s.Direction != "out"
		if missing := s.unstated(); missing != "" && in == (side == "INPUT") {
			w.line("\n# %s\n# closed: the security file does not state its %s", w.about(s.Interface), missing)
			continue
		}
		if s.unstated() != "" || !s.carries(w.family) {
			continue
		}
		told := false
		for _, r := range w.rules(s) {
			if r.side != side {
				continue
			}
			if !told {
				w.line("\n# %s", w.about(s.Interface))
				told = true
				if s.When != Always {
					w.line("# %s: see its chain below\n-A %s -j %s", s.When, side, w.switchOf(s, side))
				}
			}
			if s.When == Always {
				w.line("-A %s %s -m comment --comment \"%s\" -j %s", side, r.match, label(s), r.to)
			}
		}
	}
}

// switchRules fills the chains of services that are closed as shipped.
func (w *iptablesWriter) switchRules() {
	closed := map[string]bool{}
	for _, s := range w.open() {
		if s.When == Always {
			continue
		}
		w.line("\n# %s", w.about(s.Interface))
		for _, side := range []string{"INPUT", "OUTPUT"} {
			for _, r := range onSide(w.rules(s), side) {
				chain := w.switchOf(s, side)
				if !closed[chain] {
					closed[chain] = true
					w.line("-A %s -m comment --comment closed -j RETURN", chain)
				}
				w.line("-A %s %s -m comment --comment \"%s\" -j %s", chain, r.match, label(s), r.to)
			}
		}
	}
}

func onSide(rules []iptablesRule, side string) []iptablesRule {
	return slices.DeleteFunc(rules, func(r iptablesRule) bool { return r.side != side })
}

// addresses fills the chains of the peers.
func (w *iptablesWriter) addresses() {
	var seen []string
	for _, s := range w.open() {
		for _, p := range s.others() {
			chain := w.chain(s, p)
			if slices.Contains(seen, chain) {
				continue
			}
			seen = append(seen, chain)
			w.line("\n# %s: %s", chain, p.about())
			if n := p.names(); len(n) > 0 {
				w.line("# reached at %s; put their addresses in", strings.Join(n, ", "))
			}
			if odd := p.strange(); len(odd) > 0 {
				w.line("# neither address nor full host name: %s", oneLine(strings.Join(odd, ", ")))
			}
			for _, a := range p.addresses(w.family) {
				w.line("-A %s %s %s -j ACCEPT", chain, side(s.Direction), a)
			}
		}
	}
}
