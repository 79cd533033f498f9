package collect

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"theriac/evidence"
	"theriac/model"
)

// ErrDevice is returned for a summary of packets without the address of the
// device, from which alone follows what comes in and what goes out.
var ErrDevice = errors.New("a summary of packets shows two ends, and not which of them is the device: its address is needed")

// capture gathers conversations as the device sees them, from any summary of
// packets. Traffic between others is left out, and so are multicasts and
// broadcasts of others.
type capture struct {
	device []netip.Addr
	ports  map[captureKey]evidence.Port
	vague  map[vagueKey]bool // conversations of which it is not known who opened them
	other  map[string]bool   // protocols that are not compared
	cases  []Case
}

// captureKey tells observations apart. Of several states of one port the one
// that says most counts.
type captureKey struct {
	device, peer netip.Addr
	transport    model.Transport
	port         int
	direction    evidence.Direction
}

// vagueKey is a conversation of which both ports are known.
type vagueKey struct {
	transport model.Transport
	a, b      netip.AddrPort // device, peer
}

// newCapture reads the addresses of the device: one, or several with commas.
func newCapture(in *Source) (*capture, error) {
	c := &capture{ports: map[captureKey]evidence.Port{}, vague: map[vagueKey]bool{}, other: map[string]bool{}}
	if in.Device == "" {
		return nil, ErrDevice
	}
	for text := range strings.SplitSeq(in.Device, ",") {
		addr, err := netip.ParseAddr(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("address of the device: %w", err)
		}
		c.device = append(c.device, addr.Unmap().WithZone(""))
	}
	return c, nil
}

func (c *capture) ours(a netip.AddrPort) bool { return slices.Contains(c.device, a.Addr()) }

// opened notes that one end opened a conversation with the other. The answer is
// what the other end made of it.
func (c *capture) opened(t model.Transport, from, to netip.AddrPort, answer evidence.PortState, service string) error {
	if c.ours(from) {
		// Whether the peer answered is no property of the device.
		c.keep(evidence.Outbound, t, from.Addr(), to, to.Port(), evidence.PortUsed, service)
	}
	if c.ours(to) {
		c.keep(evidence.Inbound, t, to.Addr(), from, to.Port(), answer, service)
	}
	return counted(len(c.ports))
}

func (c *capture) keep(d evidence.Direction, t model.Transport, device netip.Addr, peer netip.AddrPort, port uint16, state evidence.PortState, service string) {
	key := captureKey{device, peer.Addr(), t, int(port), d}
	p := evidence.Port{
		Address: device.String(), Transport: t, Port: int(port), Direction: d, State: state,
		Service: clean(service), Peer: peer.Addr().String(),
	}
	if known, again := c.ports[key]; !again || saying(state) > saying(known.State) {
		c.ports[key] = p
	}
}

// saying orders states by how much they say.
func saying(s evidence.PortState) int {
	return slices.Index([]evidence.PortState{evidence.PortFiltered, evidence.PortClosed, evidence.PortUsed}, s)
}

// undecided notes a conversation of which it is not known who opened it, or
// whether it came about.
func (c *capture) undecided(t model.Transport, a, b netip.AddrPort) error {
	if c.ours(b) {
		a, b = b, a
	}
	if c.ours(a) {
		c.vague[vagueKey{t, a, b}] = true
	}
	return counted(len(c.vague))
}

// unlike notes packets of a protocol that the security file knows no ports of.
func (c *capture) unlike(protocol string) { c.other[clean(protocol)] = true }

// open notes that the input does not show all.
func (c *capture) open(id, title string) {
	c.cases = append(c.cases, Case{ID: id, Title: title, Outcome: evidence.Open})
}

// into puts what was seen into a report.
func (c *capture) into(r *Report, in *Source) {
	for _, p := range c.ports {
		r.Network = append(r.Network, p)
	}
	slices.SortFunc(r.Network, func(a, b evidence.Port) int {
		return cmp.Or(cmp.Compare(a.Transport, b.Transport), cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Port, b.Port),
			cmp.Compare(a.Peer, b.Peer), cmp.Compare(a.Address, b.Address))
	})
	left := c.unresolved()
	device := Case{ID: "device", Title: fmt.Sprintf("%d ports and peers of %s", len(c.ports), in.Device), Outcome: evidence.Pass, At: in.Device}
	if len(c.ports) == 0 {
		device.Outcome, device.Title = evidence.Open, "nothing of the device was seen"
	}
	r.Cases = append(append(r.Cases, device), c.cases...)
	if len(left) > 0 {
		r.Cases = append(r.Cases, Case{
			ID: "undecided", Outcome: evidence.Open, At: clean(strings.Join(left[:min(len(left), 20)], ", ")),
			Title: fmt.Sprintf("of %d conversations it is not known who opened them or whether they came about", len(left)),
		})
	}
	for protocol := range c.other {
		r.Cases = append(r.Cases, Case{ID: protocol, Title: "not compared with interfaces", Outcome: evidence.Skips})
	}
	slices.SortFunc(r.Cases, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	r.Details.Analysis = &evidence.Analysis{FailAt: limit(in, evidence.Medium), Findings: map[evidence.Severity]int{}}
}

// unresolved are the vague conversations at which no other one shows which side
// listens: the device at its port, or the peer at its.
func (c *capture) unresolved() []string {
	var left []string
	for v := range c.vague {
		in := captureKey{v.a.Addr(), v.b.Addr(), v.transport, int(v.a.Port()), evidence.Inbound}
		out := captureKey{v.a.Addr(), v.b.Addr(), v.transport, int(v.b.Port()), evidence.Outbound}
		if c.ports[in].State != evidence.PortUsed && c.ports[out].State != evidence.PortUsed {
			left = append(left, fmt.Sprintf("%s %s with %s", v.transport, v.a, v.b))
		}
	}
	slices.Sort(left)
	return left
}

// end reads an address with a port.
func end(addr, port string) (netip.AddrPort, error) {
	a, err := netip.ParseAddr(addr)
	list, err2 := portsOf(port)
	if err != nil || err2 != nil || list.count() != 1 {
		return netip.AddrPort{}, malformed(0, "%q with %q is no address with a port; names are not read", clean(addr), clean(port))
	}
	return netip.AddrPortFrom(a.Unmap().WithZone(""), uint16(list[0].from)), nil
}

// onLine gives a fault its line.
func onLine(line int, err error) error {
	if bad, ok := errors.AsType[*Malformed](err); ok && bad.Line == 0 {
		return &Malformed{line, bad.Reason}
	}
	return err
}
