package csaf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"theriac/document"
	"theriac/locale"
	"theriac/model"
	"theriac/psirt"
)

// NoticeInput is what a field safety notice is made of.
type NoticeInput struct {
	File  *model.File
	Case  *model.Case
	Words *locale.Language // of the readers; a new one, since what it lacks makes a draft
	Day   model.Date
	Names [][]string // ids of one vulnerability each, so that an embargo holds by whatever name
	// Covers tells whether a version of the product is in a range such as >=1.2 <2.
	Covers func(releases, version string) (bool, error)
	Approval
}

// Approval is how the signed approvals of a case stand.
type Approval struct {
	Given bool              // all that are needed are there, and nothing of it changed since
	Why   []document.Saying // who approved it and when; what is missing
}

// notApproved is a reason where none is given.
const notApproved = "nobody signed an approval of the case"

// in is the approval in words of a language.
func (a Approval) in(l *locale.Language) []string {
	if len(a.Why) == 0 && !a.Given {
		return []string{l.Say(notApproved)}
	}
	return document.Stamp{Why: make([]string, len(a.Why)), Because: a.Why}.Reasons(l)
}

// ErrNoFieldAction says that nobody has to be told of a field safety corrective action.
var ErrNoFieldAction = errors.New("no field safety corrective action")

// Notice is the field safety notice of a case (MDR Art. 89(8), IVDR Art. 84(8)), as a
// set of one document that is resolved: which devices, whose, why and with which risk,
// what users must do. It names no likelihood, so that nothing plays the risk down.
//
// It is a draft while nobody signed an approval of the case as it is, the file leaves
// something open, a text has no translation, the embargo lasts, or, unless the action is
// urgent, the authority has neither its report nor the draft. The error wraps ErrNoFieldAction where no such action applies.
func Notice(in NoticeInput) (*document.Set, error) {
	if err := in.applies(); err != nil {
		return nil, err
	}
	if in.File.Product == nil {
		return nil, errors.New("product: the file says nothing of it")
	}
	n := &notice{NoticeInput: in}
	devices, err := n.devices()
	if err != nil {
		return nil, err
	}
	action, err := n.action()
	if err != nil {
		return nil, err
	}
	doc := &document.Document{
		Name: "notice", Title: n.say("Field safety notice"), Subtitle: n.say("For users of %s", in.File.Product.Name),
		Lang: in.Words.Tag, Words: in.Words, Number: in.Case.FieldAction.Reference, Quiet: true, Brief: true,
		Sections: []*document.Section{n.about(), devices, n.reason(), n.users(), action, n.passOn(), n.contact()},
	}
	if annex := n.annex(); annex != nil {
		doc.Sections = append(doc.Sections, annex)
	}
	doc.Sections = append(doc.Sections, n.slip())
	product := in.File.Product
	day, _ := time.Parse(time.DateOnly, in.Day.String()) // a Date is one
	set := &document.Set{Documents: []*document.Document{doc}, Design: document.Design{Paper: document.A4}}
	set.Stamp = document.Stamp{Product: product.Name, Manufacturer: product.Manufacturer.Name, Day: in.Day.String(), Time: day}
	set.Stamp.Approved, set.Stamp.Why = n.standing()
	set.Number(document.Decimal)
	return set, set.Resolve()
}

// applies is nil where the case has a field safety corrective action: it is answered
// so, by the last answer that there is, or described and not answered.
func (in NoticeInput) applies() error {
	for _, r := range slices.Backward(in.Case.Reporting) {
		if r.Duty == "field-action" && r.Applies.Known() {
			if r.Applies == model.Yes {
				return nil
			}
			return fmt.Errorf("%s: %w applies, as the case says: %s", in.Case.ID, ErrNoFieldAction, strings.TrimSpace(r.Reason))
		}
	}
	if in.Case.FieldAction == (model.FieldAction{}) {
		return fmt.Errorf("%s: %w is stated; `theriac psirt answer %s field-action yes` says that one applies", in.Case.ID, ErrNoFieldAction, in.Case.ID)
	}
	return nil
}

// notice makes one notice.
type notice struct {
	NoticeInput
	gaps int
}

// standing says whether the notice may go to users, and why or why not.
func (n *notice) standing() (final bool, why []string) {
	if n.gaps > 0 {
		why = append(why, n.say("open points: %d", n.gaps))
	}
	if lacks := len(n.Words.Missing()); lacks > 0 {
		why = append(why, n.say("texts without translation: %d", lacks))
	}
	if c := n.secret(); c != nil {
		why = append(why, n.say("nothing may be made public before %s", c.Embargo.String()))
	}
	reported, drafted := n.done("reported", "field-action"), n.done("notice-drafted", "")
	if n.Case.FieldAction.Urgent != model.Yes {
		if reported.IsZero() {
			why = append(why, n.say("the action was not reported to the competent authority"))
		}
		if drafted.IsZero() {
			why = append(why, n.say("the competent authority did not get the draft of this notice"))
		}
	}
	signed := n.Approval.in(n.Words)
	if !n.Given {
		return false, append(why, signed...)
	}
	if len(why) > 0 {
		return false, why
	}
	why = signed
	if !reported.IsZero() {
		why = append(why, n.say("the action was reported to the competent authority on %s", n.dayOf(reported)))
	}
	if !drafted.IsZero() {
		why = append(why, n.say("the competent authority got the draft of this notice on %s", n.dayOf(drafted)))
	}
	return true, why
}

// secret is a case by which something in the notice is under embargo; nil for none.
func (n *notice) secret() *model.Case {
	if psirt.EmbargoRuns(n.Case, n.Day) {
		return n.Case
	}
	kept := psirt.EmbargoOn(n.File, n.Day, n.Names...)
	if c := kept.Of(n.vulnerabilities()...); c != nil {
		return c
	}
	field := n.Case.FieldAction
	texts := []string{field.Reference, field.Action, field.Reason, field.Users, field.Affected, field.ReturnTo}
	for _, r := range n.risks() {
		texts = append(texts, r.Impact)
		for h := range model.Targets(r.Harms) {
			texts = append(texts, h.Title)
		}
	}
	return kept.Named(texts...)
}

// done is when a step was first done, up to the day; none where it was not.
func (n *notice) done(kind model.StepKind, duty model.Duty) (first model.Moment) {
	for _, s := range n.Case.Steps {
		if s.Step != kind || duty != "" && s.Duty != duty || n.Day.Before(model.DateOf(s.At.Time().UTC())) {
			continue
		}
		if first.IsZero() || s.At.Time().Before(first.Time()) {
			first = s.At
		}
	}
	return first
}

// dayOf is the day of a moment in the time zone of the file.
func (n *notice) dayOf(m model.Moment) string {
	return m.Time().In(psirt.Zone(n.File)).Format(time.DateOnly)
}

func (n *notice) say(text string, args ...any) string { return n.Words.Say(text, args...) }

// tell is a text of the security file in the language of the readers.
func (n *notice) tell(e model.Entity, field, text string) string {
	return n.Words.Tell(model.Of(e).ID+" "+field, text)
}

// title is the title of an entity, or its id where it has none.
func (n *notice) title(e model.Entity) string {
	base := model.Of(e)
	if base.Title == "" {
		return base.ID
	}
	return n.tell(e, "title", base.Title)
}

func (n *notice) para(text string, args ...any) document.Block { return say(n.say(text, args...)) }

// section is a section without the blocks that are nil.
func (n *notice) section(id, title string, blocks ...document.Block) *document.Section {
	s := &document.Section{ID: id, Title: n.say(title)}
	for _, b := range blocks {
		if b != nil {
			s.Blocks = append(s.Blocks, b)
		}
	}
	return s
}

// gap says that the file leaves something open, and where it would be stated.
func (n *notice) gap(what, where string) document.Block {
	n.gaps++
	return &document.Callout{Kind: document.Gap, Title: n.say("Open"), Blocks: []document.Block{document.P(document.Source{},
		document.Span{Text: n.say("The security file does not state %s", n.say(what)) + " ("}, document.Literal(where), document.Span{Text: ")."})}}
}

// stated is a cell, or a gap in a table.
func (n *notice) stated(text string) document.Cell {
	if strings.TrimSpace(text) == "" {
		n.gaps++
		return document.C(document.Badge(document.Bad, n.say("not stated")))
	}
	return document.W(text)
}

// prose is a text of the manufacturer, read as Markdown; a gap where it is absent.
func (n *notice) prose(e model.Entity, field, text, what string) []document.Block {
	if strings.TrimSpace(text) == "" {
		return []document.Block{n.gap(what, model.Of(e).ID+": "+field)}
	}
	return document.Markdown(n.tell(e, field, text), document.Source{Entity: model.Of(e).ID, Field: field})
}
