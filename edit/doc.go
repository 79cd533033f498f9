// Package edit changes entities in a YAML file of a security file in place: what
// is not edited keeps its bytes, and no comment is lost.
//
// A change is a splice of the text at places that package format knows. It is
// made twice, on the text and on the values, and the two must agree before
// anybody sees it.
//
// # Format
//
//   - [Doc.Append] writes entities at the end of their kind, with its
//     indentation; a kind that the file lacks goes to the end of the file, or to
//     its place where the order of kinds is known.
//   - [Doc.Set] replaces a value, or adds the field at its canonical place.
//     Setting what is there already changes nothing. A map is set field by
//     field and a list item by item, so what stays the same is not touched,
//     except in lists and maps of hundreds of entries.
//   - [Doc.Remove] takes a field or an entity away. A map inside an entity that
//     would be left empty goes with its last field.
//   - Text goes beside its key, in quotes where a reader could take it for
//     something else. Text of several lines becomes a literal block; prose that
//     would make a line of more than 120 characters, a folded block. Lists of
//     short values are written [a, b], other lists with a dash per item.
//     Collections in brackets stay in brackets, on one line once an item is
//     added or removed.
//   - A file in canonical form stays in canonical form, except where a block
//     scalar that keeps blank lines (|+) is replaced or removed.
//   - Lines of blanks alone that would become part of a literal block above them
//     go.
//   - Line ends (LF or CRLF) and a byte order mark stay; new lines end like most
//     of the others.
//
// # Comments
//
// Comments above and beside a changed value stay there. Where a list or map is
// replaced as a whole, comments inside move above it, and the comments of what
// is removed stay where it stood.
//
// # Values
//
// Values are what package syntax decodes, so the last line end of a text does
// not count, and 5, "5" and Number(5) are the same. Text must be valid UTF-8.
// Limits of size and depth are those of package syntax.
//
// # Errors
//
// [File] returns [InvalidError] with the findings for a text that is not sound
// YAML of the language, and an error of package format where only that package
// refuses it. Edits wrap [ErrNotFound], [ErrExists], [ErrShape], [ErrValue]; or
// [ErrRefused] when a result would not have said what was asked, which is a
// fault of this package. After an error the document is as it was before.
//
// # Concurrency
//
// A Doc may not be used from several goroutines at once.
package edit
