package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// exposed reports whether what flows can be reached on its way: it leaves its
// zone over something other than people's senses.
func exposed(f *model.Flow) bool { return f.Crosses() && !f.Local() }

// private reports whether the asset must not be read by strangers whatever its
// stated needs are: personal data and credentials.
func private(a *model.Asset) bool {
	return a.Personal() || a.Type == "credential" && a.Confidentiality != "none"
}

func nature(a *model.Asset) string {
	if a.Personal() {
		return "personal data"
	}
	return "credentials"
}

const exampleFlow = exampleLink + `
interfaces:
  if-ward:
    title: Ward network
    component: co-gateway
    medium: ethernet
    exposure: site
`

var _ = add(check.Rule{
	Code: "T3107", Severity: diag.Error,
	Title:   "personal data or credentials cross a boundary in clear",
	Clauses: []string{"mdcg.cap.txcf", "mdcg.2.1.i5", "gdpr.32", "62443-4-2.cr-4.1", "sota.transport-protection"},
	Why:     "whoever listens on the way reads health data or gains access; confidentiality in transit is one of the first things a reviewer looks at",
	Fix:     "encrypt the interface (`encryption: tls-1.3`) or the content, or give a `justification` that a data protection officer would accept",
	Bad: exampleFlow + `
    encryption: none
flows:
  fl-results:
    title: Results
    from: co-gateway
    to: ac-ward
    over: [if-ward]
    carries: [as-patient] # want T3107
`,
	Good: exampleFlow + `
    encryption: tls-1.3
flows:
  fl-results:
    title: Results
    from: co-gateway
    to: ac-ward
    over: [if-ward]
    carries: [as-patient]
`,
	Run: func(p *check.Pass) {
		gaps := gaps{is: model.No, of: (*model.Interface).Confidential, field: "encryption"}
		for _, f := range p.File.Flows {
			if a, path, ok := inClear(f); ok && gaps.first(f) {
				gaps.relate(f, p.Report(f, path, "flow %q carries %s %s across a boundary in clear", f.ID, nature(a), a.ID).Justify(f.Reason()))
			}
		}
	},
})

// inClear finds what the flow carries across a boundary in clear and must not be
// read by strangers.
func inClear(f *model.Flow) (a *model.Asset, path string, found bool) {
	if !exposed(f) || f.Inside() || f.Confidential() != model.No {
		return nil, "", false
	}
	return firstOf("carries", f.Carries, private)
}

var _ = add(check.Rule{
	Code: "T3108", Severity: diag.Error,
	Title:   "data that care depends on cross a boundary unprotected against change",
	Clauses: []string{"mdcg.cap.txig", "mdcg.2.1.i5", "62443-4-2.cr-3.1", "sota.transport-protection"},
	Why:     "a changed dose, result or alarm harms the patient without anybody noticing",
	Fix:     "protect the transport (TLS gives integrity) or sign the content, or give a `justification` that shows why a change cannot do harm",
	Bad: exampleFlow + `
    integrity: none
flows:
  fl-dose:
    title: Dose commands
    from: ac-ward
    to: co-gateway
    over: [if-ward]
    carries: [as-dose] # want T3108
`,
	Good: exampleFlow + `
    encryption: tls-1.2
flows:
  fl-dose:
    title: Dose commands
    from: ac-ward
    to: co-gateway
    over: [if-ward]
    carries: [as-dose]
`,
	Run: func(p *check.Pass) {
		gaps := gaps{is: model.No, of: (*model.Interface).Intact, field: "integrity"}
		for _, f := range p.File.Flows {
			if !exposed(f) || f.Intact() != model.No {
				continue
			}
			if a, path, ok := firstOf("carries", f.Carries, (*model.Asset).Care); ok && gaps.first(f) {
				gaps.relate(f, p.Report(f, path, "flow %q carries %s across a boundary without protection against change", f.ID, a.ID).Justify(f.Reason()))
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3109", Severity: diag.Error,
	Title:   "data that care depends on come from an unproven sender",
	Clauses: []string{"mdcg.cap.naut", "62443-4-2.cr-1.2"},
	Why:     "if the sender need not prove who it is, anybody on the way can order a dose, forge a result or silence an alarm",
	Fix:     "authenticate the peer (for example `mutual-tls`) or the content (`signed-content`), or give a `justification`",
	Bad: exampleFlow + `
    authentication: none
flows:
  fl-dose:
    title: Dose commands
    from: ac-ward
    to: co-gateway
    over: [if-ward]
    carries: [as-dose] # want T3109
`,
	Good: exampleFlow + `
    authentication: mutual-tls
flows:
  fl-dose:
    title: Dose commands
    from: ac-ward
    to: co-gateway
    over: [if-ward]
    carries: [as-dose]
`,
	Run: func(p *check.Pass) {
		gaps := gaps{is: model.No, of: (*model.Interface).Authentic, field: "authentication"}
		reported := openDoors(p.File)
		for _, f := range p.File.Flows {
			if !exposed(f) || f.Authentic() != model.No {
				continue
			}
			if _, ok := model.First(f.Over, func(i *model.Interface) bool { return reported[i] }); ok || outward(f) && f.Authentication == "" {
				continue
			}
			if a, path, ok := firstOf("carries", f.Carries, (*model.Asset).Care); ok && gaps.first(f) {
				gaps.relate(f, p.Report(f, path, "flow %q carries %s across a boundary, and nobody proves who sends it", f.ID, a.ID).Justify(f.Reason()))
			}
		}
	},
})

// outward reports whether the flow goes from the owner of its interfaces to peers
// that offer none of them. What such an interface says of authentication is how
// the receiver proves who it is.
func outward(f *model.Flow) bool {
	_, other := model.First(f.Over, func(i *model.Interface) bool { return !offers(i, f.From.To) || offers(i, f.To.To) })
	return f.From.OK() && f.To.OK() && len(f.Over) > 0 && !other
}

// openDoors finds the interfaces that are themselves at fault for letting
// strangers change what care depends on; they have findings of their own.
func openDoors(f *model.File) map[*model.Interface]bool {
	open := map[*model.Interface]bool{}
	for _, i := range f.Interfaces {
		_, _, care := firstOf("accepts", i.Accepts, (*model.Asset).Care)
		open[i] = care && openDoor(i)
	}
	return open
}

// gaps finds the interface to which a flow owes a gap in its protection. One
// gap of an interface is one finding, however many flows suffer from it.
type gaps struct {
	is    model.Answer // what the interface says of itself: no, or nothing
	of    func(*model.Interface) model.Answer
	field string
	known map[*model.Interface]bool
}

// first reports whether the gap of the flow has not been reported yet.
func (g *gaps) first(f *model.Flow) bool {
	i := g.culprit(f)
	if i == nil {
		return true
	}
	if g.known == nil {
		g.known = map[*model.Interface]bool{}
	}
	was := g.known[i]
	g.known[i] = true
	return !was
}

func (g *gaps) culprit(f *model.Flow) *model.Interface {
	i, _ := model.First(f.Over, func(i *model.Interface) bool { return g.of(i) == g.is })
	return i
}

// relate shows the interface that lacks the protection.
func (g *gaps) relate(f *model.Flow, found *check.Finding) {
	if i := g.culprit(f); i != nil {
		found.Relate(i, g.field, "interface %q gives none", i.ID)
	}
}

var _ = add(check.Rule{
	Code: "T3110", Severity: diag.Open,
	Title:   "protection of a flow across a boundary is not stated",
	Clauses: []string{"mdcg.2.1.i5", "sota.transport-protection", "ig-nb.3.8"},
	Why:     "the flow carries personal data or data that care depends on; until its protection is stated, nobody can tell whether it is enough",
	Fix:     "state the missing fields at the flow or at the interfaces that it uses; write `none` where there is none",
	Bad: exampleFlow + `
flows:
  fl-results:
    title: Results
    from: co-gateway
    to: ac-ward
    over: [if-ward]
    carries: [as-patient] # want T3110
`,
	Good: exampleFlow + `
    encryption: tls-1.3
    authentication: mutual-tls
flows:
  fl-results:
    title: Results
    from: co-gateway
    to: ac-ward
    over: [if-ward]
    carries: [as-patient]
`,
	Run: func(p *check.Pass) {
		silent := gaps{is: model.Yes, of: incomplete}
		for _, f := range p.File.Flows {
			if !exposed(f) || flawed(p, f, "over") || flawedOver(p, f) {
				continue
			}
			shown, path, secret := firstOf("carries", f.Carries, private)
			vital, at, care := firstOf("carries", f.Carries, (*model.Asset).Care)
			if care {
				shown, path = vital, at
			}
			l := lacks(p, f)
			l.unless(!secret || f.Inside() || f.Confidential().Known(), "encryption")
			l.unless(!care || f.Intact().Known(), "integrity")
			l.unless(!care || f.Authentic().Known() || asksNobody(f), "authentication")
			if l.any() && silent.first(f) {
				p.Report(f, path, "flow %q carries %s across a boundary, and neither it nor its interfaces state %s", f.ID, shown.ID, l).Justify(f.Reason())
			}
		}
	},
})

// flawedOver reports whether the protection that an interface of the flow states
// has a finding about its form.
func flawedOver(p *check.Pass, f *model.Flow) bool {
	_, found := model.First(f.Over, func(i *model.Interface) bool { return flawed(p, i, "encryption", "integrity", "authentication") })
	return found
}

// incomplete reports whether the interface leaves part of its protection unstated.
func incomplete(i *model.Interface) model.Answer {
	if i.Confidential().Known() && i.Intact().Known() && i.Authentic().Known() {
		return model.No
	}
	return model.Yes
}

// asksNobody reports whether an interface of the flow accepts input without
// stating authentication; T3202 speaks of that.
func asksNobody(f *model.Flow) bool {
	_, found := model.First(f.Over, unstatedDoor)
	return found
}
