package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
)

const riskPlanName = "risk-plan"

var _ = add(Definition{
	Name: riskPlanName, Title: "Security risk management plan",
	About: "scope, method, scales, acceptance criteria and duties of security risk management",
	Group: Submission, Order: 30, Types: []model.DocumentType{"risk-plan"},
	Make: makeRiskPlan,
})

// riskBook is what the documents on risk are made from.
type riskBook struct {
	*Book
	policy *model.Policy // nil where the file has none
	all    *risk.Assessment

	// For the report alone.
	derived  *threat.Derivation
	sections map[*model.Risk]string // ids of their sections
	of       map[*model.Risk]*risk.Assessed
	open     []openPoint
}

func newRiskBook(b *Book) *riskBook {
	return &riskBook{Book: b, policy: b.File.Policy, all: risk.Assess(b.File)}
}

func makeRiskPlan(book *Book) ([]*document.Section, error) {
	b := newRiskBook(book)
	matrix, err := b.planMatrix()
	if err != nil {
		return nil, err
	}
	return []*document.Section{
		b.planScope(), b.planResponsibilities(), b.planMethod(), matrix, b.planAcceptance(), b.planOverall(), b.planVerification(),
		b.planReview(), b.planFeedback(), b.planSafety(), b.planStandards(),
	}, nil
}

// planScope says of what device, in whose hands and for how long the plan speaks.
func (b *riskBook) planScope() *document.Section {
	p := b.File.Product
	s := b.Section("scope", b.Say("Scope"),
		b.cited(b.lawOf("3.a"), "This is the plan by which the manufacturer manages the security risks of the device: who does it, by which method and against which criteria"),
		b.Para("It covers security risks: what may go wrong on purpose, by misuse or by a failure in the surroundings, and touches confidentiality, integrity or availability. Where such a risk can harm people, it belongs to the safety risk management file as well."),
		b.productTable())
	f := b.factsOf(p)
	f.list(b.Say("Intended users"), "intended-users", wordsFor(p.IntendedUsers))
	f.prose(b.Say("Patients or test population"), "patients", p.Patients)
	f.list(b.Say("Environments of use"), "environments", p.Environments)
	f.list(b.Say("Reasonably foreseeable misuse"), "misuse", p.Misuse)
	f.add(b.Say("Expected lifetime"), "lifetime", b.Or(p.Lifetime.String()))
	f.add(b.Say("Security support after the last unit is placed on the market"), "support-period", b.Or(p.SupportPeriod.String()))
	s.Sections = append(s.Sections,
		b.Section("intended-purpose", b.Say("Intended purpose"), b.Prose(p, "intended-purpose", p.IntendedPurpose, b.Say("the intended purpose"))...),
		b.Section("use", b.Say("Use and life of the device"), f.terms),
		b.Section("parts", b.Say("Parts of the system that are looked at"), b.planParts(), document.P(document.Source{}, document.Span{Text: b.Say("They are described in") + " "}, At("security-architecture", "system-diagram"), document.Span{Text: "."})))
	return s
}

func wordsFor(users []model.User) (list []string) {
	for _, u := range users {
		list = append(list, meaningOf(u.Values(), string(u)))
	}
	return list
}

// planParts counts what the plan is about.
func (b *riskBook) planParts() *document.Table {
	f := b.File
	t := &document.Table{ID: "parts", Caption: b.Say("Parts of the system"), Columns: []document.Column{columnOf(b.Say("Kind"), 5), columnOf(b.Say("Number"), 1, document.Figure)}}
	for _, c := range []struct {
		name string
		n    int
	}{
		{"zones of trust", len(f.Zones)}, {"trust boundaries", len(f.Boundaries)}, {"components", len(f.Components)}, {"interfaces", len(f.Interfaces)},
		{"data flows", len(f.Flows)}, {"data stores", len(f.Stores)}, {"people and systems outside", len(f.Actors)}, {"roles", len(f.Roles)},
		{"cryptographic keys", len(f.Keys)}, {"assets", len(f.Assets)},
	} {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(sentenceCase(b.Say(c.name))), document.N(c.n)}})
	}
	return t
}

// planResponsibilities lists who does what.
func (b *riskBook) planResponsibilities() *document.Section {
	s := b.Section("responsibilities", b.Say("Responsibilities"), b.Para("The roles below take part in the management of security risk."))
	t := &document.Table{ID: "responsibilities", Caption: b.Say("Responsibilities and authorities"), Columns: []document.Column{columnOf(b.Say("Task"), 5), columnOf(b.Say("Role"), 5)}}
	add := func(source document.Source, task string, roles ...string) {
		if roles = slices.DeleteFunc(roles, func(r string) bool { return strings.TrimSpace(r) == "" }); len(roles) > 0 {
			t.Rows = append(t.Rows, document.Row{Source: source, Cells: []document.Cell{document.W(task), document.W(strings.Join(roles, ", "))}})
		}
	}
	p := b.File.Product
	add(b.From(p, "manufacturer", "prrc"), b.Say("Regulatory compliance"), p.Manufacturer.PRRC)
	for _, pr := range b.File.Processes {
		add(b.From(pr, "owner"), b.Say("Security process: %s", spaced(pr.Practice)), pr.Owner)
	}
	if v := b.File.VulnerabilityHandling; v != nil {
		add(b.From(v, "owner"), b.Say("Handling of vulnerabilities"), v.Owner)
	}
	if m := b.File.PostMarket; m != nil {
		add(b.From(m, "owner"), b.Say("Post-market surveillance of security"), m.Owner)
		add(b.From(m, "vigilance", "owner"), b.Say("Reporting of serious incidents"), m.Vigilance.Owner)
	}
	for _, who := range b.accepting() {
		add(b.From(who.by, "acceptance", "by"), b.Say("Acceptance of residual risks (%s)", plural(who.n, "risk", "risks")), who.role)
	}
	if b.policy != nil {
		for i, a := range b.policy.Approvals {
			add(document.Source{Entity: "policy", Field: "approvals", Path: b.From(b.policy).Path, Line: b.policy.At("approvals", i).Line},
				b.Say("Signed approval: %s, %s", spaced(a.Of), spaced(a.Meaning)), a.Roles...)
		}
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("who is responsible for the management of security risk"))))
	if !b.riskApproval() {
		s.Blocks = append(s.Blocks, b.Gap(b.policyEntity(), "approvals", b.Say("who has to sign decisions about risks")))
	}
	return s
}

// policyEntity is the policy as an entity; nil where there is none.
func (b *riskBook) policyEntity() model.Entity {
	if b.policy == nil {
		return nil
	}
	return b.policy
}

// riskApproval reports whether the policy asks for signatures under decisions about
// risks.
func (b *riskBook) riskApproval() bool {
	return b.policy != nil && slices.ContainsFunc(b.policy.Approvals, func(a model.ApprovalPolicy) bool { return a.Of == "risks" })
}

// acceptor is a role that accepted risks.
type acceptor struct {
	role string
	by   *model.Risk // the first of them
	n    int
}

// accepting lists the roles that accepted risks, in the order of the file.
func (b *riskBook) accepting() (list []acceptor) {
	for _, r := range b.File.Risks {
		if r.Acceptance.By == "" {
			continue
		}
		i := slices.IndexFunc(list, func(a acceptor) bool { return a.role == r.Acceptance.By })
		if i < 0 {
			list, i = append(list, acceptor{role: r.Acceptance.By, by: r}), len(list)
		}
		list[i].n++
	}
	return list
}

// planVerification says how controls are shown to work.
func (b *riskBook) planVerification() *document.Section {
	s := b.Section("verification", b.Say("Verification of controls"),
		b.Para("Each control of device or manufacturer is made concrete by security requirements. Each requirement is verified, and a control counts as shown when all verifications of its requirements passed. Controls that the operator or user provides are not verified here: the risk before them is stated by itself (after the controls of device and manufacturer alone), so that a reader sees what rests on them."))
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("Methods and results are in") + " "}, At("verification-report", ""), document.Span{Text: "."}))
	if b.policy == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("rules for evidence")))
		return s
	}
	e := b.policy.Evidence
	f := b.factsOf(b.policy)
	f.add(b.Say("Oldest evidence that counts"), "evidence.max-age", b.Or(e.MaxAge.String()))
	f.add(b.Say("Longest time between penetration tests"), "evidence.penetration-test", b.Or(e.PenetrationTest.String()))
	s.Blocks = append(s.Blocks, f.terms)
	t := &document.Table{ID: "signers", Caption: b.Say("Who may sign evidence"), Columns: []document.Column{columnOf(b.Say("Kind of evidence"), 4), columnOf(b.Say("Roles, one of which signs"), 4), columnOf(b.Say("Least distance from the authors"), 3)}}
	for i, g := range e.Signers {
		var kinds []string
		for _, k := range g.Kinds {
			kinds = append(kinds, spaced(k))
		}
		t.Rows = append(t.Rows, document.Row{
			Source: document.Source{Entity: "policy", Field: "evidence.signers", Path: b.From(b.policy).Path, Line: b.policy.At("evidence", "signers", i).Line},
			Cells:  []document.Cell{document.W(strings.Join(kinds, ", ")), document.W(strings.Join(g.Roles, ", ")), b.Or(meaningOf(g.Independence.Values(), string(g.Independence)))}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(b.policy, "evidence.signers", b.Say("who may sign evidence"))))
	return s
}

// planReview says when the risks are looked at again.
func (b *riskBook) planReview() *document.Section {
	s := b.Section("review", b.Say("Review"))
	if b.policy == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("when the risks are reviewed")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Prose(b.policy, "risk.review", b.policy.Risk.Review, b.Say("when the risks are reviewed"))...)
	s.Blocks = append(s.Blocks, b.Para("A threat, control or element that changes after somebody judged it makes the links to it suspect: derived threats are then to be judged anew, and approvals name what changed since they were signed."))
	f := b.factsOf(b.policy)
	for _, d := range []struct {
		name, field string
		of          model.Ref[*model.Document]
	}{{b.Say("Plan"), "risk.plan", b.policy.Risk.Plan}, {b.Say("Report"), "risk.report", b.policy.Risk.Report}} {
		c := b.Or("")
		if d.of.OK() {
			c = document.Lines(b.DocumentLine(d.of.To))
		}
		f.add(d.name, d.field, c)
	}
	s.Blocks = append(s.Blocks, f.terms)
	return s
}

// planFeedback says how information from production and from the field flows back.
func (b *riskBook) planFeedback() *document.Section {
	s := b.Section("post-market", b.Say("Production and post-production information"),
		b.cited(b.lawOf("3.e"), "Information from production and from the field is collected and judged for its effect on hazards, on how often they occur, on estimates, on overall risk and on the acceptability of risk"))
	m := b.File.PostMarket
	if m == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how information from the field flows back into risk management")))
	} else {
		f := b.factsOf(m)
		f.list(b.Say("Sources of information"), "sources", m.Sources)
		f.list(b.Say("What starts a reassessment of risk"), "indicators", m.Indicators)
		f.prose(b.Say("How findings flow back into risk management"), "feedback", m.Feedback)
		f.prose(b.Say("Trends"), "trend", m.Trend)
		f.prose(b.Say("Changes"), "change-control", m.ChangeControl)
		f.add(b.Say("Cycle of the report"), "cycle", b.Or(m.Cycle.String()))
		s.Blocks = append(s.Blocks, f.terms)
	}
	if v := b.File.VulnerabilityHandling; v != nil {
		f := b.factsOf(v)
		f.list(b.Say("Sources on vulnerabilities"), "sources", v.Sources)
		f.add(b.Say("Time between matches of the components with new advisories"), "interval", b.Or(v.Interval.String()))
		f.prose(b.Say("How the severity of a vulnerability is judged"), "scoring", v.Scoring)
		s.Blocks = append(s.Blocks, f.terms)
	} else {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how vulnerabilities are handled")))
	}
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("In full in") + " "}, At("vulnerability-management-plan", ""), document.Span{Text: "."}))
	return s
}
