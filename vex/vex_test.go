package vex

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/model"
	"theriac/triage"
)

var today = day("2026-11-22")

func day(text string) model.Date {
	d, err := model.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// sample has a statement of each state and each justification.
func sample() *Document {
	product := func(version string, parts ...string) Product {
		return Product{ID: "pkg:generic/example/pump@" + version, Name: "Pump", Version: version, Parts: parts}
	}
	d := &Document{Author: "Example Medical", Role: "Document Creator", Namespace: "https://example.com", Day: today, Statements: []Statement{
		{Vulnerability: "CVE-2024-1000", Aliases: []string{"DSA-1-1", "GHSA-aaaa-bbbb-cccc"}, Status: "affected", Reason: "Reached by the port.", CVSS: "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H/MAV:P", Action: "Keep it in a network of its own.", Fix: "1.2.0",
			Products: []Product{product("1.0.0", "pkg:deb/debian/openssl@3.0.11-1"), product("1.1.0", "pkg:deb/debian/openssl@3.0.11-1")}, Source: "vx-a", Day: day("2026-11-01")},
		{Vulnerability: "CVE-2024-1001", Status: "fixed", Products: []Product{product("1.2.0", "pkg:npm/a@1", "pkg:npm/b@1")}, Source: "vx-b", Day: day("2026-11-02")},
		{Vulnerability: "CVE-2024-1002", Status: "under-investigation", Products: []Product{product("1.2.0")}, CVSS: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", Source: "vx-c", Day: day("2026-11-03")},
	}}
	for i, j := range model.Justification("").Values() {
		d.Statements = append(d.Statements, Statement{
			Vulnerability: "CVE-2024-200" + string(rune('0'+i)), Status: "not-affected", Justification: model.Justification(j.Name), Reason: "Because " + j.Doc + ".",
			Products: []Product{product("1.0.0", "pkg:npm/%40scope/x@1.0.0")}, Source: "vx-" + j.Name, Day: day("2026-11-04"),
		})
	}
	return d
}

// TestRoundTrip: what is written in a format is read as it was, apart from what the format
// has no place for, and gives the same bytes.
func TestRoundTrip(t *testing.T) {
	for _, format := range Formats {
		t.Run(format, func(t *testing.T) {
			in := sample()
			text, err := Write(in, format)
			if err != nil {
				t.Fatal(err)
			}
			if again, _ := Write(sample(), format); !bytes.Equal(text, again) {
				t.Error("the same document gives other bytes")
			}
			out, err := Read(text)
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Problems) > 0 || out.Format != format || out.Author != in.Author || out.ID == "" || out.Day != in.Day {
				t.Errorf("%q %q %q %q %s", out.Problems, out.Format, out.Author, out.ID, out.Day)
			}
			want := sample().Statements
			for i := range want {
				lossy(&want[i], format)
			}
			if len(out.Statements) != len(want) {
				t.Fatalf("%d statements, want %d", len(out.Statements), len(want))
			}
			for i := range want {
				if !reflect.DeepEqual(out.Statements[i], want[i]) {
					t.Errorf("got  %+v\nwant %+v", out.Statements[i], want[i])
				}
			}
		})
	}
}

// lossy takes away what a format has no place for.
func lossy(s *Statement, format string) {
	switch format {
	case "openvex": // no names of products, no id of our own
		s.Source, s.CVSS = "", ""
		for i := range s.Products {
			s.Products[i].Name = ""
		}
	case "csaf": // one day for all
		s.Source, s.Day = "", today
		if strings.HasPrefix(s.CVSS, "CVSS:4.") { // a note, for people
			s.CVSS = ""
		}
		for i := range s.Products {
			p := &s.Products[i]
			p.Name, p.Title, p.Maker = "Pump "+p.Version, "Pump", "Example Medical"
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	for says, change := range map[string]func(*Document) string{
		"publisher.namespace": func(d *Document) string { d.Namespace = ""; return "csaf" },
		"the day":             func(d *Document) string { d.Day = model.Date{}; return "csaf" },
		"no statement":        func(d *Document) string { d.Statements = nil; return "csaf" },
		"one statement says": func(d *Document) string {
			d.Statements[1].Vulnerability, d.Statements[1].Products = "CVE-2024-1000", d.Statements[0].Products
			return "csaf"
		},
		"action statement must": func(d *Document) string { d.Statements[0].Action, d.Statements[0].Fix = "", ""; return "openvex" },
		"either justification": func(d *Document) string {
			d.Statements[3].Justification, d.Statements[3].Reason = "", ""
			return "openvex"
		},
		"is no format":        func(*Document) string { return "pdf" },
		"would fail test 6.1": func(d *Document) string { d.Statements[0].Action, d.Statements[0].Fix = "", ""; return "csaf" },
	} {
		d := sample()
		if _, err := Write(d, change(d)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// TestPublished reads documents that others published.
func TestPublished(t *testing.T) {
	for name, c := range map[string]struct {
		count    int
		first    string
		status   model.VEXStatus
		product  string
		problems int
	}{
		"trivy.openvex.json":                                     {0, "GO-2024-2575", "not-affected", "pkg:golang/github.com/aquasecurity/trivy", 0},
		"cisa-use-cases-case-1-vex-affected.cdx.json":            {1, "CVE-2021-44228", "affected", "", 0},
		"cisa-use-cases-case-1-vex-fixed.cdx.json":               {1, "CVE-2021-44228", "fixed", "", 0},
		"cisa-use-cases-case-1-vex-not-affected.cdx.json":        {1, "CVE-2021-44228", "not-affected", "", 0},
		"cisa-use-cases-case-1-vex-under-investigation.cdx.json": {1, "CVE-2021-44228", "under-investigation", "", 0},
		"cisa-use-cases-case-8-vex.cdx.json":                     {0, "CVE-2021-44228", "affected", "", 0},
		"use-cases-case-10-vex.cdx.json":                         {1, "CVE-2020-25649", "not-affected", "Acme Product", 0},
		"rhsa-2024-4546.csaf.json":                               {0, "CVE-2023-45288", "fixed", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			d, err := Read(text)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Problems) != c.problems || len(d.Statements) == 0 || c.count > 0 && len(d.Statements) != c.count {
				t.Fatalf("%d statements, problems %q", len(d.Statements), d.Problems)
			}
			s := d.Statements[0]
			if s.Vulnerability != c.first || s.Status != c.status || c.product != "" && s.Products[0].ID != c.product {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestOddID: what looks like a CVE and is none goes beside, as the standard wants it.
func TestOddID(t *testing.T) {
	d := sample()
	d.Statements[0].Vulnerability, d.Statements[0].Aliases = "CVE-2024-1", []string{"GHSA-aaaa-bbbb-cccc"}
	text, err := WriteCSAF(d)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Read(text)
	if err != nil || out.Statements[0].Vulnerability != "CVE-2024-1" {
		t.Fatalf("%v %+v", err, out.Statements[0])
	}
}

func TestReadProblems(t *testing.T) {
	for text, says := range map[string]string{
		`[]`: "not JSON", `{}`: "neither OpenVEX", `{"bomFormat":"CycloneDX","specVersion":"1.4"}`: "",
		`{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"status":"safe","vulnerability":{"name":"CVE-1"},"products":[{"@id":"x"}]}]}`:                                                       `status "safe" is not known`,
		`{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"status":"fixed","vulnerability":{"name":"CVE-1"}}]}`:                                                                               "names no product",
		`{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"status":"fixed","products":[{"@id":"x"}]}]}`:                                                                                       "names no vulnerability",
		`{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"status":"not_affected","justification":"luck","vulnerability":{"name":"CVE-1"},"products":[{"@id":"x"}]}]}`:                        `justification "luck" is not known`,
		`{"bomFormat":"CycloneDX","specVersion":"1.4","vulnerabilities":[{"id":"CVE-1","analysis":{"state":"false_positive"},"affects":[{"ref":"x"}]}]}`:                                                "called a false positive",
		`{"bomFormat":"CycloneDX","specVersion":"1.4","vulnerabilities":[{"id":"CVE-1","affects":[{"ref":"x"}]}]}`:                                                                                      "says no status",
		`{"bomFormat":"CycloneDX","specVersion":"1.4","vulnerabilities":[{"id":"CVE-1","analysis":{"state":"not_affected"},"affects":[{"ref":"x","versions":[{"version":"1","status":"affected"}]}]}]}`: "versions 1 of x are called affected",
		`{"document":{},"vulnerabilities":[{"cve":"CVE-2024-1000","product_status":{"fixed":["P1"]}}]}`:                                                                                                 `product "P1" is not in the tree`,
	} {
		d, err := Read([]byte(text))
		switch {
		case err != nil:
			if says == "" || !strings.Contains(err.Error(), says) {
				t.Errorf("%v, want %q", err, says)
			}
		case says != "" && !strings.Contains(strings.Join(d.Problems, "\n"), says):
			t.Errorf("%s: %q, want %q", text, d.Problems, says)
		}
	}
}

const pump = `
product:
  name: Infusion Pump
  regulation: MDR
  class: IIb
  manufacturer: {name: Example Medical GmbH}
releases:
  rel-1: {title: First, version: 1.0.0, date: 2026-01-01}
  rel-2: {title: Second, version: 1.1.0, date: 2026-06-01}
  rel-3: {title: Third, version: 1.2.0, date: 2026-09-01}
vulnerability-handling:
  publisher: {name: Example PSIRT, namespace: "https://example.com/"}
decisions:
  vx-tls:
    title: TLS
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: "<3.0.14-1"
    releases: "<1.2"
    status: affected
    reason: It parses names in certificates.
    action: Keep it in a network of its own.
    fix: 1.2.0
    by: PSIRT
    date: 2026-11-01
    known: {ranges: aa, exploited: false}
  vx-x11:
    title: X11
    vulnerability: "*"
    packages: ["pkg:deb/debian/libx11-*"]
    status: not-affected
    justification: component-not-present
    reason: The packages are not on the device.
    by: PSIRT
    date: 2026-11-02
`

func load(t testing.TB, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, findings, err := (&model.Loader{}).Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	return file
}

func record(kev bool) *triage.Record {
	ssl := triage.Finding{ID: "DSA-5764-1", Aliases: []string{"CVE-2024-6119"}, Component: triage.Component{PURL: "pkg:deb/debian/openssl@3.0.11-1?distro=debian-12", Version: "3.0.11-1"}, Ranges: "aa", KEV: kev}
	x11 := triage.Finding{ID: "CVE-2023-3138", Component: triage.Component{PURL: "pkg:deb/debian/libx11-6@2:1.8.4-2", Version: "2:1.8.4-2"}, Ranges: "bb"}
	zlib := triage.Finding{ID: "CVE-2023-45853", Component: triage.Component{PURL: "pkg:deb/debian/zlib1g@1:1.2.13", Version: "1:1.2.13"}, Ranges: "cc"}
	return triage.Update(nil, today, nil, []triage.Scan{
		{Release: "1.0.0", Status: "complete", Found: []triage.Finding{ssl, x11, zlib}}, {Release: "1.1.0", Status: "complete", Found: []triage.Finding{x11}},
	})
}

// told is a document in short.
func told(d *Document) string {
	var lines []string
	for _, s := range d.Statements {
		line := s.Vulnerability + " " + string(s.Status)
		for _, p := range s.Products {
			line += " " + p.ID + "(" + strings.Join(p.Parts, ",") + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestFrom(t *testing.T) {
	file := load(t, pump)
	const id = "pkg:generic/example-medical-gmbh/infusion-pump@"
	for name, c := range map[string]struct {
		change func(*Source)
		want   string
	}{
		"nothing recorded": {func(*Source) {}, "CVE-2024-6119 affected " + id + "1.0.0(pkg:deb/debian/openssl) " + id + "1.1.0(pkg:deb/debian/openssl)"},
		// 1.1.0 no longer holds it; 1.2.0 was not scanned, and the decision is not about it
		"recorded": {func(s *Source) { s.Record = record(false) }, "CVE-2023-3138 not-affected " + id + "1.0.0(pkg:deb/debian/libx11-6@2:1.8.4-2) " + id + "1.1.0(pkg:deb/debian/libx11-6@2:1.8.4-2)\n" +
			"CVE-2024-6119 affected " + id + "1.0.0(pkg:deb/debian/openssl@3.0.11-1?distro=debian-12)"},
		"exploited since": {func(s *Source) { s.Record, s.Releases = record(true), []string{"1.0.0"} }, "CVE-2023-3138 not-affected " + id + "1.0.0(pkg:deb/debian/libx11-6@2:1.8.4-2)\n" +
			"CVE-2024-6119 under-investigation " + id + "1.0.0(pkg:deb/debian/openssl@3.0.11-1?distro=debian-12)"},
		"undecided, other name": {func(s *Source) {
			s.Record, s.Releases, s.Undecided, s.ProductID = record(false), []string{"1.0.0"}, true, "urn:pump"
		},
			"CVE-2023-3138 not-affected urn:pump(pkg:deb/debian/libx11-6@2:1.8.4-2)\nCVE-2023-45853 under-investigation urn:pump(pkg:deb/debian/zlib1g@1:1.2.13)\n" +
				"CVE-2024-6119 affected urn:pump(pkg:deb/debian/openssl@3.0.11-1?distro=debian-12)"},
		"release without findings": {func(s *Source) { s.Record, s.Releases = record(false), []string{"1.2.0"} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := Source{File: file, Today: today}
			c.change(&s)
			d, err := From(s)
			if err != nil {
				t.Fatal(err)
			}
			if got := told(d); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, format := range Formats {
				if _, err := Write(d, format); err != nil && len(d.Statements) > 0 {
					t.Errorf("%s: %v", format, err)
				}
			}
		})
	}
	if _, err := From(Source{File: file, Today: today, Releases: []string{"9"}}); err == nil {
		t.Error("a release that is not there is taken")
	}
	expired := load(t, strings.Replace(pump, "    known:", "    expires: 2026-11-10\n    known:", 1))
	if d, err := From(Source{File: expired, Today: today}); err != nil || d.Statements[0].Status != "under-investigation" {
		t.Errorf("an expired decision is told as it was: %v %s", err, told(d))
	}
}

// TestProposals: a supplier's statement becomes a decision where it names vulnerability,
// component and version.
func TestProposals(t *testing.T) {
	file := load(t, pump)
	j := triage.NewJudge(file, today)
	zlib := triage.Finding{ID: "CVE-2023-45853", Aliases: []string{"GHSA-x"}, Component: triage.Component{PURL: "pkg:golang/github.com/acme/zip@v1.2.3", Version: "v1.2.3"}, Ranges: "aa"}
	found := []triage.Found{{Release: "1.0.0", Verdict: j.Apply("1.0.0", []triage.Finding{zlib})[0]}}
	doc := func(change func(*Statement)) *Document {
		s := Statement{Vulnerability: "GHSA-x", Status: "not-affected", Justification: "vulnerable-code-not-present", Reason: "Built without MiniZip", Products: []Product{{ID: "pkg:golang/github.com/acme/zip@1.2.3", Version: "1.2.3"}}, Day: day("2026-10-01")}
		change(&s)
		return &Document{Format: "openvex", ID: "urn:doc", Author: "Acme", Statements: []Statement{s}}
	}
	for name, c := range map[string]struct {
		change  func(*Statement)
		parts   bool
		status  model.VEXStatus
		problem string
	}{
		"named":            {change: func(*Statement) {}, status: "not-affected"},
		"any version":      {change: func(s *Statement) { s.Products = []Product{{ID: "pkg:golang/github.com/acme/zip"}} }, status: "not-affected"},
		"in range":         {change: func(s *Statement) { s.Products[0].Range = "vers:golang/>=v1.2|<v1.3" }, status: "not-affected"},
		"out of range":     {change: func(s *Statement) { s.Products[0].Range = "vers:golang/>=v1.3" }},
		"range unread":     {change: func(s *Statement) { s.Products[0].Range = "up to 1.3" }, problem: "versions of pkg:golang"},
		"other version":    {change: func(s *Statement) { s.Products[0].Version = "1.2.4" }},
		"other component":  {change: func(s *Statement) { s.Products[0].ID = "pkg:golang/github.com/acme/zap" }},
		"everything":       {change: func(s *Statement) { s.Products[0].ID = "pkg:golang/*" }},
		"other id":         {change: func(s *Statement) { s.Vulnerability = "GHSA-y" }},
		"fixed":            {change: func(s *Statement) { s.Status, s.Justification = "fixed", "" }, status: "not-affected"},
		"affected":         {change: func(s *Statement) { s.Status, s.Justification, s.Action = "affected", "", "Update." }, status: "under-investigation"},
		"no justification": {change: func(s *Statement) { s.Justification = "" }, problem: "needs a justification"},
		"part of another": {change: func(s *Statement) {
			s.Products = []Product{{ID: "pkg:golang/acme/tool", Parts: []string{"pkg:golang/github.com/acme/zip@v1.2.3"}}}
		}},
		"part, if wanted": {change: func(s *Statement) {
			s.Products = []Product{{ID: "pkg:golang/acme/tool", Parts: []string{"pkg:golang/github.com/acme/zip@v1.2.3"}}}
		}, parts: true, status: "not-affected"},
		"part, other vers.": {change: func(s *Statement) {
			s.Products = []Product{{ID: "pkg:golang/acme/tool", Parts: []string{"pkg:golang/github.com/acme/zip@v1.2.4"}}}
		}, parts: true},
	} {
		t.Run(name, func(t *testing.T) {
			all, problems := Proposals(doc(c.change), j, found, Import{File: "acme.json", By: "PSIRT", Parts: c.parts, Existing: map[string]bool{}})
			if c.problem != "" && (len(problems) != 1 || !strings.Contains(problems[0], c.problem)) || c.problem == "" && len(problems) > 0 {
				t.Errorf("problems %q", problems)
			}
			if c.status == "" {
				if len(all) != 0 {
					t.Errorf("%+v", all)
				}
				return
			}
			if len(all) != 1 {
				t.Fatalf("%+v", all)
			}
			d := all[0].Decision
			if d.Status != c.status || !slices.Equal(d.Packages, []string{"pkg:golang/github.com/acme/zip"}) || !strings.HasPrefix(d.Reason, "Acme stated on 2026-10-01 that ") || !strings.Contains(d.Notes, "acme.json") || d.Known.Ranges != "aa" {
				t.Errorf("%+v", d)
			}
			if why := j.Holds(&d, "1.0.0", zlib); len(why) > 0 {
				t.Errorf("it does not hold: %v", why)
			}
		})
	}
}

// FuzzRead: no document is too strange, and what was read can be told.
func FuzzRead(f *testing.F) {
	for _, format := range Formats {
		text, err := Write(sample(), format)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"bom-ref":"a","name":"a","components":[{"bom-ref":"b","name":"b"}]}],"vulnerabilities":[{"id":"CVE-1","analysis":{"state":"exploitable"},"affects":[{"ref":"b"},{"ref":"a","versions":[{"range":"vers:x/1","status":"affected"}]}]}]}`))
	f.Add([]byte(`{"document":{},"product_tree":{"branches":[{"category":"vendor","name":"x","branches":[null]}]},"vulnerabilities":[null,{"product_status":{}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Read(text)
		if err != nil {
			return
		}
		if len(d.Problems) > maxProblems || len(d.Statements) > maxStatements {
			t.Fatal("limits do not hold")
		}
		for _, s := range d.Statements {
			if s.Vulnerability == "" || s.Status == "" || len(s.Products) == 0 {
				t.Fatalf("%+v", s)
			}
		}
		for _, format := range Formats {
			_, _ = Write(d, format) // may refuse, must not panic
		}
	})
}

// TestVectors: the vector of the decision is told before that of the data, and scores go
// where a format has a place for them.
func TestVectors(t *testing.T) {
	const data, other, device = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H"
	four := "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"
	f := triage.Finding{CVSS: []string{other, data, four, "AV:N/AC:L/Au:N/C:N/I:N/A:C", "no vector"}}
	if got := vectorFor(device, f); got != device {
		t.Errorf("decision: %s", got)
	}
	for want, list := range map[string][]string{data: f.CVSS, four: f.CVSS[2:], "AV:N/AC:L/Au:N/C:N/I:N/A:C": f.CVSS[3:], "": f.CVSS[4:]} {
		if got := vectorFor("", triage.Finding{CVSS: list}); got != want {
			t.Errorf("%q of %q, want %q", got, list, want)
		}
	}
	csafText, err := WriteCSAF(sample())
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"baseScore": 7.6`, `"environmentalScore": 5.7`, `"CVSS v4.0 vector"`} {
		if !strings.Contains(string(csafText), part) {
			t.Errorf("CSAF lacks %s", part)
		}
	}
	cdxText, err := WriteCycloneDX(sample())
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"score": 5.7`, `"severity": "medium"`, `"method": "CVSSv4"`} {
		if !strings.Contains(string(cdxText), part) {
			t.Errorf("CycloneDX lacks %s", part)
		}
	}
}

// TestProposalsByName: a component without package URL is meant by its CPE, or by name,
// version and a maker that is not another.
func TestProposalsByName(t *testing.T) {
	file := load(t, pump+`
zones:
  zone-in: {title: Inside, trust: device}
components:
  soup-stack: {title: IPnet, type: soup, zone: zone-in, manufacturer: "Wind River Systems, Inc.", version: "6.5"}
`)
	j := triage.NewJudge(file, today)
	for name, c := range map[string]struct {
		component triage.Component
		product   Product
		taken     bool
		problem   string
	}{
		"cpe":           {triage.Component{CPE: "cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*", Version: "6.5"}, Product{ID: "cpe:/o:windriver:vxworks:6.5"}, true, ""},
		"cpe, all":      {triage.Component{CPE: "cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*", Version: "6.5"}, Product{ID: "cpe:2.3:o:windriver:vxworks:*:*:*:*:*:*:*:*"}, true, ""},
		"cpe, other":    {triage.Component{CPE: "cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*", Version: "6.5"}, Product{ID: "cpe:/o:windriver:vxworks:7"}, false, ""},
		"cpe, range":    {triage.Component{CPE: "cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*", Version: "6.5"}, Product{ID: "cpe:/o:windriver:vxworks", Range: "<6.9"}, true, ""},
		"name":          {triage.Component{Name: "IPnet", Version: "6.5"}, Product{ID: "Wind River IPnet 6.5", Name: "Wind River IPnet 6.5", Title: "ipnet", Maker: "Wind River Systems", Version: "6.5"}, true, ""},
		"name, version": {triage.Component{Name: "IPnet", Version: "6.5"}, Product{ID: "IPnet 6.5"}, true, ""},
		"name, other":   {triage.Component{Name: "IPnet", Version: "6.5"}, Product{ID: "x", Title: "IPnet", Version: "6.6"}, false, ""},
		"other maker":   {triage.Component{Name: "IPnet", Version: "6.5"}, Product{ID: "x", Title: "IPnet", Maker: "Acme", Version: "6.5"}, false, "is of another maker"},
		"no name":       {triage.Component{Name: "IPnet", Version: "6.5"}, Product{ID: "Interpeak"}, false, ""},
		"purl decides":  {triage.Component{PURL: "pkg:generic/ipnet@6.5", Name: "IPnet", Version: "6.5"}, Product{ID: "x", Title: "IPnet", Version: "6.5"}, false, ""},
	} {
		f := triage.Finding{ID: "CVE-2019-12256", Component: c.component, Ranges: "aa"}
		found := []triage.Found{{Verdict: j.Apply("", []triage.Finding{f})[0]}}
		doc := &Document{Author: "Maker", Statements: []Statement{{Vulnerability: f.ID, Status: "not-affected", Justification: "vulnerable-code-not-present", Reason: "Not built.", Products: []Product{c.product}}}}
		all, problems := Proposals(doc, j, found, Import{By: "PSIRT", Existing: map[string]bool{}})
		if (len(all) == 1) != c.taken || (c.problem == "") != (len(problems) == 0) || c.problem != "" && !strings.Contains(problems[0], c.problem) {
			t.Errorf("%s: %d decisions, problems %q", name, len(all), problems)
		}
		if len(all) == 1 && len(j.Holds(&all[0].Decision, "", f)) > 0 {
			t.Errorf("%s: %v", name, j.Holds(&all[0].Decision, "", f))
		}
	}
}
