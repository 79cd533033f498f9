package feed

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/vuln"
)

// gather collects what a feed hands on.
func gather[T any](list *[]T) func(T) error {
	return func(x T) error {
		*list = append(*list, x)
		return nil
	}
}

func TestKEV(t *testing.T) {
	var list []vuln.Exploited
	stats, err := KEV(t.Context(), "testdata/kev/known_exploited_vulnerabilities-extract.json", gather(&list))
	must(t, err)
	want := []vuln.Exploited{
		{CVE: "CVE-2025-48384", Added: "2025-08-25", Due: "2025-09-15", Name: "Git Link Following Vulnerability"},
		{CVE: "CVE-2024-8068", Added: "2025-08-25", Due: "2025-09-15", Name: "Citrix Session Recording Improper Privilege Management Vulnerability"},
		{CVE: "CVE-2025-49704", Added: "2025-07-22", Due: "2025-07-23", Ransomware: true, Name: "Microsoft SharePoint Code Injection Vulnerability"},
	}
	if !slices.Equal(list, want) {
		t.Errorf("%+v", list)
	}
	if !stats.Newest.Equal(time.Date(2025, 8, 25, 17, 4, 19, 979600000, time.UTC)) || stats.Records != 3 || len(stats.NotUnderstood) > 0 {
		t.Errorf("%+v", stats)
	}
}

func TestKEVList(t *testing.T) {
	var list []vuln.Exploited
	stats, err := KEV(t.Context(), "testdata/kev/kev-cve-list-extract.txt", gather(&list))
	must(t, err)
	if !slices.Equal(list, []vuln.Exploited{{CVE: "CVE-2002-0367"}, {CVE: "CVE-2004-0210"}, {CVE: "CVE-2004-1464"}}) || !stats.Newest.IsZero() {
		t.Errorf("%+v, %+v", list, stats)
	}
}

func TestKEVLenient(t *testing.T) {
	dir := written(t, map[string][]byte{
		"a.json": []byte("\ufeff" + ` {"vulnerabilities": [{"cveID": "x"}, {"cveID": "CVE-2020-1234", "dateAdded": "soon"}, 7, {"cveID": "CVE-2020-1235", "dateAdded": "2020-01-01T10:00:00Z"}`),
		"b.txt":  []byte("\ufeffCVE-2020-1236\r\n# comment\n\nno\n"),
		"c.json": []byte(`{"title": "x"}`),
	})
	var list []vuln.Exploited
	stats, err := KEV(t.Context(), dir, gather(&list))
	must(t, err)
	if want := []vuln.Exploited{{CVE: "CVE-2020-1234"}, {CVE: "CVE-2020-1235", Added: "2020-01-01"}, {CVE: "CVE-2020-1236"}}; !slices.Equal(list, want) {
		t.Errorf("%+v", list)
	}
	want := map[string]int{"entry without CVE id": 2, "entry without date of addition": 1, reasonCut: 1, "line without CVE id": 1, "no list of vulnerabilities": 1}
	if !maps.Equal(stats.NotUnderstood, want) {
		t.Errorf("not understood %v", stats.NotUnderstood)
	}
}

func TestEPSS(t *testing.T) {
	var list []vuln.Likelihood
	stats, err := EPSS(t.Context(), "testdata/epss/epss-extract.csv", gather(&list))
	must(t, err)
	if len(list) != 4 || list[3] != (vuln.Likelihood{CVE: "CVE-2005-2773", Score: "0.7409", Percentile: "0.99445", Date: "2026-08-22"}) {
		t.Errorf("%+v", list)
	}
	if !stats.Newest.Equal(time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC)) || len(stats.NotUnderstood) > 0 {
		t.Errorf("%+v", stats)
	}
}

func TestEPSSLenient(t *testing.T) {
	table := "#model_version:v2025.03.14,score_date:2025-08-29T12:55:00Z\ncve,epss,percentile\nCVE-2020-1234,0.5,0.9\nCVE-2020-1235,1.5,0.9\nCVE-2020-1236,NaN,0\nCVE-2020-1237\nCVE,0,0\n\n"
	dir := written(t, map[string][]byte{
		"a.csv.gz": gzipped(t, []byte(table)),
		"b.csv":    []byte("cve,percentile,epss\nCVE-2020-1238,0.9,0.5\n"),
		"c.csv":    []byte("a,b\n1,2\n"),
		"d.csv":    []byte("cve,epss,percentile\nCVE-2020-1239,0,0\n" + strings.Repeat("x", maxLine+1)),
	})
	var list []vuln.Likelihood
	stats, err := EPSS(t.Context(), dir, gather(&list))
	must(t, err)
	want := []vuln.Likelihood{
		{CVE: "CVE-2020-1234", Score: "0.5", Percentile: "0.9", Date: "2025-08-29"},
		{CVE: "CVE-2020-1238", Score: "0.5", Percentile: "0.9"},
		{CVE: "CVE-2020-1239", Score: "0", Percentile: "0"},
	}
	if !slices.Equal(list, want) {
		t.Errorf("%+v", list)
	}
	reasons := map[string]int{"score that is no number from 0 to 1": 2, "line with too few columns": 1, "line without CVE id": 1, "scores without date": 2, "no table of scores": 1, "line longer than what is read of one": 1}
	if !maps.Equal(stats.NotUnderstood, reasons) {
		t.Errorf("not understood %v", stats.NotUnderstood)
	}
}

func cycles(t *testing.T, path string) (map[string]vuln.Cycle, Stats) {
	t.Helper()
	var list []vuln.Cycle
	stats, err := EOL(t.Context(), path, gather(&list))
	must(t, err)
	found := map[string]vuln.Cycle{}
	for _, c := range list {
		found[c.Product+" "+c.Name] = c
	}
	if len(found) != len(list) || stats.Records != len(list) {
		t.Errorf("%d cycles, %d of different names, %d counted", len(list), len(found), stats.Records)
	}
	return found, stats
}

func TestEOL(t *testing.T) {
	found, stats := cycles(t, "testdata/eol/endoflife-extract.json")
	for key, want := range map[string]vuln.Cycle{
		"openssl 3.5": {Product: "openssl", Name: "3.5", Title: "OpenSSL", IDs: []string{"cpe:/a:openssl:openssl", "cpe:2.3:a:openssl:openssl"}, Release: "2025-04-08", End: "2030-04-08", Latest: "3.5.7"},
		"akeneo-pim 2026.3": {Product: "akeneo-pim", Name: "2026.3", Title: "Akeneo PIM", Release: "2026-03-30", Latest: "2026.3",
			IDs: []string{"cpe:/a:akeneo:product_information_management", "cpe:2.3:a:akeneo:product_information_management", "pkg:github/akeneo/pim-community-dev"}},
	} {
		if got := found[key]; !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	ended := 0
	for _, c := range found {
		if c.Ended {
			ended++
			if c.End != "" || c.Title != "Apache Lucene" {
				t.Errorf("ended: %+v", c)
			}
		}
	}
	if ended == 0 || len(stats.NotUnderstood) > 0 || !stats.Newest.Equal(time.Date(2026, 8, 12, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%d ended, %+v", ended, stats)
	}
}

func TestEOLOfInterface(t *testing.T) {
	dir := written(t, map[string][]byte{"full.json": []byte(`{"schema_version": "1.2.0", "result": [{"name": "x", "label": "X", "identifiers": [{"type": "purl", "id": "pkg:npm/x"}, {"type": "repology", "id": "x"}],
		"releases": [{"name": "1", "releaseDate": "2020-01-01", "isEol": true, "eolFrom": "2021-01-01", "eoasFrom": "2020-06-01", "latest": {"name": "1.9", "date": "2020-12-01"}},
		{"name": "0", "isEol": true, "eolFrom": null, "latest": null}, {"releaseDate": "2020-01-01"}, {"name": "2", "eol": "never"}]}, {"releases": []}, 3]}`)})
	found, stats := cycles(t, dir)
	if want := (vuln.Cycle{Product: "x", Name: "1", Title: "X", IDs: []string{"pkg:npm/x"}, Release: "2020-01-01", Support: "2020-06-01", End: "2021-01-01", Latest: "1.9"}); !reflect.DeepEqual(found["x 1"], want) {
		t.Errorf("%+v", found["x 1"])
	}
	if !found["x 0"].Ended || found["x 1"].Ended || found["x 2"].Ended {
		t.Errorf("%+v", found)
	}
	if want := map[string]int{"release without name": 1, "date that cannot be read": 1, "product of another shape": 2}; !maps.Equal(stats.NotUnderstood, want) {
		t.Errorf("not understood %v", stats.NotUnderstood)
	}
}

func TestDistributions(t *testing.T) {
	debian, stats := cycles(t, "testdata/eol/distro-info-debian-extract.csv")
	if want := (vuln.Cycle{Product: "debian", Name: "11", Title: "Debian", Release: "2021-08-14", End: "2024-08-14"}); !reflect.DeepEqual(debian["debian 11"], want) {
		t.Errorf("%+v", debian["debian 11"])
	}
	if c := debian["debian sid"]; c.Name != "sid" || c.End != "" || c.Ended || len(stats.NotUnderstood) > 0 || len(debian) != 7 {
		t.Errorf("%+v, %+v", c, stats)
	}
	ubuntu, _ := cycles(t, "testdata/eol/distro-info-ubuntu-extract.csv")
	if c := ubuntu["ubuntu 24.04"]; c.End != "2029-05-31" || c.Title != "Ubuntu" {
		t.Errorf("%+v", c)
	}
	dir := written(t, map[string][]byte{"a.csv": []byte("version,codename,series,created,release,eol,eol-server\n6.06 LTS,D,d,x,2006-06-01,2009-07-14,2011-06-01\n,,,,,\n1,A,a,,someday,2010-01-01\n"), "b.csv": []byte("a,b\n1,2\n")})
	ubuntu, stats = cycles(t, dir)
	if ubuntu["ubuntu 6.06"].End != "2011-06-01" || ubuntu["ubuntu 1"].End != "2010-01-01" {
		t.Errorf("%+v", ubuntu)
	}
	if want := map[string]int{"release without name": 1, "date that cannot be read": 1, "neither JSON nor a table of releases": 1}; !maps.Equal(stats.NotUnderstood, want) {
		t.Errorf("not understood %v", stats.NotUnderstood)
	}
}

func TestWhen(t *testing.T) {
	want := time.Date(2025, 2, 25, 0, 15, 0, 0, time.UTC)
	for _, s := range []string{"2025-02-25T00:15Z", "2025-02-25T00:15:00.000", "2025-02-25T01:15:00+01:00", "2025-02-25T00:15:00+0000"} {
		if got, ok := when(s); !ok || !got.Equal(want) {
			t.Errorf("%s is %v", s, got)
		}
	}
	if got, ok := when("25.2.2025"); ok {
		t.Errorf("read as %v", got)
	}
}

// FuzzTables reads everything as each of the small feeds.
func FuzzTables(f *testing.F) {
	names, err := filepath.Glob("testdata/*/*")
	must(f, err)
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && len(data) < 20_000 && !strings.Contains(name, "csaf") {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := func() io.Reader { return bytes.NewReader(data) }
		var stats Stats
		exploited := func(e vuln.Exploited) error {
			if !isCVE(e.CVE) {
				t.Errorf("%+v", e)
			}
			return nil
		}
		cycle := func(c vuln.Cycle) error {
			if c.Product == "" || c.Name == "" || c.End != "" && day(c.End) != c.End {
				t.Errorf("%+v", c)
			}
			return nil
		}
		table := epssTable{stats: &stats, file: "x", emit: func(l vuln.Likelihood) error {
			if !isCVE(l.CVE) || !isShare(l.Score) {
				t.Errorf("%+v", l)
			}
			return nil
		}}
		for _, err := range []error{
			kevCatalogue(&stats, "x", in(), exploited), kevList(&stats, "x", in(), exploited),
			readProducts(&stats, "x", in(), cycle), readDistribution(&stats, "x", in(), cycle), lines(&stats, "x", in(), table.line),
		} {
			if err != nil {
				t.Error(err)
			}
		}
	})
}
