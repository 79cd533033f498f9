package evidence

import (
	"cmp"
	"fmt"
	"slices"

	"theriac/model"
)

// Exposure is what an observation on the network says of a declared interface,
// or that it belongs to none, or that nothing was observed of an interface.
type Exposure struct {
	ID        string           // under which a deviation may name it: in/tcp/2575, out/udp/123; the interface's where nothing was seen
	Port      Port             // the observation, the first of several that say the same; the zero Port where nothing was seen
	Interface *model.Interface // nil when none is declared for it
	Verdict   Exposed
	Reason    string
}

// Seen reports whether there was an observation.
func (x *Exposure) Seen() bool { return x.Port.Transport != "" }

// Exposed is the verdict on an exposure.
type Exposed string

// The verdicts.
const (
	Expected   Exposed = "expected"     // as declared
	Unexpected Exposed = "unexpected"   // reachable or used, and not declared so
	Absent     Exposed = "absent"       // declared as listening, and closed
	Unsure     Exposed = "inconclusive" // the observation does not decide
)

// Compare holds what was seen on the network against the declared interfaces.
// Closed ports that no interface declares say nothing and are left out, those
// that gave no answer are summed up.
//
// The observations are taken to be of the device or, where only parts of the
// system outside it are named (servers, phones), of these.
func Compare(f *model.File, seen []Port, about ...model.Element) []Exposure {
	c := comparison{declared: declared(f, about), index: map[exposureKey]int{}}
	silent := map[Port]bool{}
	for _, o := range seen {
		if group := groupOf(o); !c.see(o) && o.State == PortFiltered && !silent[group] {
			silent[group] = true
			c.add(o, nil, Unsure, "%s/%d, or more such ports, gave no answer, and no interface is declared to listen there: whether something does is not known", o.Transport, o.Port)
		}
	}
	slices.SortStableFunc(c.found, func(a, b Exposure) int { return compareExposures(&a, &b) })
	return append(c.found, c.unseen()...)
}

// Touched lists the interfaces that something was observed of, sorted: the scope
// of a scan.
func Touched(exposures []Exposure) []string {
	var ids []string
	for _, x := range exposures {
		if x.Interface != nil && x.Seen() {
			ids = append(ids, x.Interface.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Telling leaves out of the observations what Compare makes nothing of, so that
// a scan of all ports stays small: closed ports that no interface of the file
// declares, and of those that gave no answer all but the first of an address.
func Telling(f *model.File, seen []Port) []Port {
	type socket struct {
		transport model.Transport
		port      int
	}
	known, silent := map[socket]bool{}, map[Port]bool{}
	for _, i := range f.Interfaces {
		known[socket{i.Transport, i.Port}] = true
	}
	var left []Port
	for _, o := range seen {
		group := groupOf(o)
		switch {
		case known[socket{o.Transport, o.Port}] || o.State == PortOpen || o.State == PortUsed:
			left = append(left, o)
		case o.State == PortFiltered && !silent[group]:
			silent[group] = true
			left = append(left, o)
		}
	}
	return left
}

// groupOf is what ports that gave no answer are summed up by.
func groupOf(o Port) Port { return Port{Address: o.Address, Transport: o.Transport} }

// declared lists the interfaces that packets over a network can reach. A link
// that other interfaces run over has no port of its own. Interfaces of the medium
// virtual are on servers and phones, and count where such a part is named; those
// of the device count unless only such parts are.
func declared(f *model.File, about []model.Element) []*model.Interface {
	elsewhere, device := map[*model.Component]bool{}, len(about) == 0
	for _, e := range about {
		c := componentOf(e)
		if c != nil && (rootOf(c).Type == "cloud" || rootOf(c).Type == "mobile") {
			elsewhere[rootOf(c)] = true
		} else {
			device = true
		}
	}
	var all []*model.Interface
	for _, i := range f.Interfaces {
		ours := device
		if c := i.Component.To; c != nil && elsewhere[rootOf(c)] {
			ours = true
		} else if i.Medium == "virtual" {
			ours = false
		}
		if ours && i.Medium.Network() && !i.Admission() {
			all = append(all, i)
		}
	}
	return all
}

func componentOf(e model.Element) *model.Component {
	switch e := e.(type) {
	case *model.Component:
		return e
	case *model.Interface:
		return e.Component.To
	}
	return nil
}

func rootOf(c *model.Component) *model.Component {
	for w := range c.Whole() {
		c = w
	}
	return c
}

// comparison gathers exposures, each once.
type comparison struct {
	declared []*model.Interface
	found    []Exposure
	index    map[exposureKey]int
}

// exposureKey tells exposures apart: who the peer was, and at which address of
// the device, makes no other of it.
type exposureKey struct {
	id, iface string
	verdict   Exposed
	state     PortState
}

func (c *comparison) add(o Port, i *model.Interface, v Exposed, format string, args ...any) {
	x := Exposure{ID: socketName(o), Port: o, Interface: i, Verdict: v, Reason: fmt.Sprintf(format, args...)}
	key := exposureKey{id: x.ID, verdict: v, state: o.State}
	if i != nil {
		key.iface = i.ID
	}
	if _, again := c.index[key]; !again {
		c.index[key] = len(c.found)
		c.found = append(c.found, x)
	}
}

// see judges an observation by the interfaces of its port. It reports whether
// there is anything to say of it.
func (c *comparison) see(o Port) bool {
	if o.Direction == Outbound && o.State != PortUsed && o.State != PortOpen {
		return true // of the peer, not of the device
	}
	fit, other := c.candidates(o)
	for _, i := range fit {
		c.judge(o, i, len(fit) > 1 && slices.ContainsFunc(fit, (*model.Interface).Open))
	}
	switch {
	case len(fit) > 0:
		return true
	case !reached(o):
		return false
	case len(other) > 0:
		for _, i := range other {
			c.add(o, i, Unexpected, "%s, and interface %q declares the other direction", seenAs(o), i.ID)
		}
	default:
		c.stranger(o)
	}
	return true
}

// reached reports whether something answered, or traffic flowed.
func reached(o Port) bool { return o.State == PortOpen || o.State == PortUsed }

// candidates are the interfaces of the port in which the direction is the one
// that was observed or not stated, and those with the other one.
func (c *comparison) candidates(o Port) (fit, other []*model.Interface) {
	for _, i := range c.declared {
		switch {
		case i.Port != o.Port || i.Transport != o.Transport || i.Port == 0:
		case i.Direction == "" || i.Direction == "both" || string(i.Direction) == string(o.Direction):
			fit = append(fit, i)
		default:
			other = append(other, i)
		}
	}
	return fit, other
}

// judge compares an observation with an interface of the same port. Where an
// enabled interface shares the port, a port that is open does not tell whether
// another one is on.
func (c *comparison) judge(o Port, i *model.Interface, shared bool) {
	switch {
	case o.State == PortFiltered:
		c.add(o, i, Unsure, "%s: whether interface %q listens is not known", seenAs(o), i.ID)
	case o.State == PortClosed && i.Direction == "":
		c.add(o, i, Unsure, "%s, and interface %q does not state its direction", seenAs(o), i.ID)
	case o.State == PortClosed && i.Open():
		c.add(o, i, Absent, "%s, and interface %q is declared to listen there", seenAs(o), i.ID)
	case o.State == PortClosed:
		c.add(o, i, Expected, "%s, as interface %q is declared: %s", seenAs(o), i.ID, i.State)
	case i.Direction == "" && i.Used():
		c.add(o, i, Unsure, "%s, and interface %q does not state its direction", seenAs(o), i.ID)
	case i.Open():
		c.add(o, i, Expected, "%s, as interface %q declares", seenAs(o), i.ID)
	case shared:
		c.add(o, i, Unsure, "%s, which another interface declares: whether interface %q, which is declared %s, is on is not known", seenAs(o), i.ID, i.State)
	case i.Used():
		c.add(o, i, Unsure, "%s, and interface %q is declared %s: whether it was switched on for the test is not known", seenAs(o), i.ID, i.State)
	default:
		c.add(o, i, Unexpected, "%s, and interface %q is declared disabled", seenAs(o), i.ID)
	}
}

// stranger judges what no interface declares. An interface that does not state
// its port may be the one.
func (c *comparison) stranger(o Port) {
	for _, i := range c.declared {
		sides := i.Direction == "" || i.Direction == "both" || string(i.Direction) == string(o.Direction)
		if sides && i.Used() && (i.Port == 0 || i.Transport == "") && (i.Port == 0 || i.Port == o.Port) && (i.Transport == "" || i.Transport == o.Transport) {
			c.add(o, nil, Unsure, "%s, which may be interface %q, which does not state its transport and port", seenAs(o), i.ID)
			return
		}
	}
	c.add(o, nil, Unexpected, "%s, and no interface declares it", seenAs(o))
}

// unseen lists the interfaces that can be reached from outside and that nothing
// was observed of.
func (c *comparison) unseen() []Exposure {
	touched := Touched(c.found)
	var all []Exposure
	for _, i := range c.declared {
		if _, yes := slices.BinarySearch(touched, i.ID); yes || !i.Exposure.External() {
			continue
		}
		x := Exposure{ID: i.ID, Interface: i, Verdict: Unsure}
		if i.Port == 0 || i.Transport == "" {
			x.Reason = fmt.Sprintf("interface %q does not state its transport and port, so that nothing could be compared", i.ID)
		} else {
			x.Reason = fmt.Sprintf("interface %q (%s/%d, %s) was not looked at", i.ID, i.Transport, i.Port, sideOf(i))
		}
		all = append(all, x)
	}
	return all
}

func sideOf(i *model.Interface) string {
	if i.Direction == "" {
		return "direction not stated"
	}
	return string(i.Direction)
}

func socketName(o Port) string { return fmt.Sprintf("%s/%s/%d", o.Direction, o.Transport, o.Port) }

// seenAs words an observation.
func seenAs(o Port) string {
	socket := fmt.Sprintf("%s/%d", o.Transport, o.Port)
	switch {
	case o.Direction == Outbound && o.Peer != "":
		return fmt.Sprintf("the device connects to %s of %s", socket, o.Peer)
	case o.Direction == Outbound:
		return "the device connects to " + socket
	case o.State == PortUsed:
		return socket + " of the device is in use"
	case o.State == PortFiltered:
		return socket + " gave no answer"
	}
	return fmt.Sprintf("%s is %s", socket, o.State)
}

func compareExposures(a, b *Exposure) int {
	iface := func(x *Exposure) string {
		if x.Interface == nil {
			return ""
		}
		return x.Interface.ID
	}
	return cmp.Or(
		cmp.Compare(a.Port.Transport, b.Port.Transport), cmp.Compare(a.Port.Port, b.Port.Port),
		cmp.Compare(a.Port.Direction, b.Port.Direction), cmp.Compare(iface(a), iface(b)),
		cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Port.State, b.Port.State), cmp.Compare(a.Port.Address, b.Port.Address),
	)
}
