package pdf

import "slices"

// box is something of a height that stands on one page. Blocks become lists of
// boxes, of which pages are filled.
type box struct {
	h       float64
	gap     float64 // above, but not at the top of a page
	keep    bool    // the next box stands on the same page
	anchors []string
	draw    func(c *canvas, x, y float64) // nil for nothing
	head    *running                      // of the table of which this is a row
	title   string                        // of the section of which this is the heading
	depth   int                           // of that section, from 1
}

// running is what stands at the top of a page on which a table goes on.
type running struct{ boxes []box }

// space is how much of a page a list of boxes takes, without the gap above it.
func space(boxes []box) float64 {
	h := 0.0
	for i, b := range boxes {
		if h += b.h; i > 0 {
			h += b.gap
		}
	}
	return h
}

// shifted moves boxes to the right.
func shifted(boxes []box, dx float64) []box {
	for i := range boxes {
		if draw := boxes[i].draw; draw != nil {
			boxes[i].draw = func(c *canvas, x, y float64) { draw(c, x+dx, y) }
		}
	}
	return boxes
}

// over draws something before a box.
func (b *box) over(below func(c *canvas, x, y float64)) {
	draw := b.draw
	b.draw = func(c *canvas, x, y float64) {
		below(c, x, y)
		if draw != nil {
			draw(c, x, y)
		}
	}
}

// together keeps boxes on one page.
func together(boxes []box) []box {
	for i := range boxes[:max(0, len(boxes)-1)] {
		boxes[i].keep = true
	}
	return boxes
}

// unwidowed keeps the first two and the last two lines of a paragraph together.
func unwidowed(lines []box) []box { return joined(lines, 2) }

// joined keeps the first and the last n boxes together.
func joined(boxes []box, n int) []box {
	for i := range min(n, len(boxes)) - 1 {
		boxes[i].keep = true
		boxes[len(boxes)-2-i].keep = true
	}
	return boxes
}

// spaced sets the gap above a list of boxes.
func spaced(boxes []box, gap float64) []box {
	if len(boxes) > 0 {
		boxes[0].gap = gap
	}
	return boxes
}

// placed is a box on a page.
type placed struct {
	box
	y float64
}

// page is a page with what stands on it.
type page struct {
	frame frame
	boxes []placed
	bare  bool // without header and footer
}

// frame is the format of a page and the room for text on it, in points.
type frame struct {
	w, h                     float64 // of the page
	left, top, right, bottom float64 // margins
	landscape                bool
}

// minRoom is less than the height of any room.
const minRoom = 400.0

func (f frame) width() float64  { return f.w - f.left - f.right }
func (f frame) height() float64 { return f.h - f.top - f.bottom }

// filler fills pages with boxes.
type filler struct {
	pages []*page
	y     float64 // from the top of the room
}

// open starts a page.
func (f *filler) open(fr frame) {
	f.pages = append(f.pages, &page{frame: fr})
	f.y = 0
}

// fill puts boxes on pages of a format, beginning on the last page where it has it.
func (f *filler) fill(fr frame, boxes []box) {
	if len(boxes) == 0 {
		return
	}
	if len(f.pages) == 0 || f.pages[len(f.pages)-1].frame != fr {
		f.open(fr)
	}
	for len(boxes) > 0 {
		n := chain(boxes)
		f.chain(boxes[:n])
		boxes = boxes[n:]
	}
}

// chain is how many boxes at the front are to stand on one page.
func chain(boxes []box) int {
	for i, b := range boxes {
		if !b.keep {
			return i + 1
		}
	}
	return len(boxes)
}

// chain places boxes that are to stand on one page. Those that no page holds are
// divided where a page is full.
func (f *filler) chain(boxes []box) {
	room := f.pages[len(f.pages)-1].frame.height()
	whole := space(boxes)
	if f.y > 0 && f.y+boxes[0].gap+whole > room+slack {
		f.turn(boxes[0].head)
	}
	for i, b := range boxes {
		if f.y > 0 && i > 0 && f.y+b.gap+b.h > room+slack {
			f.turn(b.head)
		}
		f.place(b)
	}
}

// turn goes on to the next page, with the head of the table that goes on there.
func (f *filler) turn(head *running) {
	last := f.pages[len(f.pages)-1]
	f.open(last.frame)
	if head == nil || space(head.boxes) > last.frame.height()/3 {
		return
	}
	for _, b := range head.boxes {
		b.anchors = nil
		f.place(b)
	}
}

func (f *filler) place(b box) {
	if f.y > 0 {
		f.y += b.gap
	}
	p := f.pages[len(f.pages)-1]
	p.boxes = append(p.boxes, placed{b, f.y})
	f.y += b.h
}

// spot is a place on a page; y from the top of the page.
type spot struct {
	page int // from 0
	y    float64
}

// spots finds the anchors of pages; the first of a name is meant.
func spots(pages []*page) map[string]spot {
	found := map[string]spot{}
	for i, p := range pages {
		for _, b := range p.boxes {
			for _, a := range b.anchors {
				if _, ok := found[a]; !ok {
					found[a] = spot{i, p.frame.top + b.y}
				}
			}
		}
	}
	return found
}

// first prepends an anchor to the first of boxes.
func first(boxes []box, anchors ...string) []box {
	if len(boxes) > 0 {
		boxes[0].anchors = slices.Concat(anchors, boxes[0].anchors)
	}
	return boxes
}
