package check

import (
	"testing"

	"theriac/model"
	"theriac/sbom"
)

// FuzzSameVersion: a version is the same as itself, and the order of two does not matter
// where both are plain numbers.
func FuzzSameVersion(f *testing.F) {
	for _, s := range [][2]string{{"3.0.15", "3.0.15-1~deb12u1"}, {"1:9.2", "9.2"}, {"", "1"}, {"v2025.04", "2025.04-x"}, {"1.1.1w", "1.1.1"}, {"a", "b"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !SameVersion(a, a) {
			t.Errorf("%q is not itself", a)
		}
		if SameVersion(a, b) != SameVersion(b, a) {
			t.Errorf("%q and %q: the order matters", a, b)
		}
	})
}

// FuzzBill: whatever package URLs, CPEs and patterns say, each entry has its owners among
// the components, and each owner has the entry among its parts.
func FuzzBill(f *testing.F) {
	f.Add("pkg:deb/debian/openssl@3", "pkg:deb/debian/libssl3@3?upstream=openssl", "pkg:deb/*", "libssl3", "3")
	f.Add("pkg:npm/%40x/y@1#z", "pkg:npm/@x/y@1", "pkg:npm/%40x/*", "@x/y", "")
	f.Add("pkg:", "pkg:@@@?#", "**", "", "1")
	f.Fuzz(func(t *testing.T, stated, listed, pattern, name, version string) {
		file := &model.File{Components: []*model.Component{
			{Type: "soup", PURL: stated, Version: version}, {Type: "soup", Packages: []string{pattern}, CPE: listed}, {Type: "soup", Packages: []string{listed, stated}},
		}}
		b := &Bill{State: BillWhole, parts: map[*model.Component][]int{}, named: map[*model.Component][]int{}, BOM: &sbom.BOM{Components: []sbom.Component{
			{Name: name, PURL: listed, Version: version}, {Name: name, Version: version}, {Name: name, PURL: stated, CPEs: []string{pattern}},
		}}}
		b.join(file)
		owned := 0
		for _, i := range b.Entries() {
			if b.Owner(i) != nil {
				owned++
			}
		}
		if owned+len(b.Uncovered()) != len(b.Entries()) {
			t.Errorf("%d owned, %d uncovered, %d entries", owned, len(b.Uncovered()), len(b.Entries()))
		}
		for _, c := range file.Components {
			b.Idle(c)
			b.Contradicts(c)
			if len(b.Versions(c)) > len(b.Parts(c)) {
				t.Error("more versions than parts")
			}
		}
	})
}
