package sheet

import (
	"fmt"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// Import compares a workbook with a security file and says what would change.
// taken says which ids exist in the security file beside those of f, because a
// variant has them; it may be nil. The plan is only to be carried out when no
// finding is an error.
func Import(f *model.File, b *Book, m *Mapping, taken func(id string) bool) (*Plan, diag.List) {
	in := &importer{file: f, book: b, mapping: m, numbers: numbersOf(f, m), taken: taken, found: map[string]*record{}, kinds: map[string]bool{}, sheets: map[string]bool{}}
	if f.Incomplete() {
		in.findings.Add(whole(b.Name, "part of the security file could not be read, so nothing can be compared with it", "run `theriac check` and mend what cannot be read"))
		return &Plan{}, in.findings
	}
	for _, t := range m.Tables {
		in.table(t)
	}
	in.strangers()
	plan := &Plan{Book: b.Name}
	for _, r := range in.records {
		in.compare(plan, r)
	}
	in.gone(plan)
	return plan, in.findings
}

type importer struct {
	file     *model.File
	book     *Book
	mapping  *Mapping
	numbers  *numbers
	taken    func(id string) bool
	records  []*record
	found    map[string]*record // by id
	kinds    map[string]bool    // kinds that a table was found for
	sheets   map[string]bool    // sheets that a table was found for
	findings diag.List
	full     bool
}

// record is what the rows of a book say about an entity.
type record struct {
	table  *Table
	sheet  *Sheet
	id     string
	row    int // the first
	idCell int // column of the id
	cells  map[string]*said
}

// said is what a cell says for a field, or the cells of several rows together.
type said struct {
	column   *Column
	value    Value
	row, col int   // of the first cell; col is 0 for a constant
	rows     []int // of each item
}

func saying(c *Column, v Value, row, col int) *said {
	s := &said{column: c, value: v, row: row, col: col}
	for range v.Items {
		s.rows = append(s.rows, row)
	}
	return s
}

// join adds the items that another row has beside these.
func (s *said) join(next *said) {
	for _, item := range next.value.Items {
		if !slices.ContainsFunc(s.value.Items, func(i []string) bool { return slices.Equal(i, item) }) {
			s.value.Items, s.rows = append(s.value.Items, item), append(s.rows, next.row)
		}
	}
}

func (in *importer) fault(code string, s *Sheet, row, column int, message, help string) {
	in.add(in.book.fault(code, s, row, column, message, help))
}

// add enters a finding, up to a number that nobody reads beyond.
func (in *importer) add(f diag.Finding) {
	switch n := len(in.findings); {
	case n < maxFaults:
		in.findings.Add(f)
	case !in.full:
		in.full = true
		in.findings.Add(whole(in.book.Name, fmt.Sprintf("more than %d faults; the rest is not listed", maxFaults), "is this the right sheet and the right mapping?"))
	}
}

var idForm = lazyregexp.New(model.IDPattern)

func (in *importer) row(g *grid, row int, cells []Cell) {
	number := cells[g.id-1]
	if number.Fault != "" || strings.TrimSpace(number.Text) == "" {
		message := "the row has no id"
		if number.Fault != "" {
			message = number.Fault
		}
		in.fault("", g.sheet, row, g.id, message, "give it one, or clear the row; `fill-down` in a mapping takes it from the row above")
		return
	}
	id, err := in.numbers.id(g.table.Kind, number.Text)
	switch {
	case err != nil:
		in.fault("", g.sheet, row, g.id, err.Error(), "give each of them a number of its own")
		return
	case !idForm.MatchString(id):
		in.fault("T0011", g.sheet, row, g.id, fmt.Sprintf("%q cannot be an id", id), "start with a letter; use letters, digits, dot, hyphen and underscore; at most 64 characters")
		return
	}
	r := &record{table: g.table, sheet: g.sheet, id: id, row: row, idCell: g.id, cells: map[string]*said{}}
	for _, p := range g.fields {
		if v, ok := in.value(g, p, row, cells); ok {
			r.cells[p.field.Name] = saying(p.field.of, v, row, p.col)
		}
	}
	in.numbered(g, r, oneLine(number.Text))
	in.enter(r)
}

// numbered keeps the number of a new entity in the field by which it is found
// again.
func (in *importer) numbered(g *grid, r *record, number string) {
	rule := in.mapping.naming(g.table.Kind)
	if rule == nil || rule.Match == "" || r.cells[rule.Match] != nil || in.file.Lookup(r.id) != nil {
		return
	}
	r.cells[rule.Match] = saying(columnOf(rule.Name, rule.Match), one(number), r.row, r.idCell)
}

// enter adds a record, or joins it with what other rows said about its entity.
func (in *importer) enter(r *record) {
	first := in.found[r.id]
	if first == nil {
		in.found[r.id] = r
		in.records = append(in.records, r)
		return
	}
	at := first.sheet.place(first.row, first.idCell)
	switch {
	case first.table.Kind != r.table.Kind:
		in.fault("T0012", r.sheet, r.row, r.idCell, fmt.Sprintf("id %q is used twice: %s is one of the %s", r.id, at, first.table.Kind), "give one of the two another id")
	case first.table.Rows != "several" || r.table.Rows != "several":
		in.fault("T0012", r.sheet, r.row, r.idCell, fmt.Sprintf("id %q is used twice: it stands in %s as well", r.id, at), "give one of the two another id; where several rows describe one entity, the mapping says `rows: several`")
	default:
		in.join(first, r)
	}
}

// join adds what a further row says about an entity: more items of lists, and
// values that the rows before left empty.
func (in *importer) join(first, more *record) {
	for _, c := range Columns(more.table.Kind) {
		known, next := first.cells[c.Name], more.cells[c.Name]
		switch {
		case next == nil || next.value.Empty() || known != nil && next.value.Equal(known.value):
		case known == nil || known.value.Empty():
			first.cells[c.Name] = next
		case c.Shape == Text:
			in.fault("", more.sheet, next.row, next.col, fmt.Sprintf("%s of %q differs from what %s says", c.Name, more.id, first.sheet.place(known.row, known.col)),
				"rows about the same entity must agree, or be empty")
		default:
			known.join(next)
		}
	}
}

// gone lists the entities that the sheets do not have.
func (in *importer) gone(plan *Plan) {
	for _, kind := range Kinds() {
		if !in.kinds[kind] {
			continue
		}
		for _, e := range entities(in.file, kind) {
			if b := model.Of(e); in.found[b.ID] == nil && b.From() == "" {
				plan.Gone = append(plan.Gone, e)
			}
		}
	}
}
