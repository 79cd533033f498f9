package vex

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"

	"theriac/csaf"
	"theriac/model"
)

// ptr is the address of a value, as the types of CSAF want it.
func ptr[T any](v T) *T { return &v }

// WriteCSAF writes a document in the VEX profile of CSAF 2.0 (profile 5).
func WriteCSAF(d *Document) ([]byte, error) {
	adv, err := advisoryOf(d)
	if err != nil {
		return nil, err
	}
	return sound(adv)
}

// sound writes a document that passes the mandatory tests.
func sound(adv *gocsaf.Advisory) ([]byte, error) {
	text, err := csaf.Encode(adv)
	if err != nil {
		return nil, err
	}
	return text, valid(text)
}

// advisoryOf is a document as the library has it.
func advisoryOf(d *Document) (*gocsaf.Advisory, error) {
	switch {
	case d.Namespace == "":
		return nil, errors.New("CSAF needs an address under control of the publisher; state vulnerability-handling.publisher.namespace")
	case d.Day.IsZero():
		return nil, errors.New("CSAF needs the day of the document")
	case len(d.Statements) == 0:
		return nil, errors.New("there is no statement to tell, and CSAF needs one")
	}
	w := &csafWriter{ids: map[string]gocsaf.ProductID{}, cves: map[string]bool{}}
	adv := &gocsaf.Advisory{Document: csafHead(d)}
	for _, id := range d.vulnerabilities() {
		w.cves[id] = true // the entry of that name has it
	}
	for _, id := range d.vulnerabilities() {
		v, err := w.vulnerability(d, id)
		if err != nil {
			return nil, err
		}
		adv.Vulnerabilities = append(adv.Vulnerabilities, v)
	}
	adv.ProductTree = w.tree(d)
	return adv, nil
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
	about := "Vulnerabilities and the products of " + d.Author
	if d.Device != nil && d.Device.Name != "" {
		about = d.Device.Name + ": status of vulnerabilities"
	}
	return &gocsaf.Document{
		Category: ptr(gocsaf.DocumentCategory("csaf_vex")), CSAFVersion: ptr(gocsaf.CSAFVersion20), Title: &about, Lang: ptr(gocsaf.Lang("en")),
		Distribution: &gocsaf.DocumentDistribution{TLP: &gocsaf.TLP{DocumentTLPLabel: ptr(gocsaf.TLPLabel(orElse(d.Label, "WHITE"))), URL: ptr("https://www.first.org/tlp/")}},
		Publisher:    &gocsaf.DocumentPublisher{Category: ptr(gocsaf.CSAFCategoryVendor), Name: &d.Author, Namespace: &d.Namespace},
		Tracking:     tracking(d),
	}
}

// tracking names the document and tells its versions.
func tracking(d *Document) *gocsaf.Tracking {
	t := &gocsaf.Tracking{
		ID: ptr(gocsaf.TrackingID(orElse(d.Tracking, trackingID(d.Author, nil)))), Status: ptr(gocsaf.CSAFTrackingStatusFinal),
		Generator: &gocsaf.Generator{Engine: &gocsaf.Engine{Name: ptr("theriac")}},
	}
	revisions := d.Revisions
	if len(revisions) == 0 {
		revisions = []Revision{{1, d.Day, "First version."}}
	}
	for _, r := range revisions {
		t.RevisionHistory = append(t.RevisionHistory, &gocsaf.Revision{
			Date: ptr(r.Day.String() + "T00:00:00.000Z"), Number: ptr(gocsaf.RevisionNumber(strconv.Itoa(r.Number))), Summary: ptr(r.Summary)})
	}
	first, last := t.RevisionHistory[0], t.RevisionHistory[len(t.RevisionHistory)-1]
	t.InitialReleaseDate, t.CurrentReleaseDate, t.Version = first.Date, last.Date, last.Number
	return t
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
	cves      map[string]bool // that an entry has, which stand once (6.1.23)
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

// tree names the products: releases by vendor, name and version, as an advisory names
// them (csaf.Make), then parts. The vendor is the manufacturer, whoever speaks for it.
func (w *csafWriter) tree(d *Document) *gocsaf.ProductTree {
	vendor := d.Author
	if d.Device != nil {
		vendor = orElse(d.Device.Manufacturer.Name, vendor)
	}
	t := &gocsaf.ProductTree{}
	byName := map[string]gocsaf.Branches{}
	var names []string
	for _, p := range w.releases {
		id, _ := w.id("product\x00" + p.ID + "\x00" + p.Version)
		full := &gocsaf.FullProductName{Name: ptr(nameOf(p)), ProductID: &id, ProductIdentificationHelper: identified(d, p)}
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

// identified tells a product by its package URL, and a release of our own as an advisory
// does.
func identified(d *Document, p Product) *gocsaf.ProductIdentificationHelper {
	h := helper(p.ID)
	if d.Device == nil || p.Release == nil {
		return h
	}
	if known := csaf.Identification(d.Device, p.Release); known != nil {
		if h != nil {
			known.PURL = h.PURL
		}
		return known
	}
	return h
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
			score(v, s, products)
		}
	}
	w.name(v, ids)
	v.Notes = slices.Insert(v.Notes, 0, &gocsaf.Note{NoteCategory: ptr(gocsaf.CSAFNoteCategoryDescription), Text: ptr(orElse(describe(d, id), "See the advisories on "+id+".")), Title: ptr("Vulnerability")})
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
func (w *csafWriter) name(v *gocsaf.Vulnerability, ids []string) {
	own := ids[0]
	slices.Sort(ids[1:])
	for _, id := range slices.Compact(ids) {
		switch {
		case v.CVE == nil && isCVE(id) && (id == own || !w.cves[id]):
			v.CVE, w.cves[id] = ptr(gocsaf.CVE(id)), true
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
		remediate(v, s, products)
		impact()
	case "fixed":
		add(&v.ProductStatus.Fixed)
	default:
		add(&v.ProductStatus.UnderInvestigation)
	}
}

// remediate says what to do. A fix that is not out is none (CSAF 2.0 section
// 3.2.3.12.1), nor is an action a mitigation that asks for nothing.
func remediate(v *gocsaf.Vulnerability, s Statement, products gocsaf.Products) {
	add := func(category gocsaf.RemediationCategory, details string) {
		v.Remediations = append(v.Remediations, &gocsaf.Remediation{Category: &category, Details: &details, ProductIds: &products})
	}
	switch {
	case s.Fix == "":
	case s.Planned:
		add(gocsaf.CSAFRemediationCategoryNoneAvailable, csaf.PlannedFix(s.Fix, s.FixDay))
	default:
		add(gocsaf.CSAFRemediationCategoryVendorFix, strings.TrimSpace(fixedIn)+" "+s.Fix+".")
	}
	switch {
	case csaf.Mitigates(s.Action):
		add(gocsaf.CSAFRemediationCategoryMitigation, s.Action)
	case s.Action != "" && s.Fix == "":
		add(gocsaf.CSAFRemediationCategoryNoneAvailable, s.Action)
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
