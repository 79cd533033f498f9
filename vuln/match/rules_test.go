package match

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/sbom"
	"theriac/vuln"
)

// record is an advisory on one package. Events are written as OSV has them: "0" or
// ">=1.2" begins, "<1.4" is fixed, "<=1.3" is the last, "!2" the limit, "=1.3" is listed.
func record(id, ecosystem, name string, events ...string) *vuln.Record {
	a := vuln.Affected{Ecosystem: ecosystem, Name: name}
	kind := vuln.InEcosystem
	if ecosystem == "GIT" {
		kind = vuln.InGit
	}
	var list []vuln.Event
	for _, e := range events {
		switch {
		case strings.HasPrefix(e, "="):
			a.Versions = append(a.Versions, e[1:])
		case strings.HasPrefix(e, "<="):
			list = append(list, vuln.Event{Kind: vuln.LastAffected, Version: e[2:]})
		case strings.HasPrefix(e, "<"):
			list = append(list, vuln.Event{Kind: vuln.Fixed, Version: e[1:]})
		case strings.HasPrefix(e, "!"):
			list = append(list, vuln.Event{Kind: vuln.Limit, Version: e[1:]})
		case strings.HasPrefix(e, ">="):
			list = append(list, vuln.Event{Kind: vuln.Introduced, Version: e[2:]})
		case strings.HasPrefix(e, ">"):
			list = append(list, vuln.Event{Kind: vuln.After, Version: e[1:]})
		default:
			list = append(list, vuln.Event{Kind: vuln.Introduced, Version: e})
		}
	}
	if list != nil {
		a.Ranges = []vuln.Range{{Kind: kind, Events: list}}
	}
	return &vuln.Record{ID: id, Source: "osv", Affected: []vuln.Affected{a}}
}

// scanOf matches components that have a package URL alone.
func scanOf(t *testing.T, db *memory, purls ...string) *Result {
	t.Helper()
	bom := &sbom.BOM{}
	for _, p := range purls {
		bom.Components = append(bom.Components, sbom.Component{Name: "misleading", PURL: p, Parent: -1})
	}
	result, err := Match(bom, db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func idsIn(list []Finding) string {
	var ids []string
	for _, f := range list {
		ids = append(ids, f.ID)
	}
	return strings.Join(ids, " ")
}

// TestIdentity has the rules of docs/matching.md about package URLs.
func TestIdentity(t *testing.T) {
	const hit, miss = true, false
	for name, c := range map[string]struct {
		ecosystem, pack string
		purl            string
		want            bool
	}{
		"the bare name says nothing":                {"npm", "misleading", "pkg:npm/other@1.0.0", miss},
		"npm scope":                                 {"npm", "@babel/core", "pkg:npm/%40babel/core@1.0.0", hit},
		"npm scope, not encoded":                    {"npm", "@babel/core", "pkg:npm/@babel/core@1.0.0", hit},
		"npm names have case":                       {"npm", "JSONStream", "pkg:npm/jsonstream@1.0.0", miss},
		"name space is part of the name":            {"npm", "core", "pkg:npm/%40babel/core@1.0.0", miss},
		"PyPI names are normal (PEP 503)":           {"PyPI", "ruamel-yaml", "pkg:pypi/Ruamel._YAML@1.0", hit},
		"NuGet names have no case":                  {"NuGet", "Newtonsoft.Json", "pkg:nuget/newtonsoft.json@1.0.0", hit},
		"Composer names have no case":               {"Packagist", "symfony/http-kernel", "pkg:composer/Symfony/HTTP-Kernel@1.0.0", hit},
		"Maven group and artifact":                  {"Maven", "org.apache:commons", "pkg:maven/org.apache/commons@1.0?type=jar", hit},
		"Maven group alone":                         {"Maven", "org.other:commons", "pkg:maven/org.apache/commons@1.0", miss},
		"percent-encoded version":                   {"Debian:11", "a", "pkg:deb/debian/a@1.0%2Bdfsg-1?distro=debian-11", hit},
		"Go path without case":                      {"Go", "github.com/Azure/go-ntlmssp", "pkg:golang/github.com/azure/go-ntlmssp@v1.0.0", hit},
		"Go subpath is part of the path":            {"Go", "github.com/go-git/go-git/v5", "pkg:golang/github.com/go-git/go-git@v1.0.0#v5", hit},
		"Go major version is another module":        {"Go", "github.com/go-git/go-git", "pkg:golang/github.com/go-git/go-git@v1.0.0#v5", miss},
		"Go subpath that is a nested module":        {"Go", "github.com/fluxcd/pkg/runtime", "pkg:golang/github.com/fluxcd/pkg@v1.0.0#runtime", hit},
		"Go subpath that is a package":              {"Go", "google.golang.org/genproto", "pkg:golang/google.golang.org/genproto@v1.0.0#googleapis/api", hit},
		"Go standard library":                       {"Go", "stdlib", "pkg:golang/stdlib@1.0.0", hit},
		"Go standard library by the version of Go":  {"Go", "stdlib", "pkg:golang/std@go1.0.0", hit},
		"a module called go is no standard library": {"Go", "stdlib", "pkg:golang/cloud.google.com/go@v1.0.0", miss},
		"deb source package":                        {"Debian:11", "openssl", "pkg:deb/debian/libssl1.1@1.0?upstream=openssl&distro=debian-11", hit},
		"deb source package, not the binary one":    {"Debian:11", "libssl1.1", "pkg:deb/debian/libssl1.1@1.0?upstream=openssl&distro=debian-11", miss},
		"deb source package with version":           {"Debian:11", "gcc-10", "pkg:deb/debian/libgcc-s1@99?upstream=gcc-10%401.0&distro=debian-11", hit},
		"deb point release":                         {"Debian:11", "a", "pkg:deb/debian/a@1.0?distro=debian-11.5", hit},
		"deb code name":                             {"Debian:11", "a", "pkg:deb/debian/a@1.0?distro=bullseye", hit},
		"deb distribution and code name":            {"Debian:11", "a", "pkg:deb/debian/a@1.0?distro=debian-bullseye", hit},
		"deb number alone":                          {"Debian:11", "a", "pkg:deb/debian/a@1.0?distro=11", hit},
		"deb other release":                         {"Debian:11", "a", "pkg:deb/debian/a@1.0?distro=debian-12", miss},
		"deb without release":                       {"Debian:11", "a", "pkg:deb/debian/a@1.0", miss},
		"deb epoch apart":                           {"Debian:11", "a", "pkg:deb/debian/a@1.0?epoch=2&distro=debian-11", miss},
		"Ubuntu":                                    {"Ubuntu:22.04:LTS", "a", "pkg:deb/ubuntu/a@1.0?distro=ubuntu-22.04", hit},
		"Ubuntu code name":                          {"Ubuntu:22.04:LTS", "a", "pkg:deb/ubuntu/a@1.0?distro=jammy", hit},
		"Ubuntu without long support":               {"Ubuntu:23.10", "a", "pkg:deb/ubuntu/a@1.0?distro=mantic", hit},
		"apk":                                       {"Alpine:v3.17", "openssl", "pkg:apk/alpine/libssl3@1.0-r0?upstream=openssl&distro=alpine-3.17.2", hit},
		"apk release alone":                         {"Alpine:v3.20", "a", "pkg:apk/alpine/a@1.0-r0?distro=3.20.3", hit},
		"apk, as it was called before":              {"Alpine:v3.15", "a", "pkg:alpine/a@1.0-r0?distro=alpine-3.15.6", hit},
		"apk other release":                         {"Alpine:v3.16", "a", "pkg:apk/alpine/a@1.0-r0?distro=alpine-3.17.2", miss},
		"Wolfi has no releases":                     {"Wolfi", "a", "pkg:apk/wolfi/a@1.0-r0", hit},
		"Chainguard":                                {"Chainguard", "a", "pkg:apk/chainguard/a@1.0-r0?distro=20230214", hit},
		"AlmaLinux":                                 {"AlmaLinux:9", "a", "pkg:rpm/almalinux/a@1.0-1.el9?distro=almalinux-9.2", hit},
		"Rocky Linux":                               {"Rocky Linux:8", "a", "pkg:rpm/rocky/a@1.0-1.el8?distro=rocky-8.6", hit},
		"Red Hat channel":                           {"Red Hat:enterprise_linux:9::appstream", "a", "pkg:rpm/redhat/a@1.0-1.el9?distro=rhel-9.2", hit},
		"SUSE source package":                       {"SUSE:Linux Enterprise Server 15 SP5", "openssl-3", "pkg:rpm/suse/libopenssl3@1.0-1?upstream=openssl-3-1.0-1.src.rpm&distro=sles-15.5", hit},
		"openSUSE":                                  {"openSUSE:Leap 15.5", "a", "pkg:rpm/opensuse/a@1.0-1?distro=opensuse-leap-15.5", hit},
		"rpm epoch apart":                           {"AlmaLinux:9", "a", "pkg:rpm/almalinux/a@1.0-1.el9?epoch=1&distro=almalinux-9.2", miss},
		"rpm without release":                       {"AlmaLinux:9", "a", "pkg:rpm/almalinux/a@1.0-1.el9", miss},
		"kernel headers are no kernel":              {"Debian:11", "linux", "pkg:deb/debian/linux-libc-dev@1.0?upstream=linux&distro=debian-11", miss},
		"a signed kernel is the kernel":             {"Debian:13", "linux", "pkg:deb/debian/linux-image-6.12-arm64@1.0?upstream=linux-signed-arm64%4099%2B1&distro=debian-13", hit},
		"a signed kernel of Ubuntu is the kernel":   {"Ubuntu:24.04:LTS", "linux-aws", "pkg:deb/ubuntu/linux-image-aws@1.0?upstream=linux-signed-aws&distro=ubuntu-24.04", hit},
		"another package of a like name is not":     {"Debian:13", "linux", "pkg:deb/debian/x@1.0?upstream=linux-signedness&distro=debian-13", miss},
		"the kernel is":                             {"Debian:11", "linux", "pkg:deb/debian/linux-image-amd64@1.0?upstream=linux&distro=debian-11", hit},
		"Cargo":                                     {"crates.io", "a", "pkg:cargo/a@1.0.0", hit},
		"RubyGems":                                  {"RubyGems", "a", "pkg:gem/a@1.0.0?platform=java", hit},
		"Hex":                                       {"Hex", "a", "pkg:hex/a@1.0.0", hit},
		"Pub":                                       {"Pub", "a", "pkg:pub/a@1.0.0", hit},
		"Swift":                                     {"SwiftURL", "github.com/apple/swift-nio", "pkg:swift/github.com/apple/swift-nio@1.0.0", hit},
		"CRAN":                                      {"CRAN", "readxl", "pkg:cran/readxl@1.0.0", hit},
		"Hackage":                                   {"Hackage", "aeson", "pkg:hackage/aeson@1.0.0", hit},
		"ConanCenter, without user and channel":     {"ConanCenter", "zlib", "pkg:conan/bincrafters/zlib@1.0.0?channel=stable", hit},
		"GitHub Actions":                            {"GitHub Actions", "actions/checkout", "pkg:githubactions/actions/checkout@v1.0.0", hit},
	} {
		t.Run(name, func(t *testing.T) {
			r := scanOf(t, newMemory(record("X-1", c.ecosystem, c.pack, "0", "<2")), c.purl)
			if got := len(r.Findings) == 1; got != c.want {
				t.Errorf("%s against %s %s: %v; findings %v, unmonitored %v", c.purl, c.ecosystem, c.pack, got, r.Findings, r.Unmonitored)
			}
		})
	}
}

// TestVersions has the rules about ranges.
func TestVersions(t *testing.T) {
	for name, c := range map[string]struct {
		ecosystem, version string
		events             []string
		want               string // affected, "", or unknown
		interval, fixed    string
	}{
		"before the fix":                       {"npm", "1.9.9", []string{"0", "<2.0.0"}, "affected", "<2.0.0", "2.0.0"},
		"the fix itself":                       {"npm", "2.0.0", []string{"0", "<2.0.0"}, "", "", ""},
		"the beginning itself":                 {"npm", "1.0.0", []string{">=1.0.0", "<2.0.0"}, "affected", ">=1.0.0 <2.0.0", "2.0.0"},
		"before the beginning":                 {"npm", "0.9.0", []string{">=1.0.0", "<2.0.0"}, "", "", ""},
		"last that is vulnerable":              {"npm", "1.5.0", []string{"0", "<=1.5.0"}, "affected", "<=1.5.0", ""},
		"after the last":                       {"npm", "1.5.1", []string{"0", "<=1.5.0"}, "", "", ""},
		"no fix":                               {"npm", "9.9.9", []string{"0"}, "affected", "all versions", ""},
		"second interval":                      {"npm", "2.5.0", []string{"0", "<1.2.0", ">=2.0.0", "<2.9.0"}, "affected", ">=2.0.0 <2.9.0", "2.9.0"},
		"between intervals":                    {"npm", "1.5.0", []string{"0", "<1.2.0", ">=2.0.0", "<2.9.0"}, "", "", ""},
		"events out of order":                  {"npm", "2.5.0", []string{"<2.9.0", ">=2.0.0", "<1.2.0", "0"}, "affected", ">=2.0.0 <2.9.0", "2.9.0"},
		"intervals that overlap":               {"npm", "4.1.0", []string{">=4.0.0", ">=4.0.5", "<4.2.0", "<4.3.0"}, "affected", ">=4.0.5 <4.2.0", "4.2.0"},
		"inverted":                             {"npm", "1.5.0", []string{">=2.0.0", "<1.0.0"}, "", "", ""},
		"inverted, past the beginning":         {"npm", "3.0.0", []string{">=2.0.0", "<1.0.0"}, "affected", ">=2.0.0", ""},
		"empty interval":                       {"npm", "2.0.0", []string{">=2.0.0", "<2.0.0"}, "", "", ""},
		"limit":                                {"npm", "3.0.0", []string{"0", "!2.0.0"}, "", "", ""},
		"limit *":                              {"npm", "3.0.0", []string{"0", "!*"}, "affected", "all versions", ""},
		"after, exclusive":                     {"npm", "1.0.0", []string{">1.0.0", "<2.0.0"}, "", "", ""},
		"after, exclusive, next":               {"npm", "1.0.1", []string{">1.0.0", "<2.0.0"}, "affected", ">1.0.0 <2.0.0", "2.0.0"},
		"listed":                               {"npm", "1.3.0", []string{"=1.3.0"}, "affected", "=1.3.0", ""},
		"not listed":                           {"npm", "1.3.1", []string{"=1.3.0"}, "", "", ""},
		"listed in another spelling":           {"PyPI", "1.0", []string{"=1.0.0"}, "affected", "=1.0", ""},
		"listed outside of the range":          {"npm", "3.0.0", []string{"0", "<2.0.0", "=3.0.0"}, "affected", "=3.0.0", ""},
		"nothing listed, no range":             {"npm", "1.0.0", nil, "unknown", "", ""},
		"a range without beginning":            {"npm", "1.0.0", []string{"<2.0.0"}, "unknown", "", ""},
		"before a release candidate":           {"npm", "2.0.0-rc.1", []string{"0", "<2.0.0"}, "affected", "<2.0.0", "2.0.0"},
		"PyPI candidate":                       {"PyPI", "2.0rc1", []string{"0", "<2.0"}, "affected", "<2.0", "2.0"},
		"PyPI post release":                    {"PyPI", "2.0.post1", []string{"0", "<2.0"}, "", "", ""},
		"Debian tilde":                         {"Debian:11", "1.0~rc1-1", []string{"0", "<1.0-1"}, "affected", "<1.0-1", "1.0-1"},
		"Debian epoch":                         {"Debian:11", "1:0.5", []string{"0", "<2.0"}, "", "", ""},
		"Debian backport":                      {"Debian:11", "7.74.0-1.3+deb11u3", []string{"0", "<7.74.0-1.3+deb11u5"}, "affected", "<7.74.0-1.3+deb11u5", "7.74.0-1.3+deb11u5"},
		"rpm":                                  {"AlmaLinux:9", "1.0-10.el9", []string{"0", "<1.0-9.el9"}, "", "", ""},
		"Alpine revision":                      {"Alpine:v3.17", "1.2.3-r4", []string{"0", "<1.2.3-r10"}, "affected", "<1.2.3-r10", "1.2.3-r10"},
		"Maven qualifier":                      {"Maven", "4.1.121.Final", []string{"0", "<4.1.125.Final"}, "affected", "<4.1.125.Final", "4.1.125.Final"},
		"Go pseudo version":                    {"Go", "v0.0.0-20200615164410-66371956d46c", []string{"0", "<0.1.1"}, "affected", "<0.1.1", "0.1.1"},
		"Go +incompatible":                     {"Go", "v3.2.0+incompatible", []string{"0", "<3.2.1"}, "affected", "<3.2.1", "3.2.1"},
		"no version":                           {"npm", "", []string{"0", "<2.0.0"}, "unknown", "", ""},
		"no version, all are vulnerable":       {"npm", "", []string{"0"}, "affected", "all versions", ""},
		"development version of Go":            {"Go", "(devel)", []string{"0", "<2.0.0"}, "unknown", "", ""},
		"placeholder":                          {"Maven", "${project.version}", []string{"0", "<2"}, "unknown", "", ""},
		"a word":                               {"npm", "latest", []string{"0", "<2.0.0"}, "unknown", "", ""},
		"PyPI, not of PEP 440":                 {"PyPI", "2008-03b-final-x", []string{"0", "<2"}, "unknown", "", ""},
		"advisory with a version that is none": {"npm", "1.0.0", []string{"0", "<next"}, "unknown", "", ""},
		"absurdly long":                        {"npm", strings.Repeat("9", 300) + ".0.0", []string{"0", "<2.0.0"}, "unknown", "", ""},
		"long number":                          {"npm", strings.Repeat("9", 200) + ".0.0", []string{"0", "<2.0.0"}, "", "", ""},
		"no order is known for the ecosystem":  {"Bazaar", "1.0", []string{"0", "<2"}, "unknown", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := record("X-1", c.ecosystem, "a", c.events...).Affected[0]
			v, err := parseVersion(c.ecosystem, c.version)
			got := evaluate(&a, c.ecosystem, c.version, v, err)
			word := ""
			switch {
			case got.affected:
				word = "affected"
			case got.unknown != "":
				word = "unknown"
			}
			if word != c.want || got.interval != c.interval || got.fixed != c.fixed {
				t.Errorf("got %q, %q, fixed in %q (%s); want %q, %q, %q", word, got.interval, got.fixed, got.unknown, c.want, c.interval, c.fixed)
			}
		})
	}
}

func TestWithdrawn(t *testing.T) {
	r := record("X-1", "npm", "a", "0")
	r.Withdrawn = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := scanOf(t, newMemory(r), "pkg:npm/a@1.0.0"); len(got.Findings)+len(got.Unknown) > 0 || got.Status != Complete {
		t.Errorf("a withdrawn advisory is a finding: %+v", got)
	}
}

func TestMixedRanges(t *testing.T) {
	r := record("X-1", "PyPI", "a", "0", "<2.0")
	r.Affected[0].Ranges = slices.Insert(r.Affected[0].Ranges, 0, vuln.Range{Kind: vuln.InGit, Events: []vuln.Event{{Version: "0"}, {Kind: vuln.Fixed, Version: "abc"}}})
	if got := scanOf(t, newMemory(r), "pkg:pypi/a@1.0", "pkg:pypi/a@2.0"); idsIn(got.Findings) != "X-1" || len(got.Unknown) > 0 {
		t.Errorf("a range of commits hides or adds something: %+v", got)
	}
}

func TestAliasesAreOneFinding(t *testing.T) {
	ghsa, pysec, other := record("GHSA-1", "PyPI", "a", "0", "<2.1"), record("PYSEC-9", "PyPI", "a", "0", "<2.0"), record("GHSA-2", "PyPI", "a", "0")
	ghsa.Aliases, pysec.Aliases = []string{"CVE-2026-1"}, []string{"CVE-2026-1"}
	other.Related = []string{"CVE-2026-1"}
	ghsa.Severities = []vuln.Severity{{Kind: "CVSS_V3", Value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}
	db := newMemory(ghsa, pysec, other)
	db.exploited["CVE-2026-1"] = vuln.Exploited{CVE: "CVE-2026-1", Added: "2026-02-01"}
	db.likelihoods["CVE-2026-1"] = vuln.Likelihood{Score: "0.5"}
	got := scanOf(t, db, "pkg:pypi/a@1.0").Findings
	if idsIn(got) != "GHSA-2 PYSEC-9" {
		t.Fatalf("findings are %s", idsIn(got))
	}
	f := got[1]
	if strings.Join(f.Aliases, " ") != "CVE-2026-1 GHSA-1" || strings.Join(f.Records, " ") != "GHSA-1 PYSEC-9" || strings.Join(f.Fixed, " ") != "2.0 2.1" {
		t.Errorf("aliases %v, records %v, fixed %v", f.Aliases, f.Records, f.Fixed)
	}
	if f.Severity.Word != "critical" || f.Severity.Score != 9.8 || f.Exploited == nil || f.Likelihood == nil || f.Likelihood.Score != "0.5" {
		t.Errorf("severity %+v, exploited %v, likelihood %v", f.Severity, f.Exploited, f.Likelihood)
	}
	if got[0].Exploited != nil {
		t.Error("what is related is not the same")
	}
}

// TestUpstream: an advisory of a distribution passes on CVEs that are not the same as it.
func TestUpstream(t *testing.T) {
	one, two := record("DSA-1-1", "Debian:11", "a", "0", "<2"), record("DSA-2-1", "Debian:11", "a", "0", "<3")
	one.Upstream, two.Upstream = []string{"CVE-2026-1", "CVE-2026-2"}, []string{"CVE-2026-1"}
	cve := record("CVE-2026-2", "CPE", "v:a")
	cve.Severities = []vuln.Severity{{Kind: "CVSS_V3", Value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"}}
	db := newMemory(one, two, cve)
	db.exploited["CVE-2026-2"] = vuln.Exploited{CVE: "CVE-2026-2"}
	got := scanOf(t, db, "pkg:deb/debian/a@1?distro=debian-11").Findings
	if idsIn(got) != "DSA-1-1 DSA-2-1" || got[0].Exploited == nil || got[1].Exploited != nil || len(got[0].Upstream) != 2 || got[0].Severity.Score != 5.3 {
		t.Errorf("findings are %+v", got)
	}
}

func TestWhy(t *testing.T) {
	db := newMemory(record("DSA-1-1", "Debian:12", "openssl", "0", "<3.0.15-1"), record("GO-1", "Go", "x.org/m", ">=1.2.0", "<1.4.0"), record("GO-2", "Go", "x.org/m", "0"))
	got := scanOf(t, db, "pkg:deb/debian/libssl3@3.0.11-1?upstream=openssl&distro=debian-12", "pkg:golang/x.org/m@v1.3.0")
	var texts []string
	for _, f := range got.Findings {
		texts = append(texts, f.Why)
	}
	want := []string{
		"openssl 3.0.11-1 in Debian:12, the source of libssl3 by upstream=, is before 3.0.15-1, in which DSA-1-1 is fixed",
		"x.org/m v1.3.0 in Go is in >=1.2.0 <1.4.0 of GO-1, which is fixed in 1.4.0",
		"x.org/m v1.3.0 in Go is vulnerable as GO-2 knows no version that is not",
	}
	if !slices.Equal(texts, want) {
		t.Errorf("the reasons are\n%s", strings.Join(texts, "\n"))
	}
	if got.Findings[0].Confidence != SourcePackage || got.Findings[1].Confidence != Exact {
		t.Error("confidence is wrong")
	}
}

// TestUnmonitored names each reason why nothing can be said.
func TestUnmonitored(t *testing.T) {
	db := newMemory(record("X-1", "npm", "a", "0", "<2.0.0"), record("X-2", "Debian:11", "a", "0"), record("X-3", "CPE", "known:thing", "0", "<2"), record("X-4", "GIT", "github.com/a/b", "0", "<"+strings.Repeat("f", 40)))
	bom := &sbom.BOM{Components: []sbom.Component{
		{Name: "none"}, {Name: "bad", PURL: "pkg:pypi/"}, {Name: "oci", PURL: "pkg:oci/x@sha256:1"}, {Name: "release", PURL: "pkg:deb/debian/a@1"},
		{Name: "odd", PURL: "pkg:deb/debian/a@1?distro=sid"}, {Name: "old", PURL: "pkg:deb/debian/a@1?distro=debian-7"}, {Name: "version", PURL: "pkg:npm/a@latest"},
		{Name: "nobody", PURL: "pkg:npm/unknown-to-all@latest"}, {Name: "vendor", CPEs: []string{"cpe:2.3:a:invented:thing:1:*:*:*:*:*:*:*"}},
		{Name: "product", CPEs: []string{"cpe:2.3:a:known:other:1:*:*:*:*:*:*:*"}}, {Name: "cpe", CPEs: []string{"cpe:2.3:a"}}, {Name: "repo", PURL: "pkg:github/c/d@1"},
		{Name: "tag", PURL: "pkg:github/a/b@1"}, {Name: "chip", Type: "device"}, {Name: "readme", Type: "file"}, {Name: "debian", Type: "operating-system"},
		{Name: "firmware", Type: "firmware", Ref: "subject"},
	}, Subject: &sbom.Component{Ref: "subject"}}
	got, err := Match(bom, db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, u := range got.Unmonitored {
		lines = append(lines, u.Name+" "+string(u.Cause)+": "+u.Reason)
	}
	for _, a := range got.Apart {
		lines = append(lines, a.Name+" apart: "+a.Reason)
	}
	want := []string{
		"none no-identity: no package URL",
		"bad unreadable: the package URL cannot be read: purl is missing name",
		"oci no-data: no data are about package URLs of type oci",
		"release no-release: the package URL names no release of the distribution (distro=)",
		"odd no-release: the release that distro=sid means is not known",
		"old no-data: no data are about Debian:7",
		"version undecidable: one advisory on it cannot be decided: its version is none that the ecosystem can order",
		"vendor no-data: no package URL; no data know the vendor invented of its CPE name",
		"product no-data: no package URL; no data know the product known:other of its CPE name",
		"cpe unreadable: no package URL; the CPE name cannot be read",
		"repo no-data: no data are about the repository github.com/c/d",
		"tag undecidable: one advisory on it cannot be decided: a tag or version is not enough to decide about ranges of commits",
		"chip apart: hardware",
		"readme apart: a file, not software of its own",
		"debian apart: an operating system that is watched by its packages",
		"firmware apart: what the list is of",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got.Status != WithGaps || idsIn(got.Unknown) != "X-1 X-4" {
		t.Errorf("status %s, unknown %s", got.Status, idsIn(got.Unknown))
	}
}

func TestStatus(t *testing.T) {
	db := newMemory(record("X-1", "npm", "a", "0", "<2.0.0"))
	for name, c := range map[string]struct {
		bom  sbom.BOM
		want Status
	}{
		"all watched":      {sbom.BOM{Components: []sbom.Component{{PURL: "pkg:npm/a@2.0.0"}}}, Complete},
		"one unwatched":    {sbom.BOM{Components: []sbom.Component{{PURL: "pkg:npm/a@2.0.0"}, {Name: "b"}}}, WithGaps},
		"none watched":     {sbom.BOM{Components: []sbom.Component{{Name: "b"}}}, Failed},
		"nothing to watch": {sbom.BOM{Components: []sbom.Component{{Name: "b", Type: "device"}}}, Complete},
		"empty":            {sbom.BOM{}, WithGaps},
		"empty, damaged":   {sbom.BOM{Problems: []sbom.Problem{{What: "x"}}}, Failed},
		"damaged":          {sbom.BOM{Components: []sbom.Component{{PURL: "pkg:npm/a@2.0.0"}}, Problems: []sbom.Problem{{What: "x", Lost: true}}, Lost: 1}, WithGaps},
		"odd alone":        {sbom.BOM{Components: []sbom.Component{{PURL: "pkg:npm/a@2.0.0"}}, Problems: []sbom.Problem{{What: "depends on itself"}}}, Complete},
		"undecided":        {sbom.BOM{Components: []sbom.Component{{PURL: "pkg:npm/a@latest"}, {PURL: "pkg:npm/a@2.0.0"}}}, WithGaps},
		"no source named":  {sbom.BOM{Components: []sbom.Component{{PURL: "pkg:deb/debian/a@1?distro=debian-11"}, {PURL: "pkg:npm/a@2.0.0"}}}, WithGaps},
	} {
		got, err := Match(&c.bom, db, Options{})
		if err != nil || got.Status != c.want {
			t.Errorf("%s: %v %v, want %s", name, got, err, c.want)
		}
	}
}

// TestModuleStreams: packages of a stream and those of the base are different packages.
func TestModuleStreams(t *testing.T) {
	db := newMemory(record("ALSA-1", "AlmaLinux:8", "nodejs", "0", "<1:18.0-1.module_el8.7.0"), record("ALSA-2", "AlmaLinux:8", "nodejs", "0", "<1:20.0-1.el8"))
	got := scanOf(t, db, "pkg:rpm/almalinux/nodejs@16.0-1.module_el8.5.0?epoch=1&distro=almalinux-8.7", "pkg:rpm/almalinux/nodejs@16.0-1.el8?epoch=1&distro=almalinux-8.7")
	if idsIn(got.Findings) != "ALSA-1 ALSA-2" || got.Findings[0].Component != 0 || got.Findings[1].Component != 1 {
		t.Errorf("findings are %+v", got.Findings)
	}
}

func TestArchitecture(t *testing.T) {
	r := record("X-1", "AlmaLinux:9", "a", "0")
	r.Affected[0].Arch = []string{"aarch64"}
	got := scanOf(t, newMemory(r), "pkg:rpm/almalinux/a@1-1?arch=x86_64&distro=9", "pkg:rpm/almalinux/a@1-1?arch=aarch64&distro=9", "pkg:rpm/almalinux/a@1-1?distro=9")
	if len(got.Findings) != 2 || got.Findings[0].Component != 1 {
		t.Errorf("findings are %+v", got.Findings)
	}
}

func TestPatched(t *testing.T) {
	bom := &sbom.BOM{Components: []sbom.Component{{Name: "a", PURL: "pkg:npm/a@1.0.0", Patched: true}}}
	got, err := Match(bom, newMemory(record("X-1", "npm", "a", "0")), Options{})
	if err != nil || len(got.Findings) != 1 || !got.Findings[0].Patched || !strings.Contains(got.Findings[0].Why, "changed after its maker") {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestOverlappingRangesAreCounted(t *testing.T) {
	got := scanOf(t, newMemory(record("X-1", "npm", "a", ">=1.0.0", ">=1.5.0", "<2.0.0", "<3.0.0")), "pkg:npm/a@1.7.0")
	if len(got.Gaps) != 1 || !strings.HasSuffix(got.Gaps[0], ": X-1") || got.Status != Complete {
		t.Errorf("gaps %v, status %s", got.Gaps, got.Status)
	}
}

func TestVersionInWords(t *testing.T) {
	r := record("ICSMA-1#CVE-2026-1", "Product", vuln.NormalProduct("Acme Inc.", "Pump 3"))
	r.Affected[0].VersionText = "distributed before April 2018"
	bom := &sbom.BOM{Components: []sbom.Component{{Name: "Pump 3", Version: "2.0", Supplier: "ACME"}}}
	got, err := Match(bom, newMemory(r), Options{})
	if err != nil || len(got.Unknown) != 1 || got.Unknown[0].Confidence != ByName || !strings.Contains(got.Unknown[0].Why, "distributed before April 2018") {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestProductByName(t *testing.T) {
	db := newMemory(record("ICSMA-1#CVE-2026-1", "Product", vuln.NormalProduct("Acme Inc.", "Pump 3"), "0", "<=2.1"))
	bom := &sbom.BOM{Components: []sbom.Component{{Name: "Pump 3", Version: "2.0", Manufacturer: "ACME"}, {Name: "Pump 3", Version: "2.2", Manufacturer: "ACME"}, {Name: "Pump 3", Version: "2.0", Manufacturer: "Other"}}}
	got, err := Match(bom, db, Options{})
	if err != nil || len(got.Findings) != 1 || got.Findings[0].Confidence != ByName || len(got.Unmonitored) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestCPE has the rules about CPE names.
func TestCPE(t *testing.T) {
	plain := record("CVE-1", "CPE", "acme:lib", ">=1.0", "<1.5")
	plain.Affected[0].CPE = "cpe:2.3:a:acme:lib:*:*:*:*:*:*:*:*"
	wordpress := record("CVE-2", "CPE", "acme:lib", "0")
	wordpress.Affected[0].CPE = "cpe:2.3:a:acme:lib:*:*:*:*:*:wordpress:*:*"
	hardware := record("CVE-3", "CPE", "acme:lib", "0")
	hardware.Affected[0].CPE = "cpe:2.3:h:acme:lib:*:*:*:*:*:*:*:*"
	released := record("CVE-4", "CPE", "acme:lib", "=1.2")
	released.Affected[0].CPE = "cpe:2.3:a:acme:lib:*:-:*:*:*:*:*:*"
	db := newMemory(plain, wordpress, hardware, released, record("X-1", "npm", "lib", "0"))
	for name, c := range map[string]struct {
		component      sbom.Component
		found, unknown string
	}{
		"formatted string":            {sbom.Component{CPEs: []string{"cpe:2.3:a:acme:lib:1.2:*:*:*:*:*:*:*"}}, "CVE-1 CVE-4", "CVE-2"},
		"URI":                         {sbom.Component{CPEs: []string{"cpe:/a:acme:lib:1.2"}}, "CVE-1 CVE-4", "CVE-2"},
		"target software fits":        {sbom.Component{CPEs: []string{"cpe:2.3:a:acme:lib:1.9:*:*:*:*:wordpress:*:*"}}, "CVE-2", ""},
		"target software contradicts": {sbom.Component{CPEs: []string{"cpe:2.3:a:acme:lib:1.9:*:*:*:*:drupal:*:*"}}, "", ""},
		"version of the component":    {sbom.Component{Version: "1.2", CPEs: []string{"cpe:2.3:a:acme:lib:*:*:*:*:*:*:*:*"}}, "CVE-1 CVE-4", "CVE-2"},
		"1.0.0 is 1.0":                {sbom.Component{CPEs: []string{"cpe:2.3:a:acme:lib:1.5.0:*:*:*:*:*:*:*"}}, "", "CVE-2"},
		"a letter comes after":        {sbom.Component{CPEs: []string{"cpe:2.3:a:acme:lib:1.4g:*:*:*:*:*:*:*"}}, "CVE-1", "CVE-2"},
		"other vendor":                {sbom.Component{CPEs: []string{"cpe:2.3:a:other:lib:1.2:*:*:*:*:*:*:*"}}, "", ""},
		"package URL has data":        {sbom.Component{PURL: "pkg:npm/other@1.2.0", CPEs: []string{"cpe:2.3:a:acme:lib:1.2:*:*:*:*:*:*:*"}}, "", ""},
		"package URL has none":        {sbom.Component{PURL: "pkg:generic/lib@1.2", CPEs: []string{"cpe:2.3:a:acme:lib:1.2:*:*:*:*:*:*:*"}}, "CVE-1 CVE-4", "CVE-2"},
		"package of a distribution":   {sbom.Component{PURL: "pkg:deb/debian/lib@1.2", CPEs: []string{"cpe:2.3:a:acme:lib:1.2:*:*:*:*:*:*:*"}}, "", ""},
		"hardware has another part":   {sbom.Component{Type: "device", CPEs: []string{"cpe:2.3:h:acme:lib:1.2:*:*:*:*:*:*:*"}}, "CVE-3", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Match(&sbom.BOM{Components: []sbom.Component{c.component}}, db, Options{})
			if err != nil || idsIn(got.Findings) != c.found || idsIn(got.Unknown) != c.unknown {
				t.Errorf("found %q, unknown %q, want %q, %q; %v", idsIn(got.Findings), idsIn(got.Unknown), c.found, c.unknown, err)
			}
			for _, f := range got.Findings {
				if f.Confidence != ByCPE {
					t.Errorf("confidence is %s", f.Confidence)
				}
			}
		})
	}
}

// TestCommits has the rules about code that was taken from a repository.
func TestCommits(t *testing.T) {
	a, b, c, d := strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("c", 40), strings.Repeat("d", 40)
	line := []string{a, b, c, d} // each the parent of the next
	history := func(repository, ancestor, commit string) (bool, error) {
		i, j := slices.Index(line, ancestor), slices.Index(line, commit)
		if repository != "github.com/acme/lib" || i < 0 || j < 0 {
			return false, errors.New("no such commit")
		}
		return i <= j, nil
	}
	db := newMemory(record("OSV-1", "GIT", "github.com/acme/lib", ">="+b, "<"+d, "=v1.2.0"))
	for name, x := range map[string]struct {
		revision string
		history  Ancestor
		want     string
	}{
		"beginning itself":         {b, nil, "affected"},
		"fix itself":               {d, nil, ""},
		"between, nobody knows":    {c, nil, "unknown"},
		"between":                  {c, history, "affected"},
		"before":                   {a, history, ""},
		"not in the clone":         {strings.Repeat("e", 40), history, "unknown"},
		"tag that is listed":       {"v1.2.0", nil, "affected"},
		"version of a tag that is": {"1.2.0", nil, "affected"},
		"tag that is not listed":   {"1.3.0", history, "unknown"},
		"abbreviated commit":       {b[:12], history, "unknown"},
		"upper case":               {strings.ToUpper(b), nil, "affected"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, component := range []sbom.Component{
				{PURL: "pkg:github/Acme/lib@" + x.revision},
				{PURL: "pkg:generic/lib?vcs_url=git%2Bhttps://github.com/acme/lib.git%40" + x.revision},
				{Links: []sbom.Link{{Kind: "vcs", URL: "git+https://github.com/acme/lib@" + x.revision}}},
			} {
				got, err := Match(&sbom.BOM{Components: []sbom.Component{component}}, db, Options{Ancestor: x.history})
				if err != nil {
					t.Fatal(err)
				}
				if (len(got.Findings) == 1) != (x.want == "affected") || (len(got.Unknown) == 1) != (x.want == "unknown") {
					t.Errorf("%+v: findings %v, unknown %v; want %q", component, got.Findings, got.Unknown, x.want)
				}
			}
		})
	}
}

// TestOneLookUp: a portfolio asks for each package once.
func TestOneLookUp(t *testing.T) {
	db := newMemory(record("X-1", "npm", "a", "0", "<2.0.0"))
	m := NewMatcher(db, Options{})
	for range 3 {
		bom := &sbom.BOM{Components: []sbom.Component{{PURL: "pkg:npm/a@1.0.0"}, {PURL: "pkg:npm/a@1.0.0"}, {PURL: "pkg:npm/b@1.0.0"}}}
		if r, err := m.Match(bom); err != nil || len(r.Findings) != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if n := db.asked[Key{"npm", "a"}]; n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestKeys(t *testing.T) {
	got := Keys(&sbom.Component{
		Name: "Lib", Manufacturer: "Acme", PURL: "pkg:pypi/My_Lib@1", CPEs: []string{"cpe:2.3:a:acme:lib:1:*:*:*:*:*:*:*", "broken"},
		Links: []sbom.Link{{Kind: "vcs", URL: "https://github.com/acme/lib"}, {Kind: "vcs", URL: "https://github.com/acme/lib@v1"}},
	})
	want := []Key{{"PyPI", "my-lib"}, {"GIT", "github.com/acme/lib"}, {"CPE", "acme:lib"}, {"Product", "acme/lib"}}
	if !slices.Equal(got, want) {
		t.Errorf("keys are %v", got)
	}
}

func TestSeverity(t *testing.T) {
	word, v2 := vuln.Severity{Kind: "word", Value: "high"}, vuln.Severity{Kind: "CVSS_V2", Value: "AV:N/AC:L/Au:N/C:P/I:P/A:P"}
	v3, v4 := vuln.Severity{Kind: "CVSS_V3", Value: "CVSS:3.0/AV:L/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"}, vuln.Severity{Kind: "CVSS_V4", Value: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}
	broken := vuln.Severity{Kind: "CVSS_V3", Value: "CVSS:3.1/AV:N"}
	for name, c := range map[string]struct {
		lists [][]vuln.Severity
		word  string
		score float64
	}{
		"none":                         {nil, "unknown", 0},
		"a word":                       {[][]vuln.Severity{{word}}, "high", 0},
		"a vector before a word":       {[][]vuln.Severity{{word, v3}}, "medium", 4},
		"the newest version":           {[][]vuln.Severity{{v2, v4, v3}}, "critical", 9.3},
		"version 2 alone":              {[][]vuln.Severity{{v2}}, "high", 7.5},
		"version 2 at its most":        {[][]vuln.Severity{{{Kind: "CVSS_V2", Value: "AV:N/AC:L/Au:N/C:C/I:C/A:C"}}}, "high", 10},
		"the package's own":            {[][]vuln.Severity{{v3}, {v4}}, "medium", 4},
		"a vector of another":          {[][]vuln.Severity{{word}, nil, {v3}}, "medium", 4},
		"a vector that cannot be read": {[][]vuln.Severity{{broken, word}}, "high", 0},
	} {
		if got := judge(c.lists...); got.Word != c.word || got.Score != c.score {
			t.Errorf("%s: %+v, want %s %v", name, got, c.word, c.score)
		}
	}
}
