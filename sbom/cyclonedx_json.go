package sbom

import (
	"cmp"
	"strings"
)

// topCyclone reads a member of a CycloneDX document.
func (b *jsonBOM) topCyclone(name []byte) bool {
	switch string(name) {
	case "serialNumber":
		return b.str(&b.bom.Serial, "serialNumber")
	case "metadata":
		return b.record("metadata", b.metadata)
	case "components":
		b.isCyclone()
		return b.list("components", func() { b.component(-1) })
	case "services":
		b.isCyclone()
		return b.list("services", func() { b.service(-1) })
	case "dependencies":
		return b.list("dependencies", b.dependency)
	case "compositions":
		return b.list("compositions", b.composition)
	}
	return false
}

func (b *jsonBOM) isCyclone() { b.cyclone, b.refLabel = true, "bom-ref" }

// metadata reads a member of what is said about the document.
func (b *jsonBOM) metadata(name []byte) bool {
	bom := b.bom
	switch string(name) {
	case "timestamp":
		return b.str(&bom.Created, "timestamp")
	case "authors":
		return b.few("authors", func() {
			if p := b.party("author"); p.name != "" || len(p.contacts) > 0 {
				bom.Authors = append(bom.Authors, p.author())
			}
		})
	case "manufacturer": // of the list, since 1.6
		if p := b.party("manufacturer"); p.author() != "" {
			bom.Authors = append(bom.Authors, p.author())
		}
	case "manufacture": // of the product, until 1.5
		b.product.made = b.party("manufacture")
	case "supplier":
		b.product.supplied = b.party("supplier")
	case "tools":
		b.tools()
	case "component":
		b.isCyclone()
		b.subject()
	case "properties", "licenses", "lifecycles", "distributionConstraints":
		return false
	default:
		return b.strange("metadata", name)
	}
	return true
}

func (b *jsonBOM) tools() {
	tool := func() {
		var vendor, name, version string
		b.record("tool", func(member []byte) bool {
			switch string(member) {
			case "vendor", "group", "publisher":
				return b.str(&vendor, "vendor")
			case "name":
				return b.str(&name, "name")
			case "version":
				return b.str(&version, "version")
			}
			return false
		})
		if text := strings.TrimSpace(name + " " + version); text != "" {
			b.bom.Tools = append(b.bom.Tools, text)
		} else if vendor != "" {
			b.bom.Tools = append(b.bom.Tools, vendor)
		}
	}
	if b.peek() == '[' {
		b.few("tools", tool)
		return
	}
	b.record("tools", func(name []byte) bool { // since 1.5
		switch string(name) {
		case "components", "services":
			return b.few("tools", tool)
		}
		return false
	})
}

// subject reads what the list is of. What stands inside of it are components of the list.
func (b *jsonBOM) subject() {
	if b.peek() != '{' {
		b.record("metadata.component", nil)
		return
	}
	c := Component{Line: b.line, Parent: -1}
	b.object(func(name []byte) bool { return b.field(&c, -1, name) })
	b.define(c.Ref, c.Line, isComponent)
	b.bom.Subject = &c
}

// component reads a component and those inside of it.
func (b *jsonBOM) component(parent int) {
	if b.peek() != '{' {
		b.wrong("a component", "an object")
		return
	}
	index, room := b.open()
	if !room {
		b.skip()
		return
	}
	c := Component{Line: b.line, Parent: parent}
	b.object(func(name []byte) bool { return b.field(&c, index, name) })
	b.keep(index, &c)
}

// field reads a member of the component that stands at an index.
func (b *jsonBOM) field(c *Component, index int, name []byte) bool {
	switch string(name) {
	case "bom-ref":
		return b.str(&c.Ref, "bom-ref")
	case "type":
		return b.word(&c.Type, "type")
	case "group":
		return b.word(&c.Group, "group")
	case "name":
		return b.str(&c.Name, "name")
	case "version":
		return b.str(&c.Version, "version")
	case "purl":
		if text, ok := b.bytes("purl"); ok && string(text) == c.Ref {
			c.PURL = c.Ref
		} else if ok {
			c.PURL = string(text)
		}
	case "cpe":
		var cpe string
		if b.str(&cpe, "cpe"); cpe != "" {
			c.CPEs = append(c.CPEs, cpe)
		}
	case "scope":
		return b.word(&c.Scope, "scope")
	case "description":
		return b.str(&c.Description, "description")
	case "copyright":
		return b.str(&c.Copyright, "copyright")
	case "licenses":
		return b.licences(c)
	case "hashes":
		return b.hashes(&c.Hashes)
	case "externalReferences":
		return b.links(c)
	case "properties":
		return b.properties(c)
	case "components":
		return b.list("components", func() { b.component(index) })
	case "pedigree":
		c.Patched = b.peek() == '{' || c.Patched
		return false
	default:
		return b.fieldWho(c, name)
	}
	return true
}

// fieldWho reads a member that says who stands behind a component.
func (b *jsonBOM) fieldWho(c *Component, name []byte) bool {
	switch string(name) {
	case "supplier":
		p := b.party("supplier")
		c.Supplier, c.Contact = cmp.Or(p.name, c.Supplier), cmp.Or(c.Contact, p.address())
	case "publisher":
		var publisher string
		b.word(&publisher, "publisher")
		c.Supplier = cmp.Or(c.Supplier, publisher)
	case "manufacturer":
		p := b.party("manufacturer")
		c.Manufacturer, c.Contact = cmp.Or(p.name, c.Manufacturer), cmp.Or(p.address(), c.Contact)
	case "author":
		return b.word(&c.Author, "author")
	case "authors":
		return b.few("authors", func() {
			p := b.party("author")
			c.Author, c.Contact = joined(c.Author, p.name), cmp.Or(c.Contact, p.address())
		})
	case "mime-type", "modified", "swid", "omniborId", "swhid", "evidence", "releaseNotes", "modelCard", "data",
		"cryptoProperties", "tags", "signature", "isExternal", "versionRange", "patentAssertions":
		return false
	default:
		return b.strange("a component", name)
	}
	return true
}

func joined(list, text string) string {
	if list == "" || text == "" {
		return list + text
	}
	return list + ", " + text
}

// party is a person or an organisation.
type party struct {
	name     string
	contacts []string
}

func (p party) author() string { return addressed(p.name, p.address()) }

// address is the first address; "" where there is none.
func (p party) address() string {
	if len(p.contacts) == 0 {
		return ""
	}
	return p.contacts[0]
}

func (p *party) reach(address string) {
	if address = strings.TrimSpace(address); address != "" {
		p.contacts = append(p.contacts, address)
	}
}

func (b *jsonBOM) party(what string) (p party) {
	if b.peek() == '"' { // the form of "author" in the place of "authors"
		b.problem(b.line, "%s is a text, not an object; it is read as the name", what)
		b.word(&p.name, what)
		return p
	}
	var mails party // of its people; its own pages come first
	b.record(what, func(name []byte) bool {
		switch string(name) {
		case "name":
			return b.word(&p.name, "name")
		case "email":
			var mail string
			b.word(&mail, "email")
			p.reach(mail)
		case "url":
			if b.peek() == '"' {
				var url string
				b.word(&url, "url")
				p.reach(url)
				return true
			}
			return b.texts("url", func(url []byte) { p.reach(b.reading.word(url)) })
		case "contact":
			return b.few("contact", func() { mails.contacts = append(mails.contacts, b.party("contact").contacts...) })
		default:
			return false
		}
		return true
	})
	p.contacts = append(p.contacts, mails.contacts...)
	return p
}

func (b *jsonBOM) licences(c *Component) bool {
	return b.few("licenses", func() {
		var expression, id, name, said string
		b.record("a licence", func(member []byte) bool {
			switch string(member) {
			case "expression":
				return b.word(&expression, "expression")
			case "acknowledgement":
				return b.word(&said, "acknowledgement")
			case "license":
				return b.record("license", func(member []byte) bool {
					switch string(member) {
					case "id":
						return b.word(&id, "id")
					case "name":
						return b.word(&name, "name")
					case "acknowledgement":
						return b.word(&said, "acknowledgement")
					}
					return false
				})
			}
			return false
		})
		c.license(cmp.Or(expression, id, name), said)
	})
}

// license adds a licence, of which the file says whether it is declared or concluded.
func (c *Component) license(text, said string) {
	switch {
	case text == "":
	case said == "declared":
		c.Declared = append(c.Declared, text)
	default:
		c.Licences = append(c.Licences, text)
	}
}

func (b *jsonBOM) hashes(to *[]Hash) bool {
	return b.few("hashes", func() {
		var h Hash
		b.record("a hash", func(name []byte) bool {
			switch string(name) {
			case "alg":
				return b.word(&h.Algorithm, "alg")
			case "content":
				return b.str(&h.Value, "content")
			}
			return false
		})
		if h.Value != "" {
			*to = append(*to, h)
		}
	})
}

func (b *jsonBOM) links(c *Component) bool {
	return b.few("externalReferences", func() {
		var l Link
		b.record("an external reference", func(name []byte) bool {
			switch string(name) {
			case "type":
				return b.word(&l.Kind, "type")
			case "url":
				return b.str(&l.URL, "url")
			case "hashes":
				return b.hashes(&l.Hashes)
			}
			return false
		})
		if l.URL != "" {
			c.Links = append(c.Links, l)
		}
	})
}

func (b *jsonBOM) properties(c *Component) bool {
	return b.few("properties", func() {
		var p Property
		b.record("a property", func(name []byte) bool {
			switch string(name) {
			case "name":
				return b.word(&p.Name, "name")
			case "value":
				return b.word(&p.Value, "value")
			}
			return false
		})
		if p.Name != "" {
			c.Properties = append(c.Properties, p)
		}
	})
}

// service reads a service and those inside of it.
func (b *jsonBOM) service(parent int) {
	if b.peek() != '{' {
		b.wrong("a service", "an object")
		return
	}
	index, room := b.open()
	if !room {
		b.skip()
		return
	}
	c := Component{Type: "service", Line: b.line, Parent: parent}
	b.object(func(name []byte) bool {
		switch string(name) {
		case "services":
			return b.list("services", func() { b.service(index) })
		case "provider":
			p := b.party("provider")
			c.Supplier, c.Contact = p.name, p.address()
			return true
		case "endpoints":
			return b.texts("endpoints", func(url []byte) { c.Links = append(c.Links, Link{Kind: "endpoint", URL: string(url)}) })
		case "bom-ref", "group", "name", "version", "description", "licenses", "externalReferences", "properties":
			return b.field(&c, index, name)
		}
		return false
	})
	b.keep(index, &c)
}

// dependency reads what one component depends on.
func (b *jsonBOM) dependency() {
	line := b.line
	var ref string
	var on []string
	b.record("a dependency", func(name []byte) bool {
		switch string(name) {
		case "ref":
			return b.str(&ref, "ref")
		case "dependsOn":
			return b.texts("dependsOn", func(text []byte) {
				if len(on) <= b.limits.Dependencies {
					on = append(on, b.refText(text))
				}
			})
		case "provides":
			return false
		}
		return b.strange("a dependency", name)
	})
	b.dependencies(ref, on, line)
}

// composition reads how complete the file is, as a whole or for some components.
func (b *jsonBOM) composition() {
	var aggregate string
	var of []string
	part := false
	b.record("a composition", func(name []byte) bool {
		switch string(name) {
		case "aggregate":
			return b.word(&aggregate, "aggregate")
		case "assemblies", "vulnerabilities":
			part = true
			return false
		case "dependencies":
			part = true
			return b.texts("dependencies", func(text []byte) {
				if len(of) <= b.limits.Components {
					of = append(of, b.refText(text))
				}
			})
		}
		return false
	})
	if !part {
		of = append(of, "")
	}
	b.aggregate(aggregate, of)
}

// aggregate notes how complete the dependencies of components are.
func (r *reading) aggregate(how string, of []string) {
	if how == "" {
		return
	}
	for _, ref := range of {
		put(&r.bom.Aggregates, ref, how)
	}
}

// dependencies notes what the file says about one component.
func (r *reading) dependencies(ref string, on []string, line int) {
	if ref == "" {
		if len(on) > 0 {
			r.lost(line, "dependencies do not say of what they are")
		}
		return
	}
	r.listed(ref, line)
	for _, to := range on {
		r.depends(ref, to, line)
	}
}

// refText is a reference as text, which the graph holds already in most cases.
func (r *reading) refText(b []byte) string {
	if n, ok := r.graph.ids[string(b)]; ok {
		return r.graph.nodes[n].ref
	}
	return string(b)
}
