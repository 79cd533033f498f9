package sheet

import (
	"fmt"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/model"
)

// Export makes a workbook of a security file, with the sheets and columns of the
// mapping. The book is only to be written when no finding is an error.
func Export(f *model.File, m *Mapping) (*Book, diag.List) {
	x := &exporter{file: f, mapping: m, numbers: numbersOf(f, m), book: &Book{}}
	if f.Incomplete() {
		x.findings.Add(diag.Finding{Severity: diag.Error, Message: "part of the security file could not be read, and would be missing in the sheets", Help: "run `theriac check` and mend what cannot be read"})
		return x.book, x.findings
	}
	for _, t := range m.Tables {
		x.table(t)
	}
	x.findings.Sort()
	return x.book, x.findings
}

type exporter struct {
	file     *model.File
	mapping  *Mapping
	numbers  *numbers
	book     *Book
	findings diag.List
}

func (x *exporter) table(t *Table) {
	if what, help := x.reserved(t.Sheet); what != "" {
		x.findings.Add(diag.Finding{Severity: diag.Error, Span: t.key.Span(), Message: fmt.Sprintf("sheet %q %s and cannot be written", t.Sheet, what), Help: help})
		return
	}
	s := &Sheet{Name: t.Sheet, Header: t.Header, Rows: make([][]Cell, t.Header-1)}
	fields := t.written()
	header := []Cell{{Text: t.ID}}
	for _, f := range fields {
		header = append(header, Cell{Text: f.Column})
	}
	s.Rows = append(s.Rows, header)
	for _, e := range entities(x.file, t.Kind) {
		s.Rows = append(s.Rows, x.row(t, fields, e))
	}
	x.layout(s, t, fields)
	x.book.Sheets = append(x.book.Sheets, s)
}

// reserved says why a sheet cannot have a name, or "". Spreadsheet programs do not
// tell capitals from small letters there.
func (x *exporter) reserved(name string) (what, help string) {
	same := func(other string) bool { return strings.EqualFold(name, other) }
	switch {
	case slices.ContainsFunc(x.book.names(), same):
		return "holds several kinds", "such a sheet can be imported; to export, give each kind a sheet of its own"
	case same(readMe) || same(lists):
		return "would explain the others", "give it another name"
	}
	return "", ""
}

// written are the fields that have a column, without the one that holds the ids.
func (t *Table) written() []*Binding {
	var list []*Binding
	for _, f := range t.Columns {
		if f.Column != "" && f.Column != t.ID {
			list = append(list, f)
		}
	}
	return list
}

func (x *exporter) row(t *Table, fields []*Binding, e model.Entity) []Cell {
	id := model.Of(e).ID
	number := x.numbers.number(id)
	if back, err := x.numbers.id(t.Kind, number); err != nil || back != id {
		x.refuse(e, "id", fmt.Errorf("the number %q would not lead back to it", number))
	}
	row := []Cell{{Text: number}}
	for _, f := range fields {
		text, err := x.text(f, f.of.Of(e))
		if what := unfit(text); err == nil && what != "" {
			err = fmt.Errorf("it contains a %s, which a spreadsheet cannot hold", what)
		}
		if n := units(escaped(text)); err == nil && n > maxCell {
			err = fmt.Errorf("it is %d characters long, more than the %d of a cell", n, maxCell)
		}
		if err != nil {
			x.refuse(e, f.Name, err, f.of.Path...)
		}
		row = append(row, Cell{Text: text})
	}
	return row
}

func (x *exporter) refuse(e model.Entity, field string, err error, path ...string) {
	var steps []any
	for _, step := range path {
		steps = append(steps, step)
	}
	b := model.Of(e)
	x.findings.Add(diag.Finding{Severity: diag.Error, Span: b.At(steps...), Entity: b.ID,
		Message: fmt.Sprintf("%s of %s cannot be exported: %s", field, model.Label(e), err), Help: "change the text in the security file, or the mapping"})
}

// text is what a cell shows for a value.
func (x *exporter) text(f *Binding, v Value) (string, error) {
	v, err := x.theirs(f, v)
	if err != nil || f.Separator == "" || v.Empty() {
		return f.of.cellText(v), err
	}
	var items []string
	for _, item := range v.Items {
		if strings.Contains(item[0], f.splitter()) || strings.Contains(item[0], "\n") {
			return "", fmt.Errorf("it has an item that contains the separator %q", f.Separator)
		}
		items = append(items, item[0])
	}
	return strings.Join(items, f.Separator), nil
}

// splitter is the separator as it is looked for: blanks around it do not count.
func (f *Binding) splitter() string {
	if s := strings.TrimSpace(f.Separator); s != "" {
		return s
	}
	return f.Separator
}

// theirs writes a value as the team does.
func (x *exporter) theirs(f *Binding, v Value) (Value, error) {
	if f.of.Shape == Records {
		return v, nil
	}
	refers := x.mapping.refersTo(f.of) != nil
	var out Value
	for _, item := range v.Items {
		text := item[0]
		if refers {
			text = x.numbers.number(text)
		}
		text, err := f.translate(text)
		if err != nil {
			return v, err
		}
		out.Items = append(out.Items, []string{text})
	}
	return out, nil
}

// translate writes one text as the team does. It fails where the team means
// something else by the result.
func (f *Binding) translate(text string) (string, error) {
	if f.of.date() {
		return f.Dates.write(text), nil
	}
	for _, p := range f.Values {
		if p.Ours == text {
			return p.Theirs, nil
		}
	}
	back := oneLine(text)
	if slices.ContainsFunc(f.Values, func(p Pair) bool { return p.Theirs == back }) || slices.Contains(f.Empty, back) {
		return "", fmt.Errorf("%q means something else in the mapping", text)
	}
	return text, nil
}

func (x *exporter) layout(s *Sheet, t *Table, fields []*Binding) {
	s.Layout = []Layout{{Field: "id", Doc: "names the entity; other sheets and files refer to it", Width: 24}}
	for i, f := range fields {
		l := Layout{Field: f.Name, Doc: f.of.Doc, Width: f.of.width(), Choices: x.choices(f), Unused: true}
		for _, c := range l.Choices {
			l.Width = max(l.Width, units(c.Name)+3)
		}
		if kinds := f.of.targets(); f.of.Shape == Text && len(kinds) == 1 {
			l.Of = kinds[0].Name
		}
		for _, row := range s.Rows[s.Header:] {
			l.Unused = l.Unused && row[i+1].Text == ""
		}
		s.Layout = append(s.Layout, l)
	}
}

// width suits what the column holds, in characters.
func (c *Column) width() int {
	switch {
	case c.Name == "title":
		return 36
	case c.Shape == Records:
		return 60
	case c.Shape == List, c.refers():
		return 28
	case c.prose():
		return proseWidth(c.Path[len(c.Path)-1])
	}
	return 18
}

func proseWidth(name string) int {
	switch name {
	case "safety-file", "by":
		return 16
	case "override", "agent":
		return 28
	case "cvss":
		return 42
	}
	return 56
}

// choices are the values that a cell of a field may hold, or nil.
func (x *exporter) choices(f *Binding) []Choice {
	if f.of.Shape != Text {
		return nil
	}
	var list []Choice
	for _, v := range f.of.values() {
		list = append(list, Choice{v.Name, v.Doc})
	}
	if f.of.answer() {
		list = []Choice{{"true", "yes"}, {"false", "no"}}
	}
	if p := x.file.Policy; p != nil && f.of.scale() {
		scale := p.Risk.Severity
		if f.of.Path[len(f.of.Path)-1] == "exploitability" {
			scale = p.Risk.Exploitability
		}
		for _, level := range scale {
			list = append(list, Choice{Name: level})
		}
	}
	for i := range list {
		if theirs, err := f.translate(list[i].Name); err == nil {
			list[i].Name = theirs
		}
	}
	return list
}
