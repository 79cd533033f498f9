package techdoc

import (
	"theriac/document"
	"theriac/model"
	"theriac/psirt"
	"theriac/triage"
)

// Nothing that a case keeps under embargo on the day of the documents stands in any of
// them, in whatever form. Of such a case they tell its id and when its clocks run; of a
// decision that it keeps, that there is one. The words of a Book (Title, Tell, ID, From)
// hold to it, so that a document has to think of it only where it leaves something out or
// takes a text of the security file past them.

// embargo is what cases keep confidential on the day of the documents, by whatever name
// the findings give it.
func (b *Book) embargo() *psirt.Embargo {
	if b.held != nil {
		return b.held()
	}
	held := psirt.EmbargoOn(b.File, b.Day)
	if !held.Runs() {
		return held
	}
	var names [][]string
	for _, v := range b.recordOf().Verdicts() {
		names = append(names, v.Finding.IDs())
	}
	return psirt.EmbargoOn(b.File, b.Day, names...)
}

// keeps reports whether a case or decision is under embargo.
func (b *Book) keeps(e model.Entity) bool {
	switch e := e.(type) {
	case *model.Case:
		return psirt.EmbargoRuns(e, b.Day)
	case *model.Decision:
		return b.embargo().OfDecision(e) != nil
	}
	return false
}

// keepsText reports whether texts name what is under embargo.
func (b *Book) keepsText(texts ...string) bool { return b.embargo().Named(texts...) != nil }

// unnamed stands for an entity of which not even the id is told: a decision under embargo.
func (b *Book) unnamed(e model.Entity) (document.Span, bool) {
	if d, ok := e.(*model.Decision); ok && b.keeps(d) {
		return document.Span{Text: b.Say("a decision under embargo"), Style: document.Faint}, true
	}
	return document.Span{}, false
}

// keptNote stands for a text that is under embargo.
func (b *Book) keptNote() string { return b.Say("kept back until the embargo ends") }

// keptBack is a case that keeps a finding confidential, or the decision under which it
// stands; nil for none.
func keptBack(e *psirt.Embargo, v triage.Verdict) *model.Case {
	if c := e.Of(v.Finding.IDs()...); c != nil || v.Decision == nil || v.Decision.Vulnerability != triage.AnyVulnerability {
		return c
	}
	return e.OfDecision(v.Decision)
}
