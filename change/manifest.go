package change

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// ErrBaseline marks a baseline that is malformed or altered.
var ErrBaseline = errors.New("faulty baseline")

// What a manifest of this version says about itself.
const (
	manifestFormat  = "theriac baseline"
	manifestVersion = 1
	// manifestContent names the definition of entity digests (model.Digest). A test
	// fails when that changes without this.
	manifestContent = "theriac content 1"
	maxManifest     = 64 << 20
)

// Manifest is what a baseline says about itself; docs/formats/baseline.md.
type Manifest struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	Name    string          `json:"name"`
	Date    string          `json:"date"`
	Product string          `json:"product"`
	Release string          `json:"release,omitempty"`
	Folder  string          `json:"folder"`
	Content string          `json:"content"`
	States  []ManifestState `json:"states"`
	Files   []ManifestFile  `json:"files"`
}

// ManifestState is what the product, or a variant of it, consisted of.
type ManifestState struct {
	Variant  string           `json:"variant"`
	Entities []ManifestEntity `json:"entities"`
	Threats  []ManifestThreat `json:"threats"`
}

// ManifestEntity is an entity with the digest of its content.
type ManifestEntity struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Digest string `json:"digest"`
}

// ManifestThreat is a derived threat with its status at that time.
type ManifestThreat struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// ManifestFile is a file with its digest.
type ManifestFile struct {
	Path   string `json:"path"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

var (
	nameForm = lazyregexp.New(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$`)
	// reserved are names that Windows keeps for devices, whatever follows a dot.
	reserved = lazyregexp.New(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)
	sumForm  = lazyregexp.New(`^[0-9a-f]{64}$`)
)

// CheckName says what is wrong with the name of a baseline. A name is a file name
// on every system and cannot be taken for a range of git.
func CheckName(name string) error {
	switch {
	case !nameForm.MatchString(name) || strings.Contains(name, ".."):
		return fmt.Errorf("%q is no name of a baseline: up to 64 letters, digits, ., _ and -, beginning with a letter or digit, without .. and not ending in a dot", name)
	case reserved.MatchString(name):
		return fmt.Errorf("%q is no name of a baseline: some systems reserve it", name)
	case strings.EqualFold(name, "HEAD"):
		return fmt.Errorf("%q is no name of a baseline: git means a revision by it", name)
	}
	return nil
}

// encode writes the manifest in its canonical form.
func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// decodeManifest reads a manifest. It is canonical, so that it says each thing
// once: writing what was read gives the same bytes.
func decodeManifest(text []byte) (*Manifest, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil || head.Format != manifestFormat {
		return nil, fmt.Errorf("%w: the manifest is not one of a baseline", ErrBaseline)
	}
	if head.Version != manifestVersion {
		return nil, fmt.Errorf("%w: version %d of the format is not known here; use a newer theriac", ErrBaseline, head.Version)
	}
	m := &Manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%w: manifest: %w", ErrBaseline, err)
	}
	if again, err := m.encode(); err != nil || !bytes.Equal(again, text) {
		return nil, fmt.Errorf("%w: the manifest is not in its canonical form", ErrBaseline)
	}
	return m, m.check()
}

// check looks at what the types leave open.
func (m *Manifest) check() error {
	day, err := model.ParseDate(m.Date)
	switch {
	case CheckName(m.Name) != nil:
		return fmt.Errorf("%w: malformed name %q", ErrBaseline, m.Name)
	case err != nil || day.String() != m.Date:
		return fmt.Errorf("%w: malformed date %q", ErrBaseline, m.Date)
	case !fs.ValidPath(m.Folder):
		return fmt.Errorf("%w: malformed folder %q", ErrBaseline, m.Folder)
	case len(m.Files) > maxFiles:
		return fmt.Errorf("%w: more than %d files", ErrBaseline, maxFiles)
	case len(m.States) == 0 || m.States[0].Variant != "":
		return fmt.Errorf("%w: the first state is not that of the product itself", ErrBaseline)
	}
	for i, f := range m.Files {
		switch {
		case !safePath(f.Path):
			return fmt.Errorf("%w: unsafe path %q", ErrBaseline, f.Path)
		case i > 0 && m.Files[i-1].Path >= f.Path:
			return fmt.Errorf("%w: files are not in order at %q", ErrBaseline, f.Path)
		case f.Size < 0 || !sumForm.MatchString(f.SHA256):
			return fmt.Errorf("%w: malformed size or digest of %q", ErrBaseline, f.Path)
		}
	}
	return nil
}

// safePath reports whether a path stays below its folder on every system.
func safePath(name string) bool {
	return fs.ValidPath(name) && name != "." && !strings.ContainsAny(name, "\\:\x00") && !slices.ContainsFunc(strings.Split(name, "/"), reserved.MatchString)
}
