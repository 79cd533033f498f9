package triage

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"theriac/diag"
	"theriac/model"
)

// ReadRecord reads the recorded findings of a security file; a file that is absent is
// empty. The error is about the run: the file cannot be read.
func ReadRecord(file *model.File) (*Record, error) { return new(Reader).Read(file) }

// Reader reads recorded findings again and again, as an editor does: a text that has not
// changed is not parsed again. It is safe for concurrent use.
type Reader struct {
	mu   sync.Mutex
	last *Record
	text []byte // as it was in the file
}

// Read is ReadRecord. What it returns is not to be changed.
func (r *Reader) Read(file *model.File) (*Record, error) {
	shown := filepath.ToSlash(filepath.Join(file.Dir(), RecordFile))
	none := &Record{File: &diag.Source{Path: shown}}
	root, err := os.OpenRoot(file.Dir())
	if err != nil {
		return nil, err
	}
	defer root.Close()
	switch info, err := root.Lstat(RecordFile); {
	case errors.Is(err, fs.ErrNotExist):
		return none, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		none.complain(1, "not a regular file", "put the file itself there; links are not followed")
		return none, nil
	}
	f, err := root.Open(RecordFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxRecord+1))
	if err != nil {
		return nil, err
	}
	return r.parse(shown, text), nil
}

func (r *Reader) parse(shown string, text []byte) *Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil || r.last.File.Path != shown || !bytes.Equal(r.text, text) {
		r.last, r.text = ParseRecord(shown, text), text
	}
	return r.last
}
