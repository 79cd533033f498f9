package trace

import (
	"errors"
	"path"
	"strconv"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// CodeRef is a reference to source code, taken apart. At most one of Symbol,
// Line and Tag is set; without any of them it names a whole file. Path is set
// unless Tag is.
type CodeRef struct {
	Path   string
	Symbol []string // parts of a name: Pump.Stop has two
	Line   int
	Tag    string
}

// TagPrefix stands before a tag in source code, for example theriac:req-012 in
// a comment.
const TagPrefix = "theriac:"

const maxCodeRef = 512 // bytes

var (
	tagForm    = lazyregexp.New(`^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$`)
	symbolForm = lazyregexp.New(`^~?[\pL_$][\pL\pN_$]*$`)
	lineForm   = lazyregexp.New(`^(.+):([1-9][0-9]{0,8})$`)
)

// ParseCode takes a code reference apart: path#symbol, path:line, #tag, or the
// path of a file that is meant as a whole, such as one with settings. Paths
// are written with forward slashes and stay below the folder from which they
// count; parts of a symbol are joined by a dot or by two colons.
func ParseCode(text string) (CodeRef, error) {
	if len(text) > maxCodeRef {
		return CodeRef{}, errors.New("it is too long")
	}
	if tag, ok := strings.CutPrefix(text, "#"); ok {
		if !tagForm.MatchString(tag) {
			return CodeRef{}, errors.New("a tag consists of letters, digits, dot, hyphen and underscore")
		}
		return CodeRef{Tag: tag}, nil
	}
	var ref CodeRef
	if file, symbol, ok := strings.Cut(text, "#"); ok {
		ref = CodeRef{Path: file, Symbol: strings.Split(strings.ReplaceAll(symbol, "::", "."), ".")}
		for _, part := range ref.Symbol {
			if !symbolForm.MatchString(part) {
				return CodeRef{}, errors.New("what stands behind # is not the name of a symbol")
			}
		}
	} else if m := lineForm.FindStringSubmatch(text); m != nil {
		ref.Path = m[1]
		ref.Line, _ = strconv.Atoi(m[2])
	} else {
		ref.Path = text
	}
	switch {
	case ref.Path == "" || strings.HasSuffix(ref.Path, "/") || path.Clean(ref.Path) == ".":
		return CodeRef{}, errors.New("it names no file; write path#symbol, path:line, #tag or a path")
	case strings.ContainsAny(ref.Path, ":#\n"):
		return CodeRef{}, errors.New("a path holds no colon, and a line is a number from 1")
	case model.LeavesFolder(ref.Path):
		return CodeRef{}, errors.New("its path leaves the folder of the source code, or is not written with forward slashes")
	}
	ref.Path = path.Clean(ref.Path)
	return ref, nil
}
