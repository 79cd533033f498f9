package vex

import (
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// TestVersionsAgainstTheState: versions of which a CycloneDX document says something else than
// its analysis are not taken for what the analysis says.
func TestVersionsAgainstTheState(t *testing.T) {
	for _, c := range []struct {
		state, versions string
		want            []string // versions that the statement is about
		problems        int
	}{
		{"resolved", `{"version": "1.0", "status": "affected"}, {"version": "1.1", "status": "unaffected"}`, []string{"1.1"}, 1},
		{"resolved", `{"version": "1.1"}`, []string{"1.1"}, 0},
		{"resolved", `{"version": "1.0", "status": "unknown"}`, nil, 2},
		{"not_affected", `{"version": "1.0", "status": "unknown"}, {"version": "1.1", "status": "unaffected"}`, []string{"1.1"}, 1},
		{"not_affected", `{"version": "1.0", "status": "affected"}, {"version": "1.1"}`, []string{"1.1"}, 1},
		{"exploitable", `{"version": "1.0", "status": "affected"}, {"version": "1.1", "status": "unaffected"}`, []string{"1.0"}, 1},
		{"in_triage", `{"version": "1.0", "status": "affected"}, {"version": "1.1", "status": "unknown"}`, []string{"1.0", "1.1"}, 0},
	} {
		text := `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a", "purl": "pkg:generic/a", "bom-ref": "x"}],
			"vulnerabilities": [{"id": "CVE-2026-1000", "analysis": {"state": "` + c.state + `"}, "affects": [{"ref": "x", "versions": [` + c.versions + `]}]}]}`
		d, err := Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range d.Statements {
			for _, p := range s.Products {
				got = append(got, p.Version)
			}
		}
		if !slices.Equal(got, c.want) || len(d.Problems) != c.problems {
			t.Errorf("%s of %s: %q with problems %q; want %q and %d", c.state, c.versions, got, d.Problems, c.want, c.problems)
		}
	}
}

// TestReleasesOfOneName: where the name of the product has no place for a version, each release
// keeps its own status.
func TestReleasesOfOneName(t *testing.T) {
	pump := func(version string, parts ...string) []Product {
		return []Product{{ID: "https://example.com/pump", Name: "Pump", Version: version, Parts: parts}}
	}
	d := &Document{Author: "Example Medical", Namespace: "https://example.com", Day: today, Statements: []Statement{
		{Vulnerability: "CVE-2026-1000", Status: "affected", Action: "Unplug it.", Products: pump("1.0", "pkg:npm/a@1"), Source: "vx-a", Day: today},
		{Vulnerability: "CVE-2026-1000", Status: "not-affected", Justification: "vulnerable-code-not-present", Products: pump("1.1", "pkg:npm/a@1"), Source: "vx-b", Day: today},
		{Vulnerability: "CVE-2026-1001", Status: "fixed", Products: slices.Concat(pump("1.0"), pump("1.1")), Source: "vx-c", Day: today},
	}}
	for _, format := range []string{"cyclonedx", "csaf"} {
		text, err := Write(d, format)
		if err != nil {
			t.Fatal(err)
		}
		out, err := Read(text)
		if err != nil || len(out.Problems) > 0 {
			t.Fatalf("%v %q", err, out.Problems)
		}
		said := map[string]model.VEXStatus{}
		for _, s := range out.Statements {
			for _, p := range s.Products {
				said[s.Vulnerability+" "+p.Version+" "+strings.Join(p.Parts, " ")] = s.Status
			}
		}
		for what, want := range map[string]model.VEXStatus{
			"CVE-2026-1000 1.0 pkg:npm/a@1": "affected", "CVE-2026-1000 1.1 pkg:npm/a@1": "not-affected", "CVE-2026-1001 1.0 ": "fixed", "CVE-2026-1001 1.1 ": "fixed",
		} {
			if said[what] != want {
				t.Errorf("%s: %s is %q, want %q: %v", format, what, said[what], want, said)
			}
		}
	}
	if _, err := WriteOpenVEX(d); err == nil || !strings.Contains(err.Error(), "https://example.com/pump") {
		t.Errorf("OpenVEX, which knows versions by package URLs alone: %v", err)
	}
}

// TestPartOfAPart: a statement about a part of a part is about that part, not about what holds
// it.
func TestPartOfAPart(t *testing.T) {
	text := `{"document": {"category": "csaf_vex", "csaf_version": "2.0", "tracking": {"id": "x", "status": "final"}},
		"product_tree": {"full_product_names": [
			{"product_id": "lib", "name": "lib", "product_identification_helper": {"purl": "pkg:generic/lib@1"}},
			{"product_id": "module", "name": "module", "product_identification_helper": {"purl": "pkg:generic/module@1"}},
			{"product_id": "os", "name": "os", "product_identification_helper": {"purl": "pkg:generic/os@1"}}],
			"relationships": [
			{"category": "default_component_of", "product_reference": "lib", "relates_to_product_reference": "module", "full_product_name": {"product_id": "lib-module", "name": "lib in module"}},
			{"category": "default_component_of", "product_reference": "lib-module", "relates_to_product_reference": "os", "full_product_name": {"product_id": "lib-module-os", "name": "lib in module in os"}}]},
		"vulnerabilities": [{"cve": "CVE-2026-1000", "product_status": {"known_not_affected": ["lib-module-os"]}, "flags": [{"label": "component_not_present", "product_ids": ["lib-module-os"]}]}]}`
	d, err := Read([]byte(text))
	if err != nil || len(d.Statements) != 1 || len(d.Statements[0].Products) != 1 {
		t.Fatalf("%v %+v", err, d)
	}
	if p := d.Statements[0].Products[0]; p.ID != "pkg:generic/os@1" || !slices.Equal(p.Parts, []string{"pkg:generic/lib@1"}) {
		t.Errorf("%+v", p)
	}
}

// TestOneVulnerabilityByTwoNames: decisions that name one vulnerability differently make one
// document, in which its CVE stands once.
func TestOneVulnerabilityByTwoNames(t *testing.T) {
	product := func(part string) []Product {
		return []Product{{ID: "pkg:generic/pump@1", Name: "Pump", Version: "1", Parts: []string{part}}}
	}
	d := &Document{Author: "Example Medical", Namespace: "https://example.com", Day: today, Statements: []Statement{
		{Vulnerability: "CVE-2026-1000", Aliases: []string{"GHSA-aaaa-bbbb-cccc"}, Status: "fixed", Products: product("pkg:npm/a@1"), Day: today},
		{Vulnerability: "DSA-1-1", Aliases: []string{"CVE-2026-1001"}, Status: "fixed", Products: product("pkg:npm/c@1"), Day: today},
		{Vulnerability: "DSA-1-2", Aliases: []string{"CVE-2026-1001"}, Status: "fixed", Products: product("pkg:npm/d@1"), Day: today},
		{Vulnerability: "GHSA-aaaa-bbbb-cccc", Aliases: []string{"CVE-2026-1000"}, Status: "under-investigation", Products: product("pkg:npm/b@1"), Day: today},
	}}
	text, err := WriteCSAF(d)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Read(text)
	if err != nil || len(out.Statements) != 4 || strings.Count(string(text), `"cve": "CVE-2026-1000"`) != 1 || strings.Count(string(text), `"cve": "CVE-2026-1001"`) != 1 {
		t.Errorf("%v %s", err, text)
	}
	if s := out.Statements[3]; s.Vulnerability != "GHSA-aaaa-bbbb-cccc" || !slices.Equal(s.Aliases, []string{"CVE-2026-1000"}) {
		t.Errorf("%+v", s)
	}
}

// TestSpelling: a decision may write an id in any case; it is told as the data write it.
func TestSpelling(t *testing.T) {
	file := load(t, strings.Replace(pump, "vulnerability: CVE-2024-6119", "vulnerability: cve-2024-6119", 1))
	for name, r := range map[string]bool{"recorded": true, "not recorded": false} {
		s := Source{File: file, Today: today}
		if r {
			s.Record, s.Releases = record(false), []string{"1.0.0"}
		}
		d, err := From(s)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(d.Statements, func(s Statement) bool { return s.Vulnerability == "CVE-2024-6119" }) {
			t.Errorf("%s: %s", name, told(d))
		}
	}
}

// TestNewestDecision: where nothing was recorded, a decision that a newer one about the same
// replaced is not told.
func TestNewestDecision(t *testing.T) {
	older := `
decisions:
  vx-older:
    title: CVE-2024-6119
    vulnerability: cve-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: "*"
    status: under-investigation
    reason: It is looked at.
    by: PSIRT
    date: 2026-01-01
    known: {exploited: false}
`
	const id = "pkg:generic/example-medical-gmbh/infusion-pump@"
	newer := "CVE-2024-6119 affected " + id + "1.0.0(pkg:deb/debian/openssl) " + id + "1.1.0(pkg:deb/debian/openssl)"
	for releases, want := range map[string]string{
		"":                            newer + "\nCVE-2024-6119 under-investigation " + id + "1.2.0(pkg:deb/debian/openssl)", // of which the newer one says nothing
		`    releases: "<1.2"` + "\n": newer,
	} {
		text := strings.Replace(pump, "\ndecisions:\n", strings.Replace(older, "    status:", releases+"    status:", 1), 1)
		d, err := From(Source{File: load(t, text), Today: today})
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(told(d), "\n")
		slices.Sort(lines)
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("older %q: %s, want %s", releases, got, want)
		}
		if _, err := Write(d, "csaf"); err != nil {
			t.Errorf("older %q: %v", releases, err)
		}
	}
	text := strings.Replace(pump, "\ndecisions:\n", strings.Replace(older, "pkg:deb/debian/openssl", "pkg:deb/debian/gnutls28", 1), 1)
	if d, err := From(Source{File: load(t, text), Today: today}); err != nil || len(d.Statements) != 2 {
		t.Errorf("another package: %v %s", err, told(d))
	}
}
