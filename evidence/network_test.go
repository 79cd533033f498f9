package evidence

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

const networkFile = `
product:
  name: Pump
zones:
  z-device: {title: Device, trust: device}
  z-cloud: {title: Cloud, trust: managed}
components:
  co-pump: {title: Pump, type: hardware, zone: z-device}
  co-gateway: {title: Gateway, type: hardware, part-of: co-pump}
  co-cloud: {title: Cloud, type: cloud, zone: z-cloud}
interfaces:
  if-wifi: {title: Link, component: co-gateway, medium: wifi, exposure: local, purpose: infrastructure}
  if-usb: {title: USB, component: co-gateway, medium: usb, exposure: physical}
  if-hl7: {title: Orders, component: co-gateway, medium: ethernet, transport: tcp, port: 2575, direction: in, exposure: site}
  if-telnet: {title: Old shell, component: co-gateway, medium: ethernet, transport: tcp, port: 23, direction: in, exposure: site, state: disabled}
  if-ssh: {title: Service shell, component: co-gateway, medium: ethernet, transport: tcp, port: 22, direction: in, exposure: site, state: service-only}
  if-web: {title: Status page, component: co-gateway, medium: ethernet, transport: tcp, port: 8443, direction: in, exposure: site, state: optional}
  if-web-old: {title: Old status page, component: co-gateway, medium: ethernet, transport: tcp, port: 2575, direction: in, exposure: site, state: disabled}
  if-syslog: {title: Log, component: co-gateway, medium: ethernet, transport: tcp, port: 6514, direction: out, exposure: site}
  if-ntp: {title: Time, component: co-gateway, medium: ethernet, transport: udp, port: 123, direction: out, exposure: site, state: disabled}
  if-peer: {title: Peer, component: co-gateway, medium: ethernet, transport: udp, port: 7000, direction: both, exposure: site}
  if-bus: {title: Bus, component: co-pump, medium: ethernet, transport: tcp, port: 9100, direction: in, exposure: internal}
  if-side: {title: No direction, component: co-pump, medium: ethernet, transport: tcp, port: 9200, exposure: site}
  if-portal: {title: Portal, component: co-cloud, medium: virtual, transport: tcp, port: 443, direction: in, exposure: internet}
`

func loadFile(t *testing.T, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, _, err := new(model.Loader).Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if f.Incomplete() || len(f.Interfaces) == 0 {
		t.Fatal("the security file was not read")
	}
	return f
}

// observed reads in/tcp/23=open.
func observed(t *testing.T, text string) Port {
	t.Helper()
	p, err := parseObserved(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parseObserved(text string) (Port, error) {
	socket, state, _ := strings.Cut(text, "=")
	direction, rest, _ := strings.Cut(socket, "/")
	transport, port, ok := model.ListenAt(rest)
	if !ok {
		return Port{}, fmt.Errorf("%q is no observation", text)
	}
	return Port{Address: "192.0.2.10", Direction: Direction(direction), Transport: transport, Port: port, State: PortState(state)}, nil
}

func TestCompare(t *testing.T) {
	f := loadFile(t, networkFile)
	for name, c := range map[string]struct {
		seen []string
		want []string // verdict, interface, part of the reason
	}{
		"listener as declared":           {[]string{"in/tcp/2575=open"}, []string{"expected if-hl7 tcp/2575 is open, as interface", "inconclusive if-web-old which another interface declares"}},
		"traffic as declared":            {[]string{"in/tcp/2575=used"}, []string{"expected if-hl7 tcp/2575 of the device is in use", "inconclusive if-web-old another"}},
		"declared listener is closed":    {[]string{"in/tcp/2575=closed"}, []string{"absent if-hl7 is declared to listen", "expected if-web-old disabled"}},
		"no answer":                      {[]string{"in/tcp/2575=filtered"}, []string{"inconclusive if-hl7 gave no answer", "inconclusive if-web-old gave no answer"}},
		"open though disabled":           {[]string{"in/tcp/23=open"}, []string{"unexpected if-telnet declared disabled"}},
		"closed and disabled":            {[]string{"in/tcp/23=closed"}, []string{"expected if-telnet tcp/23 is closed, as interface \"if-telnet\" is declared: disabled"}},
		"open in service mode":           {[]string{"in/tcp/22=open"}, []string{"inconclusive if-ssh declared service-only"}},
		"closed outside service mode":    {[]string{"in/tcp/22=closed"}, []string{"expected if-ssh service-only"}},
		"optional and open":              {[]string{"in/tcp/8443=open"}, []string{"inconclusive if-web declared optional"}},
		"open and not declared":          {[]string{"in/tcp/4444=open"}, []string{"unexpected - tcp/4444 is open, and no interface declares it"}},
		"server is not the device":       {[]string{"in/tcp/443=open"}, []string{"unexpected - no interface declares it"}},
		"same port, other transport":     {[]string{"in/udp/2575=open"}, []string{"unexpected - udp/2575"}},
		"closed and not declared":        {[]string{"in/tcp/4444=closed"}, nil},
		"silent and not declared":        {[]string{"in/udp/4444=filtered", "in/udp/4445=filtered"}, []string{"inconclusive - udp/4444, or more"}},
		"listens, declared as out":       {[]string{"in/tcp/6514=open"}, []string{"unexpected if-syslog declares the other direction"}},
		"closed, declared as out":        {[]string{"in/tcp/6514=closed"}, nil},
		"connects as declared":           {[]string{"out/tcp/6514=used"}, []string{"expected if-syslog the device connects to tcp/6514"}},
		"connects though disabled":       {[]string{"out/udp/123=used"}, []string{"unexpected if-ntp disabled"}},
		"connects, declared as in":       {[]string{"out/tcp/8443=used"}, []string{"unexpected if-web declares the other direction"}},
		"connects and not declared":      {[]string{"out/tcp/4444=used"}, []string{"unexpected - the device connects to tcp/4444, and no interface declares it"}},
		"either side":                    {[]string{"in/udp/7000=open", "out/udp/7000=used"}, []string{"expected if-peer is open", "expected if-peer connects"}},
		"direction not stated":           {[]string{"in/tcp/9200=open"}, []string{"inconclusive if-side does not state its direction"}},
		"direction not stated, closed":   {[]string{"in/tcp/9200=closed"}, []string{"inconclusive if-side does not state its direction"}},
		"many peers":                     {[]string{"out/tcp/6514=used", "out/tcp/6514=used"}, []string{"expected if-syslog connects"}},
		"state of a peer says nothing":   {[]string{"out/tcp/4444=closed"}, nil},
		"internal port seen from inside": {[]string{"in/tcp/9100=open"}, []string{"expected if-bus tcp/9100"}},
	} {
		t.Run(name, func(t *testing.T) {
			var seen []Port
			for _, s := range c.seen {
				seen = append(seen, observed(t, s))
			}
			all := Compare(f, seen)
			var got []Exposure
			for _, x := range all {
				if x.Seen() {
					got = append(got, x)
				}
			}
			expectExposures(t, got, c.want)
			if again := Compare(f, Telling(f, seen)); fmt.Sprint(texts(again)) != fmt.Sprint(texts(all)) {
				t.Errorf("with less told:\n%v\nin full:\n%v", texts(again), texts(all))
			}
		})
	}
}

func texts(all []Exposure) []string {
	var lines []string
	for _, x := range all {
		id := "-"
		if x.Interface != nil {
			id = x.Interface.ID
		}
		lines = append(lines, fmt.Sprintf("%s %s %s", x.Verdict, id, x.Reason))
	}
	return lines
}

func expectExposures(t *testing.T, got []Exposure, want []string) {
	t.Helper()
	lines := texts(got)
	if len(lines) != len(want) {
		t.Fatalf("got %q, want %q", lines, want)
	}
	for n, w := range want {
		parts := strings.SplitN(w, " ", 3)
		if !strings.HasPrefix(lines[n], parts[0]+" "+parts[1]+" ") || !strings.Contains(lines[n], parts[2]) {
			t.Errorf("got %q, want %q", lines[n], w)
		}
	}
}

func TestCompareNamesWhatWasNotLookedAt(t *testing.T) {
	f := loadFile(t, networkFile)
	all := Compare(f, []Port{observed(t, "in/tcp/2575=open")})
	var unseen []string
	for _, x := range all {
		if !x.Seen() {
			if x.Verdict != Unsure || x.ID != x.Interface.ID || !strings.Contains(x.Reason, "was not looked at") {
				t.Errorf("%+v", x)
			}
			unseen = append(unseen, x.ID)
		}
	}
	if want := []string{"if-telnet", "if-ssh", "if-web", "if-syslog", "if-ntp", "if-peer", "if-side"}; !slices.Equal(unseen, want) {
		t.Errorf("got %v, want %v", unseen, want)
	}
	if got := Touched(all); !slices.Equal(got, []string{"if-hl7", "if-web-old"}) {
		t.Errorf("touched %v", got)
	}
}

func TestCompareParts(t *testing.T) {
	f := loadFile(t, networkFile)
	seen := []Port{observed(t, "in/tcp/443=open"), observed(t, "in/tcp/9200=closed")}
	all := Compare(f, seen, f.Lookup("co-cloud").(*model.Component))
	if got := texts(all); len(got) != 1 || !strings.HasPrefix(got[0], "expected if-portal") {
		t.Errorf("of the cloud: %q", got)
	}
	all = Compare(f, seen, f.Lookup("if-hl7").(*model.Interface))
	if got := texts(all); !strings.HasPrefix(got[0], "unexpected - tcp/443") {
		t.Errorf("of the pump: %q", got)
	}
	if got := Touched(all); !slices.Equal(got, []string{"if-side"}) {
		t.Errorf("an interface of the whole was touched, got %v", got)
	}
}

func TestCompareVagueInterface(t *testing.T) {
	f := loadFile(t, networkFile+"  if-vague: {title: Vague, component: co-pump, medium: ethernet, direction: in, exposure: site}\n")
	expectExposures(t, Compare(f, []Port{observed(t, "in/tcp/4444=open"), observed(t, "out/tcp/4444=used")})[:2],
		[]string{"inconclusive - which may be interface \"if-vague\"", "unexpected - the device connects"})
	all := Compare(f, nil)
	last := all[len(all)-1]
	if last.ID != "if-vague" || !strings.Contains(last.Reason, "does not state its transport and port") {
		t.Errorf("%+v", last)
	}
}

func TestExposureIDs(t *testing.T) {
	f := loadFile(t, networkFile)
	all := Compare(f, []Port{observed(t, "in/tcp/4444=open"), observed(t, "out/udp/123=used")})
	var ids []string
	for _, x := range all[:2] {
		ids = append(ids, x.ID)
	}
	if !slices.Equal(ids, []string{"in/tcp/4444", "out/udp/123"}) {
		t.Errorf("got %v", ids)
	}
}
