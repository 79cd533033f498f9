package techdoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/locale"
)

// Strings lists the texts that the documents for users need, and those that words lacks
// already, in the order of the security file, our own last. words is a Blank language.
func Strings(in Input, words *locale.Language) ([]locale.Needed, error) {
	m, err := newMaker(in, nil)
	if err != nil {
		return nil, err
	}
	m.wanted = []*locale.Language{words}
	for _, d := range Definitions() {
		if !d.Languages {
			continue
		}
		if _, err := m.document(d, words); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	var list []locale.Needed
	for _, t := range words.Missing() {
		s := locale.Needed{Context: t.Context, Text: t.Text}
		id, field, _ := strings.Cut(t.Context, " ")
		if e := in.File.Lookup(id); e != nil {
			at := check.Place(e, field)
			s.Path, s.Line = m.book(words).path(at), at.Line
		}
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b locale.Needed) int {
		return cmp.Or(compareOwn(a, b), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	return list, nil
}

// compareOwn puts our own texts last.
func compareOwn(a, b locale.Needed) int {
	switch {
	case a.Context != "" && b.Context == "":
		return -1
	case a.Context == "" && b.Context != "":
		return 1
	}
	return 0
}
