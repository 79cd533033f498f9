package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"theriac/document"
)

// Limits of spreadsheet programs: links of a sheet, and the length of an address.
const (
	maxLinks   = 65529
	maxAddress = 2079
)

// link is where a cell leads: to an address, or to a cell of the workbook.
type link struct {
	ref  string
	to   string   // address; "" for a cell
	cell location // zero for an address
}

func (l link) isZero() bool { return l.to == "" && l.cell.sheet == "" }

// link notes that a cell leads somewhere, and reports whether it does.
func (b *book) link(sheet, column, row int, to link) bool {
	if to.isZero() || len(b.links[sheet]) >= maxLinks || len(to.to) > maxAddress {
		return false
	}
	ref, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return false
	}
	to.ref = ref
	b.links[sheet] = append(b.links[sheet], to)
	return true
}

// linkOf is the one place to which all links of a cell lead; none where they lead to
// several, out of the workbook into another document, or to the row of the cell.
func (b *book) linkOf(c document.Cell, from location) link {
	var one link
	for _, l := range c.Lines {
		for _, s := range l {
			if s.To == "" {
				continue
			}
			to := b.follow(s.To)
			if to.isZero() || !one.isZero() && one != to {
				return link{}
			}
			one = to
		}
	}
	if one.cell == from {
		return link{}
	}
	return one
}

func (b *book) follow(to document.Address) link {
	if to.Outside() {
		return link{to: address(string(to))}
	}
	if anchor, ok := b.set.Within(to, b.doc); ok {
		return link{cell: b.spots[anchor]}
	}
	return link{}
}

// address is an address with what no address may hold escaped.
func address(to string) string {
	var b strings.Builder
	const hex = "0123456789ABCDEF"
	for i := range len(to) {
		if c := to[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// quoted is the name of a sheet in a reference.
func quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }
