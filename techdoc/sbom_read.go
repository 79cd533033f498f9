package techdoc

import (
	"cmp"
	"slices"
	"strings"

	"theriac/check"
	"theriac/sbom"
)

// bill is the bill of materials of the release beside the components of the file.
func (b *Book) bill() *check.Bill {
	if b.Pass != nil {
		return b.Pass.Bill()
	}
	return check.ReadBill(b.File, b.Release, b.Files)
}

// formatOf names the form of a bill of materials.
func formatOf(bom *sbom.BOM) string {
	return check.ClipText(strings.TrimSpace(bom.Format + " " + bom.Version))
}

// makerOf is who provides or makes a component, as the bill of materials has it.
func makerOf(c *sbom.Component) string {
	return check.ClipText(cmp.Or(c.Supplier, c.Manufacturer, c.Author))
}

// licencesOf are the licences of components, each once, those concluded before those
// declared.
func licencesOf(parts []*sbom.Component) []string {
	var list []string
	for _, c := range parts {
		names := c.Licences
		if len(names) == 0 {
			names = c.Declared
		}
		for _, name := range names {
			if name = check.ClipText(name); name != "" && !slices.Contains(list, name) {
				list = append(list, name)
			}
			if len(list) > maxLicences {
				return list
			}
		}
	}
	return list
}

const maxLicences = 100

// clipped bounds a text that tools wrote.
func clipped(s string) string { return check.ClipText(s) }
