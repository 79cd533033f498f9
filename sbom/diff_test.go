package sbom

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// words is a change on one line.
func words(c Change) string {
	var old, new string
	if c.Old != nil {
		old = c.Old.Version
	}
	if c.New != nil {
		new = c.New.Version
	}
	text := fmt.Sprintf("%s %s %s>%s", c.Kind, c.Component().Title(), old, new)
	for _, f := range c.Fields {
		text += fmt.Sprintf("; %s %s>%s", f.Name, f.Old, f.New)
	}
	return text
}

func TestDiff(t *testing.T) {
	part := func(purl, name, version string) Component {
		return Component{PURL: purl, Name: name, Version: version, Parent: -1}
	}
	for _, c := range []struct {
		name     string
		old, new []Component
		want     []string
	}{
		{"epoch of Debian", []Component{part("pkg:deb/debian/git@1:2.39?distro=debian-12", "git", "1:2.39")},
			[]Component{part("pkg:deb/debian/git@2.47?distro=debian-13", "git", "2.47")}, []string{"downgraded git 1:2.39>2.47"}},
		{"tilde is before", []Component{part("pkg:deb/debian/a@1.0~rc1", "a", "1.0~rc1")},
			[]Component{part("pkg:deb/debian/a@1.0", "a", "1.0")}, []string{"upgraded a 1.0~rc1>1.0"}},
		{"module of Go", []Component{part("pkg:golang/golang.org/x/net@v0.9.0", "golang.org/x/net", "v0.9.0")},
			[]Component{part("pkg:golang/golang.org/x/net@v0.10.0", "golang.org/x/net", "v0.10.0")}, []string{"upgraded golang.org/x/net v0.9.0>v0.10.0"}},
		{"pre-release of Python", []Component{part("pkg:pypi/django@4.0", "django", "4.0")},
			[]Component{part("pkg:pypi/django@4.0rc1", "django", "4.0rc1")}, []string{"downgraded django 4.0>4.0rc1"}},
		{"no order known", []Component{part("", "firmware", "B7")}, []Component{part("", "firmware", "A9")}, []string{"replaced firmware B7>A9"}},
		{"unknown type", []Component{part("pkg:huggingface/a/b@1", "b", "1")}, []Component{part("pkg:huggingface/a/b@2", "b", "2")}, []string{"replaced b 1>2"}},
		{"several versions", []Component{part("pkg:npm/ms@2.0.0", "ms", "2.0.0"), part("pkg:npm/ms@2.1.2", "ms", "2.1.2")},
			[]Component{part("pkg:npm/ms@2.1.3", "ms", "2.1.3"), part("pkg:npm/ms@2.0.0", "ms", "2.0.0")}, []string{"upgraded ms 2.1.2>2.1.3"}},
		{"one of two went", []Component{part("pkg:npm/ms@2.0.0", "ms", "2.0.0"), part("pkg:npm/ms@2.1.2", "ms", "2.1.2")},
			[]Component{part("pkg:npm/ms@2.1.2", "ms", "2.1.2")}, []string{"removed ms 2.0.0>"}},
		{"twice the same", []Component{part("pkg:npm/ms@2.0.0", "ms", "2.0.0"), part("pkg:npm/ms@2.0.0", "ms", "2.0.0")},
			[]Component{part("pkg:npm/ms@2.0.0", "ms", "2.0.0")}, nil},
		{"namespace tells apart", []Component{part("pkg:npm/%40a/x@1.0.0", "x", "1.0.0")}, []Component{part("pkg:npm/%40b/x@1.0.0", "x", "1.0.0")},
			[]string{"removed x 1.0.0>", "added x >1.0.0"}},
		{"a package URL came", []Component{part("", "zlib", "1.3")}, []Component{part("pkg:generic/zlib@1.3.1", "zlib", "1.3.1")}, []string{"replaced zlib 1.3>1.3.1"}},
		{"broken package URL", []Component{part("pkg:broken@1", "x", "1")}, []Component{part("pkg:broken@2", "x", "2")}, []string{"replaced x 1>2"}},
		{"said otherwise", []Component{{Name: "a", Version: "1", Supplier: "S", Licences: []string{"MIT", "BSD"}, Hashes: []Hash{{"SHA-1", "AB"}, {"MD5", "00"}}, Parent: -1}},
			[]Component{{Name: "a", Version: "1", Supplier: "T", Licences: []string{"BSD"}, Hashes: []Hash{{"SHA-1", "cd"}, {"SHA-256", "ee"}}, Patched: true, Parent: -1}},
			[]string{"altered a 1>1; supplier S>T; licences BSD, MIT>BSD; patched >yes; hashes SHA-1:ab>SHA-1:cd"}},
		{"the same in another order", []Component{{Name: "a", Licences: []string{"MIT", "BSD"}, Hashes: []Hash{{"SHA-1", "AB"}}, Parent: -1}, {Name: "b", Parent: -1}},
			[]Component{{Name: "b", Parent: -1}, {Name: "a", Licences: []string{"BSD", "MIT"}, Hashes: []Hash{{"SHA-1", "ab"}, {"SHA-256", "ee"}}, Parent: -1}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, change := range Diff(&BOM{Components: c.old}, &BOM{Components: c.new}) {
				got = append(got, words(change))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("changes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestDiffSubject(t *testing.T) {
	old, new := application(), application()
	new.Subject.Version, new.Components[0].Version = "4.1", "4.1"
	var got []string
	for _, c := range Diff(old, new) {
		got = append(got, words(c))
	}
	if want := []string{"replaced pump-ui 4.0>4.1"}; !slices.Equal(got, want) {
		t.Errorf("changes %q, want %q", got, want)
	}
}

// FuzzVersionOrder: any two versions have an order that turns around with them, or none.
func FuzzVersionOrder(f *testing.F) {
	for _, seed := range [][3]string{{"deb", "1:1.0~rc1-2", "1.0"}, {"apk", "1.2.3-r0", "1.2.3_p1"}, {"pypi", "1!2.0.dev1", "2.0+x"}, {"maven", "1-alpha", "1.0"}, {"gem", "", "1"}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, kind, a, b string) {
		old, new := &Component{PURL: "pkg:" + kind + "/x", Version: a}, &Component{PURL: "pkg:" + kind + "/x", Version: b}
		there, known := versionOrder(old, new)
		back, knownBack := versionOrder(new, old)
		if known && knownBack && (there < 0) != (back > 0) {
			t.Errorf("%s: %q and %q: %d and %d", kind, a, b, there, back)
		}
	})
}
