package feed

import (
	"strings"

	"github.com/knqyf263/go-cpe/naming"
	"github.com/package-url/packageurl-go"

	"theriac/vuln"
)

// pkg is what a package URL of an advisory speaks of.
type pkg struct {
	ecosystem, name string
	version         string    // with the epoch of an rpm; "" where it has none
	versions        *versions // of the qualifier vers
	distribution    bool      // each release of it has its own versions
}

// ecosystems are the names in OSV of the types of package URLs that have one repository.
var ecosystems = map[string]string{
	"bitnami": "Bitnami", "cargo": "crates.io", "composer": "Packagist", "conan": "ConanCenter", "cran": "CRAN", "gem": "RubyGems",
	"golang": "Go", "hackage": "Hackage", "hex": "Hex", "maven": "Maven", "npm": "npm", "nuget": "NuGet", "pub": "Pub", "pypi": "PyPI", "swift": "SwiftURL",
}

// readPURL reads a package URL; platform is what the package is part of, which may
// be nil. It is false where there is none, it is damaged, or its type has no ecosystem.
func readPURL(s string, platform *csafProduct) (pkg, bool) {
	if s == "" || len(s) > 2000 {
		return pkg{}, false
	}
	p, err := packageurl.FromString(s)
	if err != nil {
		return pkg{}, false
	}
	qualifiers := p.Qualifiers.Map()
	k := pkg{ecosystem: ecosystems[p.Type], name: slashed(p.Namespace, p.Name), version: p.Version}
	switch p.Type {
	case "maven":
		k.name = p.Namespace + ":" + p.Name
	case "golang":
		k.version = strings.TrimPrefix(p.Version, "v")
	case "github":
		k.ecosystem, k.name = "GIT", vuln.Repository("https://github.com/"+k.name)
	case "deb", "apk", "rpm":
		k.distribution, k.name = true, p.Name
		k.ecosystem = distributionOf(p.Type, p.Namespace, qualifiers["distro"], platform)
		if epoch := qualifiers["epoch"]; digits(epoch) && epoch != "0" && p.Version != "" {
			k.version = epoch + ":" + p.Version
		}
	}
	if text := qualifiers["vers"]; text != "" && p.Version == "" {
		said := readVersions(text)
		k.versions = &said
	}
	return k, k.ecosystem != "" && k.name != ""
}

func slashed(namespace, name string) string {
	if namespace == "" {
		return name
	}
	return namespace + "/" + name
}

// distributionOf is the ecosystem with its release as OSV names it: Debian:12,
// Ubuntu:22.04, Alpine:v3.20, Red Hat: and the CPE after its vendor, SUSE: and the
// product. The release comes from the qualifier distro, or from the platform.
func distributionOf(kind, namespace, distro string, platform *csafProduct) string {
	release, _ := strings.CutPrefix(strings.ToLower(distro), namespace+"-")
	if release == "" || release[0] < '0' || release[0] > '9' {
		release = ""
	}
	switch kind + "/" + namespace {
	case "deb/debian":
		release, _, _ = strings.Cut(release, ".")
		return with("Debian", release)
	case "deb/ubuntu":
		return with("Ubuntu", release)
	case "apk/alpine":
		if parts := strings.Split(release, "."); len(parts) > 1 {
			return "Alpine:v" + parts[0] + "." + parts[1]
		}
		return "Alpine"
	case "apk/wolfi":
		return "Wolfi"
	case "apk/chainguard":
		return "Chainguard"
	case "rpm/redhat":
		return with("Red Hat", redHat(platform))
	case "rpm/almalinux":
		release, _, _ = strings.Cut(release, ".")
		return with("AlmaLinux", release)
	case "rpm/rocky", "rpm/rocky-linux", "rpm/rockylinux":
		release, _, _ = strings.Cut(release, ".")
		return with("Rocky Linux", release)
	case "rpm/suse", "rpm/opensuse":
		return suse(platform)
	}
	return ""
}

func with(ecosystem, release string) string {
	if release == "" {
		return ecosystem
	}
	return ecosystem + ":" + release
}

// redHat is the CPE of a product of Red Hat as URI, without what all have.
func redHat(platform *csafProduct) string {
	if platform == nil || platform.cpe == "" {
		return ""
	}
	uri := platform.cpe
	if strings.HasPrefix(uri, "cpe:2.3:") {
		uri = cpeURI(uri)
	}
	for _, prefix := range []string{"cpe:/o:redhat:", "cpe:/a:redhat:"} {
		if rest, ok := strings.CutPrefix(uri, prefix); ok {
			return strings.TrimRight(rest, ":")
		}
	}
	return ""
}

// cpeURI is a formatted string as URI; "" where it cannot be read.
func cpeURI(s string) (uri string) {
	defer func() {
		if recover() != nil {
			uri = ""
		}
	}()
	name, err := naming.UnbindFS(s)
	if err != nil {
		return ""
	}
	return naming.BindToURI(name)
}

func suse(platform *csafProduct) string {
	name := ""
	if platform != nil {
		name = or(platform.full, platform.name)
	}
	if rest, ok := strings.CutPrefix(name, "openSUSE "); ok {
		return "openSUSE:" + rest
	}
	return with("SUSE", strings.TrimPrefix(name, "SUSE "))
}
