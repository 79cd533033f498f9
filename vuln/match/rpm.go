package match

import (
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"theriac/vuln"
)

// rpm identifies a package of a distribution that has RPM packages. AlmaLinux, Rocky Linux
// and Red Hat name the packages that are installed, SUSE those that they are built from:
// both are looked up.
func rpm(p packageurl.PackageURL, q map[string]string) identity {
	ecosystems, known := rpmEcosystems(p.Namespace, q["distro"])
	switch {
	case !known:
		return identity{cause: NoData, problem: "no data are about packages of " + quoted(p.Namespace, "a distribution that is not named"), distro: true}
	case len(ecosystems) == 0:
		return noRelease(q["distro"])
	}
	version := withEpoch(p.Version, q["epoch"])
	built, of := sourceRPM(q["upstream"])
	id := identity{distro: true, sourced: built != "", unsourced: built == ""}
	for _, e := range ecosystems {
		id.targets = append(id.targets, target{ecosystem: e, name: vuln.Normal(e, p.Name), version: version, arch: q["arch"], confidence: Exact})
		if built != "" && built != p.Name {
			id.targets = append(id.targets, target{
				ecosystem: e, name: vuln.Normal(e, built), version: withEpoch(of, q["epoch"]), arch: q["arch"], binary: p.Name, confidence: SourcePackage,
			})
		}
	}
	if p.Name == "kernel-headers" || p.Name == "kernel-tools-libs-devel" || p.Name == "linux-glibc-devel" {
		id.apart = "headers of the kernel: no kernel runs from them"
	}
	return id
}

// sourceRPM splits the name of a source package, for example openssl-3.0.7-6.el9.src.rpm.
func sourceRPM(file string) (name, version string) {
	file = strings.TrimSuffix(strings.TrimSuffix(file, ".rpm"), ".src")
	file = strings.TrimSuffix(file, ".nosrc")
	last := strings.LastIndexByte(file, '-')
	if last <= 0 {
		return "", ""
	}
	middle := strings.LastIndexByte(file[:last], '-')
	if middle <= 0 {
		return "", ""
	}
	return file[:middle], file[middle+1:]
}

// rpmEcosystems are the names that OSV has for the release of a distribution.
func rpmEcosystems(namespace, distro string) (list []string, known bool) {
	d := strings.ToLower(distro)
	switch namespace {
	case "almalinux", "alma":
		return major("AlmaLinux:", release(strings.TrimPrefix(d, "alma"), "linux", nil)), true
	case "rocky", "rockylinux", "rocky-linux":
		return major("Rocky Linux:", release(strings.TrimPrefix(strings.TrimPrefix(d, "rocky"), "-"), "linux", nil)), true
	case "redhat", "rhel":
		return redHat(release(strings.TrimPrefix(d, "redhat"), "rhel", nil)), true
	case "opensuse":
		return openSUSE(d), true
	case "suse", "sles", "sle":
		return suse(d), true
	case "openeuler":
		if n := release(d, "openeuler", nil); n != "" {
			return []string{"openEuler:" + n}, true
		}
		return nil, true
	case "mageia":
		return major("Mageia:", release(d, "mageia", nil)), true
	}
	return nil, false
}

func major(ecosystem, number string) []string {
	if number == "" {
		return nil
	}
	return []string{ecosystem + parts(number, 1)}
}

// redHat are the channels of an enterprise release. Red Hat names in an advisory each
// channel in which a package is fixed; those of a minor release are for its longer support.
func redHat(number string) []string {
	if number == "" {
		return nil
	}
	list := []string{}
	release, _, minor := strings.Cut(number, ".")
	if release == "3" || release == "4" {
		for _, edition := range []string{"as", "es", "ws"} {
			list = append(list, "Red Hat:enterprise_linux:"+release+"::"+edition)
		}
		return list
	}
	channels := []string{"baseos", "appstream", "crb", "highavailability", "nfv", "realtime", "resilientstorage", "sap", "sap_hana", "supplementary"}
	for _, channel := range channels {
		list = append(list, "Red Hat:enterprise_linux:"+release+"::"+channel)
	}
	if minor {
		for _, product := range []string{"rhel_eus", "rhel_e4s", "rhel_aus", "rhel_tus"} {
			for _, channel := range channels {
				list = append(list, "Red Hat:"+product+":"+parts(number, 2)+"::"+channel)
			}
		}
	}
	return list
}

func openSUSE(distro string) []string {
	if strings.Contains(distro, "tumbleweed") {
		return []string{"openSUSE:Tumbleweed"}
	}
	distro = strings.TrimPrefix(strings.TrimPrefix(distro, "opensuse"), "-")
	if n := release(distro, "leap", nil); n != "" {
		return []string{"openSUSE:Leap " + n}
	}
	return nil
}

// suse are the products that make up an enterprise server with its usual modules.
func suse(distro string) []string {
	for _, prefix := range []string{"suse-", "sles-sap-", "sles-", "sle-", "sled-", "suse"} {
		distro = strings.TrimPrefix(distro, prefix)
	}
	number := release(distro, "sles", nil)
	if number == "" {
		return nil
	}
	main, pack, found := strings.Cut(number, ".")
	suffix := main
	if found && pack != "0" {
		suffix += " SP" + pack
	}
	list := []string{}
	for _, product := range []string{"Server", "Desktop", "Module for Basesystem", "Module for Server Applications", "Module for Development Tools", "Module for Desktop Applications"} {
		list = append(list, "SUSE:Linux Enterprise "+product+" "+suffix)
	}
	return list
}

// moduleBuild reports whether a version was built for a module stream. Packages of a
// stream and those of the base are different packages with the same name.
func moduleBuild(version string) bool { return strings.Contains(version, ".module") }
