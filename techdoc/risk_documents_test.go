package techdoc

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/document"
	"theriac/internal/synthetic"
	"theriac/locale"
	"theriac/model"
	"theriac/policy"
	"theriac/risk"
	"theriac/threat"
)

// riskDocuments are the documents that this file is about, with the sections to which
// others may link.
var riskDocuments = map[string][]string{
	"risk-plan":   {"scope", "method", "matrix", "acceptance", "overall-criterion", "review", "safety-file"},
	"risk-report": {"summary", "matrix", "threats", "risks", "residual", "priority", "control-effects", "safety-link", "overall", "acceptances", "conclusion"},
	"threat-model": {"method", "data-flow", "boundaries", "assets", "entry-points", "threats", "derivation", "attack-paths", "defence-in-depth",
		"not-applicable"},
	"security-architecture": {"system-diagram", "zones", "components", "interfaces", "flows", "stores", "capabilities", "controls", "boot", "privileges", "accounts",
		"cryptography", "logging", "updates", "soup", "network-policy"},
}

func riskDocument(t *testing.T, b *Book, name string) *document.Document {
	t.Helper()
	d := Find(name)
	if d == nil {
		t.Fatalf("no document %s", name)
	}
	sections, err := d.Make(b)
	if err != nil {
		t.Fatal(err)
	}
	return &document.Document{Name: name, Title: d.Title, Lang: "en", Sections: sections}
}

// exampleDocuments is an example with its four documents, which are only read.
type exampleDocuments struct {
	book *Book
	docs map[string]*document.Document
}

var madeExamples = map[string]*exampleDocuments{}

// documentsOfExample makes the documents of an example once for all tests, which run one
// after the other.
func documentsOfExample(t *testing.T, name string) *exampleDocuments {
	t.Helper()
	if madeExamples[name] == nil {
		b := exampleBook(t, name)
		madeExamples[name] = &exampleDocuments{b, riskSet(t, b)}
	}
	return madeExamples[name]
}

// plainBook is the Book of an example of which nothing is signed or checked.
func plainBook(t *testing.T, name string) *Book {
	t.Helper()
	today, err := model.ParseDate(machineDay)
	if err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), filepath.Join("..", "examples", name))
	if err != nil || file.Product == nil {
		t.Fatal(err, findings)
	}
	english, err := locale.Open("en", nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Book{Input: Input{File: file, Catalog: catalog.Load(), Day: today}, Lang: english, Policy: policy.Compile(file), set: &document.Set{}}
}

func riskSet(t *testing.T, b *Book) map[string]*document.Document {
	t.Helper()
	set := map[string]*document.Document{}
	for name := range riskDocuments {
		set[name] = riskDocument(t, b, name)
	}
	return set
}

// tableOf is the table with an id in a document.
func tableOf(t *testing.T, d *document.Document, id string) *document.Table {
	t.Helper()
	var found *document.Table
	d.Walk(func(s *document.Section, _ int) {
		for _, b := range s.Blocks {
			if tb, ok := b.(*document.Table); ok && tb.ID == id {
				found = tb
			}
		}
	})
	if found == nil {
		t.Fatalf("%s has no table %s", d.Name, id)
	}
	return found
}

// figuresOf reads a table of figures; of several rows with one name, the values in
// their order.
func figuresOf(t *document.Table) map[string][]int {
	values := map[string][]int{}
	for _, r := range t.Rows {
		n, _ := r.Cells[1].Value.(int)
		values[r.Cells[0].String()] = append(values[r.Cells[0].String()], n)
	}
	return values
}

var riskExamples = []string{"infusion-pump", "pcr-analyser"}

// onScale judges a score by the policy without package risk: the level as it is typed,
// or from the points of attack feasibility.
func onScale(p model.RiskPolicy, s model.Score) string {
	level := s.Exploitability
	if p.Scoring == "feasibility" {
		var sum int
		stated := []string{string(s.Feasibility.Time), string(s.Feasibility.Expertise), string(s.Feasibility.Knowledge), string(s.Feasibility.Opportunity), string(s.Feasibility.Equipment)}
		for i, f := range risk.Factors() {
			for _, v := range f.Points {
				if v.Value == stated[i] {
					sum += v.Points
				}
			}
		}
		for _, l := range p.Levels { // from the lowest figure to the highest
			if int(l.From)/10 <= sum {
				level = l.Level
			}
		}
	}
	for _, a := range p.Acceptable {
		if a.Exploitability == level {
			if slices.Index(p.Severity, s.Severity) <= slices.Index(p.Severity, a.Severity) {
				return "acceptable"
			}
			return "above"
		}
	}
	return "above"
}

func TestRiskFigures(t *testing.T) {
	for _, name := range riskExamples {
		t.Run(name, func(t *testing.T) {
			made := documentsOfExample(t, name)
			b, report := made.book, made.docs["risk-report"]
			got := figuresOf(tableOf(t, report, "risk-figures"))
			want := map[string]int{"Security risks": len(b.File.Risks)}
			above := map[string]bool{}
			for _, r := range b.File.Risks {
				if onScale(b.File.Policy.Risk, r.Initial) == "above" {
					want["Above the policy before controls"]++
				}
				if r.Decision == "avoid" && r.Residual.Severity == "" {
					want["Avoided: the cause was removed"]++
					continue
				}
				if onScale(b.File.Policy.Risk, r.Residual) == "above" {
					want["Above the policy after controls"]++
					above[r.ID] = true
				} else {
					want["Acceptable after controls"]++
				}
			}
			for _, k := range []string{"Security risks", "Above the policy before controls", "Above the policy after controls", "Acceptable after controls", "Avoided: the cause was removed"} {
				if len(got[k]) != 1 || got[k][0] != want[k] {
					t.Errorf("%s: %v, want %d", k, got[k], want[k])
				}
			}
			told := map[string]bool{}
			for _, s := range report.Section("residual").Carries {
				told[s] = true
			}
			if len(above) == 0 || !reflect.DeepEqual(told, above) {
				t.Errorf("above the policy: %v, want %v", told, above)
			}
			if rows := tableOf(t, report, "above").Rows; len(rows) != len(above) {
				t.Errorf("%d rows above the policy, want %d", len(rows), len(above))
			}
		})
	}
}

func TestThreatFigures(t *testing.T) {
	for _, name := range riskExamples {
		t.Run(name, func(t *testing.T) {
			made := documentsOfExample(t, name)
			b, report, tm := made.book, made.docs["risk-report"], made.docs["threat-model"]
			count := map[threat.Status]int{}
			perCategory := map[string]int{}
			for _, d := range b.Pass.Derived().Threats {
				count[d.Status]++
				perCategory[sentenceCase(strings.ReplaceAll(string(d.Pattern.Category), "-", " "))]++
			}
			treated, aside := 0, 0
			for _, th := range b.File.Threats {
				switch {
				case slices.ContainsFunc(b.File.Risks, func(r *model.Risk) bool { return model.Refers(r.Threats, th.ID) }):
					treated++
				case th.NotApplicable != "":
					aside++
				}
			}
			got := figuresOf(tableOf(t, report, "threat-figures"))
			all := count[threat.AsRisk] + count[threat.NotApplicable] + count[threat.Reopened] + count[threat.Undecided] + count[threat.Open]
			for k, want := range map[string][]int{
				"Threats derived from the architecture": {all}, "of these treated by a risk": {count[threat.AsRisk], treated}, "of these set aside with a reason": {count[threat.NotApplicable], aside},
				"of these still to be answered or judged anew": {all - count[threat.AsRisk] - count[threat.NotApplicable]}, "Threats that the team stated": {len(b.File.Threats)},
			} {
				if !slices.Equal(got[k], want) {
					t.Errorf("%s: %v, want %v", k, got[k], want)
				}
			}
			coverage := figuresOf(tableOf(t, report, "coverage"))
			for c, n := range perCategory {
				if !slices.Equal(coverage[c], []int{n}) {
					t.Errorf("category %s: %v, want %d", c, coverage[c], n)
				}
			}
			// Each derived threat stands in the threat model: on its element, in a row of
			// its pattern.
			lines := 0
			for _, c := range threat.Categories() {
				s := tm.Section("derived-" + string(c))
				if s == nil {
					continue
				}
				for _, r := range s.Blocks[0].(*document.Table).Rows {
					for _, line := range r.Cells[1].Lines {
						for _, span := range line {
							if span.Text == answeredBy {
								break
							}
							if span.To != "" {
								lines++
							}
						}
					}
				}
			}
			if lines != all {
				t.Errorf("the threat model tells %d derived threats, want %d", lines, all)
			}
		})
	}
}

// TestEachTold holds that no entity is forgotten, and that its row says where it came
// from.
func TestEachTold(t *testing.T) {
	for _, name := range riskExamples {
		t.Run(name, func(t *testing.T) {
			made := documentsOfExample(t, name)
			b, docs := made.book, made.docs
			for _, c := range []struct {
				doc, table string
				kind       []model.Entity
			}{
				{"risk-report", "register", asList(b.File.Risks)}, {"threat-model", "register", asList(b.File.Threats)}, {"threat-model", "assets", asList(b.File.Assets)},
				{"threat-model", "boundaries", asList(b.File.Boundaries)}, {"security-architecture", "zones", asList(b.File.Zones)},
				{"security-architecture", "interfaces", asList(b.File.Interfaces)}, {"security-architecture", "interface-protection", asList(b.File.Interfaces)},
				{"security-architecture", "flows", asList(b.File.Flows)}, {"security-architecture", "stores", asList(b.File.Stores)},
				{"security-architecture", "controls", asList(b.File.Controls)}, {"security-architecture", "keys", asList(b.File.Keys)}, {"security-architecture", "key-life", asList(b.File.Keys)},
				{"security-architecture", "accounts", asList(b.File.Roles)}, {"security-architecture", "privileges-1", asList(b.File.Permissions)}, {"risk-plan", "harms", asList(b.File.Harms)},
				{"risk-report", "situations", asList(b.File.Situations)},
			} {
				told := map[string]document.Source{}
				for _, r := range tableOf(t, docs[c.doc], c.table).Rows {
					told[r.Source.Entity] = r.Source
				}
				if len(c.kind) == 0 {
					t.Errorf("%s#%s: the example has none", c.doc, c.table)
				}
				for _, e := range c.kind {
					if s := told[model.Of(e).ID]; s.Line == 0 || s.Path == "" {
						t.Errorf("%s#%s: %s has no row with a source: %+v", c.doc, c.table, model.Of(e).ID, s)
					}
				}
			}
			parts := len(tableOf(t, docs["security-architecture"], "components").Rows) + len(tableOf(t, docs["security-architecture"], "soup").Rows)
			if parts != len(b.File.Components) {
				t.Errorf("%d components are told, want %d", parts, len(b.File.Components))
			}
			for _, r := range b.File.Risks {
				s := docs["risk-report"].Section(r.ID)
				if s == nil || !slices.Contains(s.Carries, r.ID) {
					t.Errorf("risk %s has no section that carries it", r.ID)
				}
			}
		})
	}
}

func asList[E model.Entity](list []E) (all []model.Entity) {
	for _, e := range list {
		all = append(all, e)
	}
	return all
}

// TestRiskLinks holds the sections to which others link, and that links between the four
// documents lead somewhere.
func TestRiskLinks(t *testing.T) {
	for _, name := range riskExamples {
		docs := documentsOfExample(t, name).docs
		for doc, sections := range riskDocuments {
			for _, id := range sections {
				if docs[doc].Section(id) == nil {
					t.Errorf("%s: %s has no section %s", name, doc, id)
				}
			}
			links := 0
			seen := map[string]bool{}
			docs[doc].Walk(func(s *document.Section, _ int) {
				if seen[s.ID] {
					t.Errorf("%s: %s has two sections %s", name, doc, s.ID)
				}
				seen[s.ID] = true
				document.Blocks(s.Blocks, func(b document.Block) {
					for _, to := range linksIn(b) {
						other, section, _ := strings.Cut(strings.TrimPrefix(string(to), "doc:"), "#")
						if d := docs[other]; d != nil {
							links++
							if section != "" && d.Section(section) == nil {
								t.Errorf("%s: %s#%s leads to %s, which is not there", name, doc, s.ID, to)
							}
						}
					}
				})
			})
			if links == 0 {
				t.Errorf("%s: %s leads to none of the others", name, doc)
			}
		}
	}
}

// linksIn lists the links of a block into documents.
func linksIn(b document.Block) (list []document.Address) {
	look := func(text document.Text) {
		for _, s := range text {
			if strings.HasPrefix(string(s.To), "doc:") {
				list = append(list, s.To)
			}
		}
	}
	switch b := b.(type) {
	case *document.Paragraph:
		look(b.Text)
	case *document.Table:
		for _, r := range b.Rows {
			for _, c := range r.Cells {
				for _, l := range c.Lines {
					look(l)
				}
			}
		}
	}
	return list
}

// TestStatementsHaveSources holds that what tells of an entity says where it came from,
// and that tables and pictures have captions.
func TestStatementsHaveSources(t *testing.T) {
	// Rows that count or sort entities, and tell of none by itself.
	counting := []string{"first", "layers", "defaults", "credentials", "by-element"}
	for _, name := range riskExamples {
		for doc, d := range documentsOfExample(t, name).docs {
			d.Walk(func(s *document.Section, _ int) {
				document.Blocks(s.Blocks, func(b document.Block) {
					switch b := b.(type) {
					case *document.Picture:
						if b.Caption == "" || b.Drawing == nil || b.Drawing.Summary == "" {
							t.Errorf("%s: picture %s of %s has no caption or no summary", name, b.ID, doc)
						}
					case *document.Table:
						if b.Caption == "" && (b.ID != "" || len(s.Carries) == 0) { // the values of a risk stand with it
							t.Errorf("%s: a table of %s#%s has no caption", name, doc, s.ID)
						}
						for _, r := range b.Rows {
							if len(r.Cells) != len(b.Columns) && r.Group == "" {
								t.Errorf("%s: %s#%s: a row has %d cells below %d columns", name, doc, b.ID, len(r.Cells), len(b.Columns))
							}
							if r.Source.IsZero() && tellsEntity(r) && !slices.Contains(counting, b.ID) {
								t.Errorf("%s: %s#%s: row %q has no source", name, doc, b.ID, r.Cells[0].String())
							}
						}
					}
				})
			})
		}
	}
}

func tellsEntity(r document.Row) bool {
	for _, c := range r.Cells {
		for _, l := range c.Lines {
			for _, s := range l {
				if strings.HasPrefix(string(s.To), "entity:") {
					return true
				}
			}
		}
	}
	return false
}

// TestRiskGaps takes a statement away and looks for the gap.
func TestRiskGaps(t *testing.T) {
	for _, c := range []struct {
		name, doc, section string
		take               func(f *model.File)
		want               string
	}{
		{"method", "risk-plan", "method", func(f *model.File) { f.Policy.Risk.Method = "" }, "does not state how risk is estimated"},
		{"overall", "risk-plan", "overall-criterion", func(f *model.File) { f.Policy.Risk.Overall = "" }, "does not state how overall residual risk is judged"},
		{"overall in the report", "risk-report", "overall", func(f *model.File) { f.Policy.Risk.Overall = "" }, "does not state how overall residual risk is judged"},
		{"review", "risk-plan", "review", func(f *model.File) { f.Policy.Risk.Review = "" }, "does not state when the risks are reviewed"},
		{"no policy", "risk-plan", "matrix", func(f *model.File) { f.Policy = nil }, "scales and acceptable combinations"},
		{"no policy, acceptance", "risk-plan", "acceptance", func(f *model.File) { f.Policy = nil }, "which risks are acceptable"},
		{"no policy, accounts", "security-architecture", "accounts", func(f *model.File) { f.Policy = nil }, "rules for passwords and sessions"},
		{"no harms", "risk-plan", "safety-file", func(f *model.File) { f.Harms = nil }, "no risk can be linked to safety"},
		{"no feedback", "risk-plan", "post-market", func(f *model.File) { f.PostMarket = nil }, "flows back into risk management"},
		{"judgement", "risk-report", "overall", func(f *model.File) { f.Policy.Risk.Judgement = model.RiskJudgement{} }, "does not state what the judgement of the overall residual risk came to"},
		{"judgement, open", "risk-report", "conclusion", func(f *model.File) { f.Policy.Risk.Judgement = model.RiskJudgement{} }, "policy: It is not stated what the judgement of the overall residual risk came to."},
		{"judgement, no policy", "risk-report", "conclusion", func(f *model.File) { f.Policy = nil }, "It is not stated what the judgement of the overall residual risk came to."},
		{"judged not acceptable", "risk-report", "conclusion", func(f *model.File) { f.Policy.Risk.Judgement = judged(model.No) }, "policy: The overall residual risk is judged not acceptable."},
		{"judged by nobody", "risk-report", "conclusion", func(f *model.File) { f.Policy.Risk.Judgement = model.RiskJudgement{Acceptable: model.Yes} }, "does not say by whom, when and why"},
		{"meaning", "risk-plan", "scales", func(f *model.File) { f.Policy.Risk.Meanings = nil }, "what these levels mean, so that two people judge alike: very-low, low, medium, high, very-high, negligible"},
		{"impact", "risk-report", "rk-time", func(f *model.File) { riskOf(f, "rk-time").Impact = "" }, "not stated"},
		{"residual", "risk-report", "residual", func(f *model.File) { riskOf(f, "rk-time").Residual = model.Score{} }, "Wrong time"},
		{"residual, open", "risk-report", "conclusion", func(f *model.File) { riskOf(f, "rk-time").Residual = model.Score{} }, "Wrong time (rk-time): The residual risk is not judged."},
		{"acceptance", "risk-report", "conclusion", func(f *model.File) { riskOf(f, "rk-bench-mcu").Acceptance = model.Acceptance{} }, "(rk-bench-mcu): It is above the policy, and nobody accepted it."},
		{"benefit", "risk-report", "conclusion", func(f *model.File) { riskOf(f, "rk-bench-mcu").BenefitRisk = "" }, "(rk-bench-mcu): It is above the policy, and nothing says why the benefit outweighs it."},
		{"overdue", "risk-report", "acceptances", func(f *model.File) { riskOf(f, "rk-bench-mcu").Acceptance.Until = dayOf("2026-01-01") }, "overdue"},
		{"controls", "risk-report", "rk-time", func(f *model.File) { riskOf(f, "rk-time").Controls = nil }, "does not state controls that lower this risk"},
		{"safety effect", "risk-report", "control-effects", func(f *model.File) { f.Controls[0].SafetyEffect = model.SafetyEffect{} }, "can harm safety"},
		{"no risks", "risk-report", "risks", func(f *model.File) { f.Risks = nil }, "does not state security risks"},
		{"no threats", "threat-model", "threats", func(f *model.File) { f.Threats = nil }, "does not state threats"},
		{"no assets", "threat-model", "assets", func(f *model.File) { f.Assets = nil }, "does not state assets"},
		{"no boundaries", "threat-model", "boundaries", func(f *model.File) { f.Boundaries = nil }, "does not state a boundary between"},
		{"agent", "threat-model", "register", func(f *model.File) { f.Threats[0].Agent = "" }, "not stated"},
		{"no logging", "security-architecture", "logging", func(f *model.File) { f.Logging = nil }, "which security events the device records"},
		{"no updates", "security-architecture", "updates", func(f *model.File) { f.UpdatePolicy = nil }, "how updates reach the device"},
		{"no keys", "security-architecture", "cryptography", func(f *model.File) { f.Keys = nil }, "does not state keys"},
		{"algorithm", "security-architecture", "cryptography", func(f *model.File) { f.Keys[0].Algorithm = "" }, "not stated"},
		{"too much", "security-architecture", "privileges", func(f *model.File) { f.Permissions[0].NeededBy = f.Permissions[0].NeededBy[:1] }, "too much"},
		{"no stores", "security-architecture", "stores", func(f *model.File) { f.Stores = nil }, "does not state data stores"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := riskText(documentsOfExample(t, "infusion-pump").docs[c.doc].Section(c.section))
			b := plainBook(t, "infusion-pump")
			c.take(b.File)
			after := riskText(riskDocument(t, b, c.doc).Section(c.section))
			if strings.Count(after, c.want) <= strings.Count(before, c.want) {
				t.Errorf("%s#%s does not say %q", c.doc, c.section, c.want)
			}
		})
	}
}

func riskOf(f *model.File, id string) *model.Risk { return f.Lookup(id).(*model.Risk) }

func dayOf(s string) model.Date {
	d, err := model.ParseDate(s)
	if err != nil {
		panic(err) // a constant of the test
	}
	return d
}

// riskText is all text of a section and of those below it.
func riskText(s *document.Section) string {
	if s == nil {
		return ""
	}
	var text strings.Builder
	document.Blocks(s.Blocks, func(b document.Block) {
		switch b := b.(type) {
		case *document.Paragraph:
			text.WriteString(b.Text.String() + "\n")
		case *document.Table:
			for _, r := range b.Rows {
				for _, c := range r.Cells {
					text.WriteString(c.String() + "\n")
				}
			}
		}
	})
	for _, sub := range s.Sections {
		text.WriteString(riskText(sub))
	}
	return text.String()
}

// TestRiskDocumentsSame makes each document from two readings of a file.
func TestRiskDocumentsSame(t *testing.T) {
	for _, name := range riskExamples {
		first, again := documentsOfExample(t, name).docs, riskSet(t, exampleBook(t, name))
		for doc := range riskDocuments {
			if !reflect.DeepEqual(first[doc], again[doc]) {
				t.Errorf("%s: %s differs from one time to the next", name, doc)
			}
		}
	}
}

// TestRiskDocumentsOfLittle makes the documents of files that state next to nothing, or
// strange things.
func TestRiskDocumentsOfLittle(t *testing.T) {
	for _, c := range []struct{ name, more, want string }{
		{"nothing", "", "does not state"},
		{"scale twice", "policy:\n  risk:\n    exploitability: [low, low]\n    severity: [a]\n    acceptable:\n      - {exploitability: low, severity: a}\nrisks:\n  summary:\n    title: A\n    threats: []\n  risk-summary:\n    title: B\n    threats: []\n", "does not state"},
		{"markup", "threats:\n  t-x:\n    title: \"<b>\\u202e x | y\"\n    category: misuse\n    description: \"| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n> q\\n\\n`c`\"\n    not-applicable: \"<script>\"\n", "<script>"},
		{"lone control", "controls:\n  c-x: {title: C, priority: design}\nzones:\n  z-a: {title: A, trust: device}\ncomponents:\n  c-a: {title: A, type: application, zone: z-a, safety: true}\n", "not stated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all strings.Builder
			for doc, d := range riskSet(t, writtenBook(t, c.more)) {
				ids := map[string]bool{}
				d.Walk(func(s *document.Section, _ int) {
					if ids[s.ID] {
						t.Errorf("%s has two sections %s", doc, s.ID)
					}
					ids[s.ID] = true
				})
				for _, s := range d.Sections {
					if len(s.Blocks)+len(s.Sections) == 0 {
						t.Errorf("%s: section %s is empty", doc, s.ID)
					}
					all.WriteString(riskText(s))
				}
			}
			if !strings.Contains(all.String(), c.want) {
				t.Errorf("nothing says %q", c.want)
			}
		})
	}
}

// TestLargeArchitecture holds that a file too large for a picture says so, and that the
// paths that are told are bounded.
func TestLargeArchitecture(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "large")
	if err := synthetic.WriteArchitecture(dir, mostDrawn+100, 3*mostDrawn); err != nil {
		t.Fatal(err)
	}
	b := machineBook(t, dir)
	tm, arch := riskDocument(t, b, "threat-model"), riskDocument(t, b, "security-architecture")
	for _, s := range []*document.Section{tm.Section("data-flow"), arch.Section("system-diagram")} {
		if !strings.Contains(riskText(s), "a picture of the whole could not be read") {
			t.Errorf("section %s does not say why there is no picture", s.ID)
		}
	}
	if n := len(tableOf(t, arch, "components").Rows); n < mostDrawn {
		t.Errorf("%d components are listed, want all", n)
	}
	told := 0
	for _, r := range tableOf(t, tm, "paths").Rows {
		told += len(r.Cells[0].Lines)
	}
	if told != mostPaths || !strings.Contains(riskText(tm.Section("attack-paths")), "The table shows the 40 targets") {
		t.Errorf("%d paths are told", told)
	}
}
