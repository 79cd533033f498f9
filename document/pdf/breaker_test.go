package pdf

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"theriac/document"
)

var plainLook = look{size: 10}

func shown(lines []line) []string {
	var out []string
	for _, l := range lines {
		var b strings.Builder
		for _, p := range l.pieces {
			b.WriteString(p.text)
		}
		out = append(out, b.String())
	}
	return out
}

func TestBreakLines(t *testing.T) {
	code := look{face: mono, size: 10}
	badge := look{face: bold, size: 10, tone: document.Good}
	for name, c := range map[string]struct {
		runs  []run
		width float64
		want  []string
	}{
		"nothing":              {nil, 100, nil},
		"spaces only":          {[]run{{"   ", plainLook}}, 100, nil},
		"one line":             {[]run{{"one two", plainLook}}, 100, []string{"one two"}},
		"spaces become one":    {[]run{{"  one ", plainLook}, {"  two ", plainLook}}, 100, []string{"one two"}},
		"at spaces":            {[]run{{"one two three", plainLook}}, 40, []string{"one two", "three"}},
		"across runs":          {[]run{{"one tw", plainLook}, {"o three", code}}, 50, []string{"one two", "three"}},
		"after a hyphen":       {[]run{{"post-market", plainLook}}, 35, []string{"post-", "market"}},
		"not within a date":    {[]run{{"on 2026-11-22", plainLook}}, 60, []string{"on", "2026-11-22"}},
		"code at punctuation":  {[]run{{"ctl-signed-library", code}}, 70, []string{"ctl-signed-", "library"}},
		"a long word":          {[]run{{"mmmmmmmmmm", plainLook}}, 26, []string{"mmm", "mmm", "mmm", "m"}},
		"narrower than one":    {[]run{{"ab", plainLook}}, 1, []string{"a", "b"}},
		"no width at all":      {[]run{{"ab c", plainLook}}, -5, []string{"a", "b", "c"}},
		"a badge is one":       {[]run{{"it is ", plainLook}, {"not stated", badge}}, 70, []string{"it is", "not stated"}},
		"a space that holds":   {[]run{{"aa 10\u00A0mm", plainLook}}, 40, []string{"aa", "10\u00A0mm"}},
		"unknown characters":   {[]run{{"a漢\U0001F600b", plainLook}}, 100, []string{"a\uFFFD\uFFFDb"}},
		"control characters":   {[]run{{"a\x00b\nc\u202Ed", plainLook}}, 100, []string{"a b cd"}},
		"letters and a mark":   {[]run{{"e\u0301", plainLook}}, 100, []string{"é"}},
		"badge of nothing":     {[]run{{" \n", badge}, {"x", plainLook}}, 100, []string{"x"}},
		"badge wider than all": {[]run{{"not applicable", badge}}, 50, []string{"not ", "applicab", "le"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shown(breakLines(c.runs, c.width)); !slices.Equal(got, c.want) {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

// TestFallback: what a face lacks is taken from the regular one, which then measures it.
func TestFallback(t *testing.T) {
	var only rune
	for r := rune(0x100); r < 0xFFFF; r++ {
		if regular.has(r) && !mono.has(r) {
			only = r
			break
		}
	}
	if only == 0 {
		t.Skip("the monospaced face has all characters of the regular one")
	}
	lines := breakLines([]run{{"a" + string(only) + "b", look{face: mono, size: 10}}}, 100)
	if len(lines) != 1 || len(lines[0].pieces) != 3 || lines[0].pieces[1].look.face != regular || lines[0].pieces[1].text != string(only) {
		t.Errorf("%+v", lines)
	}
}

// FuzzBreakLines: no character is lost, and no line is too wide.
func FuzzBreakLines(f *testing.F) {
	for i, s := range hostile {
		f.Add(s, "and more "+s, float64(10*i), byte(i))
	}
	f.Fuzz(func(t *testing.T, a, b string, width float64, how byte) {
		if width != width || width > 1e6 || len(a)+len(b) > 1<<14 {
			return
		}
		looks := []look{plainLook, {face: mono, size: 9}, {face: bold, size: 8, tone: document.Bad}}
		first, second := looks[how%3], looks[how/3%3]
		lines := breakLines([]run{{a, first}, {b, second}}, width)
		var got strings.Builder
		for i, l := range lines {
			x := 0.0
			for _, p := range l.pieces {
				if p.text == "" || !utf8.ValidString(p.text) {
					t.Fatalf("line %d has the piece %q", i, p.text)
				}
				if p.x < x-slack {
					t.Fatalf("line %d: pieces overlap at %g", i, p.x)
				}
				x = p.x + p.w
				for _, r := range p.text {
					if !p.look.face.has(r) {
						t.Fatalf("%q is not in its face", r)
					}
				}
				got.WriteString(p.text)
			}
			alone := len(l.pieces) == 1 && utf8.RuneCountInString(l.pieces[0].text) == 1
			if l.w > width+2*slack && !alone {
				t.Fatalf("line %d is %g wide, not %g: %q", i, l.w, width, shown(lines[i:i+1]))
			}
		}
		want := 0
		for _, r := range clean(a) + clean(b) {
			if r != ' ' && r != '\u00A0' {
				want++
			}
		}
		if n := utf8.RuneCountInString(strings.NewReplacer(" ", "", "\u00A0", "").Replace(got.String())); n != want {
			t.Fatalf("%d characters, not %d", n, want)
		}
	})
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float64
		want  string
	}{{"short", 100, "short"}, {"a longer text", 35, "a lon…"}, {"ab · cd", 26, "ab…"}, {"漢", 50, "\uFFFD"}, {"abc", 0, "…"}} {
		if got := cut(c.text, c.width, regular, 10); got != c.want {
			t.Errorf("%q at %g: %q, not %q", c.text, c.width, got, c.want)
		}
	}
}

func TestListed(t *testing.T) {
	got := listed("a\tb\r\n  c  \r\n\n\x1b[31md\n\n")
	if want := []string{"a   b", "  c", "", " [31md"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}
