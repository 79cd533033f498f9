package collect

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"

	"theriac/evidence"
	"theriac/model"
)

// Nmap writes one element for each host that answered, and sums up ports that
// had the same state; from 7.90 on it names those ports, and before that they
// follow from the ports that were scanned. A port that cannot be named is not
// reported. The service of a port counts only where nmap probed it: otherwise it
// is the one that is usual on that port.
//
// Scripts are judged by the tables of nmap's library vulns, which state whether
// a weakness is there; what other scripts print is not judged. A weakness whose
// risk factor is not stated is a failure, others are from medium on.
//
// Sources: nmap.dtd of nmap 7.93, nselib/vulns.lua, port states in chapter 15 of
// the Nmap reference guide.
var _ = add(Collector{
	Name: "nmap", Title: "nmap XML (-oX)", Kind: "vulnerability-scan",
	Looks: func(_ string, head []byte) bool {
		root, ok := rootXML(head)
		return ok && root.Name.Local == "nmaprun" && attribute(root, "scanner") == "nmap"
	},
	Read: readNmap,
})

func readNmap(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	r := nmapReader{x: newXML(in.Data), report: &Report{}, found: newFindings(limit(in, evidence.Medium)), scanned: map[string]ports{}, unsaid: map[string]bool{}}
	r.d = xml.NewTokenDecoder(r.x)
	for {
		token, err := r.d.Token()
		if err == io.EOF {
			return r.done()
		} else if err != nil {
			return nil, r.x.failed(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := r.start(start); err != nil {
				return nil, err
			}
		}
	}
}

// nmapReader reads host after host.
type nmapReader struct {
	x        *xmlTokens
	d        *xml.Decoder
	report   *Report
	found    *findings
	args     string
	scanned  map[string]ports // by protocol
	unsaid   map[string]bool  // of what was noted that it cannot be said
	up, down int              // hosts
	finished bool
}

func (r *nmapReader) start(e xml.StartElement) (err error) {
	if r.x.depth == 1 {
		return r.root(e)
	}
	switch e.Name.Local {
	case "scaninfo":
		protocol := attribute(e, "protocol")
		r.scanned[protocol], err = portsOf(attribute(e, "services"))
		return r.placed(err)
	case "host":
		return decodeOne(r, e, r.host)
	case "runstats":
		return decodeOne(r, e, r.end)
	}
	return nil
}

// decodeOne decodes an element and hands it over; what is wrong with it has the
// line on which it ends.
func decodeOne[T any](r *nmapReader, e xml.StartElement, take func(*T) error) error {
	var v T
	if err := r.d.DecodeElement(&v, &e); err != nil {
		return r.x.failed(err)
	}
	return r.placed(take(&v))
}

// placed gives a fault the line of the element that was read last.
func (r *nmapReader) placed(err error) error {
	if bad, ok := err.(*Malformed); ok && bad.Line == 0 {
		bad.Line = r.x.line()
	}
	return err
}

func (r *nmapReader) root(e xml.StartElement) error {
	if e.Name.Local != "nmaprun" || attribute(e, "scanner") != "nmap" {
		return malformed(r.x.line(), "the root element is not <nmaprun> of nmap")
	}
	r.report.Tool = evidence.Tool{Name: "nmap", Version: clean(attribute(e, "version"))}
	r.report.Started = epoch(attribute(e, "start"))
	r.args = attribute(e, "args")
	return nil
}

// nmapEnd closes a run that came to its end.
type nmapEnd struct {
	Finished struct {
		Time  string `xml:"time,attr"`
		Exit  string `xml:"exit,attr"`
		Error string `xml:"errormsg,attr"`
	} `xml:"finished"`
	Hosts struct {
		Down int `xml:"down,attr"`
	} `xml:"hosts"`
}

func (r *nmapReader) end(e *nmapEnd) error {
	r.report.Finished = epoch(e.Finished.Time)
	r.down = e.Hosts.Down
	// Versions before 5 do not state how they ended.
	r.finished = e.Finished.Time != "" && (e.Finished.Exit == "success" || e.Finished.Exit == "")
	if !r.finished {
		r.open("run", "the scan ended with an error: "+e.Finished.Error)
	}
	return nil
}

// nmapHost is a host that answered.
type nmapHost struct {
	TimedOut string `xml:"timedout,attr"`
	Status   struct {
		State string `xml:"state,attr"`
	} `xml:"status"`
	Addresses []struct {
		Address string `xml:"addr,attr"`
		Type    string `xml:"addrtype,attr"`
	} `xml:"address"`
	Names []struct {
		Name string `xml:"name,attr"`
	} `xml:"hostnames>hostname"`
	Ports   []nmapPort   `xml:"ports>port"`
	Summed  []nmapSummed `xml:"ports>extraports"`
	Scripts []nmapScript `xml:"hostscript>script"`
}

type nmapPort struct {
	Protocol string `xml:"protocol,attr"`
	Port     string `xml:"portid,attr"`
	State    struct {
		State string `xml:"state,attr"`
	} `xml:"state"`
	Service struct {
		Name    string `xml:"name,attr"`
		Product string `xml:"product,attr"`
		Version string `xml:"version,attr"`
		Tunnel  string `xml:"tunnel,attr"`
		Method  string `xml:"method,attr"`
	} `xml:"service"`
	Scripts []nmapScript `xml:"script"`
}

// nmapSummed are ports with the same state that are not listed one by one.
type nmapSummed struct {
	State   string `xml:"state,attr"`
	Count   int    `xml:"count,attr"`
	Reasons []struct {
		Protocol string `xml:"proto,attr"`
		Ports    string `xml:"ports,attr"`
	} `xml:"extrareasons"`
}

func (r *nmapReader) host(h *nmapHost) error {
	if h.Status.State == "down" {
		r.down++
		return nil
	}
	r.up++
	at, before := h.address(), len(r.report.Network)
	if at == "" {
		return malformed(0, "a host has no address")
	}
	if err := r.listed(h, at); err != nil {
		return err
	}
	if err := r.summed(h, at); err != nil {
		return err
	}
	for _, s := range h.Scripts {
		r.script(&s, at)
	}
	seen := len(r.report.Network) - before
	c := Case{ID: clean("host " + at), Title: fmt.Sprintf("%d ports of %s", seen, at), Outcome: evidence.Pass, At: at, Items: r.items(h)}
	switch {
	case h.TimedOut == "true":
		c.Outcome, c.Title = evidence.Open, "the scan of the host took too long and was given up"
	case seen == 0:
		c.Outcome, c.Title = evidence.Open, "no port of the host was looked at"
	}
	r.report.Cases = append(r.report.Cases, c)
	return counted(len(r.report.Cases))
}

// address is the network address of a host, not that of its network card.
func (h *nmapHost) address() string {
	for _, a := range h.Addresses {
		if a.Type == "ipv4" || a.Type == "ipv6" {
			return clean(a.Address)
		}
	}
	return ""
}

func (r *nmapReader) items(h *nmapHost) []string {
	words := []string{r.args}
	for _, n := range h.Names {
		words = append(words, n.Name)
	}
	return cleanAll(words)
}

// listed takes the ports that the report lists one by one.
func (r *nmapReader) listed(h *nmapHost, at string) error {
	for _, p := range h.Ports {
		port, err := strconv.ParseUint(p.Port, 10, 16)
		if err != nil {
			return malformed(0, "%q is no port", clean(p.Port))
		}
		if err := r.see(at, p.Protocol, int(port), p.State.State, p.service()); err != nil {
			return err
		}
		for _, s := range p.Scripts {
			r.script(&s, p.Protocol+"/"+p.Port)
		}
	}
	return nil
}

// service is what nmap found out by asking.
func (p *nmapPort) service() string {
	if p.Service.Method != "probed" {
		return ""
	}
	name := p.Service.Name
	if p.Service.Tunnel != "" {
		name = p.Service.Tunnel + "/" + name
	}
	return clean(name + " " + p.Service.Product + " " + p.Service.Version)
}

// portStates are nmap's states of a port. An unfiltered port (ACK scan) is not
// among them: it can be reached, and whether something listens was not asked.
var portStates = map[string]evidence.PortState{
	"open": evidence.PortOpen, "closed": evidence.PortClosed, "filtered": evidence.PortFiltered,
	"open|filtered": evidence.PortFiltered, "closed|filtered": evidence.PortFiltered,
}

// see notes the state of a port. Protocols other than TCP and UDP have no place
// in a security file.
func (r *nmapReader) see(at, protocol string, port int, state, service string) error {
	s, ok := portStates[state]
	switch {
	case !ok && state != "unfiltered":
		return malformed(0, "%q is no state of a port", clean(state))
	case protocol != "tcp" && protocol != "udp":
		r.open("protocol "+protocol, "ports of the protocol are not compared with interfaces")
		return nil
	case !ok:
		r.open(fmt.Sprintf("%s/%d", protocol, port), "the scan did not look whether something listens")
		return nil
	}
	r.report.Network = append(r.report.Network, evidence.Port{
		Address: at, Transport: model.Transport(protocol), Port: port, Direction: evidence.Inbound, State: s, Service: service,
	})
	return counted(len(r.report.Network))
}

// summed takes the ports that the report sums up.
func (r *nmapReader) summed(h *nmapHost, at string) error {
	named := false
	for _, s := range h.Summed {
		for _, reason := range s.Reasons {
			if reason.Ports == "" {
				continue
			}
			named = true
			list, err := portsOf(reason.Ports)
			if err != nil {
				return err
			}
			if err := r.seeAll(at, reason.Protocol, list, s.State); err != nil {
				return err
			}
		}
	}
	if named || len(h.Summed) != 1 || len(r.scanned) != 1 {
		return nil
	}
	return r.rest(h, at)
}

// rest names the ports that were scanned and are not listed, where they are as
// many as the report sums up.
func (r *nmapReader) rest(h *nmapHost, at string) error {
	listed := map[int]bool{}
	for _, p := range h.Ports {
		if port, err := strconv.Atoi(p.Port); err == nil {
			listed[port] = true
		}
	}
	for protocol, list := range r.scanned {
		list = list.without(listed)
		if list.count() == h.Summed[0].Count {
			return r.seeAll(at, protocol, list, h.Summed[0].State)
		}
	}
	return nil
}

func (r *nmapReader) seeAll(at, protocol string, list ports, state string) error {
	for _, span := range list {
		for port := span.from; port <= span.to; port++ {
			if err := r.see(at, protocol, port, state, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// open notes once that something cannot be said.
func (r *nmapReader) open(id, title string) {
	id = clean(id)
	if r.unsaid[id] {
		return
	}
	r.unsaid[id] = true
	r.report.Cases = append(r.report.Cases, Case{ID: id, Title: clean(title), Outcome: evidence.Open, Items: cleanAll([]string{r.args})})
}

func (r *nmapReader) done() (*Report, error) {
	switch {
	case r.up == 0:
		r.open("hosts", "no host answered")
	case r.down > 0:
		r.report.Cases = append(r.report.Cases, Case{ID: "hosts", Title: fmt.Sprintf("%d hosts did not answer", r.down), Outcome: evidence.Skips})
	}
	if !r.finished {
		r.open("run", "the report does not say that the scan was finished")
	}
	r.found.into(r.report)
	r.report.Details.Scan = &evidence.Scan{FailAt: r.found.FailAt, Findings: r.found.Counts}
	return r.report, nil
}

// epoch reads seconds since 1970; zero for what is none.
func epoch(text string) time.Time {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || n > 1<<33 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
