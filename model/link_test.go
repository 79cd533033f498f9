package model

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"theriac/syntax"
)

// TestDuplicateCountsOnce: of two entities with one id the first counts, and
// only once.
func TestDuplicateCountsOnce(t *testing.T) {
	dir := tree(t, map[string]string{
		"theriac.yaml": pump,
		"a.yaml":       "zones:\n  z1: {title: First, trust: device}\n",
		"b.yaml":       "zones:\n  z1: {title: Second, trust: device}\nactors:\n  a1: {title: A, type: person, zone: z1}\n",
	})
	var l Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) != 1 || findings[0].Code != "T0012" {
		t.Fatal(err, says(dir, findings))
	}
	if len(file.Zones) != 1 || file.Zones[0].Title != "First" || file.Actors[0].Zone.To != file.Zones[0] {
		t.Errorf("%d zones", len(file.Zones))
	}
}

// TestManyDangling: as many wrong references as fit into a file neither take
// minutes nor fill the screen.
func TestManyDangling(t *testing.T) {
	var zones, components, threats strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&zones, "  z%d: {title: Z, trust: device}\n", i)
		fmt.Fprintf(&components, "  c%d: {title: C, type: hardware, zone: y%d}\n", i, i)
	}
	for i := range 20 {
		fmt.Fprintf(&threats, "  t%d: {title: T, category: tampering, targets: [%s]}\n", i, strings.Repeat("q,", 15000))
	}
	dir := tree(t, map[string]string{"theriac.yaml": pump,
		"a.yaml": "zones:\n" + zones.String(), "b.yaml": "components:\n" + components.String(), "c.yaml": "threats:\n" + threats.String()})
	var l Loader
	start := time.Now()
	_, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 60*time.Second {
		t.Errorf("took %s", took)
	}
	if n := len(findings); n != syntax.MaxFindings+1 {
		t.Errorf("%d findings", n)
	}
	listed := 0
	for _, f := range findings {
		if f.Code == syntax.CodeLimit {
			listed++
		}
	}
	if listed != 1 {
		t.Errorf("%d findings say that the rest is not listed", listed)
	}
}

// TestImportBelowLink: the folder may be reached through a symbolic link, and a
// missing library is then still a missing library.
func TestImportBelowLink(t *testing.T) {
	dir := tree(t, map[string]string{"theriac.yaml": pump + "imports:\n  lib: {path: gone}\n"})
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	var l Loader
	_, findings, err := l.Load(t.Context(), link)
	if err != nil || len(findings) != 1 || findings[0].Code != "T0103" {
		t.Error(err, says(link, findings))
	}
}

// TestIgnoredDoesNotCount: what is ignored neither counts towards the limit of
// files nor is complained about.
func TestIgnoredDoesNotCount(t *testing.T) {
	dir := tree(t, map[string]string{"theriac.yaml": pump + "ignore: [old/]\n", "old/a.yaml": "not: read\n"})
	if err := os.Symlink("a.yaml", filepath.Join(dir, "old", "b.yaml")); err != nil {
		t.Fatal(err)
	}
	for i := range maxFiles {
		if err := os.Link(filepath.Join(dir, "old", "a.yaml"), filepath.Join(dir, "old", fmt.Sprintf("c%d.yaml", i))); err != nil {
			t.Skip("no hard links here:", err)
		}
	}
	var l Loader
	if _, findings, err := l.Load(t.Context(), dir); err != nil || len(findings) > 0 {
		t.Error(err, says(dir, findings))
	}
}
