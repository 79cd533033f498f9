package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/attack"
	"theriac/document"
	"theriac/model"
	"theriac/threat"
)

const threatModelName = "threat-model"

var _ = add(Definition{
	Name: threatModelName, Title: "Threat model",
	About: "assets, trust boundaries, entry points, threats to each element, attack paths and defence in depth",
	Group: Submission, Order: 40, Types: []model.DocumentType{"threat-model"},
	Make: makeThreatModel,
})

// threatBook is what the threat model is made from.
type threatBook struct {
	*Book
	derived *threat.Derivation
	aiming  map[model.Element][]*model.Threat // threats of the file by target
	paths   *attack.Analysis
	least   []attack.Path // the easiest of them, one for each target
	reached int           // targets that can be reached
}

func makeThreatModel(book *Book) ([]*document.Section, error) {
	b := &threatBook{Book: book, derived: book.derivation(), aiming: map[model.Element][]*model.Threat{}, paths: attack.Find(book.File, attack.Options{Keep: 1})}
	for _, t := range b.File.Threats {
		for e := range model.Targets(t.Targets) {
			b.aiming[e] = append(b.aiming[e], t)
		}
	}
	b.least, b.reached = leastPaths(b.paths)
	return []*document.Section{
		b.threatMethod(), b.threatScope(), b.threatDataFlow(), b.threatBoundaries(), b.threatAssets(), b.threatEntries(), b.threatList(),
		b.threatDerivation(), b.threatPaths(), b.threatDepth(), b.threatSetAside(), b.threatReferences(),
	}, nil
}

// threatMethod says how threats were looked for, and how completely.
func (b *threatBook) threatMethod() *document.Section {
	s := b.Section("method", b.Say("Method"),
		b.cited(b.lawOf("3.b"), "Threats are looked for on the architecture, so that none depends on somebody thinking of it"),
		bullets([]document.Text{
			b.say("STRIDE for each element: the six questions (spoofing, tampering, repudiation, disclosure of information, denial of service, elevation of privilege) are asked of each zone, boundary, component, store, actor, interface, flow, role and key. Where a question does not arise, a reason stands in its place."),
			b.say("Patterns of attacks on medical devices and their protocols are tried on each element of their kind. A pattern looks at what an element is, never at how it is protected: a threat does not vanish because there is a control; the control is the answer. What the security file leaves unsaid counts as if it held."),
			b.say("Reasonably foreseeable misuse and failures of the surroundings are categories of their own."),
			b.say("Each derived threat is answered by a threat of the manufacturer, which a risk treats or a reason sets aside. An answer is to be judged anew when its element has changed since."),
			b.say("Paths of least effort are searched from each place where an attacker can begin to each component, store and flow on which patients depend."),
		}, document.Source{}))
	s.Blocks = append(s.Blocks, b.groupTable())
	return s
}

// groupTable lists the groups of patterns with how often they fired.
func (b *threatBook) groupTable() *document.Table {
	fired := map[*threat.Group]int{}
	for _, d := range b.derived.Threats {
		fired[d.Pattern.Group]++
	}
	t := &document.Table{ID: "patterns", Caption: b.Say("Patterns that were tried"), Columns: []document.Column{columnOf(b.Say("Group of patterns"), 7), columnOf(b.Say("Patterns"), 1.4, document.Figure), columnOf(b.Say("Threats derived"), 1.6, document.Figure)}}
	patterns := 0
	for _, g := range threat.Groups() {
		patterns += len(g.Patterns)
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(g.Title), document.N(len(g.Patterns)), document.N(fired[g])}})
	}
	t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.C(document.Bold(b.Say("All"))), document.N(patterns), document.N(len(b.derived.Threats))}})
	return t
}

// threatScope says what is looked at, and what is taken for granted.
func (b *threatBook) threatScope() *document.Section {
	p := b.File.Product
	s := b.Section("scope", b.Say("Scope and assumptions"), b.productTable())
	s.Blocks = append(s.Blocks, b.Prose(p, "intended-purpose", p.IntendedPurpose, b.Say("the intended purpose"))...)
	f := b.factsOf(p)
	f.list(b.Say("Environments of use"), "environments", p.Environments)
	f.list(b.Say("Reasonably foreseeable misuse"), "misuse", p.Misuse)
	s.Blocks = append(s.Blocks, f.terms)
	t := &document.Table{ID: "assumptions", Caption: b.Say("What the surroundings have to provide"), Columns: []document.Column{columnOf(b.Say("Requirement"), 6), columnOf(b.Say("Responsible"), 2), columnOf(b.Say("Security rests on it"), 2), columnOf(b.Say("Controls by it"), 2)}}
	for _, e := range b.File.Environment {
		t.Rows = append(t.Rows, document.Row{ID: e.ID, Source: b.From(e), Cells: []document.Cell{
			document.Lines(append(document.Text{b.Name(e)}, document.Span{Text: ": "}), b.proseLines(e, "text", e.Text).Lines[0]), b.Or(string(e.Responsible)), b.YesNo(e.Essential),
			document.N(len(model.Users[*model.Control](e, "environment")))}})
	}
	s.Blocks = append(s.Blocks, b.Para("The analysis assumes nothing of the surroundings but what is required of them below. Where a control rests on such a requirement, the risk is also estimated without it."),
		withRows(t, b.Gap(nil, "", b.Say("requirements on the operating environment"))))
	return s
}

// answered is derived threats of one pattern with the same answer.
type answeredAlike struct {
	pattern  *threat.Pattern
	status   threat.Status
	by       []*model.Threat
	elements []model.Element
	assumed  int
}

// alike joins derived threats of one pattern that have the same answer, in the order
// in which they were derived.
func (b *threatBook) alike(c model.ThreatCategory) []*answeredAlike {
	at := map[string]*answeredAlike{}
	var list []*answeredAlike
	for _, d := range b.derived.Threats {
		if d.Pattern.Category != c {
			continue
		}
		var ids []string
		for _, t := range d.By {
			ids = append(ids, t.ID)
		}
		key := fmt.Sprintf("%s\n%s\n%s", d.Pattern.ID, d.Status, strings.Join(ids, "\n"))
		a := at[key]
		if a == nil {
			a = &answeredAlike{pattern: d.Pattern, status: d.Status, by: d.By}
			at[key], list = a, append(list, a)
		}
		a.elements = append(a.elements, d.Element)
		if d.Assumed {
			a.assumed++
		}
	}
	first := map[*threat.Pattern]int{}
	for i, a := range list {
		if _, known := first[a.pattern]; !known {
			first[a.pattern] = i
		}
	}
	slices.SortStableFunc(list, func(x, y *answeredAlike) int { return first[x.pattern] - first[y.pattern] })
	return list
}

// mostDerived bounds the table of derived threats.
const mostDerived = 4000

// threatDerivation lists the derived threats with their answers.
func (b *threatBook) threatDerivation() *document.Section {
	s := b.Section("derivation", b.Say("Derived threats and their answers"))
	if len(b.derived.Threats) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("an architecture from which threats could be derived")))
		return s
	}
	tally := tallyOf(b.derived)
	answered := document.P(document.Source{}, document.Span{Text: b.Say("The grid of elements and categories is in") + " "}, At(riskReportName, "threats"))
	if len(b.File.Threats) > 0 {
		answered.Text = append(answered.Text, document.Span{Text: ". " + b.Say("Below, elements for which a pattern has the same answer stand in one line, before the threats that answer it; the threats are told in full in") + " "}, At(threatModelName, "register"))
	}
	answered.Text = append(answered.Text, document.Span{Text: "."})
	s.Blocks = append(s.Blocks, b.Para("%d threats were derived: %d are treated by a risk, %d are set aside with a reason, %d have to be judged anew, and %d have no sufficient answer.",
		len(b.derived.Threats), tally[threat.AsRisk], tally[threat.NotApplicable], tally[threat.Reopened], tally[threat.Undecided]+tally[threat.Open]), answered)
	rows, left := 0, 0
	for _, c := range threat.Categories() {
		list := b.alike(c)
		if len(list) == 0 {
			continue
		}
		shown := list[:min(len(list), max(0, mostDerived-rows))]
		rows, left = rows+len(shown), left+len(list)-len(shown)
		if len(shown) > 0 {
			s.Sections = append(s.Sections, b.Section("derived-"+string(c), sentenceCase(spaced(c)), b.derivedTable(c, shown)))
		}
	}
	if left > 0 {
		s.Blocks = append(s.Blocks, b.Para("%d further lines are left out here; `theriac threats derive` lists all.", left))
	}
	return s
}

// derivedTable has a row for each pattern and state, with a line for each answer: the
// elements, and the threats that answer for them.
func (b *threatBook) derivedTable(c model.ThreatCategory, list []*answeredAlike) *document.Table {
	t := &document.Table{ID: "derived-" + string(c), Caption: b.Say("Derived threats: %s", spaced(c)), Columns: []document.Column{
		columnOf(b.Say("Threat"), 5.4), columnOf(b.Say("On these elements: answered by"), 7), columnOf(b.Say("State"), 1.9, document.State)}}
	type key struct {
		pattern *threat.Pattern
		status  threat.Status
	}
	at, told := map[key]int{}, map[*threat.Pattern]bool{}
	for _, a := range list {
		k := key{a.pattern, a.status}
		i, known := at[k]
		if !known {
			i = len(t.Rows)
			at[k] = i
			t.Rows = append(t.Rows, document.Row{Source: b.answerSource(a), Cells: []document.Cell{patternCell(a.pattern, told[a.pattern]), {}, document.C(b.dispositionOf(a.status))}})
			told[a.pattern] = true
		}
		lines := &t.Rows[i].Cells[1].Lines
		*lines = append(*lines, b.answerLine(a))
	}
	return t
}

// patternCell names a pattern; by its id alone where it was told already. What it
// looks like on this device is told by the threats that answer it.
func patternCell(p *threat.Pattern, told bool) document.Cell {
	id := document.Text{document.Literal(p.ID)}
	if told {
		return document.Lines(id)
	}
	return document.Lines(append(document.Text{document.Bold(p.Title), {Text: " "}}, id...))
}

// answerLine is elements with what answers for them.
func (b *threatBook) answerLine(a *answeredAlike) document.Text {
	line := IDs(b.Book, a.elements)
	if a.assumed > 0 {
		line = append(line, document.Span{Text: " (" + b.Say("assumed for %d, because something is not stated", a.assumed) + ")", Style: document.Faint})
	}
	if len(a.by) == 0 {
		return line
	}
	return append(append(line, document.Span{Text: answeredBy}), IDs(b.Book, a.by)...)
}

// answeredBy stands between elements and the threats that answer for them.
const answeredBy = ": "

func (b *threatBook) answerSource(a *answeredAlike) document.Source {
	if len(a.by) > 0 {
		return b.From(a.by[0])
	}
	return b.From(a.elements[0])
}

// threatReferences lists the weaknesses, attack patterns and techniques that threats
// name.
func (b *threatBook) threatReferences() *document.Section {
	by := map[string][]*model.Threat{}
	for _, t := range b.File.Threats {
		for _, r := range t.References {
			by[r] = append(by[r], t)
		}
	}
	names := threat.References()
	t := &document.Table{ID: "references", Caption: b.Say("References of threats to public lists"), Columns: []document.Column{columnOf(b.Say("Id"), 1.6, document.Code), columnOf(b.Say("Name"), 6), columnOf(b.Say("Threats"), 5)}}
	for _, id := range sortedKeys(by) {
		name := names[id]
		if name == "" {
			name = b.Say("not in the lists that come with theriac")
		}
		t.Rows = append(t.Rows, document.Row{Source: b.From(by[id][0], "references"), Cells: []document.Cell{document.W(id), document.W(name), idCell(b.Book, by[id])}})
	}
	return b.Section("references", b.Say("References"), b.Para("CWE names weaknesses, CAPEC patterns of attack, ATT&CK techniques, EMB3D threats to embedded devices."), withRows(t, b.Para("No threat names one.")))
}
