package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/triage"
	"theriac/vuln"
	"theriac/vuln/match"
)

type vulnScanFlags struct {
	db, format, release, date, maxAge, color string
	clones, vex                              []string
	trusted                                  trustFlags
	why, strict, record, parts               bool
	sign                                     signFlags
}

var vulnScanForms = []string{"text", "json", "sarif"}

func newVulnScan() *cobra.Command {
	var flags vulnScanFlags
	cmd := &cobra.Command{
		Use:   "scan [SBOM|DIR]",
		Short: "find known vulnerabilities of the components of a bill of materials",
		Long: `Scan looks each component of a bill of materials up in a database of advisories
(theriac vuln db build), says why each finding is one, and names every component
that nobody watches. Of a security file it takes the bill of materials of its newest
release, with the components of the model that the bill does not list and that have a
package URL, a CPE name, or a repository with the commit that was taken.

The scan is complete, has gaps, or failed, which it says. Advisories that could not be
decided are listed apart and never dropped; data that are too old are a gap.

--vex takes what a supplier says (OpenVEX, CycloneDX VEX, CSAF) and shows it beside the
findings that it is about. It decides nothing; theriac vex import makes decisions of it.

Findings of a security file are held against its decisions (theriac psirt decide): each is
open, decided, under investigation, or open again, with the reason. With --record the scan
covers every release that is out and names a bill of materials, and what was found is kept
in theriac.findings, on which theriac check and the documents rest. With --key the record
is signed (theriac.findings.sig), so that theriac check notices each change of it.

Exit status: 0 nothing found, or all of it decided; 1 findings, or nothing could be decided
(with --strict also for any gap), 2 the run failed.`,
		Example: `  theriac vuln scan --db vuln.db pump                     newest release of a security file
  theriac vuln scan --db vuln.db bom.cdx.json --why        with a sentence for each finding
  theriac vuln scan --db vuln.db bom.spdx --format json    for machines
  theriac vuln scan --db vuln.db pump --record             kept for check and the documents
  theriac vuln scan --db vuln.db pump --record --key psirt.key
  theriac vuln scan --db vuln.db pump --clone github.com/wolfssl/wolfssl=src/wolfssl`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return vulnScan(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.db, "db", "", "`file` with the advisories")
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: text, json, sarif")
	f.StringVar(&flags.release, "release", "", "`version` of the release to scan; the newest where left out")
	f.StringVar(&flags.date, "date", "", "`day` on which the age of data is judged, as YYYY-MM-DD")
	f.StringVar(&flags.maxAge, "max-age", "", "`days` that data may be old before that is a gap, or with a unit, for example \"1 week\"; what the security file says, else 7")
	f.StringVar(&flags.color, "color", "auto", "colours: auto, always, never")
	f.StringArrayVar(&flags.clones, "clone", nil, "`REPOSITORY=DIR`: clone whose history decides about commits")
	f.StringArrayVar(&flags.vex, "vex", nil, "`file` with what a supplier says of vulnerabilities; may be repeated")
	f.BoolVar(&flags.parts, "parts", false, "take a supplier's statements about parts of its product for these parts themselves")
	f.BoolVar(&flags.why, "why", false, "say why each finding is one")
	f.BoolVar(&flags.record, "record", false, "scan every release that is out, and keep what was found in theriac.findings")
	f.BoolVar(&flags.strict, "strict", false, "exit with 1 where the scan has gaps")
	flags.trusted.add(cmd)
	addDatabaseSigner(cmd, &flags.sign)
	f.Lookup("key").Usage = "with --record: " + f.Lookup("key").Usage
	_ = cmd.MarkFlagRequired("db")
	complete(cmd, "format", vulnScanForms)
	complete(cmd, "color", colours)
	return cmd
}

// scanned is a scan with what it rests on.
type scanned struct {
	*match.Result
	input *scanInput
	info  *vuln.Info
	ages  []dataAge
	day   model.Date
	// verdicts say how each finding stands, and then each that could not be decided;
	// nil where no security file was scanned.
	verdicts []triage.Verdict
	words    [][]word // of suppliers, as verdicts; nil where none were given
	unheard  []string // what of them was not understood
}

// dataAge is how old the data of a source are.
type dataAge struct {
	vuln.Source
	days  int  // -1 where the data do not say
	ahead bool // of a day to come: their age is not known
	stale bool // older than allowed, or of no known age
}

func vulnScan(cmd *cobra.Command, args []string, flags vulnScanFlags) error {
	if !slices.Contains(vulnScanForms, flags.format) {
		return badValue("format", flags.format, vulnScanForms)
	}
	show, err := screenOf(flags.color, cmd.OutOrStdout(), os.Environ())
	if err != nil {
		return err
	}
	if flags.sign.key != "" && !flags.record {
		return errors.New("--key signs what --record keeps; give both")
	}
	if flags.parts && len(flags.vex) == 0 {
		return errors.New("--parts is about what --vex takes; give both")
	}
	s, err := runScan(cmd, args, flags)
	if err != nil {
		return err
	}
	if err := s.write(cmd.OutOrStdout(), show, flags); err != nil {
		return err
	}
	if s.waiting() > 0 || s.Status == match.Failed || flags.strict && s.Status != match.Complete {
		return errFindings
	}
	return nil
}

// runScan reads what is to be scanned, matches it and judges the age of the data. Where
// findings are kept, it does so for every release that is out.
func runScan(cmd *cobra.Command, args []string, flags vulnScanFlags) (*scanned, error) {
	ctx := cmd.Context()
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	clones, err := clonesOf(ctx, flags.clones)
	if err != nil {
		return nil, err
	}
	db, err := flags.trusted.open(flags.db)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	input, err := readScanInput(ctx, args, flags.release)
	if err != nil {
		return nil, err
	}
	limit, err := maxDataAge(flags.maxAge, input)
	if err != nil {
		return nil, err
	}
	info, err := db.Info()
	if err != nil {
		return nil, err
	}
	matcher := match.NewMatcher(db, match.Options{Ancestor: clones})
	scan := func(input *scanInput) (*scanned, error) {
		result, err := matcher.Match(input.bom)
		if err != nil {
			return nil, err
		}
		s := &scanned{Result: result, input: input, info: info, day: day}
		s.judgeAge([]ageLimit{{limit, nil}})
		s.judge()
		return s, nil
	}
	s, err := scan(input)
	if err == nil {
		err = s.hear(flags.vex, flags.parts)
	}
	if err != nil || !flags.record {
		return s, err
	}
	return s, recordScans(cmd, s, &flags.sign, scan)
}

// maxDataAge is the age from which on data are a gap: that of the flag, of the security
// file, or a week.
func maxDataAge(flag string, input *scanInput) (model.Duration, error) {
	switch {
	case flag != "":
		if n, err := strconv.ParseUint(flag, 10, 16); err == nil {
			flag = fmt.Sprintf("%d days", n)
		}
		limit, err := model.ParseDuration(flag)
		if err != nil {
			err = fmt.Errorf("--max-age: %w", err)
		}
		return limit, err
	case input.file != nil && input.file.VulnerabilityHandling != nil && !input.file.VulnerabilityHandling.MaxDataAge.IsZero():
		return input.file.VulnerabilityHandling.MaxDataAge, nil
	}
	return model.ParseDuration("7 days")
}

// advisoryFeeds are the sources whose age matters: new vulnerabilities come from there.
var advisoryFeeds = []string{"osv", "csaf", "nvd", "kev", "epss"}

// ageLimit is how old data may be, and for which products; for all where none is named.
type ageLimit struct {
	limit    model.Duration
	products []string
}

// judgeAge makes data that are too old, or of no known age, gaps of the scan. Limits stand
// from the shortest on.
func (s *scanned) judgeAge(limits []ageLimit) {
	var stale []string
	for _, source := range s.info.Sources {
		a := dataAge{Source: source, days: -1}
		watched := slices.Contains(advisoryFeeds, source.Name)
		if !source.Newest.IsZero() {
			newest := model.DateOf(source.Newest.UTC())
			a.days = max(0, daysBetween(newest, s.day))
			ahead := daysBetween(s.day, newest)
			a.ahead = ahead > 1 // a day is what time zones make of it
			a.stale = watched && (a.ahead || newest.Add(limits[0].limit).Before(s.day))
		} else {
			a.stale = watched
		}
		if a.stale {
			stale = append(stale, a.tooOld(limits, s.day))
		}
		s.ages = append(s.ages, a)
	}
	if len(s.ages) == 0 {
		stale = append(stale, "the database names no source, so that the age of its data is not known")
	}
	if n := s.info.AliasesApart; n > 0 {
		stale = append(stale, fmt.Sprintf("%s in the data were not followed, as they join too many ids to be of one vulnerability", several(n, "alias", "aliases")))
	}
	s.Gaps = append(s.Gaps, stale...)
	if len(stale) > 0 && s.Status == match.Complete {
		s.Status = match.WithGaps
	}
}

// tooOld says of data that are too old how old they may be, and for which products where
// others take them.
func (a dataAge) tooOld(limits []ageLimit, day model.Date) string {
	text := fmt.Sprintf("the data of %s are %s", strings.TrimSpace(a.Name+" "+a.What), a.words())
	if a.ahead {
		return text
	}
	var may []string
	for _, l := range limits {
		if !a.Newest.IsZero() && !model.DateOf(a.Newest.UTC()).Add(l.limit).Before(day) {
			continue
		}
		one := fmt.Sprintf("%s old", l.limit)
		if len(limits) > 1 {
			one += " for " + shownNames(l.products)
		}
		may = append(may, one)
	}
	return text + ", and may be " + strings.Join(may, "; ")
}

func (a dataAge) words() string {
	if a.days < 0 {
		return "of no known age"
	}
	if a.ahead {
		return fmt.Sprintf("of %s, which is after the day of the scan", a.Newest.UTC().Format(time.DateOnly))
	}
	return fmt.Sprintf("of %s, %s old", a.Newest.UTC().Format(time.DateOnly), amount(a.days, "day"))
}

// daysBetween counts the days from one day to another.
func daysBetween(from, to model.Date) int {
	a, errA := time.Parse(time.DateOnly, from.String())
	b, errB := time.Parse(time.DateOnly, to.String())
	if cmp.Or(errA, errB) != nil {
		return 0
	}
	return int(b.Sub(a).Hours()) / 24
}

func (s *scanned) write(w io.Writer, show screen, flags vulnScanFlags) error {
	switch flags.format {
	case "json":
		return writeJSON(w, s.json())
	case "sarif":
		return s.sarif(w)
	case "text":
		return s.text(w, show, flags.why)
	}
	return errors.New("no such form")
}
