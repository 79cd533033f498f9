// Package match finds the known vulnerabilities of the components of a bill of
// materials, says why each is one, and names every component about which nothing can be
// said.
//
// # Identity
//
// A component is what its package URL says; its bare name is never enough. Where the data
// know nothing of the kind of package URL, CPE names, the repository that it was taken from,
// and last the names of maker and product are looked up, with less confidence.
// Packages of distributions are looked up as the source package that they were built
// from, in their release alone. docs/matching.md has the rules.
//
// # Versions
//
// The order of versions is that of the ecosystem. What cannot be decided (a version that
// is none, a commit without history) is kept as unknown and never dropped.
//
// # Sources
//
// OSV schema 1.7, section "Evaluation"; Package URL specification; NISTIR 7695 and 7696
// (CPE); CVSS 2.0, 3.0, 3.1, 4.0.
package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"theriac/sbom"
	"theriac/vuln"
)

// Advisories are what is known; package vuln has them in a file.
type Advisories interface {
	Has(ecosystem string) (bool, error)    // anything of exactly this ecosystem and release
	HasVendor(vendor string) (bool, error) // a CPE of this vendor
	Entries(ecosystem, name string) ([]vuln.Entry, error)
	Records(id string) ([]vuln.Record, error) // one for each source
	Aliases(id string) ([]string, error)      // all ids of the vulnerability; nil where there is no other
	Exploited(cve string) (vuln.Exploited, bool, error)
	Likelihood(cve string) (vuln.Likelihood, bool, error)
}

// Options change what is looked up.
type Options struct {
	// Ancestor asks the history of repositories, for code that was taken from one; nil
	// where there is no clone of any.
	Ancestor Ancestor
}

// Status says how much of a bill of materials was watched.
type Status string

// From the best.
const (
	Complete Status = "complete" // all of it
	WithGaps Status = "gaps"     // something was not, or could not be decided
	Failed   Status = "failed"   // nothing of it
)

// Result is what is known about a bill of materials.
type Result struct {
	Status      Status
	Findings    []Finding     // in the order of components, then of ids
	Unknown     []Finding     // that may be, in the same order; Why says what is missing
	Unmonitored []Unmonitored // components about which nothing can be said
	Apart       []Apart       // components of which nothing need be said
	Gaps        []string      // of the scan as a whole
	Support     []Support     // release cycles, in the order of the first of their components
	Components  int           // that were looked at
}

// Finding is a vulnerability of a component.
type Finding struct {
	Component  int    // index in the bill of materials
	PURL       string // as written
	Name       string
	Version    string
	Line       int      // of the component; 0 where it has no place
	Patched    bool     // the component is not what its maker published
	ID         string   // of the advisory; see preferred for which of a group
	Aliases    []string // the other ids of the vulnerability, in order
	Upstream   []string // vulnerabilities of others that the advisory passes on, mostly CVEs
	Records    []string // advisories that hold, in order
	Sources    []string // feeds that they came from
	Summary    string
	URL        string
	CWEs       []string
	Range      string   // of versions that the version lies in
	Ranges     []string // all vulnerable versions, as the advisories give them
	Fixed      []string // versions of the package in which it is fixed, as far as they are known
	Severity   Severity
	Exploited  *vuln.Exploited  // nil where it is not known to be
	Likelihood *vuln.Likelihood // nil where there is none
	Imports    []vuln.Import    // vulnerable code inside the package
	Ecosystem  string           // where the package was found
	Package    string           // as the advisory names it
	Confidence Confidence
	Why        string // one sentence
}

// Cause is why nothing can be said about a component.
type Cause string

// Causes of gaps.
const (
	NoIdentity  Cause = "no-identity" // neither package URL nor CPE name
	Unreadable  Cause = "unreadable"  // a package URL or CPE name that is none
	NoData      Cause = "no-data"     // the data have nothing of its kind
	NoRelease   Cause = "no-release"  // of the distribution
	Undecidable Cause = "undecidable" // there are advisories, and its version cannot be compared
)

// Unmonitored is a component about which nothing can be said.
type Unmonitored struct {
	Component int
	PURL      string // as written
	Name      string
	Version   string
	Line      int
	Cause     Cause
	Reason    string
}

// Apart is a component of which nothing need be said: it is no software, or none that runs.
type Apart struct {
	Component int
	Name      string
	Reason    string
}

// Matcher matches many bills of materials and looks each package up once. It may be used
// by many at a time.
type Matcher struct {
	db      Advisories
	options Options
	most    int // findings of one bill of materials

	mu      sync.Mutex
	has     map[string]bool
	answers map[question]*answer
	facts   map[string]*fact
}

// NewMatcher makes a matcher for data.
func NewMatcher(db Advisories, o Options) *Matcher {
	m := &Matcher{db: db, options: o, most: maxFindings}
	m.forget()
	return m
}

func (m *Matcher) forget() {
	m.has, m.answers, m.facts = map[string]bool{}, map[question]*answer{}, map[string]*fact{}
}

// Match finds the vulnerabilities of one bill of materials. An error is one of the data.
func Match(bom *sbom.BOM, db Advisories, o Options) (*Result, error) {
	return NewMatcher(db, o).Match(bom)
}

// Match finds the vulnerabilities of a bill of materials. An error is one of the data.
func (m *Matcher) Match(bom *sbom.BOM) (*Result, error) {
	s := scan{m: m, bom: bom, result: &Result{Components: len(bom.Components)}}
	for i := range bom.Components {
		if err := s.component(i); err != nil {
			return nil, fmt.Errorf("%s: %w", bom.Components[i].Name, err)
		}
	}
	s.gaps()
	s.result.Status = s.status()
	if data, ok := m.db.(Lifecycles); ok {
		var err error
		if s.result.Support, err = supports(bom, data); err != nil {
			return nil, err
		}
	}
	return s.result, nil
}

// scan is the matching of one bill of materials.
type scan struct {
	m      *Matcher
	bom    *sbom.BOM
	result *Result

	odd       map[string]bool // records with ranges that overlap or are inverted
	unsourced int             // packages of distributions that do not say what they were built from
	sourced   int
	spaces    map[string]bool // name spaces of packages of distributions
	systems   []int           // operating systems as components
}

// noSoftware are types of components that have no vulnerabilities of code.
var noSoftware = map[string]string{
	"device": "hardware", "hardware": "hardware", "file": "a file, not software of its own",
	"data": "data", "cryptographic-asset": "a cryptographic asset",
}

// maxFindings bounds what is found in one bill of materials: a short list of versions of
// one package may have as many as versions times advisories.
const maxFindings = 200_000

// component looks a component up.
func (s *scan) component(i int) error {
	c := &s.bom.Components[i]
	id := identify(c)
	if id.apart != "" {
		s.apart(i, id.apart)
		return nil
	}
	s.count(id)
	seen, err := s.m.look(c, &id)
	if err != nil {
		return err
	}
	for record := range seen.odd {
		if s.odd == nil {
			s.odd = map[string]bool{}
		}
		s.odd[record] = true
	}
	found, err := s.m.findings(c, i, seen.hits, false)
	if err != nil {
		return err
	}
	unknown, err := s.m.findings(c, i, seen.undecided, true)
	if err != nil {
		return err
	}
	s.result.Findings = append(s.result.Findings, found...)
	s.result.Unknown = append(s.result.Unknown, besides(unknown, found)...)
	if len(s.result.Findings)+len(s.result.Unknown) > s.m.most {
		return fmt.Errorf("the bill of materials has more than %d findings; scan parts of it", s.m.most)
	}
	if seen.cause != "" {
		s.unmonitored(i, seen)
	}
	return nil
}

// besides are the findings about vulnerabilities that are not found already: an entry of
// an advisory may be decided where another one is not.
func besides(unknown, found []Finding) []Finding {
	if len(unknown) == 0 || len(found) == 0 {
		return unknown
	}
	ids := map[string]bool{}
	for _, f := range found {
		ids[f.ID] = true
		for _, alias := range f.Aliases {
			ids[alias] = true
		}
	}
	return slices.DeleteFunc(unknown, func(f Finding) bool {
		return ids[f.ID] || slices.ContainsFunc(f.Aliases, func(alias string) bool { return ids[alias] })
	})
}

// count takes note of what packages of distributions say about their sources.
func (s *scan) count(id identity) {
	if !id.distro {
		return
	}
	s.sourced += boolInt(id.sourced)
	s.unsourced += boolInt(id.unsourced)
	if s.spaces == nil {
		s.spaces = map[string]bool{}
	}
	s.spaces[id.namespace] = true
}

// unmonitored puts a component about which nothing can be said where it belongs.
func (s *scan) unmonitored(i int, seen outcome) {
	c := &s.bom.Components[i]
	kind := strings.ToLower(c.Type)
	switch {
	case s.bom.Subject != nil && c.Ref != "" && c.Ref == s.bom.Subject.Ref:
		s.apart(i, "what the list is of")
		return
	case noSoftware[kind] != "" && seen.cause != Undecidable:
		s.apart(i, noSoftware[kind])
		return
	case kind == "operating-system" && seen.cause != Undecidable:
		s.systems = append(s.systems, i) // decided when all packages are known
	}
	s.result.Unmonitored = append(s.result.Unmonitored, Unmonitored{
		Component: i, PURL: c.PURL, Name: c.Name, Version: c.Version, Line: c.Line, Cause: seen.cause, Reason: seen.reason,
	})
}

func (s *scan) apart(i int, why string) {
	s.result.Apart = append(s.result.Apart, Apart{i, s.bom.Components[i].Name, why})
}

// gaps says what the whole lacks.
func (s *scan) gaps() {
	watched := map[int]bool{}
	for _, i := range s.systems {
		if s.spaces[strings.ToLower(s.bom.Components[i].Name)] {
			watched[i] = true
			s.apart(i, "an operating system that is watched by its packages")
		}
	}
	s.result.Unmonitored = slices.DeleteFunc(s.result.Unmonitored, func(u Unmonitored) bool { return watched[u.Component] })
	slices.SortStableFunc(s.result.Apart, func(a, b Apart) int { return cmp.Compare(a.Component, b.Component) })
	add := func(format string, args ...any) { s.result.Gaps = append(s.result.Gaps, fmt.Sprintf(format, args...)) }
	if n := s.bom.Lost; n > 0 { // what else is odd in it, such as a circle of dependencies, hides no component
		add("the bill of materials was not understood in %s", places(n))
	}
	if len(s.bom.Components) == 0 {
		add("the bill of materials lists no component")
	}
	if s.unsourced > 0 && s.sourced == 0 {
		add("no package of the distribution says what it was built from (upstream=): %d were looked up as source packages of the same name", s.unsourced)
	}
	if len(s.odd) > 0 {
		ids := slices.Sorted(mapKeys(s.odd))
		add("ranges that overlap or are inverted were read by the order of their versions: %s", shortList(ids, 5))
	}
}

func places(n int) string {
	if n == 1 {
		return "one place"
	}
	return fmt.Sprintf("%d places", n)
}

// shortList joins the first few texts and counts the others.
func shortList(list []string, most int) string {
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// status is how much was watched. Overlapping ranges alone are no gap: they were decided.
func (s *scan) status() Status {
	r := s.result
	watched := r.Components - len(r.Unmonitored)
	gaps := len(r.Gaps) - boolInt(len(s.odd) > 0)
	switch {
	case r.Components == 0 && len(s.bom.Problems)+s.bom.Unlisted > 0, len(r.Unmonitored) > 0 && watched <= len(r.Apart):
		return Failed
	case gaps+len(r.Unmonitored)+len(r.Unknown) > 0:
		return WithGaps
	}
	return Complete
}
