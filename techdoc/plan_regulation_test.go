package techdoc

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac/document"
	"theriac/draw"
	"theriac/model"
)

// TestOneRegulation: the plans name the product's regulation and no other.
func TestOneRegulation(t *testing.T) {
	for example, other := range map[string]string{"infusion-pump": `\bIVDR\b`, "pcr-analyser": `\bMDR\b`} {
		b := exampleBook(t, example)
		for _, name := range planDocuments {
			for _, line := range strings.Split(paintedText(t, madeDocument(t, b, name)), "\n") {
				if at := regexp.MustCompile(other).FindStringIndex(line); at != nil {
					t.Errorf("%s: %s names the other regulation: %.200s", example, name, line[max(0, at[0]-80):])
				}
			}
		}
	}
}

func TestOneLaw(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	for text, want := range map[string][2]string{
		"Watch (MDR Art. 83, IVDR Art. 78) it.":                       {"Watch (MDR Art. 83) it.", "Watch (IVDR Art. 78) it."},
		"Watch (MDR Art. 87(3), IVDR Art. 82(3)).":                    {"Watch (MDR Art. 87(3)).", "Watch (IVDR Art. 82(3))."},
		"and (MDR) side-effect or (IVDR) harm after a decision.":      {"and side-effect.", "and harm after a decision."},
		"expected side-effects (IVDR: expected erroneous results): x": {"expected side-effects: x", "expected erroneous results: x"},
		"of both (and of neither), as it is":                          {"of both (and of neither), as it is", "of both (and of neither), as it is"},
	} {
		for i, law := range []model.Regulation{model.MDR, model.IVDR} {
			b.File.Product.Regulation = law
			if got := b.oneLaw(text); got != want[i] {
				t.Errorf("%s: %q, not %q", law, got, want[i])
			}
		}
	}
}

// TestReportTo: what holds for implantable devices is told where the product is one, or
// nobody says.
func TestReportTo(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	row, ok := b.reportRow()
	if !ok || !strings.HasSuffix(row.To, ifImplantable) {
		t.Fatalf("the report is for %q", row.To)
	}
	for answer, want := range map[model.Answer]string{
		model.Yes: "competent authority on request; via electronic system, as the device is implantable", model.Unknown: "via electronic system if implantable",
		model.No: "competent authority on request",
	} {
		b.File.Product.Facts.Implantable = answer
		if got := b.reportTo(row); !strings.HasSuffix(got, want) {
			t.Errorf("implantable %q: %s", answer, got)
		}
	}
	other := newLifeBook(exampleBook(t, "pcr-analyser"))
	if row, ok := other.reportRow(); !ok || other.reportTo(row) != row.To {
		t.Errorf("under the IVDR: %q", other.reportTo(row))
	}
}

// TestExamplesOfGuidance: the examples of devices under the MDR are for those alone.
func TestExamplesOfGuidance(t *testing.T) {
	for example, want := range map[string]bool{"infusion-pump": true, "pcr-analyser": false} {
		text := paintedText(t, madeDocument(t, exampleBook(t, example), postMarketName))
		if strings.Contains(text, "pacemaker") != want || strings.Contains(text, "Annex II, for orientation") != want {
			t.Errorf("%s: examples of devices under the MDR: not %v", example, want)
		}
	}
	rows := tableIn(t, madeDocument(t, exampleBook(t, "pcr-analyser"), postMarketName), "field-figures").Rows
	if !slices.ContainsFunc(rows, func(r document.Row) bool { return strings.Contains(r.Cells[0].String(), "expected erroneous results") }) {
		t.Error("the report under the IVDR does not ask for erroneous results")
	}
}

// TestPlansNoDoubts: approved documents do not doubt themselves.
func TestPlansNoDoubts(t *testing.T) {
	b := exampleBook(t, "infusion-pump")
	for _, name := range []string{planName, postMarketName} {
		text := paintedText(t, madeDocument(t, b, name))
		for _, doubt := range []string{"to be checked", "nothing (memory)", "from memory", "checked against", "is a reading", "cannot disagree"} {
			if strings.Contains(text, doubt) {
				t.Errorf("%s says %q", name, doubt)
			}
		}
		if !strings.Contains(text, "paraphrases; compare them with your copy") {
			t.Errorf("%s does not say that texts are paraphrases", name)
		}
	}
}

// TestCrosswalkClaimed: a standard has its chapter where the product claims it.
func TestCrosswalkClaimed(t *testing.T) {
	for example, want := range map[string]bool{"infusion-pump": true, "pcr-analyser": false} {
		d := madeDocument(t, exampleBook(t, example), planName)
		if (d.Section("crosswalk-62443-4-1") != nil) != want || d.Section("crosswalk-81001-5-1") == nil {
			t.Errorf("%s: chapter on IEC 62443-4-1: not %v", example, want)
		}
		if text := paintedText(t, d); !want && strings.Contains(text, "62443-4-1") {
			t.Errorf("%s speaks of IEC 62443-4-1", example)
		}
	}
	none := madeDocument(t, machineBook(t, copied(t, "infusion-pump", map[string][2]string{"theriac.yaml": {"iec-81001-5-1, ", ""}})), planName)
	if none.Section("crosswalk-81001-5-1") != nil || len(tableIn(t, none, "stages").Columns) != 4 {
		t.Error("a standard that is not claimed has a chapter, or a column of the life cycle")
	}
	if about := Find(planName).About; strings.Contains(about, "IEC") {
		t.Errorf("the index says %q of any product", about)
	}
}

// TestConfigurationManagement: the clause on it leads to change control, not to
// surveillance.
func TestConfigurationManagement(t *testing.T) {
	for _, example := range []string{"infusion-pump", "pcr-analyser"} {
		b := newLifeBook(exampleBook(t, example))
		row := b.Row("81001-5-1.8")
		if row == nil {
			t.Fatal("the clause is not asked")
		}
		var to []document.Address
		for _, l := range b.tellingPlaces(*row) {
			for _, span := range l {
				to = append(to, span.To)
			}
		}
		for _, want := range []document.Address{"doc:cybersecurity-plan#change-control", "doc:vulnerability-management-plan#change-control", "doc:cybersecurity-plan#releases"} {
			if !slices.Contains(to, want) {
				t.Errorf("%s: no link to %s in %v", example, want, to)
			}
		}
		if slices.Contains(to, "doc:vulnerability-management-plan#surveillance") {
			t.Errorf("%s: leads to surveillance", example)
		}
	}
}

// TestChangeClauses: the change of the system or device range comes first, that of a
// certified device under its condition.
func TestChangeClauses(t *testing.T) {
	for example, want := range map[string][2]string{"infusion-pump": {"mdr.annex-ix.2.4", "mdr.annex-ix.4.10"}, "pcr-analyser": {"ivdr.annex-ix.2.4", "ivdr.annex-ix.4.11"}} {
		b := exampleBook(t, example)
		var got []string
		for _, bl := range madeDocument(t, b, postMarketName).Section("change-control").Blocks {
			if p, ok := bl.(*document.Paragraph); ok && p.Source.Clause != "" {
				got = append(got, p.Source.Clause)
				if text := p.Text.String(); strings.HasPrefix(text, "Where a technical documentation certificate was issued: ") != (len(got) == 2) {
					t.Errorf("%s: %s", example, text)
				}
			}
		}
		if !slices.Equal(got, want[:]) {
			t.Errorf("%s: cites %v", example, got)
		}
	}
}

// TestSafetyEffects: of controls of others than the device no statement is expected.
func TestSafetyEffects(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	all := len(thoseThat(b.File.Controls, mustJudge))
	i := slices.IndexFunc(b.File.Controls, func(c *model.Control) bool { return !mustJudge(c) })
	k := slices.IndexFunc(b.File.Controls, mustJudge)
	if i < 0 || k < 0 {
		t.Fatal("the example has not both sorts of controls")
	}
	const name = "Controls in the device of which the effect on safety"
	b.File.Controls[i].SafetyEffect.Possible = model.Unknown
	if m := figureOf(t, b, name); m.value != all || m.state != reached {
		t.Errorf("%s, state %d, of %d", m.figure, m.state, all)
	}
	b.File.Controls[k].SafetyEffect.Possible = model.Unknown
	if m := figureOf(t, b, name); m.value != all-1 || m.state != missed {
		t.Errorf("after one is silent: %s, state %d", m.figure, m.state)
	}
}

// TestNothingTwice: neither standards nor organisations are told twice.
func TestNothingTwice(t *testing.T) {
	b := exampleBook(t, "infusion-pump")
	b.File.Product.OtherStandards = append(b.File.Product.OtherStandards, "IEC 62304", "IEC 99999", "IEC 99999")
	d := madeDocument(t, b, planName)
	seen := map[string]bool{}
	for _, r := range tableIn(t, d, "standards").Rows {
		words := r.Cells[0].String()
		name, _, _ := strings.Cut(words, ",")
		if seen[name] || strings.Count(words, "HN 1-2019") > 1 {
			t.Errorf("twice: %s", words)
		}
		seen[name] = true
	}
	if !seen["IEC 99999"] || !seen["IEC 62304"] {
		t.Error("a standard is missing")
	}
	for _, r := range tableIn(t, d, "signing").Rows {
		for _, l := range r.Cells[2].Lines {
			if words := l.String(); strings.Count(words, "Laboratory") > 1 {
				t.Errorf("the organisation is there twice: %s", words)
			}
		}
	}
}

// TestBoardLate: what is late keeps the board's page from saying that nothing is.
func TestBoardLate(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	if late := b.passed(); len(late) > 0 {
		t.Fatalf("the example is late: %v", late)
	}
	b.Day = b.dues()[0].day.Add(model.MustDuration("1 day"))
	text := b.overallState()
	if len(b.passed()) == 0 || text[0].Tone == document.Good || strings.Contains(text.String(), "Nothing is wrong, missing or late") {
		t.Errorf("with a day passed: %s", text)
	}
	if words := b.openWords().String(); !strings.Contains(words, "that has passed") && !strings.Contains(words, "that have passed") {
		t.Errorf("open: %s", words)
	}
}

// TestBoardNames: names of levels are whole, of one scale or the other, and stay on the
// sheet.
func TestBoardNames(t *testing.T) {
	seven := []string{"negligible", "inconvenience", "minor", "moderate", "significant", "life-threatening", "catastrophic"}
	for name, levels := range map[string][]string{"example": nil, "seven": seven} {
		b := newLifeBook(exampleBook(t, "infusion-pump"))
		if levels != nil {
			b.risks.Scales.SeverityLevels, b.risks.Scales.ExploitabilityLevels = levels, levels
		}
		d := b.boardMatrix()
		if d == nil {
			t.Fatal("no picture")
		}
		var texts []string
		var walk func(items []draw.Item)
		walk = func(items []draw.Item) {
			for _, item := range items {
				switch item := item.(type) {
				case *draw.Group:
					walk(item.Items)
				case *draw.Text:
					texts = append(texts, item.Text)
					half := item.Size * boardLetter * float64(len(item.Text)) / 2
					if item.Anchor == draw.Middle && (item.X-half < 0 || item.X+half > boardWidth || item.Y > d.Sheets[0].Height) {
						t.Errorf("%s: %s leaves the sheet", name, item.Text)
					}
				}
			}
		}
		walk(d.Sheets[0].Items)
		for _, scale := range [][]string{b.risks.Scales.SeverityLevels, b.risks.Scales.ExploitabilityLevels} {
			for _, level := range scale {
				if !slices.Contains(texts, level) {
					t.Errorf("%s: %s is cut", name, level)
				}
			}
		}
	}
	if got := shortLevel(strings.Repeat("x", 3000), 100, boardSmallest); len(got) > 40 {
		t.Errorf("a long name has %d bytes", len(got))
	}
	text := paintedText(t, madeDocument(t, exampleBook(t, "infusion-pump"), boardName))
	if !strings.Contains(text, "by exploitability (up) and severity (across)") {
		t.Error("the caption does not name the axes")
	}
}
