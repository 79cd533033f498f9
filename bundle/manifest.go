package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"

	"theriac/catalog"
	"theriac/evidence"
	"theriac/internal/strictjson"
	"theriac/model"
)

// What a manifest of this version says about itself.
const (
	manifestFormat  = "theriac bundle"
	manifestVersion = 1
	maxManifest     = 64 << 20
)

// Manifest is what a bundle says about itself; docs/formats/bundle.md.
type Manifest struct {
	Format    string      `json:"format"`
	Version   int         `json:"version"`
	Product   string      `json:"product"`
	Release   Release     `json:"release"`
	Date      string      `json:"date"`    // day on which it was made
	Theriac   string      `json:"theriac"` // version of the program that made it
	Catalogue []Catalogue `json:"catalogue"`
	Folder    string      `json:"folder"` // of theriac.yaml
	Files     []Entry     `json:"files"`  // by the bytes of the path
}

// Release names the release that the bundle is about.
type Release struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// Catalogue is a data file of the catalogue of the program that made the bundle.
type Catalogue struct {
	File    string `json:"file"`
	Source  string `json:"source,omitempty"` // id; tables have none
	Edition string `json:"edition,omitempty"`
	SHA256  string `json:"sha256"`
}

// Entry is a file of the bundle.
type Entry struct {
	Path   string `json:"path"`
	Part   Part   `json:"part"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// catalogue describes the catalogue of this program.
func catalogue() []Catalogue {
	sources := map[string]*catalog.Source{}
	for _, s := range catalog.Load().Sources {
		sources[s.ID] = s
	}
	var all []Catalogue
	for _, f := range catalog.DataFiles() {
		c := Catalogue{File: f.Name, SHA256: f.SHA256}
		if s := sources[f.Source]; s != nil {
			c.Source, c.Edition = s.ID, s.Edition
		}
		all = append(all, c)
	}
	return all
}

// encode writes the manifest in its canonical form.
func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// decodeManifest reads a manifest. It is canonical, so that it says each thing
// once: writing what was read gives the same bytes.
func decodeManifest(text []byte) (*Manifest, *Refusal) {
	m := &Manifest{}
	if err := strictjson.Decode(text, m); err != nil {
		var head struct {
			Format  string `json:"format"`
			Version int    `json:"version"`
		}
		if json.Unmarshal(text, &head) == nil && head.Format == manifestFormat && head.Version != manifestVersion {
			return nil, refuse("version %d of the format is not known here; use a newer theriac", head.Version)
		}
		return nil, refuse("the manifest cannot be read: %s", err)
	}
	switch again, err := m.encode(); {
	case m.Format != manifestFormat:
		return nil, refuse("the manifest is of %q, not of a bundle", m.Format)
	case m.Version != manifestVersion:
		return nil, refuse("version %d of the format is not known here; use a newer theriac", m.Version)
	case err != nil || !bytes.Equal(again, text):
		return nil, refuse("the manifest is not in its canonical form")
	}
	if why := m.fault(); why != "" {
		return nil, refuse("%s", why)
	}
	return m, m.places()
}

// fault looks at what the types leave open, but for the list of files.
func (m *Manifest) fault() string {
	day, err := model.ParseDate(m.Date)
	switch {
	case err != nil || day.String() != m.Date:
		return fmt.Sprintf("the manifest has the malformed day %q", m.Date)
	case !fs.ValidPath(m.Folder):
		return fmt.Sprintf("the manifest has the malformed folder %q", m.Folder)
	case m.Release.ID == "" || m.Release.Version == "":
		return "the manifest names no release"
	case m.Catalogue == nil || m.Files == nil:
		return "the manifest has null in place of a list"
	case len(m.Files) > maxEntries:
		return fmt.Sprintf("the manifest lists more than %d files", maxEntries)
	}
	for _, c := range m.Catalogue {
		if !evidence.IsDigest(c.SHA256) {
			return fmt.Sprintf("the manifest has a malformed digest of %q", c.File)
		}
	}
	return ""
}
