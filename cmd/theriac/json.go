package main

import (
	"encoding/json"
	"io"
)

// writeJSON writes a result for machines, as all formats in docs/formats have it:
// indented by two blanks, <, > and & as they are, a line feed at the end.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
