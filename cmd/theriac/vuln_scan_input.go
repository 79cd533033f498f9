package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

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
	if in.bom, err = readReleaseBOM(dir, r); err != nil {
		return nil, err
	}
	in.declared = len(in.bom.Components)
	in.bom.Components = append(in.bom.Components, declaredComponents(file, in.bom)...)
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
	for _, r := range slices.Backward(byDate(file.Releases)) {
		if r.SBOM.Path != "" {
			return r, nil
		}
	}
	return nil, errors.New("no release of the security file names a bill of materials (sbom)")
}

// readReleaseBOM reads the bill of materials of a release, which has to be the file that the
// release has the digest of.
func readReleaseBOM(dir string, r *model.Release) (*sbom.BOM, error) {
	if model.LeavesFolder(r.SBOM.Path) {
		return nil, fmt.Errorf("the bill of materials %s is not in the folder of the security file", r.SBOM.Path)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if info, err := root.Stat(path.Clean(r.SBOM.Path)); err == nil && !info.Mode().IsRegular() { // to open a pipe would wait for a writer
		return nil, fmt.Errorf("the bill of materials %s is no regular file", r.SBOM.Path)
	}
	f, err := root.Open(path.Clean(r.SBOM.Path))
	if err != nil {
		return nil, fmt.Errorf("the bill of materials of release %s: %w", r.Version, err)
	}
	defer f.Close()
	sum := sha256.New()
	bom, err := sbom.Read(io.TeeReader(f, sum), sbom.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.SBOM.Path, err)
	}
	if _, err := io.Copy(sum, f); err != nil { // what was left unread
		return nil, err
	}
	if !strings.EqualFold("sha256:"+hex.EncodeToString(sum.Sum(nil)), r.SBOM.Digest) {
		return nil, fmt.Errorf("%s is not the file of which release %s has the digest", r.SBOM.Path, r.Version)
	}
	return bom, nil
}

// declaredComponents are the components of the model that a bill of materials does not list and
// that say what they are.
func declaredComponents(file *model.File, bom *sbom.BOM) []sbom.Component {
	packs := map[string]bool{}
	for i := range bom.Components {
		if purl := bom.Components[i].PURL; purl != "" {
			packs[withoutVersion(purl)] = true
		}
	}
	var list []sbom.Component
	for _, c := range file.Components {
		if !identified(c) || standsFor(c, packs) {
			continue
		}
		one := sbom.Component{
			Ref: c.ID, Type: "library", Name: c.Title, Version: c.Version, PURL: c.PURL, Manufacturer: c.Manufacturer, Parent: -1,
		}
		if c.Title == "" {
			one.Name = c.ID
		}
		if c.CPE != "" {
			one.CPEs = []string{c.CPE}
		}
		if c.Repository != "" && c.Commit != "" {
			one.Links = []sbom.Link{{Kind: "vcs", URL: "git+https://" + strings.TrimPrefix(c.Repository, "https://") + "@" + c.Commit}}
		}
		list = append(list, one)
	}
	return list
}

// identified reports whether a component of the model says what it is: by package URL, CPE name,
// repository and commit, or, being software of somebody else, by maker, title and version, as
// advisories of makers name it.
func identified(c *model.Component) bool {
	bought := (c.Type == "soup" || c.Type == "firmware") && c.Manufacturer != "" && c.Title != "" && c.Version != "" && len(c.Packages) == 0
	return c.PURL != "" || c.CPE != "" || c.Repository != "" || bought
}

// standsFor reports whether a bill of materials lists what a component of the model is.
func standsFor(c *model.Component, packs map[string]bool) bool {
	if c.PURL != "" && packs[withoutVersion(c.PURL)] {
		return true
	}
	for _, pattern := range c.Packages {
		for pack := range packs {
			if fitsPattern(strings.ToLower(pattern), pack) {
				return true
			}
		}
	}
	return false
}

// withoutVersion is a package URL without version, qualifiers and subpath, in lower case.
func withoutVersion(purl string) string { return strings.ToLower(unversioned(purl)) }

// fitsPattern reports whether a text has the form of a pattern, in which * is any characters.
func fitsPattern(pattern, text string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, head) {
		return false
	}
	text = text[len(head):]
	for {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(text, part)
		}
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text, rest = text[i+len(part):], more
	}
}
