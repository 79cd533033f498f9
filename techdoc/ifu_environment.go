package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/model"
)

// environment says what the surroundings must provide, by category.
func (g *guide) environment() *document.Section {
	s := g.chapter("environment",
		g.Para("Provide what this chapter lists before you put the device into use, and keep it up. Where a table says that the device relies on a requirement, a security function of the device does not work without it."))
	s.Sections = append(s.Sections, g.places(), g.misuse())
	for _, c := range append(environmentCategories(), "") {
		if list := g.required(c); len(list) > 0 {
			s.Sections = append(s.Sections, g.category(c, list))
		}
	}
	if len(g.File.Environment) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("what the surroundings must provide")))
	}
	return s
}

// places says where the device is meant to be used.
func (g *guide) places() *document.Section {
	p := g.File.Product
	s := g.Section("environment-places", g.Say("Places of use"))
	if len(p.Environments) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(p, "environments", g.Say("where the device is used")))
		return s
	}
	s.Blocks = append(s.Blocks, g.Para("The device is meant to be used in these places. Do not use it anywhere else: its protection was designed and tested for them."),
		g.bullets(p, "environments", p.Environments))
	return s
}

// misuse says what can be done wrong.
func (g *guide) misuse() *document.Section {
	p := g.File.Product
	s := g.Section("environment-misuse", g.Say("Use that is not intended"))
	if len(p.Misuse) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(p, "misuse", g.Say("foreseeable misuse")))
		return s
	}
	s.Blocks = append(s.Blocks, g.Para("These things happen in practice and weaken the protection of the device. Prevent them:"), g.bullets(p, "misuse", p.Misuse))
	return s
}

// environmentCategories lists the categories of requirements in the order of the language.
func environmentCategories() []model.EnvironmentCategory {
	var list []model.EnvironmentCategory
	for _, v := range model.EnvironmentCategory("").Values() {
		list = append(list, model.EnvironmentCategory(v.Name))
	}
	return list
}

// required lists the requirements of a category; "" stands for a category that
// cannot be read.
func (g *guide) required(c model.EnvironmentCategory) []*model.EnvironmentRequirement {
	var list []*model.EnvironmentRequirement
	for _, e := range g.File.Environment {
		if e.Category == c || c == "" && !slices.Contains(environmentCategories(), e.Category) {
			list = append(list, e)
		}
	}
	return list
}

// categorySection is the id of the section of a category.
func categorySection(c model.EnvironmentCategory) string {
	if c == "" || !slices.Contains(environmentCategories(), c) {
		return "environment-other"
	}
	return "environment-" + string(c)
}

func (g *guide) categoryTitle(c model.EnvironmentCategory) string {
	if w, known := categoryWords[c]; known {
		return g.Say(w)
	}
	return g.Say("Other requirements")
}

// category is the requirements of a category. All of them must be told.
func (g *guide) category(c model.EnvironmentCategory, list []*model.EnvironmentRequirement) *document.Section {
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Requirement"), Width: 5}, {Title: g.Say("Why"), Width: 3}, {Title: g.Say("Who provides it"), Width: 1.6}, {Title: g.Say("The device relies on it"), Width: 1.2},
	}}
	s := g.Section(categorySection(c), g.categoryTitle(c), t)
	for _, e := range list {
		t.Rows = append(t.Rows, document.Row{Cells: g.requirement(e), Source: g.From(e)})
		s.Carries = append(s.Carries, e.ID)
	}
	return s
}

func (g *guide) requirement(e *model.EnvironmentRequirement) []document.Cell {
	what := document.Lines(document.Text{document.Bold(g.Title(e))})
	if text := g.tell(e, "text", e.Text); text != "" {
		what.Lines = append(what.Lines, document.T("%s", text))
	} else {
		what.Lines = append(what.Lines, document.Text{document.Badge(document.Bad, g.Say("not stated"))})
	}
	return []document.Cell{what, document.W(g.tell(e, "rationale", e.Rationale)), document.W(word(g, partyNames, e.Responsible)), g.YesNo(e.Essential)}
}
