package techdoc

import (
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// Records of security events: AUDT.
var _ = mds2Answers(map[string]mds2Rule{
	"AUDT-1": logged(func(d *disclosure, l *model.Logging) mds2Reply {
		return d.yes("The device keeps records of security events", l).at("records")
	}),
	"AUDT-1.1": recordDetail("who acted", `\buser|\bperson|\bactor|\baccount|\bwho\b`),
	"AUDT-1.2": recordsPersonal,
	"AUDT-2": logged(func(d *disclosure, l *model.Logging) mds2Reply {
		return d.yes(plural(len(l.Records), "kind of event is recorded", "kinds of events are recorded"), l).at("records")
	}),
	"AUDT-2.1":   eventsRecorded("login", "logout"),
	"AUDT-2.2":   eventsRecorded("login-failure"),
	"AUDT-2.3":   eventsRecorded("account-change"),
	"AUDT-2.4":   eventsRecorded("account-change"),
	"AUDT-2.5":   eventsRecorded("data-access"),
	"AUDT-2.6":   eventsRecorded("data-change"),
	"AUDT-2.7":   eventsRecorded("media"),
	"AUDT-2.8":   trafficRecorded,
	"AUDT-2.8.1": eventsRecorded("service-access"),
	"AUDT-2.8.2": func(d *disclosure) mds2Reply {
		if r := apiCalls(d); r.Answer == mds2No {
			return d.none("The device makes and takes no calls of programming interfaces (CONN-5)")
		}
		return d.tells("whether the use of programming interfaces is recorded", "logging: records",
			deviceSays("", `(\bapi\b|requests?\b|messages?\b).*(recorded|record them|logged|log record)`))
	},
	"AUDT-2.9": func(d *disclosure) mds2Reply {
		if r := emergencyAccess(d); r.Answer == mds2No {
			return d.none("There is no emergency access (EMRG-1)")
		}
		return eventsRecorded("emergency-access")(d)
	},
	"AUDT-2.10": otherEvents,
	"AUDT-2.11": documented("in which document the records are described", "mdcg.secdoc.logging"),
	"AUDT-3": disclose("whether the operator can choose which events are recorded", "controls: capabilities audt, cnfs",
		deviceSays("audt cnfs", `(choose|select|filter|configur|settab)\w* .*\b(events?|records)\b|\b(events?|records)\b.*\b(chosen|selected|filtered|configur|settab)`)),
	"AUDT-4":     detailListed,
	"AUDT-4.1":   recordDetail("date and time", `\btime|\bdate`),
	"AUDT-4.1.1": timeServer,
	"AUDT-5":     recordsExported("Over", always),
	"AUDT-5.1":   recordsExported("Over", func(i *model.Interface) bool { return !onNetwork(i) }),
	"AUDT-5.2":   atna,
	"AUDT-5.3":   recordsExported("Over", onNetwork),
	"AUDT-5.4":   recordsEncrypted,
	"AUDT-6":     recordsReviewed,
	"AUDT-7": logged(func(d *disclosure, l *model.Logging) mds2Reply {
		return d.stated(l, "protection", l.Protection, "how records are protected against change")
	}),
	"AUDT-7.1": recordsHidden,
	"AUDT-8": disclose("whether the device evaluates its records", "controls: capabilities audt",
		deviceSays("audt", `\balert|\bnotice|shown|analy|evaluat`, `fail(ed|ure)|repeated|integrity`)),
})

// logged answers from the records that the device keeps; open where the file says
// nothing of them.
func logged(rule func(d *disclosure, l *model.Logging) mds2Reply) mds2Rule {
	return func(d *disclosure) mds2Reply {
		l := d.File.Logging
		if l == nil || len(l.Records) == 0 {
			return d.open("which events are recorded", "logging: records")
		}
		return rule(d, l)
	}
}

// eventsRecorded answers yes where all of some kinds of events are recorded.
func eventsRecorded(kinds ...model.SecurityEvent) mds2Rule {
	return logged(func(d *disclosure, l *model.Logging) mds2Reply {
		var is, not []string
		for _, k := range kinds {
			if slices.Contains(l.Records, k) {
				is = append(is, mds2EventWords(k))
			} else {
				not = append(not, mds2EventWords(k))
			}
		}
		r := mds2Reply{Answer: mds2Yes, About: []model.Entity{l}, Field: "records"}
		if len(is) > 0 {
			r = r.and(d, "Recorded: "+strings.Join(is, "; "))
		}
		if len(not) > 0 {
			r = r.and(d, "Not recorded: "+strings.Join(not, "; "))
			r.Answer = mds2No
			if len(is) > 0 {
				r.Answer = mds2Notes
			}
		}
		return r
	})
}

// mds2EventWords is what a kind of event means.
func mds2EventWords(e model.SecurityEvent) string {
	for _, v := range e.Values() {
		if v.Name == string(e) {
			return v.Doc
		}
	}
	return string(e)
}

// eventsAsked are the kinds of events for which the form has a question of their own.
var eventsAsked = []model.SecurityEvent{"login", "logout", "login-failure", "account-change", "data-access", "data-change", "media",
	"service-access", "emergency-access"}

var otherEvents = logged(func(d *disclosure, l *model.Logging) mds2Reply {
	var others []string
	for _, k := range l.Records {
		if !slices.Contains(eventsAsked, k) {
			others = append(others, mds2EventWords(k))
		}
	}
	if len(others) == 0 {
		return d.no("No other kinds of events are recorded", l).at("records")
	}
	return mds2Reply{Answer: mds2Yes, About: []model.Entity{l}, Field: "records"}.and(d, "Recorded: "+strings.Join(others, "; "))
})

// trafficRecorded says what of traffic is recorded: no kind of event is traffic itself.
var trafficRecorded = logged(func(d *disclosure, l *model.Logging) mds2Reply {
	var some []string
	for _, k := range []model.SecurityEvent{"network", "data-access", "therapy-change"} {
		if slices.Contains(l.Records, k) {
			some = append(some, mds2EventWords(k))
		}
	}
	if len(some) == 0 {
		return d.open("whether traffic is recorded", "logging: records", l)
	}
	return mds2Reply{Answer: mds2Notes, About: []model.Entity{l}, Field: "records"}.and(d, "Of traffic is recorded: "+strings.Join(some, "; "))
})

// recordDetail answers by what a record holds.
func recordDetail(what, pattern string) mds2Rule {
	word := lazyregexp.New(`(?i)` + pattern)
	return logged(func(d *disclosure, l *model.Logging) mds2Reply {
		if len(l.Detail) == 0 {
			return d.open("what a record holds", "logging: detail", l)
		}
		if slices.ContainsFunc(l.Detail, word.MatchString) {
			return d.yes("A record holds "+what, l).at("detail")
		}
		return d.no("What is listed of a record does not name "+what, l).at("detail")
	})
}

var detailListed = logged(func(d *disclosure, l *model.Logging) mds2Reply {
	if len(l.Detail) == 0 {
		return d.open("what a record holds", "logging: detail", l)
	}
	return mds2Reply{Answer: mds2Yes}.quote(d, l, "detail", strings.Join(l.Detail, "; "))
})

// recordsPersonal answers by the data that the store of the records holds.
var recordsPersonal = logged(func(d *disclosure, l *model.Logging) mds2Reply {
	if !l.Store.OK() {
		return d.open("where records are kept", "logging: store", l)
	}
	var health, personal []*model.Asset
	for a := range model.Targets(l.Store.To.Holds) {
		switch a.PersonalData {
		case "":
			return d.open("whether what the records hold is personal data", "assets: personal-data", a)
		case "health":
			health = append(health, a)
		case "personal":
			personal = append(personal, a)
		}
	}
	switch {
	case len(health) > 0:
		return d.yes("The store of the records holds health data", asEntities(health)...)
	case len(personal) > 0:
		r := d.notes("The records are personal data, because they name users; the file lists no health data among them", asEntities(personal)...)
		if len(l.Detail) > 0 {
			r = r.quote(d, l, "detail", strings.Join(l.Detail, "; "))
		}
		return r
	}
	return d.no("The store of the records holds no personal data", l.Store.To)
})

var timeProtocol = lazyregexp.New(`(?i)\b(s?ntp|ptp|ieee 1588)(v?[0-9])?`)

var timeServer = logged(func(d *disclosure, l *model.Logging) mds2Reply {
	if i := l.TimeVia.To; l.TimeVia.OK() {
		if timeProtocol.MatchString(i.Protocol) {
			return d.yes("The clock is set over", i).at("protocol")
		}
		return d.notes("The clock is set over", i).at("protocol")
	}
	if model.States(l.TimeSource) == model.Unknown {
		return d.open("where the time of a record comes from", "logging: time-source", l)
	}
	return mds2Reply{Answer: mds2Notes}.quote(d, l, "time-source", l.TimeSource)
})

// exports are the interfaces through which records leave.
func (d *disclosure) exports(rule func(*model.Logging, []*model.Interface) mds2Reply) mds2Reply {
	return logged(func(d *disclosure, l *model.Logging) mds2Reply {
		if list := All(l.Export); len(list) > 0 {
			return rule(l, list)
		}
		return d.open("through which interfaces records leave", "logging: export", l)
	})(d)
}

func recordsExported(with string, of func(*model.Interface) bool) mds2Rule {
	return func(d *disclosure) mds2Reply {
		return d.exports(func(l *model.Logging, list []*model.Interface) mds2Reply {
			if some := thoseThat(list, of); len(some) > 0 {
				return d.yes(with, asEntities(some)...)
			}
			return d.no("Records leave only over", asEntities(list)...)
		})
	}
}

var atnaWords = lazyregexp.New(`(?i)\batna\b|audit trail and node`)

func atna(d *disclosure) mds2Reply {
	return d.exports(func(l *model.Logging, list []*model.Interface) mds2Reply {
		net := thoseThat(list, onNetwork)
		if named := speaking(net, atnaWords); len(named) > 0 {
			return d.yes("Over", asEntities(named)...).at("protocol")
		}
		if len(net) == 0 {
			return d.no("Records leave only over", asEntities(list)...)
		}
		r := d.notes("The profile is not named; records go to a server over", asEntities(net)...).at("protocol")
		for _, i := range net {
			if i.Protocol != "" {
				r = r.quote(d, i, "protocol", i.Protocol)
			}
		}
		return r
	})
}

func recordsEncrypted(d *disclosure) mds2Reply {
	return d.exports(func(l *model.Logging, list []*model.Interface) mds2Reply {
		r := allOfThem(d, list, (*model.Interface).Confidential, "Encrypted on the way", "Not encrypted on the way", "how records are encrypted on the way", "interfaces: encryption")
		if s := l.Store.To; l.Store.OK() {
			switch model.Encrypts(s.Encryption) {
			case model.Yes:
				return r.and(d, "Encrypted on the device", s)
			case model.No:
				return r.and(d, "Not encrypted on the device", s)
			}
		}
		return r
	})
}

// isLog reports whether an asset is records of events.
func isLog(a *model.Asset) bool { return a.Content == "log" }

// recordsReviewed answers by who has a right to read the records.
var recordsReviewed = logged(func(d *disclosure, l *model.Logging) mds2Reply {
	readers := thoseThat(d.entitled(isLog), func(r *model.Role) bool { return r.Type == "administrator" || r.Type == "user" })
	if len(readers) > 0 {
		r := d.yes("They may be read by", asEntities(readers)...).at("permissions")
		if l.Review != "" {
			r = r.quote(d, l, "review", l.Review)
		}
		return r
	}
	if l.Review != "" {
		return mds2Reply{Answer: mds2Notes}.quote(d, l, "review", l.Review)
	}
	return d.open("who looks at the records", "logging: review", l)
})

// recordsHidden answers by the right to read the records and by the encryption of
// their store.
var recordsHidden = logged(func(d *disclosure, l *model.Logging) mds2Reply {
	readers := d.entitled(isLog)
	encrypted := l.Store.OK() && model.Encrypts(l.Store.To.Encryption) == model.Yes
	switch {
	case len(readers) > 0 && encrypted:
		return d.yes("Only these roles may read them", asEntities(readers)...).and(d, "The store is encrypted", l.Store.To)
	case len(readers) > 0:
		return d.notes("Only these roles may read them", asEntities(readers)...).and(d, "The store is not said to be encrypted")
	case encrypted:
		return d.notes("The store is encrypted", l.Store.To)
	}
	return d.open("who may read the records", "permissions: allows", l)
})
