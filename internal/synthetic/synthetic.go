// Package synthetic writes security files of any size that check accepts, for
// benchmarks of theriac and its peers.
//
// A file has one product and many alike modules. A module is a service with
// its store, interface, key and peer, what threatens it, what is done about it
// and how that is tested. References stay inside the module but for the zones,
// roles and documents that all share, as they do in real files.
package synthetic

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

//go:embed product.yaml
var product string

//go:embed module.yaml.tmpl
var module string

// modulesPerFile keeps files at a few thousand lines, as people would.
const modulesPerFile = 25

// Stats says what was written.
type Stats struct{ Entities, References, Files, Bytes int }

var moduleTemplate = template.Must(template.New("module").Parse(module))

// Write makes a folder with a security file of at least the given number of
// entities. The folder must not exist.
func Write(dir string, entities int) (Stats, error) {
	var stats Stats
	if err := os.Mkdir(dir, 0o755); err != nil {
		return stats, err
	}
	if err := stats.file(filepath.Join(dir, "theriac.yaml"), []byte(product)); err != nil {
		return stats, err
	}
	for n := 0; stats.Entities < entities; n++ {
		text, err := modules(n*modulesPerFile, entities-stats.Entities)
		if err != nil {
			return stats, err
		}
		if err := stats.file(filepath.Join(dir, fmt.Sprintf("module-%04d.yaml", n)), text); err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// modules renders up to modulesPerFile modules, fewer when fewer entities are
// wanted. Kinds are gathered, since a file states each kind once.
func modules(first, wanted int) ([]byte, error) {
	var order []string
	sections := map[string]*bytes.Buffer{}
	for i, have := first, 0; i < first+modulesPerFile && have < wanted; i++ {
		var text bytes.Buffer
		data := map[string]any{"N": i, "Port": 1024 + i%60000}
		if err := moduleTemplate.Execute(&text, data); err != nil {
			return nil, err
		}
		var section string
		for line := range strings.Lines(text.String()) {
			if line[0] != ' ' {
				section = strings.TrimSpace(line)
				if sections[section] == nil {
					order = append(order, section)
					sections[section] = bytes.NewBufferString(line)
				}
				continue
			}
			sections[section].WriteString(line)
		}
		have += len(entity.FindAll(text.Bytes(), -1))
	}
	var out bytes.Buffer
	for _, section := range order {
		out.Write(sections[section].Bytes())
	}
	return out.Bytes(), nil
}

var (
	entity    = regexp.MustCompile(`(?m)^  [a-z][a-z0-9-]*:$`)
	reference = regexp.MustCompile(`\b(zone|svc|act|as|st|if|key|fl|th|ri|ct|rq|vf|role|perm|doc|rel|hz|si|hm)-[a-z0-9-]+`)
)

// file writes one file and counts what is in it.
func (s *Stats) file(name string, text []byte) error {
	defined := len(entity.FindAll(text, -1))
	s.Entities += defined
	s.References += len(reference.FindAll(text, -1)) - defined
	s.Files++
	s.Bytes += len(text)
	return os.WriteFile(name, text, 0o644)
}
