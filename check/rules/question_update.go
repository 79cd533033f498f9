package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// onUpdates answers a question about updates by the update policy, except for
// what is missing. Where there is no policy, updates.delivery says so.
func onUpdates(p *check.Pass, field string, missing []string) check.Answer {
	u := p.File.UpdatePolicy
	return check.Answer{By: []model.Entity{u}, Missing: missing, At: check.Place(u, field), Entity: u.ID}
}

func noPolicy(elsewhere bool) check.Answer {
	return check.Answer{Missing: []string{"no `update-policy`"}, Elsewhere: elsewhere}
}

var _ = add(check.Rule{
	Code: "T8211", Severity: diag.Open,
	Title: "it is not said how updates are checked",
	Why:   "an update replaces everything else that the file says about the device; a reviewer asks how the device knows that it is genuine",
	Fix:   "state `signed` and the `key` under `update-policy:`",
	Bad: `
update-policy:
  signed: true
`,
	Good: `
keys:
  key-release:
    title: Release key
    purpose: code-signing
update-policy:
  signed: true
  key: key-release
`,
	Questions: []string{"updates.integrity"},
	Needs:     []string{"T8201", "T8202", "T8205", "T8206", "T8207"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		u := p.File.UpdatePolicy
		switch {
		case u == nil:
			return noPolicy(true)
		case !u.Signed.Known() && !flawed(p, u, "signed"):
			return check.Answer{Missing: []string{"not said whether updates are `signed`"}, At: u.Here(), Entity: u.ID}
		case u.Signed == model.Yes && u.Key.ID == "" && !flawed(p, u, "key"):
			return onUpdates(p, "signed", []string{"no `key` that signs updates"})
		}
		return onUpdates(p, "signed", nil)
	},
})

var _ = add(check.Rule{
	Code: "T8212", Severity: diag.Open,
	Title: "it is not said whether older versions are refused",
	Why:   "signed old releases bring back vulnerabilities that were mended; the state of the art is to refuse them",
	Fix:   "state `rollback-protection` under `update-policy:`",
	Bad: `
update-policy:
  signed: true
`,
	Good: `
update-policy:
  signed: true
  rollback-protection: true
`,
	Questions: []string{"updates.rollback"},
	Needs:     []string{"T8203"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		u := p.File.UpdatePolicy
		switch {
		case u == nil:
			return noPolicy(true)
		case !u.Rollback.Known() && !flawed(p, u, "rollback-protection"):
			return check.Answer{Missing: []string{"not said whether there is `rollback-protection`"}, At: u.Here(), Entity: u.ID}
		}
		return onUpdates(p, "rollback-protection", nil)
	},
})

var _ = add(check.Rule{
	Code: "T8213", Severity: diag.Open,
	Title: "operators are not told how to install updates",
	Why:   "a patch that the operator cannot install in time, or installs in the wrong state of the device, protects nobody",
	Fix:   "name the document under `update-policy.instructions`",
	Bad: `
update-policy:
  signed: true
`,
	Good: `
documents:
  doc-update:
    title: Update instructions
    type: update-instructions
update-policy:
  instructions: doc-update
`,
	Questions: []string{"updates.instructions"},
	Needs:     []string{"T8204"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		u := p.File.UpdatePolicy
		switch {
		case u == nil:
			return noPolicy(true)
		case flawed(p, u, "instructions"):
			return onUpdates(p, "instructions", nil)
		case !u.Instructions.OK():
			return check.Answer{Missing: []string{"no `instructions`"}, At: u.Here(), Entity: u.ID}
		}
		a := onUpdates(p, "instructions", nil)
		d := u.Instructions.To
		if d.Status == statusPlanned {
			a.Missing = []string{d.ID + " is only planned"}
		}
		a.By = append(a.By, d)
		return a
	},
})

var _ = add(check.Rule{
	Code: "T8214", Severity: diag.Open,
	Title: "delivery of updates is not described",
	Why: "the guidance expects security updates to be tested and to reach users in time; a reviewer asks over which way, in which state " +
		"of device and patient, who starts them, what is tested before, and what happens when one fails",
	Fix: "write `over`, `preconditions`, `recovery`, `approval`, `notification` and `validation` under `update-policy:`",
	Bad: `
update-policy:
  signed: true
  recovery: The former version starts again.
`,
	Good: `
components:
  co-updater:
    title: Update service
    type: service
interfaces:
  if-update:
    title: Update service of the manufacturer
    component: co-updater
    medium: ethernet
    exposure: internet
update-policy:
  over: [if-update]
  preconditions: No patient is connected and the battery holds at least half its charge.
  recovery: The former version starts again.
  approval: The biomedical engineer starts the update at the device.
  notification: Release note by mail, and a sign on the screen.
  validation: Full regression test on each supported hardware.
`,
	Questions: []string{"updates.delivery"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		u := p.File.UpdatePolicy
		if u == nil {
			return noPolicy(false)
		}
		l := lacks(p, u)
		l.unless(len(u.Over) > 0, "over")
		l.unless(u.Preconditions != "", "preconditions")
		l.unless(u.Recovery != "", "recovery")
		l.unless(u.Approval != "", "approval")
		l.unless(u.Notification != "", "notification")
		l.unless(u.Validation != "", "validation")
		return onUpdates(p, "", l.missing())
	},
})

var _ = add(check.Rule{
	Code: "T8215", Severity: diag.Open,
	Title: "end of security support is not planned",
	Why:   "devices stay in use after support ends; operators must learn in time when that is and what to do then",
	Fix:   "write under `update-policy.end-of-support` who is told, when, and how the device is used or taken out of use afterwards",
	Bad: `
update-policy:
  signed: true
`,
	Good: `
update-policy:
  end-of-support: Operators are told two years ahead; afterwards the network is switched off or the device replaced.
`,
	Questions: []string{"updates.end-of-support"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		u := p.File.UpdatePolicy
		switch {
		case u == nil:
			return noPolicy(true)
		case u.EndOfSupport == "" && !flawed(p, u, "end-of-support"):
			return check.Answer{Missing: []string{"no `end-of-support`"}, At: u.Here(), Entity: u.ID}
		}
		return onUpdates(p, "end-of-support", nil)
	},
})
