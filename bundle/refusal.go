package bundle

import (
	"fmt"
	"strings"
)

// maxFaults bounds the faults that a refusal lists one by one.
const maxFaults = 50

// Refusal says why a bundle is not whole or not well formed.
type Refusal struct {
	Faults []string
	more   int
}

func (r *Refusal) Error() string {
	return "refused bundle: " + strings.Join(r.list(), "; ")
}

// list is the faults, with how many there are beyond those.
func (r *Refusal) list() []string {
	if r.more == 0 {
		return r.Faults
	}
	return append(r.Faults[:len(r.Faults):len(r.Faults)], fmt.Sprintf("and %d more", r.more))
}

func (r *Refusal) add(format string, args ...any) {
	if len(r.Faults) == maxFaults {
		r.more++
		return
	}
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// orNil is nil where nothing is wrong.
func (r *Refusal) orNil() *Refusal {
	if len(r.Faults) == 0 {
		return nil
	}
	return r
}

func refuse(format string, args ...any) *Refusal {
	r := &Refusal{}
	r.add(format, args...)
	return r
}
