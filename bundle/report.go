package bundle

import (
	"theriac/approval"
	"theriac/evidence"
	"theriac/model"
)

// Report is what an audit found, in the form of docs/formats/audit-json.md. Lists
// are never null.
type Report struct {
	Notice        string `json:"notice,omitempty"` // what has to be known before anything else
	Format        string `json:"format"`
	Version       int    `json:"version"`
	Verified      bool   `json:"verified"`      // every link of the chain holds
	Demonstration bool   `json:"demonstration"` // its keys are demonstration keys, which everybody has

	Theriac string `json:"theriac"` // version of the program that audited
	Date    string `json:"date"`    // day on which it was judged

	Bundle       About          `json:"bundle"`
	Trusted      []TrustedKey   `json:"trusted"`
	Links        []Link         `json:"links"`
	NotLooked    []string       `json:"notLookedAt"`
	Signers      []SignerUse    `json:"signers"`
	Approvals    []ApprovalLine `json:"approvals"`
	Missing      []NeedLine     `json:"missingApprovals"`
	Requirements []StateLine    `json:"requirements"`
	Excused      []ExcusedLine  `json:"excused"` // failures that stand under an accepted risk
	Evidence     []EvidenceLine `json:"evidence"`
	Findings     []FindingLine  `json:"findings"` // errors and open questions
	Counts       Counts         `json:"findingCounts"`
}

// demonstrationNotice stands first in every report about a demonstration.
const demonstrationNotice = "DEMONSTRATION: this product is invented, its keys are demonstration keys that everybody has, and its signatures prove nothing"

// demonstration says whether it is one.
func (r *Report) demonstration(yes bool) {
	if r.Demonstration, r.Notice = yes, ""; yes {
		r.Notice = demonstrationNotice
	}
}

// About says what the bundle is, as far as it could be read.
type About struct {
	SHA256    string      `json:"manifestSha256"`
	Product   string      `json:"product"`
	Release   Release     `json:"release"`
	Made      string      `json:"made"`    // day, as its maker says
	Theriac   string      `json:"theriac"` // version of the program that made it, as its maker says
	Files     int         `json:"files"`
	Bytes     int64       `json:"bytes"`
	Artefacts []FileLine  `json:"artefacts"`
	Catalogue []Catalogue `json:"catalogue"`
}

// FileLine is a file that the release freezes.
type FileLine struct {
	Path   string `json:"path"`
	Digest string `json:"digest"`
	Held   bool   `json:"held"` // whether the bundle holds it
}

// TrustedKey is a key that the auditor trusts.
type TrustedKey struct {
	Key    string `json:"key"` // id
	From   string `json:"from"`
	Signer string `json:"signer,omitempty"` // of the bundle's roster
	Demo   bool   `json:"demonstration"`
}

// LinkName names a link of the chain.
type LinkName string

// The links, in the order in which each rests on those before it.
const (
	Container LinkName = "container"
	Roster    LinkName = "roster"
	Released  LinkName = "release"
	Approved  LinkName = "approvals"
	Vouched   LinkName = "files"
	Evidenced LinkName = "evidence"
	Checked   LinkName = "check"
)

// LinkState is how a link stands.
type LinkState string

// The states.
const (
	Holds      LinkState = "holds"
	Broken     LinkState = "broken"
	Unvouched  LinkState = "unvouched" // fits within the bundle, whose signers nobody vouches for
	NotReached LinkState = "not-reached"
)

// Link is one link of the chain of trust.
type Link struct {
	Name   LinkName  `json:"name"`
	Asks   string    `json:"asks"` // what holds where it holds
	State  LinkState `json:"state"`
	Shown  string    `json:"shown,omitempty"` // by what, where it holds
	Faults []string  `json:"faults"`
	Notes  []string  `json:"notes"`
}

// SignerUse is a signer with what it signed that counts.
type SignerUse struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Type         string   `json:"type"`
	Organisation string   `json:"organisation,omitempty"`
	Keys         []string `json:"keys"` // ids of those used
	Statements   int      `json:"statements"`
	Approvals    int      `json:"approvals"`
	First        string   `json:"first"` // day of the oldest signature
	Last         string   `json:"last"`
}

// ApprovalState is what an approval is worth.
type ApprovalState string

// The states.
const (
	Valid    ApprovalState = "valid"   // of the content as the bundle has it
	Outdated ApprovalState = "earlier" // of an earlier content
	OfOther  ApprovalState = "other"   // of something that the bundle does not hold
	Refused  ApprovalState = "refused" // signed by nobody who may
	Damaged  ApprovalState = "damaged" // not what was signed
)

// ApprovalLine is one approval of the bundle.
type ApprovalLine struct {
	ID      string           `json:"id"`
	Path    string           `json:"path"`
	State   ApprovalState    `json:"state"`
	Of      model.Approvable `json:"of,omitempty"`
	Subject string           `json:"subject,omitempty"` // id of what is approved
	Meaning model.Meaning    `json:"meaning,omitempty"`
	Signer  string           `json:"signer,omitempty"`
	Name    string           `json:"name,omitempty"`
	Role    string           `json:"role,omitempty"`
	Key     string           `json:"key,omitempty"`
	Signed  string           `json:"signed,omitempty"`  // when, as the signer says
	Stamped string           `json:"stamped,omitempty"` // as a time-stamp authority says
	Reasons []string         `json:"reasons"`
}

// NeedLine is an approval that the policy asks for and that is not given.
type NeedLine struct {
	Of      model.Approvable `json:"of"`
	Subject string           `json:"subject"`
	Meaning model.Meaning    `json:"meaning"`
	Roles   []string         `json:"roles"`
	State   approval.State   `json:"state"`
	Reasons []string         `json:"reasons"`
}

// StateLine is a requirement with how it stands.
type StateLine struct {
	ID    string         `json:"id"`
	Title string         `json:"title"`
	State evidence.State `json:"state"`
}

// EvidenceLine is one statement of the bundle.
type EvidenceLine struct {
	ID         string             `json:"id"`
	Path       string             `json:"path"`
	Kind       model.EvidenceKind `json:"kind,omitempty"`
	Tool       string             `json:"tool,omitempty"`
	Finished   string             `json:"finished,omitempty"`
	Recorded   string             `json:"recorded,omitempty"`
	Inputs     int                `json:"inputs"`
	InputBytes int64              `json:"inputBytes"`
	Signatures []SignatureLine    `json:"signatures"` // that fit, by signers of the roster
	For        []VerdictLine      `json:"for"`
	Reasons    []string           `json:"reasons"` // of a statement that is for nothing
}

// SignatureLine is a signature that fits.
type SignatureLine struct {
	Signer  string `json:"signer"`
	Key     string `json:"key"`
	Stamped string `json:"stamped,omitempty"`
}

// VerdictLine is what a statement is worth for one verification.
type VerdictLine struct {
	Verification string         `json:"verification"`
	State        evidence.State `json:"state"`
	Replaced     string         `json:"replacedBy,omitempty"` // id of newer evidence that decides instead
	Reasons      []string       `json:"reasons"`
}

// FindingLine is an error or an open question.
type FindingLine struct {
	Code     string   `json:"code"`
	Severity string   `json:"severity"`
	Place    string   `json:"place"`
	Message  string   `json:"message"`
	Variant  string   `json:"variant,omitempty"`
	Clauses  []string `json:"clauses"`
}

// Counts are the findings of the check by severity; those that are waived are
// counted by themselves.
type Counts struct {
	Error   int `json:"error"`
	Open    int `json:"open"`
	Warning int `json:"warning"`
	Note    int `json:"note"`
	Waived  int `json:"waived"`
}

// link finds a link by its name.
func (r *Report) link(name LinkName) *Link {
	for i := range r.Links {
		if r.Links[i].Name == name {
			return &r.Links[i]
		}
	}
	panic("bundle: no link " + string(name))
}
