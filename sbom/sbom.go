// Package sbom reads bills of materials of every common form into one shape,
// compares, merges and judges them, and writes them again.
//
// # Reading
//
// Read streams: what is read is bounded by Limits, not by the size of the file.
// It reads on after a mistake; what it did not understand is a Problem with a
// line, and is counted even where it is not listed. The libraries of the formats
// read a whole file or nothing; therefore files are taken apart here, and tests
// compare what the libraries read of sound ones. Identity stays as it was
// written: nothing is normalised here (package vuln/match does that).
//
// # Sources
//
// CycloneDX 1.2 to 1.7 (ECMA-424), SPDX 2.1 to 2.3 and 3.0.
package sbom

// BOM is a bill of materials.
type BOM struct {
	Format  string   // CycloneDX, SPDX, or what was looked at: dpkg, apk, Go binary ...
	Version string   // of the specification, for example 1.6; "" where there is none
	Name    string   // of the document
	Serial  string   // serial number or name space of the document
	Created string   // time as written, RFC 3339 where the file is sound
	Authors []string // name, with e-mail or URL after it as in "Jane Roe <jane@example.org>", where given
	Tools   []string

	Subject    *Component // what the list is of; nil where it does not say
	Components []Component
	// Depends holds, by Ref, the Refs that a component depends on directly.
	Depends map[string][]string
	// Aggregates says, by Ref, how complete the list of what a component depends on is:
	// complete, incomplete, unknown ... as CycloneDX writes it (compositions; completeness
	// of relationships in SPDX 3). "" is the key for the whole document.
	Aggregates map[string]string

	Problems []Problem // what was not understood, in order of place
	Unlisted int       // problems beyond those that are listed
	Lost     int       // problems, listed or not, by which something of the file is missing here
}

// Component is an entry of a bill of materials. A component that stands in
// another one is an entry of its own; an ancestor in a pedigree is not.
type Component struct {
	Ref     string // bom-ref or SPDXID
	Type    string // as the format calls it: library, application, operating-system, firmware, file ...
	Group   string
	Name    string
	Version string
	PURL    string   // as written
	CPEs    []string // as written
	Scope   string   // required, optional, excluded; "" where it does not say

	Supplier     string // who provides it
	Manufacturer string // who made it, where that is said apart
	Contact      string // e-mail or URL of the manufacturer, or else of the supplier
	Author       string
	Description  string
	Licences     []string // SPDX expressions, ids or names; those concluded, and those of which nothing more is said
	Declared     []string // those that its maker declares, where that is said apart
	Copyright    string
	Hashes       []Hash
	Links        []Link
	Properties   []Property
	Patched      bool // it has a pedigree: it is not what its maker published

	Parent int // index of the component that it stands in; -1
	Line   int // where it begins, from 1; 0 where it has no place
}

// Hash is a digest of a component.
type Hash struct{ Algorithm, Value string } // algorithm as CycloneDX writes it, for example SHA-256

// Link is a reference to something outside: vcs, website, distribution ... as
// CycloneDX calls its kind.
type Link struct {
	Kind, URL string
	Hashes    []Hash // of what is there
}

// Property is a name with a value, outside of the standard.
type Property struct{ Name, Value string }

// Problem is something that was not understood.
type Problem struct {
	Line int // from 1; 0 where it has no place
	What string
	Lost bool // something that the file says is not in the list
}
