package format

import (
	"fmt"
	"slices"
	"sort"

	"go.yaml.in/yaml/v4"
)

// block is a block mapping or a block sequence with its comments.
type block struct {
	entities bool // items that take several lines are set apart
	root     bool
	col      int     // column of its keys or dashes in the source, from 0
	items    []*item // in canonical order
	top      []token // comments that stay above all items
	foot     []token // comments below all items
}

// item is one entry of a block: a key or a dash, and a value.
type item struct {
	blank bool    // a blank line stands before it in the source
	head  []token // comments above it
	gap   bool    // a blank line stands between head and item
	mark  token   // the key, or the dash
	colon int     // offset behind the colon of a key
	note  []token // comment beside the key or dash, and the lines that continue it
	lead  []token // comments between the key or dash and the value
	node  *yaml.Node
	child *block  // the value, when it is a block
	value []token // the value, when it is a scalar or a flow collection
	below bool    // the value starts on a line of its own
	after []token // comment beside the value, and the lines that continue it
	tail  []token // comments under it that belong to it
}

// arranger makes blocks from tokens, driven by the nodes.
type arranger struct {
	toks  []token
	pos   int
	order func(path []string) []string
}

func arrange(d *document, order func([]string) []string) (*block, error) {
	a := &arranger{toks: d.toks, order: order}
	if d.root == nil {
		return &block{root: true, foot: d.toks}, a.onlyComments()
	}
	root, err := a.block(d.root, 0, nil)
	if err != nil {
		return nil, err
	}
	root.root = true
	if a.pos < len(a.toks) {
		return nil, a.unexpected()
	}
	return root, nil
}

func (a *arranger) onlyComments() error {
	for ; a.pos < len(a.toks); a.pos++ {
		if a.toks[a.pos].kind != comment {
			return a.unexpected()
		}
	}
	return nil
}

func (a *arranger) unexpected() error {
	if a.pos >= len(a.toks) {
		return fmt.Errorf("%w: text ends before its values", ErrRefused)
	}
	t := a.toks[a.pos]
	what := fmt.Sprintf("%q in this place", t.kind)
	switch t.kind {
	case ':':
		what = "empty key"
	case scalar:
		what = "scalar in this place"
	case comment:
		what = "comment in this place"
	}
	return &UnsupportedError{Line: t.line, Column: t.col + 1, What: what}
}

// peek returns the next token; behind the end, the zero token.
func (a *arranger) peek() token {
	if a.pos < len(a.toks) {
		return a.toks[a.pos]
	}
	return token{}
}

func (a *arranger) expect(kind byte) (token, error) {
	t := a.peek()
	if t.kind != kind {
		return t, a.unexpected()
	}
	a.pos++
	return t, nil
}

// comments takes the comment lines before the next content as far as ok says.
func (a *arranger) comments(ok func(token) bool) []token {
	start := a.pos
	for a.pos < len(a.toks) && a.toks[a.pos].kind == comment && a.toks[a.pos].first && ok(a.toks[a.pos]) {
		a.pos++
	}
	return a.toks[start:a.pos]
}

func anyComment(token) bool { return true }

// beside takes the comment at the end of the present line, with the comment
// lines right under it in the same column. A line in the column of the entry
// that follows belongs to that entry instead.
func (a *arranger) beside(inHeader bool) []token {
	first := a.peek()
	if first.kind != comment || first.first {
		return nil
	}
	start := a.pos
	a.pos++
	if !inHeader {
		a.comments(func(t token) bool { return !t.blank && t.col == first.col && t.col != t.next })
	}
	return a.toks[start:a.pos]
}

// block reads a block collection. Comments below its items are its own from
// column least on.
func (a *arranger) block(n *yaml.Node, least int, path []string) (*block, error) {
	mapping := n.Kind == yaml.MappingNode
	col := n.Column - 1
	b := &block{col: col}
	width := 1
	if mapping {
		width = 2
	}
	for i := 0; i < len(n.Content); i += width {
		run := a.comments(anyComment)
		it := &item{}
		a.place(b, it, run)
		b.items = append(b.items, it)
		if err := a.item(it, n.Content[i:i+width], col, path); err != nil {
			return nil, err
		}
	}
	least = max(least, col)
	if len(path) == 0 && mapping {
		least = 0
	}
	b.foot = a.comments(func(t token) bool { return t.col >= least && t.col > t.next })
	if mapping {
		a.sort(b, path)
	}
	return b, nil
}

// place gives the comments before an item to the block, to the item before, or
// to the item itself.
func (a *arranger) place(b *block, it *item, run []token) {
	it.gap = len(run) > 0 && a.peek().blank
	if len(b.items) == 0 {
		n := lastBlank(run, it.gap)
		b.top, it.head = run[:n], run[n:]
		it.gap = it.gap && len(it.head) > 0
		return
	}
	it.blank = a.peek().blank
	if len(run) > 0 {
		it.blank = run[0].blank
	}
	if n := firstBlank(run, it.gap); n > 0 && !it.blank {
		b.items[len(b.items)-1].tail, it.head = run[:n], run[n:]
		it.blank = true
		it.gap = it.gap && len(it.head) > 0
		return
	}
	it.head = run
}

// lastBlank counts the comments above the last blank line of a run; end says
// that a blank line follows the run.
func lastBlank(run []token, end bool) int {
	if end {
		return len(run)
	}
	for i := len(run) - 1; i > 0; i-- {
		if run[i].blank {
			return i
		}
	}
	return 0
}

// firstBlank counts the comments above the first blank line behind the first
// comment; 0 when there is none.
func firstBlank(run []token, end bool) int {
	for i := 1; i < len(run); i++ {
		if run[i].blank {
			return i
		}
	}
	if end {
		return len(run)
	}
	return 0
}

// item reads a key or a dash and its value; nodes are the key, if any, and the
// value.
func (a *arranger) item(it *item, nodes []*yaml.Node, col int, path []string) (err error) {
	value := nodes[len(nodes)-1]
	it.node = value
	kind := byte('-')
	if len(nodes) == 2 {
		kind = scalar
		path = append(path[:len(path):len(path)], nodes[0].Value)
	}
	if it.mark, err = a.expect(kind); err != nil {
		return err
	}
	if kind == scalar {
		if it.mark.node != nodes[0] {
			return a.unexpected()
		}
		colon, err := a.expect(':')
		if err != nil {
			return err
		}
		it.colon = colon.end
	}
	it.note = a.beside(false)
	switch {
	case absent(value):
		it.lead = a.comments(func(t token) bool { return t.col > col })
		return nil
	case value.Kind == yaml.ScalarNode || value.Style&yaml.FlowStyle != 0:
		return a.inline(it, value)
	}
	it.child, err = a.block(value, col+1, path)
	if err == nil && kind == scalar && len(path) == 1 && value.Kind == yaml.MappingNode {
		it.child.entities = a.order(path) == nil
	}
	return err
}

// inline reads a scalar or a flow collection.
func (a *arranger) inline(it *item, n *yaml.Node) error {
	it.lead = a.comments(anyComment)
	start, depth := a.pos, 0
	for ok := true; ok; ok = depth > 0 {
		switch a.peek().kind {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case 0:
			return a.unexpected()
		}
		a.pos++
	}
	it.value = a.toks[start:a.pos]
	first := it.value[0]
	if (n.Kind == yaml.ScalarNode) != (first.kind == scalar && first.node == n) {
		return a.unexpected()
	}
	// A block scalar and the item of a list start beside their key or dash.
	it.below = len(it.lead)+len(it.note) > 0 || first.first && first.body == nil && it.mark.kind == scalar
	it.after = a.beside(first.body != nil)
	return nil
}

// sort brings the items of a mapping into canonical order.
func (a *arranger) sort(b *block, path []string) {
	keys := a.order(path)
	if len(keys) == 0 {
		return
	}
	rank := make(map[string]int, len(keys))
	for i, k := range slices.Backward(keys) {
		rank[k] = i
	}
	of := func(it *item) int {
		if r, ok := rank[it.mark.node.Value]; ok {
			return r
		}
		return len(keys)
	}
	sort.SliceStable(b.items, func(i, j int) bool { return of(b.items[i]) < of(b.items[j]) })
}
