package portfolio

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"theriac/model"
	"theriac/triage"
)

// Kind is a kind of change.
type Kind string

// The changes, from the most pressing.
const (
	NewFinding      Kind = "new"
	Reopened        Kind = "reopened"         // a decision no longer holds
	NowExploited    Kind = "exploited"        // listed as exploited (KEV)
	MoreLikely      Kind = "epss"             // exploitation became more likely by a step, or passed the level
	ReleaseAdded    Kind = "release-added"    // a bill that was not looked at before
	NowFixed        Kind = "fix"              // a fixed version of the component is there
	OtherStatus     Kind = "status"           // a decision was made, or another one
	Gone            Kind = "gone"             // is no longer found
	ReleaseGone     Kind = "release-gone"     // a bill that is no longer looked at
	MoreUnmonitored Kind = "unmonitored-more" // more components of a bill that nobody watches
	SupportEnded    Kind = "support-ended"    // support of a release cycle of components is over
)

var kinds = []Kind{NewFinding, Reopened, NowExploited, MoreLikely, SupportEnded, ReleaseAdded, NowFixed, OtherStatus, Gone, ReleaseGone, MoreUnmonitored}

// Pressing reports whether somebody has to look at it.
func (k Kind) Pressing() bool {
	return slices.Contains([]Kind{NewFinding, Reopened, NowExploited, MoreLikely, SupportEnded, MoreUnmonitored}, k)
}

// Change is a difference between two states.
type Change struct {
	Kind     Kind
	Finding  *Finding // nil where it is about a bill
	Was, Is  string   // of what changed, where that says more
	Products []string // names of bills, in order
}

// Since tells what changed from an earlier state. First days are those of package
// triage: by id and component, whatever its version.
func (s *State) Since(before *State) []Change {
	c := comparison{before: before, after: s, found: map[string]*Finding{}, bills: map[string]int{}}
	for i := range before.Bills {
		c.bills[before.Bills[i].key()] = i
	}
	for i := range before.Findings {
		for _, key := range before.Findings[i].keys() {
			c.found[key] = &before.Findings[i]
		}
	}
	c.releases()
	seen := map[*Finding]map[int]bool{}
	for i := range s.Findings {
		c.finding(&s.Findings[i], seen)
	}
	c.gone(seen)
	c.ended()
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind))
	})
	return c.changes
}

// keys are by what a finding of the same component is recognised.
func (f *Finding) keys() []string {
	var list []string
	for _, id := range f.ids() {
		list = append(list, findingKey(f.Component, strings.ToLower(id)))
	}
	return list
}

type comparison struct {
	before, after *State
	found         map[string]*Finding // of before
	bills         map[string]int      // of before
	changes       []Change
}

func (c *comparison) add(k Kind, f *Finding, was, is string, bills *State, numbers []int) {
	change := Change{Kind: k, Finding: f, Was: was, Is: is}
	for _, n := range numbers {
		change.Products = append(change.Products, bills.Bills[n].Name())
	}
	c.changes = append(c.changes, change)
}

// releases tells which bills came and went, and which have more that nobody watches.
func (c *comparison) releases() {
	now := map[string]bool{}
	for i := range c.after.Bills {
		b := &c.after.Bills[i]
		now[b.key()] = true
		was, known := c.bills[b.key()]
		switch {
		case !known:
			c.add(ReleaseAdded, nil, "", "", c.after, []int{i})
		case b.Unmonitored > c.before.Bills[was].Unmonitored:
			c.add(MoreUnmonitored, nil, strconv.Itoa(c.before.Bills[was].Unmonitored), strconv.Itoa(b.Unmonitored), c.after, []int{i})
		}
	}
	for i := range c.before.Bills {
		if !now[c.before.Bills[i].key()] {
			c.add(ReleaseGone, nil, "", c.after.leftOut(&c.before.Bills[i]), c.before, []int{i})
		}
	}
}

// leftOut is why a release is not looked at; "" where that is not known.
func (s *State) leftOut(b *Bill) string {
	for _, l := range s.LeftOut {
		if l.Product == b.Product && l.Release == b.Release {
			return l.Reason
		}
	}
	return ""
}

// finding compares a finding. In seen it notes, by the bills of before, what is still there.
func (c *comparison) finding(f *Finding, seen map[*Finding]map[int]bool) {
	was := c.same(f)
	stood := map[int]triage.Status{}
	if was != nil {
		for _, w := range was.Where {
			for n := range w.Bills.All() {
				stood[n] = w.Status
			}
		}
		if seen[was] == nil {
			seen[was] = map[int]bool{}
		}
	}
	changed := map[Kind]map[[2]string][]int{NewFinding: {}, Reopened: {}, OtherStatus: {}}
	for _, w := range f.Where {
		for n := range w.Bills.All() {
			old, known := c.bills[c.after.Bills[n].key()]
			status, had := stood[old]
			switch {
			case !known: // all of a new release is new
			case !had:
				changed[NewFinding][[2]string{}] = append(changed[NewFinding][[2]string{}], n)
			default:
				seen[was][old] = true
				kind := OtherStatus
				if w.Status == triage.Reopened {
					kind = Reopened
				}
				if status != w.Status {
					key := [2]string{string(status), string(w.Status)}
					changed[kind][key] = append(changed[kind][key], n)
				}
			}
		}
	}
	for _, k := range []Kind{NewFinding, Reopened, OtherStatus} {
		for _, key := range sortedKeys(changed[k]) {
			list := changed[k][key]
			slices.Sort(list)
			c.add(k, f, key[0], key[1], c.after, list)
		}
	}
	if was != nil {
		c.danger(was, f)
	}
}

// same is the finding of before that is about the same vulnerability.
func (c *comparison) same(f *Finding) *Finding {
	for _, key := range f.keys() {
		if was := c.found[key]; was != nil {
			return was
		}
	}
	return nil
}

// danger compares what is said of the vulnerability itself.
func (c *comparison) danger(was, f *Finding) {
	var all []int
	for _, w := range f.Where {
		all = slices.AppendSeq(all, w.Bills.All())
	}
	slices.Sort(all)
	if f.KEV && !was.KEV {
		c.add(NowExploited, f, "", "", c.after, all)
	}
	if likelier := slices.DeleteFunc(slices.Clone(all), func(n int) bool { return !c.likelier(was.EPSS, f.EPSS, n) }); len(likelier) > 0 {
		c.add(MoreLikely, f, was.EPSS, f.EPSS, c.after, likelier)
	}
	if len(was.Fixed) == 0 && len(f.Fixed) > 0 {
		c.add(NowFixed, f, "", strings.Join(f.Fixed, ", "), c.after, all)
	}
}

// likelier reports whether a rise of the probability of exploitation is told for a bill: by
// the limits of its security file, as those that open its decisions again.
func (c *comparison) likelier(was, is string, bill int) bool {
	limits := triage.LimitsOf(&model.File{})
	if bill < len(c.after.limits) {
		limits = c.after.limits[bill]
	}
	from, to := max(0, millionths(was)), millionths(is)
	return to > from && (to-from >= limits.Step || from < limits.Level && to >= limits.Level)
}

// millionths of a probability; -1 where there is none.
func millionths(text string) int {
	p, err := strconv.ParseFloat(text, 64)
	if err != nil || p < 0 || p > 1 {
		return -1
	}
	return int(p*1e6 + 0.5)
}

// gone tells what is no longer found in bills that are still looked at.
func (c *comparison) gone(seen map[*Finding]map[int]bool) {
	now := map[string]bool{}
	for i := range c.after.Bills {
		now[c.after.Bills[i].key()] = true
	}
	for i := range c.before.Findings {
		f := &c.before.Findings[i]
		var list []int
		for _, w := range f.Where {
			for n := range w.Bills.All() {
				if !seen[f][n] && now[c.before.Bills[n].key()] {
					list = append(list, n)
				}
			}
		}
		if len(list) > 0 {
			slices.Sort(list)
			c.add(Gone, f, "", "", c.before, list)
		}
	}
}

func sortedKeys[V any](m map[[2]string]V) [][2]string {
	var list [][2]string
	for k := range m {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return list
}

// Remember gives each finding the day on which it was first seen: that of an earlier
// state, which may be nil, whatever the version of the component was then, else that
// of this one.
func (s *State) Remember(before *State) {
	first := map[string]string{}
	if before != nil {
		for i := range before.Findings {
			f := &before.Findings[i]
			for _, key := range f.lasting() {
				if day, known := first[key]; !known || f.First < day {
					first[key] = f.First
				}
			}
		}
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		f.First = s.Day
		for _, key := range f.lasting() {
			if day, known := first[key]; known && day < f.First {
				f.First = day
			}
		}
	}
}

// lasting are by what a finding is recognised whatever the version of the component.
func (f *Finding) lasting() []string {
	name := f.Component.Name
	if names := f.Component.Names(); len(names) > 0 {
		name = names[0]
	}
	var list []string
	for _, id := range f.ids() {
		list = append(list, name+"\x00"+strings.ToLower(id))
	}
	return list
}

// From are the findings that were first seen on a day or after it.
func (s *State) From(day string) []*Finding {
	var list []*Finding
	for i := range s.Findings {
		if s.Findings[i].First >= day {
			list = append(list, &s.Findings[i])
		}
	}
	return list
}
