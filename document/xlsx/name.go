package xlsx

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// maxName is how long the name of a sheet may be, in UTF-16 units.
const maxName = 31

// naming gives each sheet a name of its own; case does not tell names apart.
type naming map[string]bool

// take makes a name of a caption, or of an id where there is no caption.
func (n naming) take(caption, id string) string {
	name := tidy(caption)
	if name == "" {
		name = tidy(id)
	}
	if name == "" {
		name = "Table"
	}
	for i := 1; ; i++ {
		end := ""
		if i > 1 {
			end = " (" + strconv.Itoa(i) + ")"
		}
		try := shorten(name, maxName-len(end)) + end
		if key := strings.ToLower(try); !n[key] && key != "history" {
			n[key] = true
			return try
		}
	}
}

// tidy leaves out what names of sheets must not hold. Apostrophes would have to be
// doubled in references.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ':', '\\', '/', '?', '*', '[', ']':
			return ' '
		case '\'':
			return '’'
		}
		return r
	}, clean(s))
	return strings.Join(strings.Fields(s), " ")
}

// shorten cuts a text to a number of UTF-16 units, at a blank where there is one in
// the second half.
func shorten(s string, most int) string {
	if units(s) <= most {
		return s
	}
	cut := cutUnits(s, most-1)
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;(–-") + "…"
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// cutUnits is the start of a text in a number of UTF-16 units.
func cutUnits(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += max(1, utf16.RuneLen(r)); n > most {
			return s[:i]
		}
	}
	return s
}
