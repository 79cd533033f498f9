// Command bench measures theriac from a cold start by size of the security
// file, checking again after a change, and peers on the same task. It prints
// Markdown tables for docs/PERFORMANCE.md.
//
// Each figure is the median of several runs of a whole process: wall time, CPU
// time of user and system together, and the largest resident memory, as the
// kernel counts them.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"theriac"
	"theriac/check"
	"theriac/internal/synthetic"
)

func main() {
	runs := flag.Int("runs", 5, "runs for each figure")
	largest := flag.Int("largest", 100000, "largest file in entities")
	only := flag.String("only", "", "one part: sizes, analyses, evidence, documents, vulnerabilities, peers or again")
	advisories := flag.String("osv", "vuln/match/testdata/osv", "folder with archives of OSV records for the part vulnerabilities")
	flag.Parse()
	if err := bench(*runs, *largest, *only, *advisories); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func bench(runs, largest int, only, advisories string) error {
	dir, err := os.MkdirTemp("", "theriac-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "theriac")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "./cmd/theriac")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	fmt.Printf("%s, %s/%s, %d cores\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, part := range []struct {
		name string
		run  func() error
	}{
		{"evidence", func() error { return proof(program, runs) }},
		{"sizes", func() error { return sizes(program, dir, runs, largest) }},
		{"analyses", func() error { return analyses(program, dir, runs) }},
		{"documents", func() error { return documents(program, dir, runs) }},
		{"vulnerabilities", func() error { return vulnerabilities(program, dir, advisories, runs) }},
		{"peers", func() error { return peers(program, dir, runs) }},
		// At last, since a process that has grown counts towards the memory of those
		// that it starts.
		{"again", func() error { return again(dir) }},
	} {
		if only != "" && only != part.name {
			continue
		}
		if err := part.run(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// sample is what one run of a process cost.
type sample struct {
	wall, cpu time.Duration
	memory    int64 // bytes
}

// measure runs a command several times. An exit status of 1 means findings,
// which is no failure of the measurement.
func measure(runs int, name string, args ...string) (sample, error) {
	all, err := inTurn(runs, append([]string{name}, args...))
	if err != nil {
		return sample{}, err
	}
	return all[0], nil
}

// inTurn measures commands, each a program with its arguments, one after the other in
// every run: what else the machine does then weighs on all of them alike.
func inTurn(runs int, commands ...[]string) ([]sample, error) {
	all := make([][]sample, len(commands))
	for range runs {
		for i, c := range commands {
			s, err := once(c[0], c[1:]...)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], s)
		}
	}
	medians := make([]sample, len(commands))
	for i := range all {
		medians[i] = middle(all[i])
	}
	return medians, nil
}

// once runs a command.
func once(name string, args ...string) (sample, error) {
	cmd := exec.Command(name, args...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	wall := time.Since(start)
	if err != nil && (cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1) {
		return sample{}, fmt.Errorf("%s: %w\n%.2000s", cmd, err, out)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return sample{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), usage.Maxrss * 1024}, nil
}

// middle is the median of each figure.
func middle(all []sample) sample {
	return sample{
		wall:   median(all, func(s sample) time.Duration { return s.wall }),
		cpu:    median(all, func(s sample) time.Duration { return s.cpu }),
		memory: median(all, func(s sample) int64 { return s.memory }),
	}
}

func median[T cmp.Ordered](all []sample, of func(sample) T) T {
	values := make([]T, len(all))
	for i, s := range all {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (s sample) String() string {
	return fmt.Sprintf("%.3f | %.3f | %.0f", s.wall.Seconds(), s.cpu.Seconds(), float64(s.memory)/1e6)
}

// sizes measures check by the size of the file.
func sizes(program, dir string, runs, largest int) error {
	fmt.Print("| Entities | References | Files | MB | Wall s | CPU s | Peak MB | CPU us per entity |\n")
	fmt.Print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for n := 100; n <= largest; n *= 10 {
		target := filepath.Join(dir, fmt.Sprintf("file-%d", n))
		stats, err := synthetic.Write(target, n)
		if err != nil {
			return err
		}
		s, err := measure(runs, program, "check", "--format", "json", target)
		if err != nil {
			return err
		}
		fmt.Printf("| %d | %d | %d | %.1f | %s | %.1f |\n", stats.Entities, stats.References, stats.Files,
			float64(stats.Bytes)/1e6, s, float64(s.cpu.Microseconds())/float64(stats.Entities))
	}
	return nil
}

// again measures checking in one process after one file changed.
func again(dir string) error {
	dir = filepath.Join(dir, "again")
	if _, err := synthetic.Write(dir, 10000); err != nil {
		return err
	}
	var session theriac.Session
	options := theriac.Options{Today: check.Day(time.Now())}
	if _, err := session.Check(context.Background(), dir, options); err != nil {
		return err
	}
	name := filepath.Join(dir, "module-0007.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var all []sample
	for i := range 11 {
		text = append(text, fmt.Sprintf("# change %d\n", i)...)
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return err
		}
		start := time.Now()
		if _, err := session.Check(context.Background(), dir, options); err != nil {
			return err
		}
		all = append(all, sample{wall: time.Since(start)})
	}
	fmt.Printf("\nChecked again in one process after one of its files changed, 10,000 entities: %.0f ms (median of %d)\n\n",
		median(all, func(s sample) time.Duration { return s.wall }).Seconds()*1e3, len(all))
	return nil
}
