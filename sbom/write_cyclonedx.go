package sbom

import (
	"cmp"
	"crypto/sha256"
	"io"
	"maps"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func (t *writing) cyclone(w io.Writer, b *BOM, form Form) error {
	version := cdx.SpecVersion1_6
	if form == CycloneDX17JSON || form == CycloneDX17XML {
		version = cdx.SpecVersion1_7
	}
	file := cdx.BOMFileFormatJSON
	if form == CycloneDX16XML || form == CycloneDX17XML {
		file = cdx.BOMFileFormatXML
	}
	doc := cdx.NewBOM()
	doc.SpecVersion = version
	doc.JSONSchema = "http://cyclonedx.org/schema/bom-" + version.String() + ".schema.json"
	doc.XMLNS = "http://cyclonedx.org/schema/bom/" + version.String()
	doc.Metadata = t.cycloneHead(b)
	doc.Components, doc.Services = t.cycloneParts(b)
	doc.Dependencies = t.cycloneDependencies(b)
	doc.Compositions = t.cycloneCompositions(b)
	content := sha256.New()
	if err := encodeCyclone(content, doc, file); err != nil {
		return err
	}
	doc.SerialNumber = serialOf(content.Sum(nil))
	return encodeCyclone(w, doc, file)
}

func encodeCyclone(w io.Writer, doc *cdx.BOM, file cdx.BOMFileFormat) error {
	if err := cdx.NewBOMEncoder(w, file).SetPretty(true).SetEscapeHTML(false).Encode(doc); err != nil {
		return err
	}
	if file == cdx.BOMFileFormatXML {
		_, err := io.WriteString(w, "\n")
		return err
	}
	return nil
}

func (t *writing) cycloneHead(b *BOM) *cdx.Metadata {
	head := &cdx.Metadata{Timestamp: oneLine(b.Created)}
	var people []cdx.OrganizationalContact
	for _, a := range b.Authors {
		name, contact := nameAndContact(a)
		switch {
		case !isURL(contact):
			people = append(people, cdx.OrganizationalContact{Name: name, Email: contact})
		case head.Manufacturer == nil:
			head.Manufacturer = &cdx.OrganizationalEntity{Name: name, URL: &[]string{contact}}
		default:
			people = append(people, cdx.OrganizationalContact{Name: name})
			t.lose("address of an author, where another has one")
		}
	}
	if len(people) > 0 {
		head.Authors = &people
	}
	var tools []cdx.Component
	for _, tool := range union(nil, b.Tools) {
		name, version := versioned(tool)
		tools = append(tools, cdx.Component{Type: cdx.ComponentTypeApplication, Name: name, Version: version})
	}
	if len(tools) > 0 {
		head.Tools = &cdx.ToolsChoice{Components: &tools}
	}
	if b.Subject != nil {
		c := t.cyclonePart(b.Subject, t.refs.subject)
		head.Component = &c
	}
	return head
}

// cycloneParts nests components in those that they stand in; services have a list of their own.
func (t *writing) cycloneParts(b *BOM) (*[]cdx.Component, *[]cdx.Service) {
	up := parents(b)
	inside := make(map[int][]int)
	var services []cdx.Service
	for i := range b.Components {
		if b.isSubject(i) {
			continue
		}
		if c := &b.Components[i]; c.Type == "service" {
			services = append(services, cdx.Service{BOMRef: t.refs.of[i], Group: oneLine(c.Group), Name: oneLine(c.Name), Version: oneLine(c.Version), Description: oneLine(c.Description)})
			continue
		}
		p := up[i]
		if p >= 0 && b.Components[p].Type == "service" {
			p = -1
		}
		inside[p] = append(inside[p], i)
	}
	parts := make([]cdx.Component, len(b.Components))
	for _, i := range slices.Backward(wholesFirst(inside)) {
		parts[i] = t.cyclonePart(&b.Components[i], t.refs.of[i])
		parts[i].Components = gather(parts, inside[i])
	}
	top := gather(parts, inside[-1])
	if top == nil {
		top = &[]cdx.Component{}
	}
	if services == nil {
		return top, nil
	}
	return top, &services
}

// wholesFirst orders components so that each comes after what it stands in.
func wholesFirst(inside map[int][]int) []int {
	order := slices.Clone(inside[-1])
	for at := 0; at < len(order); at++ {
		order = append(order, inside[order[at]]...)
	}
	return order
}

func gather(parts []cdx.Component, which []int) *[]cdx.Component {
	if len(which) == 0 {
		return nil
	}
	list := make([]cdx.Component, len(which))
	for i, at := range which {
		list[i] = parts[at]
	}
	return &list
}

func (t *writing) cyclonePart(c *Component, ref string) cdx.Component {
	part := cdx.Component{
		BOMRef: ref, Type: t.cycloneType(c.Type),
		Group: oneLine(c.Group), Name: oneLine(c.Name), Version: oneLine(c.Version), Description: oneLine(c.Description),
		Author: oneLine(c.Author), Copyright: oneLine(c.Copyright), PackageURL: oneLine(c.PURL),
		Hashes: t.cycloneHashes(c.Hashes), Licenses: cycloneLicences(c),
	}
	switch c.Scope {
	case "required", "optional", "excluded":
		part.Scope = cdx.Scope(c.Scope)
	case "":
	default:
		t.lose("scope that is none of CycloneDX")
	}
	part.Supplier, part.Manufacturer = cycloneMakers(c)
	var properties []cdx.Property
	for _, p := range c.Properties {
		properties = append(properties, cdx.Property{Name: oneLine(p.Name), Value: oneLine(p.Value)})
	}
	for i, cpe := range c.CPEs {
		if i == 0 {
			part.CPE = oneLine(cpe)
			continue
		}
		properties = append(properties, cdx.Property{Name: "theriac:cpe", Value: oneLine(cpe)})
		t.lose("further CPEs of a component, which stand in properties theriac:cpe")
	}
	if properties != nil {
		part.Properties = &properties
	}
	var links []cdx.ExternalReference
	for _, l := range c.Links {
		link := cdx.ExternalReference{Type: cdx.ExternalReferenceType(oneLine(l.Kind)), URL: oneLine(l.URL), Hashes: t.cycloneHashes(l.Hashes)}
		if !slices.Contains(linkKinds, link.Type) {
			link.Type, link.Comment = cdx.ERTypeOther, string(link.Type)
		}
		links = append(links, link)
	}
	if links != nil {
		part.ExternalReferences = &links
	}
	if c.Patched {
		part.Pedigree = &cdx.Pedigree{Notes: "changed against what its maker published"}
	}
	return part
}

// linkKinds are the kinds of references that CycloneDX 1.6 knows.
var linkKinds = []cdx.ExternalReferenceType{
	cdx.ERTypeAdversaryModel, cdx.ERTypeAdvisories, cdx.ERTypeAttestation, cdx.ERTypeBOM, cdx.ERTypeBuildMeta, cdx.ERTypeBuildSystem,
	cdx.ERTypeCertificationReport, cdx.ERTypeChat, cdx.ERTypeConfiguration, cdx.ERTypeCodifiedInfrastructure, cdx.ERTypeComponentAnalysisReport,
	cdx.ERTypeDistribution, cdx.ERTypeDistributionIntake, cdx.ERTypeDocumentation, cdx.ERTypeDynamicAnalysisReport, cdx.ERTypeDigitalSignature,
	cdx.ERTypeElectronicSignature, cdx.ERTypeEvidence, cdx.ERTypeExploitabilityStatement, cdx.ERTypeFormulation, cdx.ERTypeIssueTracker,
	cdx.ERTypeLicense, cdx.ERTypeLog, cdx.ERTypeMailingList, cdx.ERTypeMaturityReport, cdx.ERTypeModelCard, cdx.ERTypeOther,
	cdx.ERTypePentestReport, cdx.ERTypePOAM, cdx.ERTypeQualityMetrics, cdx.ERTypeReleaseNotes, cdx.ERTypeRiskAssessment, cdx.ERTypeRFC9116,
	cdx.ERTypeRuntimeAnalysisReport, cdx.ERTypeSecurityContact, cdx.ERTypeSocial, cdx.ERTypeSourceDistribution, cdx.ERTypeStaticAnalysisReport,
	cdx.ERTypeSupport, cdx.ERTypeThreatModel, cdx.ERTypeVCS, cdx.ERTypeVulnerabilityAssertion, cdx.ERTypeWebsite,
}

// cycloneMakers puts the contact with the manufacturer, where there is one, as the
// field of Component says.
func cycloneMakers(c *Component) (supplier, maker *cdx.OrganizationalEntity) {
	if c.Supplier != "" {
		supplier = &cdx.OrganizationalEntity{Name: oneLine(c.Supplier)}
	}
	if c.Manufacturer != "" || c.Contact != "" && c.Supplier == "" {
		maker = &cdx.OrganizationalEntity{Name: oneLine(c.Manufacturer)}
	}
	at := cmp.Or(maker, supplier)
	switch {
	case c.Contact == "":
	case isURL(c.Contact):
		at.URL = &[]string{oneLine(c.Contact)}
	default:
		at.Contact = &[]cdx.OrganizationalContact{{Email: oneLine(c.Contact)}}
	}
	return supplier, maker
}

// cycloneType is the type as CycloneDX calls it, also for what SPDX calls a purpose.
func (t *writing) cycloneType(kind string) cdx.ComponentType {
	name := cdx.ComponentType(strings.ToLower(strings.ReplaceAll(kind, "_", "-")))
	switch name {
	case cdx.ComponentTypeApplication, cdx.ComponentTypeContainer, cdx.ComponentTypeCryptographicAsset, cdx.ComponentTypeData,
		cdx.ComponentTypeDevice, cdx.ComponentTypeDeviceDriver, cdx.ComponentTypeFile, cdx.ComponentTypeFirmware, cdx.ComponentTypeFramework,
		cdx.ComponentTypeLibrary, cdx.ComponentTypeMachineLearningModel, cdx.ComponentTypeOS, cdx.ComponentTypePlatform:
		return name
	case "":
	default:
		t.lose("type that CycloneDX does not know, written as library")
	}
	return cdx.ComponentTypeLibrary
}

func (t *writing) cycloneHashes(list []Hash) *[]cdx.Hash {
	var out []cdx.Hash
	for _, h := range list {
		if !slices.Contains([]int{32, 40, 64, 96, 128}, len(h.Value)) || !isHex(h.Value, len(h.Value)) {
			t.lose("hash that is none of its algorithm")
			continue
		}
		switch a := cdx.HashAlgorithm(h.Algorithm); a {
		case cdx.HashAlgoMD5, cdx.HashAlgoSHA1, cdx.HashAlgoSHA256, cdx.HashAlgoSHA384, cdx.HashAlgoSHA512, cdx.HashAlgoSHA3_256,
			cdx.HashAlgoSHA3_384, cdx.HashAlgoSHA3_512, cdx.HashAlgoBlake2b_256, cdx.HashAlgoBlake2b_384, cdx.HashAlgoBlake2b_512, cdx.HashAlgoBlake3:
			out = append(out, cdx.Hash{Algorithm: a, Value: oneLine(h.Value)})
		default:
			t.lose("hash by an algorithm that CycloneDX does not know")
		}
	}
	if out == nil {
		return nil
	}
	return &out
}

// cycloneLicences lists licences. An expression may stand only alone (1.6), so that
// beside others it is written by name.
func cycloneLicences(c *Component) *cdx.Licenses {
	declared, concluded := cdx.LicenseAcknowledgementDeclared, cdx.LicenseAcknowledgementConcluded
	if len(c.Licences)+len(c.Declared) == 0 {
		return nil
	}
	if len(c.Declared) == 0 && len(c.Licences) == 1 && !isLicenceID(c.Licences[0]) && isExpression(c.Licences[0]) {
		return &cdx.Licenses{{Expression: oneLine(c.Licences[0])}}
	}
	if len(c.Licences) == 0 && len(c.Declared) == 1 && !isLicenceID(c.Declared[0]) && isExpression(c.Declared[0]) {
		return &cdx.Licenses{{Expression: oneLine(c.Declared[0]), Acknowledgement: &declared}}
	}
	var out cdx.Licenses
	for i, name := range slices.Concat(c.Licences, c.Declared) {
		if oneLine(name) == "" {
			continue
		}
		l := &cdx.License{Name: oneLine(name)}
		if isLicenceID(name) {
			l.ID, l.Name = name, ""
		}
		switch {
		case i >= len(c.Licences):
			l.Acknowledgement = declared
		case len(c.Declared) > 0:
			l.Acknowledgement = concluded
		}
		out = append(out, cdx.LicenseChoice{License: l})
	}
	if out == nil {
		return nil
	}
	return &out
}

// cycloneDependencies lists what depends on what, in order of Ref.
func (t *writing) cycloneDependencies(b *BOM) *[]cdx.Dependency {
	var out []cdx.Dependency
	for _, from := range slices.Sorted(maps.Keys(b.Depends)) {
		ref, known := t.refs.find(from)
		if !known {
			t.lose("dependencies of a component that is not in the list")
			continue
		}
		on := t.known(b.Depends[from])
		d := cdx.Dependency{Ref: ref}
		if len(on) > 0 {
			d.Dependencies = &on
		}
		out = append(out, d)
	}
	if out == nil {
		return nil
	}
	return &out
}

// known are those of the Refs that a component has, sorted.
func (t *writing) known(list []string) []string {
	var out []string
	for _, to := range list {
		if ref, known := t.refs.find(to); known {
			out = append(out, ref)
		} else {
			t.lose("dependency on a component that is not in the list")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var aggregates = []cdx.CompositionAggregate{
	cdx.CompositionAggregateComplete, cdx.CompositionAggregateIncomplete, cdx.CompositionAggregateIncompleteFirstPartyOnly,
	cdx.CompositionAggregateIncompleteFirstPartyOpenSourceOnly, cdx.CompositionAggregateIncompleteFirstPartyProprietaryOnly,
	cdx.CompositionAggregateIncompleteThirdPartyOnly, cdx.CompositionAggregateIncompleteThirdPartyOpenSourceOnly,
	cdx.CompositionAggregateIncompleteThirdPartyProprietaryOnly, cdx.CompositionAggregateNotSpecified, cdx.CompositionAggregateUnknown,
}

// cycloneCompositions says how complete lists of dependencies are, by aggregate.
func (t *writing) cycloneCompositions(b *BOM) *[]cdx.Composition {
	of := map[cdx.CompositionAggregate][]cdx.BOMReference{}
	var out []cdx.Composition
	for _, from := range slices.Sorted(maps.Keys(b.Aggregates)) {
		kind := cdx.CompositionAggregate(b.Aggregates[from])
		ref, known := t.refs.find(from)
		switch {
		case !slices.Contains(aggregates, kind):
			t.lose("completeness in words that CycloneDX does not know")
		case from == "":
			out = append(out, cdx.Composition{Aggregate: kind})
		case !known:
			t.lose("completeness of a component that is not in the list")
		default:
			of[kind] = append(of[kind], cdx.BOMReference(ref))
		}
	}
	for _, kind := range aggregates {
		if list := of[kind]; list != nil {
			out = append(out, cdx.Composition{Aggregate: kind, Dependencies: &list})
		}
	}
	if out == nil {
		return nil
	}
	return &out
}
