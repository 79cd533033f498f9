package techdoc

import (
	"fmt"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/policy"
)

// archInterfaces lists the interfaces in full: what they are, then how they are
// protected.
func (b *Book) archInterfaces() *document.Section {
	s := b.Section("interfaces", b.Say("Interfaces"))
	what := &document.Table{ID: "interfaces", Caption: b.Say("Interfaces"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Interface"), 3.8), columnOf(b.Say("Component"), 2.6), columnOf(b.Say("Medium"), 1.5), columnOf(b.Say("Purpose"), 1.6), columnOf(b.Say("Protocol, version"), 2.6), columnOf(b.Say("Port"), 1.3, document.Code),
		columnOf(b.Say("Direction"), 1.2), columnOf(b.Say("Exposure"), 1.4), columnOf(b.Say("State"), 1.4), columnOf(b.Say("Other end"), 2.8)}}
	how := &document.Table{ID: "interface-protection", Caption: b.Say("Protection of interfaces"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Interface"), 3), columnOf(b.Say("A peer can change"), 2.4), columnOf(b.Say("It gives out"), 2.4), columnOf(b.Say("Encryption"), 2), columnOf(b.Say("Integrity"), 2), columnOf(b.Say("Authentication"), 2),
		columnOf(b.Say("Keys"), 2), columnOf(b.Say("Roles"), 2), columnOf(b.Say("Controls"), 2.8)}}
	for _, i := range b.File.Interfaces {
		what.Rows = append(what.Rows, document.Row{ID: i.ID, Source: b.From(i), Cells: []document.Cell{
			b.titleAndID(i), refName(b, i.Component), document.W(spaced(i.Medium)), b.Or(string(i.Purpose)), b.technicalOf(i, i.Protocol), b.portCell(i), b.directionOf(i),
			b.Or(string(i.Exposure)), document.W(b.stateOfInterface(i)), b.peersOf(i)}})
		how.Rows = append(how.Rows, document.Row{Source: b.From(i), Cells: []document.Cell{
			document.Lines(document.Text{b.ID(i)}), idCell(b, All(i.Accepts)), idCell(b, All(i.Shows)), b.transit(i, i.Encryption), b.transit(i, i.Integrity), b.authenticationOf(i),
			idCell(b, All(i.Keys)), idCell(b, All(i.Roles)), idCell(b, All(i.Controls))}})
	}
	if len(what.Rows) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("interfaces")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("Exposure is who can reach the interface without breaking something first: parts inside the device (internal), whoever can touch it (physical), whoever is in radio range (local), whoever is on the operator's network (site), anybody (internet). Direction is that in which a connection is opened, seen from the device."), what, how)
	if t := reasonsTable(b, "interface-reasons", b.Say("Why interfaces are acceptable as they are"), b.File.Interfaces, func(i *model.Interface) string { return i.Justification }); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s
}

// technicalOf is a value that media between people and the device, contacts that carry
// no messages, and interfaces that are switched off need not have.
func (b *Book) technicalOf(i *model.Interface, value string) document.Cell {
	if value == "" && (!i.Used() || i.Medium.Person() || i.Medium.Analogue()) {
		return document.Cell{}
	}
	return b.Or(value)
}

// authenticationOf is how a peer proves who it is; it is no question where the
// interface cannot be used.
func (b *Book) authenticationOf(i *model.Interface) document.Cell {
	if i.Authentication == "" && !i.Used() {
		return document.Cell{}
	}
	return b.Or(spaced(i.Authentication))
}

// transit is a protection in transit, with a mark where it is none.
func (b *Book) transit(i *model.Interface, value string) document.Cell {
	if model.States(value) == model.No {
		return document.C(document.Badge(document.Partly, value))
	}
	return b.technicalOf(i, value)
}

func (b *Book) portCell(i *model.Interface) document.Cell {
	if i.Transport == "" && i.Port == 0 {
		return document.Cell{}
	}
	return document.C(document.Literal(portWordsOf(i.Transport, i.Port)))
}

// portWordsOf is transport and port as in tcp/443, with a question mark for what is
// not stated.
func portWordsOf(t model.Transport, port int) string {
	transport, number := string(t), "?"
	if transport == "" {
		transport = "?"
	}
	if port != 0 {
		number = fmt.Sprint(port)
	}
	return transport + "/" + number
}

func (b *Book) directionOf(i *model.Interface) document.Cell {
	if i.Direction == "" && !i.Medium.Network() {
		return document.Cell{}
	}
	return b.Or(string(i.Direction))
}

func (b *Book) peersOf(i *model.Interface) document.Cell {
	var c document.Cell
	for p := range model.Targets(i.Peers) {
		c.Lines = append(c.Lines, document.Text{b.Name(p)})
	}
	return c
}

// archFlows lists the data flows with the protection that holds on them.
func (b *Book) archFlows() *document.Section {
	s := b.Section("flows", b.Say("Data flows"), b.Para("Confidential, intact and authentic say what follows for the flow from its own protection and from that of its interfaces. One layer that protects is enough, since layers are nested."))
	t := &document.Table{ID: "flows", Caption: b.Say("Data flows"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Flow"), 3.6), columnOf(b.Say("From"), 2.4), columnOf(b.Say("To"), 2.4), columnOf(b.Say("Over"), 2.4), columnOf(b.Say("Carries"), 2.8), columnOf(b.Say("Own protection"), 2.6),
		columnOf(b.Say("Confidential"), 1.5), columnOf(b.Say("Intact"), 1.5), columnOf(b.Say("Authentic"), 1.5)}}
	for _, f := range b.File.Flows {
		t.Rows = append(t.Rows, document.Row{ID: f.ID, Source: b.From(f), Cells: []document.Cell{
			b.titleAndID(f), refName(b, f.From), refName(b, f.To), idCell(b, All(f.Over)), orNotStated(b, idCell(b, All(f.Carries))), ownProtection(f),
			b.holdsOn(f, f.Confidential()), b.holdsOn(f, f.Intact()), b.holdsOn(f, f.Authentic())}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("data flows"))))
	if t := reasonsTable(b, "flow-reasons", b.Say("Why flows are acceptable as they are"), b.File.Flows, func(f *model.Flow) string { return f.Justification }); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s
}

// holdsOn is an answer about a flow. Where nothing is stated of one that people make
// with their hands, or that stays within a zone, that is said without alarm.
func (b *Book) holdsOn(f *model.Flow, a model.Answer) document.Cell {
	faint := func(text string) document.Cell {
		return document.C(document.Span{Text: b.Say(text), Style: document.Faint})
	}
	switch {
	case a.Known():
	case f.Local():
		return faint("by hand or contact")
	case !f.Crosses():
		return faint("within a zone")
	}
	return b.YesNo(a)
}

// ownProtection is what a flow states beyond its interfaces.
func ownProtection(f *model.Flow) document.Cell {
	var c document.Cell
	for _, v := range []string{f.Encryption, f.Integrity, spaced(f.Authentication)} {
		if v != "" {
			c.Lines = append(c.Lines, document.T("%s", v))
		}
	}
	return c
}

// archStores lists where data rest.
func (b *Book) archStores() *document.Section {
	s := b.Section("stores", b.Say("Data stores"))
	t := &document.Table{ID: "stores", Caption: b.Say("Data stores"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Store"), 2.8), columnOf(b.Say("In"), 2), columnOf(b.Say("Holds"), 2.8), columnOf(b.Say("Removable"), 1.3), columnOf(b.Say("Encryption"), 1.8), columnOf(b.Say("Integrity"), 2.4), columnOf(b.Say("Key"), 1.4),
		columnOf(b.Say("Retention"), 3), columnOf(b.Say("Erasure"), 3), columnOf(b.Say("Backup"), 3)}}
	for _, st := range b.File.Stores {
		t.Rows = append(t.Rows, document.Row{ID: st.ID, Source: b.From(st), Cells: []document.Cell{
			b.titleAndID(st), refName(b, st.Component), orNotStated(b, idCell(b, All(st.Holds))), b.YesNo(st.Removable), b.atRest(st.Encryption), b.atRest(st.Integrity), idOrNone(b, st.Key),
			b.proseLines(st, "retention", st.Retention), b.proseLines(st, "erasure", st.Erasure), b.proseLines(st, "backup", st.Backup)}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("data stores"))))
	return s
}

// atRest is a protection of stored data, with a mark where it is none.
func (b *Book) atRest(value string) document.Cell {
	if model.States(value) == model.No {
		return document.C(document.Badge(document.Partly, value))
	}
	return b.Or(value)
}

// reasonsTable lists the entities of which the file says why they are acceptable.
func reasonsTable[E model.Entity](b *Book, id, caption string, list []E, reason func(E) string) *document.Table {
	t := &document.Table{ID: id, Caption: caption, Columns: []document.Column{columnOf(b.Say("Which"), 4), columnOf(b.Say("Why"), 8)}}
	for _, e := range list {
		if text := reason(e); text != "" {
			t.Rows = append(t.Rows, document.Row{Source: b.From(e, "justification"), Cells: []document.Cell{b.titleAndID(e), b.proseLines(e, "justification", text)}})
		}
	}
	return t
}

func idOrNone[E model.Entity](b *Book, r model.Ref[E]) document.Cell {
	if !r.OK() {
		return document.Cell{}
	}
	return document.Lines(document.Text{b.ID(r.To)})
}

// archNetwork is what the device may do on the network, as the filters have it that are
// made from the same policy.
func (b *Book) archNetwork() *document.Section {
	s := b.Section("network-policy", b.Say("Network policy"))
	if !b.Policy.Networked() {
		s.Blocks = append(s.Blocks, b.Para("The device has nothing to do with a network."))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("Whatever is not in the table is neither opened nor needed by the device. Packet filters and the usage description (MUD) that come with this documentation are made from the same policy."))
	t := &document.Table{ID: "services", Caption: b.Say("Connections that the device opens or takes"), Columns: []document.Column{
		columnOf(b.Say("Direction"), 1.4), columnOf(b.Say("Port"), 1.6, document.Code), columnOf(b.Say("Interface"), 4), columnOf(b.Say("Other end"), 4), columnOf(b.Say("When"), 2.6)}}
	for _, v := range b.Policy.Services {
		t.Rows = append(t.Rows, document.Row{Source: b.From(v.Interface), Cells: []document.Cell{
			b.Or(b.Say(directionWords[v.Direction])), document.C(document.Literal(portWordsOf(v.Transport, v.Port))), b.titleAndID(v.Interface), b.peerLines(v), document.W(b.Say(serviceWhen[v.When]))}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Para("The device opens no network port and connects to none.")))
	for _, l := range []struct {
		lead string
		list []*model.Interface
	}{{"Network connections without a port of their own:", b.Policy.Links}, {"Network services that exist and are switched off as shipped:", b.Policy.Shut}} {
		if len(l.list) > 0 {
			s.Blocks = append(s.Blocks, b.Para(l.lead), bullets(namesWithIDs(b, l.list).Lines, document.Source{}))
		}
	}
	return s
}

var serviceWhen = map[policy.When]string{policy.Always: "always", policy.Optional: "if the operator switches it on", policy.InService: "in service mode alone"}

func (b *Book) peerLines(v policy.Service) document.Cell {
	var c document.Cell
	for _, p := range v.Peers {
		line := document.Text{b.Name(p.Endpoint)}
		if len(p.Hosts) > 0 {
			line = append(line, document.Span{Text: " "}, document.Literal(strings.Join(p.Hosts, ", ")))
		}
		c.Lines = append(c.Lines, line)
	}
	return orNotStated(b, c)
}
