package collect

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"theriac/evidence"
)

// OpenSCAP writes what it found as XCCDF (oscap xccdf eval --results) and, with
// all that it rests on, as ARF (--results-arf). Only the test results in them
// are read, and the titles of the rules; they are read as a stream, because ARF
// files hold the whole content of the baseline.
//
// A rule that failed is a failure from medium on, or where its severity is
// unknown. A rule that the scan itself repaired (fixed) counts as failed: the
// device was not as its release should be. Rules that are not applicable or only
// inform are skipped; a rule that was not checked, or whose check broke, is
// inconclusive; rules outside the profile are left out.
//
// Sources: XCCDF 1.2 (NISTIR 7275 r4) 6.4.4 and table 26, ARF 1.1 (NISTIR 7694).
var _ = add(Collector{
	Name: "openscap", Title: "XCCDF results and ARF (OpenSCAP)", Kind: "configuration-scan",
	Looks: func(_ string, head []byte) bool {
		root, ok := rootXML(head)
		return ok && isXCCDF(root.Name)
	},
	Read: readOpenSCAP,
})

func isXCCDF(root xml.Name) bool {
	switch root.Local {
	case "Benchmark", "TestResult":
		return strings.HasPrefix(root.Space, "http://checklists.nist.gov/xccdf/1.")
	case "asset-report-collection":
		return strings.HasPrefix(root.Space, "http://scap.nist.gov/schema/asset-reporting-format/")
	}
	return false
}

func readOpenSCAP(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	x := newXML(in.Data)
	r := scapReader{x: x, d: xml.NewTokenDecoder(x), found: newFindings(limit(in, evidence.Medium)), report: &Report{}, rules: map[string]*scapRule{}}
	for {
		token, err := r.d.Token()
		if err == io.EOF {
			return r.done()
		} else if err != nil {
			return nil, x.failed(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := r.start(start); err != nil {
				return nil, err
			}
		}
	}
}

type scapReader struct {
	x       *xmlTokens
	d       *xml.Decoder
	found   *findings
	report  *Report
	rules   map[string]*scapRule
	results []*scapResult
	count   int // rule results
}

// scapRule is what the baseline says of a rule.
type scapRule struct {
	ID         string   `xml:"id,attr"`
	Title      string   `xml:"title"`
	References []string `xml:"reference"`
}

// scapResult is one run over a profile.
type scapResult struct {
	Start   string `xml:"start-time,attr"`
	End     string `xml:"end-time,attr"`
	System  string `xml:"test-system,attr"` // cpe:/a:redhat:openscap:1.3.7
	Profile struct {
		ID string `xml:"idref,attr"`
	} `xml:"profile"`
	Targets []string      `xml:"target"`
	Rules   []scapOutcome `xml:"rule-result"`
	Scores  []scapScore   `xml:"score"`
}

type scapOutcome struct {
	ID       string   `xml:"idref,attr"`
	Severity string   `xml:"severity,attr"`
	Result   string   `xml:"result"`
	Idents   []string `xml:"ident"`
	Instance []string `xml:"instance"`
	Checks   []struct {
		Name string `xml:"name,attr"`
	} `xml:"check>check-content-ref"`
}

type scapScore struct {
	System  string `xml:"system,attr"`
	Maximum string `xml:"maximum,attr"`
	Value   string `xml:",chardata"`
}

func (r *scapReader) start(e xml.StartElement) error {
	if r.x.depth == 1 && !isXCCDF(e.Name) {
		return malformed(r.x.line(), "the root element <%s> is not of XCCDF or ARF", clean(e.Name.Local))
	}
	if !strings.HasPrefix(e.Name.Space, "http://checklists.nist.gov/xccdf/1.") {
		return nil
	}
	switch e.Name.Local {
	case "Rule":
		rule := &scapRule{}
		if err := r.d.DecodeElement(rule, &e); err != nil {
			return r.x.failed(err)
		}
		r.rules[rule.ID] = rule
	case "TestResult":
		result := &scapResult{}
		if err := r.d.DecodeElement(result, &e); err != nil {
			return r.x.failed(err)
		}
		r.results = append(r.results, result)
		if r.count += len(result.Rules); r.count > maxCases {
			return counted(r.count)
		}
	}
	return nil
}

func (r *scapReader) done() (*Report, error) {
	if len(r.results) == 0 {
		return nil, malformed(0, "there is no test result in the file: it is a baseline, not what came of it")
	}
	r.report.Details.Configuration = &evidence.Configuration{}
	for _, result := range r.results {
		r.about(result)
		for _, o := range result.Rules {
			if err := r.outcome(&o, result); err != nil {
				return nil, err
			}
		}
	}
	r.found.into(r.report)
	if len(r.report.Cases) == 0 {
		r.report.Whole = evidence.Open
	}
	return r.report, nil
}

// about takes what a result says of the run: of several, the whole time, and all
// profiles and targets.
func (r *scapReader) about(result *scapResult) {
	report, c := r.report, r.report.Details.Configuration
	if name, version := scapTool(result.System); name != "" {
		report.Tool = evidence.Tool{Name: name, Version: version}
	}
	if t := timeOf(result.Start); !t.IsZero() && (report.Started.IsZero() || t.Before(report.Started)) {
		report.Started = t
	}
	if t := timeOf(result.End); t.After(report.Finished) {
		report.Finished = t
	}
	profile := result.Profile.ID
	if profile == "" {
		profile = "(default)" // XCCDF 6.3.3: no profile, the settings of the benchmark itself
	}
	c.Profile = joined(c.Profile, profile)
	for _, t := range result.Targets {
		c.Target = joined(c.Target, t)
	}
	for _, s := range result.Scores {
		text := strings.TrimSpace(s.Value)
		if s.Maximum != "" {
			text += " of " + s.Maximum
		}
		c.Score = joined(c.Score, fmt.Sprintf("%s (%s)", text, s.System))
	}
}

// joined adds a text to a list of texts, once.
func joined(list, text string) string {
	text = clean(text)
	switch {
	case text == "" || strings.Contains(", "+list+",", ", "+text+","):
		return list
	case list == "":
		return text
	}
	return clean(list + ", " + text)
}

// scapTool reads the name and version of a program from its CPE.
func scapTool(cpe string) (name, version string) {
	parts := append(strings.Split(cpe, ":"), "", "", "", "", "", "")
	if parts[0] != "cpe" {
		return "", ""
	}
	if parts[1] == "2.3" {
		parts = parts[1:]
	}
	return clean(parts[3]), clean(parts[4])
}

// maxWords bounds the words of a rule; rules of the SCAP Security Guide have
// some fifty.
const maxWords = 500

// scapOutcomes are the results of table 26 that need no severity.
var scapOutcomes = map[string]evidence.Outcome{
	"pass": evidence.Pass, "notapplicable": evidence.Skips, "informational": evidence.Skips,
	"notchecked": evidence.Open, "error": evidence.Open, "unknown": evidence.Open,
}

func (r *scapReader) outcome(o *scapOutcome, of *scapResult) error {
	result := strings.TrimSpace(o.Result)
	if result == "notselected" {
		return nil
	}
	if o.ID == "" {
		return malformed(0, "the result of a rule does not name the rule")
	}
	c := Case{ID: o.ID, Title: o.ID, At: strings.Join(o.Instance, ", "), Items: append([]string{o.ID, of.Profile.ID}, o.Idents...)}
	if rule := r.rules[o.ID]; rule != nil {
		c.Title = rule.Title
		c.Items = append(append(c.Items, rule.Title), rule.References...)
	}
	for _, check := range o.Checks {
		c.Items = append(c.Items, check.Name)
	}
	c.Items = c.Items[:min(len(c.Items), maxWords)]
	if c.At != "" {
		c.ID += "@" + c.At
	}
	switch result {
	case "fixed":
		c.Title += " (repaired by the scan)"
		fallthrough
	case "fail":
		c.Severity = severityOf(o.Severity)
		return r.found.found(c)
	}
	known, ok := scapOutcomes[result]
	if !ok {
		return malformed(0, "%q is no result of a rule", clean(result))
	}
	c.Outcome = known
	return r.found.note(c)
}
