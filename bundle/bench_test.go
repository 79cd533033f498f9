package bundle

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"theriac/evidence"
	"theriac/model"
)

var (
	statements = flag.Int("statements", 200, "statements in the bundle of the benchmark")
	megabytes  = flag.Int("megabytes", 32, "raw inputs in the bundle of the benchmark")
	keep       = flag.String("keep", "", "`file` in which the bundle of the benchmark is kept")
)

// BenchmarkAudit audits a bundle from disk. The ratio is that of its speed to the
// speed at which all cores hash the same bytes from the same file.
func BenchmarkAudit(b *testing.B) {
	f := large(b)
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	var hashing, auditing time.Duration
	for b.Loop() {
		start := time.Now()
		hashAll(b, f, info.Size())
		hashing += time.Since(start)
		start = time.Now()
		r, err := Audit(b.Context(), f, info.Size(), trusted(b, "root"), Options{Today: today, only: []string{"T7416"}})
		if err != nil || !r.Verified {
			b.Fatal(err, r.Links)
		}
		auditing += time.Since(start)
	}
	b.ReportMetric(hashing.Seconds()/auditing.Seconds(), "of-sha256")
	b.ReportMetric(0, "MB/s")
	b.ReportMetric(float64(info.Size())/1e6*float64(b.N)/auditing.Seconds(), "audited-MB/s")
}

// hashAll hashes a file in pieces on all cores.
func hashAll(b *testing.B, r io.ReaderAt, size int64) {
	const piece = 4 << 20
	var next atomic.Int64
	group, _ := errgroup.WithContext(context.Background())
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			buf := make([]byte, 256<<10)
			for {
				from := (next.Add(1) - 1) * piece
				if from >= size {
					return nil
				}
				if _, err := io.CopyBuffer(onlyWriter{sha256.New()}, onlyReader{io.NewSectionReader(r, from, min(piece, size-from))}, buf); err != nil {
					return err
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

type onlyWriter struct{ io.Writer }

// large is a bundle with many statements, each with a raw input of its own.
func large(b *testing.B) *os.File {
	b.Helper()
	const verifications = 100
	files := small()
	files["more.yaml"] = "verifications:\n"
	for i := range verifications {
		files["more.yaml"] += fmt.Sprintf("  vf-%d:\n    title: Test %d\n    verifies: [rq-lock]\n    covers: [app-ui]\n    method: security-feature-test\n", i, i)
	}
	p := made(b, files)
	file := p.load()
	at := time.Date(2026, 6, 2, 10, 0, 0, 0, time.UTC)
	random, input := rand.NewChaCha8([32]byte{}), make([]byte, *megabytes<<20 / *statements)
	for i := range *statements {
		_, _ = random.Read(input)
		id := fmt.Sprintf("vf-%d", i%verifications)
		list := []*model.Verification{file.Lookup(id).(*model.Verification)}
		s := &evidence.Statement{Kind: "test-result", Subjects: evidence.SubjectsOf(file.Releases[0]), Predicate: evidence.Predicate{
			Release: "1.0.0", For: []string{id}, Finished: at, Recorded: at.Add(time.Duration(i) * time.Second), Basis: evidence.BasisFor(list), Scope: evidence.CoveredBy(list),
			Results: []evidence.Result{{Item: id, Outcome: evidence.Pass, Passed: 1}},
			Inputs:  []evidence.Input{{Name: fmt.Sprintf("report-%d.xml", i), SHA256: sum(string(input)), Size: int64(len(input)), Format: "junit"}},
		}}
		payload, err := evidence.Encode(s)
		if err != nil {
			b.Fatal(err)
		}
		p.write(evidence.PathOf(s, payload), p.seal("test-lead", payload))
		p.write("evidence/inputs/"+sum(string(input)), string(input))
	}
	d, err := Prepare(b.Context(), p.dir, file, file.Releases[0], today, "")
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	name := *keep
	if name == "" {
		name = filepath.Join(b.TempDir(), "large.theriac")
	}
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	if err := d.Write(b.Context(), f); err != nil {
		b.Fatal(err)
	}
	return f
}
