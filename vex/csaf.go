package vex

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"

	"theriac/csaf"
	"theriac/model"
)

// ptr is the address of a value, as the types of CSAF want it.
func ptr[T any](v T) *T { return &v }

// WriteCSAF writes a document in the VEX profile of CSAF 2.0 (profile 5).
func WriteCSAF(d *Document) ([]byte, error) {
	switch {
	case d.Namespace == "":
		return nil, errors.New("CSAF needs an address under control of the publisher; state vulnerability-handling.publisher.namespace")
	case d.Day.IsZero():
		return nil, errors.New("CSAF needs the day of the document")
	case len(d.Statements) == 0:
		return nil, errors.New("there is no statement to tell, and CSAF needs one")
	}
	w := &csafWriter{ids: map[string]gocsaf.ProductID{}}
	adv := &gocsaf.Advisory{Document: csafHead(d)}
	for _, id := range d.vulnerabilities() {
		v, err := w.vulnerability(d, id)
		if err != nil {
			return nil, err
		}
		adv.Vulnerabilities = append(adv.Vulnerabilities, v)
	}
	adv.ProductTree = w.tree(d.Author)
	text, err := json.Marshal(adv)
	if err != nil {
		return nil, err
	}
	id := d.ID
	if id == "" {
		sum := sha256.Sum256(text)
		id = "vex-" + d.Day.String() + "-" + hex.EncodeToString(sum[:])[:12]
	}
	adv.Document.Tracking.ID = ptr(gocsaf.TrackingID(id))
	if text, err = csaf.Encode(adv); err != nil {
		return nil, err
	}
	if err := valid(text); err != nil {
		return nil, err
	}
	return text, nil
}

// valid refuses a document that fails a mandatory test of the standard.
func valid(text []byte) error {
	result, err := csaf.Validate(text, csaf.Options{})
	if err != nil {
		return err
	}
	for _, f := range result.Findings {
		if f.Class == csaf.Mandatory {
			return fmt.Errorf("the document would fail test %s of CSAF 2.0 at %s: %s", f.Test, f.Pointer, f.Message)
		}
	}
	return nil
}

func csafHead(d *Document) *gocsaf.Document {
	now := d.Day.String() + "T00:00:00.000Z"
	return &gocsaf.Document{
		Category: ptr(gocsaf.DocumentCategory("csaf_vex")), CSAFVersion: ptr(gocsaf.CSAFVersion20), Title: ptr("Vulnerabilities and the products of " + d.Author), Lang: ptr(gocsaf.Lang("en")),
		Distribution: &gocsaf.DocumentDistribution{TLP: &gocsaf.TLP{DocumentTLPLabel: ptr(gocsaf.TLPLabel("WHITE")), URL: ptr("https://www.first.org/tlp/")}},
		Publisher:    &gocsaf.DocumentPublisher{Category: ptr(gocsaf.CSAFCategoryVendor), Name: &d.Author, Namespace: &d.Namespace},
		Tracking: &gocsaf.Tracking{
			ID: ptr(gocsaf.TrackingID("vex")), CurrentReleaseDate: &now, InitialReleaseDate: &now, Status: ptr(gocsaf.CSAFTrackingStatusFinal), Version: ptr(gocsaf.RevisionNumber("1")),
			RevisionHistory: gocsaf.Revisions{{Date: &now, Number: ptr(gocsaf.RevisionNumber("1")), Summary: ptr("First version.")}},
			Generator:       &gocsaf.Generator{Engine: &gocsaf.Engine{Name: ptr("theriac")}},
		},
	}
}

// vulnerabilities are the ids that statements are about, each once, in order.
func (d *Document) vulnerabilities() []string {
	var ids []string
	for _, s := range d.Statements {
		if !slices.Contains(ids, s.Vulnerability) {
			ids = append(ids, s.Vulnerability)
		}
	}
	return ids
}

// csafWriter numbers products.
type csafWriter struct {
	ids       map[string]gocsaf.ProductID
	releases  []Product
	parts     gocsaf.FullProductNames
	relations gocsaf.Relationships
}

// id numbers something by its key; fresh tells that it was not known.
func (w *csafWriter) id(key string) (id gocsaf.ProductID, fresh bool) {
	if id, known := w.ids[key]; known {
		return id, false
	}
	id = gocsaf.ProductID(fmt.Sprintf("CSAFPID-%04d", len(w.ids)+1))
	w.ids[key] = id
	return id, true
}

// products numbers a product, or the parts of it that are meant.
func (w *csafWriter) products(p Product) []*gocsaf.ProductID {
	whole, fresh := w.id("product\x00" + p.ID + "\x00" + p.Version)
	if fresh {
		w.releases = append(w.releases, p)
	}
	if len(p.Parts) == 0 {
		return []*gocsaf.ProductID{&whole}
	}
	var all []*gocsaf.ProductID
	for _, part := range p.Parts {
		inner, fresh := w.id("part\x00" + part)
		if fresh {
			w.parts = append(w.parts, &gocsaf.FullProductName{Name: ptr(part), ProductID: &inner, ProductIdentificationHelper: helper(part)})
		}
		both, fresh := w.id("relation\x00" + string(inner) + "\x00" + string(whole))
		if fresh {
			name := part + " in " + nameOf(p)
			w.relations = append(w.relations, &gocsaf.Relationship{
				Category: ptr(gocsaf.CSAFRelationshipCategoryDefaultComponentOf), ProductReference: &inner, RelatesToProductReference: &whole,
				FullProductName: &gocsaf.FullProductName{Name: &name, ProductID: &both},
			})
		}
		all = append(all, &both)
	}
	return all
}

func nameOf(p Product) string { return strings.TrimSpace(orElse(p.Name, p.ID) + " " + p.Version) }

func helper(id string) *gocsaf.ProductIdentificationHelper {
	if _, ok := parsePURL(id); ok {
		return &gocsaf.ProductIdentificationHelper{PURL: ptr(gocsaf.PURL(id))}
	}
	return nil
}

// tree names the products: releases by vendor, name and version, then parts.
func (w *csafWriter) tree(vendor string) *gocsaf.ProductTree {
	t := &gocsaf.ProductTree{}
	byName := map[string]gocsaf.Branches{}
	var names []string
	for _, p := range w.releases {
		id, _ := w.id("product\x00" + p.ID + "\x00" + p.Version)
		full := &gocsaf.FullProductName{Name: ptr(nameOf(p)), ProductID: &id, ProductIdentificationHelper: helper(p.ID)}
		if p.Version == "" {
			w.parts = append(w.parts, full)
			continue
		}
		name := orElse(p.Name, p.ID)
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], &gocsaf.Branch{Category: ptr(gocsaf.CSAFBranchCategoryProductVersion), Name: ptr(p.Version), Product: full})
	}
	var products gocsaf.Branches
	for _, name := range names {
		products = append(products, &gocsaf.Branch{Category: ptr(gocsaf.CSAFBranchCategoryProductName), Name: ptr(name), Branches: byName[name]})
	}
	if len(products) > 0 {
		t.Branches = gocsaf.Branches{{Category: ptr(gocsaf.CSAFBranchCategoryVendor), Name: &vendor, Branches: products}}
	}
	if len(w.parts) > 0 {
		t.FullProductNames = &w.parts
	}
	if len(w.relations) > 0 {
		t.RelationShips = &w.relations
	}
	return t
}

// vulnerability is what all statements say about one vulnerability.
func (w *csafWriter) vulnerability(d *Document, id string) (*gocsaf.Vulnerability, error) {
	v := &gocsaf.Vulnerability{ProductStatus: &gocsaf.ProductStatus{}}
	ids := []string{id}
	said := map[gocsaf.ProductID]string{}
	for _, s := range d.Statements {
		if s.Vulnerability != id {
			continue
		}
		ids = append(ids, s.Aliases...)
		var products gocsaf.Products
		for _, p := range s.Products {
			for _, one := range w.products(p) {
				if before, known := said[*one]; known && before != string(s.Status) {
					return nil, fmt.Errorf("%s: one statement says %s of %s, another %s", id, before, p.ID, s.Status)
				} else if !known {
					said[*one] = string(s.Status)
					products = append(products, one)
				}
			}
		}
		if len(products) > 0 {
			state(v, s, products)
		}
	}
	name(v, ids)
	v.Notes = gocsaf.Notes{{NoteCategory: ptr(gocsaf.CSAFNoteCategoryDescription), Text: ptr(orElse(describe(d, id), "See the advisories on "+id+".")), Title: ptr("Vulnerability")}}
	return v, nil
}

func describe(d *Document, id string) string {
	for _, s := range d.Statements {
		if s.Vulnerability == id && s.Description != "" {
			return s.Description
		}
	}
	return ""
}

// name gives a vulnerability its CVE and other ids.
func name(v *gocsaf.Vulnerability, ids []string) {
	slices.Sort(ids[1:])
	for _, id := range slices.Compact(ids) {
		switch {
		case v.CVE == nil && isCVE(id):
			v.CVE = ptr(gocsaf.CVE(id))
		case v.CVE == nil || string(*v.CVE) != id:
			v.IDs = append(v.IDs, &gocsaf.VulnerabilityID{SystemName: ptr(sourceOf(id)), Text: ptr(id)})
		}
	}
}

// isCVE reports whether an id has the form of a CVE: CVE-, four digits, a hyphen, and four
// digits or more.
func isCVE(id string) bool {
	year, number, found := strings.Cut(strings.TrimPrefix(id, "CVE-"), "-")
	return found && strings.HasPrefix(id, "CVE-") && len(year) == 4 && len(number) >= 4 && strings.Trim(year+number, "0123456789") == ""
}

// state says how products stand, why, and what to do.
func state(v *gocsaf.Vulnerability, s Statement, products gocsaf.Products) {
	add := func(list **gocsaf.Products) {
		if *list == nil {
			*list = &gocsaf.Products{}
		}
		**list = append(**list, products...)
	}
	impact := func() {
		if s.Reason != "" {
			v.Threats = append(v.Threats, &gocsaf.Threat{Category: ptr(gocsaf.CSAFThreatCategoryImpact), Details: ptr(s.Reason), ProductIds: &products})
		}
	}
	switch s.Status {
	case "not-affected":
		add(&v.ProductStatus.KnownNotAffected)
		if s.Justification != "" {
			v.Flags = append(v.Flags, &gocsaf.Flag{Label: ptr(gocsaf.FlagLabel(strings.ReplaceAll(string(s.Justification), "-", "_"))), ProductIds: &products})
		}
		impact()
	case "affected":
		add(&v.ProductStatus.KnownAffected)
		if s.Fix != "" {
			v.Remediations = append(v.Remediations, &gocsaf.Remediation{Category: ptr(gocsaf.CSAFRemediationCategoryVendorFix), Details: ptr(strings.TrimSpace(fixedIn) + " " + s.Fix + "."), ProductIds: &products})
		}
		if s.Action != "" {
			v.Remediations = append(v.Remediations, &gocsaf.Remediation{Category: ptr(gocsaf.CSAFRemediationCategoryMitigation), Details: ptr(s.Action), ProductIds: &products})
		}
		impact()
	case "fixed":
		add(&v.ProductStatus.Fixed)
	default:
		add(&v.ProductStatus.UnderInvestigation)
	}
}

// csafStates are the lists of a product status by our names; first and last affected or
// fixed say the same of the products that they name.
func csafStates(s *gocsaf.ProductStatus) []struct {
	status   model.VEXStatus
	products *gocsaf.Products
} {
	return []struct {
		status   model.VEXStatus
		products *gocsaf.Products
	}{
		{"not-affected", s.KnownNotAffected}, {"affected", s.KnownAffected}, {"affected", s.FirstAffected}, {"affected", s.LastAffected},
		{"fixed", s.Fixed}, {"fixed", s.FirstFixed}, {"under-investigation", s.UnderInvestigation},
	}
}
