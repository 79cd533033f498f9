package plan_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"theriac/plan"
)

func tree(files ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for _, f := range files {
		name, text, _ := strings.Cut(f, "=")
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestFiles(t *testing.T) {
	was := tree("evidence/1.0/a.json=old", "evidence/1.0/gone.json=gone", "evidence/inputs/one=1", "evidence/inputs/lost=lost", "approvals/a.json=approval", "records/plan.pdf=plan")
	is := tree("evidence/1.0/a.json=new", "evidence/1.0/b.json=b", "evidence/inputs/one=one", "evidence/inputs/two=two", "approvals/a.json=approval", "records/plan.pdf=revised")
	fsys, notes, err := plan.Files(was, is)
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	for name, want := range map[string]string{
		"evidence/1.0/a.json": "old", "evidence/1.0/gone.json": "gone", "records/plan.pdf": "plan",
		"evidence/inputs/one": "one", "evidence/inputs/two": "two", "evidence/inputs/lost": "lost",
	} {
		if text, err := fs.ReadFile(fsys, name); err != nil || string(text) != want {
			t.Errorf("%s says %q, %v", name, text, err)
		}
	}
	if _, err := fs.Stat(fsys, "evidence/1.0/b.json"); err == nil {
		t.Error("it has a statement that was not there")
	}
	var inputs []string
	list, err := fs.ReadDir(fsys, "evidence/inputs")
	for _, e := range list {
		inputs = append(inputs, e.Name())
	}
	if want := []string{"lost", "one", "two"}; err != nil || !slices.Equal(inputs, want) {
		t.Errorf("inputs are %v, %v", inputs, err)
	}
}

// TestFilesElsewhere: what a team keeps outside the repository counts for both
// sides, and that is told.
func TestFilesElsewhere(t *testing.T) {
	is := tree("evidence/1.0/a.json=a", "evidence/inputs/one=one", "approvals/a.json=now")
	for _, c := range []struct {
		name string
		was  fs.FS
		note string
		want map[string]string
	}{
		{"a baseline", nil, "a baseline holds no signed files", map[string]string{"evidence/1.0/a.json": "a", "approvals/a.json": "now"}},
		{"no evidence", tree("approvals/a.json=then"), "holds nothing below evidence/", map[string]string{"evidence/1.0/a.json": "a", "evidence/inputs/one": "one", "approvals/a.json": "then"}},
		{"inputs alone", tree("evidence/inputs/one=one", "approvals/a.json=then"), "holds nothing below evidence/", map[string]string{"evidence/1.0/a.json": "a"}},
		{"no approvals", tree("evidence/1.0/a.json=then"), "holds nothing below approvals/", map[string]string{"evidence/1.0/a.json": "then", "approvals/a.json": "now"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, notes, err := plan.Files(c.was, is)
			if err != nil || len(notes) != 1 || !strings.Contains(notes[0], c.note) {
				t.Fatalf("%v, %q", err, notes)
			}
			for name, want := range c.want {
				if text, err := fs.ReadFile(fsys, name); err != nil || string(text) != want {
					t.Errorf("%s says %q, %v", name, text, err)
				}
			}
		})
	}
}

func TestCauseIsOneLine(t *testing.T) {
	long := strings.Repeat("the pump stops ", 20)
	for _, c := range []struct {
		cause plan.Cause
		want  string
	}{
		{plan.Cause{Kind: "requirements", ID: "rq-1", Field: "text", Was: []string{"Old"}, Is: []string{"New"}}, "requirement rq-1 text: Old → New"},
		{plan.Cause{Kind: "policy", ID: "policy", Field: "evidence.max-age", Was: []string{"1 year"}}, "policy evidence.max-age: 1 year → nothing"},
		{plan.Cause{Kind: "roster", ID: "roster", What: "removed"}, "roster roster: removed"},
		{plan.Cause{Kind: "releases", ID: "rel-1", Field: "artefacts.0.digest", Was: []string{"sha256:" + strings.Repeat("a", 64)}, Is: []string{"sha256:" + strings.Repeat("b", 64)}}, "release rel-1 artefacts.0.digest: sha256:aaaaaaaaaaaa… → sha256:bbbbbbbbbbbb…"},
		{plan.Cause{What: "evidence/a.json is gone"}, "evidence/a.json is gone"},
		{plan.Cause{Kind: "requirements", ID: "rq-1", Field: "text", Was: []string{long + "at once"}, Is: []string{long + "later"}}, "requirement rq-1 text: …the pump stops at once → …the pump stops later"},
		{plan.Cause{Kind: "requirements", ID: "rq-1", Field: "text", Was: []string{"a\nb"}, Is: []string{long}}, "requirement rq-1 text: a b → the pump stops the pump stops the pump stops the…"},
	} {
		if got := c.cause.String(); got != c.want {
			t.Errorf("it says %q, not %q", got, c.want)
		}
	}
}
