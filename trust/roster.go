package trust

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"theriac/model"
)

// Roster is whose signatures count, as the security file lists them.
type Roster struct {
	holders map[string]*Holder
	Faults  []RosterFault

	authorities []stampAuthority
	seen        *Seen
}

// Remember lets the roster ask for signatures that fitted before, and adds to them.
func (r *Roster) Remember(seen *Seen) { r.seen = seen }

// Verify is Envelope.Verify, with what the roster remembers.
func (r *Roster) Verify(e *Envelope, key *PublicKey) ([]byte, error) { return e.verify(key, r.seen) }

// stampAuthority is a time-stamp authority with one of its certificates.
type stampAuthority struct {
	signer *model.Signer
	entry  model.SignerKey
	cert   *x509.Certificate
}

// Stamped is the time that a time stamp of a listed authority proves for a
// signature. A stamp counts when the authority's entry held at that time; of one
// that was compromised, none does: who has its key can date back.
func (r *Roster) Stamped(token, signature []byte) (time.Time, error) {
	s, err := ReadStamp(token)
	if err != nil {
		return time.Time{}, err
	}
	err = fmt.Errorf("%w: the roster lists no time-stamp authority", ErrStampUntrusted)
	for _, a := range r.authorities {
		at, why := s.Verify(signature, []*x509.Certificate{a.cert})
		if why == nil {
			why = a.held(model.DateOf(at.UTC()))
		}
		if why == nil {
			return at, nil
		}
		err = why
	}
	return time.Time{}, err
}

func (a *stampAuthority) held(day model.Date) error {
	e := a.entry
	switch {
	case !e.From.IsZero() && day.Before(e.From):
		return fmt.Errorf("%w: it is of %s, and %s counts from %s", ErrStampUntrusted, day, a.signer.ID, e.From)
	case !e.Until.IsZero() && e.Until.Before(day):
		return fmt.Errorf("%w: it is of %s, and %s counted until %s", ErrStampUntrusted, day, a.signer.ID, e.Until)
	case e.Revoked.IsZero():
		return nil
	case e.Reason != "superseded" && e.Reason != "retired":
		return fmt.Errorf("%w: %s was revoked on %s as compromised, and who has its key can date back", ErrStampUntrusted, a.signer.ID, e.Revoked)
	case !day.Before(e.Revoked):
		return fmt.Errorf("%w: it is of %s, and %s was revoked on %s", ErrStampUntrusted, day, a.signer.ID, e.Revoked)
	}
	return nil
}

// Holder is a signer with one of its keys.
type Holder struct {
	Signer *model.Signer
	Entry  model.SignerKey
	Index  int // of the key in the signer's list
	Key    *PublicKey
}

// RosterFault is a key of the roster that cannot be used.
type RosterFault struct {
	Signer *model.Signer
	Index  int
	Twin   *Holder // who has the same key
	Demo   string  // name of the demonstration key that it is
	Err    error   // nil where one of the others is set
}

// NewRoster reads the keys of the signers. Demonstration keys count for products
// that are demonstrations. A key that is listed twice belongs to
// nobody: whose signature it makes could not be told.
func NewRoster(file *model.File) *Roster {
	demonstration := file.Product != nil && file.Product.Demonstration == model.Yes
	r := &Roster{holders: map[string]*Holder{}}
	var twice []string
	for _, s := range file.Signers {
		for i, entry := range s.Keys {
			if s.Type == "time-stamp-authority" {
				r.authority(s, i)
				continue
			}
			key, err := ParsePublic([]byte(entry.Public))
			if err != nil {
				r.Faults = append(r.Faults, RosterFault{Signer: s, Index: i, Err: err})
				continue
			}
			if DemoName(key) != "" && !demonstration {
				r.Faults = append(r.Faults, RosterFault{Signer: s, Index: i, Demo: DemoName(key)})
				continue
			}
			if twin := r.holders[key.ID()]; twin != nil {
				r.Faults = append(r.Faults, RosterFault{Signer: s, Index: i, Twin: twin})
				twice = append(twice, key.ID())
				continue
			}
			r.holders[key.ID()] = &Holder{s, entry, i, key}
		}
	}
	for _, id := range twice {
		delete(r.holders, id)
	}
	return r
}

// authority takes the certificate of a time-stamp authority. Its key may be of any
// algorithm: it signs nothing but time stamps.
func (r *Roster) authority(s *model.Signer, i int) {
	cert, err := ParseCertificate([]byte(s.Keys[i].Public))
	if err != nil {
		r.Faults = append(r.Faults, RosterFault{Signer: s, Index: i, Err: err})
		return
	}
	r.authorities = append(r.authorities, stampAuthority{s, s.Keys[i], cert})
}

// Find returns the holder of the key with the id, or nil.
func (r *Roster) Find(id string) *Holder { return r.holders[id] }

// Authorities lists the certificates of the time-stamp authorities.
func (r *Roster) Authorities() []*x509.Certificate {
	var all []*x509.Certificate
	for _, a := range r.authorities {
		all = append(all, a.cert)
	}
	return all
}

// Holders lists all that have a usable key, by signer and key.
func (r *Roster) Holders() []*Holder {
	var all []*Holder
	for _, h := range r.holders {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b *Holder) int {
		return cmp.Or(cmp.Compare(a.Signer.ID, b.Signer.ID), a.Index-b.Index)
	})
	return all
}

// skew is how far two clocks may differ.
const skew = 5 * time.Minute

// Counts tells whether a signature that says it was made at one time, and that a
// time stamp proves to have existed at another, counts; the error says why not.
// A zero stamped means that there is no time stamp: then the claimed time is all
// there is, and it counts only as long as nobody else can have the key.
func (h *Holder) Counts(claimed, stamped time.Time, today model.Date) error {
	when := claimed
	if !stamped.IsZero() {
		if claimed.After(stamped.Add(skew)) {
			return fmt.Errorf("it says that it was made on %s, after its time stamp of %s", moment(claimed), moment(stamped))
		}
		when = stamped
	}
	day := model.DateOf(when)
	switch {
	case today.Before(day):
		return fmt.Errorf("it was made on %s, which is in the future", day)
	case !h.Entry.From.IsZero() && day.Before(h.Entry.From):
		return fmt.Errorf("it was made on %s, and the key of %s counts from %s", day, h.Signer.ID, h.Entry.From)
	case !h.Entry.Until.IsZero() && h.Entry.Until.Before(day):
		return fmt.Errorf("it was made on %s, and the key of %s counted until %s", day, h.Signer.ID, h.Entry.Until)
	}
	if err := h.revoked(day, stamped); err != nil {
		return err
	}
	return h.certified(when, stamped, today)
}

func (h *Holder) revoked(day model.Date, stamped time.Time) error {
	at := h.Entry.Revoked
	switch {
	case at.IsZero():
		return nil
	case !day.Before(at):
		return fmt.Errorf("it was made on %s, and the key of %s was revoked on %s", day, h.Signer.ID, at)
	case h.Entry.Reason == "superseded" || h.Entry.Reason == "retired" || !stamped.IsZero():
		return nil
	}
	return fmt.Errorf("the key of %s was revoked on %s as compromised, and no time stamp proves that it was made before", h.Signer.ID, at)
}

// certified tells whether the certificate of the key, if it has one, held. After
// its end anybody may have the key, so only a time stamp proves the time.
func (h *Holder) certified(when, stamped time.Time, today model.Date) error {
	cert := h.Key.Certificate()
	switch {
	case cert == nil:
		return nil
	case when.Before(cert.NotBefore) || when.After(cert.NotAfter):
		return fmt.Errorf("it was made on %s, and the certificate of %s holds from %s until %s", moment(when), h.Signer.ID, moment(cert.NotBefore), moment(cert.NotAfter))
	case stamped.IsZero() && model.DateOf(cert.NotAfter).Before(today):
		return fmt.Errorf("the certificate of %s ended on %s, and no time stamp proves that it was made before", h.Signer.ID, moment(cert.NotAfter))
	}
	return nil
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// Holds reports whether the signer has one of the roles.
func Holds(s *model.Signer, roles []string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(s.Roles, role) })
}
