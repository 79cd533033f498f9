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
	Code: "T7405", Severity: diag.Open,
	Title:   "verification without evidence for the release",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6", "mdcg.4.1.i2"},
	Why:     "that a test passed has to be shown; the technical documentation contains the results, and nothing counts until somebody signed for it",
	Fix:     "add the report with `theriac evidence add --for VERIFICATION --release VERSION --from FILE --sign KEY`",
	Bad:     markedAt(proven, "  vf-lock:", "T7405"),
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) {
		standings(p, evidence.Missing, func(s *evidence.Standing) {
			p.Report(s.Of, "", "verification %q has no evidence for release %s", s.Of.ID, p.Judged().Release.Version)
		})
		standings(p, evidence.WrongRelease, func(s *evidence.Standing) {
			f := p.Report(s.Of, "", "verification %q has no evidence for release %s, only for %s", s.Of.ID, p.Judged().Release.Version, releasesOf(p, s))
			rejected(p, f, s)
		})
	},
})

// releasesOf names what rejected evidence speaks of.
func releasesOf(p *check.Pass, s *evidence.Standing) string {
	var names []string
	for _, v := range s.Rejected {
		name := "release " + v.Piece.Statement.Release
		if v.Piece.Statement.Release == p.Judged().Release.Version {
			name = "artefacts that are not its own"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

var _ = add(check.Rule{
	Code: "T7406", Severity: diag.Open,
	Title:   "evidence that is out of date",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6", "mdcg.4.1.i1", "mdcg.3.8.i2"},
	Why:     "evidence shows what was there when it was made; older than the policy allows, than the artefacts, or than the requirement or interface that it speaks of, it no longer does",
	Fix:     "repeat the test on the present state and add its evidence",
	Bad: markedAt(proven, "  vf-lock:", "T7406") + `-- evidence/lock.json (signed by test-lead) --
{"finished": "2026-04-04T10:00:00Z"}
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{"finished": "2026-05-04T10:00:00Z"}
`,
	Run: func(p *check.Pass) {
		standings(p, evidence.Stale, func(s *evidence.Standing) {
			v := s.Rejected[first(s.Rejected, evidence.Stale)]
			f := p.Report(s.Of, "", "evidence of verification %q is out of date: %s", s.Of.ID, v.Reasons[0].Message)
			rejected(p, f, s)
		})
	},
})

func first(list []*evidence.Verdict, state evidence.State) int {
	return slices.IndexFunc(list, func(v *evidence.Verdict) bool { return v.State == state })
}

var _ = add(check.Rule{
	Code: "T7407", Severity: diag.Error,
	Title:   "test that failed",
	Clauses: []string{"mdr.annex-i.17.2", "ivdr.annex-i.16.2", "mdcg.4.1.i2", "81001-5-1.5.8.1"},
	Why:     "a failed test shows that what it tests is not so; each requirement, control and risk above it rests on something untrue until the fault is mended and tested again",
	Fix:     "mend the fault and add the evidence of the passed test; a failure that may stand is entered under `deviations:` of the verification with the accepted risk that covers it",
	Bad: markedAt(proven, "  vf-lock:", "T7407") + `-- evidence/lock.json (signed by test-lead) --
{"failures": ["lock after wake-up"]}
`,
	Good: proven + `    deviations:
      - failure: lock after wake-up
        risk: r-wake
threats:
  t-wake:
    title: Use of an unlocked screen after wake-up
    category: spoofing
    targets: [app-ui]
risks:
  r-wake:
    title: Use of an unlocked screen after wake-up
    threats: [t-wake]
    acceptance:
      by: Risk board
      date: 2026-05-20
      reason: The screen shows no data and takes no input for the first second.
-- evidence/lock.json (signed by test-lead) --
{"failures": ["lock after wake-up"]}
`,
	Run: func(p *check.Pass) {
		standings(p, evidence.Failed, func(s *evidence.Standing) {
			for _, v := range s.Deciding {
				if v.State == evidence.Failed {
					f := p.Report(s.Of, "", "verification %q failed on release %s: %s", s.Of.ID, p.Judged().Release.Version, failuresOf(v))
					f.RelateSpan(p.FilePlace(v.Piece.Path), "evidence %s of %s says so%s", v.Piece.ID, model.DateOf(v.Piece.Statement.Finished), at(v.Reasons[0]))
				}
			}
		})
	},
})

func failuresOf(v *evidence.Verdict) string {
	var names []string
	for _, r := range v.Reasons {
		names = append(names, r.Message)
	}
	if len(names) > 3 {
		names = append(names[:2], fmt.Sprintf("and %d more", len(v.Reasons)-2))
	}
	return strings.Join(names, "; ")
}

var _ = add(check.Rule{
	Code: "T7408", Severity: diag.Open,
	Title:   "evidence that does not say how it came out",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i2"},
	Why:     "a run that broke off, a port that gave no answer or a test that was skipped is no result; unknown is never a pass",
	Fix:     "run the test again so that it comes to an end, and add its evidence",
	Bad: markedAt(proven, "  vf-lock:", "T7408") + `-- evidence/lock.json (signed by test-lead) --
{"outcome": "inconclusive"}
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{"outcome": "passed"}
`,
	Run: func(p *check.Pass) {
		standings(p, evidence.Inconclusive, func(s *evidence.Standing) {
			i := first(s.Deciding, evidence.Inconclusive)
			if i < 0 {
				silent(p, s)
				return
			}
			v := s.Deciding[i]
			f := p.Report(s.Of, "", "evidence of verification %q is inconclusive: %s", s.Of.ID, v.Reasons[0].Message)
			f.RelateSpan(p.FilePlace(v.Piece.Path), "evidence %s%s", v.Piece.ID, at(v.Reasons[0]))
		})
	},
})

// silent reports a verification of whose scope something gave no answer.
func silent(p *check.Pass, s *evidence.Standing) {
	f := p.Report(s.Of, "covers", "evidence of verification %q is inconclusive: %s", s.Of.ID, s.Silence(s.Unseen[0]))
	for _, e := range s.Unseen[1:] {
		f.Relate(e, "", "%s", s.Silence(e))
	}
}

var _ = add(check.Rule{
	Code: "T7409", Severity: diag.Open,
	Title:   "part of the scope that no evidence looked at",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6", "mdcg.3.7.i5", "ig-nb.5.2"},
	Why:     "the verification covers more than its evidence touched; a penetration test that left out an interface does not verify it",
	Fix:     "test what is missing and add the evidence, or take it out of `covers:` where another verification has it",
	Bad: strings.Replace(twoScreens, "covers: [app-ui]", "covers: [app-ui, app-aside] # want T7409", 1) + `-- evidence/lock.json (signed by test-lead) --
{"scope": ["app-ui"]}
`,
	Good: twoScreens + `-- evidence/lock.json (signed by test-lead) --
{"scope": ["app-ui"]}
`,
	Run: func(p *check.Pass) {
		standings(p, evidence.OutOfScope, func(s *evidence.Standing) {
			switch {
			case s.Alone && len(s.Deciding) > 0:
				f := p.Report(s.Of, "method", "evidence of verification %q only supports it: nothing shows a %s", s.Of.ID, s.Of.Method)
				for _, v := range s.Deciding {
					f.RelateSpan(p.FilePlace(v.Piece.Path), "evidence %s is of kind %s", v.Piece.ID, v.Piece.Statement.Kind)
				}
				return
			case len(s.Unseen) == 0:
				return // T7404 speaks of the piece
			}
			var ids []string
			for _, e := range s.Unseen {
				ids = append(ids, model.Of(e).ID)
			}
			f := p.Report(s.Of, "covers", "evidence of verification %q did not touch %s", s.Of.ID, fewIDs(ids))
			for _, v := range s.Deciding {
				f.RelateSpan(p.FilePlace(v.Piece.Path), "evidence %s touched %s", v.Piece.ID, fewIDs(v.Piece.Statement.Scope))
			}
		})
	},
})

// twoScreens is the proven device with a second screen.
var twoScreens = strings.Replace(proven, "components:\n", "components:\n  app-aside:\n    title: Second screen\n    type: application\n", 1)

// standings calls report for the verifications that stand in a state by signed
// evidence.
func standings(p *check.Pass, state evidence.State, report func(*evidence.Standing)) {
	j := p.Judged()
	if !decided(p) || j.Release == nil {
		return // T7414 asks for a release
	}
	for _, v := range p.File.Verifications {
		if s := j.Of(v); s.State == state && !p.File.Faulty(v) {
			report(s)
		}
	}
}

// rejected points at the evidence that does not count.
func rejected(p *check.Pass, f *check.Finding, s *evidence.Standing) {
	for _, v := range s.Rejected {
		f.RelateSpan(p.FilePlace(v.Piece.Path), "evidence %s is no answer (%s): %s%s", v.Piece.ID, v.State.Words(), v.Reasons[0].Message, at(v.Reasons[0]))
		if e := v.Reasons[0].Entity; e != nil {
			f.Relate(e, "", "%s is here", model.Label(e))
		}
	}
}

var _ = add(check.Rule{
	Code: "T7410", Severity: diag.Open,
	Title:   "requirement that is not shown to be met",
	Clauses: []string{"mdr.annex-i.17.2", "ivdr.annex-i.16.2", "mdcg.3.7.i1", "mdcg.4.1.i2"},
	Why:     "a requirement is met when each verification of it has evidence that counts; until then the controls and risks that rest on it, and the clauses that they answer, are open",
	Fix:     "see the finding about the verification that it names",
	Bad:     markedAt(proven, "  rq-lock:", "T7410"),
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) {
		if !decided(p) || p.Judged().Release == nil {
			return
		}
		for _, r := range p.File.Requirements {
			unmet(p, r)
		}
	},
})

// unmet reports a requirement some verification of which did not pass. One
// without any has findings of its own.
func unmet(p *check.Pass, r *model.Requirement) {
	var why []string
	var first *model.Verification
	for _, v := range model.Users[*model.Verification](r, "verifies") {
		if s := p.Judged().Of(v).State; s != evidence.Passed {
			why = append(why, v.ID+" "+stands(s))
			if first == nil {
				first = v
			}
		}
	}
	if first == nil {
		return
	}
	f := p.Report(r, "", "requirement %q is not shown to be met for release %s: %s", r.ID, p.Judged().Release.Version, strings.Join(why, ", "))
	f.Relate(first, "", "verification %s", first.ID)
	cited := slices.Concat(f.Clauses, r.Clauses)
	for c := range model.Targets(r.Implements) {
		f.Relate(c, "", "control %s rests on it", c.ID)
		cited = append(cited, c.Clauses...)
		for _, risk := range model.Users[*model.Risk](c, "controls") {
			f.Relate(risk, "", "risk %s is lowered by control %s", risk.ID, c.ID)
		}
	}
	slices.Sort(cited)
	f.Cite(slices.Compact(cited)...)
}
