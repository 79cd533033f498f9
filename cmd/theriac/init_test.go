package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/format"
	"theriac/model"
)

// TestStarter: for every class and any set of facts the new file is canonical,
// short, and has no fault of form.
func TestStarter(t *testing.T) {
	var every []string
	for _, f := range factFields() {
		every = append(every, f.Name)
	}
	sets := map[string]map[string]bool{"nothing stated": {}, "all true": {}, "all false": {}}
	for _, name := range every {
		sets["all true"][name], sets["all false"][name] = true, false
		sets["only "+name] = map[string]bool{name: true}
		sets["only not "+name] = map[string]bool{name: false}
	}
	for _, regulation := range []model.Regulation{model.MDR, model.IVDR} {
		for _, class := range classes(regulation) {
			for name, facts := range sets {
				a := answers{name: "Example device", regulation: string(regulation), class: class, facts: facts}
				t.Run(fmt.Sprintf("%s %s %s", regulation, class, name), func(t *testing.T) { sound(t, a) })
			}
		}
	}
}

// sound checks one new file.
func sound(t *testing.T, a answers) {
	t.Helper()
	text, err := starter(a)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\n")); n >= 150 {
		t.Errorf("%d lines", n)
	}
	var raw bytes.Buffer
	raw.Write(text)
	if again, err := format.Source(raw.Bytes(), model.FieldOrder); err != nil || !bytes.Equal(again, text) {
		t.Errorf("not in canonical form: %v", err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), place(t, string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("%s %s: %s", f.Span, f.Code, f.Message)
	}
	if string(file.Product.Regulation) != a.regulation || string(file.Product.Class) != a.class || file.Product.Name != a.name {
		t.Errorf("the product is %s %s %s", file.Product.Name, file.Product.Regulation, file.Product.Class)
	}
	if len(file.Interfaces) == 0 || len(file.Components) == 0 || len(file.Assets) == 0 {
		t.Error("no architecture to start from")
	}
	if a.facts["connected"] != (len(file.Interfaces) > 1) {
		t.Errorf("connected is %v, and there are %d interfaces", a.facts["connected"], len(file.Interfaces))
	}
	for name, want := range a.facts {
		if got := stated(t, file, name); got != want {
			t.Errorf("fact %s is %v, want %v", name, got, want)
		}
	}
}

// stated is the answer that a file gives to a fact.
func stated(t *testing.T, file *model.File, name string) bool {
	t.Helper()
	span := file.Product.At("facts", name)
	switch value := string(span.Source.Tail(span.Line, span.Column)); {
	case strings.HasPrefix(value, "true"):
		return true
	case strings.HasPrefix(value, "false"):
		return false
	default:
		t.Errorf("fact %s is written as %q", name, value)
		return false
	}
}

// TestStarterErrors: the new file has open questions, but says nothing wrong.
func TestStarterErrors(t *testing.T) {
	for _, args := range [][]string{
		{"--regulation", "MDR", "--class", "IIb", "--rule", "12", "--software", "--connected", "--personal-data", "--therapy"},
		{"--regulation", "IVDR", "--class", "C", "--rule", "3", "--software", "--connected", "--personal-data"},
		{"--regulation", "MDR", "--class", "IIa", "--rule", "11", "--is-software", "--mobile"},
		{"--regulation", "MDR", "--class", "I"},
	} {
		dir := filepath.Join(t.TempDir(), "new")
		if status, _, talk := command(t, append([]string{"init", dir, "--name", "Example", "--yes"}, args...)...); status != exitClean {
			t.Fatalf("%v: exit status %d: %s", args, status, talk)
		}
		_, out, _ := command(t, "check", dir, "--format", "json", "--date", "2026-11-22")
		var report struct {
			Findings []struct{ Code, Severity, Message string }
		}
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Findings {
			if f.Severity == "error" {
				t.Errorf("%v: %s: %s", args, f.Code, f.Message)
			}
		}
	}
}

func TestQuote(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Example pump", "Example pump"},
		{"12", `"12"`},
		{"yes", `"yes"`},
		{"Null", `"Null"`},
		{"a: b", `"a: b"`},
		{"a #b", `"a #b"`},
		{`say "hi" \ there`, `"say \"hi\" \\ there"`},
		{"- x", `"- x"`},
		{"x:", `"x:"`},
		{"ümlaut", `"ümlaut"`},
		{" two\nlines ", "two lines"},
	} {
		got := quote(c.in)
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.in, got, c.want)
		}
		a := answers{name: c.in, regulation: "MDR", class: "I", facts: map[string]bool{}}
		text, err := starter(a)
		if err != nil {
			t.Fatal(err)
		}
		var l model.Loader
		file, _, err := l.Load(t.Context(), place(t, string(text)))
		if err != nil || file.Product.Name != oneLine(c.in) {
			t.Errorf("%q is read as %q, %v", c.in, file.Product.Name, err)
		}
	}
	if _, err := starter(answers{name: "a\x1b", regulation: "MDR", class: "I"}); err == nil {
		t.Error("a control character is accepted")
	}
}

// typist gives one line at a time, as a terminal does.
type typist struct{ lines []string }

func (r *typist) Read(p []byte) (int, error) {
	if len(r.lines) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.lines[0])
	r.lines = r.lines[1:]
	return n, nil
}

// TestAsk answers the questions as a screen reader's user would.
func TestAsk(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		start, want answers
	}{
		{
			"everything", "Example\n\nHelps\n2\n3\n2\n0\nn\n",
			answers{}, answers{name: "Example", purpose: "Helps", regulation: "IVDR", class: "C", facts: map[string]bool{"is-software": true}},
		},
		{
			"what flags left out", "1\n0\ny\n",
			answers{name: "X", manufacturer: "M", purpose: "P", regulation: "MDR", class: "I", facts: map[string]bool{"software": false}},
			answers{name: "X", manufacturer: "M", purpose: "P", regulation: "MDR", class: "I", facts: map[string]bool{"is-software": true, "software": false, "connected": false}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.start.facts == nil {
				c.start.facts = map[string]bool{}
			}
			var out bytes.Buffer
			if err := ask(t.Context(), &typist{strings.SplitAfter(c.typed, "\n")}, &out, true, &c.start); err != nil {
				t.Fatal(err)
			}
			got := c.start
			if got.name != c.want.name || got.manufacturer != c.want.manufacturer || got.purpose != c.want.purpose || got.regulation != c.want.regulation || got.class != c.want.class {
				t.Errorf("got %+v, want %+v\n%s", got, c.want, out.String())
			}
			if strings.Contains(out.String(), "\x1b") {
				t.Error("escape sequences reach a plain terminal")
			}
			if len(got.facts) < len(c.want.facts) || c.name == "everything" && len(got.facts) > 1 {
				t.Errorf("facts are %v; what is left unknown must stay so", got.facts)
			}
			for name, want := range c.want.facts {
				if value, known := got.facts[name]; !known || value != want {
					t.Errorf("fact %s is %v, known %v; want %v", name, value, known, want)
				}
			}
		})
	}
}

func TestAccessible(t *testing.T) {
	for environ, want := range map[string]bool{"TERM=dumb": true, "ACCESSIBLE=1": true, "ACCESSIBLE=": false, "TERM=xterm": false, "": false} {
		if accessible([]string{environ}) != want {
			t.Errorf("%q: got %v", environ, !want)
		}
	}
}

// TestFound: a file that cannot be written leaves no folder behind, and a file
// that came in between is not overwritten.
func TestFound(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "x")
	if err := found(filepath.Join(dir, "file", "sub"), nil); err == nil {
		t.Error("a folder below a file was made")
	}
	target := filepath.Join(dir, "a", "b")
	if err := found(target, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := found(target, []byte("two")); !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v, want that it exists", err)
	}
	text, err := os.ReadFile(filepath.Join(target, model.RootFile))
	if err != nil || string(text) != "one" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	entries, err := os.ReadDir(target)
	if err != nil || len(entries) != 1 {
		t.Errorf("something was left behind: %v, %v", entries, err)
	}
}
