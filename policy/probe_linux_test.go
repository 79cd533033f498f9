package policy

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"theriac/model"
)

// probe is an attempt to reach a port: by the device at a peer, or by a peer at the
// device.
type probe struct {
	Direction model.Direction
	Transport model.Transport
	Port      int
	Peer      string
	Family    family
}

func (p probe) String() string {
	return fmt.Sprintf("%s %s/%d %s %s", p.Direction, p.Transport, p.Port, p.Peer, p.Family)
}

// probes lists all attempts at the ports.
func (l *lab) probes(ports []int) []probe {
	var list []probe
	for _, d := range []model.Direction{"in", "out"} {
		for _, tr := range []model.Transport{"tcp", "udp"} {
			for _, port := range ports {
				for _, peer := range l.peers {
					for _, f := range families {
						list = append(list, probe{d, tr, port, peer, f})
					}
				}
			}
		}
	}
	return list
}

// pass sends all probes at once and tells which got an answer. It returns when all
// that are wanted have, and the others had as long and three tries at least.
func (l *lab) pass(list []probe, wanted map[probe]bool) map[probe]bool {
	l.t.Helper()
	s := newServers()
	ports := map[int]bool{}
	for _, p := range list {
		ports[p.Port] = true
	}
	hosts := map[string][]string{"device": {"device"}, "peers": l.peers}
	for ns, names := range hosts {
		err := l.inside(ns, func() error {
			for port := range ports {
				for _, name := range names {
					for _, f := range families {
						if err := s.open(netip.AddrPortFrom(l.address(name, f), uint16(port))); err != nil {
							return err
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			l.t.Fatal(err)
		}
	}
	go s.answer()
	defer s.close()
	passed := map[probe]bool{}
	var failed error
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, d := range []model.Direction{"in", "out"} {
		own := slices.DeleteFunc(slices.Clone(list), func(p probe) bool { return p.Direction != d })
		wait.Go(func() {
			var got []probe
			err := l.inside(map[model.Direction]string{"in": "peers", "out": "device"}[d], func() (err error) {
				got, err = l.send(own, wanted)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
			for _, p := range got {
				passed[p] = true
			}
		})
	}
	wait.Wait()
	if failed != nil {
		l.t.Fatal(failed)
	}
	return passed
}

// attempt is a probe under way.
type attempt struct {
	probe
	fd   int
	to   unix.Sockaddr
	done bool
}

const (
	tick     = 100 * time.Millisecond
	shortest = 3 * tick
	latest   = 10 * time.Second
)

// send makes the attempts from the namespace of the thread.
func (l *lab) send(list []probe, wanted map[probe]bool) ([]probe, error) {
	var tries []*attempt
	defer func() {
		for _, a := range tries {
			_ = unix.Close(a.fd)
		}
	}()
	missing := 0
	for _, p := range list {
		from, to := l.address("device", p.Family), l.address(p.Peer, p.Family)
		if p.Direction == "in" {
			from, to = to, from
		}
		fd, err := socket(p.Transport, netip.AddrPortFrom(from, 0))
		if err != nil {
			return nil, err
		}
		a := &attempt{probe: p, fd: fd, to: sockaddr(netip.AddrPortFrom(to, uint16(p.Port)))}
		tries = append(tries, a)
		if p.Transport == "tcp" {
			// A filter on the way out answers with EPERM or not at all.
			if err := unix.Connect(fd, a.to); err != nil && !errors.Is(err, unix.EINPROGRESS) && !errors.Is(err, unix.EPERM) {
				return nil, fmt.Errorf("%s: %w", p, err)
			}
		}
		if wanted[p] {
			missing++
		}
	}
	var passed []probe
	began := time.Now()
	for n := 0; time.Since(began) < shortest || missing > 0 && time.Since(began) < latest; n++ {
		for _, a := range tries {
			if a.Transport == "udp" && !a.done {
				if err := unix.Sendto(a.fd, []byte("question"), 0, a.to); err != nil && !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EAGAIN) {
					return nil, fmt.Errorf("%s: %w", a.probe, err)
				}
			}
		}
		for until := time.Now().Add(tick); time.Now().Before(until); {
			ready, err := poll(tries, time.Until(until))
			if err != nil {
				return nil, err
			}
			for _, a := range ready {
				passed = append(passed, a.probe)
				if wanted[a.probe] {
					missing--
				}
			}
		}
	}
	return passed, nil
}

// poll waits for attempts that got an answer.
func poll(tries []*attempt, most time.Duration) ([]*attempt, error) {
	var fds []unix.PollFd
	var waiting []*attempt
	for _, a := range tries {
		if a.done {
			continue
		}
		events := int16(unix.POLLIN)
		if a.Transport == "tcp" {
			events = unix.POLLOUT
		}
		fds, waiting = append(fds, unix.PollFd{Fd: int32(a.fd), Events: events}), append(waiting, a)
	}
	if len(fds) == 0 {
		time.Sleep(most)
		return nil, nil
	}
	if _, err := unix.Poll(fds, int(most.Milliseconds())+1); err != nil && !errors.Is(err, unix.EINTR) {
		return nil, err
	}
	var ready []*attempt
	for i, f := range fds {
		switch a := waiting[i]; {
		case f.Revents == 0:
		case a.Transport == "tcp":
			a.done = true // connected, or refused
			if _, err := unix.Getpeername(a.fd); err == nil {
				ready = append(ready, a)
			}
		default:
			b := make([]byte, 16)
			if n, _, err := unix.Recvfrom(a.fd, b, 0); err == nil && string(b[:n]) == "answer" {
				a.done = true
				ready = append(ready, a)
			}
		}
	}
	return ready, nil
}

// servers answer on ports.
type servers struct {
	tcp  []int
	udp  []unix.PollFd
	stop atomic.Bool
	done chan struct{}
}

func newServers() *servers { return &servers{done: make(chan struct{})} }

// open listens on both transports at an address, in the namespace of the thread.
func (s *servers) open(at netip.AddrPort) error {
	tcp, err := socket("tcp", at)
	if err != nil {
		return fmt.Errorf("tcp %s: %w", at, err)
	}
	s.tcp = append(s.tcp, tcp)
	if err := unix.Listen(tcp, 64); err != nil { // the kernel answers
		return err
	}
	udp, err := socket("udp", at)
	if err != nil {
		return fmt.Errorf("udp %s: %w", at, err)
	}
	s.udp = append(s.udp, unix.PollFd{Fd: int32(udp), Events: unix.POLLIN})
	return nil
}

// answer answers datagrams until the servers are closed.
func (s *servers) answer() {
	defer close(s.done)
	b := make([]byte, 64)
	for !s.stop.Load() {
		if n, err := unix.Poll(s.udp, 20); err != nil || n == 0 {
			continue
		}
		for _, p := range s.udp {
			if p.Revents == 0 {
				continue
			}
			if _, from, err := unix.Recvfrom(int(p.Fd), b, 0); err == nil {
				_ = unix.Sendto(int(p.Fd), []byte("answer"), 0, from)
			}
		}
	}
}

// close ends the answers, which must have begun.
func (s *servers) close() {
	s.stop.Store(true)
	<-s.done
	for _, fd := range s.tcp {
		_ = unix.Close(fd)
	}
	for _, p := range s.udp {
		_ = unix.Close(int(p.Fd))
	}
}

// socket opens a socket that does not block, bound to an address.
func socket(tr model.Transport, at netip.AddrPort) (int, error) {
	domain, kind := unix.AF_INET, unix.SOCK_STREAM
	if at.Addr().Is6() {
		domain = unix.AF_INET6
	}
	if tr == "udp" {
		kind = unix.SOCK_DGRAM
	}
	fd, err := unix.Socket(domain, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	// Two sockets that may share an address may be given the same free port.
	reuse := 0
	if at.Port() != 0 {
		reuse = 1
	}
	if err := errors.Join(unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, reuse), unix.Bind(fd, sockaddr(at))); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// sockaddr is an address as the kernel takes it, with a link of the namespace of the
// thread where it has one.
func sockaddr(at netip.AddrPort) unix.Sockaddr {
	if at.Addr().Is4() {
		return &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}
	}
	s := &unix.SockaddrInet6{Port: int(at.Port()), Addr: at.Addr().As16()}
	if i, err := net.InterfaceByName(at.Addr().Zone()); err == nil {
		s.ZoneId = uint32(i.Index)
	}
	return s
}

// compare fails the test for each probe that passed and was not wanted, and the
// other way round.
func compare(t testing.TB, list []probe, passed, wanted map[probe]bool) {
	t.Helper()
	for _, p := range list {
		if passed[p] != wanted[p] {
			t.Errorf("%s: passed %t, want %t", p, passed[p], wanted[p])
		}
	}
}
