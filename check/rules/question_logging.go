package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// onLogging answers a question about records by the section on logging. Where
// there is none, logging.events says so.
func onLogging(p *check.Pass, question, field string, l lacking) check.Answer {
	log := p.File.Logging
	if log == nil {
		return check.Answer{Missing: []string{"no `logging`"}, Elsewhere: question != "logging.events"}
	}
	return check.Answer{By: []model.Entity{log}, Missing: l.missing(), At: check.Place(log, field), Entity: log.ID}
}

// logOf returns the section on logging, or an empty one.
func logOf(p *check.Pass) *model.Logging {
	if p.File.Logging == nil {
		return &model.Logging{}
	}
	return p.File.Logging
}

var _ = add(check.Rule{
	Code: "T8311", Severity: diag.Open,
	Title: "security events are not recorded",
	Why:   "without records nobody can find out what happened, and the manufacturer cannot fulfil the duty to investigate incidents",
	Fix:   "list the kinds of events under `logging.records` and what a record holds under `logging.detail` (time, actor, action, object, outcome)",
	Bad: `
logging:
  records: [login]
`,
	Good: `
logging:
  records: [login, login-failure, update]
  detail: [time, user or node, action, object, outcome]
`,
	Questions: []string{"logging.events"},
	Needs:     []string{"T8301", "T8302"},
	Ask: func(p *check.Pass, question string) check.Answer {
		l := lacks(p, logOf(p))
		l.unless(len(logOf(p).Records) > 0, "records")
		l.unless(len(logOf(p).Detail) > 0, "detail")
		return onLogging(p, question, "records", l)
	},
})

var _ = add(check.Rule{
	Code: "T8312", Severity: diag.Open,
	Title: "it is not said how records are kept safe",
	Why:   "a record helps only if it is still there, complete and unchanged when it is needed, also when the storage was full",
	Fix:   "write `store`, `protection` (how change and deletion are prevented or shown) and `retention` under `logging:`",
	Bad: `
logging:
  records: [login]
  protection: Hash chain, signed at each start.
`,
	Good: `
components:
  co-gateway:
    title: Gateway
    type: application
stores:
  st-log:
    title: Event log
    component: co-gateway
logging:
  records: [login]
  store: st-log
  protection: Hash chain, signed at each start.
  retention: 180 days; the oldest records go first, after a warning at 80 percent.
`,
	Questions: []string{"logging.protection"},
	Needs:     []string{"T8303"},
	Ask: func(p *check.Pass, question string) check.Answer {
		l := lacks(p, logOf(p))
		l.unless(logOf(p).Store.ID != "", "store")
		l.unless(logOf(p).Protection != "", "protection")
		l.unless(logOf(p).Retention != "", "retention")
		return onLogging(p, question, "", l)
	},
})

var _ = add(check.Rule{
	Code: "T8313", Severity: diag.Open,
	Title: "source of the time of records is not known",
	Why:   "records of several systems can be put together only if their clocks agree, and only if nobody can turn them back unseen",
	Fix:   "write `time-source` under `logging:`, and `time-via` where the time comes over an interface",
	Bad: `
logging:
  records: [login]
`,
	Good: `
logging:
  records: [login]
  time-source: Clock of the device, set by an administrator; a counter shows each change.
`,
	Questions: []string{"logging.time"},
	Needs:     []string{"T8305"},
	Ask: func(p *check.Pass, question string) check.Answer {
		l := lacks(p, logOf(p))
		l.unless(logOf(p).TimeSource != "", "time-source")
		return onLogging(p, question, "", l)
	},
})

var _ = add(check.Rule{
	Code: "T8314", Severity: diag.Open,
	Title: "nobody looks at the records",
	Why:   "a record that nobody reads finds no attack; the operator must be able to export it, and somebody must be named who reads it",
	Fix:   "write `export` (the interfaces through which records leave) and `review` (who looks at them, and when) under `logging:`",
	Bad: `
logging:
  records: [login]
`,
	Good: `
components:
  co-gateway:
    title: Gateway
    type: application
interfaces:
  if-syslog:
    title: Syslog
    component: co-gateway
    medium: ethernet
    exposure: site
logging:
  records: [login]
  export: [if-syslog]
  review: The administrator of the operator, by alerts of the log server.
`,
	Questions: []string{"logging.review"},
	Needs:     []string{"T8304"},
	Ask: func(p *check.Pass, question string) check.Answer {
		l := lacks(p, logOf(p))
		l.unless(len(logOf(p).Export) > 0, "export")
		l.unless(logOf(p).Review != "", "review")
		return onLogging(p, question, "", l)
	},
})
