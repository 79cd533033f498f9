package plan

import (
	"strings"

	"theriac/model"
	"theriac/trace"
)

// links compares what reviews say of links.
func (p *Plan) links() {
	was := map[trace.Link]trace.State{}
	for _, s := range trace.Review(p.Before.View.File, p.Before.View.Reviews) {
		was[s.Link] = s
	}
	for _, is := range trace.Review(p.After.View.File, p.After.View.Reviews) {
		then, known := was[is.Link]
		switch {
		case !known:
		case then.Status == trace.Current && is.Status == trace.Suspect:
			p.suspect(then, is)
		case then.Status == trace.Current && is.Status == trace.Gone:
			i := linkItem(then, is)
			i.Because = p.goneCauses(then)
			i.Text = "the link is not there any more: " + reason(i.Because)
			p.say(Links, Unsettles, i)
		case then.Status == trace.Suspect && is.Status == trace.Current:
			i := linkItem(then, is)
			i.Text = "reviewed by " + is.Line.By
			p.say(Links, Settles, i)
		}
	}
}

func linkItem(was, is trace.State) Item {
	i := Item{ID: was.Source, What: says(was), Was: string(was.Status), Is: string(is.Status)}
	if was.From != nil {
		i.Kind = model.Of(was.From).Kind().Name
	}
	return i
}

// says is a link in words, without its source.
func says(s trace.State) string {
	if s.Whole() {
		return "rests on the " + s.Target
	}
	return trace.Says(s.From, s.Field) + " " + s.Target
}

func (p *Plan) suspect(was, is trace.State) {
	i := linkItem(was, is)
	i.Because = p.judged(trace.Grounds(p.Before.View.File, was), trace.Grounds(p.After.View.File, is))
	i.Text = "since it was reviewed: " + reason(i.Because)
	p.say(Links, Unsettles, i)
}

// goneCauses say why a link is gone: one of its ends, or the field that stated it.
func (p *Plan) goneCauses(was trace.State) []Cause {
	one := p.Comparison.Of(was.From)
	if one != nil && one.After != nil && model.Of(one.After).ID == model.Of(one.Before).ID {
		field, _, _ := strings.Cut(was.Field, ".")
		return changed(one, field)
	}
	return changed(one)
}
