package vex

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/package-url/packageurl-go"

	"theriac/model"
	"theriac/triage"
)

// Source is what statements are made of.
type Source struct {
	File      *model.File
	Record    *triage.Record // what was found; nil or empty where nobody recorded it
	Today     model.Date
	Releases  []string // versions of the product; none: all of the security file
	ProductID string   // package URL or other name of the product, without version; "" makes one of manufacturer and name
	Undecided bool     // tell findings without a decision as under investigation
}

// From makes the statements of a security file.
func From(in Source) (*Document, error) {
	p := in.File.Product
	x := &export{Source: in, judge: triage.NewJudge(in.File, in.Today), doc: &Document{Day: in.Today, Author: authorOf(in.File), Role: "Document Creator"}}
	if v := in.File.VulnerabilityHandling; v != nil {
		x.doc.Namespace = strings.TrimRight(v.Publisher.Namespace, "/")
	}
	if x.ProductID == "" {
		x.ProductID = packageurl.NewPackageURL("generic", slug(p.Manufacturer.Name), slug(p.Name), "", nil, "").ToString()
	}
	if len(x.Releases) == 0 {
		for _, r := range in.File.Releases {
			x.Releases = append(x.Releases, r.Version)
		}
	}
	for _, version := range x.Releases {
		if !slices.ContainsFunc(in.File.Releases, func(r *model.Release) bool { return r.Version == version }) {
			return nil, fmt.Errorf("the security file has no release %q", version)
		}
	}
	if len(x.Releases) == 0 {
		x.Releases = []string{""}
	}
	x.look()
	for _, d := range in.File.Decisions {
		if err := x.decision(d); err != nil {
			return nil, err
		}
	}
	if in.Undecided {
		x.undecided()
	}
	x.doc.sort()
	return x.doc, nil
}

func authorOf(f *model.File) string {
	if v := f.VulnerabilityHandling; v != nil && v.Publisher.Name != "" {
		return v.Publisher.Name
	}
	if f.Product.Manufacturer.Name != "" {
		return f.Product.Manufacturer.Name
	}
	return f.Product.Name
}

// slug is a name as a part of a package URL.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// export is a run of From.
type export struct {
	Source
	judge    *triage.Judge
	doc      *Document
	verdicts map[string][]triage.Verdict // by release that was scanned
}

// look judges what was found in each release. A scan that failed shows nothing.
func (x *export) look() {
	x.verdicts = map[string][]triage.Verdict{}
	if x.Record == nil {
		return
	}
	for _, s := range x.Record.Scans {
		if s.Status != "failed" {
			x.verdicts[s.Release] = append(x.verdicts[s.Release], x.judge.Apply(s.Release, s.Found)...)
		}
	}
}

// decision makes the statements of a decision: one for each state in which releases are.
// One that stands for every vulnerability is told for those that were found.
func (x *export) decision(d *model.Decision) error {
	holds := func(string) bool { return true }
	if d.Releases != "" {
		set, err := triage.ParseRange(d.Releases)
		if err != nil {
			return fmt.Errorf("releases of decision %q cannot be read: %w", d.ID, err)
		}
		holds = func(release string) bool {
			ok, err := set.Holds(release, "")
			return err == nil && ok
		}
	}
	for _, release := range x.Releases {
		found, scanned := x.verdicts[release]
		switch {
		case !scanned && d.Vulnerability == triage.AnyVulnerability:
		case !scanned && (release == "" || holds(release)):
			for _, id := range d.About() {
				x.tell(d, release, triage.Finding{ID: id}, partsOf(d.Packages), expired(d, x.Today))
			}
		case scanned:
			for _, v := range found {
				if v.Decision == d && v.Status != triage.Obsolete && (d.Releases == "" || holds(release) || release == "") {
					x.tell(d, release, v.Finding, []string{partOf(v.Finding.Component)}, texts(v.Reasons))
				}
			}
		}
	}
	return nil
}

func expired(d *model.Decision, today model.Date) []string {
	if !d.Expires.IsZero() && d.Expires.Before(today) {
		return []string{"it expired on " + d.Expires.String()}
	}
	return nil
}

func texts(reasons []triage.Reason) []string {
	var list []string
	for _, r := range reasons {
		list = append(list, r.Text)
	}
	return list
}

// partOf is a component as a part of a product.
func partOf(c triage.Component) string { return c.String() }

// partsOf are the patterns that name one component each.
func partsOf(patterns []string) []string {
	return slices.DeleteFunc(slices.Clone(patterns), func(p string) bool { return strings.Contains(p, "*") })
}

// tell adds a product with parts to the statement of a decision about a vulnerability,
// which is under investigation where the decision no longer holds.
func (x *export) tell(d *model.Decision, release string, f triage.Finding, parts, reopened []string) {
	id := f.ID // of a decision about every vulnerability
	if at := slices.IndexFunc(d.About(), f.Is); at >= 0 {
		id = d.About()[at]
	}
	s := Statement{
		Vulnerability: id, Status: d.Status, Justification: d.Justification, Reason: cleaned(d.Reason), Action: cleaned(d.Action), Fix: d.Fix,
		CVSS: d.Score.CVSS, Source: d.ID, Day: d.Date,
	}
	if s.Status != "affected" {
		s.Action, s.Fix = "", fixOf(s.Status, s.Fix)
	}
	if len(reopened) > 0 {
		s = Statement{Vulnerability: id, Status: "under-investigation", Source: d.ID, Day: x.Today, Reason: "The statement of " + d.Date.String() + " is being looked at again."}
	}
	at := slices.IndexFunc(x.doc.Statements, func(o Statement) bool {
		return o.Source == s.Source && o.Vulnerability == s.Vulnerability && o.Status == s.Status
	})
	if at < 0 {
		x.doc.Statements = append(x.doc.Statements, s)
		at = len(x.doc.Statements) - 1
	}
	to := &x.doc.Statements[at]
	for _, alias := range f.IDs() {
		if !strings.EqualFold(alias, to.Vulnerability) && !slices.Contains(to.Aliases, alias) {
			to.Aliases = append(to.Aliases, alias)
		}
	}
	slices.Sort(to.Aliases)
	x.product(to, release, parts)
}

// fixOf keeps the fixed version where it is about the past.
func fixOf(status model.VEXStatus, fix string) string {
	if status == "fixed" {
		return fix
	}
	return ""
}

// product adds parts of a release to a statement.
func (x *export) product(s *Statement, release string, parts []string) {
	at := slices.IndexFunc(s.Products, func(p Product) bool { return p.Version == release })
	if at < 0 {
		s.Products = append(s.Products, Product{ID: versioned(x.ProductID, release), Name: x.File.Product.Name, Version: release})
		at = len(s.Products) - 1
	}
	s.Products[at].Parts = append(s.Products[at].Parts, parts...)
}

// versioned is the name of a product with a version in it, where the form has a place for
// one.
func versioned(id, version string) string {
	p, ok := parsePURL(id)
	if !ok || version == "" {
		return id
	}
	p.Version = version
	return p.ToString()
}

func parsePURL(id string) (packageurl.PackageURL, bool) {
	if !strings.HasPrefix(id, "pkg:") {
		return packageurl.PackageURL{}, false
	}
	p, err := packageurl.FromString(id)
	return p, err == nil
}

// undecided tells what nobody decided about yet.
func (x *export) undecided() {
	at := map[string]int{}
	for _, release := range x.Releases {
		for _, v := range x.verdicts[release] {
			if v.Status != triage.Open {
				continue
			}
			i, there := at[v.Finding.ID]
			if !there {
				i, at[v.Finding.ID] = len(x.doc.Statements), len(x.doc.Statements)
				x.doc.Statements = append(x.doc.Statements, Statement{Vulnerability: v.Finding.ID, Aliases: slices.Clone(v.Finding.Aliases), Status: "under-investigation", Day: v.Finding.First})
			}
			x.product(&x.doc.Statements[i], release, []string{partOf(v.Finding.Component)})
		}
	}
}
