package inventory

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
)

func manifest(t *testing.T, text string) *sbom.BOM {
	t.Helper()
	bom, err := Manifest(strings.NewReader(text), "manifest")
	if err != nil {
		t.Fatal(err)
	}
	return bom
}

func problems(bom *sbom.BOM) (list []string) {
	for _, p := range bom.Problems {
		list = append(list, p.What)
	}
	return list
}

func TestYoctoLicences(t *testing.T) {
	bom := manifest(t, "PACKAGE NAME: busybox\nPACKAGE VERSION: 1.36.1\nRECIPE NAME: busybox\nLICENSE: GPL-2.0-only & bzip2-1.0.4\n\nPACKAGE NAME: libz1\nPACKAGE VERSION: 1.3.1\nRECIPE NAME: zlib\nLICENSE: Zlib\n\nRECIPE NAME: odd\n")
	if bom.Format != "Yocto license.manifest" || len(bom.Components) != 2 {
		t.Fatalf("%s: %+v", bom.Format, bom.Components)
	}
	z, box := bom.Components[1], bom.Components[0]
	if z.Name != "libz1" || z.Version != "1.3.1" || z.Line != 6 || z.Properties[0] != (sbom.Property{Name: "theriac:yocto:recipe", Value: "zlib"}) {
		t.Errorf("libz1 is %+v", z)
	}
	if !slices.Equal(box.Licences, []string{"GPL-2.0-only AND bzip2-1.0.4"}) {
		t.Errorf("licences %q", box.Licences)
	}
	if got := problems(bom); !slices.Equal(got, []string{"manifest: a package has no name; it is left out"}) || bom.Problems[0].Line != 11 {
		t.Errorf("problems %v", bom.Problems)
	}
}

func TestYoctoImage(t *testing.T) {
	bom := manifest(t, "base-files qemux86_64 3.0.14-r0\nbusybox core2-64 1.36.1-r0\nbroken\n")
	if len(bom.Components) != 2 || bom.Components[1].Version != "1.36.1-r0" || bom.Components[1].Line != 2 {
		t.Errorf("components %+v", bom.Components)
	}
	if got := problems(bom); !slices.Equal(got, []string{"manifest: the line is not package, architecture and version"}) {
		t.Errorf("problems %q", got)
	}
}

func TestCVECheck(t *testing.T) {
	bom := manifest(t, `{"version": "1", "package": [
		{"name": "openssl", "layer": "meta", "version": "3.0.12", "products": [{"product": "openssl", "cvesInRecord": "Yes"}],
		 "issue": [{"id": "CVE-2023-5678", "status": "Patched"}, {"id": "CVE-2023-0001", "status": "Unpatched"}, {"id": "CVE-2020-1", "status": "Ignored"}]},
		{"name": "linux", "version": "6.1.20+gitAUTOINC+abc", "products": [{"product": "linux:linux_kernel"}, {"product": "a+b"}]},
		{"version": "1"}, 7]}`)
	if len(bom.Components) != 2 {
		t.Fatalf("components %+v", bom.Components)
	}
	if got, want := bom.Components[0].Properties, []sbom.Property{{Name: "theriac:yocto:layer", Value: "meta"}, {Name: "theriac:yocto:ignored", Value: "CVE-2020-1"}, {Name: "theriac:yocto:patched", Value: "CVE-2023-5678"}}; !slices.Equal(got, want) {
		t.Errorf("properties %v", got)
	}
	if got, want := bom.Components[1].CPEs, []string{"cpe:2.3:a:linux:linux_kernel:6.1.20:*:*:*:*:*:*:*", `cpe:2.3:a:*:a\+b:6.1.20:*:*:*:*:*:*:*`}; !slices.Equal(got, want) {
		t.Errorf("CPEs %q, want %q", got, want)
	}
	if got := problems(bom); !slices.Equal(got, []string{"package 3 is not understood; it is left out", "package 4 is not understood; it is left out"}) {
		t.Errorf("problems %q", got)
	}
}

func TestShowInfo(t *testing.T) {
	bom := manifest(t, `{
		"busybox": {"type": "target", "name": "busybox", "virtual": false, "version": "1.36.1", "licenses": "GPL-2.0, bzip2-1.0.4",
			"downloads": [{"source": "busybox-1.36.1.tar.bz2", "uris": ["https+https://www.busybox.net/downloads", "http|urlencode+http://sources.example"]}],
			"dependencies": ["host-skeleton", "jpeg", "zlib"], "cpe-id": "cpe:2.3:a:busybox:busybox:1.36.1:*:*:*:*:*:*:*", "ignore_cves": ["CVE-2022-28391"]},
		"host-skeleton": {"type": "host", "virtual": false, "version": "", "dependencies": []},
		"jpeg": {"type": "target", "name": "jpeg", "virtual": true, "dependencies": ["libjpeg"]},
		"libjpeg": {"type": "target", "virtual": false, "version": "9e", "dependencies": []},
		"rootfs-ext2": {"type": "rootfs", "dependencies": []},
		"odd": []}`)
	var names []string
	for _, c := range bom.Components {
		names = append(names, c.Designation()+"|"+c.Scope)
	}
	if want := []string{"busybox 1.36.1|", "skeleton|excluded", "libjpeg 9e|"}; !slices.Equal(names, want) {
		t.Fatalf("components %q, want %q", names, want)
	}
	box := bom.Components[0]
	if !reflect.DeepEqual(box.Links, []sbom.Link{{Kind: "distribution", URL: "https://www.busybox.net/downloads/busybox-1.36.1.tar.bz2"}}) || len(box.CPEs) != 1 ||
		box.Properties[0].Value != "CVE-2022-28391" {
		t.Errorf("busybox is %+v", box)
	}
	if got := bom.Depends[box.Ref]; !slices.Equal(got, []string{"package:host-skeleton", "package:libjpeg"}) {
		t.Errorf("busybox depends on %q", got)
	}
	if got := problems(bom); len(got) != 2 || !strings.Contains(got[0], `"odd"`) || !strings.Contains(got[1], "1 packages are virtual") {
		t.Errorf("problems %q", got)
	}
}

func TestLegalInfo(t *testing.T) {
	bom := manifest(t, "\"PACKAGE\",\"VERSION\",\"LICENSE\",\"LICENSE FILES\",\"SOURCE ARCHIVE\",\"SOURCE SITE\",\"DEPENDENCIES WITH LICENSES\"\n"+
		"\"zlib\",\"1.3.1\",\"Zlib\",\"README\",\"zlib-1.3.1.tar.xz\",\"https://www.zlib.net\",\"\"\n"+
		"\"own\",\"\",\"unknown\",\"not saved\",\"not saved\",\"\",\"\"\n\"\",\"1\"\n")
	if len(bom.Components) != 2 {
		t.Fatalf("components %+v", bom.Components)
	}
	z, own := bom.Components[0], bom.Components[1]
	if z.Version != "1.3.1" || z.Line != 2 || z.Links[0].URL != "https://www.zlib.net/zlib-1.3.1.tar.xz" || !slices.Equal(z.Licences, []string{"Zlib"}) {
		t.Errorf("zlib is %+v", z)
	}
	if own.Version != "" || own.Licences != nil || own.Links != nil {
		t.Errorf("own is %+v", own)
	}
	if got := problems(bom); !slices.Equal(got, []string{"manifest: a package has no name; it is left out"}) {
		t.Errorf("problems %q", got)
	}
}

func TestNoManifest(t *testing.T) {
	for _, text := range []string{"", "hello", "Some Text 123", "{}", `{"a": 1}`, "{", "[1]", "a,b,c\n", "<x/>"} {
		if bom, err := Manifest(strings.NewReader(text), "x"); err == nil {
			t.Errorf("%q is read as %s", text, bom.Format)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add("PACKAGE NAME: a\nPACKAGE VERSION: 1\n")
	f.Add("a b 1\n")
	f.Add(`{"version":"1","package":[{"name":"a","version":"1","products":[{"product":"p"}]}]}`)
	f.Add(`{"a":{"type":"target","version":"1","dependencies":["b"]},"b":{"type":"target","virtual":true,"dependencies":["a"]}}`)
	f.Add("PACKAGE,VERSION,LICENSE\na,1,MIT\n")
	f.Fuzz(func(t *testing.T, text string) {
		if bom, err := Manifest(strings.NewReader(text), "x"); err == nil {
			sound(t, bom)
		}
	})
}
