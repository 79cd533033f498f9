package collect

import "bytes"

// lineAt is the line, from 1, on which a byte of an input stands.
func lineAt(data []byte, pos int) int {
	return 1 + bytes.Count(data[:min(max(pos, 0), len(data))], []byte("\n"))
}

// lineCounter gives the lines of places that are asked for in rising order.
type lineCounter struct {
	data  []byte
	pos   int
	lines int
}

func (c *lineCounter) at(pos int) int {
	c.lines += bytes.Count(c.data[c.pos:pos], []byte("\n"))
	c.pos = pos
	return c.lines + 1
}
