package collect

import (
	"slices"
	"strings"
	"unicode/utf8"
)

var collectors []*Collector

// add declares a collector. A name that is taken is a mistake of ours.
func add(c Collector) *Collector {
	if Find(c.Name) != nil {
		panic("collect: two collectors are called " + c.Name)
	}
	collectors = append(collectors, &c)
	slices.SortFunc(collectors, func(a, b *Collector) int { return strings.Compare(a.Name, b.Name) })
	return &c
}

// All lists the collectors by name.
func All() []*Collector { return collectors }

// Find returns the collector with the name, or nil.
func Find(name string) *Collector {
	for _, c := range collectors {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Recognise lists the collectors whose format an input looks like.
func Recognise(name string, data []byte) []*Collector {
	head := data[:min(len(data), HeadSize)]
	var found []*Collector
	for _, c := range collectors {
		if c.Looks(name, head) {
			found = append(found, c)
		}
	}
	return found
}

// clean makes a text of an input fit to be shown and kept: valid UTF-8 without
// control characters, on one line, of bounded length.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)), " ")
	if len(s) <= MaxText {
		return s
	}
	cut := MaxText - len("…")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
