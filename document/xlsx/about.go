package xlsx

import (
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"theriac/document"
)

// aboutWidths are the widths of the columns of the first sheet.
var aboutWidths = []float64{32, 60, 40, 12, 34, 16}

// aboutWriter writes the rows of the first sheet.
type aboutWriter struct {
	*book
	stream *excelize.StreamWriter
	row    int
	err    error // the first one
}

// field is a cell of the first sheet.
type field struct {
	value any
	look  look
	to    link
}

// writeAbout writes the first sheet: what the workbook is of, and what it holds.
func (b *book) writeAbout() error {
	if err := b.paper(b.about); err != nil {
		return err
	}
	stream, err := b.NewStreamWriter(b.about)
	if err != nil {
		return err
	}
	for i, width := range aboutWidths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	w := &aboutWriter{book: b, stream: stream}
	w.put(field{value: clean(b.doc.Title), look: look{use: asTitle, bare: true}})
	if sub := clean(b.doc.Subtitle); sub != "" {
		w.put(field{value: sub, look: look{use: asNote, bare: true}})
	}
	w.skip()
	w.identity()
	w.signatures()
	w.contents()
	if w.err != nil {
		return w.err
	}
	return stream.Flush()
}

func (w *aboutWriter) skip() { w.row++ }

// put writes a row.
func (w *aboutWriter) put(fields ...field) {
	w.row++
	cells, high := make([]any, len(fields)), 1
	for i, f := range fields {
		if text, ok := f.value.(string); ok {
			f.value = bounded(text)
			f.look.quoted = formula(text)
			high = max(high, wrapped(bounded(text), column{use: f.look.use, width: aboutWidths[i]}))
		}
		f.look.linked = w.link(0, i+1, w.row, f.to)
		style, err := w.style(f.look)
		if err != nil && w.err == nil {
			w.err = err
		}
		cells[i] = excelize.Cell{StyleID: style, Value: f.value}
	}
	tall := height(high)
	if fields[0].look.use == asTitle {
		tall = 26
	}
	if err := w.stream.SetRow("A"+strconv.Itoa(w.row), cells, excelize.RowOpts{Height: tall}); err != nil && w.err == nil {
		w.err = err
	}
}

// pair writes a name with its value; nothing where there is no value.
func (w *aboutWriter) pair(name string, value any, l look) {
	if text, ok := value.(string); ok && strings.TrimSpace(text) == "" {
		return
	}
	w.put(field{value: name, look: look{use: asLabel, bare: true}}, field{value: value, look: l})
}

func (w *aboutWriter) identity() {
	stamp, d, text := w.set.Stamp, w.doc, look{bare: true}
	w.pair(w.say("Product"), clean(stamp.Product), text)
	w.pair(w.say("Manufacturer"), clean(stamp.Manufacturer), text)
	w.pair(w.say("Release"), clean(stamp.Release), text)
	w.pair(w.say("Document number"), clean(d.Number), text)
	w.pair(w.say("Revision"), clean(d.Revision), text)
	tone := document.Partly
	if stamp.Approved {
		tone = document.Good
	}
	w.pair(w.say("Status"), w.state(), look{use: asState, tone: tone})
	for _, why := range stamp.Reasons(d.Language()) {
		w.put(field{look: look{bare: true}}, field{value: clean(why), look: text})
	}
	w.pair(w.say("Baseline"), clean(stamp.Baseline), look{use: asCode, bare: true})
	w.pair(w.say("Date"), day(stamp.Day), look{use: asDate, bare: true})
}

// day is a day as a date, or as the text that it is.
func day(s string) any {
	v, _ := valueOf(document.On(s), asDate)
	if v == nil {
		return ""
	}
	return v
}

func (w *aboutWriter) heads(titles ...string) {
	fields := make([]field, len(titles))
	for i, t := range titles {
		fields[i] = field{value: t, look: look{use: asHead}}
	}
	w.put(fields...)
}

func (w *aboutWriter) signatures() {
	if len(w.doc.Signatures) == 0 {
		return
	}
	w.skip()
	w.put(field{value: w.say(document.ApprovalsTitle), look: look{bare: true}})
	w.heads(w.say("Meaning"), w.say("Name"), w.say("Role"), w.say("Date"), w.say("Approval"), w.say("State"))
	for _, s := range w.doc.Signatures {
		state, tone := w.say("valid"), document.Good
		if !s.Valid {
			state, tone = w.say("changed since"), document.Bad
		}
		on := day(s.Date)
		use := asWords
		if _, ok := on.(time.Time); ok {
			use = asDate
		}
		meaning := s.Meaning
		if meaning != "" {
			meaning = w.say(meaning)
		}
		w.put(field{value: clean(meaning)}, field{value: clean(s.Name)}, field{value: clean(s.Role)}, field{value: on, look: look{use: use}},
			field{value: clean(s.ID), look: look{use: asCode}}, field{value: state, look: look{use: asState, tone: tone}})
	}
}

func (w *aboutWriter) contents() {
	w.skip()
	w.put(field{value: w.say("This workbook holds the tables of the document, to sort and filter. Its text and pictures are in the other forms."), look: look{use: asNote, bare: true}})
	if len(w.sheets) == 0 {
		return
	}
	w.skip()
	w.heads(w.say("Sheet"), w.say("Table"), w.say("Section"), w.say("Rows"))
	for _, s := range w.sheets {
		caption := clean(s.table.Caption)
		if s.table.Number > 0 {
			caption = strconv.Itoa(s.table.Number) + "  " + caption
		}
		section := strings.TrimSpace(clean(s.section.Number + " " + s.section.Title))
		w.put(field{value: s.name, to: link{cell: location{s.name, 1}}}, field{value: caption}, field{value: section}, field{value: s.rows, look: look{use: asFigure}})
	}
}
