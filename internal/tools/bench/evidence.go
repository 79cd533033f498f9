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
	if err := os.MkdirAll(".cache", 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(".cache", "evidence-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(os.Stderr, "bench: writing %d statements and %.0f GB of inputs to %s\n", statements, inputBytes/1e9, dir)
	written, err := writeEvidence(dir)
	if err != nil {
		return err
	}
	syscall.Sync() // or the kernel writes while we measure
	b := &evidenceBench{program: program, dir: dir, runs: runs, written: written}
	return b.print()
}

type evidenceBench struct {
	program, dir string
	runs         int
	written      *sealed
}

// print measures everything in turn, so that a machine that changes its pace does
// so for all.
func (b *evidenceBench) print() error {
	signatures, err := b.signatures()
	if err != nil {
		return err
	}
	if err := b.fresh(); err != nil {
		return err
	}
	var own, memory, files, core, peer []sample
	for range b.runs {
		for _, m := range []struct {
			to *[]sample
			by func() (sample, error)
		}{{&own, b.verify}, {&files, b.hashFiles}, {&memory, b.hashMemory}, {&core, signatures}, {&peer, b.sha256sum}} {
			s, err := m.by()
			if err != nil {
				return err
			}
			*m.to = append(*m.to, s)
		}
	}
	fmt.Printf("%d statements, half Ed25519 and half ECDSA P-256, with %.0f GB of inputs in as many files:\n\n", statements, inputBytes/1e9)
	fmt.Print("| | Wall s | CPU s | Peak MB | GB of inputs per s |\n| --- | ---: | ---: | ---: | ---: |\n")
	hash, floor := middle(files), middle(core)
	row("theriac evidence verify", middle(own))
	row("the inputs read and hashed, both cores", hash)
	row("as many bytes of memory hashed, both cores", middle(memory))
	row("sha256sum of coreutils, one process for each core", middle(peer))
	fmt.Printf("| the signatures verified, both cores | %.3f | %.3f | | |\n", floor.wall.Seconds(), floor.cpu.Seconds())
	wall := middle(own).wall.Seconds()
	fmt.Printf("\n`evidence verify` reaches %.0f %% of the throughput of reading and hashing alone, and %.0f %% of that of reading, hashing and verifying the signatures alone.\n\n",
		100*hash.wall.Seconds()/wall, 100*(hash.wall+floor.wall).Seconds()/wall)
	return nil
}

func row(name string, s sample) {
	memory := ""
	if s.memory > 0 {
		memory = fmt.Sprintf("%.0f", float64(s.memory)/1e6)
	}
	fmt.Printf("| %s | %.3f | %.3f | %s | %.2f |\n", name, s.wall.Seconds(), s.cpu.Seconds(), memory, inputBytes/1e9/s.wall.Seconds())
}

// fresh sees to it that what is measured does the work: a flipped bit is found.
func (b *evidenceBench) fresh() error {
	name := b.written.inputs[statements/2]
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
	return os.WriteFile(name, text, 0o644)
}

func (b *evidenceBench) verify() (sample, error) {
	out, err := exec.Command(b.program, "evidence", "verify", b.dir).Output()
	if err != nil {
		return sample{}, fmt.Errorf("evidence verify: %w: %.300s", err, out)
	}
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

// signatures reads the statements, and gives what verifies their signatures and
// does nothing else.
func (b *evidenceBench) signatures() (func() (sample, error), error) {
	const kept = 200 // verified again and again: the memory of this process must stay small
	names, err := filepath.Glob(filepath.Join(b.dir, evidence.Folder, "*", "*.json"))
	if err != nil || len(names) != statements {
		return nil, fmt.Errorf("%d statements: %w", len(names), err)
	}
	var envelopes []*trust.Envelope
	for _, name := range names[:kept] {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		e, err := trust.OpenEnvelope(text)
		if err != nil {
			return nil, err
		}
		envelopes = append(envelopes, e)
	}
	return func() (sample, error) {
		return inParallel(statements, func() func(int) error {
			return func(i int) error { return b.signature(envelopes[i%kept]) }
		})
	}, nil
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
