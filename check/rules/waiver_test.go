package rules

import (
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
)

// waiver is a security file with a shared account, which T4002 finds, and a
// waiver with the given lines.
func waiver(lines ...string) string {
	text := `roles:
  role-service:
    title: Service technician
    type: service
    authentication: multi-factor
    shared: true
waivers:
`
	return text + waiverEntry("wv-a", lines...)
}

func waiverEntry(id string, lines ...string) string {
	text := "  " + id + ":"
	for _, l := range lines {
		if strings.HasPrefix(l, "#") {
			text += " " + l
		} else {
			text += "\n    " + l
		}
	}
	return text + "\n"
}

func TestWaivers(t *testing.T) {
	const (
		code    = "code: T4002"
		reason  = "reason: The second account comes with release 2.1."
		owner   = "owner: Head of development"
		expires = "expires: 2027-03-31"
	)
	for _, m := range []marked{
		{"last day", "T2901", waiver(code, reason, owner, "expires: 2026-11-22")},
		{"day after", "T2901", waiver(code, reason, owner, "expires: 2026-11-21 # want T2901")},
		{"no such code", "T2902", waiver("code: T9999 # want T2902", reason, owner, expires)},
		{"retired code", "T2902", waiver("code: T7201 # want T2902", reason, owner, expires)},
		{"waiver of a waiver", "T2903", waiver("code: T2904 # want T2903", reason, owner, expires)},
		{"capability", "T2903", waiver("code: T2301", reason, owner, expires)},
		{"whole file", "T2904", waiver(code, reason, owner, expires)},
		{"expired ones have a rule of their own", "T2904", waiver("code: T4003", reason, owner, "expires: 2026-01-01")},
		{"so have unknown codes", "T2904", waiver("code: T9999", reason, owner, expires)},
		{"other entity", "T2904", "components:\n  co-a:\n    title: Board\n    type: hardware\n" +
			waiver("# want T2904", code, "entity: co-a", reason, owner, expires)},
		{"second waiver of one finding", "T2904", waiver(code, reason, owner, expires) + waiverEntry("wv-b", "# want T2904", code, reason, owner, expires)},
		{"meant for a variant", "T2904", "variants:\n  va-a:\n    title: Home\n" + waiver("code: T4005", reason, owner, expires)},
		{"a year to the day", "T2905", waiver(code, reason, owner, "expires: 2027-11-22")},
		{"a year and a day", "T2905", waiver(code, reason, owner, "expires: 2027-11-23 # want T2905")},
		{"in words", "T2906", waiver(code, reason, owner, expires)},
		{"see ticket", "T2906", waiver(code, "reason: see ticket 4711 # want T2906", owner, expires)},
	} {
		m.run(t)
	}
}

// TestWaiverOfQuestion sees that a waiver of an unanswered question counts as
// used.
func TestWaiverOfQuestion(t *testing.T) {
	file, _ := load(t, device("MDR", "IIb")+`waivers:
  wv-a:
    code: T1103
    reason: The UDI-DI is assigned at the end of the year.
    owner: Head of regulatory affairs
    expires: 2027-01-31
`)
	found := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{Find("T1103"), Find("T2904")}, Today: today}).Findings
	if len(found) != 1 || found[0].Code != "T1103" || found[0].Waiver == nil {
		t.Errorf("want one waived finding of T1103, got %s", messages(found))
	}
	if s := (diag.List)(found).Summary(); s.Waived != 1 || s.Warnings != 0 {
		t.Errorf("summary %+v", s)
	}
}
