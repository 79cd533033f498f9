// Package vex tells others what was decided about vulnerabilities, and reads what
// suppliers say about theirs: OpenVEX, CycloneDX VEX and CSAF VEX, each from and to one
// neutral document.
//
// # Honesty
//
// A decision that no longer holds (package triage) is not told as it was: the statement
// says under-investigation. A decision about a release in which the vulnerability is no
// longer found is not told for that release.
//
// # Reading
//
// What is read is bounded by Limits and never followed to another file. What was not
// understood is a problem of the document; the statements that were are kept.
//
// # Values
//
// The same document gives the same bytes: its id is made of its content, its time is the
// day that is given.
//
// # Concurrency
//
// All functions only read what they are given and may be called side by side.
//
// # Sources
//
// OpenVEX 0.2.0; CycloneDX 1.4 to 1.7 (ECMA-424), vulnerabilities with analysis; CSAF 2.0
// profile 5 (VEX); minimum requirements for VEX of CISA.
package vex

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"theriac/model"
)

// Limits for what is read.
const (
	maxText       = 64 << 20
	maxStatements = 100_000
	maxProblems   = 100
	maxParts      = 10_000 // products of one statement
	maxObjects    = 1_000_000
)

// Document is what somebody says about vulnerabilities of products.
type Document struct {
	Format     string // openvex, cyclonedx, csaf
	ID         string
	Tracking   string // id of the document in CSAF, the same for all its versions; "" makes one of the author
	Author     string
	Role       string // of the author, for example Document Creator
	Namespace  string // address under control of the author, from which ids are made; "" where there is none
	Day        model.Date
	Device     *model.Product // our own product that it is about; nil where it is about those of others
	Label      string         // traffic light (TLP) of the document: WHITE, GREEN, AMBER, RED; "" is WHITE
	Revisions  []Revision     // versions of the document so far, the oldest first; none: this is the first
	Statements []Statement

	Held     []Held   // what was left out since it is under embargo
	Problems []string // what was not understood
	Unlisted int      // problems beyond those
}

// Revision is a version of a document.
type Revision struct {
	Number  int
	Day     model.Date
	Summary string
}

// Held is a vulnerability of which nothing is told, with the case that keeps it.
type Held struct {
	Vulnerability, Case string
	Until               model.Moment
}

// Statement says how products stand to a vulnerability.
type Statement struct {
	Vulnerability string
	Aliases       []string
	Description   string
	Products      []Product
	Status        model.VEXStatus
	Justification model.Justification
	Reason        string     // why, for people
	Action        string     // what users should do
	Fix           string     // version of the product that is fixed
	Planned       bool       // Fix is not out yet
	FixDay        model.Date // on which a planned version is to come; none where nobody says
	CVSS          string     // vector for these products, else that of the advisories
	Source        string     // id of the decision, or of the statement
	Day           model.Date
}

// Product is a product, with the components of it that are meant.
type Product struct {
	ID      string // package URL, CPE, or any other name
	Name    string
	Version string
	Title   string         // name without maker and version; "" where the format does not say
	Maker   string         // "" where the format does not say
	Range   string         // versions that are meant, as vers: or comparisons; "" for Version alone, or for all
	Release *model.Release // which release of our own it is; nil for products of others
	Parts   []string       // components in it, as package URLs or names; none: the product itself
}

func (d *Document) complain(format string, args ...any) {
	if len(d.Problems) >= maxProblems {
		d.Unlisted++
		return
	}
	d.Problems = append(d.Problems, fmt.Sprintf(format, args...))
}

// add enters a statement, or says why it is of no use.
func (d *Document) add(s Statement, what string) {
	switch {
	case len(d.Statements) >= maxStatements:
		d.complain("%s: more than %d statements", what, maxStatements)
	case s.Vulnerability == "":
		d.complain("%s: names no vulnerability", what)
	case !wellFormed(s.Vulnerability):
		d.complain("%s: %q is no id of a vulnerability", what, clip(s.Vulnerability))
	case s.Status == "":
		d.complain("%s: says no status", what)
	case len(s.Products) == 0:
		d.complain("%s: names no product", what)
	case len(s.Products) > maxParts:
		d.complain("%s: names more than %d products", what, maxParts)
	default:
		d.Statements = append(d.Statements, s)
	}
}

// wellFormed reports whether a text may be the id of a vulnerability. One with * would be
// a decision of ours about every vulnerability.
func wellFormed(id string) bool {
	const most = 200 // bytes
	return len(id) <= most && !strings.ContainsFunc(id, func(r rune) bool { return r == '*' || unicode.IsSpace(r) || !unicode.IsGraphic(r) })
}

// sort puts statements into the order in which they are written.
func (d *Document) sort() {
	for i := range d.Statements {
		s := &d.Statements[i]
		for j := range s.Products {
			slices.Sort(s.Products[j].Parts)
			s.Products[j].Parts = slices.Compact(s.Products[j].Parts)
		}
		slices.SortStableFunc(s.Products, func(a, b Product) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version)) })
	}
	slices.SortStableFunc(d.Statements, func(a, b Statement) int {
		return cmp.Or(cmp.Compare(a.Vulnerability, b.Vulnerability), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Status, b.Status))
	})
}

// clip keeps what a message quotes of a text short.
func clip(s string) string {
	const most = 60
	if n := []rune(s); len(n) > most {
		return string(n[:most]) + "…"
	}
	return s
}

// purlVersion is the version in a package URL, "" where there is none or it is no such.
func purlVersion(id string) string {
	if p, ok := parsePURL(id); ok {
		return p.Version
	}
	return ""
}

// cleaned is a text on as few lines as it has, without blanks at its ends.
func cleaned(text string) string { return strings.TrimSpace(text) }
