package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T7413", Severity: diag.Error,
	Title:   "deviation that covers nothing",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "mdcg.4.1.i2"},
	Why:     "a failure may stand only where somebody with the right to do so accepted its risk; a deviation from a failure that does not occur hides the next one of that name",
	Fix:     "let the risk be accepted (`acceptance:` with by, date and reason), or remove the deviation once the failure is mended",
	Bad: proven + `    deviations:
      - failure: lock after wake-up
        risk: r-wake # want T7413
` + wakeRisk + `
-- evidence/lock.json (signed by test-lead) --
{"failures": ["lock after wake-up"]}
`,
	Good: proven + `    deviations:
      - failure: lock after wake-up
        risk: r-wake
` + wakeRisk + `    acceptance:
      by: Risk board
      date: 2026-05-20
      reason: The screen shows no data for the first second.
-- evidence/lock.json (signed by test-lead) --
{"failures": ["lock after wake-up"]}
`,
	Run: func(p *check.Pass) {
		for _, v := range p.File.Verifications {
			for i, d := range v.Deviations {
				deviation(p, v, i, d)
			}
		}
	},
})

const wakeRisk = `threats:
  t-wake:
    title: Use of an unlocked screen after wake-up
    category: spoofing
    targets: [app-ui]
risks:
  r-wake:
    title: Use of an unlocked screen after wake-up
    threats: [t-wake]
`

func deviation(p *check.Pass, v *model.Verification, i int, d model.Deviation) {
	if d.Risk.OK() && !evidence.Accepted(d.Risk.To, p.Today) {
		p.Report(v, indexed("deviations", i)+".risk", "deviation of verification %q rests on risk %q, which nobody has accepted, or not until today", v.ID, d.Risk.ID).
			Relate(d.Risk.To, "acceptance", "risk %s", d.Risk.ID)
		return
	}
	if s := p.Judged().Of(v); p.Proven() && len(s.Deciding) > 0 && !excuses(s, d.Failure) {
		f := p.Report(v, indexed("deviations", i)+".failure", "verification %q has a deviation from %q, and its evidence lists no such failure", v.ID, d.Failure)
		if near := diag.Suggest(d.Failure, failuresIn(s)); near != "" {
			f.Fix("write %q, the failure that the evidence lists, or remove the deviation", near)
		} else {
			f.Fix("remove the deviation once the failure is mended; `theriac evidence show %s` lists what failed", s.Deciding[0].Piece.ID)
		}
		f.RelateSpan(p.FilePlace(s.Deciding[0].Piece.Path), "evidence %s", s.Deciding[0].Piece.ID)
	}
}

// failuresIn are the ids of the failures that evidence which counts lists.
func failuresIn(s *evidence.Standing) (ids []string) {
	for _, v := range s.Deciding {
		for _, f := range v.Result.Failures {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// excuses tells whether evidence that counts has a failure, excused or not.
func excuses(s *evidence.Standing, failure string) bool {
	return slices.ContainsFunc(s.Deciding, func(v *evidence.Verdict) bool {
		return slices.ContainsFunc(v.Excused, func(d model.Deviation) bool { return d.Failure == failure }) ||
			slices.ContainsFunc(v.Result.Failures, func(f evidence.Failure) bool { return f.ID == failure })
	})
}
