package check

import (
	"sync"

	"theriac/approval"
	"theriac/evidence"
	"theriac/threat"
	"theriac/trace"
)

// shared is what several rules need and is computed once for all, when first
// asked for.
type shared struct {
	reviews func() reviewed
	derived func() *threat.Derivation
	judged  func() *evidence.Judgement
	needs   func() needed
	triaged func() *Triaged
	bill    func() *Bill
	proof   *Proof
}

// reviewed is the review file of a security file beside its links.
type reviewed struct {
	file  *trace.Reviews
	links []trace.State
	err   error
}

// needed is what must be approved, as far as that can be told.
type needed struct {
	list []*approval.Need
	err  error
}

func newShared(in Input) *shared {
	file := in.File
	s := &shared{proof: in.Proof}
	if s.proof == nil {
		s.proof = NoProof(file)
	}
	s.judged = sync.OnceValue(func() *evidence.Judgement {
		return evidence.Judge(file, s.proof.Evidence, releaseOf(in), in.Today)
	})
	s.needs = sync.OnceValue(func() needed {
		list, err := s.proof.Needs(file)
		return needed{list, err}
	})
	s.triaged = sync.OnceValue(func() *Triaged { return triaged(file, in.Today, in.Memory) })
	s.bill = sync.OnceValue(func() *Bill { return ReadBill(file, releaseOf(in), s.proof.Files) })
	s.reviews = sync.OnceValue(func() reviewed {
		if file.Variant() != "" {
			return reviewed{file: &trace.Reviews{}}
		}
		r, err := trace.ReadReviews(file)
		if err != nil {
			return reviewed{file: &trace.Reviews{}, err: err}
		}
		var links []trace.State
		if len(r.Links) > 0 {
			links = trace.Review(file, r)
		}
		return reviewed{r, links, nil}
	})
	s.derived = sync.OnceValue(func() *threat.Derivation {
		return threat.Derive(file, trace.SuspectTargets(file, s.reviews().file))
	})
	return s
}
