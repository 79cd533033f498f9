package collect

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"theriac/evidence"
)

// The CycloneDX collector reads lists of components in JSON or XML, 1.2 to 1.7.
// Components within components count, those of a pedigree do not, nor does the
// product that the list is of.
//
// A list with vulnerabilities is a scan, or the analysis of one (VEX), with a
// case for each vulnerability of each component. It fails from medium on unless
// told otherwise. Those that were analysed as not_affected, false_positive or
// resolved pass; in_triage is inconclusive.
//
// Source: CycloneDX specification 1.7 (ECMA-424).
var _ = add(Collector{
	Name:  "cyclonedx",
	Title: "CycloneDX",
	Kind:  "sbom",
	Looks: looksCycloneDX,
	Read:  readCycloneDX,
})

const cycloneSpace = "http://cyclonedx.org/schema/bom/"

func looksCycloneDX(_ string, data []byte) bool {
	if root, ok := rootXML(data); ok {
		return root.Name.Local == "bom" && strings.HasPrefix(root.Name.Space, cycloneSpace)
	}
	h := headOf(data)
	if h.List {
		return false
	}
	// Some tools sort the members, and the format stands where the head does not
	// reach.
	late := h.has("components") && !h.has("bomFormat") && bytes.Contains(data, []byte(`"bom-ref"`))
	return h.Members["bomFormat"] == "CycloneDX" || late
}

func readCycloneDX(in *Source) (*Report, error) {
	bom, version, err := decodeCycloneDX(in)
	if err != nil {
		return nil, err
	}
	list := componentList{labels: map[string]string{}}
	if err := list.see(bom.Components); err != nil {
		return nil, err
	}
	r := &Report{}
	if m := bom.Metadata; m != nil {
		r.Tool, r.Finished = toolOfBOM(m.Tools), timeOf(m.Timestamp)
		if m.Component != nil {
			list.labels[m.Component.BOMRef] = labelOf(m.Component)
		}
	}
	if bom.Vulnerabilities != nil && len(*bom.Vulnerabilities) > 0 {
		r.Kind = "vulnerability-scan"
		return r, list.scan(r, *bom.Vulnerabilities, limit(in, evidence.Medium))
	}
	r.Details.SBOM = &evidence.SBOM{Format: "CycloneDX " + version, Components: list.all, Unnamed: list.unnamed}
	r.Whole = wholeOf(nil, list.all > 0)
	return r, nil
}

// decodeCycloneDX decodes a list and tells its version.
func decodeCycloneDX(in *Source) (bom *cdx.BOM, version string, err error) {
	if err := sized(in); err != nil {
		return nil, "", err
	}
	bom = &cdx.BOM{}
	if !startsJSON(in.Data) {
		err = guarded("list", func() error { return decodeXML(in.Data, bom, "bom") })
		version, _ = strings.CutPrefix(bom.XMLName.Space, cycloneSpace)
	} else {
		err = guarded("list", func() error { return decodeJSON(in.Data, bom) })
		version = bom.SpecVersion.String()
		if err == nil && bom.BOMFormat != "CycloneDX" {
			err = malformed(0, "bomFormat is %q, not \"CycloneDX\"", clean(bom.BOMFormat))
		}
	}
	if err == nil && !slices.Contains([]string{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}, version) {
		err = malformed(0, "the version of the format is %q; 1.2 to 1.7 are read", clean(version))
	}
	return bom, version, err
}

// componentList counts components, and knows how they are called.
type componentList struct {
	all, unnamed int
	labels       map[string]string // by bom-ref
}

func (l *componentList) see(list *[]cdx.Component) error {
	if list == nil {
		return nil
	}
	for i := range *list {
		c := &(*list)[i]
		if c.Name == "" {
			return malformed(0, "component %q has no name", clean(cmp.Or(c.BOMRef, c.PackageURL)))
		}
		if l.all++; !identified(c) {
			l.unnamed++
		}
		if err := counted(l.all); err != nil {
			return err
		}
		if c.BOMRef != "" {
			l.labels[c.BOMRef] = labelOf(c)
		}
		if err := l.see(c.Components); err != nil {
			return err
		}
	}
	return nil
}

// identified tells whether a component can be looked up: it has a version and an
// identifier. A file has no version; its hash names it.
func identified(c *cdx.Component) bool {
	hashed := c.Hashes != nil && len(*c.Hashes) > 0
	if c.Type == cdx.ComponentTypeFile {
		return hashed
	}
	named := c.PackageURL != "" || c.CPE != "" || hashed || c.SWID != nil && c.SWID.TagID != "" ||
		c.SWHID != nil && len(*c.SWHID) > 0 || c.OmniborID != nil && len(*c.OmniborID) > 0
	return c.Version != "" && named
}

// labelOf is a component as ids of findings name it.
func labelOf(c *cdx.Component) string {
	name := c.Name
	if c.Group != "" {
		name = c.Group + "/" + name
	}
	return label(name, c.Version)
}

// label names a component with its version, where there is one.
func label(name, version string) string {
	if version == "" {
		return name
	}
	return name + "@" + version
}

// toolOfBOM is the first tool that a list names.
func toolOfBOM(tools *cdx.ToolsChoice) evidence.Tool {
	switch {
	case tools == nil:
	case tools.Components != nil && len(*tools.Components) > 0:
		c := (*tools.Components)[0]
		return evidence.Tool{Name: clean(c.Name), Version: clean(c.Version)}
	case tools.Tools != nil && len(*tools.Tools) > 0:
		t := (*tools.Tools)[0]
		return evidence.Tool{Name: clean(t.Name), Version: clean(t.Version)}
	}
	return evidence.Tool{}
}

// scan reports the vulnerabilities of a list.
func (l *componentList) scan(r *Report, all []cdx.Vulnerability, failAt evidence.Severity) error {
	f := newFindings(failAt)
	for i := range all {
		v := &all[i]
		id := cmp.Or(v.ID, v.BOMRef)
		if id == "" {
			return malformed(0, "vulnerability %d has no id", i+1)
		}
		for _, target := range targetsOf(v) {
			c := Case{ID: id, Title: cmp.Or(v.Description, v.Detail), Severity: ratedBy(v.Ratings), Items: wordsOf(v)}
			if target.Ref != "" {
				c.At = cmp.Or(l.labels[target.Ref], target.Ref)
				c.ID += "@" + c.At
			}
			outcome, err := analysed(v, target, outcomeOf(c.Severity, failAt))
			if err != nil {
				return err
			}
			c.Outcome = outcome
			if err := f.note(c); err != nil {
				return err
			}
		}
	}
	f.scan(r, true, evidence.Scan{Components: l.all})
	return nil
}

// targetsOf lists what a vulnerability affects; one that names nothing speaks of
// the product.
func targetsOf(v *cdx.Vulnerability) []cdx.Affects {
	if v.Affects == nil || len(*v.Affects) == 0 {
		return []cdx.Affects{{}}
	}
	return *v.Affects
}

// analysed is the outcome of a vulnerability after its analysis, if any.
func analysed(v *cdx.Vulnerability, target cdx.Affects, otherwise evidence.Outcome) (evidence.Outcome, error) {
	state := cdx.ImpactAnalysisState("")
	if v.Analysis != nil {
		state = v.Analysis.State
	}
	switch state {
	case cdx.IASNotAffected, cdx.IASFalsePositive, cdx.IASResolved, cdx.IASResolvedWithPedigree:
		return evidence.Pass, nil
	case cdx.IASInTriage:
		return evidence.Open, nil
	case cdx.IASExploitable:
		return otherwise, nil
	case "":
	default:
		return "", malformed(0, "vulnerability %s: %q is no state of an analysis", clean(v.ID), clean(string(state)))
	}
	if v.Rejected != "" {
		return evidence.Skips, nil
	}
	return ofVersions(target.Range, otherwise), nil
}

// ofVersions is the outcome by what is said of the versions of a component: it
// passes when all are unaffected.
func ofVersions(versions *[]cdx.AffectedVersions, otherwise evidence.Outcome) evidence.Outcome {
	if versions == nil || len(*versions) == 0 {
		return otherwise
	}
	outcome := evidence.Pass
	for _, v := range *versions {
		switch v.Status {
		case cdx.VulnerabilityStatusNotAffected:
		case cdx.VulnerabilityStatusUnknown:
			outcome = worstOutcome(outcome, evidence.Open)
		default: // affected, which is also what the absent status means
			return otherwise
		}
	}
	return outcome
}

// ratedBy is the worst of several ratings.
func ratedBy(ratings *[]cdx.VulnerabilityRating) evidence.Severity {
	severity := unrated
	if ratings != nil {
		for _, r := range *ratings {
			severity = worst(severity, rated(&r))
		}
	}
	return severity
}

// rated reads one rating: the word, else the vector, else the score where its
// scale is that of CVSS.
func rated(r *cdx.VulnerabilityRating) evidence.Severity {
	if s := severityOf(string(r.Severity)); s != unrated {
		return s
	}
	if s := vectorSeverity(r.Vector); s != unrated || r.Score == nil {
		return s
	}
	switch r.Method {
	case cdx.ScoringMethodCVSSv3, cdx.ScoringMethodCVSSv31, cdx.ScoringMethodCVSSv4:
		return scoreSeverity(*r.Score)
	case cdx.ScoringMethodCVSSv2:
		return noCritical(scoreSeverity(*r.Score))
	}
	return unrated
}

func wordsOf(v *cdx.Vulnerability) []string {
	words := []string{v.ID, v.BOMRef}
	if v.References != nil {
		for _, r := range *v.References {
			words = append(words, r.ID)
		}
	}
	if v.Properties != nil {
		for _, p := range *v.Properties {
			words = append(words, p.Name, p.Value)
		}
	}
	return words
}
