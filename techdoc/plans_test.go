package techdoc

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac/document"
	"theriac/document/pdf"
	"theriac/document/plain"
	"theriac/evidence"
	"theriac/model"
)

// planDocuments are the documents of these tests.
var planDocuments = []string{planName, postMarketName, boardName}

// madeDocument is a document of a book, numbered and alone.
func madeDocument(t *testing.T, b *Book, name string) *document.Document {
	t.Helper()
	d := Find(name)
	sections, err := d.Make(b)
	if err != nil {
		t.Fatal(name, err)
	}
	return &document.Document{Name: name, Title: d.Title, Lang: "en", Brief: d.Brief, Sections: sections}
}

// paintedText is a document as Markdown.
func paintedText(t *testing.T, d *document.Document) string {
	t.Helper()
	set := &document.Set{Documents: []*document.Document{d}}
	set.Number(document.Decimal)
	text, err := plain.Markdown(set, d)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// gapsIn are the sections with a gap or a state that is not good, and what they say.
func gapsIn(d *document.Document) (gaps []string) {
	d.Walk(func(s *document.Section, _ int) {
		document.Blocks(s.Blocks, func(bl document.Block) {
			if c, ok := bl.(*document.Callout); ok && c.Kind == document.Gap {
				gaps = append(gaps, s.ID)
			}
		})
	})
	return gaps
}

// tableIn is a table of a document.
func tableIn(t *testing.T, d *document.Document, id string) *document.Table {
	t.Helper()
	var found *document.Table
	d.Walk(func(s *document.Section, _ int) {
		document.Blocks(s.Blocks, func(bl document.Block) {
			if table, ok := bl.(*document.Table); ok && table.ID == id {
				found = table
			}
		})
	})
	if found == nil {
		t.Fatalf("%s has no table %s", d.Name, id)
	}
	return found
}

// figureOf is the value of the figure whose name begins with a text.
func figureOf(t *testing.T, b *lifeBook, name string) measure {
	t.Helper()
	list := b.measures()
	i := slices.IndexFunc(list, func(m measure) bool { return strings.HasPrefix(m.name, name) })
	if i < 0 {
		t.Fatalf("no figure %q", name)
	}
	return list[i]
}

// TestPlanSections holds the ids to which other documents link.
func TestPlanSections(t *testing.T) {
	want := map[string][]string{
		planName:       {"scope", "practices", "roles", "metrics", "life-cycle", "crosswalk-81001-5-1", "tools", "training", "change-control", "review-history"},
		postMarketName: {"scope", "handling", "contact", "time-limits", "disclosure", "surveillance", "vigilance", "field-actions", "change-control", "psur", "decision-record", "end-of-support"},
		boardName:      {"state", "risks", "decisions"},
	}
	for _, example := range []string{"infusion-pump", "pcr-analyser"} {
		b := exampleBook(t, example)
		for _, name := range planDocuments {
			d := madeDocument(t, b, name)
			for _, id := range want[name] {
				s := d.Section(id)
				if s == nil {
					t.Errorf("%s: %s has no section %s", example, name, id)
				} else if len(s.Blocks)+len(s.Sections) == 0 {
					t.Errorf("%s: section %s of %s is empty", example, id, name)
				}
			}
			seen := map[string]bool{}
			d.Walk(func(s *document.Section, _ int) {
				if seen[s.ID] {
					t.Errorf("%s: two sections %s in %s", example, s.ID, name)
				}
				seen[s.ID] = true
			})
			if gaps := gapsIn(d); len(gaps) > 0 {
				t.Errorf("%s: gaps in %s, which is complete: %v", example, name, gaps)
			}
		}
	}
}

// TestPlanLinks makes all documents of the examples: no link of the plans may be lost,
// and the extract for the board has one page.
func TestPlanLinks(t *testing.T) {
	worse := copied(t, "infusion-pump", map[string][2]string{
		"risks.yaml": {"until: 2027-09-30", "until: 2026-09-30"}, "processes.yaml": {"reviewed: 2026-06-03", "reviewed: 2024-06-03"},
		"theriac.yaml": {"  support-period: 10 years", "  support-period: 2 years"}, "architecture/soup.yaml": {"support-until: 2027-04-30", "support-until: 2026-04-30"},
	})
	for example, dir := range map[string]string{"infusion-pump": filepath.Join("..", "examples", "infusion-pump"), "pcr-analyser": filepath.Join("..", "examples", "pcr-analyser"), "worse pump": worse} {
		set, _, err := Make(t.Context(), machineBook(t, dir).Input, nil)
		if err != nil {
			t.Fatal(example, err)
		}
		board := slices.IndexFunc(set.Documents, func(d *document.Document) bool { return d.Name == boardName })
		out, err := pdf.Write(set, set.Documents[board])
		if err != nil {
			t.Fatal(err)
		}
		if pages := len(regexp.MustCompile(`/Type /Page\b`).FindAll(out, -1)); pages != 1 {
			t.Errorf("%s: the extract for the board has %d pages", example, pages)
		}
	}
}

// TestReportingVerdicts compares limits of the file with those of the law.
func TestReportingVerdicts(t *testing.T) {
	for name, c := range map[string]struct {
		edit          [2]string
		row, verdict  string
		law, manufact string
	}{
		"equal":     {[2]string{"serious-incident: 15 days", "serious-incident: 360 hours"}, "vig.other-serious", "as the law asks", "15 days", "360 hours"},
		"shorter":   {[2]string{"serious-incident: 15 days", "serious-incident: 2 weeks"}, "vig.other-serious", "shorter than the law asks", "15 days", "2 weeks"},
		"longer":    {[2]string{"death-or-unanticipated-deterioration: 10 days", "death-or-unanticipated-deterioration: 11 days"}, "vig.death-or-unanticipated", "longer than the law allows", "10 days", "11 days"},
		"hours":     {[2]string{"public-health-threat: 2 days", "public-health-threat: 49 hours"}, "vig.public-health-threat", "longer than the law allows", "2 days", "49 hours"},
		"no limit":  {[2]string{"    public-health-threat: 2 days\n", ""}, "vig.public-health-threat", "not stated", "2 days", "not stated"},
		"unchanged": {[2]string{"# The eight", "# the eight"}, "vig.public-health-threat", "as the law asks", "2 days", "2 days"},
	} {
		d := madeDocument(t, machineBook(t, copied(t, "infusion-pump", map[string][2]string{"processes.yaml": c.edit})), postMarketName)
		table := tableIn(t, d, "reporting-limits")
		i := slices.IndexFunc(table.Rows, func(r document.Row) bool { return r.ID == c.row })
		if i < 0 || len(table.Rows) != 3 {
			t.Fatalf("%s: %d rows", name, len(table.Rows))
		}
		cells := table.Rows[i].Cells
		if got := []string{cells[2].String(), cells[4].String(), cells[5].String()}; !slices.Equal(got, []string{c.law, c.manufact, c.verdict}) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// TestArticles holds that each regulation has its own numbers.
func TestArticles(t *testing.T) {
	for example, want := range map[string]string{"infusion-pump": "mdr.art.87.3 mdr.art.87.4 mdr.art.87.5", "pcr-analyser": "ivdr.art.82.3 ivdr.art.82.4 ivdr.art.82.5"} {
		b := exampleBook(t, example)
		var got []string
		for _, r := range tableIn(t, madeDocument(t, b, postMarketName), "reporting-limits").Rows {
			if b.Catalog.Entry(r.Source.Clause) == nil {
				t.Errorf("the catalogue has no %s", r.Source.Clause)
			}
			got = append(got, r.Source.Clause)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", example, got)
		}
	}
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	for place, id := range map[string]string{"Art. 87(3)": "mdr.art.87.3", "Art. 88": "mdr.art.88", "Annex VI Part C §3.9": "mdr.annex-vi.c.3.9", "Annex VI Part C §6.5.2": "mdr.annex-vi.c.6.5.2"} {
		if got := b.article(place); got != id || b.Catalog.Entry(id) == nil {
			t.Errorf("%s is %s", place, got)
		}
	}
}

// TestReportCycle compares the cycle of the file with what the class needs.
func TestReportCycle(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	for _, c := range []struct {
		own    string
		months int
		want   string
	}{
		{"1 year", 12, "within the law"}, {"12 months", 12, "within the law"}, {"6 months", 12, "within the law"},
		{"13 months", 12, "longer than the law allows"}, {"2 years", 24, "within the law"}, {"800 days", 24, "longer than the law allows"}, {"5 years", 0, "no limit in the law"},
	} {
		if got := b.cycleVerdict(model.MustDuration(c.own), c.months).Text; got != c.want {
			t.Errorf("%s against %d months: %s", c.own, c.months, got)
		}
	}
	for class, want := range map[model.Class]string{"I": "pms-report", "IIa": "psur", "IIb": "psur", "III": "psur"} {
		b.File.Product.Class = class
		if row, ok := b.reportRow(); !ok || row.Document != want {
			t.Errorf("class %s needs %q", class, row.Document)
		}
	}
	b.File.Product.Class = "C"
	if _, ok := b.reportRow(); ok {
		t.Error("a class of the other regulation has a report")
	}
}

// yamlText is the text of all YAML files of an example.
func yamlText(t *testing.T, example string) string {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(filepath.Join("..", "examples", example), func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestFiguresAgainstCounts counts in other ways what the figures say.
func TestFiguresAgainstCounts(t *testing.T) {
	for _, example := range []string{"infusion-pump", "pcr-analyser"} {
		b := newLifeBook(exampleBook(t, example))
		text := yamlText(t, example)
		soup := len(regexp.MustCompile(`(?m)^    type: soup\b`).FindAllString(text, -1))
		limits := len(regexp.MustCompile(`(?m)^    - severity: \w+\n      acknowledge: .+\n      assess: .+\n      fix: .+$`).FindAllString(text, -1))
		told := len(regexp.MustCompile(`(?m)^    told-in:`).FindAllString(text, -1))
		ended := 0
		for _, m := range regexp.MustCompile(`(?m)^    support-until: (\d{4}-\d\d-\d\d)`).FindAllStringSubmatch(text, -1) {
			if m[1] < machineDay {
				ended++
			}
		}
		for name, want := range map[string]int{
			"SOUP items that a named role watches": soup, "Severities with a limit": limits, "Requirements on the surroundings that a document tells": told,
			"Components that their maker no longer supports": ended, "Security requirements that are shown": b.Showing.Met(),
			"Verifications that passed": b.Showing.Verifications[evidence.Passed], "Residual risks above the policy that a document tells": len(b.risks.AbovePolicy()),
			"Errors that the check": b.Findings.Summary().Errors, "Threats derived from the architecture": len(b.derivation().Threats) - len(b.derivation().Undispositioned()),
		} {
			if got := figureOf(t, b, name).value; got != want {
				t.Errorf("%s: %s: %v, counted %d", example, name, got, want)
			}
		}
		if soup == 0 || limits != 4 || told == 0 {
			t.Errorf("%s: the counts find nothing: %d, %d, %d", example, soup, limits, told)
		}
	}
}

// TestPenetrationAge follows the age of tests over the days.
func TestPenetrationAge(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	last := b.lastTest()
	for _, c := range []struct {
		day  model.Date
		days int
		want aimState
	}{{last, 0, reached}, {last.Add(model.MustDuration("1 year")), 365, reached}, {last.Add(model.MustDuration("366 days")), 366, missed}} {
		b.Day = c.day
		if m := figureOf(t, b, "Time since the last penetration test"); m.value != c.days || m.state != c.want {
			t.Errorf("on %s: %v days, state %d", c.day, m.value, m.state)
		}
	}
}

// TestPlanGaps takes something out, and looks where it is missed.
func TestPlanGaps(t *testing.T) {
	for name, c := range map[string]struct {
		doc, file, was, is string
		gap                string // section with a gap; "" for none
		says               string
	}{
		"owner":        {planName, "processes.yaml", "    owner: PSIRT lead\n    policy", "    policy", "roles", "Nobody is named who answers for: Practice 6"},
		"overdue":      {planName, "processes.yaml", "reviewed: 2026-06-03", "reviewed: 2024-06-03", "", "overdue since"},
		"unscheduled":  {planName, "processes.yaml", "    reviewed: 2026-06-03\n", "", "", "not scheduled"},
		"practice":     {planName, "processes.yaml", "practice: update-management", "practice: guidelines", "practice-update-management", "not described"},
		"disclosure":   {postMarketName, "processes.yaml", "  disclosure: |", "  x-disclosure: |", "coordinated-disclosure", "policy of coordinated disclosure"},
		"criteria":     {postMarketName, "processes.yaml", "    security-criteria: |", "    x-criteria: |", "security-criteria", "when a security event counts as an incident"},
		"field action": {postMarketName, "processes.yaml", "  field-action: ", "  x-field-action: ", "field-actions", "how field safety corrective actions are done"},
		"limit":        {postMarketName, "processes.yaml", "      fix: 180 days\n", "", "", "| **medium** | 5 days | 14 days | **✗ not stated** |"},
		"report":       {postMarketName, "processes.yaml", "report: doc-psur", "report: doc-pms-plan", "", "another document"},
		"cycle":        {postMarketName, "processes.yaml", "  cycle: 1 year", "  cycle: 2 years", "", "longer than the law allows"},
		"support":      {postMarketName, "theriac.yaml", "support-period: 10 years", "support-period: 2 years", "", "shorter than the lifetime"},
		"acceptance":   {boardName, "risks.yaml", "until: 2027-09-30", "until: 2026-09-30", "", "Without an acceptance in force: 1 risk above the policy"},
		"late review":  {boardName, "processes.yaml", "reviewed: 2026-06-03", "reviewed: 2024-06-03", "", "1 date that has passed"},
	} {
		t.Run(name, func(t *testing.T) {
			before := paintedText(t, madeDocument(t, exampleBook(t, "infusion-pump"), c.doc))
			d := madeDocument(t, machineBook(t, copied(t, "infusion-pump", map[string][2]string{c.file: {c.was, c.is}})), c.doc)
			after := paintedText(t, d)
			if strings.Contains(before, c.says) {
				t.Fatalf("the whole file says %q already", c.says)
			}
			if !strings.Contains(after, c.says) {
				t.Errorf("nothing says %q", c.says)
			}
			if gaps := gapsIn(d); c.gap != "" && !slices.Contains(gaps, c.gap) {
				t.Errorf("gaps in %v, want %s", gaps, c.gap)
			}
		})
	}
}

// TestPlansOfLittle makes the documents of files that say next to nothing, or nonsense.
func TestPlansOfLittle(t *testing.T) {
	const product = "product:\n  name: Thing\n  regulation: %\n  class: IIa\n"
	long := strings.Repeat("x", 3000)
	for name, text := range map[string]string{
		"minimal": strings.Replace(product, "%", "MDR", 1),
		"ivdr":    strings.Replace(product, "%", "IVDR", 1),
		"empty":   strings.Replace(product, "%", "MDR", 1) + "vulnerability-handling:\n  owner: \"\"\npost-market:\n  owner: \"\"\npolicy:\n  risk:\n    method: x\nprocesses:\n  pr-a:\n    practice: guidelines\n",
		"hostile": strings.Replace(product, "%", "MDR", 1) + "processes:\n  pr-a:\n    title: \"<script>\\u202E|`*\"\n    practice: nonsense\n    owner: \"<b>|" + long + "\"\n    roles: [\"|\", \"<b>|" + long + "\"]\n    metrics:\n      - name: \"a|b\\nc\"\n" +
			"vulnerability-handling:\n  contact:\n    url: javascript:alert(1)\n    email: \"a@b<script>\"\n  time-limits:\n    - severity: \"<i>\"\n      fix: 292 years\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			b := machineBook(t, dir)
			for _, doc := range planDocuments {
				d := madeDocument(t, b, doc)
				if out := paintedText(t, d); strings.Contains(strings.ReplaceAll(out, `\<`, ""), "<script>") || strings.Contains(out, "](javascript") {
					t.Errorf("%s lets markup through", doc)
				}
				d.Walk(func(s *document.Section, _ int) {
					if len(s.Blocks)+len(s.Sections) == 0 {
						t.Errorf("section %s of %s is empty", s.ID, doc)
					}
				})
			}
			if gaps := gapsIn(madeDocument(t, b, postMarketName)); len(gaps) < 5 {
				t.Errorf("gaps in %v alone", gaps)
			}
			state := madeDocument(t, b, boardName).Section("state").Blocks[0].(*document.Terms).Terms[0].Blocks[0].(*document.Paragraph)
			if state.Text[0].Tone == document.Good {
				t.Error("a file that says nothing is in order")
			}
		})
	}
}

// TestManyLevels holds that a matrix too large for a small picture is left out.
func TestManyLevels(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	if b.boardMatrix() == nil {
		t.Fatal("the example has no picture")
	}
	b.risks.Scales.SeverityLevels = make([]string, 1000)
	if b.boardMatrix() != nil {
		t.Error("a matrix of 1000 columns was drawn")
	}
}

// TestDues holds that days are in order, that those of one sort and day are one, and
// that each is told.
func TestDues(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	list := b.dues()
	if !slices.IsSortedFunc(list, func(x, y due) int { return strings.Compare(x.day.String(), y.day.String()) }) {
		t.Error("the days are not in order")
	}
	risks, reviews, components := 0, 0, 0
	seen := map[string]bool{}
	for _, d := range list {
		if key := d.day.String() + d.one; seen[key] {
			t.Errorf("%s twice", key)
		} else {
			seen[key] = true
		}
		for _, e := range d.of {
			switch e := e.(type) {
			case *model.Risk:
				risks++
				if e.Acceptance.Until != d.day {
					t.Errorf("%s on %s", e.ID, d.day)
				}
			case *model.Process:
				reviews++
			case *model.Component:
				components++
			}
		}
	}
	text := yamlText(t, "infusion-pump")
	if want := len(regexp.MustCompile(`(?m)^    support-until: `).FindAllString(text, -1)); components != want || want == 0 {
		t.Errorf("%d components, counted %d", components, want)
	}
	if want := len(regexp.MustCompile(`(?m)^      until: 20`).FindAllString(text, -1)); risks != want || want == 0 {
		t.Errorf("%d risks, counted %d", risks, want)
	}
	if reviews != 8 {
		t.Errorf("%d reviews of practices", reviews)
	}
}

// TestPlansAreTheSame makes the documents twice, of a file read twice.
func TestPlansAreTheSame(t *testing.T) {
	for _, name := range planDocuments {
		var outs [2][]byte
		for i := range outs {
			out, err := json.Marshal(madeDocument(t, exampleBook(t, "pcr-analyser"), name).Sections)
			if err != nil {
				t.Fatal(err)
			}
			outs[i] = out
		}
		if !bytes.Equal(outs[0], outs[1]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

// TestOtherClocks asks for the duties of laws that apply, and for no others.
func TestOtherClocks(t *testing.T) {
	b := newLifeBook(exampleBook(t, "infusion-pump"))
	asked := func() (laws []string) {
		for _, d := range b.otherDecisions() {
			laws = append(laws, d.meaning)
		}
		return laws
	}
	if got, want := strings.Join(asked(), ", "), "GDPR Art. 33, GDPR Art. 33(2), NIS 2 Art. 23(4)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b.File.Product.Laws = nil
	if got := asked(); len(got) != len(clockLaws) {
		t.Errorf("of laws that nobody spoke of, only %v are asked", got)
	}
}
