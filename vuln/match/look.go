package match

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"theriac/sbom"
	"theriac/vuln"
)

// question is what an answer depends on.
type question struct{ ecosystem, name, version, arch string }

// hit is an entry that speaks of a version, or may.
type hit struct {
	entry   *vuln.Entry
	verdict verdict
	target  target
}

// answer is what the data say about a version of a package.
type answer struct {
	entries   int // of the package, of any version
	hits      []hit
	undecided []hit
	problem   error // why the version itself cannot be compared
	odd       []string
}

// outcome is what was found about a component; where cause is set nothing can be said.
type outcome struct {
	hits      []hit
	undecided []hit
	cause     Cause
	reason    string
	odd       map[string]bool
}

// maxAnswers bounds what is remembered of a portfolio.
const maxAnswers = 500_000

func mapKeys(m map[string]bool) iter.Seq[string] { return maps.Keys(m) }

// known reports whether there are data about an ecosystem.
func (m *Matcher) known(ecosystem string) (bool, error) {
	m.mu.Lock()
	yes, asked := m.has[ecosystem]
	m.mu.Unlock()
	if asked {
		return yes, nil
	}
	yes, err := m.db.Has(ecosystem)
	if err == nil {
		m.mu.Lock()
		m.has[ecosystem] = yes
		m.mu.Unlock()
	}
	return yes, err
}

// ask answers a question, from memory where it was asked before.
func (m *Matcher) ask(t target) (*answer, error) {
	q := question{t.ecosystem, t.name, t.version, t.arch}
	m.mu.Lock()
	a := m.answers[q]
	m.mu.Unlock()
	if a != nil {
		return a, nil
	}
	entries, err := m.db.Entries(t.ecosystem, t.name)
	if err != nil {
		return nil, err
	}
	a = m.evaluate(entries, t)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.answers) >= maxAnswers {
		m.forget()
	}
	m.answers[q] = a
	return a, nil
}

// evaluate decides about each entry of a package.
func (m *Matcher) evaluate(entries []vuln.Entry, t target) *answer {
	a := &answer{}
	if !slices.ContainsFunc(entries, func(e vuln.Entry) bool { return !e.Withdrawn }) {
		return a // most packages: their versions need not be read
	}
	var v ordered
	if t.ecosystem != "GIT" {
		v, a.problem = parseVersion(t.ecosystem, t.version)
	}
	for i := range entries {
		e := &entries[i]
		if e.Withdrawn {
			continue
		}
		a.entries++
		if !concerns(e, t) {
			continue
		}
		var d verdict
		if t.ecosystem == "GIT" {
			d = decideGit(&e.Affected, t.version, m.options.Ancestor)
		} else {
			d = evaluate(&e.Affected, t.ecosystem, t.version, v, a.problem)
		}
		if d.odd {
			a.odd = append(a.odd, e.Record)
		}
		switch {
		case d.affected:
			a.hits = append(a.hits, hit{entry: alone(e), verdict: d})
		case d.unknown != "":
			a.undecided = append(a.undecided, hit{entry: alone(e), verdict: d})
		}
	}
	return a
}

// alone copies an entry, so that an answer does not keep those beside it in memory.
func alone(e *vuln.Entry) *vuln.Entry {
	one := *e
	return &one
}

// concerns leaves out entries on other architectures and, in distributions with module
// streams, entries on a stream for a package of the base and the other way round.
func concerns(e *vuln.Entry, t target) bool {
	if len(e.Arch) > 0 && t.arch != "" && t.arch != "noarch" && t.arch != "all" && t.arch != "src" && !slices.Contains(e.Arch, t.arch) {
		return false
	}
	base, _, _ := strings.Cut(t.ecosystem, ":")
	switch base {
	case "AlmaLinux", "Rocky Linux", "Red Hat":
		for _, r := range e.Ranges {
			for _, event := range r.Events {
				if event.Kind == vuln.Fixed && moduleBuild(event.Version) != moduleBuild(t.version) {
					return false
				}
			}
		}
	}
	return true
}

// add takes an answer over.
func (o *outcome) add(a *answer, t target) {
	for _, h := range a.hits {
		h.target = t
		o.hits = append(o.hits, h)
	}
	for _, h := range a.undecided {
		h.target = t
		o.undecided = append(o.undecided, h)
	}
	for _, id := range a.odd {
		o.note(map[string]bool{id: true})
	}
}

// note keeps records with odd ranges.
func (o *outcome) note(odd map[string]bool) {
	if o.odd == nil && len(odd) > 0 {
		o.odd = map[string]bool{}
	}
	maps.Copy(o.odd, odd)
}

// look finds what is known about a component: by its package URL, and by other names
// where the data know nothing of that. What is known of a repository comes mostly from
// fuzzing, and few advisories name one: CPE names are looked up besides.
func (m *Matcher) look(c *sbom.Component, id *identity) (outcome, error) {
	o, err := m.lookTargets(id)
	if err != nil || id.distro {
		return o, err
	}
	if len(id.targets) > 0 && id.targets[0].ecosystem == "GIT" && (o.cause == "" || o.cause == Undecidable) {
		second, err := m.lookCPE(c)
		o.hits, o.undecided = append(o.hits, second.hits...), append(o.undecided, second.undecided...)
		o.note(second.odd)
		if second.cause == "" {
			o.cause, o.reason = "", ""
		}
		return o, err
	}
	if o.cause == "" || o.cause == Undecidable {
		return o, nil
	}
	for _, other := range []func(*sbom.Component) (outcome, error){m.lookRepository, m.lookCPE, m.lookProduct} {
		second, err := other(c)
		if err != nil {
			return o, err
		}
		if second.cause == "" {
			return second, nil
		}
		if second.cause == Undecidable {
			o = second
			break
		}
		if second.reason != "" {
			o.reason += "; " + second.reason
			if o.cause == NoIdentity {
				o.cause = second.cause
			}
		}
	}
	return o, nil
}

// lookTargets looks up what a package URL says.
func (m *Matcher) lookTargets(id *identity) (outcome, error) {
	if len(id.targets) == 0 {
		return outcome{cause: id.cause, reason: id.problem}, nil
	}
	var o outcome
	known, entries := false, 0
	var problem error
	for _, t := range id.targets {
		has, err := m.known(t.ecosystem)
		if err != nil {
			return o, err
		}
		if !has {
			continue
		}
		known = true
		a, err := m.ask(t)
		if err != nil {
			return o, err
		}
		entries += a.entries
		if a.entries > 0 {
			problem = cmp.Or(problem, a.problem)
		}
		o.add(a, t)
		if id.exclusive && a.entries > 0 {
			break
		}
	}
	first := id.targets[0]
	switch {
	case !known:
		o.cause, o.reason = NoData, "no data are about "+first.ecosystem
	case first.ecosystem == "GIT" && entries == 0:
		o.cause, o.reason = NoData, "no data are about the repository "+first.name
	case len(o.undecided) > 0 && (problem != nil || first.ecosystem == "GIT"):
		o.cause, o.reason = Undecidable, undecidable(o.undecided)
	}
	return o, nil
}

// undecidable words why advisories on a component cannot be decided.
func undecidable(hits []hit) string {
	n := "one advisory on it cannot"
	if len(hits) > 1 {
		n = fmt.Sprintf("%d advisories on it cannot", len(hits))
	}
	return n + " be decided: " + hits[0].verdict.unknown
}

// lookRepository looks up the repository that a component was taken from.
func (m *Matcher) lookRepository(c *sbom.Component) (outcome, error) {
	for _, link := range c.Links {
		repository := vuln.Repository(link.URL)
		if link.Kind != "vcs" || repository == "" {
			continue
		}
		rev := revision(link.URL, "")
		if rev == "" {
			continue // where its project lives, not what was taken
		}
		id := only("GIT", repository, rev)
		return m.lookTargets(&id)
	}
	return outcome{cause: NoIdentity}, nil
}

// lookCPE looks up the CPE names of a component.
func (m *Matcher) lookCPE(c *sbom.Component) (outcome, error) {
	o := outcome{cause: NoIdentity}
	if len(c.CPEs) == 0 {
		return o, nil
	}
	watched, versioned := false, strings.TrimSpace(c.Version) != ""
	for _, text := range c.CPEs[:min(len(c.CPEs), maxCPEs)] {
		name, err := parseCPE(text)
		if err != nil {
			o.cause, o.reason = Unreadable, cmp.Or(o.reason, err.Error())
			continue
		}
		known, err := m.lookName(c, &name, &o)
		switch {
		case err != nil:
			return o, err
		case !known:
			if o.cause, o.reason, err = m.noCPE(name); err != nil {
				return o, err
			}
		}
		watched, versioned = watched || known, versioned || name.version != ""
	}
	if watched {
		o.cause, o.reason = "", ""
		if len(o.undecided) > 0 && !versioned && len(o.hits) == 0 {
			o.cause, o.reason = Undecidable, undecidable(o.undecided)
		}
	}
	if len(c.CPEs) > maxCPEs {
		o.cause, o.reason = Undecidable, fmt.Sprintf("it has %d CPE names, of which the first %d were looked up", len(c.CPEs), maxCPEs)
	}
	return o, nil
}

// maxCPEs bounds the CPE names of one component that are looked up. Tools that guess them
// give some fifty.
const maxCPEs = 256

// lookName looks up one CPE name in each reading of its version, and reports whether the
// data know the product.
func (m *Matcher) lookName(c *sbom.Component, name *cpeName, o *outcome) (known bool, err error) {
	for _, reading := range name.readings(strings.TrimSpace(c.Version)) {
		t := target{ecosystem: "CPE", name: name.product, version: reading.version, confidence: ByCPE}
		a, err := m.ask(t)
		if err != nil || a.entries == 0 {
			return false, err
		}
		answer := fitting(a, &reading)
		if reading.shortened {
			apart := func(h hit) bool { return updateInBounds(h.entry) }
			answer.hits, answer.undecided = slices.DeleteFunc(answer.hits, apart), slices.DeleteFunc(answer.undecided, apart)
		}
		o.add(answer, t)
	}
	return true, nil
}

// fitting are the parts of an answer whose CPE name fits that of the component.
func fitting(a *answer, name *cpeName) *answer {
	result := &answer{entries: a.entries, odd: a.odd, problem: a.problem}
	sort := func(list []hit, affected bool) {
		for _, h := range list {
			ok, open := name.fits(h.entry.CPE, bounded(h.entry))
			switch {
			case !ok || name.none && !affected && h.entry.VersionText == "":
			case affected && open == "":
				result.hits = append(result.hits, h)
			case open != "":
				h.verdict.unknown = "the advisory is about one with " + open
				fallthrough
			default:
				result.undecided = append(result.undecided, h)
			}
		}
	}
	sort(a.hits, true)
	sort(a.undecided, false)
	return result
}

// noCPE says why a CPE name leads to nothing.
func (m *Matcher) noCPE(name cpeName) (Cause, string, error) {
	vendor, _, _ := strings.Cut(name.product, ":")
	has, err := m.known("CPE")
	if err != nil {
		return "", "", err
	}
	if !has {
		return NoData, "no data go by CPE names", nil
	}
	if has, err = m.db.HasVendor(vendor); err != nil {
		return "", "", err
	}
	if !has {
		return NoData, "no data know the vendor " + vendor + " of its CPE name", nil
	}
	return NoData, "no data know the product " + name.product + " of its CPE name", nil
}

// lookProduct looks up the names of maker and product, as advisories of makers give
// them in words.
func (m *Matcher) lookProduct(c *sbom.Component) (outcome, error) {
	o := outcome{cause: NoIdentity}
	var asked []string
	for _, maker := range []string{c.Manufacturer, c.Supplier} {
		name := ""
		if maker != "" {
			name = vuln.NormalProduct(maker, c.Name)
		}
		if name == "" || slices.Contains(asked, name) {
			continue
		}
		asked = append(asked, name)
		t := target{ecosystem: "Product", name: name, version: strings.TrimSpace(c.Version), confidence: ByName}
		a, err := m.ask(t)
		if err != nil {
			return o, err
		}
		if a.entries > 0 {
			o.cause = ""
			o.add(a, t)
		}
	}
	return o, nil
}
