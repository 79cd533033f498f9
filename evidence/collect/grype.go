package collect

import (
	"bytes"
	"slices"
	"strings"

	"theriac/evidence"
)

// The Grype collector reads its JSON: a case for each vulnerability of a
// component. Findings fail from medium on unless told otherwise; matches that
// Grype was told to ignore are skipped, and those that a VEX document clears
// pass.
//
// Grype lists matches, not what it looked at. A report without matches passes
// where it names the distribution that it recognised or the package that it was
// asked about, and is inconclusive otherwise: an empty folder gives the same.
//
// Source: github.com/anchore/grype/grype/presenter/models, 0.110.
var _ = add(Collector{
	Name:  "grype",
	Title: "Grype JSON",
	Kind:  "vulnerability-scan",
	Looks: func(_ string, data []byte) bool {
		h := headOf(data)
		return !h.List && h.has("matches") && (h.has("descriptor") || bytes.Contains(data, []byte(`"matchDetails"`)))
	},
	Read: readGrype,
})

type grypeReport struct {
	Matches *[]grypeMatch `json:"matches"`
	Ignored []grypeMatch  `json:"ignoredMatches"`
	Source  *struct {
		Type string `json:"type"`
	} `json:"source"`
	Distro struct {
		Name string `json:"name"`
	} `json:"distro"`
	Descriptor struct {
		Name      string  `json:"name"`
		Version   string  `json:"version"`
		DB        grypeDB `json:"db"`
		Timestamp string  `json:"timestamp"`
	} `json:"descriptor"`
}

// grypeDB is the state of the database, which stands one level deeper since 0.88.
type grypeDB struct {
	Built  string `json:"built"`
	Status struct {
		Schema string `json:"schemaVersion"`
		Built  string `json:"built"`
		Valid  *bool  `json:"valid"`
	} `json:"status"`
}

type grypeMatch struct {
	Vulnerability struct {
		ID          string `json:"id"`
		Severity    string `json:"severity"`
		Description string `json:"description"`
		CVSS        []struct {
			Vector string `json:"vector"`
		} `json:"cvss"`
	} `json:"vulnerability"`
	Related []struct {
		ID string `json:"id"`
	} `json:"relatedVulnerabilities"`
	Artifact struct {
		Name      string `json:"name"`
		Version   string `json:"version"`
		PURL      string `json:"purl"`
		Locations []struct {
			Path string `json:"path"`
		} `json:"locations"`
	} `json:"artifact"`
	Rules []struct {
		VEX string `json:"vex-status"`
	} `json:"appliedIgnoreRules"`
}

func readGrype(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	var report grypeReport
	if err := decodeJSON(in.Data, &report); err != nil {
		return nil, err
	}
	d := &report.Descriptor
	if report.Matches == nil || d.Name != "grype" {
		return nil, malformed(0, "no matches, or no descriptor that names grype")
	}
	f := newFindings(limit(in, evidence.Medium))
	for _, m := range slices.Concat(*report.Matches, report.Ignored) {
		if err := m.note(f); err != nil {
			return nil, err
		}
	}
	r := &Report{Tool: evidence.Tool{Name: "grype", Version: clean(d.Version)}, Finished: timeOf(d.Timestamp)}
	f.scan(r, report.looked(), evidence.Scan{Database: clean(d.DB.Status.Schema), Data: timeOf(d.DB.Built + d.DB.Status.Built)})
	return r, nil
}

// looked tells whether the report shows that there was something to look at, and
// a database to look into.
func (r *grypeReport) looked() bool {
	if valid := r.Descriptor.DB.Status.Valid; valid != nil && !*valid {
		return false
	}
	return r.Distro.Name != "" || r.Source != nil && (r.Source.Type == "purl" || r.Source.Type == "cpe")
}

func (m *grypeMatch) note(f *findings) error {
	if m.Vulnerability.ID == "" || m.Artifact.Name == "" {
		return malformed(0, "a match without a vulnerability or a component")
	}
	c := Case{
		ID:    m.Vulnerability.ID + "@" + label(m.Artifact.Name, m.Artifact.Version),
		Title: m.Vulnerability.Description, Severity: severityOf(m.Vulnerability.Severity),
		Items: []string{m.Vulnerability.ID, m.Artifact.Name, m.Artifact.PURL},
	}
	for _, related := range m.Related {
		c.Items = append(c.Items, related.ID)
	}
	for _, score := range m.Vulnerability.CVSS {
		if severityOf(m.Vulnerability.Severity) == unrated {
			c.Severity = worst(c.Severity, vectorSeverity(score.Vector))
		}
	}
	if len(m.Artifact.Locations) > 0 { // a path within what was scanned
		c.At = strings.TrimPrefix(m.Artifact.Locations[0].Path, "/")
	}
	c.Outcome = m.outcome(outcomeOf(c.Severity, f.FailAt))
	return f.note(c)
}

// outcome is that of a match after the rules that were applied to it.
func (m *grypeMatch) outcome(otherwise evidence.Outcome) evidence.Outcome {
	if len(m.Rules) == 0 {
		return otherwise
	}
	for _, rule := range m.Rules {
		if rule.VEX == "not_affected" || rule.VEX == "fixed" {
			return evidence.Pass
		}
	}
	return evidence.Skips
}
