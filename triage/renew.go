package triage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"theriac/model"
)

// Renew is a decision made again today about findings that it is about, with what is
// known of them now; the day on which it was first made stays. It is one, or several where different things are known of them: then
// the first keeps the id and the others get free ones, which are added to taken; each
// names the vulnerabilities and packages of its own findings, and the first also those of
// none.
//
// Beside a decision about several vulnerabilities only versions, exploitation, exposure
// and support are noted: what advisories say of each is not kept there.
func (j *Judge) Renew(d *model.Decision, found []Found, taken map[string]bool) []Proposal {
	groups := j.sameKnown(d, found)
	all := make([]Proposal, len(groups))
	for i, group := range groups {
		p := &all[i]
		p.Decision, p.Answers = *d, group
		if p.Decision.Since.IsZero() && d.Date.Before(j.today) {
			p.Decision.Since = d.Date
		}
		p.Decision.Date = j.today
		var findings []Finding
		for _, f := range group {
			findings = append(findings, f.Finding)
		}
		if d.Vulnerability != AnyVulnerability {
			p.Decision.Known = j.knownFor(d, findings)
		}
		if i > 0 {
			p.Decision.ID = freeID(d.ID, taken)
		}
	}
	if len(all) > 1 {
		divide(d, all)
	}
	return all
}

// sameKnown divides findings into groups that one decision can rest on, the largest first.
func (j *Judge) sameKnown(d *model.Decision, found []Found) [][]Found {
	var groups [][]Found
	at := map[string]int{}
	for _, f := range found {
		key := ""
		switch {
		case d.Vulnerability == AnyVulnerability:
		case len(d.Vulnerabilities) > 0:
			k := j.knownFor(d, []Finding{f.Finding})
			key = strings.Join([]string{strconv.Itoa(int(k.Exploited)), k.Exposure, k.Support}, "\x00")
		default:
			key = j.knownKey(f.Finding)
		}
		i, there := at[key]
		if !there {
			i, at[key] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	slices.SortStableFunc(groups, func(a, b []Found) int { return cmp.Compare(len(b), len(a)) })
	return groups
}

// knownFor is what is noted beside a decision about findings.
func (j *Judge) knownFor(d *model.Decision, findings []Finding) model.Known {
	k := j.Known(findings)
	if len(d.Vulnerabilities) > 0 {
		k = model.Known{Versions: k.Versions, Exploited: k.Exploited, Exposure: k.Exposure, Support: k.Support}
	}
	return k
}

// divide leaves each of several decisions the vulnerabilities and packages of its own
// findings. What has no finding stays with the first.
func divide(d *model.Decision, all []Proposal) {
	ids, packages := make([][]string, len(all)), make([][]string, len(all))
	for _, id := range d.About() {
		each(all, func(f Finding) bool { return f.Is(id) }, func(i int) { ids[i] = append(ids[i], id) })
	}
	for _, pattern := range d.Packages {
		each(all, func(f Finding) bool { return Matches(pattern, f.Component) }, func(i int) { packages[i] = append(packages[i], pattern) })
	}
	for i := range all {
		one := &all[i].Decision
		if len(ids[i]) > 0 {
			one.Vulnerability, one.Vulnerabilities = ids[i][0], ids[i][1:]
		}
		if len(packages[i]) > 0 {
			one.Packages = packages[i]
		}
	}
}

// each visits the proposals of which a finding is meant; the first where none is.
func each(all []Proposal, means func(Finding) bool, visit func(i int)) {
	met := false
	for i := range all {
		if slices.ContainsFunc(all[i].Answers, func(f Found) bool { return means(f.Finding) }) {
			met = true
			visit(i)
		}
	}
	if !met {
		visit(0)
	}
}
