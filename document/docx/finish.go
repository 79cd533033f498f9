package docx

import (
	"fmt"
	"time"
)

// finish puts the package together.
func (w *writer) finish() ([]byte, error) {
	w.addLists()
	w.properties()
	root := w.base.document().root
	root.kids = append(root.kids, &node{name: "w:body", kids: []*node{markup(w.String())}})
	return w.base.zip(w.set.Stamp.Time)
}

// properties writes what file managers show.
func (w *writer) properties() {
	s := w.set.Stamp
	core := `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`
	if !s.Time.IsZero() {
		core += `<dcterms:created xsi:type="dcterms:W3CDTF">` + s.Time.UTC().Format(time.RFC3339) + `</dcterms:created>`
	}
	core += `<dc:creator>` + esc(s.Manufacturer) + `</dc:creator><dc:description>` + esc(w.stampLine()) + `</dc:description><dc:identifier>` + esc(w.d.Number) + `</dc:identifier><dc:language>` + esc(tag(w.d.Lang)) + `</dc:language>` +
		`<dc:subject>` + esc(s.Product) + `</dc:subject><dc:title>` + esc(w.d.Title) + `</dc:title><cp:contentStatus>` + esc(w.status()) + `</cp:contentStatus><cp:version>` + esc(w.d.Revision) + `</cp:version></cp:coreProperties>`
	ext := `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>` + esc(s.Manufacturer) + `</Company></Properties>`
	b := w.base
	b.top = append(b.top, relation{kind: kindPackage + "metadata/core-properties", target: b.free("docProps/core.xml")})
	b.parts[b.top[len(b.top)-1].target] = &part{kind: contentCore, data: []byte(xmlHead + core)}
	b.top = append(b.top, relation{kind: kindOffice + "extended-properties", target: b.free("docProps/app.xml")})
	b.parts[b.top[len(b.top)-1].target] = &part{kind: contentExt, data: []byte(xmlHead + ext)}
	for i := range b.top {
		b.top[i].id = fmt.Sprintf("rId%d", i+1)
	}
}
