package format

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestLayout checks that what a layout says of a text is there, for the texts
// of the other tests.
func TestLayout(t *testing.T) {
	for _, tt := range sourceTests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Read([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range l.Comments {
				if text := string(l.Text[c.Start:c.End]); !strings.HasPrefix(text, "#") || strings.Contains(text, "\n") {
					t.Errorf("comment %q", text)
				}
			}
			if listed, all := listed(&l.Root), len(l.Comments); listed > all {
				t.Errorf("%d comments at entries, %d in all", listed, all)
			}
			checkValue(t, l, &l.Root)
		})
	}
}

// listed counts the comments at entries.
func listed(v *Value) int {
	n := len(v.Top) + len(v.Foot)
	for _, e := range v.Entries {
		n += len(e.Head) + len(e.Note) + len(e.Lead) + len(e.After) + len(e.Tail) + listed(&e.Value)
	}
	return n
}

func checkValue(t *testing.T, l *Layout, v *Value) {
	t.Helper()
	for _, e := range v.Entries {
		if e.Start > e.MarkEnd || e.MarkEnd > e.Value.Start || e.Value.Start > e.Value.End || e.Value.End > e.End || e.End > len(l.Text) {
			t.Errorf("%s: entry %d to %d, mark to %d, value %d to %d", e.Key, e.Start, e.End, e.MarkEnd, e.Value.Start, e.Value.End)
		}
		if v.Kind == MapValue {
			checkText(t, e.Key, l.Text[e.Start:e.MarkEnd])
		}
		if in := e.Value; in.Kind == TextValue && !in.Body {
			checkText(t, in.Text, l.Text[in.Start:in.End])
		}
		checkValue(t, l, &e.Value)
	}
}

// checkText checks a stretch of text by decoding it alone.
func checkText(t *testing.T, want string, source []byte) {
	t.Helper()
	var got string
	if err := yaml.Unmarshal(source, &got); err != nil || got != want {
		t.Errorf("%q reads as %q, want %q (%v)", source, got, want, err)
	}
}

func TestLayoutOf(t *testing.T) {
	const text = "# top\n\na: # note\n  # head\n  b: [x, {c: 'y'}] # after\n  # tail\n\n  d: |+\n    z\n\n# foot\n"
	l, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	a := l.Root.Entries[0]
	b, d := a.Value.Entries[0], a.Value.Entries[1]
	tests := []struct {
		name       string
		start, end int
		want       string
	}{
		{"a", a.Start, a.MarkEnd, "a"},
		{"top", l.Root.Top[0].Start, l.Root.Top[0].End, "# top"},
		{"note", a.Note[0].Start, a.Note[0].End, "# note"},
		{"b", b.Start, b.End, "b: [x, {c: 'y'}] # after"},
		{"head", b.Head[0].Start, b.Head[0].End, "# head"},
		{"tail", b.Tail[0].Start, b.Tail[0].End, "# tail"},
		{"brackets", b.Value.Start, b.Value.End, "[x, {c: 'y'}]"},
		{"c", b.Value.Entries[1].Value.Entries[0].Value.Start, b.Value.Entries[1].Value.Entries[0].Value.End, "'y'"},
		{"d", d.Value.Start, d.Value.End, "|+\n    z\n"},
		{"foot", l.Root.Foot[0].Start, l.Root.Foot[0].End, "# foot"},
	}
	for _, tt := range tests {
		if got := text[tt.start:tt.end]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if !d.Value.Keep || !d.Blank || a.Value.Column != 2 || b.Value.Column != 0 || !b.Value.Flow {
		t.Errorf("got %+v, %+v", b.Value, d)
	}
}

func TestQuote(t *testing.T) {
	tests := []struct{ text, want string }{
		{"plain text, [as] it is", "plain text, [as] it is"}, {"62443-4-1.sm-4", "62443-4-1.sm-4"}, {"2026-01-02", "2026-01-02"}, {"1.2.3", "1.2.3"},
		{"http://x/#a", "http://x/#a"}, {"it's", "it's"}, {"30 days", "30 days"}, {"é\u00a0x", "é\u00a0x"}, {"CVSS:3.1/AV:N", "CVSS:3.1/AV:N"},
		{"", `""`}, {" a", `" a"`}, {"a ", `"a "`}, {"a: b", `"a: b"`}, {"a #b", `"a #b"`}, {"a:", `"a:"`}, {"- a", `"- a"`}, {"#a", `"#a"`},
		{"yes", `"yes"`}, {"Off", `"Off"`}, {"NULL", `"NULL"`}, {"~", `"~"`}, {"1.10", `"1.10"`}, {"0x1F", `"0x1F"`}, {"1e3", `"1e3"`}, {"1_000", `"1_000"`}, {"12:30", `"12:30"`}, {".inf", `".inf"`}, {"=", `"="`}, {"<<", `"<<"`},
		{"a\nb\t\"c\"\\", `"a\nb\t\"c\"\\"`}, {"a\x00\u202e\U000e0001", `"a\x00\u202E\U000E0001"`}, {"\u00a0a", "\"\u00a0a\""},
	}
	for _, tt := range tests {
		if got := Quote(tt.text, false); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.text, got, tt.want)
		}
		var back []string
		if err := yaml.Unmarshal([]byte("["+Quote(tt.text, true)+", x]"), &back); err != nil || len(back) != 2 || back[0] != tt.text {
			t.Errorf("%q: in brackets it reads as %q (%v)", tt.text, back, err)
		}
	}
}

func TestParagraphs(t *testing.T) {
	long := strings.Repeat("word ", 12) + "end"
	tests := []struct {
		text, header, lines string
		ok                  bool
	}{
		{"a\n\nb", "|", "a\n\nb", true},
		{"  a\nb", "|2", "  a\nb", true},
		{"\n a", "|2", "\n a", true},
		{long, ">", "word word word word\nword word word word\nword word word word\nend", true},
		{"a  b" + strings.Repeat("x", 20), "", "", false},
		{"short", "", "", false}, {"a\n", "", "", false}, {"a \nb", "", "", false}, {"a\n\tb", "", "", false}, {"a\n\u200b", "", "", false}, {" " + long, "", "", false}, {"", "", "", false},
	}
	for _, tt := range tests {
		header, lines, ok := Paragraphs(tt.text, 20)
		if ok != tt.ok || ok && (header != tt.header || strings.Join(lines, "\n") != tt.lines) {
			t.Errorf("%q: got %s %q %v", tt.text, header, lines, ok)
		}
		if !ok {
			continue
		}
		var back struct{ A string }
		block := "a: " + header + "\n  " + strings.Join(lines, "\n  ") + "\n"
		if err := yaml.Unmarshal([]byte(block), &back); err != nil || back.A != tt.text+"\n" {
			t.Errorf("%q: reads as %q (%v)", tt.text, back.A, err)
		}
	}
}
