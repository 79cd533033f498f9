package sbom

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spdx/tools-golang/spdx/v2/common"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
	tagvalue "github.com/spdx/tools-golang/spdx/v2/v2_3/tagvalue/writer"
)

// nothing is the word of SPDX for what is not stated.
const nothing = "NOASSERTION"

// spdxWriting is a document of SPDX 2.3 in the making.
type spdxWriting struct {
	*writing
	doc   *spdx.Document
	ids   map[string]common.ElementID // by Ref
	taken map[common.ElementID]bool
	texts map[string]string // ids of licences that are not on the list, by name
}

func (t *writing) spdx(w io.Writer, b *BOM, form Form) error {
	created, err := time.Parse(time.RFC3339, b.Created)
	if err != nil {
		return errors.New("SPDX wants the time at which the list was made, as RFC 3339 writes it")
	}
	s := &spdxWriting{writing: t, ids: map[string]common.ElementID{}, taken: map[common.ElementID]bool{"DOCUMENT": true}, texts: map[string]string{}}
	s.doc = &spdx.Document{
		SPDXVersion: spdx.Version, DataLicense: spdx.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName: s.name(b), CreationInfo: s.creation(b, created),
	}
	if b.Subject != nil {
		s.part(b.Subject, t.refs.subject)
	}
	for i := range b.Components {
		if b.isSubject(i) {
			continue
		}
		s.part(&b.Components[i], t.refs.of[i])
	}
	s.relations(b)
	content := sha256.New()
	if err := encodeSPDX(content, s.doc, form); err != nil {
		return err
	}
	s.doc.DocumentNamespace = serialOf(content.Sum(nil))
	return encodeSPDX(w, s.doc, form)
}

func encodeSPDX(w io.Writer, doc *spdx.Document, form Form) error {
	if form == SPDX23Tag {
		var out bytes.Buffer // the library does not report faults of the writer
		if err := tagvalue.RenderDocument(doc, &out); err != nil {
			return err
		}
		_, err := w.Write(out.Bytes())
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

func (s *spdxWriting) name(b *BOM) string {
	name := spdxLine(b.Name)
	if name == "" && b.Subject != nil {
		name = spdxLine(b.Subject.Designation())
	}
	return cmp.Or(name, "bill of materials")
}

// spdxLine is a text that stands on a line of tags and values as it is: without the
// marks of texts of several lines.
func spdxLine(s string) string {
	return oneLine(strings.ReplaceAll(strings.ReplaceAll(s, "<text>", "[text]"), "</text>", "[/text]"))
}

func (s *spdxWriting) creation(b *BOM, created time.Time) *spdx.CreationInfo {
	info := &spdx.CreationInfo{Created: created.UTC().Format("2006-01-02T15:04:05Z")}
	add := func(kind, name string) {
		if name = spdxLine(name); name != "" {
			info.Creators = append(info.Creators, common.Creator{CreatorType: kind, Creator: name})
		}
	}
	for _, a := range b.Authors {
		name, contact := nameAndContact(a)
		if contact != "" {
			name += " (" + contact + ")"
		}
		add("Person", name)
	}
	for _, tool := range union(nil, b.Tools) {
		add("Tool", tool)
	}
	if info.Creators == nil {
		info.Creators = []common.Creator{{CreatorType: "Tool", Creator: "theriac"}}
	}
	return info
}

// id is the identifier of a component: its Ref, as far as letters allow.
func (s *spdxWriting) id(ref string) common.ElementID {
	text := strings.Map(func(r rune) rune {
		if notID(r) {
			return '-'
		}
		return r
	}, strings.TrimPrefix(ref, "SPDXRef-"))
	text = cmp.Or(text, "component")
	id := common.ElementID(text)
	for n := 2; s.taken[id]; n++ {
		digest := sha256.Sum256([]byte(ref + strconv.Itoa(n)))
		id = common.ElementID(text + "-" + serialOf(digest[:])[len("urn:uuid:"):])
	}
	s.taken[id] = true
	s.ids[ref] = id
	return id
}

func (s *spdxWriting) part(c *Component, ref string) {
	p := &spdx.Package{
		PackageName: cmp.Or(spdxLine(c.Title()), nothing), PackageSPDXIdentifier: s.id(ref), PackageVersion: spdxLine(c.Version),
		PackageDownloadLocation: nothing, IsFilesAnalyzedTagPresent: true,
		PackageLicenseConcluded: s.licence(c.Licences), PackageLicenseDeclared: s.licence(c.Declared),
		PackageCopyrightText: cmp.Or(spdxLine(c.Copyright), nothing), PackageDescription: spdxLine(c.Description),
		PrimaryPackagePurpose: s.purpose(c.Type),
	}
	if name := spdxLine(c.Supplier); name != "" {
		p.PackageSupplier = &common.Supplier{SupplierType: "Organization", Supplier: withContact(name, c.Contact, c.Manufacturer == "")}
	}
	switch maker, author := spdxLine(c.Manufacturer), spdxLine(c.Author); {
	case maker != "":
		p.PackageOriginator = &common.Originator{OriginatorType: "Organization", Originator: withContact(maker, c.Contact, true)}
		if author != "" {
			s.lose("author beside the manufacturer")
		}
	case author != "":
		p.PackageOriginator = &common.Originator{OriginatorType: "Person", Originator: author}
	}
	for _, h := range c.Hashes {
		if a := spdxAlgorithm(h.Algorithm); a != "" {
			p.PackageChecksums = append(p.PackageChecksums, common.Checksum{Algorithm: a, Value: strings.ToLower(spdxLine(h.Value))})
		} else {
			s.lose("hash by an algorithm that SPDX does not know")
		}
	}
	s.references(p, c)
	if c.Scope != "" && c.Scope != "required" {
		s.lose("scope of a component")
	}
	if len(c.Properties) > 0 {
		s.lose("properties of a component")
	}
	if c.Patched {
		s.lose("mark that a component was changed")
	}
	s.doc.Packages = append(s.doc.Packages, p)
}

func withContact(name, contact string, its bool) string {
	if contact == "" || !its {
		return name
	}
	return name + " (" + spdxLine(contact) + ")"
}

// references are the package URL, CPEs and links.
func (s *spdxWriting) references(p *spdx.Package, c *Component) {
	add := func(category, kind, locator string) {
		locator = spdxLine(locator)
		if locator == "" || strings.Contains(locator, " ") {
			s.lose("reference with blanks in it")
			return
		}
		p.PackageExternalReferences = append(p.PackageExternalReferences, &spdx.PackageExternalReference{Category: category, RefType: kind, Locator: locator})
	}
	if c.PURL != "" {
		add("PACKAGE-MANAGER", "purl", c.PURL)
	}
	for _, cpe := range c.CPEs {
		kind := "cpe23Type"
		if strings.HasPrefix(cpe, "cpe:/") {
			kind = "cpe22Type"
		}
		add("SECURITY", kind, cpe)
	}
	for _, l := range c.Links {
		url := spdxLine(l.URL)
		if len(l.Hashes) > 0 {
			s.lose("hashes of what a link leads to")
		}
		switch {
		case l.Kind == "website" && p.PackageHomePage == "" && isURL(url):
			p.PackageHomePage = url
		case l.Kind == "distribution" && p.PackageDownloadLocation == nothing && isURL(url) && !strings.Contains(url, " "):
			p.PackageDownloadLocation = url
		case l.Kind == "advisories":
			add("SECURITY", "advisory", url)
		default:
			add("OTHER", strings.ReplaceAll(cmp.Or(spdxLine(l.Kind), "other"), " ", "-"), url)
		}
	}
}

// licence is one expression for a list of licences, which hold together.
func (s *spdxWriting) licence(list []string) string {
	var terms []string
	for _, name := range list {
		name = spdxLine(name)
		switch {
		case name == "" || name == nothing || name == "NONE":
			continue
		case !isExpression(name):
			name = s.reference(name)
		case len(list) > 1 && strings.Contains(name, " "):
			name = "(" + name + ")"
		}
		terms = append(terms, name)
	}
	return cmp.Or(strings.Join(terms, " AND "), nothing)
}

// reference names a licence that is not on the list of SPDX.
func (s *spdxWriting) reference(name string) string {
	if id := s.texts[name]; id != "" {
		return id
	}
	id := fmt.Sprintf("LicenseRef-%d", len(s.texts)+1)
	s.texts[name] = id
	s.doc.OtherLicenses = append(s.doc.OtherLicenses, &spdx.OtherLicense{LicenseIdentifier: id, LicenseName: name, ExtractedText: name})
	return id
}

// purpose is the type of a component as SPDX calls it.
func (s *spdxWriting) purpose(kind string) string {
	purpose := strings.ToUpper(strings.ReplaceAll(kind, "_", "-"))
	switch purpose {
	case "", "APPLICATION", "FRAMEWORK", "LIBRARY", "CONTAINER", "OPERATING-SYSTEM", "DEVICE", "FIRMWARE", "SOURCE", "ARCHIVE", "FILE", "INSTALL", "OTHER":
		return purpose
	}
	s.lose("type that SPDX does not know, written as OTHER")
	return "OTHER"
}

func spdxAlgorithm(name string) common.ChecksumAlgorithm {
	switch name {
	case "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512":
		return common.ChecksumAlgorithm(strings.Replace(name, "-", "", 1))
	case "MD2", "MD4", "MD5", "MD6", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3", "ADLER32":
		return common.ChecksumAlgorithm(name)
	}
	return ""
}

func (s *spdxWriting) relate(from common.ElementID, kind string, to common.ElementID) {
	s.doc.Relationships = append(s.doc.Relationships, &spdx.Relationship{
		RefA: common.DocElementID{ElementRefID: from}, Relationship: kind, RefB: common.DocElementID{ElementRefID: to},
	})
}

// relations says what the document describes, what contains what and what depends on what.
func (s *spdxWriting) relations(b *BOM) {
	up := parents(b)
	if b.Subject != nil {
		s.relate("DOCUMENT", common.TypeRelationshipDescribe, s.ids[s.refs.subject])
	} else {
		for i, p := range up {
			if p < 0 {
				s.relate("DOCUMENT", common.TypeRelationshipDescribe, s.ids[s.refs.of[i]])
			}
		}
	}
	for i, p := range up {
		if p >= 0 {
			s.relate(s.ids[s.refs.of[p]], common.TypeRelationshipContains, s.ids[s.refs.of[i]])
		}
	}
	for _, from := range slices.Sorted(maps.Keys(b.Depends)) {
		ref, known := s.refs.find(from)
		if !known {
			s.lose("dependencies of a component that is not in the list")
			continue
		}
		for _, to := range s.known(b.Depends[from]) {
			s.relate(s.ids[ref], common.TypeRelationshipDependsOn, s.ids[to])
		}
	}
	for range b.Aggregates {
		s.lose("how complete a list of dependencies is")
	}
}
