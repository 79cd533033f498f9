package main

import (
	"bytes"
	"io"

	"theriac/report"
)

// plainText is a writer for text that comes from files: characters that move the
// cursor, or change how others are shown, become escapes. Nothing that is written
// through it has colours.
type plainText struct{ io.Writer }

func (p plainText) Write(text []byte) (int, error) {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		body, ended := bytes.CutSuffix(line, []byte("\n"))
		for i, cell := range bytes.Split(body, []byte("\t")) {
			if i > 0 {
				out.WriteByte('\t')
			}
			out.WriteString(report.Clean(string(cell)))
		}
		if ended {
			out.WriteByte('\n')
		}
	}
	if _, err := p.Writer.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}
