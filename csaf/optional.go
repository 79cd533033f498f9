package csaf

import (
	"slices"
	"strings"
)

// optionalProductTests are about products (CSAF 2.0 sections 6.2.1 to 6.2.3, 6.2.8,
// 6.2.9, 6.2.16, 6.2.18, 6.2.19).
var optionalProductTests = []Test{
	{"6.2.1", "every product that is defined is named somewhere", Optional, unusedProduct},
	{"6.2.2", "there is a remediation for every product that is affected or under investigation", Optional, missingRemediation},
	{"6.2.3", "every product that is affected has a score", Optional, missingScore},
	{"6.2.8", "no file is known by MD5 alone", Optional, func(d *advisory, r *reporter) { onlyHash(d, r, "md5") }},
	{"6.2.9", "no file is known by SHA-1 alone", Optional, func(d *advisory, r *reporter) { onlyHash(d, r, "sha1") }},
	{"6.2.16", "every product can be told by more than its name", Optional, missingHelper},
	{"6.2.18", "ranges of versions are written as vers", Optional, rangeWithoutVers},
	{"6.2.19", "what is fixed has an environmental score of 0", Optional, fixedWithScore},
}

func unusedProduct(d *advisory, r *reporter) {
	if d.is(profileInformational) {
		return
	}
	used := map[string]bool{}
	d.references(func(id *node) { used[id.value] = true })
	for _, p := range d.products {
		if id := p.text("product_id"); id != "" && !used[id] {
			r.at(p.get("product_id"), "the product %q is named nowhere", id)
		}
	}
}

// affected are the lists of products that are affected.
var affected = []string{"first_affected", "known_affected", "last_affected"}

func missingRemediation(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		told := d.coveredBy(v, "remediations")
		missingFor(v, r, append([]string{"under_investigation"}, affected...), told, "no remediation")
	}
}

func missingScore(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		scored := map[string]bool{}
		for _, s := range v.all("scores") {
			for _, id := range s.texts("products") {
				scored[id.value] = true
			}
		}
		missingFor(v, r, affected, scored, "no score")
	}
}

func missingFor(v *node, r *reporter, lists []string, there map[string]bool, what string) {
	for _, name := range lists {
		for _, id := range v.texts("product_status", name) {
			if !there[id.value] {
				r.at(id, "%s for %q", what, id.value)
			}
		}
	}
}

func onlyHash(d *advisory, r *reporter, algorithm string) {
	d.hashes(func(h *node) {
		files := h.all("file_hashes")
		other := func(f *node) bool { return f.text("algorithm") != algorithm }
		if len(files) > 0 && !slices.ContainsFunc(files, other) {
			r.at(h, "%s is the only algorithm", algorithm)
		}
	})
}

func missingHelper(d *advisory, r *reporter) {
	for _, p := range d.products {
		if p.get("product_identification_helper") == nil {
			r.at(p, "no product_identification_helper")
		}
	}
}

func rangeWithoutVers(d *advisory, r *reporter) {
	d.branches(func(b *node) {
		if b.text("category") == "product_version_range" && !isVers(b.text("name")) {
			r.at(b.get("name"), "%q is no range as vers writes it, for example vers:generic/<1.4.1", b.text("name"))
		}
	})
}

// isVers reports whether a range starts as the vers scheme does: vers:type/...
func isVers(s string) bool {
	s, ok := strings.CutPrefix(s, "vers:")
	scheme, constraints, cut := strings.Cut(s, "/")
	if !ok || !cut || scheme == "" || constraints == "" || '0' <= scheme[0] && scheme[0] <= '9' {
		return false
	}
	return strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz0123456789.-+") == ""
}

func fixedWithScore(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		fixed := map[string]bool{}
		for _, name := range []string{"first_fixed", "fixed"} {
			for _, id := range v.texts("product_status", name) {
				fixed[id.value] = true
			}
		}
		for _, s := range v.all("scores") {
			about := s.texts("products")
			i := slices.IndexFunc(about, func(id *node) bool { return fixed[id.value] })
			if i < 0 {
				continue
			}
			for _, name := range []string{"cvss_v2", "cvss_v3"} {
				if c := s.get(name); c != nil && !noScore(c) {
					r.at(c, "%q is fixed, its environmental score is not 0", about[i].value)
				}
			}
		}
	}
}

// noScore reports whether the environmental score of a CVSS object is 0.
func noScore(score *node) bool {
	if stated, ok := score.number("environmentalScore"); ok && stated > 0 {
		return false
	}
	e, err := environmental(score)
	return err == nil && e == 0
}
