package techdoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"theriac/catalog"
	"theriac/check"
	"theriac/evidence"
	"theriac/model"
	"theriac/oscal"
)

var _ = addFile(FileDefinition{
	Name:  "attestations.cdx.json",
	Title: "Attestations (CycloneDX)",
	About: "what the manufacturer claims of the device against each clause, with the evidence for and against it",
	Order: 33,
	Make:  func(b *Book) ([]byte, error) { return newAttester(b).document() },
})

// attester makes CycloneDX attestations: standards with their clauses, claims about
// the device, evidence, and how far each clause is met.
type attester struct {
	machine
	pieces  map[*evidence.Piece]*witness
	claimed map[string]*cdx.Claim // by id of the requirement
	order   []string
	used    []*witness
	using   map[*witness]bool // of used
}

func newAttester(b *Book) *attester {
	a := &attester{machine: machine{b}, pieces: map[*evidence.Piece]*witness{}, claimed: map[string]*cdx.Claim{}, using: map[*witness]bool{}}
	for _, w := range a.witnesses() {
		a.pieces[w.Piece] = w
	}
	return a
}

// Ids within the document. Those of entities are ours with the kind before them.
func cdxRef(kind, id string) string { return kind + ":" + id }

var makerRef = cdxRef("assessor", "manufacturer")

// document gives the attestations; nil where no clause was judged.
func (a *attester) document() ([]byte, error) {
	if len(a.Coverage) == 0 {
		return nil, nil
	}
	bom := a.bom("attestations")
	var standards []cdx.StandardDefinition
	var attestations []cdx.Attestation
	for _, rows := range a.bySource() {
		standards = append(standards, a.standard(rows))
		attestations = append(attestations, a.attestation(rows))
	}
	bom.Definitions = &cdx.Definitions{Standards: &standards}
	target := *bom.Metadata.Component
	target.BOMRef = productRef + ":target"
	bom.Declarations = &cdx.Declarations{
		Assessors:    a.assessors(),
		Attestations: &attestations,
		Claims:       a.claims(),
		Evidence:     a.evidence(),
		Targets:      &cdx.Targets{Components: &[]cdx.Component{target}},
	}
	return encodeBOM(bom)
}

// assessors are the manufacturer, who attests, and other organisations whose people
// signed evidence.
func (a *attester) assessors() *[]cdx.Assessor {
	maker := a.File.Product.Manufacturer.Name
	list := []cdx.Assessor{{BOMRef: cdx.BOMReference(makerRef), Organization: &cdx.OrganizationalEntity{Name: oscal.Plain(maker)}}}
	var known []string
	for _, w := range a.used {
		for _, by := range w.Signed {
			name := by.By.Signer.Organisation
			if name == "" || name == maker || slices.Contains(known, name) {
				continue
			}
			known = append(known, name)
			list = append(list, cdx.Assessor{BOMRef: cdx.BOMReference(cdxRef("assessor", by.By.Signer.ID)), ThirdParty: true,
				Organization: &cdx.OrganizationalEntity{Name: oscal.Plain(name)}})
		}
	}
	return &list
}

// standard is a source of the catalogue with the clauses that were judged, in our own
// words.
func (a *attester) standard(rows []check.Row) cdx.StandardDefinition {
	src := rows[0].Entry.Source
	s := cdx.StandardDefinition{
		BOMRef: cdxRef("source", src.ID), Name: oscal.Plain(src.Title), Version: oscal.Plain(src.Edition),
		Description: "Clauses are paraphrased and not quoted.",
		ExternalReferences: &[]cdx.ExternalReference{{URL: catalogURI(src), Type: cdx.ERTypeOther,
			Comment: "data file of the catalogue, with its SHA-256"}},
	}
	var list []cdx.StandardRequirement
	for _, row := range rows {
		e := row.Entry
		list = append(list, cdx.StandardRequirement{BOMRef: cdxRef("clause", e.ID), Identifier: Cite(e), Title: oscal.Plain(e.Title), Text: oscal.Plain(e.Text),
			Properties: &[]cdx.Property{cdxProperty("id", e.ID), cdxProperty("verified", string(e.Verified))}})
	}
	s.Requirements = &list
	return s
}

// attestation is how far the clauses of one source are met. Clauses that do not apply
// are left out.
func (a *attester) attestation(rows []check.Row) cdx.Attestation {
	src := rows[0].Entry.Source
	count := map[string]int{}
	var list []cdx.AttestationMap
	for _, row := range rows {
		count[string(row.Status)]++
		if row.Status != check.NotApplicable {
			list = append(list, a.clause(row))
		}
	}
	at := cdx.Attestation{Assessor: cdx.BOMReference(makerRef), Summary: oscal.Plain(fmt.Sprintf(
		"%s: %s fulfilled, %d in part, %d open, %d not applicable", src.Title,
		plural(count[string(check.Satisfied)], "clause", "clauses"), count[string(check.Partial)], count[string(check.Unanswered)], count[string(check.NotApplicable)]))}
	if len(list) > 0 {
		at.Map = &list
	}
	return at
}

func (a *attester) clause(row check.Row) cdx.AttestationMap {
	why := row.Reasons
	var claims, counter []cdx.BOMReference
	for _, q := range concreteOf(row.By) {
		switch state := a.provenBy(q).State; state {
		case evidence.Passed:
			claims = append(claims, cdx.BOMReference(a.claim(q)))
		case evidence.Failed:
			counter = append(counter, cdx.BOMReference(a.claim(q)))
		default:
			why = append(why, "not claimed, because nothing shows it: "+q.ID+" ("+state.Words()+")")
		}
	}
	m := cdx.AttestationMap{Requirement: cdxRef("clause", row.Entry.ID), Conformance: &cdx.AttestationConformance{
		Score: conformance(row), Rationale: oscal.Plain(statusWords(row) + " " + strings.Join(why, "; ")),
	}}
	if len(claims) > 0 {
		m.Claims = &claims
	}
	if len(counter) > 0 {
		m.CounterClaims = &counter
	}
	return m
}

// concreteOf are the requirements among some entities, and those that make controls
// among them concrete, each once.
func concreteOf(entities []model.Entity) []*model.Requirement {
	var list []*model.Requirement
	for _, e := range entities {
		var more []*model.Requirement
		switch e := e.(type) {
		case *model.Requirement:
			more = []*model.Requirement{e}
		case *model.Control:
			more = model.Users[*model.Requirement](e, "implements")
		}
		for _, q := range more {
			if !slices.Contains(list, q) {
				list = append(list, q)
			}
		}
	}
	return list
}

// conformance is the share of the questions of a clause that are answered in full, and less
// than 1 unless all is fulfilled; nil where it is not known whether the clause applies.
func conformance(row check.Row) *float64 {
	if row.Applicable == catalog.Undecided {
		return nil
	}
	s := 1.0
	if row.Status != check.Satisfied {
		full := 0
		for _, q := range row.Entry.AnsweredBy {
			if slices.ContainsFunc(row.Reasons, func(r string) bool { return strings.HasPrefix(r, q+": answered by ") }) {
				full++
			}
		}
		s = float64(full) / float64(max(1, len(row.Entry.AnsweredBy)))
		if full > 0 && full == len(row.Entry.AnsweredBy) {
			s = float64(full) / float64(full+1) // every question is answered, and a finding contradicts
		}
	}
	return &s
}

// claim is the id of the claim that a requirement is met, or is not, which the document
// then has.
func (a *attester) claim(q *model.Requirement) string {
	if c := a.claimed[q.ID]; c != nil {
		return c.BOMRef
	}
	shown := a.provenBy(q)
	c := &cdx.Claim{BOMRef: cdxRef("requirement", q.ID), Target: productRef + ":target",
		Predicate: oscal.Plain(cmp.Or(q.Text, q.Title, q.ID)),
		Reasoning: oscal.Plain("Shown by verification: " + shown.State.Words() + ". " + strings.Join(shown.Why, "; "))}
	if shown.State == evidence.Failed {
		c.Predicate = "Not met: " + c.Predicate
	}
	var good, bad []cdx.BOMReference
	for _, p := range shown.By {
		id := cdx.BOMReference(a.use(a.pieces[p]))
		if saysAgainst(a.pieces[p], q) {
			bad = append(bad, id)
		} else {
			good = append(good, id)
		}
	}
	if shown.State == evidence.Failed {
		good, bad = bad, good // the claim is that it is not met
	}
	if len(good) > 0 {
		c.Evidence = &good
	}
	if len(bad) > 0 {
		c.CounterEvidence = &bad
	}
	a.claimed[q.ID] = c
	a.order = append(a.order, q.ID)
	return c.BOMRef
}

// saysAgainst reports whether a piece says that a verification of the requirement failed
// or could not be decided.
func saysAgainst(w *witness, q *model.Requirement) bool {
	return slices.ContainsFunc(w.Verdicts, func(v *evidence.Verdict) bool {
		return v.Counts() && v.State != evidence.Passed && model.Refers(v.Of.Verifies, q.ID)
	})
}

func (a *attester) claims() *[]cdx.Claim {
	var list []cdx.Claim
	for _, id := range a.order {
		list = append(list, *a.claimed[id])
	}
	if len(list) == 0 {
		return nil
	}
	return &list
}

// use is the id of a piece of evidence, which the document then has.
func (a *attester) use(w *witness) string {
	if !a.using[w] {
		a.using[w] = true
		a.used = append(a.used, w)
	}
	return cdxRef("evidence", w.Path)
}

// evidence lists the evidence of the claims: the signed statement and its inputs, by
// paths below the folder of the security file that end in their SHA-256.
func (a *attester) evidence() *[]cdx.DeclarationEvidence {
	var list []cdx.DeclarationEvidence
	for _, w := range a.used {
		s := w.Statement
		e := cdx.DeclarationEvidence{BOMRef: cdxRef("evidence", w.Path), PropertyName: "theriac:" + string(s.Kind),
			Description: oscal.Plain(fmt.Sprintf("%s of release %s; SHA-256 of the signed statement %s", s.Kind, s.Release, cmp.Or(w.SHA256, "not known"))),
			Created:     oscal.At(s.Finished)}
		data := []cdx.EvidenceData{{Name: "signed statement", Contents: &cdx.EvidenceDataContents{URL: relativeRef(w.Path)}}}
		for _, in := range s.Inputs {
			data = append(data, cdx.EvidenceData{Name: oscal.Plain(in.Name), Contents: &cdx.EvidenceDataContents{URL: relativeRef(evidence.InputFolder + "/" + in.SHA256)}})
		}
		e.Data = &data
		if len(w.Signed) > 0 {
			by := w.Signed[0].By.Signer
			e.Author = &cdx.OrganizationalContact{Name: oscal.Plain(cmp.Or(by.Title, by.ID))}
		}
		list = append(list, e)
	}
	if len(list) == 0 {
		return nil
	}
	return &list
}
