package inventory

import (
	"io"
	"strings"

	"theriac/sbom"
)

// apk reads the database of installed packages of Alpine (apk-v2(5)): blocks of
// lines, each with a letter for its field.
func (l *list) apk(r io.Reader, name string) {
	fields, first := map[byte]string{}, 0
	end := func() {
		if len(fields) > 0 {
			l.alpine(fields, first, name)
		}
		fields, first = map[byte]string{}, 0
	}
	l.readLines(r, name, func(n int, text string) {
		switch {
		case strings.TrimSpace(text) == "":
			end()
		case len(text) < 2 || text[1] != ':':
			l.lost(n, "%s: the line is no field with a value", name)
		case strings.IndexByte("FRZMa", text[0]) >= 0: // folders and files
		default:
			if first == 0 {
				first = n
			}
			if _, twice := fields[text[0]]; !twice {
				fields[text[0]] = clipValue(strings.TrimSpace(text[2:]))
			}
		}
	})
	end()
}

func (l *list) alpine(fields map[byte]string, line int, file string) {
	pkg, version := fields['P'], fields['V']
	if pkg == "" || version == "" {
		l.lost(line, "%s: a package has no name or no version; it is left out", file)
		return
	}
	c := sbom.Component{
		Type: "library", Name: pkg, Version: version, PURL: l.purl("apk", pkg, version, fields['A'], fields['o'], ""),
		Supplier: maintainer(fields['m']), Contact: address(fields['m']), Description: fields['T'], Parent: -1, Line: line,
	}
	if fields['L'] != "" {
		c.Licences = []string{fields['L']}
	}
	if fields['U'] != "" {
		c.Links = []sbom.Link{{Kind: "website", URL: fields['U']}}
	}
	c.Ref = c.PURL
	at := l.add(c)
	if at < 0 {
		return
	}
	ref := l.bom.Components[at].Ref
	l.provide(pkg, ref)
	for name := range strings.FieldsSeq(fields['p']) {
		l.provide(unversioned(name), ref)
	}
	var names [][]string
	for name := range strings.FieldsSeq(fields['D']) {
		if !strings.HasPrefix(name, "!") { // a conflict
			names = append(names, []string{unversioned(name)})
		}
	}
	l.wanted = append(l.wanted, want{ref, names})
}

// unversioned takes the version off a dependency of apk: so:libc.musl-x86_64.so.1=1.
func unversioned(s string) string {
	if i := strings.IndexAny(s, "=<>~"); i > 0 {
		return s[:i]
	}
	return s
}
