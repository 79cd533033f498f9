package collect

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/model"
)

// Zeek writes a line for each connection into conn.log, as TSV or as JSON. What
// became of it (conn_state) tells an accepted connection from one that was
// refused or not answered; where Zeek did not see the beginning (OTH), who
// opened it is not known. Of UDP, the opener is who sent first.
//
// Source: Zeek, base/protocols/conn (Conn::Info) and the ASCII writer.
var _ = add(Collector{
	Name: "zeek", Title: "Zeek conn.log (TSV, JSON)", Kind: "dynamic-analysis",
	Looks: func(_ string, head []byte) bool {
		if bytes.HasPrefix(head, []byte("#separator")) {
			return bytes.Contains(head, []byte("\n#path\tconn\n"))
		}
		h := headOf(head)
		return !h.List && h.has("id.orig_h", "id.resp_h", "proto", "conn_state")
	},
	Read: readZeek,
})

// zeekAnswers says what the responder made of a connection.
var zeekAnswers = map[string]evidence.PortState{
	"S0": evidence.PortFiltered, "SH": evidence.PortFiltered, "RSTOS0": evidence.PortFiltered,
	"REJ": evidence.PortClosed,
	"S1":  evidence.PortUsed, "SF": evidence.PortUsed, "S2": evidence.PortUsed, "S3": evidence.PortUsed,
	"RSTO": evidence.PortUsed, "RSTR": evidence.PortUsed, "RSTRH": evidence.PortUsed, "SHR": evidence.PortUsed,
}

// zeekConn is a connection.
type zeekConn struct {
	Time     zeekTime    `json:"ts"`
	From     string      `json:"id.orig_h"`
	FromPort json.Number `json:"id.orig_p"`
	To       string      `json:"id.resp_h"`
	ToPort   json.Number `json:"id.resp_p"`
	Protocol string      `json:"proto"`
	Service  string      `json:"service"`
	State    string      `json:"conn_state"`
}

// zeekTime is seconds since 1970, or RFC 3339 in JSON that is set so.
type zeekTime struct{ time.Time }

func (t *zeekTime) UnmarshalJSON(text []byte) error {
	s := strings.Trim(string(text), `"`)
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1<<33 {
		t.Time = time.Unix(int64(math.Floor(f)), 0).UTC()
	} else {
		t.Time = timeOf(s)
	}
	return nil
}

func readZeek(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	c, err := newCapture(in)
	if err != nil {
		return nil, err
	}
	r := zeekReader{capture: c, report: &Report{Tool: evidence.Tool{Name: "zeek"}}}
	if in.Data[0] == '#' {
		err = r.tsv(in.Data)
	} else {
		err = eachJSON(in.Data, func(line int, value json.RawMessage) error {
			var conn zeekConn
			if err := intoJSON(line, value, &conn); err != nil {
				return err
			}
			return onLine(line, r.take(&conn))
		})
	}
	if err != nil {
		return nil, err
	}
	c.into(r.report, in)
	return r.report, nil
}

type zeekReader struct {
	*capture
	report *Report
	fields []string // of the TSV form
	path   string
	closed bool
}

// tsv reads the form of the ASCII writer with its usual separators.
func (r *zeekReader) tsv(data []byte) error {
	err := eachLine(data, func(line int, text []byte) error {
		if len(text) > 0 && text[0] == '#' {
			return onLine(line, r.header(string(text)))
		}
		if r.closed {
			return malformed(line, "something follows the end of the log")
		}
		return onLine(line, r.row(strings.Split(string(text), "\t")))
	})
	if err == nil && !r.closed {
		r.open("log", "the log was not closed: it may not hold all connections")
	}
	return err
}

func (r *zeekReader) header(text string) error {
	name, value, _ := strings.Cut(text, "\t")
	switch {
	case strings.HasPrefix(text, "#separator") && text != `#separator \x09`:
		return malformed(0, "the separator is not a tab")
	case name == "#path" && value != "conn":
		return malformed(0, "the log is %q, not conn", clean(value))
	case name == "#path":
		r.path = value
	case name == "#fields":
		r.fields = strings.Split(value, "\t")
	case name == "#close":
		r.closed = true
	}
	return nil
}

func (r *zeekReader) row(values []string) error {
	if r.path == "" || len(r.fields) == 0 {
		return malformed(0, "a line stands before the header that names the log and its fields")
	}
	if len(values) != len(r.fields) {
		return malformed(0, "the line has %d fields, not %d", len(values), len(r.fields))
	}
	var conn zeekConn
	for n, name := range r.fields {
		value := values[n]
		if value == "-" || value == "(empty)" {
			continue
		}
		switch name {
		case "ts":
			_ = conn.Time.UnmarshalJSON([]byte(value))
		case "id.orig_h":
			conn.From = value
		case "id.orig_p":
			conn.FromPort = json.Number(value)
		case "id.resp_h":
			conn.To = value
		case "id.resp_p":
			conn.ToPort = json.Number(value)
		case "proto":
			conn.Protocol = value
		case "service":
			conn.Service = value
		case "conn_state":
			conn.State = value
		}
	}
	return r.take(&conn)
}

func (r *zeekReader) take(conn *zeekConn) error {
	from, err := end(conn.From, string(conn.FromPort))
	if err != nil {
		return err
	}
	to, err := end(conn.To, string(conn.ToPort))
	if err != nil {
		return err
	}
	within(r.report, conn.Time.Time)
	if conn.Protocol != "tcp" && conn.Protocol != "udp" {
		if conn.Protocol == "" {
			return malformed(0, "the connection does not state its protocol")
		}
		r.unlike("connections of " + conn.Protocol)
		return nil
	}
	answer, known := zeekAnswers[conn.State]
	switch {
	case known:
		return r.opened(model.Transport(conn.Protocol), from, to, answer, conn.Service)
	case conn.State == "OTH" || conn.State == "":
		return r.undecided(model.Transport(conn.Protocol), from, to)
	}
	return malformed(0, "%q is no state of a connection", clean(conn.State))
}

// within widens the time of a report by that of a packet.
func within(r *Report, t time.Time) {
	if t.IsZero() {
		return
	}
	if r.Started.IsZero() || t.Before(r.Started) {
		r.Started = t
	}
	if t.After(r.Finished) {
		r.Finished = t
	}
}
