package inventory

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Tags and types of values in the header of a package (rpmtag.h of RPM 4.18).
const (
	rpmName     = 1000
	rpmVersion  = 1001
	rpmRelease  = 1002
	rpmEpoch    = 1003
	rpmSummary  = 1004
	rpmVendor   = 1011
	rpmLicence  = 1014
	rpmPackager = 1015
	rpmWebsite  = 1020
	rpmArch     = 1022
	rpmSource   = 1044
	rpmProvides = 1047
	rpmRequires = 1049
	rpmModule   = 5096

	rpmInt32     = 4
	rpmString    = 6
	rpmStrings   = 8
	rpmLanguages = 9 // a text for each language, first that of none
)

// rpmPackage is what RPM knows of a package. What is not stated is empty.
type rpmPackage struct {
	epoch                              uint32
	name, version, release, arch       string
	vendor, packager, licence, website string
	summary                            string
	source                             string // file name of the source package
	module                             string // stream of a module, of Fedora and Red Hat
	provides, requires                 []string
}

// evr is the version as RPM writes it: epoch, version and release.
func (p *rpmPackage) evr() string {
	version := p.version
	if p.release != "" {
		version += "-" + p.release
	}
	if p.epoch > 0 {
		version = strconv.FormatUint(uint64(p.epoch), 10) + ":" + version
	}
	return version
}

// rpmEntry is where a value stands in the data of a header.
type rpmEntry struct{ kind, offset, count uint32 }

// readRPM reads the header of a package: two lengths, an index of that many entries of
// 16 bytes, and data, all of it big-endian. Signatures are not verified.
func readRPM(text []byte) (*rpmPackage, error) {
	if len(text) < 8 {
		return nil, errCutShort
	}
	entries, length := uint64(binary.BigEndian.Uint32(text)), uint64(binary.BigEndian.Uint32(text[4:]))
	if 8+16*entries+length > uint64(len(text)) {
		return nil, errCutShort
	}
	index, data := text[8:8+16*entries], text[8+16*entries:8+16*entries+length]
	found := map[uint32]rpmEntry{} // of what stands twice, the last is what was set later
	for ; len(index) > 0; index = index[16:] {
		if tag := binary.BigEndian.Uint32(index); tag >= rpmName && tag <= rpmRequires || tag == rpmModule {
			found[tag] = rpmEntry{binary.BigEndian.Uint32(index[4:]), binary.BigEndian.Uint32(index[8:]), binary.BigEndian.Uint32(index[12:])}
		}
	}
	p := &rpmPackage{}
	for _, field := range []struct {
		tag uint32
		to  *string
	}{
		{rpmName, &p.name}, {rpmVersion, &p.version}, {rpmRelease, &p.release}, {rpmArch, &p.arch}, {rpmVendor, &p.vendor}, {rpmPackager, &p.packager},
		{rpmLicence, &p.licence}, {rpmWebsite, &p.website}, {rpmSummary, &p.summary}, {rpmSource, &p.source}, {rpmModule, &p.module},
	} {
		list, err := found[field.tag].texts(data, 1)
		if err != nil {
			return nil, fmt.Errorf("its value %d: %w", field.tag, err)
		}
		if len(list) > 0 {
			*field.to = list[0]
		}
	}
	for _, field := range []struct {
		tag uint32
		to  *[]string
	}{{rpmProvides, &p.provides}, {rpmRequires, &p.requires}} {
		list, err := found[field.tag].texts(data, len(data))
		if err != nil {
			return nil, fmt.Errorf("its value %d: %w", field.tag, err)
		}
		*field.to = list
	}
	return p, p.readEpoch(found[rpmEpoch], data)
}

func (p *rpmPackage) readEpoch(e rpmEntry, data []byte) error {
	switch {
	case e == rpmEntry{}:
		return nil
	case e.kind != rpmInt32 || e.count != 1 || uint64(e.offset)+4 > uint64(len(data)):
		return fmt.Errorf("its epoch is no number")
	}
	p.epoch = binary.BigEndian.Uint32(data[e.offset:])
	return nil
}

// texts are the texts of an entry, at most as many as are wanted.
func (e rpmEntry) texts(data []byte, wanted int) ([]string, error) {
	switch {
	case e == rpmEntry{}:
		return nil, nil
	case e.kind != rpmString && e.kind != rpmStrings && e.kind != rpmLanguages:
		return nil, fmt.Errorf("the type %d is none of a text", e.kind)
	case uint64(e.offset)+uint64(e.count) > uint64(len(data)): // each has one byte or more
		return nil, errCutShort
	}
	rest := data[e.offset:]
	count := min(int(e.count), wanted)
	list := make([]string, 0, count)
	for range count {
		end := bytes.IndexByte(rest, 0)
		if end < 0 {
			return nil, errCutShort
		}
		list = append(list, strings.ToValidUTF8(clipValue(string(rest[:end])), "\uFFFD"))
		rest = rest[end+1:]
	}
	return list, nil
}
