// Package collect reads what tools say: reports of tests, analysers, scanners
// and people become one shape, from which a statement is made.
//
// A collector is one file: it recognises its format, reads it strictly, and
// reports what it found. Malformed input is refused with its place; nothing is
// guessed. Adding a collector is adding a file.
//
// # Values
//
// Names and texts are those of the input, cut to MaxText bytes; control
// characters are replaced. Times are UTC.
//
// # Errors
//
// Collectors return a *Malformed for input that is not what it should be. Other
// errors are about the run.
package collect

import (
	"fmt"
	"time"

	"theriac/evidence"
	"theriac/model"
)

// Collector reads one format.
type Collector struct {
	Name  string // as in --format, for example junit
	Title string // for people, for example "JUnit XML"
	Kind  model.EvidenceKind
	// Looks tells whether a file is of the format, from its name and first
	// HeadSize bytes.
	Looks func(name string, head []byte) bool
	Read  func(in *Source) (*Report, error)
}

// HeadSize is how much of a file is shown to Looks.
const HeadSize = 64 << 10

// MaxInput bounds an input in bytes; larger ones are refused.
const MaxInput = 256 << 20

// MaxText bounds a text that is taken from an input, in bytes.
const MaxText = 4096

// Source is an input to read.
type Source struct {
	Name string // base name of the file
	Data []byte
	// FailAt is the severity from which findings are failures; "" leaves it to
	// the collector.
	FailAt evidence.Severity
	// Device is the address of the device under test, for inputs that show two
	// ends without saying which of them it is: packet captures.
	Device string
}

// Report is what an input says.
type Report struct {
	Kind     model.EvidenceKind // "" for that of the collector
	Tool     evidence.Tool
	Started  time.Time // zero when the input does not say
	Finished time.Time
	Commit   string
	Cases    []Case
	Coverage *evidence.Coverage
	Network  []evidence.Port
	Details  evidence.Details
	// Passed by itself: the input has no single checks, and that it exists says
	// that the work was done: a list of components, a coverage report.
	Whole evidence.Outcome
	// For, Scope and others are set by forms that state them.
	For       []string
	Scope     []string
	Performer evidence.Performer
	Authors   []string
	// Attachments are names of files beside the input that belong to it.
	Attachments []string
}

// Case is one check: a test, a rule of an analyser, a finding.
type Case struct {
	ID       string // what a deviation would name: test, rule@place, advisory@component
	Title    string
	Outcome  evidence.Outcome
	Severity evidence.Severity
	At       string   // file:line, component, port
	Items    []string // words in which the id of a verification may stand: names, tags, properties
}

// Malformed says what is wrong with an input, and where.
type Malformed struct {
	Line   int // 0 when not known
	Reason string
}

func (m *Malformed) Error() string {
	if m.Line == 0 {
		return m.Reason
	}
	return fmt.Sprintf("line %d: %s", m.Line, m.Reason)
}

// malformed makes a Malformed.
func malformed(line int, format string, args ...any) error {
	return &Malformed{line, fmt.Sprintf(format, args...)}
}
