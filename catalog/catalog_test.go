package catalog

import (
	"slices"
	"strings"
	"testing"
)

// TestData loads the real data: every fault in them is a failure here.
func TestData(t *testing.T) {
	c, findings := read(data, "data")
	for _, f := range findings {
		t.Errorf("%s: %s (%s)", f.Span, f.Message, f.Help)
	}
	if len(c.Sources) < 10 || len(c.IDs()) < 800 {
		t.Errorf("%d sources with %d entries", len(c.Sources), len(c.IDs()))
	}
	for _, s := range c.Sources {
		for _, e := range s.Entries {
			if !strings.HasPrefix(e.ID, s.ID+".") {
				t.Errorf("%s does not start with its source %s", e.ID, s.ID)
			}
			if e.Role == Context && len(e.AnsweredBy) > 0 {
				t.Errorf("%s is context but names questions", e.ID)
			}
		}
	}
}

// TestTraps holds the places where common summaries go wrong (see the notes of
// the sources).
func TestTraps(t *testing.T) {
	c := Load()
	access := c.Entry("mdr.annex-i.18.8")
	if access == nil || !strings.Contains(strings.ToLower(access.Title), "unauthorised access") || access.Parallel != "" {
		t.Error("MDR Annex I 18.8 is unauthorised access and has no IVDR twin")
	}
	if e := c.Entry("ivdr.annex-i.18.8"); e == nil || e.Role != Context {
		t.Error("IVDR Annex I 18.8 is about surface temperature: context only")
	}
	for id, twin := range map[string]string{
		"mdr.annex-i.17.2": "ivdr.annex-i.16.2", "mdr.annex-i.17.4": "ivdr.annex-i.16.4",
		"mdr.annex-i.23.4.ab": "ivdr.annex-i.20.4.1.ah", "mdr.art.83": "ivdr.art.78", "mdr.art.87.3": "ivdr.art.82.3",
	} {
		if e := c.Entry(id); e == nil || e.Parallel != twin {
			t.Errorf("twin of %s is not %s", id, twin)
		}
		if e := c.Entry(twin); e == nil || e.Parallel != id {
			t.Errorf("twin of %s is not %s", twin, id)
		}
	}
	for id, applies := range map[string]string{"mdr.annex-i.22.1": "lay-users", "mdr.annex-i.17.2": "software"} {
		if e := c.Entry(id); e == nil || e.Applies != applies {
			t.Errorf("%s applies when %q", id, applies)
		}
	}
	for _, code := range []string{"alof", "audt", "auth", "cnfs", "csup", "didt", "dtbk", "emrg", "igau", "mldp", "naut", "paut", "plok", "sahd", "sgud", "stcf", "txcf", "txig"} {
		if e := c.Entry("mdcg.cap." + code); e == nil || !slices.Contains(e.AnsweredBy, "capability."+code) {
			t.Errorf("security capability %s is not asked for", code)
		}
	}
	for n := '1'; n <= '8'; n++ {
		if e := c.Entry("mdcg.practice." + string(n)); e == nil || e.Role != Direct {
			t.Errorf("practice %c is missing", n)
		}
	}
	// Signed updates and verified boot are state of the art, not guidance.
	for _, e := range c.Sources {
		if e.ID != "mdcg" {
			continue
		}
		for _, e := range e.Entries {
			for _, q := range []string{"platform.boot", "keys.hardware", "updates.rollback"} {
				if slices.Contains(e.AnsweredBy, q) {
					t.Errorf("%s asks for %s, which the guidance does not", e.ID, q)
				}
			}
		}
	}
}

func TestVigilanceDeadlines(t *testing.T) {
	want := map[string]int{"vig.public-health-threat": 2, "vig.death-or-unanticipated": 10, "vig.other-serious": 15}
	for _, d := range Load().Tables.VigilanceDeadlines {
		if days, ok := want[d.ID]; ok {
			if d.Days != days {
				t.Errorf("%s: %d days, want %d", d.ID, d.Days, days)
			}
			delete(want, d.ID)
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

// facts are the answers of a product, for tests.
type facts map[string]string

func (f facts) Fact(name string) Truth {
	switch f[name] {
	case "yes":
		return True
	case "no":
		return False
	}
	return Undecided
}
func (f facts) Value(name string) string { return f[name] }
func (f facts) Standard(id string) bool  { return f["standard"] == id }

func TestExpr(t *testing.T) {
	f := facts{"software": "yes", "implantable": "no", "class": "IIb", "regulation": "MDR", "standard": "iec-81001-5-1"}
	tests := []struct {
		text    string
		want    Truth
		printed string
		because string
	}{
		{"", True, "always", ""},
		{"software", True, "software", "software is true"},
		{"not software", False, "not software", "software is true"},
		{"connected", Undecided, "connected", "connected is not stated"},
		{"software or connected", True, "software or connected", "software is true"},
		{"software and connected", Undecided, "software and connected", "connected is not stated"},
		{"implantable and connected", False, "implantable and connected", "implantable is false"},
		{"not (software and not implantable)", False, "not (software and (not implantable))", "software is true, implantable is false"},
		{"class in (IIa, IIb, III)", True, "class in (IIa, IIb, III)", "class is IIb"},
		{"class = III or implantable", False, "class = III or implantable", "class is IIb, implantable is false"},
		{"regulation = IVDR", False, "regulation = IVDR", "regulation is MDR"},
		{"standard = iec-81001-5-1", True, "standard = iec-81001-5-1", "standard iec-81001-5-1 is applied"},
	}
	for _, tt := range tests {
		e, err := ParseExpr(tt.text)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		if got := e.Eval(f); got != tt.want {
			t.Errorf("%q is %v, want %v", tt.text, got, tt.want)
		}
		if got := strings.Join(e.Because(f), ", "); got != tt.because {
			t.Errorf("%q because %q, want %q", tt.text, got, tt.because)
		}
		if again, err := ParseExpr(e.String()); e.String() != "always" && (err != nil || again.String() != e.String()) {
			t.Errorf("%q prints as %q, which does not read back: %v", tt.text, e, err)
		}
	}
}

func TestExprErrors(t *testing.T) {
	for text, want := range map[string]string{
		"sofware":                            `unknown fact "sofware"`,
		"software and":                       `unknown fact ""`,
		"(software":                          `expected ")", found "the end"`,
		"software)":                          `unexpected ")"`,
		"class IIb":                          `expected = or in`,
		"class in (IIa":                      `expected ")"`,
		"class = ":                           `expected a value`,
		"software software":                  `unexpected "software"`,
		"class = é":                          `expected a value`,
		strings.Repeat("(", 900):             "100 levels",
		strings.Repeat("not ", 240) + "ai":   "100 levels",
		strings.Repeat("ai or ", 300) + "ai": "more than 1000",
	} {
		if _, err := ParseExpr(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// FuzzParseExpr: no panic, and what reads prints to something that reads back
// with the same value.
func FuzzParseExpr(f *testing.F) {
	for _, s := range []string{"software", "not (ai or mobile) and class in (I, IIa)", "regulation = MDR", "standard in (a, b)", "((", "not not ai"} {
		f.Add(s)
	}
	known := facts{"software": "yes", "ai": "no", "class": "I", "regulation": "MDR"}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseExpr(text)
		if err != nil || e.String() == "always" {
			return
		}
		again, err := ParseExpr(e.String())
		if len(e.String()) > 1000 {
			return // printed with more brackets than the limit allows
		}
		if err != nil || again.Eval(known) != e.Eval(known) {
			t.Fatalf("%q prints as %q: %v", text, e, err)
		}
	})
}
