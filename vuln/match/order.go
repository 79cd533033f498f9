package match

import (
	"strings"

	"theriac/vuln"
)

// Order is the ecosystem in whose order versions of packages of a type of package URL
// stand, by the name under which Compare knows it. What has no package URL, or one of
// another type, is ordered as products are that makers name in advisories.
func Order(purlType string) string {
	switch t := strings.ToLower(purlType); t {
	case "golang":
		return "Go"
	case "deb":
		return "Debian"
	case "apk", "alpine":
		return "Alpine"
	case "rpm":
		return "Red Hat"
	case "conan":
		return "ConanCenter"
	default:
		if r, known := registries[t]; known {
			return r.ecosystem
		}
	}
	return "Product"
}

// Rate scores a CVSS vector of any version, of versions 2 and 3 by its base metrics; ok
// tells whether it is one.
func Rate(vector string) (score float64, ok bool) {
	score, _, ok = scoreOf(vuln.Severity{Kind: "CVSS", Value: vector})
	return score, ok
}

// FitsCPE reports whether a CPE name that somebody wrote means a component that goes by
// another: of the same vendor and product, with nothing in contradiction (NISTIR 7696), the
// version left aside. version is the one that the first names, "" where it names none or
// any. A name that asks for more than the component says does not fit, nor does one that
// cannot be read.
func FitsCPE(written, component string) (version string, ok bool) {
	a, err := parseCPE(written)
	if err != nil {
		return "", false
	}
	c, err := parseCPE(component)
	if err != nil || a.product != c.product {
		return "", false
	}
	if fits, open := c.fits(written, false); !fits || open != "" {
		return "", false
	}
	if a.none {
		return "", true
	}
	return a.version, true
}
