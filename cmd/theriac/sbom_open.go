package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/sbom"
)

// openSBOM reads a bill of materials: a file, "-" for the standard input, or the
// folder of a security file, of which the newest release is meant.
func openSBOM(ctx context.Context, in io.Reader, arg string) (*sbom.BOM, error) {
	if arg == "-" {
		return readSBOM(in, "standard input")
	}
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		if !holdsSecurityFile(arg) {
			return nil, fmt.Errorf("%s is a folder without %s; `theriac sbom import` lists what is installed below a folder", filepath.ToSlash(arg), model.RootFile)
		}
		file, dir, err := load(ctx, []string{arg})
		if err != nil {
			return nil, err
		}
		return releasedSBOM(file, dir)
	}
	f, err := os.Open(arg)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readSBOM(f, arg)
}

func readSBOM(r io.Reader, name string) (*sbom.BOM, error) {
	bom, err := sbom.Read(r, sbom.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(name), err)
	}
	return bom, nil
}

// releasedSBOM reads the bill of materials of the newest release, which has to be
// the file of which the release has the digest.
func releasedSBOM(file *model.File, dir string) (*sbom.BOM, error) {
	r := newestWithSBOM(file)
	if r == nil {
		return nil, errors.New("no release of the security file names a bill of materials")
	}
	if model.LeavesFolder(r.SBOM.Path) {
		return nil, fmt.Errorf("release %s: the bill of materials %s is not in the folder of the security file", r.Version, r.SBOM.Path)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := filepath.FromSlash(path.Clean(r.SBOM.Path))
	if info, err := root.Stat(name); err == nil && !info.Mode().IsRegular() { // to open a pipe would wait for a writer
		return nil, fmt.Errorf("release %s: the bill of materials %s is no regular file", r.Version, r.SBOM.Path)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("release %s: %w", r.Version, err)
	}
	defer f.Close()
	sum := &summed{in: f, hash: sha256.New()}
	bom, err := readSBOM(sum, r.SBOM.Path)
	if err != nil {
		return nil, err
	}
	if digest, err := sum.rest(); err != nil {
		return nil, fmt.Errorf("%s: %w", r.SBOM.Path, err)
	} else if !strings.EqualFold(digest, r.SBOM.Digest) {
		return nil, fmt.Errorf("%s is not the file of which release %s has the digest", r.SBOM.Path, r.Version)
	}
	return bom, nil
}

// newestWithSBOM is the newest release that names a bill of materials; those that
// have a day count before those that are planned.
func newestWithSBOM(file *model.File) *model.Release {
	var planned *model.Release
	for _, r := range slices.Backward(byDate(file.Releases)) {
		switch {
		case r.SBOM.Path == "":
		case !r.Date.IsZero():
			return r
		case planned == nil:
			planned = r
		}
	}
	return planned
}

// summed hashes what is read.
type summed struct {
	in   io.Reader
	hash hash.Hash
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	s.hash.Write(p[:n])
	return n, err
}

// rest reads on to the end and gives the digest of all.
func (s *summed) rest() (string, error) {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(s.hash.Sum(nil)), nil
}

// tellProblems says on the standard error what of a list was not understood. It
// reports whether something that is there is missing from the list.
func tellProblems(cmd *cobra.Command, name string, bom *sbom.BOM) (lost bool) {
	w := plainText{cmd.ErrOrStderr()}
	for _, p := range bom.Problems {
		fmt.Fprintf(w, "theriac: %s: %s\n", placed(name, p.Line), oneLine(p.What))
	}
	if bom.Unlisted > 0 {
		fmt.Fprintf(w, "theriac: %s: %s more\n", filepath.ToSlash(name), amount(bom.Unlisted, "problem"))
	}
	return bom.Lost > 0
}

// placed is a file with a line, where there is one.
func placed(name string, line int) string {
	if line == 0 {
		return filepath.ToSlash(name)
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(name), line)
}

// sbomFormats are the forms in which results are shown.
var sbomFormats = []string{"text", "json"}
