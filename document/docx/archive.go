package docx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// The namespaces and kinds of Office Open XML.
const (
	nsMain      = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsDrawing   = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"

	kindOffice   = nsRelations + "/"
	kindPackage  = "http://schemas.openxmlformats.org/package/2006/relationships/"
	contentWord  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	contentMain  = contentWord + "document.main+xml"
	contentCore  = "application/vnd.openxmlformats-package.core-properties+xml"
	contentExt   = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
	contentRels  = "application/vnd.openxmlformats-package.relationships+xml"
	relationRoot = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// part is a part of a package.
type part struct {
	kind      string // content type
	data      []byte
	root      *node // in place of data while it is worked on
	relations []relation
	prefix    string // of the ids of relations that are added
	before    int    // relations before the first of those
}

// relation leads from a part to another one, or out of the package.
type relation struct {
	id, kind, target string // the target without leading slash, or an address
	outside          bool
}

// is reports whether the relation is of a kind of Office: styles, header, image ...
func (r relation) is(kind string) bool { return r.kind == kindOffice+kind }

// base is a package into which a document is written.
type base struct {
	parts map[string]*part // by name without leading slash
	top   []relation       // of the package
	main  string           // name of the part of the document
	front []*node          // what the template has before our text
	back  []*node          // and behind it
	sect  *node            // page, headers and footers
	own   bool             // there is no template
}

func (b *base) document() *part { return b.parts[b.main] }

// related is the part to which the document has a relation of a kind of Office, or nil.
func (b *base) related(kind string) *part {
	for _, r := range b.document().relations {
		if r.is(kind) && !r.outside {
			return b.parts[r.target]
		}
	}
	return nil
}

// add adds a part below the folder of the document, and gives the id of the relation.
func (b *base) add(kind, name string, p *part) string {
	full := b.free(path.Join(path.Dir(b.main), name))
	b.parts[full] = p
	return b.document().relate(kind, full, false)
}

// free is a name that no part has: the one given, where it can be.
func (b *base) free(name string) string {
	ext := path.Ext(name)
	for free, i := name, 2; ; i++ {
		if b.parts[free] == nil {
			return free
		}
		free = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), i, ext)
	}
}

// relate adds a relation to a part and gives its id.
func (p *part) relate(kind, target string, outside bool) string {
	for p.prefix == "" || p.before == len(p.relations) && p.taken() {
		p.prefix += "theriac"
		p.before = len(p.relations)
	}
	id := fmt.Sprintf("%s%d", p.prefix, len(p.relations)+1)
	p.relations = append(p.relations, relation{id, kindOffice + kind, target, outside})
	return id
}

// taken reports whether a relation has an id that starts with the prefix of ours.
func (p *part) taken() bool {
	return slices.ContainsFunc(p.relations, func(r relation) bool { return strings.HasPrefix(r.id, p.prefix) })
}

// zip writes the package; all times are the one given.
func (b *base) zip(at time.Time) ([]byte, error) {
	if at.Year() < 1980 || at.Year() > 2107 {
		at = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) // what ZIP can say
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	put := func(name string, data []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()})
		if err == nil {
			_, err = f.Write(data)
		}
		return err
	}
	err := put("[Content_Types].xml", b.contentTypes())
	if err == nil {
		err = put("_rels/.rels", relationsPart(b.top))
	}
	for _, name := range slices.Sorted(maps.Keys(b.parts)) {
		p := b.parts[name]
		if err == nil {
			err = put(name, p.bytes())
		}
		if err == nil && len(p.relations) > 0 {
			err = put(relationsOf(name), relationsPart(p.relations))
		}
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}

func (p *part) bytes() []byte {
	if p.root != nil {
		return p.root.part()
	}
	return p.data
}

// relationsOf is the name of the part with the relations of another.
func relationsOf(name string) string {
	return path.Join(path.Dir(name), "_rels", path.Base(name)+".rels")
}

func (b *base) contentTypes() []byte {
	var s strings.Builder
	s.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`)
	s.WriteString(`<Default Extension="rels" ContentType="` + contentRels + `"/><Default Extension="xml" ContentType="application/xml"/>`)
	for _, name := range slices.Sorted(maps.Keys(b.parts)) {
		s.WriteString(`<Override PartName="/` + exact(name) + `" ContentType="` + esc(b.parts[name].kind) + `"/>`)
	}
	s.WriteString(`</Types>`)
	return []byte(s.String())
}

func relationsPart(list []relation) []byte {
	var s strings.Builder
	s.WriteString(xmlHead + `<Relationships xmlns="` + relationRoot + `">`)
	for _, r := range list {
		target, mode := "/"+r.target, ""
		if r.outside {
			target, mode = r.target, ` TargetMode="External"`
		}
		s.WriteString(`<Relationship Id="` + exact(r.id) + `" Type="` + exact(r.kind) + `" Target="` + exact(target) + `"` + mode + `/>`)
	}
	s.WriteString(`</Relationships>`)
	return []byte(s.String())
}
