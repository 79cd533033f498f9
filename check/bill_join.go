package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/model"
	"theriac/sbom"
	"theriac/triage"
)

// claim is a way in which a component of the security file stands for entries.
type claim struct {
	of     *model.Component
	exact  bool   // the package URL of the component, not one of its patterns
	text   string // of a pattern with *
	prefix string // what stands before the first *
}

// claims are all ways, by what they go by.
type claims struct {
	sure      map[string][]claim // package and version, CPE, reference, name and version
	names     map[string][]claim // packages, as triage.Component.Names writes them
	wildcards []claim            // the most specific first
	titles    map[string][]claim // names of what has neither package URL nor CPE
}

// join finds the components that stand for each entry. The most specific claim wins: the
// package URL with its version, a CPE, the reference as id, title and version; then the
// package, or a pattern without *, by the package's own name before that of its source
// package; then the longest pattern; then the title alone of what has no identity. A
// component that has its very version in the list does not stand for other versions by
// its package URL.
func (b *Bill) join(file *model.File) {
	all := claimsOf(file)
	b.owners = make([][]*model.Component, len(b.BOM.Components))
	b.names = make([][]string, len(b.BOM.Components))
	var rest []int
	for _, i := range b.Entries() {
		b.names[i] = triage.OfBOM(&b.BOM.Components[i]).Names()
		if !b.take(i, all.surely(&b.BOM.Components[i])) {
			rest = append(rest, i)
		}
	}
	settled := map[*model.Component]bool{}
	for c := range b.parts {
		settled[c] = true
	}
	for _, i := range rest {
		all.loosely(&b.BOM.Components[i], b.names[i], func(found []claim, own bool) bool {
			return b.take(i, slices.DeleteFunc(slices.Clone(found), func(c claim) bool { return own && c.exact && settled[c.of] }))
		})
	}
	for _, list := range b.parts {
		slices.Sort(list)
	}
}

// take gives an entry to components, and reports whether there are any.
func (b *Bill) take(i int, found []claim) bool {
	for _, c := range found {
		if !slices.Contains(b.owners[i], c.of) {
			b.owners[i] = append(b.owners[i], c.of)
			b.parts[c.of] = append(b.parts[c.of], i)
			if !strings.Contains(c.text, "*") {
				b.named[c.of] = append(b.named[c.of], i)
			}
		}
	}
	return len(found) > 0
}

// isSoftware tells whether a component is a program or holds one that could be listed.
func isSoftware(c *model.Component) bool { return c.Type != "hardware" && c.Type != "device" }

func claimsOf(file *model.File) *claims {
	all := &claims{sure: map[string][]claim{}, names: map[string][]claim{}, titles: map[string][]claim{}}
	note := func(to map[string][]claim, key string, c claim) { to[key] = append(to[key], c) }
	for _, m := range file.Components {
		if !isSoftware(m) {
			continue
		}
		sure := claim{of: m, exact: true}
		if name, version := packageOf(m.PURL); name != "" {
			note(all.names, name, sure)
			if version = cmp.Or(version, m.Version); version != "" {
				note(all.sure, "package "+name+" "+version, sure)
			}
		}
		if m.CPE != "" {
			note(all.sure, "cpe "+strings.ToLower(m.CPE), sure)
		}
		note(all.sure, "ref "+m.ID, sure)
		if m.Title != "" && m.Version != "" {
			note(all.sure, "name "+strings.ToLower(m.Title)+" "+m.Version, sure)
		}
		for _, key := range []string{strings.ToLower(m.Title), m.ID} {
			if key != "" {
				note(all.titles, key, sure)
			}
		}
		for _, p := range m.Packages {
			if c := patternOf(m, p); strings.Contains(c.text, "*") {
				all.wildcards = append(all.wildcards, c)
			} else if c.text != "" {
				note(all.names, c.text, c)
			}
		}
	}
	slices.SortStableFunc(all.wildcards, func(a, b claim) int { return cmp.Compare(literal(b.text), literal(a.text)) })
	return all
}

// literal is how many characters of a pattern are not *.
func literal(pattern string) int { return len(pattern) - strings.Count(pattern, "*") }

// patternOf is a pattern as names are compared, without a version.
func patternOf(m *model.Component, pattern string) claim {
	names := (triage.Component{Name: pattern}).Names()
	if len(names) == 0 {
		return claim{of: m}
	}
	text := names[0]
	if at := strings.LastIndexByte(text, '@'); at > strings.LastIndexByte(text, '/')+1 && strings.HasPrefix(text, "pkg:") {
		text = text[:at]
	}
	prefix, _, _ := strings.Cut(text, "*")
	return claim{of: m, text: text, prefix: prefix}
}

// packageOf is the name of the package in a package URL, as it is compared, and its version.
func packageOf(purl string) (name, version string) {
	names := (triage.Component{PURL: purl}).Names()
	if len(names) == 0 {
		return "", ""
	}
	if p, err := packageurl.FromString(purl); err == nil {
		return names[0], p.Version
	}
	purl, _, _ = strings.Cut(purl, "#")
	purl, _, _ = strings.Cut(purl, "?")
	if at := strings.LastIndexByte(purl, '@'); at > strings.LastIndexByte(purl, '/') {
		version = purl[at+1:]
	}
	return names[0], version
}

// surely finds who names an entry with its version.
func (all *claims) surely(c *sbom.Component) []claim {
	var keys []string
	if name, version := packageOf(c.PURL); name != "" {
		keys = append(keys, "package "+name+" "+cmp.Or(version, c.Version))
	}
	for _, cpe := range c.CPEs {
		keys = append(keys, "cpe "+strings.ToLower(cpe))
	}
	keys = append(keys, "ref "+c.Ref, "name "+strings.ToLower(c.Title())+" "+c.Version, "name "+strings.ToLower(c.Name)+" "+c.Version)
	for _, key := range keys {
		if found := all.sure[key]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// loosely offers those that name the package of an entry, the most specific first, until
// some are taken; own says that they name the package itself and not its source.
func (all *claims) loosely(c *sbom.Component, names []string, take func(found []claim, own bool) bool) {
	as := triage.OfBOM(c)
	for i, name := range names {
		if take(all.names[name], i == 0) {
			return
		}
	}
	for i, w := range all.wildcards {
		if i > 0 && all.wildcards[i-1].text == w.text || !w.means(names, as) {
			continue
		}
		same := 1
		for i+same < len(all.wildcards) && all.wildcards[i+same].text == w.text {
			same++
		}
		if take(all.wildcards[i:i+same], true) {
			return
		}
	}
	if c.PURL == "" && len(c.CPEs) == 0 {
		_ = take(all.titles[strings.ToLower(c.Title())], true) || take(all.titles[strings.ToLower(c.Name)], true)
	}
}

// means tells whether a pattern with * means an entry that goes by some names.
func (c claim) means(names []string, as triage.Component) bool {
	return slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, c.prefix) }) && triage.Matches(c.text, as)
}

// Idle are the patterns of a component that mean no entry, by their place in the list of
// patterns.
func (b *Bill) Idle(m *model.Component) []int {
	var idle []int
	for at, pattern := range m.Packages {
		p := patternOf(m, pattern)
		if !slices.ContainsFunc(b.Entries(), func(i int) bool { return p.means(b.names[i], triage.OfBOM(&b.BOM.Components[i])) }) {
			idle = append(idle, at)
		}
	}
	return idle
}
