package feed

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/vuln"
)

// recordsOf reads a feed of records.
func recordsOf(t testing.TB, read func(emit func(*vuln.Record) error) (Stats, error)) (map[string]*vuln.Record, Stats) {
	t.Helper()
	found := map[string]*vuln.Record{}
	stats, err := read(func(r *vuln.Record) error {
		if found[r.ID] != nil {
			t.Errorf("%s twice", r.ID)
		}
		found[r.ID] = r
		return nil
	})
	must(t, err)
	if stats.Records != len(found) {
		t.Errorf("%d records, %d counted", len(found), stats.Records)
	}
	return found, stats
}

func nvdRecords(t testing.TB, path string) (map[string]*vuln.Record, Stats) {
	return recordsOf(t, func(emit func(*vuln.Record) error) (Stats, error) { return NVD(t.Context(), path, emit) })
}

// packages writes what is affected, one on a line: ecosystem, name, versions.
func packages(r *vuln.Record) string {
	var lines []string
	for _, a := range r.Affected {
		said := shown(versions{a.Ranges, a.Versions, a.VersionText})
		lines = append(lines, strings.TrimSpace(fmt.Sprint(a.Ecosystem, " ", a.Name, " ", said, " ", a.CPE)))
	}
	return strings.Join(lines, "\n")
}

func TestNVDOld(t *testing.T) {
	found, stats := nvdRecords(t, "testdata/nvd/nvdcve-1.1-2017-extract.json")
	for id, want := range map[string]string{
		// A monitor's firmware on the monitor: the hardware is not vulnerable.
		"CVE-2017-9657": "CPE philips:intellivue_mx40_firmware [0,b.06.18) cpe:2.3:o:philips:intellivue_mx40_firmware:*:*:*:*:*:*:*:*",
		// Several ranges of one product are one entry.
		"CVE-2017-7494": "CPE samba:samba [3.5.0,4.4.0) [4.4.0,4.4.14) [4.5.0,4.5.10) [4.6.0,4.6.4) cpe:2.3:a:samba:samba:*:*:*:*:*:*:*:*\n" +
			"CPE debian:debian_linux 8.0 cpe:2.3:o:debian:debian_linux:*:*:*:*:*:*:*:*",
		// Begins after a version, with no end.
		"CVE-2017-18194": "CPE hamayeshnegar:hamayeshnegar_cms (9.1.3,∞) cpe:2.3:a:hamayeshnegar:hamayeshnegar_cms:*:*:*:*:*:*:*:*",
		// Target software stays in the name.
		"CVE-2017-0928": "CPE theguardian:html-janitor 2.0.2 cpe:2.3:a:theguardian:html-janitor:*:*:*:*:*:node.js:*:*",
		"CVE-2017-0605": "",
	} {
		if r := found[id]; r == nil || packages(r) != want {
			t.Errorf("%s affects\n%s\nwant\n%s", id, packages(r), want)
		}
	}
	windows := packages(found["CVE-2017-0001"])
	for _, want := range []string{`CPE microsoft:windows_7 - "no version is given" cpe:2.3:o:microsoft:windows_7:*:sp1:*:*:*:*:*:*`, "CPE microsoft:windows_server_2012 r2 "} {
		if !strings.Contains(windows, want) {
			t.Errorf("%q is not in\n%s", want, windows)
		}
	}
	samba := found["CVE-2017-7494"]
	if samba.Source != "nvd" || samba.Published.IsZero() || !samba.Withdrawn.IsZero() || samba.URLs[0] != "https://nvd.nist.gov/vuln/detail/CVE-2017-7494" ||
		!slices.Equal(samba.CWEs, []string{"CWE-94"}) || !strings.HasPrefix(samba.Summary, "Samba since version 3.5.0") || len(samba.URLs) != 2 {
		t.Errorf("%+v", samba)
	}
	if want := []vuln.Severity{{Kind: "CVSS_V3", Value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, {Kind: "CVSS_V2", Value: "AV:N/AC:L/Au:N/C:C/I:C/A:C"}}; !slices.Equal(samba.Severities, want) {
		t.Errorf("severities %v", samba.Severities)
	}
	if r := found["CVE-2017-0605"]; r.Withdrawn.IsZero() || !r.Withdrawn.Equal(r.Modified) {
		t.Errorf("a rejected CVE stands: %+v", r)
	}
	if len(stats.NotUnderstood) != 1 || stats.NotUnderstood["rejected CVE"] != 1 || !slices.Equal(stats.Examples, []string{"nvdcve-1.1-2017-extract.json CVE-2017-0605: rejected CVE"}) {
		t.Errorf("not understood %v %q", stats.NotUnderstood, stats.Examples)
	}
	newest := time.Time{}
	for _, r := range found {
		if r.Modified.After(newest) {
			newest = r.Modified
		}
	}
	if !stats.Newest.Equal(newest) || newest.IsZero() {
		t.Errorf("newest %v, want %v", stats.Newest, newest)
	}
}

func TestNVD(t *testing.T) {
	found, stats := nvdRecords(t, "testdata/nvd/nvd-api-2.0-extract.json")
	r := found["CVE-2022-22377"]
	if want := "CPE ibm:security_verify_privilege_on-premises [0,11.5) cpe:2.3:a:ibm:security_verify_privilege_on-premises:*:*:*:*:*:*:*:*"; packages(r) != want {
		t.Errorf("affects\n%s\nwant\n%s", packages(r), want)
	}
	r = found["CVE-2023-27314"]
	// Updates of a version are names of their own.
	if list := packages(r); !strings.HasPrefix(list, "CPE netapp:clustered_data_ontap [9.0,9.8) cpe:2.3:a:netapp:clustered_data_ontap:*:*:*:*:*:*:*:*\nCPE netapp:clustered_data_ontap 9.8 9.9.1 9.10.0 9.10.1 9.12.0 9.13.0 cpe:2.3:a:netapp:clustered_data_ontap:*:-:") {
		t.Errorf("affects\n%s", list)
	}
	if want := []vuln.Severity{{Kind: "CVSS_V3", Value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}}; !slices.Equal(r.Severities, want) || !slices.Equal(r.CWEs, []string{"CWE-400"}) {
		t.Errorf("%v %v", r.Severities, r.CWEs)
	}
	if want := time.Date(2023, 10, 18, 18, 0, 24, 900e6, time.UTC); !r.Modified.Equal(want) {
		t.Errorf("modified %v", r.Modified)
	}
	if len(found) != 5 || stats.NotUnderstood["record that names no product yet"] != 1 {
		t.Errorf("%d records, not understood %v", len(found), stats.NotUnderstood)
	}
}

func TestNVDLenient(t *testing.T) {
	page := `{"format": "NVD_CVE", "vulnerabilities": [
		{"cve": {"id": "CVE-2020-0001", "lastModified": "2020-01-01T00:00:00.000", "configurations": [{"nodes": [
			{"operator": "OR", "cpeMatch": [
				{"vulnerable": true, "criteria": "cpe:2.3:a:a:b"},
				{"vulnerable": true, "criteria": "cpe:2.3:a:a:*:1:*:*:*:*:*:*:*"},
				{"vulnerable": true, "criteria": "cpe:2.3:a:a:c\\+\\+:1.\\(2\\):*:*:*:*:*:*:*"},
				{"vulnerable": true, "criteria": "cpe:2.3:a:a:c\\+\\+:1.\\(2\\):*:*:*:*:*:*:*"},
				{"vulnerable": true, "criteria": "cpe:2.3:a:a:d:7.*:*:*:*:*:*:*:*"},
				{"vulnerable": true, "criteria": "cpe:2.3:a:a:e:*:*:*:*:*:*:*:*"}]},
			{"operator": "OR", "negate": true, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:a:f:1:*:*:*:*:*:*:*"}]}]}]}},
		{"cve": "no object"},
		{"cve": {"id": "not a CVE"}},
		{"cve": {"id": "CVE-2020-0002", "vulnStatus": "Rejected", "lastModified": "2020-02-01T00:00:00.000"}},
		{"cve": {"id": "CVE-2020-0003", "lastModified": "yesterday", "vulnStatus": "Received"}}
	], "more": {"a": [1, 2]}}`
	dir := written(t, map[string][]byte{"page.json": []byte(page), "cut.json": []byte(page[:strings.Index(page, "CVE-2020-0003")]), "other.json": []byte(`{"a": 1}`), "list.json": []byte(`7`)})
	found, stats := nvdRecords(t, filepath.Join(dir, "page.json"))
	want := "CPE a:c++ 1.(2) cpe:2.3:a:a:c\\+\\+:*:*:*:*:*:*:*:*\n" + `CPE a:d "7.*" cpe:2.3:a:a:d:*:*:*:*:*:*:*:*` + "\nCPE a:e [0,∞) cpe:2.3:a:a:e:*:*:*:*:*:*:*:*"
	if r := found["CVE-2020-0001"]; packages(r) != want {
		t.Errorf("affects\n%s\nwant\n%s", packages(r), want)
	}
	if len(found) != 3 || found["CVE-2020-0002"].Withdrawn.IsZero() {
		t.Errorf("records %v", found)
	}
	for why, n := range map[string]int{errCPE.Error(): 2, "negated configuration": 1, "record of another shape": 1, "record without CVE id": 1, "rejected CVE": 1, "record without date of change": 1, "record that names no product yet": 1} {
		if stats.NotUnderstood[why] != n {
			t.Errorf("%d of %q, want %d", stats.NotUnderstood[why], why, n)
		}
	}
	_, stats = nvdRecords(t, filepath.Join(dir, "cut.json"))
	if stats.Records != 2 || stats.NotUnderstood[reasonCut] != 1 {
		t.Errorf("cut short: %+v", stats)
	}
	for _, name := range []string{"other.json", "list.json"} {
		if _, stats := nvdRecords(t, filepath.Join(dir, name)); stats.NotUnderstood["no list of vulnerabilities"] != 1 {
			t.Errorf("%s: %+v", name, stats)
		}
	}
}

func TestNVDEndsWithEmit(t *testing.T) {
	stop := errors.New("stop")
	if _, err := NVD(t.Context(), "testdata/nvd", func(*vuln.Record) error { return stop }); err != stop {
		t.Errorf("error %v", err)
	}
}

func TestRecordTooLarge(t *testing.T) {
	large := `{"vulnerabilities": [{"cve": {"id": "CVE-2020-0001", "lastModified": "2020-01-01"}}, {"x": "` + strings.Repeat("a", maxRecord+1<<20) + `"}]}`
	dir := written(t, map[string][]byte{"a.json": []byte(large)})
	if _, stats := nvdRecords(t, dir); stats.Records != 1 || stats.NotUnderstood[errLarge.Error()] != 1 {
		t.Errorf("%+v", stats)
	}
}

func TestParseCPE(t *testing.T) {
	for _, c := range []struct {
		text string
		want cpe
	}{
		{"cpe:2.3:a:openssl:openssl:1.0.2:beta1:*:*:*:*:*:*", cpe{"openssl:openssl", "cpe:2.3:a:openssl:openssl:*:beta1:*:*:*:*:*:*", "1.0.2", false}},
		{"cpe:/a:redhat:rhel_aus:8.6::appstream", cpe{"redhat:rhel_aus", "cpe:2.3:a:redhat:rhel_aus:*:*:appstream:*:*:*:*:*", "8.6", false}},
		{"cpe:/o:linux:linux_kernel", cpe{"linux:linux_kernel", "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*", "*", false}},
		{"cpe:2.3:h:philips:mx40:-:*:*:*:*:*:*:*", cpe{"philips:mx40", "cpe:2.3:h:philips:mx40:*:*:*:*:*:*:*:*", "-", false}},
		{`cpe:2.3:a:x:y:1\*:*:*:*:*:*:*:*`, cpe{"x:y", "cpe:2.3:a:x:y:*:*:*:*:*:*:*:*", "1*", false}},
		{`cpe:2.3:a:x:y:1*:*:*:*:*:*:*:*`, cpe{"x:y", "cpe:2.3:a:x:y:*:*:*:*:*:*:*:*", "1*", true}},
	} {
		if got, err := parseCPE(c.text); err != nil || got != c.want {
			t.Errorf("%s is %+v, %v", c.text, got, err)
		}
	}
	for _, text := range []string{"", "cpe:", "cpe:/", "cpe:/a:%", "cpe:/a:x:y%1", `cpe:2.3:a:x:y\`, "cpe:2.3:a:x:*:1:*:*:*:*:*:*:*", "cpe:2.3:a:x:-:1:*:*:*:*:*:*:*", "pkg:npm/x", strings.Repeat("cpe:/a:", 1000)} {
		if got, err := parseCPE(text); err == nil {
			t.Errorf("%q is %+v", text, got)
		}
	}
}

func FuzzParseCPE(f *testing.F) {
	for _, s := range []string{"cpe:/a:redhat:rhel_aus:8.6::appstream", `cpe:2.3:a:x:notepad\+\+:1.*:rc\(1\):*:*:*:node.js:*:*`, "cpe:/a:b:c:%02", "cpe:/a:b:c:d:e:~f~g~h~i~j"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCPE(s)
		if err != nil {
			return
		}
		if c.name == "" || !strings.HasPrefix(c.any, "cpe:2.3:") || c.version == "" {
			t.Errorf("%q is %+v", s, c)
		}
	})
}

func FuzzNVD(f *testing.F) {
	for _, name := range []string{"nvdcve-1.1-2017-extract.json", "nvd-api-2.0-extract.json"} {
		data, err := os.ReadFile(filepath.Join("testdata/nvd", name))
		must(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var stats Stats
		n := nvdReader{stats: &stats, file: "x", names: map[string]nvdName{}}
		n.emit = func(r *vuln.Record) error {
			if !isCVE(r.ID) {
				t.Errorf("id %q", r.ID)
			}
			for _, a := range r.Affected {
				if a.Name == "" || a.CPE == "" || len(a.Ranges)+len(a.Versions)+len(a.VersionText) == 0 {
					t.Errorf("%s affects %+v", r.ID, a)
				}
			}
			return nil
		}
		if err := n.read(bytes.NewReader(data)); err != nil {
			t.Error(err)
		}
	})
}
