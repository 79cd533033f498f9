package evidence

import (
	"fmt"
	"strings"

	"theriac/model"
)

// State is what a piece of evidence is worth for one verification, or how a
// verification stands by all of it. States are never folded into pass or fail.
type State string

// The states.
const (
	Passed       State = "passed"
	Failed       State = "failed"           // it counts, and says that something failed that no accepted risk covers
	Missing      State = "missing"          // there is nothing
	Stale        State = "stale"            // too old, or older than what it speaks of
	Malformed    State = "malformed"        // damaged, altered, or not what it should be
	WrongRelease State = "wrong-release"    // it speaks of other artefacts
	OutOfScope   State = "out-of-scope"     // it did not look at what it is claimed for
	Untrusted    State = "untrusted-signer" // signed by nobody who may
	Inconclusive State = "inconclusive"     // it counts, and does not say
)

// Words is a state as it is said.
func (s State) Words() string { return strings.ReplaceAll(string(s), "-", " ") }

// States lists the states from best to worst. The order only chooses what is
// shown where there is room for one.
func States() []State {
	return []State{Passed, Missing, Stale, Inconclusive, OutOfScope, WrongRelease, Untrusted, Malformed, Failed}
}

// worse reports whether a state stands behind another.
func worse(a, b State) bool { return rank(a) > rank(b) }

func rank(s State) int {
	for i, known := range States() {
		if s == known {
			return i
		}
	}
	return -1
}

// Worst is the worst of some states; Missing of none.
func Worst(states ...State) State {
	if len(states) == 0 {
		return Missing
	}
	worst := states[0]
	for _, s := range states[1:] {
		if worse(s, worst) {
			worst = s
		}
	}
	return worst
}

// Reason is why a piece of evidence does not count.
type Reason struct {
	State   State
	Field   string       // path in the statement, as in predicate.for[0]; "" for the whole piece
	Message string       // a clause: "the signature does not fit the text"
	Entity  model.Entity // of the security file, to which it points; may be nil
}

func malformed(field, format string, args ...any) Reason {
	return Reason{State: Malformed, Field: field, Message: fmt.Sprintf(format, args...)}
}
