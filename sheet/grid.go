package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/diag"
	"theriac/model"
)

// place is where a column of a table stands in a sheet.
type place struct {
	field *Binding
	col   int
}

// grid is a table found in a sheet.
type grid struct {
	table  *Table
	sheet  *Sheet
	header map[string]int // columns by name
	id     int
	fields []place
	ignore []int // columns of table.IgnoreRows
}

func (in *importer) table(t *Table) {
	s := in.book.Sheet(t.Sheet)
	if s == nil {
		if !in.mapping.own {
			in.add(whole(in.book.Name, fmt.Sprintf("there is no sheet %q", t.Sheet), "the sheets are "+quotedNames(in.book.names())))
		}
		return
	}
	in.kinds[t.Kind], in.sheets[s.Name] = true, true
	if g := in.find(t, s); g != nil {
		in.rows(g)
	}
}

// find locates the columns of a table.
func (in *importer) find(t *Table, s *Sheet) *grid {
	g := &grid{table: t, sheet: s, header: map[string]int{}}
	if len(s.Rows) < t.Header {
		in.fault("", s, t.Header, 1, "there is no header in this row", "name the row of the header in the mapping")
		return nil
	}
	ok := true
	for i, c := range s.Rows[t.Header-1] {
		name := oneLine(c.Text)
		if g.header[name] == 0 {
			g.header[name] = i + 1
		} else if name != "" && t.uses(name) {
			in.fault("", s, t.Header, i+1, fmt.Sprintf("column %q occurs twice", name), "give one of the two another name")
			ok = false
		}
	}
	ok = in.locate(g) && ok
	if !ok {
		return nil
	}
	return g
}

// uses reports whether a table reads the column with the name.
func (t *Table) uses(name string) bool {
	return name == t.ID || slices.ContainsFunc(t.Columns, func(f *Binding) bool { return f.Column == name }) ||
		slices.ContainsFunc(t.IgnoreRows, func(g *Ignore) bool { return g.Name == name })
}

func (in *importer) locate(g *grid) bool {
	ok := true
	need := func(name string) int {
		col := g.header[name]
		if col == 0 {
			ok = false
			in.lacks(g, name)
		}
		return col
	}
	g.id = need(g.table.ID)
	for _, f := range g.table.Columns {
		switch {
		case f.Column == "":
			g.fields = append(g.fields, place{f, 0})
		case g.header[f.Column] != 0:
			g.fields = append(g.fields, place{f, g.header[f.Column]})
		case !in.mapping.own:
			need(f.Column)
		}
	}
	for _, i := range g.table.IgnoreRows {
		g.ignore = append(g.ignore, need(i.Name))
	}
	return ok
}

func (in *importer) lacks(g *grid, name string) {
	var names []string
	for n := range g.header {
		if n != "" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	help := "the columns of this row are " + strings.Join(names[:min(len(names), 40)], ", ")
	if s := diag.Suggest(name, names); s != "" {
		help = fmt.Sprintf("did you mean %q?", s)
	} else if len(names) == 0 {
		help = "the row is empty; name the row of the header in the mapping"
	}
	in.fault("", g.sheet, g.table.Header, 1, fmt.Sprintf("no column %q in the header", name), help)
}

// strangers reports sheets and columns that no table reads.
func (in *importer) strangers() {
	read := map[*Sheet]map[string]bool{}
	for _, t := range in.mapping.Tables {
		s := in.book.Sheet(t.Sheet)
		if s == nil || len(s.Rows) < t.Header {
			continue
		}
		if read[s] == nil {
			read[s] = map[string]bool{"": true}
		}
		for _, c := range s.Rows[t.Header-1] {
			name := oneLine(c.Text)
			read[s][name] = read[s][name] || t.uses(name) || slices.Contains(t.IgnoreColumns, name)
		}
	}
	for _, s := range in.book.Sheets {
		switch {
		case read[s] == nil && in.mapping.own && s.Name != readMe && s.Name != lists:
			help := "the sheets are named " + strings.Join(Kinds(), ", ") + "; other sheets need a mapping"
			if near := diag.Suggest(s.Name, Kinds()); near != "" {
				help = fmt.Sprintf("did you mean %q?", near)
			}
			in.warn(whole(in.book.Name, fmt.Sprintf("sheet %q is left out", s.Name), help))
		case read[s] != nil:
			in.strangeColumns(s, read[s])
		}
	}
	if len(in.kinds) == 0 && !in.findings.Worst(diag.Error) {
		in.add(whole(in.book.Name, "no sheet holds anything that could be imported", "the sheets are "+quotedNames(in.book.names())+"; choose one with --sheet, or name them in a mapping"))
	}
}

func quotedNames(names []string) string {
	var list []string
	for _, n := range names {
		list = append(list, strconv.Quote(n))
	}
	return strings.Join(list, ", ")
}

func (in *importer) warn(f diag.Finding) {
	f.Severity = diag.Warning
	in.add(f)
}

// strangeColumns reports columns of a sheet that no table reads.
func (in *importer) strangeColumns(s *Sheet, read map[string]bool) {
	for _, t := range in.mapping.Tables {
		if t.Sheet != s.Name {
			continue
		}
		for i, c := range s.Rows[t.Header-1] {
			name := oneLine(c.Text)
			if read[name] {
				continue
			}
			read[name] = true
			help := "name it in the mapping, under `columns` or `ignore-columns`"
			if near := diag.Suggest(name, fieldNames(t.Kind)); near != "" && in.mapping.own {
				help = fmt.Sprintf("did you mean %q?", near)
			}
			in.warn(in.book.fault("", s, t.Header, i+1, fmt.Sprintf("column %q is left out", name), help))
		}
	}
}

// rows reads the rows below the header.
func (in *importer) rows(g *grid) {
	above := make([]Cell, len(g.sheet.Rows[g.table.Header-1]))
	for row := g.table.Header + 1; row <= len(g.sheet.Rows); row++ {
		if g.blank(row) {
			continue
		}
		cells := slices.Clone(g.sheet.Rows[row-1])
		for len(cells) < len(above) {
			cells = append(cells, Cell{})
		}
		for _, name := range g.table.FillDown {
			if i := g.header[name] - 1; strings.TrimSpace(cells[i].Text) == "" && cells[i].Fault == "" {
				cells[i] = above[i]
			}
		}
		above = cells
		if !g.ignored(cells) {
			in.row(g, row, cells)
		}
	}
}

// blank reports whether no cell that the table reads holds anything.
func (g *grid) blank(row int) bool {
	empty := func(col int) bool {
		c := g.sheet.cell(row, col)
		return strings.TrimSpace(c.Text) == "" && c.Fault == ""
	}
	return empty(g.id) && !slices.ContainsFunc(g.fields, func(p place) bool { return p.col > 0 && !empty(p.col) })
}

func (g *grid) ignored(cells []Cell) bool {
	for i, rule := range g.table.IgnoreRows {
		text := oneLine(cells[g.ignore[i]-1].Text)
		if slices.Contains(rule.Is, text) || rule.Empty == model.Yes && text == "" {
			return true
		}
	}
	return false
}
