package collect

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx"
	spdx3 "github.com/spdx/tools-golang/spdx/v3/v3_0"
	"github.com/spdx/tools-golang/tagvalue"

	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// The SPDX collector reads lists of packages: tag-value and JSON of 2.1 to 2.3,
// JSON-LD of 3.0. The product that the list is of counts with its packages,
// because the format does not tell it apart from them.
//
// Contexts of JSON-LD are those of the library; none is loaded.
//
// Sources: SPDX specification 2.3 (ISO/IEC 5962 is 2.2.1) and 3.0.1.
var _ = add(Collector{
	Name:  "spdx",
	Title: "SPDX",
	Kind:  "sbom",
	Looks: looksSPDX,
	Read:  readSPDX,
})

// tagVersion is the line of a tag-value document that says what it is; only
// comments and other tags may stand before it.
var tagVersion = lazyregexp.New(`(?m)^[ \t]*SPDXVersion:[ \t]*(SPDX-[0-9.]+)`)

func looksSPDX(_ string, data []byte) bool {
	h := headOf(data)
	switch {
	case len(h.Members) == 0:
		return !h.List && tagVersion.Match(data) && !bytes.HasPrefix(bytes.TrimSpace(data), []byte("<"))
	case h.List:
		return false
	}
	// Some tools write the version last, where the head does not reach.
	late := bytes.Contains(data, []byte(`"SPDXRef-`)) && (h.has("packages") || h.has("files") || h.has("SPDXID"))
	return h.has("spdxVersion") || late || isSPDX3(data, h)
}

func isSPDX3(data []byte, h head) bool {
	return h.has("@context") && bytes.Contains(data, []byte("https://spdx.org/rdf/3."))
}

func readSPDX(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	h := headOf(in.Data)
	switch {
	case len(h.Members) == 0 && !startsJSON(in.Data):
		return readTagValue(in.Data)
	case isSPDX3(in.Data, h):
		return readSPDX3(in.Data)
	}
	var said struct {
		Version string `json:"spdxVersion"`
	}
	if err := decodeJSON(in.Data, &said); err != nil {
		return nil, err
	}
	doc := &spdx.Document{}
	err := guarded("list", func() error { return spdxjson.ReadInto(bytes.NewReader(in.Data[bomLength(in.Data):]), doc) })
	return reportSPDX2(doc, said.Version, err)
}

// readTagValue reads a tag-value document. What is no line of one is refused
// before the library sees it, which does not tell lines.
func readTagValue(data []byte) (*Report, error) {
	data = data[bomLength(data):]
	if line := strayLine(data); line > 0 {
		return nil, malformed(line, "neither a tag with a value nor a comment")
	}
	version := tagVersion.FindSubmatch(data)
	if version == nil {
		return nil, malformed(0, "no tag SPDXVersion")
	}
	doc := &spdx.Document{}
	err := guarded("list", func() error { return tagvalue.ReadInto(bytes.NewReader(data), doc) })
	return reportSPDX2(doc, string(version[1]), err)
}

// strayLine is the first line that does not belong in a tag-value document, or 0.
func strayLine(data []byte) int {
	n, within := 0, false
	for line := range bytes.Lines(data) {
		n++
		text := bytes.TrimSpace(line)
		switch {
		case within:
			within = !bytes.Contains(text, []byte("</text>"))
		case len(text) == 0 || text[0] == '#':
		case !bytes.Contains(text, []byte(":")):
			return n
		default:
			_, value, opened := bytes.Cut(text, []byte("<text>"))
			within = opened && !bytes.Contains(value, []byte("</text>"))
		}
	}
	if within {
		return n
	}
	return 0
}

// reportSPDX2 reports a list of version 2, as the library read it: as if it were
// of 2.3, whatever its version is.
func reportSPDX2(doc *spdx.Document, version string, err error) (*Report, error) {
	if bad, ok := err.(*Malformed); ok {
		return nil, bad
	}
	if err != nil {
		return nil, malformed(0, "not a valid SPDX document: %s", clean(err.Error()))
	}
	r := &Report{}
	if info := doc.CreationInfo; info != nil {
		r.Finished = timeOf(info.Created)
		for _, c := range info.Creators {
			if c.CreatorType == "Tool" && r.Tool.Name == "" {
				r.Tool = toolOfSPDX(c.Creator)
			}
		}
	}
	list := &evidence.SBOM{Format: clean(version)}
	for _, p := range doc.Packages {
		if p == nil || p.PackageName == "" {
			return nil, malformed(0, "a package has no name")
		}
		if list.Components++; !identifiedSPDX2(p) {
			list.Unnamed++
		}
	}
	return r.ofList(list)
}

// ofList completes the report of a list.
func (r *Report) ofList(list *evidence.SBOM) (*Report, error) {
	r.Details.SBOM = list
	r.Whole = wholeOf(nil, list.Components > 0)
	return r, counted(list.Components)
}

// identifying are the types of references that identify a package: SPDX 2.3
// annex F.
var identifying = []string{"purl", "cpe22Type", "cpe23Type", "swid", "swh", "gitoid"}

func identifiedSPDX2(p *spdx.Package) bool {
	named := len(p.PackageChecksums) > 0
	for _, ref := range p.PackageExternalReferences {
		named = named || ref != nil && ref.Locator != "" && slices.Contains(identifying, ref.RefType)
	}
	return named && stated(p.PackageVersion)
}

// stated tells whether a field says something: SPDX 2.3 has two words for
// nothing.
func stated(text string) bool {
	return text != "" && text != "NOASSERTION" && text != "NONE"
}

// toolVersion splits the name of a tool from its version, as the specification
// wants them written: name-version.
var toolVersion = lazyregexp.New(`^(.+?)[- ](v?[0-9][0-9A-Za-z.+~-]*)$`)

func toolOfSPDX(text string) evidence.Tool {
	text = clean(text)
	if m := toolVersion.FindStringSubmatch(text); m != nil {
		return evidence.Tool{Name: m[1], Version: m[2]}
	}
	return evidence.Tool{Name: text}
}

// context30 is how documents of 3.0.0 name the context; 3.0.1 corrected the
// specification, not its terms, and is the one that the library knows.
var context30 = []byte("https://spdx.org/rdf/3.0.0/")

func readSPDX3(data []byte) (*Report, error) {
	var value json.RawMessage
	if err := decodeJSON(data, &value); err != nil {
		return nil, err
	}
	version := "SPDX-3.0.1"
	if bytes.Contains(value, context30) {
		version = "SPDX-3.0.0"
		value = bytes.ReplaceAll(value, context30, []byte("https://spdx.org/rdf/3.0.1/"))
	}
	doc := &spdx3.Document{}
	err := guarded("list", func() error { return doc.UnmarshalJSON(value) })
	if bad, ok := err.(*Malformed); ok {
		return nil, bad
	}
	if err != nil {
		return nil, malformed(0, "not a valid SPDX document: %s", clean(err.Error()))
	}
	r := &Report{}
	r.Tool, r.Finished = madeBy(doc)
	list := &evidence.SBOM{Format: version}
	for _, e := range doc.Elements {
		p, ok := e.(*spdx3.Package)
		if !ok {
			continue
		}
		if p.Name == "" {
			return nil, malformed(0, "package %s has no name", clean(p.ID))
		}
		if list.Components++; !identifiedSPDX3(p) {
			list.Unnamed++
		}
	}
	return r.ofList(list)
}

func madeBy(doc *spdx3.Document) (tool evidence.Tool, when time.Time) {
	info, ok := doc.CreationInfo.(*spdx3.CreationInfo)
	if !ok || info == nil {
		return tool, when
	}
	for _, t := range info.CreatedUsing {
		if named, ok := t.(*spdx3.Tool); ok && named.Name != "" {
			tool = toolOfSPDX(named.Name)
			break
		}
	}
	if info.Created.Year() > 1 {
		when = info.Created.UTC().Truncate(time.Second)
	}
	return tool, when
}

// identifying3 are the types of identifiers that name a package: SPDX 3.0.1,
// Core, ExternalIdentifierType.
var identifying3 = []spdx3.ExternalIdentifierType{
	spdx3.ExternalIdentifierType_PackageURL, spdx3.ExternalIdentifierType_Cpe22, spdx3.ExternalIdentifierType_Cpe23,
	spdx3.ExternalIdentifierType_Swid, spdx3.ExternalIdentifierType_Swhid, spdx3.ExternalIdentifierType_Gitoid,
}

func identifiedSPDX3(p *spdx3.Package) bool {
	named := p.PackageURL != "" || len(p.ContentIdentifiers) > 0 || slices.ContainsFunc(p.VerifiedUsing, func(m spdx3.AnyIntegrityMethod) bool {
		_, ok := m.(*spdx3.Hash)
		return ok
	})
	for _, e := range p.ExternalIdentifiers {
		if id, ok := e.(*spdx3.ExternalIdentifier); ok {
			named = named || slices.Contains(identifying3, id.Type)
		}
	}
	return named && stated(strings.TrimSpace(p.Version))
}
