// Package heap puts off the first collection of garbage. The collector starts at 4 MB,
// which the tables of the libraries alone fill twice before main begins; a scan of a
// bill of materials then spends a fifth of its time on marking them. A program that
// imports the package collects first at 16 MB, and from then on as usual. Where GOGC
// is set nothing changes.
//
// It depends on nothing but the runtime, so that it is initialised before the
// libraries with large tables.
package heap

import (
	"runtime"
	"runtime/debug"
)

const (
	usual = 100 // percent, what the runtime starts with
	first = 400 // of 4 MB
)

// sentinel lives until the first collection.
type sentinel struct{ _ [64]byte }

func init() { postpone() }

// postpone makes the next collection the first one.
func postpone() {
	if before := debug.SetGCPercent(first); before != usual {
		debug.SetGCPercent(before)
		return
	}
	runtime.AddCleanup(new(sentinel), func(struct{}) { resume() }, struct{}{})
}

// resume goes back to the usual, unless a command has chosen something else since.
func resume() {
	if now := debug.SetGCPercent(usual); now != first {
		debug.SetGCPercent(now)
	}
}
