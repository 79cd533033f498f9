package techdoc

import (
	"fmt"
	"slices"

	"theriac/document"
	"theriac/model"
)

// mds2Answer is what is entered beside a question.
type mds2Answer string

// The answers of the form.
const (
	mds2Yes   mds2Answer = "Yes"
	mds2No    mds2Answer = "No"
	mds2None  mds2Answer = "N/A"
	mds2Notes mds2Answer = "See notes"
	mds2Open  mds2Answer = "Not stated"
)

// mds2Reply is the answer to a question with its reason. One that is open is entered
// as "Not stated".
type mds2Reply struct {
	Answer  mds2Answer
	Missing string // what is not stated; "" where the question is answered
	Where   string // where the security file would state it, for its authors; no reader is shown it
	Notes   []document.Text
	About   []model.Entity // what the answer rests on, the most telling first
	Field   string         // of the first of them
	InWords bool           // quotes sentences that were found by their words
}

// mds2Rule answers a question of the form from the security file.
type mds2Rule func(d *disclosure) mds2Reply

// mostNamed is how many entities a note names.
const mostNamed = 12

// yes answers with a reason and the entities that are the reason.
func (d *disclosure) yes(reason string, list ...model.Entity) mds2Reply {
	return d.reply(mds2Yes, reason, list)
}

// no answers like yes.
func (d *disclosure) no(reason string, list ...model.Entity) mds2Reply {
	return d.reply(mds2No, reason, list)
}

// none says why a question does not apply.
func (d *disclosure) none(reason string, list ...model.Entity) mds2Reply {
	return d.reply(mds2None, reason, list)
}

// notes answers in words what neither yes nor no would say.
func (d *disclosure) notes(reason string, list ...model.Entity) mds2Reply {
	return d.reply(mds2Notes, reason, list)
}

// open says that the security file does not state something ("whether ..."), and
// where it would ("roles: auto-logoff").
func (d *disclosure) open(missing, where string, list ...model.Entity) mds2Reply {
	r := d.reply(mds2Open, "The manufacturer has not stated "+missing, list)
	r.Missing, r.Where = missing, where
	return r
}

func (d *disclosure) reply(a mds2Answer, reason string, list []model.Entity) mds2Reply {
	r := mds2Reply{Answer: a, About: list}
	if reason != "" || len(list) > 0 {
		r.Notes = []document.Text{d.line(reason, list)}
	}
	return r
}

// line is a reason with the names of entities; those of which a file has but one, such
// as the product, go without saying.
func (d *disclosure) line(reason string, list []model.Entity) document.Text {
	var t document.Text
	if reason != "" {
		t = append(t, document.Span{Text: reason})
	}
	list = thoseThat(list, func(e model.Entity) bool { return !model.Of(e).Kind().Single })
	for i, e := range list {
		if i == mostNamed {
			return append(t, document.Span{Text: fmt.Sprintf(" and %d more.", len(list)-i)})
		}
		switch {
		case i > 0:
			t = append(t, document.Span{Text: "; "})
		case reason != "":
			t = append(t, document.Span{Text: ": "})
		}
		t = append(t, d.Name(e))
	}
	return append(t, document.Span{Text: "."})
}

// and adds a reason.
func (r mds2Reply) and(d *disclosure, reason string, list ...model.Entity) mds2Reply {
	r.Notes = append(slices.Clip(r.Notes), d.line(reason, list))
	r.About = append(slices.Clip(r.About), list...)
	return r
}

// on adds what the answer rests on without a word of it.
func (r mds2Reply) on(e model.Entity, field string) mds2Reply {
	r.About = append(slices.Clip(r.About), e)
	if len(r.About) == 1 {
		r.Field = field
	}
	return r
}

// at names the field on which the answer rests.
func (r mds2Reply) at(field string) mds2Reply {
	r.Field = field
	return r
}

// quote adds what the security file says in a field of an entity.
func (r mds2Reply) quote(d *disclosure, e model.Entity, field, text string) mds2Reply {
	r.Notes = append(slices.Clip(r.Notes), d.quoted(e, d.Tell(e, field, text)))
	r.About = append(slices.Clip(r.About), e)
	if r.Field == "" && len(r.About) == 1 {
		r.Field = field
	}
	return r
}

// quoted is a text of an entity after its name, where it has one.
func (d *disclosure) quoted(e model.Entity, text string) document.Text {
	said := document.Span{Text: "“" + cutShort(flatText(text)) + "”"}
	if model.Of(e).Kind().Single {
		return document.Text{said}
	}
	return document.Text{d.Name(e), {Text: ": "}, said}
}

// stated answers yes where a field of an entity says something, and quotes it.
func (d *disclosure) stated(e model.Entity, field, text, missing string) mds2Reply {
	if model.States(text) == model.Unknown {
		return d.open(missing, idOf(e)+": "+field, e)
	}
	a := mds2Yes
	if model.States(text) == model.No {
		a = mds2No
	}
	return mds2Reply{Answer: a}.quote(d, e, field, text)
}

// asEntities is a list of entities of one kind as a list of any.
func asEntities[E model.Entity](list []E) []model.Entity {
	var all []model.Entity
	for _, e := range list {
		all = append(all, e)
	}
	return all
}

// thoseThat are the members of a list for which a condition holds.
func thoseThat[E any](list []E, holds func(E) bool) []E {
	var some []E
	for _, e := range list {
		if holds(e) {
			some = append(some, e)
		}
	}
	return some
}

// sortedByKnown divides a list by what is known of its members.
func sortedByKnown[E any](list []E, know func(E) model.Answer) (yes, no, unknown []E) {
	for _, e := range list {
		switch know(e) {
		case model.Yes:
			yes = append(yes, e)
		case model.No:
			no = append(no, e)
		default:
			unknown = append(unknown, e)
		}
	}
	return yes, no, unknown
}

// allOfThem answers a question that asks whether all members of a list have something:
// yes where all have it, no where none has it, both in the notes where some have it.
// What is not known of any leaves the question open.
func allOfThem[E model.Entity](d *disclosure, list []E, know func(E) model.Answer, with, without, missing, where string) mds2Reply {
	yes, no, unknown := sortedByKnown(list, know)
	switch {
	case len(unknown) > 0:
		r := d.open(missing, where, asEntities(unknown)...)
		if len(yes) > 0 {
			r = r.and(d, with, asEntities(yes)...)
		}
		if len(no) > 0 {
			r = r.and(d, without, asEntities(no)...)
		}
		return r
	case len(no) == 0 && len(yes) > 0:
		return d.yes(with, asEntities(yes)...)
	case len(yes) == 0 && len(no) > 0:
		return d.no(without, asEntities(no)...)
	case len(yes) > 0:
		return d.notes(with, asEntities(yes)...).and(d, without, asEntities(no)...)
	}
	return d.open(missing, where)
}
