package vuln

import (
	"container/list"
	"sync"
)

// cacheSize is how much of a database is held in memory at most, in bytes.
const cacheSize = 4 << 20

// node is a block that was read: rows, or an index.
type node struct {
	rows     []byte
	children []child
}

func (n *node) size() int {
	size := len(n.rows)
	for _, c := range n.children {
		size += len(c.first) + 96
	}
	return size
}

// cache holds the blocks that were used last. It may be used by many at a time.
type cache struct {
	mu     sync.Mutex
	room   int // in bytes
	used   int
	order  *list.List // of *cached, the one used last in front
	blocks map[uint64]*list.Element
}

type cached struct {
	offset uint64
	node   *node
	size   int
}

func newCache(room int) *cache {
	return &cache{room: room, order: list.New(), blocks: map[uint64]*list.Element{}}
}

func (c *cache) get(offset uint64) *node {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.blocks[offset]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).node
}

// put keeps a block, at the cost of those that were not used for longest. What is
// larger than a quarter of the room is not kept.
func (c *cache) put(offset uint64, n *node) {
	size := n.size()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blocks[offset] != nil || size > c.room/4 {
		return
	}
	c.blocks[offset] = c.order.PushFront(&cached{offset, n, size})
	c.used += size
	for c.used > c.room {
		last := c.order.Back()
		old := c.order.Remove(last).(*cached)
		delete(c.blocks, old.offset)
		c.used -= old.size
	}
}
