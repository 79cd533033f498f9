package html

import (
	"fmt"
	"testing"
	"time"

	"theriac/document"
	"theriac/draw"
)

// from is the source of a statement about an entity.
func from(id string, line int) document.Source {
	return document.Source{Entity: id, Field: "text", Path: "model/" + id[:2] + ".yaml", Line: line}
}

// small is a set with all kinds of blocks, looks, links and columns.
func small(t testing.TB) *document.Set {
	t.Helper()
	set := &document.Set{
		Stamp: document.Stamp{
			Product: "Example Pump P4", Manufacturer: "Example Medical GmbH", Release: "1.4.0",
			Baseline: "3f786850e387550fdab836ed7e6dc881de23001b8f1e5a0cb4e5f0a8d9d2a6c1", Day: "2026-11-20", Time: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
			Why: []string{"release 1.4.0 is not frozen", "the approval of the release (approved) is missing"},
		},
		Design: document.Design{SourceLink: "https://git.example/pump/blob/{commit}/{path}#L{line}", Commit: "0a1b2c"},
		Files:  []document.File{{Name: "rules.nft", Title: "Firewall of the ward network (nftables)", Bytes: make([]byte, 4312)}, {Name: "pump.mud.json", Title: "Manufacturer usage description", Bytes: make([]byte, 812)}},
	}
	set.Documents = []*document.Document{report(), users("en"), users("de"), extract(), risks(), clauses()}
	set.Number(document.Decimal)
	if err := set.Resolve(); err != nil {
		t.Fatal(err)
	}
	return set
}

func report() *document.Document {
	return &document.Document{
		Name: "risk-report", Title: "Security risk report", Subtitle: "How the risks of release 1.4.0 were found, judged and reduced", Lang: "en", Number: "SEC-014", Revision: "C",
		Signatures: []document.Signature{
			{Meaning: "reviewed", Role: "security engineer", Name: "R. Example", Date: "2026-11-02", ID: "ap-0001", Valid: true},
			{Meaning: "approved", Role: "head of regulatory affairs", Name: "A. Example", Date: "2026-11-03", ID: "ap-0002"},
		},
		Sections: []*document.Section{
			{ID: "scope", Title: "Scope and method", Blocks: texts(), Sections: []*document.Section{
				{ID: "method", Title: "Scoring method", Blocks: []document.Block{list(), terms()}},
			}},
			{ID: "risks", Title: "Risks", Blocks: []document.Block{riskTable()}, Sections: []*document.Section{
				{ID: "matrix", Title: "Matrix", Blocks: []document.Block{
					&document.Picture{ID: "risk-matrix", Caption: "Risks before and after controls", Drawing: matrix(), Source: from("rk-build", 3)},
					&document.Picture{ID: "attack", Caption: "From the ward network to the motor", Drawing: attack()},
				}},
			}},
			{ID: "overall", Title: "Overall residual risk", Blocks: callouts4()},
			{ID: "tests", Title: "Tests", Blocks: []document.Block{testTable(), &document.Table{Caption: "Deviations", Columns: []document.Column{{Title: "Deviation"}, {Title: ""}}}}},
		},
	}
}

func texts() []document.Block {
	return []document.Block{
		document.P(from("rk-build", 7), document.Span{Text: "This report covers "}, document.Bold("release 1.4.0"), document.Span{Text: " of the pump. It follows "},
			document.Link("ISO 14971", "clause:14971.7.4"), document.Span{Text: " and rests on the "}, document.Link("", "doc:risk-report#overall"),
			document.Span{Text: "; "}, document.Span{Text: "in short", Style: document.Emphasis}, document.Span{Text: ", every risk of "}, document.Literal("model/rk.yaml"),
			document.Span{Text: " was judged before and after its controls. "}, document.Span{Text: "Scores are ordinal.", Style: document.Faint}),
		document.P(document.Source{Clause: "mdr.annex-i.17.2"}, document.Span{Text: "State of the art is taken into account; see "}, document.Link("the guidance", "https://example.org/guide?a=1&b=2"),
			document.Span{Text: ", "}, document.Link("", "doc:ifu-security"), document.Span{Text: " and "}, document.Link("", "entity:rk-replay"), document.Span{Text: "."}),
	}
}

func list() document.Block {
	return &document.List{Ordered: true, Items: []document.Item{
		{Source: from("rk-build", 9), Blocks: []document.Block{document.P(from("rk-build", 9), document.Span{Text: "Severity is that of the harm."})}},
		{Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "Exploitability is scored:"}), &document.List{Items: []document.Item{
			{Source: from("rk-replay", 2), Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "access vector"})}},
		}}}},
	}}
}

func terms() document.Block {
	return &document.Terms{Terms: []document.Term{
		{Name: document.T("Acceptable"), Source: from("rk-build", 12), Blocks: []document.Block{document.P(document.Source{}, document.Badge(document.Good, "no further control needed"))}},
		{Name: document.T("Acceptable with reasons"), Blocks: []document.Block{
			document.P(document.Source{}, document.Span{Text: "Needs a reason in writing."}), document.P(document.Source{}, document.Badge(document.Partly, "in part")),
		}},
	}}
}

func riskTable() document.Block {
	row := func(id, title string, score int, tone document.Tone, state string, line int) document.Row {
		return document.Row{ID: id, Source: from(id, line), Cells: []document.Cell{
			document.C(document.Span{Text: id, Style: document.Mono, To: document.Address("entity:" + id)}), document.W(title), document.N(score), document.On("2026-10-14"),
			document.C(document.Badge(tone, state)), document.Lines(document.T("Signed updates"), document.T("Locked boot")),
		}}
	}
	return &document.Table{ID: "all-risks", Caption: "Risks with their residual level", Wide: true,
		Columns: []document.Column{{Title: "Risk", Kind: document.Code, Width: 2}, {Title: "What may happen", Width: 5}, {Title: "Score", Kind: document.Figure, Width: 1},
			{Title: "Reviewed", Kind: document.Date, Width: 2}, {Title: "Residual risk", Kind: document.State, Width: 2}, {Title: "Controls", Width: 3}},
		Rows: []document.Row{
			{Group: "Integrity"},
			row("rk-build", "A tampered build reaches the pump and changes the rate at which the drug is given", 12, document.Good, "acceptable", 3),
			row("rk-replay", "An order is replayed", 8, document.Partly, "acceptable with reasons", 21),
			{Group: "Availability", Source: from("rk-flood", 40)},
			row("rk-flood", "The ward network is flooded, and alarms come late", 20, document.Bad, "not acceptable", 41),
			{Cells: []document.Cell{document.W("rk-none"), document.W("without a row of its own"), {}, {}, document.C(document.Badge(document.Neutral, "not applicable"))}},
		}}
}

// testTable names the same entities again: only one row of a page has their id.
func testTable() document.Block {
	return &document.Table{Columns: []document.Column{{Title: "Risk"}, {Title: "Test"}}, Rows: []document.Row{
		{ID: "rk-build", Cells: []document.Cell{document.W("rk-build"), document.W("Update with a wrong signature")}},
	}}
}

func callouts4() []document.Block {
	c := func(kind document.CalloutKind, title, text string, source document.Source) document.Block {
		return &document.Callout{Kind: kind, Title: title, Source: source, Blocks: []document.Block{document.P(source, document.Span{Text: text})}}
	}
	return []document.Block{
		c(document.Warning, "Remote access", "Do not connect the service port while a patient is connected.", from("rk-build", 17)),
		c(document.Caution, "", "Updates take up to ten minutes.", document.Source{}),
		c(document.Note, "Method", "Scores of two methods are not compared.", document.Source{Evidence: "ev-01"}),
		c(document.Gap, "Open", "The security file does not state the policy for residual risk (risk-policy: residual).", from("rk-flood", 44)),
		&document.Listing{Text: "nft list ruleset\n\ttable inet pump {\n\t}", Source: from("rk-replay", 60)},
	}
}

func users(lang string) *document.Document {
	title, chapter := "Security instructions for use", "Before connecting"
	if lang == "de" {
		title, chapter = "Gebrauchsanweisung zur Sicherheit", "Vor dem Anschließen"
	}
	return &document.Document{Name: "ifu-security", Title: title, Lang: lang, Sections: []*document.Section{
		{ID: "before", Title: chapter, Blocks: []document.Block{document.P(from("rk-flood", 50), document.Link("", "doc:risk-report"), document.Span{Text: " "}, document.Link("", "doc:ifu-security#before"))}},
	}}
}

func extract() *document.Document {
	return &document.Document{Name: "extract-hospital", Title: "Extract for hospitals", Lang: "en", Brief: true, Sections: []*document.Section{
		{ID: "ports", Title: "Ports", Blocks: []document.Block{document.P(document.Source{}, document.Span{Text: "443/tcp"})}},
	}}
}

func risks() *document.Document {
	d := &document.Document{Name: "model-risks", Title: "Risks", Subtitle: "what may go wrong", Lang: "en", Reference: true}
	d.Sections = append(d.Sections, entity("rk-build", "Tampered build", 4), entity("rk-replay", "Replayed order", 3), entity("rk-flood", "Flooded network", 3))
	return d
}

// entity is the section of an entity in a document to look things up.
func entity(id, title string, fields int) *document.Section {
	t := &document.Terms{}
	for i := range fields {
		t.Terms = append(t.Terms, document.Term{Name: document.Text{document.Literal(fmt.Sprintf("field-%d", i+1))}, Source: from(id, i+2),
			Blocks: []document.Block{&document.Paragraph{Text: document.T("What is said of field %d\nof %s", i+1, id)}}})
	}
	return &document.Section{ID: id, Title: title, Blocks: []document.Block{document.P(from(id, 1), document.Span{Text: "risk "}, document.Literal(id)), t}}
}

func clauses() *document.Document {
	return &document.Document{Name: "clauses-law", Title: "Law", Subtitle: "Regulations and standards", Lang: "en", Reference: true, Sections: []*document.Section{
		{ID: "mdr.annex-i.17.2", Title: "Annex I §17.2 Life cycle of software", Blocks: []document.Block{document.P(document.Source{Clause: "mdr.annex-i.17.2"}, document.Span{Text: "Software is developed by the state of the art. "}, document.Badge(document.Good, "fulfilled"))}},
		{ID: "14971.7.4", Title: "§7.4 Benefits and risks"},
	}}
}

func matrix() *draw.Drawing {
	m := draw.Matrix{Title: "Risks of the example pump", Across: draw.Scale{Name: "Severity", Levels: []string{"minor", "serious", "critical"}}, Up: draw.Scale{Name: "Exploitability", Levels: []string{"low", "high"}},
		Verdicts: [][]draw.Verdict{{draw.Acceptable, draw.Acceptable, draw.Conditional}, {draw.Acceptable, draw.Conditional, draw.Unacceptable}}}
	for i, id := range []string{"rk-build", "rk-replay", "rk-flood"} {
		m.Risks = append(m.Risks, draw.Placed{ID: id, Title: "Risk " + id, Before: &draw.Cell{Across: i, Up: 1}, After: &draw.Cell{Across: i, Up: 0}})
	}
	return draw.RiskMatrix(m)
}

func attack() *draw.Drawing {
	return draw.AttackPath(draw.Attack{Title: "From the ward network to the motor", Outcome: "wrong rate", Effort: "high", Steps: []draw.AttackStep{
		{Label: "Attacker on the ward network", Zone: "Ward network", Trust: "site"},
		{Label: "Pump application", Detail: "component app-pump", Zone: "Pump", Trust: "device", Via: "S1 Ward interface", Effort: "moderate", Controls: []string{"mutual TLS", "input check"}},
	}})
}

// large is a set in which documents to look things up have a number of entities, each
// with ten fields, and a report a row for each.
func large(t testing.TB, entities int) *document.Set {
	t.Helper()
	const each = 1000
	table := &document.Table{Caption: "All risks", Columns: []document.Column{{Title: "Risk", Kind: document.Code}, {Title: "Title"}}}
	set := small(t)
	set.Documents = []*document.Document{{Name: "report", Title: "Report", Lang: "en", Sections: []*document.Section{{ID: "all", Title: "All", Blocks: []document.Block{table}}}}}
	for i := range entities {
		if i%each == 0 {
			set.Documents = append(set.Documents, &document.Document{Name: fmt.Sprintf("model-%d", i/each), Title: fmt.Sprintf("Entities %d", i/each), Lang: "en", Reference: true})
		}
		id := fmt.Sprintf("rk-%05d", i)
		last := set.Documents[len(set.Documents)-1]
		last.Sections = append(last.Sections, entity(id, fmt.Sprintf("Something that may go wrong, number %d", i), 10))
		table.Rows = append(table.Rows, document.Row{ID: id, Source: from(id, 1), Cells: []document.Cell{document.C(document.Link(id, document.Address("entity:"+id))), document.W("number")}})
	}
	set.Number(document.Decimal)
	if err := set.Resolve(); err != nil {
		t.Fatal(err)
	}
	return set
}
