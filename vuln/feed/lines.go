package feed

import (
	"bufio"
	"bytes"
	"io"
)

// maxLine is how many bytes a line of a list or table may have.
const maxLine = 64 << 10

// lines hands the lines of a text to each, without their ends and a byte order mark.
// What ends the reading early is counted; an error of each comes back.
func lines(stats *Stats, file string, in io.Reader, each func(string) error) error {
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 0, 4096), maxLine)
	for first := true; s.Scan(); first = false {
		line := s.Bytes()
		if first {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if err := each(string(line)); err != nil {
			return err
		}
	}
	switch err := s.Err(); err {
	case nil:
	case bufio.ErrTooLong:
		stats.lost(file, "line longer than what is read of one")
	default:
		stats.lost(file, reason(err))
	}
	return nil
}

// firstByte is the first byte that is no white space, unread; 0 where there is none
// among the first 512. A byte order mark is taken away.
func firstByte(in *bufio.Reader) byte {
	head, _ := in.Peek(512)
	if trimmed, marked := bytes.CutPrefix(head, []byte("\ufeff")); marked {
		in.Discard(len("\ufeff")) // no error: they were peeked
		head = trimmed
	}
	if head = bytes.TrimLeft(head, " \t\r\n"); len(head) > 0 {
		return head[0]
	}
	return 0
}
