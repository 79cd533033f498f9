// Package document is what a document of the technical documentation is made of
// before it has a form: sections, statements, tables and pictures, each of which
// knows where it came from. It knows nothing of devices or of law.
//
// # Format
//
// A Set holds the documents of one build. A Document is a tree of sections; a
// section holds blocks; texts are spans. The packages below this one paint a
// document as HTML, DOCX, PDF, XLSX, Markdown or JSON, all from the same value.
//
// # Values
//
// Names and section ids are slugs of a-z, 0-9, '-' and '.'; section ids are unique
// in their document, and stay the same from one version of theriac to the next,
// because manufacturers refer to them. Texts are plain: painters escape them.
//
// # Concurrency
//
// A Set is read-only once it is resolved, and then safe for concurrent use.
package document

import (
	"time"

	"theriac/draw"
	"theriac/locale"
)

// Set is the documents of one build.
type Set struct {
	Stamp     Stamp
	Design    Design
	Documents []*Document // in reading order
	Files     []File      // for machines

	places  map[string]Place // addresses within the set
	told    map[string][]Place
	numbers Numbering
}

// Stamp is what every page says of the whole set.
type Stamp struct {
	Product      string
	Manufacturer string
	Release      string    // version; "" where the security file has none
	Baseline     string    // SHA-256 of the state of the security file, 64 hexadecimal digits
	Approved     bool      // the release was approved as it is here
	State        string    // what the set is where it is neither approved nor a draft, as Final; else ""
	Why          []string  // why it is a draft; who approved it
	Because      []Saying  // the same, to be said in another language; may be nil
	Day          string    // on which everything was judged, as YYYY-MM-DD
	Time         time.Time // for the properties of files; UTC
}

// Standing is what the set is, in one word that locale knows: Approved, Draft or its
// State.
func (s Stamp) Standing() string {
	switch {
	case s.Approved:
		return "Approved"
	case s.State != "":
		return s.State
	}
	return "Draft"
}

// Saying is a sentence of ours with what is filled into it, as fmt.Sprintf does.
type Saying struct {
	Text string
	Args []any
}

// Reasons are why the set is a draft, or who approved it, in a language.
func (s Stamp) Reasons(l *locale.Language) []string {
	if len(s.Because) != len(s.Why) {
		return s.Why
	}
	var list []string
	for _, b := range s.Because {
		list = append(list, l.Say(b.Text, b.Args...))
	}
	return list
}

// Design is how the documents of a manufacturer look.
type Design struct {
	Logo       []byte // PNG or JPEG; nil for none
	Template   []byte // DOCX of which styles, page, header and footer are taken; nil for ours
	Paper      Paper
	SourceLink string // address of a line, with {path}, {line} and {commit}; "" for none
	Commit     string
}

// Paper is the format of pages.
type Paper string

// The formats of paper.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// File is a file that is no document: for firewalls, scanners and other machines.
type File struct {
	Name  string // with extension
	Title string // what it is, for an index
	Bytes []byte
}

// Document is one document in one language.
type Document struct {
	Name       string // stable name, from which file names are made
	Title      string
	Subtitle   string
	Lang       string           // BCP 47
	Words      *locale.Language // for what painters say; nil for those of theriac
	Number     string           // document number of the manufacturer; "" for none
	Revision   string
	Signatures []Signature // of the document of the file that this is
	Reference  bool        // to look things up, not to submit
	Brief      bool        // an extract of one or two pages: no cover, no contents
	Quiet      bool        // for readers who have no security file: sources are not painted, only kept in JSON and XLSX
	Sections   []*Section
}

// Signature is an approval of a document, as it is printed.
type Signature struct {
	Meaning string // reviewed, approved, released
	Role    string
	Name    string
	Date    string // YYYY-MM-DD
	ID      string // of the signed approval
	Valid   bool   // it counts, and what was signed is unchanged
}

// Section is a chapter or a part of one.
type Section struct {
	ID       string
	Title    string
	Number   string // filled by Set.Number, for example 3.2; "" where numbers are not wanted
	Blocks   []Block
	Sections []*Section

	// Carries lists what must be told here: ids of entities and of catalogue
	// entries. A manufacturer's own text may not drop them.
	Carries []string
}

// Block is a paragraph, list, table, figure, callout, listing or set of terms.
type Block interface{ block() }

// Paragraph is running text.
type Paragraph struct {
	Text   Text
	Source Source
}

// List is a list of items.
type List struct {
	Ordered bool
	Items   []Item
}

// Item is an item of a list.
type Item struct {
	Blocks []Block
	Source Source
}

// Terms are names with what is said of them.
type Terms struct{ Terms []Term }

// Term is a name with what is said of it.
type Term struct {
	Name   Text
	Blocks []Block
	Source Source
}

// Table is rows under named columns.
type Table struct {
	ID      string // for links; "" for none
	Caption string
	Columns []Column
	Rows    []Row
	Wide    bool // needs a page in landscape
	Number  int  // filled by Set.Number; 0 for a table without caption
}

// Column is a column of a table.
type Column struct {
	Title string
	Width float64 // share of the width, in any unit; 0 counts as 1
	Kind  ColumnKind
}

// ColumnKind says what a column holds, for alignment and for spreadsheets.
type ColumnKind byte

// The kinds of columns.
const (
	Words ColumnKind = iota
	Code             // identifiers, ports, digests: monospaced, not hyphenated
	Figure
	Date
	State // a badge
)

// Row is a row of a table. A row with Group is a heading over those below it, and
// has no cells.
type Row struct {
	ID     string // for links, usually that of the entity; "" for none
	Group  string
	Cells  []Cell
	Source Source
}

// Cell is a cell of a table: lines of text. Value is the figure
// (float64, int) or date (string, YYYY-MM-DD) for spreadsheets, where the text says
// it for people; nil otherwise.
type Cell struct {
	Lines []Text
	Value any
}

// Picture is a drawing with a caption. Drawing.Summary is its alternative text.
type Picture struct {
	ID      string
	Caption string
	Drawing *draw.Drawing
	Number  int // filled by Set.Number
	Source  Source
}

// Callout is a statement that must not be missed.
type Callout struct {
	Kind   CalloutKind
	Title  string
	Blocks []Block
	Source Source
}

// CalloutKind says why a statement must not be missed.
type CalloutKind string

// The kinds of callouts. Warning and Caution are those of instructions for use; Gap
// is a question that nothing answers yet.
const (
	Warning CalloutKind = "warning"
	Caution CalloutKind = "caution"
	Note    CalloutKind = "note"
	Gap     CalloutKind = "gap"
)

// Listing is preformatted text.
type Listing struct {
	Text   string
	Source Source
}

func (*Paragraph) block() {}
func (*List) block()      {}
func (*Terms) block()     {}
func (*Table) block()     {}
func (*Picture) block()   {}
func (*Callout) block()   {}
func (*Listing) block()   {}

// Text is a line or paragraph of text.
type Text []Span

// Span is a piece of text with one look. A span with To and without Text is filled
// by Set.Resolve with the words for its target: "Risk report, section 4.2".
type Span struct {
	Text  string
	Style Style
	Tone  Tone
	To    Address
}

// Style is how a span is set.
type Style byte

// The styles, which may be combined.
const (
	Strong Style = 1 << iota
	Emphasis
	Mono
	Faint
)

// Tone makes a badge of a span. Colour never says more than the text.
type Tone byte

// The tones.
const (
	Plain   Tone = iota
	Good         // met, passed, approved
	Partly       // met in part, stale
	Bad          // failed, missing
	Neutral      // not applicable, planned
)

// Address is a place that a span leads to: doc:NAME, doc:NAME#SECTION, entity:ID,
// clause:ID, or an absolute URL of scheme https, http or mailto. Names of documents
// in it carry no language: a link stays within the language where it can.
type Address string

// Source says where a statement came from; the zero Source says that it is ours.
type Source struct {
	Entity   string // id
	Field    string // path inside the entity
	Path     string // slash path below the folder of the security file
	Line     int    // from 1
	Clause   string // id of a catalogue entry
	Evidence string // id of a piece of evidence
}

// IsZero reports whether the source says nothing.
func (s Source) IsZero() bool { return s == Source{} }
