// Package plain paints documents as text: as Markdown for people who read them in
// a git forge, and as JSON for programs.
//
// # Format
//
// Markdown is CommonMark with the tables of GitHub Flavored Markdown, and the HTML
// tags a, br, code, em, strong and sub, which git forges show. JSON is specified in
// docs/formats/document-json.md.
//
// # Values
//
// Texts of a document stay texts: in Markdown what would be markup is escaped, and
// control and direction characters become U+FFFD; JSON holds texts as they are. The
// set has to be resolved.
//
// # Errors
//
// Only a picture that cannot be painted is an error.
//
// # Concurrency
//
// All functions are safe for concurrent use and only read the set.
//
// # Sources
//
// CommonMark 0.31.2; GitHub Flavored Markdown 0.29; RFC 8259 (JSON).
package plain

import (
	"strconv"

	"theriac/document"
	"theriac/locale"
)

// words gives our own words in the language of a document; in English where we have
// none in it.
func words(d *document.Document) *locale.Language {
	return d.Language()
}

// place is path and line of a source; "" where it has no path.
func place(s document.Source) string {
	switch {
	case s.Path == "":
		return ""
	case s.Line == 0:
		return s.Path
	}
	return s.Path + ":" + strconv.Itoa(s.Line)
}
