package check

import (
	"theriac/evidence"
	"theriac/model"
)

// Showing is what signed evidence shows of a release. It is computed for a file
// that lists signers, and never typed.
type Showing struct {
	Judged        *evidence.Judgement
	Release       *model.Release // nil where the file has none
	Verifications map[evidence.State]int
	Excused       int     // verifications that passed although something failed, whose risk is accepted
	Requirements  []Shown // that have a verification, in the order of the file
}

// Shown is how a requirement stands.
type Shown struct {
	Requirement *model.Requirement
	State       evidence.State
}

// Met counts the requirements that are shown to be met.
func (s *Showing) Met() (n int) {
	for _, r := range s.Requirements {
		if r.State == evidence.Passed {
			n++
		}
	}
	return n
}

// Total counts the verifications.
func (s *Showing) Total() (n int) {
	for _, count := range s.Verifications {
		n += count
	}
	return n
}

// showing sums up the judgement; nil where signatures decide nothing.
func (p *Pass) showing() *Showing {
	if !p.Proven() {
		return nil
	}
	j := p.Judged()
	s := &Showing{Judged: j, Release: j.Release, Verifications: map[evidence.State]int{}}
	for _, v := range p.File.Verifications {
		s.Verifications[j.Of(v).State]++
		if j.Of(v).Excused() {
			s.Excused++
		}
	}
	for _, r := range p.File.Requirements {
		if len(model.Users[*model.Verification](r, "verifies")) > 0 {
			s.Requirements = append(s.Requirements, Shown{r, j.Requirement(r)})
		}
	}
	return s
}
