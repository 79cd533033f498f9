package evidence

import "time"

// Details is what one kind of evidence adds: exactly the part of its kind is
// set, or none where the kind has nothing to add.
type Details struct {
	Analysis      *Analysis      `json:"analysis,omitempty"`      // static-analysis, dynamic-analysis
	Fuzzing       *Fuzzing       `json:"fuzzing,omitempty"`       // fuzzing
	Scan          *Scan          `json:"scan,omitempty"`          // vulnerability-scan
	Penetration   *Penetration   `json:"penetration,omitempty"`   // penetration-test
	Review        *Review        `json:"review,omitempty"`        // code-review
	SBOM          *SBOM          `json:"sbom,omitempty"`          // sbom
	Configuration *Configuration `json:"configuration,omitempty"` // configuration-scan
	Attestation   *Attestation   `json:"attestation,omitempty"`   // device-attestation
	Record        *Record        `json:"record,omitempty"`        // process-record
	Inspection    *Inspection    `json:"inspection,omitempty"`    // manual-inspection
	Supplier      *Supplier      `json:"supplier,omitempty"`      // supplier-statement
}

// Analysis is what a tool that reads or watches a program found.
type Analysis struct {
	FailAt     Severity         `json:"failAt"`               // findings from this severity on are failures
	Findings   map[Severity]int `json:"findings"`             // all that were reported
	Suppressed int              `json:"suppressed,omitempty"` // findings that the code or the tool's configuration silences
}

// Fuzzing is a run, or several, of a fuzzer.
type Fuzzing struct {
	Targets    []string `json:"targets"`
	Executions int64    `json:"executions"` // inputs that were tried
	Seconds    int64    `json:"seconds"`    // of all runs
	Corpus     int64    `json:"corpus,omitempty"`
	Sanitizers []string `json:"sanitizers,omitempty"`
}

// Scan is a search for known vulnerabilities.
type Scan struct {
	FailAt     Severity         `json:"failAt"`
	Findings   map[Severity]int `json:"findings"`
	Components int              `json:"components,omitempty"` // that were looked at
	Database   string           `json:"database,omitempty"`
	Data       time.Time        `json:"data,omitzero"` // how old the data of the database are
}

// Penetration is an attack by skilled people.
type Penetration struct {
	Method   string               `json:"method"`         // black box, grey box, white box; or the guide that was followed
	Days     float64              `json:"days,omitempty"` // of work
	Findings []PenetrationFinding `json:"findings"`
}

// PenetrationFinding is what the attack found, and what became of it.
type PenetrationFinding struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Severity  Severity `json:"severity"`
	Fate      Fate     `json:"fate"`
	Where     []string `json:"where,omitempty"` // ids of elements
	Retested  string   `json:"retested,omitempty"`
	Reference string   `json:"reference,omitempty"`
}

// Fate is what became of a finding.
type Fate string

// The fates. Only what was fixed and tested again is no failure.
const (
	FateOpen     Fate = "open"
	FateFixed    Fate = "fixed"    // and not tested again
	FateRetested Fate = "retested" // fixed, and the attack does not work any more
	FateAccepted Fate = "accepted" // a deviation names the risk
)

// Review is people reading code.
type Review struct {
	Changes    int      `json:"changes"`              // commits that were looked at
	Unreviewed []string `json:"unreviewed,omitempty"` // commits that nobody but their author looked at
	Reviewers  []string `json:"reviewers"`
}

// SBOM is a list of components.
type SBOM struct {
	Format     string `json:"format"` // CycloneDX 1.6, SPDX-2.3
	Components int    `json:"components"`
	Unnamed    int    `json:"unnamed,omitempty"` // components without a version or an identifier
}

// Configuration is a comparison of settings with a baseline.
type Configuration struct {
	Profile string `json:"profile"`
	Target  string `json:"target,omitempty"`
	Score   string `json:"score,omitempty"` // as the tool gives it: 33.3 of 100 (urn:xccdf:scoring:default)
}

// Attestation is what a running device states about itself. The device agent
// signs it with a key in its hardware; the envelope of the evidence is signed by
// the system that received and verified it.
type Attestation struct {
	Device       string        `json:"device"`   // UDI-PI or serial number
	Nonce        string        `json:"nonce"`    // of the challenge, hexadecimal
	Software     string        `json:"software"` // version that runs
	Policy       string        `json:"policy"`   // digest of the policy that is enforced
	Boot         string        `json:"boot"`     // source of the measurements: uefi-log, u-boot-log, ima, none
	Measurements []Measurement `json:"measurements,omitempty"`
	Quote        string        `json:"quote"`     // signed by the hardware, base64
	Signature    string        `json:"signature"` // of the quote, base64
	KeyID        string        `json:"keyId"`     // of the attestation key
}

// Measurement is the value of a register of the device's hardware.
type Measurement struct {
	Register  string `json:"register"` // pcr-7
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`    // hexadecimal
	Expected  string `json:"expected"` // reference value of the release
}

// Record is a record of training or of a process.
type Record struct {
	Process    string   `json:"process,omitempty"` // id of the process
	Document   string   `json:"document"`          // number under which the record is kept
	Revision   string   `json:"revision,omitempty"`
	Took       []string `json:"took,omitempty"`       // roles that took part
	ValidUntil string   `json:"validUntil,omitempty"` // YYYY-MM-DD
}

// Inspection is somebody looking at a thing or a document.
type Inspection struct {
	Procedure string `json:"procedure"`
	Observed  string `json:"observed"`
	Document  string `json:"document,omitempty"` // number under which the record is kept
}

// Supplier is a statement of a supplier.
type Supplier struct {
	Supplier   string `json:"supplier"`
	Item       string `json:"item"` // what it delivers, with version
	Document   string `json:"document"`
	ValidUntil string `json:"validUntil,omitempty"` // YYYY-MM-DD
}
