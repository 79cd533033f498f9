package sbom

import (
	"io"
	"slices"
	"strings"
)

// jsonBOM reads the forms in JSON. Which one it is may stand at the end of the file,
// therefore one walk knows them all.
type jsonBOM struct {
	*jsonReader
	cyclone, spdx, linked bool // form: by name, or by what only it has
	wrapped               bool // inside of an answer or a statement
	spdx3                 spdx3State
}

func (r *reading) readJSON(in io.Reader) error {
	r.refLabel = "reference"
	b := &jsonBOM{jsonReader: newJSONReader(r, in)}
	switch b.peek() {
	case '[': // JSON-LD without a context around it
		b.top([]byte("@graph"))
	default:
		b.object(b.top)
	}
	switch {
	case b.cyclone:
		r.bom.Format = "CycloneDX"
		b.known("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
	case b.linked && (r.bom.Version != "" || len(r.bom.Components) > 0):
		r.bom.Format = "SPDX"
		b.settle()
		b.known("3.0", "3.0.0", "3.0.1")
	case b.spdx:
		r.bom.Format = "SPDX"
		b.known("2.1", "2.2", "2.2.1", "2.2.2", "2.3", "2.3.1")
	default:
		return errNone
	}
	if b.peek() != 0 {
		b.lost(b.line, "something stands after the end of the list; it was not read")
	}
	return nil
}

// known tells of a version of the format that this package was not made for.
func (r *reading) known(versions ...string) {
	if !slices.Contains(versions, r.bom.Version) {
		r.problem(0, "version %q of %s is not known; it is read like %s", r.bom.Version, r.bom.Format, versions[len(versions)-1])
	}
}

// top reads a member of the document.
func (b *jsonBOM) top(name []byte) bool {
	bom := b.bom
	switch string(name) {
	case "bomFormat":
		var format string
		b.str(&format, "bomFormat")
		b.cyclone = b.cyclone || format == "CycloneDX"
		if format != "CycloneDX" {
			b.problem(b.line, "bomFormat is %q, not CycloneDX", format)
		}
	case "specVersion":
		return b.str(&bom.Version, "specVersion")
	case "spdxVersion":
		b.spdx, b.refLabel = true, "SPDXID"
		b.str(&bom.Version, "spdxVersion")
		bom.Version = strings.TrimPrefix(bom.Version, "SPDX-")
	case "@graph":
		b.linked, b.refLabel = true, "spdxId"
		return b.list("@graph", b.element)
	case "@context":
		b.linked, b.refLabel = true, "spdxId"
		return false
	case "sbom", "predicate":
		if b.wrapped || b.peek() != '{' {
			return false
		}
		b.wrapped = true
		b.object(b.top)
	default:
		return b.topCyclone(name) || b.topSPDX(name)
	}
	return true
}
