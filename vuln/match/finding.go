package match

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/sbom"
	"theriac/vuln"
)

// fact is what is known about an advisory apart from packages.
type fact struct {
	records    []vuln.Record
	ids        []string // all ids of the vulnerability, in order
	upstream   []string
	severities []vuln.Severity
	other      []vuln.Severity // of other advisories on the same vulnerability, and on those it passes on
	exploited  *vuln.Exploited
	likelihood *vuln.Likelihood
}

// fact collects what is known about an advisory.
func (m *Matcher) fact(id string) (*fact, error) {
	m.mu.Lock()
	f := m.facts[id]
	m.mu.Unlock()
	if f != nil {
		return f, nil
	}
	records, err := m.db.Records(id)
	if err != nil {
		return nil, err
	}
	if standing := slices.DeleteFunc(slices.Clone(records), func(r vuln.Record) bool { return !r.Withdrawn.IsZero() }); len(standing) > 0 {
		records = standing // what one source took back says nothing beside what another says
	}
	f = &fact{records: records, ids: []string{id}}
	for _, r := range records {
		f.ids = append(f.ids, r.Aliases...)
		f.upstream = append(f.upstream, r.Upstream...)
		f.severities = append(f.severities, r.Severities...)
	}
	group, err := m.db.Aliases(id)
	if err != nil {
		return nil, err
	}
	f.ids = sorted(append(f.ids, group...))
	f.upstream = slices.DeleteFunc(sorted(f.upstream), func(s string) bool { return slices.Contains(f.ids, s) })
	if err := m.danger(f, id); err != nil {
		return nil, err
	}
	m.mu.Lock()
	m.facts[id] = f
	m.mu.Unlock()
	return f, nil
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
}

// danger adds whether an advisory's vulnerabilities are exploited, how likely that is,
// and, where the advisory has no vector itself, what others say of the severity.
func (m *Matcher) danger(f *fact, id string) error {
	vector := hasVector(f.severities)
	for _, other := range slices.Concat(f.ids, f.upstream) {
		if !vector && other != id {
			records, err := m.db.Records(other)
			if err != nil {
				return err
			}
			for _, r := range records {
				if r.Withdrawn.IsZero() {
					f.other = append(f.other, r.Severities...)
				}
			}
		}
		if !strings.HasPrefix(other, "CVE-") {
			continue
		}
		x, yes, err := m.db.Exploited(other)
		if err != nil {
			return err
		}
		if yes && (f.exploited == nil || x.Added < f.exploited.Added) {
			f.exploited = &x
		}
		l, yes, err := m.db.Likelihood(other)
		if err != nil {
			return err
		}
		if yes && (f.likelihood == nil || probability(l) > probability(*f.likelihood)) {
			f.likelihood = &l
		}
	}
	return nil
}

func probability(l vuln.Likelihood) float64 {
	p, err := strconv.ParseFloat(l.Score, 64)
	if err != nil {
		return -1
	}
	return p
}

// findings makes findings of hits: one for each vulnerability, however many advisories
// speak of it.
func (m *Matcher) findings(c *sbom.Component, index int, hits []hit, unknown bool) ([]Finding, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	groups, err := m.group(hits)
	if err != nil {
		return nil, err
	}
	list := make([]Finding, 0, len(groups))
	for _, g := range groups {
		f, err := m.finding(c, g, unknown)
		if err != nil {
			return nil, err
		}
		f.Component, f.PURL, f.Name, f.Version, f.Line, f.Patched = index, c.PURL, c.Name, c.Version, c.Line, c.Patched
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Finding) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}

// group puts together hits of the same vulnerability.
func (m *Matcher) group(hits []hit) ([][]hit, error) {
	if len(hits) == 1 {
		return [][]hit{hits}, nil
	}
	leader := map[string]int{} // group of an id
	groups := make([][]hit, 0, len(hits))
	for _, h := range hits {
		f, err := m.fact(h.entry.Record)
		if err != nil {
			return nil, err
		}
		at := -1
		for _, id := range f.ids {
			g, ok := leader[id]
			switch {
			case !ok || g == at:
			case at < 0:
				at = g
			default: // it joins two that stood apart
				groups[at], groups[g] = append(groups[at], groups[g]...), nil
				for other, of := range leader {
					if of == g {
						leader[other] = at
					}
				}
			}
		}
		if at < 0 {
			at = len(groups)
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], h)
		for _, id := range f.ids {
			leader[id] = at
		}
	}
	return slices.DeleteFunc(groups, func(g []hit) bool { return len(g) == 0 }), nil
}

// homes are the databases of ecosystems by the beginning of their ids; they know their
// packages best.
var homes = map[string][]string{
	"Go": {"GO-"}, "PyPI": {"PYSEC-"}, "crates.io": {"RUSTSEC-"}, "Debian": {"DSA-", "DLA-", "DTSA-", "DEBIAN-"},
	"Ubuntu": {"USN-", "LSN-", "UBUNTU-"}, "Alpine": {"ALPINE-"}, "AlmaLinux": {"ALSA-", "ALBA-", "ALEA-"}, "Rocky Linux": {"RLSA-", "RXSA-"},
	"Red Hat": {"RHSA-", "RHBA-", "RHEA-"}, "SUSE": {"SUSE-"}, "openSUSE": {"openSUSE-"}, "Wolfi": {"CGA-"}, "Chainguard": {"CGA-"},
	"CRAN": {"RSEC-"}, "Hackage": {"HSEC-"}, "Bitnami": {"BIT-"}, "GIT": {"OSV-"}, "CPE": {"CVE-"}, "openEuler": {"OESA-"}, "Mageia": {"MGASA-"},
}

// preferred orders ids of one vulnerability: first those of the ecosystem's own database,
// then GHSA, then CVE, then others; in each the first by the alphabet.
func preferred(ecosystem, a, b string) int {
	base, _, _ := strings.Cut(ecosystem, ":")
	order := slices.Concat(homes[base], []string{"GHSA-", "CVE-"})
	rank := func(id string) int {
		for i, prefix := range order {
			if strings.HasPrefix(id, prefix) {
				return i
			}
		}
		return len(order)
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

// finding is what several advisories say about one vulnerability of a component.
func (m *Matcher) finding(c *sbom.Component, hits []hit, unknown bool) (Finding, error) {
	slices.SortStableFunc(hits, func(a, b hit) int { return preferred(a.target.ecosystem, a.entry.Record, b.entry.Record) })
	first := hits[0]
	f := Finding{
		ID: first.entry.Record, Range: first.verdict.interval, Ecosystem: first.target.ecosystem, Package: first.entry.Name,
		Confidence: first.target.confidence, Imports: first.entry.Imports, Why: why(c, first, unknown),
	}
	var own, others []vuln.Severity
	var special []vuln.Severity
	for _, h := range hits {
		one, err := m.fact(h.entry.Record)
		if err != nil {
			return f, err
		}
		f.take(one)
		f.Records = append(f.Records, h.entry.Record)
		f.Ranges = append(f.Ranges, wording(&h.entry.Affected, h.target.ecosystem)...)
		if h.verdict.fixed != "" && !slices.Contains(f.Fixed, h.verdict.fixed) {
			f.Fixed = append(f.Fixed, h.verdict.fixed)
		}
		special = append(special, h.entry.Severities...)
		own, others = append(own, one.severities...), append(others, one.other...)
	}
	f.Severity = judge(special, own, others)
	f.Records, f.Sources, f.Ranges = sorted(f.Records), sorted(f.Sources), unique(f.Ranges)
	f.Aliases = slices.DeleteFunc(sorted(f.Aliases), func(s string) bool { return s == f.ID })
	f.Upstream, f.CWEs = sorted(f.Upstream), unique(f.CWEs)
	return f, nil
}

// take adds what is known about an advisory to a finding.
func (f *Finding) take(one *fact) {
	f.Aliases = append(f.Aliases, one.ids...)
	f.Upstream = append(f.Upstream, one.upstream...)
	for _, r := range one.records {
		f.Sources = append(f.Sources, r.Source)
		f.CWEs = append(f.CWEs, r.CWEs...)
		if f.Summary == "" {
			f.Summary = r.Summary
		}
		if f.URL == "" && len(r.URLs) > 0 {
			f.URL = r.URLs[0]
		}
	}
	if one.exploited != nil && (f.Exploited == nil || one.exploited.Added < f.Exploited.Added) {
		f.Exploited = one.exploited
	}
	if one.likelihood != nil && (f.Likelihood == nil || probability(*one.likelihood) > probability(*f.Likelihood)) {
		f.Likelihood = one.likelihood
	}
}

// unique leaves out what stands earlier in a list.
func unique(list []string) []string {
	var result []string
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			result = append(result, s)
		}
	}
	return result
}

// why explains a finding in one sentence: which advisory, which range, why this component.
func why(c *sbom.Component, h hit, unknown bool) string {
	subject := strings.TrimSpace(h.entry.Name + " " + h.target.version)
	switch {
	case h.target.confidence == ByName:
		subject = fmt.Sprintf("%s, taken for %s by the names of maker and product alone,", strings.TrimSpace(c.Name+" "+c.Version), h.entry.Name)
	case h.target.confidence == ByCPE:
		subject = fmt.Sprintf("%s, %s by its CPE name,", strings.TrimSpace(c.Name+" "+c.Version), h.entry.Name)
	case h.target.binary != "":
		subject += fmt.Sprintf(" in %s, the source of %s by upstream=,", h.target.ecosystem, h.target.binary)
	default:
		subject += " in " + h.target.ecosystem
	}
	id := h.entry.Record
	if unknown {
		return fmt.Sprintf("%s may be what %s is about: %s", subject, id, h.verdict.unknown)
	}
	text := fmt.Sprintf("%s %s", subject, reading(h.verdict, id))
	if c.Patched {
		text += "; it was changed after its maker published it, which no range knows"
	}
	return text
}

// reading words what an advisory says of a version.
func reading(v verdict, id string) string {
	switch {
	case v.interval == "<"+v.fixed:
		return fmt.Sprintf("is before %s, in which %s is fixed", v.fixed, id)
	case v.interval == "all versions":
		return fmt.Sprintf("is vulnerable as %s knows no version that is not", id)
	case v.fixed != "":
		return fmt.Sprintf("is in %s of %s, which is fixed in %s", v.interval, id, v.fixed)
	}
	return fmt.Sprintf("is in %s of %s, which names no fixed version", v.interval, id)
}
