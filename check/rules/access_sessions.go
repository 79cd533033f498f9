package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T4007", Severity: diag.Error,
	Title:   "session stays open longer than the policy allows",
	Clauses: []string{"mdcg.cap.alof", "sota.session-lock", "62443-4-2.cr-2.5"},
	Why:     "the manufacturer's own limit and the role contradict each other; one of the two documents would be untrue",
	Fix:     "shorten `auto-logoff:` of the role, or give a `justification` and raise the limit for all",
	Bad: `
policy:
  session:
    idle-limit: 10 minutes
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
    auto-logoff: 30 minutes # want T4007
`,
	Good: `
policy:
  session:
    idle-limit: 10 minutes
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
    auto-logoff: 5 minutes
`,
	Run: func(p *check.Pass) {
		limit := idleLimit(p)
		if limit.Span() == 0 {
			return
		}
		for _, r := range p.File.Roles {
			if r.AutoLogoff.Longer(limit) {
				p.Report(r, "auto-logoff", "role %q stays logged in for %s of idle time, and the policy allows %s", r.ID, r.AutoLogoff, limit).
					Relate(p.File.Policy, "session.idle-limit", "the limit")
			}
		}
	},
})

func idleLimit(p *check.Pass) model.Duration {
	if p.File.Policy == nil {
		return model.Duration{}
	}
	return p.File.Policy.Session.IdleLimit
}

var _ = add(check.Rule{
	Code: "T4008", Severity: diag.Open,
	Title:   "end of idle sessions is not stated",
	Clauses: []string{"mdcg.cap.alof", "sota.session-lock", "62443-4-2.cr-2.5"},
	Why:     "whoever passes an open session acts in the name of somebody else; a reviewer asks after how long each role is logged off or locked",
	Fix:     "state `auto-logoff:` of the role, or `policy.session.idle-limit` for all",
	Bad: `
roles:
  role-nurse: # want T4008
    title: Ward nurse
    type: user
    authentication: badge
`,
	Good: `
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
    auto-logoff: 5 minutes
`,
	Run: func(p *check.Pass) {
		if !idleLimit(p).IsZero() {
			return
		}
		for _, r := range p.File.Roles {
			if logsIn(r) && r.AutoLogoff.IsZero() {
				p.ReportAbsent(r, []string{"auto-logoff"}, "role %q does not state after which idle time its session ends", r.ID).Justify(r.Justification)
			}
		}
	},
})

// logsIn reports whether people in the role have a session that can be left
// open.
func logsIn(r *model.Role) bool {
	switch {
	case r.Type == "node", r.Type == "emergency":
		return false
	case r.Authentication == "none", r.Authentication == "physical-presence":
		return false
	}
	return true
}
