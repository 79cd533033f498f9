package format

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// testOrder knows one kind with entities and one singleton.
func testOrder(path []string) []string {
	switch {
	case len(path) == 0:
		return []string{"product", "interfaces", "flows"}
	case path[0] == "product" && len(path) == 1:
		return []string{"title", "class", "notes"}
	case path[0] == "interfaces" && len(path) == 2:
		return []string{"title", "on", "medium", "roles", "notes"}
	case path[0] == "interfaces" && len(path) == 3 && path[2] == "roles":
		return []string{"name", "may"}
	}
	return nil
}

func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/*/input.yaml")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no golden inputs: %v", err)
	}
	for _, input := range inputs {
		dir := filepath.Dir(input)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			text := readFile(t, input)
			got, err := Source(text, testOrder)
			if err != nil {
				t.Fatal(err)
			}
			want := filepath.Join(dir, "want.yaml")
			if *update {
				if err := os.WriteFile(want, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if d := Diff(want, readFile(t, want), got); d != "" {
				t.Errorf("unexpected result:\n%s", d)
			}
			checkKept(t, text, got)
		})
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var sourceTests = []struct{ name, in, want string }{
	{"empty", "", ""},
	{"blank lines only", "\n  \n", ""},
	{"comments only", "\n# a\n\n\n  # b\n\n", "# a\n\n# b\n"},
	{"byte order mark", "\ufeffa: 1\n", "a: 1\n"},
	{"CRLF", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", "a: 1\n\nb: |\n  x\n  y\n"},
	{"no final newline", "a: 1", "a: 1\n"},
	{"final newlines", "a: 1\n\n\n", "a: 1\n"},
	{"document marker", "# a\n---\na: 1\n", "# a\n\na: 1\n"},
	{"trailing blanks", "a: 1   \nb:   \n  - x  \n", "a: 1\n\nb:\n  - x\n"},
	{"blanks around colon", "a :   1\n\"b\"  : 2\n", "a: 1\n\n\"b\": 2\n"},
	{"tab before value and comment", "a:\t1\t# c\t\n", "a: 1 # c\n"},
	{"null values", "a:\nb: ~\nc:\n  -\n  - x\n", "a:\n\nb: ~\n\nc:\n  -\n  - x\n"},
	{"quotes stay", "a: 'x'\nb: \"y\"\n'c': z\n", "a: 'x'\n\nb: \"y\"\n\n'c': z\n"},

	{"indentation", "a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n"},
	{"root indented", "  a: 1\n  b: 2\n# end\n", "a: 1\n\nb: 2\n# end\n"},
	{"list under its key", "a:\n- x\n- y\n", "a:\n  - x\n  - y\n"},
	{"list of mappings", "a:\n-   b: 1\n    c: 2\n-\n  b: 3\n", "a:\n  - b: 1\n    c: 2\n  - b: 3\n"},
	{"list of lists", "a:\n-\n  - x\n- - y\n  - z\n", "a:\n  - - x\n  - - y\n    - z\n"},
	{"value on the next line", "a:\n    x\nb:\n    - y\n", "a:\n  x\n\nb:\n  - y\n"},
	{"list item on the next line", "a:\n  -\n    x\n", "a:\n  - x\n"},

	{"blank line after parent", "a:\n\n  b: 1\n", "a:\n  b: 1\n"},
	{"single blank lines inside", "x:\n  a:\n    b: 1\n\n\n    c: 2\n", "x:\n  a:\n    b: 1\n\n    c: 2\n"},
	{"entities set apart", "x:\n  a:\n    t: 1\n  b:\n    t: 1\n", "x:\n  a:\n    t: 1\n\n  b:\n    t: 1\n"},
	{"short entities stay", "x:\n  a: {t: 1}\n  b: {t: 2}\n\n\n  c: {t: 3}\n", "x:\n  a: {t: 1}\n  b: {t: 2}\n\n  c: {t: 3}\n"},
	{"short beside long", "x:\n  a: {t: 1}\n  b:\n    t: 2\n  c: {t: 3}\n", "x:\n  a: {t: 1}\n\n  b:\n    t: 2\n\n  c: {t: 3}\n"},
	{"singleton not set apart", "product:\n  title: x\n  notes: |\n    y\n  other: z\n", "product:\n  title: x\n  notes: |\n    y\n  other: z\n"},
	{"mappings in a top-level list not set apart", "x:\n- a:\n    t: 1\n  b:\n    t: 1\n", "x:\n  - a:\n      t: 1\n    b:\n      t: 1\n"},

	{"flow", "a: [ x,y ,z ]\nb: {c : 1,d: [ ]}\n", "a: [x, y, z]\n\nb: {c: 1, d: []}\n"},
	{"flow in JSON style", "a: {\"b\":1,\"c\":[true]}\n", "a: {\"b\": 1, \"c\": [true]}\n"},
	{"flow with empty values", "a: {b: , c, d: }\n", "a: {b: , c, d: }\n"},
	{"flow with trailing comma", "a: [x, ]\n", "a: [x,]\n"},
	{"flow pair", "a: [b: c]\n", "a: [b: c]\n"},
	{"flow lines", "a: [\n      x,   # one\n\n\n # two\n    {b: 1,\n  c: 2} ]\n", "a: [\n  x, # one\n\n  # two\n  {b: 1,\n    c: 2}]\n"},
	{"flow closing", "a:\n  b: [\n   [\n x\n ], [ y\n ]\n ]\n", "a:\n  b: [\n    [\n      x\n    ], [y\n    ]\n  ]\n"},
	{"flow below its key", "a:\n   [x,\n  y]\n", "a:\n  [x,\n    y]\n"},
	{"flow in list", "a:\n- [\n  x\n  ]\n", "a:\n  - [\n      x\n    ]\n"},
	{"flow with long scalar", "a: [x\n y, \"p\n  q\"]\n", "a: [x\n    y, \"p\n    q\"]\n"},

	{"literal", "a: |\n      x\n        y\n\n      z\n", "a: |\n  x\n    y\n\n  z\n"},
	{"folded", "a: >-\n x\n y\n", "a: >-\n  x\n  y\n"},
	{"block in list", "a:\n- |\n x\n- >\n    y\n", "a:\n  - |\n    x\n  - >\n    y\n"},
	{"block below its key", "a:\n  |\n  x\n", "a: |\n  x\n"},
	{"block with trailing blanks", "a: |\n  x  \n   \n     \n  y\n", "a: |\n  x  \n   \n     \n  y\n"},
	{"indicator needed", "a: |4\n      x\n    y\n", "a: |2\n    x\n  y\n"},
	{"indicator not needed", "a: |-4\n    x\n", "a: |-\n  x\n"},
	{"indicator for a blank line", "a: |1\n    \n x\n", "a: |2\n     \n  x\n"},
	{"indicator for a tab", "a: |1\n \tx\n", "a: |2\n  \tx\n"},
	{"keep with one line end", "a: |+\n  x\nb: 1\n", "a: |\n  x\n\nb: 1\n"},
	{"keep", "a: |+\n    x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n"},
	{"keep at the end", "a: |+\n    x\n\n", "a: |+\n  x\n\n"},
	{"keep without content", "a: |+\n\n\nb: |+\n", "a: |+\n\n\nb: |+\n"},
	{"block without content", "a: |2\n# c\nb: >-\n", "a: |\n\n# c\nb: >-\n"},
	{"block without line end", "a: |\n  x", "a: |-\n  x\n"},
	{"block with comment", "a: | # c\n x\n# d\n", "a: | # c\n  x\n# d\n"},

	{"long plain scalar", "a: x\n      y\n\n z\nb: 1\n", "a: x\n  y\n\n  z\n\nb: 1\n"},
	{"long quoted scalar", "a: \"x  \n        y\\\n\n  z\\   \n   w\"\n", "a: \"x\n  y\\\n\n  z\\ \n  w\"\n"},
	{"long single-quoted scalar", "a:\n- 'it''s  \n\n      y\\  \n      z'\n", "a:\n  - 'it''s\n\n    y\\\n    z'\n"},
	{"plain scalar like indicators", "a: x:y -z #w\nb: x#y\nc: http://x/?a=[b]&c\n", "a: x:y -z #w\n\nb: x#y\n\nc: http://x/?a=[b]&c\n"},
	{"wide characters", "ä: ü   # ö\nn: {é: 'ê', ñ: \"õ\"}   # x\n", "ä: ü # ö\n\nn: {é: 'ê', ñ: \"õ\"} # x\n"},

	{"head comment", "a:\n      # c\n  b: 1\n", "a:\n  # c\n  b: 1\n"},
	{"comment in a list", "a:\n# c\n- x # d\n# e\n- y\n", "a:\n  # c\n  - x # d\n  # e\n  - y\n"},
	{"comment beside a dash", "a:\n- # c\n  b: 1\n- # d\n  x\n", "a:\n  - # c\n    b: 1\n  - # d\n    x\n"},
	{"comment below a dash", "a:\n-\n  # c\n  b: 1\n-\n # d\n x\n", "a:\n  -\n    # c\n    b: 1\n  -\n    # d\n    x\n"},
	{"comment beside a parent", "a:   # c\n    b: 1\n", "a: # c\n  b: 1\n"},
	{"comment before a value", "a: # c\n # d\n\n # e\n x # f\n", "a: # c\n  # d\n\n  # e\n  x # f\n"},
	{"comment without a value", "a:\n    # none yet\nb:\n  -\n    # c\n", "a:\n  # none yet\n\nb:\n  -\n    # c\n"},
	{"comment continued", "a: 1    # c\n        # d\n        # e\nb: 2\n", "a: 1 # c\n     # d\n     # e\n\nb: 2\n"},
	{"comment closing blocks", "a:\n    b:\n        c: 1\n        # c\n    # b\n# a\n\n# end\n", "a:\n  b:\n    c: 1\n    # c\n  # b\n# a\n\n# end\n"},
	{"comment after a compact list", "a:\n- x\n# c\nb: 1\n", "a:\n  - x\n\n# c\nb: 1\n"},
	{"comment under an entry", "a: 1\n# c\n\nb: 1\n", "a: 1\n# c\n\nb: 1\n"},
	{"comment between blank lines", "a: 1\n\n# c\n\nb: 1\n", "a: 1\n\n# c\n\nb: 1\n"},

	{"order", "interfaces:\n  i:\n    # m\n    medium: x # mm\n    x: 1\n    on: y\n    title: z\nproduct:\n  title: p\n",
		"product:\n  title: p\n\ninterfaces:\n  i:\n    title: z\n    on: y\n    # m\n    medium: x # mm\n    x: 1\n"},
	{"order of list items", "interfaces:\n  i:\n    roles:\n    - may: x\n      # n\n      name: y\n",
		"interfaces:\n  i:\n    roles:\n      -\n        # n\n        name: y\n        may: x\n"},
	{"order and top comment", "# top\n\n# f\nflows: 1\n\n# p\nproduct: 2\n", "# top\n\n# p\nproduct: 2\n\n# f\nflows: 1\n"},
	{"order and comment under an entry", "flows: 1\n# f\n\nproduct: 2\n# end\n", "product: 2\n\nflows: 1\n# f\n# end\n"},
	{"order of flow mappings stays", "interfaces:\n  i: {on: x, title: y}\n", "interfaces:\n  i: {on: x, title: y}\n"},
	{"order and unfinished block scalar", "flows: 1\nproduct: |\n  x", "product: |-\n  x\n\nflows: 1\n"},
}

func TestSource(t *testing.T) {
	for _, tt := range sourceTests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Source([]byte(tt.in), testOrder)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got\n%s\nwant\n%s", visible(got), visible([]byte(tt.want)))
			}
			checkKept(t, []byte(tt.in), got)
		})
	}
}

func visible(text []byte) string {
	return strings.NewReplacer(" ", "·", "\t", "→").Replace(string(text))
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct {
		name, in     string
		line, column int
	}{
		{"mapping in value", "a: 1\nb: c: d\n", 2, 5},
		{"tab as indentation", "a:\n\tb: 1\n", 2, 1},
		{"wrong dedent", "a:\n  - x\n -y\n", 3, 2},
		{"invalid UTF-8", "a: é\nb: é\xff\n", 2, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Source([]byte(tt.in), nil)
			e, ok := errors.AsType[*SyntaxError](err)
			if !ok {
				t.Fatalf("got %q, %v; want a SyntaxError", got, err)
			}
			if e.Line != tt.line || e.Column != tt.column || e.Message == "" {
				t.Errorf("got %v, want line %d, column %d", e, tt.line, tt.column)
			}
		})
	}
}

func TestUnsupported(t *testing.T) {
	deep := ""
	for i := range maxDepth {
		deep += strings.Repeat(" ", i) + "a:\n"
	}
	tests := []struct {
		name, in, what string
		line, column   int
	}{
		{"anchor", "a: &x 1\n", "anchor", 1, 4},
		{"alias", "a: &x 1\nb: *x\n", "anchor", 1, 4},
		{"tag", "a: 1\nb: !!str 1\n", "tag", 2, 4},
		{"tag on a scalar alone", "a: ! x\n", "tag", 1, 4},
		{"tag on a collection", "b: ! [x]\n", "tag", 1, 4},
		{"merge key", "a: {<<: {b: 1}}\n", "merge key", 1, 5},
		{"complex key", "? a\n: b\n", "complex key", 1, 1},
		{"list as key", "[a]: b\n", "key that is not a scalar", 1, 1},
		{"empty key", ": b\n", "empty key", 1, 1},
		{"duplicate key", "a: 1\nb: 1\na: 2\n", "duplicate key a", 3, 1},
		{"two documents", "a: 1\n---\nb: 1\n", "more than one document", 2, 1},
		{"end of document", "a: 1\n...\n", "document marker", 2, 1},
		{"directive", "%YAML 1.1\n---\na: 1\n", "directive", 1, 1},
		{"list as root", "- a\n", "a file that is not a block mapping", 1, 1},
		{"flow mapping as root", "{a: 1}\n", "a file that is not a block mapping", 1, 1},
		{"scalar as root", "a\n", "a file that is not a block mapping", 1, 1},
		{"comment indented with a tab", "a: 1\n\t# c\n", "comment indented with a tab", 2, 2},
		{"next line", "a: x\u0085  y\n", "character U+0085", 1, 5},
		{"second byte order mark", "a: 1\n\ufeffb: 2\n", "character U+FEFF", 2, 1},
		{"depth", deep + strings.Repeat(" ", maxDepth) + "a:\n", "more than 100 levels of nesting", 101, 101},
		{"depth of flow", "a: " + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), "more than 100 levels of nesting", 1, 103},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Source([]byte(tt.in), nil)
			e, ok := errors.AsType[*UnsupportedError](err)
			if !ok {
				t.Fatalf("got %q, %v; want an UnsupportedError", got, err)
			}
			if e.What != tt.what || e.Line != tt.line || e.Column != tt.column {
				t.Errorf("got %v; want %d:%d %s", e, tt.line, tt.column, tt.what)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	open, shut := strings.Repeat("[", 90), strings.Repeat("]", 90)
	tests := []struct{ name, in string }{
		{"source", strings.Repeat(" ", maxSize+1)},
		{"result", "a: " + open + strings.Repeat("b,\n", 100_000) + shut + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := Source([]byte(tt.in), nil); !errors.Is(err, ErrTooLarge) || got != nil {
				t.Errorf("got %d bytes, %v; want ErrTooLarge", len(got), err)
			}
		})
	}
	limit := "# " + strings.Repeat("c", maxSize-3) + "\n"
	if got, err := Source([]byte(limit), nil); err != nil || string(got) != limit {
		t.Errorf("at the limit: got %d bytes, %v", len(got), err)
	}
}

// TestVerify feeds the safety net with results that a faulty writer could make.
func TestVerify(t *testing.T) {
	const source = "a: 1 # c\nb: [x, 'y']\n# d\nc: {p: 1, q: 2}\n"
	tests := []struct {
		name, out string
		ok        bool
	}{
		{"same", source, true},
		{"keys moved", "# d\nc: {q: 2, p: 1}\nb: [x, 'y']\na: 1 # c\n", true},
		{"value changed", strings.Replace(source, "a: 1", "a: 2", 1), false},
		{"type changed", strings.Replace(source, "a: 1", "a: '1'", 1), false},
		{"quotes changed", strings.Replace(source, "'y'", "\"y\"", 1), false},
		{"key lost", strings.Replace(source, ", q: 2", "", 1), false},
		{"key changed", strings.Replace(source, "q: 2", "r: 2", 1), false},
		{"list reordered", strings.Replace(source, "x, 'y'", "'y', x", 1), false},
		{"comment lost", strings.Replace(source, "# d\n", "", 1), false},
		{"comment changed", strings.Replace(source, "# d", "#d", 1), false},
		{"comment added", source + "# c\n", false},
		{"not YAML", source + "]", false},
		{"all lost", "", false},
	}
	before, err := read([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := verify(before, []byte(tt.out)); (err == nil) != tt.ok {
				t.Errorf("got %v, want ok = %v", err, tt.ok)
			}
		})
	}
}

func TestDiff(t *testing.T) {
	if got := Diff("f.yaml", []byte("a: 1\n"), []byte("a: 1\n")); got != "" {
		t.Errorf("same text: got %q", got)
	}
	got := Diff("f.yaml", []byte("a:  1\nb: 2\n"), []byte("a: 1\nb: 2\n"))
	const want = "--- f.yaml\n+++ f.yaml\n@@ -1,2 +1,2 @@\n-a:  1\n+a: 1\n b: 2\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant it to end with\n%s", got, want)
	}
}

// BenchmarkLinear formats texts of one shape in two sizes: the speed in bytes
// must not fall with the size.
func BenchmarkLinear(b *testing.B) {
	shapes := map[string]func(n int) string{
		"comments":       func(n int) string { return "a: 1\n" + strings.Repeat("# c\n", n) },
		"indented notes": func(n int) string { return "a: 1 # c\n" + strings.Repeat("     # c\n", n) + "b: 2\n" },
		"one flow line":  func(n int) string { return "a: [" + strings.Repeat("b, ", n) + "]\n" },
		"flow lines":     func(n int) string { return "a: [\n" + strings.Repeat("{b: 1\n},\n", n) + "]\n" },
		"long scalar":    func(n int) string { return "a: b\n" + strings.Repeat("  b c\n\n", n) },
		"quoted scalar":  func(n int) string { return "a: \"b\n" + strings.Repeat("  b c\n\n", n) + "\"\n" },
		"block scalar":   func(n int) string { return "a: |+\n" + strings.Repeat("  b c\n\n", n) },
		"keys":           func(n int) string { return keys(n) },
		"dashes":         func(n int) string { return "a:\n" + strings.Repeat("-\n", n) },
	}
	for name, shape := range shapes {
		for _, n := range []int{2000, 16000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				text := []byte(shape(n))
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					if _, err := Source(text, testOrder); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: v # c\n", i)
	}
	return b.String()
}
