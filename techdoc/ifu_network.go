package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/policy"
)

// ports lists where the device can be reached and to what it connects.
func (g *guide) ports() *document.Section {
	s := g.chapter("ports",
		g.Para("The tables list all interfaces that the manufacturer has declared. Directions are those in which a connection is opened: inbound connections are opened towards the device, outbound ones by the device."))
	s.Sections = append(s.Sections, g.services())
	if len(g.Policy.Links) > 0 {
		s.Sections = append(s.Sections, g.links())
	}
	s.Sections = append(s.Sections, g.otherInterfaces(), g.shut())
	return s
}

// services is the table of ports.
func (g *guide) services() *document.Section {
	s := g.Section("ports-services", g.Say("Network ports"))
	if len(g.Policy.Services) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device opens no network port and connects to none."))
		return s
	}
	t := &document.Table{Wide: true, Caption: g.Say("Network ports"), Columns: []document.Column{
		{Title: g.Say("Direction"), Width: 1.2}, {Title: g.Say("Port"), Width: 1.1, Kind: document.Code}, {Title: g.Say("Connected system"), Width: 2.6},
		{Title: g.Say("Purpose"), Width: 2.2}, {Title: g.Say("Protocol"), Width: 2}, {Title: g.Say("Encryption"), Width: 1.3},
		{Title: g.Say("Authentication"), Width: 2}, {Title: g.Say("Use"), Width: 1.3},
	}}
	for _, v := range g.Policy.Services {
		i := v.Interface
		t.Rows = append(t.Rows, document.Row{Source: g.From(i), Cells: []document.Cell{
			document.W(word(g, directionWords, v.Direction)), g.port(v), g.peers(v.Peers), g.purpose(i), g.technical(i, "protocol", i.Protocol),
			g.technical(i, "encryption", i.Encryption), document.W(word(g, authenticationWords, i.Authentication)), document.W(g.state(i)),
		}})
		if !slices.Contains(s.Carries, i.ID) {
			s.Carries = append(s.Carries, i.ID)
		}
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// port writes transport and port as administrators do: "TCP 443".
func (g *guide) port(v policy.Service) document.Cell {
	if v.Transport == "" || v.Port == 0 {
		return g.Or("")
	}
	return document.C(document.Literal(portOf(v)))
}

func portOf(v policy.Service) string {
	return fmt.Sprintf("%s %d", strings.ToUpper(string(v.Transport)), v.Port)
}

// peers names the systems at the other end, with their addresses where they are the
// same everywhere.
func (g *guide) peers(list []policy.Peer) document.Cell {
	var c document.Cell
	for _, p := range list {
		c.Lines = append(c.Lines, document.T("%s", g.Title(p.Endpoint)))
		for _, h := range p.Hosts {
			c.Lines = append(c.Lines, document.Text{document.Literal(h)})
		}
	}
	if len(c.Lines) == 0 {
		return g.Or("")
	}
	return c
}

// purpose is what an interface is, and for what.
func (g *guide) purpose(i *model.Interface) document.Cell {
	c := document.W(g.Title(i))
	if i.Purpose != "" {
		c.Lines = append(c.Lines, document.Text{{Text: word(g, purposeWords, i.Purpose), Style: document.Faint}})
	}
	return c
}

// links is the connections over which the services run.
func (g *guide) links() *document.Section {
	return g.Section("ports-links", g.Say("Network connections"), g.interfaces(g.Policy.Links))
}

// otherInterfaces is what can be reached without a network.
func (g *guide) otherInterfaces() *document.Section {
	var list []*model.Interface
	for _, i := range g.File.Interfaces {
		if !i.Medium.Network() && i.Exposure != "internal" && i.State != "disabled" && i.Component.OK() && model.OnDevice(i.Component.To) {
			list = append(list, i)
		}
	}
	s := g.Section("ports-other", g.Say("Other interfaces"))
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device has no other interface."))
		return s
	}
	s.Blocks = append(s.Blocks, g.interfaces(list))
	return s
}

// interfaces is a table of interfaces that are no network ports.
func (g *guide) interfaces(list []*model.Interface) document.Block {
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Interface"), Width: 3}, {Title: g.Say("Kind"), Width: 1.6}, {Title: g.Say("Purpose"), Width: 1.6},
		{Title: g.Say("Authentication"), Width: 2}, {Title: g.Say("Use"), Width: 1.5},
	}}
	for _, i := range list {
		t.Rows = append(t.Rows, document.Row{Source: g.From(i), Cells: []document.Cell{
			document.W(g.Title(i)), document.W(word(g, mediumWords, i.Medium)), document.W(word(g, purposeWords, i.Purpose)),
			document.W(word(g, authenticationWords, i.Authentication)), document.W(g.state(i)),
		}})
	}
	return t
}

// shut is what exists and cannot be used.
func (g *guide) shut() *document.Section {
	s := g.Section("ports-shut", g.Say("What is switched off"))
	l := &document.List{}
	for _, i := range g.File.Interfaces {
		if i.State == "disabled" && i.Component.OK() && model.OnDevice(i.Component.To) {
			l.Items = append(l.Items, bullet(g.From(i), document.Span{Text: g.Title(i) + " (" + word(g, mediumWords, i.Medium) + ")"}))
		}
	}
	if len(l.Items) == 0 {
		s.Blocks = append(s.Blocks, g.Para("No interface is switched off."))
		return s
	}
	s.Blocks = append(s.Blocks, g.Para("These interfaces exist in the device and cannot be used:"), l)
	return s
}

// firewall says in words what a firewall in front of the device must let through.
func (g *guide) firewall() *document.Section {
	s := g.chapter("firewall",
		g.Para("Set up the firewall in front of the device by these rules. They follow from the table of network ports."))
	rules := g.Section("firewall-rules", g.Say("Rules"))
	if len(g.Policy.Services) > 0 {
		l := &document.List{}
		for _, v := range g.Policy.Services {
			l.Items = append(l.Items, g.rule(v))
		}
		l.Items = append(l.Items, bullet(document.Source{}, document.Bold(g.Say("Block everything else in both directions."))))
		rules.Blocks = append(rules.Blocks, l)
	} else {
		rules.Blocks = append(rules.Blocks, g.Para("The device needs no connection. Block all network traffic from and to it."))
	}
	s.Sections = append(s.Sections, rules, g.ruleFiles(), g.segments())
	return s
}

// rule is a rule in words.
func (g *guide) rule(v policy.Service) document.Item {
	source := g.From(v.Interface, "port")
	if v.Transport == "" || v.Port == 0 {
		return bullet(source, document.Span{Text: g.Say("%s: no port is stated, so no rule can be given.", g.quoted(g.Title(v.Interface))) + " "},
			document.Badge(document.Bad, g.Say("not stated")))
	}
	var names []string
	for _, p := range v.Peers {
		names = append(names, g.quoted(g.Title(p.Endpoint)))
	}
	peers := strings.Join(names, ", ")
	if peers == "" {
		peers = g.Say("peers that are not stated")
	}
	text := g.Say("Outbound: allow %s from the device to %s.", portOf(v), peers)
	if v.Direction == "in" {
		text = g.Say("Inbound: allow %s to the device from %s.", portOf(v), peers)
	}
	switch v.When {
	case policy.Optional:
		text += " " + g.Say("Only if you switch this service on.")
	case policy.InService:
		text += " " + g.Say("Only during service.")
	}
	return bullet(source, document.Span{Text: text})
}

// ruleNames are the files for machines that firewalls can read, with what they are.
var ruleNames = []struct{ name, what string }{
	{"firewall.nft", "rules for nftables (Linux)"}, {"firewall.iptables", "rules for iptables (Linux)"},
	{"firewall.csv", "the rules as a table, for any other firewall"},
	{"mud.json", "usage description of the device (MUD, RFC 8520) for network equipment"},
}

// ruleFiles names the files for machines that are made beside this document.
func (g *guide) ruleFiles() *document.Section {
	l := &document.List{}
	for _, f := range ruleNames {
		if g.made(f.name) {
			l.Items = append(l.Items, bullet(document.Source{}, document.Literal(f.name), document.Span{Text: ": " + g.Say(f.what)}))
		}
	}
	s := g.Section("firewall-files", g.Say("Rules as files"))
	if len(l.Items) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The rules are not supplied as files."))
		return s
	}
	s.Blocks = append(s.Blocks, g.Para("The manufacturer supplies the same rules as files for machines. Put in the addresses of your own systems before you use them:"), l)
	return s
}

// made reports whether a file for machines exists for this device.
func (g *guide) made(name string) bool {
	for _, f := range FileDefinitions() {
		if f.Name == name {
			b, err := f.Make(g.Book)
			return err == nil && b != nil
		}
	}
	return false
}

// segments says in which part of the network the other systems stand.
func (g *guide) segments() *document.Section {
	s := g.Section("firewall-segments", g.Say("Network segments"))
	t := &document.Table{Columns: []document.Column{{Title: g.Say("Part of the network"), Width: 2}, {Title: g.Say("Connected system"), Width: 3}, {Title: g.Say("Ports"), Width: 2, Kind: document.Code}}}
	for _, p := range g.Policy.Endpoints() {
		zone := g.Or("")
		if p.Zone != nil {
			zone = document.W(g.Title(p.Zone))
		}
		t.Rows = append(t.Rows, document.Row{Source: g.From(p.Endpoint), Cells: []document.Cell{zone, document.W(g.Title(p.Endpoint)), g.portsOf(p)}})
	}
	slices.SortStableFunc(t.Rows, func(a, b document.Row) int { return strings.Compare(a.Cells[0].String(), b.Cells[0].String()) })
	s.Blocks = append(s.Blocks, g.Para("Let only these systems reach the device or be reached by it:"), t)
	if len(t.Rows) == 0 {
		s.Blocks = []document.Block{g.Para("The device needs no other system in the network.")}
	}
	for _, c := range []model.EnvironmentCategory{"network", "firewall"} {
		if len(g.required(c)) > 0 {
			s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: g.Say("See also:") + " "}, g.ref(categorySection(c), g.categoryTitle(c))))
		}
	}
	return s
}

// portsOf lists the ports over which a system is connected, each once.
func (g *guide) portsOf(p policy.Peer) document.Cell {
	var c document.Cell
	var seen []string
	for _, v := range g.Policy.Services {
		here := slices.ContainsFunc(v.Peers, func(o policy.Peer) bool { return o.Endpoint == p.Endpoint })
		text := portOf(v) + " " + word(g, directionWords, v.Direction)
		if here && v.Port != 0 && !slices.Contains(seen, text) {
			seen = append(seen, text)
			c.Lines = append(c.Lines, document.Text{document.Literal(portOf(v)), {Text: " " + word(g, directionWords, v.Direction)}})
		}
	}
	return c
}
