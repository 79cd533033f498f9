package sbom

import (
	"cmp"
	"strconv"
	"strings"
)

// spdx3State is what has to be kept until the last element of SPDX 3 was read, because
// elements name each other in any order.
type spdx3State struct {
	agents              map[string]party
	tools               map[string]string
	licences            map[string]string
	concluded, declared map[string]string // licence by package
	people              []pending         // of packages
	info                []string          // creators of the document
	using               []string          // tools that made it
	inside              bool              // of an element
	nameless            int               // elements inside of others that have no id
}

// pending is a link from a component to an element that may come later.
type pending struct {
	component int32
	kind      pendingKind
	ref       string
}

type pendingKind uint8

const (
	pendingSupplier pendingKind = iota
	pendingMaker
)

// element3 is an element of SPDX 3 while it is read.
type element3 struct {
	spdxPackage
	reach              party // addresses of a person
	kind               string
	version            string // of the specification
	relation           string
	from               string
	to                 []string
	suppliers, makers  []string
	creators, creating []string
	created            string
	completeness       string // of a relationship
	licence            string
	roots              []string
}

// element reads an element of the graph.
func (b *jsonBOM) element() { b.element3("an element") }

// element3 reads an element, which may stand inside of another one, and returns its id.
func (b *jsonBOM) element3(what string) string {
	if b.peek() != '{' {
		b.wrong(what, "an object")
		return ""
	}
	e := element3{spdxPackage: spdxPackage{Component: Component{Line: b.line, Parent: -1}}}
	inside := b.spdx3.inside
	b.spdx3.inside = true
	b.object(func(name []byte) bool { return b.elementField(&e, name) })
	b.spdx3.inside = inside
	if inside && e.Ref == "" {
		b.spdx3.nameless++
		e.Ref = "_:in " + strconv.Itoa(b.spdx3.nameless) // of ours, for what has no id
	}
	b.place(&e)
	return e.Ref
}

// elementField reads a member. Profiles stand before the name of a member since 3.0;
// what is written without is meant as well.
func (b *jsonBOM) elementField(e *element3, name []byte) bool {
	plain := name
	for _, profile := range []string{"software_", "simplelicensing_"} {
		if len(name) > len(profile) && string(name[:len(profile)]) == profile {
			plain = name[len(profile):]
		}
	}
	switch string(plain) {
	case "type", "@type":
		return b.word(&e.kind, "type")
	case "spdxId", "@id":
		return b.str(&e.Ref, "spdxId")
	case "name":
		return b.str(&e.Name, "name")
	case "specVersion":
		return b.word(&e.version, "specVersion")
	case "created":
		return b.str(&e.created, "created")
	case "createdBy":
		return b.refs3(&e.creators, "createdBy")
	case "createdUsing":
		return b.refs3(&e.creating, "createdUsing")
	case "suppliedBy":
		return b.refs3(&e.suppliers, "suppliedBy")
	case "originatedBy":
		return b.refs3(&e.makers, "originatedBy")
	case "relationshipType":
		return b.word(&e.relation, "relationshipType")
	case "from":
		return b.ref(&e.from)
	case "to":
		return b.refs3(&e.to, "to")
	case "completeness":
		return b.word(&e.completeness, "completeness")
	case "rootElement":
		return b.refs3(&e.roots, "rootElement")
	case "licenseExpression":
		return b.word(&e.licence, "licenseExpression")
	}
	return b.softwareField(e, plain)
}

// softwareField reads a member of a package.
func (b *jsonBOM) softwareField(e *element3, name []byte) bool {
	switch string(name) {
	case "packageVersion":
		return b.str(&e.Version, "packageVersion")
	case "packageUrl":
		var purl string
		b.str(&purl, "packageUrl")
		b.refer(&e.spdxPackage, "purl", purl, b.line)
	case "primaryPurpose":
		b.word(&e.Type, "primaryPurpose")
		e.Type = spdx3Purpose(e.Type)
	case "downloadLocation":
		return b.word(&e.download, "downloadLocation")
	case "homePage":
		return b.word(&e.home, "homePage")
	case "copyrightText":
		return b.word(&e.Copyright, "copyrightText")
	case "description":
		return b.str(&e.description, "description")
	case "summary":
		return b.str(&e.summary, "summary")
	case "verifiedUsing":
		return b.few("verifiedUsing", func() { b.hash3(&e.spdxPackage) })
	case "externalIdentifiers": // as some writers call it
		if b.first("externalIdentifiers") {
			b.problem(b.line, "externalIdentifiers is not the name that SPDX 3 has, externalIdentifier; it is read as meant")
		}
		return b.few("externalIdentifier", func() { b.identifier3(e) })
	case "externalIdentifier":
		return b.few("externalIdentifier", func() { b.identifier3(e) })
	case "externalRef":
		return b.few("externalRef", func() { b.link3(e) })
	default:
		return false
	}
	return true
}

// refs3 reads references, one or a list; an element may stand in the place of one.
func (b *jsonBOM) refs3(to *[]string, what string) bool {
	one := func() {
		var ref string
		if b.peek() == '{' {
			if ref = b.element3(what); ref == "" {
				return
			}
		} else {
			b.ref(&ref)
		}
		if ref != "" && len(*to) < b.limits.Dependencies {
			*to = append(*to, ref)
		}
	}
	if b.peek() == '[' {
		b.array(one)
	} else {
		one()
	}
	return true
}

func (b *jsonBOM) hash3(p *spdxPackage) {
	var h Hash
	b.record("a hash", func(name []byte) bool {
		switch string(name) {
		case "algorithm":
			return b.word(&h.Algorithm, "algorithm")
		case "hashValue":
			return b.str(&h.Value, "hashValue")
		}
		return false
	})
	if h.Value != "" {
		p.Hashes = append(p.Hashes, Hash{hashName(h.Algorithm), h.Value})
	}
}

func (b *jsonBOM) identifier3(e *element3) {
	line := b.line
	var kind, text string
	b.record("an external identifier", func(name []byte) bool {
		switch string(name) {
		case "externalIdentifierType":
			return b.word(&kind, "externalIdentifierType")
		case "identifier":
			return b.str(&text, "identifier")
		}
		return false
	})
	switch kind {
	case "packageUrl", "purl":
		b.refer(&e.spdxPackage, "purl", text, line)
	case "cpe22", "cpe23":
		b.refer(&e.spdxPackage, kind+"Type", text, line)
	case "email", "urlScheme":
		e.reach.reach(text)
	default:
		b.refer(&e.spdxPackage, kind, text, line)
	}
}

func (b *jsonBOM) link3(e *element3) {
	var kind string
	var locators []string
	b.record("an external reference", func(name []byte) bool {
		switch string(name) {
		case "externalRefType":
			return b.word(&kind, "externalRefType")
		case "locator":
			if b.peek() == '"' {
				var one string
				b.str(&one, "locator")
				locators = append(locators, one)
				return true
			}
			return b.texts("locator", func(text []byte) { locators = append(locators, string(text)) })
		}
		return false
	})
	for _, url := range locators {
		e.Links = append(e.Links, Link{Kind: kind, URL: url})
	}
}

// spdx3Purpose writes a purpose as CycloneDX writes types: operatingSystem is
// operating-system.
func spdx3Purpose(text string) string {
	var out strings.Builder
	for _, c := range text {
		if c >= 'A' && c <= 'Z' {
			out.WriteByte('-')
			c += 'a' - 'A'
		}
		out.WriteRune(c)
	}
	return out.String()
}

// place puts an element where it belongs.
func (b *jsonBOM) place(e *element3) {
	s := &b.spdx3
	switch kind := strings.TrimPrefix(e.kind, "software_"); kind {
	case "Package", "ai_AIPackage", "dataset_DatasetPackage":
		b.package3(e)
		return
	case "File":
		b.files++
	case "SpdxDocument":
		b.bom.Name, b.bom.Serial = cmp.Or(b.bom.Name, e.Name), cmp.Or(b.bom.Serial, e.Ref)
		b.describe(e.roots, e.Line)
	case "Sbom", "Bom":
		b.describe(e.roots, e.Line)
	case "CreationInfo":
		b.bom.Version = cmp.Or(b.bom.Version, e.version)
		b.bom.Created = cmp.Or(b.bom.Created, e.created)
		if s.info == nil && s.using == nil {
			s.info, s.using = e.creators, e.creating
		}
	case "Tool":
		put(&s.tools, e.Ref, e.Name)
	case "Person", "Organization", "Agent", "SoftwareAgent":
		put(&s.agents, e.Ref, party{asserted(e.Name), e.reach.contacts})
	case "Relationship", "LifecycleScopedRelationship":
		b.relationship3(e)
	case "":
		b.lost(e.Line, "an element has no type")
	}
	if e.licence != "" {
		put(&s.licences, e.Ref, e.licence)
	}
	b.define(e.Ref, e.Line, isOther)
}

func put[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = value
}

func (b *jsonBOM) package3(e *element3) {
	index, room := b.open()
	if !room {
		return
	}
	for _, ref := range e.suppliers {
		b.spdx3.people = append(b.spdx3.people, pending{int32(index), pendingSupplier, ref})
	}
	for _, ref := range e.makers {
		b.spdx3.people = append(b.spdx3.people, pending{int32(index), pendingMaker, ref})
	}
	b.keep(index, e.component())
}

func (b *jsonBOM) describe(refs []string, line int) {
	for _, ref := range refs {
		b.described = append(b.described, described{ref, line})
	}
}

// relationship3 takes a relationship (SPDX 3.0.1, Core, RelationshipType).
func (b *jsonBOM) relationship3(e *element3) {
	if e.from == "" || e.relation == "" {
		b.lost(e.Line, "a relationship does not say what it joins")
		return
	}
	for _, to := range e.to {
		switch e.relation {
		case "describes":
			b.described = append(b.described, described{to, e.Line})
		case "dependsOn", "contains", "hasStaticLink", "hasDynamicLink", "hasPrerequisite", "hasOptionalDependency", "hasProvidedDependency":
			b.depends(e.from, to, e.Line)
		case "patchedBy":
			b.patch(e.from)
		case "hasConcludedLicense":
			put(&b.spdx3.concluded, e.from, to)
		case "hasDeclaredLicense":
			put(&b.spdx3.declared, e.from, to)
		}
	}
	if e.relation == "dependsOn" {
		if b.room(e.from) {
			b.graph.nodes[b.graph.id(e.from)].listed = true
		}
		if e.completeness == "complete" || e.completeness == "incomplete" {
			b.aggregate(e.completeness, []string{e.from})
		}
	}
}

// settle joins what was read apart.
func (b *jsonBOM) settle() {
	s := &b.spdx3
	for _, ref := range s.info {
		if p, ok := s.agents[ref]; ok && p.author() != "" {
			b.bom.Authors = append(b.bom.Authors, p.author())
		}
	}
	for _, ref := range s.using {
		if tool := s.tools[ref]; tool != "" {
			b.bom.Tools = append(b.bom.Tools, tool)
		}
	}
	for _, p := range s.people {
		if int(p.component) >= len(b.bom.Components) { // it was left out
			continue
		}
		c, who := &b.bom.Components[p.component], s.agents[p.ref]
		if p.kind == pendingSupplier {
			c.Supplier, c.Contact = joined(c.Supplier, who.name), cmp.Or(c.Contact, who.address())
		} else {
			c.Manufacturer, c.Contact = joined(c.Manufacturer, who.name), cmp.Or(who.address(), c.Contact)
		}
	}
	for i := range b.bom.Components {
		c := &b.bom.Components[i]
		c.license(asserted(b.licenceText(s.concluded[c.Ref])), "concluded")
		c.license(asserted(b.licenceText(s.declared[c.Ref])), "declared")
	}
}

// licenceText is the expression of a licence element; the elements for none and for no
// assertion are individuals of the specification, known by their ends.
func (b *jsonBOM) licenceText(ref string) string {
	if text := b.spdx3.licences[ref]; text != "" {
		return text
	}
	if _, id, ok := strings.Cut(ref, "spdx.org/licenses/"); ok {
		return id
	}
	return ""
}
