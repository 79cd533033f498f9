package portfolio

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"theriac/triage"
	"theriac/vuln/match"
)

// maxSupported bounds the components of a release cycle that are named; all are counted.
const maxSupported = 20

// Support is the release cycle of components, of which the end is known.
type Support struct {
	Product    string             `json:"product"` // as endoflife.date names it
	Title      string             `json:"title"`
	Cycle      string             `json:"cycle"`
	End        string             `json:"end"` // last day, YYYY-MM-DD; "ended" where the day is not known
	Latest     string             `json:"latest,omitempty"`
	By         string             `json:"by"`         // on what the identification rests: exact, cpe, name
	Count      int                `json:"count"`      // components of it
	Components []triage.Component `json:"components"` // the first of them
	Bills      Numbers            `json:"bills"`
}

// Over reports whether support ended before a day, YYYY-MM-DD.
func (s *Support) Over(day string) bool { return s.End == triage.Ended || s.End < day }

func (s *Support) key() string { return strings.Join([]string{s.Product, s.Cycle, s.By}, "\x00") }

// supported is a cycle with all its components, while bills are folded.
type supported struct {
	listed[Support]
	components map[triage.Component]bool
}

// supports takes over the cycles of the components of a bill. The caller holds the lock.
func (f *folder) supports(i int, r *match.Result) {
	for n := range r.Support {
		in := &r.Support[n]
		if in.Until() == "" {
			continue
		}
		s := Support{Product: in.Product, Title: in.Title, Cycle: in.Cycle, End: in.Until(), Latest: in.Latest, By: string(in.By)}
		one := f.cycles[s.key()]
		if one == nil {
			one = &supported{listed[Support]{what: s}, map[triage.Component]bool{}}
			f.cycles[s.key()] = one
		}
		for _, c := range in.Components {
			one.components[triage.Component{PURL: c.PURL, Name: c.Name, Version: c.Version}] = true
		}
		one.add(i)
	}
}

// supported are the cycles in their order.
func (f *folder) supported() []Support {
	var list []Support
	for _, key := range slices.Sorted(maps.Keys(f.cycles)) {
		one := f.cycles[key]
		all := slices.SortedFunc(maps.Keys(one.components), func(a, b triage.Component) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version), cmp.Compare(a.PURL, b.PURL))
		})
		one.what.Bills, one.what.Count, one.what.Components = numbersOf(one.bills), len(all), all[:min(len(all), maxSupported)]
		list = append(list, one.what)
	}
	return list
}

// ended tells of which cycles support ended since the earlier state. That of one that was
// not there then is told where it is over.
func (c *comparison) ended() {
	was := map[string]*Support{}
	for i := range c.before.Support {
		was[c.before.Support[i].key()] = &c.before.Support[i]
	}
	for i := range c.after.Support {
		s := &c.after.Support[i]
		if !s.Over(c.after.Day) {
			continue
		}
		over := map[int]bool{} // bills of before in which it was over
		if old := was[s.key()]; old != nil && old.Over(c.before.Day) {
			for n := range old.Bills.All() {
				over[n] = true
			}
		}
		var list []int
		for n := range s.Bills.All() {
			if before, known := c.bills[c.after.Bills[n].key()]; known && !over[before] {
				list = append(list, n)
			}
		}
		if len(list) > 0 {
			c.add(SupportEnded, nil, "", s.Name()+" "+s.End, c.after, list)
		}
	}
}

// Name is what a cycle goes by.
func (s *Support) Name() string { return strings.TrimSpace(cmp.Or(s.Title, s.Product) + " " + s.Cycle) }
