package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	attestation "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"

	"theriac/internal/strictjson"
	"theriac/model"
	"theriac/trust"
)

// PayloadType is the type of the payload of an envelope that holds an in-toto
// statement.
const PayloadType = "application/vnd.in-toto+json"

// The predicate type of a kind stands between these two.
const (
	predicatePrefix = "urn:theriac:evidence:"
	predicateSuffix = ":1"
)

// PredicateType is the predicate type of a kind of evidence.
func PredicateType(k model.EvidenceKind) string { return predicatePrefix + string(k) + predicateSuffix }

// Encode gives the payload of a statement: the JSON form of an in-toto statement
// on one line. The same statement gives the same bytes.
func Encode(s *Statement) ([]byte, error) {
	if faults := s.faults(); len(faults) > 0 {
		return nil, fmt.Errorf("statement: %s: %s", faults[0].Field, faults[0].Message)
	}
	text, err := json.Marshal(s.Predicate)
	if err != nil {
		return nil, err
	}
	var predicate structpb.Struct
	if err := protojson.Unmarshal(text, &predicate); err != nil {
		return nil, err
	}
	subjects := map[string]string{}
	for _, subject := range s.Subjects {
		subjects[subject.Name] = subject.SHA256
	}
	payload, err := EncodeStatement(subjects, PredicateType(s.Kind), &predicate)
	if err != nil {
		return nil, err
	}
	if err := unchangedBy(payload, text); err != nil {
		return nil, err
	}
	return payload, nil
}

// unchangedBy sees to it that a payload says what was meant: the library keeps
// numbers as floating point, which does not hold each large one.
func unchangedBy(payload, predicate []byte) error {
	var w Wire[Predicate]
	if err := strictjson.Decode(payload, &w); err != nil {
		return fmt.Errorf("statement: %w", err)
	}
	if read, err := json.Marshal(w.Predicate); err != nil || !bytes.Equal(read, predicate) {
		return errors.New("statement: a number in it is too large to be written exactly")
	}
	return nil
}

// EncodeStatement gives the JSON form of an in-toto statement about subjects,
// given as name and SHA-256.
func EncodeStatement(subjects map[string]string, predicateType string, predicate *structpb.Struct) ([]byte, error) {
	st := &attestation.Statement{Type: attestation.StatementTypeUri, PredicateType: predicateType, Predicate: predicate}
	for _, name := range slices.Sorted(maps.Keys(subjects)) {
		st.Subject = append(st.Subject, &attestation.ResourceDescriptor{Name: name, Digest: map[string]string{"sha256": subjects[name]}})
	}
	if err := st.Validate(); err != nil {
		return nil, fmt.Errorf("statement: %w", err)
	}
	text, err := protojson.Marshal(st)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer // protojson puts blanks where it likes
	err = json.Compact(&out, text)
	return out.Bytes(), err
}

// Wire is the JSON form of an in-toto statement with a predicate of some type.
// The library's own type would need two more passes over each predicate; a test
// holds the two together.
type Wire[P any] struct {
	Type          string        `json:"_type"`
	Subject       []WireSubject `json:"subject"`
	PredicateType string        `json:"predicateType"`
	Predicate     P             `json:"predicate"`
}

// WireSubject is a subject of a statement.
type WireSubject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// SHA256 is the digest of a subject; "" where it has none of that algorithm.
func (s WireSubject) SHA256() string {
	if d := s.Digest["sha256"]; IsDigest(d) {
		return d
	}
	return ""
}

// Decode reads the payload of an envelope. The faults say what is wrong with it;
// with faults the statement holds what could be read, or is nil.
func Decode(payload []byte) (*Statement, []Reason) {
	var w Wire[Predicate]
	if err := strictjson.Decode(payload, &w); err != nil {
		return nil, []Reason{malformed("", "%s", err)}
	}
	if w.Type != attestation.StatementTypeUri {
		return nil, []Reason{malformed("_type", "it is no in-toto statement v1 but %q", w.Type)}
	}
	kind, ok := kindOf(w.PredicateType)
	if !ok {
		return nil, []Reason{malformed("predicateType", "%q is no kind of evidence that is known", w.PredicateType)}
	}
	s := &Statement{Kind: kind, Predicate: w.Predicate}
	for _, subject := range w.Subject {
		s.Subjects = append(s.Subjects, Subject{subject.Name, subject.SHA256()})
	}
	return s, s.faults()
}

func kindOf(predicateType string) (model.EvidenceKind, bool) {
	name, one := strings.CutPrefix(predicateType, predicatePrefix)
	name, two := strings.CutSuffix(name, predicateSuffix)
	return model.EvidenceKind(name), one && two && slices.ContainsFunc(model.EvidenceKind("").Values(), func(v model.Value) bool { return v.Name == name })
}

// IsDigest tells whether a text is a SHA-256 in hexadecimal digits, lower case.
func IsDigest(s string) bool { return isHex(s, 64) }

func isHex(s string, length int) bool {
	return len(s) == length && strings.Trim(s, "0123456789abcdef") == ""
}

// wholeSecond tells whether a time is one that statements hold: whole seconds in
// UTC.
func wholeSecond(t time.Time) bool { return t.Nanosecond() == 0 && t.Location() == time.UTC }

// ReleaseOf is the version that a signed statement names, without a look at its
// signatures; known is false where it cannot be told.
func ReleaseOf(envelope []byte) (version string, known bool) {
	e, err := trust.OpenEnvelope(envelope)
	if err != nil {
		return "", false
	}
	var w struct {
		Predicate struct {
			Release string `json:"release"`
		} `json:"predicate"`
	}
	if err := json.Unmarshal(e.Payload, &w); err != nil {
		return "", false
	}
	return w.Predicate.Release, w.Predicate.Release != ""
}
