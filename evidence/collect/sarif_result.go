package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"theriac/evidence"
)

// text is a string that may be absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// sarifRule is the rule that a result speaks of; the descriptor is nil where the
// log has none.
type sarifRule struct {
	id         string
	descriptor *sarif.ReportingDescriptor
}

// sarifRules are the rules of a run.
type sarifRules struct {
	list []*sarif.ReportingDescriptor // of the driver, by index
	byID map[string]*sarif.ReportingDescriptor
}

func newSARIFRules(run *sarif.Run) *sarifRules {
	rules := &sarifRules{list: run.Tool.Driver.Rules, byID: map[string]*sarif.ReportingDescriptor{}}
	for _, component := range append([]*sarif.ToolComponent{run.Tool.Driver}, run.Tool.Extensions...) {
		if component == nil {
			continue
		}
		for _, d := range component.Rules {
			if d != nil && text(d.ID) != "" && rules.byID[*d.ID] == nil {
				rules.byID[*d.ID] = d
			}
		}
	}
	return rules
}

// of finds the rule by its id, or else by its index among those of the driver. An
// id may go on below that of its rule: CA1000/1 (3.27.5).
func (s *sarifRules) of(r *sarifResult) sarifRule {
	id, index := text(r.RuleID), -1
	if r.Rule != nil && id == "" {
		id = text(r.Rule.ID)
	}
	if r.RuleIndex != nil {
		index = *r.RuleIndex
	}
	if id == "" && index >= 0 && index < len(s.list) && s.list[index] != nil {
		return sarifRule{text(s.list[index].ID), s.list[index]}
	}
	for known := id; known != ""; {
		if d := s.byID[known]; d != nil {
			return sarifRule{id, d}
		}
		known = known[:max(strings.LastIndexByte(known, '/'), 0)]
	}
	return sarifRule{id: id}
}

// suppressed tells whether the suppressions of a result hold: all of them must
// be accepted, which they are when they do not say otherwise (3.27.23, 3.35.3).
func suppressed(list []*sarif.Suppression) bool {
	for _, s := range list {
		if s == nil || s.Status != nil && *s.Status != "accepted" {
			return false
		}
	}
	return len(list) > 0
}

// sarifSeverity grades a finding: by security-severity, a CVSS score, or by its
// level, which may be that of its rule (3.27.10).
func sarifSeverity(rule *sarif.ReportingDescriptor, r *sarifResult) evidence.Severity {
	if s, ok := scoreProperty(r.Properties); ok {
		return s
	}
	level := r.Level
	if rule != nil {
		if s, ok := scoreProperty(rule.Properties); ok {
			return s
		}
		if level == "" && rule.DefaultConfiguration != nil {
			level = rule.DefaultConfiguration.Level
		}
	}
	switch {
	case r.Kind == "informational":
		return evidence.Info
	case level == "error":
		return evidence.High
	case level == "warning" || level == "":
		return evidence.Medium
	case level == "note":
		return evidence.Low
	case level == "none":
		return evidence.Info
	}
	return unrated
}

// scoreProperty reads the property security-severity, a number or its text.
func scoreProperty(bag *sarif.PropertyBag) (evidence.Severity, bool) {
	if bag == nil {
		return "", false
	}
	switch v := bag.Properties["security-severity"].(type) {
	case float64:
		return scoreSeverity(v), true
	case string:
		score, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil {
			return unrated, true
		}
		return scoreSeverity(score), true
	}
	return "", false
}

// sarifID names a finding: by its rule, and by its fingerprint in the file or
// else its line. What the tool does not fingerprint moves with its line.
func sarifID(rule, at string, r *sarifResult) string {
	if rule == "" {
		rule = "no rule"
	}
	if print := fingerprint(r); print != "" {
		if i := strings.LastIndexByte(at, ':'); i > 0 && !isWeb(at) {
			at = at[:i]
		}
		return rule + "@" + at + "#" + print
	}
	if at == "" {
		return rule
	}
	return rule + "@" + at
}

// fingerprint condenses the fingerprints of a result, or else the partial ones.
// semgrep writes "requires login" for each finding where it has none.
func fingerprint(r *sarifResult) string {
	for _, prints := range []map[string]string{r.Fingerprints, r.PartialFingerprints} {
		var all []string
		for _, name := range slices.Sorted(maps.Keys(prints)) {
			if value := prints[name]; len(value) >= 8 && !strings.ContainsAny(value, " \t\n") {
				all = append(all, name+"="+value)
			}
		}
		if len(all) > 0 {
			sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
			return hex.EncodeToString(sum[:6])
		}
	}
	return ""
}

// message is the text of a message, which may stand at the rule (3.11.7).
func message(m *sarif.Message, rule *sarif.ReportingDescriptor) string {
	if m != nil && text(m.Text) != "" {
		return *m.Text
	}
	if m != nil && rule != nil {
		if s, ok := rule.MessageStrings[text(m.ID)]; ok && text(s.Text) != "" {
			return withArguments(*s.Text, m.Arguments)
		}
	}
	if rule != nil && rule.ShortDescription != nil {
		return text(rule.ShortDescription.Text)
	}
	return ""
}

// withArguments puts arguments in the places {0}, {1} of a message (3.11.5).
func withArguments(message string, arguments []string) string {
	var pairs []string
	for i, a := range arguments[:min(len(arguments), 20)] {
		pairs = append(pairs, fmt.Sprintf("{%d}", i), a[:min(len(a), MaxText)])
	}
	return strings.NewReplacer(pairs...).Replace(message[:min(len(message), MaxText)])
}

// sarifItems are words in which the id of a verification may stand.
func sarifItems(rule sarifRule, r *sarifResult) []string {
	words := []string{rule.id}
	if rule.descriptor != nil {
		words = append(words, text(rule.descriptor.Name))
		words = append(words, tags(rule.descriptor.Properties)...)
	}
	words = append(words, tags(r.Properties)...)
	for _, l := range r.Locations {
		if l == nil {
			continue
		}
		for _, logical := range l.LogicalLocations {
			words = append(words, logicalName(logical))
		}
	}
	return words
}

func tags(bag *sarif.PropertyBag) []string {
	if bag == nil {
		return nil
	}
	return bag.Tags
}
