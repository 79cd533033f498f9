package main

import (
	"cmp"
	"strings"

	"theriac/model"
	"theriac/sbom"
)

// supportIn is what the security file says of the support of a component: that of the
// entry that stands for it. Of several entries the earliest end counts.
func supportIn(file *model.File) func(*sbom.Component) sbom.Support {
	type known struct{ pattern, end string }
	var list []known
	for _, c := range file.Components {
		if c.SupportUntil.IsZero() {
			continue
		}
		for _, pattern := range append([]string{unversioned(c.PURL)}, c.Packages...) {
			if pattern != "" {
				list = append(list, known{strings.ToLower(pattern), c.SupportUntil.String()})
			}
		}
	}
	return func(c *sbom.Component) (s sbom.Support) {
		name := strings.ToLower(cmp.Or(unversioned(c.PURL), c.Title()))
		for _, k := range list {
			if fitsPattern(k.pattern, name) && (s.End == "" || k.end < s.End) {
				s.End = k.end
			}
		}
		return s
	}
}

// unversioned is a package URL without version, qualifiers and path.
func unversioned(purl string) string {
	purl, _, _ = strings.Cut(purl, "#")
	purl, _, _ = strings.Cut(purl, "?")
	if i := strings.LastIndexByte(purl, '@'); i > strings.LastIndexByte(purl, '/') {
		purl = purl[:i]
	}
	return purl
}
