package main

import (
	"fmt"
	"io"
	"strings"

	"theriac/model"
)

// amount is a number with its noun: 1 element, 2 elements.
func amount(n int, noun string) string { return several(n, noun, noun+"s") }

// several is amount for a noun with a plural of its own.
func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// row writes a line of a table for tabwriter. What is empty at its end leaves no
// blanks there; a line break or tab in a cell, which would pass for a line or cell of
// ours, becomes a blank.
func row(w io.Writer, cells ...string) {
	flat := strings.NewReplacer("\n", " ", "\t", " ")
	var line strings.Builder
	for i, cell := range cells {
		if i > 0 {
			line.WriteByte('\t')
		}
		_, _ = flat.WriteString(&line, cell) // never fails
	}
	fmt.Fprintln(w, strings.TrimRight(line.String(), "\t"))
}

// idsOf are the ids of entities. It is never nil, since JSON has [] where there
// is nothing.
func idsOf[E model.Entity](list []E) []string {
	all := []string{}
	for _, e := range list {
		all = append(all, model.Of(e).ID)
	}
	return all
}

// allIDs are the ids of all entities of a file, in its order.
func allIDs(f *model.File) []string {
	var all []string
	f.All(func(e model.Entity) { all = append(all, model.Of(e).ID) })
	return all
}
