package html

import (
	"fmt"
	"math"
	"strconv"

	"theriac/document"
)

// table writes a table in a region that scrolls when it is wider than the page.
func (p *page) table(t *document.Table) {
	p.tables++
	caption := "_table-" + strconv.Itoa(p.tables)
	p.put(`<div class="scroll`)
	if t.Wide {
		p.put(" wide")
	}
	p.put(`" role="region" tabindex="0"`)
	if t.Caption != "" {
		p.attr("aria-labelledby", caption)
	} else {
		p.attr("aria-label", p.words.say("Table without a title, %d", p.tables))
	}
	p.free(t.ID)
	p.put("><table", breadth(len(t.Columns), t.Wide), ">\n")
	if t.Caption != "" {
		p.put("<caption")
		p.attr("id", caption)
		p.put(">")
		if t.Number > 0 {
			p.put(`<span class="number">`)
			p.label("Table %d", t.Number)
			p.put("</span> ")
		}
		p.text(t.Caption)
		p.put("</caption>\n")
	}
	p.columns(t.Columns)
	p.rowsOf(t)
	p.put("</table></div>")
}

// breadth is the class for the least width of a table on a narrow screen.
func breadth(columns int, wide bool) markup {
	switch {
	case wide || columns > 6:
		return ` class="broad"`
	case columns > 3:
		return ` class="mid"`
	}
	return ""
}

func (p *page) columns(list []document.Column) {
	sum, sized := 0.0, false
	for _, c := range list {
		sum += share(c)
		sized = sized || c.Width > 0
	}
	if sized {
		p.put("<colgroup>")
		for _, c := range list {
			p.put("<col")
			p.attr("class", fmt.Sprintf("w%d", int(math.Round(100*share(c)/sum))))
			p.put(">")
		}
		p.put("</colgroup>\n")
	}
	p.put("<thead><tr>")
	for _, c := range list {
		if c.Title == "" {
			p.put("<td></td>")
			continue
		}
		p.put(`<th scope="col"`, kinds[c.Kind], ">")
		p.text(c.Title)
		p.put("</th>")
	}
	p.put("</tr></thead>\n")
}

// share is the width of a column in the unit of its table.
func share(c document.Column) float64 {
	if c.Width > 0 && c.Width < 1e6 {
		return c.Width
	}
	return 1
}

// kinds are the classes of cells by kind of column.
var kinds = map[document.ColumnKind]markup{
	document.Code: ` class="code"`, document.Figure: ` class="figure"`, document.Date: ` class="date"`, document.State: ` class="state"`,
}

// rowsOf writes the rows, those of a group in a body of their own.
func (p *page) rowsOf(t *document.Table) {
	p.put("<tbody>\n")
	for i, r := range t.Rows {
		if r.Group != "" && i > 0 {
			p.put("</tbody>\n<tbody>\n")
		}
		p.put("<tr")
		if a := anchor(r.ID); p.rows[a] {
			delete(p.rows, a)
			p.attr("id", a)
		}
		if r.Group != "" {
			p.put(` class="group"><th scope="rowgroup"`)
			p.attr("colspan", strconv.Itoa(max(len(t.Columns), 1)))
			p.put(">")
			p.text(r.Group)
			p.mark(r.Source)
			p.put("</th>")
		} else {
			p.put(">")
			p.cells(t.Columns, r)
		}
		p.put("</tr>\n")
	}
	if len(t.Rows) == 0 {
		p.put(`<tr><td class="none"`)
		p.attr("colspan", strconv.Itoa(max(len(t.Columns), 1)))
		p.put(">")
		p.label("none")
		p.put("</td></tr>\n")
	}
	p.put("</tbody>\n")
}

// cells writes the cells of a row; the first names the row where the row has an id.
func (p *page) cells(columns []document.Column, r document.Row) {
	for i := range max(len(columns), len(r.Cells)) {
		kind := markup("")
		if i < len(columns) {
			kind = kinds[columns[i].Kind]
		}
		element := markup("td")
		if i == 0 && r.ID != "" {
			element = "th"
			p.put(`<th scope="row"`, kind, ">")
		} else {
			p.put("<td", kind, ">")
		}
		if i < len(r.Cells) {
			p.cell(r.Cells[i])
		}
		if i == 0 {
			p.mark(r.Source)
		}
		p.put("</", element, ">")
	}
}

func (p *page) cell(c document.Cell) {
	for i, l := range c.Lines {
		if i > 0 {
			p.put("<br>")
		}
		p.line(l)
	}
}

// free gives an element the id of a table or picture, unless a section or row has it.
func (p *page) free(id string) {
	if a := anchor(id); a != "" && !p.taken[a] {
		p.taken[a] = true
		p.attr("id", a)
	}
}
