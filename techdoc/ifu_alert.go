package techdoc

import (
	"slices"
	"strconv"

	"theriac/document"
	"theriac/model"
)

// alert says what keeps working when something fails or is attacked, and what to do.
func (g *guide) alert() *document.Section {
	s := g.chapter("alert")
	s.Sections = append(s.Sections, g.failSafe(), g.notices(), g.alertSteps(), g.handling())
	return s
}

// failSafe says what stays usable.
func (g *guide) failSafe() *document.Section {
	s := g.Section("alert-failsafe", g.Say("What keeps working"))
	if p := g.File.Policy; p != nil && p.Session.Emergency != "" {
		s.Blocks = append(s.Blocks, g.sentence(p, "session.emergency", p.Session.Emergency))
	} else {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("what stays usable while the device is locked")))
	}
	if list := g.robust(); len(list) > 0 {
		s.Blocks = append(s.Blocks, g.Para("When the network, a server or another part of the surroundings fails, the device goes on like this:"),
			described(g, list, "description", controlText))
	}
	if g.section("roles-emergency") != nil {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: g.Say("See also:") + " "}, g.ref("roles-emergency", g.Say("Access in an emergency"))))
	}
	return s
}

// robust lists the controls of the device that lower the risks which failures in the
// surroundings bring about.
func (g *guide) robust() []*model.Control {
	wanted := map[string]bool{}
	for _, r := range g.File.Risks {
		if !fromSurroundings(r) || !g.isTold(r) {
			continue
		}
		for c := range model.Targets(r.Controls) {
			wanted[c.ID] = ownControl(c)
		}
	}
	var list []*model.Control
	for _, c := range g.File.Controls {
		if wanted[c.ID] {
			list = append(list, c)
		}
	}
	return list
}

// fromSurroundings reports whether more than one failure in the surroundings brings a
// risk about.
func fromSurroundings(r *model.Risk) bool {
	n := 0
	for t := range model.Targets(r.Threats) {
		if t.Category == "environment" {
			n++
		}
	}
	return n > 1
}

// notices says how the device shows that something is wrong.
func (g *guide) notices() *document.Section {
	s := g.Section("alert-notices", g.Say("How the device tells you"))
	list := g.controls("audt")
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("how the device shows security events")))
		return s
	}
	s.Blocks = append(s.Blocks, described(g, list, "description", controlText))
	return s
}

// alertSteps is what to do when an attack is suspected.
func (g *guide) alertSteps() *document.Section {
	s := g.Section("alert-steps", g.Say("What to do on a security alert"))
	s.Blocks = append(s.Blocks, numbered(g.alertItems()...))
	l := &document.List{}
	for _, e := range g.File.Environment {
		if g.isWatch(e) {
			l.Items = append(l.Items, bullet(g.From(e, "text"), document.Span{Text: g.tell(e, "text", e.Text)}))
		}
	}
	if len(l.Items) > 0 {
		s.Blocks = append(s.Blocks, g.Para("So that alerts are noticed, this is asked of the hospital or laboratory:"), l)
	}
	return s
}

// alertItems is the steps in a form that fits a short document as well.
func (g *guide) alertItems() []document.Item {
	var list []document.Item
	if p := g.File.Policy; p != nil && p.Session.Emergency != "" {
		list = append(list, bullet(g.at(p, "session.emergency"), document.Span{Text: g.Say("If patients depend on the device, go on with what stays usable:") + " " + g.tell(p, "session.emergency", p.Session.Emergency)}))
	}
	list = append(list, bullet(document.Source{}, document.Span{Text: g.Say("Write down time, message and what was done before. Leave the device as it is until the manufacturer answers, if care allows it.")}))
	if l := g.File.Logging; l != nil && len(l.Export) > 0 {
		list = append(list, bullet(g.From(l, "export"), document.Span{Text: g.Say("Save the records of the device: %s.", titles(g, All(l.Export)))}))
	}
	if v := g.File.VulnerabilityHandling; v != nil && v.Contact.Email != "" {
		list = append(list, bullet(g.at(v, "contact.email"), document.Span{Text: g.Say("Report to the manufacturer at once:") + " "}, document.Link(v.Contact.Email, mailTo(v.Contact.Email)),
			document.Span{Text: ". " + g.Say("Name product, serial number and software release.")}))
	}
	list = append(list, bullet(document.Source{}, document.Span{Text: g.Say("Report a serious incident also to the competent authority of the Member State in which you are.")}))
	if v := g.File.VulnerabilityHandling; v != nil && v.Advisories != "" {
		list = append(list, bullet(g.From(v, "advisories"), document.Span{Text: g.Say("Follow what the manufacturer advises. It is told like this:") + " " + g.tell(v, "advisories", v.Advisories)}))
	}
	return list
}

// isWatch reports whether a requirement is about people who look at security events,
// and about nothing else: all its interfaces give out records.
func (g *guide) isWatch(e *model.EnvironmentRequirement) bool {
	l := g.File.Logging
	return l != nil && e.Category == "organisation" && e.Text != "" && len(e.Interfaces) > 0 &&
		!slices.ContainsFunc(e.Interfaces, func(i model.Ref[*model.Interface]) bool {
			return !i.OK() || i.To.Purpose != "logging" || !model.Refers(l.Export, i.ID)
		})
}

// handling says what the manufacturer does with a report.
func (g *guide) handling() *document.Section {
	s := g.Section("alert-handling", g.Say("What the manufacturer does"))
	v := g.File.VulnerabilityHandling
	if v == nil {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("how weaknesses are handled")))
		return s
	}
	s.Carries = []string{v.ID}
	t := &document.Terms{}
	g.contact(t)
	g.words(t, "How you are told", v, "advisories", v.Advisories)
	s.Blocks = append(s.Blocks, t)
	if len(v.TimeLimits) == 0 {
		return s
	}
	limits := &document.Table{Columns: []document.Column{{Title: g.Say("Severity of the weakness")}, {Title: g.Say("Answer within")}, {Title: g.Say("Judged within")}, {Title: g.Say("Fixed or mitigated within")}}}
	for i, l := range v.TimeLimits {
		limits.Rows = append(limits.Rows, document.Row{Source: g.From(v, "time-limits"), Cells: []document.Cell{
			document.W(g.tell(v, "time-limits."+strconv.Itoa(i)+".severity", l.Severity)), g.Or(g.span(l.Acknowledge)), g.Or(g.span(l.Assess)), g.Or(g.span(l.Fix)),
		}})
	}
	s.Blocks = append(s.Blocks, g.Para("The manufacturer keeps these time limits:"), limits)
	return s
}
