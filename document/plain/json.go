package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"theriac/document"
	"theriac/draw"
)

// Version is the version of the JSON form.
const Version = 1

// The types below are the JSON form, in the order of its fields.
type (
	jsonFile struct {
		Version  int          `json:"version"`
		Stamp    jsonStamp    `json:"stamp"`
		Links    jsonLinks    `json:"links"`
		Document jsonDocument `json:"document"`
	}
	jsonStamp struct {
		Product      string   `json:"product"`
		Manufacturer string   `json:"manufacturer"`
		Release      string   `json:"release"`
		Baseline     string   `json:"baseline"`
		Approved     bool     `json:"approved"`
		Why          []string `json:"why"`
		Day          string   `json:"day"`
		Time         string   `json:"time"`
	}
	jsonLinks struct {
		Source string `json:"source"`
		Commit string `json:"commit"`
	}
	jsonDocument struct {
		Name       string          `json:"name"`
		Title      string          `json:"title"`
		Subtitle   string          `json:"subtitle"`
		Lang       string          `json:"lang"`
		Number     string          `json:"number"`
		Revision   string          `json:"revision"`
		Reference  bool            `json:"reference"`
		Brief      bool            `json:"brief"`
		Signatures []jsonSignature `json:"signatures"`
		Sections   []jsonSection   `json:"sections"`
	}
	jsonSignature struct {
		Meaning string `json:"meaning"`
		Role    string `json:"role"`
		Name    string `json:"name"`
		Date    string `json:"date"`
		ID      string `json:"id"`
		Valid   bool   `json:"valid"`
	}
	jsonSection struct {
		ID       string        `json:"id"`
		Number   string        `json:"number,omitempty"`
		Title    string        `json:"title"`
		Carries  []string      `json:"carries,omitempty"`
		Blocks   []any         `json:"blocks"`
		Sections []jsonSection `json:"sections"`
	}
	jsonSpan struct {
		Text  string      `json:"text"`
		Style []string    `json:"style,omitempty"`
		Tone  string      `json:"tone,omitempty"`
		To    string      `json:"to,omitempty"`
		At    *jsonTarget `json:"at,omitempty"`
	}
	jsonTarget struct {
		Document string `json:"document"`
		Lang     string `json:"lang"`
		Anchor   string `json:"anchor,omitempty"`
	}
	jsonSource struct {
		Entity   string `json:"entity,omitempty"`
		Field    string `json:"field,omitempty"`
		Path     string `json:"path,omitempty"`
		Line     int    `json:"line,omitempty"`
		Clause   string `json:"clause,omitempty"`
		Evidence string `json:"evidence,omitempty"`
	}
	jsonParagraph struct {
		Kind   string      `json:"kind"`
		Text   []jsonSpan  `json:"text"`
		Source *jsonSource `json:"source,omitempty"`
	}
	jsonList struct {
		Kind    string     `json:"kind"`
		Ordered bool       `json:"ordered"`
		Items   []jsonItem `json:"items"`
	}
	jsonItem struct {
		Blocks []any       `json:"blocks"`
		Source *jsonSource `json:"source,omitempty"`
	}
	jsonTerms struct {
		Kind  string     `json:"kind"`
		Terms []jsonTerm `json:"terms"`
	}
	jsonTerm struct {
		Name   []jsonSpan  `json:"name"`
		Blocks []any       `json:"blocks"`
		Source *jsonSource `json:"source,omitempty"`
	}
	jsonTable struct {
		Kind    string       `json:"kind"`
		ID      string       `json:"id,omitempty"`
		Number  int          `json:"number,omitempty"`
		Caption string       `json:"caption,omitempty"`
		Wide    bool         `json:"wide,omitempty"`
		Columns []jsonColumn `json:"columns"`
		Rows    []jsonRow    `json:"rows"`
	}
	jsonColumn struct {
		Title string  `json:"title"`
		Kind  string  `json:"kind"`
		Width float64 `json:"width,omitempty"`
	}
	jsonRow struct {
		ID     string      `json:"id,omitempty"`
		Group  string      `json:"group,omitempty"`
		Cells  []jsonCell  `json:"cells"`
		Source *jsonSource `json:"source,omitempty"`
	}
	jsonCell struct {
		Lines [][]jsonSpan `json:"lines"`
		Value any          `json:"value,omitempty"`
	}
	jsonPicture struct {
		Kind    string      `json:"kind"`
		ID      string      `json:"id,omitempty"`
		Number  int         `json:"number,omitempty"`
		Caption string      `json:"caption"`
		Summary string      `json:"summary"`
		Sheets  []jsonSheet `json:"sheets"`
		Source  *jsonSource `json:"source,omitempty"`
	}
	jsonSheet struct {
		Name   string  `json:"name"`
		Width  float64 `json:"width"`
		Height float64 `json:"height"`
		SVG    string  `json:"svg"`
	}
	jsonCallout struct {
		Kind    string      `json:"kind"`
		Callout string      `json:"callout"`
		Title   string      `json:"title,omitempty"`
		Blocks  []any       `json:"blocks"`
		Source  *jsonSource `json:"source,omitempty"`
	}
	jsonListing struct {
		Kind   string      `json:"kind"`
		Text   string      `json:"text"`
		Source *jsonSource `json:"source,omitempty"`
	}
)

var (
	columnKinds = map[document.ColumnKind]string{document.Words: "words", document.Code: "code", document.Figure: "figure", document.Date: "date", document.State: "state"}
	tones       = map[document.Tone]string{document.Good: "good", document.Partly: "partly", document.Bad: "bad", document.Neutral: "neutral"}
)

// styles in the order in which they are listed.
var styles = []struct {
	style document.Style
	name  string
}{{document.Strong, "strong"}, {document.Emphasis, "emphasis"}, {document.Mono, "mono"}, {document.Faint, "faint"}}

// JSON is a document as JSON, as docs/formats/document-json.md specifies it.
func JSON(set *document.Set, d *document.Document) ([]byte, error) {
	s := set.Stamp
	j := &jsonWriter{set: set, doc: d}
	out := jsonFile{
		Version: Version,
		Stamp:   jsonStamp{s.Product, s.Manufacturer, s.Release, s.Baseline, s.Approved, orEmpty(s.Why), s.Day, s.Time.UTC().Format(time.RFC3339)},
		Links:   jsonLinks{set.Design.SourceLink, set.Design.Commit},
		Document: jsonDocument{
			Name: d.Name, Title: d.Title, Subtitle: d.Subtitle, Lang: d.Lang, Number: d.Number, Revision: d.Revision,
			Reference: d.Reference, Brief: d.Brief, Signatures: []jsonSignature{}, Sections: j.sections(d.Sections),
		},
	}
	for _, s := range d.Signatures {
		out.Document.Signatures = append(out.Document.Signatures, jsonSignature(s))
	}
	if j.err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, j.err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(out); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	return b.Bytes(), nil
}

// jsonWriter turns the parts of a document into their JSON form; err is the first
// error.
type jsonWriter struct {
	set *document.Set
	doc *document.Document
	err error
}

func orEmpty(list []string) []string { return append([]string{}, list...) }

func (j *jsonWriter) sections(list []*document.Section) []jsonSection {
	out := []jsonSection{}
	for _, s := range list {
		out = append(out, jsonSection{s.ID, s.Number, s.Title, s.Carries, j.blocks(s.Blocks), j.sections(s.Sections)})
	}
	return out
}

func (j *jsonWriter) blocks(list []document.Block) []any {
	out := []any{}
	for _, b := range list {
		if v := j.block(b); v != nil {
			out = append(out, v)
		}
	}
	return out
}

func (j *jsonWriter) block(b document.Block) any {
	switch b := b.(type) {
	case *document.Paragraph:
		return jsonParagraph{"paragraph", j.text(b.Text), sourceJSON(b.Source)}
	case *document.List:
		l := jsonList{"list", b.Ordered, []jsonItem{}}
		for _, it := range b.Items {
			l.Items = append(l.Items, jsonItem{j.blocks(it.Blocks), sourceJSON(it.Source)})
		}
		return l
	case *document.Terms:
		t := jsonTerms{"terms", []jsonTerm{}}
		for _, term := range b.Terms {
			t.Terms = append(t.Terms, jsonTerm{j.text(term.Name), j.blocks(term.Blocks), sourceJSON(term.Source)})
		}
		return t
	case *document.Table:
		return j.table(b)
	case *document.Picture:
		return j.picture(b)
	case *document.Callout:
		return jsonCallout{"callout", string(b.Kind), b.Title, j.blocks(b.Blocks), sourceJSON(b.Source)}
	case *document.Listing:
		return jsonListing{"listing", b.Text, sourceJSON(b.Source)}
	}
	return nil
}

func (j *jsonWriter) table(t *document.Table) jsonTable {
	out := jsonTable{"table", t.ID, t.Number, t.Caption, t.Wide, []jsonColumn{}, []jsonRow{}}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, jsonColumn{c.Title, columnKinds[c.Kind], c.Width})
	}
	for _, r := range t.Rows {
		row := jsonRow{r.ID, r.Group, []jsonCell{}, sourceJSON(r.Source)}
		for _, c := range r.Cells {
			cell := jsonCell{[][]jsonSpan{}, valueJSON(c.Value)}
			for _, l := range c.Lines {
				cell.Lines = append(cell.Lines, j.text(l))
			}
			row.Cells = append(row.Cells, cell)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// picture has each sheet of the drawing as SVG.
func (j *jsonWriter) picture(p *document.Picture) jsonPicture {
	out := jsonPicture{"picture", p.ID, p.Number, p.Caption, "", []jsonSheet{}, sourceJSON(p.Source)}
	if p.Drawing == nil {
		return out
	}
	out.Summary = p.Drawing.Summary
	for i, s := range p.Drawing.Sheets {
		var svg bytes.Buffer
		if err := draw.SVG(&svg, p.Drawing.Only(i)); err != nil && j.err == nil {
			j.err = fmt.Errorf("figure %d, sheet %d: %w", p.Number, i+1, err)
		}
		out.Sheets = append(out.Sheets, jsonSheet{s.Name, s.Width, s.Height, svg.String()})
	}
	return out
}

func (j *jsonWriter) text(t document.Text) []jsonSpan {
	out := []jsonSpan{}
	for _, s := range t {
		span := jsonSpan{Text: s.Text, Tone: tones[s.Tone], To: string(s.To)}
		for _, look := range styles {
			if s.Style&look.style != 0 {
				span.Style = append(span.Style, look.name)
			}
		}
		if s.To != "" && !s.To.Outside() {
			span.At = j.at(s.To)
		}
		out = append(out, span)
	}
	return out
}

// at is the place within the set to which an address leads; nil where there is none.
func (j *jsonWriter) at(to document.Address) *jsonTarget {
	if anchor, ok := j.set.Within(to, j.doc); ok {
		return &jsonTarget{j.doc.Name, j.doc.Lang, anchor}
	}
	if p, ok := j.set.Find(to, j.doc); ok {
		return &jsonTarget{p.Document.Name, p.Document.Lang, p.Anchor()}
	}
	return nil
}

func sourceJSON(s document.Source) *jsonSource {
	if s.IsZero() {
		return nil
	}
	out := jsonSource(s)
	return &out
}

// valueJSON is the value of a cell where JSON can say it: a finite number or a text.
func valueJSON(v any) any {
	switch v := v.(type) {
	case int, string:
		return v
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	}
	return nil
}
