package techdoc

import (
	"slices"
	"strconv"
	"strings"

	"theriac/approval"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

func formatDays(days float64) string { return strconv.FormatFloat(days, 'f', -1, 64) }

// hours writes seconds as hours with one decimal.
func hours(seconds int64) document.Cell {
	h := float64(seconds) / 3600
	return document.Cell{Lines: []document.Text{document.T("%s", strconv.FormatFloat(h, 'f', 1, 64))}, Value: h}
}

// fuzzing lists each run with its effort, and sums them up.
func (t *testReport) fuzzing() *document.Section {
	s := t.Section("fuzzing", t.Say("Fuzz tests"))
	table := &document.Table{ID: "fuzz-table", Caption: t.Say("Runs of fuzzers"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Targets"), Width: 3.6}, {Title: t.Say("Tool"), Width: 2.4}, {Title: t.Say("Done on"), Width: 1.4, Kind: document.Date},
		{Title: t.Say("Inputs tried"), Width: 2, Kind: document.Figure}, {Title: t.Say("Hours"), Width: 1.2, Kind: document.Figure}, {Title: t.Say("Corpus"), Width: 1.3, Kind: document.Figure},
		{Title: t.Say("Sanitizers"), Width: 1.8}, {Title: t.Say("Evidence"), Width: 1.8, Kind: document.Code}, {Title: t.Say("Result"), Width: 1.4, Kind: document.State},
	}}
	var effort evidence.Fuzzing
	found, seen := false, map[*evidence.Piece]bool{}
	for _, v := range t.File.Verifications {
		rows := t.fuzzRows(v, seen, &effort)
		if v.Method != "fuzz-test" && len(rows) == 0 {
			continue
		}
		found = true
		table.Rows = append(append(table.Rows, document.Row{Group: t.Title(v) + " (" + v.ID + ")"}), rows...)
		if len(rows) == 0 {
			table.Rows = append(table.Rows, document.Row{Source: t.From(v), Cells: []document.Cell{
				document.W(t.Say("no evidence of a run counts")), t.Or(v.Tool), {}, {}, {}, {}, {}, {}, document.C(t.stateOfVerification(v))}})
		}
	}
	if !found {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("any fuzz test")))
		return s
	}
	s.Blocks = append(s.Blocks, t.Para("All runs whose evidence counts tried %s inputs in %s hours together.", thousands(effort.Executions).String(), hours(effort.Seconds).String()), table)
	return s
}

// fuzzRows are the runs by which a verification stands. What they cost is added up,
// each piece once.
func (t *testReport) fuzzRows(v *model.Verification, seen map[*evidence.Piece]bool, effort *evidence.Fuzzing) (rows []document.Row) {
	for _, d := range slices.Backward(t.deciding(v)) {
		f := d.Piece.Statement.Details.Fuzzing
		if f == nil {
			continue
		}
		if !seen[d.Piece] {
			seen[d.Piece] = true
			effort.Executions += f.Executions
			effort.Seconds += f.Seconds
		}
		var targets []document.Text
		for i, name := range f.Targets {
			if i == 2*few {
				targets = append(targets, t.more(len(f.Targets)-i))
				break
			}
			targets = append(targets, document.Text{{Text: name}})
		}
		corpus := document.Cell{}
		if f.Corpus > 0 {
			corpus = thousands(f.Corpus)
		}
		st := d.Piece.Statement
		rows = append(rows, document.Row{Source: document.Source{Evidence: d.Piece.ID, Entity: v.ID}, Cells: []document.Cell{
			{Lines: targets}, t.Or(strings.TrimSpace(st.Tool.Name + " " + st.Tool.Version)), document.On(st.Finished.Format("2006-01-02")),
			thousands(f.Executions), hours(f.Seconds), corpus, document.W(strings.Join(f.Sanitizers, ", ")), document.C(document.Literal(d.Piece.ID)), document.C(t.State(d.State))}})
	}
	return rows
}

// deviations lists failures that may stand, and those that no accepted risk covers.
func (t *testReport) deviations() *document.Section {
	s := t.Section("deviations", t.Say("Deviations"),
		t.Para("A failure may stand where the risk of it was accepted, for as long as the acceptance holds. A failure without such a risk fails the verification."))
	table := &document.Table{ID: "deviation-table", Caption: t.Say("Failures under accepted risks"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Verification"), Width: 2.6}, {Title: t.Say("Failure"), Width: 4}, {Title: t.Say("Risk"), Width: 3}, {Title: t.Say("Why the risk covers it"), Width: 4},
		{Title: t.Say("Accepted by"), Width: 2.2}, {Title: t.Say("Until"), Width: 1.4, Kind: document.Date}, {Title: t.Say("State"), Width: 1.8, Kind: document.State},
	}}
	for _, v := range t.File.Verifications {
		for i, d := range v.Deviations {
			table.Rows = append(table.Rows, t.deviationRow(v, i, d))
		}
	}
	t.tableOr(s, table, "No failure stands under an accepted risk.")
	if t.judged == nil {
		return s
	}
	failed := &document.Table{ID: "failure-table", Caption: t.Say("Failures without an accepted risk"), Columns: []document.Column{
		{Title: t.Say("Verification"), Width: 3}, {Title: t.Say("Evidence"), Width: 2, Kind: document.Code}, {Title: t.Say("What failed"), Width: 6},
	}}
	for _, v := range t.File.Verifications {
		for _, d := range t.deciding(v) {
			if d.State == evidence.Failed {
				failed.Rows = append(failed.Rows, document.Row{Source: document.Source{Entity: v.ID, Evidence: d.Piece.ID}, Cells: []document.Cell{
					document.Lines(t.titledID(v)), document.C(document.Literal(d.Piece.ID)), {Lines: t.reasonLines(d.Reasons)}}})
			}
		}
	}
	t.tableOr(s, failed, "No failure stands without an accepted risk.")
	return s
}

func (t *testReport) deviationRow(v *model.Verification, i int, d model.Deviation) document.Row {
	failure := document.Lines(document.Text{document.Literal(d.Failure)})
	if f := t.failureOf(v, d.Failure); f != nil && f.Title != "" && f.Title != d.Failure {
		failure.Lines = append(failure.Lines, document.Text{{Text: f.Title}})
	}
	row := document.Row{Source: t.From(v, "deviations", strconv.Itoa(i)), Cells: []document.Cell{
		document.Lines(t.titledID(v)), failure, t.Or(""), t.Or(d.Reason), {}, {}, document.C(t.deviationState(v, d))}}
	if d.Risk.OK() {
		r := d.Risk.To
		row.Cells[2] = document.Lines(t.titledID(r))
		row.Cells[4] = t.Or(r.Acceptance.By)
		if !r.Acceptance.Date.IsZero() {
			row.Cells[4].Lines = append(row.Cells[4].Lines, document.T("%s", r.Acceptance.Date))
		}
		if !r.Acceptance.Until.IsZero() {
			row.Cells[5] = document.On(r.Acceptance.Until.String())
		}
	}
	return row
}

// failureOf is a failure as the evidence lists it by which a verification stands; nil
// where none does.
func (t *testReport) failureOf(v *model.Verification, id string) *evidence.Failure {
	for _, d := range t.deciding(v) {
		for i, f := range d.Result.Failures {
			if f.ID == id {
				return &d.Result.Failures[i]
			}
		}
	}
	return nil
}

// deviationState says whether a deviation covers a failure.
func (t *testReport) deviationState(v *model.Verification, d model.Deviation) document.Span {
	switch {
	case !d.Risk.OK() || !evidence.Accepted(d.Risk.To, t.Day):
		return document.Badge(document.Bad, t.Say("risk not accepted"))
	case t.judged == nil:
		return document.Badge(document.Neutral, t.Say("stated"))
	}
	for _, verdict := range t.deciding(v) {
		if slices.ContainsFunc(verdict.Excused, func(x model.Deviation) bool { return x.Failure == d.Failure }) {
			return document.Badge(document.Partly, t.Say("accepted"))
		}
	}
	return document.Badge(document.Neutral, t.Say("covers no failure"))
}

// artefacts lists what the release consists of.
func (t *testReport) artefacts() *document.Section {
	s := t.Section("artefacts", t.Say("Artefacts of the release"))
	r := t.Release
	if r == nil {
		s.Blocks = append(s.Blocks, t.Gap(nil, "", t.Say("a release")))
		return s
	}
	s.Blocks = append(s.Blocks, t.Para("Evidence speaks of the release by the digests of its artefacts. What was made for other bytes does not count."), t.releaseTerms(r))
	table := &document.Table{ID: "artefact-table", Caption: t.Say("Artefacts of release %s", r.Version), Columns: []document.Column{
		{Title: t.Say("Artefact"), Width: 4, Kind: document.Code}, {Title: t.Say("Digest"), Width: 6, Kind: document.Code},
	}}
	for i, a := range r.Artefacts {
		table.Rows = append(table.Rows, document.Row{Source: t.From(r, "artefacts", strconv.Itoa(i)), Cells: []document.Cell{document.C(document.Literal(a.Path)), document.C(document.Literal(a.Digest))}})
	}
	if r.SBOM.Path != "" {
		table.Rows = append(table.Rows, document.Row{Source: t.From(r, "sbom"), Cells: []document.Cell{
			document.C(document.Literal(r.SBOM.Path), document.Span{Text: " " + t.Say("(bill of materials)")}), document.C(document.Literal(r.SBOM.Digest))}})
	}
	if len(r.Artefacts) == 0 {
		s.Blocks = append(s.Blocks, t.Gap(r, "artefacts", t.Say("the artefacts of the release, of which evidence could speak")))
	}
	if len(table.Rows) > 0 {
		s.Blocks = append(s.Blocks, table)
	}
	return s
}

func (t *testReport) releaseTerms(r *model.Release) *document.Terms {
	terms := &document.Terms{}
	add := func(name, field, words string) {
		terms.Terms = append(terms.Terms, document.Term{Name: document.T("%s", t.Say(name)), Source: t.From(r, field), Blocks: []document.Block{&document.Paragraph{Text: t.Or(words).Lines[0]}}})
	}
	add("Version", "version", r.Version)
	add("Built on", "frozen", r.Frozen.String())
	add("Date of release (as the security file has it)", "date", r.Date.String())
	terms.Terms = append(terms.Terms, t.approvalTerm(r))
	add("Revision of the source code", "commit", r.Commit)
	add("Baseline of the security file", "baseline", r.Baseline)
	return terms
}

// approvalTerm says who approved a release and when, as the signed approvals have it.
func (t *testReport) approvalTerm(r *model.Release) document.Term {
	term := document.Term{Name: document.T("%s", t.Say("Approval of the release")), Source: t.From(r)}
	for _, s := range t.signaturesOf(approval.Target{Of: "releases", ID: r.ID, Entity: r}) {
		line := document.Text{{Text: t.Say("%s on %s by %s, %s", s.Meaning, s.Date, s.Name, s.Role) + " "}, document.Literal(s.ID)}
		if !s.Valid {
			line = append(line, document.Span{Text: " "}, document.Badge(document.Bad, t.Say("does not count")))
		}
		term.Blocks = append(term.Blocks, &document.Paragraph{Text: line})
	}
	if len(term.Blocks) == 0 {
		term.Blocks = []document.Block{&document.Paragraph{Text: document.Text{document.Badge(document.Neutral, t.Say("no approval is signed"))}}}
	}
	return term
}
