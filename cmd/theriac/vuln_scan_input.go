package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"theriac/check"
	"theriac/model"
	"theriac/sbom"
)

// scanInput is what is scanned.
type scanInput struct {
	bom      *sbom.BOM
	shown    string      // name of the bill of materials; never an absolute path
	file     *model.File // nil where a bill of materials was named
	release  string      // version
	dir      string      // folder of the security file
	digest   string      // of the bill of materials of the release
	declared int         // components from here on are of the model
}

// readScanInput reads a bill of materials, or that of a release of a security file.
func readScanInput(ctx context.Context, args []string, release string) (*scanInput, error) {
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
			if release != "" {
				return nil, errors.New("--release: a bill of materials has no releases; name the folder of a security file")
			}
			return readBOMFile(args[0])
		}
	}
	file, dir, err := load(ctx, args)
	if err != nil {
		return nil, err
	}
	r, err := releaseToScan(file, release)
	if err != nil {
		return nil, err
	}
	return readRelease(file, dir, r)
}

// readRelease reads the bill of materials of a release, with what the model declares beside.
func readRelease(file *model.File, dir string, r *model.Release) (*scanInput, error) {
	in := &scanInput{file: file, dir: dir, release: r.Version, digest: r.SBOM.Digest, shown: path.Clean(r.SBOM.Path)}
	var err error
	if in.bom, err = sbomOfRelease(dir, r); err != nil {
		return nil, err
	}
	in.declared = len(in.bom.Components)
	in.bom.Components = append(in.bom.Components, check.Declared(file, in.bom)...)
	return in, nil
}

func readBOMFile(name string) (*scanInput, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	bom, err := sbom.Read(f, sbom.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	shown := filepath.ToSlash(name)
	if filepath.IsAbs(name) || strings.HasPrefix(shown, "../") {
		shown = filepath.Base(name)
	}
	return &scanInput{bom: bom, shown: shown, declared: len(bom.Components)}, nil
}

// releaseToScan is the release of a version, or the newest one that has a bill of materials.
func releaseToScan(file *model.File, version string) (*model.Release, error) {
	if version != "" {
		r, err := releaseNamed(file, version)
		if err == nil && r.SBOM.Path == "" {
			err = fmt.Errorf("release %s names no bill of materials (sbom)", r.Version)
		}
		return r, err
	}
	if r := newestWithSBOM(file); r != nil {
		return r, nil
	}
	return nil, errors.New("no release of the security file names a bill of materials (sbom)")
}
