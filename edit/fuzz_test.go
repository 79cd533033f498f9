package edit

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

// FuzzEdit makes one edit of any text: either there is an error and nothing
// changed, or the result reads back with the value, the same comments, and the
// same other values. The path is separated by slashes.
func FuzzEdit(f *testing.F) {
	for _, tt := range editTests {
		f.Add(tt.in, "a", "title", "w: x", byte(0))
		f.Add(tt.in, "a", "targets/0", "w\nx", byte(1))
		f.Add(tt.in, "b", "initial", "", byte(2))
		f.Add(tt.in, "new", "threats", "true", byte(3))
	}
	for _, text := range odd {
		for op := range byte(4) {
			f.Add(string(text), "a", "targets", "c", op)
		}
	}
	f.Fuzz(func(t *testing.T, text, id, path, value string, op byte) {
		d, err := File("f.yaml", []byte(text), testOrder)
		if err != nil {
			return
		}
		if same, err := d.Bytes(); err != nil || string(same) != text {
			t.Fatalf("without an edit: %v\n%q", err, same)
		}
		steps := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
		v := valueOf(value, op)
		switch op % 4 {
		case 2:
			v, err = nil, d.Remove(id, steps...)
		case 3:
			steps, err = nil, d.Append(path, Entity{id, Map{{"title", v}}})
			v = Map{{"title", v}}
		default:
			err = d.Set(id, steps, v)
		}
		checkFuzzed(t, d, text, err, id, steps, v)
	})
}

func valueOf(text string, op byte) Value {
	switch op / 4 % 4 {
	case 1:
		return Texts(strings.Split(text, ",")...)
	case 2:
		return Map{{"title", Text(text)}, {"severity", List{Map{{"name", Text(text)}}}}}
	}
	return Text(text)
}

func checkFuzzed(t *testing.T, d *Doc, text string, err error, id string, steps []string, v Value) {
	t.Helper()
	out, problem := d.Bytes()
	switch {
	case problem != nil || errors.Is(err, ErrRefused):
		t.Fatalf("the safety net had to act: %v, %v", err, problem)
	case err != nil && string(out) != text:
		t.Fatalf("changed in spite of %v", err)
	case err != nil:
		return
	}
	if a, b := commentsIn(t, []byte(text)), commentsIn(t, out); !slices.Equal(a, b) {
		t.Fatalf("comments changed from\n%q\nto\n%q", a, b)
	}
	if v == nil {
		return
	}
	again, err := File("f.yaml", out, testOrder)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := again.Get(id, steps...); !ok || !same(got, v) {
		t.Fatalf("reads %#v, want %#v in\n%s", got, v, out)
	}
	full := func(d *Doc) string { // the path from the root
		p, err := d.find(id)
		if err != nil {
			t.Fatal(err)
		}
		return "\x00" + strings.Join(slices.Concat(p.keys, steps), "\x00")
	}(again)
	outside := func(text []byte) map[string]string {
		values := flat(t, text)
		maps.DeleteFunc(values, func(p, _ string) bool {
			return p == full || strings.HasPrefix(p, full+"\x00") || strings.HasPrefix(full, p+"\x00") || p == ""
		})
		return values
	}
	if a, b := outside([]byte(text)), outside(out); !maps.Equal(a, b) {
		t.Fatalf("other values changed from\n%q\nto\n%q", a, b)
	}
}
