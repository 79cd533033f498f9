package rules

import (
	"net/url"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
)

// packageURL is the shape of a package URL: scheme, type, name with optional
// namespace, and optional version, qualifiers and subpath (package-url specification).
var packageURL = lazyregexp.New(`^pkg:/{0,2}[A-Za-z][A-Za-z0-9.+-]*/[^?#\s]*[^/?#@\s](\?[^#\s]+)?(#\S+)?$`)

var _ = add(check.Rule{
	Code: "T3405", Severity: diag.Error,
	Title:   "malformed package URL",
	Clauses: []string{"sota.sbom", "62443-4-1.sm-9", "81001-5-1.4.1.5"},
	Why:     "tools match components to known vulnerabilities by their package URL; one that cannot be read matches nothing, and nobody notices",
	Fix:     "write pkg:type/name@version, with the namespace before the name where the type has one, for example pkg:deb/debian/openssl@3.0.15",
	Bad: `
components:
  soup-tls:
    title: TLS library
    type: soup
    purl: openssl@3.5.1 # want T3405
`,
	Good: `
components:
  soup-tls:
    title: TLS library
    type: soup
    purl: pkg:generic/openssl@3.5.1
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			if c.PURL != "" && !packageURL.MatchString(c.PURL) {
				p.Report(c, "purl", "%q is not a package URL", c.PURL)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3406", Severity: diag.Error,
	Title:   "version of a component contradicts its package URL",
	Clauses: []string{"sota.sbom", "62443-4-1.sm-9", "81001-5-1.4.1.5", "ig-nb.5.1"},
	Why:     "documents name one version and tools watch another; vulnerabilities of the one that is shipped are missed",
	Fix:     "correct whichever of the two is not the version that is shipped",
	Bad: `
components:
  soup-tls:
    title: TLS library
    type: soup
    version: 3.5.1
    purl: pkg:generic/openssl@3.0.13 # want T3406
`,
	Good: `
components:
  soup-tls:
    title: TLS library
    type: soup
    version: 3.0.15
    purl: pkg:deb/debian/openssl@3.0.15-1~deb12u1?arch=arm64
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			v := versionInURL(c.PURL)
			if v != "" && !check.SameVersion(c.Version, v) {
				p.Report(c, "purl", "component %q is of version %s, and its package URL names %s", c.ID, c.Version, v).Relate(c, "version", "the version")
			}
		}
	},
})

// versionInURL is the version that a package URL names, or "".
func versionInURL(purl string) string {
	if !packageURL.MatchString(purl) {
		return ""
	}
	purl, _, _ = strings.Cut(purl, "#")
	purl, _, _ = strings.Cut(purl, "?")
	name := purl[strings.LastIndexByte(purl, '/')+1:]
	_, version, _ := strings.Cut(name, "@")
	if plain, err := url.PathUnescape(version); err == nil {
		return plain
	}
	return version
}
