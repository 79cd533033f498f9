package inventory

import (
	"io"
	"strings"

	"theriac/sbom"
)

// dpkg reads the status file of dpkg, or one of the files that images without a
// package manager have instead (status.d).
func (l *list) dpkg(r io.Reader, name string) {
	away := 0
	l.stanzas(r, name, func(s *stanza) {
		state := strings.Fields(s.field("Status"))
		switch {
		case s.field("Package") == "" || s.field("Version") == "":
			l.lost(s.line, "%s: a package has no name or no version; it is left out", name)
		case len(state) == 3 && !onDisk(state[2]):
			away++
		default:
			if len(state) != 3 && len(state) != 0 {
				l.problem(s.line, "%s: the status of %s is not understood; it counts as installed", name, clip(s.field("Package")))
			}
			l.debian("deb", s)
		}
	})
	if away > 0 {
		l.problem(0, "%s: %d packages are not installed, of some only settings are left; they are not listed", name, away)
	}
}

// onDisk reports whether the files of a package are there in a state of dpkg or opkg.
func onDisk(state string) bool { return state != "config-files" && state != "not-installed" }

// debian adds a package of dpkg or opkg.
func (l *list) debian(kind string, s *stanza) {
	pkg, version, arch := s.field("Package"), s.field("Version"), s.field("Architecture")
	source, sourceVersion := sourceOf(s.field("Source"))
	c := sbom.Component{
		Type: "library", Name: pkg, Version: version, PURL: l.purl(kind, pkg, version, arch, source, sourceVersion),
		Supplier: maintainer(s.field("Maintainer")), Contact: address(s.field("Maintainer")),
		Description: s.field("Description"), Parent: -1, Line: s.line,
	}
	if home := s.field("Homepage"); home != "" {
		c.Links = []sbom.Link{{Kind: "website", URL: home}}
	}
	if licence := s.field("License"); licence != "" {
		c.Licences = []string{licence}
	}
	if cpe := s.field("CPE-ID"); cpe != "" {
		c.CPEs = []string{cpe}
	}
	c.Ref = c.PURL
	at := l.add(c)
	if at < 0 {
		return
	}
	ref := l.bom.Components[at].Ref
	l.provide(pkg, ref)
	for _, names := range relations(s.folded("Provides")) {
		l.provide(names[0], ref)
	}
	l.wanted = append(l.wanted, want{ref, append(relations(s.folded("Depends")), relations(s.folded("Pre-Depends"))...)})
}

// sourceOf splits the field Source: "openssl" or "glibc (2.36-9)".
func sourceOf(s string) (name, version string) {
	name, rest, found := strings.Cut(s, "(")
	if found {
		version, _, _ = strings.Cut(rest, ")")
	}
	return strings.TrimSpace(name), strings.TrimSpace(version)
}

// relations splits a field such as Depends into names, with the alternatives of each
// (Debian Policy 7.1). Versions and architectures are left out.
func relations(s string) (list [][]string) {
	for one := range strings.SplitSeq(s, ",") {
		var names []string
		for way := range strings.SplitSeq(one, "|") {
			name := strings.TrimSpace(way)
			if i := strings.IndexAny(name, " \t\n([:<"); i >= 0 {
				name = name[:i]
			}
			if name != "" {
				names = append(names, name)
			}
		}
		if names != nil {
			list = append(list, names)
		}
	}
	return list
}

// maintainer is the name in "Jane Roe <jane@example.org>".
func maintainer(s string) string {
	name, _, _ := strings.Cut(s, "<")
	return strings.TrimSpace(name)
}

func address(s string) string {
	_, rest, _ := strings.Cut(s, "<")
	mail, _, found := strings.Cut(rest, ">")
	if !found {
		return ""
	}
	return mail
}

// opkg reads the status file of opkg, which embedded systems have in place of dpkg.
func (l *list) opkg(r io.Reader, name string) {
	away := 0
	l.stanzas(r, name, func(s *stanza) {
		state := strings.Fields(s.field("Status"))
		switch {
		case s.field("Package") == "" || s.field("Version") == "":
			l.lost(s.line, "%s: a package has no name or no version; it is left out", name)
		case len(state) == 3 && !onDisk(state[2]):
			away++
		default:
			l.debian("opkg", s)
		}
	})
	if away > 0 {
		l.problem(0, "%s: %d packages are not installed; they are not listed", name, away)
	}
}
