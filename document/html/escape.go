package html

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markup is HTML of ours. Constants become markup by themselves; anything else has to
// go through text or attr.
type markup string

// writer writes HTML.
type writer struct{ bytes.Buffer }

func (w *writer) put(parts ...markup) {
	for _, m := range parts {
		w.WriteString(string(m))
	}
}

// attr writes an attribute.
func (w *writer) attr(name markup, value string) {
	w.put(" ", name, `="`)
	w.text(value)
	w.WriteByte('"')
}

// text writes text, cleaned and escaped for elements and for attributes in quotes.
func (w *writer) text(s string) {
	from := 0
	for i := 0; i < len(s); {
		size := 1
		r := rune(s[i])
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if sub, changed := substitute(r); changed {
			w.WriteString(s[from:i])
			w.WriteString(sub)
			from = i + size
		}
		i += size
	}
	w.WriteString(s[from:])
}

// The invisible characters that belong to the spelling of words.
const (
	softHyphen = '\u00ad'
	nonJoiner  = '\u200c'
	joiner     = '\u200d'
)

// substitute is what stands for a character that cannot stand for itself: what shows
// nothing and may turn the direction of text is left out, what no text may hold
// becomes U+FFFD.
func substitute(r rune) (sub string, changed bool) {
	switch {
	case r >= ' ' && r < 0x7f:
		switch r {
		case '<':
			return "&lt;", true
		case '>':
			return "&gt;", true
		case '&':
			return "&amp;", true
		case '"':
			return "&#34;", true
		case '\'':
			return "&#39;", true
		}
		return "", false
	case r == '\n' || r == '\t' || r == softHyphen || r == nonJoiner || r == joiner:
		return "", false
	case r == '\r':
		return "", true
	case r == '\u2028' || r == '\u2029':
		return " ", true
	case unicode.Is(unicode.Cf, r):
		return "", true
	case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Noncharacter_Code_Point, r):
		return "\ufffd", true
	}
	return "", false
}

// clean is a text as text writes it, but not escaped.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch sub, changed := substitute(r); {
		case !changed || strings.HasPrefix(sub, "&"):
			return r
		case sub == "":
			return -1
		default:
			first, _ := utf8.DecodeRuneInString(sub)
			return first
		}
	}, s)
}

// anchor is an id as the id of an element: without what divides ids, and never one of
// ours.
func anchor(id string) string {
	ok := func(i int, c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' && i > 0
	}
	for i := range len(id) {
		if !ok(i, id[i]) {
			var b strings.Builder
			for i := range len(id) {
				if ok(i, id[i]) {
					b.WriteByte(id[i])
				} else {
					fmt.Fprintf(&b, "~%02X", id[i])
				}
			}
			return b.String()
		}
	}
	return id
}

// cssString is a text as a string of CSS that may stand in a style element.
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range clean(s) {
		if r > ' ' && r < 0x7f && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".,:;-()/", r) || r == '\n' || r == '\t' {
			fmt.Fprintf(&b, `\%x `, r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}
