package inventory

import (
	"context"
	"encoding/binary"
	"fmt"
)

// Types of pages and of items on them (dbinc/db_page.h of Berkeley DB 5.3).
const (
	berkeleyUnsorted = 2
	berkeleyOverflow = 7
	berkeleyMeta     = 8
	berkeleyHash     = 13

	berkeleyInline  = 1
	berkeleyOffPage = 3

	berkeleyPageHead = 26 // bytes
)

// berkeleyOrder is the byte order of a hash database; nil where it is none.
func berkeleyOrder(head []byte) binary.ByteOrder {
	if len(head) < 72 || head[25] != berkeleyMeta {
		return nil
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if order.Uint32(head[12:]) == 0x00061561 {
			return order
		}
	}
	return nil
}

func isBerkeley(head []byte) bool { return berkeleyOrder(head) != nil }

// berkeley is a hash database of Berkeley DB that is being read.
type berkeley struct {
	*rpmDatabase
	order binary.ByteOrder
	size  int64 // of a page
	used  marks // of pages that go on with a value
}

// berkeley reads a hash database of Berkeley DB: pages of pairs of a number and the
// header of a package. Values that are large stand in a chain of pages of their own.
func (d *rpmDatabase) berkeley(ctx context.Context, head []byte) error {
	order := berkeleyOrder(head)
	size := int64(order.Uint32(head[20:]))
	if size < 512 || size > 64<<10 || size&(size-1) != 0 {
		return fmt.Errorf("pages of %d bytes are not known", size)
	}
	if head[24] != 0 || head[26]&1 != 0 {
		return fmt.Errorf("it is encrypted, or has checksums, which RPM does not write")
	}
	pages := int64(order.Uint32(head[32:])) + 1
	if whole := d.size / size; pages > whole {
		d.lost("the database is cut short: it has %d of %d pages", whole, pages)
		pages = whole
	}
	b := &berkeley{d, order, size, newMarks(pages)}
	page := make([]byte, size)
	for n := int64(1); n < pages; n++ {
		if n%256 == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := d.at(page, n*size); err != nil {
			return err
		}
		if kind := page[25]; kind == berkeleyHash || kind == berkeleyUnsorted {
			b.pairs(n, page)
		}
	}
	return nil
}

// pairs reads the values of a page. Items are listed by their offsets, a number and
// its value in turn; they fill the page from its end.
func (b *berkeley) pairs(n int64, page []byte) {
	items := int(b.order.Uint16(page[20:]))
	if items%2 != 0 || berkeleyPageHead+2*items > len(page) {
		b.lost("page %d: its list of items is damaged; packages on it are missing", n)
		return
	}
	offset := func(i int) int { return int(b.order.Uint16(page[berkeleyPageHead+2*i:])) }
	end := len(page)
	for i := 1; i < items; i += 2 {
		from, to := offset(i), offset(i-1)
		if from < berkeleyPageHead+2*items || from >= to || to >= end {
			b.lost("page %d: the place of item %d is wrong; packages from there on are missing", n, i)
			return
		}
		end = from
		place := fmt.Sprintf("page %d, item %d", n, i)
		switch item := page[from:to]; item[0] {
		case berkeleyInline:
			if len(item) > 1+4 { // but the last number that was given, of 4 bytes
				b.header(place, item[1:])
			}
		case berkeleyOffPage:
			text, err := b.chain(item)
			if err != nil {
				b.lost("%s: a package is not read: %v", place, err)
				continue
			}
			b.header(place, text)
		default:
			b.lost("%s: an item of type %d is not known; a package may be missing", place, item[0])
		}
	}
}

// chain reads a value from the pages over which it goes.
func (b *berkeley) chain(item []byte) ([]byte, error) {
	if len(item) != 12 {
		return nil, errCutShort
	}
	next, length := int64(b.order.Uint32(item[4:])), int64(b.order.Uint32(item[8:]))
	if length > min(maxRPMHeader, b.rpmDatabase.size) {
		return nil, fmt.Errorf("it is larger than the database, or than %d bytes", maxRPMHeader)
	}
	page := make([]byte, b.size)
	var text []byte
	for int64(len(text)) < length {
		if next == 0 {
			return nil, errCutShort
		}
		if !b.used.take(next) {
			return nil, fmt.Errorf("page %d is not there, or is that of another package", next)
		}
		if err := b.at(page, next*b.size); err != nil {
			return nil, err
		}
		here := int64(b.order.Uint16(page[22:]))
		if page[25] != berkeleyOverflow || here == 0 || berkeleyPageHead+here > b.size {
			return nil, fmt.Errorf("page %d is damaged", next)
		}
		text = append(text, page[berkeleyPageHead:berkeleyPageHead+here]...)
		next = int64(b.order.Uint32(page[16:]))
	}
	if int64(len(text)) != length || next != 0 {
		return nil, fmt.Errorf("its length is wrong")
	}
	return text, nil
}
