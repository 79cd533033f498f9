package triage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"theriac/diag"
	"theriac/model"
)

// RecordFile is the name of the file of recorded findings in the folder of
// theriac.yaml.
const RecordFile = "theriac.findings"

// CodeRecord is the code of findings about the form of a file of recorded findings.
const CodeRecord = "T8710"

// Limits for a file of recorded findings; docs/formats/findings.md.
const (
	maxRecord         = 64 << 20
	maxRecordLine     = 64 << 10
	maxRecordFindings = 100
	recordHeader      = "theriac findings 1"
)

// Record is what the last scan of a security file found.
type Record struct {
	Day      model.Date // of the scan; zero where nothing is recorded
	Sources  []Source   // of the database
	Database string     // digest of the data; "" where the record does not say
	Scans    []Scan
	Findings diag.List // what is malformed in the file; such lines are not among the others
	File     *diag.Source
	lines    map[string]int     // of findings, by key
	scanned  map[[2]string]bool // releases with their bills of materials
	lost     bool               // the line of the scan could not be read
}

// Source is a source of advisories, with the day on which its data were taken.
type Source struct {
	Name string `json:"name"`
	Date string `json:"date"` // YYYY-MM-DD; "" where nobody says
}

// Scan is what was found in one bill of materials.
type Scan struct {
	Release string `json:"release,omitempty"` // version of the product; "" where it is of no release
	SBOM    string `json:"sbom,omitempty"`    // path below the folder; "" for the components of the model
	Digest  string `json:"digest,omitempty"`  // SHA-256 of the bill of materials
	Status  string `json:"status"`            // complete, gaps, failed

	Found       []Finding     `json:"-"`
	Unmonitored []Unmonitored `json:"-"`
	Support     []Support     `json:"-"`
	Line        int           `json:"-"` // 0 where it was not read from a file
}

// Support is the release cycle of a component of which the end is known.
type Support struct {
	Component Component `json:"component"`
	Product   string    `json:"product"` // as endoflife.date names it
	Cycle     string    `json:"cycle"`
	End       string    `json:"end"` // YYYY-MM-DD, or ended
	By        string    `json:"by"`  // on what the identification rests: exact, cpe, name
}

// Unmonitored is a component about which no source says anything.
type Unmonitored struct {
	Component Component `json:"component"`
	Reason    string    `json:"reason"`
}

// Empty reports whether nothing was recorded.
func (r *Record) Empty() bool { return r == nil || r.Day.IsZero() && len(r.Scans) == 0 }

// LineOf is the line of a finding of a scan, 0 where it was not read from a file.
func (r *Record) LineOf(s *Scan, f Finding) int { return r.lines[lineKey(s, f)] }

func lineKey(s *Scan, f Finding) string {
	return fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%s", s.Release, s.SBOM, f.ID, f.Component, f.Component.Version)
}

// recorded is the form of a finding in a line.
type recorded struct {
	First string `json:"first"`
	Finding
}

// day is the form of the line with the day.
type day struct {
	Date string `json:"date"`
}

// database is the form of the line with the database.
type database struct {
	Digest string `json:"digest"`
}

// Update makes the record of a scan: findings keep the day on which the record before
// first had them, in whatever release, and the others get this one.
func Update(before *Record, today model.Date, sources []Source, scans []Scan) *Record {
	first := map[string]model.Date{}
	if before != nil {
		for _, s := range before.Scans {
			for _, f := range s.Found {
				for _, key := range f.keys() {
					if d, known := first[key]; !f.First.IsZero() && (!known || f.First.Before(d)) {
						first[key] = f.First
					}
				}
			}
		}
	}
	r := &Record{Day: today, Sources: slices.Clone(sources)}
	for _, s := range scans {
		s.Found, s.Unmonitored, s.Support = slices.Clone(s.Found), slices.Clone(s.Unmonitored), slices.Clone(s.Support)
		for i := range s.Found {
			f := &s.Found[i]
			if f.First.IsZero() || today.Before(f.First) {
				f.First = today
			}
			for _, key := range f.keys() {
				if d, known := first[key]; known && d.Before(f.First) {
					f.First = d
				}
			}
		}
		r.Scans = append(r.Scans, s)
	}
	r.sort()
	return r
}

// keys are by what a finding is recognised in the record before: each of its ids in the
// component, whatever its version.
func (f Finding) keys() []string {
	name := f.Component.Name
	if names := f.Component.Names(); len(names) > 0 {
		name = names[0]
	}
	var keys []string
	for _, id := range f.IDs() {
		keys = append(keys, strings.ToLower(id)+" "+name)
	}
	return keys
}

func (r *Record) sort() {
	slices.SortFunc(r.Sources, func(a, b Source) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Date, b.Date)) })
	slices.SortStableFunc(r.Scans, func(a, b Scan) int {
		return cmp.Or(cmp.Compare(a.Release, b.Release), cmp.Compare(a.SBOM, b.SBOM))
	})
	for _, s := range r.Scans {
		slices.SortStableFunc(s.Found, Order)
		slices.SortStableFunc(s.Unmonitored, func(a, b Unmonitored) int {
			return cmp.Or(cmp.Compare(a.Component.String(), b.Component.String()), cmp.Compare(a.Component.Version, b.Component.Version), cmp.Compare(a.Reason, b.Reason))
		})
		slices.SortStableFunc(s.Support, func(a, b Support) int {
			return cmp.Or(cmp.Compare(a.Component.String(), b.Component.String()), cmp.Compare(a.Component.Version, b.Component.Version),
				cmp.Compare(a.Product, b.Product), cmp.Compare(a.Cycle, b.Cycle), cmp.Compare(a.End, b.End), cmp.Compare(a.By, b.By))
		})
	}
}

// Encode writes a record as docs/formats/findings.md has it. The same record gives the
// same bytes.
func Encode(r *Record) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(recordHeader + "\n")
	line := func(word string, v any) error {
		text, err := jsonLine(v)
		if err == nil && len(word)+1+len(text) > maxRecordLine {
			err = fmt.Errorf("a line of %s would be longer than %d bytes", word, maxRecordLine)
		}
		out.WriteString(word + " " + text + "\n")
		return err
	}
	err := line("day", day{r.Day.String()})
	for _, s := range r.Sources {
		err = errors.Join(err, line("source", s))
	}
	if r.Database != "" {
		err = errors.Join(err, line("database", database{r.Database}))
	}
	seen := map[string]bool{}
	for i := range r.Scans {
		s := &r.Scans[i]
		err = errors.Join(err, line("scan", s))
		for _, f := range s.Found {
			if key := lineKey(s, f); !seen[key] {
				seen[key] = true
				err = errors.Join(err, line("finding", recorded{f.First.String(), f}))
			}
		}
		for j, u := range s.Unmonitored {
			if j == 0 || u != s.Unmonitored[j-1] {
				err = errors.Join(err, line("unmonitored", u))
			}
		}
		for j, u := range s.Support {
			if j == 0 || u != s.Support[j-1] {
				err = errors.Join(err, line("support", u))
			}
		}
	}
	if err == nil && out.Len() > maxRecord {
		err = fmt.Errorf("the record would be larger than %d MB", maxRecord>>20)
	}
	return out.Bytes(), err
}

// jsonLine is a value as JSON on one line, in which <, > and & stand for themselves.
func jsonLine(v any) (string, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(out.String(), "\n"), err
}

// ParseRecord reads the text of a file of recorded findings. It reads on after a
// malformed line, unless the first line shows that the file is of another format.
func ParseRecord(shown string, text []byte) *Record {
	text = unixLines(text)
	r := &Record{File: &diag.Source{Path: shown, Text: text}, lines: map[string]int{}, scanned: map[[2]string]bool{}}
	if len(text) > maxRecord {
		r.File.Text = nil
		r.complain(1, fmt.Sprintf("file is larger than %d MB", maxRecord>>20), rescan)
		return r
	}
	head, rest, _ := strings.Cut(string(text), "\n")
	if version, ok := strings.CutPrefix(head, "theriac findings "); ok && head != recordHeader {
		r.complain(1, fmt.Sprintf("version %q of the format is not known here", clip(version)), "use the version of theriac that wrote the file, or a newer one")
		return r
	} else if !ok {
		r.complain(1, fmt.Sprintf("first line is not %q", recordHeader), rescan)
		return r
	}
	n := 1
	for line := range strings.Lines(rest) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if err := r.line(n, line); line != "" && err != nil {
			r.complain(n, err.Error(), rescan)
		}
	}
	return r
}

const rescan = "restore the file, or record the findings again: theriac vuln scan --record"

func (r *Record) complain(line int, message, help string) {
	if len(r.Findings) >= maxRecordFindings {
		return
	}
	f := diag.Finding{Code: CodeRecord, Severity: diag.Error, Span: r.File.LineSpan(line), Message: message, Help: help}
	if len(r.Findings) == maxRecordFindings-1 {
		f.Message, f.Help = "further malformed lines are not listed", "mend those that are listed first"
	}
	r.Findings.Add(f)
}

// line enters a line behind the header.
func (r *Record) line(n int, line string) error {
	switch {
	case len(line) > maxRecordLine:
		return fmt.Errorf("line is longer than %d bytes", maxRecordLine)
	case !utf8.ValidString(line):
		return errors.New("line is not UTF-8")
	}
	word, text, _ := strings.Cut(line, " ")
	var last *Scan
	if len(r.Scans) > 0 {
		last = &r.Scans[len(r.Scans)-1]
	}
	switch word {
	case "day":
		return r.dayLine(text)
	case "source":
		return r.sourceLine(text)
	case "database":
		return r.databaseLine(text)
	case "scan":
		return r.scanLine(n, text)
	case "finding", "unmonitored", "support":
		if r.lost {
			return nil // the scan that it belongs to was complained about
		}
		if last == nil {
			return fmt.Errorf("line of %s stands before any scan", word)
		}
		switch word {
		case "finding":
			return r.findingLine(n, text, last)
		case "support":
			return supportLine(text, last)
		}
		return unmonitoredLine(text, last)
	}
	return fmt.Errorf("expected a line of day, source, database, scan, finding, unmonitored or support, found %q", clip(line))
}

// strictly reads JSON that is written exactly as Encode does, so that no two readers can
// understand it differently.
func strictly(text string, v any) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("not JSON as it is written here: %w", err)
	}
	if again, err := jsonLine(v); err != nil || again != text {
		return errors.New("not JSON as it is written here: other order, blanks, or something given twice")
	}
	return nil
}

func (r *Record) dayLine(text string) error {
	var d day
	if err := strictly(text, &d); err != nil {
		return err
	}
	if !r.Day.IsZero() {
		return errors.New("there are two days")
	}
	date, err := exactDay(d.Date)
	r.Day = date
	return err
}

// exactDay reads a day that is written as it is printed.
func exactDay(text string) (model.Date, error) {
	d, err := model.ParseDate(text)
	if err == nil && d.String() != text {
		err = fmt.Errorf("expected a date as YYYY-MM-DD, found %q", clip(text))
	}
	if err != nil {
		return model.Date{}, err
	}
	return d, nil
}

func (r *Record) sourceLine(text string) error {
	var s Source
	if err := strictly(text, &s); err != nil {
		return err
	}
	if s.Name == "" {
		return errors.New("a source has no name")
	}
	if s.Date != "" {
		if _, err := exactDay(s.Date); err != nil {
			return err
		}
	}
	r.Sources = append(r.Sources, s)
	return nil
}

func (r *Record) databaseLine(text string) error {
	var d database
	switch err := strictly(text, &d); {
	case err != nil:
		return err
	case d.Digest == "":
		return errors.New("a database has no digest")
	case r.Database != "":
		return errors.New("there are two databases")
	}
	r.Database = d.Digest
	return nil
}

func (r *Record) scanLine(n int, text string) error {
	s := Scan{}
	r.lost = true
	if err := strictly(text, &s); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]string{"complete", "gaps", "failed"}, s.Status):
		return fmt.Errorf("%q is not complete, gaps or failed", clip(s.Status))
	case r.scanned[[2]string{s.Release, s.SBOM}]:
		return errors.New("the same bill of materials was scanned twice for a release")
	}
	r.scanned[[2]string{s.Release, s.SBOM}] = true
	s.Line, r.lost = n, false
	r.Scans = append(r.Scans, s)
	return nil
}

func (r *Record) findingLine(n int, text string, s *Scan) error {
	var f recorded
	if err := strictly(text, &f); err != nil {
		return err
	}
	first, err := exactDay(f.First)
	switch {
	case err != nil:
		return err
	case f.ID == "" || f.Component.nameless():
		return errors.New("a finding has no id or no component")
	case SeverityRank(f.Severity) < 0:
		return fmt.Errorf("%q is no severity", clip(f.Severity))
	case f.EPSS != "" && !Probability(f.EPSS):
		return fmt.Errorf("%q is no probability of 0 to 1", clip(f.EPSS))
	}
	key := lineKey(s, f.Finding)
	if before := r.lines[key]; before > 0 {
		return fmt.Errorf("same finding as on line %d", before)
	}
	r.lines[key] = n
	f.Finding.First = first
	s.Found = append(s.Found, f.Finding)
	return nil
}

func supportLine(text string, s *Scan) error {
	var u Support
	if err := strictly(text, &u); err != nil {
		return err
	}
	if u.Component == (Component{}) || u.Product == "" || u.Cycle == "" {
		return errors.New("support of no component, or of no cycle of a product")
	}
	if u.End != Ended {
		if _, err := exactDay(u.End); err != nil {
			return err
		}
	}
	s.Support = append(s.Support, u)
	return nil
}

// Ended is the end of support that came on a day that is not known.
const Ended = "ended"

func unmonitoredLine(text string, s *Scan) error {
	var u Unmonitored
	if err := strictly(text, &u); err != nil {
		return err
	}
	if u.Component == (Component{}) || u.Reason == "" {
		return errors.New("a component that nobody monitors has no name or no reason")
	}
	s.Unmonitored = append(s.Unmonitored, u)
	return nil
}
