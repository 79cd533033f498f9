package techdoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/model"
)

// planMetrics shows the figures that follow from the security file, apart from those
// that the teams keep.
func (b *lifeBook) planMetrics() *document.Section {
	computed := &document.Table{ID: "computed-figures", Caption: b.Say("Figures computed on %s", b.Day), Columns: []document.Column{
		columnOf(b.Say("What is counted"), 5.4), columnOf(b.Say("Figure"), 1.5, document.Figure), columnOf(b.Say("Aim"), 1.3), columnOf(b.Say("State"), 1.3, document.State), columnOf(b.Say("What keeps it from its aim"), 3),
	}}
	var last model.Practice
	for _, m := range b.measures() {
		if m.practice != last {
			last = m.practice
			computed.Rows = append(computed.Rows, document.Row{Group: b.practiceTitle(m.practice)})
		}
		computed.Rows = append(computed.Rows, document.Row{Source: m.source, Cells: []document.Cell{
			document.W(m.name), {Lines: []document.Text{document.T("%s", m.figure)}, Value: m.value}, document.W(m.aim), b.stateBadge(m), b.fewIDs(m.which)}})
	}
	s := b.Section("metrics", b.Say("Figures and aims"),
		b.Para("The first table holds what follows from the security file, its evidence and its check on %s. Nobody typed these figures; their aims are those of the checks. The second table holds the figures that the teams keep themselves, which no security file can hold.", b.Day),
		computed)
	own := &document.Table{ID: "own-figures", Caption: b.Say("Figures that the teams keep"), Columns: []document.Column{
		columnOf(b.Say("What is counted"), 5), columnOf(b.Say("Aim"), 3), columnOf(b.Say("Who keeps it"), 3),
	}}
	for _, pr := range b.File.Processes {
		if len(pr.Metrics) > 0 {
			own.Rows = append(own.Rows, document.Row{Group: b.practiceTitle(pr.Practice)})
		}
		for i, m := range pr.Metrics {
			own.Rows = append(own.Rows, document.Row{Source: b.From(pr, "metrics", fmt.Sprint(i)), Cells: []document.Cell{document.W(m.Name), b.Or(m.Target), b.Or(pr.Owner)}})
		}
	}
	s.Blocks = append(s.Blocks, withRows(own, b.Gap(nil, "", b.Say("by which figures the teams judge their practices"))))
	return s
}

// fewIDs names the first of some entities, and how many more there are.
func (b *lifeBook) fewIDs(list []model.Entity) document.Cell {
	if len(list) == 0 {
		return document.Cell{}
	}
	t := IDs(b.Book, list[:min(few, len(list))])
	if n := len(list) - few; n > 0 {
		t = append(t, document.Span{Text: " " + b.Say("and %d more", n), Style: document.Faint})
	}
	return document.Lines(t)
}

// stage is a stage of the life cycle.
type stage struct {
	id, title string
	practices []model.Practice
	yields    []string // generated documents, with section where one is meant
	clauses   []string // prefixes of clauses of IEC 81001-5-1
}

var stages = []stage{
	{"planning", "Planning", []model.Practice{"security-management"}, []string{planName, "risk-plan"}, []string{"4.1", "5.1"}},
	{"requirements", "Security context and requirements", []model.Practice{"specification-of-requirements"}, []string{"security-requirements", "threat-model"}, []string{"5.2", "7.1", "7.2"}},
	{"design", "Architecture and design", []model.Practice{"secure-by-design"}, []string{"security-architecture", "risk-report"}, []string{"5.3", "5.4", "7.3", "7.4"}},
	{"implementation", "Implementation", []model.Practice{"secure-implementation"}, []string{"sbom", "traceability-matrix"}, []string{"5.5"}},
	{"verification", "Integration, verification and validation", []model.Practice{"verification-and-validation"}, []string{"verification-report", "traceability-matrix"}, []string{"5.6", "5.7"}},
	{"release", "Release", []model.Practice{"security-management", "guidelines"}, []string{"gspr-checklist", "risk-report#overall", "ifu-security"}, []string{"5.8"}},
	{"maintenance", "Maintenance and updates", []model.Practice{"update-management"}, []string{postMarketName + "#change-control", "ifu-security"}, []string{"6"}},
	{"problems", "Problem resolution and vigilance", []model.Practice{"management-of-security-issues"}, []string{postMarketName + "#handling", postMarketName + "#vigilance"}, []string{"9"}},
	{"end", "End of support", []model.Practice{"update-management"}, []string{postMarketName + "#end-of-support"}, nil},
}

// lifeCycle goes through the stages of the life cycle: who, by which practice, with
// what coming of it.
func (b *lifeBook) lifeCycle() *document.Section {
	t := &document.Table{ID: "stages", Caption: b.Say("Stages and activities"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Stage"), 2.2), columnOf(b.Say("Practice and owner"), 3.4), columnOf(b.Say("Documents of the manufacturer"), 3.4), columnOf(b.Say("Shown in"), 3.2),
	}}
	claimed := len(b.RowsOf("81001-5-1.")) > 0
	if claimed {
		t.Columns = append(t.Columns, columnOf("IEC 81001-5-1", 2.4), columnOf(b.Say("Clauses fulfilled"), 1.6))
	}
	for _, st := range stages {
		row := document.Row{ID: "stage-" + st.id, Cells: []document.Cell{document.C(document.Bold(b.Say(st.title))), {}, {}, {}}}
		for _, p := range st.practices {
			for _, pr := range b.processesOf(p) {
				row.Source = b.From(pr)
				row.Cells[1].Lines = append(row.Cells[1].Lines, document.Text{document.Link(b.practiceTitle(p), document.Address("doc:"+planName+"#"+practiceID(p)))}, document.T("%s", pr.Owner))
				for _, d := range All(pr.Artefacts) {
					row.Cells[2].Lines = append(row.Cells[2].Lines, b.DocumentLine(d))
				}
			}
		}
		if len(row.Cells[1].Lines) == 0 {
			row.Cells[1] = b.Or("")
		}
		for _, y := range st.yields {
			row.Cells[3].Lines = append(row.Cells[3].Lines, document.Text{document.Link("", document.Address("doc:"+y))})
		}
		if claimed {
			names, done := b.stageClauses(st)
			row.Cells = append(row.Cells, names, done)
		}
		t.Rows = append(t.Rows, row)
	}
	return b.Section("life-cycle", b.Say("Activities of the life cycle"),
		b.Para("Each stage rests on a practice. What comes of it for this device is shown in the documents of this technical documentation, all of which are made from the same security file."), t)
}

// stageClauses names the clauses of a stage, and how many are fulfilled.
func (b *lifeBook) stageClauses(st stage) (names, done document.Cell) {
	var rows []check.Row
	for _, prefix := range st.clauses {
		in := slices.DeleteFunc(b.RowsOf("81001-5-1."+prefix), func(r check.Row) bool {
			rest := strings.TrimPrefix(r.Entry.ID, "81001-5-1."+prefix)
			return rest != "" && rest[0] != '.'
		})
		if len(in) == 0 {
			continue
		}
		text := document.Text{document.Link(in[0].Entry.Clause, document.Address("clause:"+in[0].Entry.ID))}
		if len(in) > 1 {
			end := in[len(in)-1].Entry
			text = append(text, document.Span{Text: " " + b.Say("to") + " "}, document.Link(end.Clause, document.Address("clause:"+end.ID)))
		}
		names.Lines = append(names.Lines, text)
		rows = append(rows, in...)
	}
	if len(rows) == 0 {
		return document.Cell{}, document.Cell{}
	}
	n := countOf(rows)
	return names, document.Lines(b.say("%d of %d", n[check.Satisfied], len(rows)-n[check.NotApplicable]))
}

// toolUse is a tool with what it was used for.
type toolUse struct {
	name, version string
	kinds, items  []string
	last          model.Date
	pieces        int
}

// tools lists the tools that evidence names, and verifications that name one without
// evidence of it.
func (b *lifeBook) tools() *document.Section {
	t := &document.Table{ID: "tools", Caption: b.Say("Tools by which the evidence was made"), Columns: []document.Column{
		columnOf(b.Say("Tool"), 2.6), columnOf(b.Say("Version"), 1.6), columnOf(b.Say("Used for"), 2.6), columnOf(b.Say("Verifications"), 3.2, document.Code), columnOf(b.Say("Last used"), 1.6, document.Date), columnOf(b.Say("Pieces"), 1, document.Figure),
	}}
	for _, u := range b.toolUses() {
		var ids []model.Entity
		for _, id := range u.items {
			if v := b.File.Lookup(id); v != nil {
				ids = append(ids, v)
			}
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			document.W(u.name), document.W(u.version), document.W(strings.Join(u.kinds, ", ")), b.fewIDs(ids), document.On(u.last.String()), document.N(u.pieces)}})
	}
	s := b.Section("tools", b.Say("Tools"),
		b.Para("The tools are those that the evidence of this release names. Whether a tool is fit for its purpose is not shown here."),
		withRows(t, b.Gap(nil, "", b.Say("tools: no evidence that counts names one"))))
	stated := &document.Table{ID: "tools-stated", Caption: b.Say("Tools that verifications name, of which the evidence does not"), Columns: []document.Column{
		columnOf(b.Say("Verification"), 6), columnOf(b.Say("Tool"), 4),
	}}
	for _, v := range b.File.Verifications {
		if strings.TrimSpace(v.Tool) == "" || b.namesTool(v) {
			continue
		}
		stated.Rows = append(stated.Rows, document.Row{Source: b.From(v, "tool"), Cells: []document.Cell{{Lines: []document.Text{b.Named(v)}}, document.W(v.Tool)}})
	}
	if len(stated.Rows) > 0 {
		s.Blocks = append(s.Blocks, stated)
	}
	return s
}

// namesTool reports whether a piece of evidence for a verification names a tool.
func (b *lifeBook) namesTool(v *model.Verification) bool {
	for _, p := range b.Pieces([]*model.Verification{v}) {
		if p.Statement.Tool.Name != "" {
			return true
		}
	}
	return false
}

// toolUses are the tools of the evidence by name and version.
func (b *lifeBook) toolUses() []*toolUse {
	var list []*toolUse
	for _, p := range b.pieces {
		tool := p.Statement.Tool
		if tool.Name == "" {
			continue
		}
		i := slices.IndexFunc(list, func(u *toolUse) bool { return u.name == tool.Name && u.version == tool.Version })
		if i < 0 {
			list = append(list, &toolUse{name: tool.Name, version: tool.Version})
			i = len(list) - 1
		}
		u := list[i]
		u.pieces++
		if d := check.Day(p.Statement.Finished); u.last.Before(d) {
			u.last = d
		}
		u.kinds = append(u.kinds, kindOf(p))
		u.items = append(u.items, p.Statement.For...)
	}
	for _, u := range list {
		slices.Sort(u.kinds)
		slices.Sort(u.items)
		u.kinds, u.items = slices.Compact(u.kinds), slices.Compact(u.items)
	}
	slices.SortStableFunc(list, func(x, y *toolUse) int {
		return cmp.Or(cmp.Compare(strings.ToLower(x.name), strings.ToLower(y.name)), cmp.Compare(x.version, y.version))
	})
	return list
}

// training shows how people come by the skills that their tasks need.
func (b *lifeBook) training() *document.Section {
	s := b.Section("training", b.Say("Training and skills"))
	for _, id := range []string{"81001-5-1.4.1.4", "62443-4-1.sm-4"} {
		if r := b.Row(id); r != nil {
			text := document.Text{{Text: unstopped(r.Entry.Text) + " ("}, b.Clause(id), {Text: ") "}, b.Status(r.Status)}
			if len(r.By) > 0 {
				text = append(append(text, document.Span{Text: " " + b.Say("answered by") + " "}), IDs(b.Book, r.By)...)
			}
			s.Blocks = append(s.Blocks, document.P(ByLaw(id), text...))
		}
	}
	docs := &document.List{}
	for _, d := range b.listedTypes("training") {
		docs.Items = append(docs.Items, document.Item{Source: b.From(d), Blocks: []document.Block{&document.Paragraph{Text: b.DocumentLine(d)}}})
	}
	if len(docs.Items) > 0 {
		s.Blocks = append(s.Blocks, b.Para("Training material:"), docs)
	} else {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("training material")))
	}
	s.Blocks = append(s.Blocks, b.processRecords(), b.testers())
	return s
}

// processRecords lists signed records of training and of processes.
func (b *lifeBook) processRecords() document.Block {
	t := &document.Table{ID: "records", Caption: b.Say("Signed records of training and processes"), Columns: []document.Column{
		columnOf(b.Say("Evidence"), 2, document.Code), columnOf(b.Say("Record"), 3), columnOf(b.Say("Took part"), 3.4), columnOf(b.Say("Day"), 1.6, document.Date), columnOf(b.Say("Valid until"), 1.6, document.Date),
	}}
	for _, p := range b.pieces {
		if r := p.Statement.Details.Record; r != nil {
			name := r.Document
			if r.Revision != "" {
				name += " " + b.Say("rev. %s", r.Revision)
			}
			until := document.On(r.ValidUntil)
			if d, err := model.ParseDate(r.ValidUntil); err == nil && d.Before(b.Day) {
				until.Lines = append(until.Lines, document.Text{document.Badge(document.Bad, b.Say("run out"))})
			}
			t.Rows = append(t.Rows, document.Row{Source: document.Source{Evidence: p.ID}, Cells: []document.Cell{
				document.C(document.Literal(p.ID)), document.W(name), document.W(strings.Join(r.Took, ", ")), document.On(check.Day(p.Statement.Finished).String()), until}})
		}
	}
	return withRows(t, b.Para("No signed record of training is among the evidence that counts for this release; records that are kept elsewhere are no part of the security file."))
}

// testers lists who tested, with skill and distance from the authors.
func (b *lifeBook) testers() document.Block {
	t := &document.Table{ID: "testers", Caption: b.Say("Who tests, and with which skills"), Columns: []document.Column{
		columnOf(b.Say("Tester"), 3), columnOf(b.Say("Distance from the authors"), 2.4), columnOf(b.Say("Skills"), 4), columnOf(b.Say("Verifications"), 1.6, document.Figure),
	}}
	type key struct{ who, distance, skills string }
	count, first := map[key]int{}, map[key]*model.Verification{}
	var order []key
	for _, v := range b.File.Verifications {
		if strings.TrimSpace(v.Tester.Who) == "" {
			continue
		}
		k := key{v.Tester.Who, spaced(v.Tester.Independence), v.Tester.Skills}
		if count[k]++; count[k] == 1 {
			order, first[k] = append(order, k), v
		}
	}
	for _, k := range order {
		t.Rows = append(t.Rows, document.Row{Source: b.From(first[k], "tester"), Cells: []document.Cell{document.W(k.who), b.Or(k.distance), document.W(k.skills), document.N(count[k])}})
	}
	return withRows(t, b.Gap(nil, "", b.Say("who tests")))
}

// planChange says how a change is brought into the device, and what it unsettles.
func (b *lifeBook) planChange() *document.Section {
	s := b.Section("change-control", b.Say("Change control"),
		b.Para("A change to the security file is a change to the device or to what is known of it. What somebody judged or signed keeps a digest of what it was about; when that changes, the judgement is open again, and the check says so. Nothing is carried over in silence."))
	if m := b.File.PostMarket; m != nil {
		s.Blocks = append(s.Blocks, b.Prose(m, "change-control", m.ChangeControl, b.Say("how changes are judged"))...)
	} else {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how changes are judged")))
	}
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("Significance for the notified body and for the UDI") + ": "}, At(postMarketName, "change-control"), document.Span{Text: "."}))
	t := &document.Table{ID: "releases", Caption: b.Say("Releases, and what freezes them"), Columns: []document.Column{
		columnOf(b.Say("Release"), 2), columnOf(b.Say("Day"), 1.7, document.Date), columnOf(b.Say("Frozen"), 1.7, document.Date), columnOf(b.Say("Source code"), 3, document.Code), columnOf(b.Say("Artefacts"), 1.2, document.Figure), columnOf(b.Say("Baseline"), 2),
	}}
	for _, r := range b.File.Releases {
		t.Rows = append(t.Rows, document.Row{ID: "release-" + r.ID, Source: b.From(r), Cells: []document.Cell{
			document.W(r.Version), document.On(r.Date.String()), document.On(r.Frozen.String()), document.C(document.Literal(shortened(r.Commit, 12))), document.N(len(r.Artefacts)), b.Or(r.Baseline)}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("a release"))))
	return s
}

// shortened is the beginning of a long identifier.
func shortened(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
