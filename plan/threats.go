package plan

import (
	"fmt"
	"strings"

	"theriac/model"
	"theriac/threat"
	"theriac/trace"
)

// threats compares how far derived threats are answered, element by element.
func (p *Plan) threats() {
	was := map[string]*threat.Derived{}
	for _, t := range p.Before.View.Threats.Threats {
		id := model.Of(t.Element).ID
		if is := p.Comparison.Later(t.Element); is != nil {
			id = model.Of(is).ID
		}
		was[t.Pattern.ID+"."+id] = t
	}
	found := &moves{of: map[move][]derived{}}
	for _, t := range p.After.View.Threats.Threats {
		d := derived{was[t.ID()], t}
		m := move{element: t.Element, is: t.Status}
		if d.was != nil {
			m.was = d.was.Status
		}
		if open := !t.Status.Answered(); d.was == nil && open || d.was != nil && open == d.was.Status.Answered() {
			found.add(m, d)
		}
	}
	for _, m := range found.order {
		p.moved(m, found.of[m])
	}
}

// derived is a derived threat before and after; was is nil where it is new.
type derived struct{ was, is *threat.Derived }

// move is what happens to derived threats of an element.
type move struct {
	element model.Element
	was, is threat.Status
}

// moves gathers derived threats to which the same happens.
type moves struct {
	order []move
	of    map[move][]derived
}

func (ms *moves) add(m move, d derived) {
	if ms.of[m] == nil {
		ms.order = append(ms.order, m)
	}
	ms.of[m] = append(ms.of[m], d)
}

func (p *Plan) moved(m move, list []derived) {
	i := Item{Kind: model.Of(m.element).Kind().Name, ID: model.Of(m.element).ID, Was: string(m.was), Is: string(m.is)}
	for _, d := range list {
		i.Patterns = append(i.Patterns, d.is.Pattern.ID)
	}
	if m.is.Answered() {
		i.Text = fmt.Sprintf("%s answered", many(len(list)))
		p.say(Threats, Settles, i)
		return
	}
	i.Because = p.elementCauses(m.element, list[0])
	text := fmt.Sprintf("%s to be answered", many(len(list)))
	if m.is == threat.Reopened {
		text = fmt.Sprintf("%s to be looked at again", many(len(list)))
	}
	i.Text = text + ": " + reason(i.Because)
	p.say(Threats, Unsettles, i)
}

func many(n int) string {
	if n == 1 {
		return "1 derived threat is"
	}
	return fmt.Sprintf("%d derived threats are", n)
}

// elementCauses say why other threats are derived of an element, or its answers no
// longer hold: what it is judged by changed, else what answered them, else what the
// condition rests on.
func (p *Plan) elementCauses(e model.Element, d derived) []Cause {
	elements := d.is.Changed
	if len(elements) == 0 {
		elements = []model.Element{e}
	}
	var all []Cause
	for _, e := range elements {
		if one := p.Comparison.Of(e); one != nil && one.Before == nil {
			return changed(one)
		}
		all = append(all, p.judged(groundsOf(p.Comparison.Earlier(e)), groundsOf(e))...)
	}
	if len(all) == 0 && d.was != nil {
		all = p.answerCauses(d.was.By)
	}
	if len(all) == 0 {
		all = []Cause{causeOf(e, strings.Join(d.is.Because(), ", "))}
	}
	return all
}

// answerCauses are the changes of threats that answered, and of the risks that
// treated them.
func (p *Plan) answerCauses(by []*model.Threat) []Cause {
	var all []Cause
	for _, t := range by {
		all = append(all, changed(p.Comparison.Of(t))...)
		for _, r := range model.Users[*model.Risk](t, "threats") {
			all = append(all, changed(p.Comparison.Of(r))...)
		}
	}
	return all
}

// groundsOf are what an element is judged by as the aim of a threat.
func groundsOf(e model.Entity) []trace.Ground {
	if e == nil {
		return nil
	}
	return trace.Grounds(nil, trace.State{Link: trace.Link{Field: "targets"}, To: e})
}
