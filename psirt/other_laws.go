package psirt

import (
	"time"

	"theriac/model"
)

// judged is what the product says of another law.
func (r *run) judged(name model.LawName) model.Answer {
	if r.file.Product != nil {
		for _, l := range r.file.Product.Laws {
			if l.Law == name {
				return l.Applies
			}
		}
	}
	return model.Unknown
}

// concerned is whether a duty is to be answered in a case, and the answer. One that
// the case speaks of is; else it is asked where the law may apply to what happened.
func (r *run) concerned(d model.Duty, asked bool) (model.Answer, bool) {
	a, said := r.answer(d)
	return a.Applies, said || asked
}

// entity adds the reports of a significant incident (NIS 2 Art. 23(4)). Its
// periods stand in national law, to which Regulation 1182/71 does not apply.
func (r *run) entity() {
	const duty = "nis2-incident"
	if applies, ok := r.concerned(duty, r.c.Source == "incident" && r.judged("nis2") != model.No); ok {
		law := func(point string) (string, []string) {
			return "NIS 2 Art. 23(4)(" + point + ")", []string{"nis2.23.4." + point}
		}
		r.threeReports(duty, "significant incident", applies, false, law)
	}
}

// reportingSince is the day on which the duties of CRA Art. 14 began.
var reportingSince = day{2026, time.September, 11}

// resilience adds the reports of the Cyber Resilience Act (Art. 14(2) and 14(4)),
// which reach a device only as far as it is no product of the MDR or IVDR.
func (r *run) resilience() {
	early := r.c.Aware.Time().Before(startOfDay(reportingSince, r.zone))
	exempt := early || r.file.Product != nil && r.file.Product.Regulation != "" && r.judged("cra") != model.Yes ||
		r.judged("cra") == model.No
	vulnerable, about := r.concerned("cra-vulnerability", !exempt && len(r.c.Vulnerabilities) > 0)
	if about {
		r.vulnerabilityReports(vulnerable)
	}
	if applies, ok := r.concerned("cra-incident", !exempt && r.c.Source == "incident"); ok {
		law := func(string) (string, []string) { return "CRA Art. 14(4)", []string{"cra.art.14.4"} }
		r.threeReports("cra-incident", "severe incident", applies, true, law)
	}
}

// threeReports adds a warning within 24 hours, a notification within 72 hours and a
// final report one month after the notification.
func (r *run) threeReports(duty model.Duty, what string, applies model.Answer, extends bool, law func(point string) (string, []string)) {
	notified := r.firstReports(duty, what, applies, extends, law)
	k := Clock{Key: string(duty) + ".final-report", Name: "send the final report of the " + what, Duty: duty, Step: "final-report",
		From: notified.Due, Done: r.first([]model.Duty{duty}, "final-report")}
	k.Clause, k.Law = law("d")
	from := "counted from the last moment for the notification, as there is none yet"
	if !notified.Done.IsZero() {
		k.From, from = notified.Done.Time(), "counted from the notification"
	}
	k = r.limited(k, Period{Months: 1}, extends)
	k.How = join(k.How, from)
	r.addIf(applies, k)
}

// firstReports adds the warning and the notification, and returns the latter.
func (r *run) firstReports(duty model.Duty, what string, applies model.Answer, extends bool, law func(point string) (string, []string)) Clock {
	only := []model.Duty{duty}
	warning := Clock{Key: string(duty) + ".early-warning", Name: "send the early warning of the " + what, Duty: duty, Step: "early-warning", From: r.aware(duty),
		Done: r.first(only, "early-warning", "reported")}
	warning.Clause, warning.Law = law("a")
	r.addIf(applies, r.limited(warning, Period{Elapsed: 24 * time.Hour}, extends))
	k := Clock{Key: string(duty) + ".reported", Name: "send the notification of the " + what, Duty: duty, Step: "reported", From: r.aware(duty), Done: r.first(only, "reported")}
	k.Clause, k.Law = law("b")
	k = r.limited(k, Period{Elapsed: 72 * time.Hour}, extends)
	r.addIf(applies, k)
	return k
}

// vulnerabilityReports adds the reports of an actively exploited vulnerability: the
// final one is due 14 days after a fix or mitigation is there.
func (r *run) vulnerabilityReports(applies model.Answer) {
	const duty = "cra-vulnerability"
	law := func(string) (string, []string) { return "CRA Art. 14(2)", []string{"cra.art.14.2"} }
	r.firstReports(duty, "actively exploited vulnerability", applies, true, law)
	k := Clock{Key: "cra-vulnerability.final-report", Name: "send the final report of the actively exploited vulnerability", Duty: duty, Step: "final-report", From: r.aware(duty),
		Done: r.first([]model.Duty{duty}, "final-report"), How: "14 days once a fix or mitigation is there, which is not yet"}
	k.Clause, k.Law = law("")
	if remedy := r.first(nil, "fixed", "mitigated"); !remedy.IsZero() {
		k.From = remedy.Time()
		k = r.limited(k, Period{Days: 14}, true)
	}
	r.addIf(applies, k)
}

// breach adds the notification of a personal data breach (GDPR Art. 33), which binds
// the controller.
func (r *run) breach() {
	const duty = "data-breach"
	personal := r.file.Product == nil || r.file.Product.Facts.PersonalData != model.No
	if applies, ok := r.concerned(duty, r.c.Source == "incident" && personal && r.judged("gdpr") != model.No); ok {
		k := Clock{Key: "data-breach.reported", Name: "notify the supervisory authority of the personal data breach", Duty: duty, Step: "reported", From: r.aware(duty),
			Done: r.first([]model.Duty{duty}, "reported"), Clause: "GDPR Art. 33", Law: []string{"gdpr.33"}}
		r.addIf(applies, r.limited(k, Period{Elapsed: 72 * time.Hour}, true))
	}
}
