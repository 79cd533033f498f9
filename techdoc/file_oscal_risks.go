package techdoc

import (
	"cmp"
	"fmt"
	"slices"

	"theriac/approval"
	"theriac/model"
	"theriac/oscal"
	"theriac/risk"
)

// riskOf is a risk with its state, what lowers it and what is still to be done.
func (r *resultMaker) riskOf(one *risk.Assessed) oscal.Risk {
	x := one.Risk
	status, why := r.riskStatus(one)
	out := oscal.Risk{
		UUID: r.ids.Of("risk", x.ID), Title: oscal.Line(r.Title(x)), Description: oscal.Prose(cmp.Or(x.Impact, x.Title)),
		Statement: oscal.Line(riskWords(one)), Status: status, Origins: r.judge(),
		Props:    append(ownProps("id", x.ID, "verdict", string(one.Verdict), "decision", string(x.Decision)), oscal.Own("status-why", why)),
		Deadline: dayTime(x.Acceptance.Until),
	}
	for t := range model.Targets(x.Threats) {
		out.Props = append(out.Props, oscal.Own("threat", t.ID))
	}
	if one.Harm != nil {
		out.Props = append(out.Props, oscal.Own("worst-harm", one.Harm.ID+" "+one.Harm.Severity))
	}
	for _, c := range []struct {
		when string
		of   risk.Rating
	}{{"initial", one.Initial}, {"post-control", one.PostControl}, {"residual", one.Residual}} {
		if facets := ratingFacets(c.of); len(facets) > 0 {
			out.Characterizations = append(out.Characterizations,
				oscal.Characterization{Props: ownProps("rating", c.when), Origin: r.judge()[0], Facets: facets})
		}
	}
	r.measures(x, &out)
	return out
}

// riskStatus is the state of a risk, and why it has it. What is not known is open.
func (r *resultMaker) riskStatus(one *risk.Assessed) (status, why string) {
	a := one.Risk.Acceptance
	switch {
	case one.Verdict == risk.Avoided:
		return "closed", "its cause was removed"
	case one.Verdict == risk.Unjudged:
		return "open", "nobody can tell from the security file whether it is acceptable"
	case one.Verdict == risk.Above && (a.By == "" || a.Date.IsZero() || r.Day.Before(a.Date)):
		return "open", "above the acceptance policy, and nobody accepted it"
	case one.Verdict == risk.Above && !a.Until.IsZero() && a.Until.Before(r.Day):
		return "open", fmt.Sprintf("above the acceptance policy; its acceptance ended on %s", a.Until)
	}
	if open := r.unshown(one.Risk); open > 0 {
		return "remediating", plural(open, "control that lowers it is", "controls that lower it are") + " not shown to work"
	}
	if one.Verdict == risk.Above && r.unsigned(one.Risk) {
		return "deviation-requested", fmt.Sprintf("above the acceptance policy; accepted by %s on %s, and what was signed is missing or no longer so", a.By, a.Date)
	}
	if one.Verdict == risk.Above {
		return "deviation-approved", fmt.Sprintf("above the acceptance policy; accepted by %s on %s", a.By, a.Date)
	}
	return "closed", "acceptable by the policy, with controls that are shown to work"
}

// unshown counts the controls of a risk that nothing shows to work, although somebody
// has to.
func (r *resultMaker) unshown(x *model.Risk) (n int) {
	for c := range model.Targets(x.Controls) {
		if toShow(c) && !r.controlProvenBy(c).met() {
			n++
		}
	}
	return n
}

// toShow reports whether the manufacturer has to show that a control works:
// information does not work by itself, and others provide what is outside.
func toShow(c *model.Control) bool { return !risk.Outside(c) && c.Priority != "information" }

// unsigned reports whether an approval of the risk that the policy asks for is not
// given.
func (r *resultMaker) unsigned(x *model.Risk) bool {
	needs, err := r.Pass.Approvals()
	return err != nil || slices.ContainsFunc(needs, func(n *approval.Need) bool {
		return n.Of == "risks" && n.ID == x.ID && n.State != approval.Given
	})
}

func riskWords(one *risk.Assessed) string {
	level := func(rating risk.Rating) string {
		if !rating.At.Known() {
			return "not known"
		}
		return rating.Levels()
	}
	return fmt.Sprintf("Exploitability and severity are %s before and %s after controls, which is %s.", level(one.Initial), level(one.Residual), one.Verdict)
}

// ratingFacets are the values of a rating that are stated or computed.
func ratingFacets(rating risk.Rating) []oscal.Facet {
	var list []oscal.Facet
	for _, f := range []struct{ name, value string }{
		{"exploitability", rating.Exploitability}, {"severity", rating.Severity}, {"cvss-vector", rating.Score.CVSS},
	} {
		if f.value != "" {
			list = append(list, oscal.Facet{Name: f.name, System: oscal.Namespace, Value: oscal.Plain(f.value)})
		}
	}
	return list
}

// measures splits the controls of a risk: what is shown to work, or is in the hands of
// others, is a mitigating factor; the rest is still to be shown.
func (r *resultMaker) measures(x *model.Risk, out *oscal.Risk) {
	var seen shownBy
	told := map[*model.Control]bool{}
	for c := range model.Targets(x.Controls) {
		if told[c] {
			continue // named twice
		}
		told[c] = true
		shown := r.controlProvenBy(c)
		seen.add(shown.By)
		own := ownProps("control", c.ID, "by", cmp.Or(string(c.By), "device"), "priority", string(c.Priority), "shown", string(shown.State))
		text := oscal.Line(r.Title(c))
		if c.Description != "" {
			text += "\n\n" + oscal.Prose(c.Description)
		}
		if risk.Outside(c) {
			text += "\n\n" + oscal.Line("Provided by the "+string(c.By)+": the manufacturer cannot show that it works.")
		}
		if !toShow(c) || shown.met() {
			out.MitigatingFactors = append(out.MitigatingFactors, oscal.MitigatingFactor{UUID: r.ids.Of("factor", x.ID, c.ID), Description: text, Props: own})
		} else {
			text += "\n\n" + oscal.Line("Not shown to work:") + "\n\n" + oscal.List(shown.Why)
			out.Remediations = append(out.Remediations, oscal.Response{UUID: r.ids.Of("remediation", x.ID, c.ID), Lifecycle: "planned",
				Title: oscal.Line("Show that " + r.Title(c) + " works"), Description: text, Props: own})
		}
	}
	out.RelatedObservations = r.related(seen.By)
	out.Props = append(out.Props, oscal.Own("observations", fmt.Sprint(len(seen.By))))
}
