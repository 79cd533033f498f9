package triage

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"theriac/diag"
	"theriac/model"
	"theriac/syntax"
)

// Rule decides about many findings with one reason.
type Rule struct {
	ID            string              `yaml:"-"`
	Vulnerability string              `yaml:"vulnerability" doc:"id of the vulnerability; left out: each that was found"`
	Packages      []string            `yaml:"packages" doc:"components, as in decisions; left out: each in which the vulnerability was found"`
	Versions      string              `yaml:"versions" doc:"as in decisions"`
	Releases      string              `yaml:"releases" doc:"as in decisions"`
	Status        model.VEXStatus     `yaml:"status" theriac:"required" doc:"as in decisions"`
	Justification model.Justification `yaml:"justification" doc:"as in decisions"`
	Reason        string              `yaml:"reason" theriac:"required" doc:"as in decisions"`
	Action        string              `yaml:"action" doc:"as in decisions"`
	Fix           string              `yaml:"fix" doc:"as in decisions"`
	Reachability  model.Reachability  `yaml:"reachability" doc:"as in decisions"`
	Score         model.Score         `yaml:"score" doc:"as in decisions; of one vulnerability"`
	Risk          string              `yaml:"risk" doc:"id of the risk under which the vulnerabilities fall"`
	By            string              `yaml:"by" doc:"role that decides"`
	Expires       model.Date          `yaml:"expires" doc:"as in decisions"`
	Notes         string              `yaml:"notes" doc:"as in decisions"`

	only func(Finding) bool // what it is about besides; nil: all of that
}

// SetKey implements syntax.Keyed.
func (r *Rule) SetKey(key, _ *syntax.Node) { r.ID = key.Value }

// ReadRules reads a file of rules: a map of rules by name, below `rules`. They are only to
// be used when no finding is an error.
func ReadRules(name string, data []byte) ([]*Rule, diag.List) {
	node, source, findings := syntax.Parse(name, data)
	var file struct {
		Rules []*Rule `yaml:"rules" theriac:"required"`
	}
	d := &syntax.Decoder{}
	d.Decode(node, &file)
	findings = append(findings, slices.DeleteFunc(d.Findings, func(f diag.Finding) bool { return f.Code == syntax.CodePending })...)
	if len(findings) == 0 && len(file.Rules) == 0 {
		findings.Add(diag.Finding{Code: CodeRule, Severity: diag.Error, Span: source.At(1, 1, 1), Message: "the file holds no rules", Help: "name at least one rule; see docs/triage.md"})
	}
	findings.Sort()
	return file.Rules, findings
}

// CodeRule is the code of findings about a file of rules.
const CodeRule = "T8719"

// Check says what is wrong with a rule.
func (r *Rule) Check() error {
	everything := r.Vulnerability == "" || r.Vulnerability == AnyVulnerability
	switch {
	case everything && len(r.Packages) == 0:
		return fmt.Errorf("it names neither a vulnerability nor packages")
	case everything && slices.ContainsFunc(r.Packages, MatchesAll):
		return fmt.Errorf("it is about every vulnerability in every component; name the components, or the vulnerability")
	case !names(r.Status.Values(), string(r.Status)):
		return fmt.Errorf("%q is no status; expected not-affected, affected, fixed or under-investigation", r.Status)
	case r.Justification != "" && !names(r.Justification.Values(), string(r.Justification)):
		return fmt.Errorf("%q is no justification", r.Justification)
	case r.Status == "not-affected" && r.Justification == "":
		return fmt.Errorf("not-affected needs a justification")
	case r.Status != "not-affected" && r.Justification != "":
		return fmt.Errorf("only not-affected has a justification")
	case r.Status == "affected" && r.Action == "" && r.Fix == "":
		return fmt.Errorf("affected needs an action for users, or a fixed version")
	case strings.TrimSpace(r.Reason) == "":
		return fmt.Errorf("it gives no reason")
	}
	for _, text := range []string{r.Versions, r.Releases} {
		if _, err := ParseRange(text); text != "" && err != nil {
			return err
		}
	}
	return nil
}

// names reports whether an enumeration has a value.
func names(all model.Values, name string) bool {
	return slices.ContainsFunc(all, func(v model.Value) bool { return v.Name == name })
}

// means reports whether a rule speaks of a finding.
func (r *Rule) means(f Finding) bool {
	if r.Vulnerability != "" && r.Vulnerability != AnyVulnerability && !f.Is(r.Vulnerability) {
		return false
	}
	if r.Versions != "" {
		set, err := ParseRange(r.Versions)
		if err != nil {
			return false
		}
		if ok, err := set.Holds(f.Component.Version, f.Component.Ecosystem()); err != nil || !ok {
			return false
		}
	}
	return (len(r.Packages) == 0 || MatchesAny(r.Packages, f.Component)) && (r.only == nil || r.only(f))
}

// inRelease reports whether a rule speaks of a release.
func (r *Rule) inRelease(release string) bool {
	if r.Releases == "" {
		return true
	}
	set, err := ParseRange(r.Releases)
	if err != nil {
		return false
	}
	ok, err := set.Holds(release, "")
	return err == nil && ok
}

// Found is a finding of a release with how it stands.
type Found struct {
	Release string
	Verdict
}

// Proposal is a decision that would be made, with the findings that it decides.
type Proposal struct {
	Decision model.Decision
	Answers  []Found
}

// Propose makes the decisions of a rule about findings: one for each vulnerability, and
// several where what was known differs between components; one alone, which names *, for
// components that are not in the product. Ids are free of those taken, which grows.
func (j *Judge) Propose(r *Rule, found []Found, taken map[string]bool) []Proposal {
	var all []Proposal
	at := map[string]int{}
	whole := r.Justification == "component-not-present" && r.Status == "not-affected" && (r.Vulnerability == "" || r.Vulnerability == AnyVulnerability)
	for _, f := range found {
		if f.Finding.Component.nameless() || !r.means(f.Finding) || !r.inRelease(f.Release) {
			continue
		}
		key := ""
		if !whole {
			key = j.knownKey(f.Finding)
		}
		i, there := at[key]
		if !there {
			i, at[key] = len(all), len(all)
			all = append(all, Proposal{})
		}
		all[i].Answers = append(all[i].Answers, f)
	}
	for i := range all {
		j.fill(&all[i], r, whole, taken)
	}
	return all
}

// knownKey holds together what one decision can rest on.
func (j *Judge) knownKey(f Finding) string {
	k := j.Known([]Finding{f})
	ids := sorted(f.IDs())
	return strings.Join([]string{ids[0], k.Ranges, strings.Join(k.CVSS, " "), strings.Join(k.Fixed, " "), k.Exposure, k.Support}, "\x00")
}

// Known is what is known of findings that one decision is about.
func (j *Judge) Known(findings []Finding) model.Known {
	k := model.Known{Exploited: model.No}
	for _, f := range findings {
		k.Versions = append(k.Versions, f.Component.Version)
		k.Ranges, k.CVSS, k.Fixed, k.Support = f.Ranges, sorted(f.CVSS), sorted(f.Fixed), f.Support
		k.Exposure = j.Reach(f.Component).Exposure()
		if f.KEV {
			k.Exploited = model.Yes
		}
		if millionths(f.EPSS) > millionths(k.EPSS) {
			k.EPSS = f.EPSS
		}
	}
	k.Versions = slices.DeleteFunc(sorted(k.Versions), func(v string) bool { return v == "" })
	return k
}

func (j *Judge) fill(p *Proposal, r *Rule, whole bool, taken map[string]bool) {
	var findings []Finding
	var packages []string
	for _, a := range p.Answers {
		findings = append(findings, a.Finding)
		if names := a.Finding.Component.Names(); len(names) > 0 {
			packages = append(packages, names[0])
		}
	}
	d := &p.Decision
	d.Packages = r.Packages
	if len(d.Packages) == 0 {
		d.Packages = sorted(packages)
	}
	d.Versions, d.Releases, d.Status, d.Justification = r.Versions, r.Releases, r.Status, r.Justification
	d.Reason, d.Action, d.Fix, d.Reachability = r.Reason, r.Action, r.Fix, r.Reachability
	d.By, d.Date, d.Expires, d.Notes = r.By, j.today, r.Expires, r.Notes
	d.Score, d.Risk = r.Score, model.Ref[*model.Risk]{ID: r.Risk}
	if whole {
		d.Vulnerability = AnyVulnerability
		d.Title = clip(strings.Join(d.Packages, ", ")) + ": not in the product"
		d.ID = freeID("vx-not-present-"+shortName(d.Packages[0]), taken)
		return
	}
	d.Vulnerability = r.Vulnerability
	if d.Vulnerability == "" || d.Vulnerability == AnyVulnerability {
		d.Vulnerability = publicID(findings[0])
	}
	d.Known = j.Known(findings)
	d.Title = d.Vulnerability + " in " + shortName(d.Packages[0])
	d.ID = freeID("vx-"+d.Vulnerability, taken)
}

// publicID is the id by which most readers know the vulnerability: its CVE, where it has
// one.
func publicID(f Finding) string {
	for _, id := range sorted(f.IDs()) {
		if strings.HasPrefix(strings.ToUpper(id), "CVE-") {
			return strings.ToUpper(id)
		}
	}
	return f.ID
}

// freeID makes an id of a text that is not taken yet.
func freeID(text string, taken map[string]bool) string {
	const most = 56 // of 64, with room for a number
	text = strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '_') {
			return unicode.ToLower(r)
		}
		return '-'
	}, text)
	text = strings.TrimRight(text[:min(len(text), most)], "-.")
	id := text
	for n := 2; taken[id]; n++ {
		id = fmt.Sprintf("%s-%d", text, n)
	}
	taken[id] = true
	return id
}

// Holds reports whether a decision that would be made settles a finding, and why not.
func (j *Judge) Holds(d *model.Decision, release string, f Finding) []Reason {
	one := NewJudge(&model.File{Decisions: []*model.Decision{d}}, j.today)
	r := one.rules[0]
	about, reasons := j.about(r, foldedIDs(f), f)
	switch {
	case d.Vulnerability == AnyVulnerability && AllowsAny(d) != nil:
		return []Reason{{IdentityChanged, AllowsAny(d).Error()}}
	case !about:
		return []Reason{{IdentityChanged, "it is not about this finding"}}
	}
	return append(reasons, j.changed(r, release, f)...)
}
