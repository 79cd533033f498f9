package threat

import (
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// memory is a store that raises the question of tampering, and others that it
// answers by stating its needs.
const memory = `
product: {name: Example, regulation: MDR, class: IIb}
zones:
  device: {title: Device, trust: device}
components:
  chip: {title: Library, type: soup, zone: device}
stores:
  memory: {title: Memory, component: chip, removable: false, holds: [order]}
assets:
  order: {title: Order, type: data, content: order, confidentiality: none, integrity: high, availability: none, personal-data: none}
`

func TestStatus(t *testing.T) {
	risk := "risks:\n  r: {title: R, threats: [th]}\n"
	for name, tt := range map[string]struct {
		threats string
		want    Status
		by      string
	}{
		"nothing answers":             {"", Open, ""},
		"another category":            {"threats:\n  th: {title: T, category: spoofing, targets: [memory]}\n" + risk, Open, ""},
		"another target":              {"threats:\n  th: {title: T, category: tampering, targets: [chip]}\n" + risk, Open, ""},
		"neither risk nor reason":     {"threats:\n  th: {title: T, category: tampering, targets: [memory]}\n", Undecided, "th"},
		"risk":                        {"threats:\n  th: {title: T, category: tampering, targets: [memory]}\n" + risk, AsRisk, "th"},
		"risk by name of the pattern": {"threats:\n  th: {title: T, category: misuse, targets: [memory], patterns: [store-tampering]}\n" + risk, AsRisk, "th"},
		"reason":                      {"threats:\n  th: {title: T, category: tampering, targets: [memory], not-applicable: It cannot be written.}\n", NotApplicable, "th"},
		"reason about something else": {"threats:\n  th: {title: T, category: tampering, targets: [memory], patterns: [usb-boot], not-applicable: It has no USB.}\n", Open, ""},
		"risk of something else":      {"threats:\n  th: {title: T, category: tampering, targets: [memory], patterns: [usb-boot]}\n" + risk, AsRisk, "th"},
		"reason by name of the pattern": {"threats:\n  th: {title: T, category: tampering, targets: [memory], patterns: [store-tampering], " +
			"not-applicable: It cannot be written.}\n", NotApplicable, "th"},
		"the best answer counts": {"threats:\n  a: {title: A, category: tampering, targets: [memory]}\n" +
			"  th: {title: T, category: tampering, targets: [memory]}\n" + risk, AsRisk, "a th"},
	} {
		d := Derive(load(t, memory+tt.threats), nil)
		found := d.Find("store-tampering.memory")
		if found == nil {
			t.Fatalf("%s: not derived", name)
		}
		var by []string
		for _, threat := range found.By {
			by = append(by, threat.ID)
		}
		if found.Status != tt.want || strings.Join(by, " ") != tt.by {
			t.Errorf("%s: %s by %v, want %s by %s", name, found.Status, by, tt.want, tt.by)
		}
		open := slices.Contains(d.Undispositioned(), found)
		if open == found.Status.Answered() {
			t.Errorf("%s: %s, and undispositioned is %v", name, found.Status, open)
		}
	}
}

// TestReopened: an answer stands only for the element as it was.
func TestReopened(t *testing.T) {
	const threats = `threats:
  a: {title: A, category: tampering, targets: [memory], not-applicable: It cannot be written.}
  b: {title: B, category: tampering, targets: [memory]}
risks:
  r: {title: R, threats: [b]}
`
	file := load(t, memory+threats)
	changedFor := func(ids ...string) Suspect {
		return func(t *model.Threat, e model.Element) bool {
			return model.Of(e).ID == "memory" && slices.Contains(ids, t.ID)
		}
	}
	for _, tt := range []struct {
		suspect Suspect
		want    Status
	}{
		{nil, AsRisk}, {changedFor("a"), AsRisk}, {changedFor("b"), NotApplicable}, {changedFor("a", "b"), Reopened},
	} {
		if got := Derive(file, tt.suspect).Find("store-tampering.memory").Status; got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// TestFlowByInterface: a base question about a flow is answered by a threat that
// aims at an interface on its way; a pattern about the flow itself is not.
func TestFlowByInterface(t *testing.T) {
	file := load(t, among(surroundings(t), Find("flow-tampering"), "from: ward-server\nto: daemon\nover: [i-lan]\ncarries: [order]\nmore:\n"+
		"  threats:\n    th: {title: T, category: tampering, targets: [i-lan]}\n  risks:\n    r: {title: R, threats: [th]}"))
	d := Derive(file, nil)
	if got := d.Find("flow-tampering.subject").Status; got != AsRisk {
		t.Errorf("base question: %s", got)
	}
	if got := d.Find("flow-disclosure.subject").Status; got != Open {
		t.Errorf("question of another category: %s", got)
	}
	for _, x := range d.Threats {
		if !x.Pattern.Base() && model.Of(x.Element).ID == "subject" && x.Status != Open {
			t.Errorf("%s: %s", x.ID(), x.Status)
		}
	}
}

// TestGrid: every element has a cell for every category, and each cell says
// something.
func TestGrid(t *testing.T) {
	file := load(t, surroundings(t))
	d := Derive(file, nil)
	n := 0
	for range elements(file) {
		n++
	}
	rows := d.Grid()
	if len(rows) != n {
		t.Fatalf("%d rows for %d elements", len(rows), n)
	}
	derived := 0
	for _, r := range rows {
		for i, c := range r.Cells {
			derived += len(c.Threats)
			if (len(c.Threats) == 0) != (c.Status == "") || c.Status == "" && c.Because == "" {
				t.Errorf("%s, %s: %+v", model.Label(r.Element), Categories()[i], c)
			}
		}
	}
	if derived != len(d.Threats) {
		t.Errorf("%d derived threats in the grid, %d in all", derived, len(d.Threats))
	}
}

// TestWorstInCell: one open threat makes the cell open.
func TestWorstInCell(t *testing.T) {
	file := load(t, among(surroundings(t), Find("store-disclosure"), "component: daemon\nremovable: false\nholds: [backup]\nmore:\n"+
		"  threats:\n    th: {title: T, category: disclosure, targets: [subject], not-applicable: It holds copies of public documents alone.}"))
	for _, r := range Derive(file, nil).Grid() {
		if model.Of(r.Element).ID != "subject" {
			continue
		}
		c := r.Cells[slices.Index(Categories(), "disclosure")]
		if len(c.Threats) < 2 || c.Status != Open {
			t.Errorf("cell with %d threats is %s", len(c.Threats), c.Status)
		}
		return
	}
	t.Fatal("no row")
}

// TestDeriveOnce: a derived threat is derived once, whatever the order of the
// file, and its id names it.
func TestDeriveOnce(t *testing.T) {
	d := Derive(load(t, surroundings(t)), nil)
	seen := map[string]bool{}
	for _, x := range d.Threats {
		if seen[x.ID()] {
			t.Errorf("%s is derived twice", x.ID())
		}
		seen[x.ID()] = true
		if d.Find(x.ID()) != x || len(x.Because()) == 0 && x.Pattern.When != "always" {
			t.Errorf("%s: not found by its id, or without reason", x.ID())
		}
	}
	if len(seen) < 100 {
		t.Errorf("%d derived threats", len(seen))
	}
}

// TestAssets: at stake is what the element bears, the pattern is about, and needs
// the protection that goes.
func TestAssets(t *testing.T) {
	file := load(t, among(surroundings(t), Find("store-tampering"), "component: daemon\nremovable: false\nholds: [command, patient, nothing, secret]"))
	for id, want := range map[string]string{
		"store-tampering.subject": "command patient secret", "store-disclosure.subject": "patient secret",
		"store-denial-of-service.subject": "command patient secret",
	} {
		var got []string
		for _, a := range Derive(file, nil).Find(id).Assets() {
			got = append(got, a.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", id, got, want)
		}
	}
}

func TestFamilies(t *testing.T) {
	for protocol, want := range map[string]string{
		"hl7-v2.5.1/mllp, IHE LAW profile": "hl7-v2", "fhir-r4 over HTTPS": "fhir http", "ntp-v4 with NTS": "time", "ntpv4": "time",
		"IEEE 802.11ax with 802.1X, EAP-TLS": "network-access", "astm-e1394/astm-e1381": "astm", "code128, gs1-datamatrix": "barcode",
		"iso-14443-4 with mutual challenge (AES)": "card", "can-fd with counters and aes-128-cmac": "field-bus",
		"graphical user interface": "", "vp4-service/3 over USB device class CDC-NCM": "usb-device", "syslog rfc5424 over tls rfc5425": "syslog",
		"est (RFC 7030) over HTTPS": "http enrolment", "tpm-2.0 over spi, salted and encrypted sessions": "field-bus tpm",
	} {
		if got := strings.Join(familiesOf(strings.ToLower(protocol)), " "); got != want {
			t.Errorf("%q: families %q, want %q", protocol, got, want)
		}
	}
}

func BenchmarkDerive(b *testing.B) {
	var l model.Loader
	file, _, err := l.Load(b.Context(), "../examples/infusion-pump")
	if err != nil {
		b.Fatal(err)
	}
	loaded()
	for b.Loop() {
		Derive(file, nil)
	}
}

// TestUntold: data that do not say what they are about may be about anything.
func TestUntold(t *testing.T) {
	silent := strings.Replace(memory, ", content: order", "", 1)
	d := Derive(load(t, silent), nil)
	told := Derive(load(t, memory), nil)
	assumed := 0
	for _, x := range d.Threats {
		switch known := told.Find(x.ID()); {
		case known != nil && x.Assumed != known.Assumed:
			t.Errorf("%s is assumed although its condition asks for no content", x.ID())
		case known == nil && (!x.Assumed || !x.Untold()):
			t.Errorf("%s fires, and nothing is assumed", x.ID())
		case known == nil:
			assumed++
		}
	}
	if assumed == 0 {
		t.Error("nothing fires because the data do not say what they are about")
	}
}

// TestNoProduct: without a product its facts are not known, and that is all.
func TestNoProduct(t *testing.T) {
	file := load(t, surroundings(t))
	file.Product = nil
	if d := Derive(file, nil); len(d.Threats) == 0 {
		t.Error("nothing is derived")
	}
}
