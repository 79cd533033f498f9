package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T8201", Severity: diag.Error,
	Title:   "device installs updates that nobody signed",
	Clauses: []string{"sota.signed-updates", "62443-4-1.sum-4", "62443-4-2.edr-hdr-ndr-3.10"},
	Why: "whoever can reach the update function can replace the software of the device, and every other control with it; signed " +
		"updates are the state of the art",
	Fix: "let the device verify the manufacturer's signature before it installs anything, and state `signed: true` with the `key`",
	Bad: `
update-policy:
  signed: false # want T8201
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
	Run: func(p *check.Pass) {
		if u := p.File.UpdatePolicy; u != nil && u.Signed == model.No {
			p.Report(u, "signed", "the device installs updates that are not signed")
		}
	},
})

var _ = add(check.Rule{
	Code: "T8202", Severity: diag.Error,
	Title:   "updates are signed with a key made for something else",
	Clauses: []string{"sota.signed-updates", "62443-4-1.sm-8", "62443-4-2.cr-4.3"},
	Why: "a key that also opens connections or encrypts data is held and used by more parties than one that signs releases; its " +
		"theft would let others make updates",
	Fix: "sign updates with a key of `purpose: code-signing`, or correct the purpose of the key",
	Bad: `
keys:
  key-cloud:
    title: Key of the cloud connection
    purpose: tls
update-policy:
  signed: true
  key: key-cloud # want T8202
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
	Run: func(p *check.Pass) {
		u := p.File.UpdatePolicy
		if u == nil || !u.Key.OK() || u.Key.To.Purpose == "code-signing" || u.Key.To.Purpose == "" {
			return
		}
		p.Report(u, "key", "updates are signed with %q, whose purpose is %s", u.Key.ID, u.Key.To.Purpose).Relate(u.Key.To, "purpose", "purpose stated here")
	},
})

var _ = add(check.Rule{
	Code: "T8203", Severity: diag.Warning,
	Title:   "device accepts older, vulnerable versions",
	Clauses: []string{"sota.rollback-protection"},
	Why:     "an old release keeps its valid signature; whoever can install it gets back every vulnerability that was mended since",
	Fix: "refuse versions older than a security baseline and state `rollback-protection: true`, or waive the finding with the reason why " +
		"older versions must stay installable",
	Bad: `
update-policy:
  signed: true
  rollback-protection: false # want T8203
`,
	Good: `
update-policy:
  signed: true
  rollback-protection: true
`,
	Run: func(p *check.Pass) {
		if u := p.File.UpdatePolicy; u != nil && u.Rollback == model.No {
			p.Report(u, "rollback-protection", "the device accepts versions older than its security baseline")
		}
	},
})

// instructionTypes are the documents in which operators look for the steps of
// an update.
var instructionTypes = []model.DocumentType{"update-instructions", "ifu", "security-guide"}

var _ = add(check.Rule{
	Code: "T8204", Severity: diag.Warning,
	Title:   "update instructions stand in a document that operators do not get",
	Clauses: []string{"mdcg.ifu.update-steps", "62443-4-1.sum-2"},
	Why:     "the steps to deploy security updates are for the operator; an internal document does not reach the people who carry them out",
	Fix:     "name update instructions, instructions for use or a security guide under `instructions`",
	Bad: `
documents:
  doc-procedure:
    title: Release procedure
    type: procedure
update-policy:
  instructions: doc-procedure # want T8204
`,
	Good: `
documents:
  doc-update:
    title: Update instructions
    type: update-instructions
update-policy:
  instructions: doc-update
`,
	Run: func(p *check.Pass) {
		u := p.File.UpdatePolicy
		if u == nil || !u.Instructions.OK() {
			return
		}
		if d := u.Instructions.To; d.Type != "" && !slices.Contains(instructionTypes, d.Type) {
			p.Report(u, "instructions", "update instructions are said to stand in %q, which is of type %s", d.ID, d.Type).Relate(d, "type", "type stated here")
		}
	},
})

var _ = add(check.Rule{
	Code: "T8205", Severity: diag.Warning,
	Title:   "anybody can offer updates to the device",
	Clauses: []string{"mdcg.cap.naut", "mdcg.cap.auth", "62443-4-2.cr-1.2"},
	Why: "even where the device refuses what is not signed, an open door lets strangers fill its storage, replay old releases and try " +
		"every parser in front of the signature check",
	Fix: "authenticate who may offer updates, let the device fetch them itself, or take the interface out of `update-policy.over`",
	Bad: `
components:
  co-updater:
    title: Update service
    type: service
interfaces:
  if-update:
    title: Update port
    component: co-updater
    medium: ethernet
    purpose: update
    direction: in
    exposure: site
    authentication: none
update-policy:
  signed: true
  over: [if-update] # want T8205
`,
	Good: `
components:
  co-updater:
    title: Update service
    type: service
interfaces:
  if-update:
    title: Update port
    component: co-updater
    medium: ethernet
    purpose: update
    direction: in
    exposure: site
    authentication: mutual-tls
update-policy:
  signed: true
  over: [if-update]
`,
	Run: func(p *check.Pass) {
		u := p.File.UpdatePolicy
		if u == nil {
			return
		}
		for n, r := range u.Over {
			if i := r.To; r.OK() && i.Exposure.Remote() && i.Authentication == "none" && i.Direction != "out" && i.State != "disabled" {
				p.Report(u, "over."+itoa(n), "updates come over %q, on which nobody has to authenticate", i.ID).Relate(i, "authentication", "stated here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8206", Severity: diag.Error,
	Title:   "updates come over a debug interface",
	Clauses: []string{"sota.secure-debug", "62443-4-2.edr-hdr-ndr-2.13"},
	Why:     "a debug interface that is open in the field for updates is open to everybody who opens the housing, and bypasses the signature check",
	Fix:     "update over a service or update interface, and close debug access in the shipped device",
	Bad: `
components:
  co-mcu:
    title: Motor controller
    type: firmware
interfaces:
  if-jtag:
    title: JTAG header
    component: co-mcu
    medium: debug
    exposure: physical
update-policy:
  over: [if-jtag] # want T8206
`,
	Good: `
components:
  co-mcu:
    title: Motor controller
    type: firmware
interfaces:
  if-service:
    title: Service port
    component: co-mcu
    medium: usb
    exposure: physical
update-policy:
  over: [if-service]
`,
	Run: func(p *check.Pass) {
		u := p.File.UpdatePolicy
		if u == nil {
			return
		}
		for n, r := range u.Over {
			if r.OK() && (r.To.Medium == "debug" || r.To.Purpose == "debug") {
				p.Report(u, "over."+itoa(n), "updates come over %q, which is a debug interface", r.ID).Relate(r.To, "medium", "stated here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8207", Severity: diag.Warning,
	Title:   "update interface that the update policy does not mention",
	Clauses: []string{"sota.signed-updates"},
	Why:     "what the policy promises about signatures and rollback may not hold on a way that it does not know",
	Fix:     "name the interface under `update-policy.over`, or correct its `purpose`",
	Bad: `
components:
  co-updater:
    title: Update service
    type: service
interfaces:
  if-stick:
    title: Port for update sticks
    component: co-updater
    medium: removable-media
    purpose: update # want T8207
    exposure: physical
update-policy:
  signed: true
`,
	Good: `
components:
  co-updater:
    title: Update service
    type: service
interfaces:
  if-stick:
    title: Port for update sticks
    component: co-updater
    medium: removable-media
    purpose: update
    exposure: physical
update-policy:
  signed: true
  over: [if-stick]
`,
	Run: func(p *check.Pass) {
		u := p.File.UpdatePolicy
		if u == nil || flawed(p, u, "over") {
			return
		}
		for _, i := range p.File.Interfaces {
			if i.Purpose == "update" && i.State != "disabled" && i.Exposure.External() && !model.Refers(u.Over, i.ID) {
				p.Report(i, "purpose", "interface %q is for updates, and the update policy does not name it", i.ID)
			}
		}
	},
})
