package inventory

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/sbom"
)

// distro is what os-release says of a distribution (os-release(5)).
type distro struct {
	id, version, codename, name string
}

// readDistro reads os-release: assignments as a shell writes them.
func readDistro(r io.Reader) (d distro) {
	lines := bufio.NewScanner(io.LimitReader(r, maxValue))
	for lines.Scan() {
		key, value, found := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if !found || strings.HasPrefix(key, "#") {
			continue
		}
		value = unquote(value)
		switch key {
		case "ID":
			d.id = strings.ToLower(value)
		case "VERSION_ID":
			d.version = value
		case "VERSION_CODENAME":
			d.codename = value
		case "PRETTY_NAME":
			d.name = value
		}
	}
	return d
}

// unquote takes the quotes of a shell off a value.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if n := len(s); n >= 2 && s[0] == s[n-1] && (s[0] == '"' || s[0] == '\'') {
		s = s[1 : n-1]
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\$`, `$`, "\\`", "`").Replace(s)
}

// release is the qualifier of package URLs that says which release a package is of:
// debian-12, or its name where it has no number yet.
func (d distro) release() string {
	version := cmp.Or(d.version, d.codename)
	if d.id == "" || version == "" {
		return ""
	}
	return d.id + "-" + version
}

// vendor is the name space of package URLs of RPM: who publishes the distribution,
// where os-release calls it otherwise.
func (d distro) vendor() string {
	switch {
	case d.id == "rhel":
		return "redhat"
	case strings.HasPrefix(d.id, "opensuse"):
		return "opensuse"
	case slices.Contains([]string{"sles", "sled", "sle_hpc", "sles_sap", "sle-micro", "sl-micro", "suse-microos"}, d.id):
		return "suse"
	}
	return d.id
}

// setSubject makes the distribution what the list is of.
func (l *list) setSubject() {
	d := l.distro
	if d.id == "" {
		l.problem(0, "there is no os-release: which release of which distribution the packages are of is not known")
		return
	}
	l.bom.Subject = &sbom.Component{
		Ref: "os:" + d.id, Type: "operating-system", Name: d.id, Version: cmp.Or(d.version, d.codename), Description: d.name, Parent: -1,
	}
}

// purl is the package URL of a package of the distribution. The source package is
// named where its name or version is another one: advisories are about it.
func (l *list) purl(kind, name, version, arch, source, sourceVersion string) string {
	q := map[string]string{}
	if arch != "" {
		q["arch"] = arch
	}
	if release := l.distro.release(); release != "" {
		q["distro"] = release
	}
	source = cmp.Or(source, name)
	switch {
	case sourceVersion != "" && sourceVersion != version:
		q["upstream"] = source + "@" + sourceVersion
	case source != name:
		q["upstream"] = source
	}
	return packageurl.NewPackageURL(kind, l.distro.id, name, version, packageurl.QualifiersFromMap(q), "").ToString()
}
