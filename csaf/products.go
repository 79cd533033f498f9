package csaf

import (
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"
)

// productTests are about the product tree (CSAF 2.0 sections 6.1.1 to 6.1.5,
// 6.1.13, 6.1.25, 6.1.31).
var productTests = []Test{
	{"6.1.1", "every product that is named is defined", Mandatory, undefinedProduct},
	{"6.1.2", "no product id is defined twice", Mandatory, productTwice},
	{"6.1.3", "no product is made of itself", Mandatory, circularProduct},
	{"6.1.4", "every product group that is named is defined", Mandatory, undefinedGroup},
	{"6.1.5", "no group id is defined twice", Mandatory, groupTwice},
	{"6.1.13", "package URLs are valid", Mandatory, invalidPURL},
	{"6.1.25", "no file has two digests of one algorithm", Mandatory, hashTwice},
	{"6.1.31", "a version is one version, not a range", Mandatory, rangeAsVersion},
}

func undefinedProduct(d *advisory, r *reporter) {
	d.references(func(id *node) {
		if len(d.defined[id.value]) == 0 {
			r.at(id, "no product has the id %q", id.value)
		}
	})
}

func productTwice(d *advisory, r *reporter) {
	for _, p := range d.products {
		if id := p.text("product_id"); len(d.defined[id]) > 1 {
			r.at(p.get("product_id"), "%d products have the id %q", len(d.defined[id]), id)
		}
	}
}

// circularProduct follows relationships from each product to what it is made of.
func circularProduct(d *advisory, r *reporter) {
	made := map[string][]*node{} // relationships by the product that they define
	for _, rel := range d.relationships() {
		id := rel.text("full_product_name", "product_id")
		made[id] = append(made[id], rel)
	}
	const open, closed = 1, 2
	state := map[string]int{}
	var follow func(id string)
	follow = func(id string) {
		state[id] = open
		for _, rel := range made[id] {
			for _, name := range []string{"product_reference", "relates_to_product_reference"} {
				part := rel.text(name)
				switch {
				case len(made[part]) == 0:
				case state[part] == open:
					r.at(rel.get(name), "the product %q is defined by way of itself", part)
				case state[part] == 0:
					follow(part)
				}
			}
		}
		state[id] = closed
	}
	for _, rel := range d.relationships() {
		if id := rel.text("full_product_name", "product_id"); id != "" && state[id] == 0 {
			follow(id)
		}
	}
}

func undefinedGroup(d *advisory, r *reporter) {
	d.groupReferences(func(id *node) {
		if d.groups[id.value] == nil {
			r.at(id, "no product group has the id %q", id.value)
		}
	})
}

func groupTwice(d *advisory, r *reporter) {
	for _, g := range d.root.all("product_tree", "product_groups") {
		if id := g.text("group_id"); id != "" && d.groups[id] != g {
			r.at(g.get("group_id"), "another product group has the id %q", id)
		}
	}
}

func invalidPURL(d *advisory, r *reporter) {
	for _, p := range d.products {
		purl := p.get("product_identification_helper", "purl")
		if purl == nil || purl.kind != text {
			continue
		}
		if _, err := packageurl.FromString(purl.value); err != nil {
			r.at(purl, "not a package URL: %v", err)
		}
	}
}

func hashTwice(d *advisory, r *reporter) {
	d.hashes(func(h *node) {
		seen := map[string]bool{}
		for _, file := range h.all("file_hashes") {
			algorithm := file.text("algorithm")
			if algorithm != "" && seen[algorithm] {
				r.at(file, "the file has two digests by %s", algorithm)
			}
			seen[algorithm] = true
		}
	})
}

// rangeWords make a range of the name of a version (CSAF 2.0 section 3.1.2.3.1).
var rangeWords = []string{"after", "all", "before", "earlier", "later", "prior", "versions"}

func rangeAsVersion(d *advisory, r *reporter) {
	d.branches(func(b *node) {
		name := strings.ToLower(b.text("name"))
		if b.text("category") != "product_version" {
			return
		}
		isRange := strings.ContainsAny(name, "<>") ||
			slices.ContainsFunc(strings.Fields(name), func(word string) bool { return slices.Contains(rangeWords, word) })
		if isRange {
			r.at(b.get("name"), "the category product_version is for one version, %q is a range", b.text("name"))
		}
	})
}
