package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/model"
)

const requirementsName = "security-requirements"

var _ = add(Definition{
	Name: requirementsName, Title: "Security requirements",
	About: "every security requirement with the controls that it makes concrete, the elements that it binds, its code, its verification and how it stands",
	Group: Submission, Order: 50, Types: []model.DocumentType{"requirements"}, Forms: []Form{XLSX},
	Make: makeRequirements,
})

func makeRequirements(b *Book) ([]*document.Section, error) {
	return []*document.Section{b.requirementsSummary(), b.requirementsAll()}, nil
}

func (b *Book) requirementsSummary() *document.Section {
	s := b.Section("summary", b.Say("Summary"),
		b.Para("These are the requirements that the device and its makers must meet so that the security controls work. Each makes controls concrete, binds elements of the architecture, and is shown to be met by verifications. Its state is computed from the evidence for release and day on the cover; nobody typed it."))
	if len(b.File.Requirements) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("any security requirement")))
		return s
	}
	if b.Showing == nil {
		s.Blocks = append(s.Blocks, b.unsigned())
	}
	s.Blocks = append(s.Blocks, b.requirementStates(), b.requirementFigures())
	return s
}

// unsigned says what results are worth where signatures decide nothing.
func (b *Book) unsigned() *document.Callout {
	return &document.Callout{Kind: document.Gap, Title: b.Say("Nothing is shown"), Blocks: []document.Block{
		b.Para("The security file lists no signers, so that no evidence counts. Results are given here as they are stated; nothing shows that they are true.")}}
}

// requirementStates counts the requirements by how they stand.
func (b *Book) requirementStates() *document.Table {
	t := &document.Table{ID: "by-state", Caption: b.Say("Requirements by state"), Columns: []document.Column{
		{Title: b.Say("State"), Width: 3, Kind: document.State}, {Title: b.Say("Requirements"), Width: 2, Kind: document.Figure},
	}}
	badges, n := map[string]document.Span{}, tally{}
	for _, r := range b.File.Requirements {
		badge := b.stateOfRequirement(r)
		badges[badge.Text] = badge
		n.add(badge.Text)
	}
	slices.SortFunc(n.order, byCount(n.n))
	for _, name := range n.order {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.C(badges[name]), document.N(n.n[name])}})
	}
	t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.C(document.Bold(b.Say("All"))), document.N(len(b.File.Requirements))}})
	return t
}

// requirementFigures counts what requirements are linked with.
func (b *Book) requirementFigures() *document.Table {
	t := &document.Table{ID: "by-link", Caption: b.Say("What requirements are linked with"), Columns: []document.Column{
		{Title: b.Say("Link"), Width: 5}, {Title: b.Say("With"), Width: 1.5, Kind: document.Figure}, {Title: b.Say("Without"), Width: 1.5, Kind: document.Figure},
	}}
	add := func(words string, has func(r *model.Requirement) bool) {
		with := 0
		for _, r := range b.File.Requirements {
			if has(r) {
				with++
			}
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(b.Say(words)), document.N(with), document.N(len(b.File.Requirements) - with)}})
	}
	add("makes a control concrete", func(r *model.Requirement) bool { return len(All(r.Implements)) > 0 })
	add("binds an element of the architecture", func(r *model.Requirement) bool { return len(All(r.For)) > 0 })
	add("says where it is coded or designed", func(r *model.Requirement) bool { return len(r.Code) > 0 })
	add("has a verification", func(r *model.Requirement) bool { return len(VerificationsOf(r)) > 0 })
	add("has a piece of evidence that counts", func(r *model.Requirement) bool { return b.decided(VerificationsOf(r)) })
	return t
}

// decided tells whether evidence that counts speaks of one of some verifications.
func (b *Book) decided(list []*model.Verification) bool {
	return b.Showing != nil && slices.ContainsFunc(list, func(v *model.Verification) bool { return len(b.Showing.Judged.Of(v).Deciding) > 0 })
}

// family is a group of requirements: those whose first control gives an on-device
// capability, or a capability of MDCG 2019-16.
type family struct{ id, title string }

// families lists the groups in the order of the language, then those without.
func (b *Book) families() []family {
	var list []family
	for _, v := range model.Feature("").Values() {
		list = append(list, family{"feature-" + v.Name, b.Say(capitalised(v.Doc))})
	}
	for _, v := range model.Capability("").Values() {
		list = append(list, family{"capability-" + v.Name, b.Say(capitalised(v.Doc))})
	}
	return append(list, family{"other", b.Say("Other controls")}, family{"alone", b.Say("Requirements without a control")})
}

// familyOf is the id of the group of a requirement.
func familyOf(r *model.Requirement) string {
	controls := All(r.Implements)
	if len(controls) == 0 {
		return "alone"
	}
	for _, c := range controls {
		if len(c.Features) > 0 {
			return "feature-" + string(c.Features[0])
		}
	}
	for _, c := range controls {
		if len(c.Capabilities) > 0 {
			return "capability-" + string(c.Capabilities[0])
		}
	}
	return "other"
}

func (b *Book) requirementsAll() *document.Section {
	s := b.Section("requirements", b.Say("Requirements"),
		b.Para("Requirements are grouped by the capability of the first control that they make concrete. Clauses are those that a requirement or its controls name."))
	groups := map[string][]*model.Requirement{}
	for _, r := range b.File.Requirements {
		groups[familyOf(r)] = append(groups[familyOf(r)], r)
	}
	for _, f := range b.families() {
		if len(groups[f.id]) == 0 {
			continue
		}
		t := &document.Table{ID: f.id + "-table", Caption: f.title, Wide: true, Columns: []document.Column{
			{Title: b.Say("Id"), Width: 1.9, Kind: document.Code}, {Title: b.Say("Requirement"), Width: 4.6}, {Title: b.Say("Makes concrete"), Width: 2.4},
			{Title: b.Say("Binds"), Width: 2.2}, {Title: b.Say("Clauses"), Width: 2}, {Title: b.Say("Code"), Width: 2.6, Kind: document.Code},
			{Title: b.Say("Verification"), Width: 2.6}, {Title: b.Say("State"), Width: 1.3, Kind: document.State},
		}}
		for _, r := range groups[f.id] {
			t.Rows = append(t.Rows, b.requirementRow(r))
		}
		s.Sections = append(s.Sections, b.Section(f.id, f.title, t))
	}
	if len(s.Sections) == 0 {
		s.Blocks = append(s.Blocks, b.Para("The security file has no security requirement."))
	}
	return s
}

func (b *Book) requirementRow(r *model.Requirement) document.Row {
	text := []document.Text{{document.Bold(b.Title(r))}}
	if r.Text != "" {
		text = append(text, document.MarkdownLine(b.Tell(r, "text", r.Text)))
	} else {
		text = append(text, b.Or("").Lines[0])
	}
	controls := All(r.Implements)
	return document.Row{ID: r.ID, Source: b.From(r), Cells: []document.Cell{
		document.C(b.ID(r)), {Lines: text}, b.orNone(Names(b, controls)), b.orNone(Names(b, All(r.For))),
		{Lines: b.clauseLines(claimedBy(append(asEntities(controls), r)...), 2*few)}, b.orNone(document.Cell{Lines: b.codeLines(r.Code, 2*few)}),
		b.orNone(b.verificationLines(VerificationsOf(r), 2*few)), document.C(b.stateOfRequirement(r))}}
}

// verificationLines are verifications by id with how they stand, each on a line.
func (b *Book) verificationLines(list []*model.Verification, limit int) (c document.Cell) {
	for i, v := range list {
		if i == limit {
			c.Lines = append(c.Lines, b.more(len(list)-i))
			break
		}
		c.Lines = append(c.Lines, document.Text{b.ID(v), {Text: " "}, b.stateOfVerification(v)})
	}
	return c
}
