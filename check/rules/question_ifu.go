package rules

import (
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// Beginnings of the ids of items that the guidance lists for the instructions
// for use and for other security documents (MDCG 2019-16 section 4.2).
const (
	ifuItem    = "mdcg.ifu."
	secdocItem = "mdcg.secdoc."
)

const goodIFU = `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    number: IFU-001
    revision: "3"
    status: approved
    items: [mdcg.ifu.risk-profile, mdcg.ifu.os-spec]
approvals:
  ap-ifu:
    of: [doc-ifu]
    role: Head of regulatory affairs
    meaning: approved
    date: 2026-11-15
`

var _ = add(check.Rule{
	Code: "T2312", Severity: diag.Open,
	Title: "no instructions for use in force",
	Why:   "what the user and operator must do for security has to stand in the instructions that go with the device",
	Fix:   "add a document of `type: ifu` with number, revision, `status: approved` and its approval",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    number: IFU-001
    revision: "3"
    status: draft
`,
	Good:      goodIFU,
	Questions: []string{"ifu.present"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return unless(flawedIn(p, p.File.Documents, "type", "status"), stateOf(p, documentsOf(p.File, "ifu"), meaning(model.DocumentType("").Values(), "ifu")))
	},
})

// Categories of requirements that are the minimum of hardware, IT network and
// IT security measures, which belong into the instructions for use.
var minimumIT = []model.EnvironmentCategory{"network", "firewall", "protocol", "hardware", "third-party-software", "time"}

var _ = add(check.Rule{
	Code: "T2313", Severity: diag.Open,
	Title: "instructions for use do not state the minimum IT requirements",
	Why: "the law itself, and not only the guidance, puts the minimum requirements on hardware, IT network and IT security into the " +
		"instructions for use",
	Fix: "name the instructions for use under `told-in` of each requirement on hardware, network, protocols and other software",
	Bad: `
documents:
  doc-guide:
    title: Security guide
    type: security-guide
environment:
  env-network:
    title: Separate network
    category: network
    text: The device is connected to a network segment of its own.
    told-in: [doc-guide]
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
environment:
  env-network:
    title: Separate network
    category: network
    text: The device is connected to a network segment of its own.
    told-in: [doc-ifu]
`,
	Questions: []string{"ifu.minimum-it"},
	Needs:     []string{"T8001", "T8002"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		var a check.Answer
		var outside []string
		for _, e := range p.File.Environment {
			switch {
			case !slices.Contains(minimumIT, e.Category):
			case toldIn(e, "ifu"):
				a.By = append(a.By, e)
			case len(e.Told) > 0 && e.Essential != model.Yes && !flawed(p, e, "told-in"): // T8001 and T8002 report the others
				outside = append(outside, e.ID)
				a.At, a.Entity = check.Place(e, "told-in"), e.ID
			}
		}
		switch {
		case len(outside) > 0:
			a.Missing = []string{"told, and not in the instructions for use: " + fewIDs(outside)}
		case len(a.By) == 0:
			a.Missing, a.Elsewhere = []string{"the instructions for use state no requirement on hardware, network or IT security"}, true
		}
		return a
	},
})

// toldIn reports whether a document of one of the types tells the requirement.
func toldIn(e *model.EnvironmentRequirement, types ...model.DocumentType) bool {
	for d := range model.Targets(e.Told) {
		// A type that cannot be read may be any.
		if slices.Contains(types, d.Type) || d.Type == "" {
			return true
		}
	}
	return false
}

var _ = add(check.Rule{
	Code: "T2314", Severity: diag.Open,
	Title: "instructions for use do not tell of residual risks",
	Why:   "users have to be told which risks remain; security risks are no exception",
	Fix: "name the instructions for use under `information` of each risk that remains for users, and list mdcg.ifu.risk-profile " +
		"under `items` of the document",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
threats:
  th-lan:
    title: Flood of packets
    category: denial-of-service
risks:
  ri-lan:
    title: Loss of the network link
    threats: [th-lan]
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    items: [mdcg.ifu.risk-profile]
threats:
  th-lan:
    title: Flood of packets
    category: denial-of-service
risks:
  ri-lan:
    title: Loss of the network link
    threats: [th-lan]
    information: [doc-ifu]
`,
	Questions: []string{"ifu.residual-risk"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		documents := documentsOf(p.File, "ifu")
		if len(documents) == 0 {
			return check.Answer{Missing: []string{"no instructions for use"}, Elsewhere: true}
		}
		a := check.Answer{At: documents[0].Here(), Entity: documents[0].ID}
		for _, d := range documents {
			if slices.Contains(d.Items, ifuItem+"risk-profile") || len(model.Users[*model.Risk](d, "information")) > 0 {
				a.By = append(a.By, d)
			}
		}
		if len(a.By) == 0 {
			a.Missing = []string{"no risk names " + documents[0].ID + " under `information`, and it does not list mdcg.ifu.risk-profile"}
		}
		return a
	},
})

// Categories of requirements that tell what the device may be combined with.
var combinable = []model.EnvironmentCategory{"hardware", "protocol", "third-party-software"}

var _ = add(check.Rule{
	Code: "T2315", Severity: diag.Open,
	Title: "instructions for use do not say what the device may be combined with",
	Why:   "a device meant to work with others must tell which ones are safe to connect, and which restrictions hold",
	Fix: "tell a requirement of category hardware, protocol or third-party-software in the instructions for use, or list " +
		"mdcg.ifu.workstation there",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
environment:
  env-hl7:
    title: Receiver of results
    category: protocol
    text: The receiver speaks HL7 v2.5.1 over TLS 1.2 or later.
    told-in: [doc-ifu]
`,
	Questions: []string{"ifu.combination"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		documents := documentsOf(p.File, "ifu")
		if len(documents) == 0 {
			return check.Answer{Missing: []string{"no instructions for use"}, Elsewhere: true}
		}
		a := check.Answer{At: documents[0].Here(), Entity: documents[0].ID}
		for _, d := range documents {
			if slices.Contains(d.Items, ifuItem+"workstation") {
				a.By = append(a.By, d)
			}
		}
		for _, e := range p.File.Environment {
			if slices.Contains(combinable, e.Category) && toldIn(e, "ifu") {
				a.By = append(a.By, e)
			}
		}
		if len(a.By) == 0 {
			a.Missing = []string{documents[0].ID + " names no equipment, protocol or software that the device may be combined with"}
		}
		return a
	},
})

var _ = addLater(func() check.Rule {
	return check.Rule{
		Code: "T2317", Severity: diag.Open,
		Title: "item of the guidance missing from the instructions for use",
		Why: "the guidance reads the clauses on instructions for use in security terms and lists what they could tell; reviewers go " +
			"through that list",
		Fix: "write the passage, and list its id under `items` of the instructions for use, the security guide or the update " +
			"instructions; say under `not-applicable:` which items the device does not need",
		Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    items: [mdcg.ifu.installation]
`,
		Good:      goodIFU,
		Questions: itemQuestions("ifu.item.", ifuItem),
		Ask: func(p *check.Pass, question string) check.Answer {
			item := ifuItem + strings.TrimPrefix(question, "ifu.item.")
			return listedIn(p, item, documentsOf(p.File, "ifu", "security-guide", "update-instructions"))
		},
	}
})

var _ = addLater(func() check.Rule {
	return check.Rule{
		Code: "T2318", Severity: diag.Open,
		Title: "item of the guidance missing from the security documents",
		Why:   "administrators need more than users do; the guidance lists what may be told outside the instructions for use",
		Fix: "write the passage, and list its id under `items` of the document that operators get; say under `not-applicable:` which " +
			"items the device does not need",
		Bad: `
documents:
  doc-guide:
    title: Security guide
    type: security-guide
`,
		Good: `
documents:
  doc-guide:
    title: Security guide
    type: security-guide
    items: [mdcg.secdoc.controls-list]
`,
		Questions: itemQuestions("secdoc.item.", secdocItem),
		Ask: func(p *check.Pass, question string) check.Answer {
			item := secdocItem + strings.TrimPrefix(question, "secdoc.item.")
			return listedIn(p, item, documentsOf(p.File, userDocuments...))
		},
	}
})

// declined is the declaration that an entry does not apply, or nil.
func declined(p *check.Pass, id string) *model.NotApplicable {
	for _, n := range p.File.NotApplicable {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// itemQuestions names a question for each item of the catalogue, in its order.
func itemQuestions(question, prefix string) []string {
	var names []string
	for _, s := range catalog.Load().Sources {
		for _, e := range s.Entries {
			if name, ok := strings.CutPrefix(e.ID, prefix); ok {
				names = append(names, question+name)
			}
		}
	}
	return names
}

// listedIn answers whether one of the documents lists an item. Where there is
// no document at all, the question for it speaks. The guidance offers the items
// and does not impose them (MDCG 2019-16 section 4.2): one that the file declares
// not applicable is settled, also for the legal clause that it illustrates.
func listedIn(p *check.Pass, item string, documents []*model.Document) check.Answer {
	if n := declined(p, item); n != nil {
		return check.Answer{By: []model.Entity{n}}
	}
	what := item
	if e := p.Catalog.Entry(item); e != nil {
		what += " (" + e.Title + ")"
	}
	a := check.Answer{Missing: []string{"no document for users lists " + what}}
	if len(documents) == 0 {
		a.Elsewhere = true
		return a
	}
	a.At, a.Entity = check.Place(documents[0], "items"), documents[0].ID
	for _, d := range documents {
		if slices.Contains(d.Items, item) && d.Status != statusPlanned {
			a.By, a.Missing = append(a.By, d), nil
		}
	}
	return unless(flawedIn(p, p.File.Documents, "type", "items"), a)
}
