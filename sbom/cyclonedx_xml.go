package sbom

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"strings"
)

const cycloneSpace = "http://cyclonedx.org/schema/bom/"

// xmlBOM reads CycloneDX in XML, token by token. After what is not well-formed it
// goes on with the next tag. There is no document type: a declaration is not read, and
// an entity that it would give is a mistake.
type xmlBOM struct {
	*reading
	in     *xmlSource
	tokens *xml.Decoder
	prefix string   // of the names of CycloneDX
	open   []string // elements that are open, of CycloneDX or not
	line   int      // where the last token begins
	wounds int      // mistakes in the form so far
	ended  bool
}

func (r *reading) readCycloneXML(in *bufio.Reader) error {
	r.refLabel = "bom-ref"
	x := &xmlBOM{reading: r, in: &xmlSource{in: in, line: 1}}
	x.tokens = xml.NewDecoder(x.in)
	root, err := x.root()
	if err != nil {
		return err
	}
	r.bom.Format = "CycloneDX"
	r.bom.Serial = attribute(root, "serialNumber")
	r.known("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
	x.children(x.top)
	return nil
}

// root reads up to the first element.
func (x *xmlBOM) root() (xml.StartElement, error) {
	for {
		x.in.left = x.limits.Text + 4096
		token, err := x.tokens.RawToken()
		if err != nil {
			if strings.Contains(err.Error(), "CharsetReader") {
				return xml.StartElement{}, errEncoding
			}
			return xml.StartElement{}, errNone
		}
		switch token := token.(type) {
		case xml.Directive:
			x.declaration()
		case xml.StartElement:
			x.prefix = token.Name.Space
			for _, a := range token.Attr {
				own := a.Name.Space == "" && a.Name.Local == "xmlns" && x.prefix == "" || a.Name.Space == "xmlns" && a.Name.Local == x.prefix
				if version, ok := strings.CutPrefix(a.Value, cycloneSpace); ok && own {
					x.bom.Version = version
				}
			}
			if token.Name.Local != "bom" || x.bom.Version == "" {
				return token, errNone
			}
			x.open = append(x.open, "bom")
			return token.Copy(), nil
		}
	}
}

// top reads an element of the document.
func (x *xmlBOM) top(e xml.StartElement) {
	switch e.Name.Local {
	case "metadata":
		x.children(x.metadata)
	case "components":
		x.children(func(e xml.StartElement) { x.component(e, -1) })
	case "component": // after a mistake
		x.component(e, -1)
	case "services":
		x.children(func(e xml.StartElement) { x.service(e, -1) })
	case "dependencies":
		x.children(x.dependency)
	case "compositions":
		x.children(x.composition)
	case "dependency": // after a mistake
		x.dependency(e)
	case "externalReferences", "properties", "vulnerabilities", "annotations", "formulation",
		"declarations", "definitions", "citations", "patents", "Signature", "signature":
		x.skip()
	default:
		x.strange("the document", e)
	}
}

// strange tells of an element that the format does not have, once, and skips it.
func (x *xmlBOM) strange(where string, e xml.StartElement) {
	if x.first(where + "\x00" + e.Name.Local) {
		x.problem(x.line, "%s has the element %q, which the format does not know", where, e.Name.Local)
	}
	x.skip()
}

func (x *xmlBOM) metadata(e xml.StartElement) {
	bom := x.bom
	switch e.Name.Local {
	case "timestamp":
		bom.Created = x.text()
	case "authors":
		x.few(func(xml.StartElement) {
			if author := x.party().author(); author != "" {
				bom.Authors = append(bom.Authors, author)
			}
		})
	case "manufacturer":
		if author := x.party().author(); author != "" {
			bom.Authors = append(bom.Authors, author)
		}
	case "manufacture":
		x.product.made = x.party()
	case "supplier":
		x.product.supplied = x.party()
	case "tools":
		x.few(x.tool)
	case "component":
		c := Component{Line: x.line, Parent: -1, Ref: attribute(e, "bom-ref"), Type: attribute(e, "type")}
		x.children(func(e xml.StartElement) { x.field(&c, -1, e) })
		x.define(c.Ref, c.Line, isComponent)
		bom.Subject = &c
	case "properties", "licenses", "lifecycles", "distributionConstraints":
		x.skip()
	default:
		x.strange("metadata", e)
	}
}

// tool reads a tool, or since 1.5 a list of components and services that are.
func (x *xmlBOM) tool(e xml.StartElement) {
	if e.Name.Local == "components" || e.Name.Local == "services" {
		x.few(x.tool)
		return
	}
	var vendor, name, version string
	x.children(func(e xml.StartElement) {
		switch e.Name.Local {
		case "vendor", "group", "publisher":
			vendor = x.text()
		case "name":
			name = x.text()
		case "version":
			version = x.text()
		default:
			x.skip()
		}
	})
	if text := cmp.Or(strings.TrimSpace(name+" "+version), vendor); text != "" {
		x.bom.Tools = append(x.bom.Tools, text)
	}
}

// component reads a component and those inside of it.
func (x *xmlBOM) component(e xml.StartElement, parent int) {
	if e.Name.Local != "component" {
		x.strange("components", e)
		return
	}
	index, room := x.reading.open()
	if !room {
		x.skip()
		return
	}
	c := Component{Line: x.line, Parent: parent, Ref: attribute(e, "bom-ref"), Type: attribute(e, "type")}
	x.children(func(e xml.StartElement) { x.field(&c, index, e) })
	x.keep(index, &c)
}

// field reads an element of the component that stands at an index.
func (x *xmlBOM) field(c *Component, index int, e xml.StartElement) {
	switch e.Name.Local {
	case "group":
		x.single(&c.Group, e)
	case "name":
		x.single(&c.Name, e)
	case "version":
		x.single(&c.Version, e)
	case "purl":
		x.single(&c.PURL, e)
	case "cpe":
		if cpe := x.text(); cpe != "" {
			c.CPEs = append(c.CPEs, cpe)
		}
	case "scope":
		x.single(&c.Scope, e)
	case "description":
		x.single(&c.Description, e)
	case "copyright":
		x.single(&c.Copyright, e)
	case "licenses":
		x.few(func(e xml.StartElement) { x.licence(c, e) })
	case "hashes":
		x.hashes(&c.Hashes)
	case "externalReferences":
		x.few(func(e xml.StartElement) { x.link(c, e) })
	case "properties":
		x.few(func(e xml.StartElement) {
			if p := (Property{attribute(e, "name"), x.text()}); p.Name != "" {
				c.Properties = append(c.Properties, p)
			}
		})
	case "components":
		x.children(func(e xml.StartElement) { x.component(e, index) })
	case "component": // perhaps the end of the one before is missing
		x.problem(x.line, "<component> stands in another one without <components>; it is read as a part of it")
		x.component(e, index)
	case "pedigree":
		c.Patched = true
		x.skip()
	default:
		x.fieldWho(c, e)
	}
}

// single reads a text that stands once. Of two the last one counts, as in JSON.
func (x *xmlBOM) single(to *string, e xml.StartElement) {
	line := x.line
	if text := x.text(); text != "" {
		if *to != "" {
			x.problem(line, "element %q stands twice; the last one counts", e.Name.Local)
		}
		*to = text
	}
}

func (x *xmlBOM) fieldWho(c *Component, e xml.StartElement) {
	switch e.Name.Local {
	case "supplier":
		p := x.party()
		c.Supplier, c.Contact = cmp.Or(p.name, c.Supplier), cmp.Or(c.Contact, p.address())
	case "publisher":
		c.Supplier = cmp.Or(c.Supplier, x.text())
	case "manufacturer":
		p := x.party()
		c.Manufacturer, c.Contact = cmp.Or(p.name, c.Manufacturer), cmp.Or(p.address(), c.Contact)
	case "author":
		c.Author = x.text()
	case "authors":
		x.few(func(xml.StartElement) {
			p := x.party()
			c.Author, c.Contact = joined(c.Author, p.name), cmp.Or(c.Contact, p.address())
		})
	case "mime-type", "modified", "swid", "omniborId", "swhid", "evidence", "releaseNotes", "modelCard", "data",
		"cryptoProperties", "tags", "Signature", "signature", "isExternal", "versionRange", "patentAssertions":
		x.skip()
	default:
		x.strange("a component", e)
	}
}

func (x *xmlBOM) party() (p party) {
	var mails party
	x.children(func(e xml.StartElement) {
		switch e.Name.Local {
		case "name":
			p.name = x.text()
		case "email", "url":
			p.reach(x.text())
		case "contact":
			mails.contacts = append(mails.contacts, x.party().contacts...)
		default:
			x.skip()
		}
	})
	p.contacts = append(p.contacts, mails.contacts...)
	return p
}

func (x *xmlBOM) licence(c *Component, e xml.StartElement) {
	var expression, id, name string
	switch e.Name.Local {
	case "expression":
		expression = x.text()
	case "license":
		x.children(func(e xml.StartElement) {
			switch e.Name.Local {
			case "id":
				id = x.text()
			case "name":
				name = x.text()
			default:
				x.skip()
			}
		})
	default:
		x.skip()
	}
	c.license(cmp.Or(expression, id, name), attribute(e, "acknowledgement"))
}

func (x *xmlBOM) hashes(to *[]Hash) {
	x.few(func(e xml.StartElement) {
		if h := (Hash{attribute(e, "alg"), x.text()}); h.Value != "" {
			*to = append(*to, h)
		}
	})
}

func (x *xmlBOM) link(c *Component, e xml.StartElement) {
	l := Link{Kind: attribute(e, "type")}
	x.children(func(e xml.StartElement) {
		switch e.Name.Local {
		case "url":
			l.URL = x.text()
		case "hashes":
			x.hashes(&l.Hashes)
		default:
			x.skip()
		}
	})
	if l.URL != "" {
		c.Links = append(c.Links, l)
	}
}

// service reads a service and those inside of it.
func (x *xmlBOM) service(e xml.StartElement, parent int) {
	if e.Name.Local != "service" {
		x.strange("services", e)
		return
	}
	index, room := x.reading.open()
	if !room {
		x.skip()
		return
	}
	c := Component{Type: "service", Line: x.line, Parent: parent, Ref: attribute(e, "bom-ref")}
	x.children(func(e xml.StartElement) {
		switch e.Name.Local {
		case "services":
			x.children(func(e xml.StartElement) { x.service(e, index) })
		case "provider":
			p := x.party()
			c.Supplier, c.Contact = p.name, p.address()
		case "endpoints":
			x.few(func(xml.StartElement) {
				if url := x.text(); url != "" {
					c.Links = append(c.Links, Link{Kind: "endpoint", URL: url})
				}
			})
		case "group", "name", "version", "description", "licenses", "externalReferences", "properties":
			x.field(&c, index, e)
		default:
			x.skip()
		}
	})
	x.keep(index, &c)
}

// dependency reads what one component depends on.
func (x *xmlBOM) dependency(e xml.StartElement) {
	line, ref := x.line, attribute(e, "ref")
	var on []string
	x.children(func(e xml.StartElement) {
		if to := attribute(e, "ref"); e.Name.Local == "dependency" && to != "" && len(on) <= x.limits.Dependencies {
			on = append(on, x.refText([]byte(to)))
		}
		x.skip()
	})
	x.dependencies(ref, on, line)
}

// composition reads how complete the file is, as a whole or for some components.
func (x *xmlBOM) composition(xml.StartElement) {
	var aggregate string
	var of []string
	part := false
	x.children(func(e xml.StartElement) {
		switch e.Name.Local {
		case "aggregate":
			aggregate = x.text()
		case "dependencies":
			part = true
			x.children(func(e xml.StartElement) {
				if len(of) <= x.limits.Components {
					of = append(of, x.refText([]byte(attribute(e, "ref"))))
				}
				x.skip()
			})
		default:
			part = part || e.Name.Local == "assemblies" || e.Name.Local == "vulnerabilities"
			x.skip()
		}
	})
	if !part {
		of = append(of, "")
	}
	x.aggregate(aggregate, of)
}
