package edit

import (
	"bytes"
	"slices"
)

// splice replaces a stretch of text.
type splice struct {
	start, end int
	text       string
}

// text is a text with LF line ends, and what its lines end in. It is never
// changed, only replaced.
type text struct {
	src  []byte
	bom  bool
	crlf bool   // new lines end in CRLF
	ends []bool // which line ends are CRLF, where they differ
}

var bom = []byte("\ufeff")

func newText(data []byte) text {
	t := text{bom: bytes.HasPrefix(data, bom)}
	data = bytes.TrimPrefix(data, bom)
	t.src = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	all, crlf := bytes.Count(t.src, []byte("\n")), len(data)-len(t.src)
	t.crlf = crlf > all-crlf
	if crlf == 0 || crlf == all {
		return t
	}
	for line := range bytes.Lines(data) {
		if bytes.HasSuffix(line, []byte("\n")) {
			t.ends = append(t.ends, bytes.HasSuffix(line, []byte("\r\n")))
		}
	}
	return t
}

// with returns the text after a splice.
func (t text) with(s splice) text {
	after := t
	after.src = slices.Concat(t.src[:s.start], []byte(s.text), t.src[s.end:])
	if t.ends != nil {
		from := bytes.Count(t.src[:s.start], []byte("\n"))
		to := from + bytes.Count(t.src[s.start:s.end], []byte("\n"))
		added := slices.Repeat([]bool{t.crlf}, bytes.Count([]byte(s.text), []byte("\n")))
		after.ends = slices.Concat(t.ends[:from], added, t.ends[to:])
	}
	return after
}

// bytes is the text as it stands in the file.
func (t text) bytes() []byte {
	var b bytes.Buffer
	if t.bom {
		b.Write(bom)
	}
	n := 0
	for line := range bytes.Lines(t.src) {
		body, ended := bytes.CutSuffix(line, []byte("\n"))
		b.Write(body)
		if !ended {
			break
		}
		if t.ends == nil && t.crlf || t.ends != nil && t.ends[n] {
			b.WriteByte('\r')
		}
		b.WriteByte('\n')
		n++
	}
	return b.Bytes()
}
