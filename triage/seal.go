package triage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"theriac/model"
)

// SealFile is the name of the file with the signature of the recorded findings: an
// envelope of DSSE around a claim (docs/formats/findings.md).
const SealFile = RecordFile + ".sig"

// SealType is the type of the text in the envelope.
const SealType = "application/vnd.theriac.findings+json"

// maxSeal bounds the file of the signature, in bytes: 16 signatures fit.
const maxSeal = 64 << 10

// Claim is what is signed about the text of a record: its digest. Line ends of another
// system count as those that Encode writes.
func Claim(record []byte) []byte {
	sum := sha256.Sum256(unixLines(record))
	return []byte(`{"format":"` + recordHeader + `","sha256":"` + hex.EncodeToString(sum[:]) + `"}`)
}

// unixLines is a text whose lines end with a line feed alone.
func unixLines(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
}

// Claim is what is signed about the record; nil where there is none, or it is too large
// to be read.
func (r *Record) Claim() []byte {
	if r == nil || r.File == nil || r.File.Text == nil {
		return nil
	}
	return Claim(r.File.Text)
}

// ErrSeal says that the file of the signature cannot be one.
var ErrSeal = errors.New("no signature of recorded findings")

// ReadSeal reads the signature of the recorded findings of a security file, which nobody
// has verified yet; nil where there is none. Errors wrap ErrSeal, or are about the run.
func ReadSeal(file *model.File) ([]byte, error) {
	root, err := os.OpenRoot(file.Dir())
	if err != nil {
		return nil, err
	}
	defer root.Close()
	switch info, err := root.Lstat(SealFile); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: not a regular file", ErrSeal)
	}
	f, err := root.Open(SealFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSeal+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxSeal:
		return nil, fmt.Errorf("%w: it is larger than %d bytes", ErrSeal, maxSeal)
	case len(text) == 0:
		return nil, fmt.Errorf("%w: it is empty", ErrSeal)
	}
	return text, nil
}
