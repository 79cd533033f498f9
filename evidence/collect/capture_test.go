package collect

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"theriac/evidence"
)

const device = "192.0.2.10"

func captures(t *testing.T, name string) {
	t.Helper()
	for _, path := range inputs(t, name) {
		t.Run(path, func(t *testing.T) {
			in := source(t, path)
			in.Device = device
			report, err := Find(name).Read(in)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, path, report)
		})
	}
}

func TestTShark(t *testing.T) { captures(t, "tshark") }
func TestZeek(t *testing.T)   { captures(t, "zeek") }

func TestCaptureNeedsTheDevice(t *testing.T) {
	for _, path := range []string{"tshark/fields.tsv", "tshark/conversations.txt", "zeek/conn.log", "zeek/conn.json"} {
		name, _, _ := strings.Cut(path, "/")
		in := source(t, path)
		if _, err := Find(name).Read(in); !errors.Is(err, ErrDevice) {
			t.Errorf("%s: %v", path, err)
		}
		in.Device = "pump.example"
		if _, err := Find(name).Read(in); err == nil || !strings.Contains(err.Error(), "address of the device") {
			t.Errorf("%s: %v", path, err)
		}
		in.Device = "192.0.2.99, fd00::1"
		r, err := Find(name).Read(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Network) != 0 || unsaid(r) != "device" {
			t.Errorf("%s: a device that took no part: %q %v", path, unsaid(r), r.Network)
		}
	}
}

// The forms of one capture say the same, each as far as it can.
func TestCaptureFormsAgree(t *testing.T) {
	seen := map[string]map[string]evidence.PortState{}
	for _, path := range []string{"tshark/fields.tsv", "tshark/conversations.txt", "zeek/conn.log", "zeek/conn.json"} {
		name, _, _ := strings.Cut(path, "/")
		in := source(t, path)
		in.Device = device
		r, err := Find(name).Read(in)
		if err != nil {
			t.Fatal(err)
		}
		seen[path] = map[string]evidence.PortState{}
		for _, p := range r.Network {
			seen[path][fmt.Sprintf("%s/%s/%d", p.Direction, p.Transport, p.Port)] = p.State
		}
	}
	full := seen["tshark/fields.tsv"]
	want := map[string]evidence.PortState{
		"in/tcp/2575": evidence.PortUsed, "in/tcp/22": evidence.PortClosed, "in/tcp/23": evidence.PortUsed, "in/tcp/6514": evidence.PortFiltered,
		"in/udp/123": evidence.PortUsed, "out/tcp/2576": evidence.PortUsed, "out/tcp/443": evidence.PortUsed, "out/tcp/40001": evidence.PortUsed,
		"out/udp/123": evidence.PortUsed, "out/udp/5353": evidence.PortUsed,
	}
	if fmt.Sprint(full) != fmt.Sprint(want) {
		t.Errorf("fields: %v, want %v", full, want)
	}
	for path, ports := range seen {
		if len(ports) < 5 {
			t.Errorf("%s: only %v", path, ports)
		}
		for port, state := range ports {
			if want[port] != state {
				t.Errorf("%s: %s is %s, want %s", path, port, state, want[port])
			}
		}
	}
}

const fieldsHead = "ip.src\tip.dst\ttcp.srcport\ttcp.dstport\ttcp.flags\tudp.srcport\tudp.dstport\n"

func TestTSharkFlags(t *testing.T) {
	to := "192.0.2.20\t192.0.2.10\t40000\t2575\t%s\t\t\n"
	back := "192.0.2.10\t192.0.2.20\t2575\t40000\t%s\t\t\n"
	for name, c := range map[string]struct{ rows, want string }{
		"accepted":                {fmt.Sprintf(to+back, "0x0002", "0x0012"), "in tcp/2575 used"},
		"refused":                 {fmt.Sprintf(to+back, "0x0002", "0x0014"), "in tcp/2575 closed"},
		"not answered":            {fmt.Sprintf(to+to, "0x0002", "0x0002"), "in tcp/2575 filtered"},
		"accepted, then reset":    {fmt.Sprintf(to+back+back, "0x0002", "0x0012", "0x0004"), "in tcp/2575 used"},
		"opening not captured":    {fmt.Sprintf(back, "0x0012"), "in tcp/2575 used"},
		"beginning not captured":  {fmt.Sprintf(to+back, "0x0010", "0x0018"), "? undecided"},
		"device opens":            {"192.0.2.10\t192.0.2.20\t40000\t443\t0x0002\t\t\n", "out tcp/443 used"},
		"congestion flags":        {fmt.Sprintf(to+back, "0x00c2", "0x0052"), "in tcp/2575 used"},
		"of others":               {"192.0.2.20\t192.0.2.30\t40000\t443\t0x0002\t\t\n", "? device"},
		"datagram":                {"192.0.2.20\t192.0.2.10\t\t\t\t5000\t123\n", "in udp/123 filtered"},
		"datagrams both ways":     {"192.0.2.20\t192.0.2.10\t\t\t\t5000\t123\n192.0.2.10\t192.0.2.20\t\t\t\t123\t5000\n", "in udp/123 used"},
		"several headers":         {"192.0.2.20,192.0.2.10\t192.0.2.10,192.0.2.20\t\t\t\t5000\t123\n" + fmt.Sprintf(to, "0x0002"), "in tcp/2575 filtered"},
		"undecided, known before": {fmt.Sprintf(to+back, "0x0002", "0x0012") + "192.0.2.20\t192.0.2.10\t40001\t2575\t0x0010\t\t\n", "in tcp/2575 used"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Find("tshark").Read(&Source{Data: []byte(fieldsHead + c.rows), Device: device})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, p := range r.Network {
				got += fmt.Sprintf("%s %s/%d %s", p.Direction, p.Transport, p.Port, p.State)
			}
			if open := unsaid(r); open != "" {
				got += "? " + strings.TrimPrefix(open, "device, ")
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTSharkTable(t *testing.T) {
	table := "====\nTCP Conversations\nFilter:<No Filter>\n   | <- |\n%s\n====\n"
	for name, c := range map[string]struct{ row, want string }{
		"accepted":              {"192.0.2.20:55578 <-> 192.0.2.10:2575 5 384 bytes 5 339 bytes 10 723 bytes 0.0 0.1", "in 2575 used"},
		"the other way round":   {"192.0.2.10:2575 <-> 192.0.2.20:55578 5 384 bytes 5 339 bytes 10 723 bytes 0.0 0.1", "in 2575 used"},
		"without units":         {"192.0.2.20:55578 <-> 192.0.2.10:2575 5 384 5 339 10 723 0.0 0.1", "in 2575 used"},
		"refused, perhaps":      {"192.0.2.20:55578 <-> 192.0.2.10:22 3 162 bytes 3 222 bytes 6 384 bytes 0.0 0.1", "undecided"},
		"not answered":          {"192.0.2.20:55578 <-> 192.0.2.10:22 0 0 bytes 3 222 bytes 3 222 bytes 0.0 0.1", "in 22 filtered"},
		"device opens":          {"192.0.2.10:55578 <-> 192.0.2.20:443 1 54 bytes 1 74 bytes 2 128 bytes 0.0 0.1", "out 443 used"},
		"both ports high":       {"192.0.2.10:55578 <-> 192.0.2.20:40001 9 54 bytes 9 74 bytes 18 128 bytes 0.0 0.1", "undecided"},
		"both ports low":        {"192.0.2.10:1023 <-> 192.0.2.20:514 9 54 bytes 9 74 bytes 18 128 bytes 0.0 0.1", "undecided"},
		"IPv6 of another, left": {"fd00::1:55578 <-> fd00::2:443 9 54 bytes 9 74 bytes 18 128 bytes 0.0 0.1", "device"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Find("tshark").Read(&Source{Data: fmt.Appendf(nil, table, c.row), Device: device})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimPrefix(unsaid(r), "device, ")
			for _, p := range r.Network {
				got += fmt.Sprintf("%s %d %s", p.Direction, p.Port, p.State)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTSharkRefuses(t *testing.T) {
	table := "====\nTCP Conversations\nFilter:<No Filter>\n"
	refusesAll(t, Find("tshark"), map[string]refusal{
		"empty":           {"", 0, "empty"},
		"other text":      {"hello\n", 1, "neither"},
		"missing flags":   {"ip.src\tip.dst\ttcp.srcport\ttcp.dstport\n", 1, "tcp.flags is missing"},
		"missing end":     {"ip.src\tudp.srcport\tudp.dstport\n", 1, "ip.dst is missing"},
		"twice":           {"ip.src\tip.src\tip.dst\tudp.srcport\tudp.dstport\n", 1, "stands twice"},
		"few fields":      {fieldsHead + "192.0.2.1\n", 2, "1 fields, not 7"},
		"flags":           {fieldsHead + "192.0.2.20\t192.0.2.10\t40000\t2575\tSYN\t\t\n", 2, "tcp.flags"},
		"names":           {fieldsHead + "ward\t192.0.2.10\t40000\t2575\t0x0002\t\t\n", 2, "names are not read"},
		"port":            {fieldsHead + "192.0.2.20\t192.0.2.10\t40000\t99999\t0x0002\t\t\n", 2, "no address with a port"},
		"cut line":        {fieldsHead + "192.0.2.20\t192.0.2.10", 2, "middle of a line"},
		"table not ended": {table + "192.0.2.20:55578 <-> 192.0.2.10:2575 5 3 5 3 10 7 0.0 0.1\n", 0, "not closed"},
		"no conversation": {table + "hello\n====\n", 4, "no conversation"},
		"service names":   {table + "192.0.2.20:55578 <-> 192.0.2.10:https 5 3 5 3 10 7 0.0 0.1\n====\n", 4, "names are not read"},
		"packets":         {table + "192.0.2.20:55578 <-> 192.0.2.10:443 x 3 5 3 10 7 0.0 0.1\n====\n", 4, "number of packets"},
		"between tables":  {table + "====\nhello\n", 5, "outside"},
	})
}

func TestZeekRefuses(t *testing.T) {
	head := "#separator \\x09\n#path\tconn\n#fields\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\n"
	refusesAll(t, Find("zeek"), map[string]refusal{
		"empty":         {"", 0, "empty"},
		"other log":     {"#separator \\x09\n#path\tdns\n", 2, "not conn"},
		"separator":     {"#separator ,\n", 1, "not a tab"},
		"no header":     {"#x\n1\t2\n", 2, "before the header"},
		"few fields":    {head + "192.0.2.20\t1\n", 4, "2 fields, not 6"},
		"state":         {head + "192.0.2.20\t1\t192.0.2.10\t2\ttcp\tFINE\n", 4, `"FINE"`},
		"protocol":      {head + "192.0.2.20\t1\t192.0.2.10\t2\t-\tSF\n", 4, "protocol"},
		"no address":    {head + "-\t1\t192.0.2.10\t2\ttcp\tSF\n", 4, "no address"},
		"after the end": {head + "#close\tnow\n192.0.2.20\t1\t192.0.2.10\t2\ttcp\tSF\n", 5, "follows the end"},
		"cut":           {head + "192.0.2.20", 4, "middle of a line"},
		"JSON, cut":     {`{"id.orig_h":`, 1, "ends in the middle"},
		"JSON, port":    {"\n" + `{"id.orig_h":"192.0.2.1","id.orig_p":-1,"id.resp_h":"192.0.2.2","id.resp_p":2,"proto":"tcp","conn_state":"SF"}`, 2, "no address"},
	})
}

// Each state of the documentation of Conn::Info, for a connection to the device.
func TestZeekStates(t *testing.T) {
	line := `{"id.orig_h":"192.0.2.20","id.orig_p":40000,"id.resp_h":"192.0.2.10","id.resp_p":2575,"proto":"tcp","conn_state":"%s","ts":"2026-11-22T08:22:39.5Z"}`
	for state, want := range map[string]string{
		"S0": "filtered", "S1": "used", "SF": "used", "REJ": "closed", "S2": "used", "S3": "used", "RSTO": "used", "RSTR": "used",
		"RSTOS0": "filtered", "RSTRH": "used", "SH": "filtered", "SHR": "used", "OTH": "",
	} {
		r, err := Find("zeek").Read(&Source{Data: fmt.Appendf(nil, line, state), Device: device})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range r.Network {
			got += string(p.State)
		}
		if got != want || (want == "") != (unsaid(r) != "") || r.Started.Format("15:04:05") != "08:22:39" {
			t.Errorf("%s: %q, want %q; inconclusive %q; began %s", state, got, want, unsaid(r), r.Started)
		}
	}
}

func FuzzTShark(f *testing.F) { fuzzReader(f, Find("tshark"), device) }
func FuzzZeek(f *testing.F)   { fuzzReader(f, Find("zeek"), device) }
