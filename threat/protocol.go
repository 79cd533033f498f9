package threat

import (
	"sync"

	"theriac/internal/lazyregexp"
	"theriac/syntax"
)

// Family is a group of protocols that fail in the same ways.
type Family struct {
	ID    string `yaml:"-"`
	Doc   string `yaml:"doc" theriac:"required" doc:"what belongs to it"`
	Match string `yaml:"match" theriac:"required" doc:"regular expression over the protocol in lower case"`

	form *lazyregexp.Regexp
}

// SetKey implements syntax.Keyed.
func (f *Family) SetKey(key, _ *syntax.Node) { f.ID = key.Value }

// families reads data/protocols.yaml.
var families = sync.OnceValue(func() []*Family {
	var file struct {
		Families []*Family `yaml:"families" doc:"families by name"`
	}
	syntax.Embedded(data, "threat", "data/protocols.yaml", &file)
	for _, f := range file.Families {
		f.form = lazyregexp.New(f.Match)
	}
	return file.Families
})

// Families lists the families of protocols that conditions may name.
func Families() []*Family { return families() }

func familyNames() []string {
	var names []string
	for _, f := range families() {
		names = append(names, f.ID)
	}
	return names
}

// familiesOf are the families that a protocol belongs to.
func familiesOf(protocol string) []string {
	var of []string
	for _, f := range families() {
		if f.form.MatchString(protocol) {
			of = append(of, f.ID)
		}
	}
	return of
}
