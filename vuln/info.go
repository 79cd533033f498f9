package vuln

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Source is something that was read into a database.
type Source struct {
	Name   string    `json:"name"`   // of the feed: osv, csaf, nvd, kev, epss, eol
	What   string    `json:"what"`   // name of the file, folder or address
	Newest time.Time `json:"newest"` // newest date in the data; zero where they have none
	Count  int       `json:"count"`  // records that were understood

	// NotUnderstood counts by reason what was not; Examples are some of it.
	NotUnderstood map[string]int `json:"notUnderstood,omitempty"`
	Examples      []string       `json:"examples,omitempty"`
}

// Ecosystem is how much a database knows of an ecosystem.
type Ecosystem struct {
	Name     string `json:"name"` // with its release
	Records  int    `json:"records"`
	Packages int    `json:"packages"`
}

// Contents are what a database holds.
type Contents struct {
	Records   map[string]int `json:"records"` // by source
	Withdrawn int            `json:"withdrawn"`
	Groups    int            `json:"groups"` // of aliases
	// AliasesApart are aliases that were not followed, as they would have joined too many ids.
	AliasesApart int `json:"aliasesApart,omitempty"`

	Exploited   int         `json:"exploited"`
	Likelihoods int         `json:"likelihoods"`
	Cycles      int         `json:"cycles"`
	Ecosystems  []Ecosystem `json:"ecosystems"` // by name
	Sources     []Source    `json:"sources"`    // by name
}

// Info says what a database is.
type Info struct {
	Contents
	Version  int
	Size     int64    // of the file in bytes
	Digest   string   // SHA-256 of its header, which stands for all of it
	Signers  []string // ids of the keys that are said to have signed
	Verified string   // id of the trusted key of which the signature fits; "" where none was asked for
}

// unite is the union of sources. Of those with the same name and what, the one
// with the newer data stays, whatever the order in which they come.
func unite(all []Source) []Source {
	best := map[[2]string]Source{}
	for _, s := range all {
		key := [2]string{s.Name, s.What}
		if old, ok := best[key]; !ok || compareSources(old, s) < 0 {
			best[key] = s
		}
	}
	return slices.SortedFunc(maps.Values(best), func(a, b Source) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.What, b.What))
	})
}

func compareSources(a, b Source) int {
	return cmp.Or(a.Newest.Compare(b.Newest), cmp.Compare(a.Count, b.Count), cmp.Compare(text(a), text(b)))
}

func text(s Source) string {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // a date beyond the year 9999; all else can be written
	}
	return string(b)
}

func readContents(data []byte) (Contents, error) {
	var c Contents
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("%w: section %s: %w", ErrCut, about, err)
	}
	return c, nil
}
