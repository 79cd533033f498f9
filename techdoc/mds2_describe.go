package techdoc

import (
	"strings"

	"theriac/document"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// The device and its documents: DOC.
var _ = mds2Answers(map[string]mds2Rule{
	"DOC-1": func(d *disclosure) mds2Reply {
		return d.words("manufacturer.name", d.File.Product.Manufacturer.Name, "the name of the manufacturer")
	},
	"DOC-2": func(d *disclosure) mds2Reply {
		return d.words("intended-purpose", flatText(d.Tell(d.File.Product, "intended-purpose", d.File.Product.IntendedPurpose)), "the intended purpose")
	},
	"DOC-3": modelOfDevice,
	"DOC-4": numberOfStatement,
	"DOC-5": contactOfMaker,
	"DOC-6": purposeInNetwork,
	"DOC-7": dayOfStatement,
	"DOC-8": func(d *disclosure) mds2Reply {
		v := d.File.VulnerabilityHandling
		if v == nil {
			return d.open("how vulnerabilities are disclosed", "vulnerability-handling: disclosure")
		}
		return d.stated(v, "disclosure", v.Disclosure, "how vulnerabilities are disclosed")
	},
	"DOC-9":  sharesInformation,
	"DOC-10": documented("in which document a diagram is", "mdcg.hcp.network-diagrams", "mdcg.secdoc.data-flow-matrix"),
	"DOC-11": byFact("is-software", "The software itself is the device", "The device has hardware of its own"),
	"DOC-11.1": softwareOnly(func(d *disclosure) mds2Reply {
		return contains("It is", "No component of the device is an operating system", isType("operating-system"))(d)
	}),
	"DOC-11.2": softwareOnly(disclose("whether it runs on an operating system of the operator", "environment: category hardware, third-party-software", siteSays(`operating system|android|ios|windows|linux`))),
	"DOC-11.3": softwareOnly(hosted("managed", "The manufacturer hosts", "No software of the device is in a zone that the manufacturer runs")),
	"DOC-11.4": softwareOnly(hosted("site", "The operator hosts", "No software of the device is in a zone of the operator")),
})

// words answers a question for words with a field of the product.
func (d *disclosure) words(field, text, missing string) mds2Reply {
	p := d.File.Product
	if strings.TrimSpace(text) == "" {
		return d.open(missing, "product: "+field, p).at(field)
	}
	return mds2Reply{Answer: mds2Notes, Notes: []document.Text{document.T("%s", text)}, About: []model.Entity{p}, Field: field}
}

func modelOfDevice(d *disclosure) mds2Reply {
	p := d.File.Product
	r := d.words("name", p.Name, "the name of the device")
	if p.UDIDI != "" {
		r.Notes = append(r.Notes, document.Text{{Text: "UDI-DI "}, document.Literal(p.UDIDI)})
	}
	if d.Release != nil {
		r.Notes = append(r.Notes, document.T("Release %s", d.Release.Version))
	}
	for _, v := range d.File.Variants {
		r.Notes = append(r.Notes, document.Text{{Text: "Variant "}, d.Name(v)})
	}
	return r
}

// statement is this document as the file lists it; nil where it does not.
func (d *disclosure) statement() *model.Document { return d.Listed(Find(mds2Name)) }

func numberOfStatement(d *disclosure) mds2Reply {
	doc := d.statement()
	if doc == nil || doc.Number == "" {
		return d.open("the number of this document", "documents: type mds2, number")
	}
	r := mds2Reply{Answer: mds2Notes, Notes: []document.Text{{document.Literal(doc.Number)}}, About: []model.Entity{doc}, Field: "number"}
	if doc.Revision != "" {
		r.Notes = append(r.Notes, document.T("Revision %s", doc.Revision))
	}
	return r
}

// contactOfMaker gives the address and where reports of vulnerabilities arrive.
func contactOfMaker(d *disclosure) mds2Reply {
	p := d.File.Product
	r := d.words("manufacturer.address", p.Manufacturer.Address, "the address of the manufacturer")
	v := d.File.VulnerabilityHandling
	if v == nil {
		return r
	}
	for _, c := range []struct{ what, text string }{{"Security team", v.Contact.Email}, {"Disclosure", v.Contact.URL}, {"security.txt", v.Contact.SecurityTxt}} {
		if c.text != "" {
			r.Notes = append(r.Notes, document.T("%s: %s", c.what, c.text))
			r.About = append(r.About, v)
		}
	}
	return r
}

// purposeInNetwork tells with whom the device communicates, and over what.
func purposeInNetwork(d *disclosure) mds2Reply {
	p := d.File.Product
	switch p.Facts.Connected {
	case model.No:
		return mds2Reply{Answer: mds2Notes, About: []model.Entity{p}, Field: "facts.connected"}.and(d, mds2Needs["connected"])
	case model.Unknown:
		return d.open("whether the device exchanges data", "product: facts.connected", p)
	}
	r := mds2Reply{Answer: mds2Notes, About: []model.Entity{p}, Field: "facts.connected"}
	for _, i := range d.services {
		if peers := append(peersOf(i, false), peersOf(i, true)...); len(peers) > 0 && i.Purpose != "infrastructure" {
			r.Notes = append(r.Notes, d.line(d.Title(i), peers))
		}
	}
	if len(r.Notes) == 0 {
		return d.open("with which systems the device exchanges data", "interfaces: peers", p)
	}
	return r
}

// dayOfStatement is the day of the newest approval of this document that counts.
func dayOfStatement(d *disclosure) mds2Reply {
	doc := d.statement()
	if doc == nil {
		return d.open("the day on which this document was approved", "documents: type mds2")
	}
	for _, s := range d.Signatures(doc) {
		if s.Valid && s.Meaning != "reviewed" {
			return mds2Reply{Answer: mds2Notes, About: []model.Entity{doc}, Notes: []document.Text{document.T("%s (%s by %s, %s)", s.Date, s.Meaning, s.Name, s.Role)}}
		}
	}
	return d.open("the day on which this document was approved", "approvals", doc)
}

var sharingWords = lazyregexp.New(`(?i)\bisa(o|c)s?\b|information sharing and analysis`)

// sharesInformation looks for such organisations among what is watched; the file knows
// no membership.
func sharesInformation(d *disclosure) mds2Reply {
	if v := d.File.VulnerabilityHandling; v != nil {
		named := thoseThat(v.Sources, sharingWords.MatchString)
		if len(named) > 0 {
			return mds2Reply{Answer: mds2Notes}.quote(d, v, "sources", strings.Join(named, "; "))
		}
	}
	return d.open("whether the manufacturer belongs to such an organisation", "vulnerability-handling: sources")
}

// softwareOnly does not apply to devices with hardware.
func softwareOnly(rule mds2Rule) mds2Rule {
	return func(d *disclosure) mds2Reply {
		p := d.File.Product
		switch p.Facts.IsSoftware {
		case model.No:
			return d.none("The device has hardware of its own (DOC-11)", p).at("facts.is-software")
		case model.Unknown:
			return d.open("whether the device is software only", "product: facts.is-software", p)
		}
		return rule(d)
	}
}

// hosted answers by the zones of the components.
func hosted(trust model.Trust, with, without string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if !listed(d.File.Components) {
			return d.notListed(theComponents, "components: zone")
		}
		in := thoseThat(d.File.Components, func(c *model.Component) bool {
			z := c.InZone()
			return c.Type != "hardware" && z != nil && z.Trust == trust
		})
		if len(in) > 0 {
			return d.yes(with, asEntities(in)...).at("zone")
		}
		return d.no(without)
	}
}
