package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"theriac/evidence"
	"theriac/trust"
)

// proof measures `evidence verify` beside the least that any program must do for
// the same files: hash the inputs, verify the signatures.
func proof(program string, runs int) error {
	for _, statements := range []int{10000, 1000} {
		if err := proofOf(program, runs, statements); err != nil {
			return err
		}
	}
	return nil
}

func proofOf(program string, runs, statements int) error {
	if err := os.MkdirAll(".cache", 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(".cache", "evidence-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(os.Stderr, "bench: writing %d statements and %.0f GB of inputs to %s\n", statements, inputBytes/1e9, dir)
	written, err := writeEvidence(dir, statements)
	if err != nil {
		return err
	}
	syscall.Sync() // or the kernel writes while we measure
	b := &evidenceBench{program: program, dir: dir, runs: runs, statements: statements, written: written}
	return b.run()
}

type evidenceBench struct {
	program, dir     string
	runs, statements int
	written          *sealed
}

// figures are the middles of what was measured.
type figures struct{ own, files, memory, signatures, peer sample }

// run measures everything in turn, so that a machine that changes its pace does
// so for all.
func (b *evidenceBench) run() error {
	if err := b.finds(); err != nil {
		return err
	}
	envelopes, err := b.envelopes()
	if err != nil {
		return err
	}
	measured := []func() (sample, error){b.verify, b.hashFiles, b.hashMemory, func() (sample, error) { return b.signatures(envelopes) }, b.sha256sum}
	samples := make([][]sample, len(measured))
	for range b.runs {
		for i, m := range measured {
			s, err := m()
			if err != nil {
				return err
			}
			samples[i] = append(samples[i], s)
		}
	}
	b.print(figures{middle(samples[0]), middle(samples[1]), middle(samples[2]), middle(samples[3]), middle(samples[4])})
	return nil
}

func (b *evidenceBench) print(f figures) {
	fmt.Printf("%d statements, half Ed25519 and half ECDSA P-256, with %.0f GB of inputs in as many files:\n\n", b.statements, inputBytes/1e9)
	fmt.Print("| | Wall s | CPU s | Peak MB | GB of inputs per s |\n| --- | ---: | ---: | ---: | ---: |\n")
	row("theriac evidence verify", f.own)
	row("inputs read and hashed, nothing else", f.files)
	row("as many bytes hashed in memory", f.memory)
	row("sha256sum of coreutils, one process for each core", f.peer)
	fmt.Printf("| signatures verified, nothing else | %.3f | %.3f | | |\n", f.signatures.wall.Seconds(), f.signatures.cpu.Seconds())
	ratio := func(of func(sample) time.Duration) (hash, both float64) {
		h, s, own := of(f.files), of(f.signatures), of(f.own)
		return 100 * h.Seconds() / own.Seconds(), 100 * (h + s).Seconds() / own.Seconds()
	}
	wall, wallBoth := ratio(func(s sample) time.Duration { return s.wall })
	cpu, cpuBoth := ratio(func(s sample) time.Duration { return s.cpu })
	fmt.Printf("\nBeside reading and hashing alone: %.0f %% of the throughput by wall time, %.0f %% by CPU time.\n", wall, cpu)
	fmt.Printf("Beside reading, hashing and verifying signatures alone: %.0f %% by wall time, %.0f %% by CPU time.\n\n", wallBoth, cpuBoth)
}

func row(name string, s sample) {
	memory := ""
	if s.memory > 0 {
		memory = fmt.Sprintf("%.0f", float64(s.memory)/1e6)
	}
	fmt.Printf("| %s | %.3f | %.3f | %s | %.2f |\n", name, s.wall.Seconds(), s.cpu.Seconds(), memory, inputBytes/1e9/s.wall.Seconds())
}

// finds sees to it that what is measured does the work: a flipped bit is found.
func (b *evidenceBench) finds() error {
	name := b.written.inputs[b.statements/2]
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(name, text, 0o644); err != nil {
		return err
	}
	out, err := exec.Command(b.program, "evidence", "verify", b.dir).Output()
	if failed, ok := err.(*exec.ExitError); !ok || failed.ExitCode() != 1 {
		return fmt.Errorf("a flipped bit is not found: %v: %.300s", err, out)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(name, text, 0o644); err != nil {
		return err
	}
	if out, err := exec.Command(b.program, "evidence", "verify", b.dir).Output(); err != nil {
		return fmt.Errorf("good evidence is refused: %w: %.300s", err, out)
	}
	return nil
}

func (b *evidenceBench) verify() (sample, error) {
	return measure(1, b.program, "evidence", "verify", b.dir)
}

func (b *evidenceBench) sha256sum() (sample, error) {
	folder := filepath.Join(b.dir, filepath.FromSlash(evidence.InputFolder))
	return measure(1, "sh", "-c", fmt.Sprintf("ls %q | (cd %q && xargs -n 64 -P %d sha256sum) > %s", folder, folder, runtime.NumCPU(), os.DevNull))
}

// hashFiles reads and hashes the inputs and compares nothing.
func (b *evidenceBench) hashFiles() (sample, error) {
	return inParallel(len(b.written.inputs), func() func(i int) error {
		buf := make([]byte, 256<<10)
		return func(i int) error { return hashFile(b.written.inputs[i], buf) }
	})
}

func hashFile(name string, buf []byte) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	for {
		n, err := f.Read(buf)
		sum.Write(buf[:n])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// hashMemory hashes as many bytes as the inputs have, without reading them.
func (b *evidenceBench) hashMemory() (sample, error) {
	const part = 256 << 10
	return inParallel(inputBytes/part, func() func(int) error {
		buf := make([]byte, part)
		return func(int) error {
			sha256.Sum256(buf)
			return nil
		}
	})
}

// envelopes reads some statements, to be verified again and again: all of them
// would make this process large, and so the measured ones that it starts.
func (b *evidenceBench) envelopes() ([]*trust.Envelope, error) {
	names, err := filepath.Glob(filepath.Join(b.dir, evidence.Folder, "*", "*.json"))
	if err != nil || len(names) != b.statements {
		return nil, fmt.Errorf("%d statements: %w", len(names), err)
	}
	var all []*trust.Envelope
	for _, name := range names[:200] {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		e, err := trust.OpenEnvelope(text)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// signatures verifies as many signatures as there are statements.
func (b *evidenceBench) signatures(all []*trust.Envelope) (sample, error) {
	return inParallel(b.statements, func() func(int) error {
		return func(i int) error { return b.signature(all[i%len(all)]) }
	})
}

func (b *evidenceBench) signature(e *trust.Envelope) error {
	for _, key := range b.written.keys {
		if key.ID() == e.Signatures[0].KeyID {
			_, err := e.Verify(key)
			return err
		}
	}
	return fmt.Errorf("signed with key %s, which nobody has", e.Signatures[0].KeyID)
}

// inParallel does n things, on all cores.
func inParallel(n int, worker func() func(i int) error) (sample, error) {
	next := make(chan int)
	var failed error
	var once sync.Once
	var group sync.WaitGroup
	before, start := used(), time.Now()
	for range runtime.NumCPU() {
		group.Go(func() {
			do := worker()
			for i := range next {
				if err := do(i); err != nil {
					once.Do(func() { failed = err })
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	return sample{wall: time.Since(start), cpu: used() - before}, failed
}

// used is the CPU time of this process.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
