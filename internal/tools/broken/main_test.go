package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/approval"
	"theriac/evidence"
	"theriac/evidence/collect"
	"theriac/trust"
)

const dir = "../../../examples/broken"

func built(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestUpToDate: the example holds what the tables make, byte by byte, and nothing
// else.
func TestUpToDate(t *testing.T) {
	files := built(t)
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s is out of date: go run ./internal/tools/broken (%v)", name, err)
		}
	}
	for _, folder := range []string{evidence.Folder, approval.Folder} {
		err := fs.WalkDir(os.DirFS(dir), folder, func(name string, d fs.DirEntry, err error) error {
			if _, made := files[name]; err == nil && !d.IsDir() && !made {
				t.Errorf("%s is in no table", name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestFaults: FAULTS names files that exist, each once, and enough of them; the
// folder stays small.
func TestFaults(t *testing.T) {
	files := built(t)
	seen, bytes := map[string]bool{}, 0
	for line := range strings.Lines(string(files["FAULTS"])) {
		if name, _, _ := strings.Cut(line, " "); name != "#" {
			if seen[name] {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
		}
	}
	if len(seen) < 70 {
		t.Errorf("only %d faults", len(seen))
	}
	for name, text := range files {
		bytes += len(text)
		if strings.Contains(name, "fault-") && !seen[name] {
			t.Errorf("%s is not in FAULTS", name)
		}
	}
	if bytes > 400<<10 {
		t.Errorf("%d bytes", bytes)
	}
}

// TestInputs: the reports of tests beside the sound evidence say what it says, to
// the collector that it names.
func TestInputs(t *testing.T) {
	files, inputs := built(t), 0
	for name, text := range files {
		if !strings.HasPrefix(name, folder+"test-result-") {
			continue
		}
		e, err := trust.OpenEnvelope(text)
		if err != nil {
			t.Fatal(err)
		}
		s, faults := evidence.Decode(e.Payload)
		if len(faults) > 0 || len(s.Inputs) != 1 {
			t.Fatalf("%s: %v, %d inputs", name, faults, len(s.Inputs))
		}
		in := s.Inputs[0]
		r, err := collect.Find(in.Format).Read(&collect.Source{Name: in.Name, Data: files[evidence.InputFolder+"/"+in.SHA256]})
		if err != nil {
			t.Fatal(err)
		}
		tally, err := collect.Results(r, nil, s.For, nil)
		if err != nil {
			t.Fatal(err)
		}
		inputs++
		if len(tally.Results) != len(s.Results) || len(tally.Unmapped) > 0 {
			t.Fatalf("%s: %d results, %d in the input; %s", name, len(s.Results), len(tally.Results), tally.Unnamed())
		}
		for i, want := range s.Results {
			if have := tally.Results[i]; have.Item != want.Item || have.Outcome != want.Outcome || have.Passed != want.Passed {
				t.Errorf("%s: the input says %+v, the statement %+v", name, have, want)
			}
		}
		if !r.Finished.IsZero() && !r.Finished.Equal(s.Finished) {
			t.Errorf("%s: the input is of %s, the statement of %s", name, r.Finished, s.Finished)
		}
	}
	if inputs < 3 {
		t.Errorf("only %d inputs", inputs)
	}
}
