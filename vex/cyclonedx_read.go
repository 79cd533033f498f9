package vex

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"theriac/model"
)

// readCycloneDX reads a CycloneDX document with vulnerabilities.
func readCycloneDX(text []byte) (*Document, error) {
	bom := &cdx.BOM{}
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(bom); err != nil {
		return nil, err
	}
	d := &Document{Format: "cyclonedx", ID: bom.SerialNumber}
	r := &cdxReader{doc: d, known: map[string]Product{}, twice: map[string]bool{}}
	if m := bom.Metadata; m != nil {
		d.Day = stamped(m.Timestamp)
		d.Author = authorOfBOM(m)
		if m.Component != nil {
			r.component(m.Component, "", 0)
		}
	}
	r.components(bom.Components, "", 0)
	if bom.Vulnerabilities == nil {
		d.complain("the document lists no vulnerabilities")
		return d, nil
	}
	for i := range *bom.Vulnerabilities {
		r.vulnerability(&(*bom.Vulnerabilities)[i], fmt.Sprintf("vulnerability %d", i+1))
	}
	return d, nil
}

func authorOfBOM(m *cdx.Metadata) string {
	switch {
	case m.Authors != nil && len(*m.Authors) > 0:
		return (*m.Authors)[0].Name
	case m.Supplier != nil:
		return m.Supplier.Name
	case m.Manufacture != nil:
		return m.Manufacture.Name
	}
	return ""
}

// stamped is the day of a time as a document has it.
func stamped(text string) model.Date {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return model.Date{}
	}
	return dayOf(&t)
}

type cdxReader struct {
	doc   *Document
	known map[string]Product // by bom-ref; Parts is set for what stands in another one
	twice map[string]bool    // bom-refs that several components have
}

// maxNesting bounds components in components.
const maxNesting = 64

func (r *cdxReader) components(list *[]cdx.Component, within string, depth int) {
	switch {
	case list == nil:
		return
	case depth > maxNesting:
		r.doc.complain("components are nested more than %d deep; those further in are not known here", maxNesting)
		return
	}
	for i := range *list {
		r.component(&(*list)[i], within, depth)
	}
}

// component enters a component, and what stands in it, under its bom-ref.
func (r *cdxReader) component(c *cdx.Component, within string, depth int) {
	id := identity(c)
	p := Product{ID: id, Name: c.Name, Version: c.Version}
	if within != "" {
		outer := r.known[within]
		p = Product{ID: outer.ID, Name: outer.Name, Version: outer.Version, Parts: []string{id}}
	}
	if _, known := r.known[c.BOMRef]; known && !r.twice[c.BOMRef] {
		r.twice[c.BOMRef] = true
		r.doc.complain("several components have the bom-ref %q; what refers to it is not used", clip(c.BOMRef))
	}
	if c.BOMRef != "" {
		r.known[c.BOMRef] = p
	}
	if within == "" {
		within = c.BOMRef
	}
	r.components(c.Components, within, depth+1)
}

// identity is the name of a component.
func identity(c *cdx.Component) string {
	switch {
	case c.PackageURL != "":
		return c.PackageURL
	case c.CPE != "":
		return c.CPE
	case c.Group != "":
		return c.Group + "/" + c.Name
	}
	return c.Name
}

func (r *cdxReader) vulnerability(v *cdx.Vulnerability, what string) {
	s := Statement{Vulnerability: v.ID, Description: v.Description, Action: cleaned(v.Recommendation), Day: r.doc.Day}
	if s.Action == "" {
		s.Action = cleaned(v.Workaround)
	}
	if v.References != nil {
		for _, ref := range *v.References {
			if ref.ID != "" && ref.ID != v.ID {
				s.Aliases = append(s.Aliases, ref.ID)
			}
		}
		slices.Sort(s.Aliases)
	}
	own := map[string]string{}
	if v.Properties != nil {
		for _, p := range *v.Properties {
			own[p.Name] = p.Value
		}
	}
	s.Source, s.Fix = own[decisionProperty], own[fixProperty]
	if planned := own[plannedFixProperty]; s.Fix == "" && planned != "" {
		s.Fix, s.Planned = planned, true
		s.FixDay, _ = model.ParseDate(own[plannedDayProperty]) // none where it is no day
	}
	if v.Ratings != nil {
		for _, rating := range *v.Ratings {
			if strings.HasPrefix(rating.Vector, "CVSS:") || rating.Method == cdx.ScoringMethodCVSSv2 {
				s.CVSS = rating.Vector
			}
		}
	}
	r.analysis(&s, v.Analysis, own[justificationProperty], what)
	if v.Affects != nil {
		for _, a := range *v.Affects {
			r.affects(&s, a, what)
		}
	}
	slices.SortStableFunc(s.Products, func(a, b Product) int { return strings.Compare(a.ID, b.ID) })
	r.doc.add(s, what)
}

func (r *cdxReader) analysis(s *Statement, a *cdx.VulnerabilityAnalysis, own, what string) {
	if a == nil {
		return // the statement says nothing, and add says so
	}
	s.Reason = cleaned(a.Detail)
	if day := stamped(a.LastUpdated); !day.IsZero() {
		s.Day = day
	}
	switch a.State {
	case "":
	case cdx.IASResolvedWithPedigree:
		s.Status = "fixed"
	case cdx.IASFalsePositive:
		s.Status = "not-affected"
		r.doc.complain("%s: is called a false positive; no justification of VEX says this", what)
	default:
		for status, state := range states {
			if state == a.State {
				s.Status = status
			}
		}
		if s.Status == "" {
			r.doc.complain("%s: state %q is not known", what, clip(string(a.State)))
		}
	}
	if s.Justification = justified(own); s.Justification == "" && a.Justification != "" {
		if s.Justification = taken[a.Justification]; s.Justification == "" {
			r.doc.complain("%s: justification %q is not known", what, clip(string(a.Justification)))
		}
	}
	if s.Status != "not-affected" {
		s.Justification = ""
	}
}

// affects adds what a reference means. One that leads to another document stands for
// itself: nothing is fetched.
func (r *cdxReader) affects(s *Statement, a cdx.Affects, what string) {
	if r.twice[a.Ref] {
		r.doc.complain("%s: the reference %q is that of several components", what, clip(a.Ref))
		return
	}
	p, known := r.known[a.Ref]
	if !known {
		p = Product{ID: a.Ref}
		if a.Ref == "" {
			r.doc.complain("%s: a reference is empty", what)
			return
		}
	}
	if len(p.Parts) > 0 {
		for i := range s.Products {
			if s.Products[i].ID == p.ID && s.Products[i].Version == p.Version && len(s.Products[i].Parts) > 0 && s.Products[i].Range == "" {
				s.Products[i].Parts = append(s.Products[i].Parts, p.Parts...)
				slices.Sort(s.Products[i].Parts)
				return
			}
		}
		p.Parts = slices.Clone(p.Parts)
	}
	if a.Range == nil || len(*a.Range) == 0 {
		s.Products = append(s.Products, p)
		return
	}
	for _, v := range *a.Range {
		one := p
		switch {
		case v.Range != "":
			one.Version, one.Range = "", v.Range
		case v.Version != "":
			one.Version = v.Version
		}
		if !agrees(v.Status, s.Status) {
			r.doc.complain("%s: versions %s of %s are called %s, and the state is %s", what, clip(orElse(v.Range, v.Version)), clip(orElse(p.Name, p.ID)), v.Status, s.Status)
			continue
		}
		s.Products = append(s.Products, one)
	}
}

// agrees reports whether what is said of versions can stand beside a state. What is under
// investigation may be anything.
func agrees(versions cdx.VulnerabilityStatus, state model.VEXStatus) bool {
	switch {
	case versions == "" || state == "under-investigation":
		return true
	case state == "affected":
		return versions == cdx.VulnerabilityStatusAffected
	}
	return versions == cdx.VulnerabilityStatusNotAffected
}
