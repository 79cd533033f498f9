package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

const loggingBoard = `
components:
  co-gateway:
    title: Gateway
    type: application
`

var _ = add(check.Rule{
	Code: "T8303", Severity: diag.Warning,
	Title:   "records are kept where a change would not be noticed",
	Clauses: []string{"sota.tamper-evident-log"},
	Why:     "whoever takes over the device will mend the record next; a record that can be changed without a trace proves nothing",
	Fix:     "protect the store, for example by a signed hash chain, and state its `integrity`",
	Bad: loggingBoard + `stores:
  st-log:
    title: Event log
    component: co-gateway
    integrity: none
logging:
  records: [login]
  store: st-log # want T8303
`,
	Good: loggingBoard + `stores:
  st-log:
    title: Event log
    component: co-gateway
    integrity: signed hash chain
logging:
  records: [login]
  store: st-log
`,
	Run: func(p *check.Pass) {
		log := p.File.Logging
		if log != nil && log.Store.OK() && log.Store.To.Integrity == "none" {
			p.Report(log, "store", "records are kept in %q, whose content is not protected against change", log.Store.ID).
				Relate(log.Store.To, "integrity", "stated here")
		}
	},
})

var _ = add(check.Rule{
	Code: "T8304", Severity: diag.Warning,
	Title:   "records leave the device unencrypted",
	Clauses: []string{"sota.transport-protection"},
	Why:     "records name users, patients and weaknesses; on an open network anybody can read them on their way",
	Fix:     "export over TLS, for example syslog over TLS (RFC 5425), or waive the finding if records hold nothing worth reading",
	Bad: loggingBoard + `interfaces:
  if-syslog:
    title: Syslog
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: none
logging:
  records: [login]
  export: [if-syslog] # want T8304
`,
	Good: loggingBoard + `interfaces:
  if-syslog:
    title: Syslog
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.3
logging:
  records: [login]
  export: [if-syslog]
`,
	Run: func(p *check.Pass) {
		log := p.File.Logging
		if log == nil {
			return
		}
		for n, r := range log.Export {
			if r.OK() && r.To.Exposure.Remote() && r.To.Encryption == "none" && !bare(r.To) {
				p.Report(log, "export."+itoa(n), "records leave over %q, which is not encrypted", r.ID).Relate(r.To, "encryption", "stated here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8305", Severity: diag.Warning,
	Title:   "anybody on the network can set the time of records",
	Clauses: []string{"sota.time-source"},
	Why: "records are compared by time after an incident, and certificates are judged by it; whoever can move the clock can hide when " +
		"something happened and revive expired certificates",
	Fix: "authenticate the time service (for example NTS, RFC 8915), or keep a monotonic counter beside the time and bound each step; " +
		"say so under `justification` of the interface",
	Bad: loggingBoard + `interfaces:
  if-ntp:
    title: Time service
    component: co-gateway
    medium: ethernet
    purpose: time
    exposure: site
    authentication: none
logging:
  records: [login]
  time-source: NTP server of the operator
  time-via: if-ntp # want T8305
`,
	Good: loggingBoard + `interfaces:
  if-ntp:
    title: Time service
    component: co-gateway
    medium: ethernet
    purpose: time
    exposure: site
    authentication: pre-shared-key
logging:
  records: [login]
  time-source: NTP server of the operator
  time-via: if-ntp
`,
	Run: func(p *check.Pass) {
		log := p.File.Logging
		if log == nil || !log.TimeVia.OK() {
			return
		}
		if i := log.TimeVia.To; i.Exposure.Remote() && i.Authentication == "none" {
			p.Report(log, "time-via", "records take their time from %q, on which nobody has to authenticate", i.ID).Justify(i.Justification).Relate(i, "authentication", "stated here")
		}
	},
})

// bare reports whether T3107 speaks of a flow over the interface already.
func bare(i *model.Interface) bool {
	return slices.ContainsFunc(model.Users[*model.Flow](i, "over"), func(f *model.Flow) bool {
		_, _, found := inClear(f)
		return found
	})
}
