package inventory

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
)

// tree makes a folder of files and opens it.
func tree(t *testing.T, files map[string]string) *os.Root {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		whole := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(whole), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(whole, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func look(t *testing.T, root *os.Root) *sbom.BOM {
	t.Helper()
	bom, err := Root(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	return bom
}

// has compares package URLs and problems of a list.
func has(t *testing.T, bom *sbom.BOM, purls, problems []string) {
	t.Helper()
	var gotPURLs, gotProblems []string
	for _, c := range bom.Components {
		gotPURLs = append(gotPURLs, c.PURL)
	}
	for _, p := range bom.Problems {
		gotProblems = append(gotProblems, p.What)
	}
	if !slices.Equal(gotPURLs, purls) {
		t.Errorf("package URLs\n%s\nwant\n%s", strings.Join(gotPURLs, "\n"), strings.Join(purls, "\n"))
	}
	if !slices.Equal(gotProblems, problems) {
		t.Errorf("problems\n%s\nwant\n%s", strings.Join(gotProblems, "\n"), strings.Join(problems, "\n"))
	}
}

const debian12 = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n"

const dpkgStatus = `Package: libssl3
Status: install ok installed
Maintainer: Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>
Architecture: amd64
Multi-Arch: same
Source: openssl
Version: 3.0.15-1~deb12u1
Depends: libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0
Description: Secure Sockets Layer toolkit - shared libraries
 This package is part of the OpenSSL project's implementation.
Homepage: https://www.openssl.org/

Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc (2.36-9+deb12u9)
Version: 2.36-9+deb12u10

Package: cdebconf
Status: install ok half-configured
Architecture: amd64
Version: 0.270
Provides: debconf-2.0 (= 2.0), debconf-udeb

Package: old
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: nothing
Status: install ok installed
`

func TestDpkg(t *testing.T) {
	bom := look(t, tree(t, map[string]string{"usr/lib/os-release": debian12, "var/lib/dpkg/status": dpkgStatus}))
	has(t, bom, []string{
		"pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64&distro=debian-12&upstream=openssl",
		"pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12&upstream=glibc%402.36-9%2Bdeb12u9",
		"pkg:deb/debian/cdebconf@0.270?arch=amd64&distro=debian-12",
	}, []string{
		"var/lib/dpkg/status: a package has no name or no version; it is left out",
		"var/lib/dpkg/status: 1 packages are not installed, of some only settings are left; they are not listed",
	})
	ssl := bom.Components[0]
	if ssl.Supplier != "Debian OpenSSL Team" || ssl.Contact != "pkg-openssl-devel@alioth-lists.debian.net" || ssl.Description != "Secure Sockets Layer toolkit - shared libraries" ||
		!reflect.DeepEqual(ssl.Links, []sbom.Link{{Kind: "website", URL: "https://www.openssl.org/"}}) || ssl.Line != 1 {
		t.Errorf("libssl3 is %+v", ssl)
	}
	if bom.Components[1].Line != 13 || bom.Problems[0].Line != 30 || !bom.Problems[0].Lost {
		t.Errorf("libc6 in line %d, problem in line %d", bom.Components[1].Line, bom.Problems[0].Line)
	}
	if got := bom.Depends[ssl.Ref]; !slices.Equal(got, []string{bom.Components[2].Ref, bom.Components[1].Ref}) {
		t.Errorf("libssl3 depends on %q", got)
	}
	if s := bom.Subject; s == nil || s.Name != "debian" || s.Version != "12" || s.Type != "operating-system" {
		t.Errorf("subject %+v", s)
	}
}

func TestStatusFolder(t *testing.T) {
	has(t, look(t, tree(t, map[string]string{
		"proc/self/root/x":                   "\x7fELF",
		"etc/os-release":                     "ID=debian\nVERSION_CODENAME='trixie'\n",
		"usr/lib/os-release":                 debian12,
		"var/lib/dpkg/status.d/base":         "Package: base-files\nVersion: 13\nArchitecture: arm64\n",
		"var/lib/dpkg/status.d/base.md5sums": "0123  ./etc/x\n",
	})), []string{"pkg:deb/debian/base-files@13?arch=arm64&distro=debian-trixie"}, nil)
}

func TestNoRelease(t *testing.T) {
	bom := look(t, tree(t, map[string]string{"var/lib/dpkg/status": "Package: a\nVersion: 1\nbroken line\n and more\n\n goes on\n"}))
	has(t, bom, []string{"pkg:deb/a@1"}, []string{
		"there is no os-release: which release of which distribution the packages are of is not known",
		"var/lib/dpkg/status: the line is no field with a value",
		"var/lib/dpkg/status: a line goes on where no field began",
	})
}

func TestApk(t *testing.T) {
	bom := look(t, tree(t, map[string]string{
		"etc/os-release": "ID=alpine\nVERSION_ID=3.18.4\n",
		"lib/apk/db/installed": "C:Q1p78yvTLG094tHE1+dToJGbmYzQE=\nP:libcrypto3\nV:3.1.4-r0\nA:x86_64\nT:Crypto library from openssl\nU:https://www.openssl.org/\nL:Apache-2.0\no:openssl\n" +
			"m:Ariadne Conill <ariadne@example.org>\nD:so:libc.musl-x86_64.so.1 !old\np:so:libcrypto.so.3=3\nF:lib\nR:libcrypto.so.3\na:0:0:755\nZ:Q1\n\n" +
			"P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\np:so:libc.musl-x86_64.so.1=1\n\nP:unversioned\n",
	}))
	has(t, bom, []string{
		"pkg:apk/alpine/libcrypto3@3.1.4-r0?arch=x86_64&distro=alpine-3.18.4&upstream=openssl",
		"pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.4",
	}, []string{"lib/apk/db/installed: a package has no name or no version; it is left out"})
	if got, want := bom.Depends[bom.Components[0].Ref], []string{bom.Components[1].Ref}; !slices.Equal(got, want) {
		t.Errorf("libcrypto3 depends on %q, want %q", got, want)
	}
	if c := bom.Components[0]; !slices.Equal(c.Licences, []string{"Apache-2.0"}) || c.Supplier != "Ariadne Conill" {
		t.Errorf("libcrypto3 is %+v", c)
	}
}

func TestOpkg(t *testing.T) {
	bom := look(t, tree(t, map[string]string{
		"etc/os-release": "ID=openwrt\nVERSION_ID=23.05\n",
		"usr/lib/opkg/status": "Package: dnsmasq\nVersion: 2.90-2\nStatus: install user installed\nArchitecture: mips_24kc\nCPE-ID: cpe:/a:thekelleys:dnsmasq\nLicense: GPL-2.0\n\n" +
			"Package: gone\nVersion: 1\nStatus: deinstall ok not-installed\n",
	}))
	has(t, bom, []string{"pkg:opkg/openwrt/dnsmasq@2.90-2?arch=mips_24kc&distro=openwrt-23.05"}, []string{
		"usr/lib/opkg/status: 1 packages are not installed; they are not listed",
	})
	if c := bom.Components[0]; !slices.Equal(c.CPEs, []string{"cpe:/a:thekelleys:dnsmasq"}) {
		t.Errorf("dnsmasq is %+v", c)
	}
}

// TestLinks: what symbolic links lead to is not read, inside the folder or out of it.
func TestLinks(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "status"), []byte("Package: secret\nVersion: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	root := tree(t, map[string]string{"etc/os-release": debian12, "var/lib/dpkg/x": "", "data/status": "Package: inside\nVersion: 1\n"})
	for link, to := range map[string]string{"var/lib/dpkg/status": filepath.Join(outside, "status"), "usr": outside, "var/lib/opkg": "../../data", "loop": "loop"} {
		if err := os.Symlink(to, filepath.Join(root.Name(), filepath.FromSlash(link))); err != nil {
			t.Fatal(err)
		}
	}
	has(t, look(t, root), nil, nil)
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Root(ctx, tree(t, map[string]string{"var/lib/dpkg/status": dpkgStatus}))
	if err == nil {
		t.Error("a run that was called off went on")
	}
}

// program builds a program of two modules, one of which stands in for another.
func buildProgram(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":     "module example.org/pump\n\ngo 1.26\n\nrequire example.org/lib v1.2.3\n\nreplace example.org/lib => ./lib\n",
		"main.go":    "package main\n\nimport \"example.org/lib\"\n\nfunc main() { lib.Run() }\n",
		"lib/go.mod": "module example.org/lib\n\ngo 1.26\n",
		"lib/lib.go": "package lib\n\nfunc Run() { println(1) }\n",
	} {
		whole := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(whole), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(whole, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-mod=mod", "-buildvcs=false", "-o", "pump", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off", "CGO_ENABLED=0", "GOTOOLCHAIN=local")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return filepath.Join(dir, "pump")
}

func TestProgram(t *testing.T) {
	name := buildProgram(t)
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	bom, err := Binary(f, name)
	if err != nil {
		t.Fatal(err)
	}
	if s := bom.Subject; s == nil || s.Name != "example.org/pump" || s.Version != "" || s.PURL != "pkg:golang/example.org/pump" {
		t.Fatalf("subject %+v", s)
	}
	if len(bom.Components) != 2 || len(bom.Problems) > 0 {
		t.Fatalf("components %+v, problems %v", bom.Components, bom.Problems)
	}
	std, lib := bom.Components[0], bom.Components[1]
	if !strings.HasPrefix(std.PURL, "pkg:golang/stdlib@1.") || std.Name != "stdlib" {
		t.Errorf("standard library %+v", std)
	}
	if lib.Name != "example.org/lib" || lib.PURL != "pkg:golang/example.org/lib@v1.2.3" || !lib.Patched {
		t.Errorf("module in a folder %+v", lib)
	}
	if got := bom.Depends[bom.Subject.Ref]; len(got) != 2 {
		t.Errorf("depends on %q", got)
	}

	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	in := look(t, tree(t, map[string]string{"etc/os-release": debian12, "usr/bin/pump": string(text), "usr/bin/cut": string(text[:5000]), "bin/elf": "\x7fELF and nothing"}))
	if len(in.Components) != 3 || in.Components[0].Ref != "file:usr/bin/pump" || in.Components[2].Parent != 0 || in.Components[1].PURL != std.PURL {
		t.Errorf("components %+v", in.Components)
	}
	if _, err := Binary(strings.NewReader("#!/bin/sh\n"), "x"); err == nil {
		t.Error("a script is read as a program")
	}
}

func TestGoVersion(t *testing.T) {
	for text, want := range map[string]string{"go1.22.3": "1.22.3", "go1.22.3 X:boringcrypto": "1.22.3", "go1.23rc1": "1.23rc1", "devel go1.24-abc": "", "": "", "gopher": ""} {
		if got := goVersion(text); got != want {
			t.Errorf("goVersion(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzRoot(f *testing.F) {
	f.Add(dpkgStatus, debian12)
	f.Add("P:a\nV:1\nD:b\np:b=1\n\n", "ID=alpine\nVERSION_ID=3.18\n")
	f.Fuzz(func(t *testing.T, text, release string) {
		l := newList("fuzz")
		l.distro = readDistro(strings.NewReader(release))
		l.setSubject()
		l.dpkg(strings.NewReader(text), "status")
		l.opkg(strings.NewReader(text), "status")
		l.apk(strings.NewReader(text), "installed")
		sound(t, l.finish())
	})
}

func FuzzBinary(f *testing.F) {
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Add([]byte("MZ\x00\x00"))
	f.Add([]byte("\xcf\xfa\xed\xfe\x07\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bom, err := Binary(strings.NewReader(string(data)), "x"); err == nil {
			sound(t, bom)
		}
	})
}

// sound checks what holds of every list.
func sound(t *testing.T, bom *sbom.BOM) {
	t.Helper()
	refs := map[string]bool{}
	for i, c := range bom.Components {
		if c.Name == "" || c.Ref == "" || refs[c.Ref] || c.Parent >= i {
			t.Fatalf("component %d is %+v", i, c)
		}
		refs[c.Ref] = true
	}
	for from, on := range bom.Depends {
		for _, to := range on {
			if !refs[to] || from == to {
				t.Fatalf("%q depends on %q", from, to)
			}
		}
	}
}
