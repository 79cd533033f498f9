package sbom

// topSPDX reads a member of an SPDX 2 document.
func (b *jsonBOM) topSPDX(name []byte) bool {
	bom := b.bom
	switch string(name) {
	case "name":
		return b.str(&bom.Name, "name")
	case "documentNamespace":
		return b.str(&bom.Serial, "documentNamespace")
	case "creationInfo":
		return b.record("creationInfo", func(name []byte) bool {
			switch string(name) {
			case "created":
				return b.str(&bom.Created, "created")
			case "creators":
				return b.texts("creators", func(text []byte) { b.creator(string(text)) })
			}
			return false
		})
	case "documentDescribes":
		line := b.line
		return b.texts("documentDescribes", func(text []byte) {
			b.described = append(b.described, described{string(text), line})
		})
	case "packages":
		b.spdx, b.refLabel = true, "SPDXID"
		return b.list("packages", b.pkg)
	case "files", "snippets", "hasExtractedLicensingInfos", "externalDocumentRefs":
		files := string(name) == "files"
		return b.list("files", func() { b.otherElement(files) })
	case "relationships":
		return b.list("relationships", b.relationship)
	case "SPDXID", "dataLicense", "comment", "annotations", "revieweds", "$schema", "version", "externalReferences",
		"properties", "compositions", "vulnerabilities", "annotation", "formulation", "declarations", "definitions",
		"citations", "patents", "signature", "_type", "subject", "predicateType":
		return false
	}
	return b.strange("the document", name)
}

// otherElement notes the reference of a file, a snippet or a licence.
func (b *jsonBOM) otherElement(file bool) {
	if file {
		b.files++
	}
	line := b.line
	var ref string
	b.record("a file", func(name []byte) bool {
		switch string(name) {
		case "SPDXID", "licenseId", "externalDocumentId":
			return b.str(&ref, "SPDXID")
		}
		return false
	})
	b.define(ref, line, isOther)
}

// pkg reads a package.
func (b *jsonBOM) pkg() {
	if b.peek() != '{' {
		b.wrong("a package", "an object")
		return
	}
	index, room := b.open()
	if !room {
		b.skip()
		return
	}
	p := spdxPackage{Component: Component{Line: b.line, Parent: -1}}
	b.object(func(name []byte) bool { return b.pkgField(&p, name) })
	b.keep(index, p.component())
}

func (b *jsonBOM) pkgField(p *spdxPackage, name []byte) bool {
	switch string(name) {
	case "SPDXID":
		return b.str(&p.Ref, "SPDXID")
	case "name":
		return b.str(&p.Name, "name")
	case "versionInfo":
		return b.str(&p.Version, "versionInfo")
	case "supplier", "originator":
		supplier := string(name) == "supplier"
		var text string
		b.word(&text, "supplier")
		if supplier {
			p.supplied(text)
		} else {
			p.made(text)
		}
	case "downloadLocation":
		return b.word(&p.download, "downloadLocation")
	case "homepage":
		return b.word(&p.home, "homepage")
	case "licenseConcluded":
		return b.word(&p.concluded, "licenseConcluded")
	case "licenseDeclared":
		return b.word(&p.declared, "licenseDeclared")
	case "copyrightText":
		return b.word(&p.Copyright, "copyrightText")
	case "description":
		return b.str(&p.description, "description")
	case "summary":
		return b.str(&p.summary, "summary")
	case "primaryPackagePurpose":
		b.word(&p.Type, "primaryPackagePurpose")
		p.Type = purpose(p.Type)
	case "checksums":
		return b.few("checksums", func() { b.checksum(p) })
	case "externalRefs":
		return b.few("externalRefs", func() { b.externalRef(p) })
	case "filesAnalyzed", "packageFileName", "packageVerificationCode", "sourceInfo", "licenseComments", "licenseInfoFromFiles",
		"comment", "annotations", "attributionTexts", "hasFiles", "builtDate", "releaseDate", "validUntilDate":
		return false
	default:
		return b.strange("a package", name)
	}
	return true
}

func (b *jsonBOM) checksum(p *spdxPackage) {
	var h Hash
	b.record("a checksum", func(name []byte) bool {
		switch string(name) {
		case "algorithm":
			return b.word(&h.Algorithm, "algorithm")
		case "checksumValue":
			return b.str(&h.Value, "checksumValue")
		}
		return false
	})
	if h.Value != "" {
		p.Hashes = append(p.Hashes, Hash{hashName(h.Algorithm), h.Value})
	}
}

func (b *jsonBOM) externalRef(p *spdxPackage) {
	line := b.line
	var kind, locator string
	b.record("an external reference", func(name []byte) bool {
		switch string(name) {
		case "referenceType":
			return b.word(&kind, "referenceType")
		case "referenceLocator":
			return b.str(&locator, "referenceLocator")
		}
		return false
	})
	b.refer(p, kind, locator, line)
}

func (b *jsonBOM) relationship() {
	line := b.line
	var from, kind, to string
	b.record("a relationship", func(name []byte) bool {
		switch string(name) {
		case "spdxElementId":
			return b.ref(&from)
		case "relatedSpdxElement":
			return b.ref(&to)
		case "relationshipType":
			return b.word(&kind, "relationshipType")
		}
		return false
	})
	if from == "" || kind == "" || to == "" {
		b.lost(line, "a relationship does not say what it joins")
		return
	}
	b.relate(from, kind, to, line)
}

// ref reads a reference to another element.
func (b *jsonBOM) ref(to *string) bool {
	if text, ok := b.bytes("a reference"); ok {
		*to = b.refText(text)
	}
	return true
}
