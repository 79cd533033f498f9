package vuln

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"theriac/internal/strictjson"
	"theriac/trust"
)

// What is wrong with a database. Errors wrap one of them.
var (
	ErrNotDatabase = errors.New("not a database of vulnerabilities")
	ErrVersion     = errors.New("database of another version")
	ErrCut         = errors.New("database is cut short or damaged")
	ErrAltered     = errors.New("database was altered")
	ErrUntrusted   = errors.New("database is not signed by a trusted key")
)

// Version is the version of the form of the file.
const Version = 1

// magic begins and ends a file; the last byte is the version.
var magic = []byte("theriac vuln db\x01")

// The sections, in the order of the file. What they hold stands beside them as
// key: value; NUL is between the parts of a key.
const (
	records    = "records"    // record, source: all but what it says of packages, whose keys follow
	aliases    = "aliases"    // id: its group, or the least id of a large one
	exploited  = "exploited"  // CVE
	likelihood = "likelihood" // CVE
	cycles     = "cycles"     // product, cycle
	products   = "products"   // identifier, product: nothing
	packages   = "packages"   // ecosystem, name, record, source: what the record says of the package
	filters    = "filters"    // ecosystem without release: which names it may have
	about      = "about"      // nothing: JSON that says what the file holds
)

var sections = []string{records, aliases, exploited, likelihood, cycles, products, packages, filters, about}

// header names all blocks by the tops of their trees. It is what is signed.
type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Roots   []root `json:"sections"`
}

const (
	formatName = "theriac vulnerability database"
	maxHeader  = 64 << 10
	maxSigned  = 64 << 10
	// payloadType is that of the envelope around a claim.
	payloadType = "application/vnd.theriac.vulnerability-database+json"
)

// claim is what a signer says: this is the digest of the header.
type claim struct {
	Format string `json:"format"`
	Header string `json:"header"`
}

// trailer is the end of the file: lengths of header and envelope, digest of the
// header, length of the whole file, magic.
type trailer struct {
	header, envelope uint32
	digest           [sha256.Size]byte
	length           uint64
}

const trailerSize = 4 + 4 + sha256.Size + 8 + 16

func (t trailer) bytes() []byte {
	b := binary.BigEndian.AppendUint32(nil, t.header)
	b = binary.BigEndian.AppendUint32(b, t.envelope)
	b = append(b, t.digest[:]...)
	b = binary.BigEndian.AppendUint64(b, t.length)
	return append(b, magic...)
}

func readTrailer(b []byte) trailer {
	t := trailer{header: binary.BigEndian.Uint32(b), envelope: binary.BigEndian.Uint32(b[4:])}
	copy(t.digest[:], b[8:])
	t.length = binary.BigEndian.Uint64(b[8+sha256.Size:])
	return t
}

// sealed is what stands behind the blocks.
func sealed(ctx context.Context, h header, offset uint64, signer trust.Signer) ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	t := trailer{header: uint32(len(text)), digest: sha256.Sum256(text)}
	var envelope []byte
	if signer != nil {
		said, err := json.Marshal(claim{formatName, fmt.Sprintf("%x", t.digest)})
		if err != nil {
			return nil, err
		}
		if envelope, err = trust.Seal(ctx, payloadType, said, signer); err != nil {
			return nil, err
		}
	}
	t.envelope = uint32(len(envelope))
	t.length = offset + uint64(len(text)+len(envelope)+trailerSize)
	return slices.Concat(text, envelope, t.bytes()), nil
}

// front is what is known of a file once it is open.
type front struct {
	roots    map[string]root
	blocks   uint64 // where they end
	signers  []string
	verified string            // id of the trusted key that signed
	digest   [sha256.Size]byte // of the header
}

// readFront reads the two ends of a file.
func readFront(r io.ReaderAt, size int64, trusted []*trust.PublicKey) (*front, error) {
	start := make([]byte, len(magic))
	switch n, err := r.ReadAt(start, 0); {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case n < len(magic) || !bytes.Equal(start[:len(magic)-1], magic[:len(magic)-1]):
		return nil, ErrNotDatabase
	case start[len(magic)-1] != Version:
		return nil, fmt.Errorf("%w: version %d, and this program reads %d", ErrVersion, start[len(magic)-1], Version)
	}
	tail := make([]byte, min(size, 8<<10))
	if err := readFull(r, tail, size-int64(len(tail))); err != nil {
		return nil, err
	}
	if len(tail) < trailerSize || !bytes.HasSuffix(tail, magic) {
		return nil, ErrCut
	}
	t := readTrailer(tail[len(tail)-trailerSize:])
	behind := int64(t.header) + int64(t.envelope) + trailerSize
	if t.length != uint64(size) || t.header > maxHeader || t.envelope > maxSigned || behind > size-int64(len(magic)) {
		return nil, ErrCut
	}
	if behind > int64(len(tail)) {
		tail = make([]byte, behind)
		if err := readFull(r, tail, size-behind); err != nil {
			return nil, err
		}
	}
	tail = tail[int64(len(tail))-behind:]
	return openFront(tail[:t.header], tail[t.header:t.header+t.envelope], t.digest, uint64(size-behind), trusted)
}

func readFull(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return ErrCut
	}
	return err
}

func openFront(text, envelope []byte, digest [sha256.Size]byte, blocks uint64, trusted []*trust.PublicKey) (*front, error) {
	if sha256.Sum256(text) != digest {
		return nil, fmt.Errorf("%w: its header has another digest", ErrAltered)
	}
	var h header
	if err := strictjson.Decode(text, &h); err != nil {
		return nil, fmt.Errorf("%w: header: %w", ErrCut, err)
	}
	if h.Format != formatName || h.Version != Version || len(h.Roots) != len(sections) {
		return nil, fmt.Errorf("%w: header of another form", ErrVersion)
	}
	f := &front{roots: map[string]root{}, blocks: blocks, digest: digest}
	for i, r := range h.Roots {
		if r.Section != sections[i] || r.Levels < 0 || r.Levels > maxLevels || r.Rows < 0 || (r.Levels == 0) != (r.Rows == 0) {
			return nil, fmt.Errorf("%w: header of another form", ErrCut)
		}
		f.roots[r.Section] = r
	}
	return f, f.verify(envelope, digest, trusted)
}

// maxLevels bounds the height of a tree.
const maxLevels = 12

// verify reads the signatures. Without trusted keys it only notes which keys they
// claim to be of.
func (f *front) verify(text []byte, digest [sha256.Size]byte, trusted []*trust.PublicKey) error {
	if len(text) == 0 {
		if len(trusted) > 0 {
			return fmt.Errorf("%w: nobody signed it", ErrUntrusted)
		}
		return nil
	}
	envelope, err := trust.OpenEnvelope(text)
	if err != nil {
		return fmt.Errorf("%w: signature: %w", ErrAltered, err)
	}
	var c claim
	if err := strictjson.Decode(envelope.Payload, &c); err != nil {
		return fmt.Errorf("%w: signature: %w", ErrAltered, err)
	}
	if envelope.PayloadType != payloadType || c.Format != formatName || c.Header != fmt.Sprintf("%x", digest) {
		return fmt.Errorf("%w: what was signed is another header", ErrAltered)
	}
	for _, s := range envelope.Signatures {
		f.signers = append(f.signers, s.KeyID)
	}
	for _, key := range trusted {
		switch _, err := envelope.Verify(key); {
		case err == nil:
			f.verified = key.ID()
			return nil
		case !errors.Is(err, trust.ErrOtherKey):
			return fmt.Errorf("%w: %w", ErrAltered, err)
		}
	}
	if len(trusted) > 0 {
		return fmt.Errorf("%w: it is signed by key %.12s…", ErrUntrusted, f.signers[0])
	}
	return nil
}

// openFile opens a file that can be read anywhere.
func openFile(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w: no regular file", path, ErrNotDatabase)
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}
