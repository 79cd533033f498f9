package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"theriac/format"
	"theriac/model"
	"theriac/syntax"
)

// flat lists all values of a file under their paths, without package edit.
func flat(t interface{ Fatalf(string, ...any) }, text []byte) map[string]string {
	root, _, findings := syntax.Parse("f.yaml", text)
	if len(findings) > 0 {
		t.Fatalf("%s\nin\n%s", findings[0].Message, text)
	}
	values := map[string]string{}
	if root != nil {
		flatten(values, "", root)
	}
	return values
}

func flatten(values map[string]string, path string, n *syntax.Node) {
	switch {
	case n.Null():
		values[path] = "null"
	case n.Kind == syntax.Scalar:
		values[path] = "=" + strings.TrimSuffix(n.Value, "\n") // as the decoder reads it
	default:
		values[path] = n.Kind.String()
	}
	for i := range n.Len() {
		if n.Kind == syntax.Mapping {
			key, value := n.Entry(i)
			flatten(values, path+"\x00"+key.Value, value)
		} else {
			flatten(values, path+"\x00"+strconv.Itoa(i), &n.Children[i])
		}
	}
}

// checkOthers checks that two texts differ under one path only.
func checkOthers(t *rapid.T, before, after map[string]string, path []string) {
	prefix := "\x00" + strings.Join(path, "\x00")
	under := func(p string) bool { return p == prefix || strings.HasPrefix(p, prefix+"\x00") }
	for p, v := range before {
		if got, ok := after[p]; !under(p) && !strings.HasPrefix(prefix, p+"\x00") && p != "" && (!ok || got != v) {
			t.Fatalf("%q changed from %q to %q", p, v, got)
		}
	}
	for p := range after {
		if _, ok := before[p]; !ok && !under(p) && !strings.HasPrefix(prefix, p+"\x00") {
			t.Fatalf("%q was added", p)
		}
	}
}

func commentsIn(t interface{ Fatalf(string, ...any) }, text []byte) []string {
	l, err := format.Read(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return comments(l)
}

var awkward = []string{
	"", " ", "a", "a: b", "a:", ": a", "# a", "a #b", "a#b", "- a", "-a", "-", "?", "? a", "[a]", "a]", "a, b", "{a}", "}", "&a", "*a", "!a", "|", ">", "'a'", "\"a\"", "it's", "%a", "@a", "`a`",
	"yes", "No", "on", "y", "true", "NULL", "~", "1", "1.10", "0x1f", "1e3", "1_0", "12:30:45", ".5", ".inf", "-.NaN", "2026-01-02", "18.8", "<<", "=", "---", "...", "a\nb", "a\n", "\na", "a\n\n", "a\n\n\nb",
	" a\nb", "a\n b", "a \nb", "a\n# b", "a\n---\nb", "\ta", "a\tb", "a\n\tb", " a", "a ", "é", "a\u00a0b", "\u00a0", "a\u200bb", "a\u202eb", "a\u2028b", "a\x00b", "a\x1b[b", "a\r\nb", "\ufeff", "\U0001f600", "\\", "\\n", "a\\",
	strings.Repeat("some words ", 20) + "end", strings.Repeat("two  blanks ", 20) + "end", strings.Repeat("x", 300), strings.Repeat("ünïcödé ", 30) + "\nline", strings.Repeat("a: b # c ", 20) + "d",
}

func texts() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(awkward), rapid.String(), rapid.StringMatching(`[a-c:# \n'"\[\]{},&*-]{0,30}`))
}

func values(depth int) *rapid.Generator[Value] {
	kinds := 5
	if depth == 0 {
		kinds = 2
	}
	return rapid.Custom(func(t *rapid.T) Value {
		switch rapid.IntRange(0, kinds).Draw(t, "kind") {
		case 1:
			return Number(rapid.IntRange(-9, 99).Draw(t, "number"))
		case 2:
			return Bool(rapid.Bool().Draw(t, "truth"))
		case 3:
			return Texts(rapid.SliceOfN(texts(), 0, 4).Draw(t, "texts")...)
		case 4:
			return List(rapid.SliceOfN(values(depth-1), 0, 3).Draw(t, "list"))
		case 5:
			return mapsOf(depth, 0).Draw(t, "map")
		}
		return Text(texts().Draw(t, "text"))
	})
}

func mapsOf(depth, least int) *rapid.Generator[Map] {
	names := rapid.OneOf(rapid.SampledFrom([]string{"title", "notes", "initial", "severity", "rationale", "targets", "zzz"}), rapid.StringN(1, 5, 20))
	return rapid.Custom(func(t *rapid.T) Map {
		var m Map
		for _, name := range rapid.SliceOfNDistinct(names, least, 4, rapid.ID[string]).Draw(t, "names") {
			m = append(m, Field{name, values(max(0, depth-1)).Draw(t, "value")})
		}
		return m
	})
}

func exampleFiles(t testing.TB) [][]byte {
	var files [][]byte
	err := filepath.WalkDir("../examples/infusion-pump", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		canonical, err := format.Source(text, model.FieldOrder)
		files = append(files, canonical)
		return err
	})
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files of the example: %v", len(files), err)
	}
	return files
}

// odd are texts that are sound but in no canonical form.
var odd = [][]byte{
	[]byte("\ufeff# top\r\n\r\nthreats:\r\n    # one\r\n    a: # aa\r\n        title: x   # t\r\n                   # tt\r\n        initial: {severity: low, # s\r\n            rationale: 'r'} # i\r\n\r\n\r\n        targets:\r\n        - b # bb\r\n        # cc\r\n        - c\r\n        # foot\r\n    # end\r\n# last"),
	[]byte("threats: {a: {title: x, targets: [b, c]}, d: {title: \"y z\"}} # flow\nrisks:\n  r: {title: x}\n  # none\nzones:\n  # empty\npolicy:\n  title: |+\n    kept\n\n\n  # c\n  risk:\n    - name: >-\n        x\n        y\n\n      why: # w\n        z\n    - - a\n      - b # b\n"),
	[]byte("  threats:\n     a:\n\n      \"title\": x\n\n      # gap\n\n      category: y\n      # t\n\n      notes:\n        text\n\n        more\n     b:\n  zones: ~ # none\n"),
}

// target picks an entity and a path in it that exists, or nearly exists.
func target(t *rapid.T, d *Doc) (id string, path, full []string) {
	if !d.Has("") && len(d.places) == 0 {
		t.Skip("no entities")
	}
	p := rapid.SampledFrom(d.places).Draw(t, "place")
	v, _ := get(d.want, p.keys)
	for size(v) > 0 && rapid.IntRange(0, 3).Draw(t, "deeper") > 0 {
		i := rapid.IntRange(0, size(v)-1).Draw(t, "step")
		if m, ok := v.(Map); ok {
			path, v = append(path, m[i].Name), m[i].Value
		} else {
			path, v = append(path, strconv.Itoa(i)), v.(List)[i]
		}
	}
	if _, ok := v.(Map); ok && rapid.Bool().Draw(t, "new") {
		path = append(path, rapid.SampledFrom([]string{"title", "notes", "initial", "zzz", "rationale"}).Draw(t, "name"))
	}
	return p.keys[len(p.keys)-1], path, slices.Concat(p.keys, path)
}

// editOnce makes one random edit and checks what it did.
func editOnce(t *rapid.T, d *Doc) {
	before, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	id, path, full := target(t, d)
	var v Value
	what := rapid.IntRange(0, 5).Draw(t, "edit")
	switch what {
	case 0:
		err = d.Remove(id, path...)
	case 1:
		id = "new-" + strconv.Itoa(rapid.IntRange(0, 1e6).Draw(t, "id"))
		kind := rapid.SampledFrom([]string{"threats", "risks", "zones", "harms"}).Draw(t, "kind")
		v, full, path = mapsOf(2, 1).Draw(t, "body"), []string{kind, id}, nil
		err = d.Append(kind, Entity{id, v.(Map)})
	default:
		v = values(3).Draw(t, "value")
		err = d.Set(id, path, v)
	}
	after, problem := d.Bytes()
	if problem != nil {
		t.Fatal(problem)
	}
	if errors.Is(err, ErrRefused) {
		t.Fatalf("the safety net had to act: %v\nfor %v = %#v in\n%s", err, full, v, before)
	}
	if err != nil {
		if !bytes.Equal(before, after) {
			t.Fatalf("changed in spite of %v", err)
		}
		return
	}
	checkEdit(t, d, before, after, full, id, path, v)
}

func checkEdit(t *rapid.T, d *Doc, before, after []byte, full []string, id string, path []string, v Value) {
	if a, b := commentsIn(t, before), commentsIn(t, after); !slices.Equal(a, b) {
		t.Fatalf("comments changed from\n%q\nto\n%q\nin\n%s", a, b, before)
	}
	if v == nil {
		checkRemoved(t, flat(t, before), flat(t, after), full)
	} else {
		if got, ok := d.Get(id, path...); !ok || !same(got, v) {
			t.Fatalf("reads %#v, want %#v", got, v)
		}
		checkOthers(t, flat(t, before), flat(t, after), full)
		if again := fmt.Errorf("again: %w", d.Set(id, path, v)); errors.Unwrap(again) != nil {
			t.Fatal(again)
		}
		if twice, _ := d.Bytes(); !bytes.Equal(after, twice) {
			t.Fatalf("setting the same value again made of\n%s\nthis:\n%s", after, twice)
		}
	}
}

// checkRemoved checks that what is left was there before: the rest of the list
// or map from which something was removed moves up, all else stays.
func checkRemoved(t *rapid.T, before, after map[string]string, path []string) {
	if len(after) >= len(before) {
		t.Fatalf("%d values, %d before", len(after), len(before))
	}
	item := slices.IndexFunc(path, func(step string) bool { return strings.Trim(step, "0123456789") == "" })
	if item >= 2 {
		path = path[:item] // other items take the place of this one
	}
	prefix := "\x00" + strings.Join(path, "\x00")
	for p, v := range after {
		if item >= 2 && strings.HasPrefix(p, prefix+"\x00") || v == "null" && len(path) == 2 {
			continue
		}
		if before[p] != v {
			t.Fatalf("%q changed from %q to %q", p, before[p], v)
		}
	}
	for p, v := range before {
		if after[p] != v && !strings.HasPrefix(p, prefix) && !strings.HasPrefix(prefix, p) {
			t.Fatalf("%q changed from %q to %q", p, v, after[p])
		}
	}
}

// TestExample edits the files of the example at random: they stay canonical.
func TestExample(t *testing.T) {
	files := exampleFiles(t)
	rapid.Check(t, func(t *rapid.T) {
		text := files[rapid.IntRange(0, len(files)-1).Draw(t, "file")]
		d, err := File("f.yaml", text, model.FieldOrder)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			editOnce(t, d)
		}
		after, _ := d.Bytes()
		canonical, err := format.Source(after, model.FieldOrder)
		if err != nil {
			t.Fatal(err)
		}
		if diff := format.Diff("f.yaml", after, canonical); diff != "" {
			t.Fatalf("no longer canonical:\n%s", diff)
		}
	})
}

// TestOdd edits texts in no canonical form.
func TestOdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := File("f.yaml", odd[rapid.IntRange(0, len(odd)-1).Draw(t, "file")], testOrder)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			editOnce(t, d)
		}
	})
}
