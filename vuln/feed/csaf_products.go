package feed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gocsaf/csaf/v3/csaf"

	"theriac/vuln"
)

// csafProducts makes of the product status of a vulnerability what is affected.
type csafProducts struct {
	document      *csafDocument
	vulnerability *csaf.Vulnerability
	scores        []csafScore
	place         string // file and record

	list  []vuln.Affected
	index map[string]int  // place in list of what says the same
	said  map[string]bool // versions and ranges of list
	all   []vuln.Severity // of all scores, each once
}

// maxScores bounds the scores of one vulnerability: each is asked for each product.
const maxScores = 100

// csafScore is a severity with the products that it is for.
type csafScore struct {
	severity vuln.Severity
	products map[csaf.ProductID]bool
}

func newProducts(d *csafDocument, v *csaf.Vulnerability, place string) *csafProducts {
	p := &csafProducts{document: d, vulnerability: v, place: place, index: map[string]int{}, said: map[string]bool{}}
	p.scores = scoresOf(v)
	if len(v.Scores) > maxScores {
		d.stats.lost(place, "more scores than are read of one vulnerability")
	}
	for _, s := range p.scores {
		if !slices.Contains(p.all, s.severity) {
			p.all = append(p.all, s.severity)
		}
	}
	return p
}

func scoresOf(v *csaf.Vulnerability) []csafScore {
	var list []csafScore
	for _, s := range v.Scores[:min(len(v.Scores), maxScores)] {
		if s == nil {
			continue
		}
		products := map[csaf.ProductID]bool{}
		for _, id := range ids(s.Products) {
			products[id] = true
		}
		if s.CVSS3 != nil && s.CVSS3.VectorString != nil {
			list = append(list, csafScore{vuln.Severity{Kind: "CVSS_V3", Value: value(s.CVSS3.VectorString)}, products})
		}
		if s.CVSS2 != nil && s.CVSS2.VectorString != nil {
			list = append(list, csafScore{vuln.Severity{Kind: "CVSS_V2", Value: value(s.CVSS2.VectorString)}, products})
		}
	}
	return list
}

// severities are those of all products, each once; the word of the document where
// there is no score.
func (p *csafProducts) severities() []vuln.Severity {
	aggregate := p.document.advisory.Document.AggregateSeverity
	if len(p.all) > 0 || aggregate == nil {
		return p.all
	}
	switch word := strings.ToLower(value(aggregate.Text)); word {
	case "critical", "high", "medium", "low":
		return []vuln.Severity{{Kind: "word", Value: word}}
	case "important":
		return []vuln.Severity{{Kind: "word", Value: "high"}}
	case "moderate":
		return []vuln.Severity{{Kind: "word", Value: "medium"}}
	}
	return nil
}

// own are the severities of a product where the record has others besides.
func (p *csafProducts) own(id csaf.ProductID) []vuln.Severity {
	var list []vuln.Severity
	for _, s := range p.scores {
		if s.products[id] && !slices.Contains(list, s.severity) {
			list = append(list, s.severity)
		}
	}
	if len(list) == len(p.all) {
		return nil
	}
	return list
}

func (p *csafProducts) affected() []vuln.Affected {
	status := p.vulnerability.ProductStatus
	if status == nil {
		return nil
	}
	unfixed := p.unfixed()
	for _, list := range []*csaf.Products{status.KnownAffected, status.FirstAffected, status.LastAffected} {
		for _, id := range ids(list) {
			for _, product := range p.products(id) {
				for _, a := range product.affected() {
					a.Unfixed, a.Severities = unfixed[id], p.own(id)
					p.add(a)
				}
			}
		}
	}
	for _, list := range []*csaf.Products{status.Fixed, status.FirstFixed} {
		for _, id := range ids(list) {
			for _, product := range p.products(id) {
				if a, ok := product.before(); ok {
					a.Severities = p.own(id)
					p.add(a)
				}
			}
		}
	}
	if n := len(ids(status.UnderInvestigation)); n > 0 {
		p.document.stats.lost(p.place, "products under investigation")
	}
	return p.list
}

func (p *csafProducts) products(id csaf.ProductID) []*csafProduct {
	list := p.document.tree.find(id)
	if len(list) == 0 {
		p.document.stats.lost(p.place, "product that the document does not define")
	}
	return list
}

// add merges what is said of the same package under the same conditions.
func (p *csafProducts) add(a vuln.Affected) {
	key := fmt.Sprintf("%q %q %q %q %v", a.Ecosystem, a.Name, a.CPE, a.Severities, a.Unfixed)
	i, ok := p.index[key]
	if !ok {
		i = len(p.list)
		p.index[key] = i
		p.list = append(p.list, a)
		p.list[i].Versions, p.list[i].Ranges, p.list[i].VersionText = nil, nil, ""
	}
	known := &p.list[i]
	for _, version := range a.Versions {
		if p.first(i, version) {
			known.Versions = append(known.Versions, version)
		}
	}
	for _, r := range a.Ranges {
		if p.first(i, fmt.Sprint(r)) {
			known.Ranges = append(known.Ranges, r)
		}
	}
	if a.VersionText != "" && p.first(i, "text "+a.VersionText) {
		known.VersionText = joined(known.VersionText, a.VersionText)
	}
}

// first says whether something is said of the package at i for the first time.
func (p *csafProducts) first(i int, what string) bool {
	key := fmt.Sprint(i, " ", what)
	if p.said[key] {
		return false
	}
	p.said[key] = true
	return true
}

// unfixed are the products of which the supplier says that there is no fix (3.2.3.12.1).
func (p *csafProducts) unfixed() map[csaf.ProductID]bool {
	set := map[csaf.ProductID]bool{}
	for _, r := range p.vulnerability.Remediations {
		if r == nil || r.Category == nil {
			continue
		}
		switch *r.Category {
		case csaf.CSAFRemediationCategoryNoFixPlanned, csaf.CSAFRemediationCategoryNoneAvailable:
			for _, id := range ids(r.ProductIds) {
				set[id] = true
			}
		}
	}
	return set
}

// ids are the product ids of a list that may be absent or have gaps.
func ids(list *csaf.Products) []csaf.ProductID {
	if list == nil {
		return nil
	}
	out := make([]csaf.ProductID, 0, len(*list))
	for _, id := range *list {
		if id != nil {
			out = append(out, *id)
		}
	}
	return out
}
