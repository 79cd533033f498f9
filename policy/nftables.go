package policy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// Nftables is the packet filter of the device, for nft -f: what the security file
// declares passes, and nothing else. Peers whose addresses only the operator knows
// have empty sets, so that their services are closed as shipped.
//
// Only answers pass by the state of their connection; each packet in the direction
// in which it was opened has to match its rule. A service that is closed again, or a
// peer that is taken out of its set, loses its open connections as well.
func (p *Policy) Nftables() []byte {
	w := p.nft("theriac")
	w.head("Packet filter of the device: "+p.product(), "firewall.nft")
	w.begin()
	w.sets()
	w.line(`	chain input {
		type filter hook input priority filter; policy drop;
		iif "lo" accept
` + nftAnswers + `
		# Neighbours, routers and multicast of IPv6 (RFC 4861, RFC 2710).
		icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
		icmpv6 type mld-listener-query ip6 hoplimit 1 accept`)
	w.services("in")
	w.leases()
	w.line(`
		counter comment "dropped"
	}

	chain output {
		type filter hook output priority filter; policy drop;
		oif "lo" accept
` + nftAnswers + `
		icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
		icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report } ip6 hoplimit 1 accept`)
	w.services("out")
	w.line(`
		counter comment "dropped"
	}

	chain forward {
		type filter hook forward priority filter; policy drop;
	}
}`)
	return w.b.Bytes()
}

// nftAnswers lets through what belongs to a connection that a rule let through:
// answers, and errors about its packets, of which path MTU discovery is one.
const nftAnswers = `		ct state invalid drop
		ct state established ct direction reply accept
		ct state related meta l4proto { icmp, ipv6-icmp } accept`

// nftWriter writes a table.
type nftWriter struct {
	*filter
	b        bytes.Buffer
	table    string
	device   bool              // the filter is on the device, and on its link
	peer     map[string]string // names of sets by id of the peer, without family
	switches map[string]string // names of sets by id of the interface
}

func (p *Policy) nft(table string) *nftWriter {
	w := &nftWriter{filter: p.filter(), table: table, device: table == "theriac"}
	var peers, switched []string
	for _, p := range w.peers {
		peers = append(peers, p.id())
	}
	for _, i := range w.switched {
		switched = append(switched, i.ID)
	}
	w.peer, w.switches = names(peers, 64), names(switched, 64)
	return w
}

func (w *nftWriter) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// set is the name of the set of a peer.
func (w *nftWriter) set(p Peer, f family) string {
	return "peer_" + w.peer[p.id()] + "_" + string(f)
}

// head says what the file is and how it is filled.
func (w *nftWriter) head(title, file string) {
	w.line("# %s", title)
	w.line("# Made from the security file. What it does not declare is dropped.")
	if unknown := slices.IndexFunc(w.peers, Peer.unknown); unknown >= 0 {
		w.fill(w.set(w.peers[unknown], v4), file)
	}
	if off := w.shut(); off != "" {
		w.line("#\n# Switched off in the device, and without a rule: %s", off)
	}
	first, ok := w.example()
	if !ok {
		return
	}
	w.line("#\n# Services that are optional, or for service mode alone, are closed until their port is")
	w.line("# in their set. Closing one ends its connections:\n#")
	for _, verb := range []string{"add", "delete"} {
		w.line("#	nft %s element inet %s open_%s { %d }", verb, w.table, w.switches[first.Interface.ID], first.Port)
	}
}

// fill says how the operator fills a set.
func (w *nftWriter) fill(set, file string) {
	w.line("#\n# Peers whose addresses only the operator knows have empty sets: their services are")
	w.line("# closed. Put the addresses into a file of your own beside this one, and load that one")
	w.line("# instead (nft -f, run in their folder):")
	w.line("#\n#	include \"./%s\"\n#	add element inet %s %s { 192.0.2.10 }", file, w.table, set)
	w.line("#\n# Addresses can be added and deleted while the filter is in force:")
	w.line("#\n#	nft add element inet %s %s { 192.0.2.10 }", w.table, set)
}

// begin opens the table, without what an earlier load left in it.
func (w *nftWriter) begin() {
	w.line("\ntable inet %s\ndelete table inet %[1]s\n\ntable inet %[1]s {", w.table)
}

// sets writes the sets of the peers and of the switches.
func (w *nftWriter) sets() {
	for _, p := range w.peers {
		w.line("	# %s", p.about())
		if n := p.names(); len(n) > 0 {
			w.line("	# reached at %s; a set holds no names, so put their addresses in", strings.Join(n, ", "))
		}
		if s := p.strange(); len(s) > 0 {
			w.line("	# neither address nor full host name: %s", oneLine(strings.Join(s, ", ")))
		}
		for _, f := range families {
			kind, elements := map[family]string{v4: "ipv4_addr", v6: "ipv6_addr"}[f], ""
			if list := p.addresses(f); len(list) > 0 {
				var texts []string
				for _, a := range list {
					texts = append(texts, written(a))
				}
				elements = "\n		elements = { " + strings.Join(texts, ", ") + " }"
			}
			w.line("	set %s {\n		type %s\n		flags interval%s\n	}", w.set(p, f), kind, elements)
		}
		w.line("")
	}
	for _, i := range w.switched {
		w.line("	# %s is closed while this is empty, and open while it holds %d", oneLine(i.ID), i.Port)
		w.line("	set open_%s {\n		type inet_service\n	}\n", w.switches[i.ID])
	}
}

// services writes the rules of the services of a direction. Services that do not
// state theirs stand with those that come in, closed.
func (w *nftWriter) services(d model.Direction) {
	for _, s := range w.Services {
		if s.Direction != d && !(s.Direction == "" && d == "in") {
			continue
		}
		w.line("\n		# %s", w.about(s.Interface))
		if missing := s.unstated(); missing != "" {
			w.line("		# closed: the security file does not state its %s", missing)
			continue
		}
		if s.When != Always {
			w.line("		# %s: only while it is in open_%s", s.When, w.switches[s.Interface.ID])
		}
		w.service(s)
	}
}

// service writes the rules of one service, one for each peer and family.
func (w *nftWriter) service(s Service) {
	side := map[model.Direction]string{"in": "saddr", "out": "daddr"}[s.Direction]
	ports := w.ports(s)
	if s.dhcp() != 0 && w.device {
		w.line("		# Also to all servers on the link, since their addresses are not known before the first lease.")
		w.line("		%s %s counter accept comment \"%s\"", map[int]string{67: "ip daddr 255.255.255.255", 547: "ip6 daddr ff02::1:2"}[s.Port], ports, label(s))
	}
	for _, p := range s.others() {
		for _, f := range families {
			if !s.carries(f) {
				continue
			}
			ip := map[family]string{v4: "ip", v6: "ip6"}[f]
			w.line("		%s %s @%s %s counter accept comment \"%s\"", ip, side, w.set(p, f), ports, label(s))
		}
	}
}

// ports matches the port on the side that listens, and the switch where there is one.
func (w *nftWriter) ports(s Service) string {
	text := fmt.Sprintf("%s dport %d", s.Transport, s.Port)
	if client := s.dhcp(); client != 0 {
		text = fmt.Sprintf("udp sport %d udp dport %d", client, s.Port)
	}
	if s.When != Always {
		text += fmt.Sprintf(" %s dport @open_%s", s.Transport, w.switches[s.Interface.ID])
	}
	return text
}

// leases lets the answers of DHCP servers in. They are no answers to the filter: the
// question went to a broadcast or multicast address, and a relay may answer for the
// server.
func (w *nftWriter) leases() {
	for _, s := range w.Services {
		if s.dhcp() == 0 || s.unstated() != "" {
			continue
		}
		from := map[int]string{67: "meta nfproto ipv4", 547: "ip6 saddr fe80::/10"}[s.Port]
		if s.When != Always {
			from += " udp sport @open_" + w.switches[s.Interface.ID]
		}
		w.line("\n		# %s: answers, of any server or relay on the link", oneLine(s.Interface.ID))
		w.line("		%s udp sport %d udp dport %d counter accept comment \"%s\"", from, s.Port, s.dhcp(), label(s))
	}
}
