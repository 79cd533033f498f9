package inventory

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/adler32"
)

// ndbPage is the size of a page of slots in bytes; ndbSlot and ndbBlock are those of
// a slot and of a block, in which places are counted.
const (
	ndbPage  = 4096
	ndbSlot  = 16
	ndbBlock = 16

	maxSlotPages = 4096 // a million packages
)

func isNDB(head []byte) bool { return len(head) >= 32 && string(head[:4]) == "RpmP" }

// ndb reads the database that RPM calls ndb (lib/backend/ndb/rpmpkg.c of RPM 4.18):
// pages of slots, of which the first two are the head of the file, and blobs.
func (d *rpmDatabase) ndb(ctx context.Context, head []byte) error {
	order := binary.LittleEndian
	if version := order.Uint32(head[4:]); version != 0 {
		return fmt.Errorf("version %d of ndb is not known", version)
	}
	pages := int64(order.Uint32(head[12:]))
	if pages == 0 || pages*ndbPage > d.size {
		return errCutShort
	}
	if pages > maxSlotPages {
		return fmt.Errorf("it has more than %d pages of slots", maxSlotPages)
	}
	used := newMarks(d.size / ndbBlock)
	slots := make([]byte, ndbPage)
	for page := range pages {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := d.at(slots, page*ndbPage); err != nil {
			return err
		}
		for at := 0; at < ndbPage; at += ndbSlot {
			if page == 0 && at < 2*ndbSlot {
				continue
			}
			n := page*ndbPage/ndbSlot + int64(at/ndbSlot)
			if err := d.slot(n, slots[at:at+ndbSlot], used); err != nil {
				d.lost("slot %d: a package is not read: %v", n, err)
			}
		}
	}
	return nil
}

// slot reads the package to which a slot points: the number of the package, and the
// place and number of blocks of a blob. The blob has its own head of 16 bytes, and
// ends with a checksum over all before it, its length and a mark.
func (d *rpmDatabase) slot(n int64, slot []byte, used marks) error {
	order := binary.LittleEndian
	number, block, blocks := order.Uint32(slot[4:]), int64(order.Uint32(slot[8:])), int64(order.Uint32(slot[12:]))
	switch {
	case string(slot[:4]) != "Slot":
		return fmt.Errorf("it is no slot")
	case number == 0: // free
		return nil
	case blocks*ndbBlock > maxRPMHeader:
		return fmt.Errorf("it is larger than %d bytes", maxRPMHeader)
	case (block+blocks)*ndbBlock > d.size:
		return errCutShort
	case blocks < 2:
		return fmt.Errorf("it has no room for a package")
	}
	for i := range blocks {
		if !used.take(block + i) {
			return fmt.Errorf("its place is that of another package")
		}
	}
	blob := make([]byte, blocks*ndbBlock)
	if err := d.at(blob, block*ndbBlock); err != nil {
		return err
	}
	const head, tail = 16, 12
	body := blob[:len(blob)-tail]
	length := uint64(order.Uint32(blob[12:]))
	switch {
	case string(blob[:4]) != "BlbS" || string(blob[len(blob)-4:]) != "BlbE" || order.Uint32(blob[4:]) != number:
		return fmt.Errorf("there is no package where it points")
	case length > uint64(len(body)-head):
		return errCutShort
	case adler32.Checksum(body) != order.Uint32(blob[len(blob)-tail:]):
		return fmt.Errorf("its checksum is another one: it was altered or damaged")
	}
	d.header(fmt.Sprintf("slot %d", n), blob[head:head+length])
	return nil
}
