package syntax

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestEmbedded(t *testing.T) {
	files := fstest.MapFS{
		"data/good.yaml": {Data: []byte("name: a\n")}, "data/bad.yaml": {Data: []byte("name: a\nnmae: b\n")},
	}
	var into struct {
		Name string `yaml:"name"`
	}
	Embedded(files, "here", "data/good.yaml", &into)
	if into.Name != "a" {
		t.Errorf("got %q", into.Name)
	}
	for name, want := range map[string]string{"data/bad.yaml": `here/data/bad.yaml:2:1: unknown field "nmae"`, "data/none.yaml": "here: open data/none.yaml"} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, want) {
					t.Errorf("%s: panics with %q, want %q", name, said, want)
				}
			}()
			Embedded(files, "here", name, &into)
		}()
	}
}
