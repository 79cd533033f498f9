package techdoc

import (
	"slices"

	"theriac/change"
)

// sameRelease reports whether two states differ at most in files that hold nothing but
// what comes when a release is out. A file that held more counts, whatever it holds now.
func sameRelease(frozen, now *change.Files) bool {
	before, after := digestsOf(frozen), digestsOf(now)
	for _, digests := range []map[string]string{before, after} {
		for name := range digests {
			if before[name] != after[name] && onlyAfterwards(frozen, name) && onlyAfterwards(now, name) {
				delete(before, name)
				delete(after, name)
			}
		}
	}
	return stateDigest(before) == stateDigest(after)
}

// onlyAfterwards reports whether a file holds nothing but what comes when a release is
// out, or is not there.
func onlyAfterwards(files *change.Files, name string) bool {
	return !slices.Contains(files.Names(), name) || change.Afterwards(name, files.Text(name))
}
