package collect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/syntax"
)

// Mapping says to which verifications the checks of an input belong where their
// names do not. docs/formats/evidence-mapping.md explains it.
type Mapping struct {
	Version string        `yaml:"evidence-mapping" theriac:"required"`
	Rules   []MappingRule `yaml:"rules" theriac:"required"`
}

// MappingRule is one rule; the first that matches a check decides.
type MappingRule struct {
	Match  Pattern  `yaml:"match" theriac:"required"`
	For    []string `yaml:"for"`
	Ignore string   `yaml:"ignore"` // why
}

// Pattern matches names: a glob, in which * stands for any text and ? for one
// character, matches a whole name; /.../ is a regular expression (RE2), which
// matches a part.
type Pattern struct {
	text string
	re   *regexp.Regexp
}

// SetScalar implements syntax.ScalarValue.
func (p *Pattern) SetScalar(n *syntax.Node) error {
	made, err := ParsePattern(n.Value)
	*p = made
	return err
}

// ParsePattern reads a pattern.
func ParsePattern(s string) (Pattern, error) {
	expression := ""
	switch body, slash := strings.CutPrefix(s, "/"); {
	case len(s) > MaxText:
		return Pattern{}, fmt.Errorf("a pattern has at most %d bytes", MaxText)
	case slash && len(body) > 1 && strings.HasSuffix(body, "/"):
		expression = strings.TrimSuffix(body, "/")
	case strings.TrimSpace(s) == "":
		return Pattern{}, fmt.Errorf("the pattern is empty")
	default:
		expression = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(s))
		expression = "(?s)^" + expression + "$"
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		return Pattern{}, fmt.Errorf("%q is no regular expression: %w", s, err)
	}
	return Pattern{s, re}, nil
}

func (p Pattern) String() string { return p.text }

// Matches reports whether the id or one of the other names of a check matches.
func (p Pattern) Matches(c *Case) bool {
	return p.re != nil && (p.re.MatchString(c.ID) || slices.ContainsFunc(c.Items, p.re.MatchString))
}

// ReadMapping reads a mapping file. The mapping is only to be used when no
// finding is an error.
func ReadMapping(name string, data []byte) (*Mapping, diag.List) {
	m := &Mapping{}
	root, source, findings := syntax.Parse(name, data)
	if root == nil {
		if len(findings) == 0 {
			findings.Add(diag.Finding{Code: syntax.CodeShape, Severity: diag.Error, Span: source.At(1, 1, 1), Message: "the mapping is empty", Help: "begin with `evidence-mapping: 1` and name rules"})
		}
		return m, findings
	}
	d := &syntax.Decoder{}
	d.Decode(root, m)
	for i, f := range d.Findings {
		if f.Code == syntax.CodePending { // a rule that is still to be written is no rule
			d.Findings[i].Severity = diag.Error
		}
	}
	findings = append(findings, d.Findings...)
	wrong := func(at *syntax.Node, message, help string) {
		findings.Add(diag.Finding{Code: syntax.CodeScalar, Severity: diag.Error, Span: at.Span(), Message: message, Help: help})
	}
	if _, at := root.Get("evidence-mapping"); m.Version != "" && m.Version != "1" {
		wrong(at, fmt.Sprintf("version %q of the mapping is not known", m.Version), "this program reads version 1")
	}
	_, rules := root.Get("rules")
	for i, r := range m.Rules {
		at := &rules.Children[i]
		if at.Kind != syntax.Mapping {
			continue // reported by the decoder
		}
		if len(r.For) > 0 == (r.Ignore != "") {
			wrong(at, "a rule says either for which verifications a check counts, or why it is ignored", "give `for` or `ignore`, and not both")
		}
		for _, id := range r.For {
			if id != "" && !idForm.MatchString(id) {
				wrong(at, fmt.Sprintf("%q is no id", id), "write the id of a verification")
			}
		}
	}
	findings.Sort()
	return m, findings
}

// Apply finds the rule for a check, or nil.
func (m *Mapping) Apply(c *Case) *MappingRule {
	if m == nil {
		return nil
	}
	for i := range m.Rules {
		if m.Rules[i].Match.Matches(c) {
			return &m.Rules[i]
		}
	}
	return nil
}

// check sees that the mapping names verifications that there are.
func (m *Mapping) check(known []string) error {
	if m == nil {
		return nil
	}
	for _, r := range m.Rules {
		if err := allKnown(r.For, known, fmt.Sprintf("the rule for %s", r.Match)); err != nil {
			return err
		}
	}
	return nil
}

// allKnown refuses ids that are none of a verification; subject is what names
// them.
func allKnown(ids, known []string, subject string) error {
	for _, id := range ids {
		if slices.Contains(known, id) {
			continue
		}
		if meant := diag.Suggest(id, known); meant != "" {
			return fmt.Errorf("%s names %q, and there is no such verification; did you mean %q?", subject, id, meant)
		}
		return fmt.Errorf("%s names %q, and there is no such verification", subject, id)
	}
	return nil
}
