package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/threat"
)

// derivedClauses ask that hazards are found, those from weaknesses of security
// among them, by a threat model without holes.
var derivedClauses = []string{"mdr.annex-i.3.b", "ivdr.annex-i.3.b", "mdcg.3.4.i2", "ig-nb.3.3"}

var _ = add(check.Rule{
	Code: "T6011", Severity: diag.Open,
	Title:   "element whose derived threats the file does not answer",
	Clauses: derivedClauses,
	Why: "a threat model counts as complete when everything that the architecture makes possible has been looked at; what " +
		"nobody wrote down was either forgotten or judged harmless without a reason",
	Fix: "run `theriac threats derive --write` to add them, then treat each by a risk or say why it does not apply; or name their " +
		"patterns under `patterns:` of a threat with the element under `targets:`",
	Bad: `
zones:
  z-device:
    title: Device
    trust: device
components:
  gateway:
    title: Communication module
    type: hardware
    zone: z-device
    safety: false
stores:
  st-memory: # want T6011
    title: Internal memory
    component: gateway
    removable: false
    holds: [order]
assets:
  order:
    title: Order
    type: data
    content: order
    confidentiality: none
    integrity: high
    availability: none
    personal-data: none
threats:
  th-opened:
    title: Module changed by somebody who opens the housing
    category: tampering
    targets: [gateway]
`,
	Good: `
zones:
  z-device:
    title: Device
    trust: device
components:
  gateway:
    title: Communication module
    type: hardware
    zone: z-device
    safety: false
stores:
  st-memory:
    title: Internal memory
    component: gateway
    removable: false
    holds: [order]
assets:
  order:
    title: Order
    type: data
    content: order
    confidentiality: none
    integrity: high
    availability: none
    personal-data: none
threats:
  th-opened:
    title: Module or memory changed by somebody who opens the housing
    category: tampering
    targets: [gateway, st-memory]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Threats) == 0 {
			return // a question
		}
		for _, row := range unanswered(p, threat.Open) {
			p.Report(row.element, "", "%s has %s that no threat of the file answers: %s", model.Label(row.element),
				count(len(row.threats), "derived threat"), patternsOf(row.threats))
		}
	},
})

// judgedStore is a store with a threat that was judged for it, and what stands
// before the line of the review file that speaks of them.
const judgedStore = `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
zones:
  z-device:
    title: Device
    trust: device
components:
  gateway:
    title: Communication module
    type: soup
    zone: z-device
stores:
  st-memory:%s
    title: Internal memory
    component: gateway
    removable: false
    holds: [order]
assets:
  order:
    title: Order
    type: data
    content: order
    confidentiality: none
    integrity: high
    availability: none
    personal-data: none
threats:
  th-changed:
    title: Memory changed by somebody who opens the housing
    category: tampering
    targets: [st-memory]
    not-applicable: The memory can be read only, since its write line is not connected.
-- theriac.reviews --
theriac reviews 1
`

// judgedStoreDigest is the digest of store st-memory of the examples.
const judgedStoreDigest = "d21f0f00aa8d1d77c234189158fffb21"

var _ = add(check.Rule{
	Code: "T6012", Severity: diag.Open,
	Title:   "threats to be judged anew since an element changed",
	Clauses: []string{"mdr.annex-i.3", "ivdr.annex-i.3", "mdcg.3.4.i2", "ig-nb.3.3"},
	Why: "whether a threat matters was judged for the element as it was, in its zone and with its flows and assets; a new exposure, " +
		"protocol or need can make the judgement wrong, and risk management is kept up to date through the whole life cycle",
	Fix: "look at each threat again, change it or its risk where needed, and confirm with `theriac trace accept`",
	Bad: fmt.Sprintf(judgedStore, " # want T6012") + `link th-changed targets st-memory 0123456789abcdef0123456789abcdef 2026-05-04 Risk manager
`,
	Good: fmt.Sprintf(judgedStore, "") + `link th-changed targets st-memory ` + judgedStoreDigest + ` 2026-05-04 Risk manager
`,
	Run: func(p *check.Pass) {
		for _, row := range unanswered(p, threat.Reopened) {
			p.Report(row.element, "", "%s, or what it is judged by, has changed since %s judged: %s", model.Label(row.element),
				were(len(row.threats), "derived threat"), patternsOf(row.threats)).
				Fix("look at %s again, change the threat or its risk where needed, and confirm: theriac trace accept", answersTo(row.threats))
		}
	},
})

var _ = add(check.Rule{
	Code: "T6013", Severity: diag.Error,
	Title:   "threat that names a pattern which does not exist",
	Clauses: derivedClauses,
	Why:     "the name of a pattern says which derived threats the entry answers; a wrong one answers none",
	Fix:     "correct the name; `theriac threats patterns` lists them",
	Bad: `
threats:
  th-stolen:
    title: Records read on a stolen pump
    category: disclosure
    patterns: [store-dislosure] # want T6013
`,
	Good: `
threats:
  th-stolen:
    title: Records read on a stolen pump
    category: disclosure
    patterns: [store-disclosure]
`,
	Run: func(p *check.Pass) {
		for _, t := range p.File.Threats {
			for i, id := range t.Patterns {
				if !noPattern(id) {
					continue
				}
				f := p.Report(t, fmt.Sprintf("patterns.%d", i), "pattern %q does not exist", id)
				if meant := threat.Nearest(id); meant != "" {
					f.Fix("did you mean %q? `theriac threats patterns` lists them", meant)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6014", Severity: diag.Warning,
	Title:   "threat that names a pattern which fires on none of its targets",
	Clauses: derivedClauses,
	Why: "the entry claims to answer a derived threat that the architecture does not raise (any more); a reviewer will ask whether the " +
		"architecture or the entry is out of date",
	Fix: "remove the pattern, or name the element on which it fires under `targets:`; `theriac threats patterns ID` says when it fires",
	Bad: `
zones:
  z-device:
    title: Device
    trust: device
components:
  gateway:
    title: Communication module
    type: hardware
    zone: z-device
    safety: false
threats:
  th-stolen:
    title: Records read on a stolen pump
    category: disclosure
    targets: [gateway]
    patterns: [store-disclosure] # want T6014
`,
	Good: `
zones:
  z-device:
    title: Device
    trust: device
components:
  gateway:
    title: Communication module
    type: hardware
    zone: z-device
    safety: false
threats:
  th-opened:
    title: Module changed by somebody who opens the housing
    category: tampering
    targets: [gateway]
    patterns: [component-tampering]
`,
	Run: func(p *check.Pass) {
		if !threat.Readable(p.File) {
			return
		}
		fired := map[string]bool{}
		for _, d := range p.Derived().Threats {
			fired[d.ID()] = true
		}
		for _, t := range p.File.Threats {
			if flawed(p, t, "targets") || len(t.Targets) == 0 {
				continue
			}
			for i, id := range t.Patterns {
				if !noPattern(id) && !firesOn(fired, id, t) {
					p.Report(t, fmt.Sprintf("patterns.%d", i), "pattern %q fires on no target of threat %q", id, t.ID)
				}
			}
		}
	},
})

func firesOn(fired map[string]bool, pattern string, t *model.Threat) bool {
	for e := range model.Targets(t.Targets) {
		if fired[pattern+"."+model.Of(e).ID] {
			return true
		}
	}
	return false
}

// elementThreats are derived threats of one element.
type elementThreats struct {
	element model.Element
	threats []*threat.Derived
}

// unanswered gathers the derived threats with a status, element by element. While
// the architecture cannot be read in full nothing counts as unanswered, and
// neither does what a threat may have been meant to answer of which a part cannot
// be read, or that names a pattern which does not exist.
func unanswered(p *check.Pass, status threat.Status) []elementThreats {
	if !threat.Readable(p.File) {
		return nil
	}
	doubtful := slices.DeleteFunc(slices.Clone(p.File.Threats), func(t *model.Threat) bool {
		return !p.File.Faulty(t) && !slices.ContainsFunc(t.Patterns, noPattern)
	})
	var rows []elementThreats
	for _, d := range p.Derived().Threats {
		if d.Status != status || d.Untold() || slices.ContainsFunc(d.Changed, func(e model.Element) bool { return p.File.Faulty(e) }) || slices.ContainsFunc(doubtful, func(t *model.Threat) bool { return d.MayAnswer(p.File, t) || misnames(t, d) }) {
			continue
		}
		if n := len(rows); n == 0 || rows[n-1].element != d.Element {
			rows = append(rows, elementThreats{element: d.Element})
		}
		last := &rows[len(rows)-1]
		last.threats = append(last.threats, d)
	}
	return rows
}

func noPattern(id string) bool { return threat.Find(id) == nil }

// misnames reports whether a threat aims at the element and names a pattern that
// does not exist where it may have meant the derived one; T6013 speaks of it.
func misnames(t *model.Threat, d *threat.Derived) bool {
	if !model.Refers(t.Targets, model.Of(d.Element).ID) {
		return false
	}
	return slices.ContainsFunc(t.Patterns, func(id string) bool {
		meant := threat.Nearest(id)
		return noPattern(id) && (meant == d.Pattern.ID || meant == "" && !d.Pattern.Base())
	})
}

// patternsOf names derived threats by their patterns.
func patternsOf(threats []*threat.Derived) string {
	var names []string
	for _, t := range threats {
		names = append(names, t.Pattern.ID)
	}
	return strings.Join(names, ", ")
}

// answersTo names the threats of the file that answer derived threats.
func answersTo(threats []*threat.Derived) string {
	var names []string
	for _, d := range threats {
		for _, t := range d.By {
			if !slices.Contains(names, t.ID) {
				names = append(names, t.ID)
			}
		}
	}
	return strings.Join(names, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func were(n int, what string) string {
	if n == 1 {
		return "1 " + what + " was"
	}
	return fmt.Sprintf("%d %ss were", n, what)
}
