package theriac_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

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
	all := mistakes(checked(t, pump).File)
	todo := make(chan mistake, len(all))
	for _, m := range all {
		todo <- m
	}
	close(todo)
	var group errgroup.Group
	var spoilt atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		s := newSpoiler(t)
		group.Go(func() error {
			for m := range todo {
				counted, err := s.try(m)
				if err != nil {
					return fmt.Errorf("%s: %w", m.name, err)
				}
				if counted {
					spoilt.Add(1)
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := spoilt.Load(); n < 200 {
		t.Errorf("only %d mistakes", n)
	}
}

const pump = "examples/infusion-pump"

// spoiler makes mistakes in a copy of the pump of its own.
type spoiler struct {
	t       *testing.T
	dir     string
	session theriac.Session
	before  map[string]int
}

func newSpoiler(t *testing.T) *spoiler {
	t.Helper()
	s := &spoiler{t: t, dir: copyOf(t, pump)}
	// A field that is spoilt has changed as well, and that what rests on it is to be
	// looked at, tested or signed again is a finding of its own.
	if err := os.Remove(filepath.Join(s.dir, trace.ReviewFile)); err != nil {
		t.Fatal(err)
	}
	found, err := s.check()
	if err != nil {
		t.Fatal(err)
	}
	s.before = said(found)
	return s
}

func (s *spoiler) check() (diag.List, error) {
	r, err := s.session.Check(s.t.Context(), s.dir, theriac.Options{Today: today})
	if err != nil {
		return nil, err
	}
	return r.Findings, nil
}

// try makes a mistake, looks, and undoes it. It reports whether it was one.
func (s *spoiler) try(m mistake) (bool, error) {
	name := filepath.Join(s.dir, strings.TrimPrefix(m.file, pump))
	text, err := os.ReadFile(name)
	if err != nil {
		return false, err
	}
	if err := os.WriteFile(name, []byte(m.text), 0o600); err != nil {
		return false, err
	}
	found, err := s.check()
	if err := cmp.Or(err, os.WriteFile(name, text, 0o600)); err != nil {
		return false, err
	}
	var form, more []string
	for _, f := range found {
		switch {
		case s.before[key(f)] > 0 || slices.Contains(unsettled, f.Code):
		case strings.HasPrefix(f.Code, "T00") && f.Code != "T0018":
			form = append(form, f.Code)
		default:
			more = append(more, f.Code+" "+f.Message)
		}
	}
	if m.free && len(form) == 0 {
		return false, nil
	}
	if len(form) != 1 || len(more) > 0 {
		s.t.Errorf("%s: %s, and also: %s", m.name, form, strings.Join(more, " | "))
	}
	return true, nil
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
