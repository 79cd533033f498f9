package check

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"unicode/utf8"

	"theriac/model"
	"theriac/sbom"
)

// BillState says how far the bill of materials of a release can be used.
type BillState byte

// The states. What is not listed in one that is partial may be there all the same.
const (
	BillAbsent  BillState = iota // the release names none, or it is not kept with the security file
	BillAltered                  // it is not the file of which the release has the digest
	BillUnread                   // it cannot be read
	BillPartial                  // something that it says was not understood
	BillWhole
)

// Bill is the bill of materials of a release beside the components of the security file
// that stand for its entries.
type Bill struct {
	Release *model.Release // nil where the file has none
	State   BillState
	Why     string    // why it is not whole
	BOM     *sbom.BOM // nil where it is absent, altered or unread

	names  [][]string           // by index of the entry, what it goes by
	owners [][]*model.Component // by index of the entry
	parts  map[*model.Component][]int
	named  map[*model.Component][]int // parts without those that only a pattern with * means
}

// Limits for a bill of materials that is judged beside a security file.
const (
	maxBillBytes      = 256 << 20
	maxBillComponents = 300_000
	maxBillText       = 200 // characters of a name or version that is told
)

// Bill is the bill of materials of the release that is checked.
func (p *Pass) Bill() *Bill { return p.shared.bill() }

// ReadBill reads the bill of materials of a release from the folder of the security
// file. Release and folder may be nil.
func ReadBill(file *model.File, r *model.Release, files fs.FS) *Bill {
	b := &Bill{Release: r, parts: map[*model.Component][]int{}, named: map[*model.Component][]int{}}
	switch {
	case r == nil:
		b.Why = "the security file has no release"
		return b
	case r.SBOM.Path == "":
		b.Why = "the release names none"
		return b
	}
	b.read(r.SBOM, files)
	if b.BOM != nil {
		b.join(file)
	}
	return b
}

// read reads the file and says how far it can be used.
func (b *Bill) read(a model.Artefact, files fs.FS) {
	bom, err := OpenBill(a, files, sbom.Limits{Bytes: maxBillBytes, Components: maxBillComponents})
	var why *BillError
	switch {
	case errors.As(err, &why):
		b.State, b.Why = why.State, why.Why
	case bom.Lost > 0:
		b.State, b.BOM, b.Why = BillPartial, bom, ClipText(a.Path)+" could not be read whole: "+firstLost(bom)
	default:
		b.State, b.BOM = BillWhole, bom
	}
}

// firstLost tells the first thing that is missing from a list, and how many are.
func firstLost(bom *sbom.BOM) string {
	text := fmt.Sprintf("%d problems", bom.Lost)
	for _, p := range bom.Problems {
		if !p.Lost {
			continue
		}
		text = p.What
		if p.Line > 0 {
			text = fmt.Sprintf("line %d: %s", p.Line, p.What)
		}
		break
	}
	if bom.Lost > 1 {
		text += fmt.Sprintf("; and %d more", bom.Lost-1)
	}
	return text
}

// Usable reports whether there is a list; it may be partial.
func (b *Bill) Usable() bool { return b.BOM != nil }

// Entries are the indices of what a list says is in the product: not what it is of
// itself, files, data, remote services, hardware, nor what it excludes.
func (b *Bill) Entries() []int {
	var list []int
	for i := range b.BOM.Components {
		if b.counts(&b.BOM.Components[i]) {
			list = append(list, i)
		}
	}
	return list
}

func (b *Bill) counts(c *sbom.Component) bool {
	switch c.Type {
	case "file", "data", "cryptographic-asset", "service", "device":
		return false
	}
	s := b.BOM.Subject // SPDX lists it among the others
	subject := s != nil && c.Ref != "" && c.Ref == s.Ref && c.Name == s.Name
	return c.Scope != "excluded" && !subject
}

// Owner is the component of the security file that stands for an entry; nil where none
// does.
func (b *Bill) Owner(entry int) *model.Component {
	if len(b.owners[entry]) == 0 {
		return nil
	}
	return b.owners[entry][0]
}

// Parts are the entries that a component of the security file stands for, in the order of
// the list.
func (b *Bill) Parts(c *model.Component) []*sbom.Component {
	var list []*sbom.Component
	for _, i := range b.parts[c] {
		list = append(list, &b.BOM.Components[i])
	}
	return list
}

// Versions are those of the entries that a component names itself, and not by a pattern
// with *, in the order of the list.
func (b *Bill) Versions(c *model.Component) []string {
	var list []string
	for _, i := range b.named[c] {
		if v := VersionOf(&b.BOM.Components[i]); v != "" && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// VersionOf is the version of an entry; that of its package URL where it states none.
func VersionOf(c *sbom.Component) string {
	_, version := packageOf(c.PURL)
	return cmp.Or(c.Version, version)
}

// Contradicts tells whether a list has other versions of a component than the security
// file, and not that one.
func (b *Bill) Contradicts(c *model.Component) bool {
	versions := b.Versions(c)
	return c.Version != "" && len(versions) > 0 && !slices.ContainsFunc(versions, func(v string) bool { return SameVersion(c.Version, v) })
}

// Uncovered are the entries that nobody stands for, in the order of the list.
func (b *Bill) Uncovered() []*sbom.Component {
	var list []*sbom.Component
	for _, i := range b.Entries() {
		if len(b.owners[i]) == 0 {
			list = append(list, &b.BOM.Components[i])
		}
	}
	return list
}

// ClipText bounds a text of a bill of materials that is told.
func ClipText(s string) string {
	if len(s) <= maxBillText || utf8.RuneCountInString(s) <= maxBillText {
		return s
	}
	return string([]rune(s)[:maxBillText]) + "…"
}
