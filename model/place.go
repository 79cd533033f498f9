package model

import (
	"path"
	"strings"

	"theriac/internal/lazyregexp"
)

// origin is where a security file was read from. It belongs to the run, not to
// the file: no output may show it.
type origin struct {
	dir       string
	workspace string
}

// Dir is the folder that was loaded, as the caller named it. Paths in the
// security file count from there.
func (f *File) Dir() string { return f.origin.dir }

// Workspace is the real path of the folder that nothing in the security file
// may lead out of: the nearest one at or above Dir that holds WorkspaceFile,
// else that of Dir itself.
func (f *File) Workspace() string { return f.origin.workspace }

// drive is the start of a Windows path.
var drive = lazyregexp.New(`^[A-Za-z]:[\\/]`)

// LeavesFolder tells whether a path is absolute, climbs out of its folder, or is
// written with backslashes, which only some systems read as a path.
func LeavesFolder(file string) bool {
	clean := path.Clean(file)
	return path.IsAbs(file) || clean == ".." || strings.HasPrefix(clean, "../") || drive.MatchString(file) || strings.Contains(file, `\`)
}
