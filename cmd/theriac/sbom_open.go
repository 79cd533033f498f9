package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"theriac/check"
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

// releasedSBOM reads the bill of materials of the newest release.
func releasedSBOM(file *model.File, dir string) (*sbom.BOM, error) {
	r := newestWithSBOM(file)
	if r == nil {
		return nil, errors.New("no release of the security file names a bill of materials")
	}
	return sbomOfRelease(dir, r)
}

// sbomOfRelease reads the bill of materials of a release, which has to be the file of which
// the release has the digest.
func sbomOfRelease(dir string, r *model.Release) (*sbom.BOM, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	bom, err := check.OpenBill(r.SBOM, root.FS(), sbom.Limits{})
	if err != nil {
		err = fmt.Errorf("bill of materials of release %s: %w", r.Version, err)
	}
	return bom, err
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
