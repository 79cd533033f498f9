package edit

import (
	"errors"
	"strings"
	"testing"

	"theriac/format"
)

// testOrder knows one singleton and two kinds.
func testOrder(path []string) []string {
	switch {
	case len(path) == 1 && path[0] == "product":
		return []string{"title", "class", "scale", "notes"}
	case len(path) == 2 && path[0] == "threats":
		return []string{"title", "category", "targets", "initial", "steps", "notes"}
	case len(path) == 3 && path[0] == "threats" && path[2] == "initial":
		return []string{"likelihood", "severity", "rationale"}
	case len(path) == 3 && path[0] == "threats" && path[2] == "steps":
		return []string{"name", "why"}
	}
	return nil
}

func open(t *testing.T, text string) *Doc {
	t.Helper()
	d, err := File("f.yaml", []byte(text), testOrder)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func result(t *testing.T, d *Doc) string {
	t.Helper()
	out, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// set, remove and add are edits of one document.
func set(id, path string, v Value) func(*Doc) error {
	return func(d *Doc) error { return d.Set(id, strings.Fields(path), v) }
}

func remove(id, path string) func(*Doc) error {
	return func(d *Doc) error { return d.Remove(id, strings.Fields(path)...) }
}

func add(kind string, entities ...Entity) func(*Doc) error {
	return func(d *Doc) error { return d.Append(kind, entities...) }
}

var titled = Map{{"title", Text("New")}}

var editTests = []struct {
	name, in string
	edit     func(*Doc) error
	want     string
}{
	// Scalars in their place.
	{"plain", "threats:\n  a:\n    title: x   # c\n", set("a", "title", Text("w z")), "threats:\n  a:\n    title: w z   # c\n"},
	{"in quotes", "threats:\n  a:\n    title: 'x: w' # c\n", set("a", "title", Text("w")), "threats:\n  a:\n    title: w # c\n"},
	{"below its key", "threats:\n  a:\n    title:\n      x\n      z\n", set("a", "title", Text("w")), "threats:\n  a:\n    title:\n      w\n"},
	{"below a comment", "threats:\n  a:\n    title: # c\n      x\n", set("a", "title", Text("w")), "threats:\n  a:\n    title: # c\n      w\n"},
	{"continued comment", "threats:\n  a:\n    title: x # c\n             # d\n    category: z\n", set("a", "title", Text("long")), "threats:\n  a:\n    title: long # c\n                # d\n    category: z\n"},
	{"same text", "threats:\n  a:\n    title:   'x'\n", set("a", "title", Text("x")), "threats:\n  a:\n    title:   'x'\n"},
	{"same paragraph", "threats:\n  a:\n    title: >\n     x\n     w\n", set("a", "title", Text("x w")), "threats:\n  a:\n    title: >\n     x\n     w\n"},
	{"same number", "threats:\n  a:\n    title: \"5\"\n", set("a", "title", Number(5)), "threats:\n  a:\n    title: \"5\"\n"},
	{"number", "threats:\n  a:\n    title: x\n", set("a", "title", Number(-5)), "threats:\n  a:\n    title: -5\n"},
	{"truth", "threats:\n  a:\n    title: x\n", set("a", "title", Bool(true)), "threats:\n  a:\n    title: true\n"},
	{"text like a truth", "threats:\n  a:\n    title: x\n", set("a", "title", Text("true")), "threats:\n  a:\n    title: \"true\"\n"},
	{"null", "threats:\n  a:\n    title: ~ # c\n", set("a", "title", Text("x")), "threats:\n  a:\n    title: x # c\n"},
	{"nothing", "threats:\n  a:\n    title: # c\n", set("a", "title", Text("x")), "threats:\n  a:\n    title: x # c\n"},
	{"lines", "threats:\n  a:\n    title: x # c\n    category: z\n", set("a", "title", Text("x\n\n  w")), "threats:\n  a:\n    title: | # c\n      x\n\n        w\n    category: z\n"},
	{"lines from the comment on", "threats:\n  a:\n    title: x # c\n             # d\n", set("a", "title", Text("x\ny")), "threats:\n  a:\n    # c\n    # d\n    title: |\n      x\n      y\n"},
	{"lines to one", "threats:\n  a:\n    title: | # c\n      x\n      w\n    category: z\n", set("a", "title", Text("x")), "threats:\n  a:\n    title: x # c\n    category: z\n"},
	{"kept lines to one", "threats:\n  a:\n    title: |+\n      x\n\n", set("a", "title", Text("x")), "threats:\n  a:\n    title: x\n"},
	{"lines above a comment far to the right", "threats:\n  a:\n    title: x\n               # c\n    notes: w\n", set("a", "category", Text("x\nz")), "threats:\n  a:\n    title: x\n    category: \"x\\nz\"\n               # c\n    notes: w\n"},
	{"lines above blanks at the end", "threats:\n  a:\n    title: x\n         ", set("a", "notes", Text("x\nz")), "threats:\n  a:\n    title: x\n    notes: |\n      x\n      z"},
	{"lines above the comment of the next entity", "threats:\n  a:\n    title: x\n            # b\n  b:\n    title: x\n", set("a", "title", Text("x\nz")), "threats:\n  a:\n    title: \"x\\nz\"\n            # b\n  b:\n    title: x\n"},
	{"prose", "threats:\n  a:\n    title: x\n", set("a", "notes", Text(strings.Repeat("word ", 30)+"end")),
		"threats:\n  a:\n    title: x\n    notes: >\n      " + strings.Repeat("word ", 15) + "word\n      " + strings.Repeat("word ", 14) + "end\n"},

	// Fields.
	{"at its place", "threats:\n  a:\n    title: x\n    # n\n    notes: w\n", set("a", "category", Text("z")), "threats:\n  a:\n    title: x\n    category: z\n    # n\n    notes: w\n"},
	{"first", "threats:\n  a:\n    # n\n    notes: w\n", set("a", "title", Text("z")), "threats:\n  a:\n    title: z\n    # n\n    notes: w\n"},
	{"above a comment out of line", "threats:\n  a:\n      # m\n    notes: w\n", set("a", "title", Text("z")), "threats:\n  a:\n    title: z\n      # m\n    notes: w\n"},
	{"below comments at the top", "threats:\n  a:\n    # top\n\n    notes: w\n", set("a", "title", Text("z")), "threats:\n  a:\n    # top\n\n    title: z\n    notes: w\n"},
	{"unknown to the order", "threats:\n  a:\n    title: x\n    zzz: w\n", set("a", "yyy", Text("z")), "threats:\n  a:\n    title: x\n    zzz: w\n    yyy: z\n"},
	{"below a comment that touches", "threats:\n  a:\n    title: x\n    # t\n  # foot\n", set("a", "notes", Text("z")), "threats:\n  a:\n    title: x\n    # t\n\n    notes: z\n  # foot\n"},
	{"above a comment that stands apart", "threats:\n  a:\n    title: x\n\n    # t\n", set("a", "notes", Text("z")), "threats:\n  a:\n    title: x\n    notes: z\n\n    # t\n"},
	{"below kept lines", "threats:\n  a:\n    title: |+\n      x\n\n    notes: w\n", set("a", "category", Text("z")), "threats:\n  a:\n    title: |+\n      x\n\n    category: z\n    notes: w\n"},
	{"new map", "threats:\n  a:\n    title: x\n", set("a", "initial severity", Text("high")), "threats:\n  a:\n    title: x\n    initial:\n      severity: high\n"},
	{"in a map", "threats:\n    a:\n        title: x\n        initial:\n            severity: low\n", set("a", "initial likelihood", Text("high")), "threats:\n    a:\n        title: x\n        initial:\n            likelihood: high\n            severity: low\n"},
	{"in nothing", "threats:\n  a:\n    title: x\n    initial: # c\n      # d\n    notes: z\n", set("a", "initial severity", Text("high")), "threats:\n  a:\n    title: x\n    initial: # c\n      # d\n\n      severity: high\n    notes: z\n"},
	{"in an entity without fields", "threats:\n  a:\n  b:\n    title: x\n", set("a", "title", Text("w")), "threats:\n  a:\n    title: w\n  b:\n    title: x\n"},
	{"in an item", "threats:\n  a:\n    steps:\n    - why: x\n    - name: z\n", set("a", "steps 0 name", Text("w")), "threats:\n  a:\n    steps:\n    - name: w\n      why: x\n    - name: z\n"},
	{"of a singleton", "product:\n  title: x\n  notes: w\n", set("product", "class", Text("IIb")), "product:\n  title: x\n  class: IIb\n  notes: w\n"},
	{"list", "threats:\n  a:\n    title: x\n", set("a", "targets", Texts("b", "c, d")), "threats:\n  a:\n    title: x\n    targets: [b, \"c, d\"]\n"},
	{"list of maps", "threats:\n  a:\n    title: x\n", set("a", "steps", List{Map{{"name", Text("m")}, {"why", Text("w\nv")}}, Map{{"name", Text("m")}}}),
		"threats:\n  a:\n    title: x\n    steps:\n      - name: m\n        why: |\n          w\n          v\n      - name: m\n"},
	{"list of lists and lines", "threats:\n  a:\n    title: x\n", set("a", "zzz", List{List{Text("m"), Text("m")}, Text("a\nb"), Map{}, List{Map{{"k", Text("v")}}}}),
		"threats:\n  a:\n    title: x\n    zzz:\n      - [m, m]\n      - |\n        a\n        b\n      - {}\n      - - k: v\n"},
	{"new map in order", "threats:\n  a:\n    title: x\n", set("a", "initial", Map{{"severity", Text("a")}, {"likelihood", Text("b")}}), "threats:\n  a:\n    title: x\n    initial:\n      likelihood: b\n      severity: a\n"},

	// Brackets.
	{"value in brackets", "threats:\n  a: {title: x, # c\n    notes: 'w'} # d\n", set("a", "title", Text("a, b")), "threats:\n  a: {title: \"a, b\", # c\n    notes: 'w'} # d\n"},
	{"field in brackets", "threats:\n  a: {title: 'x', notes: \"w\"} # d\n", set("a", "category", Text("z\nz")), "threats:\n  a: {title: 'x', category: \"z\\nz\", notes: \"w\"} # d\n"},
	{"nested in brackets", "threats:\n  a: {title: x, initial: {severity: \"w\"}}\n", set("a", "initial likelihood", Text("z")), "threats:\n  a: {title: x, initial: {likelihood: z, severity: \"w\"}}\n"},
	{"comments in brackets", "threats:\n  a:\n    targets: [\n      x, # one\n      # two\n      w\n    ] # three\n", set("a", "targets", Texts("x", "w", "z")), "threats:\n  a:\n    # one\n    # two\n    targets: [x, w, z] # three\n"},
	{"item in brackets", "threats:\n  a:\n    targets: [\n      x, # one\n      'w'\n    ]\n", set("a", "targets", Texts("z", "w")), "threats:\n  a:\n    targets: [\n      z, # one\n      'w'\n    ]\n"},
	{"empty brackets", "threats:\n  a:\n    targets: [ ] # c\n", set("a", "targets", Texts("z")), "threats:\n  a:\n    targets: [z] # c\n"},
	{"to empty brackets", "threats:\n  a:\n    targets: [z] # c\n", set("a", "targets", List{}), "threats:\n  a:\n    targets: [] # c\n"},
	{"key of two lines in brackets", "threats:\n  a: {two\n    lines, zzz: w}\n", set("a", "title", Text("x")), "threats:\n  a: {title: x, two lines: null, zzz: w}\n"},
	{"key without value in brackets", "threats:\n  a: {title, notes: }\n", func(d *Doc) error {
		return errors.Join(d.Set("a", []string{"title"}, Text("x")), d.Set("a", []string{"notes"}, Text("w")))
	}, "threats:\n  a: {title: x, notes: w}\n"},
	{"removed in brackets", "threats:\n  a: {title: x, notes: 'w', zzz: z}\n", remove("a", "title"), "threats:\n  a: {notes: 'w', zzz: z}\n"},
	{"entities in brackets", "threats: {a: {title: x}}\n", add("threats", Entity{"b", titled}), "threats: {a: {title: x}, b: {title: New}}\n"},
	{"entity removed in brackets", "threats: {a: {title: x}}\n", remove("a", ""), "threats: {}\n"},

	// Lists with dashes and maps as a whole.
	{"items", "threats:\n  a:\n    targets:\n      # one\n      - b # bb\n      - c # cc\n", set("a", "targets", Texts("b", "d", "c", "e")), "threats:\n  a:\n    targets:\n      # one\n      - b # bb\n      - d\n      - c # cc\n      - e\n"},
	{"item removed", "threats:\n  a:\n    targets:\n      - b\n      # about c\n      - c # cc\n      - d\n", set("a", "targets", Texts("b", "d")), "threats:\n  a:\n    targets:\n      - b\n      # about c\n      # cc\n      - d\n"},
	{"map of an item", "threats:\n  a:\n    steps:\n      - name: x # c\n        why: w\n", set("a", "steps", List{Map{{"name", Text("x")}, {"why", Text("z")}}}), "threats:\n  a:\n    steps:\n      - name: x # c\n        why: z\n"},
	{"first field of an item removed", "threats:\n  a:\n    steps:\n      - name: x\n        why: w\n", remove("a", "steps 0 name"), "threats:\n  a:\n    steps:\n      - why: w\n"},
	{"commented first field of an item removed", "threats:\n  a:\n    steps:\n      - name: x # c\n\n        why: w\n", remove("a", "steps 0 name"), "threats:\n  a:\n    steps:\n      - # c\n        why: w\n"},
	{"map to map", "threats:\n  a:\n    initial: # n\n      likelihood: x # c\n      # about severity\n      severity: w\n", set("a", "initial", Map{{"severity", Text("w")}, {"rationale", Text("r")}}), "threats:\n  a:\n    initial: # n\n      # c\n      # about severity\n      severity: w\n      rationale: r\n"},
	{"map to text", "threats:\n  a:\n    initial: # n\n      # h\n      likelihood: x # c\n", set("a", "initial", Text("w")), "threats:\n  a:\n    # h\n    # c\n    initial: w # n\n"},
	{"text to map", "threats:\n  a:\n    initial: x # c\n", set("a", "initial", Map{{"severity", Text("w")}}), "threats:\n  a:\n    initial: # c\n      severity: w\n"},
	{"list to empty", "threats:\n  a:\n    targets:\n      - x\n", set("a", "targets", List{}), "threats:\n  a:\n    targets: []\n"},
	{"whole entity", "threats:\n  a:\n    title: x # c\n    notes: w\n", set("a", "", Map{{"category", Text("z")}, {"title", Text("w")}}), "threats:\n  a:\n    title: w # c\n    category: z\n"},

	// Removal.
	{"field removed", "threats:\n  a:\n    title: x\n    # n\n    notes: w # m\n  # foot\n", remove("a", "notes"), "threats:\n  a:\n    title: x\n    # n\n    # m\n  # foot\n"},
	{"one blank line stays", "threats:\n  a:\n    title: x\n\n    category: z\n\n    notes: w\n", remove("a", "category"), "threats:\n  a:\n    title: x\n\n    notes: w\n"},
	{"no blank line stays at the end", "threats:\n  a:\n    title: x\n\n    notes: w\n", remove("a", "notes"), "threats:\n  a:\n    title: x\n"},
	{"no blank line stays at the start", "threats:\n  a:\n    title: x\n\n    notes: w\n", remove("a", "title"), "threats:\n  a:\n    notes: w\n"},
	{"map removed with its last field", "threats:\n  a:\n    title: x\n    initial:\n      # why\n      severity: w\n    notes: z\n", remove("a", "initial severity"), "threats:\n  a:\n    title: x\n    # why\n    notes: z\n"},
	{"below kept lines removed", "threats:\n  a:\n    title: |+\n      x\n\n    category: z\n\n    notes: w\n", remove("a", "category"), "threats:\n  a:\n    title: |+\n      x\n\n    notes: w\n"},
	{"entity removed", "threats:\n  a:\n    title: x\n\n  # b\n  b:\n    title: w # c\n\n  c:\n    title: z\n", remove("b", ""), "threats:\n  a:\n    title: x\n\n  # b\n  # c\n\n  c:\n    title: z\n"},
	{"last entity removed", "threats:\n  a:\n    title: x\n\nzones:\n  z:\n    title: w\n", remove("a", ""), "threats:\n\nzones:\n  z:\n    title: w\n"},
	{"singleton removed", "product:\n  title: x\n\nzones:\n  z:\n    title: w\n", remove("product", ""), "zones:\n  z:\n    title: w\n"},
	{"without a line end", "threats:\n  a:\n    title: x\n    notes: w", remove("a", "notes"), "threats:\n  a:\n    title: x"},

	// Entities.
	{"appended", "threats:\n  a:\n    title: x\n", add("threats", Entity{"b", titled}, Entity{"c", titled}), "threats:\n  a:\n    title: x\n\n  b:\n    title: New\n\n  c:\n    title: New\n"},
	{"appended before the next kind", "threats:\n  a:\n    title: x\n    # end of a\n  # end of threats\n\n# zones\nzones:\n  z:\n    title: w\n", add("threats", Entity{"b", titled}), "threats:\n  a:\n    title: x\n    # end of a\n  # end of threats\n\n  b:\n    title: New\n\n# zones\nzones:\n  z:\n    title: w\n"},
	{"appended with the kind's indentation", "zones:\n  z:\n    title: w\nthreats:\n    a:\n       title: x\n", add("threats", Entity{"b", Map{{"title", Text("New")}, {"initial", Map{{"severity", Text("s")}}}}}), "zones:\n  z:\n    title: w\nthreats:\n    a:\n       title: x\n\n    b:\n       title: New\n       initial:\n          severity: s\n"},
	{"new kind", "zones:\n    z:\n        title: w", add("threats", Entity{"b", titled}), "zones:\n    z:\n        title: w\n\nthreats:\n    b:\n        title: New\n"},
	{"new kind in an empty file", "", add("threats", Entity{"b", titled}), "threats:\n  b:\n    title: New\n"},
	{"new kind below comments", "# top\n", add("threats", Entity{"b", titled}), "# top\n\nthreats:\n  b:\n    title: New\n"},
	{"new kind below the document marker", "---\n", add("threats", Entity{"b", titled}), "---\n\nthreats:\n  b:\n    title: New\n"},
	{"new kind below kept lines", "zones:\n  z:\n    title: |+\n      x\n\n", add("threats", Entity{"b", titled}), "zones:\n  z:\n    title: |+\n      x\n\nthreats:\n  b:\n    title: New\n"},
	{"heading", "threats: # none\nzones:\n  z:\n    title: w\n", add("threats", Entity{"b", titled}), "threats: # none\n  b:\n    title: New\nzones:\n  z:\n    title: w\n"},
	{"heading with comments", "threats:\n  # none yet\n", add("threats", Entity{"b", titled}), "threats:\n  # none yet\n\n  b:\n    title: New\n"},
	{"heading with null", "threats: null # c\n", add("threats", Entity{"b", titled}), "threats: # c\n  b:\n    title: New\n"},
	{"heading with brackets", "threats: {} # c\n", add("threats", Entity{"b", titled}), "threats: # c\n  b:\n    title: New\n"},
	{"key like a dash", "-:\n", add("-", Entity{"b", titled}), "-:\n  b:\n    title: New\n"},
	{"id like a number", "threats:\n  a:\n    title: x\n", add("threats", Entity{"18.8", titled}), "threats:\n  a:\n    title: x\n\n  \"18.8\":\n    title: New\n"},

	// Line ends.
	{"CRLF", "\ufeffthreats:\r\n  a:\r\n    title: x # c\r\n", func(d *Doc) error {
		return errors.Join(d.Set("a", []string{"notes"}, Text("a\nb")), d.Append("threats", Entity{"b", titled}))
	}, "\ufeffthreats:\r\n  a:\r\n    title: x # c\r\n    notes: |\r\n      a\r\n      b\r\n\r\n  b:\r\n    title: New\r\n"},
	{"mixed line ends", "threats:\n  a:\r\n    title: x\n    zzz: w\r\n  b:\r\n    title: z\n", set("a", "notes", Text("m")), "threats:\n  a:\r\n    title: x\n    notes: m\n    zzz: w\r\n  b:\r\n    title: z\n"},
}

func TestEdit(t *testing.T) {
	for _, tt := range editTests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, tt.in)
			if err := tt.edit(d); err != nil {
				t.Fatal(err)
			}
			got := result(t, d)
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", visible(got), visible(tt.want))
			}
			staysCanonical(t, tt.in, got)
		})
	}
}

func visible(s string) string {
	return strings.NewReplacer(" ", "·", "\r", "␍").Replace(s)
}

// staysCanonical checks that an edit leaves a canonical text canonical.
func staysCanonical(t *testing.T, before, after string) {
	t.Helper()
	if strings.Contains(before, "|+") {
		return // see the package comment
	}
	if canonical, err := format.Source([]byte(before), testOrder); err != nil || string(canonical) != before {
		return
	}
	canonical, err := format.Source([]byte(after), testOrder)
	if err != nil {
		t.Fatal(err)
	}
	if d := format.Diff("f.yaml", []byte(after), canonical); d != "" {
		t.Errorf("no longer canonical:\n%s", d)
	}
}

func TestErrors(t *testing.T) {
	const text = "product:\n  title: x\nthreats:\n  a:\n    title: x\n    targets: [y]\nzones: [z]\n"
	tests := []struct {
		name string
		edit func(*Doc) error
		want error
	}{
		{"unknown id", set("b", "title", Text("x")), ErrNotFound},
		{"kind is no id", set("threats", "a", Text("x")), ErrNotFound},
		{"unknown item", set("a", "targets 1", Text("x")), ErrNotFound},
		{"item with a sign", set("a", "targets +0", Text("x")), ErrNotFound},
		{"field of a text", set("a", "title x", Text("x")), ErrShape},
		{"no value", set("a", "title", nil), ErrValue},
		{"no value in a list", set("a", "targets", List{nil}), ErrValue},
		{"name twice", set("a", "initial", Map{{"x", Text("1")}, {"x", Text("2")}}), ErrValue},
		{"name empty on the path", func(d *Doc) error { return d.Set("a", []string{""}, Text("x")) }, ErrValue},
		{"not UTF-8", set("a", "title", Text("\xff")), ErrValue},
		{"entity as text", set("a", "", Text("x")), ErrValue},
		{"entity without fields", set("a", "", Map{}), ErrValue},
		{"too deep", set("a", strings.Repeat("x ", 80), Text("x")), ErrValue},
		{"remove unknown field", remove("a", "notes"), ErrNotFound},
		{"remove unknown entity", remove("b", ""), ErrNotFound},
		{"append known id", add("threats", Entity{"a", titled}), ErrExists},
		{"append id twice", add("threats", Entity{"b", titled}, Entity{"b", titled}), ErrValue},
		{"append to a singleton", add("product", Entity{"b", titled}), ErrShape},
		{"append to a list", add("zones", Entity{"b", titled}), ErrShape},
		{"append without fields", add("threats", Entity{"b", nil}), ErrValue},
		{"append without id", add("threats", Entity{"", titled}), ErrValue},
		{"line too long", set("a", "title", Text(strings.Repeat("x", 40000))), ErrValue},
		{"remove the only field", remove("product", "title"), ErrShape},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, text)
			if err := tt.edit(d); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if got := result(t, d); got != text {
				t.Errorf("changed to\n%s", got)
			}
		})
	}
}

func TestFileRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"not YAML": "a: b: c\n", "duplicate key": "a: 1\na: 2\n", "anchor": "a: &x 1\n", "not UTF-8": "a: \xff\n",
	} {
		_, err := File("f.yaml", []byte(text), nil)
		e, ok := errors.AsType[*InvalidError](err)
		if !ok || len(e.Findings) == 0 || !strings.HasPrefix(e.Error(), "f.yaml:1:") && !strings.HasPrefix(e.Error(), "f.yaml:2:") {
			t.Errorf("%s: got %v, want an InvalidError with the place", name, err)
		}
	}
	if _, err := File("f.yaml", []byte("{a: 1}\n"), nil); err == nil {
		t.Error("a file in brackets was accepted")
	}
}

func TestGet(t *testing.T) {
	d := open(t, "product:\n  title: x\nthreats:\n  a:\n    title: x\n    steps:\n      - name: |\n          n\n")
	if v, ok := d.Get("a", "steps", "0", "name"); !ok || !same(v, Text("n")) {
		t.Errorf("got %v, %v", v, ok)
	}
	if v, ok := d.Get("a", "notes"); ok {
		t.Errorf("got %v", v)
	}
	if !d.Has("a") || !d.Has("product") || d.Has("threats") || d.Has("title") {
		t.Error("Has does not tell entities from other keys")
	}
}
