package trace

import (
	"fmt"
	"slices"
	"strings"
	"theriac/model"
)

// Matrix is the traceability from one kind to another: for each entity, clause
// or code reference of the first what it leads to of the second.
type Matrix struct {
	From, To string
	Rows     []MatrixRow
}

// MatrixRow is one line of a Matrix. A row that leads to nothing is a gap.
type MatrixRow struct {
	Node    *Node
	Reached []*Node
}

// Kinds lists what a matrix can lead from and to, in the order of the chain.
func Kinds() []string {
	return slices.DeleteFunc(slices.Clone(order), func(kind string) bool {
		return kind == "imports" || kind == "variants" || kind == "signers" || kind == "waivers"
	})
}

// Matrix computes the matrix between two of Kinds.
func (g *Graph) Matrix(from, to string) (*Matrix, error) {
	for _, kind := range []string{from, to} {
		if !slices.Contains(Kinds(), kind) {
			return nil, fmt.Errorf("%q is not a kind on the chain; known are %s", kind, strings.Join(Kinds(), ", "))
		}
	}
	if from == to {
		return nil, fmt.Errorf("a matrix leads from one kind to another, not from %s to %s", from, to)
	}
	m := &Matrix{From: from, To: to}
	for _, n := range g.Nodes(from) {
		m.Rows = append(m.Rows, MatrixRow{n, g.Reach(n, to)})
	}
	return m, nil
}

// Gaps lists the nodes that lead to nothing although they should. A threat that is
// set aside with a reason need not lead on.
func (m *Matrix) Gaps() []*Node {
	var gaps []*Node
	for _, r := range m.Rows {
		if len(r.Reached) == 0 && !r.SetAside() {
			gaps = append(gaps, r.Node)
		}
	}
	return gaps
}

// SetAside reports whether the row is about a threat that does not apply.
func (r MatrixRow) SetAside() bool {
	t, ok := r.Node.Entity.(*model.Threat)
	return ok && t.NotApplicable != ""
}
