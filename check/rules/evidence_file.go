package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// lockLog is a record in the folder of an example, and what stands before the
// evidence that names it. lockDigest is its digest.
const (
	lockLog = `
-- evidence/lock.log --
Screen locked after 300 s in 20 of 20 runs.
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
` + trial

	lockDigest = "sha256:ec6acf1273292cf3f2a1f2c1c80eab839dbb457fce582b62cb5d655ec00946de"
)

var _ = add(check.Rule{
	Code: "T7208", Severity: diag.Open,
	Title:   "record that is not in the security file",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6"},
	Why:     "a path promises the reader that the record lies in the folder that was handed over; where there is no such file, the result cannot be shown",
	Fix: "put the file there, correct the path (relative to the folder of theriac.yaml, in upper and lower case as written), or give the " +
		"document number; a number counts as a path when it holds a slash or ends like a file name",
	Bad: lockLog + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: evidence/screen-lock.log # want T7208
    digest: ` + lockDigest + `
`,
	Good: lockLog + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: evidence/lock.log
    digest: ` + lockDigest + `
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Evidence {
			if p.File.Record(e) == model.RecordAbsent {
				p.Report(e, "file", "there is no file %s for evidence %q", e.File, e.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7209", Severity: diag.Error,
	Title:   "record that is not the one that was meant",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6"},
	Why:     "the digest was taken of another file: the record was changed afterwards or replaced, or the digest belongs to another one; as it is, it proves nothing",
	Fix: "restore the record that was reviewed, or review the new one and write its digest as `sha256sum` prints it; if a version control " +
		"system converts line ends in it, mark it as binary there",
	Bad: lockLog + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: evidence/lock.log
    digest: ` + digestOf123 + ` # want T7209
`,
	Good: lockLog + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: evidence/lock.log
    digest: ` + lockDigest + `
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Evidence {
			// What is no digest at all cannot be that of a file; T7203 speaks.
			if p.File.Record(e) == model.RecordChanged && digestForm.MatchString(e.Digest) {
				p.Report(e, "digest", "file %s of evidence %q has another digest", e.File, e.ID).Relate(e, "file", "the file")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7210", Severity: diag.Error,
	Title:   "record from the future",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6"},
	Why:     "a record that is still to be made proves nothing; the documents would claim one that exists",
	Fix:     "correct the date, or leave the evidence out until there is a record",
	Bad: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
    date: 2027-05-04 # want T7210
`,
	Good: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
    date: 2026-05-04
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Evidence {
			if p.Today.Before(e.Date) {
				p.Report(e, "date", "evidence %q is dated %s, which is in the future", e.ID, e.Date)
			}
		}
	},
})
