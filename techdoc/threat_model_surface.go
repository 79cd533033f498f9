package techdoc

import (
	"fmt"
	"strings"

	"theriac/document"
	"theriac/draw"
	"theriac/model"
)

// threatDataFlow is the data flow diagram.
func (b *threatBook) threatDataFlow() *document.Section {
	s := b.Section("data-flow", b.Say("Data flow diagram"))
	if b.Large() {
		s.Blocks = append(s.Blocks, b.tooLarge())
		return s
	}
	d, err := draw.DataFlow(b.File, draw.Options{})
	if err != nil { // there is nothing to draw
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("an architecture that could be drawn")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("Processes, stores and parties outside with the data that flow between them. Dashed frames are zones of trust; a mark on the frame shows where a flow crosses a trust boundary. Numbers and codes are explained in the lists of the picture."),
		&document.Picture{ID: "data-flow-picture", Caption: b.Say("Data flow diagram with trust boundaries"), Drawing: d})
	return s
}

// mostDrawn is how many components a picture of the whole system is drawn for: beyond,
// nothing but its zones could be read.
const mostDrawn = 400

// Large reports whether the architecture is too large for a picture of all of it.
func (b *Book) Large() bool {
	return len(b.File.Components)+len(b.File.Stores)+len(b.File.Actors) > mostDrawn
}

// tooLarge says where to look instead of a picture.
func (b *Book) tooLarge() document.Block {
	return b.Para("With %d components, stores and parties outside, a picture of the whole could not be read. The tables hold all of them; `theriac draw` with a focus draws a part.", len(b.File.Components)+len(b.File.Stores)+len(b.File.Actors))
}

// threatBoundaries lists the trust boundaries with what crosses them, and crossings for
// which no boundary is stated.
func (b *threatBook) threatBoundaries() *document.Section {
	s := b.Section("boundaries", b.Say("Trust boundaries"), b.Para("A flow that goes from one zone into another crosses the boundary between them. What enforces a boundary stands at it; threats are looked for on both."))
	known := b.File.BoundaryMap()
	over := map[*model.Boundary][]*model.Flow{}
	loose := map[model.ZonePair][]*model.Flow{}
	var pairs []model.ZonePair
	for _, f := range b.File.Flows {
		if !f.Crosses() {
			continue
		}
		from, to := f.Zones()
		pair := model.PairOf(from, to)
		if at := known[pair]; at != nil {
			over[at] = append(over[at], f)
			continue
		}
		if loose[pair] == nil {
			pairs = append(pairs, pair)
		}
		loose[pair] = append(loose[pair], f)
	}
	t := &document.Table{ID: "boundaries", Caption: b.Say("Trust boundaries"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Boundary"), 3.4), columnOf(b.Say("Between"), 3), columnOf(b.Say("Enforced by"), 5), columnOf(b.Say("Flows that cross it"), 5), columnOf(b.Say("Threats"), 1, document.Figure)}}
	for _, bd := range b.File.Boundaries {
		t.Rows = append(t.Rows, document.Row{ID: bd.ID, Source: b.From(bd), Cells: []document.Cell{
			document.Lines(document.Text{b.Name(bd)}, document.Text{b.ID(bd)}), Names(b.Book, All(bd.Between)), orNotStated(b.Book, Names(b.Book, All(bd.EnforcedBy))),
			idCell(b.Book, over[bd]), document.N(len(b.aiming[bd]))}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("trust boundaries"))))
	for _, p := range pairs {
		c := b.Gap(nil, "", b.Say("a boundary between %q and %q", b.Title(p.A), b.Title(p.B)))
		c.Blocks = append(c.Blocks, document.P(document.Source{}, append(document.Text{{Text: b.Say("Flows that cross it:") + " "}}, IDs(b.Book, loose[p])...)...))
		s.Blocks = append(s.Blocks, c)
	}
	return s
}

// threatAssets lists what deserves protection.
func (b *threatBook) threatAssets() *document.Section {
	s := b.Section("assets", b.Say("Assets"), b.Para("Needs for confidentiality (C), integrity and authenticity (I) and availability (A) are those of the manufacturer: none, low (a nuisance), medium (it matters), high (loss can harm people)."))
	t := &document.Table{ID: "assets", Caption: b.Say("Assets with their needs for protection"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Asset"), 3.6), columnOf(b.Say("Type"), 1.4), columnOf("C", 1), columnOf("I", 1), columnOf("A", 1), columnOf(b.Say("Personal data"), 1.4), columnOf(b.Say("Loss touches"), 2.4),
		columnOf(b.Say("Harms"), 3.4), columnOf(b.Say("Kept in"), 2.6), columnOf(b.Say("Flows"), 0.8, document.Figure), columnOf(b.Say("Threats"), 1, document.Figure)}}
	for _, a := range b.File.Assets {
		var effects []string
		for _, e := range a.Affects {
			effects = append(effects, spaced(e))
		}
		kind := string(a.Type)
		if a.Content != "" {
			kind += ": " + spaced(a.Content)
		}
		t.Rows = append(t.Rows, document.Row{ID: a.ID, Source: b.From(a), Cells: []document.Cell{
			document.Lines(document.Text{b.Name(a)}, document.Text{b.ID(a)}), document.W(kind), b.confidentialityOf(a), b.Or(string(a.Integrity)), b.Or(string(a.Availability)),
			b.Or(spaced(a.PersonalData)), document.W(strings.Join(effects, ", ")), Names(b.Book, All(a.Harms)), idCell(b.Book, model.Users[*model.Store](a, "holds")),
			document.N(len(model.Users[*model.Flow](a, "carries"))), document.N(len(model.Users[*model.Threat](a, "assets")))}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("assets"))))
	return s
}

// confidentialityOf is the need for confidentiality; a function has none to state.
func (b *threatBook) confidentialityOf(a *model.Asset) document.Cell {
	if a.Confidentiality == "" && a.Type == "function" {
		return document.Cell{}
	}
	return b.Or(string(a.Confidentiality))
}

// threatEntries lists the places where somebody outside can get at the system.
func (b *threatBook) threatEntries() *document.Section {
	s := b.Section("entry-points", b.Say("Entry points"), b.Para("Interfaces that somebody outside of the device can reach, also those that are switched off as shipped. Their protection is described in full in the security architecture."))
	t := &document.Table{ID: "entry-points", Caption: b.Say("Interfaces that can be reached from outside"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Interface"), 3.6), columnOf(b.Say("Component"), 2.6), columnOf(b.Say("Medium, protocol, port"), 2.6), columnOf(b.Say("Who can reach it"), 2.4), columnOf(b.Say("State"), 1.4),
		columnOf(b.Say("Authentication"), 2), columnOf(b.Say("A peer can change or command"), 3), columnOf(b.Say("Controls"), 3), columnOf(b.Say("Threats"), 1, document.Figure)}}
	inside := 0
	for _, i := range b.File.Interfaces {
		if i.Exposure == "internal" {
			inside++
			continue
		}
		protocol := document.Lines(document.T("%s", spaced(i.Medium)))
		if i.Protocol != "" {
			protocol.Lines = append(protocol.Lines, document.T("%s", i.Protocol))
		}
		if i.Port != 0 {
			protocol.Lines = append(protocol.Lines, document.T("%s", portWordsOf(i.Transport, i.Port)))
		}
		t.Rows = append(t.Rows, document.Row{ID: i.ID, Source: b.From(i), Cells: []document.Cell{
			document.Lines(document.Text{b.Name(i)}, document.Text{b.ID(i)}), refName(b.Book, i.Component), protocol, b.Or(meaningOf(i.Exposure.Values(), string(i.Exposure))),
			document.W(b.stateOfInterface(i)), b.authenticationOf(i), idCell(b.Book, All(i.Accepts)), idCell(b.Book, All(i.Controls)), document.N(len(b.aiming[i]))}})
	}
	if inside > 0 {
		s.Blocks = append(s.Blocks, b.Para("%s inside the device, and no entry point.", plural(inside, "further interface is", "further interfaces are")))
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("an interface that can be reached from outside"))))
	return s
}

// stateOfInterface is the state in the shipped device; one that is not stated is on.
func (b *Book) stateOfInterface(i *model.Interface) string {
	if i.State == "" {
		return b.Say("enabled")
	}
	return b.Say(string(i.State))
}

// threatList lists the threats that the team stated: by element, then each in full.
func (b *threatBook) threatList() *document.Section {
	s := b.Section("threats", b.Say("Threats"))
	if len(b.File.Threats) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("threats")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("%s of the manufacturer, first by the element at which they aim, with ids alone, then in full by category. Elements of one kind at which the same threats aim share a row.", plural(len(b.File.Threats), "threat", "threats")))
	s.Sections = append(s.Sections, b.threatsByElement(), b.threatRegister())
	return s
}

// aimedAlike is elements of one kind at which the same threats aim.
type aimedAlike struct {
	elements []model.Element
	threats  []*model.Threat
}

// aimedByKind groups the elements at which threats aim, by kind; bare are those at
// which none aims by name.
func (b *threatBook) aimedByKind() (kinds []string, of map[string][]*aimedAlike, bare []model.Element) {
	of = map[string][]*aimedAlike{}
	at := map[string]*aimedAlike{}
	b.File.All(func(e model.Entity) {
		el, ok := e.(model.Element)
		if !ok {
			return
		}
		list := b.aiming[el]
		if len(list) == 0 {
			bare = append(bare, el)
			return
		}
		kind := model.Of(e).Kind().Name
		key := kind
		for _, t := range list {
			key += "\n" + t.ID
		}
		if at[key] == nil {
			if of[kind] == nil {
				kinds = append(kinds, kind)
			}
			at[key] = &aimedAlike{threats: list}
			of[kind] = append(of[kind], at[key])
		}
		at[key].elements = append(at[key].elements, el)
	})
	return kinds, of, bare
}

// threatsByElement is an index: for each element the threats that aim at it. Both are
// told elsewhere, with their sources.
func (b *threatBook) threatsByElement() *document.Section {
	t := &document.Table{ID: "by-element", Caption: b.Say("Threats by element"), Columns: []document.Column{columnOf(b.Say("Elements"), 4), columnOf(b.Say("Threats"), 8)}}
	kinds, of, bare := b.aimedByKind()
	for _, k := range kinds {
		t.Rows = append(t.Rows, document.Row{Group: titled(k)})
		for _, a := range of[k] {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{idCell(b.Book, a.elements), idCell(b.Book, a.threats)}})
		}
	}
	s := b.Section("by-element", b.Say("By element"), withRows(t, b.Gap(nil, "", b.Say("at which elements its threats aim"))))
	if len(bare) > 0 {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, append(document.Text{{Text: b.Say("At these elements no threat of the manufacturer aims by name; what was derived for them is answered by threats to their category or neighbours, or does not arise:") + " "}}, IDs(b.Book, bare)...)...))
	}
	return s
}

// threatRegister is all threats in full, by category.
func (b *threatBook) threatRegister() *document.Section {
	t := &document.Table{ID: "register", Caption: b.Say("All threats"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Threat"), 4.6), columnOf(b.Say("How it would happen, and by whom"), 7), columnOf(b.Say("Aims at"), 4), columnOf(b.Say("Endangers"), 2.4),
		columnOf(b.Say("Leads to"), 2.4), columnOf(b.Say("Answer and references"), 3.2)}}
	for _, v := range model.ThreatCategory("").Values() {
		grouped := false
		for _, th := range b.File.Threats {
			if string(th.Category) != v.Name {
				continue
			}
			if !grouped {
				grouped = true
				t.Rows = append(t.Rows, document.Row{Group: fmt.Sprintf("%s: %s", sentenceCase(spaced(th.Category)), v.Doc)})
			}
			t.Rows = append(t.Rows, document.Row{ID: th.ID, Source: b.From(th), Cells: []document.Cell{
				document.Lines(b.Named(th)), b.howCell(th), orNotStated(b.Book, idCell(b.Book, All(th.Targets))),
				idCell(b.Book, All(th.Assets)), idCell(b.Book, All(th.LeadsTo)), b.answerCell(th)}})
		}
	}
	return b.Section("register", b.Say("In full"), t)
}

// howCell is how a threat comes about, and by whom. Who it is, is no question for what
// does not apply.
func (b *threatBook) howCell(t *model.Threat) document.Cell {
	c := b.proseLines(t, "description", t.Description)
	if t.Agent != "" || t.NotApplicable == "" {
		c.Lines = append(c.Lines, append(document.Text{{Text: b.Say("By:") + " ", Style: document.Faint}}, b.Or(t.Agent).Lines[0]...))
	}
	return c
}

// answerCell says what became of a threat, and what it refers to.
func (b *threatBook) answerCell(t *model.Threat) document.Cell {
	var c document.Cell
	switch risks := model.Users[*model.Risk](t, "threats"); {
	case len(risks) > 0:
		c = document.Lines(append(document.Text{{Text: b.Say("risk") + " "}}, IDs(b.Book, risks)...))
	case t.NotApplicable != "":
		c = document.C(document.Badge(document.Neutral, b.Say("does not apply")))
	default:
		c = document.C(document.Badge(document.Bad, b.Say("no answer")))
	}
	if len(t.References) > 0 {
		c.Lines = append(c.Lines, document.Text{{Text: strings.Join(t.References, ", ")}})
	}
	return c
}

// threatSetAside lists the threats that do not apply, with reasons.
func (b *threatBook) threatSetAside() *document.Section {
	s := b.Section("not-applicable", b.Say("Threats that do not apply"))
	t := &document.Table{ID: "not-applicable", Caption: b.Say("Threats that were set aside, with the reason"), Columns: []document.Column{columnOf(b.Say("Threat"), 4), columnOf(b.Say("Elements"), 3), columnOf(b.Say("Why it needs no risk"), 6)}}
	for _, th := range b.File.Threats {
		if th.NotApplicable == "" {
			continue
		}
		s.Carries = append(s.Carries, th.ID)
		t.Rows = append(t.Rows, document.Row{Source: b.From(th, "not-applicable"), Cells: []document.Cell{
			document.Lines(document.Text{b.Name(th)}, document.Text{b.ID(th)}), idCell(b.Book, All(th.Targets)), b.proseLines(th, "not-applicable", th.NotApplicable)}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Para("No threat was set aside.")))
	return s
}
