package feed

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"theriac/vuln"
)

// NVD reads what the National Vulnerability Database publishes: pages of the API and
// feeds of version 2.0, and the older feeds of version 1.1.
//
// A product is affected under the ecosystem CPE, once for each name without its
// version. A configuration that needs a platform besides is one of its products; the
// platform, which is not vulnerable, is left out. A version "-" is a product without
// version: it is listed so, and also a version in words, as the advisory may mean any. What was rejected is handed on as withdrawn, without products, so that it
// replaces what was known of it; it is counted, and so is what names no product yet.
func NVD(ctx context.Context, path string, emit func(*vuln.Record) error) (Stats, error) {
	var stats Stats
	err := walk(ctx, path, &stats, []string{".json"}, func(file string, in io.Reader) error {
		n := nvdReader{stats: &stats, file: file, emit: emit, names: map[string]nvdName{}}
		return n.read(in)
	})
	return stats, err
}

// nvdReader reads one file.
type nvdReader struct {
	stats  *Stats
	file   string
	emit   func(*vuln.Record) error
	names  map[string]nvdName // that were taken apart
	failed error              // of emit
}

type nvdName struct {
	cpe
	err error
}

// maxNames bounds the names that are remembered.
const maxNames = 50_000

func (n *nvdReader) read(in io.Reader) error {
	found := 0
	err := elements(in, []string{"vulnerabilities", "CVE_Items"}, func(item *nvdItem) error {
		found++
		n.failed = n.item(item)
		return n.failed
	}, nil)
	switch {
	case n.failed != nil:
		return n.failed
	case err == errShape || err == nil && found == 0:
		n.stats.lost(n.file, "no list of vulnerabilities")
	case err != nil:
		n.stats.lost(n.file, reason(err))
	}
	return nil
}

// nvdItem is an element of both versions: 2.0 has all under cve.
type nvdItem struct {
	CVE            nvdCVE           `json:"cve"`
	Configurations nvdConfiguration `json:"configurations"`
	Impact         struct {
		V2 struct {
			CVSS nvdVector `json:"cvssV2"`
		} `json:"baseMetricV2"`
		V3 struct {
			CVSS nvdVector `json:"cvssV3"`
		} `json:"baseMetricV3"`
	} `json:"impact"`
	PublishedDate    string `json:"publishedDate"`
	LastModifiedDate string `json:"lastModifiedDate"`
}

type nvdCVE struct {
	ID             string             `json:"id"`
	Published      string             `json:"published"`
	LastModified   string             `json:"lastModified"`
	Status         string             `json:"vulnStatus"`
	Descriptions   []nvdText          `json:"descriptions"`
	Metrics        nvdMetrics         `json:"metrics"`
	Weaknesses     []nvdWeakness      `json:"weaknesses"`
	Configurations []nvdConfiguration `json:"configurations"`
	References     nvdReferences      `json:"references"`

	Meta struct { // 1.1
		ID string `json:"ID"`
	} `json:"CVE_data_meta"`
	Description struct {
		Data []nvdText `json:"description_data"`
	} `json:"description"`
	Problem struct {
		Data []nvdWeakness `json:"problemtype_data"`
	} `json:"problemtype"`
}

type nvdText struct{ Lang, Value string }

type nvdWeakness struct{ Description []nvdText }

type nvdMetrics struct {
	V4  []nvdMetric `json:"cvssMetricV40"`
	V31 []nvdMetric `json:"cvssMetricV31"`
	V30 []nvdMetric `json:"cvssMetricV30"`
	V2  []nvdMetric `json:"cvssMetricV2"`
}

type nvdMetric struct {
	Type string    `json:"type"` // Primary is NVD's own or the one that it takes over
	CVSS nvdVector `json:"cvssData"`
}

type nvdVector struct {
	Vector string `json:"vectorString"`
}

type nvdConfiguration struct {
	Negate bool      `json:"negate"`
	Nodes  []nvdNode `json:"nodes"`
}

type nvdNode struct {
	Negate   bool       `json:"negate"`
	Match    []nvdMatch `json:"cpeMatch"`
	OldMatch []nvdMatch `json:"cpe_match"`
	Children []nvdNode  `json:"children"`
}

type nvdMatch struct {
	Vulnerable     bool   `json:"vulnerable"`
	Criteria       string `json:"criteria"`
	OldCriteria    string `json:"cpe23Uri"`
	StartIncluding string `json:"versionStartIncluding"`
	StartExcluding string `json:"versionStartExcluding"`
	EndIncluding   string `json:"versionEndIncluding"`
	EndExcluding   string `json:"versionEndExcluding"`
}

// nvdReferences is a list in 2.0, an object with a list in 1.1.
type nvdReferences []struct {
	URL string `json:"url"`
}

func (r *nvdReferences) UnmarshalJSON(data []byte) error {
	type list nvdReferences
	if len(data) > 0 && data[0] == '{' {
		var old struct {
			Data *list `json:"reference_data"`
		}
		old.Data = (*list)(r)
		return json.Unmarshal(data, &old)
	}
	return json.Unmarshal(data, (*list)(r))
}

func (n *nvdReader) item(item *nvdItem) error {
	if item == nil {
		n.stats.lost(n.file, "record of another shape")
		return nil
	}
	c := &item.CVE
	r := &vuln.Record{ID: or(c.ID, c.Meta.ID), Source: "nvd"}
	if !isCVE(r.ID) {
		n.stats.lost(n.file, "record without CVE id")
		return nil
	}
	r.Summary = english(append(c.Descriptions, c.Description.Data...))
	r.Published, _ = when(or(c.Published, item.PublishedDate))
	var dated bool
	if r.Modified, dated = when(or(c.LastModified, item.LastModifiedDate)); !dated {
		n.stats.lost(n.file+" "+r.ID, "record without date of change")
	}
	r.Severities = item.severities()
	r.CWEs = nvdWeaknesses(append(c.Weaknesses, c.Problem.Data...))
	r.URLs = []string{"https://nvd.nist.gov/vuln/detail/" + r.ID}
	for _, reference := range c.References {
		if reference.URL != "" && !slices.Contains(r.URLs, reference.URL) && len(r.URLs) < maxURLs {
			r.URLs = append(r.URLs, reference.URL)
		}
	}
	if rejected(c.Status, r.Summary) {
		if r.Withdrawn = r.Modified; !dated {
			return nil // without a date it cannot be told from one that stands
		}
		n.stats.lost(n.file+" "+r.ID, "rejected CVE")
	} else {
		r.Affected = n.products(item, n.file+" "+r.ID)
		if len(r.Affected) == 0 {
			n.stats.lost(n.file+" "+r.ID, "record that names no product yet")
		}
	}
	n.stats.seen(r.Modified)
	n.stats.Records++
	return n.emit(r)
}

func rejected(status, summary string) bool {
	return status == "Rejected" || strings.HasPrefix(summary, "** REJECT **") || strings.HasPrefix(summary, "Rejected reason:")
}

// severities are the vectors, primary ones first, each once.
func (item *nvdItem) severities() []vuln.Severity {
	var list []vuln.Severity
	add := func(kind, vector string) {
		s := vuln.Severity{Kind: kind, Value: vector}
		if vector != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	m := &item.CVE.Metrics
	for _, set := range []struct {
		kind    string
		metrics []nvdMetric
	}{{"CVSS_V4", m.V4}, {"CVSS_V3", m.V31}, {"CVSS_V3", m.V30}, {"CVSS_V2", m.V2}} {
		for _, primary := range []bool{true, false} {
			for _, metric := range set.metrics {
				if (metric.Type == "Primary") == primary {
					add(set.kind, metric.CVSS.Vector)
				}
			}
		}
	}
	add("CVSS_V3", item.Impact.V3.CVSS.Vector)
	add("CVSS_V2", strings.Trim(item.Impact.V2.CVSS.Vector, "()"))
	return list
}

func english(texts []nvdText) string {
	for _, t := range texts {
		if t.Lang == "en" || strings.HasPrefix(t.Lang, "en-") {
			return t.Value
		}
	}
	return ""
}

func nvdWeaknesses(list []nvdWeakness) []string {
	var ids []string
	for _, w := range list {
		for _, d := range w.Description {
			if isNumbered(d.Value, "CWE-") && !slices.Contains(ids, d.Value) {
				ids = append(ids, d.Value)
			}
		}
	}
	return ids
}

// products are the products of all configurations, in the order of their first mention.
func (n *nvdReader) products(item *nvdItem, place string) []vuln.Affected {
	p := nvdProducts{reader: n, place: place, index: map[string]int{}}
	for _, c := range append(item.CVE.Configurations, item.Configurations) {
		if c.Negate {
			n.stats.lost(place, "negated configuration")
			continue
		}
		p.nodes(c.Nodes, 0)
	}
	return p.list
}

type nvdProducts struct {
	reader *nvdReader
	place  string // file and CVE
	list   []vuln.Affected
	index  map[string]int // place in list, by CPE
	seen   map[string]bool
}

func (p *nvdProducts) nodes(nodes []nvdNode, depth int) {
	for i := range nodes {
		node := &nodes[i]
		if node.Negate || depth > 16 {
			p.reader.stats.lost(p.place, "negated configuration")
			continue
		}
		for _, list := range [][]nvdMatch{node.Match, node.OldMatch} {
			for j := range list {
				p.match(&list[j])
			}
		}
		p.nodes(node.Children, depth+1)
	}
}

func (p *nvdProducts) match(m *nvdMatch) {
	if !m.Vulnerable {
		return
	}
	c, err := p.reader.cpe(or(m.Criteria, m.OldCriteria))
	if err != nil {
		p.reader.stats.lost(p.place, errCPE.Error())
		return
	}
	i, known := p.index[c.any]
	if !known {
		i = len(p.list)
		p.index[c.any] = i
		p.list = append(p.list, vuln.Affected{Ecosystem: "CPE", Name: c.name, CPE: c.any})
	}
	a, events := &p.list[i], m.events()
	switch {
	case c.pattern:
		if p.first(c.any, "~"+c.version) {
			a.VersionText = joined(a.VersionText, c.version)
		}
	case c.version != "*":
		if p.first(c.any, "="+c.version) {
			a.Versions = append(a.Versions, c.version)
			if c.version == "-" {
				a.VersionText = joined(a.VersionText, "no version is given")
			}
		}
	case len(events) == 0:
		events = []vuln.Event{{Kind: vuln.Introduced, Version: "0"}}
	}
	if len(events) > 0 && p.first(c.any, m.StartIncluding, m.StartExcluding, m.EndIncluding, m.EndExcluding) {
		a.Ranges = append(a.Ranges, vuln.Range{Kind: vuln.InEcosystem, Events: events})
	}
}

// first says whether something is said for the first time.
func (p *nvdProducts) first(what ...string) bool {
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	key := strings.Join(what, "\x00")
	if p.seen[key] {
		return false
	}
	p.seen[key] = true
	return true
}

// events are the bounds; without a beginning they hold from the first version on.
func (m *nvdMatch) events() []vuln.Event {
	var list []vuln.Event
	switch {
	case m.StartIncluding != "":
		list = append(list, vuln.Event{Kind: vuln.Introduced, Version: m.StartIncluding})
	case m.StartExcluding != "":
		list = append(list, vuln.Event{Kind: vuln.After, Version: m.StartExcluding})
	case m.EndIncluding != "" || m.EndExcluding != "":
		list = append(list, vuln.Event{Kind: vuln.Introduced, Version: "0"})
	}
	switch {
	case m.EndExcluding != "":
		list = append(list, vuln.Event{Kind: vuln.Fixed, Version: m.EndExcluding})
	case m.EndIncluding != "":
		list = append(list, vuln.Event{Kind: vuln.LastAffected, Version: m.EndIncluding})
	}
	return list
}

func (n *nvdReader) cpe(s string) (cpe, error) {
	if known, ok := n.names[s]; ok {
		return known.cpe, known.err
	}
	c, err := parseCPE(s)
	if len(n.names) >= maxNames {
		clear(n.names)
	}
	n.names[s] = nvdName{c, err}
	return c, err
}
