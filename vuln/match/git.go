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
// commit that is an event speak for themselves; else history decides, which somebody
// must be able to ask.
func decideGit(a *vuln.Affected, revision string, ancestor Ancestor) verdict {
	if revision == "" {
		return verdict{unknown: errNoVersion.Error()}
	}
	for _, tag := range a.Versions {
		if sameTag(tag, revision, a.Name) {
			return verdict{affected: true, interval: listed(tag)}
		}
	}
	commit := strings.ToLower(revision)
	if !isCommit(commit) {
		return verdict{unknown: "a tag or version is not enough to decide about ranges of commits"}
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

// inHistory decides about a range of commits: one is vulnerable that has a beginning
// among its ancestors and no fix, comes not after the last that is vulnerable, and is
// before the limit where there is one.
func inHistory(repository string, events []vuln.Event, commit string, ancestor Ancestor) verdict {
	if kind, ok := eventAt(events, commit); ok {
		if kind == vuln.Fixed || kind == vuln.Limit {
			return verdict{}
		}
		return verdict{affected: true, interval: "commit " + short(commit) + " itself"}
	}
	h := history{repository: repository, commit: commit, ask: ancestor}
	var begun, ended, bounded, within bool
	var text, fixed string
	for _, e := range events {
		switch e.Kind {
		case vuln.Introduced:
			if !begun && h.follows(e.Version) {
				begun, text = true, "commits from "+short(e.Version)
			}
		case vuln.Fixed:
			ended = ended || h.follows(e.Version)
			fixed = cmp.Or(fixed, e.Version)
		case vuln.LastAffected, vuln.Limit:
			bounded = true
			within = within || e.Version == "*" || h.precedes(e.Version)
		}
	}
	switch {
	case h.why != "":
		return verdict{unknown: h.why}
	case !begun || ended || bounded && !within:
		return verdict{}
	case fixed != "":
		text += " to before " + short(fixed)
	}
	return verdict{affected: true, interval: text, fixed: fixed}
}

// eventAt is what happens at a commit itself.
func eventAt(events []vuln.Event, commit string) (vuln.EventKind, bool) {
	for _, e := range events {
		if strings.EqualFold(e.Version, commit) {
			return e.Kind, true
		}
	}
	return 0, false
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

// precedes reports whether the commit comes before another.
func (h *history) precedes(other string) bool { return h.reaches(h.commit, other) }

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
