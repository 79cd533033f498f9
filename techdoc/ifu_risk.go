package techdoc

import (
	"slices"
	"strconv"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/risk"
)

// toldRisks lists the risks that users must know, the gravest first: those above the
// manufacturer's limit, those that were accepted, and those of which the file says
// that users are told.
func (g *guide) toldRisks() []*risk.Assessed {
	var list []*risk.Assessed
	for _, r := range risk.Assess(g.File).Ranked() {
		if g.tells(r) {
			list = append(list, r)
		}
	}
	return list
}

func (g *guide) tells(r *risk.Assessed) bool { return r.Verdict == risk.Above || g.isTold(r.Risk) }

// isTold reports whether the file says itself that users are told about a risk.
func (g *guide) isTold(r *model.Risk) bool {
	return len(r.Information) > 0 || r.Acceptance.By != "" || !r.Acceptance.Date.IsZero()
}

// risks warns of what remains. Each risk is told.
func (g *guide) risks() *document.Section {
	list := g.toldRisks()
	s := g.chapter("risks", g.Para("The manufacturer has lowered the security risks of the device. This chapter tells what remains, and what you can do about it."))
	var above, other []*risk.Assessed
	for _, r := range list {
		if r.Verdict == risk.Above {
			above = append(above, r)
		} else {
			other = append(other, r)
		}
	}
	s.Sections = append(s.Sections, g.objectives(),
		g.warnings("risks-above", g.Say("Risks that need special attention"), g.aboveLead(above), above),
		g.warnings("risks-other", g.Say("Other risks"), "", other))
	if known := g.vulnerabilities(); known != nil {
		s.Sections = append(s.Sections, known)
	}
	return s
}

func (g *guide) warnings(id, title, lead string, list []*risk.Assessed) *document.Section {
	s := g.Section(id, title)
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, g.Para("No such risk remains."))
		return s
	}
	if lead != "" {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: lead}))
	}
	for _, r := range list {
		s.Blocks = append(s.Blocks, g.warning(r))
		s.Carries = append(s.Carries, r.Risk.ID)
	}
	return s
}

// aboveLead says of risks above the limit that they are, and what holds for all of
// them: why, or that for a time, the manufacturer has accepted them.
func (g *guide) aboveLead(list []*risk.Assessed) string {
	text := g.Say("These risks stay above the limit that the manufacturer has set for itself.")
	all := func(holds func(*model.Risk) bool) bool {
		return !slices.ContainsFunc(list, func(r *risk.Assessed) bool { return !holds(r.Risk) })
	}
	switch {
	case !all(func(r *model.Risk) bool { return !r.Acceptance.Date.IsZero() }):
		return text
	case all(func(r *model.Risk) bool { return strings.TrimSpace(r.BenefitRisk) != "" }):
		return text + " " + g.Say("The manufacturer has accepted them because the benefit outweighs them.")
	case all(func(r *model.Risk) bool { return !r.Acceptance.Until.IsZero() }):
		return text + " " + g.Say("The manufacturer has accepted them for a time.")
	}
	return text + " " + g.Say("The manufacturer has accepted them.")
}

// warning is a risk as users read it: hazard, consequence, harm, what to do. Why the
// manufacturer rates and accepts it so is written for others.
func (g *guide) warning(a *risk.Assessed) *document.Callout {
	r := a.Risk
	c := &document.Callout{Kind: g.signal(a), Title: g.Title(r), Source: g.From(r)}
	c.Blocks = append(c.Blocks, g.prose(r, "impact", r.Impact, "what can follow from it")...)
	if harms := risk.Harms(r); len(harms) > 0 {
		c.Blocks = append(c.Blocks, document.P(g.From(r, "harms"), document.Span{Text: g.Say("Possible harm: %s", titles(g, harms))}))
	}
	if l := g.avoidance(r); len(l.Items) > 0 {
		c.Blocks = append(c.Blocks, g.Para("What you can do:"), l)
	}
	return c
}

// avoidance is what operators and users are asked to do against a risk.
func (g *guide) avoidance(r *model.Risk) *document.List {
	l := &document.List{}
	for _, e := range g.helping(r) {
		l.Items = append(l.Items, bullet(g.From(e, "text"), document.Span{Text: g.tell(e, "text", e.Text)}))
	}
	return l
}

// helping lists the requirements through which the controls of a risk work, of those
// that have to do with what its threats aim at: of a control that serves many risks not
// all requirements help against each.
func (g *guide) helping(r *model.Risk) []*model.EnvironmentRequirement {
	aims := aimedAt(r)
	var list []*model.EnvironmentRequirement
	for c := range model.Targets(r.Controls) {
		if c.Priority == "information" && c.By != "user" {
			continue // a guide tells all requirements, whatever the risk
		}
		for _, e := range bearingOn(c, aims) {
			if !slices.Contains(list, e) && e.Text != "" {
				list = append(list, e)
			}
		}
	}
	return list
}

// aimedAt is the ids of what the threats of a risk aim at.
func aimedAt(r *model.Risk) map[string]bool {
	aims := map[string]bool{}
	for t := range model.Targets(r.Threats) {
		for e := range model.Targets(t.Targets) {
			aims[model.Of(e).ID] = true
		}
	}
	return aims
}

// bearingOn lists the requirements of a control that have to do with some targets: those
// about an interface among them; where none is, all of a control that protects one of
// them, if it has but one or is nothing else than what surroundings and users do.
func bearingOn(c *model.Control, aims map[string]bool) []*model.EnvironmentRequirement {
	var list []*model.EnvironmentRequirement
	for e := range model.Targets(c.Environment) {
		if slices.ContainsFunc(e.Interfaces, func(i model.Ref[*model.Interface]) bool { return aims[i.ID] }) {
			list = append(list, e)
		}
	}
	protects := slices.ContainsFunc(c.Protects, func(p model.Ref[model.Element]) bool { return aims[p.ID] })
	if len(list) == 0 && protects && (len(c.Environment) == 1 || c.By == "environment" || c.By == "user") {
		return All(c.Environment)
	}
	return list
}

// signal is the signal word for a risk: by thirds of the scale of severity, and Warning
// for two levels at most.
func (g *guide) signal(a *risk.Assessed) document.CalloutKind {
	if len(risk.Harms(a.Risk)) == 0 {
		return document.Note
	}
	severity, n := g.severity(a), risk.Of(g.File).Scales.Gravest()
	warning, caution := signalsFrom(n)
	switch {
	case severity == 0 || n == 0 || severity >= warning:
		return document.Warning
	case severity >= caution:
		return document.Caution
	}
	return document.Note
}

// severity is the rank of the harm that remains possible, or 0 where it is not known.
func (g *guide) severity(a *risk.Assessed) int {
	if a.Residual.At.Severity == 0 && a.Harm != nil {
		return risk.Of(g.File).Scales.Severity(a.Harm.Severity)
	}
	return a.Residual.At.Severity
}

// signalsFrom are the ranks from which harm calls for the words Warning and Caution, on a
// scale of n levels: the upper third, and two levels at most, and the third below.
func signalsFrom(n int) (warning, caution int) {
	return n - min(2, (n+2)/3) + 1, n - (2*n+2)/3 + 1
}

// levels names levels of severity from one rank to another in the words of the
// manufacturer; "" where there are none.
func (g *guide) levels(from, to int) string {
	levels := risk.Of(g.File).Scales.SeverityLevels
	if from > to || from < 1 || to > len(levels) {
		return ""
	}
	level := func(rank int) string {
		return g.tell(g.File.Policy, "risk.severity."+strconv.Itoa(rank-1), levels[rank-1])
	}
	if from == to {
		return g.quoted(level(from))
	}
	return g.Say("“%s” to “%s”", level(from), level(to))
}

// objectives is what the device must protect most.
func (g *guide) objectives() *document.Section {
	s := g.Section("risks-profile", g.Say("What must be protected"))
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("What must be protected"), Width: 4}, {Title: g.Say("against disclosure")}, {Title: g.Say("against change")}, {Title: g.Say("against loss")},
	}}
	for _, a := range g.File.Assets {
		if a.Type == "credential" || a.Confidentiality != "high" && a.Integrity != "high" && a.Availability != "high" {
			continue
		}
		t.Rows = append(t.Rows, document.Row{Source: g.From(a), Cells: []document.Cell{
			document.W(g.Title(a)), document.W(word(g, needWords, a.Confidentiality)), document.W(word(g, needWords, a.Integrity)), document.W(word(g, needWords, a.Availability)),
		}})
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("what must be protected")))
		return s
	}
	s.Blocks = append(s.Blocks, g.Para("The security functions of the device serve these objectives. “high” means that a loss can harm people."), t)
	return s
}
