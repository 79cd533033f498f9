package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"theriac/check"
	"theriac/diag"
)

// SARIF 2.1.0, the parts that we write. Open questions get level note and the
// property severity: GitHub leaves out results of kind open.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string         `json:"id"`
	Short   sarifMessage   `json:"shortDescription"`
	Full    sarifMessage   `json:"fullDescription"`
	Help    sarifMarkdown  `json:"help"`
	Default sarifDefault   `json:"defaultConfiguration"`
	More    sarifRuleExtra `json:"properties"`
}

type sarifRuleExtra struct {
	Severity string   `json:"severity"`
	Tags     []string `json:"tags"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifMarkdown struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    *int               `json:"ruleIndex,omitempty"`
	Level        string             `json:"level"`
	Message      sarifMessage       `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Related      []sarifLocation    `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions"`
	More         sarifResultExtra   `json:"properties"`
}

type sarifResultExtra struct {
	Severity string   `json:"severity"`
	Entity   string   `json:"entity,omitempty"`
	Clauses  []string `json:"clauses,omitempty"`
	Variant  string   `json:"variant,omitempty"`
}

type sarifLocation struct {
	ID       *int          `json:"id,omitempty"`
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifMessage `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

func writeSARIF(w io.Writer, in Input) error {
	driver := sarifDriver{Name: "theriac", Version: in.Version, Rules: []sarifRule{}}
	index := map[string]int{}
	for i, r := range in.Rules {
		index[r.Code] = i
		driver.Rules = append(driver.Rules, sarifRuleOf(r))
	}
	results := []sarifResult{}
	seen := map[string]int{}
	for _, f := range in.Findings {
		r := sarifResultOf(f, seen)
		if i, ok := index[f.Code]; ok {
			r.RuleIndex = &i
		}
		results = append(results, r)
	}
	return encode(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: results}},
	})
}

func sarifRuleOf(r *check.Rule) sarifRule {
	help := "why: " + r.Why + "\nfix: " + r.Fix
	markdown := r.Why + "\n\n**Fix:** " + r.Fix + "\n"
	if len(r.Clauses) > 0 {
		markdown += "\n**Clauses:** " + strings.Join(r.Clauses, ", ") + "\n"
	}
	return sarifRule{
		ID: r.Code, Short: sarifMessage{r.Title}, Full: sarifMessage{r.Title + ": " + r.Why}, Help: sarifMarkdown{help, markdown},
		Default: sarifDefault{sarifLevel(r.Severity)},
		More:    sarifRuleExtra{r.Severity.String(), append([]string{"security"}, r.Clauses...)},
	}
}

func sarifLevel(s diag.Severity) string {
	switch s {
	case diag.Error:
		return "error"
	case diag.Warning:
		return "warning"
	}
	return "note"
}

func sarifResultOf(f diag.Finding, seen map[string]int) sarifResult {
	message := f.Message
	if f.Help != "" {
		message += "\nfix: " + f.Help
	}
	r := sarifResult{
		RuleID: f.Code, Level: sarifLevel(f.Severity), Message: sarifMessage{message}, Locations: []sarifLocation{},
		Fingerprints: map[string]string{"theriac/v1": fingerprint(f, seen)}, Suppressions: []sarifSuppression{},
		More: sarifResultExtra{f.Severity.String(), f.Entity, f.Clauses, f.Variant},
	}
	if f.Span.Valid() {
		r.Locations = append(r.Locations, sarifLocation{Physical: sarifPlace(f.Span)})
	}
	for i, rel := range f.Related {
		if rel.Span.Valid() {
			r.Related = append(r.Related, sarifLocation{ID: &i, Physical: sarifPlace(rel.Span), Message: &sarifMessage{rel.Message}})
		}
	}
	if w := f.Waiver; w != nil {
		r.Suppressions = append(r.Suppressions, sarifSuppression{"inSource", "accepted",
			fmt.Sprintf("waiver %s by %s until %s: %s", w.ID, w.Owner, w.Expires, w.Reason)})
	}
	return r
}

// fingerprint names a finding by what it is about and not by where it stands,
// so that it stays the same when lines move. Findings that are alike in that are
// counted.
func fingerprint(f diag.Finding, seen map[string]int) string {
	key := strings.Join([]string{f.Code, f.Entity, f.Variant, f.Span.Path(), marked(f.Span)}, "\x00")
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}

// marked is the text of the first line of a span.
func marked(s diag.Span) string {
	if !s.Valid() {
		return ""
	}
	tail := s.Source.Tail(s.Line, s.Column)
	if s.EndLine > s.Line {
		return string(tail)
	}
	for i, n := 0, s.Column; i < len(tail); n++ {
		if n == s.EndColumn {
			return string(tail[:i])
		}
		_, size := utf8.DecodeRune(tail[i:])
		i += size
	}
	return string(tail)
}

func sarifPlace(s diag.Span) sarifPhysical {
	a := sarifArtifact{URI: (&url.URL{Path: s.Path()}).String(), Base: "%SRCROOT%"}
	if strings.HasPrefix(s.Path(), "/") || drive(s.Path()) {
		a = sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(s.Path(), "/")}).String()}
	}
	return sarifPhysical{a, sarifRegion{s.Line, s.Column, s.EndLine, s.EndColumn}}
}

// drive reports whether a path starts with a drive letter.
func drive(path string) bool {
	return len(path) > 2 && path[1] == ':' && path[2] == '/' && slices.Contains([]byte("CDEFGHIJKLMNOPQRSTUVWXYZ"), path[0]&^0x20)
}
