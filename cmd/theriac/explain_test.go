package main

import (
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check/rules"
)

func TestSpoken(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"MDR 17.2", "mdr.annex-i.17.2"},
		{"MDR Annex I 17.2", "mdr.annex-i.17.2"},
		{"mdr annex i §17.2", "mdr.annex-i.17.2"},
		{"2017/745 17.2", "mdr.annex-i.17.2"},
		{"GSPR 17.2", "mdr.annex-i.17.2 ivdr.annex-i.17.2"},
		{"annex I 17.2", "mdr.annex-i.17.2 ivdr.annex-i.17.2"},
		{"MDR Annex I 3(c)", "mdr.annex-i.3.c"},
		{"MDR Article 87(3)", "mdr.art.87.3"},
		{"IVDR Art. 82(3)", "ivdr.art.82.3"},
		{"MDCG 2019-16 section 2.2", "mdcg.2.2"},
		{"MDCG 2019-16 2.2", "mdcg.2.2"},
		{"MDR 99.9", ""},
		{"MDR 7.2", ""},
		{"17.2 MDR", ""},
		{"MDR", ""},
		{"", ""},
		{"§§", ""},
	} {
		if got := strings.Join(ids(spoken(catalog.Load(), c.text)), " "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// TestExplainEverything: each rule, clause, question and kind can be explained,
// under its own name and no other.
func TestExplainEverything(t *testing.T) {
	cat := catalog.Load()
	for _, name := range names(cat) {
		p := newPage(screen{})
		if err := explain(p, name); err != nil {
			t.Error(err)
			continue
		}
		if !strings.HasPrefix(p.String(), name) {
			t.Errorf("%s is explained as %.40q", name, p.String())
		}
		for _, line := range strings.Split(p.String(), "\n") {
			if strings.TrimRight(line, " ") != line {
				t.Errorf("%s: blanks at the end of %q", name, line)
			}
		}
	}
	if len(names(cat)) < 500 {
		t.Errorf("only %d names", len(names(cat)))
	}
}

// TestExplainRule: what a rule declares is shown, and marks of its examples
// point at the faulty lines.
func TestExplainRule(t *testing.T) {
	for _, r := range rules.All() {
		p := newPage(screen{width: 100})
		explainRule(p, catalog.Load(), r)
		if strings.Contains(p.String(), "# want") {
			t.Errorf("%s shows the marks of the tests", r.Code)
		}
		if r.Run != nil && !strings.Contains(p.String(), "# <- "+r.Code) {
			t.Errorf("%s marks no faulty line", r.Code)
		}
		for _, id := range r.Clauses {
			if !strings.Contains(p.String(), id) {
				t.Errorf("%s does not show its clause %s", r.Code, id)
			}
		}
	}
}

func TestForm(t *testing.T) {
	for path, want := range map[string]string{
		"interfaces.component": "id of component; required",
		"interfaces.port":      "number",
		"interfaces.transport": "one of tcp, udp",
		"interfaces.peers":     "list of id of component or store or actor",
		"roles.shared":         "true or false",
		"roles.auto-logoff":    "number and unit, for example 5 minutes",
		"releases.date":        "date as YYYY-MM-DD",
		"zones.title":          "text",
		"zones.only-in":        "list of text",
		"processes.metrics":    "list of map",
		"risks.initial":        "map",
		"risks.initial.cvss":   "text",
	} {
		p := newPage(screen{})
		if !explainField(p, path) {
			t.Errorf("%s is not known", path)
		} else if !strings.Contains(p.String(), "\nwritten as  "+want+"\n") {
			t.Errorf("%s: want %q in\n%s", path, want, p.String())
		}
	}
	for _, path := range []string{"", "zones", "zones.", "zones.x", "zones.title.x", "x.title", "risks.initial.x"} {
		if explainField(newPage(screen{}), path) {
			t.Errorf("%q is explained as a field", path)
		}
	}
}
