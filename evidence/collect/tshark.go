package collect

import (
	"bytes"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/model"
)

// tshark sums up packets in two forms that are read.
//
// Fields, one line for each packet, with a header:
//
//	tshark -r cap.pcapng -T fields -E header=y -e frame.time_epoch -e ip.src -e ip.dst
//	  -e ipv6.src -e ipv6.dst -e tcp.srcport -e tcp.dstport -e tcp.flags -e udp.srcport -e udp.dstport
//
// The flags of TCP show who opened a connection, and whether it was accepted,
// refused or not answered. Of UDP, the opener is who sent first. A packet with
// several headers (an ICMP error, a tunnel) is left out.
//
// Conversations (-q -z conv,tcp -z conv,udp, with -n). The table does not say
// who opened one, and a refused connection stands in it like another one: the
// opener is taken to be the end with a port from 32768 on where the other is
// below, and a TCP connection to the device to have been accepted where both
// ends sent more than three packets; all else is inconclusive.
//
// Sources: tshark 4.0 manual; RFC 9293 3.5 and 3.10.7.1; RFC 6335 section 6 and
// Linux ip_local_port_range (32768 to 60999) for the ports of openers. Windows
// tries a refused connection three times with the same ports.
var _ = add(Collector{
	Name: "tshark", Title: "tshark fields or conversations", Kind: "dynamic-analysis",
	Looks: func(_ string, head []byte) bool { return isFields(head) || isConversations(head) },
	Read:  readTShark,
})

func isFields(head []byte) bool {
	first, _, _ := strings.Cut(string(head), "\n")
	names := strings.Split(strings.TrimSuffix(first, "\r"), "\t")
	has := func(name string) bool { return slices.Contains(names, name) }
	return (has("ip.src") || has("ipv6.src")) && (has("tcp.srcport") || has("udp.srcport"))
}

func isConversations(head []byte) bool {
	lines := strings.SplitN(string(head), "\n", 4)
	return len(lines) == 4 && strings.HasPrefix(lines[0], "====") && strings.HasSuffix(strings.TrimSpace(lines[1]), " Conversations") && strings.HasPrefix(lines[2], "Filter:")
}

func readTShark(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	head := in.Data[:min(len(in.Data), HeadSize)]
	if !isFields(head) && !isConversations(head) {
		return nil, malformed(1, "neither a header with the fields ip.src and tcp.srcport, nor a table of conversations")
	}
	c, err := newCapture(in)
	if err != nil {
		return nil, err
	}
	report := &Report{Tool: evidence.Tool{Name: "tshark"}}
	if isFields(head) {
		err = (&fieldsReader{capture: c, report: report, flows: map[vagueKey]*flow{}}).read(in.Data)
	} else {
		err = (&tableReader{capture: c}).read(in.Data)
	}
	if err != nil {
		return nil, err
	}
	c.into(report, in)
	return report, nil
}

// fieldsReader follows conversations packet by packet.
type fieldsReader struct {
	*capture
	report *Report
	names  []string
	flows  map[vagueKey]*flow // by their ends, the lower one first
	order  []*flow
}

// flow is a conversation.
type flow struct {
	transport model.Transport
	from, to  netip.AddrPort // of the first packet, or of the opener once it is known
	known     bool           // who opened it
	answer    evidence.PortState
}

func (r *fieldsReader) read(data []byte) error {
	err := eachLine(data, func(line int, text []byte) error {
		values := strings.Split(string(text), "\t")
		if line == 1 {
			r.names = values
			return onLine(line, r.columns())
		}
		if len(values) != len(r.names) {
			return malformed(line, "the line has %d fields, not %d", len(values), len(r.names))
		}
		return onLine(line, r.packet(values))
	})
	if err != nil {
		return err
	}
	for _, f := range r.order {
		note := func() error { return r.opened(f.transport, f.from, f.to, f.answer, "") }
		if !f.known {
			note = func() error { return r.undecided(f.transport, f.from, f.to) }
		}
		if err := note(); err != nil {
			return err
		}
	}
	return nil
}

// columns wants what the fields need one another for.
func (r *fieldsReader) columns() error {
	for name, others := range map[string][]string{
		"ip.src": {"ip.dst"}, "ipv6.src": {"ipv6.dst"}, "tcp.srcport": {"tcp.dstport", "tcp.flags"}, "udp.srcport": {"udp.dstport"},
	} {
		for _, other := range others {
			if slices.Contains(r.names, name) && !slices.Contains(r.names, other) {
				return malformed(0, "the field %s is missing", other)
			}
		}
	}
	for n, name := range r.names {
		if slices.Contains(r.names[:n], name) {
			return malformed(0, "the field %s stands twice", clean(name))
		}
	}
	return nil
}

func (r *fieldsReader) packet(values []string) error {
	field := func(name string) string {
		if n := slices.Index(r.names, name); n >= 0 {
			return values[n]
		}
		return ""
	}
	src, dst := field("ip.src"), field("ip.dst")
	if src == "" {
		src, dst = field("ipv6.src"), field("ipv6.dst")
	}
	if seconds, err := strconv.ParseFloat(field("frame.time_epoch"), 64); err == nil && seconds > 0 && seconds < 1<<33 {
		within(r.report, time.Unix(int64(seconds), 0).UTC())
	}
	transport, from, to := model.Transport("tcp"), field("tcp.srcport"), field("tcp.dstport")
	if from == "" {
		transport, from, to = "udp", field("udp.srcport"), field("udp.dstport")
	}
	switch {
	case strings.Contains(src+dst+from+to, ","):
		r.unlike("packets with several headers")
		return nil
	case from == "" || src == "":
		r.unlike("packets other than TCP and UDP over IP")
		return nil
	}
	a, err := end(src, from)
	if err != nil {
		return err
	}
	b, err := end(dst, to)
	if err != nil {
		return err
	}
	if transport == "udp" {
		return r.datagram(a, b)
	}
	flags, err := strconv.ParseUint(strings.TrimPrefix(field("tcp.flags"), "0x"), 16, 16)
	if err != nil {
		return malformed(0, "%q is no value of tcp.flags", clean(field("tcp.flags")))
	}
	return r.segment(a, b, flags)
}

// of finds or begins the conversation of a packet.
func (r *fieldsReader) of(t model.Transport, a, b netip.AddrPort) (*flow, error) {
	key := vagueKey{t, a, b}
	if a.Compare(b) > 0 {
		key = vagueKey{t, b, a}
	}
	f := r.flows[key]
	if f == nil {
		f = &flow{transport: t, from: a, to: b, answer: evidence.PortFiltered}
		r.flows[key] = f
		r.order = append(r.order, f)
	}
	return f, counted(len(r.order))
}

func (r *fieldsReader) datagram(a, b netip.AddrPort) error {
	f, err := r.of("udp", a, b)
	if err != nil {
		return err
	}
	f.known = true
	if a == f.to {
		f.answer = evidence.PortUsed
	}
	return nil
}

// Flags of a TCP header, RFC 9293 section 3.1.
const (
	tcpSyn = 0x02
	tcpRst = 0x04
	tcpAck = 0x10
)

func (r *fieldsReader) segment(a, b netip.AddrPort, flags uint64) error {
	f, err := r.of("tcp", a, b)
	if err != nil {
		return err
	}
	switch {
	case flags&(tcpSyn|tcpAck) == tcpSyn && !f.known:
		f.from, f.to, f.known = a, b, true
	case flags&(tcpSyn|tcpAck) == tcpSyn|tcpAck:
		if !f.known {
			f.from, f.to, f.known = b, a, true
		}
		if a == f.to {
			f.answer = evidence.PortUsed
		}
	case flags&tcpRst != 0 && a == f.to && f.known && f.answer == evidence.PortFiltered:
		f.answer = evidence.PortClosed
	}
	return nil
}

// firstEphemeral is the first port that openers of connections take.
const firstEphemeral = 32768

// tableReader reads tables of conversations.
type tableReader struct {
	*capture
	transport model.Transport // of the table that is open; "" for one that is not compared
	inside    bool
}

func (r *tableReader) read(data []byte) error {
	err := eachLine(data, func(line int, text []byte) error {
		return onLine(line, r.line(string(bytes.TrimSpace(text))))
	})
	if err == nil && r.inside {
		return malformed(0, "the last table is not closed")
	}
	return err
}

func (r *tableReader) line(text string) error {
	title, isTitle := strings.CutSuffix(text, " Conversations")
	switch {
	case strings.HasPrefix(text, "===="):
		// A rule stands before and after each table.
		r.inside = !r.inside
	case !r.inside:
		return malformed(0, "something stands outside of the tables")
	case isTitle:
		r.transport = ""
		if title == "TCP" || title == "UDP" {
			r.transport = model.Transport(strings.ToLower(title))
		} else {
			r.unlike("table of " + title)
		}
	case strings.HasPrefix(text, "Filter:"):
		if filter := strings.TrimPrefix(text, "Filter:"); filter != "<No Filter>" {
			r.open("filter", clean("the table shows only what the filter "+filter+" let through"))
		}
	case strings.HasPrefix(text, "|"):
	case r.transport != "":
		return r.row(text)
	}
	return nil
}

// row reads a conversation: both ends, then packets and bytes to the left, to
// the right and together, start and duration.
func (r *tableReader) row(text string) error {
	left, rest, found := strings.Cut(text, "<->")
	right := strings.Fields(rest)
	right = slices.DeleteFunc(right, func(s string) bool { return s == "bytes" || s == "kB" || s == "MB" || s == "GB" })
	if !found || len(right) != 9 {
		return malformed(0, "the line is no conversation")
	}
	a, err := endOf(strings.TrimSpace(left))
	if err != nil {
		return err
	}
	b, err := endOf(right[0])
	if err != nil {
		return err
	}
	fromB, err := strconv.ParseUint(right[1], 10, 63)
	fromA, err2 := strconv.ParseUint(right[3], 10, 63)
	if err != nil || err2 != nil {
		return malformed(0, "%q or %q is no number of packets", clean(right[1]), clean(right[3]))
	}
	return r.conversation(a, b, fromA, fromB)
}

// endOf reads 192.0.2.1:80; of IPv6, the last colon stands before the port.
func endOf(text string) (netip.AddrPort, error) {
	n := strings.LastIndexByte(text, ':')
	if n < 0 {
		return netip.AddrPort{}, malformed(0, "%q is no address with a port", clean(text))
	}
	return end(strings.Trim(text[:n], "[]"), text[n+1:])
}

func (r *tableReader) conversation(a, b netip.AddrPort, fromA, fromB uint64) error {
	if a.Port() < firstEphemeral {
		a, b, fromA, fromB = b, a, fromB, fromA
	}
	if a.Port() < firstEphemeral || b.Port() >= firstEphemeral {
		return r.undecided(r.transport, a, b)
	}
	switch {
	case fromB == 0:
		return r.opened(r.transport, a, b, evidence.PortFiltered, "")
	case r.transport == "udp" || r.ours(a) || fromA > 3 && fromB > 3:
		return r.opened(r.transport, a, b, evidence.PortUsed, "")
	}
	return r.undecided(r.transport, a, b)
}
