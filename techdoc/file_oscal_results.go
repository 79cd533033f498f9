package techdoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/evidence"
	"theriac/model"
	"theriac/oscal"
	"theriac/risk"
)

var _ = addFile(FileDefinition{
	Name:  "oscal-assessment-results.json",
	Title: "OSCAL assessment results",
	About: "what evidence shows of the release, clause by clause and requirement by requirement, with the risks that remain",
	Order: 31,
	Make:  func(b *Book) ([]byte, error) { return (&resultMaker{oscalMaker: newOSCAL(b)}).document() },
})

// resultMaker makes assessment results.
type resultMaker struct {
	*oscalMaker
	seen  map[*evidence.Piece]bool // pieces that are observations
	tools []oscal.Component        // with which evidence was made
	using map[string]bool          // ids of tools
}

// document gives the results; nil where no clause was judged.
func (r *resultMaker) document() ([]byte, error) {
	reviewed := r.reviewed()
	if len(reviewed.Selections) == 0 {
		return nil, nil
	}
	d := &oscal.AssessmentResults{UUID: r.ids.Of("assessment-results", r.version()), Metadata: r.metadata("Assessment of the security of")}
	result := r.result(reviewed)
	plan, resources := r.plan()
	d.ImportAP = plan
	d.Results = []oscal.Result{result}
	d.Metadata.Parties = append(d.Metadata.Parties, r.people()...)
	d.BackMatter = r.backMatter(resources)
	return oscal.Encode(&oscal.Document{AssessmentResults: d})
}

func (r *resultMaker) result(reviewed oscal.ReviewedControls) oscal.Result {
	observations, lost := r.observations()
	res := oscal.Result{
		UUID: r.ids.Of("result", r.version()), Title: oscal.Line("Release " + r.version() + " as judged on " + r.Day.String()),
		Description: oscal.Line("What signed evidence and the security file show of " + r.version() + ", judged on " + r.Day.String() + "."),
		Start:       dayTime(r.Day), End: dayTime(r.Day), ReviewedControls: reviewed, Observations: observations,
	}
	if r.Release == nil {
		res.Title = oscal.Line("Security file without a release, as judged on " + r.Day.String())
	}
	for _, o := range observations {
		res.Start, res.End = min(res.Start, o.Collected), max(res.End, o.Collected)
	}
	if !r.Pass.Proven() {
		lost = append(lost, "The security file lists no signers: results are as it states them.")
	}
	res.Remarks = oscal.List(lost)
	res.Risks = r.riskList()
	res.Findings = r.findings()
	res.LocalDefinitions = &oscal.LocalDefinitions{Components: r.subjects(), Assets: r.assets()}
	return res
}

// reviewed lists the clauses that apply or may apply.
func (r *resultMaker) reviewed() oscal.ReviewedControls {
	c := oscal.ReviewedControls{Description: oscal.Line("The clauses of the catalogue that apply to the device, or of which that is not known.")}
	for _, rows := range r.bySource() {
		src := rows[0].Entry.Source
		s := oscal.ControlSelection{Description: oscal.Line(src.Title + ", " + src.Edition), Props: ownProps("source", src.ID, "catalog", catalogURI(src))}
		for _, row := range rows {
			if row.Status != check.NotApplicable {
				s.Include = append(s.Include, oscal.ControlRef{ControlID: controlID(row.Entry)})
			}
		}
		if len(s.Include) > 0 {
			c.Selections = append(c.Selections, s)
		}
	}
	return c
}

// plan is what stands for the plan of the assessment: the security file, whose
// verifications and policy say what is to be shown, and the plan that it lists.
func (r *resultMaker) plan() (oscal.ImportAP, []oscal.Resource) {
	file := oscal.Resource{
		UUID: r.ids.Of("resource", "security-file", r.set.Stamp.Baseline), Title: "Security file",
		Description: "What is to be shown, and how: the verifications and the evidence policy of the security file.",
		Props:       ownProps("state-sha256", r.set.Stamp.Baseline),
	}
	list := []oscal.Resource{file}
	for _, d := range r.File.Documents {
		if d.Type != "verification-plan" {
			continue
		}
		doc := oscal.Resource{UUID: r.ids.Of("resource", "document", d.ID), Title: oscal.Line(cmp.Or(d.Title, d.ID)),
			Props: ownProps("id", d.ID, "number", d.Number, "revision", d.Revision)}
		if d.File != "" && !model.LeavesFolder(d.File) {
			doc.RLinks = []oscal.RLink{{Href: relativeRef(d.File)}}
		}
		list = append(list, doc)
	}
	return oscal.ImportAP{Href: "#" + file.UUID, Remarks: "There is no assessment plan in OSCAL; the security file holds what is planned."}, list
}

// oscalMethods are the methods of OSCAL by kind of evidence.
var oscalMethods = map[model.EvidenceKind]string{
	"test-result": "TEST", "dynamic-analysis": "TEST", "fuzzing": "TEST", "vulnerability-scan": "TEST", "penetration-test": "TEST",
	"configuration-scan": "TEST", "device-attestation": "TEST",
	"static-analysis": "EXAMINE", "code-review": "EXAMINE", "sbom": "EXAMINE", "process-record": "EXAMINE", "manual-inspection": "EXAMINE",
	"supplier-statement": "EXAMINE",
}

// observations are the pieces of evidence of which the time is known; lost names the
// others, with what is wrong with them.
func (r *resultMaker) observations() (list []oscal.Observation, lost []string) {
	r.seen, r.using = map[*evidence.Piece]bool{}, map[string]bool{}
	for _, w := range r.witnesses {
		if w.Statement == nil || oscal.At(w.Statement.Finished) == "" {
			why := "when it was made is not known"
			if len(w.Reasons) > 0 {
				why = w.Reasons[0].Message
			}
			lost = append(lost, fmt.Sprintf("Not counted as an observation: %s: %s", w.Path, why))
			continue
		}
		r.seen[w.Piece] = true
		list = append(list, r.observation(w))
	}
	return list, lost
}

func (r *resultMaker) observation(w *witness) oscal.Observation {
	s := w.Statement
	o := oscal.Observation{
		UUID: r.observationID(w.Piece), Title: oscal.Line(fmt.Sprintf("%s %s", s.Kind, w.ID)),
		Description: oscal.List(verdictLines(w)), Methods: []string{cmp.Or(oscalMethods[s.Kind], "UNKNOWN")}, Types: []string{"control-objective"},
		Props:     ownProps("evidence", w.ID, "kind", string(s.Kind), "release", s.Release, "state", string(w.state()), "commit", s.Commit),
		Collected: oscal.At(s.Finished), Subjects: r.looked(s.Scope),
	}
	for _, v := range w.Verdicts {
		o.Props = append(o.Props, ownProps("verification", v.Item)...)
	}
	var actors []oscal.Actor
	if s.Tool.Name != "" {
		actors = append(actors, oscal.Actor{Type: "tool", UUID: r.tool(s.Tool)})
	}
	for _, by := range w.Signed {
		actors = append(actors, r.signer(by.By.Signer))
	}
	if len(actors) > 0 {
		o.Origins = []oscal.Origin{{Actors: actors}}
	}
	o.Evidence = []oscal.RelevantEvidence{{Href: "#" + r.resource(w.Piece), Description: oscal.Line("signed statement " + w.Path), Props: ownProps("sha256", w.SHA256)}}
	for _, in := range s.Inputs {
		o.Evidence = append(o.Evidence, oscal.RelevantEvidence{Href: "#" + r.resource(w.Piece),
			Description: oscal.Line(fmt.Sprintf("%s (%s), %d bytes", in.Name, in.Format, in.Size)), Props: ownProps("sha256", in.SHA256)})
	}
	return o
}

func (r *resultMaker) observationID(p *evidence.Piece) string {
	return r.ids.Of("observation", p.Path, p.ID)
}

// verdictLines says what a piece is worth for each verification that it names.
func verdictLines(w *witness) []string {
	var list []string
	for _, v := range w.Verdicts {
		line := cmp.Or(v.Item, w.Path) + ": " + v.State.Words()
		if res := v.Result; res != nil {
			line += fmt.Sprintf(" (%d passed, %d failed, %d skipped, %d inconclusive)", res.Passed, res.Failed, res.Skipped, res.Inconclusive)
		}
		for _, why := range v.Reasons {
			line += "; " + why.Message
		}
		if v.Replaced != nil {
			line += "; replaced by " + v.Replaced.Piece.ID
		}
		list = append(list, line)
	}
	return list
}

// looked are the components at which evidence looked: those of its scope, and those
// that offer its interfaces; the product where it names none.
func (r *resultMaker) looked(scope []string) []oscal.Subject {
	var list []oscal.Subject
	at := map[string]int{}
	for _, id := range scope {
		e := r.File.Lookup(id)
		var c *model.Component
		switch e := e.(type) {
		case *model.Component:
			c = e
		case *model.Interface:
			c = e.Component.To
		case *model.Store:
			c = e.Component.To
		}
		s := oscal.Subject{UUID: r.ids.Of("product"), Type: "component", Title: oscal.Line(r.File.Product.Name)}
		if c != nil {
			s.UUID, s.Title = r.ids.Of("component", c.ID), oscal.Line(cmp.Or(c.Title, c.ID))
		}
		i, known := at[s.UUID]
		if !known {
			i = len(list)
			at[s.UUID] = i
			list = append(list, s)
		}
		list[i].Props = append(list[i].Props, ownProps("scope", id)...)
	}
	if len(list) == 0 {
		list = []oscal.Subject{{UUID: r.ids.Of("product"), Type: "component", Title: oscal.Line(r.File.Product.Name)}}
	}
	return list
}

// subjects are the product and its components, in the state that the release has.
func (r *resultMaker) subjects() []oscal.Component {
	status := &oscal.ComponentStatus{State: "under-development"}
	if r.Release != nil && !r.Release.Date.IsZero() && !r.Day.Before(r.Release.Date) {
		status.State = "operational"
	}
	list := append([]oscal.Component{r.product()}, r.parts()...)
	for i := range list {
		list[i].Status = status
	}
	list[0].Type = "this-system"
	return list
}

// tool is the id of a tool, which the result then lists.
func (r *resultMaker) tool(t evidence.Tool) string {
	id := r.ids.Of("tool", t.Name, t.Version)
	if !r.using[id] {
		r.using[id] = true
		c := oscal.Component{UUID: id, Type: "software", Title: oscal.Line(t.Name), Description: "Tool that produced evidence.",
			Status: &oscal.ComponentStatus{State: "operational"}}
		if t.Version != "" {
			c.Props = []oscal.Property{{Name: "version", Value: oscal.Plain(t.Version)}}
		}
		r.tools = append(r.tools, c)
	}
	return id
}

// signer is who signed: people are parties, machines are platforms.
func (r *resultMaker) signer(s *model.Signer) oscal.Actor {
	if s.Type == "machine" {
		return oscal.Actor{Type: "assessment-platform", UUID: r.ids.Of("signer", s.ID)}
	}
	return oscal.Actor{Type: "party", UUID: r.ids.Of("signer", s.ID)}
}

// judge is theriac, which concludes from what was seen.
func (r *resultMaker) judge() []oscal.Origin {
	return []oscal.Origin{{Actors: []oscal.Actor{{Type: "assessment-platform", UUID: r.ids.Of("platform", "theriac")}}}}
}

// assets are the tools and machines of the assessment.
func (r *resultMaker) assets() *oscal.AssessmentAssets {
	a := &oscal.AssessmentAssets{Components: r.tools, Platforms: []oscal.Platform{{UUID: r.ids.Of("platform", "theriac"), Title: "theriac"}}}
	for _, s := range r.signers("machine") {
		a.Platforms = append(a.Platforms, oscal.Platform{UUID: r.ids.Of("signer", s.ID), Title: oscal.Line(cmp.Or(s.Title, s.ID)), Props: ownProps("id", s.ID)})
	}
	return a
}

// people are the persons who signed evidence.
func (r *resultMaker) people() []oscal.Party {
	var list []oscal.Party
	for _, s := range r.signers("") {
		if s.Type == "machine" {
			continue
		}
		list = append(list, oscal.Party{UUID: r.ids.Of("signer", s.ID), Type: "person", Name: oscal.Plain(cmp.Or(s.Title, s.ID)),
			Props: ownProps("id", s.ID, "roles", strings.Join(s.Roles, "; "), "organisation", s.Organisation, "team", s.Team)})
	}
	return list
}

// signers lists who signed observations, in the order of the file: those of a type,
// or all.
func (r *resultMaker) signers(of model.SignerType) []*model.Signer {
	signed := map[*model.Signer]bool{}
	for _, w := range r.witnesses {
		for _, by := range w.Signed {
			signed[by.By.Signer] = signed[by.By.Signer] || r.seen[w.Piece]
		}
	}
	var list []*model.Signer
	for _, s := range r.File.Signers {
		if signed[s] && (of == "" || s.Type == of) {
			list = append(list, s)
		}
	}
	return list
}

// findings are the conclusions about each clause that may apply and each requirement.
func (r *resultMaker) findings() []oscal.Finding {
	var list []oscal.Finding
	for _, row := range r.Coverage {
		if row.Status != check.NotApplicable {
			list = append(list, r.clauseFinding(row))
		}
	}
	for _, q := range r.File.Requirements {
		list = append(list, r.requirementFinding(q))
	}
	return list
}

func (r *resultMaker) clauseFinding(row check.Row) oscal.Finding {
	e := row.Entry
	f := oscal.Finding{
		UUID: r.ids.Of("finding", "clause", e.ID), Title: oscal.Line(Cite(e) + " " + e.Title), Description: clauseText(row, row.Reasons),
		Props: ownProps("coverage", string(row.Status), "clause", Cite(e)), Origins: r.judge(),
		Target: oscal.Target{Type: "statement-id", ID: controlID(e), Status: oscal.TargetStatus{State: "not-satisfied", Reason: "other", Remarks: oscal.Line(statusWords(row))}},
	}
	if row.Status == check.Satisfied && row.Applicable == catalog.True {
		f.Target.Status.State, f.Target.Status.Reason = "satisfied", "pass"
		f.Target.Implementation = &oscal.TargetStatus{State: "implemented"}
	}
	if row.Status == check.Partial {
		f.Target.Implementation = &oscal.TargetStatus{State: "partial"}
	}
	var by shownBy
	for _, x := range row.By {
		switch x := x.(type) {
		case *model.Requirement:
			by.add(r.provenBy(x).By)
		case *model.Control:
			by.add(r.controlProvenBy(x).By)
		case *model.Verification:
			_, _, pieces := r.verified(x)
			by.add(pieces)
		case *model.Risk:
			f.RelatedRisks = append(f.RelatedRisks, oscal.RelatedRisk{UUID: r.ids.Of("risk", x.ID)})
		}
	}
	f.RelatedObservations = r.related(by.By)
	f.Props = append(f.Props, oscal.Own("observations", fmt.Sprint(len(by.By))))
	return f
}

func (r *resultMaker) requirementFinding(q *model.Requirement) oscal.Finding {
	shown := r.provenBy(q)
	f := oscal.Finding{
		UUID: r.ids.Of("finding", "requirement", q.ID), Title: oscal.Line(q.ID + " " + r.Title(q)),
		Description: oscal.Line(cmp.Or(q.Text, r.Title(q))) + "\n\n" + oscal.List(shown.Why),
		Props:       ownProps("requirement", q.ID, "shown", string(shown.State), "observations", fmt.Sprint(len(shown.By))), Origins: r.judge(),
		Target: oscal.Target{Type: "objective-id", ID: oscal.Token(q.ID),
			Status: oscal.TargetStatus{State: "not-satisfied", Reason: "other", Remarks: oscal.Line(shown.State.Words())}},
		RelatedObservations: r.related(shown.By),
	}
	switch shown.State {
	case evidence.Passed:
		f.Target.Status.State, f.Target.Status.Reason = "satisfied", "pass"
	case evidence.Failed:
		f.Target.Status.Reason = "fail"
	}
	for _, x := range r.risksOf(q) {
		f.RelatedRisks = append(f.RelatedRisks, oscal.RelatedRisk{UUID: r.ids.Of("risk", x.ID)})
	}
	return f
}

// risksOf are the risks that the controls of a requirement lower.
func (r *resultMaker) risksOf(q *model.Requirement) []*model.Risk {
	var list []*model.Risk
	for c := range model.Targets(q.Implements) {
		for _, x := range model.Users[*model.Risk](c, "controls") {
			if !slices.Contains(list, x) {
				list = append(list, x)
			}
		}
	}
	return list
}

// related are the first observations among some evidence.
func (r *resultMaker) related(pieces []*evidence.Piece) []oscal.RelatedObservation {
	var list []oscal.RelatedObservation
	for _, p := range pieces {
		if r.seen[p] && len(list) < maxRelated {
			list = append(list, oscal.RelatedObservation{UUID: r.observationID(p)})
		}
	}
	return list
}

// riskList lists the risks with their state.
func (r *resultMaker) riskList() []oscal.Risk {
	var list []oscal.Risk
	a := risk.Assess(r.File)
	for _, one := range a.Risks {
		list = append(list, r.riskOf(one))
	}
	return list
}
