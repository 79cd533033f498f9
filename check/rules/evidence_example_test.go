package rules

import (
	"strings"
	"testing"

	"theriac/trust"
)

// TestDemoKeyOfExamples: the key in the examples is the demonstration key of the test lead.
func TestDemoKeyOfExamples(t *testing.T) {
	key, err := trust.Demo("test-lead")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(key.Public().PEM())), "\n")
	if want := "\n          " + strings.Join(lines, "\n          ") + "\n"; testLeadPEM != want {
		t.Errorf("testLeadPEM is\n%s\nand the key is\n%s", testLeadPEM, want)
	}
}
