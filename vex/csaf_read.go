package vex

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"

	"theriac/csaf"
	"theriac/model"
)

// readCSAF reads a CSAF 2.0 document: VEX, or a security advisory. Groups of products are
// not understood.
func readCSAF(text []byte) (*Document, error) {
	in := &gocsaf.Advisory{}
	if err := json.Unmarshal(text, in); err != nil {
		var other error
		if in, other = csaf.Decode(text); other != nil { // which knows lists of hashes
			return nil, err
		}
	}
	d := &Document{Format: "csaf"}
	if h := in.Document; h != nil {
		if p := h.Publisher; p != nil {
			d.Author, d.Namespace = deref(p.Name), deref(p.Namespace)
		}
		if t := h.Tracking; t != nil {
			if deref(t.Status) == "draft" {
				return nil, errors.New("the document is a draft, by which nothing can be decided")
			}
			d.ID, d.Day = deref(t.ID), stamped(deref(t.CurrentReleaseDate))
		}
	}
	r := &csafReader{doc: d, known: map[string]Product{}}
	if t := in.ProductTree; t != nil {
		r.branches(t.Branches, Product{}, 0)
		if t.FullProductNames != nil {
			for _, p := range *t.FullProductNames {
				r.product(p, Product{})
			}
		}
		r.relations(t.RelationShips)
	}
	for i, v := range in.Vulnerabilities {
		if v != nil && r.states >= maxStates {
			return nil, fmt.Errorf("the document says more than %d times how a product stands", maxStates)
		}
		if v != nil {
			r.vulnerability(v, fmt.Sprintf("vulnerability %d", i+1))
		}
	}
	if len(in.Vulnerabilities) == 0 {
		d.complain("the document lists no vulnerabilities")
	}
	return d, nil
}

// deref is a text, "" where there is none.
func deref[T ~string](p *T) string {
	if p == nil {
		return ""
	}
	return string(*p)
}

type csafReader struct {
	doc    *Document
	known  map[string]Product
	states int // of products, in all vulnerabilities
}

// Limits for a CSAF document.
const (
	maxStates = 200_000 // of products
	maxSaid   = 4096    // bytes of what is said of one, the rest is left out
)

// branches enters the products of a tree, with the maker, name, version and range that they
// stand below.
func (r *csafReader) branches(list gocsaf.Branches, above Product, depth int) {
	if depth > maxNesting {
		r.doc.complain("branches are nested more than %d deep", maxNesting)
		return
	}
	for _, b := range list {
		if b == nil {
			continue
		}
		here := above
		switch gocsaf.BranchCategory(deref(b.Category)) {
		case gocsaf.CSAFBranchCategoryVendor:
			here.Maker = deref(b.Name)
		case gocsaf.CSAFBranchCategoryProductName:
			here.Title = deref(b.Name)
		case gocsaf.CSAFBranchCategoryProductVersion:
			here.Version = deref(b.Name)
		case gocsaf.CSAFBranchCategoryProductVersionRange:
			here.Range = deref(b.Name)
		}
		r.product(b.Product, here)
		r.branches(b.Branches, here, depth+1)
	}
}

func (r *csafReader) product(p *gocsaf.FullProductName, above Product) {
	if p == nil || deref(p.ProductID) == "" {
		return
	}
	one := above
	one.ID, one.Name = deref(p.Name), deref(p.Name)
	if h := p.ProductIdentificationHelper; h != nil {
		one.ID = orElse(orElse(deref(h.PURL), deref(h.CPE)), one.ID)
	}
	if one.Version == "" {
		one.Version = purlVersion(one.ID)
	}
	if _, twice := r.known[deref(p.ProductID)]; twice {
		r.doc.complain("several products have the id %q; the last of them counts", clip(deref(p.ProductID)))
	}
	r.known[deref(p.ProductID)] = one
}

func (r *csafReader) relations(list *gocsaf.Relationships) {
	if list == nil {
		return
	}
	for _, rel := range *list {
		if rel == nil || rel.FullProductName == nil {
			continue
		}
		inner, known := r.known[deref(rel.ProductReference)]
		outer, there := r.known[deref(rel.RelatesToProductReference)]
		if !known || !there {
			r.doc.complain("relationship %q refers to a product that is not there", clip(deref(rel.FullProductName.ProductID)))
			continue
		}
		if outer.Parts = slices.Clone(inner.Parts); len(outer.Parts) == 0 {
			outer.Parts = []string{partName(inner)}
		}
		r.known[deref(rel.FullProductName.ProductID)] = outer
	}
}

// partName is the name of a product as a part of another: with its version behind, where it
// goes by words.
func partName(p Product) string {
	if p.Title == "" || p.ID != p.Name {
		return p.ID
	}
	return strings.TrimSpace(p.Title + " " + p.Version)
}

// saying is what is said of a product, by which products share a statement.
type saying struct {
	status         model.VEXStatus
	justification  model.Justification
	reason, action string
	fix            fixed
	cvss           string
}

func (r *csafReader) vulnerability(v *gocsaf.Vulnerability, what string) {
	base := Statement{Day: r.doc.Day, Vulnerability: deref(v.CVE)}
	for _, id := range v.IDs {
		switch {
		case id == nil || deref(id.Text) == "":
		case base.Vulnerability == "":
			base.Vulnerability = deref(id.Text)
		default:
			base.Aliases = append(base.Aliases, deref(id.Text))
		}
	}
	slices.Sort(base.Aliases)
	if v.ProductStatus == nil {
		r.doc.complain("%s: names no product", what)
		return
	}
	about, vectors := sayingsOf(v), scoresOf(v)
	var order []saying
	groups := map[saying][]Product{}
	for _, s := range csafStates(v.ProductStatus) {
		if s.products == nil {
			continue
		}
		for _, id := range *s.products {
			r.states++
			p, known := r.known[deref(id)]
			if !known {
				r.doc.complain("%s: product %q is not in the tree", what, clip(deref(id)))
				continue
			}
			say := about.of(s.status, deref(id))
			say.cvss = vectors[deref(id)]
			if groups[say] == nil {
				order = append(order, say)
			}
			groups[say] = append(groups[say], p)
		}
	}
	for _, say := range order {
		s := base
		s.Status, s.Justification, s.Reason, s.Action, s.CVSS, s.Products = say.status, say.justification, say.reason, say.action, say.cvss, joined(groups[say])
		s.Fix, s.Planned, s.FixDay = say.fix.version, say.fix.planned, say.fix.day
		r.doc.add(s, what)
	}
}

// joined puts parts of one product together.
func joined(list []Product) []Product {
	type key struct{ id, version, interval string }
	at := map[key]int{}
	var all []Product
	for _, p := range list {
		k := key{p.ID, p.Version, p.Range}
		if i, there := at[k]; there && len(p.Parts) > 0 {
			all[i].Parts = append(all[i].Parts, p.Parts...)
			continue
		}
		if len(p.Parts) > 0 {
			at[k] = len(all)
			p.Parts = slices.Clone(p.Parts)
		}
		all = append(all, p)
	}
	for i := range all {
		slices.Sort(all[i].Parts)
	}
	return all
}

// fixed is the version that is fixed, or is to be.
type fixed struct {
	version string
	planned bool
	day     model.Date
}

// sayings are what flags, threats and remediations of a vulnerability say, by product.
type sayings struct {
	justified      map[string]model.Justification
	impact, advice map[string]string
	fixing         map[string]fixed
}

func sayingsOf(v *gocsaf.Vulnerability) *sayings {
	s := &sayings{justified: map[string]model.Justification{}, impact: map[string]string{}, advice: map[string]string{}, fixing: map[string]fixed{}}
	for _, f := range v.Flags {
		if f != nil {
			label := justified(strings.ReplaceAll(deref(f.Label), "_", "-"))
			eachID(f.ProductIds, func(id string) { s.justified[id] = label })
		}
	}
	for _, t := range v.Threats {
		if t != nil && gocsaf.ThreatCategory(deref(t.Category)) == gocsaf.CSAFThreatCategoryImpact {
			details := cleaned(deref(t.Details))
			eachID(t.ProductIds, func(id string) { behind(s.impact, id, details) })
		}
	}
	for _, m := range v.Remediations {
		if m == nil {
			continue
		}
		details := cleaned(deref(m.Details))
		only := Statement{Action: details}
		if cutFix(&only); only.Fix != "" && only.Action == "" {
			eachID(m.ProductIds, func(id string) { s.fixing[id] = fixed{only.Fix, only.Planned, only.FixDay} })
		} else {
			eachID(m.ProductIds, func(id string) { behind(s.advice, id, details) })
		}
	}
	return s
}

func eachID(list *gocsaf.Products, visit func(id string)) {
	if list == nil {
		return
	}
	for _, id := range *list {
		visit(deref(id))
	}
}

// behind adds a text to what is said of a product, up to a limit.
func behind(said map[string]string, id, text string) {
	before := said[id]
	if text == "" || len(before) > maxSaid {
		return
	}
	if before != "" {
		text = before + "\n" + text
	}
	if len(text) > maxSaid {
		text = strings.ToValidUTF8(text[:maxSaid], "") + "…"
	}
	said[id] = text
}

// of is what is said of a product in a state.
func (s *sayings) of(status model.VEXStatus, id string) saying {
	say := saying{status: status, reason: s.impact[id]}
	switch status {
	case "not-affected":
		say.justification = s.justified[id]
	case "affected":
		say.action, say.fix = s.advice[id], s.fixing[id]
	}
	return say
}
