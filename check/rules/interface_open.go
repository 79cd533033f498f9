package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3221", Severity: diag.Error,
	Title:   "debug interface is on in the shipped device",
	Clauses: []string{"sota.secure-debug", "62443-4-2.edr-hdr-ndr-2.13", "mdcg.cap.sahd", "mdr.annex-i.18.8"},
	Why:     "JTAG, SWD and consoles go around every control; an interface that does not say otherwise counts as on",
	Fix:     "state `state: disabled` and see to it in production, or `service-only` with an authentication of its own",
	Bad: exampleSides + `
interfaces:
  if-jtag: # want T3221
    title: JTAG header
    component: co-gateway
    medium: debug
    exposure: physical
`,
	Good: exampleSides + `
interfaces:
  if-jtag:
    title: JTAG header
    component: co-gateway
    medium: debug
    exposure: physical
    state: disabled
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if !i.Open() || i.Medium != "debug" && i.Purpose != "debug" {
				continue
			}
			if i.State == "enabled" {
				p.Report(i, "state", "debug interface %q is on in the shipped device", i.ID)
			} else {
				p.ReportAbsent(i, []string{"state"}, "debug interface %q does not say that it is off, so it is on", i.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3222", Severity: diag.Warning,
	Title:   "service access is always on",
	Clauses: []string{"sota.least-functionality", "62443-4-2.cr-7.7", "mdcg.cap.sahd"},
	Why:     "service functions are seldom needed and go deep; while they can be reached at all times, so can their weaknesses",
	Fix:     "open it only in service mode (`state: service-only`), or give a `justification`",
	Bad: exampleSides + `
interfaces:
  if-service:
    title: Service access
    component: co-gateway
    medium: ethernet
    purpose: service # want T3222
    direction: in
    exposure: site
`,
	Good: exampleSides + `
interfaces:
  if-service:
    title: Service access
    component: co-gateway
    medium: ethernet
    purpose: service
    direction: in
    exposure: site
    state: service-only
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if !i.Open() || i.Purpose != "service" || !i.Component.OK() || !mayBeOnDevice(i.Component.To) {
				continue
			}
			remote := i.Exposure == "site" || i.Exposure == "internet"
			switch inward := i.Direction == "in" || i.Direction == "both"; {
			case remote && inward:
				p.Report(i, "purpose", "service interface %q can be reached from the network at all times", i.ID).Justify(i.Justification)
			case i.Exposure == "physical" && (i.Medium == "usb" || i.Medium == "serial" || i.Medium == "removable-media"):
				p.Report(i, "purpose", "service interface %q is open at all times to whoever touches the device", i.ID).Justify(i.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3223", Severity: diag.Warning,
	Title:   "interface that no flow uses",
	Clauses: []string{"ig-nb.2.2", "sota.least-functionality"},
	Why:     "either the interface is not needed and should be off, or the flows over it, and with them their threats, are missing",
	Fix:     "add the flows that go over it, or state `state: disabled`",
	Bad: exampleSides + `
interfaces:
  if-radio: # want T3223
    title: Bluetooth
    component: co-gateway
    medium: bluetooth
    exposure: local
flows:
  fl-status:
    title: Status
    from: co-gateway
    to: ac-ward
`,
	Good: exampleSides + `
interfaces:
  if-radio:
    title: Bluetooth
    component: co-gateway
    medium: bluetooth
    exposure: local
flows:
  fl-status:
    title: Status
    from: co-gateway
    to: ac-ward
    over: [if-radio]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Flows) == 0 || flawedIn(p, p.File.Flows, "over") {
			return
		}
		used := map[*model.Interface]bool{}
		for _, f := range p.File.Flows {
			for i := range model.Targets(f.Over) {
				used[i] = true
			}
		}
		for _, i := range p.File.Interfaces {
			// A link carries the services over it; power carries no data.
			if i.Open() && i.Exposure.External() && !used[i] && !i.Admission() && i.Medium != "power" && i.Medium != "debug" {
				p.ReportAbsent(i, []string{"state"}, "no flow uses interface %q, which is on", i.ID)
			}
		}
	},
})

// outdated are protocols that protect nothing by themselves. Those that are
// always unsafe have known weaknesses whatever they run in.
var outdated = lazyregexp.New(`(?i)(?:^|[^a-z0-9])(telnet|tftp|ftp|http|rsh|rlogin|rexec|rexecd|vnc|rfb|pop3|snmp[- ]?v?[12]c?|smb[- ]?v?1|cifs)(?:$|[^a-z0-9]|/|[-/ ]?[0-9])`)

var alwaysUnsafe = lazyregexp.New(`(?i)^(snmp|smb|cifs|rsh|rlogin|rexec)`)

var _ = add(check.Rule{
	Code: "T3224", Severity: diag.Error,
	Title:   "outdated or clear-text protocol",
	Clauses: []string{"sota.transport-protection", "62443-4-2.cr-7.7", "mdcg.cap.sahd"},
	Why:     "Telnet, FTP, plain HTTP, SNMP before version 3, SMB 1 and their like send passwords and data in clear or are known to be broken",
	Fix:     "use the successor (SSH, SFTP, HTTPS, SNMPv3, SMB 3), or wrap the protocol in TLS and state it under `encryption:`",
	Bad: exampleSides + `
interfaces:
  if-files:
    title: File transfer
    component: co-gateway
    medium: ethernet
    protocol: ftp # want T3224
    exposure: site
`,
	Good: exampleSides + `
interfaces:
  if-files:
    title: File transfer
    component: co-gateway
    medium: ethernet
    protocol: sftp over ssh-2
    exposure: site
    encryption: ssh
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if !i.Used() || !i.Exposure.External() {
				continue
			}
			if name := unsafeProtocol(i); name != "" {
				p.Report(i, "protocol", "interface %q uses %s", i.ID, name)
			}
		}
	},
})

// unsafeProtocol names an outdated protocol of the interface, or "". Encryption
// around it mends one that is merely in clear.
func unsafeProtocol(i *model.Interface) string {
	for _, s := range model.Assertions(i.Protocol) {
		m := outdated.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		wrapped := i.Confidential() == model.Yes || strings.Contains(strings.ToLower(i.Protocol), "https") || len(model.Transports(i.Protocol)) > 0
		if alwaysUnsafe.MatchString(m[1]) || !wrapped {
			return strings.ToLower(m[1])
		}
	}
	return ""
}
