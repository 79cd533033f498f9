package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"theriac/vuln/match"
)

// sarif writes findings for code scanning: each at the line of its component in the bill
// of materials. What could not be decided is a note, what nobody watches a notification.
func (s *scanned) sarif(w io.Writer) error {
	driver := sarif.NewToolComponent().WithName("theriac vuln scan")
	rules := map[string]int{}
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver))
	run.Results = []*sarif.Result{}
	add := func(f *match.Finding, level, kind string) {
		at, known := rules[f.ID]
		if !known {
			at = len(rules)
			rules[f.ID] = at
			driver.AddRule(sarifRule(f))
		}
		run.AddResult(s.sarifResult(f, level, kind).WithRuleIndex(at))
	}
	for i := range s.Findings {
		add(&s.Findings[i], sarifLevel(s.Findings[i].Severity.Word), "fail")
	}
	for i := range s.Unknown {
		add(&s.Unknown[i], "none", "open")
	}
	run.AddInvocation(s.sarifInvocation())
	log := sarif.NewReport()
	log.AddRun(run)
	return log.PrettyWrite(w)
}

// sarifLevel is the level of a severity.
func sarifLevel(word string) string {
	switch word {
	case "critical", "high":
		return "error"
	case "low", "none":
		return "note"
	}
	return "warning"
}

func sarifRule(f *match.Finding) *sarif.ReportingDescriptor {
	summary := f.Summary
	if summary == "" {
		summary = f.ID
	}
	text := summary
	rule := sarif.NewRule(f.ID).WithShortDescription(&sarif.MultiformatMessageString{Text: &text})
	if strings.HasPrefix(f.URL, "https://") {
		rule.WithHelpURI(f.URL)
	}
	properties := sarif.NewPropertyBag()
	properties.Add("tags", append([]string{"security"}, f.CWEs...))
	if f.Severity.Vector != "" {
		properties.Add("security-severity", fmt.Sprintf("%.1f", f.Severity.Score))
	}
	return rule.WithProperties(properties)
}

func (s *scanned) sarifResult(f *match.Finding, level, kind string) *sarif.Result {
	place := sarif.NewPhysicalLocation().WithArtifactLocation(s.artifact())
	if f.Line > 0 {
		place.WithRegion(sarif.NewRegion().WithStartLine(f.Line))
	}
	properties := sarif.NewPropertyBag()
	for key, value := range map[string]any{
		"purl": f.PURL, "version": f.Version, "aliases": orEmpty(f.Aliases), "range": f.Range, "fixed": orEmpty(f.Fixed),
		"severity": f.Severity.Word, "kev": f.Exploited != nil, "confidence": f.Confidence,
	} {
		properties.Add(key, value)
	}
	component := f.PURL
	if component == "" {
		component = f.Name + "@" + f.Version
	}
	return sarif.NewResult().WithRuleID(f.ID).WithLevel(level).WithKind(kind).WithMessage(sarif.NewTextMessage(f.Why)).
		AddLocation(sarif.NewLocationWithPhysicalLocation(place)).
		WithPartialFingerprints(map[string]string{"componentAdvisory/v1": component + " " + f.ID}).WithProperties(properties)
}

// artifact is the bill of materials, as an address (SARIF 2.1.0 section 3.4.3).
func (s *scanned) artifact() *sarif.ArtifactLocation {
	return sarif.NewSimpleArtifactLocation((&url.URL{Path: s.input.shown}).String())
}

// sarifInvocation says how the scan ended and what it did not watch.
func (s *scanned) sarifInvocation() *sarif.Invocation {
	done := s.Status != match.Failed
	invocation := sarif.NewInvocation().WithExecutionSuccessful(done)
	notify := func(level, text string, line int) {
		n := sarif.NewNotification().WithLevel(level).WithMessage(sarif.NewTextMessage(text))
		if line > 0 {
			place := sarif.NewPhysicalLocation().WithArtifactLocation(s.artifact()).
				WithRegion(sarif.NewRegion().WithStartLine(line))
			n.AddLocation(sarif.NewLocationWithPhysicalLocation(place))
		}
		invocation.AddToolExecutionNotification(n)
	}
	for _, u := range s.Unmonitored {
		notify("warning", fmt.Sprintf("nobody watches %s: %s", strings.TrimSpace(u.Name+" "+u.Version), u.Reason), u.Line)
	}
	for _, gap := range s.Gaps {
		notify("warning", gap, 0)
	}
	for _, problem := range s.unheard {
		notify("warning", "not understood: "+problem, 0)
	}
	for i := range s.Support {
		one := &s.Support[i]
		if over, soon := s.ending(one); over || soon {
			notify("note", supportWords(one, over)+": "+supportedNames(one), one.Components[0].Line)
		}
	}
	return invocation
}
