package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/document"
	"theriac/draw"
)

// portrait is the width of a sheet that prints on A4 upright with its smallest text at 7
// points: 174 mm, at 10 units for 7 points.
const portrait = 704

// picture writes a drawing, each of its sheets as a picture of its own, so that none is
// torn apart between pages.
func (p *page) picture(b *document.Picture) {
	p.put("<figure")
	if b.Drawing != nil && slices.ContainsFunc(b.Drawing.Sheets, func(s draw.Sheet) bool { return s.Width > portrait }) {
		p.put(` class="wide"`)
	}
	p.free(b.ID)
	p.put(">\n")
	if b.Drawing != nil {
		p.figures++
		p.put(`<div class="scroll" role="region" tabindex="0"`)
		p.attr("aria-labelledby", "_figure-"+strconv.Itoa(p.figures))
		p.put(">\n")
		for i, s := range p.sheets[b] {
			p.Write(numbered(s, fmt.Sprintf("%d-%d", p.figures, i+1)))
		}
		p.put("</div>\n")
	}
	p.put("<figcaption><span")
	if b.Drawing != nil {
		p.attr("id", "_figure-"+strconv.Itoa(p.figures))
	}
	p.put(`><span class="number">`)
	if b.Number > 0 {
		p.label("Figure %d", b.Number)
	} else {
		p.label("Figure")
	}
	p.put("</span> ")
	p.text(b.Caption)
	p.put("</span>")
	p.mark(b.Source)
	if name := p.alone[b]; name != "" {
		p.put(` <span class="open">`)
		p.link(p.base+name, p.words.say("Open the drawing by itself"))
		p.put("</span>")
	}
	p.put("</figcaption></figure>")
}

// paint draws all pictures of the page beforehand: the policy of the page names the
// digests of their styles.
func (p *page) paint() {
	p.sheets, p.alone = map[*document.Picture][][]byte{}, map[*document.Picture]string{}
	p.drawings = map[string][]byte{}
	p.doc.Walk(func(s *document.Section, _ int) {
		document.Blocks(s.Blocks, func(b document.Block) {
			pic, ok := b.(*document.Picture)
			if !ok || pic.Drawing == nil || p.sheets[pic] != nil {
				return
			}
			p.sheets[pic] = [][]byte{}
			for i := range pic.Drawing.Sheets {
				p.sheets[pic] = append(p.sheets[pic], p.sheet(pic.Drawing, i))
			}
			if !p.single {
				name := p.drawingFile(pic)
				p.alone[pic], p.drawings[name] = name, svg(pic.Drawing)
			}
		})
	})
}

// drawingFile is the name of the file of a drawing: its id where it has one.
func (p *page) drawingFile(b *document.Picture) string {
	of := "drawings/" + strings.TrimSuffix(p.site.files[p.doc], ".html") + "-"
	name := of + anchor(b.ID) + ".svg"
	for n := len(p.drawings) + 1; anchor(b.ID) == "" || p.drawings[name] != nil; n++ {
		name = of + strconv.Itoa(n) + ".svg"
		if p.drawings[name] == nil {
			break
		}
	}
	return name
}

func svg(d *draw.Drawing) []byte {
	var b bytes.Buffer
	if err := draw.SVG(&b, d); err != nil {
		panic(err) // a buffer does not fail
	}
	return b.Bytes()
}

// sheet is one sheet of a drawing as an element of the page; the digest of its style is
// noted.
func (p *page) sheet(d *draw.Drawing, i int) []byte {
	one := *d.Only(i)
	if len(d.Sheets) > 1 {
		one.Title += ", " + p.words.say("sheet %d of %d", i+1, len(d.Sheets))
		if i > 0 {
			one.Summary = p.words.say("Continued from the sheet before.")
		}
	}
	text := svg(&one)
	if _, after, ok := bytes.Cut(text, []byte("<style>")); ok {
		if style, _, ok := bytes.Cut(after, []byte("</style>")); ok {
			p.trust(style)
		}
	}
	return text
}

// numbered gives a drawing ids of its own: in a page there may be several.
func numbered(svg []byte, suffix string) []byte {
	for _, id := range []string{"title", "desc"} {
		svg = bytes.Replace(svg, []byte(`="`+id+`"`), []byte(`="_`+id+`-`+suffix+`"`), 2)
	}
	return svg
}

// trust notes the digest of a style that stands in the page.
func (p *page) trust(style []byte) {
	sum := sha256.Sum256(style)
	digest := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if !slices.Contains(p.trusted, digest) {
		p.trusted = append(p.trusted, digest)
	}
}
