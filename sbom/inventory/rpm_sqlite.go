package inventory

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
)

// Types of pages of a table (SQLite file format 1.6).
const (
	sqliteInterior = 0x05
	sqliteLeaf     = 0x0d
)

func isSQLite(head []byte) bool {
	return len(head) >= 100 && string(head[:16]) == "SQLite format 3\x00"
}

// sqlite is a database of SQLite that is being read. Of the format this is what tables
// need: no index, no SQL. Numbers are big-endian.
type sqlite struct {
	*rpmDatabase
	size   int64           // of a page
	usable int64           // bytes of a page, without those that are reserved
	pages  int64           // that there are, counted from 1
	logged map[int64]int64 // where in the log the newest state of a page is
	used   marks
}

// sqlite reads the table Packages, of which a row is the number and the header of a package.
func (d *rpmDatabase) sqlite(ctx context.Context, head []byte) error {
	size := int64(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 64 << 10
	}
	s := &sqlite{rpmDatabase: d, size: size, usable: size - int64(head[20])}
	switch {
	case size < 512 || size&(size-1) != 0 || s.usable < 480:
		return fmt.Errorf("pages of %d bytes are not known", size)
	case binary.BigEndian.Uint32(head[56:]) > 1:
		return fmt.Errorf("its text is not UTF-8, in which RPM writes")
	}
	s.pages = d.size / size
	if err := s.readLog(); err != nil {
		d.lost("its log cannot be read: %v; newer packages may be missing, and removed ones listed", err)
	}
	if want, counted := s.claimed(head); counted && want > s.pages {
		d.lost("the database is cut short: it has %d of %d pages", s.pages, want)
	}
	s.used = newMarks(s.pages + 1)
	root := int64(0)
	err := s.table(ctx, 1, func(_ string, row []byte) {
		if at, err := packagesTable(row); err != nil {
			d.lost("an entry of the schema is damaged: %v", err)
		} else if at > 0 {
			root = at
		}
	})
	if err != nil {
		return err
	}
	if root == 0 {
		return fmt.Errorf("it has no table Packages")
	}
	return s.table(ctx, root, func(place string, row []byte) {
		values, err := record(row)
		if err != nil || len(values) < 2 || !values[1].blob {
			d.lost("%s: a package is damaged, and missing", place)
			return
		}
		d.header(place, values[1].text)
	})
}

// claimed is the number of pages that the file says it has. It counts only where the
// log holds none, and no old program wrote last.
func (s *sqlite) claimed(head []byte) (int64, bool) {
	counted := len(s.logged) == 0 && binary.BigEndian.Uint32(head[24:]) == binary.BigEndian.Uint32(head[92:])
	return int64(binary.BigEndian.Uint32(head[28:])), counted
}

// packagesTable is the first page of the table Packages where an entry of the schema
// (type, name, table, page, SQL) is about it.
func packagesTable(row []byte) (int64, error) {
	values, err := record(row)
	if err != nil || len(values) < 4 {
		return 0, errCutShort
	}
	if string(values[0].text) != "table" || !strings.EqualFold(string(values[1].text), "Packages") {
		return 0, nil
	}
	return values[3].number, nil
}

// page reads a page in its newest state.
func (s *sqlite) page(n int64) ([]byte, error) {
	if n < 1 || n > s.pages || !s.used.take(n) {
		return nil, fmt.Errorf("page %d is not there, or is used twice", n)
	}
	page := make([]byte, s.size)
	if at, newer := s.logged[n]; newer {
		return page, readAt(s.log, page, at)
	}
	return page, s.at(page, (n-1)*s.size)
}

// table calls do for each row of a table. Pages are taken in the order of rows; a
// damaged one loses what is below it.
func (s *sqlite) table(ctx context.Context, root int64, do func(place string, row []byte)) error {
	left := []int64{root}
	for len(left) > 0 {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n := left[len(left)-1]
		left = left[:len(left)-1]
		page, err := s.page(n)
		if err != nil {
			s.lost("%v; packages on it are missing", err)
			continue
		}
		below, cells, err := s.cells(n, page)
		if err != nil {
			s.lost("page %d: %v; packages on it are missing", n, err)
			continue
		}
		for i := len(below) - 1; i >= 0; i-- {
			left = append(left, below[i])
		}
		for i, cell := range cells {
			place := fmt.Sprintf("page %d, cell %d", n, i)
			row, err := s.payload(page[:s.usable], cell)
			if err != nil {
				s.lost("%s: a package is not read: %v", place, err)
				continue
			}
			do(place, row)
		}
	}
	return nil
}

// cells are the pages below an inner page, or the offsets of the cells of a leaf.
func (s *sqlite) cells(n int64, page []byte) (below []int64, cells []int, err error) {
	start := 0
	if n == 1 {
		start = 100 // after the head of the file
	}
	kind, length := page[start], 8
	if kind == sqliteInterior {
		length = 12
	}
	count := int(binary.BigEndian.Uint16(page[start+3:]))
	list := start + length
	switch {
	case kind != sqliteInterior && kind != sqliteLeaf:
		return nil, nil, fmt.Errorf("it is no page of a table")
	case int64(list+2*count) > s.usable:
		return nil, nil, errCutShort
	}
	for i := range count {
		at := int(binary.BigEndian.Uint16(page[list+2*i:]))
		switch {
		case kind == sqliteLeaf:
			cells = append(cells, at)
		case int64(at+4) > s.usable:
			return nil, nil, errCutShort
		default:
			below = append(below, int64(binary.BigEndian.Uint32(page[at:])))
		}
	}
	if kind == sqliteInterior {
		below = append(below, int64(binary.BigEndian.Uint32(page[start+8:])))
	}
	return below, cells, nil
}

// payload is the row of a cell in a leaf: its length, its number, and as much of it as
// stands here; the rest goes on in a chain of pages.
func (s *sqlite) payload(page []byte, at int) ([]byte, error) {
	if at >= len(page) {
		return nil, errCutShort
	}
	rest := page[at:]
	length, n := varint(rest)
	_, m := varint(rest[n:])
	if n == 0 || m == 0 {
		return nil, errCutShort
	}
	if length > uint64(min(maxRPMHeader, s.pages*s.size)) {
		return nil, fmt.Errorf("it is larger than the database, or than %d bytes", maxRPMHeader)
	}
	rest = rest[n+m:]
	whole, here := int(length), s.here(int64(length))
	if here > len(rest) {
		return nil, errCutShort
	}
	if here == whole {
		return rest[:here], nil
	}
	if here+4 > len(rest) {
		return nil, errCutShort
	}
	row := append([]byte(nil), rest[:here]...)
	next := int64(binary.BigEndian.Uint32(rest[here:]))
	for len(row) < whole {
		more, err := s.page(next)
		if err != nil {
			return nil, err
		}
		next = int64(binary.BigEndian.Uint32(more))
		row = append(row, more[4:min(s.usable, int64(4+whole-len(row)))]...)
	}
	return row, nil
}

// here is how many bytes of a row stand in its leaf (file format 1.6).
func (s *sqlite) here(length int64) int {
	most := s.usable - 35
	if length <= most {
		return int(length)
	}
	least := (s.usable-12)*32/255 - 23
	if n := least + (length-least)%(s.usable-4); n <= most {
		return int(n)
	}
	return int(least)
}

// value is a column of a row: a number, or a text or blob.
type value struct {
	number int64
	text   []byte
	blob   bool
}

// record takes a row apart: the types of its columns, then their values (file format
// 2.1). Tables of RPM and the schema have five columns or fewer.
func record(row []byte) ([]value, error) {
	length, n := varint(row)
	if n == 0 || length < uint64(n) || length > uint64(len(row)) {
		return nil, errCutShort
	}
	types, rest := row[n:length], row[length:]
	var list []value
	for len(types) > 0 && len(list) < 5 {
		kind, n := varint(types)
		if n == 0 {
			return nil, errCutShort
		}
		types = types[n:]
		size := sizeOf(kind)
		if size > uint64(len(rest)) {
			return nil, errCutShort
		}
		v := value{blob: kind >= 12 && kind%2 == 0}
		if kind >= 12 {
			v.text = rest[:size]
		} else {
			v.number = number(kind, rest[:size])
		}
		list, rest = append(list, v), rest[size:]
	}
	return list, nil
}

// sizeOf is the number of bytes of a value of a type.
func sizeOf(kind uint64) uint64 {
	if kind >= 12 {
		return (kind - 12) / 2
	}
	return [12]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}[kind]
}

// number is a whole number; 0 for others.
func number(kind uint64, text []byte) (n int64) {
	switch {
	case kind == 9:
		return 1
	case kind < 1 || kind > 6:
		return 0
	}
	for i, b := range text {
		if i == 0 {
			n = int64(int8(b))
			continue
		}
		n = n<<8 | int64(b)
	}
	return n
}

// varint reads a number of 1 to 9 bytes and says how many they are; 0 where it is cut short.
func varint(text []byte) (v uint64, n int) {
	for n < len(text) && n < 8 {
		b := text[n]
		v, n = v<<7|uint64(b&0x7f), n+1
		if b < 0x80 {
			return v, n
		}
	}
	if n < len(text) && n == 8 {
		return v<<8 | uint64(text[8]), 9
	}
	return 0, 0
}
