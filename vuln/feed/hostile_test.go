package feed

import (
	"fmt"
	"strings"
	"testing"

	"theriac/vuln"
)

// TestCSAFCircles: relationships that lead to each other, or to themselves, end at once
// and are named; what stands in no circle is found, however long the chain.
func TestCSAFCircles(t *testing.T) {
	relation := func(id, part, whole string) string {
		return fmt.Sprintf(`{"category": "default_component_of", "full_product_name": {"name": "n", "product_id": %q}, "product_reference": %q, "relates_to_product_reference": %q}`, id, part, whole)
	}
	names := `"full_product_names": [{"name": "Pump", "product_id": "pump"}]`
	affected := func(id string) string {
		return fmt.Sprintf(`[{"cve": "CVE-2024-1234", "product_status": {"known_affected": [%q]}}]`, id)
	}
	for name, c := range map[string]struct {
		relations []string
		lost      int
		found     bool
	}{
		"itself":   {[]string{relation("r", "r", "r")}, 2, false},
		"two":      {[]string{relation("r", "s", "s"), relation("s", "r", "r")}, 2, false},
		"one part": {[]string{relation("r", "pump", "r")}, 1, true},
	} {
		r, stats := only(t, advisory(`{`+names+`, "relationships": [`+strings.Join(c.relations, ",")+`]}`, affected("r")))
		if got := stats.NotUnderstood["relationships too deep or in a circle"]; got != c.lost || (len(r.Affected) > 0) != c.found {
			t.Errorf("%s: %d circles, affected %+v", name, got, r.Affected)
		}
	}
	var all []string
	for i := range 20_000 { // each leads to two of the others
		all = append(all, relation(fmt.Sprint("r", i), fmt.Sprint("r", (i*7+1)%20_000), fmt.Sprint("r", (i*13+5)%20_000)))
	}
	if r, _ := only(t, advisory(`{"relationships": [`+strings.Join(all, ",")+`]}`, affected("r0"))); len(r.Affected) != 0 {
		t.Errorf("affected %+v", r.Affected)
	}
	var chain []string
	for i := range 40 {
		chain = append(chain, relation(fmt.Sprint("r", i), fmt.Sprint("r", i+1), "pump"))
	}
	chain = append(chain, relation("r40", "pump", "pump"))
	if r, stats := only(t, advisory(`{`+names+`, "relationships": [`+strings.Join(chain, ",")+`]}`, affected("r0"))); len(r.Affected) == 0 || len(stats.NotUnderstood) > 0 {
		t.Errorf("a chain of 40: %+v, %v", r.Affected, stats.NotUnderstood)
	}
}

// TestHostileTables: a line without end, values said twice, and lists in lists are
// bounded and named.
func TestHostileTables(t *testing.T) {
	dir := written(t, map[string][]byte{
		"epss.csv":  []byte("#score_date:2026-08-22\ncve,epss,percentile" + strings.Repeat(",x", 1_000_000) + "\nCVE-2024-1,0.1,0.2\n"),
		"kev.json":  []byte(`{"vulnerabilities": [{"cveID": "CVE-2024-1234", "dateAdded": "2024-01-02"}, {"cveID": "CVE-2024-1234", "dateAdded": "2024-01-03"}]}`),
		"nvd.json":  []byte(`{"vulnerabilities": [{"cve": {"id": "` + strings.Repeat("x", maxRecord+1<<20) + `"}}]}`),
		"deep.json": []byte(strings.Repeat(`{"document":`, 100_000)),
		"feed.json": []byte(`{"feed": {"id": "a", "link": [{"rel": "self", "href": "https://127.0.0.1/feed.json"}], "entry": [{"content": {"src": "https://127.0.0.1/feed.json"}}]}}`),
	})
	var kev []string
	stats, err := KEV(t.Context(), dir+"/kev.json", func(x vuln.Exploited) error { kev = append(kev, x.Added); return nil })
	if err != nil || len(kev) != 2 || len(stats.NotUnderstood) > 0 {
		t.Errorf("an entry that comes twice: %q, %v", kev, stats.NotUnderstood) // the database keeps the newer
	}
	none := func(r *vuln.Record) error { t.Errorf("record %s", r.ID); return nil }
	for name, c := range map[string]struct {
		read func(path string) (Stats, error)
		why  string
	}{
		"epss.csv": {func(path string) (Stats, error) {
			return EPSS(t.Context(), path, func(l vuln.Likelihood) error { t.Errorf("score of %s", l.CVE); return nil })
		}, "line longer than what is read of one"},
		"nvd.json":  {func(path string) (Stats, error) { return NVD(t.Context(), path, none) }, errLarge.Error()},
		"deep.json": {func(path string) (Stats, error) { return CSAF(t.Context(), path, none) }, ""},
		"feed.json": {func(path string) (Stats, error) { return CSAF(t.Context(), path, none) }, ""},
	} {
		got, err := c.read(dir + "/" + name)
		if err != nil || len(got.NotUnderstood) == 0 || c.why != "" && got.NotUnderstood[c.why] == 0 || got.Records != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
