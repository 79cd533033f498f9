package match

import "testing"

// TestOrder: the order that a package URL asks for is one in which versions are compared.
func TestOrder(t *testing.T) {
	for purlType, c := range map[string]struct{ ecosystem, before, after string }{
		"deb": {"Debian", "1.0~rc1", "1.0"}, "apk": {"Alpine", "1.0-r1", "1.0-r2"}, "rpm": {"Red Hat", "1:1.0", "2:0.1"}, "golang": {"Go", "v1.2.0-rc.1", "v1.2.0"},
		"NPM": {"npm", "1.9.0", "1.10.0"}, "pypi": {"PyPI", "1.0rc1", "1.0"}, "generic": {"Product", "1.0.1", "1.0.1g"}, "": {"Product", "6.5", "6.10"},
	} {
		if got := Order(purlType); got != c.ecosystem {
			t.Errorf("%s: %s, want %s", purlType, got, c.ecosystem)
		}
		if n, err := Compare(c.ecosystem, c.before, c.after); err != nil || n >= 0 {
			t.Errorf("%s: %s is not before %s: %d %v", c.ecosystem, c.before, c.after, n, err)
		}
	}
}

func TestFitsCPE(t *testing.T) {
	const vxworks = "cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*"
	for written, want := range map[string]struct {
		version string
		ok      bool
	}{
		vxworks: {"6.5", true}, "cpe:/o:WindRiver:VxWorks:6.5": {"6.5", true}, "cpe:2.3:o:windriver:vxworks:*:*:*:*:*:*:*:*": {"", true},
		"cpe:2.3:o:windriver:vxworks:-:*:*:*:*:*:*:*": {"", true}, "cpe:2.3:o:windriver:vxworks:7.0:*:*:*:*:*:*:*": {"7.0", true},
		"cpe:2.3:a:windriver:vxworks:6.5:*:*:*:*:*:*:*": {}, "cpe:2.3:o:windriver:linux:6.5:*:*:*:*:*:*:*": {}, "cpe:2.3:o:windriver:vxworks:6.5:sp1:*:*:*:*:*:*": {},
		"cpe:2.3:o:windriver": {}, "": {},
	} {
		if version, ok := FitsCPE(written, vxworks); version != want.version || ok != want.ok {
			t.Errorf("%q: %q %v, want %q %v", written, version, ok, want.version, want.ok)
		}
	}
}

// TestRate: base scores are those that FIRST publishes for these vectors.
func TestRate(t *testing.T) {
	for vector, want := range map[string]float64{
		"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H": 9.8, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:L/A:N": 7.2, "AV:N/AC:L/Au:N/C:N/I:N/A:C": 7.8,
	} {
		if got, ok := Rate(vector); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", vector, got, ok, want)
		}
	}
	if _, ok := Rate("CVSS:3.1/AV:N"); ok {
		t.Error("half a vector is rated")
	}
}

// FuzzFitsCPE: no name is too strange, and one that is read fits itself but where it asks
// for what a component cannot say.
func FuzzFitsCPE(f *testing.F) {
	f.Add("cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*", "cpe:/o:windriver:vxworks")
	f.Add("cpe:2.3:a:a\\:b:c*:-:*:*:*:*:*:*:*", "cpe:2.3:a:?:?:*:*:*:*:*:*:*:*")
	f.Fuzz(func(t *testing.T, a, b string) {
		if version, ok := FitsCPE(a, b); !ok && version != "" {
			t.Fatalf("%q does not fit and has version %q", a, version)
		}
	})
}
