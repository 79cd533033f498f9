package pdf

import (
	"net/url"
	"strconv"
	"strings"

	"theriac/document"
)

// mark is the place in the security file that a statement comes from, as it is
// printed: path:line; "" for one that has none.
func mark(s document.Source) string {
	switch {
	case s.Path == "":
		return ""
	case s.Line <= 0:
		return s.Path
	}
	return s.Path + ":" + strconv.Itoa(s.Line)
}

// marks are the source marks at the end of a statement: one for each place, without
// that of what follows, which has its own; none for readers without a security file.
func (p *painter) marks(next document.Source, sources ...document.Source) []run {
	if p.doc.Quiet {
		return nil
	}
	var list []run
	seen := map[string]bool{"": true, mark(next): true}
	for _, s := range sources {
		m := mark(s)
		if seen[m] {
			continue
		}
		seen[m] = true
		l := look{size: markSize, ink: faint, to: p.sourceLink(s), firm: true}
		list = append(list, run{" ", l}, run{strings.ReplaceAll(oneLine(m), " ", "\u00A0"), l})
	}
	return list
}

// untold is the source of several blocks, if none of them has the same place.
func untold(s document.Source, list []document.Block) document.Source {
	document.Blocks(list, func(b document.Block) {
		for _, of := range document.Sources(b) {
			if mark(of) == mark(s) {
				s = document.Source{}
			}
		}
	})
	return s
}

// sourceLink is the address of the line that a statement comes from.
func (p *painter) sourceLink(s document.Source) target {
	to := p.set.Design.Line(s)
	if to == "" {
		return target{}
	}
	return target{url: webAddress(string(to))}
}

// webAddress is an address as a file can hold it, in ASCII; "" for one that is none.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	s = u.String()
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return ""
		}
	}
	return s
}

// sourceOf is the source of the first statement of a block.
func sourceOf(b document.Block) document.Source {
	switch b := b.(type) {
	case *document.Paragraph:
		return b.Source
	case *document.List:
		if len(b.Items) > 0 {
			return b.Items[0].Source
		}
	case *document.Terms:
		if len(b.Terms) > 0 {
			return b.Terms[0].Source
		}
	case *document.Callout:
		return b.Source
	case *document.Listing:
		return b.Source
	case *document.Picture:
		return b.Source
	}
	return document.Source{}
}
