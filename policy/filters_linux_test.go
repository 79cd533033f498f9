package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// declared is what a security file lets pass, read from it without the help of the
// policy. DHCP is left out: its client has a port of its own.
func declared(f *model.File, state model.State) map[probe]bool {
	want := map[probe]bool{}
	for _, i := range f.Interfaces {
		if i.Port == 0 || i.Exposure == "internal" || i.State == "disabled" || i.Port == 67 || i.Port == 547 {
			continue
		}
		if (i.State == "optional" || i.State == "service-only") && i.State != state {
			continue
		}
		if z := model.ZoneOf(i); z == nil || z.Trust != "device" {
			continue
		}
		for e := range model.Targets(i.Peers) {
			if z := model.ZoneOf(e); z != nil && z.Trust == "device" {
				continue
			}
			for _, d := range []model.Direction{"in", "out"} {
				if i.Direction == d || i.Direction == "both" {
					want[probe{d, i.Transport, i.Port, model.Of(e).ID, v4}] = true
					want[probe{d, i.Transport, i.Port, model.Of(e).ID, v6}] = true
				}
			}
		}
	}
	return want
}

// grid is what is tried: the declared ports, those beside them, and some that
// attackers like.
func grid(f *model.File) []int {
	ports := map[int]bool{22: true, 23: true, 80: true, 4460: true, 5353: true}
	for _, i := range f.Interfaces {
		if i.Port != 0 {
			ports[i.Port], ports[i.Port+1] = true, true
		}
	}
	return slices.Sorted(maps.Keys(ports))
}

// wall is a filter in force.
type wall struct {
	name   string
	router bool
	load   func(l *lab, p *Policy)
	open   func(l *lab, id string, port int, on bool) // of an outgoing service
}

// site is what the operator adds to the filter: an address of each family for each
// peer.
func (l *lab) site(table, file string, p *Policy) []byte {
	w := p.nft(table)
	lines := []string{fmt.Sprintf("include %q", "./"+file)}
	for _, peer := range w.peers {
		for _, f := range families {
			lines = append(lines, fmt.Sprintf("add element inet %s %s { %s }", table, w.set(peer, f), l.address(peer.id(), f)))
		}
	}
	if l.router {
		lines = append(lines, "add element inet "+table+" devices_v4 { 10.98.0.0/24 }", "add element inet "+table+" devices_v6 { fd98::/64 }")
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

var walls = []wall{
	{
		name: "nftables",
		load: func(l *lab, p *Policy) {
			write(l.t, l.dir, "firewall.nft", p.Nftables())
			write(l.t, l.dir, "site.nft", l.site("theriac", "firewall.nft", p))
			l.exec("device", nil, "nft", "-f", "site.nft")
		},
		open: func(l *lab, id string, port int, on bool) {
			verb := map[bool]string{true: "add", false: "delete"}[on]
			l.exec("device", nil, "nft", verb, "element", "inet", "theriac", "open_"+id, fmt.Sprintf("{ %d }", port))
		},
	},
	{
		name: "nftables on a router", router: true,
		load: func(l *lab, p *Policy) {
			write(l.t, l.dir, "firewall-segment.nft", p.NftablesSegment())
			write(l.t, l.dir, "site.nft", l.site("theriac_segment", "firewall-segment.nft", p))
			l.exec("router", nil, "nft", "-f", "site.nft")
		},
		open: func(l *lab, id string, port int, on bool) {
			verb := map[bool]string{true: "add", false: "delete"}[on]
			l.exec("router", nil, "nft", verb, "element", "inet", "theriac_segment", "open_"+id, fmt.Sprintf("{ %d }", port))
		},
	},
	{
		name: "iptables",
		load: func(l *lab, p *Policy) {
			for f, program := range map[family]string{v4: "iptables-restore", v6: "ip6tables-restore"} {
				l.exec("device", p.iptables(f), program, "-w")
				l.exec("device", l.chains(p, f), program, "-w", "--noflush")
			}
		},
		open: func(l *lab, id string, _ int, on bool) {
			for _, program := range []string{"iptables", "ip6tables"} {
				args := []string{program, "-R", "OUT-" + id, "1", "-m", "comment", "--comment", "open"}
				if !on {
					args[len(args)-1] = "closed"
					args = append(args, "-j", "RETURN")
				}
				l.exec("device", nil, args...)
			}
		},
	},
}

// chains is what the operator adds for iptables.
func (l *lab) chains(p *Policy, f family) []byte {
	lines := []string{"*filter"}
	for line := range strings.Lines(string(p.iptables(f))) {
		chain, _, _ := strings.Cut(strings.TrimPrefix(line, ":"), " ")
		for way, option := range map[string]string{"FROM-": "-s", "TO-": "-d"} {
			if id, ok := strings.CutPrefix(chain, way); ok && strings.HasPrefix(line, ":") {
				lines = append(lines, fmt.Sprintf("-A %s %s %s -j ACCEPT", chain, option, l.address(id, f)))
			}
		}
	}
	return []byte(strings.Join(append(lines, "COMMIT"), "\n") + "\n")
}

// TestExactlyTheDeclaredPasses: with the addresses of the peers put in, each filter
// lets the declared connections pass and no other, in packets of a real kernel.
func TestExactlyTheDeclaredPasses(t *testing.T) {
	t.Parallel()
	for _, name := range examples {
		f := example(t, name)
		p := Compile(f)
		var peers []string
		for _, e := range p.Endpoints() {
			peers = append(peers, e.id())
		}
		for _, wall := range walls {
			t.Run(name+"/"+wall.name, func(t *testing.T) {
				t.Parallel()
				l := newLab(t, wall.router, peers...)
				wall.load(l, p)
				list, want := l.probes(grid(f)), declared(f, "")
				if len(want) < 20 {
					t.Fatalf("only %d connections are declared", len(want))
				}
				compare(t, list, l.pass(list, want), want)
			})
		}
	}
}
