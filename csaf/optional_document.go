package csaf

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// optionalDocumentTests are about the document (CSAF 2.0 sections 6.2.4 to 6.2.7,
// 6.2.10 to 6.2.15, 6.2.17, 6.2.20).
var optionalDocumentTests = []Test{
	{"6.2.4", "revisions carry no build metadata", Optional, buildMetadata},
	{"6.2.5", "the first release is not before the first revision", Optional, earlyRelease},
	{"6.2.6", "the current release is not before the last revision", Optional, oldRelease},
	{"6.2.7", "involvements have a date", Optional, undatedInvolvement},
	{"6.2.10", "the document has a TLP label", Optional, withoutTLP},
	{"6.2.11", "the document names its canonical address", Optional, withoutCanonical},
	{"6.2.12", "the document states its language", Optional, withoutLanguage},
	{"6.2.13", "names are sorted", Optional, unsortedNames},
	{"6.2.14", "languages are not private ones", Optional, privateLanguage},
	{"6.2.15", "the language is not i-default", Optional, defaultLanguage},
	{"6.2.17", "CVE numbers stand under cve", Optional, cveAsID},
	{"6.2.20", "all members are those of the standard", Optional, unknownMember},
}

func buildMetadata(d *advisory, r *reporter) {
	for _, n := range d.revisions {
		if strings.Contains(n.text("number"), "+") {
			r.at(n.get("number"), "%s has build metadata", n.text("number"))
		}
	}
}

func earlyRelease(d *advisory, r *reporter) {
	if history := d.history(); len(history) > 0 {
		d.before(r, "initial_release_date", history[0].date)
	}
}

func oldRelease(d *advisory, r *reporter) {
	if history := d.history(); len(history) > 0 {
		d.before(r, "current_release_date", history[len(history)-1].date)
	}
}

// before reports a date of the tracking that is earlier than another.
func (d *advisory) before(r *reporter, name string, limit time.Time) {
	at := d.root.get("document", "tracking", name)
	if t, err := time.Parse(time.RFC3339, at.text()); err == nil && t.Before(limit) {
		r.at(at, "before the revision of %s", limit.Format(time.RFC3339))
	}
}

func undatedInvolvement(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		for _, i := range v.all("involvements") {
			if i.get("date") == nil {
				r.at(i, "no date")
			}
		}
	}
}

func withoutTLP(d *advisory, r *reporter) {
	if d.root.text("document", "distribution", "tlp", "label") == "" {
		r.at(d.root.get("document"), "no label under distribution/tlp")
	}
}

func withoutCanonical(d *advisory, r *reporter) {
	name := FileName(d.root.text("document", "tracking", "id"))
	canonical := func(n *node) bool {
		url := n.text("url")
		return n.text("category") == "self" && strings.HasPrefix(url, "https://") && strings.HasSuffix(url, name)
	}
	if !slices.ContainsFunc(d.root.all("document", "references"), canonical) {
		r.at(d.root.get("document"), "no reference of category self has an address https://... that ends in %s", name)
	}
}

func withoutLanguage(d *advisory, r *reporter) {
	if d.root.text("document", "lang") == "" {
		r.at(d.root.get("document"), "no lang")
	}
}

func unsortedNames(d *advisory, r *reporter) {
	order := func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
	d.root.walk(func(n *node) {
		for i := 1; i < len(n.names); i++ {
			if order(n.names[i-1], n.names[i]) > 0 {
				r.at(n, "%s stands before %s", n.names[i-1], n.names[i])
				return
			}
		}
	})
}

func privateLanguage(d *advisory, r *reporter) {
	d.languages(func(n *node) {
		for i, part := range strings.Split(strings.ToLower(n.value), "-") {
			if private(part, i == 0) {
				r.at(n, "%s is for private use", part)
				return
			}
			if len(part) == 1 && i > 0 {
				return // what follows is an extension
			}
		}
	})
}

// private reports whether a part of a language tag, in lower case, is in the
// ranges for private use (RFC 5646 section 2.2).
func private(part string, first bool) bool {
	in := func(from, to string) bool { return len(part) == len(from) && from <= part && part <= to }
	if first {
		return in("qaa", "qtz") || part == "x"
	}
	return in("qaaa", "qabx") || part == "aa" || in("qm", "qz") || in("xa", "xz") || part == "zz"
}

func defaultLanguage(d *advisory, r *reporter) {
	d.languages(func(n *node) {
		if strings.EqualFold(n.value, "i-default") {
			r.at(n, "i-default is no language")
		}
	})
}

func cveAsID(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		for _, id := range v.all("ids") {
			if isCVE(id.text("text")) {
				r.at(id, "%s belongs under cve", id.text("text"))
			}
		}
	}
}

// isCVE reports whether an id has the form CVE-YYYY-NNNN, with four digits or more.
func isCVE(id string) bool {
	rest, ok := strings.CutPrefix(id, "CVE-")
	year, number, _ := strings.Cut(rest, "-")
	return ok && len(year) == 4 && len(number) >= 4 && strings.Trim(year+number, "0123456789") == ""
}

// memberTable names the members of each object of the JSON schema of CSAF 2.0. A
// member whose value is an object, or a list of objects, is followed by = and its
// type; CVSS objects are those of FIRST.
const memberTable = `
root document=document product_tree=product_tree vulnerabilities=vulnerability
document acknowledgments=acknowledgment aggregate_severity=aggregate_severity category csaf_version distribution=distribution lang notes=note publisher=publisher references=reference source_lang title tracking=tracking
acknowledgment names organization summary urls
aggregate_severity namespace text
distribution text tlp=tlp
tlp label url
note audience category text title
publisher category contact_details issuing_authority name namespace
reference category summary url
tracking aliases current_release_date generator=generator id initial_release_date revision_history=revision status version
generator date engine=engine
engine name version
revision date legacy_version number summary
product_tree branches=branch full_product_names=product product_groups=group relationships=relationship
branch branches=branch category name product=product
product name product_id product_identification_helper=helper
helper cpe hashes=hash model_numbers purl sbom_urls serial_numbers skus x_generic_uris=uri
hash file_hashes=file_hash filename
file_hash algorithm value
uri namespace uri
group group_id product_ids summary
relationship category full_product_name=product product_reference relates_to_product_reference
vulnerability acknowledgments=acknowledgment cve cwe=cwe discovery_date flags=flag ids=id involvements=involvement notes=note product_status=product_status references=reference release_date remediations=remediation scores=score threats=threat title
cwe id name
flag date group_ids label product_ids
id system_name text
involvement date party status summary
product_status first_affected first_fixed fixed known_affected known_not_affected last_affected recommended under_investigation
remediation category date details entitlements group_ids product_ids restart_required=restart url
restart category details
score cvss_v2=cvss2 cvss_v3=cvss3 products
threat category date details group_ids product_ids
cvss2 version vectorString baseScore temporalScore environmentalScore
cvss3 version vectorString baseScore baseSeverity temporalScore temporalSeverity environmentalScore environmentalSeverity`

// members are the names of each type of object, with the types of their values.
var members = sync.OnceValue(func() map[string]map[string]string {
	types := map[string]map[string]string{}
	for line := range strings.Lines(strings.TrimPrefix(memberTable, "\n")) {
		fields := strings.Fields(line)
		names := map[string]string{}
		for _, field := range fields[1:] {
			name, of, _ := strings.Cut(field, "=")
			names[name] = of
		}
		types[fields[0]] = names
	}
	for of, metrics := range map[string][]metric{"cvss2": version2Metrics(), "cvss3": version3Metrics()} {
		for _, m := range metrics {
			types[of][m.name] = ""
		}
	}
	return types
})

func unknownMember(d *advisory, r *reporter) {
	var check func(n *node, of string)
	check = func(n *node, of string) {
		if of == "" {
			return
		}
		for _, item := range n.list {
			check(item, of)
		}
		for _, name := range n.names {
			next, known := members()[of][name]
			if !known {
				r.at(n.members[name], "CSAF 2.0 knows no %s here", name)
			}
			check(n.members[name], next)
		}
	}
	check(d.root, "root")
}
