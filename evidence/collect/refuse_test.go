package collect

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/evidence"
)

// refused are inputs that a collector must refuse, by name: the data, and a part
// of the message with its line.
type refused map[string]struct {
	data, message string
}

// refuses checks that each input is refused as malformed, with its reason.
func refuses(t *testing.T, c *Collector, inputs refused) {
	t.Helper()
	for name, in := range inputs {
		t.Run(name, func(t *testing.T) {
			report, err := c.Read(&Source{Name: name, Data: []byte(in.data)})
			if _, ok := errors.AsType[*Malformed](err); !ok {
				t.Fatalf("got %+v, %v, not a *Malformed", report, err)
			}
			if !strings.Contains(err.Error(), in.message) {
				t.Errorf("the message is %q, without %q", err, in.message)
			}
		})
	}
}

// cuts checks that no beginning of an input is read as if it were whole: it is
// refused, or says less than the whole.
func cuts(t *testing.T, c *Collector, path string, mayRead bool) {
	t.Helper()
	in := source(t, path)
	whole, err := c.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	step := max(len(in.Data)/200, 1)
	for n := 0; n < len(strings.TrimRight(string(in.Data), "\n")); n += step {
		report, err := c.Read(&Source{Name: in.Name, Data: in.Data[:n]})
		switch {
		case err != nil:
			if _, ok := errors.AsType[*Malformed](err); !ok {
				t.Errorf("%s cut at %d: %v is no *Malformed", path, n, err)
			}
		case !mayRead:
			t.Errorf("%s cut at %d is read", path, n)
		case reflect.DeepEqual(report, whole):
			t.Errorf("%s cut at %d says the same as the whole", path, n)
		}
	}
}

// robust checks what holds of every report, whatever the input: errors are
// malformed input, texts are clean, times are UTC, and nothing passes by itself
// that has checks.
func robust(t *testing.T, c *Collector, data []byte) {
	t.Helper()
	report, err := c.Read(&Source{Name: "input", Data: data})
	if err != nil {
		if _, ok := errors.AsType[*Malformed](err); !ok {
			t.Fatalf("%v is no *Malformed", err)
		}
		return
	}
	again, err := c.Read(&Source{Name: "input", Data: data})
	if err != nil || !reflect.DeepEqual(report, again) {
		t.Fatal("read twice, two reports")
	}
	for _, at := range []time.Time{report.Started, report.Finished} {
		if at.Location() != time.UTC {
			t.Errorf("%v is not UTC", at)
		}
	}
	texts := []string{report.Tool.Name, report.Tool.Version, report.Commit}
	for _, k := range report.Cases {
		if k.ID == "" || !slices.Contains([]evidence.Outcome{evidence.Pass, evidence.Fail, evidence.Open, evidence.Skips}, k.Outcome) {
			t.Errorf("a check without id or outcome: %+v", k)
		}
		texts = append(append(texts, k.ID, k.Title, k.At), k.Items...)
	}
	for _, s := range texts {
		if s != clean(s) {
			t.Errorf("%q is not clean", s)
		}
	}
	if len(report.Cases) == 0 && report.Whole == "" {
		t.Error("no checks, and nothing said of the whole")
	}
	if v := report.Coverage; v != nil && (v.Covered > v.Lines || v.BranchesTrue > v.Branches || v.Covered < 0) {
		t.Errorf("more is covered than there is: %+v", v)
	}
}

// seeds gives the inputs of a collector's testdata to a fuzz target.
func seeds(f *testing.F, c *Collector) {
	f.Helper()
	files, err := os.ReadDir("testdata/" + c.Name)
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file.Name(), ".golden") || file.Name() == "README.md" {
			continue
		}
		data, err := os.ReadFile("testdata/" + c.Name + "/" + file.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { robust(t, c, data) })
}
