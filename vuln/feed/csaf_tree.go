package feed

import (
	"slices"
	"strings"

	"github.com/gocsaf/csaf/v3/csaf"

	"theriac/vuln"
)

// csafTree finds the products of a document by their ids (3.2.2).
type csafTree struct {
	lost      func(why string)
	products  map[csaf.ProductID][]*csafProduct
	relations map[csaf.ProductID]*csaf.Relationship
	within    map[csaf.ProductID]bool // relationships that are being followed
}

// csafProduct is a product with what the branches above it say.
type csafProduct struct {
	vendor, family, name string
	version              string // of the branch; "" where it does not say
	patch                string // patch level or service pack, in words
	full                 string // full product name
	purl, cpe            string
	platform             *csafProduct // that it is a part of, or runs on
}

// maxBranches is how deep branches may stand in each other.
const maxBranches = 64

func newTree(tree *csaf.ProductTree, lost func(string)) *csafTree {
	t := &csafTree{lost: lost, products: map[csaf.ProductID][]*csafProduct{}, relations: map[csaf.ProductID]*csaf.Relationship{}, within: map[csaf.ProductID]bool{}}
	if tree == nil {
		return t
	}
	t.branches(tree.Branches, csafProduct{}, 0)
	if tree.FullProductNames != nil {
		for _, n := range *tree.FullProductNames {
			t.add(n, csafProduct{})
		}
	}
	if tree.RelationShips != nil {
		for _, r := range *tree.RelationShips {
			if r == nil || r.FullProductName == nil || r.FullProductName.ProductID == nil || r.ProductReference == nil || r.RelatesToProductReference == nil {
				lost("relationship of another shape")
				continue
			}
			t.relations[*r.FullProductName.ProductID] = r
		}
	}
	return t
}

func (t *csafTree) branches(list csaf.Branches, above csafProduct, depth int) {
	if depth > maxBranches {
		t.lost("branches too deep")
		return
	}
	for _, b := range list {
		if b == nil {
			t.lost("branch of another shape")
			continue
		}
		at := above
		if b.Category == nil || b.Name == nil {
			t.lost("branch of another shape") // what is in it may be sound
			b = &csaf.Branch{Branches: b.Branches, Product: b.Product, Category: new(csaf.BranchCategory), Name: new(string)}
		}
		switch *b.Category {
		case csaf.CSAFBranchCategoryVendor:
			at.vendor = *b.Name
		case csaf.CSAFBranchCategoryProductFamily:
			at.family = *b.Name
		case csaf.CSAFBranchCategoryProductName:
			at.name = *b.Name
		case csaf.CSAFBranchCategoryProductVersion, csaf.CSAFBranchCategoryProductVersionRange:
			at.version = *b.Name
		case csaf.CSAFBranchCategoryPatchLevel, csaf.CSAFBranchCategoryServicePack:
			at.patch = strings.TrimSpace(at.patch + " " + *b.Name)
		}
		if b.Product != nil {
			t.add(b.Product, at)
		}
		t.branches(b.Branches, at, depth+1)
	}
}

func (t *csafTree) add(n *csaf.FullProductName, at csafProduct) {
	if n == nil || n.ProductID == nil {
		t.lost("product without id")
		return
	}
	t.named(&at, n)
	t.products[*n.ProductID] = []*csafProduct{&at}
}

// named takes over the full name and what identifies the product, where it can be used.
func (t *csafTree) named(p *csafProduct, n *csaf.FullProductName) {
	p.full = value(n.Name)
	h := n.ProductIdentificationHelper
	if h == nil {
		return
	}
	if purl := value(h.PURL); purl != "" {
		if _, ok := readPURL(purl, nil); ok {
			p.purl = purl
		} else {
			t.lost("package URL that cannot be read, or of a type without ecosystem")
		}
	}
	if name := value(h.CPE); name != "" {
		if _, err := parseCPE(name); err == nil {
			p.cpe = name
		} else {
			t.lost(errCPE.Error())
		}
	}
}

// find is the product of an id. A product that is part of another one, or runs on it
// (3.2.2.4), is the part; where the part has neither package URL nor CPE and is a
// component, the whole is affected as well.
func (t *csafTree) find(id csaf.ProductID) []*csafProduct { return t.resolve(id, 0) }

// maxRelations is how many relationships may follow on each other.
const maxRelations = 64

func (t *csafTree) resolve(id csaf.ProductID, depth int) []*csafProduct {
	if list, ok := t.products[id]; ok {
		return list
	}
	r, ok := t.relations[id]
	if !ok {
		return nil
	}
	if depth > maxRelations || t.within[id] {
		t.lost("relationships too deep or in a circle")
		return nil
	}
	t.within[id] = true
	defer delete(t.within, id)
	parts, wholes := t.resolve(*r.ProductReference, depth+1), t.resolve(*r.RelatesToProductReference, depth+1)
	var list []*csafProduct
	for _, part := range parts[:min(len(parts), 1)] {
		p := *part
		t.named(&p, r.FullProductName)
		if len(wholes) > 0 {
			p.platform = wholes[0]
		}
		list = append(list, &p)
		if p.purl == "" && p.cpe == "" && strings.HasSuffix(value(r.Category), "component_of") {
			list = append(list, wholes...)
		}
	}
	t.products[id] = list
	return list
}

// affected are the packages of a product that is affected: one for each way of
// telling which it is.
func (p *csafProduct) affected() []vuln.Affected {
	said := everything()
	if p.version != "" {
		said = readVersions(p.version)
	}
	if p.patch != "" {
		said = versions{text: strings.TrimSpace(p.version + " " + p.patch)}
	}
	var list []vuln.Affected
	if k, ok := readPURL(p.purl, p.platform); ok {
		of := said
		switch {
		case k.versions != nil:
			of = *k.versions
		case k.version != "":
			of = versions{single: []string{k.version}}
		}
		list = append(list, of.of(k.ecosystem, k.name))
	}
	if c, err := parseCPE(p.cpe); err == nil {
		of := said
		switch {
		case p.version != "" || p.patch != "":
		case c.pattern:
			of = versions{text: c.version}
		case c.version != "*":
			of = versions{single: []string{c.version}}
		}
		a := of.of("CPE", c.name)
		a.CPE = c.any
		list = append(list, a)
	}
	if len(list) > 0 {
		return list
	}
	var names []string
	for _, maker := range makers(p.vendor) {
		if name := vuln.NormalProduct(maker, or(p.name, p.family, p.full)); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
			list = append(list, said.of("Product", name))
		}
	}
	return list
}

// maxMakers is how many makers one branch may list.
const maxMakers = 16

// makers are the name of a vendor and, where it lists several, that of each: "ENEA, Green
// Hills Software, and Wind River". What has a word of a company's form between commas, as
// "Becton, Dickinson and Company" and "SOOIL Developments Co, Ltd.", is one maker, and so
// are two single words that the word and joins.
func makers(vendor string) []string {
	whole := []string{vendor}
	commas := strings.ContainsAny(vendor, ",;")
	list := strings.ReplaceAll(strings.ReplaceAll(vendor, ";", ","), ", and ", ",")
	list = strings.ReplaceAll(list, " and ", ",")
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		form, _, _ := strings.Cut(part, "(")
		form = strings.ToLower(strings.Trim(form, ". "))
		if form == "" || vuln.LegalForm(form) || !commas && !strings.Contains(part, " ") {
			return whole[:1]
		}
		whole = append(whole, part)
	}
	if len(whole) < 3 || len(whole) > maxMakers+1 {
		return whole[:1]
	}
	return whole
}

// before is the package of a distribution in the versions before this one, in which
// the vulnerability is fixed. Of other products "fixed" says nothing about those before.
func (p *csafProduct) before() (vuln.Affected, bool) {
	k, ok := readPURL(p.purl, p.platform)
	if !ok || !k.distribution || k.version == "" {
		return vuln.Affected{}, false
	}
	fixed := versions{ranges: []vuln.Range{{Events: []vuln.Event{{Kind: vuln.Introduced, Version: "0"}, {Kind: vuln.Fixed, Version: k.version}}}}}
	return fixed.of(k.ecosystem, k.name), true
}

func (v versions) of(ecosystem, name string) vuln.Affected {
	return vuln.Affected{Ecosystem: ecosystem, Name: name, Ranges: v.ranges, Versions: v.single, VersionText: v.text}
}
