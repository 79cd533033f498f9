package feed

import (
	"io"
	"strings"

	"theriac/vuln"
)

// distribution is a table of releases as the package distro-info-data has it for
// Debian and Ubuntu. Each release is a cycle that ends with the column eol, in Ubuntu
// with the later of eol and eol-server; endoflife.date means the same by eol. What
// others do longer, or for paying customers, is left out: eol-lts, eol-elts, eol-esm,
// eol-legacy. The table has no date of change.
type distribution struct {
	stats   *Stats
	file    string
	emit    func(vuln.Cycle) error
	product string
	title   string
	columns map[string]int
}

func readDistribution(stats *Stats, file string, in io.Reader, emit func(vuln.Cycle) error) error {
	d := distribution{stats: stats, file: file, emit: emit}
	if err := lines(stats, file, in, d.line); err != nil {
		return err
	}
	if d.product == "" {
		stats.lost(file, "neither JSON nor a table of releases")
	}
	return nil
}

func (d *distribution) line(line string) error {
	fields := strings.Split(strings.TrimSpace(line), ",")
	switch {
	case len(fields) == 1 && fields[0] == "":
		return nil
	case d.columns == nil:
		d.titles(fields)
		return nil
	case d.product == "":
		return nil
	}
	value := func(column string) string {
		if i, ok := d.columns[column]; ok && i < len(fields) {
			return strings.TrimSpace(fields[i])
		}
		return ""
	}
	date := func(column string) string {
		text := value(column)
		if text != "" && day(text) == "" {
			d.stats.lost(d.file, "date that cannot be read")
		}
		return day(text)
	}
	name := or(strings.TrimSuffix(value("version"), " LTS"), value("series")) // sid has no version
	if name == "" {
		d.stats.lost(d.file, "release without name")
		return nil
	}
	c := vuln.Cycle{Product: d.product, Name: name, Title: d.title, Release: date("release")}
	c.End = max(date("eol"), date("eol-server")) // ISO dates stand in the order of texts
	d.stats.Records++
	return d.emit(c)
}

// titles knows the distribution by the columns that the other one does not have.
func (d *distribution) titles(fields []string) {
	d.columns = map[string]int{}
	for i, title := range fields {
		d.columns[title] = i
	}
	has := func(column string) bool { _, ok := d.columns[column]; return ok }
	switch {
	case !has("version") || !has("series") || !has("eol"):
	case has("eol-lts"):
		d.product, d.title = "debian", "Debian"
	case has("eol-server"):
		d.product, d.title = "ubuntu", "Ubuntu"
	}
}
