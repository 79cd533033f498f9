package collect

import (
	"testing"

	"theriac/evidence"
)

func TestFuzzer(t *testing.T) { goldens(t, Find("fuzzer")) }

func TestFuzzerOutcomes(t *testing.T) {
	const lib = "INFO: Seed: 1\n"
	for name, in := range map[string]struct {
		data, id string
		want     evidence.Outcome
	}{
		"libFuzzer without end":   {lib + "#2\tINITED cov: 5 ft: 6 corp: 1/1b exec/s: 0\n", "input", evidence.Open},
		"libFuzzer, nothing ran":  {lib + "Done 0 runs in 0 second(s)\n", "input", evidence.Open},
		"libFuzzer passed":        {lib + "Done 7 runs in 1 second(s)\n", "input", evidence.Pass},
		"libFuzzer, only a unit":  {lib + "artifact_prefix='./'; Test unit written to ./timeout-0123abcd\n", "input: timeout", evidence.Fail},
		"libFuzzer, slow unit":    {lib + "artifact_prefix='./'; Test unit written to ./slow-unit-0123abcd\nDone 7 runs in 1 second(s)\n", "input", evidence.Pass},
		"libFuzzer timeout":       {lib + "==7== ERROR: libFuzzer: timeout after 25 seconds\n", "input: timeout", evidence.Fail},
		"libFuzzer leak":          {lib + "==7==ERROR: LeakSanitizer: detected memory leaks\nDone 7 runs in 1 second(s)\n", "input: detected memory leaks", evidence.Fail},
		"undefined behaviour":     {lib + "/src/a.c:3:5: runtime error: shift exponent 40 is too large\nDone 7 runs in 1 second(s)\n", "input: runtime error at a.c:3", evidence.Fail},
		"Go without end":          {"fuzz: elapsed: 3s, execs: 10 (3/sec), new interesting: 0 (total: 1)\n", "input", evidence.Open},
		"Go, nothing tried":       {"fuzz: elapsed: 0s, gathering baseline coverage: 0/1 completed\nPASS\nok  \tp\t0.1s\n", "p", evidence.Open},
		"Go, the package failed":  {"fuzz: elapsed: 3s, execs: 10 (3/sec), new interesting: 0 (total: 1)\nFAIL\tp\t0.1s\n", "p", evidence.Fail},
		"go-fuzz":                 {"2015/04/25 12:39:53 workers: 4, corpus: 31 (12s ago), crashers: 0, restarts: 1/8027, execs: 12009519 (121224/sec), cover: 2746, uptime: 1m39s\n", "input", evidence.Pass},
		"go-fuzz with a crasher":  {"2015/04/25 12:39:53 workers: 4, corpus: 31 (12s ago), crashers: 2, restarts: 1/8027, execs: 12009519 (121224/sec), cover: 2746, uptime: 1m39s\n", "input: crashers", evidence.Fail},
		"AFL, hangs, older names": {"start_time: 1700000000\nlast_update: 1700000009\nexecs_done : 5\npaths_total: 2\nunique_crashes: 0\nunique_hangs: 1\nafl_banner: target\nafl_version: 2.52b\n", "target: hangs", evidence.Fail},
	} {
		report, err := Find("fuzzer").Read(&Source{Name: "input.log", Data: []byte(in.data)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(report.Cases) != 1 || report.Cases[0].ID != in.id || report.Cases[0].Outcome != in.want {
			t.Errorf("%s: got %+v", name, report.Cases)
		}
	}
}

func TestFuzzerRefuses(t *testing.T) {
	afl := func(more string) string {
		return "start_time : 1700000000\nlast_update : 1700000009\nexecs_done : 5\n" + more
	}
	refuses(t, Find("fuzzer"), refused{
		"empty":        {"", "empty"},
		"foreign":      {"hello\n", "not the output of"},
		"binary":       {"INFO: Seed: 1\n\x00", "not the output of"},
		"cut":          {"INFO: Seed: 1\nDone 5 ru", "line 2: the file ends in the middle"},
		"units":        {"INFO: Seed: 1\nstat::number_of_executed_units: many\n", "line 2"},
		"overflow":     {"INFO: Seed: 1\nDone 99999999999999999999 runs in 0 second(s)\n", "line 2"},
		"duration":     {"fuzz: elapsed: mmm, execs: 1 (1/sec), new interesting: 0 (total: 1)\n", "line 1"},
		"AFL, no line": {afl("hello\n"), "line 4: not a name"},
		"AFL twice":    {afl("execs_done : 6\n"), "line 4: execs_done stands twice"},
		"AFL crashes":  {afl("corpus_count : 1\nsaved_hangs : 0\n"), "saved_crashes is missing"},
		"AFL corpus":   {afl("saved_crashes : 0\n"), "corpus_count is missing"},
		"AFL no count": {afl("corpus_count : 1\nsaved_hangs : 0\nsaved_crashes : -1\n"), "line 6"},
		"AFL time":     {"start_time : 1700000009\nlast_update : 1700000000\nexecs_done : 5\n", "line 2: the run ends before"},
		"go-fuzz time": {"2015/04/25 12:39:53 workers: 4, corpus: 31 (12s ago), crashers: 0, restarts: 1/8, execs: 12 (1/sec), cover: 2, uptime: soon\n", "line 1"},
	})
}

func TestFuzzerCut(t *testing.T) {
	for _, path := range []string{"fuzzer/libfuzzer-passed.log", "fuzzer/gofuzz-passed.json", "fuzzer/gofuzz-crash.txt", "fuzzer/afl-passed.fuzzer_stats"} {
		t.Run(path, func(t *testing.T) { passesOnlyWhole(t, path) })
	}
}

// passesOnlyWhole checks that a run of which the end is missing does not pass,
// as long as the part that says how it ended was cut off.
func passesOnlyWhole(t *testing.T, path string) {
	in := source(t, path)
	for n := 0; n < len(in.Data)*3/5; n += max(len(in.Data)/100, 1) {
		report, err := Find("fuzzer").Read(&Source{Name: in.Name, Data: in.Data[:n]})
		if err != nil {
			continue
		}
		for _, c := range report.Cases {
			if c.Outcome == evidence.Pass {
				t.Errorf("%s cut at %d passes", path, n)
			}
		}
	}
}

func FuzzFuzzer(f *testing.F) { seeds(f, Find("fuzzer")) }
