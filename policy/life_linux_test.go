package policy

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"theriac/model"
)

// labOf is a lab with the peers of a file.
func labOf(t testing.TB, router bool, p *Policy) *lab {
	t.Helper()
	var peers []string
	for _, e := range p.Endpoints() {
		peers = append(peers, e.id())
	}
	return newLab(t, router, peers...)
}

// TestLabLetsAllPass: without a filter all attempts succeed, so that one that fails
// elsewhere was stopped by the filter.
func TestLabLetsAllPass(t *testing.T) {
	t.Parallel()
	for _, router := range []bool{false, true} {
		l := newLab(t, router, "ac-one", "ac-two")
		list, want := l.probes([]int{80, 2575}), map[probe]bool{}
		for _, p := range list {
			want[p] = true
		}
		compare(t, list, l.pass(list, want), want)
	}
}

// TestAsShippedAllIsClosed: no peer is reached before its address is put in.
func TestAsShippedAllIsClosed(t *testing.T) {
	t.Parallel()
	p := Compile(yaml(t, both))
	for name, put := range map[string]func(l *lab){
		"nftables": func(l *lab) { l.exec("device", p.Nftables(), "nft", "-f", "-") },
		"iptables": func(l *lab) {
			l.exec("device", p.Iptables(), "iptables-restore", "-w")
			l.exec("device", p.IP6tables(), "ip6tables-restore", "-w")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := labOf(t, false, p)
			put(l)
			list := l.probes([]int{22, 53, 443, 2575, 5000, 8883})
			compare(t, list, l.pass(list, nil), nil)
		})
	}
}

// both is a file with services of all kinds.
const both = `
product: {name: Test, regulation: MDR, class: IIa, support-period: 5 years}
zones:
  z-dev: {title: Device, trust: device}
  z-site: {title: Site, trust: site}
components:
  c-app: {title: App, type: application, zone: z-dev}
  c-other: {title: Part, type: application, zone: z-dev}
actors:
  ac-one: {title: One, type: system, zone: z-site}
  ac-two: {title: Two, type: system, zone: z-site}
interfaces:
  if-both: {title: Both ways, component: c-app, medium: ethernet, transport: tcp, port: 5000, direction: both, exposure: site, peers: [ac-one]}
  if-talk: {title: Datagrams in, component: c-app, medium: wifi, transport: udp, port: 2575, direction: in, exposure: site, peers: [ac-one, ac-two, c-other]}
  if-opt: {title: Optional, component: c-app, medium: ethernet, transport: tcp, port: 8883, direction: out, exposure: site, state: optional, peers: [ac-two]}
  if-opt-in: {title: Optional in, component: c-app, medium: ethernet, transport: tcp, port: 443, direction: in, exposure: site, state: service-only, peers: [ac-two]}
  if-off: {title: Off, component: c-app, medium: ethernet, transport: tcp, port: 22, direction: in, exposure: site, state: disabled, peers: [ac-one]}
  if-inner: {title: Inside, component: c-app, medium: ethernet, transport: tcp, port: 23, direction: in, exposure: internal, peers: [ac-one]}
  if-no-port: {title: No port, component: c-app, medium: ethernet, transport: tcp, direction: out, exposure: site, peers: [ac-one]}
  if-no-way: {title: No direction, component: c-app, medium: ethernet, transport: tcp, port: 24, exposure: site, peers: [ac-one]}
  if-no-peer: {title: No peer, component: c-app, medium: ethernet, transport: tcp, port: 25, direction: out, exposure: site, peers: [c-other]}
  if-no-transport: {title: No transport, component: c-app, medium: ethernet, port: 26, direction: out, exposure: site, peers: [ac-one]}
`

// TestServicesOfAllKinds: what passes is what a person reads out of the file.
func TestServicesOfAllKinds(t *testing.T) {
	t.Parallel()
	want := map[probe]bool{}
	for _, f := range families {
		for _, p := range []probe{
			{"in", "tcp", 5000, "ac-one", f}, {"out", "tcp", 5000, "ac-one", f},
			{"in", "udp", 2575, "ac-one", f}, {"in", "udp", 2575, "ac-two", f},
		} {
			want[p] = true
		}
	}
	p := Compile(yaml(t, both))
	for _, w := range walls {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			l := labOf(t, w.router, p)
			w.load(l, p)
			list := l.probes([]int{22, 23, 24, 25, 26, 443, 2575, 5000, 8883})
			compare(t, list, l.pass(list, want), want)
		})
	}
}

// TestHostsAreFilledIn: addresses that the file states need nobody to put them in.
func TestHostsAreFilledIn(t *testing.T) {
	t.Parallel()
	text := bytes.ReplaceAll([]byte(both), []byte("ac-one: {"), []byte(`ac-one: {hosts: [10.99.0.10, "10.99.0.8/31", "fd99::a", "fd99::/125", gate.example, "not a host"], `))
	p := Compile(yaml(t, string(text)))
	want := map[probe]bool{}
	for _, f := range families {
		for _, d := range []model.Direction{"in", "out"} {
			want[probe{d, "tcp", 5000, "ac-one", f}] = true
		}
	}
	l := labOf(t, false, p)
	l.exec("device", p.Nftables(), "nft", "-f", "-")
	list := l.probes([]int{5000})
	compare(t, list, l.pass(list, want), want)

	l = labOf(t, false, p)
	l.exec("device", p.Iptables(), "iptables-restore", "-w")
	l.exec("device", p.IP6tables(), "ip6tables-restore", "-w")
	compare(t, list, l.pass(list, want), want)
}

// TestRouterLeavesOthersAlone: the filter of the segment speaks of the devices only.
func TestRouterLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	p := Compile(yaml(t, both))
	l := labOf(t, true, p)
	l.exec("router", p.NftablesSegment(), "nft", "-f", "-")
	l.exec("router", nil, "nft", "add", "element", "inet", "theriac_segment", "devices_v4", "{ 10.97.0.0/24 }")
	list, want := l.probes([]int{80}), map[probe]bool{}
	for _, p := range list {
		want[p] = true
	}
	compare(t, list, l.pass(list, want), want)
}

// TestSwitches: a service that is closed as shipped opens by its switch, and closing
// it ends its connections.
func TestSwitches(t *testing.T) {
	t.Parallel()
	f := yaml(t, both)
	p := Compile(f)
	for _, w := range walls {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			l := labOf(t, w.router, p)
			w.load(l, p)
			w.open(l, "if-opt", 8883, true)
			want := map[probe]bool{{"out", "tcp", 8883, "ac-two", v4}: true, {"out", "tcp", 8883, "ac-two", v6}: true}
			list := l.probes([]int{443, 8883})
			compare(t, list, l.pass(list, want), want)

			c := l.connect("ac-two", 8883)
			if !c.carries("open", 5*time.Second) {
				t.Fatal("nothing passes over a connection of an open service")
			}
			w.open(l, "if-opt", 8883, false)
			if c.carries("closed", 700*time.Millisecond) {
				t.Error("a connection outlives its service")
			}
			w.open(l, "if-opt", 8883, true)
			if !c.carries("again", 10*time.Second) {
				t.Error("nothing passes after the service was opened again")
			}
		})
	}
}

// connection is one from the device to a peer.
type connection struct {
	t        testing.TB
	from, to int
	seen     []byte // at the peer
}

// connect opens a connection from the device to a port of a peer.
func (l *lab) connect(peer string, port int) *connection {
	l.t.Helper()
	at := netip.AddrPortFrom(l.address(peer, v4), uint16(port))
	return l.connectTo(at)
}

func (l *lab) connectTo(at netip.AddrPort) *connection {
	l.t.Helper()
	c := &connection{t: l.t}
	var listener int
	err := l.inside("peers", func() (err error) {
		if listener, err = socket("tcp", at); err != nil {
			return err
		}
		return unix.Listen(listener, 1)
	})
	if err == nil {
		err = l.inside("device", func() (err error) {
			any := netip.IPv4Unspecified()
			if at.Addr().Is6() {
				any = netip.IPv6Unspecified()
			}
			if c.from, err = socket("tcp", netip.AddrPortFrom(any, 0)); err != nil {
				return err
			}
			if err := unix.Connect(c.from, sockaddr(at)); err != nil && !errors.Is(err, unix.EINPROGRESS) {
				return err
			}
			return nil
		})
	}
	for deadline := time.Now().Add(10 * time.Second); err == nil; {
		if c.to, _, err = unix.Accept(listener); err == nil {
			break
		}
		if errors.Is(err, unix.EAGAIN) && time.Now().Before(deadline) {
			err = nil
			time.Sleep(10 * time.Millisecond)
		}
	}
	if err != nil {
		l.t.Fatalf("connection to %s: %v", at, err)
	}
	l.t.Cleanup(func() { _, _, _ = unix.Close(listener), unix.Close(c.from), unix.Close(c.to) })
	_ = unix.SetNonblock(c.to, true)
	return c
}

// carries reports whether a text arrives in time.
func (c *connection) carries(text string, within time.Duration) bool {
	c.t.Helper()
	rest := []byte(text)
	b := make([]byte, 1<<16)
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if len(rest) > 0 {
			n, err := unix.Write(c.from, rest)
			if err == nil {
				rest = rest[n:]
			} else if !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EPERM) {
				c.t.Fatal(err)
			}
		}
		for {
			n, err := unix.Read(c.to, b)
			if err != nil || n == 0 {
				break
			}
			c.seen = append(c.seen, b[:n]...)
		}
		if bytes.Contains(c.seen, []byte(text)) {
			return true
		}
	}
	return false
}

// TestPathMTU: packets that are too large for a link behind the router become
// smaller, which takes the router's errors to come through.
func TestPathMTU(t *testing.T) {
	t.Parallel()
	p := Compile(yaml(t, both))
	for _, w := range walls {
		for _, f := range families {
			t.Run(fmt.Sprintf("%s/%s", w.name, f), func(t *testing.T) {
				t.Parallel()
				l := labOf(t, true, p)
				if w.router {
					w.load(l, p)
				} else {
					onDevice(l, w, p)
				}
				l.ip("router", "route replace 10.99.0.0/24 dev b0 mtu lock 1300", "-6 route del fd99::/64 dev b0", "-6 route add fd99::/64 dev b0 mtu lock 1300")
				c := l.connectTo(netip.AddrPortFrom(l.address("ac-one", f), 5000))
				if !c.carries(string(bytes.Repeat([]byte("0123456789"), 20000)), 5*time.Second) {
					t.Error("large packets do not get through")
				}
				info, err := unix.GetsockoptTCPInfo(c.from, unix.IPPROTO_TCP, unix.TCP_INFO)
				if err != nil {
					t.Fatal(err)
				}
				if info.Pmtu != 1300 {
					t.Errorf("the path is known to carry %d octets, want 1300: the test did not try what it should", info.Pmtu)
				}
			})
		}
	}
}

// onDevice loads a filter of the device in a lab with a router.
func onDevice(l *lab, w wall, p *Policy) {
	l.router = false
	w.load(l, p)
	l.router = true
}
