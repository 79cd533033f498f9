package triage

import (
	"strings"
	"testing"
)

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		text, ecosystem, in, out string
	}{
		{">=1.2 <2", "", "1.2 1.2.0 1.10.3 1.99 2.0.0-rc.1", "1.1.9 2 2.0.0 10"},
		{">= 1.2, < 2", "", "1.2 1.9", "2"},
		{"1.4.1", "", "1.4.1 v1.4.1", "1.4 1.4.2"},
		{"==1.4.1", "", "1.4.1", "1.4.2"},
		{"<1.2 || >=2 <2.3 || =3.1", "", "1.1 2.2 3.1", "1.2 1.3 2.3 3.1.1"},
		{"!=1.5 >=1", "", "1 1.6", "1.5 0.9"},
		{"*", "", "1 anything", ""},
		{"<1.1.1l", "", "1.1.1k 1.1.1", "1.1.1l 1.1.1m 1.1.2"},
		{"<1.2.3.4", "", "1.2.3.3 1.2.3", "1.2.3.4 1.2.3.5"},
		{"<1:1.0", "Debian", "2.0", "1:1.0 2:0.1"},
		{"<3.0.14-1", "Debian", "3.0.14-1~deb12u1 3.0.11-1", "3.0.14-1"},
		{"<1.10", "PyPI", "1.9 1.10rc1 1.10.dev1", "1.10 1.10.post1"},
		{"<1.0", "Maven", "1.0-alpha-1 1.0-SNAPSHOT", "1.0 1.0-sp"},
		{"<1.2.3-r4", "Alpine", "1.2.3-r3 1.2.3_rc1", "1.2.3-r4"},
		{"vers:deb/>=1.2|<2:0.5", "npm", "1.2 9 1:1 2:0.4", "1.1 2:0.5"},
		{"vers:npm/1.2.3|>=2.0.0|<5.0.0|!=4.0.0", "", "1.2.3 2.0.0 4.9.9", "1.2.4 4.0.0 5.0.0"},
		{"vers:generic/<1|>=2|<3|>4", "", "0.9 2.5 5", "1 1.5 3 3.5 4"},
		{"vers:npm/!=1.0.0", "", "1.0.1", "1.0.0"},
		{"vers:npm/1.0.0|1.1.0", "", "1.0.0 1.1.0", "1.0.5"},
		{"vers:deb/>=1%3A1.0", "", "1:1.0 2:0", "3"},
		{"vers:npm/*", "", "1 2", ""},
	} {
		r, err := ParseRange(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		for want, versions := range map[bool]string{true: c.in, false: c.out} {
			for _, v := range strings.Fields(versions) {
				if got, err := r.Holds(v, c.ecosystem); err != nil || got != want {
					t.Errorf("%s holds %s: %t %v, want %t", c.text, v, got, err, want)
				}
			}
		}
	}
	for text, says := range map[string]string{
		"": "is empty", "  ": "is empty", ">=": "no version follows", ">= <2": `"<2" follows ">="`, "1 || ": "beside ||", "before 2": `"before" is no version`, "1.2 1.3": "equals several", "<1|2": "is no version", "~1.2 <^2": "", "1.*": "is no version",
		"vers:npm": "expected vers:TYPE", "vers:/1": "expected vers:TYPE", "vers:npm/1||2": "beside |", "vers:npm/1|1": "stands twice", "vers:npm/%zz": "invalid URL escape",
		strings.Repeat(">=1 ", 65): "more than 64", "vers:npm/" + many(65): "more than 64", strings.Repeat("1", 5000): "longer than", strings.Repeat("1", 300): "longer than 256",
	} {
		if _, err := ParseRange(text); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", clip(text), err, says)
		}
	}
	r, _ := ParseRange("<2")
	if _, err := r.Holds("", ""); err == nil {
		t.Error("a version that is not known is in a range")
	}
	if _, err := r.Holds("not a version!", "PyPI"); err == nil {
		t.Log("PyPI takes any text as a legacy version")
	}
}

func many(n int) string {
	var parts []string
	for i := range n {
		parts = append(parts, ">="+strings.Repeat("1", i+1))
	}
	return strings.Join(parts, "|")
}

func TestNamesAndPatterns(t *testing.T) {
	for _, c := range []struct {
		component Component
		in, out   string
	}{
		{Component{PURL: "pkg:deb/debian/libssl3@3.0.11-1?arch=arm64&upstream=openssl%403.0.11"}, "pkg:deb/debian/libssl3 pkg:deb/debian/openssl pkg:deb/*/libssl* PKG:deb/debian/LIBSSL3 pkg:deb/debian/libssl3@9", "pkg:deb/debian/libssl pkg:deb/ubuntu/libssl3 libssl3 pkg:deb/debian/libssl33"},
		{Component{PURL: "pkg:npm/%40angular/core@12.0.0"}, "pkg:npm/%40angular/core pkg:npm/@angular/core pkg:npm/@angular/*", "pkg:npm/angular/core pkg:npm/core"},
		{Component{PURL: "pkg:golang/github.com/Masterminds/semver@v3.1.0#v3"}, "pkg:golang/github.com/masterminds/semver pkg:golang/github.com/*", "pkg:golang/semver"},
		{Component{PURL: "pkg:alpine/busybox@1.30"}, "pkg:alpine/busybox pkg:apk/alpine/busybox", "pkg:apk/busybox"},
		{Component{PURL: "pkg:not a purl@1"}, "", "*x"},
		{Component{CPE: "cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*", Name: "zlib"}, "cpe:2.3:a:zlib:zlib:* zlib", "cpe:2.3:a:gnu:* zlib2"},
		{Component{Name: "Boot loader"}, "boot* *loader", "boot"},
	} {
		for want, patterns := range map[bool]string{true: c.in, false: c.out} {
			for _, p := range strings.Fields(patterns) {
				if got := Matches(p, c.component); got != want {
					t.Errorf("%s means %s: %t, want %t (names %q)", p, c.component, got, want, c.component.Names())
				}
			}
		}
	}
	if Matches("", Component{Name: "x"}) || Matches("*", Component{}) {
		t.Error("what has no name, or names nothing, matches")
	}
}

// FuzzRange: no text is too strange, and what is read says the same again.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{">=1.2 <2", "vers:deb/>=1|<2|!=1.5", "<1 || *", ">= 1:2~rc", "=v1"} {
		f.Add(seed, "1.2.3", "Debian")
		f.Add(seed, "2.0-rc1", "")
	}
	f.Fuzz(func(t *testing.T, text, version, ecosystem string) {
		r, err := ParseRange(text)
		if err != nil {
			return
		}
		a, errA := r.Holds(version, ecosystem)
		b, errB := r.Holds(version, ecosystem)
		if a != b || (errA == nil) != (errB == nil) || errA != nil && a {
			t.Fatal(a, b, errA, errB)
		}
		if version != "" && len(version) <= maxVersion {
			n, err1 := CompareVersions(version, version, ecosystem)
			if err1 == nil && n != 0 {
				t.Fatalf("%q is not equal to itself in %q", version, ecosystem)
			}
		}
	})
}

// FuzzMatches: a name without * matches itself.
func FuzzMatches(f *testing.F) {
	f.Add("pkg:deb/debian/lib*", "pkg:deb/debian/libssl3@3?upstream=openssl", "")
	f.Add("*a*b*", "", "aab")
	f.Fuzz(func(t *testing.T, pattern, purl, name string) {
		c := Component{PURL: purl, Name: name}
		Matches(pattern, c)
		for _, n := range c.Names() {
			if !glob(n, n) || !glob("*", n) {
				t.Fatalf("%q does not match itself", n)
			}
		}
	})
}

// TestOrderOfScan: versions of a component stand in the order of a scan, those of the
// product in their own.
func TestOrderOfScan(t *testing.T) {
	for _, c := range []struct {
		component Component
		text      string
		in, out   string
	}{
		{Component{CPE: "cpe:2.3:a:openssl:openssl:1.0.1f:*:*:*:*:*:*:*"}, "<1.0.1g", "1.0.1 1.0.1f 1.0.1-rc1", "1.0.1g 1.0.2"},
		{Component{Name: "IPnet"}, "<6.9.3", "6.5 6.9", "6.9.3 6.10"},
		{Component{PURL: "pkg:rpm/redhat/curl"}, "<1:7.0", "8.0", "1:7.0"},
		{Component{PURL: "pkg:githubactions/a/b"}, "<2.0.0", "1.9.9 2.0.0-rc.1", "2.0.0"},
	} {
		r, err := ParseRange(c.text)
		if err != nil {
			t.Fatal(err)
		}
		for want, versions := range map[bool]string{true: c.in, false: c.out} {
			for _, v := range strings.Fields(versions) {
				if got, err := r.Holds(v, c.component.Ecosystem()); err != nil || got != want {
					t.Errorf("%s, %s: %t %v, want %t", c.text, v, got, err, want)
				}
			}
		}
	}
	r, _ := ParseRange("<2")
	for _, v := range []string{"latest", "${project.version}", "1.%"} {
		if ok, err := r.Holds(v, "npm"); ok || err == nil {
			t.Errorf("%s is compared: %t %v", v, ok, err)
		}
	}
}

func TestCalled(t *testing.T) {
	stack := Component{CPE: "cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*", Name: "VxWorks", Version: "6.5"}
	for name, want := range map[string]struct {
		version string
		ok      bool
	}{
		"cpe:/o:windriver:vxworks:6.5": {"6.5", true}, "cpe:2.3:o:windriver:vxworks:*:*:*:*:*:*:*:*": {"", true}, "cpe:/o:windriver:linux": {},
		"vxworks": {"", true}, "VxWorks 6.5": {"6.5", true}, "VxWorks 7": {}, "*": {}, "pkg:*": {}, "": {},
	} {
		if version, ok := stack.Called(name); version != want.version || ok != want.ok {
			t.Errorf("%q: %q %t, want %q %t", name, version, ok, want.version, want.ok)
		}
	}
	if _, ok := (Component{PURL: "pkg:npm/vxworks@6.5", Name: "VxWorks", Version: "6.5"}).Called("VxWorks 6.5"); ok {
		t.Error("a component with a package URL goes by its words")
	}
}

// FuzzCalled: no name is too strange, and a component that has words goes by them.
func FuzzCalled(f *testing.F) {
	f.Add("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*", "cpe:/a:b:c", "zlib")
	f.Fuzz(func(t *testing.T, name, cpe, words string) {
		c := Component{CPE: cpe, Name: words, Version: "1"}
		if version, ok := c.Called(name); !ok && version != "" {
			t.Fatalf("%q is not %+v and has version %q", name, c, version)
		}
	})
}

// TestGlob: * stands for any characters, also none.
func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"pkg:npm/a", "pkg:npm/a", true}, {"pkg:npm/a", "pkg:npm/ab", false}, {"pkg:npm/*", "pkg:npm/a", true}, {"*ssl*", "pkg:deb/debian/openssl", true},
		{"pkg:*/a", "pkg:npm/b", false}, {"a*a", "a", false}, {"*", "", true}, {"pkg:npm/a*b*c", "pkg:npm/axxbyyc", true}, {"pkg:npm/a*b*c", "pkg:npm/axxcyyb", false},
		{"a*b*c", "a-b-b-c", true}, {"a*b*c", "a-c", false}, {"", "", true},
	} {
		if got := glob(c.pattern, c.text); got != c.want {
			t.Errorf("%s, %s: %v", c.pattern, c.text, got)
		}
	}
}
