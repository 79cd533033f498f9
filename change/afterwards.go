package change

import (
	"slices"

	"theriac/model"
	"theriac/syntax"
)

// afterwards are the kinds of entities that come when a release is out: they speak of it
// and change nothing of it.
var afterwards = []string{"cases", "decisions", "deployments"}

// Afterwards reports whether a file of a security file holds nothing but what comes when
// a release is out: decisions about vulnerabilities, cases, and what became of releases in
// the field. Such a file may come, change and go without the release being another. One
// that holds more counts, whatever it holds.
func Afterwards(name string, text []byte) bool {
	if !model.IsYAML(name) || len(text) > syntax.MaxFile {
		return false
	}
	root, _, findings := syntax.Parse(name, text)
	if root == nil || root.Kind != syntax.Mapping || len(findings) > 0 || root.Len() == 0 {
		return false
	}
	for i := range root.Len() {
		if key, _ := root.Entry(i); !slices.Contains(afterwards, key.Value) {
			return false
		}
	}
	return true
}
