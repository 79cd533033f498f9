package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"theriac/model"
)

// TestMUDFitsItsSchema: the descriptions of the examples, of a small device and of a
// hostile file are of the form that docs/schema/mud.schema.json lays down.
func TestMUDFitsItsSchema(t *testing.T) {
	schema := mudSchema(t)
	policies := map[string]*Policy{"device": Compile(load(t, filepath.Join("testdata", "device"))), "hostile": hostile(t)}
	for _, name := range examples {
		policies[name] = Compile(example(t, name))
	}
	for name, p := range policies {
		text, err := p.MUD(updated, p.MUDURL())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := fits(t, schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		checkMUD(t, name, text)
	}
}

// TestMUDSchemaRefuses: the schema finds what is wrong.
func TestMUDSchemaRefuses(t *testing.T) {
	schema := mudSchema(t)
	p := Compile(load(t, filepath.Join("testdata", "device")))
	text, err := p.MUD(updated, p.MUDURL())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{`"mud-version": 1`, `"mud-version": 2`},
		{`"mud-url": "https:`, `"mud-url": "http:`},
		{`"is-supported": true,`, ``},
		{`"cache-validity": 48`, `"cache-validity": 0`},
		{`"last-update": "2026-11-22T`, `"last-update": "22.11.2026 `},
		{`"type": "ipv4-acl-type"`, `"type": "ipv6-acl-type"`},
		{`"protocol": 6`, `"protocol": 47`},
		{`"port": 2575`, `"port": 0`},
		{`"ietf-mud:direction-initiated": "to-device",`, ``},
		{`"udp": {`, `"udp": { "ietf-mud:direction-initiated": "to-device",`},
		{`"forwarding": "accept"`, `"forwarding": "drop"`},
		{`"name": "from-device-ipv4"`, `"name": ""`},
		{`"ietf-acldns:dst-dnsname": "broker.works.example"`, `"ietf-acldns:dst-dnsname": "two words"`},
	} {
		if !bytes.Contains(text, []byte(c[0])) {
			t.Errorf("the description does not hold %s", c[0])
			continue
		}
		if err := fits(t, schema, bytes.Replace(text, []byte(c[0]), []byte(c[1]), 1)); err == nil {
			t.Errorf("%q in the place of %q is not refused", c[1], c[0])
		}
	}
}

func mudSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "docs", "schema", "mud.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mud.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("mud.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func fits(t testing.TB, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(doc)
}

// checkMUD holds a description to what RFC 8520 and RFC 8519 say and no schema can:
// lists that policies name exist and are named once, names in a list are unique,
// packets of both ways mirror each other, and addresses are of the family.
func checkMUD(t testing.TB, name string, text []byte) {
	t.Helper()
	var f mudFile
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	acls, named := map[string]mudACL{}, map[string]mudWay{}
	for _, a := range f.ACLs.ACL {
		if _, twice := acls[a.Name]; twice {
			t.Errorf("%s: two lists %s", name, a.Name)
		}
		acls[a.Name] = a
	}
	for way, p := range map[mudWay]mudPolicy{fromDevice: f.MUD.From, toDevice: f.MUD.To} {
		for _, l := range p.Lists.List {
			if _, ok := acls[l.Name]; !ok || named[l.Name] != "" {
				t.Errorf("%s: list %s is named by %s, and missing or named twice", name, l.Name, way)
			}
			named[l.Name] = way
		}
	}
	if len(named) != len(acls) {
		t.Errorf("%s: %d lists of %d are used", name, len(named), len(acls))
	}
	mirror := map[string]int{}
	for _, a := range f.ACLs.ACL {
		seen := map[string]bool{}
		for _, e := range a.ACEs.ACE {
			if seen[e.Name] {
				t.Errorf("%s: two entries %s in %s", name, e.Name, a.Name)
			}
			seen[e.Name] = true
			mirror[a.Type+" "+mudFlow(t, named[a.Name], e)] += map[mudWay]int{fromDevice: 1, toDevice: -1}[named[a.Name]]
		}
	}
	for flow, n := range mirror {
		if n != 0 {
			t.Errorf("%s: %s stands in one direction only", name, flow)
		}
	}
}

// mudFlow is what an entry says of a connection, whichever way its packets go.
func mudFlow(t testing.TB, way mudWay, e mudACE) string {
	t.Helper()
	m := e.Matches
	ip, addresses := m.IPv4, []string{}
	if ip == nil {
		ip = m.IPv6
	}
	near, far := []string{ip.SourceName, ip.Source4, ip.Source6}, []string{ip.DestinationName, ip.Destination4, ip.Destination6}
	ports := m.TCP
	if m.UDP != nil {
		ports = m.UDP
	}
	mine, theirs := ports.Source, ports.Destination
	if way == toDevice {
		near, far, mine, theirs = far, near, theirs, mine
	}
	if strings.Join(near, "") != "" {
		t.Errorf("%s speaks of the address of the device", e.Name)
	}
	for _, a := range far {
		if p, err := netip.ParsePrefix(a); err == nil && p.Addr().Is4() != (m.IPv4 != nil) {
			t.Errorf("%s: %s is of the other family", e.Name, a)
		}
		addresses = append(addresses, a)
	}
	flow := map[string]any{"far": addresses, "mine": mine, "theirs": theirs, "way": ports.Direction, "class": m.MUD, "protocol": ip.Protocol}
	text, err := json.Marshal(flow)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestMUDSaysWhatIsDeclared: the connections of a description are those of the file.
func TestMUDSaysWhatIsDeclared(t *testing.T) {
	p := Compile(yaml(t, both))
	text, err := p.MUD(updated, "https://works.example/mud/box.json")
	if err != nil {
		t.Fatal(err)
	}
	var f mudFile
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, e := range f.ACLs.ACL[0].ACEs.ACE {
		got[e.Name] = true
	}
	for _, want := range []string{"if-both.in.ac-one", "if-both.out.ac-one", "if-talk.in.ac-one", "if-talk.in.ac-two", "if-opt.out.ac-two", "if-opt-in.in.ac-two"} {
		if !got[want] {
			t.Errorf("%s is missing", want)
		}
		delete(got, want)
	}
	if len(got) > 0 {
		t.Errorf("too much: %v", got)
	}
}

func TestMUDURL(t *testing.T) {
	for _, c := range []struct {
		contact model.Contact
		product model.Product
		want    string
	}{
		{model.Contact{URL: "https://maker.example/security", Email: "a@other.example"}, model.Product{Name: "Box 2 (EU)"}, "https://maker.example/mud/box-2-eu.json"},
		{model.Contact{URL: "http://plain.example/x", SecurityTxt: "https://txt.example/.well-known/security.txt"}, model.Product{Name: "Box"}, "https://txt.example/mud/box.json"},
		{model.Contact{URL: "our site", Email: " psirt@Mail.Example "}, model.Product{Name: "Box"}, "https://mail.example/mud/box.json"},
		{model.Contact{URL: "https://192.0.2.1/x", Email: "a@b@c.example"}, model.Product{Name: "Box"}, ""},
		{model.Contact{Email: "psirt@maker.example"}, model.Product{Name: "ポンプ", UDIDI: "(01)0952"}, "https://maker.example/mud/01-0952.json"},
		{model.Contact{Email: "psirt@maker.example"}, model.Product{Name: strings.Repeat("ab-", 50)}, "https://maker.example/mud/" + strings.TrimRight(strings.Repeat("ab-", 20), "-") + ".json"},
		{model.Contact{}, model.Product{Name: "Box"}, ""},
	} {
		p := &Policy{Product: &c.product, contact: c.contact}
		if got := p.MUDURL(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.contact, got, c.want)
		}
	}
}

func TestMUDRefusesAddresses(t *testing.T) {
	p := &Policy{Product: &model.Product{Name: "Box"}}
	for _, bad := range []string{"", "box.json", "http://maker.example/box.json", "https:///box.json", "https://10.0.0.1/x", "https://a@maker.example/x",
		"https://maker.example/x?y", "https://maker.example/x#y", "https://maker.example/" + strings.Repeat("x", 240), "https://maker.example/\x00"} {
		if _, err := p.MUD(updated, bad); !errors.Is(err, ErrMUDURL) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestSupported: support is claimed only where it is promised.
func TestSupported(t *testing.T) {
	for promised, want := range map[string]string{"0 years": `"is-supported": false`, "5 years": `"is-supported": true`, "": `"is-supported": false`} {
		p := &Policy{Product: &model.Product{Name: "Box"}}
		if promised != "" {
			p.Product.SupportPeriod = model.MustDuration(promised)
		}
		text, err := p.MUD(updated, "https://maker.example/box.json")
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%q: %v\n%s", promised, err, text)
		}
	}
}
