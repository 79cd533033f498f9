package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"theriac/change"
	"theriac/model"
	"theriac/trace"
	"theriac/triage"
)

// keepsApart refuses an output that would become or replace a part of the
// security file in a folder, also through a link.
func keepsApart(dir, output string) error {
	if output == "" {
		return nil
	}
	names := []string{output}
	if real, err := filepath.EvalSymlinks(output); err == nil {
		names = append(names, real)
	}
	for _, name := range names {
		below, in := pathIn(dir, name)
		switch {
		case in && model.IsYAML(name):
			return fmt.Errorf("%s would become part of the security file; write it elsewhere or without .yaml", output)
		case in && kept(below):
			return fmt.Errorf("%s is kept by theriac itself; write it elsewhere", output)
		}
	}
	return nil
}

// kept reports whether a path below the folder of the security file is that of
// the reviews, of the recorded findings or of a baseline.
func kept(below string) bool {
	return below == trace.ReviewFile || below == triage.RecordFile || below == triage.SealFile || filepath.Dir(below) == change.BaselineFolder && strings.EqualFold(filepath.Ext(below), ".zip")
}

// pathIn is the path of a file below a folder, and whether it is in there. What
// cannot be told counts as in there.
func pathIn(dir, name string) (below string, in bool) {
	a, err := filepath.Abs(dir)
	if err != nil {
		return name, true
	}
	if real, err := filepath.EvalSymlinks(a); err == nil {
		a = real
	}
	b, err := filepath.Abs(name)
	if err != nil {
		return name, true
	}
	if real, err := filepath.EvalSymlinks(filepath.Dir(b)); err == nil {
		b = filepath.Join(real, filepath.Base(b))
	}
	below, err = filepath.Rel(a, b)
	return below, err == nil && filepath.IsLocal(below)
}
