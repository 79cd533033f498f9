// Package pdf paints documents as PDF files for submission and print: a cover, a
// table of contents, bookmarks, numbered pages that say of what release they are.
//
// # Format
//
// PDF 1.3 to 1.5 with subsets of the fonts Liberation Sans and Liberation Mono.
// Blocks become boxes, boxes are put on pages, and pages are painted once all of
// them are known, so that the contents can name pages. Pictures are vectors.
//
// # Values
//
// Lengths are in points of 1/72 inch from the top left corner of a page. Characters
// that the fonts lack are shown as U+FFFD; those that turn the direction of text are
// left out. Links into other documents of the set are plain text: the reader may
// have but one of the files.
//
// # Errors
//
// A language without words, and a logo that is no PNG or JPEG.
//
// # Concurrency
//
// Write may be called from several goroutines.
package pdf

import (
	"bytes"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"theriac/document"
	"theriac/locale"
)

// Write paints a document of a set that is resolved.
func Write(set *document.Set, d *document.Document) ([]byte, error) {
	p := &painter{set: set, doc: d, lang: d.Language()}
	p.upright, p.across = frames(set.Design.Paper)
	var err error
	if p.brand, err = readLogo(set.Design.Logo); err != nil {
		return nil, err
	}
	pages := p.pages()
	return p.write(pages)
}

// painter paints a document.
type painter struct {
	set             *document.Set
	doc             *document.Document
	lang            *locale.Language
	brand           *logo
	upright, across frame
	front           int // pages before the first section
	spots           map[string]spot
}

// frames are the pages of a paper, upright and in landscape.
func frames(paper document.Paper) (upright, across frame) {
	w, h := 595.28, 841.89
	if paper == document.Letter {
		w, h = 612, 792
	}
	const mm = 72 / 25.4
	upright = frame{w: w, h: h, left: 20 * mm, right: 20 * mm, top: 26 * mm, bottom: 22 * mm}
	across = frame{w: h, h: w, left: 15 * mm, right: 15 * mm, top: 20 * mm, bottom: 18 * mm, landscape: true}
	return upright, across
}

// pages lays out the document.
func (p *painter) pages() []*page {
	var body, front filler
	if p.doc.Brief {
		body.fill(p.upright, p.title(p.upright.width()))
	}
	p.flow(&body)
	p.spots = spots(body.pages)
	if !p.doc.Brief {
		front.fill(p.upright, p.cover(p.upright.width()))
		front.pages[0].bare = true
		if len(p.doc.Sections) > 0 {
			front.open(p.upright)
			front.fill(p.upright, p.contents(p.upright.width()))
		}
	}
	p.front = len(front.pages)
	return append(front.pages, body.pages...)
}

// write paints pages into a file.
func (p *painter) write(pages []*page) ([]byte, error) {
	size := fpdf.SizeType{Wd: p.upright.w, Ht: p.upright.h}
	pdf := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "pt", Size: size})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	p.describe(pdf)
	c := &canvas{pdf: pdf, links: map[string]int{}}
	p.anchor(c)
	for i, pg := range pages {
		c.page(pg.frame)
		c.begin()
		if !pg.bare {
			p.runningLines(c, pg.frame, i+1, len(pages))
		}
		for _, b := range pg.boxes {
			if b.title != "" {
				c.bookmark(b, pg.frame, pages[len(pages)-1].frame)
			}
			if b.draw != nil {
				b.draw(c, pg.frame.left, pg.frame.top+b.y)
			}
		}
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// above is how far above a place a link to it leads, in points.
const above = 6.0

// anchor makes the places of the document known, to which links lead.
func (p *painter) anchor(c *canvas) {
	for name, s := range p.spots {
		id := c.pdf.AddLink()
		c.pdf.SetLink(id, s.y-above, p.front+s.page+1)
		c.links[name] = id
	}
}

// bookmark puts a section into the outline. The library reckons heights from that of
// the last page.
func (c *canvas) bookmark(b placed, on, last frame) {
	y := last.h - (on.h - (on.top + b.y - above))
	if y == -1 { // which would mean: here
		y = -1.01
	}
	c.pdf.Bookmark(oneLine(b.title), b.depth-1, y)
}

// describe fills in the properties of the file.
func (p *painter) describe(pdf *fpdf.Fpdf) {
	s := p.set.Stamp
	pdf.SetCatalogSort(true)
	made := s.Time.UTC()
	if made.IsZero() { // for which the library would look at the clock
		made = time.Unix(0, 0).UTC()
	}
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetProducer("theriac", true)
	pdf.SetCreator("theriac", true)
	pdf.SetTitle(oneLine(p.doc.Title), true)
	pdf.SetAuthor(oneLine(s.Manufacturer), true)
	subject := s.Product
	if p.doc.Subtitle != "" {
		subject += " — " + p.doc.Subtitle
	}
	pdf.SetSubject(oneLine(subject), true)
	word, _ := p.status()
	keywords := []string{word, p.doc.Number, p.doc.Revision, s.Release, s.Baseline}
	var kept []string
	for _, k := range keywords {
		if k != "" {
			kept = append(kept, k)
		}
	}
	pdf.SetKeywords(oneLine(strings.Join(kept, ", ")), true)
	pdf.SetLang(p.lang.Tag)
}
