package collect

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// readAFL reads the file fuzzer_stats of AFL and AFL++: a name and a value in
// each line. AFL++ calls saved_crashes and saved_hangs what AFL calls
// unique_crashes and unique_hangs.
func readAFL(in *Source, run *fuzzRun) error {
	s := aflStats{values: map[string]string{}, lines: map[string]int{}}
	if err := eachLine(in.Data, s.see); err != nil {
		return err
	}
	executions, err := s.count("execs_done")
	if err != nil {
		return err
	}
	target := path.Base(s.values["afl_banner"])
	if s.values["afl_banner"] == "" {
		target = fileTarget(in)
	}
	run.report.Tool.Name, run.report.Tool.Version = "AFL", clean(s.values["afl_version"])
	if rest, plus := strings.CutPrefix(run.report.Tool.Version, "++"); plus {
		run.report.Tool.Name, run.report.Tool.Version = "AFL++", rest
	}
	if err := s.sums(run); err != nil {
		return err
	}
	if err := s.failures(run, target); err != nil {
		return err
	}
	return run.target(target, executions, true)
}

type aflStats struct {
	values map[string]string
	lines  map[string]int
}

func (s aflStats) see(line int, text []byte) error {
	name, value, ok := strings.Cut(string(text), ":")
	name = strings.TrimSpace(name)
	switch {
	case len(strings.TrimSpace(string(text))) == 0:
		return nil
	case !ok || name == "":
		return malformed(line, "not a name and a value")
	case s.lines[name] != 0:
		return malformed(line, "%s stands twice", clean(name))
	}
	s.values[name], s.lines[name] = strings.TrimSpace(value), line
	return nil
}

// count reads a number that must be there, under the first of its names that is.
func (s aflStats) count(names ...string) (int64, error) {
	for _, name := range names {
		if value, ok := s.values[name]; ok {
			return number(s.lines[name], name, value)
		}
	}
	return 0, malformed(0, "%s is missing", names[0])
}

// sums reads times and sizes.
func (s aflStats) sums(run *fuzzRun) error {
	start, err := s.count("start_time")
	if err != nil {
		return err
	}
	end, err := s.count("last_update")
	if err != nil {
		return err
	}
	if end < start || end > 1<<36 {
		return malformed(s.lines["last_update"], "the run ends before it begins, or in no year of ours")
	}
	run.report.Started, run.report.Finished = time.Unix(start, 0).UTC(), time.Unix(end, 0).UTC()
	run.sum.Seconds = end - start
	if _, ok := s.values["run_time"]; ok { // without pauses
		if run.sum.Seconds, err = s.count("run_time"); err != nil {
			return err
		}
	}
	run.sum.Corpus, err = s.count("corpus_count", "paths_total")
	return err
}

// failures notes crashes and hangs, which the file only counts.
func (s aflStats) failures(run *fuzzRun, target string) error {
	for what, names := range map[string][]string{
		"crashes": {"saved_crashes", "unique_crashes"},
		"hangs":   {"saved_hangs", "unique_hangs"},
	} {
		n, err := s.count(names...)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := run.failure(target, what, fmt.Sprintf("%s that were kept: %d", what, n), ""); err != nil {
			return err
		}
	}
	return nil
}
