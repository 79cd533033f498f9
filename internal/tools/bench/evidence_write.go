package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/trust"
)

// inputBytes is how much the statements name as inputs, each its own.
const inputBytes = 2_000_000_000

// inputShares are the sizes of inputs as shares of the average: reports are mostly
// short, captures of traffic and logs of fuzzers long.
var inputShares = []float64{0.02, 0.05, 0.05, 0.1, 0.1, 0.2, 0.4, 0.6, 1.5, 6.98}

// sealed is what was written, as far as the floor of the same work needs it.
type sealed struct {
	inputs []string // paths
	keys   []*trust.PublicKey
}

// writeEvidence writes a security file with statements about its only release,
// signed half with Ed25519 and half with ECDSA over P-256.
func writeEvidence(dir string, statements int) (*sealed, error) {
	var keys []*trust.PrivateKey
	for _, algorithm := range []string{trust.Ed25519, trust.ECDSAP256} {
		key, err := trust.Generate(algorithm)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(evidence.InputFolder)), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), rosterOf(keys), 0o644); err != nil {
		return nil, err
	}
	w := &writer{dir: dir, random: rand.NewChaCha8([32]byte{}), buf: make([]byte, 1<<20)}
	out := &sealed{keys: []*trust.PublicKey{keys[0].Public(), keys[1].Public()}}
	for i := range statements {
		name, in, err := w.input(int(inputShares[i%len(inputShares)] * inputBytes / float64(statements)))
		if err != nil {
			return nil, err
		}
		out.inputs = append(out.inputs, name)
		if err := w.statement(i, in, keys[i%len(keys)]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func rosterOf(keys []*trust.PrivateKey) []byte {
	var b bytes.Buffer
	b.WriteString("product: {name: Evidence, regulation: MDR, class: IIa}\nsigners:\n")
	for i, key := range keys {
		fmt.Fprintf(&b, "  signer-%d:\n    title: Signer %d\n    type: machine\n    keys:\n      - public: |\n", i, i)
		for line := range strings.Lines(string(key.Public().PEM())) {
			b.WriteString("          " + line)
		}
	}
	return b.Bytes()
}

type writer struct {
	dir    string
	random *rand.ChaCha8
	buf    []byte
}

// input writes a raw input under its digest.
func (w *writer) input(size int) (string, evidence.Input, error) {
	folder := filepath.Join(w.dir, filepath.FromSlash(evidence.InputFolder))
	f, err := os.CreateTemp(folder, ".input-")
	if err != nil {
		return "", evidence.Input{}, err
	}
	defer f.Close()
	sum := sha256.New()
	for left := size; left > 0; left -= len(w.buf) {
		part := w.buf[:min(left, len(w.buf))]
		_, _ = w.random.Read(part) // never fails
		sum.Write(part)
		if _, err := f.Write(part); err != nil {
			return "", evidence.Input{}, err
		}
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	name := filepath.Join(folder, digest)
	return name, evidence.Input{Name: "report.xml", SHA256: digest, Size: int64(size), Format: "junit"}, os.Rename(f.Name(), name)
}

// statement writes a statement that holds what those of the examples hold.
func (w *writer) statement(i int, in evidence.Input, key *trust.PrivateKey) error {
	at := time.Date(2026, 6, 18, 9, 30, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	item := fmt.Sprintf("vf-%05d", i)
	s := &evidence.Statement{Kind: "test-result"}
	s.Release, s.For, s.Started, s.Finished, s.Recorded = "1.0.0", []string{item}, at, at.Add(time.Minute), at.Add(time.Hour)
	s.Tool = evidence.Tool{Name: "pytest", Version: "8.4.1"}
	s.Performer = evidence.Performer{Who: "Verification team", Independence: "other-team"}
	s.Inputs = []evidence.Input{in}
	s.Results = []evidence.Result{{Item: item, Outcome: evidence.Pass, Passed: 12}}
	for n := range 3 {
		s.Subjects = append(s.Subjects, evidence.Subject{Name: fmt.Sprintf("artefacts/part-%d.img", n), SHA256: digestOf("artefact", n)})
	}
	for n := range 6 {
		id := fmt.Sprintf("co-%05d", i+n)
		s.Scope = append(s.Scope, id)
		s.Basis = append(s.Basis, basis(id))
	}
	payload, err := evidence.Encode(s)
	if err != nil {
		return err
	}
	text, err := trust.Seal(context.Background(), evidence.PayloadType, payload, key)
	if err != nil {
		return err
	}
	name := filepath.Join(w.dir, filepath.FromSlash(evidence.PathOf(s, payload)))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

// basis is what an entity was like, which is the same for all that rests on it.
func basis(id string) evidence.Basis {
	b := evidence.Basis{ID: id, Digest: digestOf(id, 0)[:32], Fields: map[string]string{}}
	for _, field := range []string{"owner", "parses", "privileged", "safety", "type", "version", "zone"} {
		b.Fields[field] = digestOf(id+field, 0)[:8]
	}
	return b
}

func digestOf(what string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", what, n))
	return hex.EncodeToString(sum[:])
}
