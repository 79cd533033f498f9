package bundle

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// prepared is what Prepare says of the release of a project.
func prepared(p *project) (*Draft, error) {
	file := p.load()
	return Prepare(p.t.Context(), p.dir, file, file.Releases[0], today, "")
}

func TestPrepareRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		do    func(p *project)
		want  error
		says  string
	}{
		{"no artefacts", with(t, "    artefacts:\n      - path: build/ui.img\n        digest: sha256:"+sum("123")+"\n", ""), func(*project) {}, ErrNotFrozen, "lists no artefacts"},
		{"no baseline", with(t, "    baseline: release-1.0.0\n", ""), func(*project) {}, ErrNotFrozen, "names no baseline"},
		{"baseline gone", small(), func(*project) {}, ErrNotFrozen, "baselines/release-1.0.0.zip of release 1.0.0 is not there"},
		{"document is a link", small(), func(p *project) {
			if runtime.GOOS == "windows" {
				t.Skip("links need rights there")
			}
			p.freeze()
			p.remove("docs/plan.txt")
			p.check(os.Symlink("../theriac.yaml", filepath.Join(p.dir, "docs", "plan.txt")))
		}, nil, "docs/plan.txt is not a regular file"},
		{"document among the evidence", with(t, "docs/plan.txt", "evidence/plan.txt"), func(p *project) {
			p.write("evidence/plan.txt", "plan")
			p.freeze()
		}, nil, "no place for a file of part document"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := raw(t, test.files)
			test.do(p)
			_, err := prepared(p)
			if err == nil || !strings.Contains(err.Error(), test.says) || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}

// What changes between the list and the copy is noticed.
func TestChangedMeanwhile(t *testing.T) {
	p := made(t, small())
	d, err := prepared(p)
	p.check(err)
	defer d.Close()
	p.write("docs/plan.txt", "PLAN\n")
	if err := d.Write(t.Context(), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "docs/plan.txt changed while the bundle was made") {
		t.Errorf("%v", err)
	}
}

// What lies elsewhere, and what is missing, is left out.
func TestLeftOut(t *testing.T) {
	files := with(t, "path: build/ui.img", "path: ../build/ui.img")
	p := raw(t, files)
	p.freeze()
	p.remove("docs/plan.txt")
	d, err := prepared(p)
	p.check(err)
	defer d.Close()
	for _, e := range d.Manifest.Files {
		if e.Part == Artefact || e.Part == Document {
			t.Errorf("%s is in the bundle", e.Path)
		}
	}
}
