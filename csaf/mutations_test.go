package csaf

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mutation changes the sound document. The change is a list of lines, each a
// JSON pointer and the value to be put there; a pointer alone removes. The last
// part of a pointer into a list may be -, which appends.
type mutation struct {
	fails  string // the tests that fail then, none if it must pass
	change string
}

const (
	scorePath     = "/vulnerabilities/0/scores/0/cvss_v3"
	score2        = `/vulnerabilities/0/scores/- {"cvss_v2": {"accessComplexity": "LOW", "baseScore": 7.5, "vectorString": "AV:N/AC:L/Au:N/C:P/I:P/A:P", "version": "2.0"}, "products": ["P1"]}` + "\n"
	historyPath   = "/document/tracking/revision_history"
	versionPath   = "/product_tree/branches/0/branches/0/branches/0"
	helperPath    = versionPath + "/product/product_identification_helper"
	sha256Hash    = `{"algorithm": "sha256", "value": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}`
	informational = `/document/category "csaf_informational_advisory"` + "\n/vulnerabilities\n"
)

var mutations = []mutation{
	{Schema, `/document/title`},
	{Schema, `/document/csaf_version "2.1"`},
	{Schema, `/vulnerabilities/0/cve "CVE-1"`},
	{"6.1.1", `/vulnerabilities/0/threats/0/product_ids ["P3", "P9"]`},
	{"6.1.1 6.2.3", `/vulnerabilities/0/scores/0/products ["P1", "P9"]`},
	{"6.1.1", `/product_tree/product_groups/0/product_ids ["P1", "P4", "P9"]`},
	{"6.1.1 6.2.1", `/product_tree/relationships/0/product_reference "P9"`},
	{"6.1.1", `/vulnerabilities/0/product_status/recommended ["P9"]`},
	{"6.1.2", `/product_tree/full_product_names/0/product_id "P1"` + "\n" + `/product_tree/relationships/0/product_reference "P1"`},
	{"6.1.3 6.2.1", `/product_tree/relationships/0/product_reference "P4"`},
	{"6.1.3", `/product_tree/relationships/- {"category": "installed_on", "full_product_name": {"name": "x", "product_id": "P5", "product_identification_helper": {"skus": ["x"]}}, "product_reference": "P4", "relates_to_product_reference": "P1"}` + "\n" + `/product_tree/relationships/0/relates_to_product_reference "P5"`},
	{"", `/product_tree/relationships/- {"category": "installed_on", "full_product_name": {"name": "x", "product_id": "P5", "product_identification_helper": {"skus": ["x"]}}, "product_reference": "P4", "relates_to_product_reference": "P1"}` + "\n" + `/vulnerabilities/0/product_status/recommended ["P5"]`},
	{"6.1.4", `/vulnerabilities/0/threats/0/group_ids ["G9"]`},
	{"6.1.4", `/vulnerabilities/0/remediations/0/group_ids ["G1", "G9"]`},
	{"6.1.5", `/product_tree/product_groups/- {"group_id": "G1", "product_ids": ["P1", "P4"]}`},
	{"", `/product_tree/product_groups/- {"group_id": "G2", "product_ids": ["P1", "P4"]}`},
	{"6.1.6", `/vulnerabilities/0/product_status/under_investigation ["P1"]`},
	{"6.1.6 6.2.2 6.2.3", `/vulnerabilities/0/product_status/last_affected ["P2"]`},
	{"", `/vulnerabilities/0/product_status/last_affected ["P1"]`},
	{"", `/vulnerabilities/0/product_status/recommended ["P2"]`},
	{"6.1.7", `/vulnerabilities/0/scores/- {"cvss_v3": {"baseScore": 9.8, "baseSeverity": "CRITICAL", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "version": "3.1"}, "products": ["P1"]}`},
	{"6.3.1", score2},
	{"6.3.2", `/vulnerabilities/0/scores/- {"cvss_v3": {"baseScore": 9.8, "baseSeverity": "CRITICAL", "vectorString": "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "version": "3.0"}, "products": ["P1"]}`},
	{"6.1.8", scorePath + "/baseSeverity"},
	{"6.1.8", scorePath + `/vectorString "CVSS:3.1/AV:N/AC:Q"`},
	{"6.1.8", scorePath + `/vectorString "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H"`},
	{"6.1.8", scorePath + `/vectorString "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"`},
	{"6.1.8 6.3.1", score2 + `/vulnerabilities/0/scores/1/cvss_v2/vectorString "AV:N"`},
	{"6.1.9", scorePath + `/baseScore 9.7`},
	{"6.1.9", scorePath + `/baseSeverity "HIGH"`},
	{"6.1.9", scorePath + `/temporalScore 9.0`},
	{"6.1.9", scorePath + `/environmentalScore 9.0`},
	{"6.1.9", scorePath + `/environmentalSeverity "HIGH"`},
	{"6.1.9 6.3.1", score2 + `/vulnerabilities/0/scores/1/cvss_v2/baseScore 7.4`},
	{"6.1.8 6.3.1", score2 + `/vulnerabilities/0/scores/1/cvss_v2/vectorString "AV:N/AV:N/AC:L/Au:N/C:P/I:P/A:P"`},
	{"6.3.1", score2 + `/vulnerabilities/0/scores/1/cvss_v2/vectorString "A:P/I:P/C:P/Au:N/AC:L/AV:N"`},
	{"", scorePath + `/vectorString "CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N"`},
	{"6.1.10", scorePath + `/attackVector "LOCAL"`},
	{"6.1.10 6.3.1", score2 + `/vulnerabilities/0/scores/1/cvss_v2/accessComplexity "HIGH"`},
	{"6.1.11", `/vulnerabilities/0/cwe/id "CWE-999999"`},
	{"6.1.11", `/vulnerabilities/0/cwe/name "Out-of-bounds Read"`},
	{"6.1.12", `/document/lang "zz"`},
	{"6.1.12", `/document/lang "en-ZQ"`},
	{"", `/document/lang "de-AT"`},
	{"6.1.13", helperPath + `/purl "pkg:npm/@scope"`},
	{"", helperPath + `/purl "pkg:deb/debian/openssl@3.0.15-1?arch=amd64"`},
	{"6.1.14 6.1.21", historyPath + `/0/date "2026-03-02T09:00:00Z"` + "\n" + historyPath + `/1/date "2026-03-01T11:00:00Z"` + "\n" + `/document/tracking/version "1"` + "\n" + `/document/tracking/initial_release_date "2026-03-02T10:00:00Z"`},
	{"", historyPath + ` [{"date": "2026-03-02T10:00:00Z", "number": "2", "summary": "second"}, {"date": "2026-03-01T10:00:00Z", "number": "1", "summary": "first"}]`},
	{"", historyPath + `/1/date "2026-03-02T01:30:00-08:00"`},
	{"6.1.15", `/document/publisher/category "translator"`},
	{"", `/document/publisher/category "translator"` + "\n" + `/document/source_lang "de"`},
	{"6.1.16", `/document/tracking/version "1"`},
	{"6.1.16", `/document/tracking/version "3"`},
	{"6.1.17 6.1.18", historyPath + `/0/number "0.0.1"` + "\n" + historyPath + `/1/number "0.0.2"` + "\n" + `/document/tracking/version "0.0.2"`},
	{"6.1.18", historyPath + `/0/number "0"` + "\n" + historyPath + `/1/number "1"` + "\n" + `/document/tracking/version "1"`},
	{"6.1.19", historyPath + `/0/number "1.0.0-1"` + "\n" + historyPath + `/1/number "1.0.0"` + "\n" + `/document/tracking/version "1.0.0"`},
	{"6.1.16 6.1.17 6.1.20", historyPath + `/0/number "1.0.0"` + "\n" + historyPath + `/1/number "1.0.1"` + "\n" + `/document/tracking/version "1.0.1-2"`},
	{"", historyPath + `/0/number "1.0.0"` + "\n" + historyPath + `/1/number "1.0.1"` + "\n" + `/document/tracking/version "1.0.1-2"` + "\n" + `/document/tracking/status "draft"`},
	{"6.1.21", historyPath + `/1/number "3"` + "\n" + `/document/tracking/version "3"`},
	{"6.1.21", historyPath + `/0/number "2"` + "\n" + historyPath + `/1/number "3"` + "\n" + `/document/tracking/version "3"`},
	{"6.1.22", historyPath + `/0/number "2"` + "\n" + historyPath + `/- {"date": "2026-02-01T10:00:00Z", "number": "1", "summary": "x"}`},
	{"6.1.23", `/vulnerabilities/- {"cve": "CVE-2026-1000", "cwe": {"id": "CWE-787", "name": "Out-of-bounds Write"}, "notes": [{"category": "description", "text": "x"}], "product_status": {"fixed": ["P2"]}}`},
	{"", `/vulnerabilities/- {"cve": "CVE-2026-1001", "cwe": {"id": "CWE-787", "name": "Out-of-bounds Write"}, "notes": [{"category": "description", "text": "x"}], "product_status": {"fixed": ["P2"]}}`},
	{"6.1.24", `/vulnerabilities/0/involvements/- {"date": "2026-03-01T10:00:00Z", "party": "vendor", "status": "open"}`},
	{"", `/vulnerabilities/0/involvements/- {"date": "2026-03-01T10:00:00Z", "party": "discoverer", "status": "open"}`},
	{"6.1.25", helperPath + `/hashes [{"filename": "x", "file_hashes": [` + sha256Hash + "," + sha256Hash + `]}]`},
	{"6.1.26", `/document/category "Security Advisory"`},
	{"6.1.26", `/document/category "csaf_something"`},
	{"6.1.26", `/document/category "V-E_X"`},
	{"", `/document/category "Example notice"`},
	{"6.1.27.1", informational + `/document/notes/0/category "legal_disclaimer"`},
	{"6.1.27.1", `/document/category "csaf_security_incident_response"` + "\n/document/notes/0/category" + ` "other"`},
	{"6.1.27.2", informational + `/document/references/1`},
	{"6.1.27.3", `/document/category "csaf_informational_advisory"`},
	{"", informational},
	{"6.1.27.4 6.1.27.6", "/product_tree\n/vulnerabilities/0/flags\n/vulnerabilities/0/threats\n/vulnerabilities/0/remediations\n/vulnerabilities/0/scores\n" + "/vulnerabilities/0/product_status" + "\n" + `/document/category "csaf_security_advisory"`},
	{"6.1.27.5", `/vulnerabilities/0/notes`},
	{"6.1.27.6 6.2.1", `/document/category "csaf_security_advisory"` + "\n/vulnerabilities/0/product_status"},
	{"", `/document/category "csaf_security_advisory"`},
	{"6.1.27.7", `/vulnerabilities/0/product_status {"recommended": ["P2"]}`},
	{"6.1.27.8 6.3.3", "/vulnerabilities/0/cve\n/vulnerabilities/0/ids"},
	{"6.1.27.9", "/vulnerabilities/0/flags\n" + `/vulnerabilities/0/threats/0/category "exploit_status"`},
	{"", "/vulnerabilities/0/flags"},
	{"", "/vulnerabilities/0/threats"},
	{"6.1.27.10 6.2.2", `/vulnerabilities/0/remediations/0/group_ids` + "\n" + `/vulnerabilities/0/remediations/0/product_ids ["P1"]`},
	{"6.1.27.11 6.2.1", `/vulnerabilities`},
	{"6.1.28", `/document/source_lang "en"`},
	{"6.1.29", `/vulnerabilities/0/remediations/- {"category": "mitigation", "details": "x"}`},
	{"6.1.30", historyPath + `/0/number "1.0.0"`},
	{"6.1.16 6.1.30", historyPath + `/0/number "1.0.0"` + "\n" + historyPath + `/1/number "2.0.0"`},
	{"6.1.31", versionPath + `/name "<1.4.0"`},
	{"6.1.31", versionPath + `/name "1.4.0 and earlier"`},
	{"6.1.31", versionPath + `/name "All"`},
	{"", versionPath + `/name "1.4.0 alliance"`},
	{"6.1.32", `/vulnerabilities/0/flags/- {"label": "component_not_present"}`},
	{"6.1.33", `/vulnerabilities/0/flags/- {"label": "component_not_present", "product_ids": ["P3"]}`},

	{"6.2.1", `/product_tree/full_product_names/- {"name": "x", "product_id": "L2", "product_identification_helper": {"skus": ["1"]}}`},
	{"6.2.2", `/vulnerabilities/0/product_status/under_investigation ["L1"]`},
	{"6.2.3", `/vulnerabilities/0/scores/0/products ["P1"]`},
	{"6.2.4", historyPath + `/0/number "1.0.0+x"` + "\n" + historyPath + `/1/number "2.0.0"` + "\n" + `/document/tracking/version "2.0.0"`},
	{"6.2.5", `/document/tracking/initial_release_date "2026-02-28T10:00:00Z"`},
	{"6.2.6", `/document/tracking/current_release_date "2026-03-02T09:00:00Z"`},
	{"6.2.7", `/vulnerabilities/0/involvements/0/date`},
	{"6.2.8 6.3.5", helperPath + `/hashes [{"filename": "x", "file_hashes": [{"algorithm": "md5", "value": "0123456789abcdef0123456789abcdef"}]}]`},
	{"6.2.9 6.3.5", helperPath + `/hashes [{"filename": "x", "file_hashes": [{"algorithm": "sha1", "value": "0123456789abcdef0123456789abcdef01234567"}]}]`},
	{"6.3.5", helperPath + `/hashes [{"filename": "x", "file_hashes": [{"algorithm": "sha1", "value": "0123456789abcdef0123456789abcdef01234567"}, ` + sha256Hash + `]}]`},
	{"6.2.10", `/document/distribution/tlp`},
	{"6.2.11", `/document/references/0/url "http://example.com/exd-2026-001.json"`},
	{"6.2.11", `/document/references/0/url "https://example.com/other.json"`},
	{"6.2.12", `/document/lang`},
	{"6.2.14", `/document/lang "qtx"`},
	{"6.2.14", `/document/lang "en-XB"`},
	{"6.2.15", `/document/lang "i-default"`},
	{"6.2.16", helperPath},
	{"6.2.17", `/vulnerabilities/0/ids/0/text "CVE-2026-1000"`},
	{"", `/vulnerabilities/0/ids/0/text "see CVE-2026-1000"`},
	{"6.2.18 6.3.9 6.3.10", versionPath + `/category "product_version_range"` + "\n" + versionPath + `/name "<=1.4"`},
	{"6.3.9 6.3.10", versionPath + `/category "product_version_range"` + "\n" + versionPath + `/name "vers:generic/<=1.4"`},
	{"6.2.19", `/vulnerabilities/0/scores/0/products ["P1", "P4", "P2"]`},
	{"", `/vulnerabilities/0/scores/- {"cvss_v3": {"baseScore": 9.8, "baseSeverity": "CRITICAL", "environmentalScore": 0, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MC:N/MI:N/MA:N", "version": "3.1"}, "products": ["P2"]}`},
	{"", `/vulnerabilities/0/scores/- {"cvss_v3": {"baseScore": 9.8, "baseSeverity": "CRITICAL", "modifiedAvailabilityImpact": "NONE", "modifiedConfidentialityImpact": "NONE", "modifiedIntegrityImpact": "NONE", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "version": "3.1"}, "products": ["P2"]}`},
	{"6.3.1", `/vulnerabilities/0/scores/- {"cvss_v2": {"baseScore": 6.8, "vectorString": "AV:A/AC:L/Au:N/C:P/I:N/A:C/TD:N", "version": "2.0"}, "products": ["P2"]}`},
	{"6.2.20", `/document/custom 1`},
	{"6.2.20", `/vulnerabilities/0/scores/0/cvss_v4 {}`},

	{"6.3.3", `/vulnerabilities/0/cve`},
	{"6.3.4", `/vulnerabilities/0/cwe`},
	{"6.3.9", `/product_tree/branches/0/category "product_family"`},
	{"6.3.9", `/product_tree/branches/0/category "product_name"` + "\n" + `/product_tree/branches/0/branches/0/category "vendor"`},
	{"6.3.11", versionPath + `/name "v1.4.0"`},
	{"", versionPath + `/name "vega"`},
}

func TestMutations(t *testing.T) {
	failed := map[string]bool{}
	for _, m := range append([]mutation{{}}, mutations...) {
		text := mutate(t, m.change)
		result, err := Validate(text, Options{})
		if err != nil {
			t.Fatalf("%s: %v", m.change, err)
		}
		got := numbers(result)
		if want := strings.Fields(m.fails); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v\n%v", m.change, got, want, result.Findings)
		}
		for _, number := range got {
			failed[number] = true
		}
	}
	elsewhere := []string{"6.2.13", "6.3.6", "6.3.7", "6.3.8"} // tests of their own
	for _, test := range Tests() {
		if failed[test.Number] == slices.Contains(elsewhere, test.Number) {
			t.Errorf("test %s: fails in the table: %v", test.Number, failed[test.Number])
		}
	}
}

// numbers are the tests with findings, in order.
func numbers(r *Result) []string {
	found := []string{}
	for _, f := range r.Findings {
		found = append(found, f.Test)
	}
	slices.SortFunc(found, compareNumbers)
	return slices.Compact(found)
}

// mutate is the sound document after a change, with names sorted.
func mutate(t *testing.T, change string) []byte {
	t.Helper()
	base, err := os.ReadFile("testdata/base.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(base, &doc); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(change) {
		pointer, value, put := strings.Cut(strings.TrimSpace(line), " ")
		var v any
		if put {
			if err := json.Unmarshal([]byte(value), &v); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
		doc = edit(t, doc, strings.Split(pointer, "/")[1:], v, put)
	}
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// edit puts or removes a value below doc.
func edit(t *testing.T, doc any, path []string, value any, put bool) any {
	t.Helper()
	if len(path) == 0 {
		return value
	}
	switch d := doc.(type) {
	case map[string]any:
		_, there := d[path[0]]
		switch {
		case !there && !put, !there && len(path) > 1:
			t.Fatalf("no %v", path)
		case !put && len(path) == 1:
			delete(d, path[0])
		default:
			d[path[0]] = edit(t, d[path[0]], path[1:], value, put)
		}
		return d
	case []any:
		if path[0] == "-" {
			return append(d, value)
		}
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(d) {
			t.Fatalf("no %v", path)
		}
		if !put && len(path) == 1 {
			return slices.Delete(d, i, i+1)
		}
		d[i] = edit(t, d[i], path[1:], value, put)
		return d
	}
	t.Fatalf("no %v", path)
	return nil
}
