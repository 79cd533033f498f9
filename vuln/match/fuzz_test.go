package match

import (
	"strings"
	"testing"

	"theriac/sbom"
	"theriac/vuln"
)

// FuzzIdentify: whatever a component says, it has places to look in or a reason.
func FuzzIdentify(f *testing.F) {
	for _, s := range []string{
		"pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?upstream=openssl&distro=debian-11.5&epoch=1", "pkg:golang/github.com/a/b@v1.0.0#v5",
		"pkg:rpm/suse/a@1-1?upstream=a-1-1.src.rpm&distro=sles-15.5", "pkg:generic/a?vcs_url=git%2Bhttps://x.org/a/b.git%40abc", "pkg:alpine/x@1?distro=3.20.3", "pkg:npm/%40a/b@1",
	} {
		f.Add(s, "cpe:2.3:a:acme:lib:1.2:*:*:*:*:*:*:*", "git+https://github.com/a/b@"+strings.Repeat("a", 40))
	}
	db := newMemory(record("X-1", "npm", "a", "0", "<2"), record("X-2", "Debian:11", "openssl", "0"), record("X-3", "CPE", "acme:lib", "0", "<2"), record("X-4", "GIT", "github.com/a/b", "0", "<"+strings.Repeat("b", 40)))
	f.Fuzz(func(t *testing.T, purl, cpe, link string) {
		c := sbom.Component{PURL: purl, CPEs: []string{cpe}, Links: []sbom.Link{{Kind: "vcs", URL: link}}}
		id := identify(&c)
		if (len(id.targets) == 0) != (id.cause != "" && id.problem != "") {
			t.Fatalf("%q: %+v", purl, id)
		}
		r, err := Match(&sbom.BOM{Components: []sbom.Component{c}}, db, Options{})
		if err != nil || r.Status == "" {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}

// FuzzEvaluate: a version in the form of any ecosystem is affected, not, or unknown, and
// the order of events in the source does not matter where no two are equal.
func FuzzEvaluate(f *testing.F) {
	f.Add("Debian:11", "1:2.30.2-1", "1.0~rc1", "2.0+dfsg-1")
	f.Add("PyPI", "1!2.0rc1.post1+local", "1.0", "2.0.dev1")
	f.Add("Maven", "4.1.121.Final", "1.0-SNAPSHOT", "[1,2)")
	f.Add("Alpine:v3.17", "1.2.3_p1-r4", "0", "1.2.3a-r0")
	f.Add("AlmaLinux:9", "1:3.0.7-6.el9^git", "1", "3.0.7~rc1")
	f.Add("npm", "1.2.3-rc.1+build", "v1", "2")
	f.Add("CRAN", "1.2-3", "1", "2")
	f.Fuzz(func(t *testing.T, ecosystem, version, begin, end string) {
		events := []vuln.Event{{Kind: vuln.Introduced, Version: begin}, {Kind: vuln.Fixed, Version: end}}
		a := vuln.Affected{Ranges: []vuln.Range{{Events: events}}}
		v, err := parseVersion(ecosystem, version)
		one := evaluate(&a, ecosystem, version, v, err)
		if one.affected && one.unknown != "" || err != nil && one.affected != unending(events) {
			t.Fatalf("%+v, %v", one, err)
		}
		if err != nil || begin == end {
			return
		}
		b, errB := parseVersion(ecosystem, begin)
		if c, e := b.compareIfAny(ecosystem, end); errB != nil || e != nil || c == 0 {
			return
		}
		swapped := vuln.Affected{Ranges: []vuln.Range{{Events: []vuln.Event{events[1], events[0]}}}}
		if two := evaluate(&swapped, ecosystem, version, v, err); two.affected != one.affected {
			t.Fatalf("%q in %q: %q..%q is %v, the other way round %v", version, ecosystem, begin, end, one, two)
		}
	})
}

func (v ordered) compareIfAny(ecosystem, text string) (int, error) {
	if v.Version == nil {
		return 0, errNoVersion
	}
	return v.compare(ecosystem, text)
}

// FuzzCPE: names that cannot be read are errors, and a name fits itself.
func FuzzCPE(f *testing.F) {
	f.Add("cpe:2.3:a:acme:lib:1.2:*:*:*:*:*:*:*", "cpe:2.3:a:acme:lib:*:-:*:*:*:word*:*:*")
	f.Add("cpe:/a:acme:lib:1.2:-:~~~wordpress~~", `cpe:2.3:a:a\:b:c\?:*:*:*:*:*:*:*:*`)
	f.Fuzz(func(t *testing.T, text, advisory string) {
		c, err := parseCPE(text)
		if err != nil {
			return
		}
		c.fits(advisory, true)
		if ok, _ := c.fits(c.text, true); !ok && !strings.ContainsAny(text, "*?") {
			t.Fatalf("%q does not fit itself", text)
		}
	})
}
