package main

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/bundle"
	"theriac/report"
)

// auditText writes a report for people: the verdict, what was not verified, what
// was.
func auditText(w io.Writer, s screen, r *bundle.Report) error {
	p := &auditPage{newPage(s), r}
	p.head()
	p.chain()
	p.excused()
	p.faults()
	p.notLooked()
	p.signers()
	p.approvals()
	p.requirements()
	p.evidence()
	return p.show(s, w)
}

// auditPage is a page on which what a bundle says is made safe for a terminal.
type auditPage struct {
	*page
	r *bundle.Report
}

func (p *auditPage) head() {
	if p.r.Notice != "" {
		p.item(0, "", p.r.Notice)
		p.line("")
	}
	verdict, colour := "NOT VERIFIED", lipgloss.Red
	if p.r.Verified {
		verdict, colour = "VERIFIED", lipgloss.Green
	}
	b := p.r.Bundle
	what := "the bundle cannot be read"
	if b.Product != "" {
		what = report.Clean(fmt.Sprintf("%s, release %s", b.Product, b.Release.Version))
	}
	p.line(p.style(lipgloss.NewStyle().Bold(true).Foreground(colour), verdict) + "  " + what)
	p.line("")
	p.text(0, auditMeaning)
	p.line("")
	p.field("judged", fmt.Sprintf("on %s by theriac %s", p.r.Date, p.r.Theriac))
	if b.Product != "" {
		p.field("bundle", report.Clean(fmt.Sprintf("dated %s, made by theriac %s, as it says itself; %s, %s", b.Made, b.Theriac, amount(b.Files, "file"), bundle.Bytes(b.Bytes))))
		p.field("manifest", "sha256 "+b.SHA256)
	}
	for _, a := range b.Artefacts {
		p.field("artefact", report.Clean(a.Path+" "+a.Digest))
	}
	for _, k := range p.r.Trusted {
		p.field("trusted", trustedWords(k))
	}
}

// auditMeaning says what a verdict means, to people who read nothing else.
const auditMeaning = "This says that what was signed is whole, and was signed by those whom the trusted key vouches for. " +
	"It does not say that the device is safe, or conforms. Compare the id of the trusted key with the one that you were given by another way."

func trustedWords(k bundle.TrustedKey) string {
	text := fmt.Sprintf("key %s (%s)", k.Key, report.Clean(k.From))
	if k.Signer != "" {
		text += ", signer " + report.Clean(k.Signer)
	}
	return text
}

// linkMarks are the states of links in a column.
var linkMarks = map[bundle.LinkState]string{bundle.Holds: "holds", bundle.Broken: "BROKEN", bundle.NotReached: "not reached", bundle.Unvouched: "not shown"}

func (p *auditPage) chain() {
	p.heading("Chain")
	for i, l := range p.r.Links {
		text := l.Asks
		switch {
		case l.Shown != "":
			text = report.Clean(l.Shown)
		case len(l.Faults) > 0:
			text = report.Clean(firstFault(l))
		}
		p.item(2, fmt.Sprintf("%d %-10s %-12s", i+1, l.Name, linkMarks[l.State]), text)
	}
}

// firstFault is what broke a link, in short.
func firstFault(l bundle.Link) string {
	text := l.Faults[0]
	if r := []rune(text); len(r) > 160 {
		text = string(r[:159]) + "…"
	}
	if more := len(l.Faults) - 1; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// excused lists the failures that stand, right below the chain.
func (p *auditPage) excused() {
	var all []string
	for _, e := range p.r.Excused {
		all = append(all, excusedWords(e))
	}
	p.list("Failures that stand under an accepted risk", all)
}

func excusedWords(e bundle.ExcusedLine) string {
	text := fmt.Sprintf("%s of %s", e.Failure, e.Verification)
	if e.Severity != "" {
		text += ", " + string(e.Severity)
	}
	if e.Title != "" && e.Title != e.Failure {
		text += ": " + e.Title
	}
	text += fmt.Sprintf(". Risk %s, accepted by %s on %s", e.Risk, e.AcceptedBy, e.Accepted)
	if e.Reason != "" {
		text += ". " + oneLine(e.Reason)
	}
	return text
}

// shownFaults is how many faults of a link people read.
const shownFaults = 25

func (p *auditPage) faults() {
	if p.r.Verified {
		p.notes()
		return
	}
	p.heading("Not verified")
	for _, l := range p.r.Links {
		if l.State != bundle.Broken {
			continue
		}
		p.item(2, string(l.Name)+": ", l.Asks)
		for _, f := range l.Faults[:min(len(l.Faults), shownFaults)] {
			p.item(4, "- ", report.Clean(f))
		}
		if more := len(l.Faults) - shownFaults; more > 0 {
			p.text(4, fmt.Sprintf("and %d more; --format json lists all", more))
		}
		if l.Name == bundle.Checked {
			p.findings()
		}
	}
	p.notes()
}

func (p *auditPage) findings() {
	for i, f := range p.r.Findings {
		if i == shownFaults {
			p.text(4, fmt.Sprintf("and %d more; --format json lists all", len(p.r.Findings)-i))
			return
		}
		p.item(4, "- ", report.Clean(findingWords(f)))
	}
}

func findingWords(f bundle.FindingLine) string {
	text := f.Severity + " " + f.Code + ": " + f.Message
	if f.Place != "" {
		text = f.Place + ": " + text
	}
	if f.Variant != "" {
		text += " [variant " + f.Variant + "]"
	}
	return text
}

func (p *auditPage) notes() {
	var all []string
	for _, l := range p.r.Links {
		for _, n := range l.Notes {
			all = append(all, string(l.Name)+": "+n)
		}
	}
	p.list("Notes", all)
}

func (p *auditPage) notLooked() { p.list("Not looked at", p.r.NotLooked) }

func (p *auditPage) list(heading string, all []string) {
	if len(all) == 0 {
		return
	}
	p.heading(heading)
	for _, text := range all {
		p.item(2, "- ", report.Clean(text))
	}
}

func (p *auditPage) signers() {
	if len(p.r.Signers) == 0 {
		return
	}
	p.heading("Signed by")
	for _, s := range p.r.Signers {
		p.item(2, "- ", report.Clean(signerWords(s)))
	}
}

// signerName is the printed name, with the organisation where it does not say so.
func signerName(s bundle.SignerUse) string {
	if s.Organisation == "" || strings.Contains(s.Name, s.Organisation) {
		return s.Name
	}
	return s.Name + ", " + s.Organisation
}

func signerWords(s bundle.SignerUse) string {
	var what []string
	if s.Statements > 0 {
		what = append(what, amount(s.Statements, "statement"))
	}
	if s.Approvals > 0 {
		what = append(what, amount(s.Approvals, "approval"))
	}
	when := s.First
	if s.Last != s.First {
		when += " to " + s.Last
	}
	var keys []string
	for _, k := range s.Keys {
		keys = append(keys, shortKey(k))
	}
	return fmt.Sprintf("%s (%s, %s): %s, %s; key %s", signerName(s), s.ID, s.Type, strings.Join(what, ", "), when, strings.Join(keys, ", "))
}

func shortKey(id string) string { return id[:min(16, len(id))] }

func (p *auditPage) approvals() {
	if len(p.r.Approvals) == 0 {
		return
	}
	p.heading("Approvals")
	for _, a := range p.r.Approvals {
		p.item(2, fmt.Sprintf("%-8s ", a.State), report.Clean(approvalWords(a)))
	}
}

func approvalWords(a bundle.ApprovalLine) string {
	text := fmt.Sprintf("%s %s by %s (%s), %s%s", a.Subject, a.Meaning, a.Name, a.Role, dayOf(a.Signed), stampWords(a.Stamped))
	if a.Subject == "" {
		text = a.Path
	}
	if a.State != bundle.Valid && len(a.Reasons) > 0 {
		text += ": " + strings.Join(a.Reasons, "; ")
	}
	return text
}

// dayOf is the day of a time in RFC 3339.
func dayOf(at string) string { return at[:min(len(at), len("2006-01-02"))] }

func stampWords(at string) string {
	if at == "" {
		return ""
	}
	return ", time stamp " + at
}

func (p *auditPage) requirements() {
	met := 0
	for _, r := range p.r.Requirements {
		if r.State == "passed" {
			met++
		}
	}
	if len(p.r.Requirements) > 0 {
		p.heading("Requirements")
		p.text(2, fmt.Sprintf("%d of %d are shown to be met", met, len(p.r.Requirements)))
	}
	for _, r := range p.r.Requirements {
		if r.State != "passed" {
			p.item(2, "- ", report.Clean(fmt.Sprintf("%s %s: %s", r.ID, r.Title, r.State)))
		}
	}
}

func (p *auditPage) evidence() {
	if len(p.r.Evidence) == 0 {
		return
	}
	p.heading("Evidence")
	for _, e := range p.r.Evidence {
		p.item(2, e.ID+"  ", report.Clean(evidenceWords(e)))
		for _, v := range e.For {
			p.item(4, fmt.Sprintf("%-17s", verdictState(v)), report.Clean(verdictWord(v)))
		}
		for _, why := range e.Reasons {
			p.item(4, "- ", report.Clean(why))
		}
	}
}

func evidenceWords(e bundle.EvidenceLine) string {
	if e.Kind == "" {
		return e.Path
	}
	var by []string
	for _, s := range e.Signatures {
		by = append(by, fmt.Sprintf("%s (key %s)%s", s.Signer, shortKey(s.Key), stampWords(s.Stamped)))
	}
	if len(by) == 0 {
		by = []string{"nobody of the roster"}
	}
	text := fmt.Sprintf("%s of %s, signed by %s", e.Kind, dayOf(e.Finished), strings.Join(by, " and "))
	if e.Inputs > 0 {
		text += fmt.Sprintf("; %s, %s", amount(e.Inputs, "raw input"), bundle.Bytes(e.InputBytes))
	}
	return text
}

// verdictState is how a statement stands; one that newer evidence replaces does
// not decide.
func verdictState(v bundle.VerdictLine) string {
	if v.Replaced != "" {
		return "replaced"
	}
	return string(v.State)
}

func verdictWord(v bundle.VerdictLine) string {
	text := v.Verification
	if v.Replaced != "" {
		text += ": " + string(v.State) + ", and newer evidence " + v.Replaced + " decides"
	}
	if len(v.Reasons) > 0 {
		text += ": " + strings.Join(v.Reasons, "; ")
	}
	return text
}
