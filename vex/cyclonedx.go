package vex

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"theriac/csaf"
	"theriac/model"
)

// states are the states of analysis by our names.
var states = map[model.VEXStatus]cdx.ImpactAnalysisState{
	"not-affected": cdx.IASNotAffected, "affected": cdx.IASExploitable, "fixed": cdx.IASResolved, "under-investigation": cdx.IASInTriage,
}

// given are our justifications in the words of CycloneDX, which sorts them otherwise; the
// exact one goes beside it as a property.
var given = map[model.Justification]cdx.ImpactAnalysisJustification{
	"component-not-present": cdx.IAJCodeNotPresent, "vulnerable-code-not-present": cdx.IAJCodeNotPresent,
	"vulnerable-code-not-in-execute-path":               cdx.IAJCodeNotReachable,
	"vulnerable-code-cannot-be-controlled-by-adversary": cdx.IAJRequiresEnvironment,
	"inline-mitigations-already-exist":                  cdx.IAJProtectedByMitigatingControl,
}

// taken are the justifications of CycloneDX in our words.
var taken = map[cdx.ImpactAnalysisJustification]model.Justification{
	cdx.IAJCodeNotPresent: "vulnerable-code-not-present", cdx.IAJCodeNotReachable: "vulnerable-code-not-in-execute-path",
	cdx.IAJRequiresConfiguration: "vulnerable-code-not-in-execute-path", cdx.IAJRequiresDependency: "vulnerable-code-not-in-execute-path",
	cdx.IAJRequiresEnvironment: "vulnerable-code-cannot-be-controlled-by-adversary",
	cdx.IAJProtectedByCompiler: "inline-mitigations-already-exist", cdx.IAJProtectedAtRuntime: "inline-mitigations-already-exist",
	cdx.IAJProtectedAtPerimeter: "inline-mitigations-already-exist", cdx.IAJProtectedByMitigatingControl: "inline-mitigations-already-exist",
}

// Names of properties of ours.
const (
	justificationProperty = "theriac:justification"
	fixProperty           = "theriac:fix"
	plannedFixProperty    = "theriac:planned-fix"
	plannedDayProperty    = "theriac:planned-fix-day"
	labelProperty         = "theriac:tlp"
	decisionProperty      = "theriac:decision"
)

// WriteCycloneDX writes a document as CycloneDX 1.6: the releases as components, in them
// the parts that are affected, and a vulnerability for each statement.
func WriteCycloneDX(d *Document) ([]byte, error) {
	bom := cdx.NewBOM()
	w := &cdxWriter{refs: map[string]bool{}}
	list := []cdx.Vulnerability{}
	for _, s := range d.Statements {
		list = append(list, w.vulnerability(s))
	}
	bom.Vulnerabilities = &list
	bom.Metadata = &cdx.Metadata{}
	if t := timeOf(d.Day); t != nil {
		bom.Metadata.Timestamp = t.Format("2006-01-02T15:04:05Z")
	}
	if d.Author != "" {
		bom.Metadata.Authors = &[]cdx.OrganizationalContact{{Name: d.Author}}
	}
	if d.Label != "" && d.Label != "WHITE" {
		bom.Metadata.Properties = properties([2]string{labelProperty, "TLP:" + d.Label})
	}
	if len(w.products) > 0 {
		bom.Components = &w.products
	}
	text, err := encode(bom)
	if err != nil {
		return nil, err
	}
	bom.SerialNumber = d.ID
	if d.ID == "" {
		sum := sha256.Sum256(text)
		sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // RFC 9562 version 8
		h := hex.EncodeToString(sum[:16])
		bom.SerialNumber = fmt.Sprintf("urn:uuid:%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
	}
	return encode(bom)
}

// fixProperties tell the version that is fixed, or is to be and when.
func fixProperties(s Statement) [3][2]string {
	if s.Planned {
		return [3][2]string{{}, {plannedFixProperty, s.Fix}, {plannedDayProperty, s.FixDay.String()}}
	}
	return [3][2]string{{fixProperty, s.Fix}}
}

func encode(bom *cdx.BOM) ([]byte, error) {
	var out bytes.Buffer
	err := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).EncodeVersion(bom, cdx.SpecVersion1_6)
	return out.Bytes(), err
}

// cdxWriter gathers the components that statements speak of.
type cdxWriter struct {
	products []cdx.Component
	refs     map[string]bool
}

func (w *cdxWriter) vulnerability(s Statement) cdx.Vulnerability {
	v := cdx.Vulnerability{ID: s.Vulnerability, Description: s.Description, Analysis: &cdx.VulnerabilityAnalysis{State: states[s.Status], Justification: given[s.Justification], Detail: s.Reason}}
	if s.Day.String() != "" {
		v.Analysis.LastUpdated = s.Day.String() + "T00:00:00Z"
	}
	v.Recommendation = s.Action
	if s.Status == "affected" {
		response := []cdx.ImpactAnalysisResponse{}
		if s.Fix != "" && !s.Planned {
			response = append(response, cdx.IARUpdate)
		}
		if csaf.Mitigates(s.Action) {
			response = append(response, cdx.IARWorkaroundAvailable)
		}
		if len(response) > 0 {
			v.Analysis.Response = &response
		}
	}
	v.References = references(s.Aliases)
	fix := fixProperties(s)
	v.Properties = properties([2]string{decisionProperty, s.Source}, [2]string{justificationProperty, string(s.Justification)}, fix[0], fix[1], fix[2])
	v.Ratings = ratings(s.CVSS)
	affects := []cdx.Affects{}
	for _, p := range s.Products {
		affects = append(affects, w.affects(p, s.Status)...)
	}
	if len(affects) > 0 {
		v.Affects = &affects
	}
	return v
}

// references are the other ids of a vulnerability.
func references(aliases []string) *[]cdx.VulnerabilityReference {
	if len(aliases) == 0 {
		return nil
	}
	list := []cdx.VulnerabilityReference{}
	for _, a := range aliases {
		list = append(list, cdx.VulnerabilityReference{ID: a, Source: &cdx.Source{Name: sourceOf(a)}})
	}
	return &list
}

// sourceOf is the list from which an id comes.
func sourceOf(id string) string {
	name, _, _ := strings.Cut(id, "-")
	return name
}

// ratings are a vector, with the score that counts where it is of CVSS v3.
func ratings(vector string) *[]cdx.VulnerabilityRating {
	methods := map[string]cdx.ScoringMethod{
		"CVSS:3.1": cdx.ScoringMethodCVSSv31, "CVSS:3.0": cdx.ScoringMethodCVSSv3, "CVSS:4.0": cdx.ScoringMethodCVSSv4,
	}
	head, _, _ := strings.Cut(vector, "/")
	method := methods[head]
	if strings.HasPrefix(head, "AV:") {
		method = cdx.ScoringMethodCVSSv2
	}
	if method == "" {
		return nil
	}
	one := cdx.VulnerabilityRating{Method: method, Vector: vector}
	if s := csaf.ScoreOf(vector); s != nil {
		score, word := s.BaseScore, s.BaseSeverity
		switch {
		case s.EenvironmentalScore != nil:
			score, word = s.EenvironmentalScore, s.EnvironmentalSeverity
		case s.TemporalScore != nil:
			score, word = s.TemporalScore, s.TemporalSeverity
		}
		one.Score, one.Severity = score, cdx.Severity(strings.ToLower(deref(word)))
	}
	return &[]cdx.VulnerabilityRating{one}
}

func properties(list ...[2]string) *[]cdx.Property {
	var all []cdx.Property
	for _, p := range list {
		if p[1] != "" {
			all = append(all, cdx.Property{Name: p[0], Value: p[1]})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &all
}

// affects refers to the parts of a product, or to the product itself, and adds them to
// the components.
func (w *cdxWriter) affects(p Product, status model.VEXStatus) []cdx.Affects {
	whole := refOf(p)
	if !w.refs[whole] {
		w.refs[whole] = true
		c := cdx.Component{BOMRef: whole, Type: cdx.ComponentTypeDevice, Name: orElse(p.Name, p.ID), Version: p.Version}
		identify(&c, p.ID)
		w.products = append(w.products, c)
	}
	if len(p.Parts) == 0 {
		a := cdx.Affects{Ref: whole}
		affected := cdx.VulnerabilityStatusNotAffected
		switch status {
		case "affected":
			affected = cdx.VulnerabilityStatusAffected
		case "under-investigation":
			affected = cdx.VulnerabilityStatusUnknown
		}
		if p.Range != "" {
			a.Range = &[]cdx.AffectedVersions{{Range: p.Range, Status: affected}}
		} else if p.Version != "" {
			a.Range = &[]cdx.AffectedVersions{{Version: p.Version, Status: affected}}
		}
		return []cdx.Affects{a}
	}
	at := slices.IndexFunc(w.products, func(c cdx.Component) bool { return c.BOMRef == whole })
	inside := &w.products[at]
	var all []cdx.Affects
	for _, part := range p.Parts {
		ref := whole + "|" + part
		all = append(all, cdx.Affects{Ref: ref})
		if w.refs[ref] {
			continue
		}
		w.refs[ref] = true
		c := cdx.Component{BOMRef: ref, Type: cdx.ComponentTypeLibrary, Name: part}
		if purl, ok := parsePURL(part); ok {
			c.Group, c.Name, c.Version = purl.Namespace, purl.Name, purl.Version
		}
		identify(&c, part)
		if inside.Components == nil {
			inside.Components = &[]cdx.Component{}
		}
		*inside.Components = append(*inside.Components, c)
	}
	return all
}

// refOf is what a product is referred to by: its id, and its version where that holds none.
func refOf(p Product) string {
	if p.Version == "" || purlVersion(p.ID) == p.Version {
		return p.ID
	}
	return p.ID + "@" + p.Version
}

// identify sets the identifier that a name is.
func identify(c *cdx.Component, id string) {
	switch {
	case strings.HasPrefix(id, "pkg:"):
		c.PackageURL = id
	case strings.HasPrefix(id, "cpe:"):
		c.CPE = id
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
