package sheet

import (
	"fmt"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/model"
	"theriac/syntax"
)

// compare adds to the plan what a record changes.
func (in *importer) compare(plan *Plan, r *record) {
	e := in.file.Lookup(r.id)
	kind := model.KindOf(r.table.Kind)
	switch {
	case e != nil && model.Of(e).Kind() != kind:
		in.fault("T0012", r.sheet, r.row, r.idCell, fmt.Sprintf("id %q belongs to %s", r.id, model.Label(e)), "give one of the two another id")
		return
	case e == nil && in.taken != nil && in.taken(r.id):
		in.fault("T0012", r.sheet, r.row, r.idCell, fmt.Sprintf("id %q belongs to an entity that only a variant has", r.id), "give one of the two another id")
		return
	}
	d := &Entity{Kind: kind, ID: r.id, Of: e, Cell: r.sheet.place(r.row, r.idCell)}
	values := in.checked(r, e)
	for _, c := range Columns(kind.Name) {
		said := r.cells[c.Name]
		if said == nil {
			continue
		}
		var old Value
		if e != nil {
			old = c.Of(e)
		}
		if v := values[c.Name]; !v.Equal(old) {
			d.Fields = append(d.Fields, Field{Column: c, Old: old, New: v, Cell: r.sheet.place(said.row, said.col)})
		}
	}
	switch {
	case e == nil:
		plan.New = append(plan.New, d)
	case len(d.Fields) > 0 && in.fixed(r, d):
	case len(d.Fields) > 0:
		plan.Changed = append(plan.Changed, d)
	}
}

// fixed reports changes to an entity that this security file does not hold by
// itself.
func (in *importer) fixed(r *record, d *Entity) bool {
	b := model.Of(d.Of)
	switch {
	case b.From() != "":
		in.fault("", r.sheet, r.row, r.idCell, fmt.Sprintf("%s of %s would change, which comes from the library %s", d.Fields[0].Column.Name, model.Label(d.Of), b.From()),
			"change the library, or override the entity in the security file")
	case b.Override != "":
		in.fault("", r.sheet, r.row, r.idCell, fmt.Sprintf("%s of %s would change, which overrides another entity", d.Fields[0].Column.Name, model.Label(d.Of)),
			"change it in the security file")
	default:
		return false
	}
	return true
}

// checked reads what the record and the entity say together as the language
// would, and reports what the record brings in that does not fit. It returns the
// values of the record by the name of their field.
func (in *importer) checked(r *record, e model.Entity) map[string]Value {
	values := map[string]Value{}
	for name, s := range r.cells {
		values[name] = s.value
	}
	kind := model.KindOf(r.table.Kind)
	n := &nodes{source: &diag.Source{Path: in.book.Name}}
	root, key := n.entity(r, e)
	target := newEntity(kind)
	d := &syntax.Decoder{Visit: func(_ syntax.Keyed, path string, v syntax.ScalarValue, at *syntax.Node) {
		if p, ok := v.(pointing); ok && at.Line > 0 {
			in.refer(r, p, at)
		}
	}}
	d.Entity(key, root, target.(syntax.Keyed))
	for _, f := range d.Findings {
		in.judge(r, e, values, f)
	}
	in.required(r, e)
	in.variants(r)
	return values
}

// judge reports what decoding found, with its cell. A text that only holds a
// place says nothing: what stands in the file stays.
func (in *importer) judge(r *record, e model.Entity, values map[string]Value, f diag.Finding) {
	whole := f.Span.Line == r.row && f.Span.Column == r.idCell // and not one of its fields
	if f.Span.Line == 0 || e != nil && f.Code == syntax.CodeRequired && whole {
		return // of the file itself; check reports it
	}
	at := r.sheet.place(f.Span.Line, f.Span.Column)
	f.Message = at + ": " + f.Message
	switch f.Code {
	case syntax.CodeRequired:
		f.Help = "fill the cell in the column of this field"
	case syntax.CodeScalar:
		f.Help = "write the cell in this form; in a mapping, `dates` and `values` read other forms"
	}
	if f.Code == syntax.CodePending {
		f.Severity, f.Help = diag.Warning, "write the text or clear the cell; until then the cell counts as empty in a new row, and a known entity keeps what it has"
		for name, s := range r.cells {
			if s.col == f.Span.Column && slices.Contains(s.rows, f.Span.Line) {
				delete(values, name)
				if e != nil {
					values[name] = s.column.Of(e)
				}
			}
		}
	}
	in.add(f)
}

// refer reports a reference that leads nowhere or to the wrong kind.
func (in *importer) refer(r *record, p pointing, at *syntax.Node) {
	var kind *model.Kind
	if e := in.file.Lookup(at.Value); e != nil {
		kind = model.Of(e).Kind()
	} else if other := in.found[at.Value]; other != nil {
		kind = model.KindOf(other.table.Kind)
	}
	targets := p.Targets()
	if slices.Contains(targets, kind) {
		return
	}
	var wanted, ids []string
	for _, k := range targets {
		wanted = append(wanted, k.Singular)
		for _, e := range entities(in.file, k.Name) {
			ids = append(ids, model.Of(e).ID)
		}
	}
	row, col := int(at.Line), int(at.Column)
	if kind != nil {
		in.fault("T0014", r.sheet, row, col, fmt.Sprintf("%q is a %s, expected %s", at.Value, kind.Singular, either(wanted)), "refer to an entity of the right kind")
		return
	}
	help := "correct the id, or add a row for it to its sheet"
	if s := diag.Suggest(at.Value, ids); s != "" {
		help = fmt.Sprintf("did you mean %q?", s)
	}
	in.fault("T0013", r.sheet, row, col, fmt.Sprintf("%s %q does not exist", either(wanted), at.Value), help)
}

// either joins the names of kinds as one says them.
func either(names []string) string {
	last := len(names) - 1
	switch {
	case last > 3:
		return "element"
	case last < 2:
		return strings.Join(names, " or ")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// required reports required fields of a known entity that the record empties,
// and a new entity without the title that documents need.
func (in *importer) required(r *record, e model.Entity) {
	for _, c := range Columns(r.table.Kind) {
		s := r.cells[c.Name]
		switch {
		case !c.Required || s != nil && !s.value.Empty():
		case e == nil && c.Name == "title":
			in.fault(syntax.CodeRequired, r.sheet, r.row, r.idCell, fmt.Sprintf("%q lacks the required field \"title\"", r.id), "give it a title")
		case e != nil && s != nil && !c.Of(e).Empty():
			in.fault(syntax.CodeRequired, r.sheet, s.row, s.col, fmt.Sprintf("%s of %q is required and would be emptied", c.Name, r.id), "fill the cell, or remove the column to leave the field alone")
		}
	}
}

// variants reports variants that the security file does not declare.
func (in *importer) variants(r *record) {
	s := r.cells["only-in"]
	if s == nil {
		return
	}
	var names []string
	for _, v := range in.file.Variants {
		names = append(names, v.ID)
	}
	for _, item := range s.value.Items {
		if !slices.Contains(names, item[0]) {
			in.fault("T0106", r.sheet, s.row, s.col, fmt.Sprintf("unknown variant %q", item[0]), "declare it under `variants:` in the security file")
		}
	}
}
