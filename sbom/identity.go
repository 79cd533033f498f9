package sbom

import (
	"strings"

	"github.com/package-url/packageurl-go"
)

// identity tells components apart: the package URL as written, else group, name
// and version. Whether two ways to write a name mean one package is decided in
// package vuln/match.
func (c *Component) identity() string {
	if c.PURL != "" {
		return c.PURL
	}
	return strings.Join([]string{"", c.Group, c.Name, c.Version}, "\x00")
}

// pack is what stays when the version of a package changes: its package URL without
// version and qualifiers, else group and name.
func (c *Component) pack() string {
	if c.PURL == "" {
		return c.named()
	}
	p, err := packageurl.FromString(c.PURL)
	if err != nil {
		text, _, _ := strings.Cut(c.PURL, "?")
		if i := strings.LastIndexByte(text, '@'); i > strings.LastIndexByte(text, '/') {
			text = text[:i]
		}
		return text
	}
	return strings.Join([]string{"pkg:" + p.Type, p.Namespace, p.Name, p.Subpath}, "\x00")
}

// named is group and name, for components without package URL.
func (c *Component) named() string { return "\x00" + c.Group + "\x00" + c.Name }

// Title is how people call a component: group and name.
func (c *Component) Title() string {
	if c.Group == "" {
		return c.Name
	}
	return c.Group + "/" + c.Name
}

// Designation is title and version.
func (c *Component) Designation() string {
	if c.Version == "" {
		return c.Title()
	}
	return c.Title() + " " + c.Version
}

// property is the value of the first property of that name; "" where there is none.
func (c *Component) property(name string) string {
	for _, p := range c.Properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// ecosystems are the names of OSV for types of package URLs whose versions have an
// order that is known.
var ecosystems = map[string]string{
	"alpine": "Alpine", "apk": "Alpine", "bitnami": "Bitnami", "cargo": "crates.io", "composer": "Packagist",
	"conan": "ConanCenter", "cran": "CRAN", "deb": "Debian", "gem": "RubyGems", "golang": "Go", "hackage": "Hackage",
	"hex": "Hex", "julia": "Julia", "maven": "Maven", "npm": "npm", "nuget": "NuGet", "pub": "Pub", "pypi": "PyPI",
	"rpm": "Red Hat", "swift": "SwiftURL",
}

// ecosystem is where the version of a component has its order; "" where that is not known.
func (c *Component) ecosystem() string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(c.PURL, "pkg:"), "/")
	if !strings.HasPrefix(c.PURL, "pkg:") {
		return ""
	}
	return ecosystems[strings.ToLower(kind)]
}

// isSubject reports whether a component is the one that the list is of: SPDX lists
// it among the others.
func (b *BOM) isSubject(i int) bool {
	c, s := &b.Components[i], b.Subject
	return s != nil && c.Ref != "" && c.Ref == s.Ref && c.identity() == s.identity()
}
