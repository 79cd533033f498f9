package portfolio

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/sbom"
	"theriac/vuln"
	"theriac/vuln/match"
)

// The advisories of the tests.
var lodash = vuln.Record{
	ID: "GHSA-lodash", Source: "osv", Aliases: []string{"CVE-2026-1"}, Modified: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
	Affected: []vuln.Affected{{Ecosystem: "npm", Name: "lodash", Ranges: []vuln.Range{{Kind: vuln.SemVer, Events: []vuln.Event{
		{Kind: vuln.Introduced, Version: "0"}, {Kind: vuln.Fixed, Version: "4.17.21"},
	}}}}},
}

var openssl = vuln.Record{
	ID: "DSA-1", Source: "osv", Affected: []vuln.Affected{{Ecosystem: "Debian:12", Name: "openssl", Ranges: []vuln.Range{{Events: []vuln.Event{
		{Kind: vuln.Introduced, Version: "0"}, {Kind: vuln.Fixed, Version: "3.0.15-1"},
	}}}}},
}

func npm(name, version string) sbom.Component {
	return sbom.Component{Type: "library", Name: name, Version: version, PURL: "pkg:npm/" + name + "@" + version, Parent: -1}
}

func source(product, release string, components ...sbom.Component) Source {
	return Source{Product: product, Release: release, SBOM: "bom.json", Open: func() (*sbom.BOM, error) {
		return &sbom.BOM{Format: "CycloneDX", Components: components}, nil
	}}
}

var libssl = sbom.Component{
	Type: "library", Name: "libssl3", Version: "3.0.11-1", Parent: -1,
	PURL: "pkg:deb/debian/libssl3@3.0.11-1?arch=arm64&distro=debian-12&upstream=openssl",
}

func scan(t *testing.T, records []vuln.Record, sources ...Source) *State {
	t.Helper()
	s, err := Scan(sources, match.NewMatcher(newFew(records, []string{"npm", "Debian:12"}), match.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Day, s.Database, s.Ecosystems = "2026-10-05", "d1", []string{"Debian:12", "npm"}
	s.Remember(nil)
	return s
}

func fleet() []Source {
	return []Source{
		source("Pump", "1.0", npm("lodash", "4.17.15"), npm("left-pad", "1.3.0"), libssl),
		source("Pump", "1.1", npm("lodash", "4.17.21"), libssl),
		source("Analyser", "2.0", npm("lodash", "4.17.15"), sbom.Component{Name: "firmware", Type: "firmware", Parent: -1}),
	}
}

func TestScan(t *testing.T) {
	s := scan(t, []vuln.Record{lodash, openssl}, fleet()...)
	if len(s.Bills) != 3 || s.Bills[0].Name() != "Analyser 2.0" || s.Bills[0].Status != "gaps" || s.Bills[0].Unmonitored != 1 {
		t.Errorf("bills: %+v", s.Bills)
	}
	if len(s.Components) != 5 {
		t.Errorf("%d components, and each distinct one stands once: %+v", len(s.Components), s.Components)
	}
	if len(s.Findings) != 2 || s.Findings[0].ID != "DSA-1" || s.Findings[0].Where[0].Bills != "1-2" || s.Findings[1].ID != "GHSA-lodash" || s.Findings[1].Where[0].Bills != "0-1" {
		t.Errorf("findings: %+v", s.Findings)
	}
	if len(s.Unmonitored) != 1 || s.Unmonitored[0].Bills != "0" {
		t.Errorf("unmonitored: %+v", s.Unmonitored)
	}
}

// TestUnreadableBill: one bill that cannot be read fails alone.
func TestUnreadableBill(t *testing.T) {
	bad := Source{Product: "Zed", SBOM: "x", Open: func() (*sbom.BOM, error) { return nil, errors.New("is gone") }}
	s := scan(t, []vuln.Record{lodash}, append(fleet(), bad)...)
	if b := s.Bills[3]; b.Status != "failed" || b.Problem != "is gone" {
		t.Errorf("%+v", b)
	}
	if len(s.Findings) != 1 {
		t.Errorf("findings: %+v", s.Findings)
	}
}

func TestStateRoundTrip(t *testing.T) {
	s := scan(t, []vuln.Record{lodash, openssl}, fleet()...)
	text, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Encode(back)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("%v; written\n%s\nand again\n%s", err, text, again)
	}
	if other, err := Encode(scan(t, []vuln.Record{lodash, openssl}, backward(fleet())...)); err != nil || !bytes.Equal(text, other) {
		t.Errorf("another order of the sources gives other bytes:\n%s\n%s", text, other)
	}
	if changes := s.Since(back); len(changes) != 0 {
		t.Errorf("nothing changed, and it tells %+v", changes)
	}
}

func TestSince(t *testing.T) {
	before := scan(t, []vuln.Record{openssl}, fleet()...)
	before.Day = "2026-10-04"
	before.Remember(nil)
	sources := append(fleet()[:2], source("Pump", "1.2", libssl))
	after := scan(t, []vuln.Record{lodash}, sources...)
	after.Remember(before)
	var got []string
	for _, c := range after.Since(before) {
		id := ""
		if c.Finding != nil {
			id = c.Finding.ID
		}
		got = append(got, string(c.Kind)+" "+id+" "+strings.Join(c.Products, ","))
	}
	want := []string{"new GHSA-lodash Pump 1.0", "release-added  Pump 1.2", "gone DSA-1 Pump 1.0,Pump 1.1", "release-gone  Analyser 2.0"}
	if !slices.Equal(got, want) {
		t.Errorf("changes are\n%q\nnot\n%q", got, want)
	}
	if list := after.From("2026-10-05"); len(list) != 1 || list[0].ID != "GHSA-lodash" {
		t.Errorf("first seen today: %+v", list)
	}
}

// TestDanger: exploitation, likelihood and a fix are changes of the vulnerability, told once.
func TestDanger(t *testing.T) {
	before, after := scan(t, []vuln.Record{lodash}, fleet()...), scan(t, []vuln.Record{lodash}, fleet()...)
	before.Findings[0].EPSS, after.Findings[0].EPSS = "0.05", "0.11"
	after.Findings[0].KEV = true
	before.Findings[0].Fixed = nil
	// An id by which it did not go before is no other vulnerability.
	after.Findings[0].ID, after.Findings[0].Aliases = "CVE-2026-1", nil
	var got []Kind
	for _, c := range after.Since(before) {
		got = append(got, c.Kind)
	}
	if want := []Kind{NowExploited, MoreLikely, NowFixed}; !slices.Equal(got, want) {
		t.Errorf("changes are %q, not %q", got, want)
	}
}

func index(t *testing.T, s *State) (*Index, []Bill) {
	t.Helper()
	text, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	x, err := newIndex(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	bills, err := x.Bills()
	if err != nil || len(bills) != len(s.Bills) {
		t.Fatalf("%d bills, %v", len(bills), err)
	}
	return x, bills
}

// TestAdvisory: a new advisory gives what a run with it gives.
func TestAdvisory(t *testing.T) {
	x, bills := index(t, scan(t, []vuln.Record{openssl}, fleet()...))
	all, err := x.Advisory([]vuln.Record{lodash}, len(bills), match.Options{})
	if err != nil || len(all) != 1 || all[0].ID != "GHSA-lodash" || all[0].Bills != "0-1" || all[0].Known {
		t.Fatalf("%+v, %v", all, err)
	}
	all, err = x.Advisory([]vuln.Record{openssl}, len(bills), match.Options{})
	if err != nil || len(all) != 1 || !all[0].Known || all[0].Bills != "1-2" {
		t.Errorf("one that is known: %+v, %v", all, err)
	}
	none := lodash
	none.Affected = []vuln.Affected{{Ecosystem: "PyPI", Name: "lodash"}}
	if all, err = x.Advisory([]vuln.Record{none}, len(bills), match.Options{}); err != nil || len(all) != 0 {
		t.Errorf("one of another ecosystem: %+v, %v", all, err)
	}
}

// TestIndexFindsEachLine: every component is found under each of its names, wherever it
// stands in the file.
func TestIndexFindsEachLine(t *testing.T) {
	var components []sbom.Component
	for i := range 3000 {
		components = append(components, npm("p"+strings.Repeat("x", i%37)+string(rune('a'+i%26)), "1."+string(rune('0'+i%10))))
	}
	s := scan(t, nil, source("Pump", "1.0", components...))
	x, bills := index(t, s)
	for i := range s.Components {
		c := &s.Components[i]
		for _, k := range keysOf(c) {
			found := false
			if err := x.named(k, len(bills), func(_ string, is Component) { found = found || is.PURL == c.PURL }); err != nil || !found {
				t.Fatalf("%v: %v, %v", k, found, err)
			}
		}
	}
}

func TestContaining(t *testing.T) {
	s := scan(t, nil, append(fleet(), source("Old", "1", npm("lodash", "banana")))...)
	for _, c := range []struct{ pattern, below, want string }{
		{"pkg:npm/lodash", "", "4.17.15 1-2; 4.17.21 3; banana 0; "}, // Analyser is 0 without Old
		{"pkg:npm/lodash", "4.17.20", "4.17.15; "},
		{"pkg:deb/debian/openssl", "3.0.15", "3.0.11-1; "},
		{"pkg:npm/absent", "", ""},
	} {
		got := ""
		for _, h := range s.Containing(c.pattern, c.below) {
			if h.Unsure != "" {
				continue
			}
			got += h.Version
			if c.below == "" {
				got += " " + string(h.Bills)
			}
			got += "; "
		}
		if c.below == "" && c.want != "" {
			if !strings.Contains(got, "4.17.15") || !strings.Contains(got, "4.17.21") || !strings.Contains(got, "banana") {
				t.Errorf("%s: %q", c.pattern, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s below %q: %q, not %q", c.pattern, c.below, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	n := numbersOf([]int{3, 0, 1, 2, 7, 9, 10, 9})
	if n != "0-3,7,9-10" {
		t.Errorf("written %q", n)
	}
	if got := slices.Collect(n.All()); !slices.Equal(got, []int{0, 1, 2, 3, 7, 9, 10}) {
		t.Errorf("read %v", got)
	}
	if count, err := n.check(11); count != 7 || err != nil {
		t.Errorf("%d, %v", count, err)
	}
	for _, bad := range []Numbers{"", "x", "3-1", "1,1", "2,1", "0-11", "-", "1-", "1,,2", "99999999999999999999"} {
		if _, err := bad.check(11); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

// TestDamagedState: a file that is cut or altered is refused.
func TestDamagedState(t *testing.T) {
	text, err := Encode(scan(t, []vuln.Record{lodash}, fleet()...))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte) []byte{
		"empty":  func([]byte) []byte { return nil },
		"header": func(b []byte) []byte { return bytes.Replace(b, []byte("portfolio 1"), []byte("portfolio 2"), 1) },
		"no about": func(b []byte) []byte {
			return append([]byte(stateHeader+"\n"), b[bytes.Index(b, []byte("\nbill"))+1:]...)
		},
		"order":       func(b []byte) []byte { return append(b, "about\t{}\n"...) },
		"bill":        func(b []byte) []byte { return bytes.Replace(b, []byte("\t000001\t"), []byte("\t000009\t"), 1) },
		"bill number": func(b []byte) []byte { return bytes.Replace(b, []byte("\t0-1\n"), []byte("\t0-9\n"), 1) },
		"field":       func(b []byte) []byte { return bytes.Replace(b, []byte(`"purl"`), []byte(`"url"`), 1) },
	} {
		damaged := change(slices.Clone(text))
		if bytes.Equal(damaged, text) {
			t.Fatalf("%s changes nothing", name)
		}
		if _, err := Decode(bytes.NewReader(damaged)); !errors.Is(err, ErrState) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenIndex(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	if _, err := OpenIndex(name); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(name, []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenIndex(name); !errors.Is(err, ErrState) {
		t.Error(err)
	}
	text, err := Encode(scan(t, nil, fleet()...))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := OpenIndex(name)
	if err != nil || x.About.Day != "2026-10-05" {
		t.Fatalf("%+v, %v", x, err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzState(f *testing.F) {
	s, err := Scan(fleet(), match.NewMatcher(newFew([]vuln.Record{lodash, openssl}, []string{"npm"}), match.Options{}), nil)
	if err != nil {
		f.Fatal(err)
	}
	s.Day = "2026-10-05"
	text, err := Encode(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(stateHeader + "\nabout\t{}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := Decode(strings.NewReader(text)); err == nil {
			again, err := Encode(s)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Decode(bytes.NewReader(again)); err != nil {
				t.Errorf("what was written of it cannot be read: %v", err)
			}
			s.Remember(s)
			if changes := s.Since(s); slices.ContainsFunc(changes, func(c Change) bool { return c.Kind == Gone }) {
				t.Errorf("beside itself something is gone: %+v", changes)
			}
		}
		x, err := newIndex(strings.NewReader(text), int64(len(text)))
		if err != nil {
			return
		}
		if bills, err := x.Bills(); err == nil {
			_, _ = x.Advisory([]vuln.Record{lodash, openssl}, len(bills), match.Options{}) // must only end
		}
	})
}

func backward(list []Source) []Source {
	slices.Reverse(list)
	return list
}
