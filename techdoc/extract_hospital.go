package techdoc

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/policy"
	"theriac/psirt"
	"theriac/risk"
)

var _ = add(Definition{
	Name: "hospital-extract", Title: "For the hospital: security on two pages", Group: Extract, Order: 210,
	About: "What IT staff of a hospital or laboratory need at hand: ports, what to provide, updates, what to do on an alert, and the gravest warnings.",
	Brief: true, Languages: true,
	Make: func(b *Book) ([]*document.Section, error) {
		g := &guide{Book: b}
		return []*document.Section{g.atAGlance(), g.shortPorts(), g.essentials(), g.shortUpdates(), g.shortAlert(), g.topWarnings()}, nil
	},
})

// atAGlance is the product and whom to call.
func (g *guide) atAGlance() *document.Section {
	p := g.File.Product
	t := &document.Terms{}
	g.fact(t, "Product", p, "name", p.Name)
	g.release(t)
	g.fact(t, "Manufacturer", p, "manufacturer.name", p.Manufacturer.Name)
	if v := g.File.VulnerabilityHandling; v != nil {
		g.reach(t, "Security contact", v, "contact.email", v.Contact.Email, mailTo(v.Contact.Email))
	} else {
		g.contact(t)
	}
	return g.Section("glance", g.Say("At a glance"), t)
}

// shortPorts is what a firewall must let through, by the system at the other end.
func (g *guide) shortPorts() *document.Section {
	s := g.Section("open", g.Say("What to open, and nothing else"))
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Connected system"), Width: 4}, {Title: g.Say("Inbound"), Width: 2, Kind: document.Code}, {Title: g.Say("Outbound"), Width: 2.4, Kind: document.Code},
	}}
	for _, p := range g.peersInOrder() {
		t.Rows = append(t.Rows, document.Row{Source: g.From(p.Endpoint), Cells: []document.Cell{
			g.peers([]policy.Peer{p}), g.portLines(p, "in"), g.portLines(p, "out"),
		}})
	}
	for _, v := range g.Policy.Services {
		if len(v.Peers) == 0 {
			t.Rows = append(t.Rows, document.Row{Source: g.From(v.Interface), Cells: []document.Cell{g.Or(""), g.lonePort(v, "in"), g.lonePort(v, "out")}})
		}
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device needs no connection. Block all network traffic from and to it."))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// peersInOrder lists the systems at the other end in the order of the services.
func (g *guide) peersInOrder() []policy.Peer {
	var list []policy.Peer
	for _, v := range g.Policy.Services {
		for _, p := range v.Peers {
			if !slices.ContainsFunc(list, func(o policy.Peer) bool { return o.Endpoint == p.Endpoint }) {
				list = append(list, p)
			}
		}
	}
	return list
}

// portLines lists the ports of a system in one direction.
func (g *guide) portLines(p policy.Peer, direction model.Direction) document.Cell {
	var c document.Cell
	for _, v := range g.Policy.Services {
		if v.Direction == direction && slices.ContainsFunc(v.Peers, func(o policy.Peer) bool { return o.Endpoint == p.Endpoint }) {
			c.Lines = append(c.Lines, g.portUse(v).Lines...)
		}
	}
	return c
}

// lonePort is the port of a service whose other end is not stated.
func (g *guide) lonePort(v policy.Service, direction model.Direction) document.Cell {
	if v.Direction != direction {
		return document.Cell{}
	}
	return g.portUse(v)
}

// portUse is a port, with when it can be used where that is not always.
func (g *guide) portUse(v policy.Service) document.Cell {
	c := g.port(v)
	if i := v.Interface; i.State != "" && i.State != "enabled" {
		c.Lines = append(c.Lines, document.Text{{Text: g.state(i), Style: document.Faint}})
	}
	return c
}

// maxEssentials is how many characters of requirements fit; of more, the names alone
// are told.
const maxEssentials = 1200

// essentials is what the device relies on.
func (g *guide) essentials() *document.Section {
	s := g.Section("provide", g.Say("What to provide"), g.Para("The device relies on the following. The instructions for use tell details and all other requirements."))
	l, texts, length := &document.List{}, map[string]string{}, 0
	for _, e := range g.File.Environment {
		texts[e.ID] = g.tell(e, "text", e.Text)
		if e.Essential == model.Yes {
			length += len([]rune(texts[e.ID]))
		}
	}
	for _, e := range g.File.Environment {
		if e.Essential != model.Yes {
			continue
		}
		rest := " (" + word(g, partyNames, e.Responsible) + ")"
		if length <= maxEssentials {
			rest = ": " + texts[e.ID] + rest
		}
		l.Items = append(l.Items, bullet(g.From(e), document.Bold(g.Title(e)), document.Span{Text: rest}))
		s.Carries = append(s.Carries, e.ID)
	}
	if len(l.Items) == 0 {
		s.Blocks = []document.Block{g.Para("No security function of the device relies on its surroundings.")}
		return s
	}
	s.Blocks = append(s.Blocks, l)
	return s
}

// shortUpdates is how updates come to the device.
func (g *guide) shortUpdates() *document.Section {
	s := g.Section("updates", g.titleOf("updates"))
	u := g.File.UpdatePolicy
	if u == nil {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("how updates reach the device")), g.shortVulnerabilities())
		return s
	}
	t := &document.Terms{}
	g.words(t, "How you learn of updates", u, "notification", u.Notification)
	g.words(t, "Before you start", u, "preconditions", u.Preconditions)
	g.words(t, "Who starts the installation", u, "approval", u.Approval)
	s.Blocks = append(s.Blocks, t, g.shortVulnerabilities())
	return s
}

// shortVulnerabilities says how many known vulnerabilities affect the release, and where
// all of them, the advisories and the files for machines are found.
func (g *guide) shortVulnerabilities() *document.Paragraph {
	x := g.vulnerabilityNames()
	var all names
	for _, d := range g.toldDecisions(x) {
		for _, name := range x.of(d) {
			all.add(name)
		}
	}
	text := g.Say("As of %s no vulnerability is known that affects the software.", g.Day)
	switch _, _, known := g.knownVulnerabilities(); {
	case len(all.list) > 0:
		text = g.Say("As of %s known vulnerabilities affect the software: %d. What to do is said in the instructions for use.", g.Day, len(all.list))
	case !known:
		text = g.Say("Which vulnerabilities affect the software is not recorded.")
	}
	if list := g.advisories(); len(list) > 0 {
		text += " " + g.Say("Advisories: %s.", strings.Join(list, ", "))
	}
	var files []string
	if doc, err := g.statements(); err == nil && len(doc.Statements) > 0 {
		files = append(files, "vex.csaf.json", "vex.cdx.json", "vex.openvex.json")
	}
	if g.Release != nil && g.Release.SBOM.Path != "" {
		files = append(files, clipped(path.Base(g.Release.SBOM.Path))+" (SBOM)")
	}
	if len(files) > 0 {
		text += " " + g.Say("Files for machines: %s.", strings.Join(files, ", "))
	}
	return document.P(document.Source{}, document.Bold(g.Say("Known vulnerabilities")+": "), document.Span{Text: text})
}

// advisories are the ids of advisories that are out, and the address where CSAF, else
// where advisories, are published.
func (b *Book) advisories() []string {
	var list names
	for _, c := range b.File.Cases {
		published := slices.ContainsFunc(c.Steps, func(step model.Step) bool {
			return step.Step == "published" && !b.Day.Before(model.DateOf(step.At.Time()))
		})
		if c.Advisory != "" && published && !psirt.EmbargoRuns(c, b.Day) {
			list.add(clipped(c.Advisory))
		}
	}
	if v := b.File.VulnerabilityHandling; v != nil {
		at := psirt.SecurityTxtOf(b.File, b.Day).CSAF
		if address := psirt.WebAddress(v.Contact.URL); len(at) == 0 && address != "" {
			at = []string{address}
		}
		for _, address := range at {
			list.add(address)
		}
	}
	return list.list
}

// shortAlert is what to do when an attack is suspected.
func (g *guide) shortAlert() *document.Section {
	return g.Section("alert", g.Say("What to do on a security alert"), numbered(g.alertItems()...))
}

// maxWarnings is how many warnings fit.
const maxWarnings = 4

// topWarnings is the gravest of the remaining risks: the severest harm first, and of the
// same severity those about which the hospital can do something.
func (g *guide) topWarnings() *document.Section {
	s := g.Section("warnings", g.Say("The gravest remaining risks"))
	list := g.toldRisks()
	slices.SortStableFunc(list, func(a, b *risk.Assessed) int {
		return cmp.Or(cmp.Compare(g.graveness(b), g.graveness(a)), cmp.Compare(min(1, len(g.helping(b.Risk))), min(1, len(g.helping(a.Risk)))))
	})
	l := &document.List{}
	for _, a := range list[:min(len(list), maxWarnings)] {
		l.Items = append(l.Items, g.shortWarning(a.Risk))
	}
	if len(l.Items) == 0 {
		s.Blocks = append(s.Blocks, g.Para("No such risk remains."))
		return s
	}
	s.Blocks = append(s.Blocks, l, g.Para("All remaining risks, and what you can do about them, stand in the instructions for use."))
	return s
}

// graveness is the severity of what remains: 0 where nobody comes to harm, and above the
// scale where it is not known.
func (g *guide) graveness(a *risk.Assessed) int {
	if len(risk.Harms(a.Risk)) == 0 {
		return 0
	}
	if severity := g.severity(a); severity > 0 {
		return severity
	}
	return risk.Of(g.File).Scales.Gravest() + 1
}

// shortWarning is a risk with what can follow, and the names of the requirements that
// help against it.
func (g *guide) shortWarning(r *model.Risk) document.Item {
	text := document.Text{document.Bold(g.Title(r)), {Text: ": "}}
	text = append(text, document.MarkdownLine(g.tell(r, "impact", r.Impact))...)
	if list := g.helping(r); len(list) > 0 {
		text = append(text, document.Span{Text: " " + g.Say("What helps: %s.", titles(g, list))})
	}
	return bullet(g.From(r), text...)
}
