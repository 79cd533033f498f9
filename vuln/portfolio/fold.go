package portfolio

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"theriac/sbom"
	"theriac/triage"
	"theriac/vuln/match"
)

// folder folds what is found in each bill into a state. It may be used by many at a time.
type folder struct {
	mu    sync.Mutex
	done  int
	bills []Bill
	known map[identity]*listed[Component]
	found map[string]*folded // by component and id
	blind map[string]*listed[Unmonitored]

	cycles map[string]*supported
}

// listed is something with the bills that have it.
type listed[T any] struct {
	what  T
	bills []int
}

func (l *listed[T]) add(bill int) {
	if last := len(l.bills) - 1; last < 0 || l.bills[last] != bill {
		l.bills = append(l.bills, bill)
	}
}

// identity tells components apart.
type identity struct {
	purl, name, version, kind, cpes, repositories, manufacturer, supplier string
	patched                                                               bool
}

// folded is a finding with the bills that have it, by how it stands there.
type folded struct {
	Finding
	where map[string]*listed[Where]
}

func newFolder(bills int) *folder {
	return &folder{
		bills: make([]Bill, bills), known: map[identity]*listed[Component]{}, found: map[string]*folded{}, blind: map[string]*listed[Unmonitored]{},
		cycles: map[string]*supported{},
	}
}

func (f *folder) bill(i int, b Bill) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bills[i] = b
}

// components takes note of the components of a bill.
func (f *folder) components(i int, bom *sbom.BOM) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := range bom.Components {
		c := &bom.Components[n]
		repositories := revisions(c)
		id := identity{
			c.PURL, c.Name, c.Version, c.Type, strings.Join(c.CPEs, "\n"), strings.Join(repositories, "\n"), c.Manufacturer, c.Supplier, c.Patched,
		}
		one := f.known[id]
		if one == nil {
			one = &listed[Component]{what: Component{
				PURL: c.PURL, Name: c.Name, Version: c.Version, Type: c.Type, CPEs: slices.Clone(c.CPEs), Repositories: repositories,
				Manufacturer: c.Manufacturer, Supplier: c.Supplier, Patched: c.Patched,
			}}
			f.known[id] = one
		}
		one.add(i)
	}
}

// revisions are the addresses of repositories that name a revision.
func revisions(c *sbom.Component) []string {
	var list []string
	for _, l := range c.Links {
		if l.Kind == "vcs" && strings.Contains(l.URL, "@") {
			list = append(list, l.URL)
		}
	}
	return list
}

// findings judges and takes over what was found in a bill.
func (f *folder) findings(i int, s *Source, bom *sbom.BOM, r *match.Result) {
	found, blind := triage.FromBOM(r, bom)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.supports(i, r)
	for _, v := range verdicts(s, found) {
		v.Finding.Component.CPE = "" // is for decisions alone
		f.finding(i, v)
	}
	for _, u := range blind {
		u.Component.CPE = ""
		key := u.Component.String() + "\x00" + u.Component.Version + "\x00" + u.Reason
		if f.blind[key] == nil {
			f.blind[key] = &listed[Unmonitored]{what: Unmonitored{Component: u.Component, Reason: u.Reason}}
		}
		f.blind[key].add(i)
	}
}

func verdicts(s *Source, found []triage.Finding) []triage.Verdict {
	if s.Judge != nil {
		return s.Judge.Apply(s.Release, found)
	}
	all := make([]triage.Verdict, len(found))
	for i, f := range found {
		all[i] = triage.Verdict{Finding: f, Status: triage.Open}
	}
	return all
}

func (f *folder) finding(i int, v triage.Verdict) {
	x := &v.Finding
	key := findingKey(x.Component, x.ID)
	one := f.found[key]
	if one == nil {
		one = &folded{where: map[string]*listed[Where]{}, Finding: Finding{
			Component: x.Component, ID: x.ID, Aliases: x.Aliases, Severity: x.Severity, KEV: x.KEV, EPSS: x.EPSS, Range: x.Range, Fixed: x.Fixed, Unsure: x.Unsure,
		}}
		f.found[key] = one
	}
	w := Where{Status: v.Status}
	if v.Decision != nil {
		w.Decision, w.Says = v.Decision.ID, string(v.Decision.Status)
	}
	for _, r := range v.Reasons {
		w.Reasons = append(w.Reasons, r.Text)
	}
	alike := string(w.Status) + "\x00" + w.Decision + "\x00" + w.Says + "\x00" + strings.Join(w.Reasons, "\x00")
	if one.where[alike] == nil {
		one.where[alike] = &listed[Where]{what: w}
	}
	one.where[alike].add(i)
}

func findingKey(c triage.Component, id string) string {
	return c.String() + "\x00" + c.Version + "\x00" + id
}

// state puts all into its order.
func (f *folder) state() *State {
	s := &State{Bills: f.bills}
	for _, c := range f.known {
		c.what.Bills = numbersOf(c.bills)
		s.Components = append(s.Components, c.what)
	}
	slices.SortFunc(s.Components, func(a, b Component) int { return cmp.Compare(jsonText(a), jsonText(b)) })
	for _, key := range slices.Sorted(maps.Keys(f.found)) {
		one := f.found[key]
		for _, alike := range slices.Sorted(maps.Keys(one.where)) {
			w := one.where[alike]
			w.what.Bills = numbersOf(w.bills)
			one.Where = append(one.Where, w.what)
		}
		s.Findings = append(s.Findings, one.Finding)
	}
	for _, key := range slices.Sorted(maps.Keys(f.blind)) {
		u := f.blind[key]
		u.what.Bills = numbersOf(u.bills)
		s.Unmonitored = append(s.Unmonitored, u.what)
	}
	s.Support = f.supported()
	return s
}
