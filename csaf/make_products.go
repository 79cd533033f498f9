package csaf

import (
	"strings"

	"github.com/gocsaf/csaf/v3/csaf"

	"theriac/model"
)

// productTree has the releases that are out, below vendor and product.
func (m *maker) productTree() *csaf.ProductTree {
	product := m.file.Product
	if product == nil || product.Name == "" || product.Manufacturer.Name == "" {
		m.fault("product", "name and manufacturer.name say whose product it is")
		return nil
	}
	var versions csaf.Branches
	for _, r := range m.file.Releases {
		if !isOut(r, m.Day) {
			continue
		}
		m.listed = append(m.listed, r)
		if invalidVersion(r.Version) {
			m.fault("releases."+r.ID+".version", "%q is not the name of one version", r.Version)
		}
		name := &csaf.FullProductName{Name: new(product.Name + " " + r.Version), ProductID: new(csaf.ProductID(r.ID)), ProductIdentificationHelper: Identification(product, r)}
		versions = append(versions, &csaf.Branch{Category: new(csaf.CSAFBranchCategoryProductVersion), Name: new(r.Version), Product: name})
	}
	if len(versions) == 0 {
		m.fault("releases", "no release is out on %s", m.Day)
		return nil
	}
	named := &csaf.Branch{Category: new(csaf.CSAFBranchCategoryProductName), Name: new(product.Name), Branches: versions}
	vendor := &csaf.Branch{Category: new(csaf.CSAFBranchCategoryVendor), Name: new(product.Manufacturer.Name), Branches: csaf.Branches{named}}
	return &csaf.ProductTree{Branches: csaf.Branches{vendor}}
}

// isOut tells whether a release is out on a day. One without a date, or with a later
// one, is planned.
func isOut(r *model.Release, on model.Date) bool { return !r.Date.IsZero() && !on.Before(r.Date) }

// FixedBy is the release that brings a fix and is out on a day: that of the version
// itself, else the earliest that is of a later version; nil where there is none. covers
// tells whether a version is in a range.
func FixedBy(releases []*model.Release, fix string, on model.Date, covers func(releases, version string) (bool, error)) (first *model.Release, err error) {
	for _, r := range releases {
		if !isOut(r, on) {
			continue
		}
		if r.Version == fix {
			return r, nil
		}
		later, err := covers(">="+fix, r.Version)
		if err != nil {
			return nil, err
		}
		if later && (first == nil || r.Date.Before(first.Date)) {
			first = r
		}
	}
	return first, nil
}

// invalidVersion asks test 6.1.31 about a version.
func invalidVersion(version string) bool {
	branch := &node{members: map[string]*node{"category": {kind: text, value: "product_version"}, "name": {kind: text, value: version}}}
	tree := &node{members: map[string]*node{"product_tree": {members: map[string]*node{"branches": {kind: list, list: []*node{branch}}}}}}
	r := reporter{}
	rangeAsVersion(&advisory{root: tree}, &r)
	return version == "" || len(r.findings) > 0
}

// Identification tells a release by the digest of what is shipped, and by its
// UDI-DI where that is a GTIN, as a GS1 Digital Link.
func Identification(product *model.Product, r *model.Release) *csaf.ProductIdentificationHelper {
	h := &csaf.ProductIdentificationHelper{}
	for _, a := range r.Artefacts {
		if digest, ok := strings.CutPrefix(a.Digest, "sha256:"); ok {
			file := &csaf.FileHash{Algorithm: new("sha256"), Value: new(csaf.FileHashValue(digest))}
			h.Hashes = &csaf.Hashes{FileHashes: []*csaf.FileHash{file}, FileName: new(a.Path[strings.LastIndexByte(a.Path, '/')+1:])}
			break // the type of the library holds one file
		}
	}
	gtin := r.UDIDI
	if gtin == "" {
		gtin = product.UDIDI
	}
	if len(gtin) == 14 && strings.Trim(gtin, "0123456789") == "" {
		h.XGenericURIs = csaf.XGenericURIs{{Namespace: new("https://id.gs1.org"), URI: new("https://id.gs1.org/01/" + gtin)}}
	}
	if h.Hashes == nil && h.XGenericURIs == nil {
		return nil
	}
	return h
}
