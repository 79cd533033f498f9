package csaf

import (
	"fmt"
	"strings"
)

// maxCovered is how many products the statements of a document may name by way of
// groups, all together. A large group that many statements name is small in a text,
// and each of them stands for all of its products.
const maxCovered = 5_000_000

// advisory is a text with what the tests look up in it.
type advisory struct {
	root            *node
	twice           []*node
	category        string
	vulnerabilities []*node
	revisions       []*node
	products        []*node            // full product names, in the order branches, full_product_names, relationships
	defined         map[string][]*node // products by id
	groups          map[string]*node   // product groups by id, the first of each
	scoreFaults     []formFault        // of the JSON schema, in CVSS objects
	options         Options
}

func read(data []byte) (*advisory, error) {
	root, twice, err := parse(data)
	if err != nil {
		return nil, err
	}
	d := &advisory{root: root, twice: twice, category: root.text("document", "category"),
		vulnerabilities: root.all("vulnerabilities"), revisions: root.all("document", "tracking", "revision_history"),
		defined: map[string][]*node{}, groups: map[string]*node{}}
	d.branches(func(b *node) { d.define(b.get("product")) })
	for _, p := range root.all("product_tree", "full_product_names") {
		d.define(p)
	}
	for _, r := range d.relationships() {
		d.define(r.get("full_product_name"))
	}
	for _, g := range root.all("product_tree", "product_groups") {
		if id := g.text("group_id"); id != "" && d.groups[id] == nil {
			d.groups[id] = g
		}
	}
	covered := 0
	d.groupReferences(func(id *node) { covered += len(d.groups[id.value].all("product_ids")) })
	if covered > maxCovered {
		return nil, fmt.Errorf("statements name %d products by way of groups, more than %d", covered, maxCovered)
	}
	return d, nil
}

func (d *advisory) define(product *node) {
	if product == nil {
		return
	}
	d.products = append(d.products, product)
	if id := product.text("product_id"); id != "" {
		d.defined[id] = append(d.defined[id], product)
	}
}

func (d *advisory) relationships() []*node { return d.root.all("product_tree", "relationships") }

// branches visits all branches, each before those in it.
func (d *advisory) branches(visit func(*node)) {
	var descend func(*node)
	descend = func(n *node) {
		for _, b := range n.all("branches") {
			visit(b)
			descend(b)
		}
	}
	descend(d.root.get("product_tree"))
}

// statuses are the lists of product_status.
var statuses = []string{"first_affected", "first_fixed", "fixed", "known_affected", "known_not_affected", "last_affected", "recommended", "under_investigation"}

// references visits every place that names a product by its id.
func (d *advisory) references(visit func(id *node)) {
	each := func(ids []*node) {
		for _, id := range ids {
			visit(id)
		}
	}
	for _, g := range d.root.all("product_tree", "product_groups") {
		each(g.texts("product_ids"))
	}
	for _, r := range d.relationships() {
		for _, name := range []string{"product_reference", "relates_to_product_reference"} {
			if id := r.get(name); r.text(name) != "" {
				visit(id)
			}
		}
	}
	for _, v := range d.vulnerabilities {
		for _, name := range []string{"flags", "remediations", "threats"} {
			for _, item := range v.all(name) {
				each(item.texts("product_ids"))
			}
		}
		for _, s := range v.all("scores") {
			each(s.texts("products"))
		}
		for _, name := range statuses {
			each(v.texts("product_status", name))
		}
	}
}

// groupReferences visits every place that names a product group by its id.
func (d *advisory) groupReferences(visit func(id *node)) {
	for _, v := range d.vulnerabilities {
		for _, name := range []string{"flags", "remediations", "threats"} {
			for _, item := range v.all(name) {
				for _, id := range item.texts("group_ids") {
					visit(id)
				}
			}
		}
	}
}

// covered are the products that an item names by itself and by its groups.
func (d *advisory) covered(item *node) []string {
	var ids []string
	for _, id := range item.texts("product_ids") {
		ids = append(ids, id.value)
	}
	for _, g := range item.texts("group_ids") {
		for _, id := range d.groups[g.value].texts("product_ids") {
			ids = append(ids, id.value)
		}
	}
	return ids
}

// coveredBy are the products that any item of a list of a vulnerability names.
func (d *advisory) coveredBy(v *node, name string) map[string]bool {
	ids := map[string]bool{}
	for _, item := range v.all(name) {
		for _, id := range d.covered(item) {
			ids[id] = true
		}
	}
	return ids
}

// hashes visits the groups of file hashes of all products.
func (d *advisory) hashes(visit func(*node)) {
	for _, p := range d.products {
		for _, h := range p.all("product_identification_helper", "hashes") {
			visit(h)
		}
	}
}

// FileName is the name of a document's file (CSAF 2.0 section 5.1).
func FileName(id string) string {
	var name strings.Builder
	gap := false
	for _, c := range strings.ToLower(id) {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '-' {
			name.WriteRune(c)
			gap = false
		} else if !gap {
			name.WriteByte('_')
			gap = true
		}
	}
	return name.String() + ".json"
}
