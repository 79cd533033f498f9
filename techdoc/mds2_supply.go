package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
	"theriac/sbom"
)

// Third-party components over the life of the device, and their list: RDMP and SBOM.
var _ = mds2Answers(map[string]mds2Rule{
	"RDMP-1": secureProcess,
	"RDMP-2": disclose("whether third-party components are evaluated", "processes: policy",
		makerSays(`third.party|soup|open.source|components?\b|maintenance state`, `assess|evaluat|select|audit`)),
	"RDMP-3": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		if u.EndOfSupport == "" {
			return d.open("who is told when support ends", "update-policy: end-of-support", u)
		}
		r := mds2Reply{Answer: mds2Notes}.quote(d, u, "end-of-support", u.EndOfSupport)
		if v := d.File.VulnerabilityHandling; v != nil && v.Contact.URL != "" {
			r = r.quote(d, v, "contact.url", v.Contact.URL)
		}
		return r
	}),
	"RDMP-4": endOfLife,

	"SBOM-1": bomAvailable,
	"SBOM-2": func(d *disclosure) mds2Reply {
		return d.bom(func(b *mds2Bom) mds2Reply { return d.yes("It is in the form "+b.format).on(d.Release, "sbom") })
	},
	"SBOM-2.1": bomTells("a name", func(c *sbom.Component) bool { return c.Name != "" }),
	"SBOM-2.2": bomTells("a maker", func(c *sbom.Component) bool { return makerOf(c) != "" }),
	"SBOM-2.3": bomTells("a version", func(c *sbom.Component) bool { return c.Version != "" }),
	"SBOM-2.4": bomMore,
	"SBOM-3": disclose("whether the device can list what is installed on it", "controls: description",
		deviceSays("", `\b(lists?|shows?|displays?)\b.*\b(installed|components|packages)\b.*\bversions?\b`)),
	"SBOM-4": func(d *disclosure) mds2Reply {
		v := d.File.VulnerabilityHandling
		if v == nil {
			return d.open("how the bill of materials is kept", "vulnerability-handling: sbom")
		}
		return d.stated(v, "sbom", v.SBOM, "how the bill of materials is kept")
	},
})

// lifeCycles are standards for the life cycle of software, as people cite them.
var lifeCycles = []struct {
	name  model.Standard
	cited string
}{
	{"iec-62304", "IEC 62304"}, {"iec-81001-5-1", "IEC 81001-5-1"}, {"iec-62443-4-1", "IEC 62443-4-1"},
}

func secureProcess(d *disclosure) mds2Reply {
	p := d.File.Product
	var cited []string
	for _, s := range lifeCycles {
		if slices.Contains(p.Standards, s.name) {
			cited = append(cited, s.cited)
		}
	}
	processes := asEntities(d.File.Processes)
	switch {
	case len(cited) > 0:
		r := d.yes("The manufacturer applies "+strings.Join(cited, ", "), p).at("standards")
		if len(processes) > 0 {
			r = r.and(d, "The practices are", processes...)
		}
		return r
	case len(processes) > 0:
		return d.notes("The file names no standard for it; the practices are", processes...)
	}
	return d.open("by which process the software was developed", "product: standards")
}

// thirdParty is the software of others on the device.
func (d *disclosure) thirdParty() []*model.Component { return thoseThat(d.software, isType("soup")) }

// endOfLife answers by the support dates of software of others, and by the plan.
func endOfLife(d *disclosure) mds2Reply {
	list := d.thirdParty()
	plan := d.speak(makerSays(`plan|replac|successor`, `end of support|soup|maintenance|\bitem\b`))
	dated := thoseThat(list, func(c *model.Component) bool { return !c.SupportUntil.IsZero() })
	dates := fmt.Sprintf("%d of %d third-party components on the device have a stated end of support", len(dated), len(list))
	switch {
	case len(plan) == 0:
		r := d.open("the plan for the end of support of third-party components", "vulnerability-handling, processes")
		if len(list) > 0 {
			r = r.and(d, dates)
		}
		return r
	case len(list) > 0 && len(dated) == len(list):
		return d.yes(dates).quoting(d, plan)
	}
	return d.notes(dates).quoting(d, plan)
}

func bomAvailable(d *disclosure) mds2Reply {
	docs := asEntities(thoseThat(d.File.Documents, func(doc *model.Document) bool {
		return doc.Status != "planned" && (doc.Type == "sbom" || slices.Contains(doc.Items, "mdcg.secdoc.sbom"))
	}))
	r := d.Release
	switch {
	case r != nil && r.SBOM.Path != "":
		a := d.yes("It belongs to release "+r.Version+": "+cutShort(r.SBOM.Path)+", "+cutShort(r.SBOM.Digest)).on(r, "sbom")
		if len(docs) > 0 {
			a = a.and(d, "It is listed as", docs...)
		}
		return a
	case len(docs) > 0:
		return d.yes("It is listed as", docs...)
	}
	return d.open("the bill of materials", "releases: sbom")
}
