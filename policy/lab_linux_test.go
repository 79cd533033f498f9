package policy

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// lab is a network of namespaces: a device, its peers, and a router between them
// where one is asked for. The peers share one namespace and have an address each of
// both families.
type lab struct {
	t      testing.TB
	dir    string
	router bool
	peers  []string // ids; the last one is a stranger
	number int      // among the labs of this run
}

const stranger = "stranger"

// labs counts them, for their names.
var labs atomic.Int32

// newLab makes the network. Packets need root and the programs of the system.
func newLab(t testing.TB, router bool, peers ...string) *lab {
	t.Helper()
	needNamespaces(t)
	l := &lab{t: t, dir: t.TempDir(), router: router, peers: append(peers, stranger), number: int(labs.Add(1))}
	for _, ns := range l.namespaces() {
		run(t, "", nil, "ip", "netns", "add", l.ns(ns))
		name := l.ns(ns)
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", name).Run() })
		l.sysctl(ns, "ipv6/conf/default/accept_dad", "0") // no wait for addresses
	}
	if router {
		l.link("device", "router", "a")
		l.link("router", "peers", "b")
		l.ip("router", "addr add 10.98.0.1/24 dev a1", "addr add fd98::1/64 dev a1 nodad", "addr add 10.99.0.1/24 dev b0", "addr add fd99::1/64 dev b0 nodad")
		l.ip("device", "addr add 10.98.0.2/24 dev a0", "addr add fd98::2/64 dev a0 nodad", "route add default via 10.98.0.1", "-6 route add default via fd98::1")
		l.sysctl("router", "ipv4/ip_forward", "1")
		l.sysctl("router", "ipv6/conf/all/forwarding", "1")
	} else {
		l.link("device", "peers", "b")
		l.ip("device", "addr add 10.99.0.2/24 dev b0", "addr add fd99::2/64 dev b0 nodad")
	}
	var lines []string
	for _, p := range l.peers {
		lines = append(lines, fmt.Sprintf("addr add %s/24 dev b1", l.address(p, v4)), fmt.Sprintf("addr add %s/64 dev b1 nodad", l.address(p, v6)))
	}
	if router {
		lines = append(lines, "route add default via 10.99.0.1", "-6 route add default via fd99::1")
	}
	l.ip("peers", lines...)
	return l
}

func (l *lab) namespaces() []string {
	if l.router {
		return []string{"device", "router", "peers"}
	}
	return []string{"device", "peers"}
}

// ns is the name of a namespace on this machine.
func (l *lab) ns(of string) string { return fmt.Sprintf("theriac-%d-%d-%s", os.Getpid(), l.number, of) }

// link joins two namespaces by a pair of interfaces that end in 0 and 1.
func (l *lab) link(a, b, name string) {
	l.t.Helper()
	run(l.t, "", nil, "ip", "link", "add", name+"0", "netns", l.ns(a), "type", "veth", "peer", "name", name+"1", "netns", l.ns(b))
	l.ip(a, "link set lo up", "link set "+name+"0 up")
	l.ip(b, "link set lo up", "link set "+name+"1 up")
}

// ip runs commands of ip in a namespace.
func (l *lab) ip(ns string, lines ...string) {
	l.t.Helper()
	for _, line := range lines {
		run(l.t, "", nil, "ip", append([]string{"-n", l.ns(ns)}, strings.Fields(line)...)...)
	}
}

// exec runs a program in a namespace, in the folder of the lab.
func (l *lab) exec(ns string, input []byte, args ...string) []byte {
	l.t.Helper()
	need(l.t, args[0])
	return run(l.t, l.dir, input, "ip", append([]string{"netns", "exec", l.ns(ns)}, args...)...)
}

// sysctl sets a parameter of the network of a namespace.
func (l *lab) sysctl(ns, name, value string) {
	l.t.Helper()
	err := l.inside(ns, func() error { return os.WriteFile("/proc/sys/net/"+name, []byte(value), 0o600) })
	if err != nil {
		l.t.Fatal(err)
	}
}

// inside runs a function on a thread of its own in a namespace. Sockets that it opens
// stay there.
func (l *lab) inside(ns string, f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		fd, err := unix.Open("/run/netns/"+l.ns(ns), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			err = unix.Setns(fd, unix.CLONE_NEWNET)
			_ = unix.Close(fd)
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		return fmt.Errorf("in %s: %w", ns, err)
	}
	return nil
}

// address is that of a peer, or of the device.
func (l *lab) address(of string, f family) netip.Addr {
	text := map[family]string{v4: "10.99.0.2", v6: "fd99::2"}[f]
	if of == "device" && l.router {
		text = map[family]string{v4: "10.98.0.2", v6: "fd98::2"}[f]
	}
	for n, p := range l.peers {
		if p == of {
			text = fmt.Sprintf(map[family]string{v4: "10.99.0.%d", v6: "fd99::%x"}[f], 10+n)
		}
	}
	return netip.MustParseAddr(text)
}

// interfaceAddrs lists the addresses of an interface in the namespace of the thread.
func interfaceAddrs(name string) ([]netip.Addr, error) {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return nil, err
	}
	list, err := i.Addrs()
	var found []netip.Addr
	for _, a := range list {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			found = append(found, p.Addr())
		}
	}
	return found, err
}

// index is the number of an interface in a namespace.
func (l *lab) index(ns, name string) (n int) {
	l.t.Helper()
	err := l.inside(ns, func() error {
		i, err := net.InterfaceByName(name)
		if err == nil {
			n = i.Index
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return n
}

// join lets a socket hear what goes to a group on a link.
func (l *lab) join(ns string, fd int, group netip.Addr, name string) {
	l.t.Helper()
	m := &unix.IPv6Mreq{Multiaddr: group.As16(), Interface: uint32(l.index(ns, name))}
	if err := unix.SetsockoptIPv6Mreq(fd, unix.IPPROTO_IPV6, unix.IPV6_JOIN_GROUP, m); err != nil {
		l.t.Fatal(err)
	}
}

// scoped is an address that is sent to over a link.
func (l *lab) scoped(ns string, to netip.AddrPort, name string) unix.Sockaddr {
	s := sockaddr(to)
	if s6, ok := s.(*unix.SockaddrInet6); ok {
		s6.ZoneId = uint32(l.index(ns, name))
	}
	return s
}
