package draw

import "math"

// grid is the unit of the layout: boxes stand on it and wires run on it.
const grid = 7.0

// Sizes in grid units and, for text, in units of the sheet.
const (
	textSize    = minText
	lineHeight  = 12.0
	textPad     = 6.0  // between border and text
	portPad     = 14.0 // the same beside a port
	portWidth   = 22.0
	portHeight  = 13.0
	titleLines  = 6
	furtherMost = 4
)

// units is a length in grid units, rounded up.
func units(length float64) int { return int(math.Ceil(length/grid - 1e-9)) }

func (b *box) leaf() bool { return len(b.kids) == 0 }

// pad is the free space inside the left and right border of a container.
func (b *box) pad() int {
	switch {
	case b.shape == bandShape:
		return 0
	case b.shape == zoneShape:
		return 2
	case len(b.cols) > 1, len(b.ports) > 0:
		return 2
	}
	return 1
}

// widths sets the least width of a box from the inside out.
func (b *box) widths() {
	if b.leaf() {
		b.w = b.slim
		return
	}
	b.w = 2 * b.pad()
	for i := range b.cols {
		c := &b.cols[i]
		c.w = 0
		for _, k := range c.boxes {
			k.widths()
			c.w = max(c.w, k.w)
		}
		b.w += c.w
		if i > 0 {
			b.w += c.gap
		}
	}
	for _, k := range b.shelf {
		k.widths()
		b.w = max(b.w, k.w+2*b.pad())
	}
	b.shelfCols = max(1, (b.w-2*b.pad()+1)/(b.slim+1))
	if len(b.cols) == 0 && len(b.shelf) > 5 {
		b.shelfCols = 2
		b.w = max(b.w, 2*b.slim+1+2*b.pad())
	}
}

// stretch makes a box as wide as its column, and its children with it.
func (b *box) stretch(w int) {
	extra := w - b.w
	b.w = w
	for i := range b.cols {
		share := extra / (len(b.cols) - i)
		extra -= share
		b.cols[i].w += share
		for _, k := range b.cols[i].boxes {
			k.stretch(b.cols[i].w)
		}
	}
	each := (b.w - 2*b.pad() - (b.shelfCols - 1)) / max(1, b.shelfCols)
	for _, k := range b.shelf {
		k.stretch(max(each, k.w))
	}
}

// heights breaks the texts and sets the height of a box from the inside out.
func (b *box) heights() {
	b.breakText()
	h := b.head
	if !b.leaf() {
		tallest := 0
		for _, c := range b.cols {
			tallest = max(tallest, columnHeight(c.boxes))
		}
		h += tallest + b.shelfHeight(tallest > 0) + b.foot()
	}
	if b.shape == zoneShape && b.leaf() {
		h++
	}
	b.h = max(h, b.asks())
}

// foot is the free space inside the lower border of a container.
func (b *box) foot() int {
	if b.shape == bandShape {
		return 0
	}
	return 1
}

// asks is the height that ports and wires need on one side.
func (b *box) asks() int {
	if b.shape == bandShape {
		return 0
	}
	plain := 0
	for _, l := range b.ends {
		if l.a == b && l.pa == nil || l.b == b && l.pb == nil {
			plain++
		}
	}
	if len(b.ports) == 0 {
		return min(plain+1, 12)
	}
	return 2*len(b.ports) + 1 + min(plain, 6)/2
}

func columnHeight(boxes []*box) int {
	h := 0
	for i, k := range boxes {
		k.heights()
		h += k.h
		if i > 0 {
			h += k.above()
		}
	}
	return h
}

func (b *box) shelfHeight(gap bool) int {
	h := 0
	for at := 0; at < len(b.shelf); at += b.shelfCols {
		if h > 0 || gap {
			h++
		}
		h += b.rowHeight(at)
	}
	return h
}

func (b *box) rowHeight(at int) int {
	h := 0
	for _, k := range b.shelf[at:min(at+b.shelfCols, len(b.shelf))] {
		k.heights()
		h = max(h, k.h)
	}
	return h
}

// above is the free space between the box and the one above it.
func (b *box) above() int {
	switch {
	case b.room > 0:
		return b.room
	case b.parent == nil:
		return zoneGap
	case b.parent.shape != zoneShape && len(b.parent.cols) < 2:
		return 1
	}
	return 2
}

// breakText breaks title and further lines for the width of the box.
func (b *box) breakText() {
	if b.broken == b.w {
		return
	}
	b.broken = b.w
	switch b.shape {
	case bandShape:
		return
	case zoneShape:
		b.breakZone()
		return
	}
	width := b.textWidth()
	title := b.title
	if b.tag != "" {
		title = b.tag + " " + title
	}
	b.text = wrap(title, width, textSize, false, titleLines+3*b.count)
	b.below = nil
	for _, s := range b.subs {
		b.below = append(b.below, wrap(s, width, textSize, false, furtherMost)...)
	}
	b.head = units(float64(len(b.text)+len(b.below))*lineHeight + 4)
	if b.shape == storeShape {
		b.head++
	}
	if b.leaf() && b.shape != zoneShape {
		b.head = max(b.head, 3)
	}
}

func (b *box) textWidth() float64 {
	w := float64(b.w)*grid - 2*textPad
	if len(b.ports) > 0 {
		w = float64(b.w)*grid - 2*portPad
	}
	if b.shape == actorShape {
		w -= 12
	}
	return w
}

func (b *box) breakZone() {
	width := float64(b.w)*grid - 2*textPad
	trust := b.subs[0]
	b.oneLine = measure(b.title, textSize, true)+measure(trust, textSize, false)+14 <= width
	b.text, b.below = []string{b.title}, []string{trust}
	if !b.oneLine {
		b.text = wrap(b.title, width, textSize, true, 3)
	}
	for _, s := range b.subs[1:] {
		b.below = append(b.below, wrap(s, width, textSize, false, furtherMost)...)
	}
	lines := len(b.text) + len(b.below)
	if b.oneLine {
		lines--
	}
	b.head = units(float64(lines)*lineHeight + 10)
}
