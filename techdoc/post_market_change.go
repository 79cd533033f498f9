package techdoc

import (
	"theriac/check"
	"theriac/document"
)

// marketChange says how changes are judged for the notified body and for the UDI.
func (b *lifeBook) marketChange() *document.Section {
	s := b.Section("change-control", b.Say("Change control"))
	if m := b.File.PostMarket; m != nil {
		s.Blocks = append(s.Blocks, b.Prose(m, "change-control", m.ChangeControl, b.Say("how changes are judged"))...)
	} else {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how changes are judged")))
	}
	for _, c := range []struct{ clause, lead string }{
		{"annex-ix.2.4", b.Say("Changes of the quality management system or of the device range:")},
		{b.byRegulation("annex-ix.4.10", "annex-ix.4.11"), b.Say("Where a technical documentation certificate was issued:")},
	} {
		if r := b.Row(b.Law() + "." + c.clause); r != nil && r.Status != check.NotApplicable {
			s.Blocks = append(s.Blocks, document.P(ByLaw(r.Entry.ID), document.Bold(c.lead), document.Span{Text: " " + unstopped(r.Entry.Text) + " ("}, b.Clause(r.Entry.ID), document.Span{Text: ")."}))
		}
	}
	t := &document.Table{ID: "udi-changes", Caption: b.Say("What a change means for the UDI"), Columns: []document.Column{
		columnOf(b.Say("Change"), 4), columnOf(b.Say("Decision"), 1.8), columnOf(b.Say("Ground"), 2), columnOf(b.Say("Clause"), 3),
	}}
	yardstick := false
	for _, u := range b.Catalog.Tables.UDISoftware {
		place := b.byRegulation(u.MDR, u.IVDR)
		row := document.Row{ID: u.ID, Cells: []document.Cell{document.W(capitalised(u.Trigger)), document.W(udiWords[u.Decision]), document.W(u.Basis), document.C(b.citeArticle(place))}}
		if id := b.article(place); b.Catalog.Entry(id) != nil {
			row.Source = ByLaw(id)
		}
		if r := b.Row(b.article(place)); r != nil && r.Status == check.NotApplicable {
			yardstick = true
		}
		t.Rows = append(t.Rows, row)
	}
	s.Blocks = append(s.Blocks, t)
	if yardstick {
		s.Blocks = append(s.Blocks, b.Para("The clauses on software speak of software that is a device in itself. The software here is part of a device: for it they are a yardstick, and the general triggers bind."))
	}
	s.Blocks = append(s.Blocks,
		b.Para("A security patch that also meets one of the grounds for a new UDI-DI is no minor revision merely because it is called a patch."))
	return s
}

var udiWords = map[string]string{"new-udi-di": "new UDI-DI", "new-udi-pi": "new UDI-PI"}

// endOfSupport says how long device and components are supported.
func (b *lifeBook) endOfSupport() *document.Section {
	product := b.File.Product
	f := b.factsOf(product)
	f.add(b.Say("Expected lifetime of the device"), "lifetime", b.Or(product.Lifetime.String()))
	f.add(b.Say("Security support after the last unit is placed on the market"), "support-period", b.supportCell())
	s := b.Section("end-of-support", b.Say("End of support"), f.terms)
	if u := b.File.UpdatePolicy; u != nil {
		s.Blocks = append(s.Blocks, b.Prose(u, "end-of-support", u.EndOfSupport, b.Say("what happens when support ends"))...)
	} else {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("what happens when support ends")))
	}
	t := &document.Table{ID: "component-support", Caption: b.Say("Components by the end of their maker's support"), Columns: []document.Column{
		columnOf(b.Say("Component"), 4), columnOf(b.Say("Version"), 1.8), columnOf(b.Say("Maker"), 2.4), columnOf(b.Say("Watched by"), 2.2), columnOf(b.Say("Support until"), 1.7, document.Date), columnOf(b.Say("State"), 2.2, document.State),
	}}
	for _, c := range b.bySupport() {
		t.Rows = append(t.Rows, document.Row{Source: b.From(c, "support-until"), Cells: []document.Cell{
			{Lines: []document.Text{b.Named(c)}}, document.W(c.Version), document.W(c.Manufacturer), b.Or(c.Owner), b.day(c.SupportUntil), document.C(b.supportBadge(c))}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Para("No component states until when its maker supports it, and none is software of unknown provenance.")))
	return s
}

// supportCell is the promised support, and whether it lasts as long as the device.
func (b *lifeBook) supportCell() document.Cell {
	p := b.File.Product
	c := b.Or(p.SupportPeriod.String())
	if !p.SupportPeriod.IsZero() && !p.Lifetime.IsZero() && b.Day.Add(p.SupportPeriod).Before(b.Day.Add(p.Lifetime)) {
		c.Lines = append(c.Lines, document.Text{document.Badge(document.Bad, b.Say("shorter than the lifetime"))})
	}
	return c
}
