package format

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// checkKept checks that a result says what its source says, without any part
// of the package: by decoding both, by counting characters, and by formatting
// the result again.
func checkKept(t *testing.T, before, after []byte) {
	t.Helper()
	var a, b any
	if err := yaml.Unmarshal(before, &a); err != nil {
		t.Fatalf("decode source: %v", err)
	}
	if err := yaml.Unmarshal(after, &b); err != nil {
		t.Fatalf("decode result: %v", err)
	}
	// A number that is not a number differs from itself, so compare as text.
	if !reflect.DeepEqual(a, b) && fmt.Sprintf("%#v", a) != fmt.Sprintf("%#v", b) {
		t.Errorf("values changed from\n%#v\nto\n%#v", a, b)
	}
	if a, b := characters(before), characters(after); a != b {
		t.Errorf("characters changed from\n%s\nto\n%s", a, b)
	}
	if a, b := hashLines(before), hashLines(after); !slices.Equal(a, b) {
		t.Errorf("text behind # changed from\n%q\nto\n%q", a, b)
	}
	again, err := Source(after, testOrder)
	if err != nil {
		t.Fatalf("format the result: %v", err)
	}
	if !bytes.Equal(again, after) {
		t.Errorf("not idempotent: first\n%s\nthen\n%s", visible(after), visible(again))
	}
}

// characters sorts the characters of a text, without blanks and without those
// that the canonical form may change: digits and signs of a block scalar's
// header, and the document marker.
func characters(text []byte) string {
	runes := []rune(string(text))
	runes = slices.DeleteFunc(runes, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\ufeff' || strings.ContainsRune("+-123456789", r)
	})
	slices.Sort(runes)
	return string(runes)
}

// hashLines sorts what follows the first # of each line that may start a
// comment. Where that # may stand inside a scalar, blanks do not count: the
// layout behind the scalar may change.
func hashLines(text []byte) []string {
	text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	var found []string
	for line := range strings.Lines(string(text)) {
		before, after, ok := strings.Cut(strings.ReplaceAll(" "+line, "\t", " "), " #")
		if !ok {
			continue
		}
		if strings.ContainsAny(before, "\"'") {
			after = strings.ReplaceAll(after, " ", "")
		}
		found = append(found, strings.TrimRight(after, " \n"))
	}
	slices.Sort(found)
	return found
}

func FuzzSource(f *testing.F) {
	for _, pattern := range []string{"testdata/*/*.yaml", "../examples/*/*.yaml", "../examples/*/*/*.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	for _, tt := range sourceTests {
		f.Add([]byte(tt.in))
	}
	f.Fuzz(checkSource)
}

// checkSource checks what holds for any text.
func checkSource(t *testing.T, text []byte) {
	t.Helper()
	got, err := Source(text, testOrder)
	if errors.Is(err, ErrRefused) {
		t.Errorf("the safety net had to act: %v", err)
	}
	if err != nil {
		return
	}
	if _, err := Read(text); err != nil {
		t.Errorf("formatted, but without a layout: %v", err)
	}
	var v any
	if yaml.Unmarshal(text, &v) != nil {
		t.Skip("the nodes can be read, the values cannot")
	}
	checkKept(t, text, got)
}

// FuzzFragments builds texts from pieces of YAML, one for each byte. It reaches
// combinations that bytes alone rarely do.
func FuzzFragments(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		f.Add(randomBytes(random))
	}
	f.Fuzz(func(t *testing.T, choices []byte) { checkSource(t, compose(choices)) })
}

// TestRandom formats texts made from pieces at random, always the same ones.
func TestRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	formatted := 0
	for range 20000 {
		text := compose(randomBytes(random))
		if _, err := Source(text, testOrder); err == nil {
			formatted++
		}
		checkSource(t, text)
		if t.Failed() {
			t.Fatalf("for the text\n%s", visible(text))
		}
	}
	if formatted < 2000 {
		t.Errorf("only %d texts could be formatted; the pieces no longer fit together", formatted)
	}
}

func randomBytes(random *rand.Rand) []byte {
	choices := make([]byte, 2+random.IntN(24))
	for i := range choices {
		choices[i] = byte(random.IntN(256))
	}
	return choices
}

// lines are what compose puts behind the indentation of a line; %d makes keys
// differ.
var lines = []string{
	"", "", "# c", "# c", "#", "- x", "- x # c", "-", "- # c", "- k%d: x", "- - x", "- k%d:", "- |", "- [x,",
	"k%d: x", "k%d: x # c", "k%d:", "k%d:", "k%d: # c", "k%d: |", "k%d: |+", "k%d: >-", "k%d: |2", "k%d: > # c",
	"k%d: [x, y]", "k%d: [", "k%d: {", "k%d: {a: b, c }", "]", "}", "x,", "{a: b},", "x: [y],", "k%d: \"x", "x\\", "y\"",
	"k%d: 'x", "y'", "text", "text  ", "\t", "interfaces:", "product:", "title: x", "class: |", "notes: # c", "on: y",
}

// compose makes a text of lines: one byte for the indentation, one for the
// content. Most lines stand where the line before lets them stand.
func compose(choices []byte) []byte {
	var text bytes.Buffer
	indent, opened := 0, 0
	for i := 0; i+1 < len(choices); i += 2 {
		switch c := choices[i] % 16; {
		case c < 9:
			indent += opened
		case c < 11:
			indent = max(0, indent-2)
		case c < 13:
			indent = 0
		case c < 14:
			indent++
		case c < 15:
			indent += 2
		}
		line := lines[int(choices[i+1])%len(lines)]
		if strings.Contains(line, "%d") {
			line = fmt.Sprintf(line, i)
		}
		opened = 0
		if strings.Contains(line, ": |") || strings.Contains(line, ": >") || strings.HasSuffix(line, ":") || strings.HasPrefix(line, "-") {
			opened = 2
		}
		text.WriteString(strings.Repeat(" ", indent) + line)
		if i+3 < len(choices) || choices[i] < 200 {
			text.WriteByte('\n')
		}
	}
	return text.Bytes()
}
