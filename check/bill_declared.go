package check

import (
	"slices"
	"strings"

	"theriac/model"
	"theriac/sbom"
)

// Declared are the components of the security file that a bill of materials does not list
// and that say what they are, as entries of one, in the order of the file. Their reference
// is the id.
func Declared(file *model.File, bom *sbom.BOM) []sbom.Component {
	if !slices.ContainsFunc(file.Components, Identified) {
		return nil
	}
	b := &Bill{BOM: bom, parts: map[*model.Component][]int{}, named: map[*model.Component][]int{}}
	b.join(file)
	var list []sbom.Component
	for _, c := range file.Components {
		if Identified(c) && !b.lists(c) {
			list = append(list, declared(c))
		}
	}
	return list
}

// lists reports whether a component stands for an entry, or one of its patterns means one
// that another component stands for more closely.
func (b *Bill) lists(c *model.Component) bool {
	return len(b.parts[c]) > 0 || len(b.Idle(c)) < len(c.Packages)
}

func declared(c *model.Component) sbom.Component {
	one := sbom.Component{
		Ref: c.ID, Type: "library", Name: c.Title, Version: c.Version, PURL: c.PURL, Manufacturer: c.Manufacturer, Parent: -1,
	}
	if c.Title == "" {
		one.Name = c.ID
	}
	if c.CPE != "" {
		one.CPEs = []string{c.CPE}
	}
	if c.Repository != "" && c.Commit != "" {
		one.Links = []sbom.Link{{Kind: "vcs", URL: "git+https://" + strings.TrimPrefix(c.Repository, "https://") + "@" + c.Commit}}
	}
	return one
}

// Identified reports whether a component of the security file says what it is, so that
// advisories can be found for it: by package URL, CPE, or repository; or, being software of
// somebody else, by maker, title and version, as advisories of makers name it.
func Identified(c *model.Component) bool {
	bought := (c.Type == "soup" || c.Type == "firmware") && c.Manufacturer != "" && c.Title != "" && c.Version != "" && len(c.Packages) == 0
	return c.PURL != "" || c.CPE != "" || c.Repository != "" || bought
}
