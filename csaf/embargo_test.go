package csaf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"theriac/document/html"
	"theriac/document/plain"
	"theriac/model"
)

const otherCase = `cases:
  case-other:
    title: Kept
    source: reporter
    aware: 2026-02-01T09:00:00Z
    vulnerabilities: [GHSA-aaaa-bbbb-cccc]
    embargo: 2026-12-24T12:00:00Z
`

// TestEmbargoOfAnother: what another case keeps is left out of a VEX of all decisions, and
// makes the advisory of a case one that is not for everybody.
func TestEmbargoOfAnother(t *testing.T) {
	on := day(t, "2026-03-10")
	file := pump(t, "cases:\n", otherCase)
	in := Input{File: file, Decisions: file.Decisions, VEX: true, ID: "VEX-1", Day: on, Covers: covers}
	held := in.Withheld()
	if len(held) != 1 || held[0].Vulnerability != "GHSA-aaaa-bbbb-cccc" || held[0].Case.ID != "case-other" {
		t.Errorf("held back: %+v", held)
	}
	text, _ := made(t, in)
	if bytes.Contains(text, []byte("GHSA-aaaa")) || !bytes.Contains(text, []byte("CVE-2026-1000")) || !bytes.Contains(text, []byte(`"label": "WHITE"`)) {
		t.Errorf("it tells what is kept:\n%s", text)
	}
	in.Label = "RED"
	if text, _ = made(t, in); !bytes.Contains(text, []byte("GHSA-aaaa")) || !bytes.Contains(text, []byte(`"label": "RED"`)) || in.Withheld() != nil {
		t.Errorf("for named recipients:\n%s", text)
	}
	in.Label, in.Names = "", [][]string{{"GHSA-aaaa-bbbb-cccc", "CVE-2026-1000"}}
	if _, err := Make(in); err == nil || !strings.Contains(err.Error(), "all that was decided is under embargo") {
		t.Errorf("all is kept: %v", err)
	}
	in.Case = file.Cases[slices.IndexFunc(file.Cases, func(c *model.Case) bool { return c.ID == "case-tls" })]
	if text, _ = made(t, Input{File: file, Case: in.Case, Day: on, Names: in.Names}); !bytes.Contains(text, []byte(`"label": "AMBER"`)) {
		t.Error("the advisory of a case tells everybody what another keeps by another name")
	}
	if text, _ = made(t, Input{File: file, Case: in.Case, Day: on}); !bytes.Contains(text, []byte(`"label": "WHITE"`)) {
		t.Error("an advisory of something else is not for everybody")
	}
}

// TestEmbargoInTexts: whatever the document tells in words is held against the embargoes of
// other cases.
func TestEmbargoInTexts(t *testing.T) {
	on := day(t, "2026-03-10")
	label := func(change func(*model.Case)) string {
		file := pump(t, "cases:\n", otherCase)
		c := file.Cases[slices.IndexFunc(file.Cases, func(c *model.Case) bool { return c.ID == "case-tls" })]
		change(c)
		text, _ := made(t, Input{File: file, Case: c, Day: on})
		_, after, _ := strings.Cut(string(text), `"label": "`)
		label, _, _ := strings.Cut(after, `"`)
		return label
	}
	const secret = "See GHSA-aaaa-bbbb-cccc as well."
	for name, c := range map[string]struct {
		change func(*model.Case)
		want   string
	}{
		"nothing":  {func(*model.Case) {}, "WHITE"},
		"title":    {func(c *model.Case) { c.Title = secret }, "AMBER"},
		"action":   {func(c *model.Case) { c.FieldAction = model.FieldAction{Reference: "FSCA-1", Action: secret} }, "AMBER"},
		"reason":   {func(c *model.Case) { c.FieldAction = model.FieldAction{Reference: "FSCA-1", Reason: secret} }, "AMBER"},
		"users":    {func(c *model.Case) { c.FieldAction = model.FieldAction{Reference: "FSCA-1", Users: secret} }, "AMBER"},
		"revision": {func(c *model.Case) { c.Steps[len(c.Steps)-1].Note = secret }, "AMBER"},
		"another step": {func(c *model.Case) {
			c.Steps = append(c.Steps, model.Step{Step: "note", At: c.Steps[0].At, Note: secret})
		}, "WHITE"},
		"what is to be": {func(c *model.Case) { c.FieldAction = model.FieldAction{Reference: "FSCA-1", Affected: secret} }, "WHITE"}, // which the advisory does not tell
	} {
		if got := label(c.change); got != c.want {
			t.Errorf("%s: TLP:%s, want %s", name, got, c.want)
		}
	}
}

func TestMitigates(t *testing.T) {
	for action, want := range map[string]bool{
		"Nothing beyond the security guide. Install release 1.4.1.": false, "None.": false, "No action is needed.": false, "nichts": false, "": false, " - ": false,
		"Take it off the network.": true, "No network is to be joined.": true, "Nobody may use it.": true,
	} {
		if got := Mitigates(action); got != want {
			t.Errorf("%q: %v", action, got)
		}
	}
}

// TestRemediations: an action that asks for nothing is no mitigation, and a fix that is
// planned is none that is available.
func TestRemediations(t *testing.T) {
	const action = "action: Keep the pump on a network of its own."
	for name, c := range map[string]struct {
		replace    []string
		has, hasNo string
	}{
		"fix":            {[]string{action, "action: Nothing beyond the guide."}, `"vendor_fix"`, `"mitigation"`},
		"planned":        {[]string{action, "action: Nothing beyond the guide.", "fix: 1.4.1", "fix: 1.6.0"}, "A correction is planned in version 1.6.0.", `"vendor_fix"`},
		"planned, dated": {[]string{"fix: 1.4.1", "fix: 1.6.0", "releases:\n  rel-1:", "releases:\n  rel-9: {title: Next, version: 1.6.0, date: 2026-09-01}\n  rel-1:"}, "A correction is planned in version 1.6.0, for 2026-09-01.", `"vendor_fix"`},
		"nothing":        {[]string{action, "action: Nothing beyond the guide.", "    fix: 1.4.1\n", ""}, `"none_available"`, `"mitigation"`},
	} {
		file := pump(t, c.replace...)
		text, _ := made(t, Input{File: file, Case: file.Cases[0], Day: day(t, "2026-03-10")})
		if !bytes.Contains(text, []byte(c.has)) || bytes.Contains(text, []byte(c.hasNo)) {
			t.Errorf("%s: not %s, or %s:\n%s", name, c.has, c.hasNo, text)
		}
	}
}

// TestPageGroups: what is said of many vulnerabilities is told once, with all ids and
// scores; what differs is told apart.
func TestPageGroups(t *testing.T) {
	var list []string
	for i := range 69 {
		note := "The same for all."
		if i == 68 {
			note = "Another."
		}
		list = append(list, fmt.Sprintf(`{"cve": "CVE-2026-%d", "title": "Port", "product_status": {"known_affected": ["P"]}, "notes": [{"category": "details", "title": "Assessment", "text": %q}], "references": [{"summary": "x", "url": "https://example.com/%d"}], "scores": [{"products": ["P"], "cvss_v3": {"vectorString": "V-%d", "baseScore": 5}}]}`, 1000+i, note, i, i))
	}
	set, err := Page([]byte(`{"document": {"title": "T"}, "vulnerabilities": [`+strings.Join(list, ",")+`]}`), Approval{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := plain.Markdown(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("The same for all.")); n != 1 || bytes.Count(text, []byte("Another.")) != 1 || len(set.Documents[0].Sections) != 4 {
		t.Errorf("told %d times, %d sections:\n%s", n, len(set.Documents[0].Sections), text)
	}
	for i := range 69 {
		if !bytes.Contains(text, fmt.Appendf(nil, "CVE-2026-%d", 1000+i)) || !bytes.Contains(text, fmt.Appendf(nil, "V-%d`", i)) {
			t.Errorf("CVE-2026-%d is not told with its score", 1000+i)
		}
	}
	if !bytes.Contains(text, []byte("Port (68 vulnerabilities)")) {
		t.Errorf("no title:\n%s", text)
	}
	web, err := html.Page(set, set.Documents[0])
	if err != nil || !bytes.Contains(web, []byte(`href="https://example.com/67"`)) || bytes.Contains(web, []byte("Baseline")) {
		t.Errorf("links of all, or an empty field: %v", err)
	}
}

// TestPageGroupWithoutScores: where none has a score the ids stand in a paragraph.
func TestPageGroupWithoutScores(t *testing.T) {
	set, err := Page([]byte(`{"document": {"title": "T"}, "vulnerabilities": [{"cve": "CVE-2026-1000"}, {"title": "No number"}, {"cve": "CVE-2026-1001"}]}`), Approval{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := plain.Markdown(set, set.Documents[0])
	if err != nil || !bytes.Contains(text, []byte("`CVE-2026-1000`, `No number`, `CVE-2026-1001`")) || bytes.Contains(text, []byte("| Score")) {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestInWords(t *testing.T) {
	for want, packages := range map[string][]string{
		"openssl": {"pkg:deb/debian/openssl"}, "openssl, libssl*": {"pkg:deb/debian/openssl?arch=x", "pkg:deb/debian/libssl*"}, "x": {"pkg:npm/%40scope/x"},
		"vxworks": {"cpe:2.3:o:windriver:vxworks:6.5:*:*:*:*:*:*:*"}, "ipnet": {"cpe:/a:windriver:ipnet:6.5"}, "the software": {"*"}, "a, b, c, d and 1 more": {"a", "b", "c", "d", "e"}, "cpe:": {"cpe:"},
	} {
		if got := inWords(packages); got != want {
			t.Errorf("%q: %q, want %q", packages, got, want)
		}
	}
}

// TestDecode: what we write is read again, with hashes, which the library has as no list.
func TestDecode(t *testing.T) {
	text := advisoryText(t)
	a, err := Decode(text)
	if err != nil || a.Document == nil || !bytes.Contains(text, []byte(`"hashes": [`)) {
		t.Fatalf("%v", err)
	}
	if again, err := Encode(a); err != nil || !bytes.Equal(again, text) {
		t.Errorf("it is not what was written: %v", err)
	}
	for _, hostile := range []string{"", "[", `{"hashes": []}`, `{"product_tree": {"full_product_names": [{"product_identification_helper": {"hashes": [[[]]]}}]}}`, `{"hashes": [null, 1]}`} {
		_, _ = Decode([]byte(hostile)) // may refuse, must not panic
	}
}
