package match

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/google/osv-scalibr/semantic"

	"theriac/vuln"
)

// maxVersion bounds a version that is compared, in bytes. Numbers in it are compared
// digit by digit however long they are.
const maxVersion = 256

var (
	errNoVersion  = errors.New("it has no version")
	errNoOrder    = errors.New("its version is none that the ecosystem can order")
	errNoOrdering = errors.New("no order of versions is known for the ecosystem")
)

// orders are the names under which the library orders the versions of ecosystems that it
// does not know by theirs. Product and CPE have no order of their own: Maven's takes 1.0
// and 1.0.0 as one, and puts 1.0.1g after 1.0.1 and 1.0-rc1 before 1.0.
var orders = map[string]string{"CPE": "Maven", "Product": "Maven", "GitHub Actions": "npm", "VSCode": "npm"}

// ordered is a version of an ecosystem that can be compared.
type ordered struct {
	text string
	semantic.Version
}

// parseVersion reads a version. The library takes nearly any text for a version and
// puts what it cannot read before all others, which would be a guess: such a version is
// refused.
func parseVersion(ecosystem, text string) (ordered, error) {
	base, _, _ := strings.Cut(ecosystem, ":")
	if o, ok := orders[base]; ok {
		base = o
	}
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return ordered{}, errNoVersion
	case len(text) > maxVersion || !mayBeVersion(base, text):
		return ordered{}, errNoOrder
	}
	v, err := semantic.Parse(text, base)
	switch {
	case errors.Is(err, semantic.ErrUnsupportedEcosystem):
		return ordered{}, errNoOrdering
	case err != nil:
		return ordered{}, errNoOrder
	}
	if base == "PyPI" { // what is not of PEP 440 comes before all that is
		if c, err := v.CompareStr("0.dev0"); err != nil || c < 0 {
			return ordered{}, errNoOrder
		}
	}
	return ordered{text, v}, nil
}

// mayBeVersion says whether a text has what every version of an ecosystem has.
func mayBeVersion(base, text string) bool {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c > '~' || strings.IndexByte(`$%{}<>"'|\`, c) >= 0 {
			return false // 1.%, ${project.version}, a range
		}
	}
	switch base {
	case "PyPI", "Maven", "Debian", "Ubuntu", "AlmaLinux", "Rocky Linux", "Red Hat", "SUSE", "openSUSE", "openEuler", "Mageia", "CRAN", "Hackage":
		return strings.ContainsAny(text, "0123456789")
	}
	text = strings.TrimPrefix(text, "v")
	return text != "" && text[0] >= '0' && text[0] <= '9'
}

// compare orders two versions of one ecosystem.
func (v ordered) compare(ecosystem, text string) (int, error) {
	w, err := parseVersion(ecosystem, text)
	if err != nil {
		return 0, err
	}
	return v.Compare(w.Version)
}

// point is an event with its version read. The version "0" is before all.
type point struct {
	vuln.Event
	version ordered
	first   bool
}

// fires reports whether a version is at or past an event.
func (p *point) fires(v ordered) (bool, error) {
	if p.first {
		return true, nil
	}
	c, err := v.Compare(p.version.Version)
	switch p.Kind {
	case vuln.LastAffected, vuln.After:
		return c > 0, err
	}
	return c >= 0, err
}

// points reads the events of a range and puts them in order; of equal ones that which
// stands first in the source comes first. odd says that they do not take turns, as where
// ranges overlap or are inverted.
func points(ecosystem string, events []vuln.Event) (list []point, odd bool, err error) {
	list = make([]point, 0, len(events))
	for _, e := range events {
		if e.Kind == vuln.Limit {
			continue
		}
		p := point{Event: e, first: e.Version == "0" && e.Kind == vuln.Introduced}
		if !p.first {
			if p.version, err = parseVersion(ecosystem, e.Version); err != nil {
				return nil, false, err
			}
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b point) int {
		if a.first || b.first {
			return cmp.Compare(boolInt(b.first), boolInt(a.first))
		}
		c, e := a.version.Compare(b.version.Version)
		err = cmp.Or(err, e)
		return c
	})
	for i := range list {
		odd = odd || begins(list[i].Kind) == (i%2 == 1)
	}
	return list, odd, err
}

func begins(k vuln.EventKind) bool { return k == vuln.Introduced || k == vuln.After }

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// verdict is what an entry says of a version.
type verdict struct {
	affected bool
	unknown  string // why it cannot be said; "" where it can
	interval string // that the version lies in
	fixed    string // version that ends it; "" where none is known
	odd      bool   // ranges overlap or are inverted
}

// evaluate decides whether a version is among those of an entry, as the OSV schema
// (section "Evaluation") has it: it is listed, or in one of the ranges. Ranges of commits
// are left to decideGit; beside others they hide nothing.
func evaluate(a *vuln.Affected, ecosystem, text string, v ordered, parsed error) (result verdict) {
	defer func() {
		if recover() != nil { // of the library, over a version that nobody foresaw
			result = verdict{unknown: errNoOrder.Error()}
		}
	}()
	ranges, everything := 0, false
	for i := range a.Ranges {
		if a.Ranges[i].Kind == vuln.InGit {
			continue
		}
		ranges++
		everything = everything || unending(a.Ranges[i].Events)
		if parsed != nil {
			continue
		}
		one := inRange(&a.Ranges[i], ecosystem, v)
		result.odd = result.odd || one.odd
		if one.affected {
			one.odd = result.odd
			return one
		}
		result.unknown = cmp.Or(result.unknown, one.unknown)
	}
	switch {
	case slices.Contains(a.Versions, text):
		return verdict{affected: true, interval: listed(text), fixed: nextFixed(a, ecosystem, v, parsed), odd: result.odd}
	case parsed != nil && everything:
		return verdict{affected: true, interval: "all versions"}
	case parsed != nil && ranges+len(a.Versions) > 0:
		return verdict{unknown: parsed.Error()}
	case (ranges == 0 || ecosystem == "CPE") && result.unknown == "" && listsEqual(a.Versions, ecosystem, v):
		return verdict{affected: true, interval: listed(text)}
	case a.VersionText != "" && result.unknown == "":
		result.unknown = "the advisory gives the versions in words: " + a.VersionText
	case len(a.Ranges)+len(a.Versions) == 0:
		result.unknown = "the advisory names no versions"
	case len(a.Versions) > maxListed && ranges == 0 && result.unknown == "":
		result.unknown = "the advisory lists more versions than are compared"
	}
	return result
}

// listed words a version that stands alone among those of an entry.
func listed(version string) string { return "=" + version }

// unending reports whether a range holds all versions there are.
func unending(events []vuln.Event) bool {
	return len(events) == 1 && events[0].Kind == vuln.Introduced && events[0].Version == "0"
}

// maxListed bounds the versions of a list that are compared one by one.
const maxListed = 5000

// listsEqual reports whether a list has a version in another spelling, 1.0 for 1.0.0.
func listsEqual(list []string, ecosystem string, v ordered) bool {
	if v.Version == nil {
		return false
	}
	for _, s := range list[:min(len(list), maxListed)] {
		if c, err := v.compare(ecosystem, s); err == nil && c == 0 {
			return true
		}
	}
	return false
}

// inRange decides about one range: what happened last before the version counts.
func inRange(r *vuln.Range, ecosystem string, v ordered) verdict {
	list, odd, err := points(ecosystem, r.Events)
	if err != nil {
		return verdict{unknown: "the advisory has a version that cannot be compared", odd: odd}
	}
	if !withinLimit(r.Events, ecosystem, v) {
		return verdict{odd: odd}
	}
	if !slices.ContainsFunc(list, func(p point) bool { return begins(p.Kind) }) {
		return verdict{unknown: "the advisory has a range that does not say where it begins", odd: odd}
	}
	last := -1
	for i := range list {
		fires, err := list[i].fires(v)
		if err != nil {
			return verdict{unknown: errNoOrder.Error(), odd: odd}
		}
		if fires {
			last = i
		}
	}
	if last < 0 || !begins(list[last].Kind) {
		return verdict{odd: odd}
	}
	result := verdict{affected: true, odd: odd}
	result.interval, result.fixed = interval(list, last)
	return result
}

// withinLimit reports whether a version is before one of the limits of a range; a
// range without limits has none.
func withinLimit(events []vuln.Event, ecosystem string, v ordered) bool {
	limits := false
	for _, e := range events {
		if e.Kind != vuln.Limit {
			continue
		}
		limits = true
		if e.Version == "*" {
			return true
		}
		if c, err := v.compare(ecosystem, e.Version); err != nil || c < 0 {
			return true // what cannot be compared does not hide
		}
	}
	return !limits
}

// interval words the part of a range that begins at an event, for example ">=1.2 <1.4.1",
// and names the version that ends it by a fix.
func interval(list []point, at int) (text, fixed string) {
	switch from := list[at]; {
	case from.first:
	case from.Kind == vuln.After:
		text = ">" + from.Version
	default:
		text = ">=" + from.Version
	}
	for _, p := range list[at+1:] {
		if begins(p.Kind) {
			continue
		}
		end := "<=" + p.Version
		if p.Kind == vuln.Fixed {
			end, fixed = "<"+p.Version, p.Version
		}
		return strings.TrimSpace(text + " " + end), fixed
	}
	if text == "" {
		return "all versions", ""
	}
	return text, ""
}

// nextFixed is the first version after one that is listed in which a range says it is
// fixed.
func nextFixed(a *vuln.Affected, ecosystem string, v ordered, parsed error) string {
	if parsed != nil {
		return ""
	}
	var best ordered
	for _, r := range a.Ranges {
		if r.Kind == vuln.InGit {
			continue
		}
		for _, e := range r.Events {
			if e.Kind != vuln.Fixed {
				continue
			}
			f, err := parseVersion(ecosystem, e.Version)
			if err != nil {
				continue
			}
			if c, err := v.Compare(f.Version); err != nil || c >= 0 {
				continue
			}
			if c, err := f.Compare(best.Version); best.Version == nil || err == nil && c < 0 {
				best = f
			}
		}
	}
	return best.text
}

// wording gives all versions of an entry as text, in the order of the source where they
// cannot be sorted: what a decision rests on.
func wording(a *vuln.Affected, ecosystem string) []string {
	var texts []string
	for _, r := range a.Ranges {
		list, _, err := points(ecosystem, r.Events)
		if err != nil || r.Kind == vuln.InGit {
			list = list[:0]
			for _, e := range r.Events {
				list = append(list, point{Event: e, first: e.Version == "0" && e.Kind == vuln.Introduced})
			}
		}
		for i := range list {
			if begins(list[i].Kind) && (i == 0 || !begins(list[i-1].Kind)) {
				text, _ := interval(list, i)
				texts = append(texts, text)
			}
		}
	}
	if len(texts) == 0 {
		for _, v := range a.Versions[:min(len(a.Versions), 20)] {
			texts = append(texts, "="+v)
		}
	}
	return texts
}

// Compare orders two versions of an ecosystem, as OSV names it. An error says why they
// cannot be ordered.
func Compare(ecosystem, a, b string) (order int, err error) {
	defer func() {
		if recover() != nil { // of the library, over a version that nobody foresaw
			err = errNoOrder
		}
	}()
	v, err := parseVersion(ecosystem, a)
	if err != nil {
		return 0, err
	}
	return v.compare(ecosystem, b)
}
