package inventory

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// stanza is a block of fields: deb822(5), which dpkg, opkg and the licence lists of
// Yocto write.
type stanza struct {
	line   int // of its first field
	fields map[string]string
}

// field is the first line of a field, whatever the case of its name.
func (s *stanza) field(name string) string { return firstLine(s.folded(name)) }

// folded is a field with the lines on which it goes on.
func (s *stanza) folded(name string) string { return s.fields[strings.ToLower(name)] }

// readLines calls do for every line of a text, without its end, and says what was
// too long: such a line is cut.
func (l *list) readLines(r io.Reader, name string, do func(line int, text string)) {
	limited := &io.LimitedReader{R: r, N: maxText}
	in := bufio.NewReaderSize(limited, 64<<10)
	for n := 1; ; n++ {
		text, cut, err := readLine(in)
		if cut {
			l.problem(n, "%s: the line is longer than %d bytes; it is cut", name, maxLine)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			l.lost(n, "%s cannot be read further: %v", name, reason(err))
			return
		}
		if err == nil || text != "" {
			do(n, strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"))
		}
		if err != nil {
			break
		}
	}
	if limited.N == 0 {
		l.lost(0, "%s is larger than %d bytes; the rest was not read", name, maxText)
	}
}

// readLine reads a line with its end, of which it keeps what fits.
func readLine(in *bufio.Reader) (text string, cut bool, err error) {
	var whole []byte
	for {
		part, err := in.ReadSlice('\n')
		if room := maxLine - len(whole); len(part) > room {
			part, cut = part[:room], true
		}
		whole = append(whole, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(whole), cut, err
		}
	}
}

// stanzas calls do for each block of fields. Values go on in lines that begin with a
// blank; of these the first few are enough here.
func (l *list) stanzas(r io.Reader, name string, do func(*stanza)) {
	var s *stanza
	last, skipping := "", false // what goes on, or does so in a line that was told of
	end := func() {
		if s != nil {
			do(s)
		}
		s, last, skipping = nil, "", false
	}
	l.readLines(r, name, func(n int, text string) {
		switch key, value, found := strings.Cut(text, ":"); {
		case strings.TrimSpace(text) == "":
			end()
		case text[0] == ' ' || text[0] == '\t':
			if skipping {
				return
			}
			if s == nil || last == "" {
				l.problem(n, "%s: a line goes on where no field began", name)
			} else if old := s.fields[last]; len(old)+len(text) < maxValue {
				s.fields[last] = old + "\n" + strings.TrimSpace(text)
			}
		case text[0] == '#':
		case !found:
			skipping = true
			l.lost(n, "%s: the line is no field with a value", name)
		default:
			if s == nil {
				s = &stanza{line: n, fields: map[string]string{}}
			}
			last, skipping = strings.ToLower(strings.TrimSpace(key)), false
			if _, twice := s.fields[last]; twice {
				l.problem(n, "%s: the field %s stands twice; the first counts", name, clip(key))
				skipping = true
				return
			}
			s.fields[last] = clipValue(strings.TrimSpace(value))
		}
	})
	end()
}

func clipValue(s string) string {
	if len(s) > maxValue {
		s = strings.ToValidUTF8(s[:maxValue], "")
	}
	return s
}

// clip bounds a text that a problem shows.
func clip(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "..."
	}
	return s
}

// firstLine is the first line of a value.
func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.TrimSpace(s)
}
