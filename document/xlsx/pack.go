package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// parts collects the parts of a workbook in place of an archive, so that they can be
// put into a fixed order.
type parts map[string]*bytes.Buffer

func (p parts) Create(name string) (io.Writer, error) {
	p[name] = &bytes.Buffer{}
	return p[name], nil
}

// AddFS is there because excelize asks for it; it does not call it.
func (p parts) AddFS(fs.FS) error { return errors.ErrUnsupported }

func (p parts) Close() error { return nil }

// pack writes the workbook with its links: excelize looks through all links of a
// sheet for each new one, which takes too long for those of thousands of rows.
func (b *book) pack() ([]byte, error) {
	all := parts{}
	b.SetZipWriter(func(io.Writer) excelize.ZipWriter { return all })
	if _, err := b.WriteToBuffer(); err != nil {
		return nil, err
	}
	for i, links := range b.links {
		if err := all.addLinks(i+1, links); err != nil {
			return nil, err
		}
	}
	at := b.set.Stamp.Time.UTC()
	if at.Year() < 1980 || at.Year() > 2107 {
		at = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) // what an archive can say
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range all.order() {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(all[name].Bytes()); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// order is by name, with the part first by which programs know a workbook.
func (p parts) order() []string {
	const first = "[Content_Types].xml"
	names := slices.Sorted(maps.Keys(p))
	if i := slices.Index(names, first); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, first)
	}
	return names
}

const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

// addLinks puts links into a sheet. They stand before the margins of the page, which
// each of our sheets has.
func (p parts) addLinks(sheet int, links []link) error {
	if len(links) == 0 {
		return nil
	}
	name := fmt.Sprintf("sheet%d.xml", sheet)
	part := p["xl/worksheets/"+name]
	rels := "xl/worksheets/_rels/" + name + ".rels"
	if part == nil || p[rels] != nil {
		return fmt.Errorf("%s is not as expected", name)
	}
	at := bytes.LastIndex(part.Bytes(), []byte("<pageMargins"))
	if at < 0 {
		return fmt.Errorf("%s has no margins", name)
	}
	var list, targets bytes.Buffer
	ids := map[string]string{}
	fmt.Fprintf(&list, `<hyperlinks xmlns:r=%q>`, relationships)
	for _, l := range links {
		if l.to == "" {
			fmt.Fprintf(&list, `<hyperlink ref="%s" location="%s"/>`, l.ref, escape(quoted(l.cell.sheet)+"!A"+strconv.Itoa(l.cell.row)))
			continue
		}
		id, ok := ids[l.to]
		if !ok {
			id = "rId" + strconv.Itoa(len(ids)+1)
			ids[l.to] = id
			fmt.Fprintf(&targets, `<Relationship Id="%s" Type="%s/hyperlink" Target="%s" TargetMode="External"/>`, id, relationships, escape(l.to))
		}
		fmt.Fprintf(&list, `<hyperlink ref="%s" r:id="%s"/>`, l.ref, id)
	}
	list.WriteString(`</hyperlinks>`)
	p["xl/worksheets/"+name] = bytes.NewBuffer(slices.Concat(part.Bytes()[:at], list.Bytes(), part.Bytes()[at:]))
	if len(ids) > 0 {
		p[rels] = bytes.NewBufferString(xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + targets.String() + `</Relationships>`)
	}
	return nil
}

func escape(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) //nolint:errcheck // a buffer does not fail
	return b.String()
}
