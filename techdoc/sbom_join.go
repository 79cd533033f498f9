package techdoc

import (
	"strings"

	"theriac/model"
)

// joinedSoftware is the software of the security file beside that of the bill of
// materials.
type joinedSoftware struct {
	list   *softwareList // nil where there is none that can be read
	why    error
	parts  map[*model.Component]*softwarePart
	unseen []*model.Component // SOUP that the bill of materials does not list
	known  []bool             // of each part: a component of the file is that
	other  []difference
}

// difference is what the two say differently of one component.
type difference struct {
	component           *model.Component
	what, here, instead string
}

// joinSoftware finds the component of the file that each part is: by package URL, by
// the id as reference, by the package without its version, by name and version.
func (b *Book) joinSoftware() *joinedSoftware {
	j := &joinedSoftware{parts: map[*model.Component]*softwarePart{}}
	if j.list, j.why = b.softwareOf(); j.list == nil {
		return j
	}
	index := map[string][]int{}
	note := func(key string, i int) { index[key] = append(index[key], i) }
	for i, p := range j.list.parts {
		whole, base := samePackage(p.purl)
		if whole != "" {
			note("whole "+whole, i)
			note("base "+base, i)
		}
		if p.ref != "" {
			note("ref "+p.ref, i)
		}
		note("name "+strings.ToLower(p.name)+" "+p.version, i)
	}
	j.known = make([]bool, len(j.list.parts))
	// Exact matches come first, so that none is taken by a looser one.
	for _, keys := range []func(*model.Component) string{wholeKey, refKey, nameKey, baseKey} {
		for _, c := range b.File.Components {
			if key := keys(c); key != "" && isSoftware(c) && j.parts[c] == nil {
				j.take(c, index[key])
			}
		}
	}
	if j.list.why == "" {
		j.compare(b.File.Components)
	}
	return j
}

func wholeKey(c *model.Component) string {
	if whole, _ := samePackage(c.PURL); whole != "" {
		return "whole " + whole
	}
	return ""
}

func refKey(c *model.Component) string { return "ref " + c.ID }

func nameKey(c *model.Component) string {
	if c.Version == "" || c.Title == "" {
		return ""
	}
	return "name " + strings.ToLower(c.Title) + " " + c.Version
}

func baseKey(c *model.Component) string {
	if _, base := samePackage(c.PURL); base != "" {
		return "base " + base
	}
	return ""
}

// take joins a component with parts that nothing else is. A part that is listed twice
// is known twice.
func (j *joinedSoftware) take(c *model.Component, at []int) {
	for _, i := range at {
		if j.known[i] {
			continue
		}
		p := &j.list.parts[i]
		if have := j.parts[c]; have == nil {
			j.parts[c], j.known[i] = p, true
		} else if have.version == p.version {
			j.known[i] = true
		}
	}
}

// compare notes what the two do not say alike.
func (j *joinedSoftware) compare(components []*model.Component) {
	for _, c := range components {
		p := j.parts[c]
		switch {
		case p == nil && c.Type == "soup":
			j.unseen = append(j.unseen, c)
		case p == nil:
		default:
			if p.version != c.Version {
				j.other = append(j.other, difference{c, "version", c.Version, p.version})
			}
			here, _ := samePackage(c.PURL)
			there, _ := samePackage(p.purl)
			if here != there && here != "" && p.version == c.Version {
				j.other = append(j.other, difference{c, "package URL", c.PURL, p.purl})
			}
		}
	}
}

// unknown lists the parts that no component of the file is.
func (j *joinedSoftware) unknown() (parts []softwarePart) {
	for i, known := range j.known {
		if !known {
			parts = append(parts, j.list.parts[i])
		}
	}
	return parts
}

// bomWithoutSOUP counts the components of the release's bill of materials that have no
// record in the security file. It is not known where there is no bill of materials that
// can be compared.
func (b *Book) bomWithoutSOUP() (n int, known bool) {
	j := b.joinSoftware()
	if j.list == nil || j.list.why != "" {
		return 0, false
	}
	return len(j.unknown()), true
}

// isSoftware tells whether a component is a program or holds one that could be listed.
func isSoftware(c *model.Component) bool { return c.Type != "hardware" && c.Type != "device" }
