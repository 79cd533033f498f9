package docx

import (
	"bytes"
	"fmt"

	"theriac/document"
	"theriac/draw"
)

// Sizes of pictures.
const (
	emuPixel   = 9525     // a unit of a sheet at its own size
	enlarged   = 1.2      // the most by which a small sheet is enlarged
	leastScale = 0.66     // at which the smallest text of a sheet has 5 points, about
	below      = 750      // twips of a page for the caption and the space around
	emuMost    = 27273042 // beyond which word processors show nothing
)

// pictureTurns reports whether a picture has a sheet that is wider than tall and could
// not be read on a page upright.
func (w *writer) pictureTurns(p *document.Picture) bool {
	if p.Drawing == nil {
		return false
	}
	for _, s := range p.Drawing.Sheets {
		if s.Width > s.Height && s.Width > 0 && float64(w.page.room(false)*emuTwip)/(s.Width*emuPixel) < leastScale {
			return true
		}
	}
	return false
}

// picture writes the sheets of a drawing, each a picture of its own, with the caption
// below.
func (w *writer) picture(p *document.Picture) error {
	if p.Drawing == nil || len(p.Drawing.Sheets) == 0 {
		w.caption("Figure", p.Number, p.Caption, "", p.ID)
		return nil
	}
	for i, s := range p.Drawing.Sheets {
		var b bytes.Buffer
		if err := draw.EMF(&b, p.Drawing, i); err != nil {
			return fmt.Errorf("picture %s: %w", p.ID, err)
		}
		w.pictures++
		id := w.base.add("image", fmt.Sprintf("media/picture-%d.emf", w.pictures), &part{kind: "image/x-emf", data: b.Bytes()})
		lead := 0
		if i == 0 {
			lead = w.lead
		}
		wide, high := w.fit(s, lead)
		alt := p.Drawing.Summary
		if i > 0 {
			alt = p.Drawing.Title
		}
		run := w.inline(id, wide, high, fmt.Sprintf("picture %d", w.pictures), alt)
		w.WriteString(w.paragraph("Figure", "", run))
		w.pictureCaption(p, i)
	}
	return nil
}

// fit is the size of a sheet on the page, in EMU: beside a little text that leads to
// it, where it can be read then.
func (w *writer) fit(s draw.Sheet, lead int) (wide, high int) {
	page := w.page.high(w.turned)
	if lead > page/4 {
		lead = 0
	}
	scale := func(lead int) float64 {
		room, tall := float64(w.page.room(w.turned)*emuTwip), float64(max(page-below-lead, 2000)*emuTwip)
		return min(enlarged, room/(s.Width*emuPixel), tall/(s.Height*emuPixel))
	}
	k := scale(lead)
	if k < leastScale {
		k = scale(0)
	}
	return max(1, int(s.Width*emuPixel*k)), max(1, int(s.Height*emuPixel*k))
}

func (w *writer) pictureCaption(p *document.Picture, sheet int) {
	of := ""
	if n := len(p.Drawing.Sheets); n > 1 {
		of = " (" + w.say.Say("sheet %d of %d", sheet+1, n) + ")"
	}
	if sheet == 0 {
		runs := w.captionRuns("Figure", p.Number, "") + w.plainRun(": "+oneLine(p.Caption)+of, "")
		w.WriteString(w.paragraph("caption", "", w.at(runs, p.ID)+w.mark(p.Source)))
		return
	}
	w.WriteString(w.paragraph("caption", "", w.captionRuns("Figure", p.Number, ` \c`)+w.plainRun(": "+oneLine(p.Caption)+of, "")))
}

// longestAlt bounds the text for those who do not see a picture.
const longestAlt = 4000

// inline is a run with a picture.
func (w *writer) inline(id string, wide, high int, name, alt string) string {
	w.drawn++
	n := markBase + w.drawn
	wide, high = min(wide, emuMost), min(high, emuMost)
	return fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="%s" descr="%s"/>`+
		`<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="%[6]s" noChangeAspect="1"/></wp:cNvGraphicFramePr>`+
		`<a:graphic xmlns:a="%[6]s"><a:graphicData uri="%[7]s"><pic:pic xmlns:pic="%[7]s"><pic:nvPicPr><pic:cNvPr id="%[3]d" name="%[4]s"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="%[8]s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		wide, high, n, esc(name), esc(shortened(alt, longestAlt)),
		"http://schemas.openxmlformats.org/drawingml/2006/main", "http://schemas.openxmlformats.org/drawingml/2006/picture", exact(id))
}
