package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/draw"
	"theriac/evidence"
	"theriac/model"
)

// methodGroup is a column of the coverage of interfaces: methods that show alike.
type methodGroup struct {
	title   string
	methods []model.Method
}

// The groups follow the four ways of IEC 62443-4-1 SVV-1 to SVV-4, and what is not
// done by running the device.
var methodGroups = []methodGroup{
	{"Functional and security tests", []model.Method{"functional-test", "security-feature-test", "load-test", "usability-test"}},
	{"Fuzz tests", []model.Method{"fuzz-test"}},
	{"Scans", []model.Method{"vulnerability-scan", "composition-analysis", "configuration-scan"}},
	{"Penetration tests", []model.Method{"penetration-test"}},
	{"Analysis and review", []model.Method{"static-analysis", "dynamic-analysis", "analysis", "review", "inspection"}},
}

// tested says by which verifications each interface is covered. Who covers the
// component that offers it, or a flow that runs over it, covers it.
func (t *testReport) tested() map[*model.Interface][]*model.Verification {
	ofComponent := map[*model.Component][]*model.Interface{}
	for _, i := range t.File.Interfaces {
		if i.Component.OK() {
			ofComponent[i.Component.To] = append(ofComponent[i.Component.To], i)
		}
	}
	covered := map[*model.Interface][]*model.Verification{}
	note := func(i *model.Interface, v *model.Verification) {
		if list := covered[i]; len(list) == 0 || list[len(list)-1] != v {
			covered[i] = append(list, v)
		}
	}
	for _, v := range t.File.Verifications {
		for e := range model.Targets(v.Covers) {
			switch e := e.(type) {
			case *model.Interface:
				note(e, v)
			case *model.Component:
				for _, i := range ofComponent[e] {
					note(i, v)
				}
			case *model.Flow:
				for i := range model.Targets(e.Over) {
					note(i, v)
				}
			}
		}
	}
	return covered
}

// on is how a verification stands on an interface: where all that was seen passed, what
// was not seen decides for itself.
func (t *testReport) on(v *model.Verification, i *model.Interface) evidence.State {
	s := t.standing(v)
	if s == nil {
		return evidence.Missing
	}
	if s.State == evidence.Passed || len(s.Unseen) == 0 || s.Alone || !allPassed(s) {
		return s.State
	}
	for _, e := range s.Unseen {
		if !concerns(e, i) {
			continue
		}
		if s.Silence(e) != "" {
			return evidence.Inconclusive
		}
		return evidence.Missing
	}
	return evidence.Passed
}

// concerns tells whether who covers an element covers an interface.
func concerns(e model.Element, i *model.Interface) bool {
	switch e := e.(type) {
	case *model.Interface:
		return e == i
	case *model.Component:
		return i.Component.OK() && i.Component.To == e
	case *model.Flow:
		return slices.ContainsFunc(e.Over, func(r model.Ref[*model.Interface]) bool { return r.OK() && r.To == i })
	}
	return false
}

func allPassed(s *evidence.Standing) bool {
	return !slices.ContainsFunc(s.Deciding, func(v *evidence.Verdict) bool { return v.State != evidence.Passed })
}

// interfaceCoverage says for each interface by which kinds of tests it was looked at.
func (t *testReport) interfaceCoverage() *document.Section {
	s := t.Section("interface-coverage", t.Say("Coverage by interface"))
	if len(t.File.Interfaces) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("any interface")))
		return s
	}
	s.Blocks = append(s.Blocks, t.Para("An interface is covered by a verification that has in scope the interface itself, the component that offers it, or a flow that runs over it. An empty cell says that no such verification is planned; where one is asked for, the conclusion lists it."))
	covered := t.tested()
	if p := t.coveragePicture(covered); p != nil {
		s.Blocks = append(s.Blocks, p)
	}
	table := &document.Table{ID: "interface-table", Caption: t.Say("Verifications of each interface"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Interface"), Width: 3.4}, {Title: t.Say("Exposure"), Width: 1.4},
	}}
	for _, g := range methodGroups {
		table.Columns = append(table.Columns, document.Column{Title: t.Say(g.title), Width: 3})
	}
	for _, i := range t.byExposure() {
		row := document.Row{ID: i.ID, Source: t.From(i), Cells: []document.Cell{document.Lines(t.titledID(i)), t.Or(string(i.Exposure))}}
		if i.State == "disabled" {
			row.Cells[1] = document.Lines(document.T("%s", i.Exposure), document.T("%s", t.Say("disabled")))
		}
		for _, g := range methodGroups {
			row.Cells = append(row.Cells, t.groupCell(i, covered[i], g))
		}
		table.Rows = append(table.Rows, row)
	}
	s.Blocks = append(s.Blocks, table)
	return s
}

// byExposure are the interfaces, those that most can reach first.
func (t *testReport) byExposure() []*model.Interface {
	order := []model.Exposure{"internet", "site", "local", "physical", "internal"}
	list := slices.Clone(t.File.Interfaces)
	slices.SortStableFunc(list, func(a, b *model.Interface) int {
		return slices.Index(order, a.Exposure) - slices.Index(order, b.Exposure)
	})
	return list
}

// groupCell are the verifications of an interface by some methods, with how each
// stands on it.
func (t *testReport) groupCell(i *model.Interface, list []*model.Verification, g methodGroup) (c document.Cell) {
	n := 0
	for _, v := range list {
		if !slices.Contains(g.methods, v.Method) {
			continue
		}
		if n++; n > 2*few {
			continue
		}
		badge := t.statedResult(v.Result)
		if t.judged != nil {
			badge = t.State(t.on(v, i))
		}
		c.Lines = append(c.Lines, document.Text{t.ID(v), {Text: " "}, badge})
	}
	if n > 2*few {
		c.Lines = append(c.Lines, t.more(n-2*few))
	}
	return c
}

// coveragePicture is a table of interfaces by methods; nil where nothing is covered.
func (t *testReport) coveragePicture(covered map[*model.Interface][]*model.Verification) *document.Picture {
	if t.judged == nil || len(covered) == 0 {
		return nil
	}
	var methods []model.Method
	for _, m := range methodNames() {
		for _, list := range covered {
			if slices.ContainsFunc(list, func(v *model.Verification) bool { return v.Method == m }) {
				methods = append(methods, m)
				break
			}
		}
	}
	asked := t.unattacked()
	h := draw.Heat{Title: t.Say("Interfaces by kind of test"), Corner: t.Say("Interface"), Words: map[draw.State]string{
		draw.Done: t.Say("passed"), draw.Partly: t.Say("in part, stale or not certain"), draw.Open: t.Say("failed or missing"), draw.Blank: t.Say("no such test planned"),
	}}
	for _, m := range methods {
		h.Columns = append(h.Columns, spaced(m))
	}
	for _, i := range t.byExposure() {
		row := draw.HeatRow{Group: t.Say("Exposure: %s", i.Exposure), Label: t.Title(i)}
		for _, m := range methods {
			row.Cells = append(row.Cells, t.heatCell(i, covered[i], m, asked))
		}
		h.Rows = append(h.Rows, row)
	}
	return &document.Picture{ID: "interface-picture", Caption: t.Say("Interfaces by kind of test"), Drawing: draw.HeatMap(h)}
}

// heatCell sums up the verifications of an interface by a method.
func (t *testReport) heatCell(i *model.Interface, list []*model.Verification, m model.Method, asked map[string]bool) draw.HeatCell {
	var states []evidence.State
	for _, v := range list {
		if v.Method == m {
			states = append(states, t.on(v, i))
		}
	}
	switch {
	case len(states) == 0 && m == "penetration-test" && asked[i.ID]:
		return draw.HeatCell{State: draw.Open}
	case len(states) == 0:
		return draw.HeatCell{}
	}
	switch evidence.Worst(states...) {
	case evidence.Passed:
		return draw.HeatCell{State: draw.Done}
	case evidence.Failed, evidence.Missing:
		return draw.HeatCell{State: draw.Open}
	}
	return draw.HeatCell{State: draw.Partly}
}

// unattacked are the interfaces that the rules want in the scope of a penetration test
// and that none has there, by id.
func (t *testReport) unattacked() map[string]bool {
	ids := map[string]bool{}
	for _, f := range t.Findings {
		if f.Code == "T7111" && f.Waiver == nil && f.Justification == "" {
			ids[f.Entity] = true
		}
	}
	return ids
}
