package csaf

import (
	"slices"

	"theriac/model"
	"theriac/psirt"
)

// Withheld is a vulnerability that a document leaves out since a case keeps it under
// embargo.
type Withheld struct {
	Vulnerability string
	Case          *model.Case
}

// embargoes are what must not be told to everybody on the day.
func (in Input) embargoes() *psirt.Embargo { return psirt.EmbargoOn(in.File, in.Day, in.Names...) }

// Withheld is what a document of decisions alone leaves out, in the order of the
// decisions. One with a label for named recipients leaves out nothing, and neither does
// that of a case, which becomes TLP:AMBER.
func (in Input) Withheld() (list []Withheld) {
	if in.Case != nil || in.Label != "" {
		return nil
	}
	e := in.embargoes()
	for _, d := range in.Decisions {
		whole := e.OfDecision(d)
		for _, id := range d.About() {
			c := e.Of(id)
			if whole != nil {
				c = whole
			}
			if w := (Withheld{id, c}); c != nil && !slices.Contains(list, w) {
				list = append(list, w)
			}
		}
	}
	return list
}

// tells reports whether the document tells what a decision says of a vulnerability.
func (m *maker) tells(d *model.Decision, id string) bool {
	return m.Case != nil || m.Label != "" || m.embargo.OfDecision(d) == nil && m.embargo.Of(id) == nil
}

// kept reports whether a case keeps some of what the document tells.
func (m *maker) kept() bool {
	texts := []string{m.Case.Title, m.Case.Description}
	if field := m.Case.FieldAction; field.Reference != "" { // else notes tell nothing of it
		texts = append(texts, field.Reference, field.Action, field.Reason, field.Users)
	}
	for _, s := range m.published() {
		texts = append(texts, s.Note)
	}
	if m.embargo.Of(m.Case.Vulnerabilities...) != nil || m.embargo.Named(texts...) != nil {
		return true
	}
	return slices.ContainsFunc(m.Decisions, func(d *model.Decision) bool {
		return m.embargo.OfDecision(d) != nil || m.embargo.Of(d.About()...) != nil
	})
}
