package check

import (
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
)

// TestDeclared: what the model alone has is an entry; what the list has in any way is not.
func TestDeclared(t *testing.T) {
	const components = `
  soup-old: {title: OpenSSL, type: soup, version: 1.0.2, purl: "pkg:generic/openssl@1.0.2"}
  soup-new: {title: OpenSSL 3, type: soup, version: 3.0.11, purl: "pkg:generic/openssl@3.0.11"}
  soup-stack: {title: IPnet, type: soup, version: "6.5", manufacturer: Wind River, cpe: "cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*"}
  soup-tls: {title: mbed TLS, type: soup, repository: github.com/Mbed-TLS/mbedtls, commit: 0123456789012345678901234567890123456789}
  soup-bought: {title: Motor firmware, type: firmware, version: "2", manufacturer: Acme}
  soup-os: {title: Linux, type: operating-system, cpe: "cpe:2.3:o:debian:debian_linux:13:*:*:*:*:*:*:*", packages: ["pkg:deb/debian/*"]}
  soup-curl: {title: curl, type: soup, packages: ["pkg:deb/debian/curl"]}
  app: {title: Application, type: application}
`
	file, b := billOf(t, components, parts("pkg:generic/openssl@3.0.11", "pkg:deb/debian/curl@8.0"))
	var got []string
	for _, c := range Declared(file, b.BOM) {
		got = append(got, c.Ref)
	}
	if want := []string{"soup-old", "soup-stack", "soup-tls", "soup-bought"}; !slices.Equal(got, want) {
		t.Errorf("declared are %v, want %v", got, want)
	}
	list := Declared(file, &sbom.BOM{})
	if len(list) != 6 {
		t.Fatalf("%d of an empty list", len(list))
	}
	if s := list[2]; len(s.CPEs) != 1 || s.Manufacturer != "Wind River" || s.Version != "6.5" || s.Name != "IPnet" {
		t.Errorf("%+v", s)
	}
	if l := list[3].Links; len(l) != 1 || l[0].Kind != "vcs" || !strings.HasSuffix(l[0].URL, "mbedtls@0123456789012345678901234567890123456789") {
		t.Errorf("%+v", l)
	}
}
