package psirt

import "theriac/model"

// The duties of vigilance to report a serious incident, the gravest first. A report
// of a graver kind is one of the lighter kind as well.
const (
	threat   model.Duty = "public-health-threat"
	death    model.Duty = "death-or-deterioration"
	incident model.Duty = "serious-incident"
)

var vigilant = []struct {
	duty      model.Duty
	name      string
	days      int
	mdr, ivdr string
	metBy     []model.Duty
	general   bool // every serious incident is of this kind
}{
	{threat, "report the serious public health threat", 2, "Art. 87(4)", "Art. 82(4)", []model.Duty{threat}, false},
	{death, "report the death or unanticipated serious deterioration of health", 10, "Art. 87(5)", "Art. 82(5)", []model.Duty{threat, death}, false},
	{incident, "report the serious incident", 15, "Art. 87(3)", "Art. 82(3)", []model.Duty{threat, death, incident}, true},
}

// cite names an article in the regulation of the product.
func (r *run) cite(mdr, ivdr string) (clause string, law []string) {
	if r.ivdr {
		return "IVDR " + ivdr, []string{"ivdr." + entryOf(ivdr)}
	}
	return "MDR " + mdr, []string{"mdr." + entryOf(mdr)}
}

// entryOf turns an article as it is cited into the end of its id in the catalogue.
func entryOf(article string) string {
	id := []byte("art.")
	for _, b := range []byte(article[len("Art. "):]) {
		switch b {
		case '(':
			id = append(id, '.')
		case ')', ' ':
		default:
			id = append(id, b)
		}
	}
	return string(id)
}

// serious is whether there is a serious incident: what was answered for the duty, or
// for a graver one.
func (r *run) serious() model.Answer {
	for _, d := range []model.Duty{threat, death} {
		if a, _ := r.answer(d); a.Applies == model.Yes {
			return model.Yes
		}
	}
	a, _ := r.answer(incident)
	return a.Applies
}

// vigilance adds the duties of MDR Art. 87(3) to (5) and 89(5), IVDR Art. 82(3) to
// (5) and 84(5).
func (r *run) vigilance() {
	serious := r.serious()
	for _, v := range vigilant {
		k := Clock{Key: string(v.duty) + ".reported", Name: v.name, Duty: v.duty, Step: "reported", From: r.aware(v.duty)}
		k.Clause, k.Law = r.cite(v.mdr, v.ivdr)
		k = r.limited(k, Period{Days: v.days}, true)
		k.Done = r.first(v.metBy, "reported")
		applies := serious
		if a, said := r.answer(v.duty); !v.general && (said && a.Applies.Known() || serious != model.No) {
			applies = a.Applies
		}
		r.addIf(applies, k)
		if own := r.ownVigilance(v.duty); applies != model.No && !own.IsZero() && PeriodOf(own).End(k.From, r.zone).Before(k.Due) {
			o := Clock{Key: "own." + k.Key, Name: v.name, Duty: v.duty, Step: "reported", From: k.From, Done: k.Done}
			o = r.limited(o, PeriodOf(own), false)
			o.How = join(o.How, "limit of the manufacturer, shorter than that of the law")
			r.addIf(applies, o)
		}
	}
	if serious == model.Yes {
		k := Clock{Key: "serious-incident.final-report", Name: "send the final report of the investigation", Duty: incident, Step: "final-report", From: r.aware(incident),
			Done: r.first([]model.Duty{threat, death, incident}, "final-report"), How: "the text sets no number of days"}
		k.Clause, k.Law = r.cite("Art. 89(5)", "Art. 84(5)")
		r.add(k)
	}
}

// addIf adds a clock of a duty that applies, does not, or is not answered.
func (r *run) addIf(applies model.Answer, k Clock) {
	switch applies {
	case model.No:
		k = without(k, r.reason(k.Duty))
	case model.Unknown:
		k.Asked = true
	}
	r.add(k)
}

// reason is why a duty does not apply.
func (r *run) reason(d model.Duty) string {
	if a, _ := r.answer(d); a.Applies == model.No {
		if a.Reason == "" {
			return "answered with no, without a reason"
		}
		return a.Reason
	}
	if a, _ := r.answer(incident); a.Applies == model.No {
		return join("no serious incident", a.Reason)
	}
	return ""
}

func (r *run) ownVigilance(d model.Duty) model.Duration {
	m := r.file.PostMarket
	if m == nil {
		return model.Duration{}
	}
	switch d {
	case threat:
		return m.Vigilance.PublicHealthThreat
	case death:
		return m.Vigilance.Death
	}
	return m.Vigilance.SeriousIncident
}

// fieldAction adds the duties of a field safety corrective action: reported before it
// is carried out (MDR Art. 87(8), IVDR Art. 82(8)), draft of the notice to the
// authority, notice to users (MDR Art. 89(8), IVDR Art. 84(8)), and whether it worked,
// as the quality management system asks (MDR Art. 10(9), IVDR Art. 10(8)). None has a
// number of days; what comes first does, and urgency lifts it. An advisory that is public
// tells users what to do, and so carries the action out as a notice does.
func (r *run) fieldAction() {
	const duty = "field-action"
	a, _ := r.answer(duty)
	applies := a.Applies
	if applies == model.Unknown && r.c.FieldAction != (model.FieldAction{}) {
		applies = model.Yes
	}
	urgent := r.c.FieldAction.Urgent == model.Yes
	carried := r.first(nil, "notice", "mitigated", "fixed", "published")
	k := Clock{Key: "field-action.reported", Name: "report the field safety corrective action", Duty: duty, Step: "reported", From: r.aware(duty),
		Done: r.first([]model.Duty{duty}, "reported"), How: "before it is carried out, without undue delay"}
	if decided := r.first(nil, "action-decided"); !decided.IsZero() {
		k.From, k.How = decided.Time(), join(k.How, "decided at "+decided.String())
	}
	k.Clause, k.Law = r.cite("Art. 87(8)", "Art. 82(8)")
	r.addIf(applies, before(k, carried, urgent, "it was carried out"))
	if applies != model.Yes {
		return
	}
	notice := r.first(nil, "notice")
	clause, law := r.cite("Art. 89(8)", "Art. 84(8)")
	if urgent {
		r.add(Clock{Key: "field-action.notice-drafted", Name: "send the draft of the field safety notice to the authority", Duty: duty, Step: "notice-drafted", From: k.From,
			Clause: clause, Law: law, State: NotApplicable, How: "urgent, so that the draft need not go to the authority first"})
	} else {
		r.add(before(Clock{Key: "field-action.notice-drafted", Name: "send the draft of the field safety notice to the authority", Duty: duty, Step: "notice-drafted", From: k.From,
			Clause: clause, Law: law, Done: r.first(nil, "notice-drafted"), How: "before the notice goes to users"}, notice, false, "the notice was sent"))
	}
	r.add(Clock{Key: "field-action.notice", Name: "send the field safety notice to users", Duty: duty, Step: "notice", From: k.From,
		Clause: clause, Law: law, Done: notice, How: "without delay; the text sets no number of days"})
	worked := Clock{Key: "field-action.effectiveness", Name: "find out whether the field safety corrective action worked", Duty: duty, Step: "effectiveness-checked", From: k.From,
		Done: r.first(nil, "effectiveness-checked"), How: "before the case is closed; the text sets no number of days"}
	worked.Clause, worked.Law = r.cite("Art. 10(9)", "Art. 10(8)")
	r.add(worked)
}

// before gives a clock that has to stop before something happened the moment when it
// did, if it did. Urgency lifts it.
func before(k Clock, happened model.Moment, urgent bool, what string) Clock {
	switch {
	case urgent:
		k.How = "urgent: without undue delay, also afterwards"
	case !happened.IsZero():
		k.Due = happened.Time()
		k.How = join(k.How, what+" at "+happened.String())
	}
	return k
}

// trend adds the trend report where the case speaks of one: whether there is a trend
// is no question of a single case (MDR Art. 88, IVDR Art. 83).
func (r *run) trend() {
	const duty = "trend"
	a, said := r.answer(duty)
	if !said {
		return
	}
	k := Clock{Key: "trend.reported", Name: "send the trend report", Duty: duty, Step: "reported", From: r.aware(duty),
		Done: r.first([]model.Duty{duty}, "reported"), How: "the text sets no number of days"}
	k.Clause, k.Law = r.cite("Art. 88", "Art. 83")
	r.addIf(a.Applies, k)
}
