package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"theriac/diag"
)

// An example may consist of several files, each under a header line
// `-- name --`. A file called `name (symbolic link)` is a link to the path in
// its text; one called `name (signed by ...)` or `name (approved by ...)` stands
// for what signed_test.go makes of it. Folders follow from names; the security
// file is the whole.

var partHeader = regexp.MustCompile(`^-- (.+?)(?: \((symbolic link|(?:signed|approved) by .+)\))? --$`)

// filePart is one file of an example; its text starts below line header.
type filePart struct {
	name   string
	how    string // what stands in brackets behind the name
	header int
	text   string
}

// split cuts an example into its files; there are none when it is one text.
func split(example string) []filePart {
	var parts []filePart
	for i, line := range strings.Split(example, "\n") {
		if m := partHeader.FindStringSubmatch(line); m != nil {
			parts = append(parts, filePart{name: m[1], how: m[2], header: i + 1})
		} else if n := len(parts); n > 0 {
			parts[n-1].text += line + "\n"
		}
	}
	return parts
}

// unpack writes the files of an example.
func unpack(t testing.TB, dir string, parts []filePart) {
	t.Helper()
	for _, p := range parts {
		name := filepath.Join(dir, filepath.FromSlash(p.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		switch p.how {
		case "":
			write(t, name, p.text)
			continue
		case "symbolic link":
		default:
			continue // it is signed once the file is loaded
		}
		target, _, _ := strings.Cut(p.text, "#")
		if err := os.Symlink(strings.TrimSpace(target), name); err != nil {
			t.Fatal(err)
		}
	}
}

// relocate moves findings from the files of an example to the lines of the
// example itself.
func relocate(findings diag.List, example string) {
	parts := split(example)
	for i := range findings {
		span, best := &findings[i].Span, filePart{}
		for _, p := range parts {
			if strings.HasSuffix("/"+span.Path(), "/"+p.name) && len(p.name) > len(best.name) {
				best = p
			}
		}
		span.Line += best.header
		span.EndLine += best.header
	}
}

func TestSplit(t *testing.T) {
	parts := split("-- theriac.yaml --\na\n-- x/y.yaml (symbolic link) --\n../z.yaml # want T0104\n")
	if len(parts) != 2 || parts[0].text != "a\n" || parts[1].name != "x/y.yaml" || parts[1].how != "symbolic link" || parts[1].header != 3 {
		t.Errorf("split: %+v", parts)
	}
	if parts := split("product:\n  name: -- x --\n"); parts != nil {
		t.Errorf("one text is split: %+v", parts)
	}
}
