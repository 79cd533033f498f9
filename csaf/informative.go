package csaf

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// informativeTests are CSAF 2.0 sections 6.3.1 to 6.3.5 and 6.3.8 to 6.3.11.
var informativeTests = []Test{
	{"6.3.1", "CVSS v2 is not the only score", Informative, onlyVersion2},
	{"6.3.2", "CVSS v3.1 is used in place of v3.0", Informative, oldVersion3},
	{"6.3.3", "every vulnerability has a CVE", Informative, withoutCVE},
	{"6.3.4", "every vulnerability has a CWE", Informative, withoutCWE},
	{"6.3.5", "digests have 64 digits or more", Informative, shortHash},
	{"6.3.8", "texts are spelt as the dictionary has it", Informative, misspelt},
	{"6.3.9", "products stand below vendor, product name and version", Informative, branchOrder},
	{"6.3.10", "products are single versions", Informative, usesRange},
	{"6.3.11", "versions have no v before the number", Informative, versionWithV},
}

func onlyVersion2(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		for _, s := range v.all("scores") {
			if s.get("cvss_v2") != nil && s.get("cvss_v3") == nil {
				r.at(s, "CVSS v2 is the only score")
			}
		}
	}
}

func oldVersion3(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		for _, s := range v.all("scores") {
			if c := s.get("cvss_v3"); c.text("version") == "3.0" || strings.HasPrefix(c.text("vectorString"), "CVSS:3.0") {
				r.at(c, "CVSS v3.1 has taken the place of v3.0")
			}
		}
	}
}

func withoutCVE(d *advisory, r *reporter) { withoutMember(d, r, "cve") }

func withoutCWE(d *advisory, r *reporter) { withoutMember(d, r, "cwe") }

func withoutMember(d *advisory, r *reporter, name string) {
	for _, v := range d.vulnerabilities {
		if v.get(name) == nil {
			r.at(v, "no %s", name)
		}
	}
}

func shortHash(d *advisory, r *reporter) {
	d.hashes(func(h *node) {
		for _, f := range h.all("file_hashes") {
			if value := f.text("value"); value != "" && len(value) < 64 {
				r.at(f.get("value"), "%d digits", len(value))
			}
		}
	})
}

// prose are the members of the document that hold text for people.
var prose = []string{"audience", "details", "entitlements", "issuing_authority", "names", "organization", "summary", "text", "title"}

// misspelt asks the dictionary of the document's language about all texts.
func misspelt(d *advisory, r *reporter) {
	lang := d.root.text("document", "lang")
	switch tag, err := language.Parse(lang); {
	case d.options.Spell == nil:
		r.skip("there is no dictionary")
		return
	case lang == "":
		r.skip("the document states no language")
		return
	case err == nil:
		if base, c := tag.Base(); c == language.Exact {
			lang = base.String()
		}
		if region, c := tag.Region(); c == language.Exact {
			lang += "_" + region.String()
		}
	}
	d.root.walk(func(n *node) {
		if n.kind != text || r.notRun != "" || !isProse(n) {
			return
		}
		unknown, err := d.options.Spell(lang, n.value)
		switch {
		case errors.Is(err, ErrNoDictionary):
			r.skip("no dictionary of %s", lang)
		case err != nil:
			r.skip("%v", err)
		case len(unknown) > 0:
			r.at(n, "unknown to the dictionary: %s", strings.Join(unknown, ", "))
		}
	})
}

// isProse reports whether a text is for people: by its name, or as the name of a
// product, branch or publisher.
func isProse(n *node) bool {
	if n.up.kind == list {
		n = n.up
	}
	if slices.Contains(prose, n.key) {
		return n.key != "text" || n.up.get("system_name") == nil // ids are no prose
	}
	return n.key == "name" && n.up.key != "cwe"
}

// branchOrder looks at the branches above each product.
func branchOrder(d *advisory, r *reporter) {
	wanted := []string{"vendor", "product_name", "product_version"}
	d.branches(func(b *node) {
		if b.get("product") == nil {
			return
		}
		var above []string // from the product upwards
		for n := b; n != nil && n.kind == object; {
			above = append(above, n.text("category"))
			n = n.up.up // past the list
		}
		slices.Reverse(above)
		last := -1
		for _, category := range wanted {
			i := slices.Index(above, category)
			if i <= last {
				r.at(b.get("product"), "not below branches of category vendor, product_name and product_version in this order")
				return
			}
			last = i
		}
	})
}

func usesRange(d *advisory, r *reporter) {
	d.branches(func(b *node) {
		if b.text("category") == "product_version_range" {
			r.at(b, "a range of versions")
		}
	})
}

func versionWithV(d *advisory, r *reporter) {
	d.branches(func(b *node) {
		name := b.text("name")
		if b.text("category") == "product_version" && len(name) > 1 && (name[0] == 'v' || name[0] == 'V') && '0' <= name[1] && name[1] <= '9' {
			r.at(b.get("name"), "%q is better written without the letter", name)
		}
	})
}
