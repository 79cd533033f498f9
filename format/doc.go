// Package format brings the YAML of a security file into one canonical form
// without changing a value or losing a comment.
//
// The text is rewritten piece by piece: the nodes of the parsed file say where
// each scalar starts, the text says where it ends, and what lies between is
// blanks, indicators and comments. Nothing is encoded again from values, since
// that moves comments and requotes scalars. Every result is read again and
// compared with its source before anybody sees it.
//
// # Format
//
//   - UTF-8 without a byte order mark, lines end in LF, one LF ends the file,
//     no document marker.
//   - Mappings are indented by two blanks; a list stands two blanks under its
//     key; a collection inside a list item starts on the line of its dash.
//   - One blank stands before a value and before a trailing comment. Nothing
//     stands at the end of a line, except where it is part of a scalar.
//   - There is at most one blank line in a row, and none right after the line
//     of a parent key. Exactly one stands between top-level keys, and between
//     two entries under a top-level key when either takes more than one line.
//     A mapping whose key order is known is a singleton, and its fields are not
//     set apart in this way. Elsewhere single blank lines stay as written.
//   - Keys stand in the canonical order of their mapping, with their comments;
//     keys that the order does not name follow in the order they had.
//   - Quotes, line breaks inside scalars, and the choice between a value beside
//     its key and a value on the next line stay as written. Block scalars start
//     on the line of their key or dash. Their content stands two blanks
//     under the key or dash; the indentation indicator is 2 where content needs
//     one and absent elsewhere; the chomping indicator is the shortest one that
//     keeps the value.
//   - A flow collection keeps its lines and its key order. Blanks inside are
//     [a, b] and {a: b}; each further line is indented by its depth, and a line
//     that starts with a closing bracket stands under the line that opened it.
//
// # Comments
//
// A comment above an entry moves with the entry. At the top of the file or of a
// block, a comment followed by a blank line stays at the top. Elsewhere a
// comment that touches the entry above it and is followed by a blank line
// belongs to that entry. At the end of a block, the column of a comment says
// which of the ending blocks it closes. Comment lines under a trailing comment
// in the same column continue it and stay aligned.
//
// # Values
//
// A file has at most 16 MB and 100 levels of nesting. Its root is a block
// mapping, or nothing but comments. Anchors, aliases, tags, merge keys, complex
// keys, duplicate keys, directives, several documents, comments indented with
// tabs, and the line separators of YAML 1.1 beyond CR and LF are refused.
//
// # Parts
//
// [Read] gives the values and comments of a text with their places, for changes
// in place; [Quote] and [Paragraphs] write new scalars.
//
// # Errors
//
// A [SyntaxError] says that the text is not YAML; an [UnsupportedError] says
// that it uses what the language leaves out. Both give the position.
// [ErrTooLarge] means that the file or its canonical form is over the limit.
// [ErrRefused] means that the result would not have said the same as the
// source, which is a fault of this package. Whatever the error, there is no
// result and the caller leaves the file as it is.
//
// # Concurrency
//
// The functions keep no state; they may be called from several goroutines.
package format
