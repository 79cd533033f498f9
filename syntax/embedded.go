package syntax

import (
	"io/fs"
	"path"
)

// Embedded fills a struct from a data file that is part of the program. A file
// that is absent or faulty is a fault of the program: it panics, so that every
// test sees it.
func Embedded(files fs.FS, owner, name string, into any) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		panic(owner + ": " + err.Error())
	}
	root, _, findings := Parse(path.Join(owner, name), text)
	var d Decoder
	d.Decode(root, into)
	if findings = append(findings, d.Findings...); len(findings) > 0 {
		panic(owner + ": faulty data: " + findings[0].Span.String() + ": " + findings[0].Message)
	}
}
