package rules

import (
	"regexp"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// trial is the passed test of examples about records.
const trial = bench + `
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-06-01
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    release: rel-1
    result: passed
`

// earlier is the trial a year before.
func earlier(trial string) string { return strings.Replace(trial, "2026-05-04", "2025-05-04", 1) }

// digestOf123 is the SHA-256 of the text 123, a digest for examples.
const digestOf123 = "sha256:a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3"

var _ = add(check.Rule{
	Code: "T7201", Severity: diag.Error,
	Title:   "record of a test that has not taken place",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i2"},
	Why:     "a record proves that a test took place; one for a test that is only planned makes one of the two untrue",
	Fix:     "state the result of the verification, or remove the evidence until there is one",
	Bad: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    result: planned
evidence:
  ev-lock:
    for: [vf-lock] # want T7201
    file: TR-0101
`,
	Good: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Evidence {
			for i, v := range e.For {
				if v.OK() && v.To.Result == "planned" {
					p.Report(e, indexed("for", i), "evidence %q is of verification %q, which is only planned", e.ID, v.ID).
						Relate(v.To, "result", "planned")
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7202", Severity: diag.Open,
	Title:   "record that cannot be found or checked",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6"},
	Why: "a reviewer asks for the record itself; without its place it cannot be shown, and without a digest nobody can tell " +
		"whether the file is still the one that was meant",
	Fix: "give the path or the document number under `file:`, and for a path the digest of the file under `digest:`",
	Bad: lockLog + `
evidence:
  ev-lock: # want T7202
    for: [vf-lock]
  ev-lock-log: # want T7202
    for: [vf-lock]
    file: evidence/lock.log
`,
	Good: lockLog + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
  ev-lock-log:
    for: [vf-lock]
    file: evidence/lock.log
    digest: ` + lockDigest + `
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Evidence {
			switch p.File.Record(e) {
			case model.RecordElsewhere:
				if e.File == "" {
					p.ReportAbsent(e, []string{"file"}, "evidence %q does not say which file or document it is", e.ID)
				}
			case model.RecordPresent:
				p.ReportAbsent(e, []string{"digest"}, "evidence %q has no digest of the file %s", e.ID, e.File)
			case model.RecordTooLarge:
				p.Report(e, "file", "file %s of evidence %q is too large for its digest to be compared", e.File, e.ID).
					Fix("keep the file in the document system and give its number, or put a smaller record into the folder")
			}
		}
	},
})

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

var _ = add(check.Rule{
	Code: "T7203", Severity: diag.Error,
	Title:   "digest of a record that is malformed",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6"},
	Why:     "a digest in another form, or cut off, can never match the file",
	Fix:     "write `sha256:` and 64 hexadecimal digits in lower case, as `sha256sum` prints them",
	Bad: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: evidence/lock.log
    digest: sha256:a665a459 # want T7203
`,
	Good: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: evidence/lock.log
    digest: ` + digestOf123 + `
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Evidence {
			if e.Digest != "" && !digestForm.MatchString(e.Digest) {
				p.Report(e, "digest", "digest of evidence %q is not sha256: and 64 hexadecimal digits in lower case", e.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7204", Severity: diag.Error,
	Title:   "record outside the security file",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6"},
	Why:     "the security file is handed over as a folder; a path that leads out of it leads to nothing, or to something else, on the reader's computer",
	Fix:     "keep the file inside the folder and write its path relative to it with forward slashes, or give a document number",
	Bad: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: ../tests/lock.log # want T7204
`,
	Good: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: evidence/lock.log
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Evidence {
			if model.LeavesFolder(e.File) {
				p.Report(e, "file", "path %q of evidence %q leads out of the security file", e.File, e.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7205", Severity: diag.Warning,
	Title:   "record older than the policy allows",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6", "mdcg.4.1.i1"},
	Why:     "the manufacturer's own limit for the age of evidence has passed; a reviewer asks what still holds",
	Fix:     "repeat the test and add its record, or change `policy.evidence.max-age` with a reason",
	Bad: earlier(trial) + `
policy:
  evidence:
    max-age: 1 year
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
    date: 2025-05-04 # want T7205
`,
	Good: trial + `
policy:
  evidence:
    max-age: 1 year
evidence:
  ev-lock-2025:
    for: [vf-lock]
    file: TR-0099
    date: 2025-05-04
  ev-lock-2026:
    for: [vf-lock]
    file: TR-0101
    date: 2026-05-04
`,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil || p.File.Policy.Evidence.MaxAge.IsZero() {
			return
		}
		limit := p.File.Policy.Evidence.MaxAge
		last := lastRecord(p.File)
		for _, e := range p.File.Evidence {
			if !e.Date.IsZero() && e.Date.Add(limit).Before(p.Today) && newestOf(e, last) && !misdated(p, e, last) {
				p.Report(e, "date", "evidence %q is of %s, older than the policy allows (%s)", e.ID, e.Date, limit).
					Relate(p.File.Policy, "evidence.max-age", "oldest evidence that counts")
			}
		}
	},
})

// lastRecord is the day of the newest record of each verification.
func lastRecord(f *model.File) map[*model.Verification]model.Date {
	last := map[*model.Verification]model.Date{}
	for _, e := range f.Evidence {
		for v := range model.Targets(e.For) {
			if last[v].Before(e.Date) {
				last[v] = e.Date
			}
		}
	}
	return last
}

// misdated tells whether the record is older than a test that it is of, of which
// T7207 speaks.
func misdated(p *check.Pass, e *model.Evidence, last map[*model.Verification]model.Date) bool {
	_, found := model.First(e.For, func(v *model.Verification) bool {
		return e.Date == last[v] && e.Date.Before(v.Date) && tookPlace(p, v)
	})
	return found
}

// tookPlace tells whether a verification can have records; T7104 and T7201 speak
// of the others.
func tookPlace(p *check.Pass, v *model.Verification) bool {
	return v.Result != "planned" && !p.Today.Before(v.Date)
}

// newestOf tells whether some verification has no newer record than this.
func newestOf(e *model.Evidence, last map[*model.Verification]model.Date) bool {
	for v := range model.Targets(e.For) {
		if last[v] == e.Date {
			return true
		}
	}
	return false
}

var _ = add(check.Rule{
	Code: "T7206", Severity: diag.Open,
	Title:   "passed verification without a record",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6", "mdcg.4.1.i2"},
	Why:     "that a test passed has to be shown; the technical documentation contains the results, not the statement that there are some",
	Fix:     "add the report or log under `evidence:` with the verification under its `for:`",
	Bad: trial + `
  vf-reset: # want T7206
    title: Test of the reset of accounts
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    result: passed
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
`,
	Good: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
`,
	Run: func(p *check.Pass) {
		if len(p.File.Evidence) == 0 || flawedIn(p, p.File.Evidence, "for") {
			return // the question verification.evidence, or a finding about form, says so
		}
		for _, v := range p.File.Verifications {
			if v.Result == "passed" && len(model.Users[*model.Evidence](v, "for")) == 0 {
				p.Report(v, "", "verification %q passed, and no evidence shows it", v.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7207", Severity: diag.Error,
	Title:   "record that speaks of another test",
	Clauses: []string{"mdr.annex-ii.6", "ivdr.annex-ii.6", "mdcg.4.1.i2"},
	Why:     "a record made before the test, or on another release than the test names, does not prove it",
	Fix:     "refer to the record of this test, or correct date and release of one of the two",
	Bad: bench + versions + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    release: rel-1
    result: passed
  vf-reset:
    title: Test of the reset of accounts
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    release: rel-2
    result: passed
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
    date: 2026-04-02 # want T7207
  ev-reset:
    for: [vf-reset]
    file: TR-0102
    release: rel-1 # want T7207
`,
	Good: trial + `
evidence:
  ev-lock:
    for: [vf-lock]
    file: TR-0101
    date: 2026-05-04
    release: rel-1
`,
	Run: func(p *check.Pass) {
		last := lastRecord(p.File)
		for _, e := range p.File.Evidence {
			for v := range model.Targets(e.For) {
				mismatch(p, e, v, last[v])
			}
		}
	},
})

// mismatch compares the newest record of a verification with it. Older records
// may stay beside it.
func mismatch(p *check.Pass, e *model.Evidence, v *model.Verification, newest model.Date) {
	if e.Date != newest {
		return
	}
	if !e.Date.IsZero() && e.Date.Before(v.Date) && tookPlace(p, v) {
		p.Report(e, "date", "evidence %q is of %s, before verification %q on %s", e.ID, e.Date, v.ID, v.Date).Relate(v, "date", "day of the verification")
	}
	if e.Release.OK() && v.Release.OK() && e.Release.To != v.Release.To {
		p.Report(e, "release", "evidence %q speaks of release %s, verification %q of %s", e.ID, e.Release.To.Version, v.ID, v.Release.To.Version).
			Relate(v, "release", "release of the verification")
	}
}
