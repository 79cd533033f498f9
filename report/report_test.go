package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var update = flag.Bool("update", false, "write the golden files")

const page = `product:
  name: Example pump
roles:
  role-service:
    title: Service technician
	type: service # 药 (medicine)
    shared: true
`

// sample is a report with a finding of each sort, two of the same rule, one in
// a variant, one without a place, and one that is waived.
func sample() Input {
	src := &diag.Source{Path: "pump/access.yaml", Text: []byte(page)}
	why := "a record of who did what is worth nothing when the account belongs to several people"
	clauses := []string{"mdcg.cap.paut", "mdcg.cap.audt", "mdr.annex-i.18.8", "sota.a", "sota.b", "sota.c"}
	law := &catalog.Source{ID: "mdr", Title: "MDR", Edition: "2017", Kind: "law"}
	guide := &catalog.Source{ID: "mdcg", Title: "MDCG 2019-16", Edition: "December 2019", Kind: "guidance"}
	entry := func(s *catalog.Source, id, part string) *catalog.Entry {
		return &catalog.Entry{ID: id, Source: s, Clause: "Annex I §1", Part: part, Title: "Title of " + id, Role: catalog.Direct}
	}
	login := &model.Control{Base: model.Base{ID: "ct-login"}}
	return Input{
		Version: "v1.2.3", Catalog: &catalog.Catalog{Sources: []*catalog.Source{law, guide}}, Limit: diag.Error,
		Product: &model.Product{Name: "Example pump", Regulation: model.MDR, Class: "IIb", UDIDI: "09521234543213", Manufacturer: model.Manufacturer{Name: "Example Works"}},
		Rules: []*check.Rule{
			{Code: "T0002", Severity: diag.Error, Title: "not valid YAML", Why: "it cannot be read", Fix: "mend it"},
			{Code: "T4002", Severity: diag.Error, Title: "several people use one account", Why: why, Fix: "give each person an account", Clauses: clauses[:2], Run: func(*check.Pass) {}},
			{Code: "T6006", Severity: diag.Warning, Title: "needless asset", Why: "w", Fix: "f", Run: func(*check.Pass) {}},
		},
		Findings: diag.List{
			{Code: "T2301", Severity: diag.Open, Span: src.At(1, 1, 7), Message: "capability.paut: no control gives it", Help: "name a control", Why: "asked", Clauses: clauses[:1]},
			{Code: "T2301", Severity: diag.Open, Span: src.At(1, 1, 7), Message: "capability.audt: no control gives it", Help: "name a control", Why: "asked", Variant: "v-home"},
			{Code: "T4002", Severity: diag.Error, Span: src.At(7, 13, 4), Message: `role "role-service" shares one account among several people`, Entity: "role-service", Why: why, Help: "give each person an account", Clauses: clauses,
				Related: []diag.Related{{Span: src.At(4, 3, 12), Message: "declared here"}}},
			{Code: "T4002", Severity: diag.Error, Span: src.At(6, 18, 1), Message: "100% wrong, \x1b[31mred\nsecond line", Entity: "role-service", Why: why, Help: "fix: this, or that"},
			{Code: "T6001", Severity: diag.Warning, Message: "nothing is said", Why: "a reviewer asks", Help: "say it"},
			{Code: "T6002", Severity: diag.Note, Span: src.At(2, 3, 4), Message: "worth knowing", Help: "nothing to do"},
			{Code: "T6003", Severity: diag.Error, Span: src.At(2, 9, 12), Message: "stands for now", Why: "w", Help: "h",
				Waiver: &diag.Waiver{ID: "wv-1", Owner: "Head of Development", Reason: "replaced in release 3", Expires: "2027-01-31"}},
		},
		Coverage: []check.Row{
			{Entry: entry(law, "mdr.annex-i.1", "Annex I"), Applicable: catalog.True, Status: check.Satisfied, Reasons: []string{"q: answered by ct-login"}, By: []model.Entity{login}},
			{Entry: entry(law, "mdr.annex-i.2", "Annex I"), Applicable: catalog.True, Status: check.Partial, Reasons: []string{"q: half"}},
			{Entry: entry(law, "mdr.art.10", "Articles"), Applicable: catalog.Undecided, Status: check.Unanswered},
			{Entry: entry(guide, "mdcg.1", "Section 1"), Applicable: catalog.False, Status: check.NotApplicable, Reasons: []string{"applies when connected; connected is false"}},
			{Entry: entry(guide, "mdcg.2", "Section 2"), Applicable: catalog.True, Status: check.Unanswered},
		},
	}
}

func render(t *testing.T, write func(io.Writer, Input) error, in Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			got := render(t, f.Write, sample())
			if again := render(t, f.Write, sample()); again != got {
				t.Error("a second report differs from the first")
			}
			name := filepath.Join("testdata", "golden."+f.Name)
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from the golden file; got\n%s", f.Name, got)
			}
		})
	}
}

// TestEmpty: a report about nothing is well-formed and never claims coverage.
func TestEmpty(t *testing.T) {
	in := Input{Version: "v1", Catalog: sample().Catalog, Rules: sample().Rules, Limit: diag.Error}
	var j map[string]any
	if err := json.Unmarshal([]byte(render(t, writeJSON, in)), &j); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"findings", "coverage"} {
		if list, ok := j[key].([]any); !ok || len(list) != 0 {
			t.Errorf("%s is %v, want an empty list", key, j[key])
		}
	}
	if j["product"] != nil {
		t.Errorf("product is %v, want null", j["product"])
	}
	if got := render(t, writeText, in); !strings.Contains(got, "no clause was judged") {
		t.Errorf("text does not say that nothing was judged:\n%s", got)
	}
	if got := render(t, writeJUnit, in); !strings.Contains(got, `tests="3" failures="0" skipped="2"`) {
		t.Errorf("rules that did not run must not count as passed:\n%s", got)
	}
}

func schema(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	return s.Validate(value)
}

func TestSARIFSchema(t *testing.T) {
	s := schema(t, "testdata/sarif-schema-2.1.0.json")
	for _, in := range []Input{sample(), {Version: "v1", Catalog: sample().Catalog}} {
		if err := validate(t, s, render(t, writeSARIF, in)); err != nil {
			t.Error(err)
		}
	}
	if validate(t, s, `{"version": "2.1.0", "runs": [{}]}`) == nil {
		t.Error("the schema accepts a run without a tool: it does not check anything")
	}
}

func TestJSONSchema(t *testing.T) {
	s := schema(t, "../docs/formats/check.schema.json")
	for _, in := range []Input{sample(), {Version: "v1", Catalog: sample().Catalog}} {
		if err := validate(t, s, render(t, writeJSON, in)); err != nil {
			t.Error(err)
		}
	}
	broken := strings.Replace(render(t, writeJSON, sample()), `"severity": "open"`, `"severity": "grave"`, 1)
	if validate(t, s, broken) == nil {
		t.Error("the schema accepts an unknown severity")
	}
}

// TestDocumented checks the example of the specification against the schema.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/formats/check-json.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatal("the specification shows no example")
	}
	if err := validate(t, schema(t, "../docs/formats/check.schema.json"), string(m[1])); err != nil {
		t.Error(err)
	}
}

// TestJUnit reads the report as a build server would.
func TestJUnit(t *testing.T) {
	for _, c := range []struct {
		limit             diag.Severity
		failures, skipped int
	}{{0, 0, 7}, {diag.Error, 2, 5}, {diag.Open, 4, 3}, {diag.Note, 6, 1}} {
		in := sample()
		in.Limit = c.limit
		var r junitSuites
		if err := xml.Unmarshal([]byte(render(t, writeJUnit, in)), &r); err != nil {
			t.Fatal(err)
		}
		if r.Tests != 9 || r.Failures != c.failures || r.Skipped != c.skipped {
			t.Errorf("limit %v: %d tests, %d failures, %d skipped; want 9, %d, %d", c.limit, r.Tests, r.Failures, r.Skipped, c.failures, c.skipped)
		}
		n := 0
		for _, s := range r.Suites {
			n += len(s.Cases)
		}
		if n != r.Tests {
			t.Errorf("%d cases, counted %d", n, r.Tests)
		}
	}
}

// TestFingerprint: a finding keeps its fingerprint when lines move, and two
// findings never share one.
func TestFingerprint(t *testing.T) {
	at := func(text string, line int) diag.Finding {
		src := &diag.Source{Path: "a.yaml", Text: []byte(text)}
		return diag.Finding{Code: "T4002", Entity: "r", Span: src.At(line, 9, 4)}
	}
	before := fingerprint(at("shared: true\n", 1), map[string]int{})
	if after := fingerprint(at("# new\nshared: true\n", 2), map[string]int{}); after != before {
		t.Error("the fingerprint changes with the line")
	}
	if other := fingerprint(at("shared: none\n", 1), map[string]int{}); other == before {
		t.Error("the fingerprint does not depend on the value")
	}
	seen := map[string]int{}
	first, second := fingerprint(at("shared: true\n", 1), seen), fingerprint(at("shared: true\n", 1), seen)
	if first == second {
		t.Error("two equal findings share a fingerprint")
	}
}

func TestSARIFPlace(t *testing.T) {
	for _, c := range []struct{ path, uri, base string }{
		{"pump/a b.yaml", "pump/a%20b.yaml", "%SRCROOT%"},
		{"a:b.yaml", "./a:b.yaml", "%SRCROOT%"},
		{"../pump/ü.yaml", "../pump/%C3%BC.yaml", "%SRCROOT%"},
		{"/tmp/a.yaml", "file:///tmp/a.yaml", ""},
		{"C:/pump/a.yaml", "file:///C:/pump/a.yaml", ""},
	} {
		src := &diag.Source{Path: c.path, Text: []byte("x")}
		if got := sarifPlace(src.At(1, 1, 1)).Artifact; got.URI != c.uri || got.Base != c.base {
			t.Errorf("%s: got %q below %q, want %q below %q", c.path, got.URI, got.Base, c.uri, c.base)
		}
	}
}

func TestGitHubEscapes(t *testing.T) {
	src := &diag.Source{Path: "a,b:c%.yaml", Text: []byte("x")}
	got := command(diag.Finding{Code: "T0002", Severity: diag.Error, Span: src.At(1, 1, 1), Message: "50% of\r\n::error::it\x1b[0m", Help: "a: b, c"})
	want := `::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,endLine=1,endColumn=2,title=T0002 error::50%25 of\x0d ::error::it\x1b[0m%0Afix: a: b, c`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
