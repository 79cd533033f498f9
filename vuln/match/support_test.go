package match

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
	"theriac/vuln"
	"theriac/vuln/feed"
)

// withCycles is a database in memory with release cycles.
type withCycles struct {
	*memory
	cycles map[string][]vuln.Cycle
	ids    map[string][]string
}

func (w *withCycles) Cycles(product string) ([]vuln.Cycle, error) { return w.cycles[product], nil }
func (w *withCycles) HasCycles() bool                             { return len(w.cycles) > 0 }
func (w *withCycles) Products(id string) ([]string, error)        { return w.ids[id], nil }

// realCycles reads the extract of endoflife.date, and adds cycles.
func realCycles(t *testing.T, more ...vuln.Cycle) *withCycles {
	t.Helper()
	w := &withCycles{memory: newMemory(), cycles: map[string][]vuln.Cycle{}, ids: map[string][]string{}}
	add := func(c vuln.Cycle) error {
		w.cycles[c.Product] = append(w.cycles[c.Product], c)
		for _, id := range c.IDs {
			if !slices.Contains(w.ids[id], c.Product) {
				w.ids[id] = append(w.ids[id], c.Product)
			}
		}
		return nil
	}
	if stats, err := feed.EOL(context.Background(), "../feed/testdata/eol/endoflife-extract.json", add); err != nil || stats.Records != 16 {
		t.Fatalf("the cycles were not read: %+v, %v", stats, err)
	}
	for _, c := range more {
		_ = add(c) // gives none
	}
	return w
}

// TestSupport has the rules of docs/matching.md about ends of support.
func TestSupport(t *testing.T) {
	db := realCycles(t,
		vuln.Cycle{Product: "openssl", Name: "1.0", End: "2016-01-01"}, vuln.Cycle{Product: "openssl", Name: "1.0.1", End: "2016-12-31"},
		vuln.Cycle{Product: "angular", Name: "1", End: "2021-12-31", IDs: []string{"pkg:npm/%40angular/core"}},
		vuln.Cycle{Product: "nginx", Name: "1.18", End: "2021-04-20", IDs: []string{"pkg:deb/debian/nginx", "pkg:generic/nginx"}},
		vuln.Cycle{Product: "alpine-linux", Name: "3.17", End: "2024-11-22"}, vuln.Cycle{Product: "ubuntu", Name: "22.04", End: "2027-04-01"},
	)
	openssl := func(version string) sbom.Component {
		return sbom.Component{Name: "tls", CPEs: []string{"cpe:2.3:a:openssl:openssl:" + version + ":*:*:*:*:*:*:*"}}
	}
	for name, c := range map[string]struct {
		component sbom.Component
		want      string
	}{
		"CPE name":                             {openssl("3.4.2"), "openssl 3.4 2026-10-22 cpe"},
		"CPE name as URI":                      {sbom.Component{CPEs: []string{"cpe:/a:openssl:openssl:3.4.2"}}, "openssl 3.4 2026-10-22 cpe"},
		"version of the component":             {sbom.Component{Version: "3.4.2", CPEs: []string{"cpe:2.3:a:openssl:openssl:-:*:*:*:*:*:*:*"}}, "openssl 3.4 2026-10-22 cpe"},
		"the cycle itself":                     {openssl("3.4"), "openssl 3.4 2026-10-22 cpe"},
		"a letter ends a number":               {openssl("1.0.1f"), "openssl 1.0.1 2016-12-31 cpe"},
		"the longest name":                     {openssl("1.0.2"), "openssl 1.0 2016-01-01 cpe"},
		"3.40 is not of 3.4":                   {openssl("3.40"), ""},
		"no version":                           {openssl("*"), ""},
		"other vendor":                         {sbom.Component{CPEs: []string{"cpe:2.3:a:other:openssl:3.4.2:*:*:*:*:*:*:*"}}, ""},
		"the bare name says nothing":           {sbom.Component{Name: "openssl", Version: "3.4.2", PURL: "pkg:generic/openssl@3.4.2"}, ""},
		"package URL, encoded":                 {sbom.Component{PURL: "pkg:npm/%40angular/core@1.8.3"}, "angular 1 2021-12-31 exact"},
		"package URL, not encoded":             {sbom.Component{PURL: "pkg:npm/@angular/core@v1.8.3"}, "angular 1 2021-12-31 exact"},
		"package URL with qualifiers":          {sbom.Component{PURL: "pkg:generic/nginx@1.18.0?arch=arm64#sub"}, "nginx 1.18 2021-04-20 exact"},
		"Debian supports its packages":         {sbom.Component{PURL: "pkg:deb/debian/nginx@1.18.0-6?distro=debian-11.5"}, "debian 11 2024-08-14 exact"},
		"Debian without release":               {sbom.Component{PURL: "pkg:deb/debian/nginx@1.18.0-6"}, ""},
		"Ubuntu by code name":                  {sbom.Component{PURL: "pkg:deb/ubuntu/a@1?distro=jammy"}, "ubuntu 22.04 2027-04-01 exact"},
		"Alpine":                               {sbom.Component{PURL: "pkg:apk/alpine/a@1-r0?distro=alpine-3.17.2"}, "alpine-linux 3.17 2024-11-22 exact"},
		"Alpine as it was written before":      {sbom.Component{PURL: "pkg:alpine/a@1-r0?distro=3.17.2"}, "alpine-linux 3.17 2024-11-22 exact"},
		"operating system by its name":         {sbom.Component{Type: "operating-system", Name: "Debian", Version: "10"}, "debian 10 2022-09-10 name"},
		"library of the name of a system":      {sbom.Component{Type: "library", Name: "debian", Version: "10"}, ""},
		"ended on a day that is not known":     {sbom.Component{CPEs: []string{"cpe:2.3:a:apache:lucene:7.7.3:*:*:*:*:*:*:*"}}, "apache-lucene 7 ended cpe"},
		"supported, with no end that is known": {sbom.Component{CPEs: []string{"cpe:2.3:a:apache:lucene:9.1:*:*:*:*:*:*:*"}}, "apache-lucene 9  cpe"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Match(&sbom.BOM{Components: []sbom.Component{c.component}}, db, Options{})
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, s := range got.Support {
				list = append(list, fmt.Sprintf("%s %s %s %s", s.Product, s.Cycle, s.Until(), s.By))
			}
			if strings.Join(list, "; ") != c.want {
				t.Errorf("support is %q, want %q", list, c.want)
			}
		})
	}
}

// TestSupportTogether: components of one cycle stand together, and its last day is not over.
func TestSupportTogether(t *testing.T) {
	part := func(p string) sbom.Component {
		return sbom.Component{Name: p, PURL: "pkg:deb/debian/" + p + "@1?distro=debian-11", Line: 7}
	}
	got, err := Match(&sbom.BOM{Components: []sbom.Component{part("a"), {Name: "other"}, part("b")}}, realCycles(t), Options{})
	if err != nil || len(got.Support) != 1 || len(got.Support[0].Components) != 2 || got.Support[0].Components[1] != (Supported{2, "pkg:deb/debian/b@1?distro=debian-11", "b", "", 7}) {
		t.Fatalf("support is %+v, %v", got.Support, err)
	}
	if s := &got.Support[0]; s.Over("2024-08-14") || !s.Over("2024-08-15") || s.Title != "Debian" || s.Latest != "11.11" {
		t.Errorf("the cycle is %+v", s)
	}
	if none, err := Match(&sbom.BOM{Components: []sbom.Component{part("a")}}, newMemory(), Options{}); err != nil || none.Support != nil {
		t.Errorf("support %v without data, %v", none.Support, err)
	}
}

// FuzzSupport: no version or name leads astray.
func FuzzSupport(f *testing.F) {
	f.Add("pkg:deb/debian/a@1?distro=debian-11", "cpe:2.3:a:openssl:openssl:3.4.2:*:*:*:*:*:*:*", "3.4")
	f.Add("pkg:alpine/a@1?distro=v", "cpe:/a:openssl:openssl", "v")
	f.Fuzz(func(t *testing.T, purl, cpe, version string) {
		db := &withCycles{memory: newMemory(), cycles: map[string][]vuln.Cycle{"x": {{Product: "x", Name: "3"}}, "debian": {{Product: "debian", Name: "11"}}}, ids: map[string][]string{"cpe:2.3:a:openssl:openssl": {"x"}}}
		got, err := supports(&sbom.BOM{Components: []sbom.Component{{PURL: purl, CPEs: []string{cpe}, Version: version}}}, db)
		if err != nil || len(got) > 1 {
			t.Fatalf("support is %+v, %v", got, err)
		}
	})
}
