package collect

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// What fuzzers print at the end of a run: libFuzzer with -print_final_stats=1,
// go test -fuzz as text or with -json, the file fuzzer_stats of AFL and AFL++,
// and the log of go-fuzz. Each crash, hang or broken property is a failure,
// named by the target and by what broke rather than by the input that did it,
// which differs from run to run. A run without a failure passed only if it says
// how many inputs it tried.
var _ = add(Collector{
	Name: "fuzzer", Title: "fuzzer summary", Kind: "fuzzing",
	Looks: func(_ string, head []byte) bool { return fuzzDialect(head) != nil },
	Read: func(in *Source) (*Report, error) {
		if err := sized(in); err != nil {
			return nil, err
		}
		d := fuzzDialect(in.Data[:min(len(in.Data), HeadSize)])
		if d == nil {
			return nil, malformed(1, "not the output of libFuzzer, go test -fuzz, AFL++ or go-fuzz")
		}
		run := newFuzzRun()
		if err := d.read(in, run); err != nil {
			return nil, err
		}
		return run.done(), nil
	},
})

// fuzzer is a fuzzer whose output is known.
type fuzzer struct {
	looks func(head []byte) bool
	read  func(in *Source, run *fuzzRun) error
}

var fuzzers = []*fuzzer{
	{looksGoFuzzJSON, readGoFuzzJSON},
	{looksLine(`^fuzz: elapsed: [0-9hms.]+, `), readGoFuzz},
	{looksLine(`^INFO: (Seed: [0-9]+|Running with entropic power schedule |libFuzzer )`), readLibFuzzer},
	{looksLine(`^execs_done +: [0-9]+`), readAFL},
	{looksLine(dvyukovLine), readDvyukov},
}

// fuzzDialect returns the fuzzer that wrote a file.
func fuzzDialect(head []byte) *fuzzer {
	for _, f := range fuzzers {
		if f.looks(head) {
			return f
		}
	}
	return nil
}

// looksLine tells whether a text has a line of the form; JSON and XML have not.
func looksLine(form string) func(head []byte) bool {
	re := lazyregexp.New(`(?m)` + form)
	return func(head []byte) bool {
		first := bytes.TrimSpace(head)
		return len(first) > 0 && !bytes.ContainsRune([]byte("{[<"), rune(first[0])) && !bytes.ContainsRune(head, 0) && re.Match(head)
	}
}

// fuzzRun gathers what a fuzzer says.
type fuzzRun struct {
	report *Report
	sum    evidence.Fuzzing
	found  *findings
	broken map[string]bool // targets with a failure
}

func newFuzzRun() *fuzzRun {
	return &fuzzRun{report: &Report{}, found: newFindings(""), broken: map[string]bool{}}
}

// target notes that a target was fuzzed, how often, and how it came out, after
// its failures.
func (r *fuzzRun) target(name string, executions int64, ended bool) error {
	if name = clean(name); !slices.Contains(r.sum.Targets, name) {
		r.sum.Targets = append(r.sum.Targets, name)
	}
	r.sum.Executions = plus(r.sum.Executions, executions)
	c := Case{ID: name, Outcome: evidence.Pass, Items: []string{name}}
	switch {
	case r.broken[name]:
		return nil
	case !ended:
		c.Outcome, c.Title = evidence.Open, "the run has no end that says how many inputs were tried"
	case executions == 0:
		c.Outcome, c.Title = evidence.Open, "no input was tried"
	}
	return r.found.note(c)
}

// failure notes what broke.
func (r *fuzzRun) failure(target, what, title, at string) error {
	r.broken[clean(target)] = true
	id := target
	if what != "" {
		id += ": " + what
	}
	return r.found.note(Case{ID: id, Title: title, At: at, Outcome: evidence.Fail, Items: []string{target}})
}

func (r *fuzzRun) done() *Report {
	r.found.into(r.report)
	slices.Sort(r.sum.Targets)
	r.report.Details.Fuzzing = &r.sum
	return r.report
}

// fileTarget names the target by the file, for fuzzers that do not say what they
// ran.
func fileTarget(in *Source) string {
	return strings.TrimSuffix(in.Name, path.Ext(in.Name))
}

// plus adds counts without running over.
func plus(a, b int64) int64 {
	if sum := a + b; sum >= a && b >= 0 {
		return sum
	}
	return a
}

// number reads a count of an input, which has digits only.
func number(line int, name, text string) (int64, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 63)
	if err != nil {
		return 0, malformed(line, "%s is %q, which is no count", name, clean(text))
	}
	return int64(n), nil
}
