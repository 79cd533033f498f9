package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/trace"
)

const otherDigest = "0123456789abcdef0123456789abcdef"

func TestTraceRules(t *testing.T) {
	const head = "-- theriac.yaml --\nproduct: { name: Example, regulation: MDR, class: IIb }\n"
	for _, m := range []marked{
		{"each target is one finding", "T2201", head + `
requirements:
  rq-a: { title: A }
  rq-b: { title: B } # want T2201
  rq-c: { title: C } # want T2201
verifications:
  vf:
    title: Test
    method: review
    verifies: [rq-a, rq-b, rq-c]
  vg:
    title: Second test
    method: review
    verifies: [rq-b]
-- theriac.reviews --
theriac reviews 1
link vf verifies rq-b ` + otherDigest + ` 2026-05-04 Test lead
link vf verifies rq-c ` + otherDigest + ` 2026-05-04 Test lead
link vg verifies rq-b ` + otherDigest + ` 2026-05-04 Test lead
`},
		{"what is gone or unreviewed is no fault", "T2201", head + `
requirements:
  rq-a: { title: A }
verifications:
  vf: { title: Test, method: review, verifies: [rq-a] }
-- theriac.reviews --
theriac reviews 1
link vf verifies rq-lost ` + otherDigest + ` 2026-05-04 Test lead
`},
		{"another version", "T2202", head + `
-- theriac.reviews --
theriac reviews 9 # want T2202
link
`},
		{"a link", "T2202", head + `
-- theriac.reviews (symbolic link) --
theriac.yaml # want T2202
`},
		{"merge", "T2202", head + `
-- theriac.reviews --
theriac reviews 1
<<<<<<< ours # want T2202
link vf verifies rq-a ` + otherDigest + ` 2026-05-04 Test lead
======= # want T2202
>>>>>>> theirs # want T2202
`},
		{"no source code: only the form is judged", "T2203", head + `
requirements:
  rq-a: { title: A, code: [a.c#x, "#y"] }
  rq-b:
    title: B
    code: ["a.c:x"] # want T2203
`},
		{"a folder is missing: only the form is judged", "T2203", strings.Replace(head, "IIb", "IIb, source-code: [src, lost]", 1) + `
verifications:
  vf: { title: Test, method: review, code: [a.c#x, "#y"] }
-- src/b.c --
int b;
`},
		{"test code", "T2203", strings.Replace(head, "IIb", "IIb, source-code: [src]", 1) + `
verifications:
  vf:
    title: Test
    method: review
    code: ["#b", "#two"] # want T2203
-- src/b.c --
int b; // theriac:b theriac:two
int c; // theriac:two
`},
		{"none is needed", "T2204", head + "requirements:\n  rq-a: { title: A }\n"},
		{"a file is no folder", "T2205", `
-- theriac.yaml --
product:
  name: Example
  regulation: MDR
  class: I
  source-code: [theriac.yaml] # want T2205
`},
	} {
		m.run(t)
	}
}

// TestTraceOfVariants: the rules speak of the product itself, so that a fault is
// said once.
func TestTraceOfVariants(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "theriac.yaml"), `
product: { name: Example, regulation: MDR, class: IIb, source-code: [lost] }
variants:
  v: { title: V }
requirements:
  rq: { title: A, code: [nothing/] }
verifications:
  vf: { title: Test, method: review, verifies: [rq] }
`)
	write(t, filepath.Join(dir, trace.ReviewFile), "theriac reviews 1\nbad\nlink vf verifies rq "+otherDigest+" 2026-05-04 Test lead\n")
	for variant, want := range map[string]string{"": "T2201 T2202 T2203 T2205", "v": ""} {
		l := model.Loader{Variant: variant}
		file, _, err := l.Load(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, code := range []string{"T2201", "T2202", "T2203", "T2204", "T2205"} {
			for range check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{Find(code)}, Today: today}).Findings {
				got = append(got, code)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("variant %q: got %v, want %s", variant, got, want)
		}
	}
}

// TestSuspectNamesWhatRests: the finding lists what rests on the change and leads
// there.
func TestSuspectNamesWhatRests(t *testing.T) {
	found := apply(t, Find("T2201"), Find("T2201").Bad)
	if len(found) != 1 || found[0].Severity != diag.Open || len(found[0].Related) != 1 {
		t.Fatalf("got %+v", found)
	}
	if f := found[0]; f.Entity != "rq-lock" || !strings.Contains(f.Message, "vf-lock (verifies)") || f.Related[0].Message != "reviewed on 2026-05-04 by Test lead" || f.Related[0].Span.Line == 0 {
		t.Errorf("got %+v", f)
	}
}

// TestReviewFileUnreadable: a review file that cannot be read is said to be so.
func TestReviewFileUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "theriac.yaml"), base)
	write(t, filepath.Join(dir, trace.ReviewFile), "theriac reviews 1\n")
	if err := os.Chmod(filepath.Join(dir, trace.ReviewFile), 0); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	found := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{Find("T2202")}, Today: today}).Findings
	if len(found) != 1 || found[0].Message != "theriac.reviews cannot be read: permission denied" {
		t.Errorf("got %+v", found)
	}
}
