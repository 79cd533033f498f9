package sheet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"theriac/model"
)

// value reads what a row says for a field. It reports whether the row can be
// used for it.
func (in *importer) value(g *grid, p place, row int, cells []Cell) (Value, bool) {
	cell := Cell{Text: p.field.Constant}
	if p.col > 0 {
		cell = cells[p.col-1]
	}
	text := strings.ReplaceAll(cell.Text, "\r\n", "\n")
	switch what := unfit(text); {
	case cell.Fault != "":
		in.fault("", g.sheet, row, p.col, cell.Fault, "mend the cell in the spreadsheet")
		return Value{}, false
	case what != "":
		in.fault("T0001", g.sheet, row, p.col, "the text contains a "+what, "remove the character")
		return Value{}, false
	}
	if p.col > 0 && slices.Contains(p.field.Empty, oneLine(text)) {
		return Value{}, true
	}
	v, err := in.read(p.field, cell, text)
	if err != nil {
		in.fault("T0008", g.sheet, row, p.col, err.Error(), "docs/formats/risk-sheet.md shows the form of cells")
		return Value{}, false
	}
	return v, true
}

// read brings a text into the form of the security file.
func (in *importer) read(f *Binding, cell Cell, text string) (Value, error) {
	if f.of.date() && !cell.Day.IsZero() {
		return one(cell.Day.String()), nil
	}
	if !in.mapping.own {
		text = strings.TrimSpace(text)
	}
	v, err := f.split(text)
	if err != nil || f.of.Shape == Records {
		return v, err
	}
	for _, item := range v.Items {
		item[0] = in.ours(f, item[0])
		if rule := in.mapping.refersTo(f.of); rule != nil {
			if item[0], err = in.numbers.id(rule.Name, item[0]); err != nil {
				return v, err
			}
		}
	}
	return v, nil
}

// split cuts a text into items at the separator of the field.
func (f *Binding) split(text string) (Value, error) {
	if f.Separator == "" {
		return f.of.parse(text)
	}
	var v Value
	for line := range strings.SplitSeq(text, "\n") {
		for part := range strings.SplitSeq(line, f.splitter()) {
			if part = strings.TrimSpace(part); part != "" {
				v.Items = append(v.Items, []string{part})
			}
		}
	}
	return v, nil
}

// ours is a single text in the words of the security file. Spreadsheets write
// true and false in capitals by themselves.
func (in *importer) ours(f *Binding, text string) string {
	back := oneLine(text)
	for _, p := range f.Values {
		if p.Theirs == back {
			return p.Ours
		}
	}
	switch {
	case f.of.answer():
		return strings.ToLower(text)
	case f.of.date():
		return f.Dates.read(text)
	}
	return text
}

// read turns a day as the team writes it into the form of the security file. A
// text that is none stays, for the message.
func (d DateForm) read(text string) string {
	t, err := time.Parse(dateLayouts[d], strings.TrimSpace(text))
	if err != nil {
		return text
	}
	return model.DateOf(t).String()
}

// write is the reverse of read.
func (d DateForm) write(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || d == "" {
		return text
	}
	day, month, year := t.Day(), int(t.Month()), t.Year()
	switch d {
	case "dd.mm.yyyy":
		return fmt.Sprintf("%02d.%02d.%04d", day, month, year)
	case "dd/mm/yyyy":
		return fmt.Sprintf("%02d/%02d/%04d", day, month, year)
	case "mm/dd/yyyy":
		return fmt.Sprintf("%02d/%02d/%04d", month, day, year)
	}
	return text
}
