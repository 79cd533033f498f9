package match

import (
	"cmp"
	"strings"

	"theriac/vuln"
)

// Ancestor reports whether a commit is the other one or one of its ancestors, in a
// repository (host/path, as vuln.Repository writes it). An error says why it cannot be
// known, for example because there is no clone.
type Ancestor func(repository, ancestor, commit string) (bool, error)

// isCommit reports whether a text is the whole name of a commit.
func isCommit(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// decideGit decides about commits and tags of a repository. A tag that is listed and a
// commit that is an event speak for themselves, and so does a range of all commits; else
// history decides, which somebody must be able to ask.
func decideGit(a *vuln.Affected, revision string, ancestor Ancestor) verdict {
	ranges := 0
	for _, r := range a.Ranges {
		if r.Kind != vuln.InGit {
			continue
		}
		if ranges++; unending(r.Events) {
			return verdict{affected: true, interval: "all versions"}
		}
	}
	if revision == "" {
		return verdict{unknown: errNoVersion.Error()}
	}
	for _, tag := range a.Versions {
		if sameTag(tag, revision, a.Name) {
			return verdict{affected: true, interval: listed(tag)}
		}
	}
	commit := strings.ToLower(revision)
	switch {
	case !isCommit(commit):
		return verdict{unknown: "a tag or version is not enough to decide about ranges of commits"}
	case ranges == 0:
		return verdict{unknown: "the advisory lists tags alone, which say nothing of a commit"}
	}
	result := verdict{}
	for _, r := range a.Ranges {
		if r.Kind != vuln.InGit {
			continue
		}
		one := inHistory(a.Name, r.Events, commit, ancestor)
		if one.affected {
			return one
		}
		result.unknown = cmp.Or(result.unknown, one.unknown)
	}
	return result
}

// sameTag compares a tag with a version: v1.2, 1.2, name-1.2, name_1_2 are one.
func sameTag(tag, version, repository string) bool {
	name := repository[strings.LastIndexByte(repository, '/')+1:]
	plain := func(s string) string {
		s = strings.ToLower(s)
		s = strings.TrimLeft(strings.TrimPrefix(s, name), "-_/")
		s = strings.TrimPrefix(s, "v")
		return strings.ReplaceAll(s, "_", ".")
	}
	return tag == version || plain(tag) != "" && plain(tag) == plain(version)
}

// inHistory decides about a range of commits: one is vulnerable that has a beginning among
// its ancestors and behind that no fix, comes not after the last that is vulnerable, and is
// before the limit where there is one. A fix that is itself an ancestor of the beginning
// ended another stretch.
func inHistory(repository string, events []vuln.Event, commit string, ancestor Ancestor) verdict {
	if kind, ok := eventAt(events, commit); ok {
		if kind == vuln.Fixed {
			return verdict{}
		}
		return verdict{affected: true, interval: "commit " + short(commit) + " itself"}
	}
	h := history{repository: repository, commit: commit, ask: ancestor}
	past := make([]bool, len(events)) // events that the commit comes after
	fixed := ""
	for i, e := range events {
		past[i] = e.Kind != vuln.Limit && h.follows(e.Version)
		if e.Kind == vuln.Fixed && !past[i] {
			fixed = cmp.Or(fixed, e.Version)
		}
	}
	begun := -1
	for i, e := range events {
		if begun < 0 && past[i] && begins(e.Kind) && !h.ended(events, past, i) {
			begun = i
		}
	}
	within := h.withinLimit(events)
	switch {
	case h.why != "":
		return verdict{unknown: h.why}
	case begun < 0 || !within:
		return verdict{}
	}
	text := "commits from " + short(events[begun].Version)
	if fixed != "" {
		text += " to before " + short(fixed)
	}
	return verdict{affected: true, interval: text, fixed: fixed}
}

// eventAt is what happens at a commit itself; of several events the last one counts, as with
// versions.
func eventAt(events []vuln.Event, commit string) (kind vuln.EventKind, ok bool) {
	for _, e := range events {
		if e.Kind != vuln.Limit && strings.EqualFold(e.Version, commit) {
			kind, ok = e.Kind, true
		}
	}
	return kind, ok
}

func short(commit string) string { return commit[:min(12, len(commit))] }

// history answers questions about a commit and remembers why one could not be answered.
type history struct {
	repository, commit string
	ask                Ancestor
	why                string
}

// follows reports whether the commit comes after another; all come after "0".
func (h *history) follows(other string) bool { return other == "0" || h.reaches(other, h.commit) }

// ended reports whether what began at an event ended before the commit.
func (h *history) ended(events []vuln.Event, past []bool, at int) bool {
	from := events[at].Version
	for i, e := range events {
		switch {
		case !past[i] || begins(e.Kind):
		case strings.EqualFold(e.Version, from):
			if i > at {
				return true
			}
		case from == "0" || !h.reaches(e.Version, from):
			return true
		}
	}
	return false
}

// withinLimit reports whether the commit comes before one of the limits of a range; a range
// without limits has none.
func (h *history) withinLimit(events []vuln.Event) bool {
	limits := false
	for _, e := range events {
		if e.Kind != vuln.Limit {
			continue
		}
		limits = true
		if e.Version == "*" || !strings.EqualFold(e.Version, h.commit) && h.reaches(h.commit, e.Version) {
			return true
		}
	}
	return !limits
}

func (h *history) reaches(from, to string) bool {
	if h.ask == nil {
		h.why = "ranges of commits need the history of the repository"
		return false
	}
	yes, err := h.ask(h.repository, strings.ToLower(from), strings.ToLower(to))
	if err != nil {
		h.why = cmp.Or(h.why, "the history of the repository cannot be asked: "+err.Error())
	}
	return yes
}
