package techdoc

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"theriac/document"
	"theriac/evidence"
	"theriac/evidence/collect"
	"theriac/model"
)

// scanOf is a scan for vulnerabilities that counts for some verifications.
type scanOf struct {
	piece    *evidence.Piece
	verdicts []*evidence.Verdict
	found    []foundVulnerability // from low on
	remarks  int                  // of no severity that counts
	why      string               // why its findings are not listed one by one; "" where they are
}

// foundVulnerability is a finding of one or more scans.
type foundVulnerability struct {
	collect.Case
	fate    vulnerabilityFate
	risk    *model.Risk // that covers it
	because string      // why it was cleared, as the input says
	by      []*scanOf   // scans that found it
}

// merge adds what another scan says of the same finding: the worse counts.
func (f *foundVulnerability) merge(o foundVulnerability) {
	if gravity(o.Severity) > gravity(f.Severity) {
		f.Severity = o.Severity
	}
	if o.fate < f.fate {
		f.fate, f.risk, f.because = o.fate, o.risk, o.because
	} else if o.fate == f.fate && len(o.because) > len(f.because) {
		f.because = o.because
	}
	f.Title = cmp.Or(f.Title, o.Title)
	f.by = append(f.by, o.by...)
}

// merged are the findings of all scans, each once, the gravest first.
func merged(scans []*scanOf) (all []foundVulnerability) {
	at := map[string]int{}
	for _, s := range scans {
		for _, f := range s.found {
			if i, known := at[f.ID]; known {
				all[i].merge(f)
				continue
			}
			at[f.ID] = len(all)
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, compareFound)
	return all
}

func compareFound(a, b foundVulnerability) int {
	return cmp.Or(cmp.Compare(gravity(b.Severity), gravity(a.Severity)), cmp.Compare(a.ID, b.ID))
}

// vulnerabilityFate is what became of a finding.
type vulnerabilityFate byte

const (
	fateOpen     vulnerabilityFate = iota // it counts, and nothing covers it
	fateTriage                            // somebody still analyses it
	fateAccepted                          // its risk was accepted
	fateIgnored                           // the settings of the tool leave it out
	fateBelow                             // below the limit from which findings fail
	fateCleared                           // an analysis says that the device is not affected, or not any more
)

// Limits for what is read again of scans.
const (
	maxScanInput  = 32 << 20  // bytes of one input
	maxScanInputs = 128 << 20 // bytes of all
	maxScanRows   = 3000      // findings that are listed
)

// readScans reads the scans that count, in the order of the file's verifications.
func (r *softwareReport) readScans() (list []*scanOf) {
	if r.Showing == nil {
		return nil
	}
	claims := map[*model.Verification][]*evidence.Verdict{}
	for _, v := range r.Showing.Judged.Verdicts {
		if v.Counts() && v.Piece.Statement.Details.Scan != nil {
			claims[v.Of] = append(claims[v.Of], v)
		}
	}
	index := map[*evidence.Piece]*scanOf{}
	for _, v := range r.File.Verifications {
		for _, d := range newestOfTool(claims[v]) {
			s := index[d.Piece]
			if s == nil {
				s = &scanOf{piece: d.Piece}
				index[d.Piece] = s
				list = append(list, s)
			}
			s.verdicts = append(s.verdicts, d)
		}
	}
	room := int64(maxScanInputs)
	for _, s := range list {
		r.readScan(s, &room)
	}
	return list
}

// newestOfTool leaves out scans that a newer one by the same tool replaced. That
// another tool looked later decides how a verification stands, and does not undo what
// the first one found.
func newestOfTool(claims []*evidence.Verdict) (kept []*evidence.Verdict) {
	slices.SortStableFunc(claims, func(a, b *evidence.Verdict) int {
		return b.Piece.Statement.Finished.Compare(a.Piece.Statement.Finished)
	})
	tools := map[string]bool{}
	for _, v := range claims {
		tool := v.Piece.Statement.Tool.Name
		if v.Replaced == nil || !tools[tool] {
			kept = append(kept, v)
		}
		tools[tool] = true
	}
	return kept
}

// ofComponents tells whether a scan looked for known vulnerabilities of components, and
// not at a running system.
func (s *scanOf) ofComponents() bool {
	return s.piece.Statement.Details.Scan.Components > 0 || s.ofBill()
}

// ofBill tells whether a scan went through a list of components.
func (s *scanOf) ofBill() bool {
	return slices.ContainsFunc(s.verdicts, func(v *evidence.Verdict) bool { return v.Of.Method == "composition-analysis" })
}

// readScan reads the inputs of a scan again, as they were read when the evidence was
// made. What cannot be read is known by the failures of the statement.
func (r *softwareReport) readScan(s *scanOf, room *int64) {
	var cases []collect.Case
	because := map[string]string{}
	for _, in := range s.piece.Statement.Inputs {
		text, err := r.scanInput(in, room)
		if err != nil {
			s.why = err.Error()
			break
		}
		c := collect.Find(in.Format)
		if c == nil {
			s.why = fmt.Sprintf("%s is of a form that is not read any more", in.Name)
			break
		}
		report, err := c.Read(&collect.Source{Name: in.Name, Data: text, FailAt: s.piece.Statement.Details.Scan.FailAt})
		if err != nil {
			s.why = fmt.Sprintf("%s cannot be read: %s", in.Name, err)
			break
		}
		cases = append(cases, report.Cases...)
		whyCleared(in.Format, text, because)
	}
	if s.why != "" {
		cases = s.failures()
	}
	r.sortCases(s, cases, because)
}

// scanInput reads an input, which has to be what was signed.
func (r *softwareReport) scanInput(in evidence.Input, room *int64) ([]byte, error) {
	if in.Size > maxScanInput || in.Size > *room || r.Files == nil || !evidence.IsDigest(in.SHA256) {
		return nil, fmt.Errorf("%s is too large, or not there", in.Name)
	}
	text, err := evidence.ReadLimited(r.Files, evidence.InputFolder+"/"+in.SHA256, maxScanInput)
	sum := sha256.Sum256(text)
	if err != nil || hex.EncodeToString(sum[:]) != in.SHA256 {
		return nil, fmt.Errorf("%s is not what it was when it was signed", in.Name)
	}
	*room -= int64(len(text))
	return text, nil
}

// failures are those that the statement lists, as cases.
func (s *scanOf) failures() (cases []collect.Case) {
	for _, v := range s.verdicts {
		for _, f := range v.Result.Failures {
			cases = append(cases, collect.Case{ID: f.ID, Title: f.Title, Severity: f.Severity, At: f.At, Outcome: evidence.Fail})
		}
	}
	return cases
}

// sortCases takes over the findings from low on, the worst first.
func (r *softwareReport) sortCases(s *scanOf, cases []collect.Case, because map[string]string) {
	seen := map[string]bool{}
	for _, c := range cases {
		switch {
		case c.Severity == "" && c.Outcome == evidence.Pass: // a check that found nothing
		case c.Severity == "" && c.Outcome == evidence.Skips:
		case c.Severity == evidence.Info && c.Outcome != evidence.Fail:
			s.remarks++
		case !seen[c.ID]:
			seen[c.ID] = true
			s.found = append(s.found, s.judge(c, because))
		}
	}
	slices.SortStableFunc(s.found, compareFound)
}

// gravity orders severities; what nobody rated stands with the gravest.
func gravity(s evidence.Severity) int {
	if n := s.Rank(); n >= 0 {
		return n
	}
	return evidence.Critical.Rank() + 1
}

// judge says what became of a finding.
func (s *scanOf) judge(c collect.Case, because map[string]string) foundVulnerability {
	f := foundVulnerability{Case: c, by: []*scanOf{s}}
	if f.Title == f.ID {
		f.Title = ""
	}
	id, _, _ := strings.Cut(c.ID, "@")
	switch c.Outcome {
	case evidence.Fail:
		f.risk = s.excused(c.ID)
		if f.risk != nil {
			f.fate = fateAccepted
		}
	case evidence.Open:
		f.fate = fateTriage
	case evidence.Skips:
		f.fate = fateIgnored
	default:
		f.fate = fateCleared
		if gravity(c.Severity) < gravity(s.piece.Statement.Details.Scan.FailAt) && because[id] == "" {
			f.fate = fateBelow
		}
	}
	if f.fate == fateCleared || f.fate == fateIgnored || f.fate == fateTriage {
		f.because = because[id]
	}
	return f
}

// excused is the accepted risk under which a finding stands.
func (s *scanOf) excused(id string) *model.Risk {
	for _, v := range s.verdicts {
		for _, d := range v.Excused {
			if d.Failure == id && d.Risk.OK() {
				return d.Risk.To
			}
		}
	}
	return nil
}

// whyCleared reads what an input says of why a vulnerability does no harm, by the id of
// the vulnerability: the analysis of CycloneDX, and what Grype took from a VEX document.
// Where an input says several things of one, none is taken.
func whyCleared(format string, text []byte, because map[string]string) {
	note := func(id string, words ...string) {
		said := clipped(strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), ": "))
		if have, known := because[id]; known && have != said {
			said = ""
		}
		because[id] = said
	}
	switch format {
	case "cyclonedx":
		var doc struct {
			Vulnerabilities []struct {
				ID       string `json:"id"`
				Analysis struct {
					State         string `json:"state"`
					Justification string `json:"justification"`
					Detail        string `json:"detail"`
				} `json:"analysis"`
			} `json:"vulnerabilities"`
		}
		if json.Unmarshal(text, &doc) == nil { // XML says it in another way
			for _, v := range doc.Vulnerabilities {
				note(v.ID, withBlanks(v.Analysis.State), withBlanks(v.Analysis.Justification), v.Analysis.Detail)
			}
		}
	case "grype":
		var doc struct {
			Ignored []struct {
				Vulnerability struct {
					ID string `json:"id"`
				} `json:"vulnerability"`
				Rules []struct {
					Status        string `json:"vex-status"`
					Justification string `json:"vex-justification"`
					Reason        string `json:"reason"`
				} `json:"appliedIgnoreRules"`
			} `json:"ignoredMatches"`
		}
		if json.Unmarshal(text, &doc) == nil {
			for _, m := range doc.Ignored {
				for _, rule := range m.Rules[:min(1, len(m.Rules))] {
					note(m.Vulnerability.ID, withBlanks(rule.Status), withBlanks(rule.Justification), rule.Reason)
				}
			}
		}
	}
}

func withBlanks(s string) string { return strings.ReplaceAll(s, "_", " ") }

// fateBadge says what became of a finding.
func (r *softwareReport) fateBadge(f foundVulnerability) []document.Text {
	badge := func(tone document.Tone, words string) []document.Text {
		return []document.Text{{document.Badge(tone, r.Say(words))}}
	}
	switch f.fate {
	case fateTriage:
		return badge(document.Partly, "being analysed")
	case fateAccepted:
		return append(badge(document.Partly, "risk accepted"), document.Text{r.ID(f.risk)})
	case fateIgnored:
		return badge(document.Partly, "left out by the settings of the tool")
	case fateBelow:
		return append(badge(document.Neutral, "below the limit"), document.Text{{Text: r.Say("limit: %s", f.by[0].piece.Statement.Details.Scan.FailAt), Style: document.Faint}})
	case fateCleared:
		return badge(document.Good, "not affected, or resolved")
	}
	return badge(document.Bad, "open")
}
