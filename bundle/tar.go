package bundle

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
)

// How the archive is laid out: each entry is a header, the content, and zero bytes
// up to a multiple of the block; two blocks of zero bytes end it.
const (
	block   = 512
	trailer = 2 * block

	manifestName = "manifest.json"
	sumName      = "manifest.json.sha256"
	filesFolder  = "files/"
)

// header is all that stands before the content of an entry. Name and size are all
// that it depends on: mode 0644, nobody's, of 1970.
func header(name string, size int64) ([]byte, error) {
	var b bytes.Buffer
	err := tar.NewWriter(&b).WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644})
	return b.Bytes(), err
}

// padding is the number of zero bytes behind a content.
func padding(size int64) int64 { return -size & (block - 1) }

// sumLine is the content of the entry behind the manifest, in the form of
// sha256sum(1).
func sumLine(digest string) string { return digest + "  " + manifestName + "\n" }

// spot is where an entry stands in the archive.
type spot struct {
	name    string // in the archive
	at      int64  // of the header
	content int64  // of the content
	size    int64
	sha256  string
}

func (s spot) end() int64 { return s.content + s.size + padding(s.size) }

// layout finds the spots of the entries behind an offset, and the size of the
// whole archive.
func layout(entries []Entry, from int64) ([]spot, int64, error) {
	spots := make([]spot, len(entries))
	for i, e := range entries {
		s, err := spotOf(filesFolder+e.Path, from, e.Size, e.SHA256)
		if err != nil {
			return nil, 0, err
		}
		spots[i], from = s, s.end()
	}
	return spots, from + trailer, nil
}

func spotOf(name string, at, size int64, digest string) (spot, error) {
	h, err := header(name, size)
	if err != nil {
		return spot{}, fmt.Errorf("%q cannot be kept in a bundle: %w", name, err)
	}
	return spot{name, at, at + int64(len(h)), size, digest}, nil
}

// header is the header that is due there. It is made anew, since those of all
// entries would fill the memory.
func (s spot) header() []byte {
	h, err := header(s.name, s.size)
	if err != nil {
		panic(err) // it was made before
	}
	return h
}

// strange says what stands where the header of an entry is due.
func strange(found []byte, want spot) string {
	h, err := tar.NewReader(bytes.NewReader(found)).Next()
	switch {
	case err == io.EOF:
		return fmt.Sprintf("the archive ends where %q is due", want.name)
	case err != nil:
		return fmt.Sprintf("the header of %q is damaged", want.name)
	case h.Typeflag == tar.TypeSymlink || h.Typeflag == tar.TypeLink:
		return fmt.Sprintf("entry %q is a link, where file %q is due", h.Name, want.name)
	case h.Typeflag == tar.TypeChar || h.Typeflag == tar.TypeBlock || h.Typeflag == tar.TypeFifo:
		return fmt.Sprintf("entry %q is a device, where file %q is due", h.Name, want.name)
	case h.Typeflag != tar.TypeReg:
		return fmt.Sprintf("entry %q is no file, where file %q is due", h.Name, want.name)
	case h.Name != want.name:
		return fmt.Sprintf("found entry %q where the manifest has %q", h.Name, want.name)
	case h.Size != want.size:
		return fmt.Sprintf("entry %q has %d bytes, where the manifest has %d", h.Name, h.Size, want.size)
	}
	return fmt.Sprintf("the header of %q is not as a bundle has it", want.name)
}
