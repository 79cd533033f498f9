package techdoc

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/model"
	"theriac/sbom"
	"theriac/triage"
)

// joinedSoftware is the software of the security file beside that of the bill of
// materials.
type joinedSoftware struct {
	*check.Bill
	unseen []*model.Component // SOUP that the bill of materials does not list; none where it is partial
	other  []difference
}

// difference is what the two say differently of one component.
type difference struct {
	component           *model.Component
	what, here, instead string
}

func (b *Book) joinSoftware() *joinedSoftware {
	j := &joinedSoftware{Bill: b.bill()}
	if j.Usable() {
		j.compare(b.File.Components)
	}
	return j
}

// compare notes what the two do not say alike.
func (j *joinedSoftware) compare(components []*model.Component) {
	for _, c := range components {
		parts := j.Parts(c)
		switch versions := j.Versions(c); {
		case len(parts) == 0:
			if c.Type == "soup" && j.State == check.BillWhole {
				j.unseen = append(j.unseen, c)
			}
		case j.otherVersion(c):
			j.other = append(j.other, difference{c, "version", c.Version, severalOf(versions)})
		case c.PURL != "" && len(c.Packages) == 0 && parts[0].PURL != "" && !slices.ContainsFunc(parts, func(p *sbom.Component) bool { return triage.Matches(c.PURL, triage.Component{PURL: p.PURL}) }):
			j.other = append(j.other, difference{c, "package URL", c.PURL, check.ClipText(parts[0].PURL)})
		}
	}
}

// otherVersion tells whether a component has no version that the bill of materials lists
// of it.
func (j *joinedSoftware) otherVersion(c *model.Component) bool {
	return j.Contradicts(c) || c.Version == "" && len(j.Versions(c)) > 0
}

// severalOf joins texts of a bill of materials on one line.
func severalOf(texts []string) string {
	var list []string
	for i, t := range texts {
		if i == few {
			list = append(list, "...")
			break
		}
		list = append(list, check.ClipText(t))
	}
	return strings.Join(list, ", ")
}

// bomWithoutSOUP counts the components of the release's bill of materials that have no
// record in the security file. It is not known where there is no bill of materials that
// can be compared.
func (b *Book) bomWithoutSOUP() (n int, known bool) {
	bill := b.bill()
	if bill.State != check.BillWhole {
		return 0, false
	}
	return len(bill.Uncovered()), true
}

// isSoftware tells whether a component is a program or holds one that could be listed.
func isSoftware(c *model.Component) bool { return c.Type != "hardware" && c.Type != "device" }
