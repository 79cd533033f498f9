package techdoc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"theriac/evidence"
	"theriac/model"
	"theriac/oscal"
	"theriac/psirt"
)

var _ = addFile(FileDefinition{
	Name:  "sbom.cdx.json",
	Title: "Software bill of materials (CycloneDX)",
	About: "the software of the release, part by part",
	Order: 32,
	Make:  func(b *Book) ([]byte, error) { return machine{b}.sbom() },
})

// maxSBOM bounds a bill of materials, in bytes.
const maxSBOM = 64 << 20

// sbom is the bill of materials of the release as it is kept, to the byte; where
// that cannot be, one made from the SOUP of the security file, which says so. It is
// nil where there is neither.
func (m machine) sbom() ([]byte, error) {
	kept, why := m.keptSBOM()
	if kept != nil {
		return kept, nil
	}
	return m.ownSBOM(why)
}

// keptSBOM reads the bill of materials of the release; nil with the reason where it
// cannot be used.
func (m machine) keptSBOM() (text []byte, why string) {
	b := m.bill()
	if !b.Usable() {
		return nil, b.Why
	}
	shown := clipped(m.Release.SBOM.Path)
	text, err := evidence.ReadLimited(m.Files, path.Clean(m.Release.SBOM.Path), maxSBOM)
	switch {
	case err != nil:
		return nil, shown + " is not there"
	case len(text) > maxSBOM:
		return nil, fmt.Sprintf("%s is larger than %d MB", shown, maxSBOM>>20)
	case b.BOM.Format != cdx.BOMFormat || !json.Valid(text):
		return nil, shown + " is no CycloneDX in JSON"
	}
	return text, ""
}

// ownSBOM lists the SOUP of the security file.
func (m machine) ownSBOM(why string) ([]byte, error) {
	var parts []cdx.Component
	var refs []string
	for _, c := range m.File.Components {
		if c.Type == "soup" {
			parts = append(parts, soupPart(c))
			refs = append(refs, c.ID)
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	bom := m.bom("sbom")
	*bom.Metadata.Properties = append(*bom.Metadata.Properties,
		cdxProperty("source", "made from the SOUP of the security file, not by the build"),
		cdxProperty("why", "not the bill of materials of the release: "+why))
	bom.Components = &parts
	bom.Dependencies = &[]cdx.Dependency{{Ref: productRef, Dependencies: &refs}}
	bom.Compositions = &[]cdx.Composition{{Aggregate: cdx.CompositionAggregateUnknown, Assemblies: &[]cdx.BOMReference{productRef}}}
	return encodeBOM(bom)
}

// productRef is the product within a bill of materials. No entity has this id, which
// is not of their form.
const productRef = "urn:theriac:product"

// soupPart is a component of unknown provenance, with what the file states of it.
func soupPart(c *model.Component) cdx.Component {
	part := cdx.Component{
		BOMRef: c.ID, Type: cdx.ComponentTypeLibrary, Name: oscal.Plain(cmp.Or(c.Title, c.ID)), PackageURL: packageURL(c.PURL),
		Properties: &[]cdx.Property{cdxProperty("id", c.ID)},
	}
	for _, f := range []struct{ name, value string }{{"version", c.Version}, {"purl", c.PURL}, {"manufacturer", c.Manufacturer}} {
		if f.value == "" {
			*part.Properties = append(*part.Properties, cdxProperty("gap", f.name+" is not stated"))
		}
	}
	part.Version = singleLine(c.Version)
	if c.Manufacturer != "" {
		part.Supplier = &cdx.OrganizationalEntity{Name: oscal.Plain(c.Manufacturer)}
	}
	if !c.SupportUntil.IsZero() {
		*part.Properties = append(*part.Properties, cdxProperty("support-until", c.SupportUntil.String()))
	}
	return part
}

// packageURL is a package URL; "" for a text that is none.
func packageURL(s string) string {
	if !strings.HasPrefix(s, "pkg:") || !psirt.PlainURI(s) {
		return ""
	}
	return s
}

// singleLine is a text of one line, which may be empty.
func singleLine(s string) string {
	if s == "" {
		return ""
	}
	return oscal.Plain(s)
}

// cdxProperty is a property of ours.
func cdxProperty(name, value string) cdx.Property {
	return cdx.Property{Name: "theriac:" + name, Value: oscal.Plain(value)}
}

// bom is an empty CycloneDX document about the product. What says which of our files
// it is.
func (m machine) bom(what string) *cdx.BOM {
	p, stamp := m.File.Product, m.set.Stamp
	product := cdx.Component{BOMRef: productRef, Type: cdx.ComponentTypeDevice, Name: oscal.Plain(p.Name)}
	if p.Facts.IsSoftware == model.Yes {
		product.Type = cdx.ComponentTypeApplication
	}
	if m.Release != nil {
		product.Version = oscal.Plain(m.version())
	}
	status := "draft"
	if stamp.Approved {
		status = "approved"
	}
	bom := &cdx.BOM{
		JSONSchema: "http://cyclonedx.org/schema/bom-1.6.schema.json", BOMFormat: cdx.BOMFormat, SpecVersion: cdx.SpecVersion1_6,
		SerialNumber: "urn:uuid:" + oscal.For(m.productKey()).Of(what, m.version(), stamp.Baseline, m.Day.String()), Version: 1,
		Metadata: &cdx.Metadata{
			Timestamp: cmp.Or(oscal.At(m.Time), dayTime(m.Day)), Component: &product,
			Tools:      &cdx.ToolsChoice{Components: &[]cdx.Component{{Type: cdx.ComponentTypeApplication, Name: "theriac"}}},
			Properties: &[]cdx.Property{cdxProperty("status", status), cdxProperty("state-sha256", stamp.Baseline), cdxProperty("judged-on", m.Day.String())},
		},
	}
	if p.UDIDI != "" {
		*bom.Metadata.Properties = append(*bom.Metadata.Properties, cdxProperty("udi-di", p.UDIDI))
	}
	if p.Manufacturer.Name != "" {
		bom.Metadata.Supplier = &cdx.OrganizationalEntity{Name: oscal.Plain(p.Manufacturer.Name)}
	}
	return bom
}

func encodeBOM(bom *cdx.BOM) ([]byte, error) {
	var out bytes.Buffer
	err := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).Encode(bom)
	return out.Bytes(), err
}
