package feed

import (
	"context"
	"io"
	"strconv"
	"strings"

	"theriac/vuln"
)

// EPSS reads the table of scores that FIRST publishes each day: a comment with the
// version of the model and the date of the scores, a line of titles, then CVE, score
// and percentile. Scores stay as they are written.
func EPSS(ctx context.Context, path string, emit func(vuln.Likelihood) error) (Stats, error) {
	var stats Stats
	err := walk(ctx, path, &stats, []string{".csv"}, func(file string, in io.Reader) error {
		table := epssTable{stats: &stats, file: file, emit: emit}
		if err := lines(&stats, file, in, table.line); err != nil {
			return err
		}
		switch {
		case !table.titled:
			stats.lost(file, "no table of scores")
		case table.date == "":
			stats.lost(file, "scores without date")
		}
		return nil
	})
	return stats, err
}

// epssTable is a table as it is read; columns are found by their titles.
type epssTable struct {
	stats *Stats
	file  string
	emit  func(vuln.Likelihood) error

	date                   string
	titled                 bool
	cve, score, percentile int
}

func (t *epssTable) line(line string) error {
	if comment, ok := strings.CutPrefix(line, "#"); ok {
		t.comment(comment)
		return nil
	}
	fields := strings.Split(strings.TrimSpace(line), ",")
	switch {
	case len(fields) == 1 && fields[0] == "":
		return nil
	case !t.titled:
		t.titles(fields)
		return nil
	case len(fields) <= max(t.cve, t.score, t.percentile):
		t.stats.lost(t.file, "line with too few columns")
		return nil
	}
	l := vuln.Likelihood{CVE: fields[t.cve], Score: fields[t.score], Percentile: fields[t.percentile], Date: t.date}
	if !isCVE(l.CVE) {
		t.stats.lost(t.file, "line without CVE id")
		return nil
	}
	if !isShare(l.Score) || !isShare(l.Percentile) {
		t.stats.lost(t.file, "score that is no number from 0 to 1")
		return nil
	}
	t.stats.Records++
	return t.emit(l)
}

// comment takes the date out of "model_version:v2025.03.14,score_date:2026-08-22T00:00:00+0000".
func (t *epssTable) comment(s string) {
	for part := range strings.SplitSeq(s, ",") {
		value, ok := strings.CutPrefix(strings.TrimSpace(part), "score_date:")
		if !ok {
			continue
		}
		if date, ok := when(value); ok {
			t.date = date.Format("2006-01-02")
			t.stats.seen(date)
		}
	}
}

func (t *epssTable) titles(fields []string) {
	at := map[string]int{}
	for i, title := range fields {
		at[strings.ToLower(strings.TrimSpace(title))] = i
	}
	var cve, score, percentile bool
	t.cve, cve = at["cve"]
	t.score, score = at["epss"]
	t.percentile, percentile = at["percentile"]
	t.titled = cve && score && percentile
}

// isShare says whether s is a decimal number from 0 to 1.
func isShare(s string) bool {
	n, err := strconv.ParseFloat(s, 64)
	return err == nil && n >= 0 && n <= 1 && len(s) < 32
}
