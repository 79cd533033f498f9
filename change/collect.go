package change

import (
	"context"
	"os"
)

// Collect gathers the files of the security file in a folder, with its libraries
// and its reviews, as a baseline would. A file with faults of form is refused.
func Collect(ctx context.Context, dir string) (*Files, error) { return collect(ctx, dir) }

// NewFiles are files that were kept elsewhere, by slash path below the workspace.
// The folder is that of theriac.yaml.
func NewFiles(folder string, data map[string][]byte) *Files { return &Files{folder, data} }

// Text is the content of a file, nil where there is none of that name.
func (f *Files) Text(name string) []byte { return f.data[name] }

// Unpack writes the files into a new folder of their own. It returns the folder of
// theriac.yaml in there, and what removes all of it.
func (f *Files) Unpack() (dir string, remove func() error, err error) {
	s := &State{}
	if err := s.unpack(f); err != nil {
		return "", nil, err
	}
	return s.dir, func() error { return os.RemoveAll(s.temp) }, nil
}
