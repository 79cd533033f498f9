package bundle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"theriac/approval"
	"theriac/model"
	"theriac/trust"
)

// roster follows the link from the trusted keys to the list of signers.
func (x *auditor) roster() {
	var faults []string
	for _, own := range x.trusted.rosters {
		faults = append(faults, rosterDifferences(own, x.file)...)
	}
	var by []*approval.Approval
	for i := range x.trusted.Anchors {
		a, why := x.anchored(&x.trusted.Anchors[i])
		if why == "" {
			by = append(by, a)
			continue
		}
		if len(x.trusted.Anchors) == 1 {
			faults = append(faults, why)
		} else {
			x.note(Roster, "%s", why)
		}
	}
	if len(by) == 0 {
		if len(x.trusted.Anchors) != 1 {
			faults = append(faults, "no root of trust whose key is trusted vouches for the roster")
		}
		x.broken(Roster, faults...)
		return
	}
	x.conclude(Roster, faults, "%s (root of trust %s, key %s) approved the roster of %s on %s", by[0].Name, by[0].Signer, short(by[0].By.Key.ID()),
		amount(len(x.file.Signers), "signer"), model.DateOf(by[0].Signed))
}

// anchored finds the approval of the roster by the holder of a trusted key, or
// says what is missing.
func (x *auditor) anchored(a *Anchor) (*approval.Approval, string) {
	id := short(a.Key.ID())
	h := x.proof.Roster.Find(a.Key.ID())
	switch {
	case trust.DemoName(a.Key) != "" && x.file.Product.Demonstration != model.Yes:
		return nil, fmt.Sprintf("the trusted key %s (%s) is a demonstration key, which everybody has, and the product is no demonstration", id, a.From)
	case h == nil:
		return nil, fmt.Sprintf("the trusted key %s (%s) is of no signer of the bundle: it was made by somebody else, or for another root of trust", id, a.From)
	case h.Signer.Type != "root":
		return nil, fmt.Sprintf("the trusted key %s (%s) is that of %s, a %s: what it signs stands for itself. Trust in the other signers needs an approval of the roster by a signer of type root",
			id, a.From, h.Signer.ID, h.Signer.Type)
	}
	var why []string
	newest := x.newestVouch(a.Key.ID())
	for _, p := range x.proof.Approvals.Approvals {
		if p.By == nil || p.By.Key.ID() != a.Key.ID() || p.Of != "roster" || p.Meaning != "approved" {
			continue
		}
		state, reasons := x.state(p)
		if state == Valid && p.Signed.Before(newest) {
			state, reasons = Refused, []string{"a later one of " + newest.Format(time.DateOnly) + " is of another roster"}
		}
		if state == Valid && a.By != nil {
			if err := a.By.Counts(p.Signed, p.Stamped, x.today); err != nil {
				state, reasons = Refused, []string{"by the roster that is trusted, " + err.Error()}
			}
		}
		if state == Valid {
			return p, ""
		}
		why = append(why, fmt.Sprintf("its approval %s of %s is no longer that of this roster (%s): %s", p.ID, model.DateOf(p.Signed), state, strings.Join(reasons, "; ")))
	}
	if len(why) == 0 {
		why = []string{"no approval of the roster by it with the meaning approved is in the bundle"}
	}
	return nil, fmt.Sprintf("%s (root of trust, key %s) does not vouch for the roster: %s", h.Signer.ID, id, strings.Join(why, "; "))
}

// newestVouch is when a key last signed an approval of a roster, whatever roster:
// an older one must not undo a revocation. One that was taken out of the bundle
// cannot be missed; only the auditor's own roster helps there.
func (x *auditor) newestVouch(key string) (newest time.Time) {
	for _, p := range x.proof.Approvals.Approvals {
		if p.Readable && p.Of == "roster" && p.Meaning == "approved" && p.By != nil && p.By.Key.ID() == key && len(p.Damage) == 0 && p.Signed.After(newest) {
			newest = p.Signed
		}
	}
	return newest
}

// rosterDifferences compares the auditor's own roster with that of the bundle.
func rosterDifferences(own, other *model.File) (all []string) {
	ids := func(f *model.File) (list []string) {
		for _, s := range f.Signers {
			list = append(list, s.ID)
		}
		return list
	}
	for _, s := range own.Signers {
		theirs, ok := other.Lookup(s.ID).(*model.Signer)
		switch {
		case !ok:
			all = append(all, fmt.Sprintf("signer %s of the trusted roster is not on the roster of the bundle", s.ID))
		case model.Digest(s) != model.Digest(theirs):
			all = append(all, fmt.Sprintf("signer %s is not as the trusted roster has it: %s", s.ID, strings.Join(changeWords(approval.Changes(linesOf(s), linesOf(theirs))), "; ")))
		}
	}
	known := ids(own)
	for _, id := range ids(other) {
		if !slices.Contains(known, id) {
			all = append(all, fmt.Sprintf("signer %s is on the roster of the bundle and not on the trusted one", id))
		}
	}
	return all
}

func linesOf(e model.Entity) (all []approval.Line) {
	for _, f := range model.ContentOf(e) {
		all = append(all, approval.Line{Path: f.Path, Value: f.Value})
	}
	return all
}
