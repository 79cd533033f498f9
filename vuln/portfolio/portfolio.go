// Package portfolio watches many bills of materials at once: those of all releases in
// the field. It keeps what was found in one file, tells what is new beside an earlier
// one, and holds a single new advisory against all of them without reading them again.
//
// # State
//
// A state is what one run found. Its file (docs/formats/portfolio-state.md) is text in
// sorted lines, so that a component is found in it without reading it; see Index.
//
// # Identity
//
// Components are kept once, however many bills list them. A finding is a vulnerability
// of such a component; it is the same as an earlier one where they have any id in common.
//
// # Concurrency
//
// Scan works on all cores. A State is read-only once made; an Index may be used by many
// at a time.
package portfolio

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"theriac/model"
	"theriac/sbom"
	"theriac/triage"
	"theriac/vuln/match"
)

// Source is a bill of materials that is to be looked at.
type Source struct {
	Product string // name of the product, or of the file
	Release string // version; "" for a bill of no release
	SBOM    string // shown name of the file
	Open    func() (*sbom.BOM, error)
	Judge   *triage.Judge // decisions; nil where there are none
	Limits  triage.Limits // from which a rise of EPSS is told; those without a security file where zero
	Field   Field         // how the release stands
}

// Field is how a release stands in the field, as its security file has it.
type Field struct {
	State string `json:"state"`                   // in-field, superseded, unsupported, withdrawn
	Since string `json:"since,omitempty"`         // YYYY-MM-DD
	Until string `json:"support_until,omitempty"` // last day of support
	Units int    `json:"units,omitempty"`         // devices that have it, as last counted
}

// LeftOut is a release that is not looked at, with the reason.
type LeftOut struct {
	Product string `json:"product"`
	Release string `json:"release"`
	Reason  string `json:"reason"`
}

// State is what was found in a portfolio.
type State struct {
	Day         string // of the run, YYYY-MM-DD
	Database    string // digest of the data
	Ecosystems  []string
	Bills       []Bill        // by product, release and name
	Components  []Component   // in the order of their texts
	Findings    []Finding     // by component, then id
	Unmonitored []Unmonitored // by component
	Support     []Support     // by product and cycle

	// LeftOut are releases that were not looked at. A file of a state does not keep them.
	LeftOut []LeftOut
	limits  []triage.Limits // by bill; none for a state that was read
}

// Bill is a bill of materials that was looked at.
type Bill struct {
	Product     string   `json:"product"`
	Release     string   `json:"release,omitempty"`
	SBOM        string   `json:"sbom"`
	Status      string   `json:"status"`            // complete, gaps, failed
	Problem     string   `json:"problem,omitempty"` // why it could not be read
	Gaps        []string `json:"gaps,omitempty"`
	Components  int      `json:"components"`
	Unmonitored int      `json:"unmonitored"`
	Field       *Field   `json:"field,omitempty"` // nil for a bill of no release
}

// Name is what a bill goes by.
func (b *Bill) Name() string { return strings.TrimSpace(b.Product + " " + b.Release) }

func (b *Bill) key() string { return b.Product + "\x00" + b.Release + "\x00" + b.SBOM }

// Component is what is said of a component as far as look-ups depend on it.
type Component struct {
	PURL         string   `json:"purl,omitempty"`
	Name         string   `json:"name,omitempty"`
	Version      string   `json:"version,omitempty"`
	Type         string   `json:"type,omitempty"`
	CPEs         []string `json:"cpes,omitempty"`
	Repositories []string `json:"repositories,omitempty"` // addresses with a revision
	Manufacturer string   `json:"manufacturer,omitempty"`
	Supplier     string   `json:"supplier,omitempty"`
	Patched      bool     `json:"patched,omitempty"`

	Bills Numbers `json:"-"`
}

// Is gives the component the form in which decisions and reports name it.
func (c *Component) Is() triage.Component {
	return triage.Component{PURL: c.PURL, Name: c.Name, Version: c.Version}
}

// Finding is a vulnerability of a component.
type Finding struct {
	Component triage.Component `json:"component"`
	ID        string           `json:"id"`
	Aliases   []string         `json:"aliases,omitempty"`
	Severity  string           `json:"severity,omitempty"`
	KEV       bool             `json:"kev,omitempty"`
	EPSS      string           `json:"epss,omitempty"`
	Range     string           `json:"range,omitempty"`
	Fixed     []string         `json:"fixed,omitempty"`
	Unsure    bool             `json:"unsure,omitempty"` // whether the version is vulnerable could not be told
	First     string           `json:"first"`            // day on which any product had it first
	Where     []Where          `json:"where"`
}

// Where are bills in which a finding stands alike.
type Where struct {
	Status   triage.Status `json:"status"`
	Decision string        `json:"decision,omitempty"` // id in the security file
	Says     string        `json:"says,omitempty"`     // what the decision says: affected, not-affected, fixed, under-investigation
	Reasons  []string      `json:"reasons,omitempty"`  // why it is open again
	Bills    Numbers       `json:"bills"`
}

// Waits reports whether a finding waits there for a decision.
func (w *Where) Waits() bool { return w.Status == triage.Open || w.Status == triage.Reopened }

// Affected reports whether a decision that holds says that the product is affected.
func (w *Where) Affected() bool { return w.Status == triage.Decided && w.Says == "affected" }

// Affected reports whether the finding affects any of the products.
func (f *Finding) Affected() bool {
	return slices.ContainsFunc(f.Where, func(w Where) bool { return w.Affected() })
}

// Waits reports whether a finding waits somewhere for a decision.
func (f *Finding) Waits() bool {
	return slices.ContainsFunc(f.Where, func(w Where) bool { return w.Waits() })
}

// ids are all ids of the vulnerability.
func (f *Finding) ids() []string { return append([]string{f.ID}, f.Aliases...) }

// Unmonitored is a component about which nothing can be said.
type Unmonitored struct {
	Component triage.Component `json:"component"`
	Reason    string           `json:"reason"`
	Bills     Numbers          `json:"bills"`
}

// Scan looks at all sources. A bill that cannot be read is one that failed; an error is
// one of the data. Progress, where it is not nil, is told how many are done. Without a
// matcher the components are taken alone.
func Scan(sources []Source, m *match.Matcher, progress func(done int)) (*State, error) {
	sources = slices.Clone(sources)
	slices.SortStableFunc(sources, func(a, b Source) int {
		return cmp.Or(cmp.Compare(a.Product, b.Product), cmp.Compare(a.Release, b.Release), cmp.Compare(a.SBOM, b.SBOM))
	})
	f := newFolder(len(sources))
	jobs := make(chan int)
	var workers sync.WaitGroup
	var failed error
	var mu sync.Mutex
	for range max(1, min(runtime.GOMAXPROCS(0), len(sources))) {
		workers.Go(func() {
			for i := range jobs {
				err := scanOne(f, i, &sources[i], m)
				mu.Lock()
				failed = cmp.Or(failed, err)
				if f.done++; progress != nil {
					progress(f.done)
				}
				mu.Unlock()
			}
		})
	}
	for i := range sources {
		jobs <- i
	}
	close(jobs)
	workers.Wait()
	if failed != nil {
		return nil, failed
	}
	state := f.state()
	for i := range sources {
		state.limits = append(state.limits, cmp.Or(sources[i].Limits, triage.LimitsOf(&model.File{})))
	}
	return state, nil
}

func scanOne(f *folder, i int, s *Source, m *match.Matcher) error {
	b := Bill{Product: s.Product, Release: s.Release, SBOM: s.SBOM}
	if s.Field != (Field{}) {
		b.Field = &s.Field
	}
	bom, err := s.Open()
	if err != nil {
		b.Status, b.Problem = string(match.Failed), err.Error()
		f.bill(i, b)
		return nil
	}
	b.Components = len(bom.Components)
	f.components(i, bom)
	if m == nil {
		b.Status = string(match.Failed) // nothing was looked up
		f.bill(i, b)
		return nil
	}
	r, err := m.Match(bom)
	if err != nil {
		return fmt.Errorf("%s: %w", b.Name(), err)
	}
	b.Status, b.Gaps = string(r.Status), r.Gaps
	b.Unmonitored = len(r.Unmonitored)
	f.bill(i, b)
	f.findings(i, s, bom, r)
	return nil
}
