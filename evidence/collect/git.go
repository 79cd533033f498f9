package collect

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// Facts about commits and their reviews, as git log writes them with a format
// of ours; docs/formats/evidence-git.md has the command. Each commit is a check:
// it passes when a trailer Reviewed-by names somebody who did not write it.
// Merges are skipped: what they join was looked at by itself.
//
// Trailers are what the committer wrote, not what a reviewer signed. Addresses
// tell people apart and are not kept in the report.
var _ = add(Collector{Name: "git", Title: "git commits and reviews", Kind: "code-review", Looks: looksLikeGit, Read: readGit})

var gitHead = lazyregexp.New(`^commit [0-9a-f]{40,64}\r?\nparents `)

func looksLikeGit(_ string, head []byte) bool { return gitHead.Match(head) }

// signatures are the letters of git's %G?, and ours for not looked at.
var signatures = map[string]string{
	"G": "good", "B": "bad", "U": "good, of a key of unknown validity", "X": "good, expired", "Y": "good, of a key that expired",
	"R": "good, of a key that was revoked", "E": "could not be checked", "N": "none that could be checked", "-": "not looked at",
}

func readGit(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	r := &gitReader{rest: in.Data, seen: map[string]bool{}, due: map[string]bool{}, authors: map[string]bool{}, reviewers: map[string]bool{}}
	r.report = &Report{Kind: "code-review", Tool: evidence.Tool{Name: "git"}}
	for len(r.rest) > 0 {
		c, err := r.commit()
		if err == nil {
			err = r.follows(c)
		}
		if err == nil {
			err = counted(len(r.report.Cases) + 1)
		}
		if err != nil {
			return nil, err
		}
		r.judge(c)
	}
	r.report.Authors = slices.Sorted(maps.Keys(r.authors))
	r.review.Reviewers = slices.Sorted(maps.Keys(r.reviewers))
	r.report.Details.Review = &r.review
	return r.report, nil
}

// gitReader reads commits one by one.
type gitReader struct {
	rest   []byte
	line   int // that was read last
	report *Report
	review evidence.Review

	seen, due          map[string]bool // commits so far, and their parents
	authors, reviewers map[string]bool // names
}

type gitCommit struct {
	line                int
	hash                string
	parents             []string
	author              gitPerson
	authored, committed time.Time
	signature, subject  string
	coauthors, reviews  []gitPerson
}

// gitPerson is a name with what tells people of one name apart: an address, or
// the number that stands for it.
type gitPerson struct{ name, key string }

func parsePerson(s string) gitPerson {
	name, key, _ := strings.Cut(s, "<")
	key, _, _ = strings.Cut(key, ">")
	name = strings.ReplaceAll(withoutAddresses(name), "(address)", "")
	return gitPerson{clean(strings.Trim(name, `" `)), strings.ToLower(strings.TrimSpace(key))}
}

// is reports whether two may be one person: by address or by name.
func (p gitPerson) is(other gitPerson) bool {
	return p.key != "" && p.key == other.key || strings.EqualFold(p.name, other.name)
}

// machine reports whether it is the account of a program.
func (p gitPerson) machine() bool { return strings.HasSuffix(strings.ToLower(p.name), "[bot]") }

var address = lazyregexp.New(`[^\s<>()]+@[^\s<>()]+`)

func withoutAddresses(s string) string { return address.ReplaceAllString(s, "(address)") }

// next is the next line without its end; all lines have one.
func (r *gitReader) next() (string, error) {
	line, rest, ended := bytes.Cut(r.rest, []byte("\n"))
	r.line++
	if !ended {
		return "", malformed(r.line, "the file ends within a commit")
	}
	r.rest = rest
	return string(bytes.TrimSuffix(line, []byte("\r"))), nil
}

// fact is the value of the next line, which must have the name.
func (r *gitReader) fact(name string) (string, error) {
	line, err := r.next()
	if err != nil {
		return "", err
	}
	found, value, _ := strings.Cut(line, " ")
	if found != name {
		return "", malformed(r.line, "expected %q, found %q", name+" ...", shortened(line))
	}
	return value, nil
}

func shortened(s string) string {
	if s = clean(s); len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}

// commit reads the lines of one commit, in their order.
func (r *gitReader) commit() (*gitCommit, error) {
	c := &gitCommit{line: r.line + 1}
	for _, f := range []struct {
		name string
		set  func(string) error
	}{
		{"commit", func(v string) error { c.hash = v; return r.hash(v) }},
		{"parents", func(v string) error { c.parents = strings.Fields(v); return r.hash(c.parents...) }},
		{"author", func(v string) error { c.author = parsePerson(v); return r.named(c.author) }},
		{"committer", func(string) error { return nil }},
		{"authored", func(v string) (err error) { c.authored, err = r.time(v); return err }},
		{"committed", func(v string) (err error) { c.committed, err = r.time(v); return err }},
		{"signature", func(v string) error { c.signature, _, _ = strings.Cut(v, " "); return r.signed(c.signature) }},
		{"subject", func(v string) error { c.subject = clean(withoutAddresses(v)); return nil }},
	} {
		value, err := r.fact(f.name)
		if err == nil {
			err = f.set(value)
		}
		if err != nil {
			return nil, err
		}
	}
	return c, r.trailers(c)
}

var gitHash = lazyregexp.New(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

func (r *gitReader) hash(hashes ...string) error {
	for _, h := range hashes {
		if !gitHash.MatchString(h) {
			return malformed(r.line, "%q is no name of a commit", shortened(h))
		}
	}
	return nil
}

func (r *gitReader) named(p gitPerson) error {
	if p.name == "" && p.key == "" {
		return malformed(r.line, "the commit has no author")
	}
	return nil
}

func (r *gitReader) time(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !sensible(t) {
		return t, malformed(r.line, "%q is no time as in RFC 3339", shortened(s))
	}
	return t.UTC(), nil
}

func (r *gitReader) signed(letter string) error {
	if signatures[letter] == "" {
		return malformed(r.line, "%q is no state of a signature", shortened(letter))
	}
	return nil
}

// trailers reads up to the line that ends a commit.
func (r *gitReader) trailers(c *gitCommit) error {
	for {
		line, err := r.next()
		if err != nil || line == "end" {
			return err
		}
		key, value, ok := strings.Cut(line, ":")
		switch key = strings.ToLower(key); {
		case ok && key == "reviewed-by":
			c.reviews = append(c.reviews, parsePerson(value))
		case ok && key == "co-authored-by":
			c.coauthors = append(c.coauthors, parsePerson(value))
		default:
			return malformed(r.line, "expected a trailer or \"end\", found %q", shortened(line))
		}
	}
}

// follows sees that the list is whole: after the newest commit each is a parent
// of one before it. A filter that leaves commits out breaks that.
func (r *gitReader) follows(c *gitCommit) error {
	switch {
	case r.seen[c.hash]:
		return malformed(c.line, "commit %s stands here twice", c.hash)
	case len(r.seen) == 0:
		r.report.Commit = c.hash
	case !r.due[c.hash]:
		return malformed(c.line, "commit %s is no parent of those above it: commits are missing, or not in topological order", c.hash)
	}
	r.seen[c.hash] = true
	for _, p := range c.parents {
		if r.seen[p] {
			return malformed(c.line, "commit %s stands below its parent: commits are not in topological order", c.hash)
		}
		r.due[p] = true
	}
	return nil
}

// judge makes a case of a commit.
func (r *gitReader) judge(c *gitCommit) {
	r.report.Started = earlier(r.report.Started, c.committed)
	if c.committed.After(r.report.Finished) {
		r.report.Finished = c.committed
	}
	reviewers := c.reviewers()
	out := Case{ID: c.hash, Items: cleanAll([]string{c.hash, c.subject})}
	switch {
	case len(c.parents) > 1:
		out.Outcome = evidence.Skips
		out.Title = clean(c.subject + " (merge)")
		r.report.Cases = append(r.report.Cases, out)
		return
	case len(reviewers) == 0:
		out.Outcome = evidence.Fail
		r.review.Unreviewed = append(r.review.Unreviewed, c.hash)
	case c.signature == "B" || c.signature == "R": // who wrote it cannot be said
		out.Outcome = evidence.Open
	default:
		out.Outcome = evidence.Pass
	}
	by := "nobody else"
	if len(reviewers) > 0 {
		by = strings.Join(reviewers, ", ")
	}
	out.Title = clean(fmt.Sprintf("%s (by %s; reviewed by %s; signature: %s)", c.subject, cmp.Or(c.author.name, "somebody without a name"), by, signatures[c.signature]))
	r.review.Changes++
	for _, p := range append(c.coauthors, c.author) {
		if p.name != "" {
			r.authors[p.name] = true
		}
	}
	for _, name := range reviewers {
		r.reviewers[name] = true
	}
	r.report.Cases = append(r.report.Cases, out)
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// reviewers are the people who reviewed the commit and did not write it.
func (c *gitCommit) reviewers() []string {
	var found []string
	for _, p := range c.reviews {
		wrote := slices.ContainsFunc(append(c.coauthors, c.author), p.is)
		if p.name != "" && !p.machine() && !wrote {
			found = append(found, p.name)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
