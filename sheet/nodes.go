package sheet

import (
	"reflect"
	"strings"

	"theriac/diag"
	"theriac/model"
	"theriac/syntax"
)

// nodes writes what a record says as package syntax would have read it, so that
// one decoder judges both. Line and column of a node are row and column of the
// cell it came from; line 0 marks what the security file says already.
type nodes struct{ source *diag.Source }

func newEntity(k *model.Kind) model.Entity {
	return reflect.New(k.Type).Interface().(model.Entity)
}

// entity is the entity with the values of the record in place of its own.
func (n *nodes) entity(r *record, e model.Entity) (root, key *syntax.Node) {
	root = n.node(syntax.Mapping, "", 0, 0)
	key = n.node(syntax.Scalar, r.id, r.row, r.idCell)
	for _, c := range Columns(r.table.Kind) {
		s := r.cells[c.Name]
		if s == nil {
			if e == nil {
				continue
			}
			s = saying(c, c.Of(e), 0, 0)
		}
		if !s.value.Empty() {
			put(root, n.value(s), c.Path, n)
		}
	}
	return root, key
}

func (n *nodes) node(kind syntax.Kind, value string, row, col int) *syntax.Node {
	return &syntax.Node{Source: n.source, Kind: kind, Value: value, Line: int32(row), Column: int32(col)}
}

// put enters a value at a path of names below a mapping.
func put(root, value *syntax.Node, path []string, n *nodes) {
	_, child := root.Get(path[0])
	if child == nil {
		if child = value; len(path) > 1 {
			child = n.node(syntax.Mapping, "", 0, 0)
		}
		key := n.node(syntax.Scalar, path[0], int(value.Line), int(value.Column))
		root.Children = append(root.Children, *key, *child)
		child = &root.Children[len(root.Children)-1]
	}
	if len(path) > 1 {
		put(child, value, path[1:], n)
	}
}

func (n *nodes) value(s *said) *syntax.Node {
	if s.column.Shape == Text {
		return n.node(syntax.Scalar, s.value.Items[0][0], s.rows[0], s.col)
	}
	list := n.node(syntax.Sequence, "", s.row, s.col)
	for i, item := range s.value.Items {
		list.Children = append(list.Children, *n.item(s, item, s.rows[i]))
	}
	return list
}

func (n *nodes) item(s *said, item []string, row int) *syntax.Node {
	if s.column.Shape != Records {
		return n.node(syntax.Scalar, item[0], row, s.col)
	}
	record := n.node(syntax.Mapping, "", row, s.col)
	for i, text := range item {
		if strings.TrimSpace(text) != "" {
			record.Children = append(record.Children, *n.node(syntax.Scalar, s.column.parts[i].Name, row, s.col), *n.node(syntax.Scalar, text, row, s.col))
		}
	}
	return record
}
