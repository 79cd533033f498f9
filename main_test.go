package theriac_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage less often: most of these tests check the same small folder
// hundreds of times.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
