package syntax

import (
	"bytes"
)

// A text that is not YAML as a whole is read again in pieces: first each
// top-level key by itself, then, where a piece still fails, each of its
// entries. What reads is kept; each piece that does not is one finding, so one
// slip of the pen costs one entry and several slips are reported in one run.

// chunk is a run of whole lines; first counts from 0.
type chunk struct {
	first int
	lines [][]byte
}

func (c chunk) text() []byte { return append(bytes.Join(c.lines, []byte("\n")), '\n') }

// salvage reads what can be read of a text that failed as a whole.
func (p *parser) salvage() *Node {
	all := chunk{lines: bytes.Split(p.source.Text, []byte("\n"))}
	root := &Node{Source: p.source, Kind: Mapping, Line: 1, Column: 1}
	for _, c := range split(all, 0) {
		node, err := p.load(c.text(), c.first)
		if err == nil {
			adopt(root, node)
			continue
		}
		if !p.entries(root, c) {
			p.syntaxError(err, c.first, c.first+len(c.lines))
		}
	}
	if len(root.Children) == 0 {
		return nil
	}
	return root
}

// adopt moves the entries of a mapping into root.
func adopt(root, node *Node) {
	if node != nil && node.Kind == Mapping {
		root.Children = append(root.Children, node.Children...)
	}
}

// entries reads a failed top-level piece entry by entry under its key. It
// reports whether it could tell entries apart.
func (p *parser) entries(root *Node, c chunk) bool {
	head := 0
	for head < len(c.lines) && blank(c.lines[head]) {
		head++
	}
	if head == len(c.lines) || !bytes.HasSuffix(bytes.TrimRight(c.lines[head], " "), []byte(":")) {
		return false
	}
	body := chunk{first: c.first + head + 1, lines: c.lines[head+1:]}
	indent := firstIndent(body)
	if indent == 0 {
		return false
	}
	pieces := split(body, indent)
	if len(pieces) < 2 {
		return false
	}
	var key *Node
	value := Node{Source: p.source, Kind: Mapping, Line: int32(c.first + head + 2), Column: int32(indent + 1)}
	for _, piece := range pieces {
		text := append(append(append([]byte(nil), c.lines[head]...), '\n'), piece.text()...)
		node, err := p.load(text, piece.first-1)
		if err != nil {
			p.syntaxError(err, piece.first-1, piece.first+len(piece.lines))
			continue
		}
		if node == nil || node.Kind != Mapping || len(node.Children) < 2 {
			continue
		}
		if key == nil {
			key = &node.Children[0]
			key.Line = int32(c.first + head + 1)
		}
		adopt(&value, &node.Children[1])
	}
	if key != nil {
		root.Children = append(root.Children, *key, value)
	}
	return true
}

// split cuts a chunk before each line that starts an entry at the indent.
func split(c chunk, indent int) []chunk {
	var pieces []chunk
	start := 0
	for i, line := range c.lines {
		if i > start && starts(line, indent) {
			pieces = append(pieces, chunk{c.first + start, c.lines[start:i]})
			start = i
		}
	}
	return append(pieces, chunk{c.first + start, c.lines[start:]})
}

// starts reports whether a line begins an entry at the indent.
func starts(line []byte, indent int) bool {
	if len(line) <= indent || len(bytes.TrimLeft(line[:indent], " ")) > 0 {
		return false
	}
	c := line[indent]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '"' || c == '\''
}

func firstIndent(c chunk) int {
	for _, line := range c.lines {
		if !blank(line) {
			return len(line) - len(bytes.TrimLeft(line, " "))
		}
	}
	return 0
}

// blank reports whether a line is empty or only a comment.
func blank(line []byte) bool {
	line = bytes.TrimLeft(line, " ")
	return len(line) == 0 || line[0] == '#'
}
