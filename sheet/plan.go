package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"theriac/diag"
	"theriac/model"
)

// Plan is what an import would change.
type Plan struct {
	Book    string
	New     []*Entity      // in the order of sheets and rows
	Changed []*Entity      // likewise
	Gone    []model.Entity // known entities of the kinds that were read, without a row
	Removed []model.Entity // those of Gone that are to be removed
}

// Entity is a new or changed entity.
type Entity struct {
	Kind   *model.Kind
	ID     string
	Of     model.Entity // nil when it is new
	Cell   string       // of its id
	Fields []Field      // that change, in canonical order
}

// Field is a field that changes. An empty Old adds it, an empty New removes it.
type Field struct {
	Column   *Column
	Old, New Value
	Cell     string
}

// Empty reports whether there is nothing to change.
func (p *Plan) Empty() bool { return len(p.New)+len(p.Changed)+len(p.Removed) == 0 }

// RemoveGone lets the plan remove the entities without a row. The findings name
// those that something still refers to.
func (p *Plan) RemoveGone() diag.List {
	p.Removed = p.Gone
	var findings diag.List
	for _, e := range p.Gone {
		b := model.Of(e)
		if by := p.holders(e); len(by) > 0 {
			findings.Add(diag.Finding{Code: "T0013", Severity: diag.Error, Span: b.Here(), Entity: b.ID,
				Message: fmt.Sprintf("%s has no row, but cannot be removed: %s", model.Label(e), strings.Join(by, ", ")), Help: "remove the reference as well, or keep the row"})
		}
	}
	return findings
}

// holders say what would still refer to an entity after the changes.
func (p *Plan) holders(e model.Entity) []string {
	var by []string
	for _, user := range model.Users[model.Entity](e) {
		if !slices.Contains(p.Gone, user) && !p.releases(user, model.Of(e).ID) {
			by = append(by, model.Label(user)+" refers to it")
		}
	}
	for _, changed := range slices.Concat(p.New, p.Changed) {
		for _, f := range changed.Fields {
			if f.Column.refers() && f.New.has(model.Of(e).ID) {
				by = append(by, fmt.Sprintf("%s of %s will refer to it", f.Column.Name, changed.ID))
			}
		}
	}
	return by
}

// releases reports whether the plan takes an id out of all fields of an entity.
// Every field of the kinds with a sheet has a column.
func (p *Plan) releases(user model.Entity, id string) bool {
	kind := model.Of(user).Kind().Name
	if !slices.Contains(Kinds(), kind) {
		return false
	}
	for _, c := range Columns(kind) {
		if !c.refers() || !c.Of(user).has(id) {
			continue
		}
		if !slices.ContainsFunc(p.Changed, func(d *Entity) bool {
			return d.Of == user && slices.ContainsFunc(d.Fields, func(f Field) bool { return f.Column == c && !f.New.has(id) })
		}) {
			return false
		}
	}
	return true
}

func (v Value) has(text string) bool {
	return slices.ContainsFunc(v.Items, func(item []string) bool { return slices.Contains(item, text) })
}

// Text is the plan for people.
func (p *Plan) Text() string {
	var b bytes.Buffer
	for _, e := range p.New {
		fmt.Fprintf(&b, "+ %s %s (%s)\n", e.Kind.Singular, e.ID, e.Cell)
		for _, f := range e.Fields {
			f.text(&b, "")
		}
		b.WriteByte('\n')
	}
	for _, e := range p.Changed {
		fmt.Fprintf(&b, "~ %s\n", model.Label(e.Of))
		for _, f := range e.Fields {
			f.text(&b, " ("+f.Cell+")")
		}
		b.WriteByte('\n')
	}
	for _, e := range p.Gone {
		if slices.Contains(p.Removed, e) {
			fmt.Fprintf(&b, "- %s\n", model.Label(e))
		} else {
			fmt.Fprintf(&b, "? %s has no row and stays\n", model.Label(e))
		}
	}
	if len(p.Gone) > 0 {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%s: %d new, %d changed, %d removed\n", p.Book, len(p.New), len(p.Changed), len(p.Removed))
	return visible(b.String())
}

// text shows a field: on one line where old and new are short.
func (f Field) text(b *bytes.Buffer, cell string) {
	old, now := f.Column.cellText(f.Old), f.Column.cellText(f.New)
	const short = 60
	switch {
	case f.Column.Shape == Text && !strings.Contains(old+now, "\n") && len(old) <= short && len(now) <= short:
		switch {
		case old == "":
			fmt.Fprintf(b, "    %s: %s%s\n", f.Column.Name, now, cell)
		case now == "":
			fmt.Fprintf(b, "    %s: %s → (nothing)%s\n", f.Column.Name, old, cell)
		default:
			fmt.Fprintf(b, "    %s: %s → %s%s\n", f.Column.Name, old, now, cell)
		}
	default:
		fmt.Fprintf(b, "    %s:%s\n", f.Column.Name, cell)
		if f.Column.Shape != Text {
			old, now = differ(old, now)
		}
		lines(b, "-", old)
		lines(b, "+", now)
	}
}

// differ leaves out the items that two lists have in common, unless they differ
// in order alone.
func differ(old, now string) (string, string) {
	a, b := strings.Split(old, "\n"), strings.Split(now, "\n")
	without := func(list, other []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) }), "\n")
	}
	if gone, more := without(a, b), without(b, a); gone != more {
		return gone, more
	}
	return old, now
}

func lines(b *bytes.Buffer, mark, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintf(b, "      %s\n", strings.TrimRight(mark+" "+line, " "))
	}
}

// visible replaces what a terminal would obey.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) && r != '\t' {
			return '�'
		}
		return r
	}, text)
}
