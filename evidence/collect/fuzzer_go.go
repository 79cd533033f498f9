package collect

import (
	"bytes"
	"strings"
	"time"

	"theriac/internal/lazyregexp"
)

// looksGoFuzzJSON tells the stream of go test -json that fuzzes.
func looksGoFuzzJSON(head []byte) bool {
	return looksGoTest(head) && bytes.Contains(head, []byte(`"Output":"fuzz: elapsed: `))
}

// readGoFuzzJSON reads what the events print as text, which says more of the
// fuzzing than the events do.
func readGoFuzzJSON(in *Source, run *fuzzRun) error {
	times := goTestReader{report: run.report}
	var text bytes.Buffer
	err := goEvents(in, func(_ int, e goEvent) error {
		times.times(e.Time)
		text.WriteString(e.Output)
		return nil
	})
	if err != nil {
		return err
	}
	if text.Len() > 0 && !bytes.HasSuffix(text.Bytes(), []byte("\n")) {
		text.WriteByte('\n')
	}
	return readGoFuzz(&Source{Name: in.Name, Data: text.Bytes()}, run)
}

var (
	goFuzzLine   = lazyregexp.New(`^fuzz: elapsed: ([0-9hms.]+), (?:execs: ([0-9]+) .*\(total: ([0-9]+)\)|.*)`)
	goFuzzTarget = lazyregexp.New(`^(?:=== RUN|=== NAME) +(Fuzz[^/\s]*)$`)
	goFailed     = lazyregexp.New(`^--- FAIL: (\S+) \(`)
	goPassed     = lazyregexp.New(`^--- PASS: (Fuzz[^/\s]*) \(`)
	goInput      = lazyregexp.New(`^\s+Failing input written to (\S+)$`)
	goEnd        = lazyregexp.New(`^(ok  |FAIL)\t(\S+)\t`)
)

// goFuzz follows the output of go test -fuzz, which fuzzes one target; files that
// were written one after the other may have several.
type goFuzz struct {
	run     *fuzzRun
	one     goFuzzOne
	started bool // a target is fuzzed, or something failed, and no end came so far
}

// goFuzzOne is what is known of a target.
type goFuzzOne struct {
	name       string
	executions int64
	seconds    int64
	corpus     int64
	failures   []goFuzzFailure
}

type goFuzzFailure struct{ test, title, at string }

func readGoFuzz(in *Source, run *fuzzRun) error {
	run.report.Tool.Name = "go test -fuzz"
	g := &goFuzz{run: run}
	if err := eachLine(in.Data, func(line int, text []byte) error { return g.see(line, string(text)) }); err != nil {
		return err
	}
	if !g.started {
		return nil
	}
	name := g.one.name
	if name == "" {
		name = fileTarget(in)
	}
	return g.close(name, false)
}

func (g *goFuzz) see(line int, text string) error {
	if m := goFuzzLine.FindStringSubmatch(text); m != nil {
		return g.progress(line, m)
	}
	if m := goFuzzTarget.FindStringSubmatch(text); m != nil {
		g.one.name = m[1]
	}
	if m := goPassed.FindStringSubmatch(text); m != nil {
		g.one.name = m[1]
	}
	if m := goFailed.FindStringSubmatch(text); m != nil {
		g.started = true
		g.one.failures = append(g.one.failures, goFuzzFailure{test: m[1]})
		return counted(len(g.one.failures))
	}
	if m := goEnd.FindStringSubmatch(text); m != nil && g.started {
		return g.end(m[2], m[1] == "FAIL")
	}
	g.message(text)
	return nil
}

func (g *goFuzz) progress(line int, m []string) error {
	g.started = true
	elapsed, err := time.ParseDuration(m[1])
	if err != nil {
		return malformed(line, "%q is no duration", clean(m[1]))
	}
	g.one.seconds = int64(elapsed / time.Second)
	if m[2] == "" {
		return nil
	}
	if g.one.executions, err = number(line, "the number of executions", m[2]); err != nil {
		return err
	}
	g.one.corpus, err = number(line, "the corpus", m[3])
	return err
}

// message takes what the failure that is open says, and the input that is kept.
func (g *goFuzz) message(text string) {
	if len(g.one.failures) == 0 {
		return
	}
	last := &g.one.failures[len(g.one.failures)-1]
	if m := goInput.FindStringSubmatch(text); m != nil {
		last.title = clean(last.title + " (input " + m[1] + ")")
		return
	}
	if m := goMessage.FindStringSubmatch(text); m != nil && last.title == "" {
		last.at, last.title = clean(placeOf(m[1])), clean(m[2])
	}
}

// end closes the target with the result of its package.
func (g *goFuzz) end(pkg string, failed bool) error {
	name := pkg
	if g.one.name != "" {
		name = pkg + "." + g.one.name
	}
	for i := range g.one.failures {
		g.one.failures[i].test = pkg + "." + g.one.failures[i].test
	}
	if failed && len(g.one.failures) == 0 {
		g.one.failures = append(g.one.failures, goFuzzFailure{test: name, title: "the package failed"})
	}
	return g.close(name, true)
}

func (g *goFuzz) close(name string, ended bool) error {
	one := g.one
	g.one, g.started = goFuzzOne{}, false
	for _, f := range one.failures {
		if strings.HasPrefix(f.test[strings.LastIndexByte(f.test, '.')+1:], "Fuzz") {
			name = f.test // the target without -v
		}
		if err := g.run.failure(f.test, "", f.title, f.at); err != nil {
			return err
		}
	}
	g.run.sum.Seconds = plus(g.run.sum.Seconds, one.seconds)
	g.run.sum.Corpus = plus(g.run.sum.Corpus, one.corpus)
	return g.run.target(name, one.executions, ended)
}

// dvyukovLine is a line in which go-fuzz (github.com/dvyukov/go-fuzz) tells its
// progress.
const dvyukovLine = `^[0-9/]+ [0-9:]+ (?:workers|slaves): [0-9]+, corpus: ([0-9]+) .*crashers: ([0-9]+), .*execs: ([0-9]+) .*uptime: (\S+)`

var dvyukov = lazyregexp.New(dvyukovLine)

// readDvyukov reads the log of go-fuzz: the last line counts. It names no target,
// and its times have no zone.
func readDvyukov(in *Source, run *fuzzRun) error {
	run.report.Tool.Name = "go-fuzz"
	var last []string
	var at int
	err := eachLine(in.Data, func(line int, text []byte) error {
		if m := dvyukov.FindStringSubmatch(string(text)); m != nil {
			last, at = m, line
		}
		return nil
	})
	if err != nil || last == nil {
		return err
	}
	return dvyukovEnd(run, fileTarget(in), last, at)
}

func dvyukovEnd(run *fuzzRun, target string, last []string, line int) (err error) {
	counts := make([]int64, 3)
	for i, name := range []string{"corpus", "crashers", "execs"} {
		if counts[i], err = number(line, name, last[i+1]); err != nil {
			return err
		}
	}
	uptime, err := time.ParseDuration(last[4])
	if err != nil {
		return malformed(line, "%q is no duration", clean(last[4]))
	}
	run.sum.Corpus, run.sum.Seconds = counts[0], int64(uptime/time.Second)
	if counts[1] > 0 {
		if err := run.failure(target, "crashers", "crashers that were kept: "+last[2], ""); err != nil {
			return err
		}
	}
	return run.target(target, counts[2], true)
}
