package feed

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"

	"theriac/vuln"
)

// KEV reads the catalogue of known exploited vulnerabilities that CISA publishes as
// JSON, or a list of CVE ids, one a line, which says nothing else of them.
func KEV(ctx context.Context, path string, emit func(vuln.Exploited) error) (Stats, error) {
	var stats Stats
	err := walk(ctx, path, &stats, []string{".json", ".txt"}, func(file string, in io.Reader) error {
		text := bufio.NewReader(in)
		if first := firstByte(text); first == '{' || first == '[' {
			return kevCatalogue(&stats, file, text, emit)
		}
		return kevList(&stats, file, text, emit)
	})
	return stats, err
}

type kevEntry struct {
	CVE        string `json:"cveID"`
	Name       string `json:"vulnerabilityName"`
	Added      string `json:"dateAdded"`
	Due        string `json:"dueDate"`
	Ransomware string `json:"knownRansomwareCampaignUse"` // Known or Unknown
}

func kevCatalogue(stats *Stats, file string, in io.Reader, emit func(vuln.Exploited) error) error {
	var failed error
	listed := 0
	err := elements(in, []string{"vulnerabilities"}, func(e *kevEntry) error {
		listed++
		if e == nil || !isCVE(e.CVE) {
			stats.lost(file, "entry without CVE id")
			return nil
		}
		if day(e.Added) == "" {
			stats.lost(file, "entry without date of addition")
		}
		stats.Records++
		failed = emit(vuln.Exploited{CVE: e.CVE, Added: day(e.Added), Due: day(e.Due), Ransomware: e.Ransomware == "Known", Name: e.Name})
		return failed
	}, func(name string, value json.RawMessage) {
		var text string
		if name == "dateReleased" && json.Unmarshal(value, &text) == nil {
			if released, ok := when(text); ok {
				stats.seen(released)
			}
		}
	})
	switch {
	case failed != nil:
		return failed
	case err == errShape || err == nil && listed == 0:
		stats.lost(file, "no list of vulnerabilities")
	case err != nil:
		stats.lost(file, reason(err))
	}
	return nil
}

func kevList(stats *Stats, file string, in io.Reader, emit func(vuln.Exploited) error) error {
	return lines(stats, file, in, func(line string) error {
		id := strings.TrimSpace(line)
		switch {
		case id == "" || strings.HasPrefix(id, "#"):
			return nil
		case !isCVE(id):
			stats.lost(file, "line without CVE id")
			return nil
		}
		stats.Records++
		return emit(vuln.Exploited{CVE: id})
	})
}
