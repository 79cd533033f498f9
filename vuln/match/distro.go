package match

import (
	"maps"
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"theriac/vuln"
)

// Releases by their code names, as package URLs have them in distro=.
var debianNames = map[string]string{
	"sarge": "3.1", "etch": "4", "lenny": "5", "squeeze": "6", "wheezy": "7", "jessie": "8", "stretch": "9",
	"buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "duke": "15",
}

var ubuntuNames = map[string]string{
	"trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04", "noble": "24.04",
	"utopic": "14.10", "vivid": "15.04", "wily": "15.10", "yakkety": "16.10", "zesty": "17.04", "artful": "17.10",
	"cosmic": "18.10", "disco": "19.04", "eoan": "19.10", "groovy": "20.10", "hirsute": "21.04", "impish": "21.10",
	"kinetic": "22.10", "lunar": "23.04", "mantic": "23.10", "oracular": "24.10", "plucky": "25.04", "questing": "25.10",
}

// release is the number of a release that distro= names in any of its spellings, with
// all of its parts: debian-11.5 is 11.5, bullseye and debian-bullseye are 11.
func release(distro, vendor string, names map[string]string) string {
	s := strings.ToLower(strings.TrimSpace(distro))
	s = strings.TrimPrefix(s, vendor)
	s = strings.TrimLeft(s, "-_: ")
	if n, ok := names[s]; ok {
		return n
	}
	if len(s) > 1 && s[0] == 'v' {
		s = s[1:]
	}
	if s == "" || s[0] < '0' || s[0] > '9' {
		return ""
	}
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end >= 0 {
		s = s[:end]
	}
	return strings.Trim(s, ".")
}

// parts are the first n parts of a number, for example 3.17 of 3.17.2.
func parts(number string, n int) string {
	all := strings.Split(number, ".")
	return strings.Join(all[:min(n, len(all))], ".")
}

// noRelease is the identity of a package of a distribution whose release is not known.
func noRelease(distro string) identity {
	why := "the package URL names no release of the distribution (distro=)"
	if distro != "" {
		why = "the release that distro=" + distro + " means is not known"
	}
	return identity{cause: NoRelease, problem: why, distro: true}
}

// withEpoch puts the epoch, where it stands apart, before the version.
func withEpoch(version, epoch string) string {
	if epoch == "" || epoch == "0" || strings.Contains(version, ":") || version == "" {
		return version
	}
	return epoch + ":" + version
}

// source reads upstream=, the package that another was built from: name, and version where it
// differs.
func source(upstream, version string) (name, of string) {
	name, of, _ = strings.Cut(upstream, "@")
	if of == "" {
		of = version
	}
	return strings.TrimSpace(name), of
}

// packaged is the identity of a package of a distribution, in each of the ecosystems,
// under the name of its source.
func packaged(p packageurl.PackageURL, q map[string]string, ecosystems ...string) identity {
	version := withEpoch(p.Version, q["epoch"])
	name, binary, confidence := p.Name, "", Exact
	id := identity{distro: true, unsourced: q["upstream"] == "", sourced: q["upstream"] != ""}
	if s, of := source(q["upstream"], version); s != "" && s != p.Name {
		name, version, binary, confidence = s, of, p.Name, SourcePackage
	}
	for _, e := range ecosystems {
		id.targets = append(id.targets, target{
			ecosystem: e, name: vuln.Normal(e, name), version: version, arch: q["arch"], binary: binary, confidence: confidence,
		})
	}
	return id
}

// debian identifies a package of Debian or Ubuntu. Their advisories name source packages.
func debian(p packageurl.PackageURL, q map[string]string) identity {
	distro := q["distro"]
	var ecosystems []string
	switch p.Namespace {
	case "debian":
		number := release(distro, "debian", debianNames)
		if number == "" {
			return noRelease(distro)
		}
		if number != "3.1" && number != "3.0" { // from release 4 on the first number is the release
			number = parts(number, 1)
		}
		ecosystems = []string{"Debian:" + number}
	case "ubuntu":
		number := parts(release(distro, "ubuntu", ubuntuNames), 2)
		if number == "" {
			return noRelease(distro)
		}
		ecosystems = []string{"Ubuntu:" + number, "Ubuntu:" + number + ":LTS"}
		if strings.Contains(p.Version, "esm") || strings.Contains(p.Version, "fips") {
			ecosystems = append(ecosystems, "Ubuntu:Pro:"+number+":LTS")
		}
	default:
		return identity{cause: NoData, problem: "no data are about packages of " + quoted(p.Namespace, "a distribution that is not named"), distro: true}
	}
	if built := unsigned(p, q["upstream"]); built != "" {
		q = maps.Clone(q)
		q["upstream"] = built
	}
	id := packaged(p, q, ecosystems...)
	if kernelHeaders(p.Name, id.targets[0].name) {
		id.apart = "headers of the kernel: no kernel runs from them"
	}
	return id
}

// unsigned is the source of a signed kernel, in the form of upstream=; "" for any other package.
// Debian and Ubuntu sign kernels in source packages of their own, linux-signed-arm64 and
// linux-signed-aws, which advisories never name; the version is that of the package, of which
// the signed source writes another spelling (6.12.90+2 for 6.12.90-2).
func unsigned(p packageurl.PackageURL, upstream string) string {
	name, _ := source(upstream, "")
	variant, signed := strings.CutPrefix(name, "linux-signed")
	if !signed || variant != "" && variant[0] != '-' {
		return ""
	}
	if p.Namespace == "debian" {
		variant = "" // the architecture
	}
	version, _, _ := strings.Cut(p.Version, "+b")
	return "linux" + variant + "@" + version
}

// kernelHeaders reports whether a package is built from the source of the kernel and
// holds only what programs are compiled with.
func kernelHeaders(name, source string) bool {
	if name == "linux-libc-dev" || name == "linux-headers" || name == "kernel-headers" {
		return true
	}
	return strings.HasPrefix(source, "linux") && strings.HasPrefix(name, "linux-headers-")
}

// Distributions that have packages of the kind of Alpine, by the name space of their package
// URLs. Those without releases are one ecosystem.
var apkRolling = map[string]string{"wolfi": "Wolfi", "chainguard": "Chainguard", "minimos": "MinimOS"}

// alpine identifies a package of Alpine or of one of its relatives.
func alpine(p packageurl.PackageURL, q map[string]string) identity {
	if e, ok := apkRolling[p.Namespace]; ok {
		return packaged(p, q, e)
	}
	if p.Namespace != "alpine" {
		return identity{cause: NoData, problem: "no data are about packages of " + quoted(p.Namespace, "a distribution that is not named"), distro: true}
	}
	number := release(q["distro"], "alpine", nil)
	if !strings.Contains(number, ".") {
		return noRelease(q["distro"])
	}
	id := packaged(p, q, "Alpine:v"+parts(number, 2))
	if p.Name == "linux-headers" {
		id.apart = "headers of the kernel: no kernel runs from them"
	}
	return id
}

func quoted(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return "\"" + s + "\""
}
