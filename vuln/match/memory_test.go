package match

import (
	"context"
	"slices"
	"strings"
	"testing"

	"theriac/vuln"
	"theriac/vuln/feed"
)

// memory is a database in memory.
type memory struct {
	entries     map[Key][]vuln.Entry
	ecosystems  map[string]bool
	records     map[string]vuln.Record
	parent      map[string]string
	exploited   map[string]vuln.Exploited
	likelihoods map[string]vuln.Likelihood
	asked       map[Key]int
}

func newMemory(records ...*vuln.Record) *memory {
	m := &memory{
		entries: map[Key][]vuln.Entry{}, ecosystems: map[string]bool{}, records: map[string]vuln.Record{}, parent: map[string]string{},
		exploited: map[string]vuln.Exploited{}, likelihoods: map[string]vuln.Likelihood{}, asked: map[Key]int{},
	}
	for _, r := range records {
		m.add(r)
	}
	return m
}

func (m *memory) add(r *vuln.Record) {
	if _, again := m.records[r.ID]; again {
		return
	}
	m.records[r.ID] = *r
	for _, alias := range r.Aliases {
		m.parent[m.top(alias)] = m.top(r.ID)
	}
	for _, a := range r.Affected {
		k := Key{a.Ecosystem, vuln.Normal(a.Ecosystem, a.Name)}
		m.entries[k] = append(m.entries[k], vuln.Entry{Record: r.ID, Source: r.Source, Withdrawn: !r.Withdrawn.IsZero(), Affected: a})
		m.ecosystems[a.Ecosystem] = true
	}
}

func (m *memory) top(id string) string {
	for m.parent[id] != "" && m.parent[id] != id {
		id = m.parent[id]
	}
	return id
}

func (m *memory) Has(ecosystem string) (bool, error) { return m.ecosystems[ecosystem], nil }

func (m *memory) HasVendor(vendor string) (bool, error) {
	for k := range m.entries {
		if k.Ecosystem == "CPE" && strings.HasPrefix(k.Name, vendor+":") {
			return true, nil
		}
	}
	return false, nil
}

func (m *memory) Entries(ecosystem, name string) ([]vuln.Entry, error) {
	k := Key{ecosystem, vuln.Normal(ecosystem, name)}
	m.asked[k]++
	return m.entries[k], nil
}

func (m *memory) Records(id string) ([]vuln.Record, error) {
	if r, ok := m.records[id]; ok {
		return []vuln.Record{r}, nil
	}
	return nil, nil
}

func (m *memory) Aliases(id string) ([]string, error) {
	group := []string{id}
	for other := range m.parent {
		if m.top(other) == m.top(id) {
			group = append(group, other, m.parent[other])
		}
	}
	slices.Sort(group)
	if group = slices.Compact(group); len(group) == 1 {
		return nil, nil
	}
	return group, nil
}

func (m *memory) Exploited(cve string) (vuln.Exploited, bool, error) {
	x, ok := m.exploited[cve]
	return x, ok, nil
}

func (m *memory) Likelihood(cve string) (vuln.Likelihood, bool, error) {
	l, ok := m.likelihoods[cve]
	return l, ok, nil
}

// advisories reads OSV records from a folder.
func advisories(tb testing.TB, dir string) *memory {
	tb.Helper()
	m := newMemory()
	stats, err := feed.OSV(context.Background(), dir, func(r *vuln.Record) error {
		m.add(r)
		return nil
	})
	if err != nil || len(stats.NotUnderstood) > 0 {
		tb.Fatalf("the advisories were not read: %v, %v", err, stats.NotUnderstood)
	}
	return m
}
