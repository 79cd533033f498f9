package theriac_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac"
	"theriac/check"
	"theriac/diag"
	"theriac/format"
	"theriac/internal/synthetic"
	"theriac/model"
	"theriac/trace"
)

// today is the day on which the examples are judged.
var today = func() model.Date {
	d, err := model.ParseDate("2026-11-22")
	if err != nil {
		panic(err)
	}
	return d
}()

// scanDay is the day of the findings that the pump records: what is to be looked for each
// day is out of date on a later one.
var scanDay = func() model.Date {
	d, err := model.ParseDate("2026-10-05")
	if err != nil {
		panic(err)
	}
	return d
}()

func checked(t testing.TB, dir string) *theriac.Result {
	t.Helper()
	return checkedOn(t, dir, today)
}

func checkedOn(t testing.TB, dir string, day model.Date) *theriac.Result {
	t.Helper()
	var s theriac.Session
	r, err := s.Check(t.Context(), dir, theriac.Options{Today: day})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestExamplesPass: the complete examples have no errors, are as large as real
// files, and answer most of what is asked of them.
func TestExamplesPass(t *testing.T) {
	for name, clauses := range map[string][]string{
		"infusion-pump": {"mdr.annex-i.17.2", "mdr.annex-i.17.4", "mdr.annex-i.18.8", "mdr.annex-i.23.4.ab"},
		"pcr-analyser":  {"ivdr.annex-i.16.2", "ivdr.annex-i.16.4", "ivdr.annex-i.20.4.1.ah"},
	} {
		t.Run(name, func(t *testing.T) {
			r := checkedOn(t, filepath.Join("examples", name), scanDay)
			for _, f := range r.Findings {
				if f.Severity == diag.Error {
					t.Errorf("%s %s %s", f.Span, f.Code, f.Message)
				}
			}
			if n := len(r.File.Interfaces); n < 15 {
				t.Errorf("%d interfaces", n)
			}
			if n := len(r.File.Threats); n < 60 {
				t.Errorf("%d threats", n)
			}
			if n := len(r.File.Requirements); n < 80 {
				t.Errorf("%d requirements", n)
			}
			if s := r.Findings.Summary(); s.Warnings > 10 || s.Open > 40 {
				t.Errorf("not a good example: %+v", s)
			}
			states := map[string]check.Status{}
			for _, row := range r.Coverage {
				states[row.Entry.ID] = row.Status
				if len(row.Reasons) == 0 {
					t.Errorf("%s: %s without a reason", row.Entry.ID, row.Status)
				}
			}
			if len(states) < 100 {
				t.Errorf("%d clauses are covered or not", len(states))
			}
			for _, c := range clauses {
				if states[c] == "" || states[c] == check.NotApplicable || states[c] == check.Unanswered {
					t.Errorf("%s is %q", c, states[c])
				}
			}
		})
	}
}

// TestExamplesCanonical: the examples are written as `theriac fmt` writes them.
func TestExamplesCanonical(t *testing.T) {
	for _, dir := range []string{"examples/infusion-pump", "examples/pcr-analyser"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".yaml") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			formatted, err := format.Source(text, model.FieldOrder)
			if err != nil || !bytes.Equal(formatted, text) {
				t.Errorf("%s is not in canonical form: theriac fmt %s (%v)", name, dir, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

var faultMark = regexp.MustCompile(`# fault: (T\d{4}(?:, T\d{4})*)`)

// TestBroken: the broken pump has each marked fault at its line, and nothing
// that the whole pump does not have as well.
func TestBroken(t *testing.T) {
	want := faults(t, "examples/broken")
	if len(want) < 350 {
		t.Errorf("only %d faults", len(want))
	}
	same := map[string]bool{}
	for _, f := range checked(t, "examples/infusion-pump").Findings {
		same[f.Code+f.Entity+f.Message] = true
	}
	var got []string
	codes := map[string]bool{}
	for _, f := range checked(t, "examples/broken").Findings {
		codes[f.Code] = true
		if !same[f.Code+f.Entity+f.Message] {
			got = append(got, fmt.Sprintf("%s:%d %s", f.Span.Path(), f.Span.Line, f.Code))
		}
	}
	for _, line := range missing(got, want) {
		t.Errorf("marked but not found: %s", line)
	}
	for _, line := range missing(want, got) {
		t.Errorf("found but not marked: %s", line)
	}
	if len(codes) < 200 {
		t.Errorf("only %d different codes", len(codes))
	}
}

// missing lists what is in want and not in have, as often as it is short.
func missing(have, want []string) []string {
	count := map[string]int{}
	for _, s := range have {
		count[s]++
	}
	var out []string
	for _, s := range want {
		if count[s]--; count[s] < 0 {
			out = append(out, s)
		}
	}
	return out
}

// faults lists the marks in the files of a folder as "file:line code". The review
// file has no comments; a mark there stands in a line that is malformed anyway.
// Signed files, what lies beside them and the recorded findings are listed in the file
// FAULTS.
func faults(t *testing.T, dir string) []string {
	t.Helper()
	marks := listedFaults(t, dir)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".yaml") && filepath.Base(name) != trace.ReviewFile {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		for n := 1; lines.Scan(); n++ {
			if m := faultMark.FindStringSubmatch(lines.Text()); m != nil {
				for _, code := range strings.Split(m[1], ", ") {
					marks = append(marks, fmt.Sprintf("%s:%d %s", filepath.ToSlash(name), n, code))
				}
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return marks
}

// listedFaults reads the file FAULTS: on each line the path of a file, with :LINE where
// it is not the first, the codes of the findings there, and what was done to it.
// CODE@ID is the finding at an entity; see TestFaultsAtEntities.
func listedFaults(t *testing.T, dir string) []string {
	t.Helper()
	var marks []string
	eachListed(t, dir, func(name, line, code, entity string) {
		if entity == "" {
			marks = append(marks, fmt.Sprintf("%s:%s %s", name, line, code))
		}
	})
	return marks
}

var faultCode = regexp.MustCompile(`^(T\d{4})(?:@(\S+))?$`)

// eachListed visits the codes of FAULTS with the file, the line in it, and the entity if
// any.
func eachListed(t *testing.T, dir string, visit func(name, line, code, entity string)) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "FAULTS"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(line, " ", 3)
		if len(fields) < 3 {
			t.Fatalf("FAULTS: %q", line)
		}
		name, at, there := strings.Cut(fields[0], ":")
		if !there {
			at = "1"
		}
		name = filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
		for _, code := range strings.Split(fields[1], ",") {
			m := faultCode.FindStringSubmatch(code)
			if m == nil {
				t.Fatalf("FAULTS: %q", line)
			}
			visit(filepath.ToSlash(name), at, m[1], m[2])
		}
	}
}

// TestFaultsAtEntities: a fault of a signed file that shows at an entity is found
// there. That the line of the entity is marked, TestBroken sees to.
func TestFaultsAtEntities(t *testing.T) {
	found := map[string]bool{}
	for _, f := range checked(t, "examples/broken").Findings {
		found[f.Code+"@"+f.Entity] = true
	}
	count := 0
	eachListed(t, "examples/broken", func(name, _, code, entity string) {
		if count++; entity != "" && !found[code+"@"+entity] {
			t.Errorf("%s: no %s at %s", name, code, entity)
		}
	})
	if count < 70 {
		t.Errorf("only %d", count)
	}
}

// TestSynthetic: what the generator writes is accepted, with nothing worse than
// questions, so that benchmarks measure a sound file.
func TestSynthetic(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	stats, err := synthetic.Write(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
	r := checked(t, dir)
	codes := map[string]string{}
	for _, f := range r.Findings {
		if f.Severity == diag.Error || f.Severity == diag.Warning {
			codes[f.Code] = f.Message
		}
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		t.Errorf("%s: %s", code, codes[code])
	}
	count := 0
	r.File.All(func(model.Entity) { count++ })
	if count != stats.Entities || stats.References < 4*stats.Entities {
		t.Errorf("%d entities, %d said, %d references", count, stats.Entities, stats.References)
	}
}

// TestSameBytes: two runs say the same in the same order.
func TestSameBytes(t *testing.T) {
	first, second := checked(t, "examples/broken"), checked(t, "examples/broken")
	say := func(r *theriac.Result) string {
		var b strings.Builder
		for _, f := range r.Findings {
			fmt.Fprintln(&b, f.Span, f.Code, f.Message, f.Clauses, f.Help)
		}
		for _, row := range r.Coverage {
			fmt.Fprintln(&b, row.Entry.ID, row.Status, row.Reasons)
		}
		return b.String()
	}
	if say(first) != say(second) {
		t.Error("two runs differ")
	}
}

// TestVariant: a finding that only a variant has names it.
func TestVariant(t *testing.T) {
	dir := t.TempDir()
	text := `product: {name: Pump, regulation: MDR, class: IIb}
variants:
  wired: {title: Wired}
roles:
  role-a: {title: A, type: service, shared: true}
  role-b: {title: B, type: service, shared: true, only-in: [wired]}
`
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var s theriac.Session
	r, err := s.Check(t.Context(), dir, theriac.Options{Today: today, Only: []string{"T4002"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Entity+" "+f.Variant)
	}
	if !slices.Equal(got, []string{"role-a ", "role-b wired"}) {
		t.Errorf("got %q", got)
	}
	if len(r.File.Roles) != 1 {
		t.Error("the result should be that of the product itself")
	}
}

// BenchmarkCheck checks the infusion pump from a cold start.
func BenchmarkCheck(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		checked(b, "examples/infusion-pump")
	}
}

// BenchmarkRecheck checks 10,000 entities again in one process after one file
// changed.
func BenchmarkRecheck(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "file")
	if _, err := synthetic.Write(dir, 10000); err != nil {
		b.Fatal(err)
	}
	var s theriac.Session
	name := filepath.Join(dir, "module-0007.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		text = append(text, '#', '\n')
		if err := os.WriteFile(name, text, 0o600); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Check(b.Context(), dir, theriac.Options{Today: today}); err != nil {
			b.Fatal(err)
		}
	}
}
