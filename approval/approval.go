// Package approval is what people signed: that they reviewed, approved or
// released a document, a decision about a risk, a waiver, a baseline, a release
// or the roster, as it was when they signed.
//
// An approval holds the content that its signer saw. When the content changes,
// the approval is stale and says what changed since.
//
// # Format
//
// An in-toto statement v1 in a DSSE envelope, in a file of its own below
// approvals/ in the folder of the security file. See docs/formats/approval.md.
//
// # Values
//
// Times are UTC in RFC 3339 to the second.
//
// # Errors
//
// What is wrong with an approval is a reason with it; errors are about the run.
//
// # Sources
//
// The elements of an electronic signature (printed name, date and time, meaning,
// link with the record) follow 21 CFR 11.50 and 11.70 and EU GMP Annex 11 no. 14.
package approval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	attestation "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"

	"theriac/evidence"
	"theriac/internal/strictjson"
	"theriac/model"
	"theriac/trust"
)

// Folder is where approvals are kept, below the folder of the security file.
const Folder = "approvals"

// PredicateType is the predicate type of an approval.
const PredicateType = "urn:theriac:approval:1"

// Limits for a store.
const (
	maxApprovals = 100000
	// MaxApproval bounds a file with an approval, in bytes.
	MaxApproval = 4 << 20
)

// Predicate is what the signer of an approval states.
type Predicate struct {
	Of      model.Approvable `json:"of"`
	ID      string           `json:"id"`      // of the entity, name of the baseline, "roster"
	Meaning model.Meaning    `json:"meaning"` // reviewed, approved, released
	Signer  string           `json:"signer"`  // id in the roster
	Name    string           `json:"name"`    // printed name of the signer
	Role    string           `json:"role"`    // in which the signer signs
	Signed  time.Time        `json:"signed"`  // when, as the signer says
	Comment string           `json:"comment,omitempty"`
	Content []Line           `json:"content"` // what the signer saw
}

// Line is one stated value of what was approved.
type Line struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// Digest identifies a content: the SHA-256 over "theriac approval 1", the kind,
// the id, and path and value of each line, each as model.AppendText has it.
func Digest(of model.Approvable, id string, content []Line) string {
	buf := model.AppendText(nil, "theriac approval 1")
	buf = model.AppendText(model.AppendText(buf, string(of)), id)
	for _, l := range content {
		buf = model.AppendText(model.AppendText(buf, l.Path), l.Value)
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:])
}

// Encode gives the payload of an approval.
func Encode(p *Predicate) ([]byte, error) {
	if why := p.faults(); why != "" {
		return nil, fmt.Errorf("approval: %s", why)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	var predicate structpb.Struct
	if err := protojson.Unmarshal(text, &predicate); err != nil {
		return nil, err
	}
	return evidence.EncodeStatement(map[string]string{string(p.Of) + "/" + p.ID: Digest(p.Of, p.ID, p.Content)}, PredicateType, &predicate)
}

// PathOf is where an approval is kept: by kind, id, meaning, and the id of its
// payload.
func PathOf(p *Predicate, payload []byte) string {
	return path.Join(Folder, string(p.Of), p.ID+"-"+string(p.Meaning)+"-"+evidence.IDOf(payload)+".json")
}

// Approval is one approval of the store.
type Approval struct {
	Path string // slash path below the folder of the security file
	ID   string // first 12 digits of the SHA-256 of the payload; of the file where there is no payload
	Predicate
	Readable bool // the predicate could be read
	By       *trust.Holder
	Stamped  time.Time
	Damage   []string // why it is not what its signer signed
	Refused  []string // why the signature does not count
}

// Counts tells whether it is a signature of somebody who may sign in the role.
// Whether what was signed is still so is another matter.
func (a *Approval) Counts() bool { return a.Readable && len(a.Damage)+len(a.Refused) == 0 }

// Store is the approvals of a security file.
type Store struct {
	Approvals []*Approval // by path
	Stray     []string    // other files in the folder
}

// Read reads the store in a file system whose root is the folder of the security
// file. A folder without approvals is an empty store.
func Read(ctx context.Context, fsys fs.FS, roster *trust.Roster, today model.Date) (*Store, error) {
	s := &Store{}
	stamps := map[string]bool{}
	var names []string
	err := fs.WalkDir(fsys, Folder, func(name string, d fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			if name == Folder && errors.Is(err, fs.ErrNotExist) {
				return fs.SkipAll
			}
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() || strings.HasPrefix(base, "."):
		case !d.Type().IsRegular():
			s.Stray = append(s.Stray, name)
		case strings.HasSuffix(base, ".json.tsr"):
			stamps[name] = true
		case strings.HasSuffix(base, ".json"):
			if names = append(names, name); len(names) > maxApprovals {
				return fmt.Errorf("%s holds more than %d approvals", Folder, maxApprovals)
			}
		default:
			s.Stray = append(s.Stray, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := evidence.ReadLimited(fsys, name, MaxApproval)
		if err != nil {
			return nil, err
		}
		var stamp []byte
		if stamps[name+".tsr"] {
			delete(stamps, name+".tsr")
			if stamp, err = evidence.ReadLimited(fsys, name+".tsr", evidence.MaxStamp); err != nil {
				return nil, err
			}
		}
		s.Approvals = append(s.Approvals, ReadApproval(name, text, stamp, roster, today))
	}
	for name := range stamps {
		s.Stray = append(s.Stray, name)
	}
	slices.Sort(s.Stray)
	return s, nil
}

// ReadApproval reads one envelope, with its time stamp if it has one, and
// verifies it.
func ReadApproval(name string, text, stamp []byte, roster *trust.Roster, today model.Date) *Approval {
	a := &Approval{Path: name}
	e, err := trust.OpenEnvelope(text)
	if err != nil {
		a.ID, a.Damage = evidence.IDOf(text), []string{fmt.Sprintf("the file is no signed statement: %s", err)}
		return a
	}
	a.ID = evidence.IDOf(e.Payload)
	if why := a.decode(e); why != "" {
		a.Damage = append(a.Damage, why)
	}
	signed, reasons := evidence.Verify(e, stamp, roster)
	for _, r := range reasons {
		if r.State == evidence.Malformed {
			a.Damage = append(a.Damage, r.Message)
		} else {
			a.Refused = append(a.Refused, r.Message)
		}
	}
	if !a.Readable || len(signed) == 0 {
		return a
	}
	a.By, a.Stamped = signed[0].By, signed[0].Stamped
	if why := a.refusal(len(e.Signatures), today); why != "" {
		a.Refused = append(a.Refused, why)
	}
	return a
}

func (a *Approval) decode(e *trust.Envelope) string {
	if e.PayloadType != evidence.PayloadType {
		return fmt.Sprintf("the envelope holds %q, not an in-toto statement", e.PayloadType)
	}
	var w evidence.Wire[Predicate]
	if err := strictjson.Decode(e.Payload, &w); err != nil {
		return err.Error()
	}
	switch {
	case w.Type != attestation.StatementTypeUri:
		return fmt.Sprintf("it is no in-toto statement v1 but %q", w.Type)
	case w.PredicateType != PredicateType:
		return fmt.Sprintf("it is no approval but %q", w.PredicateType)
	}
	a.Predicate = w.Predicate
	if why := a.faults(); why != "" {
		return why
	}
	want := string(a.Of) + "/" + a.Predicate.ID
	if len(w.Subject) != 1 || w.Subject[0].Name != want || w.Subject[0].SHA256() != Digest(a.Of, a.Predicate.ID, a.Content) {
		return "its subject is not the content that it holds"
	}
	a.Readable = true
	return ""
}

// faults says what is wrong with a predicate by itself.
func (p *Predicate) faults() string {
	known := func(values model.Values, name string) bool {
		return slices.ContainsFunc(values, func(v model.Value) bool { return v.Name == name })
	}
	switch {
	case !known(p.Of.Values(), string(p.Of)):
		return fmt.Sprintf("%q is nothing that can be approved", p.Of)
	case p.ID == "":
		return "it does not say what is approved"
	case !known(p.Meaning.Values(), string(p.Meaning)):
		return fmt.Sprintf("%q is no meaning of a signature", p.Meaning)
	case p.Signer == "" || p.Name == "" || p.Role == "":
		return "signer, printed name or role is missing"
	case p.Signed.IsZero() || p.Signed.Location() != time.UTC || p.Signed.Nanosecond() != 0:
		return "the time of signing is missing or not in whole seconds of UTC"
	case len(p.Content) == 0:
		return "it holds no content"
	}
	return ""
}

// refusal says why the signature does not count, if so.
func (a *Approval) refusal(signatures int, today model.Date) string {
	signer := a.By.Signer
	switch err := a.By.Counts(a.Signed, a.Stamped, today); {
	case signatures != 1:
		return "an approval is signed by one person"
	case a.Signer != signer.ID:
		return fmt.Sprintf("it names %s as its signer, and is signed with the key of %s", a.Signer, signer.ID)
	case signer.Type != "person" && signer.Type != "root":
		return fmt.Sprintf("%s is a %s; people approve", signer.ID, signer.Type)
	case err != nil:
		return fmt.Sprintf("the signature of %s does not count: %s", signer.ID, err)
	case !slices.Contains(signer.Roles, a.Role):
		return fmt.Sprintf("%s signs as %s, which is not among its roles", signer.ID, a.Role)
	}
	return ""
}
