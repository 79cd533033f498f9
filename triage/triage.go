// Package triage holds what was found in the components of a product against what
// was decided about it: which findings are open, which decision answers which, and
// which decision is open again and why.
//
// # Identity
//
// A decision names vulnerabilities by any of their ids, and components by patterns of
// package URLs without version, qualifiers and subpath; a component that was built
// from another source package goes by that name as well (upstream=). Versions are
// compared in the order of the component's ecosystem (CompareVersions), versions of the
// product in the order for those without one.
//
// # What opens a decision again
//
// A decision rests on what was known (model.Known). Each difference is a reason of its
// own; see Reopening. What a decision does not state is not compared, except
// exploitation: a vulnerability that is exploited now, and of which the decision does
// not say that it was then, is open again.
//
// # Record
//
// What the last scan found is kept in theriac.findings beside theriac.yaml
// (docs/formats/findings.md), so that check and the documents need no database.
//
// # Concurrency
//
// All functions only read what they are given and may be called side by side.
//
// # Sources
//
// States and justifications of VEX as CISA, OpenVEX 0.2.0 and CSAF 2.0 have them; FIRST
// EPSS; CISA KEV.
package triage

import (
	"cmp"
	"slices"
	"strings"

	"theriac/model"
)

// Finding is a vulnerability in a component.
type Finding struct {
	ID        string    `json:"id"`
	Aliases   []string  `json:"aliases,omitempty"` // its other ids, in order
	Component Component `json:"component"`

	Range    string   `json:"range,omitempty"`    // vulnerable versions, for people
	Ranges   string   `json:"ranges,omitempty"`   // digest of the vulnerable versions; see RangesDigest
	Fixed    []string `json:"fixed,omitempty"`    // versions of the component in which it is fixed
	Severity string   `json:"severity,omitempty"` // critical, high, medium, low; "" where nobody says
	CVSS     []string `json:"cvss,omitempty"`     // vectors of the advisories
	KEV      bool     `json:"kev,omitempty"`      // listed as exploited
	EPSS     string   `json:"epss,omitempty"`     // probability of exploitation within 30 days, as published
	Support  string   `json:"support,omitempty"`  // end of support of the component, YYYY-MM-DD, or ended

	Withdrawn bool       `json:"withdrawn,omitempty"` // the advisory was taken back
	Unsure    bool       `json:"unsure,omitempty"`    // whether the version is vulnerable could not be told
	Why       string     `json:"why,omitempty"`       // why this component
	First     model.Date `json:"-"`                   // day on which it was first seen; zero where nobody recorded it
}

// Component is a component of a bill of materials.
type Component struct {
	PURL    string `json:"purl,omitempty"` // as written
	CPE     string `json:"cpe,omitempty"`
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
}

// String names the component.
func (c Component) String() string {
	switch {
	case c.PURL != "":
		return c.PURL
	case c.Name != "" && c.Version != "":
		return c.Name + " " + c.Version
	case c.Name != "":
		return c.Name
	}
	return c.CPE
}

// IDs are all ids of the vulnerability, first the one that it goes by.
func (f Finding) IDs() []string { return append([]string{f.ID}, f.Aliases...) }

// Is reports whether the vulnerability has an id, which is compared without case.
func (f Finding) Is(id string) bool {
	return strings.EqualFold(f.ID, id) || slices.ContainsFunc(f.Aliases, func(a string) bool { return strings.EqualFold(a, id) })
}

// Order is the order of findings: by component, then by id.
func Order(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Component.String(), b.Component.String()), cmp.Compare(a.Component.Version, b.Component.Version), cmp.Compare(a.ID, b.ID))
}
