package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A workbook is looked through before the library reads it: the library makes
// room for every cell up to the last one named, so a small file could ask for
// any amount of memory. On the way this notes what the library's rows do not
// tell: merged cells, and formulas without a stored result.

// part is what was noted of one worksheet.
type part struct {
	merged []area
	bare   map[[2]int]bool // row and column of formulas without a stored result
}

// area is a rectangle of cells, from 1, both ends included.
type area struct{ row, col, endRow, endCol int }

// scanner looks through the parts of a workbook.
type scanner struct {
	files  map[string]*zip.File
	cells  int
	merged int // rows of merged cells, all areas together
}

// scan returns what was noted, by the name of the sheet.
func scan(data []byte) (map[string]*part, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errors.New("it is not a workbook (XLSX)")
	}
	s := &scanner{files: map[string]*zip.File{}}
	var total uint64
	for _, f := range z.File {
		if total += f.UncompressedSize64; total > maxUnzipped || f.UncompressedSize64 > maxUnzipped {
			return nil, fmt.Errorf("its parts take more than %d MB", maxUnzipped>>20)
		}
		s.files[strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, "\\", "/")), "/")] = f
	}
	parts := map[string]*part{}
	for name, f := range s.files {
		if !strings.HasSuffix(strings.ToLower(name), ".xml") {
			continue
		}
		if parts[name], err = s.worksheet(f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return s.byName(parts)
}

// worksheet notes rows, cells and merged cells of a part. A part that is no
// worksheet has none.
func (s *scanner) worksheet(f *zip.File) (*part, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	w := &walk{scanner: s, part: &part{bare: map[[2]int]bool{}}}
	d := xml.NewDecoder(r)
	for {
		token, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return w.part, nil
		case err != nil:
			return nil, err
		}
		if err := w.step(token); err != nil {
			return nil, err
		}
	}
}

// walk is the place of a scan in a worksheet.
type walk struct {
	*scanner
	part     *part
	row, col int
	formula  bool // in the cell
	result   bool
}

var errExtent = fmt.Errorf("it has more than %d rows, %d columns or %d cells", maxRows, maxColumns, maxArea)

func (w *walk) step(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "row":
			w.row, w.col = number(t, w.row+1), 0
		case "c":
			return w.cell(t)
		case "f":
			w.formula = true
		case "v", "is":
			w.result = true
		case "mergeCell":
			return w.merge(t)
		}
	case xml.EndElement:
		if t.Name.Local == "c" {
			if w.formula && !w.result {
				w.part.bare[[2]int{w.row, w.col}] = true
			}
			w.formula, w.result = false, false
		}
	}
	if w.row > maxRows {
		return errExtent
	}
	return nil
}

// number is the attribute r of a row, or what it would be without.
func number(t xml.StartElement, otherwise int) int {
	for _, a := range t.Attr {
		if a.Name.Local == "r" {
			if n, err := strconv.Atoi(a.Value); err == nil && n > 0 {
				return n
			}
			return maxRows + 1
		}
	}
	return otherwise
}

func (w *walk) cell(t xml.StartElement) error {
	before := w.col
	w.col++
	for _, a := range t.Attr {
		if a.Name.Local == "r" {
			var err error
			if w.col, w.row, err = excelize.CellNameToCoordinates(a.Value); err != nil {
				return err
			}
		}
	}
	w.cells += max(w.col-before, 1)
	if w.row > maxRows || w.col > maxColumns || w.cells > maxArea {
		return errExtent
	}
	return nil
}

func (w *walk) merge(t xml.StartElement) error {
	for _, a := range t.Attr {
		if a.Name.Local != "ref" {
			continue
		}
		from, to, found := strings.Cut(a.Value, ":")
		if !found {
			continue // a single cell
		}
		col, row, err := excelize.CellNameToCoordinates(from)
		if err != nil {
			return err
		}
		endCol, endRow, err := excelize.CellNameToCoordinates(to)
		if err != nil {
			return err
		}
		w.part.merged = append(w.part.merged, area{row, col, endRow, endCol})
		if w.merged += max(min(endRow, maxRows)-row, 0) + 1; w.merged > maxArea {
			return errExtent
		}
	}
	return nil
}

// relation is an entry of a .rels part.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

// byName finds the part of each sheet through the relations of the workbook.
func (s *scanner) byName(parts map[string]*part) (map[string]*part, error) {
	root, err := s.relations("")
	if err != nil {
		return nil, err
	}
	for _, r := range root {
		if !strings.HasSuffix(r.Type, "/officeDocument") {
			continue
		}
		var book struct {
			Sheets []struct {
				Name string     `xml:"name,attr"`
				Attr []xml.Attr `xml:",any,attr"`
			} `xml:"sheets>sheet"`
		}
		if err := s.decode(r.Target, &book); err != nil {
			return nil, err
		}
		targets, err := s.relations(r.Target)
		if err != nil {
			return nil, err
		}
		found := map[string]*part{}
		for _, sheet := range book.Sheets {
			for _, a := range sheet.Attr {
				if a.Name.Local == "id" {
					found[sheet.Name] = parts[targets[a.Value].Target]
				}
			}
		}
		return found, nil
	}
	return nil, errors.New("it holds no workbook")
}

// relations are those of a part, by id, with targets from the root.
func (s *scanner) relations(of string) (map[string]relation, error) {
	dir, name := path.Split(of)
	var list struct {
		Relations []relation `xml:"Relationship"`
	}
	if err := s.decode(path.Join(dir, "_rels", name+".rels"), &list); err != nil {
		return nil, err
	}
	found := map[string]relation{}
	for _, r := range list.Relations {
		if !strings.HasPrefix(r.Target, "/") {
			r.Target = path.Join(dir, r.Target)
		}
		r.Target = strings.TrimPrefix(path.Clean(r.Target), "/")
		found[r.ID] = r
	}
	return found, nil
}

func (s *scanner) decode(name string, into any) error {
	f := s.files[name]
	if f == nil {
		return fmt.Errorf("it lacks the part %s", name)
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return xml.NewDecoder(r).Decode(into)
}
