package approval

import (
	"bytes"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"theriac/evidence"
)

// TestDue: what needs an approval, and what not yet.
func TestDue(t *testing.T) {
	s := newScene(t)
	var got []string
	for _, n := range s.needs() {
		got = append(got, string(n.Of)+"/"+n.ID+" "+string(n.Meaning)+" "+string(n.State))
		if line := s.file.Policy.Approvals[n.Line]; line.Of != n.Of || line.Meaning != n.Meaning || !slices.Equal(line.Roles, n.Roles) || n.By != nil {
			t.Errorf("%+v is not of line %d", n, n.Line)
		}
	}
	want := []string{
		"documents/doc-plan reviewed missing", "risks/rk-accepted approved missing", "waivers/wv-lock approved missing",
		"baselines/first approved missing", "baselines/second approved missing", "releases/rel-1 released missing", "cases/case-stop approved missing", "roster/roster approved missing",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	s.file.Policy = nil
	if needs, err := Needs(s.file, &Store{}, s.files); needs != nil || err != nil {
		t.Errorf("without a policy: %v, %v", needs, err)
	}
}

// TestNeed holds how a need stands by what was signed.
func TestNeed(t *testing.T) {
	type signing struct {
		signer, role, key string
		days              int
		change            func(*Predicate)
	}
	good := signing{"quality", "Quality", "software-quality", 0, nil}
	with := func(s signing, days int, change func(*Predicate)) signing {
		s.days, s.change = days, change
		return s
	}
	was := func(p *Predicate) { p.Content[0].Value += " before" }
	foreign := func(p *Predicate) { p.Signer = "risk" } // is not who signs
	for name, c := range map[string]struct {
		signed  []signing
		state   State
		by      string // file
		changes int
	}{
		"nothing":                 {nil, Missing, "", 0},
		"signed":                  {[]signing{good}, Given, "0", 0},
		"in the other role":       {[]signing{{"regulatory", "Regulatory", "regulatory-affairs", 0, nil}}, Given, "0", 0},
		"in a role not asked for": {[]signing{{"quality", "Spare", "software-quality", 0, nil}}, Missing, "", 0},
		"other meaning":           {[]signing{with(good, 0, func(p *Predicate) { p.Meaning = "approved" })}, Missing, "", 0},
		"of something else":       {[]signing{with(good, 0, func(p *Predicate) { p.ID = "doc-draft" })}, Missing, "", 0},
		"of another kind":         {[]signing{with(good, 0, func(p *Predicate) { p.Of = "risks" })}, Missing, "", 0},
		"changed since":           {[]signing{with(good, 0, was)}, Stale, "0", 1},
		"changed, signed again":   {[]signing{with(good, 0, was), with(good, 1, nil)}, Given, "1", 0},
		"changed back":            {[]signing{with(good, 0, nil), with(good, 1, was)}, Given, "0", 0},
		"changed twice":           {[]signing{with(good, 0, was), with(good, 1, func(p *Predicate) { was(p); p.Content[1].Value += "x" })}, Stale, "1", 2},
		"refused":                 {[]signing{with(good, 0, foreign)}, Refused, "0", 0},
		"refused after good":      {[]signing{good, with(good, 1, foreign)}, Given, "0", 0},
		"refused, stale before":   {[]signing{with(good, 0, was), with(good, 1, foreign)}, Stale, "0", 1},
		"stale, refused before":   {[]signing{with(good, 0, foreign), with(good, 1, was)}, Stale, "1", 1},
		"stale, stale before":     {[]signing{with(good, 0, func(p *Predicate) { was(p); p.Content[1].Value += "x" }), with(good, 1, was)}, Stale, "1", 1},
		"refused, refused before": {[]signing{with(good, 0, foreign), with(good, 1, foreign)}, Refused, "1", 0},
		"refused for what was":    {[]signing{with(good, 0, func(p *Predicate) { foreign(p); was(p) })}, Refused, "0", 1},
		"machine":                 {[]signing{{"robot", "Quality", "build-system", 0, nil}}, Refused, "0", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			for i, g := range c.signed {
				p := s.predicate("doc-plan", g.signer, g.role, "reviewed")
				p.Signed = p.Signed.AddDate(0, 0, g.days)
				if g.change != nil {
					g.change(p)
				}
				s.put(string(rune('0'+i)), p, g.key)
			}
			n := s.need("documents", "doc-plan")
			by := ""
			if n.By != nil {
				by = n.By.Path
			}
			if c.by != "" {
				c.by = Folder + "/" + c.by + ".json"
			}
			if n.State != c.state || by != c.by || len(n.Changes) != c.changes {
				t.Errorf("%s by %q, %v; want %s by %q, %d changes", n.State, by, n.Changes, c.state, c.by, c.changes)
			}
			if other := s.need("risks", "rk-accepted"); other.State != Missing {
				t.Errorf("the risk is %s", other.State)
			}
		})
	}
}

// TestNeedOfUnreadable: what cannot be read speaks of nothing.
func TestNeedOfUnreadable(t *testing.T) {
	s := newScene(t)
	payload, err := Encode(s.predicate("doc-plan", "quality", "Quality", "reviewed"))
	if err != nil {
		t.Fatal(err)
	}
	spoilt := bytes.Replace(payload, []byte(`"value":"Plan"`), []byte(`"value":"Flan"`), 1)
	s.files["approvals/a.json"] = &fstest.MapFile{Data: sealedText(t, evidence.PayloadType, spoilt, "software-quality")}
	if a := s.store(s.files).Approvals; len(a) != 1 || a[0].Readable {
		t.Fatalf("%+v", a)
	}
	if n := s.need("documents", "doc-plan"); n.State != Missing || n.By != nil {
		t.Errorf("%s by %+v", n.State, n.By)
	}
}

// TestOfTarget lists what counts, newest first, with what changed.
func TestOfTarget(t *testing.T) {
	s := newScene(t)
	for i, change := range []func(*Predicate){
		func(p *Predicate) { p.Content[0].Value = "before" },
		func(p *Predicate) { p.Meaning = "approved" },
		func(p *Predicate) { p.Signer = "risk" },
		func(p *Predicate) { p.ID = "doc-draft" },
	} {
		p := s.predicate("doc-plan", "quality", "Quality", "reviewed")
		p.Signed = p.Signed.Add(time.Duration(i) * time.Hour)
		change(p)
		s.put(string(rune('0'+i)), p, "software-quality")
	}
	target := s.target("doc-plan")
	counting, changes := s.store(s.files).OfTarget(target, s.content(target))
	if len(counting) != 2 || counting[0].Path != "approvals/1.json" || counting[1].Path != "approvals/0.json" || len(changes) != 2 || len(changes[0]) != 0 || len(changes[1]) != 1 {
		t.Errorf("%+v %+v", counting, changes)
	}
}
