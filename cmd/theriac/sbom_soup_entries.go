package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/check"
	"theriac/edit"
	"theriac/sbom"
)

// soupGroups are what one entry may stand for.
var soupGroups = []string{"source", "package", "ecosystem"}

// soupGroup are the components of a bill of materials that become one SOUP item.
type soupGroup struct {
	name  string
	parts []*sbom.Component
}

// soupEntries makes entries of components, in the order of their names. Ids that are
// taken are noted.
func soupEntries(parts []*sbom.Component, by string, taken map[string]bool) []edit.Entity {
	at := map[string]*soupGroup{}
	var groups []*soupGroup
	for _, c := range parts {
		key, name := soupKey(c, by)
		g := at[key]
		if g == nil {
			g = &soupGroup{name: name}
			at[key] = g
			groups = append(groups, g)
		}
		g.parts = append(g.parts, c)
	}
	slices.SortStableFunc(groups, func(a, b *soupGroup) int { return cmp.Compare(a.name, b.name) })
	ids := soupIDs{taken, map[string]int{}}
	var list []edit.Entity
	for _, g := range groups {
		list = append(list, edit.Entity{ID: ids.of(g.name), Body: g.body()})
	}
	return list
}

// soupKey is what groups a component, and the name of the group.
func soupKey(c *sbom.Component, by string) (key, name string) {
	p, err := packageurl.FromString(c.PURL)
	if c.PURL == "" || err != nil {
		return "name " + c.Title() + "\x00" + c.Version, cmp.Or(c.Title(), c.PURL, c.Ref)
	}
	if by == "ecosystem" {
		name = strings.TrimSuffix(p.Type+" "+distribution(p), " ") + " packages"
		return "ecosystem " + name, name
	}
	name = p.Name
	if distribution(p) != "" { // packages of a distribution have no other name space
		if source := sourcePackage(p); by == "source" && source != "" {
			name = source
		}
		return p.Type + " " + p.Namespace + " " + name, name
	}
	if p.Namespace != "" {
		name = p.Namespace + "/" + p.Name
	}
	return p.Type + " " + name, name
}

// distribution is whose package it is; "" for what is no package of a distribution.
func distribution(p packageurl.PackageURL) string {
	switch p.Type {
	case "deb", "apk", "rpm", "opkg", "alpm":
		return cmp.Or(p.Namespace, p.Type)
	}
	return ""
}

// sourcePackage is the name of the source package, as the qualifier upstream gives it:
// openssl, openssl@3.0.15, openssl-3.0.7-27.el9.src.rpm.
func sourcePackage(p packageurl.PackageURL) string {
	name, _, _ := strings.Cut(p.Qualifiers.Map()["upstream"], "@")
	if bare, found := strings.CutSuffix(name, ".src.rpm"); found {
		words := strings.Split(bare, "-")
		name = strings.Join(words[:max(1, len(words)-2)], "-")
	}
	return name
}

// body is the entry of a group. What parts state alike is taken over; nothing is guessed.
func (g *soupGroup) body() edit.Map {
	s := entryBody{edit.Map{{Name: "title", Value: edit.Text(g.name)}, {Name: "type", Value: edit.Text("soup")}}}
	s.text("manufacturer", alike(g.parts, func(c *sbom.Component) string { return cmp.Or(c.Supplier, c.Manufacturer, c.Author) }))
	s.text("version", alike(g.parts, check.VersionOf))
	names, exact := packagesOf(g.parts)
	switch {
	case len(g.parts) == 1 && exact != "":
		s.text("purl", exact)
	case len(names) > 0:
		s.texts("packages", names)
	}
	if len(g.parts) == 1 && len(g.parts[0].CPEs) > 0 && exact == "" {
		s.text("cpe", g.parts[0].CPEs[0])
	}
	return s.Map
}

// alike is a text that all parts state alike; "" where they do not.
func alike(parts []*sbom.Component, of func(*sbom.Component) string) string {
	first := check.ClipText(strings.TrimSpace(of(parts[0])))
	for _, c := range parts {
		if check.ClipText(strings.TrimSpace(of(c))) != first {
			return ""
		}
	}
	return first
}

// packagesOf names the packages of parts without version, each once, and the package URL
// of the first with its version.
func packagesOf(parts []*sbom.Component) (names []string, exact string) {
	for _, c := range parts {
		p, err := packageurl.FromString(c.PURL)
		if c.PURL == "" || err != nil {
			continue
		}
		p.Qualifiers, p.Subpath = nil, ""
		if exact == "" {
			exact = p.ToString()
		}
		p.Version = ""
		names = append(names, p.ToString())
	}
	return sortedUnique(names), exact
}

// soupIDs gives ids to groups.
type soupIDs struct {
	taken map[string]bool
	last  map[string]int // numbers that were given, by the id before them
}

// of is an id for a group that is not taken: soup- and its name, shortened.
func (s soupIDs) of(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	id := "soup-" + strings.Join(words, "-")
	if len(words) == 0 {
		id = "soup-item"
	}
	if len(id) > maxID {
		id = id[:maxID-7] + fmt.Sprintf("-%x", sha256.Sum256([]byte(name)))[:7]
	}
	free := id
	for n := max(2, s.last[id]+1); s.taken[free]; n++ {
		more := fmt.Sprintf("-%d", n)
		free = id[:min(len(id), maxID-len(more))] + more
		s.last[id] = n
	}
	s.taken[free] = true
	return free
}
