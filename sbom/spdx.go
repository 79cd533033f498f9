package sbom

import (
	"cmp"
	"strings"
)

const (
	spdxPrefix   = "SPDXRef-"
	spdxDocument = "SPDXRef-DOCUMENT"
)

// spdxPackage is a package of SPDX while it is read.
type spdxPackage struct {
	Component
	concluded, declared  string
	description, summary string
	download, home       string
}

// component is the package as an entry of the list.
func (p *spdxPackage) component() *Component {
	p.license(asserted(p.concluded), "concluded")
	p.license(asserted(p.declared), "declared")
	p.Version = asserted(p.Version)
	p.Copyright = asserted(p.Copyright)
	p.Description = cmp.Or(asserted(p.description), asserted(p.summary))
	if url := asserted(p.download); url != "" {
		kind := "distribution"
		if scheme, _, _ := strings.Cut(url, ":"); strings.HasPrefix(scheme, "git") || strings.HasPrefix(scheme, "hg+") || strings.HasPrefix(scheme, "svn+") || strings.HasPrefix(scheme, "bzr+") {
			kind = "vcs"
		}
		p.Links = append(p.Links, Link{Kind: kind, URL: url})
	}
	if url := asserted(p.home); url != "" {
		p.Links = append(p.Links, Link{Kind: "website", URL: url})
	}
	return &p.Component
}

// asserted is "" for the words with which SPDX says nothing.
func asserted(s string) string {
	if s == "NOASSERTION" || s == "NONE" {
		return ""
	}
	return s
}

// supplied and made take an agent as SPDX 2 writes it.
func (p *spdxPackage) supplied(text string) {
	name, address := agent(text)
	p.Supplier, p.Contact = name, cmp.Or(p.Contact, address)
}

func (p *spdxPackage) made(text string) {
	name, address := agent(text)
	p.Manufacturer, p.Contact = name, cmp.Or(address, p.Contact)
}

// agent splits "Organization: Name (address)" (SPDX 2.3, 7.5).
func agent(text string) (name, address string) {
	text = asserted(strings.TrimSpace(text))
	for _, kind := range []string{"Organization:", "Person:", "Tool:"} {
		if rest, ok := strings.CutPrefix(text, kind); ok {
			text = strings.TrimSpace(rest)
			break
		}
	}
	if i := strings.LastIndexByte(text, '('); i >= 0 && strings.HasSuffix(text, ")") {
		inside := strings.TrimSpace(text[i+1 : len(text)-1])
		if inside == "" || strings.Contains(inside, "@") || strings.Contains(inside, "://") {
			return strings.TrimSpace(text[:i]), inside
		}
	}
	return asserted(text), ""
}

// creator notes who made the document, a person or a tool.
func (r *reading) creator(text string) {
	text = strings.TrimSpace(text)
	if tool, ok := strings.CutPrefix(text, "Tool:"); ok {
		r.bom.Tools = append(r.bom.Tools, strings.TrimSpace(tool))
		return
	}
	if author := addressed(agent(text)); author != "" {
		r.bom.Authors = append(r.bom.Authors, author)
	}
}

// purpose writes a purpose as CycloneDX writes types: operating-system.
func purpose(text string) string {
	return strings.ReplaceAll(strings.ToLower(text), "_", "-")
}

// refer takes a reference of a package to something outside: an identity or a link.
func (r *reading) refer(p *spdxPackage, kind, locator string, line int) {
	locator = strings.TrimSpace(locator)
	if i := strings.LastIndexByte(kind, '/'); i >= 0 { // written out, as an address
		kind = kind[i+1:]
	}
	switch {
	case locator == "":
	case len(p.CPEs)+len(p.Links) >= mostEntries:
		if r.first("many\x00" + p.Ref) {
			r.lost(line, "package %q has more than %d external references; the rest is left out", p.Name, mostEntries)
		}
	case kind == "purl" && p.PURL == "":
		p.PURL = locator
	case kind == "purl" && p.PURL != locator:
		r.lost(line, "package %q has a further package URL, %q; the first one counts", p.Name, locator)
	case kind == "purl":
	case kind == "cpe22Type", kind == "cpe23Type":
		p.CPEs = append(p.CPEs, locator)
	case kind == "advisory":
		p.Links = append(p.Links, Link{Kind: "advisories", URL: locator})
	default:
		p.Links = append(p.Links, Link{Kind: kind, URL: locator})
	}
}

var spdxHashes = map[string]string{
	"SHA1": "SHA-1", "SHA224": "SHA-224", "SHA256": "SHA-256", "SHA384": "SHA-384", "SHA512": "SHA-512",
	"BLAKE2B256": "BLAKE2b-256", "BLAKE2B384": "BLAKE2b-384", "BLAKE2B512": "BLAKE2b-512",
	"SHA3_224": "SHA3-224", "SHA3_256": "SHA3-256", "SHA3_384": "SHA3-384", "SHA3_512": "SHA3-512",
	"BLAKE2B-256": "BLAKE2b-256", "BLAKE2B-384": "BLAKE2b-384", "BLAKE2B-512": "BLAKE2b-512",
}

// hashName writes the name of an algorithm as CycloneDX does.
func hashName(name string) string {
	name = strings.ToUpper(name)
	return cmp.Or(spdxHashes[name], name)
}

// relate takes a relationship (SPDX 2.3, 11.1). What is in a package, linked to it or
// needed by it is what the package depends on.
func (r *reading) relate(from, kind, to string, line int) {
	switch kind = strings.ToUpper(kind); kind {
	case "DESCRIBES":
		r.described = append(r.described, described{to, line})
	case "DESCRIBED_BY":
		r.described = append(r.described, described{from, line})
	case "DEPENDS_ON", "CONTAINS", "STATIC_LINK", "DYNAMIC_LINK", "HAS_PREREQUISITE":
		r.depends(from, to, line)
	case "DEPENDENCY_OF", "CONTAINED_BY", "BUILD_DEPENDENCY_OF", "DEV_DEPENDENCY_OF", "OPTIONAL_DEPENDENCY_OF",
		"PACKAGE_OF", "PROVIDED_DEPENDENCY_OF", "TEST_DEPENDENCY_OF", "RUNTIME_DEPENDENCY_OF", "PREREQUISITE_FOR":
		r.depends(to, from, line)
	case "PATCH_APPLIED":
		r.patch(to)
	case "AMENDS", "ANCESTOR_OF", "BUILD_TOOL_OF", "COPY_OF", "DATA_FILE_OF", "DEPENDENCY_MANIFEST_OF", "DESCENDANT_OF",
		"DEV_TOOL_OF", "DISTRIBUTION_ARTIFACT", "DOCUMENTATION_OF", "EXAMPLE_OF", "EXPANDED_FROM_ARCHIVE", "FILE_ADDED",
		"FILE_DELETED", "FILE_MODIFIED", "GENERATED_FROM", "GENERATES", "METAFILE_OF", "OPTIONAL_COMPONENT_OF", "OTHER",
		"PATCH_FOR", "REQUIREMENT_DESCRIPTION_FOR", "SPECIFICATION_FOR", "TEST_CASE_OF", "TEST_OF",
		"TEST_TOOL_OF", "VARIANT_OF":
	default:
		if r.first("relationship\x00" + kind) {
			r.problem(line, "relationship %q is not one that SPDX knows", kind)
		}
	}
}

// patch notes that an element was changed.
func (r *reading) patch(ref string) {
	if r.patched == nil {
		r.patched = map[string]bool{}
	}
	if len(r.patched) < r.limits.Components {
		r.patched[ref] = true
	}
}
