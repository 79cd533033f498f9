package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"theriac/document"
	"theriac/techdoc"
)

// ManifestName is the file in a build that says what was made of what.
const ManifestName = "build.json"

// Manifest says what was made of what.
type Manifest struct {
	Format    string         `json:"format"` // "theriac build"
	Version   int            `json:"version"`
	Tool      string         `json:"tool"` // version of theriac
	Product   string         `json:"product"`
	Release   string         `json:"release,omitempty"`
	Baseline  string         `json:"baseline"` // SHA-256 of the state of the security file
	Approved  bool           `json:"approved"`
	Why       []string       `json:"why,omitempty"`
	Day       string         `json:"day"`  // on which all was judged
	Time      int64          `json:"time"` // in the properties of files, seconds since 1970
	Languages []string       `json:"languages"`
	Asked     string         `json:"asked,omitempty"`     // release as it was named; "" when it followed from the day
	Documents []string       `json:"documents,omitempty"` // that were chosen; none when all were
	Forms     []techdoc.Form `json:"forms,omitempty"`
	Browser   bool           `json:"browser,omitempty"` // PDFs were printed by a browser
	Files     []ManifestFile `json:"files"`             // by path
}

// ManifestFile is a file of a build.
type ManifestFile struct {
	Path   string `json:"path"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	manifestFormat  = "theriac build"
	manifestVersion = 1
	maxManifest     = 16 << 20
)

// NewManifest describes a build, yet without its files.
func NewManifest(set *document.Set, c Choice, languages []string, tool string) *Manifest {
	s := set.Stamp
	return &Manifest{
		Format: manifestFormat, Version: manifestVersion, Tool: tool, Product: s.Product, Release: s.Release, Baseline: s.Baseline,
		Approved: s.Approved, Why: s.Why, Day: s.Day, Time: s.Time.Unix(), Languages: languages, Documents: c.Documents, Forms: c.Forms, Browser: c.Browser != nil,
	}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Encode is the manifest as it stands in the folder.
func (m *Manifest) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// ReadManifest reads a manifest. Its paths are clean slash paths below the folder.
func ReadManifest(r io.Reader) (*Manifest, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxManifest+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxManifest {
		return nil, fmt.Errorf("%s is larger than %d MB", ManifestName, maxManifest>>20)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	m := &Manifest{}
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("%s is no manifest of a build: %w", ManifestName, err)
	}
	if m.Format != manifestFormat || m.Version != manifestVersion {
		return nil, fmt.Errorf("%s is of format %q, version %d; this program knows %q, version %d", ManifestName, m.Format, m.Version, manifestFormat, manifestVersion)
	}
	for _, f := range m.Files {
		if !localPath(f.Path) {
			return nil, fmt.Errorf("%s names a file outside of its folder: %q", ManifestName, f.Path)
		}
	}
	return m, nil
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
