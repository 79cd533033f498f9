package feed

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"theriac/vuln"
)

// EOL reads ends of support: the products of endoflife.date as JSON, in the form of
// its data and in that of version 1 of its API, and the tables of Debian's and
// Ubuntu's releases of distro-info-data.
func EOL(ctx context.Context, path string, emit func(vuln.Cycle) error) (Stats, error) {
	var stats Stats
	err := walk(ctx, path, &stats, []string{".json", ".csv"}, func(file string, in io.Reader) error {
		text := bufio.NewReader(in)
		if first := firstByte(text); first == '{' || first == '[' {
			return readProducts(&stats, file, text, emit)
		}
		return readDistribution(&stats, file, text, emit)
	})
	return stats, err
}

// eolProduct is a product; Name and Label are what the API calls permalink and title.
type eolProduct struct {
	Permalink   string          `json:"permalink"`
	Name        string          `json:"name"`
	Title       string          `json:"title"`
	Label       string          `json:"label"`
	Identifiers []eolIdentifier `json:"identifiers"`
	Releases    []eolRelease    `json:"releases"`
}

type eolIdentifier struct {
	PURL string `json:"purl"`
	CPE  string `json:"cpe"`
	Type string `json:"type"` // of the API: purl, cpe, repology
	ID   string `json:"id"`
}

type eolRelease struct {
	Cycle       string    `json:"releaseCycle"`
	Name        string    `json:"name"`
	ReleaseDate string    `json:"releaseDate"`
	EOAS        eolDate   `json:"eoas"`
	EOL         eolDate   `json:"eol"`
	EOASFrom    eolDate   `json:"eoasFrom"`
	EOLFrom     eolDate   `json:"eolFrom"`
	IsEOL       bool      `json:"isEol"`
	Latest      eolLatest `json:"latest"`
	LatestDate  string    `json:"latestReleaseDate"`
}

// eolDate is a date, or whether it has come.
type eolDate struct {
	Date string
	Past bool
	Bad  bool // neither
}

func (d *eolDate) UnmarshalJSON(data []byte) error {
	var text string
	switch {
	case string(data) == "null":
	case json.Unmarshal(data, &d.Past) == nil:
	case json.Unmarshal(data, &text) == nil && day(text) != "":
		d.Date = day(text)
	default:
		d.Bad = true
	}
	return nil
}

// eolLatest is a version, in the API with its date.
type eolLatest struct{ Version, Date string }

func (l *eolLatest) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &l.Version) == nil {
		return nil
	}
	var object struct{ Name, Date string }
	err := json.Unmarshal(data, &object)
	l.Version, l.Date = object.Name, object.Date
	return err
}

func readProducts(stats *Stats, file string, in io.Reader, emit func(vuln.Cycle) error) error {
	var failed error
	listed := 0
	err := elements(in, []string{"result"}, func(p *eolProduct) error {
		listed++
		if p == nil || strings.Trim(or(p.Permalink, p.Name), "/") == "" {
			stats.lost(file, "product of another shape")
			return nil
		}
		failed = p.cycles(stats, file, emit)
		return failed
	}, nil)
	switch {
	case failed != nil:
		return failed
	case err == errShape || err == nil && listed == 0:
		stats.lost(file, "no list of products")
	case err != nil:
		stats.lost(file, reason(err))
	}
	return nil
}

func (p *eolProduct) cycles(stats *Stats, file string, emit func(vuln.Cycle) error) error {
	var ids []string
	for _, i := range p.Identifiers {
		id := or(i.PURL, i.CPE)
		if i.Type == "purl" || i.Type == "cpe" {
			id = i.ID
		}
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i := range p.Releases {
		r := &p.Releases[i]
		name := or(r.Cycle, r.Name)
		if name == "" {
			stats.lost(file, "release without name")
			continue
		}
		if r.EOL.Bad || r.EOAS.Bad || r.EOLFrom.Bad || r.EOASFrom.Bad {
			stats.lost(file, "date that cannot be read")
		}
		c := vuln.Cycle{
			Product: strings.Trim(or(p.Permalink, p.Name), "/"), Name: name, Title: or(p.Title, p.Label), IDs: ids,
			Release: day(r.ReleaseDate), Support: or(r.EOAS.Date, r.EOASFrom.Date), End: or(r.EOL.Date, r.EOLFrom.Date), Latest: r.Latest.Version,
		}
		c.Ended = c.End == "" && (r.EOL.Past || r.IsEOL)
		if latest, ok := when(or(r.LatestDate, r.Latest.Date)); ok {
			stats.seen(latest)
		}
		stats.Records++
		if err := emit(c); err != nil {
			return err
		}
	}
	return nil
}
