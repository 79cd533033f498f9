package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"theriac/evidence"
	"theriac/model"
)

func TestForms(t *testing.T) { goldens(t, Find("form")) }

// sample fills in what a template marks.
var sample = map[string]string{
	"started": "2026-09-01", "finished": "2026-09-04", "independence": "external", "outcome": "passed", "severity": "high", "fate": "open",
	"changes": "3", "components": "12", "critical": "0", "high": "0", "medium": "0", "executions": "100000", "seconds": "3600", "data": "2026-08-31",
	"findings": "[]", "reviewers": "[somebody-else]", "scope": "[if-hl7]", "for": "[ver-1]",
}

var marked = regexp.MustCompile(`^(?:[^#]*[ -])?([a-z-]+): (\[?)TBD\]?`)

// fill fills in the marked lines of a template, all but one.
func fill(template []byte, but int) []byte {
	lines := strings.Split(string(template), "\n")
	for i, line := range lines {
		m := marked.FindStringSubmatch(line)
		if m == nil || i == but {
			continue
		}
		value := sample[m[1]]
		switch {
		case value == "" && m[2] == "[":
			value = "[something]"
		case value == "":
			value = "something"
		}
		at := strings.Index(line, "TBD")
		lines[i] = line[:at-len(m[2])] + value
	}
	return []byte(strings.Join(lines, "\n"))
}

func TestTemplates(t *testing.T) {
	for _, v := range model.EvidenceKind("").Values() {
		kind := model.EvidenceKind(v.Name)
		template := Template(kind)
		if kind == "device-attestation" {
			if template != nil {
				t.Errorf("there is a form by which people attest devices")
			}
			continue
		}
		t.Run(v.Name, func(t *testing.T) { testTemplate(t, kind, template) })
	}
}

func testTemplate(t *testing.T, kind model.EvidenceKind, template []byte) {
	file := filepath.Join("testdata", "form", "template-"+string(kind)+".golden")
	if *update {
		if err := os.WriteFile(file, template, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || !bytes.Equal(want, template) {
		t.Errorf("%s differs (%v):\n%s", file, err, template)
	}
	read := func(data []byte) (*Report, error) { return readForm(&Source{Name: "x.yaml", Data: data}) }
	if !looksLikeForm("x.yaml", template) {
		t.Error("the template does not look like a form")
	}
	if _, err := read(template); err == nil {
		t.Error("the template is accepted as it is")
	}
	report, err := read(fill(template, -1))
	if err != nil {
		t.Fatalf("the template is refused when it is filled in: %v\n%s", err, fill(template, -1))
	}
	if report.Kind != kind {
		t.Errorf("kind %s", report.Kind)
	}
	marks := 0
	for i, line := range strings.Split(string(template), "\n") {
		if marked.MatchString(line) {
			marks++
			if _, err := read(fill(template, i)); err == nil {
				t.Errorf("accepted without %q", line)
			}
		}
	}
	if marks < 2 {
		t.Errorf("%d marks", marks)
	}
	// Lines behind a # are fields as well: with all of them the form has no
	// unknown field.
	open := regexp.MustCompile(`(?m)^# ( *)(- )?([a-z-]+):`).ReplaceAll(template, []byte("$1$2$3:"))
	open = bytes.Replace(open, []byte("findings: TBD"), []byte("findings:"), 1)
	if _, err := read(open); err == nil || strings.Contains(err.Error(), "unknown field") || strings.Contains(err.Error(), "expected a map") {
		t.Errorf("with all lines: %v", err)
	}
}

const penetration = `evidence-form: 1
kind: penetration-test
started: 2026-09-01
finished: 2026-09-04
performer: {who: Laboratory, independence: external}
scope: [if-hl7]
penetration:
  method: grey box
  findings:
    - id: F-1
      title: Weak cipher
      severity: low
      fate: accepted
`

// Each case changes one thing in a form; want is the whole error.
func TestFormRefused(t *testing.T) {
	manual := "evidence-form: 1\nkind: test-result\nfinished: 2026-09-04\nperformer: {who: Team}\nchecks:\n  - {id: T-1, outcome: passed}\n"
	scan := "evidence-form: 1\nkind: vulnerability-scan\nfinished: 2026-09-04\ntool: {name: X, version: 1}\nscope: [a]\nscan:\n  database: NVD\n  data: 2026-09-01\n  components: 3\n  findings: {critical: 0, high: 1, medium: 0}\nchecks:\n  - {id: CVE-1, outcome: failed, severity: high}\n"
	review := "evidence-form: 1\nkind: code-review\nfinished: 2026-09-04\nauthors: [A]\ncommit: abc\nreview:\n  changes: 2\n  reviewers: [B]\n"
	const fuzz = "evidence-form: 1\nkind: fuzzing\nfinished: 2026-09-04\ntool: {name: X, version: 1}\nscope: [a]\nfuzzing:\n  executions: 5\n  seconds: 1\n  targets: [a]\n"
	const sbom = "evidence-form: 1\nkind: sbom\nfinished: 2026-09-04\nsbom: {format: X, components: 3}\nattachments: [l.xlsx]\n"
	for _, tt := range []struct{ name, form, old, new, want string }{
		{"unknown field", manual, "finished", "finishd", "line 3: finishd: unknown field \"finishd\" (did you mean \"finished\"?)"},
		{"field of a check", manual, "outcome: passed", "outcom: passed", "line 6: checks[1].outcom: unknown field \"outcom\" (did you mean \"outcome\"?)"},
		{"enumeration", manual, "passed", "pass", "line 6: checks[1].outcome: \"pass\" is not a value of this field (one of passed, failed, inconclusive, skipped)"},
		{"version", manual, "form: 1", "form: 2", "line 1: evidence-form: version \"2\" of the form is not known (this program reads version 1)"},
		{"no performer", manual, "{who: Team}", "{skills: much}", "line 4: performer: a test-result must state \"performer.who\" (add the field)"},
		{"no checks", manual, "\n  - {id: T-1, outcome: passed}", " []", "line 5: checks: a test-result must state \"checks\" (add the field)"},
		{"day", manual, "2026-09-04", "2026-02-30", "line 3: finished: expected a day as YYYY-MM-DD or a time as YYYY-MM-DDThh:mm:ssZ, from 1971 to 9998, found \"2026-02-30\" (write it in the form that the message names)"},
		{"no end", manual, "finished: 2026-09-04\n", "", "line 1: missing required field \"finished\" (add `finished: ...`)"},
		{"two mistakes", manual, "{who: Team}\n", "{who: Team, who-else: x}\nscope: [7]\n", "line 4: performer.who-else: unknown field \"who-else\" (known here: who, independence, skills)\nline 5: scope[1]: \"7\" is no id (an id is a letter and at most 63 letters, digits, dots, dashes and underscores)"},
		{"same id", manual, "passed}\n", "passed}\n  - {id: T-1, outcome: failed}\n", "line 7: checks[2].id: the id \"T-1\" is taken (give each check and finding an id of its own: deviations refer to it)"},
		{"not for it", manual, "outcome: passed}\n", "outcome: passed, for: [ver-2]}\nfor: [ver-1]\n", "line 6: checks[1].for[1]: the form does not speak of \"ver-2\" (did you mean \"ver-1\"?)"},
		{"attestation", manual, "test-result", "device-attestation", "line 2: kind: nobody states a device-attestation in a form (the agent on the device makes it)"},
		{"part of another kind", manual, "checks", "sbom: {format: X, components: 1}\nchecks", "line 5: sbom: \"sbom\" does not belong to a test-result (remove it, or correct the kind)"},
		{"attachment elsewhere", manual, "checks", "attachments: [../x.pdf]\nchecks", "line 5: attachments[1]: \"../x.pdf\" is no name of a file beside the form (put the file beside the form and give its name alone)"},
		{"attached to itself", manual, "checks", "attachments: [x.yaml]\nchecks", "line 5: attachments[1]: the form is attached to itself (remove it)"},
		{"order", penetration, "started: 2026-09-01", "started: 2026-09-05", "line 4: finished: it ended before it began (correct started or finished)"},
		{"day and time", penetration, "started: 2026-09-01", "started: 2026-09-01T08:00:00Z", "line 4: finished: one of started and finished is a day, the other a time (write both in the same way)"},
		{"no start", penetration, "started: 2026-09-01\n", "", "line 2: kind: a penetration-test must state \"started\" (add the field)"},
		{"no scope", penetration, "scope: [if-hl7]\n", "", "line 2: kind: a penetration-test must state \"scope\" (add the field)"},
		{"no independence", penetration, ", independence: external", "", "line 5: performer: a penetration-test must state \"performer.independence\" (add the field)"},
		{"no method", penetration, "  method: grey box\n", "", "line 7: penetration: missing required field \"method\" (add `method: ...`)"},
		{"pending", penetration, "grey box", "TBD", "line 8: penetration.method: \"TBD\" only holds the place of a text that is still to be written (write the text, or remove the line: both leave it open until then)"},
		{"retested without day", penetration, "fate: accepted", "fate: retested", "line 10: penetration.findings[1]: a finding that was tested again must state the day (add `retested: YYYY-MM-DD`)"},
		{"day without retest", penetration, "fate: accepted", "fate: fixed\n      retested: 2026-10-01", "line 13: penetration.findings[1].fate: the finding was tested again and is fixed (write retested when the attack does not work any more; else remove `retested`)"},
		{"retested too early", penetration, "fate: accepted", "fate: retested\n      retested: 2025-10-01", "line 14: penetration.findings[1].retested: the finding was tested again before the test began (correct the day)"},
		{"unlisted finding", scan, "high: 1", "high: 2", "line 10: scan.findings.high: 2 findings are high, and the checks list 1 of them (list each finding that is a failure as a check with its severity)"},
		{"finding that passed", scan, "failed", "passed", "line 12: checks[1].outcome: a finding that is high has not passed: findings fail from medium on (correct the outcome or the severity)"},
		{"number missing", scan, ", medium: 0", "", "line 10: scan.findings: a vulnerability-scan must state \"scan.findings.medium\" (add the field)"},
		{"nothing scanned", scan, "scope: [a]\n", "", "line 2: kind: a vulnerability-scan must state \"scope\" (add the field)"},
		{"reviewed by the author", review, "[B]", "[A]", "line 8: review.reviewers: the only reviewer is the only author (name who else looked at the code)"},
		{"more unreviewed than there are", review, "[B]", "[B]\n  unreviewed: [c1, c2, c3]", "line 9: review.unreviewed: 3 changes of 2 (correct the number of changes)"},
		{"nothing tried", fuzz, "executions: 5", "executions: 0", "line 7: fuzzing.executions: no input was tried (state the number of inputs that were tried)"},
		{"no number", fuzz, "executions: 5", "executions: many", "line 7: fuzzing.executions: expected a whole number, found \"many\" (write it in the form that the message names)"},
		{"empty list of components", sbom, "components: 3", "components: 0", "line 4: sbom.components: the list is empty (state the number of components)"},
		{"more unnamed than there are", sbom, "components: 3", "components: 3, unnamed: 4", "line 4: sbom.unnamed: 4 components of 3 (correct the number)"},
		{"list not attached", sbom, "attachments: [l.xlsx]", "notes: x", "line 2: kind: an sbom must state \"attachments\" (add the field)"},
		{"attached twice", sbom, "[l.xlsx]", "[l.xlsx, l.xlsx]", "line 5: attachments[2]: \"l.xlsx\" is attached twice (remove one)"},
		{"same id twice", manual, "checks", "for: [a, a]\nchecks", "line 5: for[2]: \"a\" stands here twice (remove one)"},
		{"fewer low ones than listed", scan, "medium: 0}\nchecks:\n", "medium: 0, low: 0}\nchecks:\n  - {id: CVE-2, outcome: passed, severity: low}\n", "line 10: scan.findings.low: 0 findings are low, and the checks list 1 of them (correct the number)"},
		{"long list", manual, "checks", "scope: [a" + strings.Repeat(", a", maxList) + "]\nchecks", "line 5: scope: a list of more than 1000 texts (split the form)"},
		{"cut", manual, "outcome: passed}\n", "outcome: pas", ""},
		{"anchor", manual, "Team", "&a Team", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := readForm(&Source{Name: "x.yaml", Data: []byte(tt.form)}); err != nil {
				t.Fatalf("the form is faulty to begin with: %v", err)
			}
			_, err := readForm(&Source{Name: "x.yaml", Data: []byte(strings.Replace(tt.form, tt.old, tt.new, 1))})
			var m *Malformed
			if !errors.As(err, &m) || m.Line == 0 || tt.want != "" && err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	for _, data := range []string{"", "\n", "- a\n", "text\n", "\x00", "evidence-form: 1\n"} {
		var m *Malformed
		if r, err := readForm(&Source{Name: "x.yaml", Data: []byte(data)}); !errors.As(err, &m) {
			t.Errorf("%q: %v, %v", data, r, err)
		}
	}
}

// Only a finding that was attacked again in vain is no failure.
func TestFates(t *testing.T) {
	for fate, want := range map[string]evidence.Outcome{
		"open": "failed", "fixed": "failed", "accepted": "failed", "retested\n      retested: 2026-09-20": "passed",
	} {
		r, err := readForm(&Source{Data: []byte(strings.Replace(penetration, "accepted", fate, 1))})
		if err != nil || len(r.Cases) != 1 || r.Cases[0].Outcome != want {
			t.Errorf("%s: %+v, %v", fate, r, err)
		}
	}
}

// A stricter limit from outside asks for findings that the form does not list.
func TestFormFailAt(t *testing.T) {
	form := []byte("evidence-form: 1\nkind: dynamic-analysis\nfinished: 2026-09-04T10:00:00+02:00\ntool: {name: X, version: 1}\nscope: [a]\nanalysis:\n  findings: {critical: 0, high: 0, medium: 0, low: 4}\n")
	r, err := readForm(&Source{Data: form})
	if err != nil || r.Whole != evidence.Pass || r.Details.Analysis.FailAt != evidence.Medium || r.Finished.String() != "2026-09-04 08:00:00 +0000 UTC" {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := readForm(&Source{Data: form, FailAt: evidence.Low}); err == nil || !strings.Contains(err.Error(), "line 7: analysis.findings.low: 4 findings are low, and the checks list 0 of them") {
		t.Errorf("from low on: %v", err)
	}
}

func TestLooksLikeForm(t *testing.T) {
	for text, want := range map[string]bool{
		"evidence-form: 1\n": true, "\uFEFF# a comment\r\n\r\n---\nevidence-form : 1": true,
		"kind: x\nevidence-form: 1\n": false, "evidence-forms: 1": false, "  evidence-form: 1": false, "# evidence-form: 1\n": false, "": false,
	} {
		if got := looksLikeForm("x", []byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// The specification explains each field.
func TestFormDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats/evidence-form.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if r, err := readForm(&Source{Name: "x.yaml", Data: []byte(example)}); err != nil || len(r.Cases) != 1 {
		t.Errorf("the example: %+v, %v", r, err)
	}
	for _, k := range formKinds {
		if !bytes.Contains(text, []byte("| `"+string(k.kind)+"` |")) {
			t.Errorf("no row for the kind %s", k.kind)
		}
		for _, path := range k.required() {
			row := regexp.MustCompile("(?m)^\\| `" + string(k.kind) + "` \\|.*`" + regexp.QuoteMeta(path) + "`")
			if !row.Match(text) {
				t.Errorf("the row of %s does not name %s", k.kind, path)
			}
		}
		for _, line := range strings.Split(string(Template(k.kind)), "\n") {
			if m := regexp.MustCompile(`^(?:# )?[ -]*([a-z-]+):`).FindStringSubmatch(line); m != nil && !bytes.Contains(text, []byte("`"+m[1]+"`")) {
				t.Errorf("the field %s is not explained", m[1])
			}
		}
	}
}

func FuzzForm(f *testing.F) {
	for _, k := range formKinds {
		f.Add(fill(Template(k.kind), -1))
	}
	f.Add([]byte(penetration))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := readForm(&Source{Name: "x.yaml", Data: data})
		var m *Malformed
		switch {
		case err != nil && !errors.As(err, &m):
			t.Fatalf("%v is not Malformed", err)
		case err != nil:
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		if len(r.Cases) == 0 && r.Whole == "" || r.Finished.IsZero() || r.Kind == "" || r.Kind == "device-attestation" {
			t.Fatalf("%+v", r)
		}
	})
}
