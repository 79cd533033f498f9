package techdoc

import (
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/document"
	"theriac/model"
)

// itemSections says in which sections an item of law or guidance is told.
var itemSections = map[string][]string{
	"mdr.annex-i.17.4": {"environment"}, "mdr.annex-i.23.4.ab": {"environment"},
	"ivdr.annex-i.16.4": {"environment"}, "ivdr.annex-i.20.4.1.ah": {"environment"},
	"mdcg.ifu.risk-profile": {"risks-profile", "risks-above", "risks-other"}, "mdcg.ifu.os-spec": {"about-platform"},
	"mdcg.ifu.update-integrity": {"updates"}, "mdcg.ifu.security-config": {"setup-settings"}, "mdcg.ifu.installation": {"setup-steps"},
	"mdcg.ifu.initial-config": {"setup-steps"}, "mdcg.ifu.update-steps": {"updates"}, "mdcg.ifu.failsafe": {"alert-failsafe"},
	"mdcg.ifu.alert-plan": {"alert-steps"}, "mdcg.ifu.training": {"environment-user-skills"},
	"mdcg.ifu.maint-update-integrity": {"updates"}, "mdcg.ifu.maint-update-steps": {"updates"}, "mdcg.ifu.workstation": {"environment-hardware"},
	"mdcg.ifu.environment-assumptions": {"environment-places"}, "mdcg.ifu.outside-environment": {"environment-misuse"},
	"mdcg.ifu.platform":             {"environment-hardware", "environment-third-party-software"},
	"mdcg.ifu.environment-controls": {"environment-firewall", "environment-third-party-software"}, "mdcg.ifu.backup-restore": {"backup-stores", "backup-functions"},
	"mdcg.hcp.controls": {"environment-firewall", "environment-third-party-software"}, "mdcg.hcp.critical-function": {"alert-failsafe"},
	"mdcg.hcp.backup": {"backup-stores", "backup-functions"}, "mdcg.hcp.infrastructure": {"environment"}, "mdcg.hcp.hardening": {"setup-settings", "setup-physical"},
	"mdcg.hcp.ports": {"ports-services", "ports-other", "ports-shut"}, "mdcg.hcp.secure-deployment": {"firewall-rules", "firewall-segments", "alert-steps"},
	"mdcg.hcp.anomaly-notification": {"alert-notices"}, "mdcg.hcp.forensics": {"logging", "alert-steps"}, "mdcg.hcp.config-recovery": {"backup-functions"},
	"mdcg.hcp.outside-environment": {"environment-misuse"},
}

// told shows for each item that law and guidance want told where that is.
func (g *guide) told() *document.Section {
	s := g.chapter("told", g.Para("Law and guidance name what hospitals and laboratories must or should be told. The table shows where each item stands. “Also in” names other documents of the manufacturer that tell it."))
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Item"), Width: 3.4}, {Title: g.Say("Asked in"), Width: 2.6}, {Title: g.Say("Told in this part"), Width: 3.4}, {Title: g.Say("Also in"), Width: 1.6},
	}}
	group := ""
	for _, row := range g.Coverage {
		id := row.Entry.ID
		name := g.itemGroup(id)
		if name == "" {
			continue
		}
		if name != group {
			group = name
			t.Rows = append(t.Rows, document.Row{Group: g.Say(name)})
		}
		t.Rows = append(t.Rows, document.Row{Source: ByLaw(id), Cells: []document.Cell{
			document.W(g.Say(row.Entry.Title)), document.W(g.cite(row.Entry)), g.whereTold(row), g.alsoIn(id),
		}})
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// itemGroup is the heading under which an item stands; "" for entries of the
// catalogue that are no such item.
func (g *guide) itemGroup(id string) string {
	switch {
	case strings.HasPrefix(id, "mdcg.ifu."):
		return "Instructions for use (MDCG 2019-16, section 4.2)"
	case strings.HasPrefix(id, "mdcg.hcp."):
		return "Information for health care providers (MDCG 2019-16, section 4.3)"
	case strings.HasPrefix(id, "mdcg.oe."):
		return "Operating environment (MDCG 2019-16, section 3.6)"
	case strings.HasPrefix(id, string(strings.ToLower(string(g.File.Product.Regulation)))+".") && itemSections[id] != nil:
		return "Minimum requirements (law)"
	}
	return ""
}

// cite names a clause as readers of the language cite it: "MDR Annex I §17.4",
// "MDCG 2019-16 Section 3.6, list under patch management".
func (g *guide) cite(e *catalog.Entry) string {
	parts := strings.Split(Cite(e), ", ")
	for i, part := range parts {
		under, isList := strings.CutPrefix(part, "list under ")
		clause, isUnder := strings.CutPrefix(part, "under ")
		switch {
		case isList:
			parts[i] = g.Say("list under %s", g.Say(under))
		case isUnder:
			parts[i] = g.Say("under %s", clause)
		case part == "list":
			parts[i] = g.Say("list")
		default:
			part = strings.ReplaceAll(part, "Annex ", g.Say("Annex")+" ")
			parts[i] = strings.ReplaceAll(part, "Section ", g.Say("Section")+" ")
		}
	}
	return strings.Join(parts, ", ")
}

// whereTold is the sections in which an item is told; for measures of the operating
// environment the requirements that ask for them.
func (g *guide) whereTold(row check.Row) document.Cell {
	id := row.Entry.ID
	if row.Applicable == catalog.False || row.Status == check.NotApplicable {
		return document.C(document.Badge(document.Neutral, g.Say("not applicable")))
	}
	var c document.Cell
	if strings.HasPrefix(id, "mdcg.oe.") {
		for _, e := range g.File.Environment {
			if slices.Contains(e.Clauses, id) {
				c.Lines = append(c.Lines, document.Text{g.ref(categorySection(e.Category), g.categoryTitle(e.Category)), {Text: ": " + g.Title(e)}})
			}
		}
		if len(c.Lines) == 0 {
			return document.C(document.Badge(document.Neutral, g.Say("not asked of the operator")))
		}
		return c
	}
	for _, section := range itemSections[id] {
		if s := g.section(section); s != nil && toldFully(s) && !g.omitted(section) && !g.replaced(section) {
			c.Lines = append(c.Lines, document.Text{g.ref(section, s.Title)})
		}
	}
	if len(c.Lines) == 0 {
		return document.C(document.Badge(document.Neutral, g.Say("not in this part")))
	}
	return c
}

// section is a section made so far.
func (g *guide) section(id string) *document.Section {
	return (&document.Document{Sections: g.sections}).Section(id)
}

// toldFully reports whether a section or a part of it says something, and leaves nothing
// open.
func toldFully(s *document.Section) bool {
	gap, content := false, len(s.Blocks) > 0
	document.Blocks(s.Blocks, func(b document.Block) {
		if c, ok := b.(*document.Callout); ok && c.Kind == document.Gap {
			gap = true
		}
	})
	return content && !gap
}

// alsoIn lists the other documents of the file that say they tell an item, by number.
func (g *guide) alsoIn(id string) document.Cell {
	var c document.Cell
	this := g.Listed(Find(ifuName))
	for _, d := range g.File.Documents {
		if d == this || !slices.Contains(d.Items, id) || d.Status == "planned" || !forUsers(d) {
			continue
		}
		name := d.Number
		if name == "" {
			name = g.Title(d)
		}
		c.Lines = append(c.Lines, document.T("%s", name))
	}
	return c
}

// forUsers reports whether hospitals get a document.
func forUsers(d *model.Document) bool {
	switch d.Type {
	case "ifu", "security-guide", "label", "update-instructions", "mds2", "training", "responsibility-agreement":
		return true
	}
	return false
}
