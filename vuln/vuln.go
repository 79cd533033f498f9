// Package vuln holds what is known about vulnerabilities in one file that is
// looked up in without being read: compact, reproducible, signed, and refused when
// a byte of what is read was altered.
//
// # Shape
//
// Records are what feeds (package vuln/feed) make of advisories. A record speaks of
// packages: an ecosystem, a name and versions. Entries are found by ecosystem and
// name, both in the form that Normal gives; whether a version is among those of an
// entry is decided in package vuln/match.
//
// # Sources
//
// OSV schema 1.7; CSAF 2.0; NVD JSON 2.0; CISA KEV; FIRST EPSS; endoflife.date.
package vuln

import "time"

// Record is an advisory.
type Record struct {
	ID        string
	Source    string // feed that it came from: osv, csaf, nvd
	Aliases   []string
	Related   []string
	Upstream  []string // vulnerabilities of other packages that it passes on
	Summary   string
	Published time.Time
	Modified  time.Time
	Withdrawn time.Time // zero where it stands

	Severities []Severity
	CWEs       []string
	URLs       []string // first the advisory itself
	Affected   []Affected
}

// Severity is a severity as somebody gave it.
type Severity struct {
	Kind  string // CVSS_V2, CVSS_V3, CVSS_V4, or word
	Value string // vector, or critical, high, medium, low
}

// Affected is a package with the versions of it that are vulnerable.
type Affected struct {
	Ecosystem string // as OSV names it, with its release: Debian:11, Go, npm; CPE, GIT or Product where that is the identity
	Name      string // name in the ecosystem; vendor:product of a CPE; address of a repository
	Ranges    []Range
	Versions  []string // single versions, as the ecosystem writes them
	// VersionText are versions in words that cannot be compared, for example "distributed
	// before April 2018": whether a version is among them is unknown.
	VersionText string
	// CPE is the whole name, where more than vendor and product must fit: part,
	// update, edition, target software and hardware.
	CPE string
	// Arch are the architectures that alone are vulnerable; empty means all.
	Arch []string
	// Severities, where the package has others than the record.
	Severities []Severity
	// Unfixed says that the source knows of no fixed version and says so.
	Unfixed bool
	// Imports are the packages or files inside the module that hold the vulnerable code, with
	// the functions, where the advisory names them; Go has both.
	Imports []Import
}

// Import is vulnerable code inside a package.
type Import struct {
	Path    string
	Symbols []string
}

// Range is an interval of versions, as events in the order of the source.
type Range struct {
	Kind   RangeKind
	Events []Event
}

// RangeKind says in which order versions of a range stand.
type RangeKind uint8

// The kinds of ranges.
const (
	InEcosystem RangeKind = iota // order of the ecosystem
	SemVer
	InGit // commits, decided by history and not by order

	rangeKinds
)

// Event is a version at which something changes.
type Event struct {
	Kind    EventKind
	Version string // "0" is before all
}

// EventKind is what changes at a version.
type EventKind uint8

// The kinds of events.
const (
	Introduced   EventKind = iota // vulnerable from here on, itself included
	Fixed                         // no longer vulnerable from here on, itself included
	LastAffected                  // vulnerable up to here, itself included
	Limit                         // nothing from here on is spoken of
	// After is what CPE ranges add: vulnerable after it, itself excluded.
	After

	eventKinds
)

// Entry is what a record says about one package.
type Entry struct {
	Record    string // id
	Source    string // feed that the record came from
	Withdrawn bool
	Affected
}

// Exploited is an entry of the catalogue of known exploited vulnerabilities (CISA KEV).
type Exploited struct {
	CVE        string
	Added      string // date, YYYY-MM-DD
	Due        string
	Ransomware bool
	Name       string
}

// Likelihood is the probability of exploitation within 30 days (FIRST EPSS).
type Likelihood struct {
	CVE        string
	Score      string // as published, 0 to 1
	Percentile string
	Date       string // of the scores, YYYY-MM-DD
}

// Cycle is a release cycle of a product with its ends (endoflife.date).
type Cycle struct {
	Product string
	Name    string   // of the cycle, for example 3.5
	Title   string   // of the product
	IDs     []string // package URLs and CPEs of the product, as the data give them
	Release string   // dates as YYYY-MM-DD; "" where unknown
	Support string   // end of active support
	End     string   // end of security support
	Ended   bool     // ended, with no date given
	Latest  string
}
