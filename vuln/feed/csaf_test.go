package feed

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/vuln"
)

func csafRecords(t testing.TB, path string) (map[string]*vuln.Record, Stats) {
	return recordsOf(t, func(emit func(*vuln.Record) error) (Stats, error) { return CSAF(t.Context(), path, emit) })
}

func TestCSAFMedical(t *testing.T) {
	found, stats := csafRecords(t, "testdata/csaf")
	for id, want := range map[string]string{
		"ICSMA-17-255-01#CVE-2017-9657": "Product philips/intellivue-mx40-patient-worn-monitor-wlan-only [0,B.06.18)",
		"ICSMA-22-174-01#CVE-2022-2119": "Product offis/dcmtk [0,3.6.7)",
		"ICSMA-21-294-01#CVE-2021-33886": "Product b-braun-medical/battery-pack-sp-with-wi-fi [0,L81]\n" +
			"Product b-braun-medical/data-module-compactplus \"A10 < A11\"\n" +
			"Product b-braun-medical/spacestation-with-spacecom-2 [0,L81] [0,012U000061]\n" +
			"Product b-braun-medical/battery-pack-sp-with-wifi [0,028U000061]",
		// One product of two branches, in words.
		"ICSMA-20-170-04#CVE-2020-12039": "Product baxter/spectrum \"v8.x model 35700BAX2; v9.x model 35700BAX3\"\n" +
			"Product baxter/sigma-spectrum-lvp \"v6.x (with Wireless Battery Modules v9 | v11 | v13 | v14 | v15 | v16 | v16D38 | v17 | v17D19 | >= v20D29 | <= v20D32 | >= v22D24 | <= v22D28)\"\n" +
			"Product baxter/sigma-spectrum \"v6.x model 35700BAX\"\n" +
			"Product baxter/spectrum-lvp \"v8.x (with Wireless Battery Modules v17 | v17D19 | >= v20D29 | <= v20D32 | >= v22D24 | <= v22D28); v9.x (with Wireless Battery Module >= v22D19 | <= v22D28)\"",
	} {
		if r := found[id]; r == nil || packages(r) != want {
			t.Errorf("%s affects\n%v\nwant\n%s", id, r, want)
		}
	}
	r := found["ICSMA-22-174-01#CVE-2022-2119"]
	if !slices.Equal(r.Aliases, []string{"CVE-2022-2119"}) || r.Source != "csaf" || !slices.Equal(r.CWEs, []string{"CWE-22"}) || r.Summary == "" ||
		!r.Modified.Equal(time.Date(2022, 6, 23, 0, 0, 0, 0, time.UTC)) || len(r.URLs) == 0 || !strings.Contains(r.URLs[0], "icsma-22-174-01") {
		t.Errorf("%+v", r)
	}
	if want := []vuln.Severity{{Kind: "CVSS_V3", Value: "CVSS:3.0/AV:A/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"}}; !slices.Equal(r.Severities, want) || r.Affected[0].Severities != nil {
		t.Errorf("severities %v, of the product %v", r.Severities, r.Affected[0].Severities)
	}
	if len(found) != 2+3+5+6+1 || len(stats.NotUnderstood) > 0 {
		t.Errorf("%d records, not understood %v", len(found), stats.NotUnderstood)
	}
	if !stats.Newest.Equal(found["RHSA-2024:4546#CVE-2023-45288"].Modified) {
		t.Errorf("newest %v", stats.Newest)
	}
}

// A distribution's advisory says what is fixed, in which package of which of its products.
func TestCSAFRedHat(t *testing.T) {
	found, _ := csafRecords(t, "testdata/csaf/rhsa-2024_4546.json")
	r := found["RHSA-2024:4546#CVE-2023-45288"]
	var want []string
	for _, product := range []string{"rhel_aus", "rhel_e4s", "rhel_tus"} {
		for _, name := range []string{"git-lfs", "git-lfs-debuginfo", "git-lfs-debugsource"} {
			want = append(want, "Red Hat:"+product+":8.6::appstream "+name+" [0,2.13.3-3.el8_6.1)")
		}
	}
	if got := packages(r); got != strings.Join(want, "\n") {
		t.Errorf("affects\n%s", got)
	}
	if r.URLs[0] != "https://access.redhat.com/errata/RHSA-2024:4546" || !slices.Equal(r.Aliases, []string{"CVE-2023-45288"}) {
		t.Errorf("%q %q", r.URLs, r.Aliases)
	}
}

// advisory is a document around a product tree and vulnerabilities.
func advisory(tree, vulnerabilities string) string {
	return `{"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "T", "publisher": {"category": "vendor", "name": "N", "namespace": "https://example.com"},
		"aggregate_severity": {"text": "Important"},
		"tracking": {"id": "X-1", "current_release_date": "2024-05-06T07:08:09Z", "initial_release_date": "2024-01-01T00:00:00Z", "status": "final", "version": "1",
		"revision_history": [{"date": "2024-01-01T00:00:00Z", "number": "1", "summary": "s"}]}},
		"product_tree": ` + tree + `, "vulnerabilities": ` + vulnerabilities + `}`
}

// product is a full product name with what identifies it.
func product(id, helper string) string {
	return fmt.Sprintf(`{"name": %q, "product_id": %q, "product_identification_helper": {%s}}`, "full "+id, id, helper)
}

func only(t *testing.T, document string) (*vuln.Record, Stats) {
	t.Helper()
	found, stats := csafRecords(t, written(t, map[string][]byte{"a.json": []byte(document)}))
	if len(found) != 1 {
		t.Fatalf("%d records, %v", len(found), stats.NotUnderstood)
	}
	return slices.Collect(maps.Values(found))[0], stats
}

func TestCSAFIdentities(t *testing.T) {
	const unread = "package URL that cannot be read, or of a type without ecosystem"
	for _, c := range []struct{ helper, want string }{
		{`"purl": "pkg:npm/%40scope/name@1.2.3"`, "npm @scope/name 1.2.3"},
		{`"purl": "pkg:maven/org.apache/log4j@2.0"`, "Maven org.apache:log4j 2.0"},
		{`"purl": "pkg:golang/github.com/a/b@v1.2.3"`, "Go github.com/a/b 1.2.3"},
		{`"purl": "pkg:github/Owner/Name@v1"`, "GIT github.com/owner/name v1"},
		{`"purl": "pkg:pypi/django"`, "PyPI django [0,∞)"},
		{`"purl": "pkg:npm/name?vers=vers:npm/%3E%3D1.0.0%7C%3C2.0.0"`, "npm name [1.0.0,2.0.0)"},
		{`"purl": "pkg:deb/debian/openssl@3.0.11-1?distro=debian-12.2"`, "Debian:12 openssl 3.0.11-1"},
		{`"purl": "pkg:deb/ubuntu/openssl@3.0?distro=ubuntu-22.04"`, "Ubuntu:22.04 openssl 3.0"},
		{`"purl": "pkg:apk/alpine/zlib@1.2?distro=alpine-3.17.2"`, "Alpine:v3.17 zlib 1.2"},
		{`"purl": "pkg:rpm/redhat/openssl@3.0-1.el9?epoch=1&arch=x86_64"`, "Red Hat openssl 1:3.0-1.el9"},
		{`"cpe": "cpe:2.3:a:acme:thing:4.1:*:*:*:*:*:*:*"`, "CPE acme:thing 4.1 cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:*"},
		{`"cpe": "cpe:/a:acme:thing", "purl": "pkg:cargo/thing@4.1"`, "crates.io thing 4.1\nCPE acme:thing [0,∞) cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:*"},
		// Of an unknown type there is still the name.
		{`"purl": "pkg:unheardof/thing@4.1"`, "Product /full-p [0,∞)"},
		{`"skus": ["1"]`, "Product /full-p [0,∞)"},
	} {
		r, stats := only(t, advisory(`{"full_product_names": [`+product("P", c.helper)+`]}`, `[{"cve": "CVE-2024-1234", "product_status": {"known_affected": ["P"]}}]`))
		unknown := strings.Contains(c.helper, "unheardof")
		if got := packages(r); got != c.want || (stats.NotUnderstood[unread] == 1) != unknown || len(stats.NotUnderstood) > 1 {
			t.Errorf("%s affects\n%s\nwant\n%s\nnot understood %v", c.helper, got, c.want, stats.NotUnderstood)
		}
	}
}

// tree has a library, a device in two versions with a patch level, and a platform.
var tree = `{"branches": [{"category": "vendor", "name": "Acme Inc.", "branches": [
	{"category": "product_family", "name": "Pumps", "branches": [{"category": "product_name", "name": "Acme Pump", "branches": [
		{"category": "product_version", "name": "2.0", "product": ` + product("PUMP-2", "") + `},
		{"category": "product_version_range", "name": "vers:generic/>=1.0|<2.0", "product": ` + product("PUMP-1", "") + `, "branches": [
			{"category": "patch_level", "name": "hotfix 3", "product": ` + product("PUMP-1-3", "") + `}]}]}]},
	{"category": "product_name", "name": "Lib", "branches": [{"category": "product_version_range", "name": "< 1.5", "product": ` + product("LIB", "") + `}]},
	{"category": "product_name", "name": "Package", "product": ` + product("PKG", `"purl": "pkg:rpm/redhat/libx@1.0-2"`) + `},
	{"category": "product_name", "name": "Platform", "product": ` + product("OS", `"cpe": "cpe:2.3:o:redhat:enterprise_linux:9:*:baseos:*:*:*:*:*"`) + `}]}],
	"relationships": [
	{"category": "default_component_of", "full_product_name": {"name": "Lib in pump", "product_id": "LIB-IN-PUMP"}, "product_reference": "LIB", "relates_to_product_reference": "PUMP-2"},
	{"category": "installed_on", "full_product_name": {"name": "Lib on pump", "product_id": "LIB-ON-PUMP"}, "product_reference": "LIB", "relates_to_product_reference": "PUMP-2"},
	{"category": "default_component_of", "full_product_name": {"name": "Pkg", "product_id": "OS:PKG"}, "product_reference": "PKG", "relates_to_product_reference": "OS"},
	{"category": "default_component_of", "full_product_name": {"name": "A", "product_id": "CIRCLE-A"}, "product_reference": "CIRCLE-B", "relates_to_product_reference": "OS"},
	{"category": "default_component_of", "full_product_name": {"name": "B", "product_id": "CIRCLE-B"}, "product_reference": "CIRCLE-A", "relates_to_product_reference": "OS"},
	{"category": "default_component_of"}]}`

func TestCSAFStatus(t *testing.T) {
	for _, c := range []struct {
		name, status, want, why string
	}{
		{"range of a branch", `"known_affected": ["PUMP-1"]`, "Product acme/pump [1.0,2.0)", ""},
		{"version of a branch", `"known_affected": ["PUMP-2"]`, "Product acme/pump 2.0", ""},
		{"first and last", `"first_affected": ["PUMP-1"], "last_affected": ["PUMP-2"]`, "Product acme/pump [1.0,2.0) 2.0", ""},
		{"patch level", `"known_affected": ["PUMP-1-3"]`, `Product acme/pump "vers:generic/>=1.0|<2.0 hotfix 3"`, ""},
		{"component of a device", `"known_affected": ["LIB-IN-PUMP"]`, "Product acme/lib [0,1.5)\nProduct acme/pump 2.0", ""},
		{"installed on a device", `"known_affected": ["LIB-ON-PUMP"]`, "Product acme/lib [0,1.5)", ""},
		{"fixed package", `"fixed": ["OS:PKG"]`, "Red Hat:enterprise_linux:9::baseos libx [0,1.0-2)", ""},
		{"affected package", `"known_affected": ["OS:PKG"]`, "Red Hat:enterprise_linux:9::baseos libx 1.0-2", ""},
		{"fixed product", `"fixed": ["PUMP-2"]`, "", "vulnerability that affects no product"},
		{"not affected", `"known_not_affected": ["PUMP-2"]`, "", "vulnerability that affects no product"},
		{"investigated", `"under_investigation": ["PUMP-2"], "known_affected": ["PUMP-2"]`, "Product acme/pump 2.0", "products under investigation"},
		{"undefined", `"known_affected": ["NONE", "PUMP-2"]`, "Product acme/pump 2.0", "product that the document does not define"},
		{"circle", `"known_affected": ["CIRCLE-A", "PUMP-2"]`, "Product acme/pump 2.0", "relationships too deep or in a circle"},
	} {
		r, stats := only(t, advisory(tree, `[{"cve": "CVE-2024-1234", "product_status": {`+c.status+`}}]`))
		if got := packages(r); got != c.want || c.why != "" && stats.NotUnderstood[c.why] == 0 || stats.NotUnderstood["relationship of another shape"] != 1 {
			t.Errorf("%s: affects\n%s\nwant\n%s\nnot understood %v", c.name, got, c.want, stats.NotUnderstood)
		}
	}
}

func TestCSAFSeverities(t *testing.T) {
	score := func(version, vector, products string) string {
		return `{"cvss_v` + version[:1] + `": {"version": "` + version + `", "vectorString": "` + vector + `", "baseScore": 5, "baseSeverity": "MEDIUM"}, "products": [` + products + `]}`
	}
	first, second, old := "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "AV:N/AC:L/Au:N/C:P/I:P/A:P"
	r, _ := only(t, advisory(tree, `[{"cve": "CVE-2024-1234", "product_status": {"known_affected": ["PUMP-2", "LIB", "PUMP-1"]},
		"remediations": [{"category": "no_fix_planned", "details": "d", "product_ids": ["LIB"]}, {"category": "vendor_fix", "details": "d", "product_ids": ["PUMP-2"]}],
		"scores": [`+score("3.1", first, `"PUMP-2"`)+`, `+score("3.1", second, `"LIB"`)+`, `+score("2.0", old, `"LIB"`)+`]}]`))
	if want := []vuln.Severity{{Kind: "CVSS_V3", Value: first}, {Kind: "CVSS_V3", Value: second}, {Kind: "CVSS_V2", Value: old}}; !slices.Equal(r.Severities, want) {
		t.Errorf("severities %v", r.Severities)
	}
	for i, want := range []string{"acme/pump [{CVSS_V3 " + first + "}] false", "acme/lib [{CVSS_V3 " + second + "} {CVSS_V2 " + old + "}] true", "acme/pump [] false"} {
		if a := r.Affected[i]; fmt.Sprint(a.Name, " ", a.Severities, " ", a.Unfixed) != want {
			t.Errorf("%s %v %v, want %s", a.Name, a.Severities, a.Unfixed, want)
		}
	}
	r, _ = only(t, advisory(tree, `[{"cve": "CVE-2024-1234", "product_status": {"known_affected": ["PUMP-2"]}}]`))
	if want := []vuln.Severity{{Kind: "word", Value: "high"}}; !slices.Equal(r.Severities, want) {
		t.Errorf("without a score: %v", r.Severities)
	}
}

func TestCSAFIds(t *testing.T) {
	affected := `"product_status": {"known_affected": ["PUMP-2"]}`
	found, stats := csafRecords(t, written(t, map[string][]byte{"a.json": []byte(advisory(tree, `[{"cve": "CVE-2024-1234", `+affected+`}, {"cve": "CVE-2024-1234", `+affected+`},
		{"ids": [{"system_name": "GitHub", "text": "GHSA-aaaa-bbbb-cccc"}, {"system_name": "Bugs", "text": "77"}], `+affected+`}, {`+affected+`}, null]`))}))
	var got []string
	for _, id := range slices.Sorted(maps.Keys(found)) {
		got = append(got, fmt.Sprint(id, found[id].Aliases))
	}
	if want := []string{"X-1#4[]", "X-1#CVE-2024-1234[CVE-2024-1234]", "X-1#CVE-2024-1234#2[CVE-2024-1234]", "X-1#GHSA-aaaa-bbbb-cccc[GHSA-aaaa-bbbb-cccc]"}; !slices.Equal(got, want) {
		t.Errorf("records %q", got)
	}
	if stats.NotUnderstood["vulnerability of another shape"] != 1 {
		t.Errorf("not understood %v", stats.NotUnderstood)
	}
}

func TestCSAFWithdrawn(t *testing.T) {
	document := strings.Replace(advisory(tree, `[{"cve": "CVE-2024-1234", "product_status": {"known_affected": ["PUMP-2"]}}]`), "csaf_security_advisory", "csaf_withdrawn", 1)
	if r, _ := only(t, document); !r.Withdrawn.Equal(time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)) {
		t.Errorf("withdrawn %v", r.Withdrawn)
	}
}

// What the types refuse is left out alone, and counted.
func TestCSAFLenient(t *testing.T) {
	document := advisory(tree, `[{"cve": "CVE-2024-1234", "cwe": {"id": "none", "name": "n"}, "product_status": {"known_affected": ["PUMP-2", "LIB", "OS:PKG"]},
		"scores": [{"products": ["LIB"], "cvss_v3": {"version": "9", "vectorString": "x"}}, {"products": ["LIB"], "cvss_v2": {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:P/I:P/A:P", "baseScore": 7.5}}]},
		{"cve": "CVE 1", "product_status": {"known_affected": ["PUMP-2"]}}, "no object"]`)
	for _, change := range [][2]string{
		{`"csaf_version": "2.0"`, `"csaf_version": "9"`},
		{`"status": "final"`, `"status": "odd"`},
		{`"purl": "pkg:rpm/redhat/libx@1.0-2"`, `"purl": "libx"`},
		{`"product_family"`, `"odd_family"`},
		{`"relationships": [`, `"product_groups": [{"group_id": "G", "product_ids": ["LIB", "OS"]}], "relationships": ["odd", `},
	} {
		if !strings.Contains(document, change[0]) {
			t.Fatalf("%q is not in the document", change[0])
		}
		document = strings.Replace(document, change[0], change[1], 1)
	}
	found, stats := csafRecords(t, written(t, map[string][]byte{"a.json": []byte(document), "b.json": []byte(document[:500]), "c.json": []byte(`{"canonical_url": "x"}`), "d.json": []byte(`[1]`), "e.json": []byte(advisory("{}", "[]"))}))
	if want := "Product acme/pump 2.0\nProduct acme/lib [0,1.5)\nProduct acme/package [0,∞)\nCPE redhat:enterprise_linux 9 cpe:2.3:o:redhat:enterprise_linux:*:*:baseos:*:*:*:*:*"; packages(found["X-1#CVE-2024-1234"]) != want {
		t.Errorf("affects\n%s", packages(found["X-1#CVE-2024-1234"]))
	}
	if r := found["X-1#2"]; r == nil || len(r.Aliases) > 0 || packages(r) != "Product acme/pump 2.0" || len(found) != 2 {
		t.Errorf("records %v", found)
	}
	if got := found["X-1#CVE-2024-1234"].Severities; len(got) != 1 || got[0].Kind != "CVSS_V2" {
		t.Errorf("severities %v", got)
	}
	want := map[string]int{
		"document.csaf_version of another shape": 1, "document.tracking.status of another shape": 1, "product.product_identification_helper of another shape": 1,
		"product_tree.branches.category of another shape": 1, "branch of another shape": 1, "product_tree.product_groups of another shape": 1, "product_tree.relationships of another shape": 1,
		"relationship of another shape": 1, "vulnerability.cve of another shape": 1, "vulnerability.cwe of another shape": 1, "vulnerability.scores of another shape": 1,
		"vulnerability of another shape": 1, reasonCut: 1, "not an advisory of CSAF": 2, "document without vulnerability": 1,
	}
	for why, n := range want {
		if stats.NotUnderstood[why] != n {
			t.Errorf("%d of %q, want %d", stats.NotUnderstood[why], why, n)
		}
	}
	for why, n := range stats.NotUnderstood {
		if want[why] == 0 {
			t.Errorf("%d of %q", n, why)
		}
	}
}

func TestCSAFDeepBranches(t *testing.T) {
	deep := strings.Repeat(`{"category": "product_family", "name": "f", "branches": [`, 100) + strings.Repeat(`]}`, 100)
	_, stats := only(t, advisory(`{"branches": [`+deep+`]}`, `[{"cve": "CVE-2024-1234"}]`))
	if stats.NotUnderstood["branches too deep"] != 1 {
		t.Errorf("not understood %v", stats.NotUnderstood)
	}
}

func TestCSAFEndsWithEmit(t *testing.T) {
	stop := errors.New("stop")
	if _, err := CSAF(t.Context(), "testdata/csaf", func(*vuln.Record) error { return stop }); err != stop {
		t.Errorf("error %v", err)
	}
}

// Merging what is said of many products takes time in proportion to them.
func TestCSAFManyProducts(t *testing.T) {
	var names, ids []string
	for i := range 30_000 {
		id := fmt.Sprint("P", i)
		names = append(names, fmt.Sprintf(`{"category": "product_version", "name": "1.%d", "product": {"name": "n", "product_id": %q}}`, i, id))
		ids = append(ids, fmt.Sprintf("%q", id))
	}
	begun := time.Now()
	r, _ := only(t, advisory(`{"branches": [{"category": "vendor", "name": "A", "branches": [{"category": "product_name", "name": "B", "branches": [`+strings.Join(names, ",")+`]}]}]}`,
		`[{"cve": "CVE-2024-1234", "product_status": {"known_affected": [`+strings.Join(ids, ",")+`]}}]`))
	if len(r.Affected) != 1 || len(r.Affected[0].Versions) != 30_000 {
		t.Errorf("%d packages", len(r.Affected))
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzCSAF(f *testing.F) {
	names, err := filepath.Glob("testdata/csaf/*.json")
	must(f, err)
	for _, name := range names {
		data, err := os.ReadFile(name)
		must(f, err)
		f.Add(data)
	}
	f.Add([]byte(advisory(tree, `[{"cve": "CVE-2024-1234", "product_status": {"known_affected": ["CIRCLE-A", "LIB-IN-PUMP", "OS:PKG", "PUMP-1-3"]}}]`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var stats Stats
		advisory := readAdvisory(data, func(why string) { stats.lost("x", why) })
		if advisory == nil {
			if len(stats.NotUnderstood) == 0 {
				t.Error("refused without a reason")
			}
			return
		}
		d := csafDocument{stats: &stats, file: "x", advisory: advisory}
		used := map[string]bool{}
		for _, r := range d.records() {
			if r.ID == "" || used[r.ID] {
				t.Errorf("id %q", r.ID)
			}
			used[r.ID] = true
			for _, a := range r.Affected {
				if a.Ecosystem == "" || a.Name == "" || len(a.Ranges)+len(a.Versions)+len(a.VersionText) == 0 {
					t.Errorf("%s affects %+v", r.ID, a)
				}
			}
		}
	})
}

func FuzzReadPURL(f *testing.F) {
	for _, s := range []string{"pkg:npm/%40scope/name@1.2.3", "pkg:deb/debian/openssl@3?distro=debian-12.2&epoch=1", "pkg:github/a/b", "pkg:apk/alpine/a?distro=alpine-", "pkg:npm/name?vers=vers:npm/%3E1"} {
		f.Add(s, "cpe:2.3:o:redhat:enterprise_linux:9:*:baseos:*:*:*:*:*")
	}
	f.Fuzz(func(t *testing.T, s, platform string) {
		k, ok := readPURL(s, &csafProduct{cpe: platform, full: platform})
		if ok && (k.ecosystem == "" || k.name == "") {
			t.Errorf("%q is %+v", s, k)
		}
	})
}
