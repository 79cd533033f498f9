package portfolio

import (
	"errors"
	"slices"
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"theriac/triage"
	"theriac/vuln/match"
)

// Holding is a component that was asked for, with the bills that list it.
type Holding struct {
	Component *Component
	Version   string // of the package URL, where the component states none
	Bills     Numbers
	Unsure    string // why the version cannot be compared; "" where it can
}

// Containing are the components that a pattern means, as in decisions: a package URL
// without version, in which * stands for any characters; what was built from another
// source package goes by that name as well. With below only those of a version before
// it, in the order of the ecosystem, and those whose version cannot be compared.
func (s *State) Containing(pattern, below string) []Holding {
	var list []Holding
	for i := range s.Components {
		c := &s.Components[i]
		is := c.Is()
		if len(c.CPEs) > 0 {
			is.CPE = c.CPEs[0]
		}
		if !triage.Matches(pattern, is) && !slices.ContainsFunc(c.CPEs, func(cpe string) bool {
			return triage.Matches(pattern, triage.Component{CPE: cpe, Name: c.Name})
		}) {
			continue
		}
		h := Holding{Component: c, Version: versionOf(is), Bills: c.Bills}
		if below != "" {
			before, err := isBefore(h.Version, below, is.Ecosystem())
			if err != nil {
				h.Unsure = err.Error()
			} else if !before {
				continue
			}
		}
		list = append(list, h)
	}
	return list
}

// versionOf is the version of a component; that of its package URL where it states none.
func versionOf(c triage.Component) string {
	if c.Version != "" {
		return c.Version
	}
	p, err := packageurl.FromString(c.PURL)
	if err != nil {
		return ""
	}
	return p.Version
}

// maxVersion bounds a version that is compared, in bytes.
const maxVersion = 256

// isBefore compares versions: in the order of the ecosystem, else as package triage
// orders versions of which none is known.
func isBefore(version, below, ecosystem string) (bool, error) {
	switch {
	case version == "":
		return false, errors.New("it has no version")
	case len(version) > maxVersion || len(below) > maxVersion || !strings.ContainsAny(version, "0123456789"):
		return false, errors.New("its version is none that can be ordered")
	case ecosystem != "":
		c, err := match.Compare(ecosystem, version, below)
		return c < 0, err
	}
	c, err := triage.CompareVersions(version, below, ecosystem)
	return c < 0, err
}
