package feed

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/vuln"
)

// full is a record with all that is read of one.
const full = `{"schema_version":"1.7.0","id":"GHSA-1","modified":"2026-03-02T01:02:03.5Z","published":"2026-01-02T00:00:00Z","withdrawn":"2026-03-01T00:00:00Z",
"aliases":["CVE-2026-1"],"related":["CVE-2026-2"],"upstream":["CVE-2026-3"],"summary":"S","details":"D",
"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},{"type":"Ubuntu","score":"medium"},{"type":"NEW","score":"x"}],
"database_specific":{"cwe_ids":["CWE-79"],"severity":"MODERATE","url":"https://example.org/1"},
"references":[{"type":"WEB","url":"https://example.org/web"},{"type":"ADVISORY","url":"https://example.org/advisory"}],
"affected":[
 {"package":{"ecosystem":"PyPI","name":"a","purl":"pkg:pypi/a"},"versions":["1.0","1.1"],
  "ranges":[{"type":"GIT","repo":"https://github.com/A/b.git","events":[{"introduced":"0"},{"fixed":"abc"}]},
            {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"last_affected":"1.1"}]}],
  "database_specific":{"cwes":[{"cweId":"CWE-20"},{"cweId":"CWE-79"}]}},
 {"package":{"ecosystem":"Go","name":"m"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0"},{"limit":"2.0.0"}]}],
  "ecosystem_specific":{"imports":[{"path":"m/p","symbols":["F","T.M"]}]}},
 {"ranges":[{"type":"GIT","repo":"git@github.com:c/d","events":[{"introduced":"1"}]}],"versions":["v1"],"ecosystem_specific":{"severity":"HIGH"}},
 {"package":{"ecosystem":"Debian:11","name":"x"},"ecosystem_specific":{"urgency":"unimportant"}}
]}`

func TestOSVRecord(t *testing.T) {
	document, lost, err := parseOSV([]byte(full))
	if err != nil || lost != nil {
		t.Fatalf("%v, lost %v", err, lost)
	}
	got := osvRecord(document)
	want := &vuln.Record{
		ID: "GHSA-1", Source: "osv", Aliases: []string{"CVE-2026-1"}, Related: []string{"CVE-2026-2"}, Upstream: []string{"CVE-2026-3"}, Summary: "S",
		Published: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Modified: time.Date(2026, 3, 2, 1, 2, 3, 5e8, time.UTC), Withdrawn: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		Severities: []vuln.Severity{{Kind: "CVSS_V3", Value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, {Kind: "word", Value: "medium"}, {Kind: "word", Value: "medium"}},
		CWEs:       []string{"CWE-79", "CWE-20"},
		URLs:       []string{"https://example.org/1", "https://example.org/advisory", "https://example.org/web"},
		Affected: []vuln.Affected{
			{Ecosystem: "PyPI", Name: "a", Versions: []string{"1.0", "1.1"}, Ranges: []vuln.Range{{Kind: vuln.InEcosystem, Events: []vuln.Event{{Version: "0"}, {Kind: vuln.LastAffected, Version: "1.1"}}}}},
			{Ecosystem: "GIT", Name: "github.com/a/b", Ranges: []vuln.Range{{Kind: vuln.InGit, Events: []vuln.Event{{Version: "0"}, {Kind: vuln.Fixed, Version: "abc"}}}}},
			{Ecosystem: "Go", Name: "m", Ranges: []vuln.Range{{Kind: vuln.SemVer, Events: []vuln.Event{{Version: "1.0.0"}, {Kind: vuln.Limit, Version: "2.0.0"}}}}, Imports: []vuln.Import{{Path: "m/p", Symbols: []string{"F", "T.M"}}}},
			{Ecosystem: "GIT", Name: "github.com/c/d", Versions: []string{"v1"}, Ranges: []vuln.Range{{Kind: vuln.InGit, Events: []vuln.Event{{Version: "1"}}}}, Severities: []vuln.Severity{{Kind: "word", Value: "high"}}},
			{Ecosystem: "Debian:11", Name: "x", Severities: []vuln.Severity{{Kind: "word", Value: "low"}}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

// TestOSVLenient: what is wrong in a record is left out and named, the rest is read.
func TestOSVLenient(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		lost string
		ok   func(r *vuln.Record) bool
	}{
		"time without zone":      {`{"id":"A","modified":"2026-03-02T01:02:03"}`, "", func(r *vuln.Record) bool { return r.Modified.Year() == 2026 }},
		"date":                   {`{"id":"A","withdrawn":"2026-03-02"}`, "", func(r *vuln.Record) bool { return !r.Withdrawn.IsZero() }},
		"time that is none":      {`{"id":"A","modified":"yesterday","summary":"s"}`, "modified", func(r *vuln.Record) bool { return r.Modified.IsZero() && r.Summary == "s" }},
		"year one":               {`{"id":"A","modified":"0001-01-01T00:00:00Z"}`, "", func(r *vuln.Record) bool { return r.Modified.IsZero() }},
		"aliases of wrong type":  {`{"id":"A","aliases":"CVE-1","summary":"s"}`, "aliases", func(r *vuln.Record) bool { return r.Aliases == nil && r.Summary == "s" }},
		"one bad package":        {`{"id":"A","affected":[{"package":7},{"package":{"ecosystem":"npm","name":"a"}}]}`, "affected", func(r *vuln.Record) bool { return len(r.Affected) == 1 && r.Affected[0].Name == "a" }},
		"one bad severity":       {`{"id":"A","severity":[{"type":"CVSS_V3","score":7},{"type":"CVSS_V2","score":"AV:N/AC:L/Au:N/C:P/I:P/A:P"}]}`, "severity", func(r *vuln.Record) bool { return len(r.Severities) == 1 }},
		"affected is no list":    {`{"id":"A","affected":{"package":{"ecosystem":"npm","name":"a"}}}`, "affected", func(r *vuln.Record) bool { return len(r.Affected) == 0 }},
		"unknown members":        {`{"id":"A","new":{"x":[1]},"affected":[{"package":{"ecosystem":"npm","name":"a"},"new":1}]}`, "", func(r *vuln.Record) bool { return len(r.Affected) == 1 }},
		"unknown kind of range":  {`{"id":"A","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"NEW","events":[{"introduced":"0"}]}]}]}`, "", func(r *vuln.Record) bool { return len(r.Affected[0].Ranges) == 0 }},
		"member that is doubled": {`{"id":"A","summary":"one","summary":"two"}`, "", func(r *vuln.Record) bool { return r.Summary == "two" }},
		"not UTF-8":              {"{\"id\":\"A\",\"summary\":\"\xff\"}", "", func(r *vuln.Record) bool { return r.Summary == "�" }},
		"summary from details":   {`{"id":"A","details":"first\nsecond"}`, "", func(r *vuln.Record) bool { return r.Summary == "first" }},
		"errata of AlmaLinux": {`{"id":"ALSA-1","related":["CVE-2026-1","ALBA-1"]}`, "", func(r *vuln.Record) bool {
			return slices.Equal(r.Upstream, []string{"CVE-2026-1"}) && slices.Equal(r.Related, []string{"ALBA-1"})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			document, lost, err := parseOSV([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if r := osvRecord(document); !c.ok(r) {
				t.Errorf("got %+v", r)
			}
			if c.lost == "" && lost != nil || c.lost != "" && (len(lost) != 1 || !strings.HasPrefix(lost[0], c.lost+" ")) {
				t.Errorf("lost %v, want %q", lost, c.lost)
			}
		})
	}
	for _, text := range []string{``, `[]`, `{`, `{"id":""}`, `{"name":"no advisory"}`, `{"id":7}`, `null`} {
		if _, _, err := parseOSV([]byte(text)); err == nil {
			t.Errorf("%q is a record", text)
		}
	}
}

// export writes records as <ecosystem>/all.zip, and returns its folder.
func export(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	err := os.Mkdir(filepath.Join(dir, "npm"), 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "npm", "all.zip"), b.Bytes(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestOSVUnplaced: what cannot be found under any name is named.
func TestOSVUnplaced(t *testing.T) {
	dir := export(t, map[string]string{
		"a.json": `{"id":"A","affected":[{"ranges":[{"type":"GIT","repo":"nowhere","events":[{"introduced":"0"}]}]}]}`,
		"b.json": `{"id":"B","affected":[{"package":{"ecosystem":"npm","name":"b"},"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]}]}`,
		"c.json": `{"id":"C","affected":[{"versions":["1"]}]}`,
		"d.json": `{"id":"D","affected":[{"ranges":[{"type":"GIT","repo":"https://github.com/a/d","events":[{"introduced":"0"}]}]},{"package":{"ecosystem":"npm","name":"d"}}]}`,
		"e.json": `{"id":"E","affected":[{"package":{"name":"x"}},{"package":{"ecosystem":"npm","name":"e"}}]}`,
	})
	stats, err := OSV(t.Context(), dir, func(r *vuln.Record) error {
		if r.ID == "E" && (len(r.Affected) != 1 || r.Affected[0].Name != "e") { // the database would refuse all of it
			t.Errorf("%+v", r.Affected)
		}
		return nil
	})
	want := map[string]int{"range of commits without the address of a repository": 2, "affected without package or ecosystem": 3}
	if err != nil || stats.Records != 5 || !reflect.DeepEqual(stats.NotUnderstood, want) {
		t.Errorf("%v, %d records, lost %v", err, stats.Records, stats.NotUnderstood)
	}
}

func TestOSVExport(t *testing.T) {
	files := map[string]string{"bad.json": "{", "other.json": `{"name":"x"}`, "damaged.json": `{"id":"Z","modified":"?"}`}
	var want []string
	for i := range 500 {
		id := fmt.Sprintf("A-%03d", i)
		files[id+".json"] = `{"id":"` + id + `","modified":"2026-01-01T00:00:00Z"}`
		want = append(want, id)
	}
	want = append(want, "Z")
	dir := export(t, files)
	for range 3 {
		var got []string
		stats, err := OSV(t.Context(), dir, func(r *vuln.Record) error {
			got = append(got, r.ID)
			return nil
		})
		if err != nil || !slices.Equal(got, want) || stats.Records != 501 || !stats.Newest.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Fatalf("%v, %d records in order %v, %+v", err, len(got), slices.Equal(got, want), stats)
		}
		lost := map[string]int{"no JSON object": 1, "no advisory: it has no id": 1, "modified is not as the schema wants it": 1}
		if !reflect.DeepEqual(stats.NotUnderstood, lost) || len(stats.Examples) != 3 || stats.Examples[0] != "npm/all.zip/bad.json: no JSON object" {
			t.Fatalf("not understood: %v, %v", stats.NotUnderstood, stats.Examples)
		}
	}
}

func TestOSVReceiverEndsIt(t *testing.T) {
	files := map[string]string{}
	for i := range 2000 {
		files[fmt.Sprintf("%04d.json", i)] = fmt.Sprintf(`{"id":"%d"}`, i)
	}
	dir, enough, n := export(t, files), errors.New("enough"), 0
	_, err := OSV(t.Context(), dir, func(*vuln.Record) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || errors.Is(err, context.Canceled) || n != 3 {
		t.Errorf("%v after %d", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err = OSV(ctx, dir, func(*vuln.Record) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := OSV(t.Context(), filepath.Join(dir, "absent"), func(*vuln.Record) error { return nil }); err == nil {
		t.Error("a folder that does not exist was read")
	}
}

// TestNewestIsNoOutlier: a few records that are dated ahead do not make data look fresh.
func TestNewestIsNoOutlier(t *testing.T) {
	d, at := days{}, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for i := range 2000 {
		d.add(at.AddDate(0, 0, -i%100))
	}
	d.add(at.AddDate(3, 0, 0))
	d.add(at.AddDate(2, 0, 0))
	if got := d.newest(2002); !got.Equal(at) {
		t.Errorf("newest is %v", got)
	}
	few := days{}
	few.add(at)
	few.add(at.AddDate(0, 0, -1))
	if got := few.newest(2); !got.Equal(at) {
		t.Errorf("newest of two is %v", got)
	}
	if got := (days{}).newest(0); !got.IsZero() {
		t.Errorf("newest of none is %v", got)
	}
}

// TestReasons puts the most frequent first.
func TestReasons(t *testing.T) {
	var s Stats
	for _, why := range []string{"b", "a", "c", "c"} {
		s.lost("f", why)
	}
	if got := s.Reasons(); !slices.Equal(got, []Reason{{"c", 2}, {"a", 1}, {"b", 1}}) {
		t.Errorf("reasons are %v", got)
	}
}

func FuzzOSV(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(`{"id":"A","modified":"yesterday","affected":[{"package":7}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		document, _, err := parseOSV(data)
		if err != nil {
			return
		}
		r := osvRecord(document)
		if r.ID == "" {
			t.Fatal("a record without id")
		}
		for _, a := range r.Affected {
			if a.Name == "" {
				t.Fatalf("a package without name: %+v", a)
			}
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkOSV(b *testing.B) {
	record := []byte(full)
	b.SetBytes(int64(len(record)))
	for b.Loop() {
		if _, _, err := parseOSV(record); err != nil {
			b.Fatal(err)
		}
	}
}
