package check

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/model"
	"theriac/triage"
	"theriac/trust"
)

// Seal is what the signature of the record of findings is worth.
type Seal struct {
	There  bool            // whether somebody signed it
	By     []*trust.Holder // whose signatures count
	Faults []string        // why it does not count, or not each signature; none where all is well
}

// Counts reports whether the record is as somebody signed it who may.
func (s *Seal) Counts() bool { return len(s.By) > 0 && len(s.Faults) == 0 }

// Seal is what the signature of the record is worth. A variant has none, as it has no
// record. The error is about the run: the file cannot be read.
func (p *Pass) Seal() (*Seal, error) {
	if p.File.Variant() != "" {
		return &Seal{}, nil
	}
	t := p.Triaged()
	if t.Err != nil {
		return &Seal{}, nil // T8710 speaks of it
	}
	return ReadSeal(p.File, t.Record, p.Proof().Roster, p.Today)
}

// ReadSeal reads the signature of a record of findings and holds it against the record and
// the roster on a day. What is signed is that of the day of the record.
func ReadSeal(file *model.File, record *triage.Record, roster *trust.Roster, today model.Date) (*Seal, error) {
	text, err := triage.ReadSeal(file)
	switch {
	case errors.Is(err, triage.ErrSeal):
		return &Seal{There: true, Faults: []string{err.Error()}}, nil
	case err != nil:
		return nil, err
	case text == nil:
		return &Seal{}, nil
	}
	s := &Seal{There: true}
	envelope, err := trust.OpenEnvelope(text)
	switch claim := record.Claim(); {
	case err != nil:
		s.fault("it is no signature: " + err.Error())
	case envelope.PayloadType != triage.SealType:
		s.fault("what was signed is no record of findings")
	case claim == nil:
		s.fault("the record that was signed is not there")
	case !bytes.Equal(envelope.Payload, claim):
		s.fault("the record is not the one that was signed: it was altered since, or recorded again")
	default:
		s.verify(file, envelope, roster, record.Day, today)
	}
	return s, nil
}

func (s *Seal) fault(text string) { s.Faults = append(s.Faults, text) }

// verify holds the signatures of a claim about the record against the roster.
func (s *Seal) verify(file *model.File, envelope *trust.Envelope, roster *trust.Roster, day, today model.Date) {
	signed, reasons := evidence.Verify(envelope, nil, roster)
	for _, r := range reasons {
		s.fault(r.Message)
	}
	at, err := time.Parse(time.DateOnly, day.String())
	if err != nil {
		s.fault("the record names no day on which it could have been signed")
		return
	}
	for _, one := range signed {
		if err := one.By.Counts(at, time.Time{}, today); err != nil {
			s.fault("the signature does not count: " + err.Error())
		} else if roles := scanSigners(file); roles != nil && !trust.Holds(one.By.Signer, roles) {
			s.fault("it is signed by " + one.By.Signer.ID + ", and scans for vulnerabilities are signed by " + strings.Join(roles, ", "))
		} else {
			s.By = append(s.By, one.By)
		}
	}
}

// scanSigners are the roles that may sign scans for vulnerabilities, by the first line of
// the policy that speaks of them; nil where none does.
func scanSigners(file *model.File) []string {
	if file.Policy == nil {
		return nil
	}
	for _, line := range file.Policy.Evidence.Signers {
		for _, kind := range line.Kinds {
			if kind == "vulnerability-scan" {
				return line.Roles
			}
		}
	}
	return nil
}
