package inventory

import (
	"encoding/binary"
	"fmt"
)

// Sizes of the write-ahead log of SQLite in bytes.
const (
	logHead   = 32
	logFrame  = 24 // before each page
	maxLogged = 256 << 20
)

// readLog finds the newest state of pages in the write-ahead log (SQLite file format 4).
// What was not committed, and what is left over from before the log was begun anew,
// does not count: its salt or its checksum is another one.
func (s *sqlite) readLog() error {
	if s.logSize == 0 {
		return nil
	}
	if s.logSize > maxLogged {
		return fmt.Errorf("it is larger than %d bytes", maxLogged)
	}
	head := make([]byte, logHead)
	if err := readAt(s.log, head, 0); err != nil {
		return err
	}
	magic := binary.BigEndian.Uint32(head)
	sum := logSum{order: binary.LittleEndian}
	if magic == 0x377f0683 {
		sum.order = binary.BigEndian
	}
	sum.add(head[:24])
	switch {
	case magic&^1 != 0x377f0682 || !sum.is(head[24:]):
		return fmt.Errorf("its head is damaged")
	case binary.BigEndian.Uint32(head[4:]) != 3007000:
		return fmt.Errorf("its version is not known")
	case int64(binary.BigEndian.Uint32(head[8:])) != s.size:
		return fmt.Errorf("its pages are of another size")
	}
	frame := make([]byte, logFrame+s.size)
	pending := map[int64]int64{}
	s.logged = map[int64]int64{}
	for at := int64(logHead); at+int64(len(frame)) <= s.logSize; at += int64(len(frame)) {
		if err := readAt(s.log, frame, at); err != nil {
			return err
		}
		sum.add(frame[:8])
		sum.add(frame[logFrame:])
		if string(frame[8:16]) != string(head[16:24]) || !sum.is(frame[16:]) {
			return nil
		}
		pending[int64(binary.BigEndian.Uint32(frame))] = at + logFrame
		if pages := int64(binary.BigEndian.Uint32(frame[4:])); pages > 0 { // the end of a change
			for n, place := range pending {
				s.logged[n] = place
			}
			clear(pending)
			s.pages = min(pages, s.rpmDatabase.size/s.size+s.logSize/s.size)
		}
	}
	return nil
}

// logSum is the checksum of a log, which goes over all of its frames.
type logSum struct {
	order binary.ByteOrder
	a, b  uint32
}

// add takes in text of a multiple of 8 bytes.
func (l *logSum) add(text []byte) {
	for ; len(text) >= 8; text = text[8:] {
		l.a += l.order.Uint32(text) + l.b
		l.b += l.order.Uint32(text[4:]) + l.a
	}
}

// is compares with a checksum as it is written.
func (l *logSum) is(text []byte) bool {
	return binary.BigEndian.Uint32(text) == l.a && binary.BigEndian.Uint32(text[4:]) == l.b
}
