package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Verdict is what is wrong with a file of a build.
type Verdict string

// The verdicts.
const (
	Outdated Verdict = "out of date"     // it is as it was made, and would be made otherwise now
	Edited   Verdict = "changed by hand" // it is not as it was made
	Gone     Verdict = "missing"         // it was made, and is not there
	Unmade   Verdict = "not made"        // it would be made now
	Surplus  Verdict = "no longer made"  // it was made, and would not be now
	Foreign  Verdict = "not of theriac"  // no build made it
)

// Difference is a file of a build that is not as it should be.
type Difference struct {
	Path    string
	Verdict Verdict
}

// ErrNoBuild says that a folder holds no build.
var ErrNoBuild = errors.New("there is no build")

// OpenBuild reads the manifest of the build in a folder.
func OpenBuild(dir string) (*Manifest, error) {
	m, err := openManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s", ErrNoBuild, dir)
	}
	return m, err
}

// asMade reports whether a file is there as a manifest has it. What is no regular file of
// that size is not read: a link could lead to one without end.
func asMade(dir, name string, size int, sum string) (bool, error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(size) {
		return false, err
	}
	text, err := os.ReadFile(path)
	return err == nil && digest(text) == sum, err
}

// Compare holds a folder with a build against the digests of the files that would be made
// now, in the order of their paths. The manifest is that of the folder.
func Compare(dir string, was *Manifest, now map[string]string) ([]Difference, error) {
	there, err := list(dir)
	if err != nil {
		return nil, err
	}
	made, sizes := map[string]string{}, map[string]int{}
	for _, f := range was.Files {
		made[f.Path], sizes[f.Path] = f.SHA256, f.Size
	}
	verdicts := map[string]Verdict{}
	present := map[string]bool{}
	for _, name := range there {
		present[name] = true
		if _, known := made[name]; !known && name != ManifestName {
			verdicts[name] = Foreign
		}
	}
	for name, sum := range made {
		sumNow, wanted := now[name]
		switch {
		case !present[name]:
			verdicts[name] = Gone
		case !wanted:
			verdicts[name] = Surplus
		default:
			as, err := asMade(dir, name, sizes[name], sum)
			switch {
			case err != nil:
				return nil, err
			case !as:
				verdicts[name] = Edited
			case sumNow != sum:
				verdicts[name] = Outdated
			}
		}
	}
	for name := range now {
		if _, known := made[name]; !known {
			verdicts[name] = Unmade
		}
	}
	var list []Difference
	for _, name := range sortedNames(verdicts) {
		list = append(list, Difference{name, verdicts[name]})
	}
	return list, nil
}
