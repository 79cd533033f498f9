package portfolio

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
	"theriac/triage"
	"theriac/vuln"
	"theriac/vuln/match"
)

// lives are advisories with the cycles of one library and one distribution.
type lives struct{ *few }

var _ match.Lifecycles = lives{}

func (lives) HasCycles() bool { return true }

func (lives) Products(id string) ([]string, error) {
	if strings.HasPrefix(id, "pkg:npm/lodash") {
		return []string{"lodash"}, nil
	}
	return nil, nil
}

func (lives) Cycles(product string) ([]vuln.Cycle, error) {
	switch product {
	case "lodash":
		return []vuln.Cycle{{Product: "lodash", Title: "Lodash", Name: "4", End: "2026-10-04", Latest: "4.17.21"}}, nil
	case "debian":
		return []vuln.Cycle{{Product: "debian", Title: "Debian", Name: "12", End: "2028-06-30"}}, nil
	}
	return nil, nil
}

func supportScan(t *testing.T, day string, sources ...Source) *State {
	t.Helper()
	s, err := Scan(sources, match.NewMatcher(lives{newFew([]vuln.Record{lodash}, []string{"npm", "Debian:12"})}, match.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Day = day
	s.Remember(nil)
	return s
}

func TestSupport(t *testing.T) {
	s := supportScan(t, "2026-10-05", fleet()...)
	if len(s.Support) != 2 || s.Support[0].Name() != "Debian 12" || s.Support[0].Bills != "1-2" || s.Support[0].Over(s.Day) {
		t.Fatalf("%+v", s.Support)
	}
	if l := s.Support[1]; l.End != "2026-10-04" || l.Bills != "0-2" || l.Count != 2 || l.Components[0].Version != "4.17.15" || !l.Over(s.Day) || l.Over("2026-10-04") {
		t.Errorf("%+v", l)
	}
	text, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Encode(back); err != nil || !bytes.Equal(text, again) {
		t.Errorf("%v; written\n%s\nand again\n%s", err, text, again)
	}
	if other, err := Encode(supportScan(t, "2026-10-05", backward(fleet())...)); err != nil || !bytes.Equal(text, other) {
		t.Errorf("another order of the sources gives other bytes")
	}
}

// TestSupportEnded: the end of support is told once, on the first run after its last day.
func TestSupportEnded(t *testing.T) {
	told := func(before, after *State) (list []string) {
		for _, c := range after.Since(before) {
			if c.Kind == SupportEnded {
				list = append(list, c.Is+": "+strings.Join(c.Products, ","))
			}
		}
		return list
	}
	on := func(day string) *State { return supportScan(t, day, fleet()...) }
	if got := told(on("2026-10-03"), on("2026-10-04")); len(got) != 0 {
		t.Errorf("on its last day: %q", got)
	}
	if got, want := told(on("2026-10-04"), on("2026-10-05")), []string{"Lodash 4 2026-10-04: Analyser 2.0,Pump 1.0,Pump 1.1"}; !slices.Equal(got, want) {
		t.Errorf("the day after: %q, not %q", got, want)
	}
	if got := told(on("2026-10-05"), on("2026-10-06")); len(got) != 0 {
		t.Errorf("once more: %q", got)
	}
	// A bill that takes up a component without support is told, one that was not there is not.
	before := supportScan(t, "2026-10-05", fleet()[0], source("Pump", "1.1", libssl))
	if got, want := told(before, on("2026-10-06")), []string{"Lodash 4 2026-10-04: Pump 1.1"}; !slices.Equal(got, want) {
		t.Errorf("taken up: %q, not %q", got, want)
	}
}

// TestManySupported: of the packages of a distribution some are named, and all are counted.
func TestManySupported(t *testing.T) {
	var list []sbom.Component
	for i := range 500 {
		name := fmt.Sprintf("p%03d", i)
		list = append(list, sbom.Component{Type: "library", Name: name, Version: "1", PURL: "pkg:deb/debian/" + name + "@1?distro=debian-12", Parent: -1})
	}
	s := supportScan(t, "2026-10-05", source("Pump", "1.0", list...))
	if len(s.Support) != 1 || s.Support[0].Count != 500 || len(s.Support[0].Components) != maxSupported || s.Support[0].Components[0].Name != "p000" {
		t.Errorf("%+v", s.Support)
	}
}

// TestLimits: from which rise on EPSS is told says each product; the default counts for
// what has no security file.
func TestLimits(t *testing.T) {
	limited := func(step, level int) *State {
		list := fleet()
		list[0].Limits = triage.Limits{Step: step, Level: level} // Pump 1.0
		s, err := Scan(list, match.NewMatcher(newFew([]vuln.Record{lodash}, []string{"npm"}), match.Options{}), nil)
		if err != nil {
			t.Fatal(err)
		}
		s.Day = "2026-10-05"
		return s
	}
	for _, c := range []struct {
		step, level int
		was, is     string
		want        string
	}{
		{50_000, 900_000, "0.01", "0.07", "Pump 1.0"},               // a step of its own
		{500_000, 900_000, "0.05", "0.2", "Analyser 2.0"},           // the default alone
		{500_000, 60_000, "0.05", "0.07", "Pump 1.0"},               // its own level
		{50_000, 100_000, "0.05", "0.11", "Analyser 2.0,Pump 1.0"},  // both
		{500_000, 900_000, "0.05", "0.09", ""},                      // neither
		{0, 0, "0.05", "0.11", "Analyser 2.0,Pump 1.0"},             // nothing stated
		{50_000, 100_000, "0.5", "0.4", ""},                         // less likely
		{50_000, 100_000, "", "0.2", "Analyser 2.0,Pump 1.0"},       // nobody said before
		{50_000, 100_000, "0.2", "0.2000001", ""},                   // too little
		{1_000_000, 1_000_000, "0.05", "0.95", "Analyser 2.0"},      // all but never
		{1_000_000, 1_000_000, "0.95", "1", "Pump 1.0"},             // at last
		{100_000, 1_000_000, "0.2", "0.3", "Analyser 2.0,Pump 1.0"}, // just a step
	} {
		before, after := limited(c.step, c.level), limited(c.step, c.level)
		before.Findings[0].EPSS, after.Findings[0].EPSS = c.was, c.is
		got := ""
		for _, change := range after.Since(before) {
			if change.Kind == MoreLikely {
				got += strings.Join(change.Products, ",")
			}
		}
		if got != c.want {
			t.Errorf("step %d, level %d, from %q to %q: told for %q, not %q", c.step, c.level, c.was, c.is, got, c.want)
		}
	}
}

// TestWithdrawn: what is no longer looked at is told with the reason.
func TestWithdrawn(t *testing.T) {
	before, after := scan(t, nil, fleet()...), scan(t, nil, fleet()[:2]...)
	after.LeftOut = []LeftOut{{"Analyser", "2.0", "withdrawn since 2026-10-05"}}
	changes := after.Since(before)
	if len(changes) != 1 || changes[0].Kind != ReleaseGone || changes[0].Is != "withdrawn since 2026-10-05" {
		t.Errorf("%+v", changes)
	}
}

// TestField: how a release stands is kept.
func TestField(t *testing.T) {
	list := fleet()
	list[0].Field = Field{State: "superseded", Since: "2025-01-01", Until: "2027-01-01", Units: 12}
	x, bills := index(t, scan(t, nil, list...))
	if bills[0].Field != nil || bills[1].Field == nil || *bills[1].Field != list[0].Field {
		t.Errorf("%+v", bills)
	}
	if all, err := x.Advisory([]vuln.Record{lodash}, len(bills), match.Options{}); err != nil || len(all) != 1 || all[0].Bills != "0-1" {
		t.Errorf("%+v, %v", all, err)
	}
}
