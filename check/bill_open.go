package check

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"theriac/model"
	"theriac/sbom"
)

// BillError says why the bill of materials of a release cannot be used.
type BillError struct {
	State BillState
	Why   string // begins with the path
	Err   error  // of reading; may be nil
}

func (e *BillError) Error() string { return e.Why }

func (e *BillError) Unwrap() error { return e.Err }

// OpenBill reads the bill of materials of a release from the folder of the security file.
// It has to be the file of which the release has the digest; what of it is not understood
// is in its problems. Each error is a *BillError.
func OpenBill(a model.Artefact, files fs.FS, limits sbom.Limits) (*sbom.BOM, error) {
	shown := ClipText(a.Path)
	fault := func(state BillState, err error, format string, args ...any) error {
		return &BillError{state, shown + " " + fmt.Sprintf(format, args...), err}
	}
	if files == nil || model.LeavesFolder(a.Path) {
		return nil, fault(BillAbsent, nil, "is not in the folder of the security file")
	}
	name := path.Clean(a.Path)
	info, err := fs.Stat(files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault(BillAbsent, err, "is not there")
	case err != nil || !info.Mode().IsRegular(): // to open a pipe would wait for a writer
		return nil, fault(BillUnread, err, "is not a file that can be read")
	}
	f, err := files.Open(name)
	if err != nil {
		return nil, fault(BillUnread, err, "is not a file that can be read")
	}
	defer f.Close()
	sum := sha256.New()
	in := io.TeeReader(f, sum)
	bom, problem := sbom.Read(in, limits)
	if _, err := io.Copy(io.Discard, in); err != nil {
		return nil, fault(BillUnread, err, "is not a file that can be read")
	}
	switch {
	case !strings.EqualFold("sha256:"+hex.EncodeToString(sum.Sum(nil)), a.Digest):
		return nil, fault(BillAltered, nil, "is not the file of which the release has the digest")
	case problem != nil:
		return nil, fault(BillUnread, problem, "cannot be read: %s", problem)
	}
	return bom, nil
}
