package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T7401", Severity: diag.Error,
	Title:   "evidence that is damaged or was altered",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i2"},
	Why:     "evidence proves something only as long as it is what was signed; a changed byte in the statement or in its raw input may be an accident or a forgery, and nobody can tell",
	Fix:     "restore the file from version control, or make the evidence again with `theriac evidence add`",
	Bad: proven + `-- evidence/lock.json (signed by test-lead, then altered) --
{} # want T7401
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) { pieces(p, evidence.Malformed) },
})

var _ = add(check.Rule{
	Code: "T7402", Severity: diag.Error,
	Title:   "evidence signed by nobody who may",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i2", "81001-5-1.5.7.5"},
	Why:     "anybody can sign anything; evidence counts from those whom the file entrusts with it, while their key holds, and where it matters from somebody who did not make what was tested",
	Fix:     "let somebody sign it who may, or enter the signer under `signers:` and the role under `policy.evidence.signers` where that is right",
	Bad: proven + `-- evidence/lock.json (signed by stranger) --
{} # want T7402
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) { pieces(p, evidence.Untrusted) },
})

var _ = add(check.Rule{
	Code: "T7403", Severity: diag.Error,
	Title:   "evidence that names the release and speaks of other artefacts",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i1"},
	Why:     "the version number alone says nothing: what was tested has to be what is shipped, byte by byte",
	Fix:     "repeat the test on the artefacts of the release, or correct the digests under `releases:` if they are those of another build",
	Bad: proven + `-- evidence/lock.json (signed by test-lead) --
{"subject": "0000000000000000000000000000000000000000000000000000000000000000"} # want T7403
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) { pieces(p, evidence.WrongRelease) },
})

var _ = add(check.Rule{
	Code: "T7404", Severity: diag.Error,
	Title:   "evidence for something that it cannot show",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.3.7.i5"},
	Why:     "a scan that did not touch an interface says nothing about it, and a list of components is no penetration test; counted all the same, it would hide the gap",
	Fix:     "make the evidence that the verification asks for, or correct for what it is given (`for`, `scope`) and sign it again",
	Bad: proven + `-- evidence/lock.json (signed by test-lead) --
{"scope": ["app-other"]} # want T7404
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{"scope": ["app-ui"]}
`,
	Run: func(p *check.Pass) { pieces(p, evidence.OutOfScope) },
})

// pieces reports the pieces of evidence whose gravest fault gives them a state,
// each once with all its faults of that state. Other releases' evidence is left
// alone.
func pieces(p *check.Pass, state evidence.State) {
	if state != evidence.Malformed && !decided(p) {
		return
	}
	var last *evidence.Piece
	for _, v := range p.Judged().Verdicts {
		if v.Piece == last || v.State != state || otherRelease(p, v.Piece) || v.Of != nil && p.File.Faulty(v.Of) {
			continue
		}
		last = v.Piece
		reportPiece(p, v, state)
	}
}

// decided tells whether signed evidence can be weighed. Where the roster, the
// policy of evidence or the release has a finding about its form, what they say is
// not known yet.
func decided(p *check.Pass) bool {
	if !p.Proven() || rosterUnknown(p) {
		return false
	}
	r := p.Judged().Release
	return (p.File.Policy == nil || !p.File.Flawed(p.File.Policy, "evidence")) && (r == nil || !p.File.Faulty(r))
}

// rosterUnknown tells whether who signs what stands in a field with a finding about
// its form.
func rosterUnknown(p *check.Pass) bool {
	return flawedIn(p, p.File.Signers, "keys", "roles", "type", "organisation", "team") || flawed(p, p.File.Product, "demonstration")
}

// otherRelease tells whether a piece speaks of another release than the one that
// is checked. Only a signed text is believed: what is damaged counts as if it spoke
// of this one.
func otherRelease(p *check.Pass, piece *evidence.Piece) bool {
	r := p.Judged().Release
	signed := len(piece.Signed) > 0 && !slices.ContainsFunc(piece.Reasons, func(r evidence.Reason) bool { return r.State == evidence.Malformed })
	return r == nil || signed && piece.Statement != nil && piece.Statement.Release != r.Version
}

func reportPiece(p *check.Pass, v *evidence.Verdict, state evidence.State) {
	reasons := v.Reasons[:0:0]
	for _, r := range v.Reasons {
		if r.State == state {
			reasons = append(reasons, r)
		}
	}
	f := p.ReportFile(v.Piece.Path, itemID(v), "evidence %s%s: %s%s", v.Piece.ID, claimed(v.Piece), reasons[0].Message, at(reasons[0]))
	switch field := reasons[0].Field; {
	case strings.HasPrefix(field, "predicate.authors"):
		f.Fix("add it again and say with --authors who made what was looked at (signers or teams); then remove this piece")
	case strings.HasPrefix(field, "predicate.performer"):
		f.Fix("have it done by somebody who stands far enough from the authors, or add it again and say who did it with --performer and --independence; then remove this piece")
	}
	for _, r := range reasons[1:] {
		f.RelateSpan(p.FilePlace(v.Piece.Path), "%s%s", r.Message, at(r))
	}
	for _, r := range reasons {
		if r.Entity != nil {
			f.Relate(r.Entity, "", "%s is here", model.Label(r.Entity))
		}
	}
	affects(p, f, v.Piece)
}

func itemID(v *evidence.Verdict) string {
	if v.Of != nil {
		return v.Of.ID
	}
	return ""
}

// claimed is what a piece says it is for.
func claimed(piece *evidence.Piece) string {
	if piece.Statement == nil {
		return ""
	}
	if len(piece.Statement.For) == 0 {
		return fmt.Sprintf(" (%s)", piece.Statement.Kind)
	}
	return fmt.Sprintf(" (%s for %s)", piece.Statement.Kind, fewIDs(piece.Statement.For))
}

// at is the place of a reason inside the statement.
func at(r evidence.Reason) string {
	if r.Field == "" {
		return ""
	}
	return " (" + r.Field + ")"
}

// affects points at the verifications that a rejected piece leaves without
// evidence.
func affects(p *check.Pass, f *check.Finding, piece *evidence.Piece) {
	if piece.Statement == nil {
		return
	}
	for _, id := range piece.Statement.For {
		v, ok := p.File.Lookup(id).(*model.Verification)
		if !ok {
			continue
		}
		if s := p.Judged().Of(v); s.State != evidence.Passed {
			f.Relate(v, "", "without it, %s %s", v.ID, stands(s.State))
		}
	}
}

// stands says of a verification how it stands.
func stands(s evidence.State) string {
	switch s {
	case evidence.Passed, evidence.Failed:
		return string(s)
	case evidence.Missing:
		return "has no evidence"
	case evidence.Stale:
		return "has evidence that is out of date"
	case evidence.Malformed:
		return "has damaged evidence"
	case evidence.WrongRelease:
		return "has evidence of other artefacts"
	case evidence.Untrusted:
		return "has evidence that nobody signed who may"
	case evidence.OutOfScope:
		return "has evidence that did not look at all of its scope"
	}
	return "is " + s.Words()
}
