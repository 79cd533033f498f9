package main

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"theriac/model"
)

// homes knows to which security file or library the files of a folder belong.
type homes struct {
	dir   string
	root  *os.Root         // the folder dir
	known map[string]*home // by slash path below dir; nil where there is none
}

// home is a security file or library. The path of a file in it is the path below
// dir without strip and with add in front.
type home struct {
	ignore     []string
	strip, add string
}

// owns reports whether a file belongs to a security file or library.
func (h *homes) owns(name string) bool {
	home := h.of(path.Dir(name))
	return home != nil && !model.Ignored(home.ignore, home.add+strings.TrimPrefix(name, home.strip))
}

// of is the nearest home at or above a folder, or nil.
func (h *homes) of(folder string) *home {
	if found, ok := h.known[folder]; ok {
		return found
	}
	var found *home
	if text := marker(func(name string) ([]byte, error) { return h.root.ReadFile(path.Join(folder, name)) }); text != nil {
		found = &home{ignore: model.IgnorePatterns(text)}
		if folder != "." {
			found.strip = folder + "/"
		}
	} else if folder == "." {
		found = h.above()
	} else {
		found = h.of(path.Dir(folder))
	}
	h.known[folder] = found
	return found
}

// above is the home in which the folder dir itself lies, or nil.
func (h *homes) above() *home {
	abs, err := filepath.Abs(h.dir)
	if err != nil {
		return nil
	}
	for at, below := abs, ""; filepath.Dir(at) != at; {
		below = filepath.Base(at) + "/" + below
		at = filepath.Dir(at)
		if text := marker(func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(at, name)) }); text != nil {
			return &home{ignore: model.IgnorePatterns(text), add: below}
		}
	}
	return nil
}

// marker is the text of the file that marks a folder as a home, or nil.
func marker(read func(name string) ([]byte, error)) []byte {
	for _, name := range []string{model.RootFile, model.LibraryFile} {
		if text, err := read(name); err == nil {
			return append([]byte{}, text...)
		}
	}
	return nil
}
