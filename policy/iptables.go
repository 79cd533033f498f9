package policy

import (
	"bytes"
	"fmt"

	"theriac/model"
)

// Iptables is the packet filter of the device for IPv4, for iptables-restore. It lets
// through the same as Nftables. Each peer has a chain of its own that holds its
// addresses, so that no sets are needed.
func (p *Policy) Iptables() []byte { return p.iptables(v4) }

// IP6tables is the packet filter of the device for IPv6, for ip6tables-restore.
func (p *Policy) IP6tables() []byte { return p.iptables(v6) }

// longestChain is the length of the name of a chain (XT_EXTENSION_MAXNAMELEN less one
// for a target).
const longestChain = 28

// iptablesWriter writes the table of one family.
type iptablesWriter struct {
	*filter
	b        bytes.Buffer
	family   family
	peer     map[string]string // ends of names of chains by id of the peer
	switches map[string]string // the same by id of the interface
}

func (p *Policy) iptables(f family) []byte {
	w := &iptablesWriter{filter: p.filter(), family: f}
	var peers, switched []string
	for _, p := range w.peers {
		peers = append(peers, p.id())
	}
	for _, i := range w.switched {
		switched = append(switched, i.ID)
	}
	w.peer, w.switches = names(peers, longestChain-len("FROM-")), names(switched, longestChain-len("OUT-"))
	w.head()
	w.line("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]")
	w.chains()
	for _, side := range []string{"INPUT", "OUTPUT"} {
		w.base(side)
		w.services(side)
	}
	w.switchRules()
	w.addresses()
	w.line("\nCOMMIT")
	return w.b.Bytes()
}

func (w *iptablesWriter) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// program is the name of the program of the family.
func (w *iptablesWriter) program() string {
	return map[family]string{v4: "iptables", v6: "ip6tables"}[w.family]
}

// head says what the file is and how it is filled.
func (w *iptablesWriter) head() {
	w.line("# Packet filter of the device, %s: %s", map[family]string{v4: "IPv4", v6: "IPv6"}[w.family], w.product())
	w.line("# Made from the security file. What it does not declare is dropped.")
	w.line("# Load with: %s-restore -w < firewall.%[1]s", w.program())
	address := map[family]string{v4: "192.0.2.10", v6: "2001:db8::10"}[w.family]
	for _, s := range w.Services {
		if s.unstated() != "" || !s.carries(w.family) || !s.Peers[0].unknown() {
			continue
		}
		w.line("#\n# Peers whose addresses only the operator knows have empty chains: their services are")
		w.line("# closed. Keep the addresses in a file of your own, and load it afterwards with")
		w.line("# %s-restore -w --noflush:\n#", w.program())
		w.line("#	*filter\n#	-A %s %s %s -j ACCEPT\n#	COMMIT", w.chain(s, s.Peers[0]), side(s.Direction), address)
		break
	}
	if off := w.shut(); off != "" {
		w.line("#\n# Switched off in the device, and without a rule: %s", off)
	}
	if s, ok := w.example(); ok {
		chain := w.switchOf(s, map[model.Direction]string{"in": "INPUT", "out": "OUTPUT"}[s.Direction])
		w.line("#\n# Services that are optional, or for service mode alone, are closed by the first rule of")
		w.line("# each of their chains. These commands open and close a chain, with its connections:\n#")
		w.line("#	%s -R %s 1 -m comment --comment open", w.program(), chain)
		w.line("#	%s -R %s 1 -m comment --comment closed -j RETURN", w.program(), chain)
	}
	w.line("")
}

// side is the option that matches the peer in the direction of a service.
func side(d model.Direction) string {
	if d == "in" {
		return "-s"
	}
	return "-d"
}

// chain is the chain that holds the addresses of a peer, as far as it opens
// connections or has them opened to it.
func (w *iptablesWriter) chain(s Service, p Peer) string {
	if s.Direction == "in" {
		return "FROM-" + w.peer[p.id()]
	}
	return "TO-" + w.peer[p.id()]
}

// open lists the services that a filter of the family can let through.
func (w *iptablesWriter) open() []Service {
	var list []Service
	for _, s := range w.Services {
		if s.unstated() == "" && s.carries(w.family) {
			list = append(list, s)
		}
	}
	return list
}
