// Package report says what a check found, in the forms that people and machines
// read: text for terminals, JSON, SARIF 2.1.0, workflow commands and JUnit XML.
//
// # Format
//
// Text is for people and may change. JSON is docs/formats/check-json.md. SARIF
// is the OASIS standard 2.1.0. Columns count Unicode code points in all of them.
//
// # Values
//
// Findings keep the order in which they are given; lists are never null. The
// output depends on the input alone: no clock, no host name, no map order.
//
// What the user's files say is untrusted. Text for terminals and workflow
// commands shows control characters as escapes, so that a file cannot move the
// cursor or give commands.
//
// # Errors
//
// A format returns the error of the writer and no other.
package report

import (
	"io"
	"slices"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// Input is a checked security file and how to show it.
type Input struct {
	Version  string // of the program
	Catalog  *catalog.Catalog
	Rules    []*check.Rule  // all rules that could have found something
	Product  *model.Product // nil when none could be read
	Variant  string         // the variant that alone was checked, or ""
	Findings diag.List
	Coverage []check.Row    // empty when the file was not judged
	Showing  *check.Showing // what signed evidence shows; nil where signatures decide nothing

	// Limit is the least severity that fails; smaller than diag.Error fails
	// nothing. It matters to JUnit alone.
	Limit diag.Severity

	// For text only.
	Color   bool   // write ANSI colours
	Verbose bool   // show open questions and notes in full
	Width   int    // columns of the terminal; 0 breaks no lines
	Clauses string // list the coverage of clauses whose id begins so; "all" lists every one
}

// Format is a form of report.
type Format struct {
	Name  string
	Doc   string
	Write func(io.Writer, Input) error
}

var formats = []Format{
	{"text", "for people", writeText},
	{"json", "one JSON object, see docs/formats/check-json.md", writeJSON},
	{"sarif", "SARIF 2.1.0, for code scanning", writeSARIF},
	{"github", "workflow commands for GitHub", writeGitHub},
	{"junit", "JUnit XML, for build servers", writeJUnit},
}

// Formats lists the formats.
func Formats() []Format { return slices.Clone(formats) }

// Find returns the format with a name, or nil.
func Find(name string) *Format {
	for i := range formats {
		if formats[i].Name == name {
			return &formats[i]
		}
	}
	return nil
}

// Names lists the names of the formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}
