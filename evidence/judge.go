package evidence

import (
	"cmp"
	"slices"

	"theriac/model"
)

// Judgement says how each verification of a security file stands for one release.
type Judgement struct {
	Release  *model.Release
	Store    *Store
	Verdicts []*Verdict // of every piece, for everything that it claims; by path and place in its claim
	standing map[*model.Verification]*Standing
}

// Verdict is what one piece is worth for one verification.
type Verdict struct {
	Piece   *Piece
	Item    string              // id as the piece has it; "" for a piece that cannot be read
	Of      *model.Verification // nil where the file has none with that id
	State   State
	Reasons []Reason // of a state other than passed; those of a worse state first

	By       []Signed // who may sign it
	Excused  []model.Deviation
	Supports bool // it shows the verification only beside evidence of another kind
	Result   *Result
	Unsure   []Exposure // interfaces that gave no answer on the network
	Replaced *Verdict   // newer one that says the same or more
}

// Counts tells whether the verdict has a say: what it says may be good or bad.
func (v *Verdict) Counts() bool {
	return v.Of != nil && (v.State == Passed || v.State == Failed || v.State == Inconclusive)
}

// Standing is how a verification stands.
type Standing struct {
	Of       *model.Verification
	State    State
	Deciding []*Verdict      // that count and that nothing newer replaces; newest first
	Rejected []*Verdict      // that do not count; newest first
	Unseen   []model.Element // of its scope, at which nothing that counts looked
	Alone    bool            // what counts only supports, and nothing shows it
}

// Judge weighs the pieces of a store for a release. Without a release nothing
// counts.
func Judge(file *model.File, store *Store, release *model.Release, today model.Date) *Judgement {
	j := &Judgement{Release: release, Store: store, standing: map[*model.Verification]*Standing{}}
	c := &court{file: file, release: release, today: today, basis: map[string]Basis{}}
	if file.Policy != nil {
		c.policy = file.Policy.Evidence
	}
	claims := map[*model.Verification][]*Verdict{}
	for _, p := range store.Pieces {
		for _, v := range c.verdicts(p) {
			j.Verdicts = append(j.Verdicts, v)
			if v.Of != nil {
				claims[v.Of] = append(claims[v.Of], v)
			}
		}
	}
	for _, v := range file.Verifications {
		j.standing[v] = stand(v, claims[v])
	}
	return j
}

// Of is the standing of a verification of the file.
func (j *Judgement) Of(v *model.Verification) *Standing { return j.standing[v] }

// Requirement is how a requirement stands by all verifications of it: it is met
// when each of them passed.
func (j *Judgement) Requirement(r *model.Requirement) State {
	var states []State
	for _, v := range model.Users[*model.Verification](r, "verifies") {
		states = append(states, j.standing[v].State)
	}
	return Worst(states...)
}

// Control is how a control stands by all requirements that make it concrete.
func (j *Judgement) Control(c *model.Control) State {
	var states []State
	for _, r := range model.Users[*model.Requirement](c, "implements") {
		states = append(states, j.Requirement(r))
	}
	return Worst(states...)
}

// stand weighs what was claimed of one verification.
func stand(v *model.Verification, claims []*Verdict) *Standing {
	s := &Standing{Of: v}
	slices.SortStableFunc(claims, func(a, b *Verdict) int { return newestFirst(a.Piece, b.Piece) })
	for _, c := range claims {
		switch {
		case !c.Counts():
			s.Rejected = append(s.Rejected, c)
		case !replaced(c, s.Deciding):
			s.Deciding = append(s.Deciding, c)
		}
	}
	s.decide()
	return s
}

func newestFirst(a, b *Piece) int {
	if a.Statement == nil || b.Statement == nil {
		return cmp.Compare(a.Path, b.Path)
	}
	return cmp.Or(b.Statement.Finished.Compare(a.Statement.Finished), b.Statement.Recorded.Compare(a.Statement.Recorded), cmp.Compare(a.Path, b.Path))
}

// replaced tells whether newer evidence of the same kind looked at all that this
// one looked at. What was made at the same time stands beside it.
func replaced(old *Verdict, newer []*Verdict) bool {
	for _, n := range newer {
		a, b := n.Piece.Statement, old.Piece.Statement
		if a.Kind == b.Kind && a.Finished.After(b.Finished) && includes(a.Scope, b.Scope) {
			old.Replaced = n
			return true
		}
	}
	return false
}

func includes(all, some []string) bool {
	return !slices.ContainsFunc(some, func(id string) bool { return !slices.Contains(all, id) })
}

// decide finds the state: the worst of what counts, or of what does not the state
// of that which comes nearest.
func (s *Standing) decide() {
	if len(s.Deciding) == 0 {
		s.State = Missing
		if len(s.Rejected) > 0 {
			s.State = s.Rejected[0].State
		}
		for _, r := range s.Rejected {
			if r.State != WrongRelease { // evidence of other releases is no answer, and no fault
				s.State = r.State
				break
			}
		}
		return
	}
	var states []State
	for _, d := range s.Deciding {
		states = append(states, d.State)
	}
	s.State = Worst(states...)
	s.Unseen = unseen(s.Of, s.Deciding)
	s.Alone = !slices.ContainsFunc(s.Deciding, func(d *Verdict) bool { return !d.Supports })
	if s.State == Passed && s.Alone {
		s.State = OutOfScope
	}
	if s.State == Passed && len(s.Unseen) > 0 {
		s.State = OutOfScope
		if s.silent() {
			s.State = Inconclusive
		}
	}
}

// silent tells whether all that was not seen was looked at, and gave no answer.
func (s *Standing) silent() bool {
	return !slices.ContainsFunc(s.Unseen, func(e model.Element) bool {
		return !slices.ContainsFunc(s.Deciding, func(d *Verdict) bool { return d.unsure(model.Of(e).ID) != nil })
	})
}

// unsure is the exposure of an interface that gave no answer.
func (v *Verdict) unsure(id string) *Exposure {
	for i, x := range v.Unsure {
		if x.Interface.ID == id {
			return &v.Unsure[i]
		}
	}
	return nil
}

// Silence says of an interface why nothing was learnt of it; "" where nothing
// looked.
func (s *Standing) Silence(e model.Element) string {
	for _, d := range s.Deciding {
		if x := d.unsure(model.Of(e).ID); x != nil {
			return x.Reason
		}
	}
	return ""
}

// unseen lists what a verification covers and nothing that passed looked at. Who
// looked at a component looked at its interfaces, who looked at an interface at
// the flows over it.
func unseen(v *model.Verification, deciding []*Verdict) []model.Element {
	seen := map[string]bool{}
	for _, d := range deciding {
		if d.State == Passed && !d.Supports {
			for _, id := range d.Piece.Statement.Scope {
				if d.unsure(id) == nil {
					seen[id] = true
				}
			}
		}
	}
	var missing []model.Element
	for e := range model.Targets(v.Covers) {
		if !looked(e, seen) {
			missing = append(missing, e)
		}
	}
	return missing
}

func looked(e model.Element, seen map[string]bool) bool {
	if seen[model.Of(e).ID] {
		return true
	}
	switch e := e.(type) {
	case *model.Interface:
		return e.Component.OK() && seen[e.Component.ID]
	case *model.Flow:
		return len(e.Over) > 0 && !slices.ContainsFunc(e.Over, func(i model.Ref[*model.Interface]) bool { return !i.OK() || !looked(i.To, seen) })
	}
	return false
}

// Verdict of a piece for a verification, or nil.
func (s *Standing) Verdict(p *Piece) *Verdict {
	for _, v := range slices.Concat(s.Deciding, s.Rejected) {
		if v.Piece == p {
			return v
		}
	}
	return nil
}

// SignedBy lists who signed a verdict's piece and may.
func (v *Verdict) SignedBy() []*model.Signer {
	var all []*model.Signer
	for _, s := range v.By {
		all = append(all, s.By.Signer)
	}
	return all
}
