package triage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"theriac/model"
)

// TestMatchesAll: patterns that leave no component out.
func TestMatchesAll(t *testing.T) {
	for pattern, want := range map[string]bool{
		"*": true, "**": true, "pkg:*": true, "PKG:*/*": true, "p*": true, "%70kg:*": true, "pkg:*@1": true,
		"pkg:deb/*": false, "pkg:*/debian/*": false, "*openssl*": false, "": false, "pkg:npm/*": false,
	} {
		if got := MatchesAll(pattern); got != want {
			t.Errorf("%q: %t", pattern, got)
		}
	}
	r := &Rule{Packages: []string{"pkg:npm/left-pad", "pkg:*"}, Status: "not-affected", Justification: "component-not-present", Reason: "None of them is there."}
	if err := r.Check(); err == nil || !strings.Contains(err.Error(), "every vulnerability in every component") {
		t.Errorf("a rule about everything: %v", err)
	}
	r.Vulnerability = "CVE-2026-1"
	if err := r.Check(); err != nil {
		t.Errorf("a rule about one vulnerability: %v", err)
	}
}

// TestPatternsAreCheap: no pattern takes longer than its length times that of the name.
func TestPatternsAreCheap(t *testing.T) {
	c := Component{PURL: "pkg:generic/" + strings.Repeat("a", 20_000)}
	start := time.Now()
	if Matches("pkg:generic/"+strings.Repeat("a*", 2000)+"b", c) {
		t.Error("it matches")
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestManyScans: a file of many scans is read in time in proportion to its length, and
// one scan that stands twice is found.
func TestManyScans(t *testing.T) {
	const many = 100_000
	var text strings.Builder
	text.WriteString(recordHeader + "\n" + `day {"date":"2026-11-02"}` + "\n")
	for i := range many {
		fmt.Fprintf(&text, `scan {"release":"%d","status":"complete"}`+"\n", i)
	}
	text.WriteString(`scan {"release":"7","status":"complete"}` + "\n")
	start := time.Now()
	r := ParseRecord("theriac.findings", []byte(text.String()))
	if len(r.Scans) != many || len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, "scanned twice") {
		t.Errorf("%d scans, %v", len(r.Scans), r.Findings)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestOddVersions: absurd versions are compared or refused, and never in range by
// mistake.
func TestOddVersions(t *testing.T) {
	set, err := ParseRange(">=1 <2")
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"", strings.Repeat("1.", 50_000), "\x00", "１.５", strings.Repeat("9", 200) + ":1", "-1", "\u202e5.1"} {
		for _, ecosystem := range []string{"", "Debian", "npm", "Maven", "PyPI", "Go", "Red Hat"} {
			if ok, err := set.Holds(version, ecosystem); ok && err == nil && version != "１.５" && version != "\u202e5.1" {
				t.Errorf("%.20q is in range in %q", version, ecosystem)
			}
		}
	}
	d := &model.Decision{Status: "not-affected"}
	if AllowsAny(d) != ErrPresent {
		t.Error("without justification it stands for all")
	}
}
