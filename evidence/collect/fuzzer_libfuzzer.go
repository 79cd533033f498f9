package collect

import (
	"strings"

	"theriac/internal/lazyregexp"
)

var (
	libDone      = lazyregexp.New(`^Done ([0-9]+) runs in ([0-9]+) second`)
	libUnits     = lazyregexp.New(`^stat::number_of_executed_units: *(.*)$`)
	libCorpus    = lazyregexp.New(`^#[0-9]+\t.* corp: ([0-9]+)/`)
	libError     = lazyregexp.New(`^==[0-9]+== ?(?:ERROR|WARNING): (\w+): (.+)$`)
	libFrame     = lazyregexp.New(`^ *#[0-9]+ 0x[0-9a-f]+ in (.+?) ([^ ()]+:[0-9]+(?::[0-9]+)?)$`)
	libRuntime   = lazyregexp.New(`^(?:[^ ]*/)?([^ /:]+):([0-9]+):[0-9]+: runtime error: (.*)$`)
	libUnit      = lazyregexp.New(`Test unit written to (?:.*/)?((?:crash|leak|timeout|oom|slow-unit)-[0-9a-f]+)`)
	libInterrupt = lazyregexp.New(`^==[0-9]+== libFuzzer: run interrupted`)
)

// libFuzzer is what is known of the run; see "Output" in the documentation of
// libFuzzer, and the reports of the sanitizers.
type libFuzzer struct {
	run        *fuzzRun
	target     string
	executions int64
	ended      bool
	crash      *libCrash // the last error
}

// libCrash is an error, of which the frame with a source line comes later.
type libCrash struct{ sanitizer, kind, function, place, unit string }

// readLibFuzzer reads the log of libFuzzer. It does not name its target: the
// file stands for it.
func readLibFuzzer(in *Source, run *fuzzRun) error {
	l := &libFuzzer{run: run, target: fileTarget(in)}
	run.report.Tool.Name = "libFuzzer"
	err := eachLine(in.Data, func(line int, text []byte) error { return l.see(line, string(text)) })
	if err != nil {
		return err
	}
	if err := l.closeCrash(); err != nil {
		return err
	}
	return run.target(l.target, l.executions, l.ended)
}

func (l *libFuzzer) see(line int, text string) error {
	if m := libUnits.FindStringSubmatch(text); m != nil {
		return l.count(line, m[1])
	}
	if m := libDone.FindStringSubmatch(text); m != nil {
		seconds, err := number(line, "the time", m[2])
		if err != nil {
			return err
		}
		l.run.sum.Seconds = plus(l.run.sum.Seconds, seconds)
		return l.count(line, m[1])
	}
	if m := libCorpus.FindStringSubmatch(text); m != nil {
		size, err := number(line, "the corpus", m[1])
		l.run.sum.Corpus = size
		return err
	}
	return l.seeError(text)
}

func (l *libFuzzer) count(line int, text string) error {
	n, err := number(line, "the number of executions", text)
	l.executions, l.ended = max(l.executions, n), true
	return err
}

func (l *libFuzzer) seeError(text string) error {
	if m := libRuntime.FindStringSubmatch(text); m != nil {
		l.sanitizer("UndefinedBehaviorSanitizer")
		return l.run.failure(l.target, "runtime error at "+m[1]+":"+m[2], m[3], m[1]+":"+m[2])
	}
	if m := libError.FindStringSubmatch(text); m != nil && !libInterrupt.MatchString(text) {
		if err := l.closeCrash(); err != nil {
			return err
		}
		l.crash = &libCrash{sanitizer: m[1], kind: libKind(m[2])}
		l.sanitizer(m[1])
		return nil
	}
	if l.crash != nil {
		l.crash.hear(text)
	}
	if m := libUnit.FindStringSubmatch(text); m != nil {
		return l.unit(m[1])
	}
	return nil
}

// libKind is what broke, without the addresses and sizes of this run.
func libKind(text string) string {
	for _, end := range []string{" on ", " after ", " (", ":", " 0x"} {
		text, _, _ = strings.Cut(text, end)
	}
	return clean(text)
}

// sanitizer notes a sanitizer that was at work: the log names it only when it
// found something.
func (l *libFuzzer) sanitizer(name string) {
	if name != "libFuzzer" {
		l.run.sum.Sanitizers = cleanAll(append(l.run.sum.Sanitizers, name))
	}
}

// unit notes the input that broke the target; without an error before it, the
// log was cut and the input alone is the failure. A slow input is none.
func (l *libFuzzer) unit(name string) error {
	kind, _, _ := strings.Cut(name, "-")
	switch {
	case kind == "slow":
		return nil
	case l.crash != nil:
		l.crash.unit = name
		return nil
	}
	return l.run.failure(l.target, kind, "input "+name, "")
}

// hear takes the first frame that has a line of source, which is the first one
// outside of the runtime of the sanitizer.
func (c *libCrash) hear(text string) {
	if m := libFrame.FindStringSubmatch(text); m != nil && c.function == "" && !strings.Contains(text, "/compiler-rt/") {
		c.function, c.place = m[1], placeOf(m[2])
	}
}

func (l *libFuzzer) closeCrash() error {
	c := l.crash
	l.crash = nil
	if c == nil {
		return nil
	}
	what, title := c.kind, c.sanitizer+": "+c.kind
	if c.function != "" {
		what += " in " + c.function
	}
	if c.unit != "" {
		title += ", input " + c.unit
	}
	return l.run.failure(l.target, what, title, c.place)
}
