package policy

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const leaseholder = `
product: {name: Test, regulation: MDR, class: IIa}
zones:
  z-dev: {title: Device, trust: device}
  z-site: {title: Site, trust: site}
components:
  c-app: {title: App, type: application, zone: z-dev}
actors:
  ac-net: {title: Address servers, type: system, zone: z-site}
interfaces:
  if-dhcp: {title: Addresses, component: c-app, medium: ethernet, transport: udp, port: 67, direction: out, exposure: site, peers: [ac-net]}
  if-dhcp6: {title: Addresses of IPv6, component: c-app, medium: ethernet, transport: udp, port: 547, direction: out, exposure: site, peers: [ac-net]}
`

// TestLeases: a client without an address finds a server and hears its answer,
// although the answer comes from an address that it did not write to. No other port
// opens by that.
func TestLeases(t *testing.T) {
	t.Parallel()
	p := Compile(yaml(t, leaseholder))
	shipped := wall{name: "as shipped", load: func(l *lab, p *Policy) { l.exec("device", p.Nftables(), "nft", "-f", "-") }}
	for _, w := range append([]wall{shipped}, walls...) {
		if w.router {
			continue // broadcast does not leave the link
		}
		l := labOf(t, false, p)
		w.load(l, p)
		l.ip("device", "addr flush dev b0 scope global")
		all, server := netip.MustParseAddr("255.255.255.255"), l.address("ac-net", v4)
		l.hear(true, "peers", netip.AddrPortFrom(all, 67), "device", netip.AddrPortFrom(netip.IPv4Unspecified(), 68))
		l.hear(true, "device", netip.AddrPortFrom(all, 68), "peers", netip.AddrPortFrom(server, 67))
		l.hear(false, "device", netip.AddrPortFrom(all, 68), "peers", netip.AddrPortFrom(server, 66))
		l.hear(false, "device", netip.AddrPortFrom(all, 69), "peers", netip.AddrPortFrom(server, 67))
		l.hear(false, "peers", netip.AddrPortFrom(all, 69), "device", netip.AddrPortFrom(netip.IPv4Unspecified(), 68))
		l.hear(false, "peers", netip.AddrPortFrom(all, 67), "device", netip.AddrPortFrom(netip.IPv4Unspecified(), 69))

		agents := netip.MustParseAddr("ff02::1:2")
		l.hear(true, "peers", netip.AddrPortFrom(agents, 547), "device", netip.AddrPortFrom(netip.IPv6Unspecified(), 546))
		l.hear(true, "device", netip.AddrPortFrom(l.link6("device"), 546), "peers", netip.AddrPortFrom(l.link6("peers"), 547))
		l.hear(false, "device", netip.AddrPortFrom(l.link6("device"), 547), "peers", netip.AddrPortFrom(l.link6("peers"), 547))
	}
}

// TestRenewal: a client with an address asks its server, and no other.
func TestRenewal(t *testing.T) {
	t.Parallel()
	p := Compile(yaml(t, leaseholder))
	for _, w := range walls {
		l := labOf(t, w.router, p)
		w.load(l, p)
		from := netip.AddrPortFrom(l.address("device", v4), 68)
		l.hear(true, "peers", netip.AddrPortFrom(l.address("ac-net", v4), 67), "device", from)
		l.hear(false, "peers", netip.AddrPortFrom(l.address(stranger, v4), 67), "device", from)
	}
}

// link6 is the link-local address of a side of the link.
func (l *lab) link6(ns string) (found netip.Addr) {
	l.t.Helper()
	name := map[string]string{"device": "b0", "peers": "b1"}[ns]
	err := l.inside(ns, func() error {
		list, err := interfaceAddrs(name)
		for _, a := range list {
			if a.IsLinkLocalUnicast() {
				found = a.WithZone(name)
			}
		}
		return err
	})
	if err != nil || !found.IsValid() {
		l.t.Fatalf("no link-local address in %s: %v", ns, err)
	}
	return found
}

// hear sends a datagram over the link and tells whether it has to arrive at a socket
// of its port.
func (l *lab) hear(want bool, at string, to netip.AddrPort, by string, from netip.AddrPort) {
	l.t.Helper()
	devices := map[string]string{"device": "b0", "peers": "b1"}
	if l.router {
		devices["device"] = "a0"
	}
	var ears, mouth int
	open := func(ns string, bind netip.AddrPort) (fd int) {
		err := l.inside(ns, func() (err error) {
			if fd, err = socket("udp", bind); err != nil {
				return err
			}
			return errors.Join(unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1), unix.BindToDevice(fd, devices[ns]))
		})
		if err != nil {
			l.t.Fatal(err)
		}
		return fd
	}
	any := netip.IPv4Unspecified()
	if to.Addr().Is6() {
		any = netip.IPv6Unspecified()
	}
	ears, mouth = open(at, netip.AddrPortFrom(any, to.Port())), open(by, from)
	defer unix.Close(ears)
	defer unix.Close(mouth)
	if to.Addr().IsMulticast() {
		l.join(at, ears, to.Addr(), devices[at])
	}
	within := 150 * time.Millisecond
	if want {
		within = 5 * time.Second
	}
	heard := false
	for deadline := time.Now().Add(within); !heard && time.Now().Before(deadline); {
		if err := unix.Sendto(mouth, []byte("lease"), 0, l.scoped(by, to, devices[by])); err != nil && !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EADDRNOTAVAIL) {
			l.t.Fatalf("%s to %s: %v", from, to, err)
		}
		time.Sleep(20 * time.Millisecond)
		b := make([]byte, 16)
		n, _, err := unix.Recvfrom(ears, b, 0)
		heard = err == nil && string(b[:n]) == "lease"
	}
	if heard != want {
		l.t.Errorf("%s to %s: heard %t, want %t", from, to, heard, want)
	}
}
