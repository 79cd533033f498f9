// Package feed turns what others publish about vulnerabilities into the shapes of
// package vuln: advisories (OSV, CSAF, NVD), known exploitation (KEV), its
// probability (EPSS) and ends of support.
//
// # Reading
//
// A path is a folder, an archive, a file or an address; see source.go. What is
// found is handed over in an order that depends on the names of the files alone,
// from one goroutine. A record that is not understood is counted with its reason,
// and the rest is read; an error means that nothing further could be read, or comes
// from the receiver.
package feed

import (
	"cmp"
	"slices"
	"time"
)

// Stats says what a feed held.
type Stats struct {
	Records int // that were handed over
	// NotUnderstood counts, by reason, records and parts of records that were not
	// understood; Examples are the first of them, at most 20: "file: why".
	NotUnderstood map[string]int
	Examples      []string
	Newest        time.Time // newest date of modification in the data; zero where it says none
}

const maxExamples = 20

// lost counts something that was not understood.
func (s *Stats) lost(file, why string) {
	if s.NotUnderstood == nil {
		s.NotUnderstood = map[string]int{}
	}
	s.NotUnderstood[why]++
	if len(s.Examples) < maxExamples {
		s.Examples = append(s.Examples, file+": "+why)
	}
}

// seen takes note of a date of modification.
func (s *Stats) seen(modified time.Time) {
	if modified.After(s.Newest) {
		s.Newest = modified
	}
}

// add adds what another part of the same feed held.
func (s *Stats) add(other *Stats) {
	s.Records += other.Records
	for why, n := range other.NotUnderstood {
		if s.NotUnderstood == nil {
			s.NotUnderstood = map[string]int{}
		}
		s.NotUnderstood[why] += n
	}
	s.Examples = append(s.Examples, other.Examples[:min(len(other.Examples), maxExamples-len(s.Examples))]...)
	s.seen(other.Newest)
}

// Reason is why something was not understood, with how often.
type Reason struct {
	Why   string
	Count int
}

// Reasons are what was not understood, the most frequent first.
func (s *Stats) Reasons() []Reason {
	list := make([]Reason, 0, len(s.NotUnderstood))
	for why, n := range s.NotUnderstood {
		list = append(list, Reason{why, n})
	}
	slices.SortFunc(list, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Why, b.Why))
	})
	return list
}
