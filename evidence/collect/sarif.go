package collect

import (
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"theriac/evidence"
	"theriac/model"
)

// SARIF 2.1.0 (OASIS) is what analysers write: gosec, CodeQL, semgrep,
// clang-tidy, ESLint and many others. Findings from medium severity on are
// failures unless told otherwise. The severity is the property security-severity
// of the result or its rule, or else the level: error is high, warning medium,
// note low. Results that are for people to decide (review, open) are
// inconclusive, and so is a run that the tool did not end well, or of which the
// results are not in the file. Suppressed results are counted and are no checks.
//
// What was seen on the network makes a dynamic analysis of it.
var _ = add(Collector{
	Name: "sarif", Title: "SARIF", Kind: "static-analysis",
	Looks: func(_ string, first []byte) bool {
		h := headOf(first)
		return !h.List && h.has("runs") && (strings.HasPrefix(h.Members["version"], "2.") || strings.Contains(h.Members["$schema"], "sarif"))
	},
	Read: readSARIF,
})

// sarifLog is a log. The types of the library do not tell absent numbers from
// zero, which matters for the index of a rule.
type sarifLog struct {
	Version string      `json:"version"`
	Runs    []*sarifRun `json:"runs"`
}

type sarifRun struct {
	sarif.Run
	Results []*sarifResult `json:"results"`
}

type sarifResult struct {
	sarif.Result
	RuleIndex *int `json:"ruleIndex"`
}

func readSARIF(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	var log sarifLog
	if err := decodeJSON(in.Data, &log); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(log.Version, "2.1.") {
		return nil, malformed(0, "the version of SARIF is %q, only 2.1.0 is read", clean(log.Version))
	}
	r := sarifReader{report: &Report{}, found: newFindings(limit(in, evidence.Medium)), dynamic: len(log.Runs) > 0}
	for i, run := range log.Runs {
		if run == nil || run.Tool == nil || run.Tool.Driver == nil || text(run.Tool.Driver.Name) == "" {
			return nil, malformed(0, "run %d names no tool", i+1)
		}
		if err := r.run(run); err != nil {
			return nil, err
		}
	}
	return r.done(len(log.Runs) > 0), nil
}

// sarifReader gathers the runs.
type sarifReader struct {
	report     *Report
	found      *findings
	others     []Case // checks that are no findings
	suppressed int
	dynamic    bool // all runs so far watched a running program
}

func (r *sarifReader) run(run *sarifRun) error {
	r.tool(run.Tool.Driver)
	r.commit(run.VersionControlProvenance)
	r.invocations(run)
	rules, paths := newSARIFRules(&run.Run), newSARIFPaths(run)
	seen := len(run.WebRequests) > 0 || len(run.WebResponses) > 0
	for i, result := range run.Results {
		if result == nil {
			return malformed(0, "result %d of %s is null", i+1, clean(text(run.Tool.Driver.Name)))
		}
		if err := r.result(rules, paths, result); err != nil {
			return err
		}
		seen = seen || onNetwork(result)
	}
	r.dynamic = r.dynamic && seen
	return counted(len(r.others))
}

// tool names all tools of the runs; the version is stated where there is one.
func (r *sarifReader) tool(driver *sarif.ToolComponent) {
	version := text(driver.SemanticVersion)
	if version == "" {
		version = text(driver.Version)
	}
	name, known := clean(text(driver.Name)), r.report.Tool.Name
	switch {
	case known == "":
		r.report.Tool = evidence.Tool{Name: name, Version: clean(version)}
	case known == name && r.report.Tool.Version == clean(version):
	default:
		r.report.Tool = evidence.Tool{Name: clean(strings.Join(cleanAll(append(strings.Split(known, ", "), name)), ", "))}
	}
}

// commit takes the revision where all runs state the same one.
func (r *sarifReader) commit(sources []*sarif.VersionControlDetails) {
	for _, s := range sources {
		if s == nil || text(s.RevisionID) == "" {
			continue
		}
		switch id := clean(text(s.RevisionID)); r.report.Commit {
		case "":
			r.report.Commit = id
		case id:
		default:
			r.report.Commit = "-" // several: none is the one
		}
	}
}

// invocations notes the time, and whether the tool came to its end.
func (r *sarifReader) invocations(run *sarifRun) {
	var problem string
	for _, i := range run.Invocations {
		if i == nil {
			continue
		}
		r.times(text(i.StartTimeUtc), text(i.EndTimeUtc))
		if what := invocationProblem(i); problem == "" {
			problem = what
		}
	}
	switch {
	case problem == "" && run.ExternalPropertyFileReferences != nil && len(run.ExternalPropertyFileReferences.Results) > 0:
		problem = "results of the run are in another file"
	case problem == "" && run.Results == nil:
		problem = "the run has no list of results"
	}
	if problem != "" {
		name := clean(text(run.Tool.Driver.Name))
		r.others = append(r.others, Case{ID: "run of " + name, Title: clean(problem), Outcome: evidence.Open, Items: []string{name}})
	}
}

// invocationProblem says why a run of the tool cannot be relied on.
func invocationProblem(i *sarif.Invocation) string {
	for _, n := range append(i.ToolExecutionNotifications, i.ToolConfigurationNotifications...) {
		if n != nil && n.Level == "error" {
			return "the tool reports an error: " + message(n.Message, nil)
		}
	}
	if i.ExecutionSuccessful != nil && !*i.ExecutionSuccessful {
		return "the tool did not end well"
	}
	return ""
}

// times widens the time of the report; SARIF times are UTC (3.9).
func (r *sarifReader) times(start, end string) {
	if t := timeOf(start); !t.IsZero() && (r.report.Started.IsZero() || t.Before(r.report.Started)) {
		r.report.Started = t
	}
	if t := timeOf(end); t.After(r.report.Finished) {
		r.report.Finished = t
	}
}

func (r *sarifReader) result(rules *sarifRules, paths *sarifPaths, result *sarifResult) error {
	rule := rules.of(result)
	if result.BaselineState != nil && *result.BaselineState == "absent" {
		return nil // of an earlier run, and not there any more
	}
	if suppressed(result.Suppressions) {
		r.suppressed++
		return nil
	}
	c := Case{Title: message(result.Message, rule.descriptor), At: paths.place(result.Locations), Items: sarifItems(rule, result)}
	c.ID = sarifID(rule.id, c.At, result)
	switch result.Kind {
	case "", "fail", "informational":
		c.Severity = sarifSeverity(rule.descriptor, result)
		return r.found.found(c)
	case "pass":
		c.Outcome = evidence.Pass
	case "notApplicable":
		c.Outcome = evidence.Skips
	case "open", "review":
		c.Outcome = evidence.Open
	default:
		return malformed(0, "the kind %q of a result is not known", clean(result.Kind))
	}
	c.ID, c.Title, c.Items = clean(c.ID), clean(c.Title), cleanAll(c.Items)
	r.others = append(r.others, c)
	return counted(len(r.others))
}

func (r *sarifReader) done(ran bool) *Report {
	r.found.into(r.report)
	r.report.Cases = append(r.report.Cases, r.others...)
	r.report.Whole = wholeOf(r.report.Cases, ran)
	if r.report.Commit == "-" {
		r.report.Commit = ""
	}
	if r.dynamic {
		r.report.Kind = model.EvidenceKind("dynamic-analysis")
	}
	r.report.Details.Analysis = &evidence.Analysis{FailAt: r.found.FailAt, Findings: r.found.Counts, Suppressed: r.suppressed}
	return r.report
}
