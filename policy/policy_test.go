package policy

import (
	"path/filepath"
	"testing"

	"theriac/model"
)

var examples = []string{"infusion-pump", "pcr-analyser"}

func load(t testing.TB, dir string) *model.File {
	t.Helper()
	var l model.Loader
	f, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func example(t testing.TB, name string) *model.File {
	t.Helper()
	return load(t, filepath.Join("..", "examples", name))
}

// yaml is a security file of one text.
func yaml(t testing.TB, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "theriac.yaml", []byte(text))
	return load(t, dir)
}
