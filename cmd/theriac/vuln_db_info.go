package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/vuln"
)

type dbInfoFlags struct {
	trusted trustFlags
	format  string
	date    string
	verify  bool
	maxAge  int
}

func newVulnDBInfo() *cobra.Command {
	var flags dbInfoFlags
	cmd := &cobra.Command{
		Use:   "info FILE",
		Short: "say what is in a database, and how old it is",
		Long: `Info says what a database holds: its sources with the date of their newest record and
its age, what was not understood of them, records by ecosystem, and who signed it. A
signature is verified with the keys of --trust; without one only its key is named.

Exit status is 1 when data are older than --max-age, have no date, or one to come.`,
		Example: `  theriac vuln db info vuln.db
  theriac vuln db info vuln.db --trust feeds.pub --verify --max-age 7`,
		Args: oneDatabase,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if flags.format != "text" && flags.format != "json" {
				return badValue("format", flags.format, []string{"text", "json"})
			}
			if cmd.Flags().Changed("max-age") && flags.maxAge < 0 {
				return fmt.Errorf("--max-age: %d is no number of days", flags.maxAge)
			}
			day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
			if err != nil {
				return err
			}
			db, err := flags.trusted.open(args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			return flags.tell(cmd, db, args[0], day)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form`: text, json")
	f.StringVar(&flags.date, "date", "", "`day` on which age is told, as YYYY-MM-DD")
	f.BoolVar(&flags.verify, "verify", false, "read all of the file and compare its digests")
	f.IntVar(&flags.maxAge, "max-age", -1, "`days` that data may be old; without it any number")
	flags.trusted.add(cmd)
	complete(cmd, "format", []string{"text", "json"})
	return cmd
}

func oneDatabase(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name one database; see `%s --help`", cmd.CommandPath())
	}
	return nil
}

// dbJSON is the form of docs/formats/vuln-db-json.md.
type dbJSON struct {
	Version     int              `json:"version"`
	Size        int64            `json:"size"`
	Digest      string           `json:"digest"`
	Signers     []string         `json:"signers"`
	TrustedKey  string           `json:"trustedKey,omitempty"`
	Verified    bool             `json:"verified"` // all of the file was read
	Date        string           `json:"date"`
	Records     map[string]int   `json:"records"`
	Withdrawn   int              `json:"withdrawn"`
	Groups      int              `json:"groups"`
	Apart       int              `json:"aliasesApart"`
	Exploited   int              `json:"exploited"`
	Likelihoods int              `json:"likelihoods"`
	Cycles      int              `json:"cycles"`
	Ecosystems  []vuln.Ecosystem `json:"ecosystems"`
	Sources     []sourceJSON     `json:"sources"`
}

type sourceJSON struct {
	Name          string         `json:"name"`
	What          string         `json:"what"`
	Newest        string         `json:"newest,omitempty"`
	Age           *int           `json:"age,omitempty"` // days
	Stale         bool           `json:"stale"`
	Count         int            `json:"count"`
	NotUnderstood map[string]int `json:"notUnderstood"`
	Examples      []string       `json:"examples"`
}

func (f *dbInfoFlags) tell(cmd *cobra.Command, db *vuln.DB, path string, day model.Date) error {
	if f.verify {
		if err := db.Verify(cmd.Context()); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	info, err := db.Info()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	sources, stale, err := f.judge(info.Sources, day)
	if err != nil {
		return err
	}
	if f.format == "json" {
		err = writeJSON(cmd.OutOrStdout(), dbOut(info, sources, f.verify, day))
	} else {
		err = tellDB(plainText{cmd.OutOrStdout()}, info, sources, f.verify)
	}
	if err == nil && stale {
		return errFindings
	}
	return err
}

// judge says of each source how old its data are.
func (f *dbInfoFlags) judge(all []vuln.Source, day model.Date) (out []sourceJSON, stale bool, err error) {
	now, err := time.Parse(time.DateOnly, day.String())
	if err != nil {
		return nil, false, err
	}
	for _, s := range all {
		j := sourceJSON{Name: s.Name, What: s.What, Count: s.Count, NotUnderstood: s.NotUnderstood, Examples: s.Examples}
		if j.NotUnderstood == nil {
			j.NotUnderstood = map[string]int{}
		}
		if j.Examples == nil {
			j.Examples = []string{}
		}
		j.Stale = f.maxAge >= 0 // unless its date says that it is not
		if !s.Newest.IsZero() {
			newest := s.Newest.UTC()
			age := int(now.Sub(newest.Truncate(24*time.Hour)) / (24 * time.Hour))
			j.Newest, j.Age = newest.Format(time.RFC3339), &age
			j.Stale = j.Stale && (age > f.maxAge || age < -1) // a day is what time zones make of it
		}
		stale = stale || j.Stale
		out = append(out, j)
	}
	return out, stale, nil
}

func dbOut(info *vuln.Info, sources []sourceJSON, verified bool, day model.Date) dbJSON {
	out := dbJSON{
		Version: info.Version, Size: info.Size, Digest: info.Digest, Signers: []string{}, TrustedKey: info.Verified, Verified: verified, Date: day.String(),
		Records: info.Records, Withdrawn: info.Withdrawn, Groups: info.Groups, Apart: info.AliasesApart, Exploited: info.Exploited, Likelihoods: info.Likelihoods, Cycles: info.Cycles,
		Ecosystems: info.Ecosystems, Sources: sources,
	}
	out.Signers = append(out.Signers, info.Signers...)
	if sources == nil {
		out.Sources = []sourceJSON{}
	}
	return out
}

func tellDB(w io.Writer, info *vuln.Info, sources []sourceJSON, verified bool) error {
	fmt.Fprintf(w, "database of version %d, %s, %s\n", info.Version, megabytes(info.Size), signatureWords(info))
	fmt.Fprintf(w, "digest %s\n", info.Digest)
	if verified {
		fmt.Fprintln(w, "every block is as it was written")
	}
	fmt.Fprintln(w, recordWords(info))
	fmt.Fprintf(w, "%s of aliases, %d exploited, %s, %s\n\n", amount(info.Groups, "group"), info.Exploited,
		amount(info.Likelihoods, "likelihood"), amount(info.Cycles, "release cycle"))
	if info.AliasesApart > 0 {
		fmt.Fprintf(w, "%s not followed: they join too many ids to be of one vulnerability\n\n", several(info.AliasesApart, "alias", "aliases"))
	}
	for i, s := range sources {
		tellSource(w, info.Sources[i], ageWords(s))
	}
	if len(info.Ecosystems) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(table, "ecosystem", "records", "packages")
	for _, e := range info.Ecosystems {
		row(table, e.Name, fmt.Sprint(e.Records), fmt.Sprint(e.Packages))
	}
	return table.Flush()
}

func recordWords(info *vuln.Info) string {
	total := 0
	var parts []string
	for _, source := range slices.Sorted(maps.Keys(info.Records)) {
		total += info.Records[source]
		parts = append(parts, fmt.Sprintf("%d %s", info.Records[source], source))
	}
	text := amount(total, "record")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if info.Withdrawn > 0 {
		text += fmt.Sprintf("; %d withdrawn", info.Withdrawn)
	}
	return text
}

func ageWords(s sourceJSON) string {
	text := ""
	switch {
	case s.Age == nil:
	case *s.Age < 0:
		text = ", of a later day"
	default:
		text = ", " + amount(*s.Age, "day") + " old"
	}
	switch {
	case s.Stale && (s.Age == nil || *s.Age < 0):
		text += ": of no known age"
	case s.Stale:
		text += ": too old"
	}
	return text
}

// signatureWords say who signed, and whether anybody looked.
func signatureWords(info *vuln.Info) string {
	switch {
	case info.Verified != "":
		return fmt.Sprintf("signed by trusted key %.12s…", info.Verified)
	case len(info.Signers) > 0:
		return fmt.Sprintf("signed by key %.12s… (not verified)", info.Signers[0])
	}
	return "not signed"
}

func megabytes(n int64) string {
	if n < 1e5 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
