package vex

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/package-url/packageurl-go"

	"theriac/csaf"
	"theriac/model"
	"theriac/psirt"
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
	Label     string   // traffic light of the document: WHITE, GREEN, AMBER, RED; "" is WHITE
}

// restricted are the labels of documents for recipients that are named, to whom what is
// under embargo may be told.
var restricted = []string{"AMBER", "RED"}

// From makes the statements of a security file. What a case keeps under embargo is left
// out and held, unless the label is AMBER or RED. Without Releases it tells of those that
// are out, or of all where none is.
func From(in Source) (*Document, error) {
	p := in.File.Product
	x := &export{Source: in, judge: triage.NewJudge(in.File, in.Today), doc: &Document{Day: in.Today, Author: authorOf(in.File), Role: "Document Creator", Label: in.Label, Device: p}}
	if !slices.Contains(restricted, in.Label) {
		names := Names(in.Record)
		x.embargo, x.ever = psirt.EmbargoOn(in.File, in.Today, names...), psirt.EmbargoOn(in.File, model.Date{}, names...)
	}
	if v := in.File.VulnerabilityHandling; v != nil {
		x.doc.Namespace = strings.TrimRight(v.Publisher.Namespace, "/")
	}
	if x.ProductID == "" {
		x.ProductID = packageurl.NewPackageURL("generic", slug(p.Manufacturer.Name), slug(p.Name), "", nil, "").ToString()
	}
	x.doc.Tracking = trackingID(p.Name, x.Releases)
	if len(x.Releases) == 0 {
		x.Releases = releasesOut(in.File, in.Today)
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
	x.doc.Revisions = x.history()
	return x.doc, nil
}

// Names are the ids of each vulnerability of a record.
func Names(r *triage.Record) (names [][]string) {
	if r == nil {
		return nil
	}
	for _, s := range r.Scans {
		for _, f := range s.Found {
			if len(f.Aliases) > 0 {
				names = append(names, f.IDs())
			}
		}
	}
	return names
}

// trackingID names the document about a product, or about releases of it, the same each
// day.
func trackingID(product string, releases []string) string {
	return strings.Trim(strings.Join(append([]string{"vex", slug(product)}, releases...), "-"), "-")
}

// releasesOut are the versions that are out on a day, or all where none is.
func releasesOut(file *model.File, on model.Date) (versions []string) {
	var all []string
	for _, r := range file.Releases {
		all = append(all, r.Version)
		if !r.Date.IsZero() && !on.Before(r.Date) {
			versions = append(versions, r.Version)
		}
	}
	if len(versions) == 0 {
		return all
	}
	return versions
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
	embargo  *psirt.Embargo              // nil where everything may be told
	ever     *psirt.Embargo              // what was kept at any time
	days     map[string][]string         // on which something changed, with what did
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
	if c := x.embargo.OfDecision(d); c != nil {
		x.hold(d.Vulnerability, c)
		return nil
	}
	for _, release := range x.Releases {
		found, scanned := x.verdicts[release]
		switch {
		case !scanned && d.Vulnerability == triage.AnyVulnerability:
		case !scanned && (release == "" || holds(release)):
			for _, id := range d.About() {
				if x.replaced(d, id, release) {
					continue
				}
				if err := x.tell(d, release, triage.Finding{ID: id, CVSS: d.Known.CVSS}, partsOf(d.Packages), expired(d, x.Today)); err != nil {
					return err
				}
			}
		case scanned:
			for _, v := range found {
				if v.Decision == d && v.Status != triage.Obsolete && (d.Releases == "" || holds(release) || release == "") {
					if err := x.tell(d, release, v.Finding, []string{partOf(v.Finding.Component)}, texts(v.Reasons)); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// replaced reports whether a newer decision is about the same vulnerability in all packages of
// a decision, in a release: a scan would go by that one.
func (x *export) replaced(d *model.Decision, id, release string) bool {
	return slices.ContainsFunc(x.File.Decisions, func(o *model.Decision) bool {
		if !d.Date.Before(o.Date) || !slices.ContainsFunc(o.About(), func(other string) bool { return strings.EqualFold(id, other) }) {
			return false
		}
		if slices.ContainsFunc(d.Packages, func(p string) bool { return !slices.Contains(o.Packages, p) }) {
			return false
		}
		if o.Releases == "" || release == "" {
			return true
		}
		set, err := triage.ParseRange(o.Releases)
		if err != nil {
			return false // From ends with it
		}
		ok, err := set.Holds(release, "")
		return err == nil && ok
	})
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
func (x *export) tell(d *model.Decision, release string, f triage.Finding, parts, reopened []string) error {
	if c := x.embargo.Of(f.IDs()...); c != nil {
		x.hold(f.ID, c)
		return nil
	}
	id := f.ID // of a decision about every vulnerability
	if at := slices.IndexFunc(d.About(), f.Is); at >= 0 {
		id = spelled(d.About()[at], f)
	}
	s := Statement{
		Vulnerability: id, Status: d.Status, Justification: d.Justification, Reason: cleaned(d.Reason), Action: cleaned(d.Action), Fix: d.Fix,
		CVSS: vectorFor(d.Score.CVSS, f), Source: d.ID, Day: d.Date,
	}
	if s.Status != "affected" {
		s.Action, s.Fix = "", fixOf(s.Status, s.Fix)
	} else if err := x.fix(&s); err != nil {
		return fmt.Errorf("fix of decision %q cannot be read: %w", d.ID, err)
	}
	if len(reopened) > 0 {
		s = Statement{Vulnerability: id, Status: "under-investigation", Source: d.ID, Day: x.Today, Reason: "The statement of " + d.Date.String() + " is being looked at again.", CVSS: s.CVSS}
	}
	at := slices.IndexFunc(x.doc.Statements, func(o Statement) bool {
		return o.Source == s.Source && o.Vulnerability == s.Vulnerability && o.Status == s.Status
	})
	if at < 0 {
		x.doc.Statements = append(x.doc.Statements, s)
		at = len(x.doc.Statements) - 1
	}
	to := &x.doc.Statements[at]
	if rankOf(s.CVSS) > rankOf(to.CVSS) {
		to.CVSS = s.CVSS
	}
	for _, alias := range f.IDs() {
		if !strings.EqualFold(alias, to.Vulnerability) && !slices.Contains(to.Aliases, alias) {
			to.Aliases = append(to.Aliases, alias)
		}
	}
	slices.Sort(to.Aliases)
	x.product(to, release, parts)
	x.changed(d, s, reopened)
	return nil
}

// spelled is an id of a finding as the data write it; those of CVE are in upper case.
func spelled(id string, f triage.Finding) string {
	if upper := strings.ToUpper(id); isCVE(upper) {
		return upper
	}
	for _, known := range f.IDs() {
		if strings.EqualFold(known, id) {
			return known
		}
	}
	return id
}

// fix says whether the version that is to be fixed is out, and in which version users
// get it.
func (x *export) fix(s *Statement) error {
	if s.Fix == "" {
		return nil
	}
	by, err := csaf.FixedBy(x.File.Releases, s.Fix, x.Today, covers)
	switch {
	case err != nil:
		return err
	case by != nil:
		s.Fix = by.Version
	default:
		s.Planned, s.FixDay = true, csaf.PlannedDay(x.File.Releases, s.Fix)
	}
	return nil
}

func covers(versions, version string) (bool, error) {
	set, err := triage.ParseRange(versions)
	if err != nil {
		return false, err
	}
	return set.Holds(version, "")
}

// hold notes what is not told, once.
func (x *export) hold(id string, c *model.Case) {
	h := Held{id, c.ID, c.Embargo}
	if !slices.Contains(x.doc.Held, h) {
		x.doc.Held = append(x.doc.Held, h)
	}
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
		s.Products = append(s.Products, Product{ID: versioned(x.ProductID, release), Name: x.File.Product.Name, Version: release, Release: x.release(release)})
		at = len(s.Products) - 1
	}
	s.Products[at].Parts = append(s.Products[at].Parts, parts...)
}

// release is the release of a version; nil where there is none.
func (x *export) release(version string) *model.Release {
	for _, r := range x.File.Releases {
		if r.Version == version {
			return r
		}
	}
	return nil
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
			if c := x.embargo.Of(v.Finding.IDs()...); c != nil {
				x.hold(v.Finding.ID, c)
				continue
			}
			x.note(v.Finding.First, v.Finding.ID+" is looked at.")
			i, there := at[v.Finding.ID]
			if !there {
				i, at[v.Finding.ID] = len(x.doc.Statements), len(x.doc.Statements)
				x.doc.Statements = append(x.doc.Statements, Statement{Vulnerability: v.Finding.ID, Aliases: slices.Clone(v.Finding.Aliases), Status: "under-investigation", Day: v.Finding.First, CVSS: vectorFor("", v.Finding)})
			}
			x.product(&x.doc.Statements[i], release, []string{partOf(v.Finding.Component)})
		}
	}
}
