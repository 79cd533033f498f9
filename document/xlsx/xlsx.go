// Package xlsx paints a document as a workbook: the tables of the document, to
// sort, filter and count in.
//
// # Format
//
// ECMA-376 (SpreadsheetML). The first sheet says what the workbook is of and lists
// the others; each table of the document that has a caption or an id is a sheet
// with one row of headings. The group of a row is a column, so that filters work;
// the last columns are the id of the entity of a row and where the row came from.
//
// # Values
//
// Figures are numbers and days are dates; all else is text, also where it begins as
// a formula does. Texts lose control and direction characters, and end at the 32,767
// characters that a cell holds. A cell links where all its links lead to one place:
// to a row or sheet of the workbook, or to an address outside. The set has to be
// resolved. The same set gives the same bytes.
//
// # Errors
//
// A table that is larger than a sheet can be.
//
// # Concurrency
//
// Write is safe for concurrent use and only reads the set.
package xlsx

import (
	"cmp"
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"theriac/document"
)

// Limits of a sheet.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

// Write paints a document.
func Write(set *document.Set, d *document.Document) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // removes temporary files
	b := &book{File: f, set: set, doc: d, say: words(d), looks: map[look]int{}, units: map[string]bool{}}
	b.sheets = b.plan()
	if err := b.write(); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	return b.pack()
}

// words gives our own words in the language of a document; in English where we have
// none in it.
func words(d *document.Document) func(string, ...any) string {
	return d.Language().Say
}

// book is a workbook that is being made.
type book struct {
	*excelize.File
	set    *document.Set
	doc    *document.Document
	say    func(text string, args ...any) string
	about  string              // name of the first sheet
	sheets []*sheet            // of tables
	spots  map[string]location // what anchors of the document lead to
	looks  map[look]int        // styles that exist
	units  map[string]bool     // what formats say behind a number
	links  [][]link            // of each sheet, the first one included
}

// sheet is a table that becomes a sheet.
type sheet struct {
	name    string
	table   *document.Table
	section *document.Section
	columns []column
	rows    int // without the row of headings
}

// location is a cell in the first column of a sheet; row 1 is that of the headings.
type location struct {
	sheet string
	row   int
}

// plan finds the tables and what links within the workbook lead to.
func (b *book) plan() []*sheet {
	names := naming{}
	b.about = names.take(b.say("About"), "")
	b.spots = map[string]location{}
	var list []*sheet
	spot := func(id string, at location) {
		if _, taken := b.spots[id]; id != "" && !taken {
			b.spots[id] = at
		}
	}
	b.doc.Walk(func(sec *document.Section, _ int) {
		document.Blocks(sec.Blocks, func(bl document.Block) {
			t, ok := bl.(*document.Table)
			if !ok || t.Caption == "" && t.ID == "" {
				return
			}
			s := &sheet{name: names.take(t.Caption, t.ID), table: t, section: sec}
			list = append(list, s)
			for _, r := range t.Rows {
				if len(r.Cells) > 0 {
					s.rows++
					spot(r.ID, location{s.name, s.rows + 1})
				}
			}
		})
	})
	for _, s := range list { // a row counts more than the table or section of the same id
		spot(s.table.ID, location{s.name, 1})
		spot(s.section.ID, location{s.name, 1})
	}
	return list
}

func (b *book) write() error {
	if err := b.SetSheetName("Sheet1", b.about); err != nil {
		return err
	}
	for _, s := range b.sheets {
		if _, err := b.NewSheet(s.name); err != nil {
			return fmt.Errorf("sheet %q: %w", s.name, err)
		}
	}
	b.links = make([][]link, len(b.sheets)+1)
	if err := b.writeAbout(); err != nil {
		return err
	}
	for i, s := range b.sheets {
		if err := b.writeTable(s, i+1); err != nil {
			return fmt.Errorf("sheet %q: %w", s.name, err)
		}
	}
	return b.properties()
}

// properties are those of the file. Times are those of the stamp.
func (b *book) properties() error {
	at := b.set.Stamp.Time.UTC().Format(time.RFC3339)
	stamp := b.set.Stamp
	err := b.SetDocProps(&excelize.DocProperties{
		Title: clean(b.doc.Title), Subject: clean(stamp.Product), Creator: clean(stamp.Manufacturer), LastModifiedBy: clean(stamp.Manufacturer),
		Description: clean(b.state()), Identifier: clean(b.doc.Number), Version: clean(stamp.Release), Language: clean(b.doc.Lang),
		Created: at, Modified: at, Revision: "1",
	})
	if err != nil {
		return err
	}
	return b.SetAppProps(&excelize.AppProperties{Application: "theriac", Company: clean(stamp.Manufacturer)})
}

// state is whether the release is approved, in one word.
func (b *book) state() string { return b.say(b.set.Stamp.Standing()) }

// paper sets up the printed page of a sheet. The filter of a sheet has to be set
// before.
func (b *book) paper(name string) error {
	fit, size, wide, any := true, 9, 1, 0
	if b.set.Design.Paper == document.Letter {
		size = 1
	}
	orientation := "landscape"
	if err := b.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &any}); err != nil {
		return err
	}
	side, top, head := 0.5, 0.8, 0.35
	if err := b.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &head, Footer: &head}); err != nil {
		return err
	}
	stamp := b.set.Stamp
	release := stamp.Release
	if stamp.Baseline != "" {
		release = cmp.Or(release, "–") + " · " + stamp.Baseline[:min(12, len(stamp.Baseline))]
	}
	return b.SetHeaderFooter(name, &excelize.HeaderFooterOptions{
		OddHeader: printed(stamp.Product, b.doc.Title, numbered(b.doc)),
		OddFooter: printed(release, b.state(), "") + " · &A&R&P / &N", // &A is the name of the sheet
	})
}

// numbered is the number and revision of a document.
func numbered(d *document.Document) string {
	switch {
	case d.Revision == "":
		return d.Number
	case d.Number == "":
		return d.Revision
	}
	return d.Number + " / " + d.Revision
}
