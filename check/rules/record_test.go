package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/check"
	"theriac/model"
	"theriac/triage"
	"theriac/trust"
)

// sealedFolder is a folder with a signed record of several findings.
func sealedFolder(t *testing.T, name, kind string) (*model.File, string) {
	t.Helper()
	file, findings := load(t, strings.Replace(sealedRecord, "scan {", `source {"name":"osv","date":"2026-11-20"}
database {"digest":"aa"}
scan {`, 1)+strings.Replace(opensslFound, "DSA-5764-1", "DSA-5764-2", 1)+`support {"component":{"name":"openssl"},"product":"openssl","cycle":"3.0","end":"2026-09-07","by":"name"}
`+`unmonitored {"component":{"name":"motor firmware"},"reason":"it has neither package URL nor CPE"}`+"\n")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	key, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(file.Dir(), triage.RecordFile))
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := trust.Seal(t.Context(), kind, triage.Claim(text), key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(file.Dir(), triage.SealFile), string(envelope))
	return file, string(text)
}

// sealFaults are the messages of T8717.
func sealFaults(t *testing.T, file *model.File) string {
	t.Helper()
	var all []string
	for _, f := range check.Run(input(t, file, Find("T8717"))).Findings {
		all = append(all, f.Message)
	}
	return strings.Join(all, "\n")
}

// TestSealedLines: whichever single line of a signed record is altered, taken out, doubled
// or moved, it is noticed.
func TestSealedLines(t *testing.T) {
	file, text := sealedFolder(t, "test-lead", triage.SealType)
	if got := sealFaults(t, file); got != "" {
		t.Fatalf("as it was signed: %s", got)
	}
	all := strings.SplitAfter(strings.TrimRight(text, "\n"), "\n")
	if len(all) != 9 {
		t.Fatalf("%d lines", len(all))
	}
	tried := 0
	for i, line := range all {
		before, after := strings.Join(all[:i], ""), strings.Join(all[i+1:], "")
		half := len(line) / 2
		for name, changed := range map[string]string{
			"taken out": before + after,
			"doubled":   before + line + line + after,
			"altered":   before + line[:half] + string(line[half]^1) + line[half+1:] + after,
			"emptied":   before + "\n" + after,
			"moved":     line + before + after,
		} {
			if changed == strings.Join(all, "") {
				continue // the first line is moved to where it was
			}
			tried++
			write(t, filepath.Join(file.Dir(), triage.RecordFile), changed)
			if got := sealFaults(t, file); !strings.Contains(got, "altered since") {
				t.Errorf("line %d %s: %q", i+1, name, got)
			}
		}
	}
	if tried != 5*len(all)-1 {
		t.Errorf("%d changes were tried", tried)
	}
	write(t, filepath.Join(file.Dir(), triage.RecordFile), strings.ReplaceAll(text, "\n", "\r\n"))
	if got := sealFaults(t, file); got != "" {
		t.Errorf("line ends of another system: %s", got)
	}
}

func TestSeal(t *testing.T) {
	for _, c := range []struct {
		name, key, kind string
		change          func(t *testing.T, dir string)
		edit            [2]string // of theriac.yaml
		want            string
	}{
		{name: "unknown key", key: "stranger", want: "of no signer of the roster"},
		{name: "signature of something else", kind: "application/vnd.in-toto+json", want: "no record of findings"},
		{name: "record is gone", change: remove(triage.RecordFile), want: "not there"},
		{name: "no signature", change: remove(triage.SealFile)},
		{name: "no envelope", change: func(t *testing.T, dir string) { write(t, filepath.Join(dir, triage.SealFile), "{}") }, want: "no signature"},
		{name: "other role", edit: [2]string{"- kinds: [test-result]\n", "- kinds: [vulnerability-scan]\n        roles: [PSIRT]\n      - kinds: [test-result]\n"}, want: "signed by PSIRT"},
		{name: "role of the policy", edit: [2]string{"kinds: [test-result]", "kinds: [test-result, vulnerability-scan]"}},
		{name: "key of another time", edit: [2]string{"verifications:", "        until: 2026-10-01\nverifications:"}, want: "does not count"},
		{name: "revoked key", edit: [2]string{"verifications:", "        revoked: 2026-10-01\n        reason: compromised\nverifications:"}, want: "does not count"},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, kind := c.key, c.kind
			if key == "" {
				key = "test-lead"
			}
			if kind == "" {
				kind = triage.SealType
			}
			file, _ := sealedFolder(t, key, kind)
			if c.change != nil {
				c.change(t, file.Dir())
			}
			if c.edit[0] != "" {
				file = edited(t, file.Dir(), c.edit[0], c.edit[1])
			}
			if got := sealFaults(t, file); !strings.Contains(got, c.want) || c.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func remove(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// edited is a folder after a change of its theriac.yaml.
func edited(t *testing.T, dir, old, with string) *model.File {
	t.Helper()
	name := filepath.Join(dir, "theriac.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), old) != 1 {
		t.Fatalf("%q is there %d times", old, strings.Count(string(text), old))
	}
	write(t, name, strings.Replace(string(text), old, with, 1))
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	return file
}

func TestRecordRules(t *testing.T) {
	released := strings.TrimPrefix(scannedReleases, "\n")
	digest := func(d string) string {
		return strings.Replace(scanned, `"status"`, `"digest":"`+d+`","status"`, 1)
	}
	signed := "vulnerability-handling:\n  signed-findings: true\n"
	affected := func(edits ...string) string {
		return rubricPromised + strings.NewReplacer(edits...).Replace(affectedOpenSSL)
	}
	unrated := strings.Replace(opensslFound, `,"severity":"high"`, "", 1)
	plain := strings.Replace(rubricPromised, " with the rubric for medical devices", "", 1)
	late := strings.Replace(openSSLCase, "2026-11-06T14:30", "2026-11-08T14:30", 1)
	mark := func(text, line, code string) string { return markedAt(text, line, code) }
	for _, m := range []marked{
		{"digest with its algorithm", "T8716", recorded(released, digest(digestOf123))},
		{"record that does not say of which list", "T8716", recorded(released, strings.Replace(scanned, "device.cdx.json", "device.cdx.json # want T8716", 1))},
		{"release without a list", "T8716", recorded("releases:\n  rel-1:\n    title: R\n    version: 1.0.0\n", digest("aa"))},

		{"nothing recorded and nothing in the field", "T8718", signed},
		{"nothing recorded of what is in the field", "T8718", mark(signed, "  signed-findings: true", "T8718") + scannedReleases},
		{"not asked for", "T8718", recorded("vulnerability-handling:\n  signed-findings: false\n", scanned)},

		{"no method is named", "T8720", recorded(affectedOpenSSL, scanned+opensslFound)},
		{"a method without rubric, and the data rate it", "T8720", recorded(plain+affectedOpenSSL, scanned+opensslFound)},
		{"a method without rubric, and the data do not", "T8720", recorded(plain+strings.Replace(affectedOpenSSL, "vx-tls:", "vx-tls: # want T8720", 1), scanned+unrated)},
		{"levels alone are a score", "T8720", recorded(affected("    by:", "    score: {exploitability: low}\n    by:"), scanned+opensslFound)},
		{"under investigation", "T8720", recorded(affected("status: affected", "status: under-investigation"), scanned+opensslFound)},

		{"decided on the day of the release", "T8727", recorded(releasedOpenSSL+strings.Replace(opensslDecision, "11-03", "11-10", 1), scanned+opensslFound)},
		{"first seen on the day of the release", "T8727", recorded(strings.Replace(releasedOpenSSL, "11-10", "11-02", 1), scanned+opensslFound)},
		{"a release to come", "T8727", recorded(strings.Replace(releasedOpenSSL, "11-10", "12-10", 1), scanned+opensslFound)},
		{"looking into it is no decision", "T8727", recorded(mark(releasedOpenSSL, "    date: 2026-11-10", "T8727")+
			strings.Replace(strings.Replace(opensslDecision, "status: not-affected", "status: under-investigation", 1), "    justification: vulnerable-code-not-in-execute-path\n", "", 1), scanned+opensslFound)},
		{"a decision about something else", "T8727", recorded(mark(releasedOpenSSL, "    date: 2026-11-10", "T8727")+
			strings.Replace(opensslDecision, "debian/openssl", "debian/curl", 1), scanned+opensslFound)},
		{"released by a signature later than the file says", "T8727", mark(sealedRecord, "    date: 2026-06-01", "T8727") + releasing("2026-11-10")},
		{"signed again", "T8727", sealedRecord + releasing("2026-11-01") + strings.Replace(releasing("2026-11-10"), "rel-1.json", "again.json", 1)},
		{"date before it was found", "T8727", sealedRecord},
		{"reviewed alone", "T8727", sealedRecord + strings.Replace(releasing("2026-11-10"), `"released"`, `"reviewed"`, 1)},
		{"taken back", "T8727", recorded(releasedOpenSSL, scanned+strings.Replace(opensslFound, `"severity":"high"`, `"severity":"high","withdrawn":true`, 1))},

		{"on the last day of the limit", "T8813", recorded(assessLimits+strings.Replace(openSSLCase, "2026-11-06T", "2026-11-07T", 1), scanned+opensslFound)},
		{"day of the manufacturer's zone", "T8813", recorded(assessLimits+strings.Replace(openSSLCase, "2026-11-06T14:30:00+01:00", "2026-11-07T23:30:00Z # want T8813", 1), scanned+opensslFound)},
		{"an incident is an event of its own", "T8813", recorded(assessLimits+strings.Replace(late, "advisory", "incident", 1), scanned+opensslFound)},
		{"release was not out", "T8813", recorded(assessLimits+strings.Replace(late, "date: 2026-10-01", "date: 2026-11-09", 1), scanned+opensslFound)},
		{"of another vulnerability", "T8813", recorded(assessLimits+strings.Replace(late, "CVE-2024-6119", "CVE-2024-6118", 1), scanned+opensslFound)},
		{"found harmless in time", "T8813", recorded(assessLimits+late+opensslDecision, scanned+opensslFound)},
		{"found harmless too late", "T8813", recorded(assessLimits+strings.Replace(late, "+01:00\n", "+01:00 # want T8813\n", 1)+strings.Replace(opensslDecision, "11-03", "11-08", 1), scanned+opensslFound)},
		{"no limit", "T8813", recorded("vulnerability-handling:\n"+late, scanned+opensslFound)},
	} {
		m.run(t)
	}
}

// releasing is the part of an example with a signature that releases rel-1 on a day.
func releasing(day string) string {
	return `-- approvals/rel-1.json (approved by test-lead) --
{"of":"releases","id":"rel-1","meaning":"released","role":"Test lead","signed":"` + day + `T09:00:00Z"}
`
}
