package syntax

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"theriac/diag"
)

// says renders findings as "line:column code message" for comparison.
func says(findings diag.List) []string {
	findings.Sort()
	var out []string
	for _, f := range findings {
		out = append(out, fmt.Sprintf("%d:%d %s %s", f.Span.Line, f.Span.Column, f.Code, f.Message))
	}
	return out
}

func TestParseFindings(t *testing.T) {
	deep := "a:\n"
	for i := 1; i < 80; i++ {
		deep += strings.Repeat(" ", i) + "a:\n"
	}
	tests := []struct {
		name, text string
		want       []string
		empty      bool // nothing can be read
	}{
		{"clean", "a: b\n", nil, false},
		{"byte order mark and CRLF", "\xef\xbb\xbfa: b\r\nc: d\r\n", nil, false},
		{"empty", "", nil, true},
		{"comment only", "# nothing\n", nil, true},
		{"invalid UTF-8", "a: b\nc: \xff\n", []string{"2:4 T0001 invalid UTF-8"}, true},
		{"UTF-16", "\xff\xfea\x00", []string{"1:1 T0001 file is UTF-16 or binary, not UTF-8"}, true},
		{"NUL", "a: b\x00\n", []string{"1:5 T0001 NUL character"}, true},
		{"lone carriage return", "a: b\rc: d\n", []string{"1:5 T0001 carriage return without line feed"}, true},
		{"escape character", "a: \x1b[31m\n", []string{"1:4 T0001 control character U+001B"}, true},
		{"bidirectional override", "a: \u202etxt\n", []string{"1:4 T0001 bidirectional control U+202E, which can make text read differently from what it says"}, true},
		{"line separator", "a: x\u2028y\n", []string{"1:5 T0001 line separator U+2028"}, true},
		{"duplicate key", "a: 1\nb: 2\na: 3\n", []string{`3:1 T0003 "a" is given twice`}, false},
		{"anchor and alias", "a: &x 1\nb: *x\n", []string{
			"1:4 T0009 anchor &x is not part of the security file language",
			"2:4 T0009 alias *x is not part of the security file language"}, false},
		{"merge key", "a:\n  <<: {b: 1}\n", []string{"2:3 T0009 merge key << is not part of the security file language"}, false},
		{"tag", "a: !!str 1\n", []string{"1:4 T0009 tag !!str is not part of the security file language"}, false},
		{"second document", "a: 1\n---\nb: 2\n", []string{"2:1 T0009 second YAML document in one file"}, false},
		{"list as key", "[a]: 1\n", []string{"1:1 T0005 a key must be a plain word"}, false},
		{"nested deep", deep, []string{"65:65 T0010 nested more than 64 levels deep"}, true},
		{"brackets", "a: " + strings.Repeat("[", 20000), []string{"1:1 T0010 line nests too deep or holds too many brackets"}, true},
		{"long line", "a: " + strings.Repeat("x", MaxLine), []string{fmt.Sprintf("1:1 T0010 line is %d bytes long, more than %d", MaxLine+3, MaxLine)}, true},
		{"columns count characters", "é: ü\nß: 1\nß: 2\n", []string{`3:1 T0003 "ß" is given twice`}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root, _, findings := Parse("f.yaml", []byte(tt.text))
			if got := says(findings); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if (root == nil) != tt.empty {
				t.Errorf("root is nil: %v, want %v", root == nil, tt.empty)
			}
		})
	}
}

// TestSalvage checks that each slip costs one entry and is reported once.
func TestSalvage(t *testing.T) {
	const text = `product:
  name: x
zones:
  # the ward
  z1:
    title: a: b
  z2:
    title: kept
  z3:
	title: tab
  z4:
    title: kept as well
actors:
  a1: {title: "open
stores:
  s1:
    title: kept too
`
	root, _, findings := Parse("f.yaml", []byte(text))
	got := says(findings)
	if len(got) != 3 {
		t.Fatalf("findings:\n%s\nwant three", strings.Join(got, "\n"))
	}
	for i, line := range []string{"6:", "10:", "1"} {
		if !strings.HasPrefix(got[i], line) || !strings.Contains(got[i], CodeSyntax) {
			t.Errorf("finding %d is %q, want a syntax error at line %s", i, got[i], line)
		}
	}
	for _, path := range [][]string{{"product", "name"}, {"zones", "z2", "title"}, {"zones", "z4", "title"}, {"stores", "s1", "title"}} {
		n := root
		for _, step := range path {
			_, n = n.Get(step)
		}
		if n == nil {
			t.Errorf("%s was lost", strings.Join(path, "."))
		}
	}
	_, zones := root.Get("zones")
	if _, z4 := zones.Get("z4"); z4.Children[0].Line != 12 {
		t.Errorf("title of z4 at line %d, want 12", z4.Children[0].Line)
	}
}

func TestSpan(t *testing.T) {
	const text = `plain: some text # comment
quoted: "a \"b\" c" # comment
single: 'it''s' # comment
flow: [a, [b, c]] # comment
map: {a: b}
block: |
  text
tief: ärger
nested:
  key: v
`
	root, _, findings := Parse("f.yaml", []byte(text))
	if len(findings) > 0 {
		t.Fatal(says(findings))
	}
	want := map[string]string{
		"plain": "1:8-1:17", "quoted": "2:9-2:20", "single": "3:9-3:16", "flow": "4:7-4:18", "map": "5:6-5:12",
		"block": "6:8-6:9", "tief": "8:7-8:12", "nested": "10:3-10:6",
	}
	for i := range root.Len() {
		key, value := root.Entry(i)
		s := value.Span()
		if got := fmt.Sprintf("%d:%d-%d:%d", s.Line, s.Column, s.EndLine, s.EndColumn); got != want[key.Value] {
			t.Errorf("%s: %s, want %s", key.Value, got, want[key.Value])
		}
	}
}

// TestBounded feeds texts that have cost other readers minutes.
func TestBounded(t *testing.T) {
	many := strings.Repeat("k: a: b\n", 50000)
	tests := map[string]string{
		"many duplicates":    strings.Repeat("k: v\n", 50000),
		"many syntax errors": many,
		"wide flow":          "a: {" + strings.Repeat("b,", MaxLine/2-4) + "}",
		"open brackets":      "a:\n" + strings.Repeat("  [\n", 20000),
		"indentation": func() string {
			var b strings.Builder
			for i := range 1500 {
				b.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return b.String()
		}(),
		"quotes": strings.Repeat("a: \"\n", 20000),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			done := make(chan int, 1)
			go func() {
				_, _, findings := Parse("f.yaml", []byte(text))
				done <- len(findings)
			}()
			select {
			case n := <-done:
				if n == 0 || n > MaxFindings+1 {
					t.Errorf("%d findings", n)
				}
			case <-time.After(30 * time.Second):
				t.Fatal("does not end")
			}
		})
	}
}

func TestTooLong(t *testing.T) {
	_, _, findings := Parse("f.yaml", make([]byte, MaxFile+1))
	if len(findings) != 1 || findings[0].Code != CodeLimit {
		t.Errorf("got %q", says(findings))
	}
}

// FuzzParse: no panic, bounded findings, and positions that lie in the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: b\n", "a:\n  - x\n  - {y: z}\n", "a: |\n  text\n", "\xef\xbb\xbfa: 'b'\r\n", "a: &x [*x]\n", "a: b: c\nd:\n\t- e\n", "? a\n: b\n", "a: \"\\\n b\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, source, findings := Parse("f.yaml", data)
		if len(findings) > MaxFindings+1 {
			t.Fatalf("%d findings", len(findings))
		}
		lines := bytes.Count(source.Text, []byte("\n")) + 1
		for _, finding := range findings {
			s := finding.Span
			if s.Line < 1 || s.Line > lines || s.Column < 1 || s.EndColumn <= s.Column {
				t.Fatalf("%s %s: outside of %d lines", s, finding.Message, lines)
			}
		}
		if root != nil {
			inside(t, root, lines, 0)
		}
	})
}

func inside(t *testing.T, n *Node, lines, depth int) {
	if s := n.Span(); s.Line < 1 || s.Line > lines || s.Column < 1 || s.EndColumn <= s.Column {
		t.Fatalf("node %q at %s outside of %d lines", n.Value, s, lines)
	}
	if depth > MaxDepth+1 {
		t.Fatal("too deep")
	}
	for i := range n.Children {
		inside(t, &n.Children[i], lines, depth+1)
	}
}
