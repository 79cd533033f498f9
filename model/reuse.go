package model

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/syntax"
)

// workspaceOf returns the real path of the folder that imports may not leave:
// the nearest folder at or above dir that holds a workspace marker, else dir.
func workspaceOf(dir string) string {
	real := realPath(dir)
	for at := real; ; at = filepath.Dir(at) {
		if info, err := os.Lstat(filepath.Join(at, WorkspaceFile)); err == nil && info.Mode().IsRegular() {
			return at
		}
		if at == filepath.Dir(at) {
			return real
		}
	}
}

// library reads an imported folder.
func (a *assembly) library(dir string, imp *Import, trail []string) error {
	if imp.Path == "" {
		return nil // reported as missing
	}
	at := imp.At("path")
	if filepath.IsAbs(imp.Path) || strings.Contains(imp.Path, "\\") {
		a.report("T0101", at, fmt.Sprintf("import path %q is not relative with forward slashes", imp.Path), "write it relative to the folder of "+RootFile)
		return nil
	}
	target := filepath.Join(dir, filepath.FromSlash(imp.Path))
	real := realPath(filepath.Join(realPath(dir), filepath.FromSlash(imp.Path)))
	switch info, err := os.Lstat(filepath.Join(target, LibraryFile)); {
	case real != a.workspace && !strings.HasPrefix(real, a.workspace+string(filepath.Separator)):
		a.report("T0101", at, fmt.Sprintf("import path %q leaves the workspace", imp.Path),
			"move the library below the security file, or put an empty file "+WorkspaceFile+" into the folder that holds both")
		return nil
	case slices.Contains(trail, real):
		a.report("T0102", at, fmt.Sprintf("import of %q leads back to itself", imp.Path), "remove one of the imports in the circle")
		return nil
	case err != nil || info.IsDir():
		a.report("T0103", at, fmt.Sprintf("no library at %q", imp.Path), "the folder must exist and hold a "+LibraryFile)
		return nil
	}
	if a.loaded[real] {
		return nil // imported twice, by different ways: once is enough
	}
	if a.loaded == nil {
		a.loaded = map[string]bool{}
	}
	a.loaded[real] = true
	return a.folder(target, imp.Path, trail)
}

// present reports whether an entity exists in the variant that is loaded.
func (a *assembly) present(e Entity, omitted map[string]bool) bool {
	b := e.base()
	if slices.Contains(a.skip, e) || omitted[b.ID] && (b.Override == "" || len(b.OnlyIn) == 0) {
		return false
	}
	return len(b.OnlyIn) == 0 || slices.Contains(b.OnlyIn, a.file.variant)
}

// variant finds the variant to load and what it omits. It reports variants
// that nobody declared.
func (a *assembly) variant() map[string]bool {
	declared := map[string]*Variant{}
	var names []string
	for _, f := range a.folders {
		for _, u := range f.units {
			for _, v := range u.part.Variants {
				declared[v.ID] = v
				names = append(names, v.ID)
			}
		}
	}
	a.eachEntity(func(e Entity, _ folder) {
		b := e.base()
		for i, name := range b.OnlyIn {
			if declared[name] == nil {
				help := "declare it under `variants:`"
				if s := diag.Suggest(name, names); s != "" {
					help = fmt.Sprintf("did you mean %q?", s)
				}
				a.report("T0106", b.At("only-in", i), fmt.Sprintf("unknown variant %q", name), help)
			}
		}
	})
	omitted := map[string]bool{}
	for _, f := range a.folders {
		maps.Copy(omitted, a.omits(f.units))
	}
	return omitted
}

// omits is what the variant that is loaded leaves out, as far as some files say.
func (a *assembly) omits(units []*unit) map[string]bool {
	omitted := map[string]bool{}
	for _, u := range units {
		for _, v := range u.part.Variants {
			for _, r := range v.Omits {
				if v.ID == a.file.variant {
					omitted[r.ID] = true
				}
			}
		}
	}
	return omitted
}

func (a *assembly) eachEntity(visit func(Entity, folder)) {
	for _, f := range a.folders {
		for _, u := range f.units {
			for _, k := range kinds {
				for e := range entitiesOf(u.part, k) {
					visit(e, f)
				}
			}
		}
	}
}

// override merges an entity into the one with the same id that it overrides:
// its fields replace those of the original, all others stay.
func (a *assembly) override(original, change Entity) Entity {
	from, by := original.base(), change.base()
	if from.kind != by.kind {
		a.report("T0106", by.Here(), fmt.Sprintf("%s overrides a %s, which is of another kind", Label(change), from.kind.Singular), "give it an id of its own")
		return original
	}
	merged := *from.node
	merged.Children = slices.Clone(from.node.Children)
	var fields []string
	for i := range by.node.Len() {
		key, value := by.node.Entry(i)
		if key.Value != "override" && key.Value != "only-in" {
			fields = append(fields, key.Value)
		}
		put(&merged, key, value)
	}
	slices.Sort(fields)
	a.findings.Add(diag.Finding{
		Code: "T0105", Severity: diag.Note, Span: by.At("override"), Entity: by.ID,
		Message: fmt.Sprintf("%s overrides %s: %s", Label(change), strings.Join(fields, ", "), by.Override),
		Help:    "nothing to do; overrides are listed so that a reviewer sees them",
		Related: []diag.Related{{Span: from.Here(), Message: "overridden here"}},
	})
	u := &unit{part: &File{}}
	d := decoder(u)
	e := reflect.New(by.kind.Type).Interface().(Entity)
	d.Entity(by.key, &merged, e.(syntax.Keyed))
	e.base().kind, e.base().from = by.kind, from.from
	// The fields were decoded once already, where they stand.
	a.links = append(a.links, u.links...)
	return e
}

// put sets an entry of a mapping node.
func put(n *syntax.Node, key, value *syntax.Node) {
	for i := 0; i < len(n.Children); i += 2 {
		if n.Children[i].Value == key.Value {
			n.Children[i], n.Children[i+1] = *key, *value
			return
		}
	}
	n.Children = append(n.Children, *key, *value)
}
