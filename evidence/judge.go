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
	var scopes newest
	for _, c := range claims {
		switch {
		case !c.Counts():
			s.Rejected = append(s.Rejected, c)
		case !scopes.replace(c):
			s.Deciding = append(s.Deciding, c)
		}
	}
	s.decide()
	return s
}

func newestFirst(a, b *Piece) int {
	return cmp.Or(b.Statement.Finished.Compare(a.Statement.Finished), b.Statement.Recorded.Compare(a.Statement.Recorded), cmp.Compare(a.Path, b.Path))
}

// lessThan tells whether newer tests are fewer than those that failed before, which
// they may have left out. Scans and analyses list findings, of which fewer are
// better.
func lessThan(now, then *Verdict) bool {
	return then.State == Failed && then.Piece.Statement.Kind == "test-result" && now.checks() < then.checks()
}

// checks counts the single checks of a verdict.
func (v *Verdict) checks() int {
	if r := v.Result; r != nil {
		return r.Passed + r.Failed + r.Skipped + r.Inconclusive
	}
	return 0
}

// newest remembers, for each kind and scope, the newest verdict, and older ones of
// more checks: what they replaced stays replaced. There are few scopes, however
// many pieces there are.
type newest []*Verdict

// replace tells whether newer evidence of the same kind looked at all that this one
// looked at. What was made at the same time stands beside it, and a failure beside
// a run of fewer checks, which may have left it out. Verdicts come newest first.
func (n *newest) replace(old *Verdict) bool {
	replaced, known := false, false
	for _, v := range *n {
		a, b := v.Piece.Statement, old.Piece.Statement
		if a.Kind != b.Kind || !includes(a.Scope, b.Scope) {
			continue
		}
		if !replaced && a.Finished.After(b.Finished) && !lessThan(v, old) {
			old.Replaced, replaced = v, true
		}
		known = known || slices.Equal(a.Scope, b.Scope) && v.checks() >= old.checks()
	}
	if !known {
		*n = append(*n, old)
	}
	return replaced
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

// unseen lists what a verification covers and nothing that passed looked at.
func unseen(v *model.Verification, deciding []*Verdict) []model.Element {
	var passed []*Verdict
	for _, d := range deciding {
		if d.State == Passed && !d.Supports {
			passed = append(passed, d)
		}
	}
	var missing []model.Element
	for e := range model.Targets(v.Covers) {
		if !looked(e, passed) {
			missing = append(missing, e)
		}
	}
	return missing
}

// looked tells whether some pieces looked at an element. Together they look at a
// flow when they look at all interfaces that it runs over.
func looked(e model.Element, at []*Verdict) bool {
	if slices.ContainsFunc(at, func(v *Verdict) bool { return v.looked(e) }) {
		return true
	}
	f, ok := e.(*model.Flow)
	return ok && len(f.Over) > 0 && !slices.ContainsFunc(f.Over, func(i model.Ref[*model.Interface]) bool { return !i.OK() || !looked(i.To, at) })
}

// looked tells whether a piece looked at an element, and got an answer. Who looked
// at a component looked at its interfaces.
func (v *Verdict) looked(e model.Element) bool {
	if v.unsure(model.Of(e).ID) != nil {
		return false
	}
	scope := v.Piece.Statement.Scope
	i, ok := e.(*model.Interface)
	return slices.Contains(scope, model.Of(e).ID) || ok && i.Component.OK() && slices.Contains(scope, i.Component.ID)
}

// Excused tells whether the verification passed although something failed, whose
// risk is accepted.
func (s *Standing) Excused() bool {
	return s.State == Passed && slices.ContainsFunc(s.Deciding, func(d *Verdict) bool { return len(d.Excused) > 0 })
}
