package vuln

import "strings"

// Normal is the form of a name in which packages of an ecosystem are found: what
// the ecosystem itself takes as one name has one form. The release of the
// ecosystem (Debian:11) plays no part.
//
// Sources: PEP 503 (PyPI); the OSV schema for what a name is in each ecosystem.
// Module paths of Go differ by case; no two modules differ by nothing else, and
// bills of materials write them either way.
func Normal(ecosystem, name string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	switch base {
	case "PyPI":
		return normalPython(name)
	case "Go", "NuGet", "Packagist", "GitHub Actions", "VSCode", "CPE":
		return strings.ToLower(name)
	case "GIT", "SwiftURL":
		if address := Repository(name); address != "" {
			return address
		}
		return strings.ToLower(name)
	}
	return name
}

// normalPython writes runs of "-", "_" and "." as one "-", in lower case.
func normalPython(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		if r == '-' || r == '_' || r == '.' {
			gap = true
			continue
		}
		if gap {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	if gap {
		b.WriteByte('-')
	}
	return b.String()
}
