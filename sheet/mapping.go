package sheet

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/model"
	"theriac/syntax"
)

// Mapping says which columns of which sheets hold which fields. The tags are the
// language of mapping files; docs/formats/risk-sheet.md explains it.
type Mapping struct {
	IDs    []*Naming `yaml:"ids"`
	Tables []*Table  `yaml:"tables" theriac:"required"`

	own bool // of our own sheets: cells are read to the letter, sheets and columns may be absent
}

// entry is an entry of a map in a mapping file.
type entry struct {
	Name string `yaml:"-"`
	key  *syntax.Node
	node *syntax.Node
}

// SetKey implements syntax.Keyed.
func (e *entry) SetKey(key, node *syntax.Node) { e.Name, e.key, e.node = key.Value, key, node }

// Naming says how the numbers that a team uses for a kind become ids.
type Naming struct {
	entry
	Prefix string `yaml:"prefix"`
	Match  string `yaml:"match"`
}

// Table says what one kind has in one sheet.
type Table struct {
	entry
	Sheet         string     `yaml:"sheet"`
	Kind          string     `yaml:"kind" theriac:"required"`
	Header        int        `yaml:"header"`
	ID            string     `yaml:"id" theriac:"required"`
	Rows          RowForm    `yaml:"rows"`
	FillDown      []string   `yaml:"fill-down"`
	Columns       []*Binding `yaml:"columns" theriac:"required"`
	IgnoreRows    []*Ignore  `yaml:"ignore-rows"`
	IgnoreColumns []string   `yaml:"ignore-columns"`
}

// Binding says where a field of the kind stands and how it is written there. Its
// name is the path of the field.
type Binding struct {
	entry
	Column    string   `yaml:"column"`
	Constant  string   `yaml:"constant"`
	Separator string   `yaml:"separator"`
	Values    []Pair   `yaml:"values"`
	Empty     []string `yaml:"empty"`
	Dates     DateForm `yaml:"dates"`

	of *Column
}

// Ignore names rows that do not count.
type Ignore struct {
	entry
	Is    []string     `yaml:"is"`
	Empty model.Answer `yaml:"empty"`
}

// RowForm says whether one row or several rows describe an entity.
type RowForm string

// Values implements the enumeration.
func (RowForm) Values() model.Values {
	return model.Values{{Name: "one", Doc: "each row is an entity"}, {Name: "several", Doc: "rows with the same id are one entity"}}
}

// DateForm is how a team writes days.
type DateForm string

// Values implements the enumeration.
func (DateForm) Values() model.Values {
	return model.Values{{Name: "yyyy-mm-dd"}, {Name: "dd.mm.yyyy"}, {Name: "dd/mm/yyyy"}, {Name: "mm/dd/yyyy"}}
}

var dateLayouts = map[DateForm]string{"": "2006-01-02", "yyyy-mm-dd": "2006-01-02", "dd.mm.yyyy": "2.1.2006", "dd/mm/yyyy": "2/1/2006", "mm/dd/yyyy": "1/2/2006"}

// Pair is a value as the team writes it and as the security file does.
type Pair struct{ Theirs, Ours string }

// SetScalar implements syntax.ScalarValue.
func (p *Pair) SetScalar(n *syntax.Node) error {
	at := strings.LastIndex(n.Value, "=")
	if at < 0 {
		return fmt.Errorf("expected `theirs = ours`, found %q", n.Value)
	}
	p.Theirs, p.Ours = oneLine(n.Value[:at]), strings.TrimSpace(n.Value[at+1:])
	if p.Theirs == "" || p.Ours == "" {
		return fmt.Errorf("expected `theirs = ours`, found %q", n.Value)
	}
	return nil
}

// OwnMapping is the mapping of our own sheets: one for each kind, with a column
// for each field.
func OwnMapping() *Mapping {
	m := &Mapping{own: true}
	for _, kind := range Kinds() {
		t := &Table{entry: entry{Name: kind}, Sheet: kind, Kind: kind, Header: 1, ID: "id", Rows: "one"}
		for _, c := range Columns(kind) {
			t.Columns = append(t.Columns, &Binding{entry: entry{Name: c.Name}, Column: c.Name, of: c})
		}
		m.Tables = append(m.Tables, t)
	}
	return m
}

// ReadMapping reads a mapping file. The mapping is only to be used when no
// finding is an error.
func ReadMapping(name string, data []byte) (*Mapping, diag.List) {
	node, source, findings := syntax.Parse(name, data)
	r := reader{findings: findings}
	m := &Mapping{}
	if node == nil {
		if len(findings) == 0 {
			r.report(source.At(1, 1, 1), "the mapping is empty", "name at least one table; see docs/formats/risk-sheet.md")
		}
		return m, r.findings
	}
	d := &syntax.Decoder{}
	d.Decode(node, m)
	r.findings = append(r.findings, slices.DeleteFunc(d.Findings, func(f diag.Finding) bool { return f.Code == syntax.CodePending })...)
	for _, n := range m.IDs {
		r.naming(n)
	}
	for _, t := range m.Tables {
		r.table(t)
	}
	r.findings.Sort()
	return m, r.findings
}

// reader completes and checks a mapping that was decoded.
type reader struct{ findings diag.List }

func (r *reader) report(at diag.Span, message, help string) {
	r.findings.Add(diag.Finding{Severity: diag.Error, Span: at, Message: message, Help: help})
}

// at is the place of a value of an entry, or of its key.
func (e *entry) at(field string, index ...int) diag.Span {
	_, n := e.node.Get(field)
	switch {
	case n == nil:
		return e.key.Span()
	case len(index) > 0 && n.Kind == syntax.Sequence && index[0] < len(n.Children):
		return n.Children[index[0]].Span()
	}
	return n.Span()
}

// word is a text of an entry as it stands: what a team writes into its cells
// may well be what elsewhere only holds a place, such as TBD.
func (e *entry) word(field string) string {
	if _, n := e.node.Get(field); n != nil && n.Kind == syntax.Scalar {
		return oneLine(n.Value)
	}
	return ""
}

// words is the same for a list.
func (e *entry) words(field string) []string {
	_, n := e.node.Get(field)
	if n == nil || n.Kind != syntax.Sequence {
		return nil
	}
	var list []string
	for i := range n.Children {
		list = append(list, oneLine(n.Children[i].Value))
	}
	return list
}

func (r *reader) naming(n *Naming) {
	if !r.kind(n.Name, n.key.Span()) || n.Match == "" {
		return
	}
	if c := columnOf(n.Name, n.Match); c == nil || c.Shape != Text || c.leaf.Kind() != reflect.String {
		r.unknown("field", n.Match, textFields(n.Name), n.at("match"))
	}
}

// kind reports a name that is none of our kinds.
func (r *reader) kind(name string, at diag.Span) bool {
	if slices.Contains(Kinds(), name) {
		return true
	}
	r.unknown("kind", name, Kinds(), at)
	return false
}

func (r *reader) unknown(what, name string, known []string, at diag.Span) {
	help := "known here: " + strings.Join(known, ", ")
	if s := diag.Suggest(name, known); s != "" {
		help = fmt.Sprintf("did you mean %q?", s)
	}
	r.report(at, fmt.Sprintf("unknown %s %q", what, name), help)
}

func (r *reader) table(t *Table) {
	if t.Sheet == "" {
		t.Sheet = t.Name
	}
	t.ID, t.FillDown, t.IgnoreColumns = t.word("id"), t.words("fill-down"), t.words("ignore-columns")
	if t.Rows == "" {
		t.Rows = "one"
	}
	if key, _ := t.node.Get("header"); key == nil {
		t.Header = 1
	} else if t.Header < 1 || t.Header > maxRows {
		r.report(t.at("header"), fmt.Sprintf("row %d cannot be the header", t.Header), fmt.Sprintf("give the number of its row, 1 to %d", maxRows))
	}
	for _, g := range t.IgnoreRows {
		g.Name, g.Is = oneLine(g.Name), g.words("is")
		if len(g.Is) == 0 && !g.Empty.Known() {
			r.report(g.key.Span(), fmt.Sprintf("rows with which %q do not count?", g.Name), "add `is: [...]` or `empty: true`")
		}
	}
	if t.Kind == "" || !r.kind(t.Kind, t.at("kind")) {
		return
	}
	for _, f := range t.Columns {
		r.field(t, f)
	}
	r.filled(t)
}

// filled reports columns to be filled that the table does not use.
func (r *reader) filled(t *Table) {
	used := []string{t.ID}
	for _, f := range t.Columns {
		if f.Column != "" {
			used = append(used, f.Column)
		}
	}
	for i, name := range t.FillDown {
		if !slices.Contains(used, name) {
			r.unknown("column", name, used, t.at("fill-down", i))
		}
	}
}

func (r *reader) field(t *Table, f *Binding) {
	f.Column, f.Constant, f.Empty = f.word("column"), f.word("constant"), f.words("empty")
	if f.of = columnOf(t.Kind, f.Name); f.of == nil {
		r.unknown("field", f.Name, fieldNames(t.Kind), f.key.Span())
		return
	}
	switch {
	case f.Column == "" && f.Constant == "":
		r.report(f.key.Span(), fmt.Sprintf("neither a column nor a constant gives %q", f.Name), "add `column: ...` or `constant: ...`")
	case f.Column != "" && f.Constant != "":
		r.report(f.at("constant"), fmt.Sprintf("%q has a column and a constant", f.Name), "remove one of the two")
	}
	if f.Separator != "" && f.of.Shape != List {
		r.report(f.at("separator"), fmt.Sprintf("%q holds no list that could be separated", f.Name), "remove `separator`")
	}
	if f.Dates != "" && !f.of.date() {
		r.report(f.at("dates"), fmt.Sprintf("%q is no date", f.Name), "remove `dates`")
	}
	if len(f.Values) > 0 && f.of.Shape == Records {
		r.report(f.at("values"), fmt.Sprintf("%q holds groups of values, which are not translated", f.Name), "remove `values`")
	}
	for i, p := range f.Values {
		if slices.ContainsFunc(f.Values[:i], func(q Pair) bool { return q.Theirs == p.Theirs }) {
			r.report(f.at("values", i), fmt.Sprintf("%q is translated twice", p.Theirs), "remove one of the two")
		}
	}
}

// columnOf finds a column of a kind by its name, or nil.
func columnOf(kind, name string) *Column {
	for _, c := range Columns(kind) {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func fieldNames(kind string) []string {
	var names []string
	for _, c := range Columns(kind) {
		names = append(names, c.Name)
	}
	return names
}

func textFields(kind string) []string {
	var names []string
	for _, c := range Columns(kind) {
		if c.Shape == Text && c.leaf.Kind() == reflect.String {
			names = append(names, c.Name)
		}
	}
	return names
}

// naming is the rule for the ids of a kind, or nil.
func (m *Mapping) naming(kind string) *Naming {
	for _, n := range m.IDs {
		if n.Name == kind {
			return n
		}
	}
	return nil
}

// refersTo is the rule for the ids that a column refers to, or nil.
func (m *Mapping) refersTo(c *Column) *Naming {
	if kinds := c.targets(); len(kinds) == 1 {
		return m.naming(kinds[0].Name)
	}
	return nil
}

// For is the mapping without the tables of other sheets than the named one.
func (m *Mapping) For(sheet string) *Mapping {
	part := &Mapping{IDs: m.IDs, own: m.own}
	for _, t := range m.Tables {
		if t.Sheet == sheet {
			part.Tables = append(part.Tables, t)
		}
	}
	return part
}

// Sheets are the names of the sheets that the mapping reads.
func (m *Mapping) Sheets() []string {
	var names []string
	for _, t := range m.Tables {
		if !slices.Contains(names, t.Sheet) {
			names = append(names, t.Sheet)
		}
	}
	return names
}
