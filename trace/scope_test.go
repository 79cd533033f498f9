package trace

import (
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

const described = `
product: {name: Example, regulation: MDR, class: IIb}
components:
  co: {title: Gateway, type: hardware}
  other: {title: Pump, type: hardware}
interfaces:
  if-a: {title: Network, component: co, medium: ethernet, exposure: site}
controls:
  ct: {title: Filter, priority: design, protects: [co, other]}
verifications:
  pt: {title: Attack, method: penetration-test, covers: [if-a], result: passed}
  next: {title: Next attack, method: penetration-test, covers: [if-a], result: planned}
documents:
  ifu: {title: Instructions, type: ifu, status: approved}
  rm: {title: Risk report, type: security-risk-report, status: draft}
  later: {title: Update instructions, type: update-instructions, status: planned}
`

// TestScope: what describes all interfaces is suspect once there is another one,
// and so is what speaks of the component that offers it; all else stands.
func TestScope(t *testing.T) {
	before := load(t, map[string]string{"theriac.yaml": described})
	text := accepted(t, before, reviewHeader, Acceptance{})
	after := load(t, map[string]string{"theriac.yaml": described, "more.yaml": `
interfaces:
  if-b: {title: Radio, component: co, medium: bluetooth, exposure: local}
`})
	want := map[string]Status{
		"ifu rests-on interfaces": Suspect, "pt rests-on interfaces": Suspect, "ct protects co": Suspect,
		"ct protects other": Current, "pt covers if-a": Current, "ifu rests-on roles": Current, "rm rests-on risks": Current,
	}
	got := states(after, text)
	for link, s := range want {
		if got[link] != s {
			t.Errorf("%s is %q, want %s", link, got[link], s)
		}
	}
	for _, link := range []string{"next rests-on interfaces", "later rests-on update-policy"} {
		if s, ok := got[link]; ok {
			t.Errorf("%s is %s although it is only planned", link, s)
		}
	}
}

// TestScopesExist: a scope that names no kind would never change.
func TestScopesExist(t *testing.T) {
	for kind, scope := range documentScopes {
		for _, name := range scope {
			if model.KindOf(name) == nil {
				t.Errorf("%s rests on %s, which is no kind", kind, name)
			}
		}
		e := &model.Document{Type: kind}
		if len(Scope(e)) == 0 {
			t.Errorf("%s rests on nothing", kind)
		}
	}
	for method, scope := range testScopes {
		for _, name := range scope {
			if model.KindOf(name) == nil {
				t.Errorf("%s rests on %s, which is no kind", method, name)
			}
		}
	}
}

// TestSuspectTargets: a threat's judgement of an element stands until the element
// changes.
func TestSuspectTargets(t *testing.T) {
	const threats = `threats:
  a: {title: A, category: tampering, targets: [co, if-a]}
  b: {title: B, category: tampering, targets: [co]}
`
	before := load(t, map[string]string{"theriac.yaml": described + threats})
	text := accepted(t, before, reviewHeader, Acceptance{}, Link{"a", "targets", "co"}, Link{"a", "targets", "if-a"})
	after := load(t, map[string]string{"theriac.yaml": described + threats, "more.yaml": "stores:\n  st: {title: Memory, component: co}\n"})
	suspect := SuspectTargets(after, ParseReviews(ReviewFile, []byte(text)))
	for _, tt := range []struct {
		threat, element string
		want            bool
	}{{"a", "co", true}, {"a", "if-a", false}, {"b", "co", false}} {
		th, e := after.Lookup(tt.threat).(*model.Threat), after.Lookup(tt.element).(model.Element)
		if got := suspect(th, e); got != tt.want {
			t.Errorf("%s of %s: %v, want %v", tt.threat, tt.element, got, tt.want)
		}
	}
}

// judged is an architecture with a threat to each element whose surroundings
// count.
const judged = `
product: {name: Example, regulation: MDR, class: IIb}
zones:
  inner: {title: Inner, trust: device}
  outer: {title: Outer, trust: site}
boundaries:
  edge: {title: Edge, between: [inner, outer]}
components:
  whole: {title: Whole, type: hardware, zone: inner}
  part: {title: Part, type: hardware, part-of: whole}
actors:
  nurse: {title: Nurse, type: person, zone: outer}
stores:
  memory: {title: Memory, component: part, holds: [held]}
interfaces:
  port: {title: Port, component: part, medium: ethernet, exposure: site, accepts: [taken]}
flows:
  data: {title: Data, from: nurse, to: part, over: [port], carries: [moved]}
roles:
  user: {title: User, type: user, permissions: [allowed]}
permissions:
  allowed: {title: Allowed, critical: false}
keys:
  key: {title: Key, purpose: tls, held-in: part}
assets:
  held: {title: Held, type: data, integrity: low, affects: [therapy, alarm]}
  taken: {title: Taken, type: data, integrity: low}
  moved: {title: Moved, type: data, integrity: low}
threats:
  th: {title: T, category: tampering, targets: [edge, whole, part, nurse, memory, port, data, user, key]}
controls:
  ct: {title: C, priority: design, protects: [edge, whole, part, nurse, memory, port, data, user, key]}
`

// TestSurroundings: a threat is to be judged anew where that by which its target
// is judged changes; what protects the target stands.
func TestSurroundings(t *testing.T) {
	text := accepted(t, load(t, map[string]string{"theriac.yaml": judged}), reviewHeader, Acceptance{})
	for name, tt := range map[string]struct {
		old, now string
		threat   string // targets that become suspect for the threat
		control  string // the same for the control
	}{
		"trust of a zone":        {"Inner, trust: device", "Inner, trust: managed", "data edge key memory part port whole", ""},
		"zone of a whole":        {"hardware, zone: inner", "hardware, zone: outer", "data key memory part port whole", "whole"},
		"need of a held asset":   {"Held, type: data, integrity: low", "Held, type: data, integrity: high", "memory", ""},
		"need of a taken asset":  {"Taken, type: data, integrity: low", "Taken, type: data, integrity: high", "port", ""},
		"need of a moved asset":  {"Moved, type: data, integrity: low", "Moved, type: data, integrity: high", "data port", ""},
		"effect of an asset":     {"affects: [therapy, alarm]", "affects: [therapy]", "memory", ""},
		"order of effects":       {"affects: [therapy, alarm]", "affects: [alarm, therapy]", "", ""},
		"title of an asset":      {"title: Held", "title: Retained", "", ""},
		"what a flow carries":    {"carries: [moved]", "carries: [moved, held]", "data port", "data"},
		"another flow":           {"flows:\n", "flows:\n  more: {title: More, from: part, to: nurse, over: [port], carries: [moved]}\n", "port", ""},
		"a permission's meaning": {"critical: false", "critical: true", "user", ""},
	} {
		changed := strings.Replace(judged, tt.old, tt.now, 1)
		if changed == judged {
			t.Fatalf("%s: nothing to change", name)
		}
		var threat, control []string
		for link, status := range states(load(t, map[string]string{"theriac.yaml": changed}), text) {
			target := link[strings.LastIndexByte(link, ' ')+1:]
			switch {
			case status != Suspect:
			case strings.HasPrefix(link, "th targets"):
				threat = append(threat, target)
			case strings.HasPrefix(link, "ct protects"):
				control = append(control, target)
			}
		}
		slices.Sort(threat)
		slices.Sort(control)
		if got := strings.Join(threat, " "); got != tt.threat {
			t.Errorf("%s: suspect for the threat are %q, want %q", name, got, tt.threat)
		}
		if got := strings.Join(control, " "); got != tt.control {
			t.Errorf("%s: suspect for the control are %q, want %q", name, got, tt.control)
		}
	}
}
