package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T2901", Severity: diag.Error,
	Title: "waiver has expired",
	Why:   "a waiver is a promise to come back to a finding; its day has passed and the finding counts again",
	Fix:   "mend the finding and remove the waiver, or decide anew and give it a new last day",
	Bad: `
waivers:
  wv-shared:
    code: T4002
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2026-11-21 # want T2901
`,
	Good: `
waivers:
  wv-shared:
    code: T4002
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	Run: func(p *check.Pass) {
		for _, w := range p.File.Waivers {
			if !w.Expires.IsZero() && w.Expires.Before(p.Today) {
				p.Report(w, "expires", "waiver %q of %s expired on %s", w.ID, w.Code, w.Expires)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T2902", Severity: diag.Error,
	Title: "waiver of a code that no rule has",
	Why:   "the waiver silences nothing, and the finding that was meant still stands",
	Fix:   "correct the code; each finding names its own",
	Bad: `
waivers:
  wv-shared:
    code: T402 # want T2902
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	Good: `
waivers:
  wv-shared:
    code: T4002
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	Run: func(p *check.Pass) {
		var codes []string
		for _, r := range All() {
			codes = append(codes, r.Code)
		}
		for _, w := range p.File.Waivers {
			if w.Code == "" || slices.Contains(codes, w.Code) {
				continue
			}
			f := p.Report(w, "code", "waiver %q names code %q, which no rule has", w.ID, w.Code)
			if r := FindRetired(w.Code); r != nil {
				f.Fix("remove the waiver: %s is retired; %s", r.Code, r.Instead)
			} else if s := diag.Suggest(w.Code, codes); s != "" {
				f.Fix("did you mean %q (%s)?", s, Find(s).Title)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T2903", Severity: diag.Error,
	Title: "waiver of a finding that cannot be waived",
	Why:   "a file whose form is wrong cannot be judged, and a waiver of a waiver would leave nobody responsible; such findings have to be mended",
	Fix:   "mend the finding and remove the waiver",
	Bad: `
waivers:
  wv-reference:
    code: T0013 # want T2903
    reason: The gateway is described next week.
    owner: Head of development
    expires: 2027-03-31
`,
	Good: `
waivers:
  wv-shared:
    code: T4002
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	Run: func(p *check.Pass) {
		for _, w := range p.File.Waivers {
			if check.Unwaivable(w.Code) && Find(w.Code) != nil {
				p.Report(w, "code", "findings of %s (%s) cannot be waived", w.Code, Find(w.Code).Title)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T2904", Severity: diag.Warning,
	Title: "waiver that matches nothing",
	Why: "the finding is gone, or was never meant; a waiver left lying about would silence the next finding of its kind without " +
		"anybody deciding so",
	Fix: "remove the waiver, or correct its code or entity",
	Bad: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: multi-factor
    shared: false
waivers:
  wv-shared: # want T2904
    code: T4002
    entity: role-service
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	Good: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: multi-factor
    shared: true
waivers:
  wv-shared:
    code: T4002
    entity: role-service
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	After: func(p *check.Pass) {
		if len(p.File.Variants) > 0 {
			return // it may be meant for a finding of another variant
		}
		used := map[string]bool{}
		for _, f := range p.Found() {
			if f.Waiver != nil {
				used[f.Waiver.ID] = true
			}
		}
		for _, w := range p.File.Waivers {
			if used[w.ID] || w.Expires.IsZero() || w.Expires.Before(p.Today) || Find(w.Code) == nil || check.Unwaivable(w.Code) {
				continue // in use, or reported by another rule
			}
			if other := waivedAlready(p, w); other != "" {
				p.Report(w, "", "waiver %q matches only findings that waiver %q silences already", w.ID, other)
			} else {
				p.Report(w, "", "waiver %q matches no finding of %s", w.ID, w.Code)
			}
		}
	},
})

// waivedAlready returns the waiver that silences what another is meant for.
func waivedAlready(p *check.Pass, w *model.Waiver) string {
	for _, f := range p.Found() {
		if f.Waiver != nil && check.Waives(w, f) {
			return f.Waiver.ID
		}
	}
	return ""
}

// A waiver that lasts longer is a decision for good in disguise.
var longestWaiver = model.MustDuration("1 year")

var _ = add(check.Rule{
	Code: "T2905", Severity: diag.Warning,
	Title: "waiver for longer than a year",
	Why:   "a finding that may stand for years is a residual risk; it belongs into the risk file with an acceptance, where reviewers look for it",
	Fix:   "shorten it to the next review, or treat the matter as a risk with `acceptance`",
	Bad: `
waivers:
  wv-shared:
    code: T4002
    reason: The second service account comes with release 3.
    owner: Head of development
    expires: 2029-12-31 # want T2905
`,
	Good: `
waivers:
  wv-shared:
    code: T4002
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	Run: func(p *check.Pass) {
		last := p.Today.Add(longestWaiver)
		for _, w := range p.File.Waivers {
			if last.Before(w.Expires) {
				p.Report(w, "expires", "waiver %q of %s holds until %s, more than a year from now", w.ID, w.Code, w.Expires)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T2906", Severity: diag.Warning,
	Title: "reason of a waiver says too little",
	Why:   "whoever meets the waiver in a year must be able to tell whether its reason still holds",
	Fix:   "say what makes the finding bearable, and what will end it",
	Bad: `
waivers:
  wv-shared:
    code: T4002
    reason: accepted # want T2906
    owner: Head of development
    expires: 2027-03-31
`,
	Good: `
waivers:
  wv-shared:
    code: T4002
    reason: The second service account comes with release 2.1.
    owner: Head of development
    expires: 2027-03-31
`,
	Run: func(p *check.Pass) {
		for _, w := range p.File.Waivers {
			if r := strings.TrimSpace(w.Reason); r != "" && utf8.RuneCountInString(r) < shortReason {
				p.Report(w, "reason", "%q does not say why findings of %s may stand", r, w.Code)
			}
		}
	},
})
