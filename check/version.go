package check

import (
	"strings"

	"theriac/internal/lazyregexp"
)

var (
	// epoch is what Debian and RPM put before a version.
	epoch = lazyregexp.New(`^[0-9]+:`)
	// release is the number of a release, with the letter some projects add.
	release = lazyregexp.New(`[0-9]+(?:\.[0-9]+)*(?:[a-z]\b)?`)
	marks   = lazyregexp.New(`[^A-Za-z0-9]`)
)

// SameVersion tells whether two ways to write a version can mean the same one.
// What distributors add behind the number does not count, and neither does a
// number that is only given less exactly.
func SameVersion(stated, packaged string) bool {
	stated, packaged = epoch.ReplaceAllString(stated, ""), epoch.ReplaceAllString(packaged, "")
	bare := func(s string) string { return strings.ToLower(marks.ReplaceAllString(s, "")) }
	if strings.Contains(bare(packaged), bare(stated)) || strings.Contains(bare(stated), bare(packaged)) {
		// The shorter may still end in the middle of a number: 3.1 and 3.15.
		if a, b := release.FindString(stated), release.FindString(packaged); a == "" || b == "" || bare(stated) == bare(packaged) {
			return true
		}
	}
	a, b := release.FindString(strings.ToLower(stated)), release.FindString(strings.ToLower(packaged))
	return a == "" || b == "" || vaguer(a, b) || vaguer(b, a)
}

// vaguer tells whether a number is another with less behind it.
func vaguer(short, long string) bool {
	rest, ok := strings.CutPrefix(long, short)
	return ok && (rest == "" || rest[0] < '0' || rest[0] > '9')
}
