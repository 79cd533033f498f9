package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/vuln"
	"theriac/vuln/feed"
)

// feedFlags are the flags of commands that read feeds.
type feedFlags struct{ osv, csaf, nvd, kev, epss, eol []string }

func (f *feedFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.osv, "osv", nil, "`source` of advisories in the form of OSV")
	flags.StringArrayVar(&f.csaf, "csaf", nil, "`source` of advisories in the form of CSAF 2.0")
	flags.StringArrayVar(&f.nvd, "nvd", nil, "`source` of the National Vulnerability Database: JSON 2.0, or the older 1.1")
	flags.StringArrayVar(&f.kev, "kev", nil, "`source` of CISA's catalogue of known exploited vulnerabilities")
	flags.StringArrayVar(&f.epss, "epss", nil, "`source` of FIRST's probabilities of exploitation (EPSS)")
	flags.StringArrayVar(&f.eol, "eol", nil, "`source` of ends of support: endoflife.date, or a table of distro-info-data")
}

func (f *feedFlags) none() bool {
	return len(f.osv)+len(f.csaf)+len(f.nvd)+len(f.kev)+len(f.epss)+len(f.eol) == 0
}

// feedReader reads one kind of feed into a builder. Refused counts what the
// builder did not take.
type feedReader struct {
	name  string
	paths []string
	read  func(ctx context.Context, path string, r *receiver) (feed.Stats, error)
}

func (f *feedFlags) readers(b *vuln.Builder) []feedReader {
	return []feedReader{
		{"osv", f.osv, reading(feed.OSV, b.Add)},
		{"csaf", f.csaf, reading(feed.CSAF, b.Add)},
		{"nvd", f.nvd, reading(feed.NVD, b.Add)},
		{"kev", f.kev, reading(feed.KEV, b.AddExploited)},
		{"epss", f.epss, reading(feed.EPSS, b.AddLikelihood)},
		{"eol", f.eol, reading(feed.EOL, b.AddCycle)},
	}
}

// reading joins a feed with the method of the builder that takes what is in it.
func reading[T any](from func(context.Context, string, func(T) error) (feed.Stats, error), add func(T) error) func(context.Context, string, *receiver) (feed.Stats, error) {
	return func(ctx context.Context, path string, r *receiver) (feed.Stats, error) {
		return from(ctx, path, func(v T) error { return r.took(add(v)) })
	}
}

// receiver counts what a builder takes, and tells it on a terminal.
type receiver struct {
	talk    io.Writer // nil where nobody looks
	what    string
	taken   int
	refused []string
	lost    int
}

func (r *receiver) took(err error) error {
	switch {
	case errors.Is(err, vuln.ErrRecord):
		r.lost++
		if len(r.refused) < 20 {
			r.refused = append(r.refused, err.Error())
		}
	case err != nil:
		return err
	default:
		r.taken++
		if r.talk != nil && r.taken%1000 == 0 {
			fmt.Fprintf(r.talk, "\r%s: %d records", r.what, r.taken)
		}
	}
	return nil
}

// read reads all feeds, in the order of readers and flags.
func (f *feedFlags) read(cmd *cobra.Command, b *vuln.Builder) ([]vuln.Source, error) {
	var all []vuln.Source
	names := map[string]int{}
	for _, reader := range f.readers(b) {
		for _, path := range reader.paths {
			r := &receiver{what: reader.name}
			if terminal(cmd.ErrOrStderr()) {
				r.talk = cmd.ErrOrStderr()
			}
			stats, err := reader.read(cmd.Context(), path, r)
			if r.talk != nil {
				fmt.Fprint(r.talk, "\r\x1b[K")
			}
			if err != nil {
				return nil, fmt.Errorf("--%s %s: %w", reader.name, path, err)
			}
			if r.taken == 0 {
				return nil, fmt.Errorf("--%s %s: there is no record in it%s", reader.name, path, firstReason(stats, r))
			}
			what := sourceName(path)
			if names[reader.name+what]++; names[reader.name+what] > 1 {
				what = fmt.Sprintf("%s (%d)", what, names[reader.name+what])
			}
			s := sourceOf(reader.name, what, stats, r)
			b.AddSource(s)
			all = append(all, s)
		}
	}
	return all, nil
}

func firstReason(stats feed.Stats, r *receiver) string {
	for _, of := range [][]string{stats.Examples, r.refused} {
		if len(of) > 0 {
			return "; " + of[0]
		}
	}
	return ""
}

func sourceOf(name, what string, stats feed.Stats, r *receiver) vuln.Source {
	s := vuln.Source{Name: name, What: what, Newest: stats.Newest.UTC(), Count: r.taken, NotUnderstood: maps.Clone(stats.NotUnderstood)}
	s.Examples = slices.Concat(stats.Examples, r.refused)
	s.Examples = s.Examples[:min(len(s.Examples), 20)]
	if r.lost > 0 {
		if s.NotUnderstood == nil {
			s.NotUnderstood = map[string]int{}
		}
		s.NotUnderstood[vuln.ErrRecord.Error()] += r.lost
	}
	return s
}

// sourceName is what a source is called in the database: the last two parts of its
// path, or its address without what may be secret. Nothing else of the machine
// shows in the file.
func sourceName(where string) string {
	if u, err := url.Parse(where); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		return u.String()
	}
	clean := strings.TrimPrefix(path.Clean(filepath.ToSlash(where)), "/")
	parts := strings.Split(clean, "/")
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == ".." || p == "." })
	if len(parts) == 0 {
		return "."
	}
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// tellSource writes a line about a source, and what was not understood of it.
func tellSource(w io.Writer, s vuln.Source, age string) {
	newest := "without dates"
	if !s.Newest.IsZero() {
		newest = "newest of " + s.Newest.Format("2006-01-02")
	}
	fmt.Fprintf(w, "%s %s: %s, %s%s\n", s.Name, s.What, amount(s.Count, "record"), newest, age)
	lost := 0
	for _, n := range s.NotUnderstood {
		lost += n
	}
	if lost == 0 {
		return
	}
	fmt.Fprintf(w, "  not understood: %d\n", lost)
	for _, why := range slices.Sorted(maps.Keys(s.NotUnderstood)) {
		fmt.Fprintf(w, "    %d: %s\n", s.NotUnderstood[why], why)
	}
	for _, e := range s.Examples[:min(len(s.Examples), 3)] {
		fmt.Fprintf(w, "    for example %s\n", e)
	}
}
