package csaf

import (
	"slices"
	"strings"
)

// Profiles that the standard defines (CSAF 2.0 section 4).
const (
	profileBase          = "csaf_base"
	profileIncident      = "csaf_security_incident_response"
	profileInformational = "csaf_informational_advisory"
	profileAdvisory      = "csaf_security_advisory"
	profileVEX           = "csaf_vex"
)

// profileTests hold a document to the profile that it names (CSAF 2.0 sections
// 6.1.26 and 6.1.27).
var profileTests = []Test{
	{"6.1.26", "no category looks like a profile and is none", Mandatory, prohibitedCategory},
	{"6.1.27.1", "the document has a note that tells of the matter", Mandatory, withoutNote},
	{"6.1.27.2", "the document has an external reference", Mandatory, withoutReference},
	{"6.1.27.3", "an informational advisory has no vulnerabilities", Mandatory, unwantedVulnerabilities},
	{"6.1.27.4", "the document has a product tree", Mandatory, withoutProductTree},
	{"6.1.27.5", "every vulnerability has a note", Mandatory, vulnerabilityWithoutNote},
	{"6.1.27.6", "every vulnerability says which products", Mandatory, withoutStatus},
	{"6.1.27.7", "every vulnerability has a state of VEX", Mandatory, withoutVEXStatus},
	{"6.1.27.8", "every vulnerability has an id", Mandatory, withoutID},
	{"6.1.27.9", "what is not affected says why", Mandatory, withoutImpact},
	{"6.1.27.10", "what is affected says what to do", Mandatory, withoutAction},
	{"6.1.27.11", "the document has vulnerabilities", Mandatory, withoutVulnerabilities},
}

var profiles = []string{profileBase, profileIncident, profileInformational, profileAdvisory, profileVEX}

func (d *advisory) is(profiles ...string) bool { return slices.Contains(profiles, d.category) }

func prohibitedCategory(d *advisory, r *reporter) {
	if d.category == "" || d.is(profiles...) {
		return
	}
	at := d.root.get("document", "category")
	if strings.HasPrefix(strings.ToLower(d.category), "csaf_") {
		r.at(at, "names that start with csaf_ are those of the standard")
		return
	}
	plain := func(s string) string {
		return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("-_ \t\n\r\f\v\u00a0", c) }), ""))
	}
	for _, p := range profiles[1:] {
		if is := plain(d.category); is == plain(p) || is == plain(strings.TrimPrefix(p, "csaf_")) {
			r.at(at, "%q is mistaken for the profile %s", d.category, p)
		}
	}
}

func withoutNote(d *advisory, r *reporter) {
	tells := func(n *node) bool {
		return slices.Contains([]string{"description", "details", "general", "summary"}, n.text("category"))
	}
	if d.is(profileIncident, profileInformational) && !slices.ContainsFunc(d.root.all("document", "notes"), tells) {
		r.at(d.root.get("document"), "%s wants a note of category description, details, general or summary", d.category)
	}
}

func withoutReference(d *advisory, r *reporter) {
	external := func(n *node) bool { return n.get("category") == nil || n.text("category") == "external" }
	if d.is(profileIncident, profileInformational) && !slices.ContainsFunc(d.root.all("document", "references"), external) {
		r.at(d.root.get("document"), "%s wants a reference of category external", d.category)
	}
}

func unwantedVulnerabilities(d *advisory, r *reporter) {
	if v := d.root.get("vulnerabilities"); v != nil && d.is(profileInformational) {
		r.at(v, "%s is for what is no vulnerability", d.category)
	}
}

func withoutProductTree(d *advisory, r *reporter) {
	if d.is(profileAdvisory, profileVEX) && d.root.get("product_tree") == nil {
		r.at(d.root, "%s wants a product_tree", d.category)
	}
}

func withoutVulnerabilities(d *advisory, r *reporter) {
	if d.is(profileAdvisory, profileVEX) && d.root.get("vulnerabilities") == nil {
		r.at(d.root, "%s wants vulnerabilities", d.category)
	}
}

// eachOf visits the vulnerabilities of documents of some profiles.
func (d *advisory) eachOf(visit func(*node), profiles ...string) {
	if d.is(profiles...) {
		for _, v := range d.vulnerabilities {
			visit(v)
		}
	}
}

func vulnerabilityWithoutNote(d *advisory, r *reporter) {
	d.eachOf(func(v *node) {
		if v.get("notes") == nil {
			r.at(v, "%s wants notes", d.category)
		}
	}, profileAdvisory, profileVEX)
}

func withoutStatus(d *advisory, r *reporter) {
	d.eachOf(func(v *node) {
		if v.get("product_status") == nil {
			r.at(v, "%s wants a product_status", d.category)
		}
	}, profileAdvisory)
}

func withoutVEXStatus(d *advisory, r *reporter) {
	d.eachOf(func(v *node) {
		for _, name := range []string{"fixed", "known_affected", "known_not_affected", "under_investigation"} {
			if v.get("product_status", name) != nil {
				return
			}
		}
		r.at(v, "%s wants one of fixed, known_affected, known_not_affected, under_investigation", d.category)
	}, profileVEX)
}

func withoutID(d *advisory, r *reporter) {
	d.eachOf(func(v *node) {
		if v.get("cve") == nil && v.get("ids") == nil {
			r.at(v, "%s wants cve or ids", d.category)
		}
	}, profileVEX)
}

func withoutImpact(d *advisory, r *reporter) {
	d.eachOf(func(v *node) {
		told := d.coveredBy(v, "flags")
		for _, threat := range v.all("threats") {
			if threat.text("category") == "impact" {
				for _, id := range d.covered(threat) {
					told[id] = true
				}
			}
		}
		for _, id := range v.texts("product_status", "known_not_affected") {
			if !told[id.value] {
				r.at(id, "neither a flag nor a threat of category impact says why %q is not affected", id.value)
			}
		}
	}, profileVEX)
}

func withoutAction(d *advisory, r *reporter) {
	d.eachOf(func(v *node) {
		told := d.coveredBy(v, "remediations")
		for _, id := range v.texts("product_status", "known_affected") {
			if !told[id.value] {
				r.at(id, "no remediation says what to do about %q", id.value)
			}
		}
	}, profileVEX)
}
