package triage

import (
	"net/url"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/sbom"
	"theriac/vuln"
	"theriac/vuln/match"
)

// AnyVulnerability is what a decision names instead of an id when it is about
// components that are not in the product.
const AnyVulnerability = "*"

// Names are what a component goes by in a pattern: its package URL without version,
// qualifiers and subpath, the same with the name of its source package, its name where it
// has no package URL, and its CPE.
func (c Component) Names() []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if c.PURL != "" {
		p, err := packageurl.FromString(c.PURL)
		if err != nil {
			add(plainPattern(cutVersion(c.PURL)))
		} else {
			add(namedBy(p, p.Name))
			source, _, _ := strings.Cut(p.Qualifiers.Map()["upstream"], "@")
			if source != "" {
				add(namedBy(p, source))
			}
		}
	}
	if len(names) == 0 {
		add(plainPattern(c.Name))
	}
	if c.CPE != "" {
		add(plainPattern(c.CPE))
	}
	return names
}

// nameless reports whether no pattern can mean a component.
func (c Component) nameless() bool { return !strings.HasPrefix(c.PURL, "pkg:") && len(c.Names()) == 0 }

// OfBOM is an entry of a bill of materials as decisions name components.
func OfBOM(c *sbom.Component) Component {
	as := Component{PURL: c.PURL, Name: c.Title(), Version: c.Version}
	if len(c.CPEs) > 0 {
		as.CPE = c.CPEs[0]
	}
	return as
}

// namedBy is a package URL with a name and without version, qualifiers and subpath.
func namedBy(p packageurl.PackageURL, name string) string {
	parts := []string{p.Type}
	if p.Namespace != "" {
		parts = append(parts, p.Namespace)
	}
	return plainPattern("pkg:" + strings.Join(append(parts, name), "/"))
}

// cutVersion takes version, qualifiers and subpath off a package URL that cannot be read.
func cutVersion(purl string) string {
	purl, _, _ = strings.Cut(purl, "#")
	purl, _, _ = strings.Cut(purl, "?")
	if i := strings.LastIndexByte(purl, '@'); i > strings.LastIndexByte(purl, '/')+1 {
		purl = purl[:i]
	}
	return purl
}

// plainPattern is a name or pattern as it is compared: without case and percent signs.
func plainPattern(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	text = strings.ToLower(strings.TrimSpace(text))
	if rest, ok := strings.CutPrefix(text, "pkg:alpine/"); ok { // old spelling
		text = "pkg:apk/alpine/" + rest
	}
	return text
}

// Matches reports whether a pattern means a component. The pattern may carry a version,
// which is not compared.
func Matches(pattern string, c Component) bool { return meansOne(unversioned(pattern), c.Names()) }

// unversioned is a pattern without version, as names are compared with it.
func unversioned(pattern string) string {
	pattern = plainPattern(pattern)
	if strings.HasPrefix(pattern, "pkg:") {
		pattern = cutVersion(pattern)
	}
	return pattern
}

// meansOne reports whether an unversioned pattern means one of several names.
func meansOne(pattern string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return glob(pattern, name) })
}

// Called reports whether a name that a supplier gives means a component: a package URL, a
// CPE, or the words by which a component without package URL goes, with its version behind
// or without. version is the one that a CPE or the words hold; "" where they hold none.
// The version of a package URL is left to the caller. A name with * means none, unless it
// is a CPE.
func (c Component) Called(name string) (version string, ok bool) {
	switch {
	case strings.HasPrefix(name, "cpe:"):
		if c.CPE != "" {
			return match.FitsCPE(name, c.CPE)
		}
		return "", Matches(name, c)
	case name == "" || strings.Contains(name, "*"):
		return "", false
	case c.PURL == "" && c.Name != "" && c.Version != "" && plainPattern(name) == plainPattern(c.Name+" "+c.Version):
		return c.Version, true
	}
	return "", Matches(name, c)
}

// MadeBy reports whether a component can be of a maker: none of the components of the model
// that stand for it is stated to be of others. Makers are compared without case, brackets
// and legal forms.
func (j *Judge) MadeBy(c Component, maker string) bool {
	plain := func(maker string) string { return vuln.NormalProduct(maker, "product") }
	other := false
	for _, m := range ComponentsOf(j.file, c) {
		if m.Manufacturer == "" || maker == "" {
			continue
		}
		if plain(m.Manufacturer) == plain(maker) {
			return true
		}
		other = true
	}
	return !other
}

// MatchesAll reports whether a pattern leaves no component out, such as * or pkg:*.
func MatchesAll(pattern string) bool {
	return Matches(pattern, Component{PURL: "pkg:generic/0"}) && Matches(pattern, Component{PURL: "pkg:deb/z/zz"})
}

// MatchesAny reports whether one of several patterns means a component.
func MatchesAny(patterns []string, c Component) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return Matches(p, c) })
}

// glob matches a text against a pattern in which * stands for any characters. Its work
// is at most the product of both lengths.
func glob(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// shortName is the last part of a pattern or name, by which the same thing under
// another identity is recognised.
func shortName(name string) string {
	name = unversioned(name)
	if strings.Contains(name, " ") {
		return name // words, in which a slash divides no path: TCP/IP stack
	}
	return name[strings.LastIndexByte(name, '/')+1:]
}

// unescape decodes percent signs of a version in a vers: text.
func unescape(text string) (string, error) { return url.PathUnescape(text) }
