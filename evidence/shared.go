package evidence

import (
	"maps"
	"slices"
	"sync"
)

// shared holds what many statements of a store say alike: all of a release name
// the same artefacts, and many rest on the same entities. One copy of each is
// kept, which is most of what a large store needs of memory.
type shared struct {
	mu       sync.Mutex
	basis    map[string]map[string]string // fields by digest of the entity
	subjects map[string][]Subject         // by the digest of the first
}

// replace puts what is known already in the place of what is equal to it.
func (k *shared) replace(s *Statement) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.basis == nil {
		k.basis, k.subjects = map[string]map[string]string{}, map[string][]Subject{}
	}
	for i, b := range s.Basis {
		if known, ok := k.basis[b.Digest]; !ok {
			k.basis[b.Digest] = b.Fields
		} else if maps.Equal(known, b.Fields) {
			s.Basis[i].Fields = known
		}
	}
	if len(s.Subjects) == 0 {
		return
	}
	first := s.Subjects[0].SHA256
	if known, ok := k.subjects[first]; !ok {
		k.subjects[first] = s.Subjects
	} else if slices.Equal(known, s.Subjects) {
		s.Subjects = known
	}
}
