package expr

import (
	"slices"
	"strings"
	"testing"
)

var vocabulary = &Vocabulary{
	Facts:      []string{"software", "connected", "implantable", "ai", "mobile"},
	Properties: map[string][]string{"class": nil, "regulation": {"MDR", "IVDR"}},
}

// facts holds yes or no for facts, and the value of properties.
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

func (f facts) Is(property string, values []string) Truth {
	if f[property] == "" {
		return Undecided
	}
	return Of(slices.Contains(values, f[property]))
}

func (f facts) Say(property string, values []string) string {
	if f[property] == "" {
		return property + " is not stated"
	}
	return property + " is " + f[property]
}

func TestExpr(t *testing.T) {
	f := facts{"software": "yes", "implantable": "no", "class": "IIb", "regulation": "MDR"}
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
		{"not regulation = IVDR", True, "not regulation = IVDR", "regulation is MDR"},
	}
	for _, tt := range tests {
		e, err := Parse(tt.text, vocabulary)
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
		if again, err := Parse(e.String(), vocabulary); e.String() != "always" && (err != nil || again.String() != e.String()) {
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
		"regulation = CRA":                   `"CRA" is no value of "regulation"`,
		"class = é":                          `expected a value`,
		strings.Repeat("(", 900):             "100 levels",
		strings.Repeat("not ", 240) + "ai":   "100 levels",
		strings.Repeat("ai or ", 300) + "ai": "more than 1000",
	} {
		if _, err := Parse(text, vocabulary); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// FuzzParse: no panic, and what reads prints to something that reads back
// with the same value.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"software", "not (ai or mobile) and class in (I, IIa)", "regulation = MDR", "class in (a, b)", "((", "not not ai"} {
		f.Add(s)
	}
	known := facts{"software": "yes", "ai": "no", "class": "I", "regulation": "MDR"}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text, vocabulary)
		if err != nil || e.String() == "always" {
			return
		}
		again, err := Parse(e.String(), vocabulary)
		if len(e.String()) > 1000 {
			return // printed with more brackets than the limit allows
		}
		if err != nil || again.Eval(known) != e.Eval(known) {
			t.Fatalf("%q prints as %q: %v", text, e, err)
		}
	})
}
