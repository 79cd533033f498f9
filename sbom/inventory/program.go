package inventory

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"io"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/sbom"
)

// Binary lists the modules of a program written in Go, with the standard library.
// The program is what the list is of.
func Binary(r io.ReaderAt, name string) (*sbom.BOM, error) {
	info, err := readBuildInfo(r)
	if err != nil {
		return nil, err
	}
	l := newList("Go binary")
	main := program(info, path.Base(name))
	l.bom.Subject = &main
	l.refs[main.Ref] = 1
	l.modules(info, main.Ref, -1, "")
	return l.finish(), nil
}

// goProgram adds a program of a root file system, with its modules in it. Other
// programs have no list of what is in them.
func (l *list) goProgram(r io.ReaderAt, name string) {
	info, err := readBuildInfo(r)
	if errors.Is(err, ErrNotGo) {
		return
	}
	if err != nil {
		l.lost(0, "%s is a program, but cannot be read: %v", name, err)
		return
	}
	c := program(info, path.Base(name))
	c.Ref = "file:" + name
	c.Properties = append(c.Properties, sbom.Property{Name: "theriac:path", Value: name})
	if at := l.add(c); at >= 0 {
		l.modules(info, l.bom.Components[at].Ref, at, name+"#")
	}
}

// ErrNotGo says that a file is no program written in Go.
var ErrNotGo = errors.New("it is no program written in Go")

// readBuildInfo reads what the linker of Go wrote into a program.
func readBuildInfo(r io.ReaderAt) (info *debug.BuildInfo, err error) {
	defer func() {
		if recover() != nil { // a damaged program
			info, err = nil, errors.New("its headers are damaged")
		}
	}()
	info, err = buildinfo.Read(r)
	if err != nil {
		if text := err.Error(); strings.Contains(text, "not a Go executable") || strings.Contains(text, "unrecognized file format") {
			return nil, ErrNotGo
		}
		return nil, err
	}
	return info, nil
}

// program is the main module of a program.
func program(info *debug.BuildInfo, file string) sbom.Component {
	c := sbom.Component{Type: "application", Name: file, Parent: -1}
	if m := info.Main; m.Path != "" {
		c.Name, c.Version = m.Path, released(m.Version)
		c.PURL = modulePURL(m.Path, c.Version)
	}
	for _, s := range info.Settings {
		if slices.Contains([]string{"GOOS", "GOARCH", "CGO_ENABLED", "vcs.revision", "vcs.modified"}, s.Key) {
			c.Properties = append(c.Properties, sbom.Property{Name: "theriac:go:" + s.Key, Value: s.Value})
		}
	}
	c.Ref = "program:" + c.Name
	return c
}

// modules adds the modules of a program. What a module was replaced with is what is
// in the program; a folder in its place has no version.
func (l *list) modules(info *debug.BuildInfo, program string, parent int, prefix string) {
	var refs []string
	add := func(c sbom.Component) {
		c.Ref, c.Parent = prefix+c.Ref, parent
		if at := l.add(c); at >= 0 {
			refs = append(refs, l.bom.Components[at].Ref)
		}
	}
	if version := goVersion(info.GoVersion); version != "" {
		add(sbom.Component{Ref: "pkg:golang/stdlib@" + version, Type: "library", Name: "stdlib", Version: version, PURL: "pkg:golang/stdlib@" + version})
	} else {
		l.problem(0, "%s was made by %q, which is no release of Go: its standard library is of unknown version", program, clip(info.GoVersion))
		add(sbom.Component{Ref: "pkg:golang/stdlib", Type: "library", Name: "stdlib", PURL: "pkg:golang/stdlib"})
	}
	for _, m := range info.Deps {
		c := sbom.Component{Type: "library", Name: m.Path, Version: released(m.Version)}
		used := m
		if m.Replace != nil {
			used, c.Patched = m.Replace, true
			c.Properties = []sbom.Property{{Name: "theriac:go:replaces", Value: m.Path + "@" + m.Version}}
			if local(used.Path) {
				c.Properties = append(c.Properties, sbom.Property{Name: "theriac:go:folder", Value: path.Base(used.Path)})
			} else {
				c.Name, c.Version = used.Path, released(used.Version)
			}
		}
		c.PURL = modulePURL(c.Name, c.Version)
		c.Ref = c.PURL
		if sum, found := strings.CutPrefix(used.Sum, "h1:"); found {
			c.Properties = append(c.Properties, sbom.Property{Name: "theriac:go:h1", Value: sum})
		}
		add(c)
	}
	l.bom.Depends[program] = refs
}

// local reports whether a replacement is a folder.
func local(p string) bool {
	return strings.HasPrefix(p, ".") || strings.HasPrefix(p, "/") || strings.Contains(p, `\`) || strings.Contains(p, ":")
}

// released is a version of a module; "" where it was built from a folder.
func released(version string) string {
	if version == "(devel)" {
		return ""
	}
	return version
}

// goVersion is the version of the standard library: "go1.22.3 X:boringcrypto" is 1.22.3.
func goVersion(s string) string {
	s, _, _ = strings.Cut(s, " ")
	version, found := strings.CutPrefix(s, "go")
	if !found || version == "" || version[0] < '0' || version[0] > '9' {
		return ""
	}
	return version
}

func modulePURL(module, version string) string {
	dir, name := path.Split(module)
	return packageurl.NewPackageURL("golang", strings.TrimSuffix(dir, "/"), name, version, nil, "").ToString()
}

// isProgram reports whether a file begins as those of ELF, PE and Mach-O.
func isProgram(head []byte) bool {
	for _, magic := range []string{"\x7fELF", "MZ", "\xfe\xed\xfa", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}
