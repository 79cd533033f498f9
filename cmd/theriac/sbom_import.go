package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"theriac/sbom"
	"theriac/sbom/inventory"
)

func newSBOMImport() *cobra.Command {
	var target sbomTarget
	cmd := &cobra.Command{
		Use:   "import ROOTFS|BINARY|MANIFEST",
		Short: "make a bill of materials of what is installed",
		Long: `Import lists what is there: the packages of dpkg, apk, opkg and RPM and the programs
written in Go below a folder; the modules of one such program; or what a list of Yocto
(license.manifest, IMAGE.manifest, cve-check) or Buildroot (show-info, manifest.csv of
legal-info) names. Of RPM the databases are read in all three forms: Berkeley DB, ndb and
SQLite with its log.

Symbolic links are not followed, and nothing outside of the folder is read.

Exit status: 0 made, 1 made, but something that is there is missing from it, 2 the run
failed.`,
		Example: `  theriac sbom import rootfs -o image.cdx.json
  theriac sbom import build/pump-daemon -o daemon.cdx.json
  theriac sbom import license.manifest --format spdx-2.3-json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := target.check(); err != nil {
				return err
			}
			bom, err := takeInventory(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			lost := tellProblems(cmd, args[0], bom)
			if bom.Created, err = target.made(); err != nil {
				return err
			}
			bom.Tools = sealed(bom.Tools)
			if err := target.write(cmd, bom); err != nil {
				return err
			}
			if lost {
				return errFindings
			}
			return nil
		},
	}
	target.add(cmd)
	return cmd
}

// takeInventory makes a list of what an argument names. A file is tried as a program
// first, then as a list of a build system.
func takeInventory(ctx context.Context, arg string) (*sbom.BOM, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(arg)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		bom, err := inventory.Root(ctx, root)
		if err == nil && len(bom.Components) == 0 {
			return nil, fmt.Errorf("%s: nothing is installed there that is known here", filepath.ToSlash(arg))
		}
		return bom, err
	}
	f, err := os.Open(arg)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if bom, err := inventory.Binary(f, filepath.Base(arg)); !errors.Is(err, inventory.ErrNotGo) {
		return bom, namedBy(arg, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	bom, err := inventory.Manifest(f, filepath.Base(arg))
	return bom, namedBy(arg, err)
}

// namedBy puts the name of a file before an error.
func namedBy(arg string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", filepath.ToSlash(arg), err)
}
