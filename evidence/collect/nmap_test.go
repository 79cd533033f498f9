package collect

import (
	"fmt"
	"strings"
	"testing"

	"theriac/evidence"
)

func TestNmap(t *testing.T) { goldens(t, Find("nmap")) }

const nmapHead = `<nmaprun scanner="nmap" version="7.93" start="1795335201">`

const nmapTail = `<runstats><finished time="1795335203" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>`

func nmapHostOf(inside string) string {
	return `<host><status state="up"/><address addr="192.0.2.10" addrtype="ipv4"/>` + inside + `</host>`
}

func TestNmapRefuses(t *testing.T) {
	refusesAll(t, Find("nmap"), map[string]refusal{
		"empty":           {"", 0, "empty"},
		"not XML":         {"PORT STATE SERVICE\n", 2, "text outside"},
		"of another tool": {`<nmaprun scanner="masscan"/>`, 1, "not <nmaprun> of nmap"},
		"other root":      {"\n<a/>", 2, "not <nmaprun> of nmap"},
		"killed":          {nmapHead + "\n" + nmapHostOf(""), 2, "not well-formed"},
		"entity":          {`<!DOCTYPE nmaprun [<!ENTITY a "b">]>` + nmapHead + "</nmaprun>", 1, "declarations"},
		"port":            {nmapHead + "\n" + nmapHostOf(`<ports><port protocol="tcp" portid="70000"><state state="open"/></port></ports>`) + nmapTail, 2, `"70000" is no port`},
		"port in words":   {nmapHead + nmapHostOf(`<ports><port protocol="tcp" portid="ssh"><state state="open"/></port></ports>`) + nmapTail, 1, `"ssh" is no port`},
		"port not said":   {nmapHead + nmapHostOf(`<ports><port protocol="tcp"><state state="open"/></port></ports>`) + nmapTail, 1, "no port"},
		"no address":      {nmapHead + `<host><status state="up"/></host>` + nmapTail, 1, "no address"},
		"state":           {nmapHead + nmapHostOf(`<ports><port protocol="tcp" portid="22"><state state="ajar"/></port></ports>`) + nmapTail, 1, `"ajar" is no state`},
		"list of ports":   {nmapHead + `<scaninfo protocol="tcp" services="5-2"/>` + nmapTail, 1, "no list of ports"},
	})
}

// unsaid lists the checks of a report that are inconclusive.
func unsaid(r *Report) string {
	var ids []string
	for _, c := range r.Cases {
		if c.Outcome == evidence.Open {
			ids = append(ids, c.ID)
		}
	}
	return strings.Join(ids, ", ")
}

func TestNmapInconclusive(t *testing.T) {
	port := `<ports><port protocol="tcp" portid="22"><state state="open"/></port></ports>`
	for name, c := range map[string]struct{ text, want string }{
		"complete":      {nmapHead + nmapHostOf(port) + nmapTail, ""},
		"no end":        {nmapHead + nmapHostOf(port) + "</nmaprun>", "run"},
		"ended badly":   {nmapHead + nmapHostOf(port) + `<runstats><finished time="1" exit="error" errormsg="no route"/></runstats></nmaprun>`, "run"},
		"no host":       {nmapHead + nmapTail, "hosts"},
		"no ports":      {nmapHead + nmapHostOf("") + nmapTail, "host 192.0.2.10"},
		"given up":      {nmapHead + strings.Replace(nmapHostOf(port), "<host>", `<host timedout="true">`, 1) + nmapTail, "host 192.0.2.10"},
		"SCTP":          {nmapHead + nmapHostOf(port+`<ports><port protocol="sctp" portid="36412"><state state="open"/></port></ports>`) + nmapTail, "protocol sctp"},
		"script unsure": {nmapHead + nmapHostOf(port+`<hostscript><script id="x"><table key="CVE-1"><elem key="title">T</elem><elem key="state">UNKNOWN (unable to test)</elem></table></script></hostscript>`) + nmapTail, "x/CVE-1@192.0.2.10"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Find("nmap").Read(&Source{Data: []byte(c.text)})
			if err != nil {
				t.Fatal(err)
			}
			if got := unsaid(r); got != c.want {
				t.Errorf("inconclusive: %q, want %q", got, c.want)
			}
		})
	}
}

// Versions before 7.90 do not name the ports that they sum up.
func TestNmapSummedPorts(t *testing.T) {
	scan := `<scaninfo type="syn" protocol="tcp" numservices="65535" services="1-65535"/>`
	listed := `<port protocol="tcp" portid="2575"><state state="open"/></port>`
	for name, c := range map[string]struct {
		extra string
		want  int
	}{
		"one state":         {`<extraports state="closed" count="65534"/>`, 65535},
		"wrong count":       {`<extraports state="closed" count="65000"/>`, 1},
		"two states":        {`<extraports state="closed" count="65533"/><extraports state="filtered" count="1"/>`, 1},
		"named":             {`<extraports state="closed" count="3"><extrareasons reason="reset" count="3" proto="tcp" ports="1-2,4"/></extraports>`, 4},
		"nothing else":      {"", 1},
		"two states, named": {`<extraports state="closed" count="1"><extrareasons proto="tcp" ports="7"/></extraports><extraports state="filtered" count="1"><extrareasons proto="tcp" ports="9"/></extraports>`, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Find("nmap").Read(&Source{Data: []byte(nmapHead + scan + nmapHostOf("<ports>"+c.extra+listed+"</ports>") + nmapTail)})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Network) != c.want {
				t.Errorf("%d observations, want %d", len(r.Network), c.want)
			}
			for _, p := range r.Network {
				if (p.Port == 2575) != (p.State == evidence.PortOpen) {
					t.Fatalf("%+v", p)
				}
			}
		})
	}
}

func TestNmapRiskFactor(t *testing.T) {
	text := "VULNERABLE:\n  First\n    State: VULNERABLE\n    IDs:  CVE:CVE-1\n  \n  Second\n    State: VULNERABLE\n    Risk factor: Low\n"
	if got := riskFactor(text, "First"); got != unrated {
		t.Errorf("first: %q", got)
	}
	if got := riskFactor(text, "Second"); got != evidence.Low {
		t.Errorf("second: %q", got)
	}
	if got := riskFactor("Third State: VULNERABLE Risk factor: ", "Third"); got != unrated {
		t.Errorf("third: %q", got)
	}
}

func TestPorts(t *testing.T) {
	list, err := portsOf("1-3,5,9-10")
	if err != nil || list.count() != 6 {
		t.Fatal(list, err)
	}
	for port, want := range map[int]string{
		1: "[{2 3} {5 5} {9 10}]", 2: "[{1 1} {3 3} {5 5} {9 10}]", 5: "[{1 3} {9 10}]", 10: "[{1 3} {5 5} {9 9}]", 7: "[{1 3} {5 5} {9 10}]",
	} {
		if got := fmt.Sprint(list.without(map[int]bool{port: true})); got != want {
			t.Errorf("without %d: %s, want %s", port, got, want)
		}
	}
	if got := list.without(map[int]bool{1: true, 2: true, 3: true, 9: true, 10: true, 5: true}); got.count() != 0 {
		t.Errorf("without all: %v", got)
	}
	for _, text := range []string{"-", "1-", "3-1", "5,5", "2,1", "65536", "a", "1,,2", " 1"} {
		if _, err := portsOf(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func FuzzNmap(f *testing.F) { fuzzReader(f, Find("nmap"), "") }
