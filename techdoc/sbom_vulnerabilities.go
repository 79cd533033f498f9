package techdoc

import (
	"cmp"
	"slices"
	"strings"

	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

// vulnerabilities says what scans found, and what became of it.
func (r *softwareReport) vulnerabilities() *document.Section {
	s := r.Section("vulnerabilities", r.Say("Known vulnerabilities"))
	switch {
	case r.Showing == nil:
		s.Blocks = append(s.Blocks, r.unsigned())
	case !slices.ContainsFunc(r.scans, (*scanOf).ofComponents):
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: r.Say("Not known"), Blocks: []document.Block{
			r.Para("No scan of the components for known vulnerabilities counts as evidence for this release. Which vulnerabilities they have is not known.")}})
	default:
		s.Blocks = append(s.Blocks, r.Para("These are the findings of scans whose evidence counts, the newest of each tool. One that a newer scan by another tool replaced decides nothing any more; what it found is told all the same. A scan knows what its database knew on the day of its data, and only of the components that it recognised. Findings of penetration tests stand in the verification report."))
	}
	if scans, _ := r.scansOfRelease(r.recordOf()); len(scans) > 0 {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: r.Say("This section is what verification saw on the days of its scans. How the release stands since, by the comparison of all its components with advisories, stands in") + " "}, At(sbomName, triageSection), document.Span{Text: "."}))
		if line := r.affectedLine(); line != nil {
			s.Blocks = append(s.Blocks, &document.Paragraph{Text: line})
		}
	}
	if len(r.scans) == 0 {
		return s
	}
	s.Blocks = append(s.Blocks, r.fatesTable(), r.scanTable())
	s.Sections = append(s.Sections, r.foundSection())
	return s
}

// vulnerabilityFates are the fates from the least to the most harmless.
var vulnerabilityFates = []struct {
	fate  vulnerabilityFate
	title string
}{
	{fateOpen, "Open"}, {fateTriage, "Being analysed"}, {fateAccepted, "Risk accepted"}, {fateIgnored, "Left out by settings"}, {fateBelow, "Below the limit"}, {fateCleared, "Not affected, or resolved"},
}

// fatesTable counts findings by severity and fate. What a statement counts and its
// inputs do not name is of no known fate, and has a column of its own.
func (r *softwareReport) fatesTable() *document.Table {
	t := &document.Table{ID: "vulnerability-counts", Caption: r.Say("Findings of scans by severity and what became of them"), Columns: []document.Column{{Title: r.Say("Severity"), Width: 2}}}
	for _, f := range vulnerabilityFates {
		t.Columns = append(t.Columns, document.Column{Title: r.Say(f.title), Width: 1.6, Kind: document.Figure})
	}
	t.Columns = append(t.Columns, document.Column{Title: r.Say("Counted without detail"), Width: 1.6, Kind: document.Figure}, document.Column{Title: r.Say("All"), Width: 1.2, Kind: document.Figure})
	unnamed := map[evidence.Severity]int{}
	for _, s := range r.scans {
		for severity, count := range s.unnamed() {
			unnamed[severity] += count
		}
	}
	n, names := map[evidence.Severity]map[vulnerabilityFate]int{}, slices.Clone(severities[:len(severities)-1])
	for _, f := range r.found {
		if n[f.Severity] == nil {
			n[f.Severity] = map[vulnerabilityFate]int{}
			if !slices.Contains(names, f.Severity) {
				names = append(names, f.Severity)
			}
		}
		n[f.Severity][f.fate]++
	}
	for _, severity := range names {
		row := document.Row{Cells: []document.Cell{document.W(r.Say(cmp.Or(string(severity), "not rated")))}}
		all := unnamed[severity]
		for _, f := range vulnerabilityFates {
			all += n[severity][f.fate]
			row.Cells = append(row.Cells, document.N(n[severity][f.fate]))
		}
		row.Cells = append(row.Cells, document.N(unnamed[severity]), document.N(all))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// scanTable lists the scans with how old their data are, also those that were replaced.
func (r *softwareReport) scanTable() *document.Table {
	t := &document.Table{ID: "scans", Caption: r.Say("Scans"), Wide: true, Columns: []document.Column{
		{Title: r.Say("Evidence"), Width: 1.9, Kind: document.Code}, {Title: r.Say("Tool"), Width: 2}, {Title: r.Say("For"), Width: 1.9, Kind: document.Code}, {Title: r.Say("Done on"), Width: 1.4, Kind: document.Date},
		{Title: r.Say("Database, data of"), Width: 2.4}, {Title: r.Say("Components looked at"), Width: 1.5, Kind: document.Figure},
	}}
	for _, severity := range severities {
		t.Columns = append(t.Columns, document.Column{Title: capitalised(string(severity)), Width: 1, Kind: document.Figure})
	}
	t.Columns = append(t.Columns, document.Column{Title: r.Say("Fails from"), Width: 1.2}, document.Column{Title: r.Say("State"), Width: 1.5, Kind: document.State})
	for _, s := range r.scans {
		st := s.piece.Statement
		d := st.Details.Scan
		var items []*model.Verification
		var states []evidence.State
		for _, v := range s.verdicts {
			items, states = append(items, v.Of), append(states, v.State)
		}
		row := document.Row{ID: "scan-" + s.piece.ID, Source: document.Source{Evidence: s.piece.ID}, Cells: []document.Cell{
			document.C(document.Literal(s.piece.ID)), r.Or(strings.TrimSpace(st.Tool.Name + " " + st.Tool.Version)), idLines(r.Book, items, few), document.On(st.Finished.Format("2006-01-02")),
			{Lines: r.dataLines(d)}, {}}}
		if d.Components > 0 {
			row.Cells[5] = document.N(d.Components)
			if r.joined.Usable() && s.ofBill() {
				n := len(r.joined.Entries())
				row.Cells[5] = document.Cell{Lines: []document.Text{document.T("%s", r.Say("%d of %d components", d.Components, n))}, Value: d.Components}
			}
		}
		for _, severity := range severities {
			row.Cells = append(row.Cells, document.N(d.Findings[severity]))
		}
		t.Rows = append(t.Rows, document.Row{ID: row.ID, Source: row.Source, Cells: append(row.Cells, document.W(string(d.FailAt)), r.scanState(s, states))})
	}
	return t
}

// scanState is how a scan came out; of one that newer ones replaced, by which.
func (r *softwareReport) scanState(s *scanOf, states []evidence.State) document.Cell {
	result := r.State(evidence.Worst(states...))
	if slices.ContainsFunc(s.verdicts, func(v *evidence.Verdict) bool { return v.Replaced == nil }) {
		return document.C(result)
	}
	by := document.Text{{Text: r.Say("by") + " ", Style: document.Faint}, document.Literal(s.verdicts[0].Replaced.Piece.ID)}
	return document.Lines(document.Text{document.Badge(document.Neutral, r.Say("replaced"))}, by, document.Text{{Text: r.Say("result: %s", result.Text), Style: document.Faint}})
}

// dataLines say which database a scan looked into, and from when its data are.
func (r *softwareReport) dataLines(d *evidence.Scan) (lines []document.Text) {
	if d.Database != "" {
		lines = append(lines, document.Text{{Text: d.Database}})
	}
	if !d.Data.IsZero() {
		lines = append(lines, document.Text{{Text: d.Data.Format("2006-01-02")}})
	}
	return r.orNone(document.Cell{Lines: lines}).Lines
}

// foundSection lists the findings of all scans.
func (r *softwareReport) foundSection() *document.Section {
	s := r.Section("findings", r.Say("Findings and what became of them"))
	t := &document.Table{ID: "finding-table", Caption: r.Say("Findings from low on"), Wide: true, Columns: []document.Column{
		{Title: r.Say("Vulnerability"), Width: 2.6, Kind: document.Code}, {Title: r.Say("Component or place"), Width: 2.4}, {Title: r.Say("What it is"), Width: 4.4},
		{Title: r.Say("Severity"), Width: 1.2}, {Title: r.Say("What became of it"), Width: 2.2, Kind: document.State}, {Title: r.Say("Why, as the scan has it"), Width: 3.4}, {Title: r.Say("Evidence"), Width: 1.8, Kind: document.Code},
	}}
	t.Rows = r.foundRows()
	r.tableOr(s, t, "The inputs of the scans list no finding from low on.")
	var notes []document.Text
	for _, scan := range r.scans {
		notes = append(notes, r.unlisted(scan)...)
	}
	if len(notes) > 0 {
		s.Blocks = append(s.Blocks, r.Para("Not listed one by one:"), bullets(notes, document.Source{}))
	}
	return s
}

func (r *softwareReport) foundRows() (rows []document.Row) {
	for i, f := range r.found {
		if i == maxScanRows {
			return append(rows, document.Row{Cells: []document.Cell{document.Lines(r.more(len(r.found) - i)), {}, {}, {}, {}, {}, {}}})
		}
		id, part, split := strings.Cut(f.ID, "@")
		if !split {
			part = f.At
		}
		var by document.Cell
		for j, s := range f.by {
			if j == few {
				by.Lines = append(by.Lines, r.more(len(f.by)-j))
				break
			}
			by.Lines = append(by.Lines, document.Text{document.Literal(s.piece.ID)})
		}
		rows = append(rows, document.Row{Source: document.Source{Evidence: f.by[0].piece.ID}, Cells: []document.Cell{
			document.C(document.Literal(clipped(id))), document.W(clipped(part)), document.W(clipped(f.Title)), document.W(r.Say(cmp.Or(string(f.Severity), "not rated"))),
			{Lines: r.fateBadge(f)}, document.W(f.because), by}})
	}
	return rows
}

// unlisted says what a scan found that is not listed.
func (r *softwareReport) unlisted(s *scanOf) (lines []document.Text) {
	add := func(words string) {
		lines = append(lines, document.Text{document.Literal(s.piece.ID), {Text: ": " + words}})
	}
	if s.why != "" {
		add(s.why)
	}
	if s.remarks > 0 {
		add(r.Say("%s without severity", plural(s.remarks, "remark", "remarks")))
	}
	counted := 0
	for _, n := range s.unnamed() {
		counted += n
	}
	if counted > 0 {
		add(r.Say("%s that the evidence counts and does not name", plural(counted, "finding from low on", "findings from low on")))
	}
	return lines
}

// unnamed counts, by severity from low on, what the statement of a scan counts beyond
// what its inputs name.
func (s *scanOf) unnamed() map[evidence.Severity]int {
	listed, more := map[evidence.Severity]int{}, map[evidence.Severity]int{}
	for _, f := range s.found {
		listed[f.Severity]++
	}
	for _, severity := range severities[:len(severities)-1] {
		if n := s.piece.Statement.Details.Scan.Findings[severity] - listed[severity]; n > 0 {
			more[severity] = n
		}
	}
	return more
}
