package check

import (
	"sync"

	"theriac/model"
	"theriac/threat"
	"theriac/trace"
)

// shared is what several rules need and is computed once for all, when first
// asked for.
type shared struct {
	reviews func() reviewed
	derived func() *threat.Derivation
}

// reviewed is the review file of a security file beside its links.
type reviewed struct {
	file  *trace.Reviews
	links []trace.State
	err   error
}

func newShared(file *model.File) *shared {
	s := &shared{}
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
