package techdoc

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"theriac/check"
	"theriac/evidence"
	"theriac/model"
)

// machine makes the files for machines from a Book: what they have in common.
type machine struct{ *Book }

// witness is a piece of evidence with what it was found to be worth.
type witness struct {
	*evidence.Piece
	Verdicts []*evidence.Verdict // in the order of its claim
	SHA256   string              // of the file of the statement; "" where it cannot be read
}

// witnesses lists the pieces of evidence by path.
func (m machine) witnesses() []*witness {
	var list []*witness
	of := map[*evidence.Piece]*witness{}
	for _, v := range m.Pass.Judged().Verdicts {
		w := of[v.Piece]
		if w == nil {
			w = &witness{Piece: v.Piece, SHA256: m.digestOf(v.Piece.Path)}
			of[v.Piece] = w
			list = append(list, w)
		}
		w.Verdicts = append(w.Verdicts, v)
	}
	return list
}

// digestOf is the SHA-256 of a statement; "" where it cannot be read.
func (m machine) digestOf(name string) string {
	if m.Files == nil {
		return ""
	}
	text, err := evidence.ReadLimited(m.Files, name, evidence.MaxStatement)
	if err != nil || int64(len(text)) > evidence.MaxStatement {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// state is the worst state of the verdicts of a piece.
func (w *witness) state() evidence.State {
	var states []evidence.State
	for _, v := range w.Verdicts {
		states = append(states, v.State)
	}
	return evidence.Worst(states...)
}

// shownBy is how a requirement or control is shown to be met.
type shownBy struct {
	State evidence.State
	Why   []string          // one for each verification
	By    []*evidence.Piece // that count, each once

	known map[*evidence.Piece]bool // of By
}

// met reports whether it is shown.
func (p shownBy) met() bool { return p.State == evidence.Passed }

// provenBy is how a requirement is shown: by signed evidence where the file lists
// signers, else by the results that it states.
func (m machine) provenBy(r *model.Requirement) shownBy {
	var p shownBy
	var states []evidence.State
	for _, v := range model.Users[*model.Verification](r, "verifies") {
		state, why, by := m.verified(v)
		states = append(states, state)
		p.Why = append(p.Why, v.ID+": "+why)
		p.add(by)
	}
	p.State = evidence.Worst(states...)
	if len(states) == 0 {
		p.Why = []string{"no verification of " + r.ID}
	}
	return p
}

// verified is how a verification stands.
func (m machine) verified(v *model.Verification) (state evidence.State, why string, by []*evidence.Piece) {
	if !m.Pass.Proven() {
		switch v.Result {
		case "passed", "failed":
			return evidence.State(v.Result), string(v.Result) + ", as the security file states it without signature", nil
		}
		return evidence.Missing, "no result", nil
	}
	s := m.Pass.Judged().Of(v)
	why = s.State.Words()
	for _, d := range s.Deciding {
		by = append(by, d.Piece)
	}
	if s.Excused() {
		why += ", with failures whose risk is accepted"
	}
	if len(s.Deciding) == 0 && len(s.Rejected) > 0 && len(s.Rejected[0].Reasons) > 0 {
		why += ": " + s.Rejected[0].Reasons[0].Message
	}
	return s.State, why, by
}

func (p *shownBy) add(pieces []*evidence.Piece) {
	if p.known == nil {
		p.known = map[*evidence.Piece]bool{}
	}
	for _, e := range pieces {
		if !p.known[e] {
			p.known[e] = true
			p.By = append(p.By, e)
		}
	}
}

// controlProvenBy is how a control is shown: by all requirements that make it
// concrete.
func (m machine) controlProvenBy(c *model.Control) shownBy {
	var p shownBy
	var states []evidence.State
	for _, r := range model.Users[*model.Requirement](c, "implements") {
		of := m.provenBy(r)
		states = append(states, of.State)
		p.Why = append(p.Why, r.ID+": "+of.State.Words())
		p.add(of.By)
	}
	p.State = evidence.Worst(states...)
	if len(states) == 0 {
		p.Why = []string{"no requirement makes " + c.ID + " concrete"}
	}
	return p
}

// bySource groups the rows of the coverage by the source of their clause.
func (m machine) bySource() [][]check.Row {
	var groups [][]check.Row
	for _, row := range m.Coverage {
		if n := len(groups); n > 0 && groups[n-1][0].Entry.Source == row.Entry.Source {
			groups[n-1] = append(groups[n-1], row)
		} else {
			groups = append(groups, []check.Row{row})
		}
	}
	return groups
}

// productKey is the product as ids are derived from it.
func (m machine) productKey() string {
	p := m.File.Product
	if p.UDIDI != "" {
		return "udi-di " + p.UDIDI
	}
	return fmt.Sprintf("name %q by %q", p.Name, p.Manufacturer.Name)
}

// version is the version of the release, or words that say that there is none.
func (m machine) version() string {
	if m.Release == nil {
		return "no release"
	}
	return cmp.Or(m.Release.Version, m.Release.ID)
}

// dayTime is the start of a day in UTC, as RFC 3339; "" for no day.
func dayTime(d model.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String() + "T00:00:00Z"
}
