package rules

import (
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T1008", Severity: diag.Error,
	Title:   "product facts contradict each other",
	Clauses: []string{"mdr.annex-ii.4", "ivdr.annex-ii.4"},
	Why:     "which clauses apply follows from the facts; where two of them exclude each other, one list of clauses is wrong",
	Fix:     "decide which of the two is true and correct the other",
	Bad: `
product:
  name: Example viewer
  regulation: MDR
  class: IIa
  facts:
    software: false # want T1008
    is-software: true
`,
	Good: `
product:
  name: Example viewer
  regulation: MDR
  class: IIa
  facts:
    software: true
    is-software: true
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		for _, c := range contradictions {
			if c.holds(d) {
				p.Report(d, "facts."+c.fact, "%s", c.message).Relate(d, c.other, "stated here")
			}
		}
	},
})

// contradictions are pairs of facts that cannot both hold.
var contradictions = []struct {
	fact, other, message string
	holds                func(d *model.Product) bool
}{
	{"software", "facts.is-software", "the product is software, and it is said to contain none",
		func(d *model.Product) bool { return d.Facts.Software == model.No && d.Facts.IsSoftware == model.Yes }},
	{"connected", "facts.software", "the product exchanges data, and it is said to contain no software",
		func(d *model.Product) bool { return d.Facts.Connected == model.Yes && d.Facts.Software == model.No }},
	{"mobile", "facts.software", "the software is meant for phones or tablets, and the product is said to contain none",
		func(d *model.Product) bool { return d.Facts.Mobile == model.Yes && d.Facts.Software == model.No }},
	{"ai", "facts.software", "the product uses machine learning, and it is said to contain no software",
		func(d *model.Product) bool { return d.Facts.AI == model.Yes && d.Facts.Software == model.No }},
	// MDR Art. 2(4): software is deemed an active device.
	{"active", "facts.is-software", "the product is software, which is an active device under the MDR, and it is said not to be active",
		func(d *model.Product) bool {
			return d.Regulation == model.MDR && d.Facts.Active == model.No && d.Facts.IsSoftware == model.Yes
		}},
	{"active", "facts.software", "the product contains programmable electronics, which need energy, and it is said not to be active",
		func(d *model.Product) bool {
			return d.Facts.Active == model.No && d.Facts.Software == model.Yes && d.Facts.IsSoftware == model.No
		}},
	{"battery-safety", "facts.active", "safety depends on an internal power supply, and the product is said not to be active",
		func(d *model.Product) bool { return d.Facts.BatterySafety == model.Yes && d.Facts.Active == model.No }},
	{"mains-safety", "facts.active", "safety depends on an external power supply, and the product is said not to be active",
		func(d *model.Product) bool { return d.Facts.MainsSafety == model.Yes && d.Facts.Active == model.No }},
	{"measuring", "class", "class Im is for devices with a measuring function, and the product is said to have none",
		func(d *model.Product) bool { return d.Facts.Measuring == model.No && d.Class == "Im" }},
	{"lay-users", "intended-users", "lay persons or patients are among the intended users, and the product is said not to be for lay persons",
		func(d *model.Product) bool { return d.Facts.LayUsers == model.No && forLay(d) }},
	{"lay-users", "intended-users", "the product is for lay persons, and neither lay persons nor patients are among the intended users",
		func(d *model.Product) bool {
			return d.Facts.LayUsers == model.Yes && len(d.IntendedUsers) > 0 && !forLay(d)
		}},
	{"near-patient", "regulation", "near-patient testing is a property of in vitro diagnostics, and the product is under the MDR",
		func(d *model.Product) bool { return d.Facts.NearPatient == model.Yes && d.Regulation == model.MDR }},
	{"no-medical-purpose", "regulation", "products without a medical purpose are listed in the MDR, and the product is under the IVDR",
		func(d *model.Product) bool {
			return d.Facts.NoMedicalPurpose == model.Yes && d.Regulation == model.IVDR
		}},
	{"implantable", "regulation", "an implant falls under the MDR, and the product is under the IVDR",
		func(d *model.Product) bool { return d.Facts.Implantable == model.Yes && d.Regulation == model.IVDR }},
	{"therapy", "regulation", "a device that delivers therapy falls under the MDR, and the product is under the IVDR",
		func(d *model.Product) bool { return d.Facts.Therapy == model.Yes && d.Regulation == model.IVDR }},
}

func forLay(d *model.Product) bool {
	return slices.Contains(d.IntendedUsers, "lay") || slices.Contains(d.IntendedUsers, "patient")
}

var _ = add(check.Rule{
	Code: "T1009", Severity: diag.Error,
	Title:   "product fact contradicts the architecture",
	Clauses: []string{"mdr.annex-ii.4", "ivdr.annex-ii.4"},
	Why: "a fact that says no takes clauses out of the coverage; the architecture shows that they belong in, so the summary " +
		"would be untrue",
	Fix: "correct the fact, or the part of the architecture that contradicts it",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    connected: false # want T1009
components:
  co-gateway:
    title: Gateway
    type: hardware
interfaces:
  if-ward:
    title: Ward network
    component: co-gateway
    medium: ethernet
    exposure: site
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    connected: true
components:
  co-gateway:
    title: Gateway
    type: hardware
interfaces:
  if-ward:
    title: Ward network
    component: co-gateway
    medium: ethernet
    exposure: site
`,
	Run: func(p *check.Pass) {
		for _, w := range witnesses {
			if (check.Facts{Product: p.File.Product}).Fact(w.fact) != catalog.False {
				continue
			}
			if e, field, what := w.find(p.File); e != nil {
				p.Report(p.File.Product, "facts."+w.fact, "%s is said to be false, and %s %s", w.fact, model.Label(e), what).
					Relate(e, field, "%s", what)
			}
		}
	},
})

// witnesses name, for a fact, what in the architecture proves it true: the
// entity, the field that shows it, and the proof in words.
var witnesses = []struct {
	fact string
	find func(f *model.File) (model.Entity, string, string)
}{
	{"software", func(f *model.File) (model.Entity, string, string) {
		for _, c := range f.Components {
			switch c.Type {
			case "firmware", "operating-system", "application", "service", "soup", "cloud", "mobile":
				return c, "type", "is software"
			}
		}
		return nil, "", ""
	}},
	{"mobile", func(f *model.File) (model.Entity, string, string) {
		for _, c := range f.Components {
			if c.Type == "mobile" {
				return c, "type", "runs on a phone or tablet"
			}
		}
		return nil, "", ""
	}},
	{"connected", func(f *model.File) (model.Entity, string, string) {
		for _, i := range f.Interfaces {
			if carriesData(i) {
				return i, "medium", "exchanges data with the outside"
			}
		}
		return nil, "", ""
	}},
	{"personal-data", func(f *model.File) (model.Entity, string, string) {
		for _, a := range f.Assets {
			if a.PersonalData == "personal" || a.PersonalData == "health" {
				return a, "personal-data", "is personal data"
			}
		}
		return nil, "", ""
	}},
	{"therapy", func(f *model.File) (model.Entity, string, string) {
		for _, a := range f.Assets {
			if slices.Contains(a.Affects, "therapy") {
				return a, "affects", "affects therapy"
			}
		}
		return nil, "", ""
	}},
}

// carriesData reports whether data pass an interface over a network, a radio
// link or a removable medium in the shipped device.
func carriesData(i *model.Interface) bool {
	carrier := i.Medium.Network() || i.Medium.Wireless() || i.Medium == "removable-media"
	return carrier && i.Exposure.External() && i.State != "disabled"
}

// Places where seconds count, as they appear in descriptions of environments.
var acutePlaces = []string{"intensive care", "emergency", "operating theatre", "operating room", "ambulance", "resuscitation"}

var _ = add(check.Rule{
	Code: "T1010", Severity: diag.Warning,
	Title:   "used where seconds count, and said not to be for acute care",
	Clauses: []string{"mdcg.2.2.i3"},
	Why:     "in acute care a login that stands in the way can harm; a reviewer compares the places of use with the access concept",
	Fix:     "set `facts.acute-care: true` and describe emergency access, or correct `environments`",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  environments:
    - general ward
    - intensive care unit # want T1010
  facts:
    acute-care: false
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  environments:
    - general ward
    - intensive care unit
  facts:
    acute-care: true
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		if d.Facts.AcuteCare != model.No {
			return
		}
		for i, place := range d.Environments {
			if slices.ContainsFunc(acutePlaces, func(w string) bool { return strings.Contains(strings.ToLower(place), w) }) {
				p.Report(d, "environments."+itoa(i), "environment %q is a place of acute care, and acute-care is said to be false", place).
					Relate(d, "facts.acute-care", "stated here")
				return
			}
		}
	},
})
