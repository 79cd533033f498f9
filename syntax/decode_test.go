package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// ward is a struct with one field of each shape.
type ward struct {
	Name   string   `yaml:"name" theriac:"required"`
	Floor  floor    `yaml:"floor"`
	Beds   int      `yaml:"beds"`
	Open   bool     `yaml:"open"`
	Notes  []string `yaml:"notes" theriac:"required"`
	Nurses []*nurse `yaml:"nurses"`
}

type nurse struct {
	Name string `yaml:"name" theriac:"required"`
}

func (*nurse) SetKey(_, _ *Node) {}

type floor string

func (floor) Values() []struct{ Name, Doc string } {
	return []struct{ Name, Doc string }{{"ground", ""}, {"first", ""}}
}

func decode(t *testing.T, text string) (ward, Decoder) {
	t.Helper()
	root, _, findings := Parse("f.yaml", []byte(text))
	if root == nil {
		t.Fatal(says(findings))
	}
	var w ward
	var d Decoder
	d.Decode(root, &w)
	return w, d
}

func TestDecodeFindings(t *testing.T) {
	const whole = "name: A\nnotes: [n]\n"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"whole", whole, nil},
		{"nothing in quotes", "name: \"\"\nnotes: [n]\n", []string{"1:7 T0019 text without content"}},
		{"nothing in a block", "name: |\nnotes: [n]\n", []string{"1:7 T0019 text without content"}},
		{"nothing in a list", "name: A\nnotes: ['']\n", []string{"2:9 T0019 text without content"}},
		{"null in all spellings", "name: Null\nnotes: [NULL, ~]\nfloor: null\n", []string{
			`1:1 T0019 "name" has no value`, "2:9 T0019 empty list item", "2:15 T0019 empty list item", `3:1 T0019 "floor" has no value`}},
		{"null as text", "name: 'null'\nnotes: [\"~\"]\n", nil},
		{"blanks for what is required", "name: ' '\nnotes: [n]\n", []string{`1:1 T0007 missing required field "name"`}},
		{"blanks for a value", whole + "floor: ' '\n", []string{`3:8 T0006 " " is not a value of this field`}},
		{"empty list for what is required", "name: A\nnotes: []\n", []string{`1:1 T0007 missing required field "notes"`}},
		{"misspelt required field", "nmae: A\nnotes: [n]\n", []string{`1:1 T0004 unknown field "nmae"`}},
		{"misspelt field beside the right one", "nmae: A\n" + whole, []string{`1:1 T0004 unknown field "nmae"`}},
		{"placeholders", "name: \"Todo: ask the ward\"\nnotes: [TBD, '...', 'to be defined.']\n", []string{
			`1:7 T0020 "Todo: ask the ward" only holds the place of a text that is still to be written`,
			`2:9 T0020 "TBD" only holds the place of a text that is still to be written`,
			`2:14 T0020 "..." only holds the place of a text that is still to be written`,
			`2:21 T0020 "to be defined." only holds the place of a text that is still to be written`}},
		{"words that begin like placeholders", "name: Todos los santos\nnotes: [tbilisi, xx, To be or not to be]\n", nil},
		{"field given twice", whole + "name: B\n", nil}, // the parser reports it
		{"list instead of a map", whole + "nurses: [a]\n", []string{`3:9 T0005 "nurses" expects a map keyed by id, found a list`}},
		{"mistake inside an entity", whole + "nurses:\n  a: {nmae: X}\n  b: x\n", []string{
			`4:7 T0004 unknown field "nmae"`, `5:6 T0005 expected a map, found "x"`}},
		{"numbers", whole + "beds: 1_000\n", []string{`3:7 T0008 expected a whole number, found "1_000"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, d := decode(t, tt.text)
			if got := says(d.Findings); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// TestDecodeLost: a mistake inside an entity costs a field; one outside costs a
// section, and what is missing afterwards proves nothing.
func TestDecodeLost(t *testing.T) {
	const whole = "name: A\nnotes: [n]\n"
	for text, want := range map[string]bool{
		whole:                               false,
		whole + "nurses:\n  a: {name: X}\n": false,
		whole + "nurses:\n  a: {nmae: X}\n  b: x\n": false,
		whole + "nurses:\n  a: {name: ''}\n":        false,
		whole + "nursse:\n  a: {name: X}\n":         true,
		whole + "nurses: [a]\n":                     true,
		whole + "nurses: {}\nnurses: {}\n":          true,
	} {
		if _, d := decode(t, text); d.Lost != want {
			t.Errorf("lost is %v with %q", d.Lost, text)
		}
	}
}

func TestDecodeKeepsTheFirst(t *testing.T) {
	w, _ := decode(t, "nmae: X\nname: A\nname: B\nnotes: [n]\n")
	if w.Name != "A" {
		t.Errorf("name is %q, want the first one given", w.Name)
	}
}

// TestDecodeLimit: a file of nothing but mistakes is not listed line by line.
func TestDecodeLimit(t *testing.T) {
	var text strings.Builder
	for i := range 3 * MaxFindings {
		fmt.Fprintf(&text, "key%d: x\n", i)
	}
	_, d := decode(t, text.String())
	if n := len(d.Findings); n != MaxFindings+1 {
		t.Errorf("%d findings, want %d and one that the rest is left out", n, MaxFindings)
	}
	if last := d.Findings[len(d.Findings)-1]; last.Code != CodeLimit || !d.Lost {
		t.Errorf("last finding is %s %s", last.Code, last.Message)
	}
}
