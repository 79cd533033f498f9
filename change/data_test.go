package change

import (
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/model"
)

// Each criterion names a clause of the catalogue for both regulations, or a
// document, and how far it was checked.
func TestCriteria(t *testing.T) {
	cat := catalog.Load()
	for _, c := range Criteria() {
		if (c.MDR == "") != (c.IVDR == "") || (c.MDR == "") == (c.Source == "") {
			t.Errorf("%s names neither a clause of both regulations nor a document, or both", c.ID)
		}
		for _, id := range []string{c.MDR, c.IVDR} {
			if id != "" && cat.Entry(id) == nil {
				t.Errorf("%s: no clause %s", c.ID, id)
			}
		}
		if c.MDR != "" && cat.Entry(c.MDR) != nil && cat.Entry(c.MDR).Parallel != c.IVDR {
			t.Errorf("%s: the catalogue has another clause beside %s than %s", c.ID, c.MDR, c.IVDR)
		}
		if !slices.Contains([]string{"primary", "secondary", "memory"}, c.Verified) {
			t.Errorf("%s: verified %q", c.ID, c.Verified)
		}
	}
}

// Each signal speaks for something.
func TestSignals(t *testing.T) {
	for _, s := range Signals() {
		used := slices.Contains(loadCriteria().Security, string(s))
		for _, c := range Criteria() {
			used = used || slices.Contains(c.Signals, string(s))
		}
		if !used {
			t.Errorf("no criterion asks for %s", s)
		}
	}
}

// The criteria follow the regulation and the class of the product.
func TestCriteriaApply(t *testing.T) {
	text := base(t)
	for _, test := range []struct{ product, want, not string }{
		{"regulation: MDR\n  class: IIb", "mdr.annex-ix.4.10", "ivdr.annex-ix.4.11"},
		{"regulation: IVDR\n  class: C", "ivdr.annex-ix.4.11", "mdr.annex-ix.4.10"},
		{"regulation: MDR\n  class: I", "mdr.annex-i.3", "mdr.annex-ix.4.10"},
	} {
		was := edited(t, text, "regulation: MDR\n  class: IIb", test.product)
		c := Compare(view(t, was), view(t, edited(t, was, "state: disabled # ble", "state: enabled")))
		var bases []string
		for _, q := range c.Significance.Questions {
			bases = append(bases, q.Basis)
		}
		if !slices.Contains(bases, test.want) || slices.Contains(bases, test.not) {
			t.Errorf("%s: asked %q", test.product, bases)
		}
		if (c.Significance.Body != "") != strings.HasSuffix(test.product, "class: I") {
			t.Errorf("%s: %q", test.product, c.Significance.Body)
		}
	}
	software := edited(t, text, "is-software: false", "is-software: true")
	c := Compare(view(t, software), view(t, edited(t, software, "version: 3.0.14", "version: 3.0.15")))
	if !slices.ContainsFunc(c.Significance.Questions, func(q Question) bool { return q.ID == "udi-pi" && q.Against == model.Yes }) {
		t.Errorf("a new version of SOUP in a software device: %+v", c.Significance.Questions)
	}
}

// Types of documents are those of the language, and each entry says something.
func TestGrounds(t *testing.T) {
	for name, g := range loadGrounds() {
		if !slices.ContainsFunc(model.DocumentType("").Values(), func(v model.Value) bool { return v.Name == name }) {
			t.Errorf("no type of document %q", name)
		}
		if g.Threats != model.Yes && g.Tests != model.Yes && len(g.Signals) == 0 {
			t.Errorf("%s: says nothing", name)
		}
	}
}
