package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"path"

	"theriac/syntax"
)

// DataFile is a file of the catalogue as it is part of the program.
type DataFile struct {
	Name   string // without folder
	Source string // id; "" for the tables
	SHA256 string
}

// DataFiles lists the files of the catalogue with their digests, by name: what a
// verdict was reached with, to the byte.
func DataFiles() []DataFile {
	entries, err := data.ReadDir("data") // by name
	if err != nil {
		panic(err) // the folder is embedded
	}
	var all []DataFile
	for _, d := range entries {
		text, err := data.ReadFile(path.Join("data", d.Name()))
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(text)
		all = append(all, DataFile{d.Name(), sourceOf(d.Name(), text), hex.EncodeToString(sum[:])})
	}
	return all
}

// sourceOf is the id of the source in a data file.
func sourceOf(name string, text []byte) string {
	root, _, _ := syntax.Parse(name, text)
	if _, id := root.Get("id"); id != nil {
		return id.Value
	}
	return ""
}
