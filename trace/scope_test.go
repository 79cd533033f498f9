package trace

import (
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
