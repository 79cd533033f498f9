package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// aboutProduct is an answer that the product gives, except for what is missing.
func aboutProduct(p *check.Pass, field string, missing []string) check.Answer {
	d := p.File.Product
	return check.Answer{By: []model.Entity{d}, Missing: missing, At: check.Place(d, field), Entity: d.ID}
}

// missing is what an answer misses when fields are left out.
func (l lacking) missing() []string {
	if !l.any() {
		return nil
	}
	return []string{"no " + l.String()}
}

var _ = add(check.Rule{
	Code: "T1101", Severity: diag.Open,
	Title: "device is not fully described",
	Why: "purpose, users, patients and places of use are the frame in which each security risk is judged; without them a reviewer " +
		"cannot tell what harm a failure could do",
	Fix: "write `intended-purpose`, `intended-users`, `patients` and `environments` under `product:`, as in the instructions for use",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  intended-purpose: Delivers fluids and medicinal products to a patient.
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  intended-purpose: Delivers fluids and medicinal products to a patient.
  intended-users: [professional]
  patients: Adults and children from 0.5 kg.
  environments: [general ward, intensive care]
`,
	Questions: []string{"product.description"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		d := p.File.Product
		l := lacks(p, d)
		l.unless(d.IntendedPurpose != "", "intended-purpose")
		l.unless(len(d.IntendedUsers) > 0, "intended-users")
		l.unless(d.Patients != "", "patients")
		l.unless(len(d.Environments) > 0, "environments")
		return aboutProduct(p, "", l.missing())
	},
})

var _ = add(check.Rule{
	Code: "T1102", Severity: diag.Open,
	Title: "classification is not complete",
	Why:   "the class decides on the conformity route; the file has to name the rule that gave it, and the body where one is involved",
	Fix:   "name the `rule` of Annex VIII and, where the class needs one, the `notified-body` with its number",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  rule: "12"
  notified-body:
    name: Example Notified Body
    number: "0123"
`,
	Questions: []string{"product.classification"},
	Needs:     []string{"T1001", "T1002", "T1003", "T1004", "T1005", "T1006"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		d := p.File.Product
		l := lacks(p, d)
		l.unless(d.Rule != "", "rule")
		missing := l.missing()
		switch body := d.NotifiedBody; {
		case !needsBody(p):
		case flawed(p, d, "notified-body"):
		case body.Name == "":
			missing = append(missing, fmt.Sprintf("class %s needs a notified body, and none is named", d.Class))
		case body.Number == "":
			missing = append(missing, "no number of the notified body")
		}
		return aboutProduct(p, "class", missing)
	},
})

var _ = add(check.Rule{
	Code: "T1103", Severity: diag.Open,
	Title: "device without UDI-DI",
	Why: "advisories, incident reports and the SBOM must say which device they mean; for software the regulations also say " +
		"which changes need a new UDI-DI",
	Fix: "write the `udi-di` of the device under `product:`, and of each variant that has its own",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  udi-di: "09521234543213"
`,
	Questions: []string{"product.udi"},
	Needs:     []string{"T1007"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		d := p.File.Product
		if d.UDIDI == "" && !flawed(p, d, "udi-di") {
			return check.Answer{Missing: []string{"no `udi-di`"}, At: d.Here(), Entity: d.ID}
		}
		return aboutProduct(p, "udi-di", nil)
	},
})

var _ = add(check.Rule{
	Code: "T1104", Severity: diag.Open,
	Title: "lifetime or security support period is not stated",
	Why:   "an operator plans by these two; a device that outlives its security support becomes a risk that nobody owns",
	Fix:   "write `lifetime` and `support-period` under `product:`",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: 10 years
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: 10 years
  support-period: 10 years
`,
	Questions: []string{"product.lifetime"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		d := p.File.Product
		l := lacks(p, d)
		l.unless(!d.Lifetime.IsZero(), "lifetime")
		l.unless(!d.SupportPeriod.IsZero(), "support-period")
		a := aboutProduct(p, "lifetime", l.missing())
		if len(l.names) == 2 {
			a.By = nil
		}
		return a
	},
})

var _ = add(check.Rule{
	Code: "T1105", Severity: diag.Open,
	Title: "foreseeable misuse is not taken up",
	Why: "risks of misuse that can be foreseen must be judged like those of intended use; the guidance counts exploitation " +
		"through such misuse among them",
	Fix: "list what people will do under `product.misuse`, and take each up in a threat of `category: misuse`",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  misuse:
    - A visitor charges a telephone at the service port.
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  misuse:
    - A visitor charges a telephone at the service port.
threats:
  th-telephone:
    title: Telephone at the service port
    category: misuse
`,
	Questions: []string{"product.misuse"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		d := p.File.Product
		if len(d.Misuse) == 0 && !flawed(p, d, "misuse") {
			return check.Answer{Missing: []string{"no foreseeable `misuse` is listed"}, At: d.Here(), Entity: d.ID}
		}
		a := aboutProduct(p, "misuse", nil)
		for _, t := range p.File.Threats {
			if t.Category == "misuse" {
				a.By = append(a.By, t)
			}
		}
		if len(a.By) == 1 {
			a.Missing = []string{"no threat of category misuse takes up the misuse that is listed"}
		}
		return a
	},
})

// Laws that each file has to judge, with their names for messages.
var judgedLaws = []struct {
	law  model.LawName
	name string
}{
	{"gdpr", "the GDPR"}, {"cra", "the Cyber Resilience Act"}, {"nis2", "the NIS 2 directive"},
}

var _ = add(check.Rule{
	Code: "T1106", Severity: diag.Open,
	Title: "other law that touches the device is not judged",
	Why: "data protection, product security and network security law stand beside the medical device regulations; the file should " +
		"show that somebody looked whether each applies",
	Fix: "add an entry under `product.laws` with `law`, `applies`, `basis` (the article that decides it) and `why`",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  laws:
    - law: gdpr
      applies: true
      basis: Art. 32
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  laws:
    - law: gdpr
      applies: true
      basis: Art. 32
    - law: cra
      applies: false
      basis: Art. 2(2)(a)
    - law: nis2
      applies: true
      basis: Annex II sector 5(a)
`,
	Questions: []string{"product.laws"},
	Needs:     []string{"T1011", "T1012"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		laws := map[model.LawName]model.Law{}
		for _, l := range p.File.Product.Laws {
			laws[l.Law] = l
		}
		if flawed(p, p.File.Product, "laws") {
			return aboutProduct(p, "laws", nil)
		}
		var missing []string
		for _, j := range judgedLaws {
			l, listed := laws[j.law]
			switch {
			case !listed:
				missing = append(missing, "no entry for "+j.name)
			case !l.Applies.Known():
				missing = append(missing, "not said whether "+j.name+" applies")
			case l.Basis == "":
				missing = append(missing, "no `basis` for the judgement on "+j.name)
			}
		}
		a := aboutProduct(p, "laws", missing)
		if len(p.File.Product.Laws) == 0 {
			a.By = nil
		}
		return a
	},
})

// Standards whose subject is the secure life cycle as a whole; the others
// stand beside one of them.
var lifeCycleStandards = []model.Standard{"iec-81001-5-1", "iec-62443-4-1"}

var _ = add(check.Rule{
	Code: "T1107", Severity: diag.Open,
	Title: "state of the art is not chosen",
	Why: "both regulations ask for development by the state of the art with information security in it; the guidance lets standards " +
		"show what that is, and asks that the choice be shown",
	Fix: "list the standards applied under `product.standards`, among them one on the secure life cycle (iec-81001-5-1 or iec-62443-4-1)",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  standards: [iec-62304, iso-14971]
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  standards: [iec-62304, iso-14971, iec-81001-5-1]
`,
	Questions: []string{"product.standards"},
	Needs:     []string{"T1013"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		d := p.File.Product
		if flawed(p, d, "standards") {
			return aboutProduct(p, "standards", nil)
		}
		if len(d.Standards) == 0 {
			return check.Answer{Missing: []string{"no `standards` are listed"}, At: d.Here(), Entity: d.ID}
		}
		secure := slices.ContainsFunc(d.Standards, func(s model.Standard) bool { return slices.Contains(lifeCycleStandards, s) })
		a := aboutProduct(p, "standards", nil)
		if !secure {
			a.Missing = []string{"none of the standards is about a secure life cycle"}
		}
		return a
	},
})

// factsOf lists the facts on which clauses of a regulation depend.
func factsOf(r model.Regulation) []string {
	other := map[model.Regulation][]string{
		model.MDR:  {"near-patient"},
		model.IVDR: {"implantable", "monitoring", "therapy", "mains-safety", "no-medical-purpose"},
	}
	return slices.DeleteFunc(slices.Clone(catalog.FactNames), func(name string) bool {
		return name == "notified-body" || slices.Contains(other[r], name)
	})
}

var _ = add(check.Rule{
	Code: "T1108", Severity: diag.Open,
	Title: "product facts are not stated",
	Why: "which clauses apply depends on these facts; while one is unknown, the clauses that hang on it stay open and the list of " +
		"applicable requirements cannot be signed",
	Fix: "answer each under `product.facts` with true or false",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    software: true
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  intended-users: [professional]
  facts:
    software: true
    is-software: false
    connected: true
    personal-data: true
    ai: false
    mobile: false
    combination: true
    interoperable: true
    active: true
    implantable: false
    monitoring: false
    measuring: true
    therapy: true
    battery-safety: true
    mains-safety: true
    acute-care: true
    no-medical-purpose: false
    study: false
    in-house: false
`,
	Questions: []string{"product.facts"},
	Needs:     []string{"T1008", "T1009"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		var unknown []string
		for _, name := range factsOf(p.File.Product.Regulation) {
			if (check.Facts{Product: p.File.Product}).Fact(name) == catalog.Undecided && !flawed(p, p.File.Product, "facts."+name) {
				unknown = append(unknown, name)
			}
		}
		a := aboutProduct(p, "facts", nil)
		if len(unknown) > 0 {
			a.Missing = []string{"facts that are not stated: " + strings.Join(unknown, ", ")}
		}
		return a
	},
})
