package trace

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"theriac/model"
)

// Status is what a review says about a link.
type Status string

// The states of a link.
const (
	Current    Status = "current"    // its target is as it was when reviewed
	Suspect    Status = "suspect"    // its target has changed since
	Unreviewed Status = "unreviewed" // nobody looked at it
	Gone       Status = "gone"       // the file no longer states it
)

// State is the state of one link.
type State struct {
	Link
	Status Status
	From   model.Entity // nil when gone
	To     model.Entity // nil when gone, and where the target is a whole kind
	At     string       // path of the target's id inside From; see model.Reference
	Line   *Reviewed    // nil when unreviewed
}

// Whole reports whether the target is a whole kind; see RestsOn.
func (s State) Whole() bool { return s.Field == RestsOn }

// Review compares the links of a file with what was reviewed: first the links
// as they stand in the file, then lines whose links are gone, by their text.
// The file should be without errors; links that lead nowhere count as gone.
func Review(file *model.File, r *Reviews) []State {
	lines := make(map[Link]*Reviewed, len(r.Links))
	for i := range r.Links {
		lines[r.Links[i].Link] = &r.Links[i]
	}
	now := newDigests(file)
	states := make([]State, 0, len(lines)+len(lines)/8)
	enter := func(s State) {
		s.Status, s.Line = Unreviewed, lines[s.Link]
		if s.Line != nil {
			s.Status = Current
			if now.target(s.Field, s.Target, s.To) != s.Line.Digest {
				s.Status = Suspect
			}
			delete(lines, s.Link)
		}
		states = append(states, s)
	}
	file.All(func(e model.Entity) {
		Links(e, func(l Link, to model.Entity, at string) {
			enter(State{Link: l, From: e, To: to, At: at})
		})
		for _, kind := range Scope(e) {
			enter(State{Link: Link{model.Of(e).ID, RestsOn, kind}, From: e})
		}
	})
	var gone []State
	for l, line := range lines {
		gone = append(gone, State{Link: l, Status: Gone, Line: line})
	}
	slices.SortFunc(gone, func(a, b State) int { return a.Compare(b.Link) })
	return append(states, gone...)
}

// Compare orders links by the bytes of source, field and target.
func (l Link) Compare(m Link) int {
	return cmp.Or(cmp.Compare(l.Source, m.Source), cmp.Compare(l.Field, m.Field), cmp.Compare(l.Target, m.Target))
}

// Acceptance is what somebody reviewed.
type Acceptance struct {
	Links    []Link      // of the file
	Derived  [][2]string // derived threats, by pattern and element
	Vanished [][2]string // derived threats whose lines go, since nothing derives them any more
	Date     model.Date
	By       string
	Lost     []Link // links that are gone; their lines go
	Prune    bool   // all lines go whose link is gone
}

// Accept returns the text of the review file with what was reviewed entered.
// Other lines stay as they are, those of links that are gone too: that a control
// no longer lowers a risk is for somebody to look at. What the file cannot hold is
// refused: malformed lines in what was read, a link that the security file does
// not state, no reviewer, no day.
func Accept(file *model.File, r *Reviews, a Acceptance) (string, error) {
	if err := CheckBy(a.By); err != nil {
		return "", err
	}
	switch {
	case len(r.Findings) > 0:
		return "", fmt.Errorf("%s: %s", r.Findings[0].Span, r.Findings[0].Message)
	case a.Date.IsZero():
		return "", fmt.Errorf("the day of the review is missing")
	}
	links := map[Link]Reviewed{}
	stated := map[Link]State{}
	for _, s := range Review(file, r) {
		if s.Status != Gone {
			stated[s.Link] = s
		}
		if s.Line != nil && !a.drops(s) {
			links[s.Link] = *s.Line
		}
	}
	now := newDigests(file)
	for _, l := range a.Links {
		s, ok := stated[l]
		if !ok {
			return "", fmt.Errorf("%s has no %s %s", l.Source, l.Field, l.Target)
		}
		links[l] = Reviewed{Link: l, Digest: now.target(s.Field, s.Target, s.To), Date: a.Date, By: a.By}
	}
	for _, d := range a.Derived {
		if !idForm.MatchString(d[0]) || file.Lookup(d[1]) == nil {
			return "", fmt.Errorf("no threat is derived by pattern %q of %q", d[0], d[1])
		}
	}
	return write(links, a.derived(file, r)), nil
}

// drops reports whether the line of a link goes.
func (a Acceptance) drops(s State) bool {
	return s.Status == Gone && (a.Prune || s.Whole() || slices.Contains(a.Lost, s.Link))
}

// derived is what was accepted of derived threats, before and now.
func (a Acceptance) derived(file *model.File, r *Reviews) map[[2]string]Derived {
	all := map[[2]string]Derived{}
	for _, d := range r.Derived {
		key := [2]string{d.Pattern, d.Element}
		if file.Lookup(d.Element) != nil && !slices.Contains(a.Vanished, key) {
			all[key] = d
		}
	}
	for _, d := range a.Derived {
		all[d] = Derived{Pattern: d[0], Element: d[1], Date: a.Date, By: a.By}
	}
	return all
}

// write is the canonical text: links, then derived threats, each sorted.
func write(links map[Link]Reviewed, derived map[[2]string]Derived) string {
	var b strings.Builder
	b.WriteString(reviewHeader + "\n")
	for _, l := range slices.SortedFunc(maps.Keys(links), Link.Compare) {
		line := links[l]
		fmt.Fprintf(&b, "link %s %s %s %s %s %s\n", l.Source, l.Field, l.Target, line.Digest, line.Date, line.By)
	}
	for _, d := range slices.SortedFunc(maps.Keys(derived), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		line := derived[d]
		fmt.Fprintf(&b, "derived %s %s %s %s\n", d[0], d[1], line.Date, line.By)
	}
	return b.String()
}

// Text is the canonical text of what was read: Text of that text is itself.
func (r *Reviews) Text() string {
	links, derived := map[Link]Reviewed{}, map[[2]string]Derived{}
	for _, l := range r.Links {
		links[l.Link] = l
	}
	for _, d := range r.Derived {
		derived[[2]string{d.Pattern, d.Element}] = d
	}
	return write(links, derived)
}
