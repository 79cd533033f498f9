package techdoc

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"theriac/document"
	"theriac/risk"
)

func TestSignalWords(t *testing.T) {
	for name, c := range map[string]struct {
		scale, severity string
		harm            bool
		want            document.CalloutKind
	}{
		"worst of five":    {"[a, b, c, d, e]", "e", true, document.Warning},
		"next of five":     {"[a, b, c, d, e]", "d", true, document.Warning},
		"middle of five":   {"[a, b, c, d, e]", "c", true, document.Caution},
		"below the middle": {"[a, b, c, d, e]", "b", true, document.Caution},
		"least of five":    {"[a, b, c, d, e]", "a", true, document.Note},
		"third of nine":    {"[a, b, c, d, e, f, g, h, i]", "g", true, document.Caution},
		"middle of three":  {"[a, b, c]", "b", true, document.Caution},
		"least of three":   {"[a, b, c]", "a", true, document.Note},
		"upper of two":     {"[a, b]", "b", true, document.Warning},
		"lower of two":     {"[a, b]", "a", true, document.Caution},
		"nobody harmed":    {"[a, b]", "b", false, document.Note},
		"scale of one":     {"[a]", "a", true, document.Warning},
		"no order":         {"[a, a]", "a", true, document.Warning},
	} {
		t.Run(name, func(t *testing.T) {
			harms := ""
			if c.harm {
				harms = "harms: [h], "
			}
			b := writtenBook(t, "policy:\n  risk: {exploitability: [x, y], severity: "+c.scale+", acceptable: [{exploitability: x, severity: a}]}\n"+
				"harms:\n  h: {title: H, severity: "+c.severity+"}\nthreats:\n  t: {title: T, category: misuse}\n"+
				"risks:\n  r: {title: R, threats: [t], "+harms+"residual: {exploitability: y, severity: "+c.severity+"}}\n")
			g := &guide{Book: b}
			if got := g.signal(risk.Assess(b.File).Risks[0]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestSignalsExplained: the words are explained by the levels for which they stand.
func TestSignalsExplained(t *testing.T) {
	for scale, want := range map[string][]string{
		"[a, b, c, d, e]": {"severity “d” to “e”.", "on that scale “b” to “c”.", "below that (“a”)"},
		"[a, b]":          {"severity “b”.", "on that scale “a”.", "A risk from which nobody comes to harm, or"},
		"[a]":             {"severity “a”.", "A risk from which nobody"},
		"[a, a]":          {"states no scale of severity", "A risk from which nobody"},
	} {
		g := &guide{Book: writtenBook(t, "policy:\n  risk: {exploitability: [x, y], severity: "+scale+"}\n")}
		text := said(g.signals())
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in\n%s", scale, w, text)
			}
		}
	}
}

// TestAccepted: the benefit is given as the reason only where it is stated of each risk.
func TestAccepted(t *testing.T) {
	accepted := "acceptance: {by: r, date: 2026-01-02, until: 2027-01-02, reason: secret reason}"
	for name, c := range map[string]struct{ first, second, want, not string }{
		"benefit":    {accepted + ", benefit-risk: yes", accepted + ", benefit-risk: yes", "because the benefit outweighs them", "for a time"},
		"no benefit": {accepted + ", benefit-risk: yes", accepted, "accepted them for a time", "benefit"},
		"open":       {accepted + ", benefit-risk: yes", "impact: I", "stay above the limit", "accepted"},
		"for good":   {"acceptance: {by: r, date: 2026-01-02}", accepted, "has accepted them.", "for a time"},
	} {
		t.Run(name, func(t *testing.T) {
			risks := ""
			for i, more := range []string{c.first, c.second} {
				risks += "  r" + strconv.Itoa(i) + ": {title: R, threats: [t], harms: [h], residual: {exploitability: y, severity: b, rationale: secret rationale}, " + more + "}\n"
			}
			g := &guide{Book: writtenBook(t, "policy:\n  risk: {exploitability: [x, y], severity: [a, b], acceptable: [{exploitability: y, severity: a}]}\n"+
				"harms:\n  h: {title: Broken arm, severity: b}\nthreats:\n  t: {title: T, category: misuse}\nrisks:\n"+risks)}
			g.sections = append(g.sections, g.risks())
			text := said(g.section("risks"))
			if !strings.Contains(text, c.want) || strings.Contains(text, c.not) {
				t.Error(text)
			}
			if !strings.Contains(text, "Possible harm: Broken arm") || strings.Contains(text, "secret") || strings.Contains(text, "2027") {
				t.Error("what is told of a risk:", text)
			}
		})
	}
}

const sharedControls = `
components:
  co-a: {title: A, type: software}
interfaces:
  if-a: {title: A, component: co-a, medium: ethernet}
  if-b: {title: B, component: co-a, medium: ethernet}
environment:
  e-a: {title: About A, category: network, text: t, interfaces: [if-a]}
  e-b: {title: About B, category: network, text: t, interfaces: [if-b]}
  e-c: {title: About none, category: organisation, text: t}
controls:
  c-both: {title: Both, priority: protective, protects: [if-a, if-b], environment: [e-a, e-b]}
  c-many: {title: Many, priority: protective, protects: [co-a], environment: [e-b, e-c]}
  c-one: {title: One, priority: protective, protects: [co-a], environment: [e-c]}
  c-site: {title: Site, priority: protective, by: environment, protects: [co-a], environment: [e-b, e-c]}
threats:
  t-a: {title: T, category: tampering, targets: [if-a]}
  t-co: {title: T, category: tampering, targets: [co-a]}
risks:
  r-a: {title: R, threats: [t-a], controls: [c-both, c-many, c-one, c-site]}
  r-co: {title: R, threats: [t-co], controls: [c-both, c-many]}
  r-one: {title: R, threats: [t-co], controls: [c-one]}
  r-site: {title: R, threats: [t-co], controls: [c-site]}
`

// TestHelping: of a control that serves many risks, only what bears on a risk helps
// against it.
func TestHelping(t *testing.T) {
	b := writtenBook(t, sharedControls)
	g := &guide{Book: b}
	want := map[string]string{"r-a": "About A", "r-co": "", "r-one": "About none", "r-site": "About B; About none"}
	for _, r := range b.File.Risks {
		if got := titles(g, g.helping(r)); got != want[r.ID] {
			t.Errorf("%s: %q, not %q", r.ID, got, want[r.ID])
		}
	}
	if len(b.File.Risks) != len(want) {
		t.Errorf("%d risks", len(b.File.Risks))
	}
}

// TestGravestFirst: the severest harm comes first, whether or not the reader can do
// something about it.
func TestGravestFirst(t *testing.T) {
	var order []string
	short, m := userDocument(t, filepath.Join("..", "examples", "infusion-pump"), "hospital-extract", "en")
	g := &guide{Book: m.book(m.wanted[0])}
	for _, it := range short.Section("warnings").Blocks[0].(*document.List).Items {
		order = append(order, it.Source.Entity)
	}
	worst := 0
	for _, r := range g.toldRisks() {
		worst = max(worst, g.graveness(r))
	}
	for _, r := range g.toldRisks() {
		if at := slices.Index(order, r.Risk.ID); at == 0 && g.graveness(r) != worst {
			t.Errorf("%s comes first", r.Risk.ID)
		}
	}
	if len(order) != maxWarnings {
		t.Errorf("%d warnings", len(order))
	}
}
