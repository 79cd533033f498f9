package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/triage"
)

// sealedRecord is a device with a roster and a record of findings. What follows is the
// signature: `theriac.findings.sig (signed by KEY)` stands for one by a demonstration key.
var sealedRecord = proven + `-- theriac.findings --
theriac findings 1
day {"date":"2026-11-21"}
` + scanned + opensslFound

var _ = add(check.Rule{
	Code: "T8717", Severity: diag.Error,
	Title:   "record of findings that is not what was signed",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "62443-4-1.dm-3", "81001-5-1.9.4"},
	Why: "decisions, documents and time limits rest on the record; whoever takes a line out of it hides a vulnerability, and the signature is " +
		"what shows that nobody did",
	Fix:  "restore both files from version control, or scan and sign again: theriac vuln scan --record --key",
	Bad:  sealedRecord + "-- theriac.findings.sig (signed by test-lead, then altered) --\n# want T8717\n",
	Good: sealedRecord + "-- theriac.findings.sig (signed by test-lead) --\n\n",
	Run: func(p *check.Pass) {
		seal, err := p.Seal()
		if err != nil {
			p.ReportFile(triage.SealFile, "", "%s cannot be read: %v", triage.SealFile, err).Fix("make it readable")
			return
		}
		if len(seal.Faults) > 0 {
			p.ReportFile(triage.SealFile, "", "%s does not fit: %s", triage.SealFile, someOf(seal.Faults))
		}
	},
})

var _ = add(check.Rule{
	Code: "T8718", Severity: diag.Error,
	Title:   "record of findings that nobody signed, though it has to be",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "62443-4-1.dm-3", "81001-5-1.9.4"},
	Why:     "the manufacturer set that the record is signed; a line can be taken out of one that is not, and nobody would notice",
	Fix:     "scan and sign: theriac vuln scan --record --key",
	Bad:     strings.Replace(sealedRecord, "-- theriac.findings --", "vulnerability-handling:\n  signed-findings: true # want T8718\n-- theriac.findings --", 1),
	Good: strings.Replace(sealedRecord, "-- theriac.findings --", "vulnerability-handling:\n  signed-findings: true\n-- theriac.findings --", 1) +
		"-- theriac.findings.sig (signed by test-lead) --\n\n",
	Run: func(p *check.Pass) {
		v := p.File.VulnerabilityHandling
		if v == nil || v.Signed != model.Yes || p.File.Variant() != "" {
			return
		}
		seal, err := p.Seal()
		t := p.Triaged()
		switch {
		case err != nil || t.Err != nil || seal.There:
			// T8717 or T8710 speaks of it
		case t.Record.Empty() && len(t.Record.Findings) == 0:
			if len(p.File.InUse(p.Today)) > 0 {
				p.Report(v, "signed-findings", "releases are in the field, and there is no record of findings that somebody could have signed")
			}
		default:
			p.Report(v, "signed-findings", "nobody signed the findings recorded on %s", t.Record.Day)
		}
	},
})
