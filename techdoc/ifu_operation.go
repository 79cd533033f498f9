package techdoc

import (
	"strconv"
	"strings"

	"theriac/document"
	"theriac/model"
)

// backup says what is kept in the device, and how it is saved and brought back.
func (g *guide) backup() *document.Section {
	s := g.chapter("backup")
	s.Sections = append(s.Sections, g.stores(), g.restore())
	return s
}

// localStores lists the stores in the device and at the operator.
func (g *guide) localStores() []*model.Store {
	var list []*model.Store
	for _, s := range g.File.Stores {
		if z := model.ZoneOf(s); z == nil || z.Trust == "device" || z.Trust == "site" {
			list = append(list, s)
		}
	}
	return list
}

func (g *guide) stores() *document.Section {
	s := g.Section("backup-stores", g.Say("What is kept, and how it is backed up"))
	list := g.localStores()
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("where the device keeps data")))
		return s
	}
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Store"), Width: 2}, {Title: g.Say("Content"), Width: 2.4}, {Title: g.Say("Kept for"), Width: 2.4}, {Title: g.Say("Backup and restore"), Width: 2.6},
	}}
	for _, st := range list {
		t.Rows = append(t.Rows, document.Row{Source: g.From(st), Cells: []document.Cell{
			document.W(g.Title(st)), g.lines(All(st.Holds)), g.Or(g.tell(st, "retention", st.Retention)), g.Or(g.tell(st, "backup", st.Backup)),
		}})
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// lines lists assets by title, one on a line.
func (g *guide) lines(list []*model.Asset) document.Cell {
	var c document.Cell
	for _, a := range list {
		c.Lines = append(c.Lines, document.T("%s", g.Title(a)))
	}
	return c
}

func (g *guide) restore() *document.Section {
	s := g.Section("backup-functions", g.Say("Functions for backup and restore"))
	list := g.controls("dtbk")
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device has no function for backup."))
		return s
	}
	s.Blocks = append(s.Blocks, described(g, list, "description", controlText))
	return s
}

// logging says what is recorded, and how administrators get at it.
func (g *guide) logging() *document.Section {
	s := g.chapter("logging")
	l := g.File.Logging
	if l == nil {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("which security events are recorded")))
		return s
	}
	s.Blocks = append(s.Blocks, g.Para("The device records security events. Use the records to find misuse, and keep them when you suspect an attack."))
	var names []string
	for _, e := range l.Records {
		names = append(names, word(g, eventWords, e))
	}
	t := &document.Terms{}
	g.fact(t, "What is recorded", l, "records", strings.Join(names, "; "))
	g.fact(t, "What a record holds", l, "detail", g.joined(l, "detail", l.Detail))
	if l.Store.OK() {
		g.fact(t, "Where records are kept", l, "store", g.Title(l.Store.To))
	} else {
		g.fact(t, "Where records are kept", l, "store", "")
	}
	g.words(t, "How long they are kept", l, "retention", l.Retention)
	g.words(t, "How they are protected", l, "protection", l.Protection)
	g.words(t, "Where the time comes from", l, "time-source", l.TimeSource)
	g.fact(t, "How to get them out", l, "export", titles(g, All(l.Export)))
	g.words(t, "Who looks at them", l, "review", l.Review)
	s.Blocks = append(s.Blocks, t)
	return s
}

// joined is the texts of a list on one line.
func (g *guide) joined(e model.Entity, field string, texts []string) string {
	var parts []string
	for i, text := range texts {
		parts = append(parts, g.tell(e, field+"."+strconv.Itoa(i), text))
	}
	return strings.Join(parts, "; ")
}

// updates says how updates come to the device, step by step.
func (g *guide) updates() *document.Section {
	s := g.chapter("updates")
	u := g.File.UpdatePolicy
	if u == nil {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("how updates reach the device")))
		return s
	}
	s.Carries = []string{u.ID}
	t := &document.Terms{}
	g.words(t, "How you learn of updates", u, "notification", u.Notification)
	g.fact(t, "What is updated", u, "content", titles(g, All(u.Content)))
	g.fact(t, "Ways of delivery", u, "over", titles(g, g.ways(u)))
	g.words(t, "Before you start", u, "preconditions", u.Preconditions)
	g.words(t, "Who starts the installation", u, "approval", u.Approval)
	g.fact(t, "Instructions, step by step", u, "instructions", g.documentName(u.Instructions))
	g.words(t, "If an installation fails", u, "recovery", u.Recovery)
	g.fact(t, "How integrity is checked", u, "signed", g.integrity(u))
	g.words(t, "What is tested before release", u, "validation", u.Validation)
	g.words(t, "End of support", u, "end-of-support", u.EndOfSupport)
	s.Blocks = append(s.Blocks, t)
	if list := g.controls("csup"); len(list) > 0 {
		s.Sections = append(s.Sections, g.Section("updates-functions", g.Say("How the device handles updates"), described(g, list, "description", controlText)))
	}
	return s
}

// ways lists the interfaces of the device through which updates come.
func (g *guide) ways(u *model.UpdatePolicy) []*model.Interface {
	var list []*model.Interface
	for i := range model.Targets(u.Over) {
		if i.Component.OK() && model.OnDevice(i.Component.To) {
			list = append(list, i)
		}
	}
	return list
}

// integrity says what the device checks before it installs.
func (g *guide) integrity(u *model.UpdatePolicy) string {
	var text []string
	switch u.Signed {
	case model.Yes:
		text = append(text, g.Say("The device checks the signature of the manufacturer and refuses what is not signed."))
	case model.No:
		text = append(text, g.Say("The device does not check a signature. Take updates from the manufacturer only, and compare them with what the manufacturer states."))
	}
	switch u.Rollback {
	case model.Yes:
		text = append(text, g.Say("It refuses versions that are older than the last secure one."))
	case model.No:
		text = append(text, g.Say("It does not refuse older versions. Do not install versions that the manufacturer has withdrawn."))
	}
	return strings.Join(text, " ")
}

// documentName is a document with the number and revision under which users find it.
func (g *guide) documentName(r model.Ref[*model.Document]) string {
	if !r.OK() {
		return ""
	}
	name := g.Title(r.To)
	if r.To.Number != "" {
		name += ", " + r.To.Number
	}
	if r.To.Revision != "" {
		name += ", " + g.Say("revision %s", r.To.Revision)
	}
	return name
}
