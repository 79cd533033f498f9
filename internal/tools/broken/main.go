// Command broken writes what is signed about examples/broken: sound evidence and
// approvals, and beside them faults of each kind, from the tables in this folder.
// The file FAULTS, which it writes too, says what was done to which file and what
// check has to find there; so it does for the recorded findings, which it only reads.
//
// # Format
//
// A line of FAULTS is the path of a file, with :LINE where it is not the first, the
// codes of the findings, and what was done. A code alone is of a finding at that line;
// CODE@ID is of one at an entity, which is marked in its line.
//
// # Values
//
// Same text of the security file, same bytes: the days are those of the tables, and
// the demonstration keys sign the same way each time. What lay below evidence/ and
// approvals/ before is removed.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"theriac/approval"
	"theriac/evidence"
	"theriac/model"
	"theriac/trust"
)

func main() {
	dir := "examples/broken"
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(context.Background(), dir); err != nil {
		fmt.Fprintf(os.Stderr, "broken: %s\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string) error {
	files, err := build(ctx, dir)
	if err != nil {
		return err
	}
	for _, folder := range []string{evidence.Folder, approval.Folder} {
		if err := os.RemoveAll(filepath.Join(dir, folder)); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// example is the security file with what is made for it.
type example struct {
	ctx     context.Context
	dir     string
	file    *model.File
	release *model.Release
	files   map[string][]byte // by slash path
	told    []string          // lines of FAULTS
}

// build makes all files, without writing them.
func build(ctx context.Context, dir string) (map[string][]byte, error) {
	var l model.Loader
	file, _, err := l.Load(ctx, dir) // the findings are what the example is for
	if err != nil {
		return nil, err
	}
	if file.Product == nil || file.Product.Demonstration != model.Yes {
		return nil, fmt.Errorf("%s is no demonstration", dir)
	}
	x := &example{ctx: ctx, dir: dir, file: file, files: map[string][]byte{}}
	for _, r := range file.Releases {
		if r.Version == "1.4.0" {
			x.release = r
		}
	}
	if x.release == nil {
		return nil, fmt.Errorf("%s has no release 1.4.0", dir)
	}
	for _, step := range []func() error{x.sound, x.pieces, x.beside, x.approvals, x.record} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	x.files["FAULTS"] = x.faults()
	return x.files, nil
}

const faultsHead = `# Faults in the signed files of this folder and in theriac.findings, written by
# internal/tools/broken: path (with the line where it is not the first), codes of the
# findings, and what was done. A code alone is of a finding there; CODE@ID is of one at an
# entity, whose line is marked. Signed files that are not listed are sound.
`

func (x *example) faults() []byte {
	slices.Sort(x.told)
	return []byte(faultsHead + strings.Join(x.told, "\n") + "\n")
}

// tell enters a file into FAULTS.
func (x *example) tell(name, codes, done string) {
	x.told = append(x.told, fmt.Sprintf("%s %s %s", name, codes, done))
}

// seal signs a payload with demonstration keys.
func (x *example) seal(payload []byte, names ...string) ([]byte, error) {
	var signers []trust.Signer
	for _, name := range names {
		key, err := trust.Demo(name)
		if err != nil {
			return nil, err
		}
		signers = append(signers, key)
	}
	return trust.Seal(x.ctx, evidence.PayloadType, payload, signers...)
}
