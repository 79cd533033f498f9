package collect

import "bytes"

// maxLine bounds a line of a text input, in bytes.
const maxLine = 1 << 20

// eachLine hands over the lines of a text one by one, without their ends. A last
// line without an end was cut, and is refused.
func eachLine(data []byte, take func(line int, text []byte) error) error {
	for n := 1; len(data) > 0; n++ {
		text, rest, ended := bytes.Cut(data, []byte("\n"))
		switch {
		case !ended:
			return malformed(n, "the file ends in the middle of a line")
		case len(text) > maxLine:
			return malformed(n, "the line has more than %d bytes", maxLine)
		}
		if err := take(n, bytes.TrimSuffix(text, []byte("\r"))); err != nil {
			return err
		}
		data = rest
	}
	return nil
}
