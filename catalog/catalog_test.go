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
