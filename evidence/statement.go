package evidence

import (
	"time"

	"theriac/model"
)

// Statement is what somebody states about a release, read from an envelope and
// found to be well formed.
type Statement struct {
	Kind     model.EvidenceKind
	Subjects []Subject
	Predicate
}

// Subject is an artefact of a release.
type Subject struct {
	Name   string
	SHA256 string
}

// Predicate is what all kinds of evidence say, with what one kind adds to it
// under Details.
type Predicate struct {
	Release   string    `json:"release"`            // version
	For       []string  `json:"for"`                // ids of verifications that it speaks of, sorted
	Started   time.Time `json:"started,omitzero"`   // when the activity began
	Finished  time.Time `json:"finished"`           // when the activity ended
	Recorded  time.Time `json:"recorded"`           // when the statement was made, as its signer says
	Tool      Tool      `json:"tool,omitzero"`      // what produced the input
	Performer Performer `json:"performer,omitzero"` // who did it
	Authors   []string  `json:"authors,omitempty"`  // who made what was looked at: signers of the roster, or teams
	Commit    string    `json:"commit,omitempty"`   // revision of the source code that was looked at
	Scope     []string  `json:"scope,omitempty"`    // ids of interfaces, components and other elements that were touched, sorted
	Inputs    []Input   `json:"inputs,omitempty"`   // raw inputs, kept beside the statement
	Basis     []Basis   `json:"basis,omitempty"`    // entities of the security file that it speaks of, as they were
	Results   []Result  `json:"results"`            // one for each verification, in the order of For
	Coverage  *Coverage `json:"coverage,omitempty"` // of the code
	Network   []Port    `json:"network,omitempty"`  // what was observed on the network
	Details   Details   `json:"details,omitzero"`
}

// Tool is a program that produced an input.
type Tool struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
}

// Performer is who did the work.
type Performer struct {
	Who          string             `json:"who,omitempty"` // role, team, laboratory or signer of the roster
	Independence model.Independence `json:"independence,omitempty"`
	Skills       string             `json:"skills,omitempty"`
}

// Input is a raw input.
type Input struct {
	Name   string `json:"name"`   // base name of the file that was read
	SHA256 string `json:"sha256"` // under which it is kept
	Size   int64  `json:"size"`   // bytes
	Format string `json:"format"` // name of the collector that read it
}

// Basis is an entity of the security file as it was when the evidence was made.
type Basis struct {
	ID     string            `json:"id"`
	Digest string            `json:"digest"`
	Fields map[string]string `json:"fields"` // by the name of a field, the first 8 digits of the digest of its content
}

// Outcome is how a verification, or one check of it, came out.
type Outcome string

// The outcomes.
const (
	Pass  Outcome = "passed"
	Fail  Outcome = "failed"
	Open  Outcome = "inconclusive" // neither can be said: errors of the run, nothing looked at
	Skips Outcome = "skipped"      // of a single check
)

// Result is what the evidence says of one verification.
type Result struct {
	Item         string    `json:"item"` // id of the verification
	Outcome      Outcome   `json:"outcome"`
	Passed       int       `json:"passed,omitempty"` // single checks
	Failed       int       `json:"failed,omitempty"`
	Skipped      int       `json:"skipped,omitempty"`
	Inconclusive int       `json:"inconclusive,omitempty"`
	Failures     []Failure `json:"failures,omitempty"` // each one that failed, at most MaxFailures
}

// MaxFailures bounds the failures that a result lists one by one; a result with
// more failed checks than it lists cannot be covered by accepted risks.
const MaxFailures = 1000

// Failure is one check that failed or one finding.
type Failure struct {
	ID       string   `json:"id"` // name of the test, rule or advisory; deviations refer to it
	Title    string   `json:"title,omitempty"`
	Severity Severity `json:"severity,omitempty"`
	At       string   `json:"at,omitempty"` // file:line, component, port, address
}

// Severity grades findings of tools.
type Severity string

// The grades, from worst to least.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Rank orders severities: 4 for critical down to 0 for info; -1 for an unknown
// one.
func (s Severity) Rank() int {
	for i, known := range []Severity{Info, Low, Medium, High, Critical} {
		if s == known {
			return i
		}
	}
	return -1
}

// Coverage is how much of the code was run.
type Coverage struct {
	Lines        int `json:"lines"` // that could be covered: lines, or statements where the tool counts those
	Covered      int `json:"covered"`
	Branches     int `json:"branches,omitempty"`
	BranchesTrue int `json:"coveredBranches,omitempty"`
}

// Port is what was observed of a port or a peer on the network.
type Port struct {
	Address   string          `json:"address,omitempty"` // of the device, as the tool saw it
	Transport model.Transport `json:"transport"`
	Port      int             `json:"port"`
	Direction Direction       `json:"direction"`
	State     PortState       `json:"state"`
	Service   string          `json:"service,omitempty"`
	Peer      string          `json:"peer,omitempty"` // other end of a connection
}

// Direction is who opens a connection, seen from the device.
type Direction string

// The directions.
const (
	Inbound  Direction = "in"
	Outbound Direction = "out"
)

// PortState is what the observation says.
type PortState string

// The states. A filtered port gave no answer: whether something listens is not
// known.
const (
	PortOpen     PortState = "open"
	PortClosed   PortState = "closed"
	PortFiltered PortState = "filtered"
	PortUsed     PortState = "used" // traffic was seen
)
