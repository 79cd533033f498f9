package techdoc

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"theriac/evidence"
	"theriac/evidence/collect"
	"theriac/model"
)

// softwareList is the bill of materials of a release, as far as it can be read.
type softwareList struct {
	path, format string
	parts        []softwarePart
	counted      int    // components that the format holds
	why          string // why parts are not listed; "" where they are
}

// softwarePart is a component of a bill of materials.
type softwarePart struct {
	ref, name, version, supplier, purl, licence string
}

// maxPartText bounds a text of a bill of materials, in characters.
const maxPartText = 200

func clipped(s string) string {
	if len(s) <= maxPartText { // bytes, of which a character has at least one
		return s
	}
	if r := []rune(s); len(r) > maxPartText {
		return string(r[:maxPartText]) + "…"
	}
	return s
}

// softwareOf reads the bill of materials of the release. It is nil with the reason
// where there is none, or it is not the one of which the release has the digest.
func (b *Book) softwareOf() (*softwareList, error) {
	if b.Release == nil {
		return nil, errors.New("the security file has no release")
	}
	a := b.Release.SBOM
	switch {
	case a.Path == "":
		return nil, errors.New("the release names none")
	case b.Files == nil || model.LeavesFolder(a.Path):
		return nil, fmt.Errorf("%s is not in the folder of the security file", clipped(a.Path))
	}
	text, err := evidence.ReadLimited(b.Files, path.Clean(a.Path), maxSBOM)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s is not there", clipped(a.Path))
	case len(text) > maxSBOM:
		return nil, fmt.Errorf("%s is larger than %d MB", clipped(a.Path), maxSBOM>>20)
	}
	if sum := sha256.Sum256(text); !strings.EqualFold("sha256:"+hex.EncodeToString(sum[:]), a.Digest) {
		return nil, fmt.Errorf("%s is not the file of which the release has the digest", clipped(a.Path))
	}
	list, err := readSoftware(path.Base(a.Path), text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", clipped(a.Path), err)
	}
	list.path = a.Path
	return list, nil
}

// readSoftware reads a bill of materials. The collectors of evidence say what it is and
// refuse what is malformed, too deep or too large.
func readSoftware(name string, text []byte) (*softwareList, error) {
	for _, c := range collect.Recognise(name, text) {
		if c.Kind != "sbom" {
			continue
		}
		report, err := c.Read(&collect.Source{Name: name, Data: text})
		if err != nil {
			return nil, err
		}
		list := &softwareList{format: c.Title}
		if s := report.Details.SBOM; s != nil {
			list.format, list.counted = s.Format, s.Components
		}
		list.parts, err = softwareParts(c.Name, bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
		if err != nil {
			list.why = err.Error()
		}
		list.counted = max(list.counted, len(list.parts))
		return list, nil
	}
	return nil, errors.New("it is no bill of materials in a known form")
}

// softwareParts lists the components of a bill of materials that was found to be well formed.
func softwareParts(format string, text []byte) ([]softwarePart, error) {
	switch {
	case format == "cyclonedx":
		return cycloneParts(text)
	case json.Valid(text) && bytes.Contains(text, []byte(`"spdxVersion"`)):
		return spdxParts(text)
	}
	return nil, errors.New("components of this form are counted, and not listed one by one")
}

func cycloneParts(text []byte) (parts []softwarePart, err error) {
	defer func() {
		if recover() != nil { // of the library, which the collector has read it with
			parts, err = nil, errors.New("its components cannot be read")
		}
	}()
	format := cdx.BOMFileFormatXML
	if json.Valid(text) {
		format = cdx.BOMFileFormatJSON
	}
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), format).Decode(&bom); err != nil {
		return nil, errors.New("its components cannot be read")
	}
	return appendParts(nil, bom.Components), nil
}

// appendParts lists components with those inside of them.
func appendParts(parts []softwarePart, list *[]cdx.Component) []softwarePart {
	if list == nil {
		return parts
	}
	for i := range *list {
		c := &(*list)[i]
		p := softwarePart{ref: c.BOMRef, name: c.Name, version: c.Version, purl: c.PackageURL, supplier: cmp.Or(c.Publisher, c.Author)}
		if c.Group != "" {
			p.name = c.Group + "/" + c.Name
		}
		if c.Manufacturer != nil {
			p.supplier = cmp.Or(c.Manufacturer.Name, p.supplier)
		}
		if c.Supplier != nil {
			p.supplier = cmp.Or(c.Supplier.Name, p.supplier)
		}
		p.licence = licenceOf(c.Licenses)
		parts = appendParts(append(parts, p.clip()), c.Components)
	}
	return parts
}

func licenceOf(list *cdx.Licenses) string {
	if list == nil {
		return ""
	}
	var names []string
	for _, l := range *list {
		name := l.Expression
		if l.License != nil {
			name = cmp.Or(l.License.ID, l.License.Name, name)
		}
		if name != "" && len(names) < few {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func spdxParts(text []byte) ([]softwarePart, error) {
	var doc struct {
		Packages []struct {
			ID         string `json:"SPDXID"`
			Name       string `json:"name"`
			Version    string `json:"versionInfo"`
			Supplier   string `json:"supplier"`
			Concluded  string `json:"licenseConcluded"`
			Declared   string `json:"licenseDeclared"`
			References []struct {
				Type    string `json:"referenceType"`
				Locator string `json:"referenceLocator"`
			} `json:"externalRefs"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, errors.New("its packages cannot be read")
	}
	var parts []softwarePart
	for _, p := range doc.Packages {
		part := softwarePart{ref: p.ID, name: p.Name, version: spdxText(p.Version), licence: cmp.Or(spdxText(p.Concluded), spdxText(p.Declared))}
		_, maker, found := strings.Cut(spdxText(p.Supplier), ": ") // Organization: Example
		if part.supplier = maker; !found {
			part.supplier = spdxText(p.Supplier)
		}
		for _, r := range p.References {
			if r.Type == "purl" {
				part.purl = r.Locator
			}
		}
		parts = append(parts, part.clip())
	}
	return parts, nil
}

// spdxText is a field of SPDX; "" for its two words for nothing.
func spdxText(s string) string {
	if s == "NOASSERTION" || s == "NONE" {
		return ""
	}
	return s
}

func (p softwarePart) clip() softwarePart {
	return softwarePart{clipped(p.ref), clipped(p.name), clipped(p.version), clipped(p.supplier), clipped(p.purl), clipped(p.licence)}
}

// samePackage is a package URL without what does not tell packages apart: qualifiers,
// path and letter case. The version is left out of the base.
func samePackage(purl string) (whole, base string) {
	purl, _, _ = strings.Cut(purl, "#")
	purl, _, _ = strings.Cut(purl, "?")
	whole = strings.ToLower(strings.TrimSpace(purl))
	base = whole
	if i := strings.LastIndexByte(whole, '@'); i > strings.LastIndexByte(whole, '/') {
		base = whole[:i]
	}
	return whole, base
}
