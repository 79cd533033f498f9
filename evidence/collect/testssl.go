package collect

import (
	"encoding/json"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/model"
)

// testssl.sh writes one JSON list of findings (--jsonfile), or an object with
// the findings sorted by target and section (--jsonfile-pretty). Findings are
// failures from medium on. OK passes. WARN says that a test could not be made,
// and is inconclusive; where it is about the tester's own OpenSSL and names no
// target it is counted as skipped. A run that was interrupted, or that lists
// severe findings only (--severity), is inconclusive.
//
// Sources: testssl.sh 3.0.8, its manual (JSON output, severities) and the
// functions fileout_*.
var _ = add(Collector{
	Name: "testssl", Title: "testssl.sh JSON (--jsonfile, --jsonfile-pretty)", Kind: "vulnerability-scan",
	Looks: func(_ string, head []byte) bool {
		h := headOf(head)
		if h.List {
			return h.has("id", "ip", "port", "severity", "finding")
		}
		return h.has("Invocation", "at", "openssl", "startTime")
	},
	Read: readTestSSL,
})

// testsslFinding is one test. The flat form has the target in it.
type testsslFinding struct {
	ID       string `json:"id"`
	IP       string `json:"ip"` // name/address; "/" for the tester itself
	Port     string `json:"port"`
	Severity string `json:"severity"`
	CVE      string `json:"cve"`
	CWE      string `json:"cwe"`
	Finding  string `json:"finding"`
}

func readTestSSL(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	r := testsslReader{
		report:  &Report{Tool: evidence.Tool{Name: "testssl.sh"}},
		found:   newFindings(limit(in, evidence.Medium)),
		targets: map[netip.AddrPort]bool{},
	}
	read := r.pretty
	if headOf(in.Data[:min(len(in.Data), HeadSize)]).List {
		read = r.flat
	}
	if err := read(in.Data); err != nil {
		return nil, err
	}
	return r.done()
}

type testsslReader struct {
	report   *Report
	found    *findings
	words    []string
	targets  map[netip.AddrPort]bool
	mild     bool // something below low was reported
	finished bool
}

func (r *testsslReader) flat(data []byte) error {
	var all []testsslFinding
	if err := decodeJSON(data, &all); err != nil {
		return err
	}
	for _, f := range all {
		name, ip, _ := strings.Cut(f.IP, "/")
		if f.ID == "scanTime" {
			// Seconds, or that it was interrupted.
			_, err := strconv.Atoi(f.Finding)
			r.finished = err == nil
			continue
		}
		if ip == "" {
			if err := r.take(f, "", nil); err != nil {
				return err
			}
			continue
		}
		at, err := target(ip, f.Port)
		if err != nil {
			return err
		}
		if err := r.take(f, at.String(), []string{name}); err != nil {
			return err
		}
		r.answered(f, at)
	}
	return nil
}

// testsslRun is the object of --jsonfile-pretty.
type testsslRun struct {
	Problems   []testsslFinding             `json:"clientProblem1"`
	Invocation string                       `json:"Invocation"`
	Version    string                       `json:"version"`
	Start      string                       `json:"startTime"`
	Results    []map[string]json.RawMessage `json:"scanResult"`
	Time       json.RawMessage              `json:"scanTime"`
}

func (r *testsslReader) pretty(data []byte) error {
	var run testsslRun
	if err := decodeJSON(data, &run); err != nil {
		return err
	}
	version, _, _ := strings.Cut(strings.TrimSpace(run.Version), " ")
	r.report.Tool.Version = clean(version)
	r.report.Started = epoch(run.Start)
	r.words = []string{run.Invocation}
	if seconds, err := strconv.Atoi(string(run.Time)); err == nil && seconds >= 0 && seconds < 1<<31 {
		r.finished = true
		if !r.report.Started.IsZero() {
			r.report.Finished = r.report.Started.Add(time.Duration(seconds) * time.Second)
		}
	}
	for _, f := range run.Problems {
		if err := r.take(f, "", nil); err != nil {
			return err
		}
	}
	for _, result := range run.Results {
		if err := r.result(result); err != nil {
			return err
		}
	}
	return nil
}

// result reads what was found of a target: a list of findings for each section
// of the tests. A target that could not be reached has one finding in its place.
func (r *testsslReader) result(result map[string]json.RawMessage) error {
	text := func(name string) (s string) {
		_ = json.Unmarshal(result[name], &s) // what is no text is not the one looked for
		return s
	}
	if _, alone := result["severity"]; alone {
		return r.take(testsslFinding{ID: text("id"), Severity: text("severity"), Finding: text("finding")}, "", nil)
	}
	at, err := target(text("ip"), text("port"))
	if err != nil {
		return err
	}
	words := []string{text("targetHost"), text("service")}
	for _, section := range slices.Sorted(maps.Keys(result)) {
		if raw := result[section]; raw[0] != '[' {
			continue
		}
		var all []testsslFinding
		if err := json.Unmarshal(result[section], &all); err != nil {
			return malformed(0, "%s of %s is no list of findings", clean(section), at)
		}
		for _, f := range all {
			if err := r.take(f, at.String(), append(words, section)); err != nil {
				return err
			}
			r.answered(f, at)
		}
	}
	return nil
}

// target reads the address and port that were tested.
func target(ip, port string) (netip.AddrPort, error) {
	addr, err := netip.ParseAddr(strings.Trim(ip, "[]"))
	n, err2 := strconv.ParseUint(port, 10, 16)
	if err != nil || err2 != nil || n == 0 {
		return netip.AddrPort{}, malformed(0, "%q is no address with a port", clean(ip+":"+port))
	}
	return netip.AddrPortFrom(addr, uint16(n)), nil
}

// answered notes a target that was talked to.
func (r *testsslReader) answered(f testsslFinding, at netip.AddrPort) {
	if f.Severity != "FATAL" && f.Severity != "WARN" {
		r.targets[at] = true
	}
}

// take notes a finding. Its id names the port and not the address, which is that
// of the test network.
func (r *testsslReader) take(f testsslFinding, at string, words []string) error {
	if f.ID == "" {
		return malformed(0, "a finding has no id")
	}
	c := Case{ID: f.ID, Title: clean(f.Finding), At: at, Items: cleanAll(slices.Concat([]string{f.ID, f.CVE, f.CWE}, r.words, words))}
	if at != "" {
		c.ID += "@tcp/" + at[strings.LastIndexByte(at, ':')+1:]
	}
	c.ID = clean(c.ID)
	switch f.Severity {
	case "LOW", "MEDIUM", "HIGH", "CRITICAL":
		c.Severity = severityOf(f.Severity)
		return r.found.found(c)
	case "INFO":
		r.mild = true
		c.Severity = evidence.Info
		return r.found.found(c)
	case "OK":
		r.mild = true
		c.Outcome = evidence.Pass
	case "FATAL":
		c.Outcome = evidence.Open
	case "WARN":
		c.Outcome = evidence.Open
		if at == "" {
			c.Outcome = evidence.Skips
		}
	case "DEBUG":
		c.Outcome = evidence.Skips
	default:
		return malformed(0, "%q of %q is no severity of testssl.sh", clean(f.Severity), c.ID)
	}
	r.report.Cases = append(r.report.Cases, c)
	return counted(len(r.report.Cases))
}

func (r *testsslReader) done() (*Report, error) {
	open := func(id, title string) {
		r.report.Cases = append(r.report.Cases, Case{ID: id, Title: title, Outcome: evidence.Open, Items: cleanAll(r.words)})
	}
	if !r.finished {
		open("run", "the scan was interrupted, or the report does not say that it ended")
	}
	if len(r.targets) == 0 {
		open("target", "no target was tested")
	} else if !r.mild {
		open("severity", "the report lists severe findings only: what else was tested is not known")
	}
	r.found.into(r.report)
	r.report.Details.Scan = &evidence.Scan{FailAt: r.found.FailAt, Findings: r.found.Counts}
	for _, at := range slices.SortedFunc(maps.Keys(r.targets), netip.AddrPort.Compare) {
		r.report.Network = append(r.report.Network, evidence.Port{
			Address: at.Addr().String(), Transport: model.Transport("tcp"), Port: int(at.Port()),
			Direction: evidence.Inbound, State: evidence.PortOpen, Service: "tls",
		})
	}
	return r.report, nil
}
