package sbom

import (
	"strconv"
	"strings"
)

// bsiChecks are the data fields of BSI TR-03183-2, version 2.1.0. The numbers of its
// clauses and the names of its fields are from secondary sources.
func bsiChecks() []check {
	field := func(clause, name, remedy string) Element {
		return Element{Scheme: BSI, Name: name, Reference: "BSI TR-03183-2 v2.1.0 " + clause, Secondary: true, Remedy: remedy}
	}
	existing := func(clause, name, remedy string) Element {
		e := field(clause, name, remedy)
		e.WhereItExists = true
		return e
	}
	checks := []check{
		{Element: field("4", "Format", "write the list as CycloneDX 1.6 or later, or as SPDX 3.0.1 or later"), document: bsiFormat},
		{Element: field("5.2.1", "Creator of the SBOM", "state the e-mail address of who made the list, or a URL"), document: func(q *judging) string {
			for _, a := range q.bom.Authors {
				if isAddress(a) {
					return ""
				}
			}
			return "no author has an e-mail address or a URL"
		}},
		{Element: field("5.2.1", "Timestamp", "state when the list was made, as RFC 3339 writes it"), document: timestamp},
		{Element: existing("5.2.3", "SBOM-URI", "give the document a serial number or a name space"), document: func(q *judging) string {
			if q.bom.Serial != "" {
				return ""
			}
			return "the document has no identifier"
		}},
		{Element: field("5.2.2", "Component creator", "state the e-mail address of who made the component, or a URL"), component: func(_ *judging, c *Component) string {
			if isAddress(c.Contact) || isAddress(c.Manufacturer) || isAddress(c.Supplier) || isAddress(c.Author) {
				return ""
			}
			return "there is no e-mail address or URL of who made it"
		}},
		{Element: field("5.2.2", "Component name", "give the component a name"), component: stated("the name", func(c *Component) string { return c.Name })},
		{Element: field("5.2.2", "Component version", "state the version; where there is none, the day on which the file was last changed"), component: stated("the version", func(c *Component) string { return c.Version })},
		{Element: field("5.2.2", "Filename of the component", "state the name of the file, without its folder"), component: bsiFile},
		{Element: field("5.2.2", "Dependencies on other components", "state what it depends on, and that this is complete, or not"), component: bsiDependencies},
		{Element: field("5.2.2", "Distribution licences", "state the licences under which it is delivered"), component: func(_ *judging, c *Component) string {
			if anyStated(c.Licences...) || len(c.Licences) == 0 && anyStated(c.Declared...) {
				return ""
			}
			return "the licences under which it is delivered are not stated"
		}},
		{Element: field("5.2.2", "Hash value of the deployable component", "add the SHA-512 of the file that is delivered"), component: bsiHash},
	}
	for _, p := range []struct{ name, title string }{{"executable", "Executable property"}, {"archive", "Archive property"}, {"structured", "Structured property"}} {
		checks = append(checks, check{Element: field("5.2.2", p.title, "state the property bsi:component:"+p.name), component: func(q *judging, c *Component) string {
			return bsiProperty(q, c, p.name)
		}})
	}
	return append(checks,
		check{Element: existing("5.2.4", "Source code URI", "link the source code"), component: linked("vcs", "source-distribution")},
		check{Element: existing("5.2.4", "URI of the deployable form of the component", "link where it is to be had"), component: linked("distribution", "distribution-intake")},
		check{Element: existing("5.2.4", "Other unique identifiers", "add a package URL or a CPE"), component: identified},
		check{Element: existing("5.2.4", "Original licences", "state the licences that its maker declares"), component: func(_ *judging, c *Component) string {
			if anyStated(c.Declared...) {
				return ""
			}
			return "the licences that its maker declares are not stated"
		}},
	)
}

// bsiFormat knows the oldest versions that the guideline takes.
func bsiFormat(q *judging) string {
	b := q.bom
	switch {
	case b.Format == "CycloneDX" && atLeast(b.Version, 1, 6, 0), b.Format == "SPDX" && atLeast(b.Version, 3, 0, 1):
		return ""
	case b.Format == "":
		return "it is not stated which format the list is in"
	}
	return strings.TrimSpace(b.Format+" "+b.Version) + " is none of the formats that the guideline takes"
}

// atLeast compares a version of a specification by its numbers; what is no number is 0.
func atLeast(version string, least ...int) bool {
	parts := strings.Split(strings.TrimPrefix(version, "SPDX-"), ".")
	for i, want := range least {
		have := 0
		if i < len(parts) {
			have, _ = strconv.Atoi(parts[i])
		}
		if have != want {
			return have > want
		}
	}
	return true
}

// isAddress reports whether a text has an e-mail address or a URL in it.
func isAddress(s string) bool {
	_, contact := nameAndContact(s)
	for _, word := range append(strings.Fields(s), contact) {
		word = strings.Trim(word, "<>()")
		if user, host, found := strings.Cut(strings.TrimPrefix(word, "mailto:"), "@"); found && user != "" && strings.Contains(host, ".") {
			return true
		}
		if kind, rest, found := strings.Cut(word, "://"); found && kind != "" && rest != "" {
			return true
		}
	}
	return false
}

// orOnFile adds to what is missing that SPDX has a place for it that is not read: the
// file that a package is delivered as. What is not known there is no pass.
func (q *judging) orOnFile(what string) string {
	if q.bom.Format == "SPDX" {
		what += " for the package; files of SPDX, which may state it, are not read"
	}
	return what
}

func bsiFile(q *judging, c *Component) string {
	name := c.property("bsi:component:filename")
	switch {
	case !isStated(name):
		return q.orOnFile("the name of its file is not stated")
	case strings.ContainsAny(name, `/\`):
		return "the name of its file has a folder before it"
	}
	return ""
}

// bsiDependencies wants the relations of a component, and a word on whether they are all.
func bsiDependencies(q *judging, c *Component) string {
	_, listed := q.bom.Depends[c.Ref]
	_, own := q.bom.Aggregates[c.Ref]
	_, all := q.bom.Aggregates[""]
	switch {
	case !listed && !own:
		return "it is not stated what it depends on"
	case !own && !all:
		return "it is not stated whether the list of what it depends on is complete"
	}
	return ""
}

func bsiHash(q *judging, c *Component) string {
	for _, h := range c.Hashes {
		if h.Algorithm == "SHA-512" && isHex(h.Value, 128) {
			return ""
		}
	}
	for _, l := range c.Links {
		for _, h := range l.Hashes {
			if strings.HasPrefix(l.Kind, "distribution") && h.Algorithm == "SHA-512" && isHex(h.Value, 128) {
				return ""
			}
		}
	}
	return q.orOnFile("there is no SHA-512 of the file that is delivered")
}

func isHex(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// bsiProperty wants a property of the taxonomy of the BSI with one of its two values,
// or with true or false, which is how many write them.
func bsiProperty(q *judging, c *Component, name string) string {
	allowed := map[string][]string{
		"executable": {"executable", "non-executable"},
		"archive":    {"archive", "no archive"},
		"structured": {"structured", "unstructured"},
	}
	value := c.property("bsi:component:" + name)
	if value == "" {
		return q.orOnFile("the property " + name + " is not stated")
	}
	for _, v := range append(allowed[name], "true", "false") {
		if strings.EqualFold(v, value) {
			return ""
		}
	}
	return "the property " + name + " has a value that means nothing"
}

func linked(kinds ...string) func(*judging, *Component) string {
	return func(_ *judging, c *Component) string {
		for _, l := range c.Links {
			for _, kind := range kinds {
				if l.Kind == kind && isStated(l.URL) {
					return ""
				}
			}
		}
		return "there is no link to it"
	}
}
