package heap

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestFirstCollection: the first collection is late, those behind it are as usual.
func TestFirstCollection(t *testing.T) {
	before := debug.SetGCPercent(usual)
	defer debug.SetGCPercent(before)
	postpone()
	if now := debug.SetGCPercent(first); now != first {
		t.Fatalf("before the first collection it is %d", now)
	}
	runtime.GC()
	for range 500 {
		now := debug.SetGCPercent(first)
		if now == usual {
			return
		}
		debug.SetGCPercent(now)
		time.Sleep(time.Millisecond)
	}
	t.Error("it did not go back to the usual")
}

// TestOwnChoice: what a user or a command has chosen stays.
func TestOwnChoice(t *testing.T) {
	before := debug.SetGCPercent(85)
	defer debug.SetGCPercent(before)
	postpone()
	resume()
	if now := debug.SetGCPercent(85); now != 85 {
		t.Errorf("it is %d", now)
	}
}
