package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/model"
	"theriac/trace"
)

// orphans lists what leads nowhere: breaks in the chain, entities that nothing names,
// evidence for what the file does not have.
func (t *tracing) orphans() *document.Section {
	s := t.Section("orphans", t.Say("What leads nowhere"),
		t.Para("A chain breaks off where what should come next is missing. An entity stands alone when nothing names it and it leads nowhere."))
	gaps := &document.Table{ID: "gap-table", Caption: t.Say("Where the chain breaks off"), Columns: []document.Column{
		{Title: t.Say("Entity"), Width: 4}, {Title: t.Say("Kind"), Width: 1.6}, {Title: t.Say("What is missing"), Width: 5},
	}}
	for _, g := range t.graph.Gaps() {
		gaps.Rows = append(gaps.Rows, document.Row{Source: t.From(g.Entity), Cells: []document.Cell{
			document.Lines(t.titledID(g.Entity)), document.W(kindWords(g.Entity)), document.W(t.Say(g.Missing))}})
	}
	t.tableOr(s, gaps, "The chain breaks off nowhere.")
	alone := &document.Table{ID: "alone-table", Caption: t.Say("What stands alone"), Columns: []document.Column{{Title: t.Say("Entity"), Width: 6}, {Title: t.Say("Kind"), Width: 2}}}
	for _, e := range t.graph.Orphans() {
		alone.Rows = append(alone.Rows, document.Row{Source: t.From(e), Cells: []document.Cell{document.Lines(t.titledID(e)), document.W(kindWords(e))}})
	}
	t.tableOr(s, alone, "Nothing stands alone.")
	if t.Showing == nil {
		return s
	}
	stray := &document.Table{ID: "stray-table", Caption: t.Say("Evidence that leads to no verification of the security file"), Columns: []document.Column{
		{Title: t.Say("Evidence"), Width: 4}, {Title: t.Say("For"), Width: 3, Kind: document.Code}, {Title: t.Say("State"), Width: 2, Kind: document.State},
	}}
	for _, v := range t.Showing.Judged.Verdicts {
		if v.Of == nil {
			stray.Rows = append(stray.Rows, document.Row{Source: document.Source{Evidence: v.Piece.ID}, Cells: []document.Cell{
				document.Lines(t.digestLine(v.Piece)...), document.C(document.Literal(v.Item)), document.C(t.State(v.State))}})
		}
	}
	t.tableOr(s, stray, "All evidence leads to verifications of the security file.")
	return s
}

// suspect lists the links whose target changed since somebody looked at it.
func (t *tracing) suspect() *document.Section {
	s := t.Section("suspect", t.Say("Links under suspicion"),
		t.Para("A link was reviewed when somebody looked at what it names. It is suspect when that changed afterwards, and until somebody looks at it again."))
	if t.Pass == nil {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("which links were reviewed")))
		return s
	}
	reviews, states, err := t.Pass.Reviews()
	switch {
	case err != nil || len(reviews.Findings) > 0:
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: t.Say("Not known"), Blocks: []document.Block{
			t.Para("The review file cannot be read, at least in part. Which links are suspect is not known.")}})
		return s
	case len(states) == 0:
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("which links were reviewed: no link was")))
		return s
	}
	s.Blocks = append(s.Blocks, t.reviewTable(states))
	table := &document.Table{ID: "suspect-table", Caption: t.Say("Links to look at"), Columns: []document.Column{
		{Title: t.Say("From"), Width: 3.4}, {Title: t.Say("Link"), Width: 2}, {Title: t.Say("To"), Width: 3.4}, {Title: t.Say("Last reviewed"), Width: 2.6}, {Title: t.Say("State"), Width: 1.5, Kind: document.State},
	}}
	for _, state := range states {
		if state.Status == trace.Suspect || state.Status == trace.Gone || state.Status == trace.Unreviewed {
			table.Rows = append(table.Rows, t.linkRow(state))
		}
	}
	t.tableOr(s, table, "All links were reviewed, and nothing that they name has changed since.")
	return s
}

// linkStates are the states of a link with what they mean.
var linkStates = []struct {
	status trace.Status
	words  string
	tone   document.Tone
}{
	{trace.Current, "unchanged since reviewed", document.Good}, {trace.Suspect, "suspect", document.Bad}, {trace.Unreviewed, "never reviewed", document.Partly},
	{trace.Gone, "no longer stated", document.Neutral},
}

func (t *tracing) linkBadge(status trace.Status) document.Span {
	for _, known := range linkStates {
		if known.status == status {
			return document.Badge(known.tone, t.Say(known.words))
		}
	}
	return document.Badge(document.Bad, string(status))
}

func (t *tracing) reviewTable(states []trace.State) *document.Table {
	table := &document.Table{ID: "review-table", Caption: t.Say("Links by state"), Columns: []document.Column{{Title: t.Say("State"), Width: 4, Kind: document.State}, {Title: t.Say("Links"), Width: 2, Kind: document.Figure}}}
	n := map[trace.Status]int{}
	for _, s := range states {
		n[s.Status]++
	}
	for _, known := range linkStates {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{document.C(t.linkBadge(known.status)), document.N(n[known.status])}})
	}
	return table
}

func (t *tracing) linkRow(s trace.State) document.Row {
	row := document.Row{Cells: []document.Cell{document.C(document.Literal(s.Source)), document.W(s.Field), document.C(document.Literal(s.Target)), {}, document.C(t.linkBadge(s.Status))}}
	if s.From != nil {
		row.Source = t.From(s.From)
		row.Cells[0] = document.Lines(t.titledID(s.From))
		says := trace.Says(s.From, s.Field)
		if s.Whole() {
			says = "rests on all"
		}
		row.Cells[1] = document.W(t.Say(says))
	}
	if s.To != nil {
		row.Cells[2] = document.Lines(t.titledID(s.To))
	}
	if s.Line != nil {
		row.Cells[3] = document.Lines(document.T("%s", s.Line.Date), document.Text{{Text: s.Line.By, Style: document.Faint}})
	}
	return row
}

// told lists where the documents tell of each requirement on the surroundings and of
// each control that they or users provide: the end of the chain for those who use the device.
func (t *tracing) told() *document.Section {
	s := t.Section("documents", t.Say("Where documents tell it"),
		t.Para("A control that the surroundings or users provide helps only where they are told. Sections are those of the documents made from the security file; the manufacturer's own documents are those that it names."))
	environment := &document.Table{ID: "environment-table", Caption: t.Say("Requirements on the surroundings"), Wide: true, Columns: t.toldColumns(t.Say("Requirement on the surroundings"))}
	for _, e := range t.File.Environment {
		environment.Rows = append(environment.Rows, t.toldRow(e, string(e.Responsible), t.environmentTold(e)))
	}
	controls := &document.Table{ID: "control-table", Caption: t.Say("Controls that surroundings or users provide"), Wide: true, Columns: t.toldColumns(t.Say("Control"))}
	for _, c := range t.File.Controls {
		if askedOfUsers(c) {
			controls.Rows = append(controls.Rows, t.toldRow(c, string(c.By), t.controlTold(c)))
		}
	}
	t.tableOr(s, environment, "The security file has no requirement on the surroundings.")
	t.tableOr(s, controls, "No control is asked of users or of the surroundings.")
	return s
}

func (t *tracing) toldColumns(what string) []document.Column {
	return []document.Column{
		{Title: what, Width: 4}, {Title: t.Say("Provided by"), Width: 1.6}, {Title: t.Say("Told to users in"), Width: 4}, {Title: t.Say("Told elsewhere in"), Width: 4},
		{Title: t.Say("Documents of the manufacturer"), Width: 3}, {Title: t.Say("State"), Width: 1.5, Kind: document.State},
	}
}

func (t *tracing) toldRow(e model.Entity, by string, kept []*model.Document) document.Row {
	if by == "" {
		by = "device"
		if _, ok := e.(*model.EnvironmentRequirement); ok {
			by = ""
		}
	}
	users, others := t.placesOf(e)
	row := document.Row{Source: t.From(e), Cells: []document.Cell{document.Lines(t.titledID(e)), t.Or(by), t.orNone(document.Cell{Lines: users}), t.orNone(document.Cell{Lines: others}), {}, document.C(t.toldBadge(e))}}
	for i, d := range kept {
		if i == few {
			row.Cells[4].Lines = append(row.Cells[4].Lines, t.more(len(kept)-i))
			break
		}
		row.Cells[4].Lines = append(row.Cells[4].Lines, t.DocumentLine(d))
	}
	row.Cells[4] = t.orNone(row.Cells[4])
	return row
}

// placesOf are links to the sections that tell of an entity: those for users, and the
// others.
func (t *tracing) placesOf(e model.Entity) (users, others []document.Text) {
	var forUsers, forOthers []document.Place
	for _, p := range t.Places([]model.Entity{e}, "", traceabilityName) {
		if isForUsers(p.Document) {
			forUsers = append(forUsers, p)
		} else {
			forOthers = append(forOthers, p)
		}
	}
	return t.PlaceLines(forUsers, few), t.PlaceLines(forOthers, few)
}

func isForUsers(d *document.Document) bool {
	def := Find(d.Name)
	return def != nil && def.Group == ForUsers
}

// toldToUsers tells whether a document for users tells of an entity.
func (t *tracing) toldToUsers(e model.Entity) bool {
	return slices.ContainsFunc(t.ToldIn(idOf(e), traceabilityName), func(p document.Place) bool { return isForUsers(p.Document) })
}

// askedOfUsers tells whether a control helps only where users are told of it.
func askedOfUsers(c *model.Control) bool { return c.By == "environment" || c.By == "user" }

// toldBadge says whether users are told what they have to provide.
func (t *tracing) toldBadge(e model.Entity) document.Span {
	if c, ok := e.(*model.Control); ok {
		if !askedOfUsers(c) {
			return document.Badge(document.Neutral, t.Say("not asked of users"))
		}
		if slices.ContainsFunc(All(c.Environment), func(e *model.EnvironmentRequirement) bool { return t.toldToUsers(e) }) {
			return document.Badge(document.Good, t.Say("told"))
		}
	}
	if t.toldToUsers(e) {
		return document.Badge(document.Good, t.Say("told"))
	}
	return document.Badge(document.Bad, t.Say("not told"))
}

// toldLines are where a requirement on the surroundings is told: sections for users, and
// documents of the manufacturer.
func (t *tracing) toldLines(e *model.EnvironmentRequirement) []document.Text {
	lines, _ := t.placesOf(e)
	for i, d := range t.environmentTold(e) {
		if i == few {
			break
		}
		lines = append(lines, t.DocumentLine(d))
	}
	if len(lines) == 0 {
		return []document.Text{{document.Badge(document.Bad, t.Say("told nowhere"))}}
	}
	return lines
}

func (t *tracing) environmentTold(e *model.EnvironmentRequirement) []*model.Document {
	return All(e.Told)
}

// controlTold are the documents that tell of what a control needs of its surroundings.
func (t *tracing) controlTold(c *model.Control) []*model.Document {
	return gathered(All(c.Environment), t.environmentTold)
}
