package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// restrictive lists the capabilities of MDCG 2019-16 section 3.3 that keep
// something or somebody out, and so can keep care out as well (section 2.2).
var restrictive = []model.Capability{"alof", "auth", "mldp", "paut", "plok"}

var _ = add(check.Rule{
	Code: "T6303", Severity: diag.Open,
	Title:   "control whose effect on safety nobody judged",
	Clauses: []string{"mdcg.3.3.i6", "mdcg.2.2.i3", "ig-nb.3.5"},
	Why: "a lock, a login or a malware scan can stand between staff and patient; for each security measure the file shows that " +
		"safety and performance still hold",
	Fix: "state `safety-effect.possible:` true with the hazardous situations that cover it, or false with the reason under `why`",
	Bad: `
controls:
  ct-lock: # want T6303
    title: Screen locks when idle
    priority: protective
    capabilities: [alof]
  ct-tls:
    title: Mutual TLS
    priority: protective
    safety-effect:
      possible: false # want T6303
`,
	Good: `
hazards:
  hz-unavailable:
    title: Device not operable
situations:
  hs-locked-out:
    title: Staff cannot operate the device in an emergency
    hazard: hz-unavailable
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    capabilities: [alof]
    safety-effect:
      possible: true
      situations: [hs-locked-out]
  ct-tls:
    title: Mutual TLS
    priority: protective
    safety-effect:
      possible: false
      why: The link carries messages to the ward only; therapy and alarms work without it.
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Controls {
			switch e := c.SafetyEffect; {
			case e.Possible == model.No && e.Why == "" && !flawed(p, c, "safety-effect.why"):
				p.Report(c, "safety-effect.possible", "control %q is said not to affect safety, without a reason", c.ID)
			case !e.Possible.Known() && c.Priority != "information":
				if names := restricts(c); len(names) > 0 {
					p.ReportAbsent(c, []string{"safety-effect.possible"}, "control %q restricts use (%s), and its effect on safety is not stated", c.ID, strings.Join(names, ", "))
				}
			}
		}
	},
})

// restricts names the restrictive capabilities of a control.
func restricts(c *model.Control) []string {
	var names []string
	for _, capability := range c.Capabilities {
		if slices.Contains(restrictive, capability) {
			names = append(names, string(capability))
		}
	}
	return names
}

var _ = add(check.Rule{
	Code: "T6304", Severity: diag.Error,
	Title:   "control that can affect safety, without a hazardous situation",
	Clauses: []string{"mdcg.3.2.i4", "mdcg.3.3.i6", "ig-nb.3.5"},
	Why: "a security control that can affect safety or effectiveness belongs into the safety risk assessment; the file says that " +
		"it can, and nothing there covers it",
	Fix: "carry the effect into the safety file and name its hazardous situations under `safety-effect.situations:`",
	Bad: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    capabilities: [alof]
    safety-effect:
      possible: true # want T6304
      why: Staff may have to log in while seconds count.
`,
	Good: `
hazards:
  hz-unavailable:
    title: Device not operable
situations:
  hs-locked-out:
    title: Staff cannot operate the device in an emergency
    hazard: hz-unavailable
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    capabilities: [alof]
    safety-effect:
      possible: true
      situations: [hs-locked-out]
      why: Staff may have to log in while seconds count.
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Controls {
			if e := c.SafetyEffect; e.Possible == model.Yes && len(e.Situations) == 0 && !flawed(p, c, "safety-effect.situations") {
				p.Report(c, "safety-effect.possible", "control %q can affect safety, and no hazardous situation covers it", c.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6305", Severity: diag.Error,
	Title:   "control said to be harmless, with hazardous situations",
	Clauses: []string{"mdcg.3.3.i6", "ig-nb.3.5"},
	Why:     "a control that cannot affect safety needs no hazardous situation; one of the two statements is untrue",
	Fix:     "say `possible: true`, or remove the situations",
	Bad: `
hazards:
  hz-unavailable:
    title: Device not operable
situations:
  hs-locked-out:
    title: Staff cannot operate the device in an emergency
    hazard: hz-unavailable
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    safety-effect:
      possible: false # want T6305
      situations: [hs-locked-out]
      why: Therapy can always be stopped.
`,
	Good: `
hazards:
  hz-unavailable:
    title: Device not operable
situations:
  hs-locked-out:
    title: Staff cannot operate the device in an emergency
    hazard: hz-unavailable
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    safety-effect:
      possible: true
      situations: [hs-locked-out]
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Controls {
			if e := c.SafetyEffect; e.Possible == model.No && len(e.Situations) > 0 {
				p.Report(c, "safety-effect.possible", "control %q is said not to affect safety, and names %s", c.ID, e.Situations[0].ID).
					Relate(c, "safety-effect.situations", "hazardous situations that cover it")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6306", Severity: diag.Error,
	Title:   "control that lowers the risk it brings",
	Clauses: []string{"ig-nb.3.7", "mdcg.3.3.i6"},
	Why: "controls are checked for new or raised risks, and such a risk needs another control; one that is its own remedy hides " +
		"the new risk",
	Fix: "name the control that deals with the new risk, or remove the risk from `introduces:`",
	Bad: `
threats:
  th-lockout:
    title: Accounts locked on purpose
    category: denial-of-service
controls:
  ct-lockout:
    title: Account locks after failed logins
    priority: protective
    introduces: [rk-lockout] # want T6306
risks:
  rk-lockout:
    title: Staff locked out by an attacker
    threats: [th-lockout]
    controls: [ct-lockout]
`,
	Good: `
threats:
  th-lockout:
    title: Accounts locked on purpose
    category: denial-of-service
controls:
  ct-lockout:
    title: Account locks after failed logins
    priority: protective
    introduces: [rk-lockout]
  ct-stop-key:
    title: Stop key works without login
    priority: design
risks:
  rk-lockout:
    title: Staff locked out by an attacker
    threats: [th-lockout]
    controls: [ct-stop-key]
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Controls {
			for i, r := range c.Introduces {
				if r.OK() && model.Refers(r.To.Controls, c.ID) {
					p.Report(c, indexed("introduces", i), "control %q brings risk %q and is named as its control", c.ID, r.ID).
						Relate(r.To, "controls", "named as control here")
				}
			}
		}
	},
})
