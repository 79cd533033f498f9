package collect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// The Trivy collector reads its JSON, schema 2: a case for each vulnerability of
// a component, each misconfiguration and each secret. Findings fail from medium
// on unless told otherwise; those that Trivy was told to ignore are skipped, and
// those that a VEX document clears pass. Licences are not read, and neither are
// the reports of clusters.
//
// A report that looked at packages is a vulnerability-scan; one that looked at
// settings alone is a configuration-scan, and one at secrets alone a
// static-analysis. The text of a secret is never taken.
//
// Source: github.com/aquasecurity/trivy/pkg/types, 0.68.
var _ = add(Collector{
	Name:  "trivy",
	Title: "Trivy JSON",
	Kind:  "vulnerability-scan",
	Looks: func(_ string, data []byte) bool {
		h := headOf(data)
		return !h.List && h.has("SchemaVersion") && (h.has("ArtifactName") || h.has("Results"))
	},
	Read: readTrivy,
})

type trivyReport struct {
	SchemaVersion int
	CreatedAt     time.Time
	ArtifactName  string
	Trivy         struct{ Version string }
	Metadata      struct{ Commit string }
	Results       []trivyResult
}

type trivyResult struct {
	Target            string
	Class             string
	Type              string
	Packages          []json.RawMessage
	MisconfSummary    *struct{ Successes, Failures int }
	Vulnerabilities   []trivyVulnerability
	Misconfigurations []trivyMisconfiguration
	Secrets           []trivySecret
	Modified          []trivyModified `json:"ExperimentalModifiedFindings"`
}

type trivyVulnerability struct {
	VulnerabilityID  string
	VendorIDs        []string
	PkgName          string
	PkgPath          string
	InstalledVersion string
	Status           string
	Severity         string
	Title            string
}

type trivyMisconfiguration struct {
	ID, AVDID     string
	Title         string
	Severity      string
	Status        string
	CauseMetadata struct {
		Resource  string
		StartLine int
	}
}

type trivySecret struct {
	RuleID    string
	Title     string
	Severity  string
	StartLine int
}

type trivyModified struct {
	Type    string
	Status  string
	Finding json.RawMessage
}

// trivyRead gathers what the results of a report hold.
type trivyRead struct {
	f          *findings
	components int
	packages   bool     // packages were looked at
	settings   []string // types of settings that were looked at
	checked    bool     // settings were compared with rules
	secrets    bool
}

func readTrivy(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	var report trivyReport
	if err := decodeJSON(in.Data, &report); err != nil {
		return nil, err
	}
	if report.SchemaVersion != 2 {
		return nil, malformed(0, "schema %d is not read, only 2", report.SchemaVersion)
	}
	t := trivyRead{f: newFindings(limit(in, evidence.Medium))}
	for i := range report.Results {
		if err := t.result(&report.Results[i]); err != nil {
			return nil, err
		}
	}
	r := &Report{Tool: evidence.Tool{Name: "trivy", Version: clean(report.Trivy.Version)}, Finished: report.finished(), Commit: commitOf(report.Metadata.Commit)}
	t.into(r, placeOf(report.ArtifactName))
	return r, nil
}

func (r *trivyReport) finished() time.Time {
	return timeOf(r.CreatedAt.Format(time.RFC3339))
}

// commit is the name of a revision in git.
var commit = lazyregexp.New(`^[0-9a-f]{40}([0-9a-f]{24})?$`)

func commitOf(text string) string {
	if commit.MatchString(text) {
		return text
	}
	return ""
}

// into completes the report, of the kind that fits what was looked at.
func (t *trivyRead) into(r *Report, target string) {
	switch {
	case t.packages || len(t.settings) == 0 && !t.secrets:
		t.f.scan(r, t.packages, evidence.Scan{Components: t.components})
	case len(t.settings) > 0:
		t.f.into(r)
		slices.Sort(t.settings)
		r.Kind, r.Whole = "configuration-scan", wholeOf(r.Cases, t.checked)
		r.Details.Configuration = &evidence.Configuration{Profile: clean("Trivy checks: " + strings.Join(slices.Compact(t.settings), ", ")), Target: clean(target)}
	default:
		r.Kind = "static-analysis"
		t.f.analysis(r, false, 0)
	}
}

func (t *trivyRead) result(r *trivyResult) error {
	switch r.Class {
	case "os-pkgs", "lang-pkgs":
		t.packages = t.packages || len(r.Packages) > 0 || len(r.Vulnerabilities) > 0
	case "config":
		t.settings = append(t.settings, cmp.Or(r.Type, "settings"))
		t.checked = t.checked || r.MisconfSummary != nil && r.MisconfSummary.Successes > 0
	case "secret":
		t.secrets = true
	}
	if t.components += len(r.Packages); t.components > maxCases {
		return counted(t.components)
	}
	for i := range r.Vulnerabilities {
		if err := t.vulnerability(r, &r.Vulnerabilities[i], r.Vulnerabilities[i].Status); err != nil {
			return err
		}
	}
	for i := range r.Misconfigurations {
		if err := t.misconfiguration(r, &r.Misconfigurations[i]); err != nil {
			return err
		}
	}
	for i := range r.Secrets {
		if err := t.secret(r, &r.Secrets[i]); err != nil {
			return err
		}
	}
	return t.modified(r)
}

func (t *trivyRead) vulnerability(r *trivyResult, v *trivyVulnerability, status string) error {
	if v.VulnerabilityID == "" || v.PkgName == "" {
		return malformed(0, "%s: a vulnerability without an id or a package", clean(r.Target))
	}
	c := Case{
		ID: v.VulnerabilityID + "@" + label(v.PkgName, v.InstalledVersion), Title: v.Title, Severity: severityOf(v.Severity),
		At: placeOf(cmp.Or(v.PkgPath, r.Target)), Items: append([]string{v.VulnerabilityID, v.PkgName}, v.VendorIDs...),
	}
	c.Outcome = trivyOutcome(status, outcomeOf(c.Severity, t.f.FailAt))
	return t.f.note(c)
}

// trivyOutcome is the outcome of a vulnerability by its status, which a
// distribution, a VEX document or the tool's configuration gives.
func trivyOutcome(status string, otherwise evidence.Outcome) evidence.Outcome {
	switch status {
	case "ignored":
		return evidence.Skips
	case "not_affected":
		return evidence.Pass
	case "in_triage":
		return evidence.Open
	}
	return otherwise
}

// vexStatus are the statuses that a VEX document gives, where they mean another
// thing than those of a distribution: there, fixed says that an update exists,
// and under_investigation that a grade is awaited.
var vexStatus = map[string]string{"fixed": "not_affected", "under_investigation": "in_triage", "unknown": "ignored"}

func (t *trivyRead) misconfiguration(r *trivyResult, m *trivyMisconfiguration) error {
	id := cmp.Or(m.ID, m.AVDID)
	if id == "" {
		return malformed(0, "%s: a misconfiguration without an id", clean(r.Target))
	}
	place := placeAt(r.Target, m.CauseMetadata.StartLine)
	c := Case{ID: id + "@" + place, Title: m.Title, Severity: severityOf(m.Severity), At: place, Items: []string{m.ID, m.AVDID, m.CauseMetadata.Resource}}
	switch m.Status {
	case "FAIL":
		c.Outcome = outcomeOf(c.Severity, t.f.FailAt)
	case "PASS":
		c.Outcome, c.Severity = evidence.Pass, "" // nothing was found
	case "EXCEPTION":
		c.Outcome = evidence.Skips
	default:
		return malformed(0, "%s: %q is no status of a misconfiguration", clean(r.Target), clean(m.Status))
	}
	return t.f.note(c)
}

func (t *trivyRead) secret(r *trivyResult, s *trivySecret) error {
	if s.RuleID == "" {
		return malformed(0, "%s: a secret without a rule", clean(r.Target))
	}
	place := placeAt(r.Target, s.StartLine)
	return t.f.found(Case{ID: s.RuleID + "@" + place, Title: s.Title, Severity: severityOf(s.Severity), At: place, Items: []string{s.RuleID}})
}

// placeAt is a line of a file.
func placeAt(path string, line int) string {
	if line <= 0 {
		return placeOf(path)
	}
	return fmt.Sprintf("%s:%d", placeOf(path), line)
}

// modified notes what Trivy found and then left out. Only vulnerabilities are
// told apart by VEX; other findings that are left out were ignored.
func (t *trivyRead) modified(r *trivyResult) error {
	for _, m := range r.Modified {
		if m.Type != "vulnerability" {
			continue
		}
		var v trivyVulnerability
		if err := intoJSON(1, m.Finding, &v); err != nil {
			return malformed(0, "%s: a finding that was left out cannot be read", clean(r.Target))
		}
		if err := t.vulnerability(r, &v, cmp.Or(vexStatus[m.Status], m.Status)); err != nil {
			return err
		}
	}
	return nil
}
