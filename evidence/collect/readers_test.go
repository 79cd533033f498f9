package collect

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"theriac/evidence"
)

// refusal is an input with the line and part of the reason of its refusal.
type refusal struct {
	data   string
	line   int
	reason string
}

// refusesAll wants a collector to refuse inputs, each at its line.
func refusesAll(t *testing.T, c *Collector, inputs map[string]refusal) {
	t.Helper()
	for name, r := range inputs {
		t.Run(name, func(t *testing.T) {
			_, err := c.Read(&Source{Name: "in", Data: []byte(r.data), Device: "192.0.2.10"})
			bad, ok := errors.AsType[*Malformed](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if bad.Line != r.line || !strings.Contains(bad.Reason, r.reason) {
				t.Errorf("got line %d: %s; want line %d: %s", bad.Line, bad.Reason, r.line, r.reason)
			}
		})
	}
}

// fuzzReader feeds a collector. Whatever it reads it reads again in the same
// way, with clean texts and known words only; whatever it refuses is malformed.
func fuzzReader(f *testing.F, c *Collector, device string) {
	paths, err := filepath.Glob(filepath.Join("testdata", c.Name, "*"))
	if err != nil || len(paths) == 0 {
		f.Fatal("no inputs", err)
	}
	for _, path := range paths {
		if ext := filepath.Ext(path); ext == ".golden" || ext == ".md" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c.Looks("in", data[:min(len(data), HeadSize)])
		report, err := c.Read(&Source{Name: "in", Data: data, Device: device})
		if err != nil {
			if _, ok := errors.AsType[*Malformed](err); !ok {
				t.Fatalf("not malformed: %v", err)
			}
			return
		}
		wellFormed(t, report)
		again, err := c.Read(&Source{Name: "in", Data: data, Device: device})
		if err != nil || !reflect.DeepEqual(report, again) {
			t.Fatalf("the same input was read differently: %v", err)
		}
	})
}

func wellFormed(t *testing.T, r *Report) {
	t.Helper()
	if len(r.Cases) == 0 && r.Whole == "" && r.Coverage == nil {
		t.Fatal("a report without checks says nothing of the whole")
	}
	for _, at := range []time.Time{r.Started, r.Finished} {
		if at.Location() != time.UTC || at.Nanosecond() != 0 {
			t.Fatalf("%v is not in whole seconds of UTC", at)
		}
	}
	for _, c := range r.Cases {
		for _, text := range append([]string{c.ID, c.Title, c.At}, c.Items...) {
			if clean(text) != text {
				t.Fatalf("%q is not clean", text)
			}
		}
		if c.ID == "" || c.Outcome != evidence.Pass && c.Outcome != evidence.Fail && c.Outcome != evidence.Open && c.Outcome != evidence.Skips {
			t.Fatalf("%+v", c)
		}
	}
	for _, p := range r.Network {
		if p.Port < 0 || p.Port > 65535 || p.Transport != "tcp" && p.Transport != "udp" || p.Direction != evidence.Inbound && p.Direction != evidence.Outbound {
			t.Fatalf("%+v", p)
		}
	}
}
