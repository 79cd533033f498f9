package psirt

import (
	"bytes"
	"fmt"
)

const maxMessages = 10_000

// Refused is a message of a mailbox that could not be read.
type Refused struct {
	Line int // in the mailbox, from 1
	Err  error
}

// IsMailbox tells whether a file begins as a mailbox does.
func IsMailbox(data []byte) bool { return bytes.HasPrefix(data, []byte("From ")) }

// ReadMailbox reads the mails of a mailbox (mbox, RFC 4155, with quoted From lines).
// A message that cannot be read is named and does not stop the others.
func ReadMailbox(data []byte, hosts []string) (reports []*Report, refused []Refused, err error) {
	if len(data) > MaxMailbox {
		return nil, nil, fmt.Errorf("the mailbox has %d bytes, more than %d", len(data), MaxMailbox)
	}
	if !IsMailbox(data) {
		return nil, nil, fmt.Errorf("no mailbox: it does not begin with a From line")
	}
	for n, at := 1, 1; len(data) > 0; n++ {
		if n > maxMessages {
			return reports, append(refused, Refused{at, fmt.Errorf("more than %d messages; the rest was not read", maxMessages)}), nil
		}
		text, rest := nextMessage(data)
		if r, err := ReadMail(unquoted(text), hosts); err != nil {
			refused = append(refused, Refused{at, err})
		} else {
			reports = append(reports, r)
		}
		at += bytes.Count(data[:len(data)-len(rest)], []byte("\n"))
		data = rest
	}
	return reports, refused, nil
}

// nextMessage cuts off the first message, without its From line. The next one begins
// at a From line behind an empty line.
func nextMessage(data []byte) (text, rest []byte) {
	_, body, _ := bytes.Cut(data, []byte("\n"))
	for at := 0; ; {
		next := bytes.Index(body[at:], []byte("\nFrom "))
		if next < 0 {
			return body, nil
		}
		at += next
		if before := bytes.TrimSuffix(body[:at], []byte("\r")); len(before) == 0 || bytes.HasSuffix(before, []byte("\n")) {
			return body[:at], body[at+1:]
		}
		at++
	}
}

// unquoted takes one > away from lines that begin with >From.
func unquoted(text []byte) []byte {
	if !bytes.Contains(text, []byte(">From ")) {
		return text
	}
	var out []byte
	for l := range bytes.Lines(text) {
		if quoted := bytes.TrimLeft(l, ">"); len(quoted) < len(l) && bytes.HasPrefix(quoted, []byte("From ")) {
			l = l[1:]
		}
		out = append(out, l...)
	}
	return out
}
