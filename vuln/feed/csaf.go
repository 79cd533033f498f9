package feed

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gocsaf/csaf/v3/csaf"

	"theriac/vuln"
)

// CSAF reads advisories of CSAF 2.0 (OASIS), one a file.
//
// Each vulnerability of a document is a record: the document's id, #, and the CVE,
// which is the record's only alias besides GHSA ids, so that two vulnerabilities of a
// document are never taken for one. Products are affected that are known_affected,
// first_affected or last_affected (3.2.3.9), and packages of distributions in
// versions before one that is fixed. A product is its package URL, its CPE, both, or
// else the names of vendor and product (vuln.NormalProduct).
//
// What is known_not_affected, recommended or under investigation makes nobody
// affected and is left out; documents that say nothing else are counted.
func CSAF(ctx context.Context, path string, emit func(*vuln.Record) error) (Stats, error) {
	var stats Stats
	err := walk(ctx, path, &stats, []string{".json"}, func(file string, in io.Reader) error {
		data, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
		switch {
		case err != nil:
			stats.lost(file, reason(err))
			return nil
		case len(data) > maxDocument:
			stats.lost(file, errLarge.Error())
			return nil
		}
		advisory := readAdvisory(data, func(why string) { stats.lost(file, why) })
		if advisory == nil {
			return nil
		}
		d := csafDocument{stats: &stats, file: file, advisory: advisory}
		for _, r := range d.records() {
			stats.seen(r.Modified)
			stats.Records++
			if err := emit(r); err != nil {
				return err
			}
		}
		return nil
	})
	return stats, err
}

// maxDocument is how many bytes a document may have.
const maxDocument = 64 << 20

// csafDocument makes records of a document.
type csafDocument struct {
	stats    *Stats
	file     string
	advisory *csaf.Advisory

	tree     *csafTree
	id       string
	initial  time.Time
	current  time.Time
	withdraw bool
}

func (d *csafDocument) records() []*vuln.Record {
	tracking := d.advisory.Document.Tracking
	d.id = clean(value(tracking.ID))
	d.initial, _ = when(value(tracking.InitialReleaseDate))
	var dated bool
	if d.current, dated = when(value(tracking.CurrentReleaseDate)); !dated {
		d.stats.lost(d.file, "document without date of release")
	}
	// Categories of CSAF 2.1 for documents that no longer stand.
	category := value(d.advisory.Document.Category)
	d.withdraw = dated && (category == "csaf_withdrawn" || category == "csaf_superseded")
	if len(d.advisory.Vulnerabilities) == 0 {
		d.stats.lost(d.file, "document without vulnerability")
	}
	d.tree = newTree(d.advisory.ProductTree, func(why string) { d.stats.lost(d.file, why) })
	var list []*vuln.Record
	used := map[string]int{}
	for i, v := range d.advisory.Vulnerabilities {
		if v == nil {
			d.stats.lost(d.file, "vulnerability of another shape")
			continue
		}
		r := d.record(v, i)
		if used[r.ID]++; used[r.ID] > 1 {
			r.ID = fmt.Sprintf("%s#%d", r.ID, used[r.ID])
		}
		list = append(list, r)
	}
	return list
}

func (d *csafDocument) record(v *csaf.Vulnerability, i int) *vuln.Record {
	r := &vuln.Record{Source: "csaf", Published: d.initial, Modified: d.current, Summary: or(value(v.Title), value(d.advisory.Document.Title))}
	if d.withdraw {
		r.Withdrawn = d.current
	}
	name := value(v.CVE)
	if isCVE(name) {
		r.Aliases = append(r.Aliases, name)
	}
	for _, id := range v.IDs {
		if id == nil || id.Text == nil {
			continue
		}
		if text := strings.TrimSpace(*id.Text); strings.HasPrefix(text, "GHSA-") || isCVE(text) && text != name {
			r.Aliases = append(r.Aliases, text)
		}
		name = or(name, clean(*id.Text))
	}
	r.ID = d.id + "#" + or(name, fmt.Sprint(i+1))
	if v.CWE != nil && isNumbered(value(v.CWE.ID), "CWE-") {
		r.CWEs = []string{value(v.CWE.ID)}
	}
	r.URLs = d.urls(v)
	p := newProducts(d, v, d.file+" "+r.ID)
	r.Affected, r.Severities = p.affected(), p.severities()
	if len(r.Affected) == 0 {
		d.stats.lost(p.place, "vulnerability that affects no product")
	}
	return r
}

// urls are the addresses of the document, where it says, and of the vulnerability.
func (d *csafDocument) urls(v *csaf.Vulnerability) []string {
	var list []string
	add := func(references csaf.References, self bool) {
		for _, r := range references {
			if r == nil || r.URL == nil || self != (value(r.ReferenceCategory) == "self") || len(list) >= maxURLs {
				continue
			}
			if !strings.HasSuffix(*r.URL, ".json") || self {
				list = append(list, *r.URL)
			}
		}
	}
	add(d.advisory.Document.References, true)
	add(v.References, true)
	add(v.References, false)
	return list
}

// value is what a pointer points to, as text; "" where it is nil.
func value[T ~string](p *T) string {
	if p == nil {
		return ""
	}
	return string(*p)
}
