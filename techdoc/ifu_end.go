package techdoc

import (
	"strconv"
	"theriac/document"
	"theriac/model"
)

// decommissioning says how data and keys are destroyed.
func (g *guide) decommissioning() *document.Section {
	s := g.chapter("decommissioning", g.Para("Erase the device before it is lent, sold, sent away or scrapped. Check the result before the device leaves your rooms."))
	s.Sections = append(s.Sections, g.erasure(), g.keysDestroyed())
	return s
}

func (g *guide) erasure() *document.Section {
	s := g.Section("decommissioning-data", g.Say("How data are erased"))
	if list := g.controls("stcf"); len(list) > 0 {
		s.Blocks = append(s.Blocks, described(g, list, "description", controlText))
	}
	t := &document.Table{Columns: []document.Column{{Title: g.Say("Store"), Width: 2}, {Title: g.Say("Content"), Width: 2.5}, {Title: g.Say("How it is erased"), Width: 4}}}
	for _, st := range g.localStores() {
		t.Rows = append(t.Rows, document.Row{Source: g.From(st, "erasure"), Cells: []document.Cell{document.W(g.Title(st)), g.lines(All(st.Holds)), g.Or(g.tell(st, "erasure", st.Erasure))}})
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("where the device keeps data")))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

func (g *guide) keysDestroyed() *document.Section {
	s := g.Section("decommissioning-keys", g.Say("How keys are destroyed"))
	t := &document.Table{Columns: []document.Column{{Title: g.Say("Key or certificate"), Width: 2}, {Title: g.Say("How it is destroyed"), Width: 3}}}
	for _, k := range g.File.Keys {
		if k.HeldIn.OK() && model.OnDevice(k.HeldIn.To) && k.Public != model.Yes {
			t.Rows = append(t.Rows, document.Row{Source: g.From(k, "destruction"), Cells: []document.Cell{document.W(g.Title(k)), g.Or(g.tell(k, "destruction", k.Destruction))}})
		}
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device keeps no keys."))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// responsibilities keeps apart what manufacturer, integrator, operator and user do.
func (g *guide) responsibilities() *document.Section {
	t := &document.Table{Columns: []document.Column{{Title: g.Say("Task"), Width: 3}, {Title: g.Say("Told in"), Width: 2}}}
	for _, v := range model.Party("").Values() {
		party := model.Party(v.Name)
		rows := g.duties(party)
		if len(rows) > 0 {
			t.Rows = append(append(t.Rows, document.Row{Group: g.Say(partyWords[party])}), rows...)
		}
	}
	if rows := g.duties(""); len(rows) > 0 {
		t.Rows = append(append(t.Rows, document.Row{Group: g.Say("Nobody is named")}), rows...)
	}
	return g.chapter("responsibilities", g.Para("The device stays secure only if all parties do their part."), t)
}

// duties lists the tasks of a party; "" stands for requirements that name none.
func (g *guide) duties(party model.Party) []document.Row {
	var rows []document.Row
	add := func(source document.Source, what, section, title string) {
		rows = append(rows, document.Row{Source: source, Cells: []document.Cell{document.W(what), document.C(g.ref(section, title))}})
	}
	if party == "manufacturer" {
		if u := g.File.UpdatePolicy; u != nil {
			add(g.From(u), g.Say("Provide security updates and tell operators of them"), "updates", g.titleOf("updates"))
		}
		if v := g.File.VulnerabilityHandling; v != nil {
			add(g.From(v), g.Say("Watch for weaknesses, answer reports and give advice"), "alert-handling", g.Say("What the manufacturer does"))
		}
	}
	for _, e := range g.File.Environment {
		if e.Responsible == party {
			add(g.From(e, "responsible"), g.Title(e), categorySection(e.Category), g.categoryTitle(e.Category))
		}
	}
	return rows
}

// privacy says which personal data the device holds, and where they go.
func (g *guide) privacy() *document.Section {
	s := g.chapter("privacy")
	for i, l := range g.File.Product.Laws {
		if l.Law == "gdpr" && l.Why != "" {
			s.Blocks = append(s.Blocks, g.sentence(g.File.Product, "laws."+strconv.Itoa(i)+".why", l.Why))
		}
	}
	s.Sections = append(s.Sections, g.personalData(), g.cloud())
	return s
}

func (g *guide) personalData() *document.Section {
	s := g.Section("privacy-data", g.Say("Personal data in the device"))
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Data"), Width: 2.4}, {Title: g.Say("Kind"), Width: 1.3}, {Title: g.Say("Kept in"), Width: 2}, {Title: g.Say("Shown or given out through"), Width: 2.6},
	}}
	for _, a := range g.File.Assets {
		if a.Type == "credential" || a.PersonalData != "personal" && a.PersonalData != "health" {
			continue
		}
		t.Rows = append(t.Rows, document.Row{Source: g.From(a), Cells: []document.Cell{
			document.W(g.Title(a)), document.W(word(g, dataWords, a.PersonalData)), g.storesOf(a), g.outletsOf(a),
		}})
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device keeps no personal data."))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

func (g *guide) storesOf(a *model.Asset) document.Cell {
	var c document.Cell
	for _, st := range g.localStores() {
		if model.Refers(st.Holds, a.ID) {
			c.Lines = append(c.Lines, document.T("%s", g.Title(st)))
		}
	}
	return c
}

// outletsOf lists the interfaces of the device that show or give out data.
func (g *guide) outletsOf(a *model.Asset) document.Cell {
	var c document.Cell
	for _, i := range g.File.Interfaces {
		if model.Refers(i.Shows, a.ID) && i.Exposure != "internal" && i.State != "disabled" && i.Component.OK() && model.OnDevice(i.Component.To) {
			c.Lines = append(c.Lines, document.T("%s", g.Title(i)))
		}
	}
	return c
}

// cloud says what is kept at the manufacturer's servers.
func (g *guide) cloud() *document.Section {
	s := g.Section("privacy-cloud", g.Say("Data at the manufacturer's servers"))
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Store"), Width: 2}, {Title: g.Say("Content"), Width: 2}, {Title: g.Say("Encryption"), Width: 1.5}, {Title: g.Say("Kept for"), Width: 1.8}, {Title: g.Say("How it is erased"), Width: 2},
	}}
	for _, st := range g.File.Stores {
		z := model.ZoneOf(st)
		if z == nil || z.Trust != "managed" || !st.Component.OK() || st.Component.To.Type != "cloud" {
			continue
		}
		t.Rows = append(t.Rows, document.Row{Source: g.From(st), Cells: []document.Cell{
			document.W(g.Title(st)), g.lines(All(st.Holds)), g.technical(st, "encryption", st.Encryption), g.Or(g.tell(st, "retention", st.Retention)), g.Or(g.tell(st, "erasure", st.Erasure)),
		}})
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, g.Para("Nothing is kept at servers of the manufacturer."))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}
