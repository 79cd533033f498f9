package theriac_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac"
	"theriac/diag"
	"theriac/model"
	"theriac/trace"
)

// TestOneMistakeOneFinding spoils the form of one field after the other of the
// complete pump: a field of each name of each kind is emptied, and its first word
// is replaced by one that means nothing. The mistake is found, and nothing else is
// said to be wrong because of it.
func TestOneMistakeOneFinding(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("some hundred checks")
	}
	const pump = "examples/infusion-pump"
	file := checked(t, pump)
	dir := filepath.Join(t.TempDir(), "pump")
	if err := os.CopyFS(dir, os.DirFS(pump)); err != nil {
		t.Fatal(err)
	}
	// A field that is spoilt has changed as well, and that what rests on it is to be
	// looked at, tested or signed again is a finding of its own.
	if err := os.Remove(filepath.Join(dir, trace.ReviewFile)); err != nil {
		t.Fatal(err)
	}
	var s theriac.Session
	check := func(dir string) *theriac.Result {
		r, err := s.Check(t.Context(), dir, theriac.Options{Today: today})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := said(check(dir).Findings)
	spoilt := 0
	for _, m := range mistakes(file.File) {
		name := filepath.Join(dir, strings.TrimPrefix(m.file, pump))
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, name, m.text)
		var form, more []string
		for _, f := range check(dir).Findings {
			switch {
			case before[key(f)] > 0 || slices.Contains(unsettled, f.Code):
			case strings.HasPrefix(f.Code, "T00") && f.Code != "T0018":
				form = append(form, f.Code)
			default:
				more = append(more, f.Code+" "+f.Message)
			}
		}
		write(t, name, string(text))
		if m.free && len(form) == 0 {
			continue
		}
		spoilt++
		if len(form) != 1 || len(more) > 0 {
			t.Errorf("%s: %s, and also: %s", m.name, form, strings.Join(more, " | "))
		}
	}
	if spoilt < 200 {
		t.Errorf("only %d mistakes", spoilt)
	}
}

// unsettled are the codes that say that something signed speaks of the file as it
// was.
var unsettled = []string{"T7406", "T7409", "T7410", "T7413", "T7416", "T7601", "T7602"}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// key leaves out the message: lists in it may grow shorter.
func key(f diag.Finding) string { return f.Code + " " + f.Entity }

func said(list diag.List) map[string]int {
	count := map[string]int{}
	for _, f := range list {
		count[key(f)]++
	}
	return count
}

// mistake is one edit of a file.
type mistake struct {
	name, file, text string
	free             bool // it may be none: the field may hold any text
}

var (
	fieldLine = regexp.MustCompile(`^( *(?:- )?)([a-z][a-z-]*):(?: (.*))?$`)
	word      = regexp.MustCompile(`[A-Za-z0-9][\w.-]*`)
)

// mistakes empties a field of each name of each kind, and replaces the first
// word of its value by one that means nothing.
func mistakes(file *model.File) []mistake {
	var all []mistake
	done := map[string]bool{}
	file.All(func(e model.Entity) {
		here := model.Of(e).Here()
		lines := strings.Split(string(here.Source.Text), "\n")
		kind := model.Of(e).Kind().Name
		type level struct {
			indent int
			name   string
		}
		var path []level
		for n := here.Line; n < len(lines) && (lines[n] == "" || indent(lines[n]) >= here.Column); n++ {
			m := fieldLine.FindStringSubmatch(lines[n])
			if m == nil {
				continue
			}
			for len(path) > 0 && path[len(path)-1].indent >= len(m[1]) {
				path = path[:len(path)-1]
			}
			path = append(path, level{len(m[1]), m[2]})
			name := kind
			for _, l := range path {
				name += "." + l.name
			}
			end := n + 1
			for end < len(lines) && (lines[end] == "" || indent(lines[end]) > len(m[1])) {
				end++
			}
			with := func(line string, rest []string) string {
				return strings.Join(slices.Concat(lines[:n], []string{line}, rest), "\n")
			}
			if !done[name] {
				done[name] = true
				all = append(all, mistake{name + " emptied", here.Source.Path, with(m[1]+m[2]+":", lines[end:]), false})
				if at := word.FindStringIndex(m[3]); at != nil {
					all = append(all, mistake{name + " misspelt", here.Source.Path, with(m[1]+m[2]+": "+m[3][:at[0]]+"qqqqqqqq"+m[3][at[1]:], lines[n+1:]), true})
				}
			}
			if m[3] == "|" || m[3] == ">" {
				n = end - 1
			}
		}
	})
	return all
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
