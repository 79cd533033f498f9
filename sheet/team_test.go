package sheet

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"theriac/diag"
)

const teamFile = `
hazards:
  hz-overinfusion: {title: Too much delivered, safety-file: H-01}
situations:
  hs-fast: {title: Runs too fast, hazard: hz-overinfusion, harms: [hm-death], safety-file: HS-0101}
harms:
  hm-death: {title: Death, severity: critical, safety-file: HM-1}
threats:
  th-a: {title: Forged order, category: spoofing}
  th-b: {title: Read order, category: disclosure}
`

// teamBook is a risk file as a team keeps it: a title above the header, merged
// cells, several rows for one situation, dates and numbers typed into cells.
func teamBook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(sheet string, row int, cells ...any) {
		for i, v := range cells {
			if err := f.SetCellValue(sheet, fmt.Sprintf("%s%d", letters(i+1), row), v); err != nil {
				t.Fatal(err)
			}
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const a, r = "Hazard analysis", "Risk register"
	must(f.SetSheetName("Sheet1", a))
	set(a, 1, "Risk management file SRF-7, rev. 11")
	set(a, 4, "Hazard ID", "Hazard", "HS no.", "Hazardous\nsituation", "Sequence of events", "Harm ID", "Harm", "S", "Status", "Reviewer")
	set(a, 5, "H-01", "Too much delivered", "HS-0101", "Runs too fast", "A wrong rate is sent.", "HM-1", "Death", 3, "released", "QA")
	set(a, 6, nil, nil, nil, nil, nil, "HM-2", "Overdose", 2, "released", "QA")
	set(a, 7, "H-02", "Too little delivered", "HS-0201", "Stops", "-", "HM-3", "Underdose", 2, "released", nil)
	set(a, 8, "", "", "HS-0202", "Starts late", "n/a", "HM-3", "", nil, "released", nil)
	set(a, 9, "H-09", "Old hazard", "HS-0901", "Old", nil, "HM-9", "Old", 1, "deleted", nil)
	must(f.MergeCell(a, "A5", "A6"))
	must(f.MergeCell(a, "B5", "B6"))
	must(f.MergeCell(a, "C5", "C6"))
	must(f.MergeCell(a, "D5", "D6"))
	_, err := f.NewSheet(r)
	must(err)
	set(r, 1, "#", "Risk", "Threats", "Harms", "Accepted by", "Accepted on", "Review due", "Residual P")
	set(r, 2, 7, "Forged order", "th-a, th-b", "HM-1; HM-2", "Risk board", time.Date(2026, 9, 25, 0, 0, 0, 0, time.UTC), "30.9.2027", "rare")
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	must(err)
	must(f.SetCellStyle(r, "F2", "F2", style))
	number := "0000"
	style, err = f.NewStyle(&excelize.Style{CustomNumFmt: &number})
	must(err)
	must(f.SetCellStyle(r, "A2", "A2", style))
	var out bytes.Buffer
	_, err = f.WriteTo(&out)
	must(err)
	return out.Bytes()
}

func teamMapping(t *testing.T) *Mapping {
	t.Helper()
	data, err := os.ReadFile("testdata/safety-file.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, findings := ReadMapping("safety-file.yaml", data)
	if len(findings) > 0 {
		t.Fatalf("mapping: %v", messages(findings))
	}
	return m
}

const wantTeam = `+ hazard hz-h-02 (Hazard analysis!A7)
    title: Too little delivered
    safety-file: H-02

+ situation hs-0201 (Hazard analysis!C7)
    title: Stops
    hazard: hz-h-02
    harms:
      + hm-3
    safety-file: HS-0201

+ situation hs-0202 (Hazard analysis!C8)
    title: Starts late
    hazard: hz-h-02
    harms:
      + hm-3
    safety-file: HS-0202

+ harm hm-2 (Hazard analysis!F6)
    title: Overdose
    severity: serious
    safety-file: HM-2

+ harm hm-3 (Hazard analysis!F7)
    title: Underdose
    severity: serious
    safety-file: HM-3

+ risk rk-0007 (Risk register!A2)
    title: Forged order
    threats:
      + th-a
      + th-b
    harms:
      + hm-death
      + hm-2
    residual.exploitability: low (?)
    decision: reduce
    acceptance.by: Risk board
    acceptance.date: 2026-09-25
    acceptance.until: 2027-09-30

~ situation hs-fast
    sequence: A wrong rate is sent. (Hazard analysis!E5)
    harms: (Hazard analysis!F5)
      + hm-2

team.xlsx: 6 new, 1 changed, 0 removed
`

// TestTeamBook imports the book of a team, and finds nothing more to import
// afterwards.
func TestTeamBook(t *testing.T) {
	m := teamMapping(t)
	book, findings := ReadXLSX("team.xlsx", teamBook(t))
	if len(findings) > 0 {
		t.Fatal(messages(findings))
	}
	f := load(t, teamFile)
	plan, findings := Import(f, book, m, nil)
	if len(findings) > 0 {
		t.Fatal(messages(findings))
	}
	got := strings.ReplaceAll(plan.Text(), "'Hazard analysis'", "Hazard analysis")
	got = strings.ReplaceAll(got, "'Risk register'", "Risk register")
	if want := strings.ReplaceAll(wantTeam, " (?)", ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	again := carryOut(t, t, f.Dir(), plan)
	if plan, findings = Import(again, book, m, nil); !plan.Empty() || len(findings) > 0 {
		t.Errorf("a second import changes something: %v\n%s", messages(findings), plan.Text())
	}
}

// TestTeamExport writes the register in the form of the team and reads it back.
func TestTeamExport(t *testing.T) {
	m := teamMapping(t).For("Risk register")
	f := load(t, teamFile+`
risks:
  rk-0007:
    title: Forged order
    threats: [th-a, th-b]
    harms: [hm-death]
    decision: reduce
    residual: {exploitability: high}
    acceptance: {by: Risk board, date: 2026-09-25}
`)
	book := export(t, f, m)
	var cells []string
	for _, c := range book.Sheets[0].Rows[1] {
		cells = append(cells, c.Text)
	}
	if got, want := strings.Join(cells, "|"), "rk-0007|Forged order|th-a, th-b|HM-1|Risk board|25.09.2026||often"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	back, findings := ReadXLSX("team.xlsx", xlsx(t, book))
	plan, more := Import(f, back, m, nil)
	if findings = append(findings, more...); len(findings) > 0 || !plan.Empty() {
		t.Errorf("%v\n%s", messages(findings), plan.Text())
	}
}

func TestSharedSheetIsNotExported(t *testing.T) {
	_, findings := Export(load(t, teamFile), teamMapping(t))
	if !findings.Worst(diag.Error) || !strings.Contains(messages(findings)[0], `sheet "Hazard analysis" holds several kinds`) {
		t.Errorf("got %v", messages(findings))
	}
}

// TestNumbersLeadBack refuses an export that could not be imported.
func TestNumbersLeadBack(t *testing.T) {
	const mapping = "ids:\n  harms: {prefix: hm-, match: safety-file}\ntables:\n  harms:\n    kind: harms\n    id: No\n    columns:\n      title: {column: Harm, empty: [TBA]}\n      severity: {column: S, values: [low = minor]}\n"
	m, findings := ReadMapping("m.yaml", []byte(mapping))
	if len(findings) > 0 {
		t.Fatal(messages(findings))
	}
	for text, want := range map[string]string{
		"harms:\n  hm-a: {title: A, severity: minor, safety-file: hm-b}\n  hm-b: {title: B, severity: minor}\n": "id of harm hm-b cannot be exported",
		"harms:\n  hm-a: {title: A, severity: low}\n":                                                           `"low" means something else`,
		"harms:\n  hm-a: {title: \"bell \\a\", severity: minor}\n":                                              "control character U+0007",
	} {
		_, findings := Export(load(t, text), m)
		if len(findings) == 0 || !strings.Contains(messages(findings)[0], want) {
			t.Errorf("%s: got %v, want %s", text, messages(findings), want)
		}
	}
	long := "harms:\n  hm-a:\n    title: A\n    severity: minor\n    notes: |\n" + strings.Repeat("      many words\n", 4000)
	_, findings = Export(load(t, long), OwnMapping())
	if len(findings) != 1 || !strings.Contains(messages(findings)[0], "more than the 32767 of a cell") {
		t.Errorf("got %v", messages(findings))
	}
}

var mappingTests = []struct{ name, text, want string }{
	{"empty", "", "the mapping is empty"},
	{"no table", "ids: {}\n", `missing required field "tables"`},
	{"unknown key", "tables:\n  a: {kind: harms, id: x, colums: {}}\n", `unknown field "colums"`},
	{"unknown kind", "tables:\n  a: {kind: harm, id: x, columns: {title: {column: t}}}\n", `unknown kind "harm"`},
	{"unknown kind of ids", "ids:\n  assets: {prefix: as-}\ntables:\n  a: {kind: harms, id: x, columns: {title: {column: t}}}\n", `unknown kind "assets"`},
	{"unknown match", "ids:\n  harms: {match: number}\ntables:\n  a: {kind: harms, id: x, columns: {title: {column: t}}}\n", `unknown field "number"`},
	{"unknown field", "tables:\n  a: {kind: harms, id: x, columns: {titel: {column: t}}}\n", `unknown field "titel"`},
	{"no column", "tables:\n  a: {kind: harms, id: x, columns: {title: {empty: [x]}}}\n", `neither a column nor a constant gives "title"`},
	{"column and constant", "tables:\n  a: {kind: harms, id: x, columns: {title: {column: t, constant: c}}}\n", "has a column and a constant"},
	{"separator of a text", "tables:\n  a: {kind: harms, id: x, columns: {title: {column: t, separator: \",\"}}}\n", "holds no list"},
	{"dates of a text", "tables:\n  a: {kind: harms, id: x, columns: {title: {column: t, dates: dd.mm.yyyy}}}\n", "is no date"},
	{"form of dates", "tables:\n  a: {kind: risks, id: x, columns: {acceptance.date: {column: t, dates: iso}}}\n", `"iso" is not a value`},
	{"values of records", "tables:\n  a: {kind: risks, id: x, columns: {initial.rubric: {column: t, values: [a = b]}}}\n", "groups of values"},
	{"pair", "tables:\n  a: {kind: harms, id: x, columns: {severity: {column: t, values: [a]}}}\n", "expected `theirs = ours`"},
	{"pair twice", "tables:\n  a: {kind: harms, id: x, columns: {severity: {column: t, values: [a = b, a = c]}}}\n", `"a" is translated twice`},
	{"header", "tables:\n  a: {kind: harms, id: x, header: 0, columns: {title: {column: t}}}\n", "row 0 cannot be the header"},
	{"fill down", "tables:\n  a: {kind: harms, id: x, fill-down: [y], columns: {title: {column: t}}}\n", `unknown column "y"`},
	{"ignore nothing", "tables:\n  a: {kind: harms, id: x, ignore-rows: {y: {}}, columns: {title: {column: t}}}\n", `rows with which "y" do not count?`},
	{"placeholders are words", "tables:\n  a: {kind: harms, id: x, columns: {title: {column: \"???\", empty: [TBD], constant: c}}}\n", "has a column and a constant"},
	{"anchor", "tables: &a\n  a: {kind: harms, id: x, columns: {title: {column: t}}}\n", "anchor"},
}

func TestMappingFaults(t *testing.T) {
	for _, tt := range mappingTests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := ReadMapping("m.yaml", []byte(tt.text))
			if !findings.Worst(diag.Error) {
				t.Fatalf("got %v, want an error", messages(findings))
			}
			if got := strings.Join(messages(findings), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			for _, f := range findings {
				if !f.Span.Valid() {
					t.Errorf("%s has no place", f.Message)
				}
			}
		})
	}
}

const ownFile = `
hazards:
  hz-a: {title: A}
harms:
  hm-a: {title: A, severity: minor}
threats:
  th-a: {title: A, category: spoofing}
risks:
  rk-a: {title: A, threats: [th-a], harms: [hm-a], impact: Something}
controls:
  ct-a: {title: A, priority: design, safety-effect: {possible: true}}
`

// importTests import a CSV text as a sheet into ownFile.
var importTests = []struct{ name, sheet, csv, want string }{
	{"no id column", "risks", "name,title\nrk-a,A\n", `risks!A1: no column "id"`},
	{"header twice", "risks", "id,title,title\nrk-a,A,B\n", `risks!C1: column "title" occurs twice`},
	{"id of another kind", "risks", "id,title\nhm-a,A\n", `risks!A2: id "hm-a" belongs to harm hm-a`},
	{"required emptied", "harms", "id,severity\nhm-a,\n", `error T0007 harms!B2: severity of "hm-a" is required and would be emptied`},
	{"title emptied", "harms", "id,title\nhm-a, \n", `error T0007 harms!B2: title of "hm-a" is required`},
	{"answer", "controls", "id,safety-effect.possible\nct-a,maybe\n", "expected true or false"},
	{"answer in capitals", "controls", "id,safety-effect.possible\nct-a,FALSE\n", "~ control ct-a\n    safety-effect.possible: true → false"},
	{"answer unchanged", "controls", "id,safety-effect.possible\nct-a,TRUE\n", "0 new, 0 changed"},
	{"placeholder", "risks", "id,impact\nrk-a,TBD\n", `warning T0020 risks!B2: "TBD" only holds the place`},
	{"placeholder keeps", "risks", "id,impact\nrk-a,TBD\n", "0 new, 0 changed"},
	{"removed", "risks", "id,impact\nrk-a,\n", "impact: Something → (nothing)"},
	{"rubric", "risks", "id,initial.rubric\nrk-a,what: no\n", `risks!B2: "what: no" is not of the form question: ... | answer: ... | why: ...`},
	{"rubric without answer", "risks", "id,initial.rubric\nrk-a,question: av\n", `missing required field "answer"`},
	{"variant", "risks", "id,only-in\nrk-a,eu\n", `error T0106 risks!B2: unknown variant "eu"`},
	{"control character", "risks", "id,impact\nrk-a,\"a\rb\"\n", `error T0001 risks!B2: the text contains a control character U+000D`},
	{"blank rows count", "risks", "\n\nid,impact\n", "no column \"id\""},
	{"rows after blank ones", "risks", "id,decision\n\nrk-a,x\n", "risks!B3"},
	{"semicolons", "risks", "id;impact\nrk-a;\"a;b\"\n", "Something → a;b"},
	{"sep", "risks", "sep=;\nid;impact,x\nrk-a;a\n", `risks!B1: column "impact,x" is left out`},
	{"self", "controls", "id,introduces\nct-a,rk-b\n", `error T0013 controls!B2: risk "rk-b" does not exist`},
	{"gone", "hazards", "id,title\n", "? hazard hz-a has no row and stays"},
	{"quoted item", "threats", "id,references\nth-a,\"\"\"a\\nb\"\"\nCWE-1\"\n", "+ \"a\\nb\"\n      + CWE-1"},
}

func TestImport(t *testing.T) {
	f := load(t, ownFile)
	for _, tt := range importTests {
		t.Run(tt.name, func(t *testing.T) {
			book, findings := ReadCSV("x.csv", tt.sheet, []byte(tt.csv))
			plan, more := Import(f, book, OwnMapping(), nil)
			got := strings.Join(messages(append(findings, more...)), "\n") + "\n" + plan.Text()
			if !strings.Contains(got, tt.want) {
				t.Errorf("got\n%s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestLibrariesAreNotChanged refuses changes to what another folder holds, and
// new entities with an id that a variant uses.
func TestLibrariesAreNotChanged(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"theriac.yaml":     "product: {name: P, regulation: MDR, class: IIb}\nimports:\n  im-a: {path: lib}\n",
		"own.yaml":         "harms:\n  hm-b: {override: worse here, severity: critical}\n",
		"lib/library.yaml": "harms:\n  hm-a: {title: A, severity: minor}\n  hm-b: {title: B, severity: minor}\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f := loadFolder(t, dir)
	unchanged(t, "library", f, export(t, f, OwnMapping()), nil)
	book, _ := ReadCSV("x.csv", "harms", []byte("id,title,severity\nhm-a,A,serious\nhm-b,C,critical\nhm-v,V,minor\n"))
	_, findings := Import(f, book, OwnMapping(), func(id string) bool { return id == "hm-v" })
	got := strings.Join(messages(findings), "\n")
	for _, want := range []string{"harms!A2: severity of harm hm-a would change, which comes from the library lib", "harms!A3: title of harm hm-b would change", `harms!A4: id "hm-v" belongs to an entity that only a variant has`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if len(findings) != 3 {
		t.Errorf("got %d findings: %s", len(findings), got)
	}
}

// TestHome puts new entities beside their like.
func TestHome(t *testing.T) {
	f := load(t, ownFile)
	if got := filepath.Base(home(f, "risks")); got != "risks.yaml" {
		t.Errorf("risks go to %s", got)
	}
	if got := filepath.Base(home(f, "situations")); got != "risks.yaml" {
		t.Errorf("situations go to %s, not beside the hazards", got)
	}
	empty := load(t, "controls:\n  ct-a: {title: A, priority: design}\n")
	if got := home(empty, "threats"); got != filepath.ToSlash(filepath.Join(empty.Dir(), "threats.yaml")) {
		t.Errorf("threats go to %s", got)
	}
}

// TestDocumentedMapping reads the mapping that the specification shows.
func TestDocumentedMapping(t *testing.T) {
	text, err := os.ReadFile("../docs/formats/risk-sheet.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```yaml\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the specification shows no mapping")
	}
	m, findings := ReadMapping("m.yaml", []byte(block))
	if len(findings) > 0 || len(m.Tables) != 2 {
		t.Errorf("got %d tables, %v", len(m.Tables), messages(findings))
	}
}
