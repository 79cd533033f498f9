package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T5004", Severity: diag.Error,
	Title:   "outdated version of TLS",
	Clauses: []string{"sota.transport-protection", "62443-4-2.cr-4.3"},
	Why:     "SSL 3.0, TLS 1.0 and TLS 1.1 are withdrawn (RFC 7568, RFC 8996); an attacker on the way can break or downgrade the connection",
	Fix:     "use TLS 1.3, or 1.2 at the least; say in words when old versions are off",
	Bad: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.0 # want T5004
`,
	Good: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.2 or tls-1.3; TLS 1.0 and 1.1 are off
`,
	Run: func(p *check.Pass) {
		for _, t := range cryptoTexts(p.File) {
			if old, ok := outdatedTLS(t.text); ok {
				p.Report(t.of, t.field, "%s uses %s", model.Label(t.of), old)
			}
		}
		if pol := p.File.Policy; pol != nil && pol.Crypto.MinTLS != "" {
			text := pol.Crypto.MinTLS
			if !strings.Contains(strings.ToLower(text), "tls") && !strings.Contains(strings.ToLower(text), "ssl") {
				text = "tls-" + strings.TrimPrefix(text, "v")
			}
			if old, ok := outdatedTLS(text); ok {
				p.Report(pol, "cryptography.min-tls", "the policy allows %s", old)
			}
		}
	},
})

func outdatedTLS(text string) (model.Protocol, bool) {
	found := model.Transports(text)
	if n := slices.IndexFunc(found, model.Protocol.Broken); n >= 0 {
		return found[n], true
	}
	return model.Protocol{}, false
}

var _ = add(check.Rule{
	Code: "T5005", Severity: diag.Open,
	Title:   "version of TLS is not stated",
	Clauses: []string{"sota.transport-protection"},
	Why:     "TLS can mean a withdrawn version or a sound one; a reviewer asks for the lowest that is accepted",
	Fix:     "write the version, for example `tls-1.3` or `tls-1.2 or tls-1.3`, or set `policy.cryptography.min-tls`",
	Bad: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls # want T5005
`,
	Good: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.2 or tls-1.3
`,
	Run: func(p *check.Pass) {
		if p.File.Policy != nil && p.File.Policy.Crypto.MinTLS != "" {
			return // the policy holds for all
		}
		for _, t := range cryptoTexts(p.File) {
			found := model.Transports(t.text)
			versioned := slices.ContainsFunc(found, func(v model.Protocol) bool { return v.Version != "" || v.Broken() })
			if t.field == "encryption" && len(found) > 0 && !versioned {
				p.Report(t.of, t.field, "%s uses %s without saying which version", model.Label(t.of), found[0])
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5014", Severity: diag.Open,
	Title:   "encrypted interface without keys",
	Clauses: []string{"sota.key-life-cycle", "62443-4-2.cr-1.9"},
	Why:     "encryption is as good as its keys; without them nobody can tell who holds them, how they are renewed and what happens when one is lost",
	Fix:     "describe the keys and certificates under `keys:` and name them at the interface",
	Bad: exampleSides + `
keys:
  k-data:
    title: Data key
    purpose: storage
interfaces:
  if-hl7: # want T5014
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.3
`,
	Good: exampleSides + `
keys:
  k-device:
    title: Device certificate
    purpose: tls
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.3
    keys: [k-device]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Keys) == 0 {
			return // the question for keys speaks
		}
		for _, i := range p.File.Interfaces {
			if i.Used() && i.Exposure.External() && i.Confidential() == model.Yes && len(i.Keys) == 0 {
				p.ReportAbsent(i, []string{"keys"}, "interface %q is encrypted and names no key", i.ID)
			}
		}
	},
})
