// Package sheet carries hazards, hazardous situations, harms, threats, risks and
// controls between a security file and the spreadsheets in which safety teams
// keep them, in both directions.
//
// A [Book] is a workbook as text. [Export] makes one from a linked security
// file, [Import] compares one with it and says what would change; the readers
// and writers of XLSX and CSV stand between the Book and the bytes. A [Mapping]
// says which column of which sheet holds which field. [OwnMapping] is that of
// our own sheets, in which every field of the types in package model has a
// column of its own, so that export and import lose nothing.
//
// # Format
//
// docs/formats/risk-sheet.md. In short: one row is one entity; a list takes one
// line of its cell for each item; an empty cell is an absent field. Own sheets
// have the path of the field as the name of the column.
//
// # Values
//
// Limits: MaxFile bytes per file, maxUnzipped bytes of all parts of a workbook,
// maxRows rows and maxColumns columns of a sheet, maxArea cells of a workbook,
// maxCell UTF-16 units in a cell (the limit of Excel). Dates are days without
// zone; a day that a spreadsheet stores as a number is read as that day in
// whatever form it is shown.
//
// # Errors
//
// What is wrong with a spreadsheet or a mapping is a finding; its message begins
// with sheet and cell. A Plan is only to be carried out when no finding is an
// error. The error of a reader or writer is about the run.
//
// # Sources
//
// ECMA-376 (SpreadsheetML, through excelize), RFC 4180 (CSV).
package sheet
