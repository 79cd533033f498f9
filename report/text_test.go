package report

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"theriac/check"
	"theriac/diag"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain text", "plain text"},
		{"ümlaut 药 e\u0301", "ümlaut 药 e\u0301"},
		{"a\nb\tc", "a b c"},
		{"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"\x1b]0;title\x07", `\x1b]0;title\x07`},
		{"back\x08space\r", `back\x08space\x0d`},
		{"c1\u009b31m", `c1\u{9b}31m`},
		{"\u202eright to left", `\u{202e}right to left`},
		{"zero\u200bwidth", `zero\u{200b}width`},
		{"join\u200ded", "join\u200ded"},
		{"bad\xffbyte", "bad?byte"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

// FuzzClean: nothing that a terminal could obey comes through.
func FuzzClean(f *testing.F) {
	f.Add("\x1b[2J\u202e\x00\xff")
	f.Add("text\u200d")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range clean(s) {
			if !unicode.IsGraphic(r) && r != joiner && r != nonJoiner {
				t.Fatalf("%q lets %U through", s, r)
			}
		}
	})
}

// carets returns a snippet's source line and caret line without their gutters.
func carets(t *testing.T, text string, column, width, columns int) (line, marks string) {
	t.Helper()
	var b strings.Builder
	src := &diag.Source{Path: "a.yaml", Text: []byte(text)}
	w := newText(&b, Input{Width: columns})
	w.snippet(src.At(1, column, width))
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines) != 3 {
		t.Fatalf("snippet has %d lines: %q", len(lines), lines)
	}
	return strings.TrimPrefix(strings.TrimPrefix(lines[0], "    1 |"), " "), strings.TrimPrefix(lines[1], "      | ")
}

func TestSnippet(t *testing.T) {
	for _, c := range []struct {
		name, text    string
		column, width int
		line, marks   string
	}{
		{"plain", "key: value", 6, 5, "key: value", "     ^^^^^"},
		{"first column", "key", 1, 3, "key", "^^^"},
		{"wide before", "药名: value", 5, 5, "药名: value", "      ^^^^^"},
		{"wide marked", "k: 药名", 4, 2, "k: 药名", "   ^^^^"},
		{"tab", "\tkey", 2, 3, "    key", "    ^^^"},
		{"combining", "e\u0301: x", 5, 1, "e\u0301: x", "   ^"},
		{"emoji", "👩\u200d🔬: x", 6, 1, "👩\u200d🔬: x", "    ^"},
		{"control", "a\x1b: x", 5, 1, `a\x1b: x`, "       ^"},
		{"behind the end", "key:", 9, 3, "key:", "    ^"},
		{"wider than the line", "key: v", 6, 40, "key: v", "     ^"},
		{"empty line", "", 1, 1, "", "^"},
	} {
		t.Run(c.name, func(t *testing.T) {
			line, marks := carets(t, c.text, c.column, c.width, 0)
			if line != c.line || marks != c.marks {
				t.Errorf("got\n|%s|\n|%s|\nwant\n|%s|\n|%s|", line, marks, c.line, c.marks)
			}
		})
	}
}

// TestSnippetClipped: a long line is cut to the width of the terminal, the mark
// is in sight, and the carets stand under it.
func TestSnippetClipped(t *testing.T) {
	for _, filler := range []string{"x", "药", "é"} {
		for _, before := range []int{0, 5, 60, 300} {
			for _, after := range []int{0, 5, 300} {
				text := strings.Repeat(filler, before) + "MARK" + strings.Repeat(filler, after)
				line, marks := carets(t, text, before+1, 4, 80)
				if n := measure([]rune(line)); n > 80 {
					t.Errorf("%d %s before, %d after: line takes %d columns", before, filler, after, n)
				}
				at := strings.Index(line, "MARK")
				if at < 0 {
					t.Fatalf("%d %s before, %d after: mark is out of sight: %s", before, filler, after, line)
				}
				if want := strings.Repeat(" ", measure([]rune(line[:at]))) + "^^^^"; marks != want {
					t.Errorf("%d %s before, %d after:\n%s\n%s", before, filler, after, line, marks)
				}
			}
		}
	}
}

// FuzzClip: whatever a line holds, what is shown of it fits, and the carets stand
// below it.
func FuzzClip(f *testing.F) {
	f.Add("key: value", 6, 11, 80)
	f.Add(strings.Repeat("e\u0301", 500), 7, 900, 40)
	f.Add(strings.Repeat("\u0301", 5000), 4000, 4001, 60)
	f.Add(strings.Repeat("\x1b", 200), 100, 101, 50)
	f.Fuzz(func(t *testing.T, text string, start, end, width int) {
		width = 40 + max(width, 0)%200
		v := clip([]byte(text), start, end, width)
		if n := len([]rune(v.text)); n > 16*thick*width {
			t.Errorf("%d code points are shown", n)
		}
		if n := measure([]rune(v.text)); n > width+10 { // an escape of ten columns is not broken
			t.Errorf("%d columns are shown, room for %d", n, width)
		}
		if v.before < 0 || v.under < 1 || v.before+v.under > width+11 {
			t.Errorf("carets at %d, %d wide, room for %d", v.before, v.under, width)
		}
	})
}

// TestSnippetLines: a span over several lines is marked to the end of its first.
func TestSnippetLines(t *testing.T) {
	var b strings.Builder
	src := &diag.Source{Path: "a.yaml", Text: []byte("top: 1\nkey: [a,\n  b]\n")}
	w := newText(&b, Input{})
	w.snippet(diag.Span{Source: src, Line: 2, Column: 6, EndLine: 3, EndColumn: 5})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "    1 | top: 1\n    2 | key: [a,\n      |      ^^^\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"badge-and-pin", 5, "badge-and-pin"},
		{"a badge-and-pin b", 5, "a|badge-and-pin|b"},
		{"药药 药药", 4, "药药|药药"},
		{"  blanks \n here ", 20, "blanks here"},
	} {
		if got := strings.Join(Wrap(c.text, c.width), "|"); got != c.want {
			t.Errorf("%q at %d: got %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestColor(t *testing.T) {
	in := sample()
	if got := render(t, writeText, in); strings.Contains(got, "\x1b") {
		t.Error("escape sequences without colour")
	}
	in.Color = true
	coloured := render(t, writeText, in)
	if !strings.Contains(coloured, "\x1b[") {
		t.Error("no escape sequences with colour")
	}
	if strings.Contains(coloured, "\x1b[31mred") {
		t.Error("an escape sequence of the file reaches the terminal")
	}
}

func TestVerbose(t *testing.T) {
	in := sample()
	in.Verbose = true
	got := render(t, writeText, in)
	if !strings.Contains(got, "why   asked (mdcg.cap.paut)") || !strings.Contains(got, "  Section 1 ") {
		t.Errorf("open questions or parts of the guidance are not shown in full:\n%s", got)
	}
}

func TestVerdict(t *testing.T) {
	rows := sample().Coverage
	f := func(s diag.Severity) diag.Finding { return diag.Finding{Code: "T1001", Severity: s} }
	for _, c := range []struct {
		name     string
		findings diag.List
		rows     []check.Row
		want     string
	}{
		{"errors", diag.List{f(diag.Error), f(diag.Open)}, rows, "mend the errors first (theriac explain T1001)"},
		{"open", diag.List{f(diag.Open)}, rows, "no errors; 1 question is open, most often T1001, 1 time (theriac explain T1001)"},
		{"warnings", diag.List{f(diag.Warning)}, rows, "a reviewer will ask about the warnings"},
		{"notes", diag.List{f(diag.Note)}, rows, "3 clauses are not answered in full"},
		{"clean", nil, rows[:1], "no errors and no open questions"},
		{"not judged", nil, nil, "no clause was judged"},
	} {
		if got := (&text{in: Input{Findings: c.findings, Coverage: c.rows}}).verdict(c.findings.Summary()); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.name, got, c.want)
		}
	}
}

// full is a writer without room.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriterErrors(t *testing.T) {
	for _, f := range Formats() {
		if err := f.Write(full{}, sample()); !errors.Is(err, errFull) {
			t.Errorf("%s: got %v, want the error of the writer", f.Name, err)
		}
	}
}

func TestFind(t *testing.T) {
	if Find("json") == nil || Find("JSON") != nil || Find("") != nil {
		t.Error("formats are found by their exact names")
	}
}
