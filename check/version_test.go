package check

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzNumbers: the parts of a version are those that these patterns say.
func FuzzNumbers(f *testing.F) {
	epoch := regexp.MustCompile(`^[0-9]+:`)
	marks := regexp.MustCompile(`[^A-Za-z0-9]`)
	release := regexp.MustCompile(`[0-9]+(?:\.[0-9]+)*(?:[a-z]\b)?`)
	for _, s := range []string{"3.0.15-1~deb12u1", "1:9.2", "12:", ":1", "v2025.04", "1.1.1w", "1.1.1wx", "1.0a_1", "1.", "1..2", "r", "", "1.2é", "\xff1a\xff", "1a\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, version string) {
		for what, pair := range map[string][2]string{
			"without epoch": {withoutEpoch(version), epoch.ReplaceAllString(version, "")},
			"bare":          {bare(version), strings.ToLower(marks.ReplaceAllString(version, ""))},
			"number":        {numberIn(version), release.FindString(version)},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%q %s: %q, want %q", version, what, pair[0], pair[1])
			}
		}
	})
}
