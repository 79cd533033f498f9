package csaf

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gocsaf/csaf/v3/csaf"

	"theriac/model"
)

// Statuses, the graver first: where decisions about several components meet in a
// release, the gravest is that of the product.
const (
	isAffected      = model.VEXStatus("affected")
	isInvestigated  = model.VEXStatus("under-investigation")
	isFixed         = model.VEXStatus("fixed")
	isNotAffected   = model.VEXStatus("not-affected")
	noDecision      = model.VEXStatus("")
	cveAddress      = "https://www.cve.org/CVERecord?id="
	advisoryAddress = "https://github.com/advisories/"
)

var gravity = map[model.VEXStatus]int{isAffected: 4, isInvestigated: 3, isFixed: 2, isNotAffected: 1, noDecision: 0}

// statement is what a decision says of a release.
type statement struct {
	decision *model.Decision
	status   model.VEXStatus
}

func (m *maker) vulnerabilities() csaf.Vulnerabilities {
	if len(m.Decisions) == 0 {
		m.fault(m.caseField("decisions"), "nothing was decided")
		return nil
	}
	var ids []string
	about := map[string][]*model.Decision{}
	for _, d := range m.Decisions {
		if !d.Expires.IsZero() && d.Expires.Before(m.Day) {
			m.fault("decisions."+d.ID+".expires", "the decision held until %s", d.Expires)
		}
		for _, id := range d.About() {
			if !m.tells(d, id) {
				continue
			}
			if about[id] == nil {
				ids = append(ids, id)
			}
			about[id] = append(about[id], d)
		}
	}
	if len(ids) == 0 {
		m.fault(m.caseField("decisions"), "all that was decided is under embargo")
	}
	if m.Case != nil {
		for _, id := range m.Case.Vulnerabilities {
			if about[id] == nil {
				m.fault(m.caseField("vulnerabilities"), "nothing was decided about %s", id)
			}
		}
	}
	var all csaf.Vulnerabilities
	for _, id := range ids {
		all = append(all, m.vulnerability(id, about[id]))
	}
	return all
}

func (m *maker) vulnerability(id string, decisions []*model.Decision) *csaf.Vulnerability {
	v := &csaf.Vulnerability{Title: new(cmp.Or(decisions[0].Title, id))}
	switch {
	case isCVE(id):
		v.CVE = new(csaf.CVE(id))
		v.References = externalReference(id, cveAddress+id)
	case strings.HasPrefix(id, "GHSA-"):
		v.IDs = csaf.VulnerabilityIDs{{SystemName: new("GitHub Advisory Database"), Text: new(id)}}
		v.References = externalReference(id, advisoryAddress+id)
	default:
		v.IDs = csaf.VulnerabilityIDs{{SystemName: new("OSV"), Text: new(id)}}
	}
	said := m.statements(decisions)
	status := map[string]model.VEXStatus{} // of each release
	for release, list := range said {
		for _, s := range list {
			if gravity[s.status] > gravity[status[release]] {
				status[release] = s.status
			}
		}
	}
	v.ProductStatus = &csaf.ProductStatus{
		KnownAffected: m.products(status, isAffected), KnownNotAffected: m.products(status, isNotAffected),
		Fixed: m.products(status, isFixed), UnderInvestigation: m.products(status, isInvestigated),
	}
	for _, d := range decisions {
		v.Notes = append(v.Notes, note(csaf.CSAFNoteCategoryDetails, "Assessment of "+inWords(d.Packages), m.reason(d)))
		releases := m.speaksOf(d, said, status)
		if len(releases) == 0 {
			continue // another decision is graver for all its releases
		}
		m.remediate(v, d, releases)
		if d.Status == isNotAffected {
			v.Threats = append(v.Threats, &csaf.Threat{Category: new(csaf.CSAFThreatCategoryImpact), Details: new(m.reason(d)), ProductIds: idsOf(releases)})
		}
	}
	v.Flags = m.flags(said, status)
	v.Scores = m.scores(v, said, status)
	return v
}

// mostNamed is how many components a heading names.
const mostNamed = 4

// inWords names components as readers know them: by the name in a package URL or CPE.
func inWords(packages []string) string {
	var names []string
	for _, p := range packages {
		name := p
		if rest, ok := strings.CutPrefix(p, "pkg:"); ok {
			rest, _, _ = strings.Cut(rest, "?")
			rest, _, _ = strings.Cut(rest, "#")
			name = rest[strings.LastIndexByte(rest, '/')+1:]
		} else if parts := strings.Split(p, ":"); strings.HasPrefix(p, "cpe:2.3:") && len(parts) > 4 || strings.HasPrefix(p, "cpe:/") && len(parts) > 3 {
			name = parts[3]
			if parts[1] == "2.3" {
				name = parts[4]
			}
		}
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		if name = strings.TrimSpace(name); name != "" && name != "*" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch more := len(names) - mostNamed; {
	case len(names) == 0:
		return "the software"
	case more > 0:
		return strings.Join(names[:mostNamed], ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return strings.Join(names, ", ")
}

func externalReference(summary, url string) csaf.References {
	return csaf.References{{ReferenceCategory: new(string(csaf.CSAFReferenceCategoryExternal)), Summary: new(summary), URL: new(url)}}
}

func (m *maker) reason(d *model.Decision) string {
	reason := strings.TrimSpace(d.Reason)
	if reason == "" {
		m.fault("decisions."+d.ID+".reason", "why is not stated")
	}
	return reason
}

// statements are what decisions say of each release that is out. One that has the
// fix, and of which no decision speaks, is fixed.
func (m *maker) statements(decisions []*model.Decision) map[string][]statement {
	said := map[string][]statement{}
	hasFix := map[string]*model.Decision{}
	for _, d := range decisions {
		found := false
		for _, r := range m.listed {
			in := m.in("releases", d, d.Releases, r.Version)
			fixed := d.Fix != "" && m.in("fix", d, ">="+d.Fix, r.Version)
			switch {
			case d.Status == isAffected && fixed:
				hasFix[r.ID] = d
			case in:
				said[r.ID] = append(said[r.ID], statement{d, d.Status})
				found = true
			}
		}
		if !found {
			m.fault("decisions."+d.ID+".releases", "no release that is out on %s is meant", m.Day)
		}
	}
	for release, d := range hasFix {
		if len(said[release]) == 0 {
			said[release] = []statement{{d, isFixed}}
		}
	}
	return said
}

// in tells whether a version is in a range that a decision states; an empty range
// holds all.
func (m *maker) in(field string, d *model.Decision, versions, version string) bool {
	if versions == "" {
		return true
	}
	ok, err := m.Covers(versions, version)
	if err != nil {
		m.fault("decisions."+d.ID+"."+field, "%v", err)
	}
	return ok
}

// products are the releases of a status, in the order of the product tree.
func (m *maker) products(status map[string]model.VEXStatus, want model.VEXStatus) *csaf.Products {
	var ids []string
	for _, r := range m.listed {
		if status[r.ID] == want {
			ids = append(ids, r.ID)
		}
	}
	return idsOf(ids)
}

func idsOf(releases []string) *csaf.Products {
	if len(releases) == 0 {
		return nil
	}
	var ids csaf.Products
	for _, r := range releases {
		ids = append(ids, new(csaf.ProductID(r)))
	}
	return &ids
}

// speaksOf are the releases of which a decision decides the status.
func (m *maker) speaksOf(d *model.Decision, said map[string][]statement, status map[string]model.VEXStatus) []string {
	var ids []string
	for _, r := range m.listed {
		says := func(s statement) bool { return s.decision == d && s.status == d.Status && s.status == status[r.ID] }
		if slices.ContainsFunc(said[r.ID], says) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// remediate says what to do about releases that are affected.
func (m *maker) remediate(v *csaf.Vulnerability, d *model.Decision, releases []string) {
	add := func(category csaf.RemediationCategory, details string) {
		v.Remediations = append(v.Remediations, &csaf.Remediation{Category: &category, Details: new(details), ProductIds: idsOf(releases)})
	}
	action := strings.TrimSpace(d.Action)
	switch d.Status {
	case isInvestigated:
		add(csaf.CSAFRemediationCategoryNoneAvailable, cmp.Or(action, "The vulnerability is being investigated."))
	case isAffected:
		if d.Fix != "" {
			by, err := FixedBy(m.listed, d.Fix, m.Day, m.Covers)
			switch {
			case err != nil:
				m.fault("decisions."+d.ID+".fix", "%v", err)
			case by != nil:
				add(csaf.CSAFRemediationCategoryVendorFix, "Install version "+by.Version+".")
			default:
				add(csaf.CSAFRemediationCategoryNoneAvailable, PlannedFix(d.Fix, PlannedDay(m.file.Releases, d.Fix)))
			}
		}
		switch {
		case Mitigates(action):
			add(csaf.CSAFRemediationCategoryMitigation, action)
		case d.Fix != "": // the fix is all there is to do
		case action != "":
			add(csaf.CSAFRemediationCategoryNoneAvailable, action)
		default:
			m.fault("decisions."+d.ID+".action", "what users should do is not stated")
		}
	}
}

// flags are the justifications of releases that are not affected. A release with
// several gets none (CSAF 2.0 section 6.1.33); the threats say why.
func (m *maker) flags(said map[string][]statement, status map[string]model.VEXStatus) csaf.Flags {
	by := map[model.Justification][]string{}
	var order []model.Justification
	for _, r := range m.listed {
		if status[r.ID] != isNotAffected {
			continue
		}
		var why []model.Justification
		for _, s := range said[r.ID] {
			why = append(why, s.decision.Justification)
		}
		slices.Sort(why)
		if why = slices.Compact(why); len(why) != 1 || why[0] == "" {
			continue
		}
		if by[why[0]] == nil {
			order = append(order, why[0])
		}
		by[why[0]] = append(by[why[0]], r.ID)
	}
	var flags csaf.Flags
	for _, j := range order {
		label := csaf.FlagLabel(strings.ReplaceAll(string(j), "-", "_"))
		flags = append(flags, &csaf.Flag{Label: &label, ProductIds: idsOf(by[j])})
	}
	return flags
}
