package techdoc

import (
	"strings"

	"theriac/document"
	"theriac/model"
)

// archLogging says what the device records of security events.
func (b *Book) archLogging() *document.Section {
	s := b.Section("logging", b.Say("Logging"))
	l := b.File.Logging
	if l == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("which security events the device records")))
		return s
	}
	t := &document.Table{ID: "events", Caption: b.Say("Kinds of security events"), Columns: []document.Column{columnOf(b.Say("Event"), 3), columnOf(b.Say("What it is"), 7), columnOf(b.Say("Recorded"), 1.4)}}
	for _, v := range model.SecurityEvent("").Values() {
		recorded := document.W(b.Say("no"))
		for _, r := range l.Records {
			if string(r) == v.Name {
				recorded = document.W(b.Say("yes"))
			}
		}
		t.Rows = append(t.Rows, document.Row{Source: b.From(l, "records"), Cells: []document.Cell{document.W(sentenceCase(spaced(model.SecurityEvent(v.Name)))), document.W(v.Doc), recorded}})
	}
	f := b.factsOf(l)
	f.add(b.Say("What a record holds"), "detail", b.Or(strings.Join(l.Detail, ", ")))
	f.add(b.Say("Kept in"), "store", refName(b, l.Store))
	f.prose(b.Say("How change and deletion are prevented or shown"), "protection", l.Protection)
	f.prose(b.Say("Retention"), "retention", l.Retention)
	f.prose(b.Say("Source of time"), "time-source", l.TimeSource)
	f.add(b.Say("Time is set over"), "time-via", refName(b, l.TimeVia))
	f.lines(b.Say("Records leave over"), "export", orNotStated(b, namesWithIDs(b, All(l.Export))).Lines)
	f.prose(b.Say("Who looks at them, and when"), "review", l.Review)
	s.Blocks = append(s.Blocks, t, f.terms)
	return s
}

// archUpdates says how updates reach the device.
func (b *Book) archUpdates() *document.Section {
	s := b.Section("updates", b.Say("Updates"))
	u := b.File.UpdatePolicy
	if u == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how updates reach the device")))
		return s
	}
	f := b.factsOf(u)
	f.lines(b.Say("What can be updated"), "content", orNotStated(b, namesWithIDs(b, All(u.Content))).Lines)
	f.add(b.Say("What the manufacturer did not sign is refused"), "signed", b.YesNo(u.Signed))
	f.add(b.Say("Key that signs"), "key", refName(b, u.Key))
	f.add(b.Say("Versions older than the security baseline are refused"), "rollback-protection", b.YesNo(u.Rollback))
	f.lines(b.Say("Ways in"), "over", orNotStated(b, namesWithIDs(b, All(u.Over))).Lines)
	f.prose(b.Say("State of device and patient in which an update may run"), "preconditions", u.Preconditions)
	f.prose(b.Say("Who starts it"), "approval", u.Approval)
	f.prose(b.Say("When an update fails"), "recovery", u.Recovery)
	f.prose(b.Say("How operators learn of updates"), "notification", u.Notification)
	f.prose(b.Say("Tests before release"), "validation", u.Validation)
	f.prose(b.Say("End of support"), "end-of-support", u.EndOfSupport)
	f.add(b.Say("Instructions"), "instructions", refName(b, u.Instructions))
	s.Blocks = append(s.Blocks, f.terms)
	return s
}

// archDefaults is the state in which the device is shipped.
func (b *Book) archDefaults() *document.Section {
	s := b.Section("defaults", b.Say("Secure defaults"), b.Para("State of interfaces and credentials in which the device is shipped."))
	t := &document.Table{ID: "defaults", Caption: b.Say("Interfaces by their state as shipped"), Columns: []document.Column{columnOf(b.Say("State"), 3), columnOf(b.Say("Number"), 1, document.Figure), columnOf(b.Say("Interfaces"), 8)}}
	for _, v := range model.State("").Values() {
		var list []*model.Interface
		for _, i := range b.File.Interfaces {
			if string(i.State) == v.Name || i.State == "" && v.Name == "enabled" {
				list = append(list, i)
			}
		}
		row := document.Row{Cells: []document.Cell{document.W(v.Doc), document.N(len(list)), idCell(b, list)}}
		if len(list) > 0 {
			row.Source = b.From(list[0], "state")
		}
		t.Rows = append(t.Rows, row)
	}
	c := &document.Table{ID: "credentials", Caption: b.Say("Roles by their credential as shipped"), Columns: []document.Column{columnOf(b.Say("Credential"), 3), columnOf(b.Say("Number"), 1, document.Figure), columnOf(b.Say("Roles"), 8)}}
	for _, v := range append(model.DefaultCredential("").Values(), model.Value{Doc: b.Say("not stated")}) {
		var list []*model.Role
		for _, r := range b.File.Roles {
			if string(r.Default) == v.Name {
				list = append(list, r)
			}
		}
		if v.Name == "" && len(list) == 0 {
			continue
		}
		row := document.Row{Cells: []document.Cell{document.W(v.Doc), document.N(len(list)), Names(b, list)}}
		if len(list) > 0 {
			row.Source = b.From(list[0], "default-credential")
		}
		c.Rows = append(c.Rows, row)
	}
	s.Blocks = append(s.Blocks, t, c)
	return s
}

// archSOUP sums up software of unknown provenance.
func (b *Book) archSOUP() *document.Section {
	s := b.Section("soup", b.Say("Software of unknown provenance"))
	t := &document.Table{ID: "soup", Caption: b.Say("SOUP items"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Item"), 3.6), columnOf(b.Say("Manufacturer"), 2.6), columnOf(b.Say("Version"), 1.6), columnOf(b.Say("Part of"), 2.6), columnOf(b.Say("Safety"), 1.1), columnOf(b.Say("Privileged"), 1.2),
		columnOf(b.Say("Supported until"), 1.6, document.Date), columnOf(b.Say("Watched by"), 2.4), columnOf(b.Say("Package"), 4, document.Code)}}
	ended := 0
	for _, c := range b.File.Components {
		if c.Type != "soup" {
			continue
		}
		whole := document.Cell{}
		if c.PartOf.OK() {
			whole = document.C(b.Name(c.PartOf.To))
		}
		until := document.On(c.SupportUntil.String())
		switch {
		case c.SupportUntil.IsZero():
			until = b.Or("")
		case c.SupportUntil.Before(b.Day):
			ended++
			until.Lines = append(until.Lines, document.Text{document.Badge(document.Bad, b.Say("ended"))})
		}
		t.Rows = append(t.Rows, document.Row{ID: c.ID, Source: b.From(c), Cells: []document.Cell{
			b.titleAndID(c), b.Or(c.Manufacturer), b.Or(c.Version), whole, b.YesNo(c.Safety), b.YesNo(c.Privileged), until, b.Or(c.Owner), document.W(c.PURL)}})
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, b.Para("The security file states no SOUP."))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("%s; the support of %d ended before %s.", plural(len(t.Rows), "SOUP item", "SOUP items"), ended, b.Day),
		document.P(document.Source{}, document.Span{Text: b.Say("The full list of software components is") + " "}, At("sbom", ""), document.Span{Text: "."}), t)
	return s
}
