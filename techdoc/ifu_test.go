package techdoc

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"theriac/diag"
	"theriac/document"
	"theriac/document/plain"
	"theriac/locale"
	"theriac/model"
	"theriac/policy"
	"theriac/risk"
)

// userDocument makes a document for users of a security file, with what is wrong with
// its wording and translations.
func userDocument(t *testing.T, dir, name, lang string) (*document.Document, *maker) {
	t.Helper()
	m, err := newMaker(machineBook(t, dir).Input, []string{lang})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := m.document(Find(name), m.wanted[0])
	if err != nil {
		t.Fatal(err)
	}
	m.reword(doc)
	m.set.Documents = []*document.Document{doc}
	m.untranslated()
	m.set.Number(document.Decimal)
	if err := m.set.Resolve(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return m.set.Documents[0], m
}

// copied copies an example, and changes its files as told.
func copied(t *testing.T, example string, edits map[string][2]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "examples", example))); err != nil {
		t.Fatal(err)
	}
	for name, e := range edits {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), e[0], e[1], 1)
		if changed == string(text) {
			t.Fatalf("%s does not hold %q", name, e[0])
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// said is all that a section and those below it say.
func said(s *document.Section) string {
	var b strings.Builder
	add := func(t document.Text) { b.WriteString(t.String() + "\n") }
	document.Blocks(s.Blocks, func(bl document.Block) {
		switch bl := bl.(type) {
		case *document.Paragraph:
			add(bl.Text)
		case *document.Callout:
			b.WriteString(bl.Title + "\n")
		case *document.Table:
			for _, r := range bl.Rows {
				b.WriteString(r.Group + "\n")
				for _, c := range r.Cells {
					b.WriteString(c.String() + "\n")
				}
			}
		case *document.Terms:
			for _, term := range bl.Terms {
				add(term.Name)
			}
		}
	})
	for _, sub := range s.Sections {
		b.WriteString(sub.Title + "\n" + said(sub))
	}
	return b.String()
}

func gaps(d *document.Document) []string {
	var list []string
	d.Walk(func(s *document.Section, _ int) {
		document.Blocks(s.Blocks, func(b document.Block) {
			if c, ok := b.(*document.Callout); ok && c.Kind == document.Gap {
				list = append(list, s.ID)
			}
		})
	})
	return list
}

// TestExampleGuides makes the documents for users of both examples in both languages:
// nothing that must be told is missing, untranslated or open.
func TestExampleGuides(t *testing.T) {
	for _, example := range []string{"infusion-pump", "pcr-analyser"} {
		for _, lang := range []string{"en", "de"} {
			t.Run(example+" "+lang, func(t *testing.T) {
				d, m := userDocument(t, filepath.Join("..", "examples", example), ifuName, lang)
				for _, f := range m.findings {
					t.Error(f.Message)
				}
				if open := gaps(d); len(open) > 0 {
					t.Error("gaps in", open)
				}
				toldEnvironment(t, d, m)
				toldPorts(t, d, m)
				toldWarnings(t, d, m)
				toldOnce(t, d, m, lang)
				if n := len(d.Section("told").Blocks[1].(*document.Table).Rows); n < 50 {
					t.Errorf("%d rows say where items are told", n)
				}
				short, m := userDocument(t, filepath.Join("..", "examples", example), "hospital-extract", lang)
				if !short.Brief || !short.Quiet || len(m.findings) > 0 || len(gaps(short)) > 0 {
					t.Error("extract:", m.findings, gaps(short))
				}
			})
		}
	}
}

// toldOnce checks the table of told items: clauses in the language of the reader, and
// among the other documents not this one.
func toldOnce(t *testing.T, d *document.Document, m *maker, lang string) {
	t.Helper()
	text := said(d.Section("told"))
	want, not := " Section 3.6, list under patch management", "Abschnitt"
	if lang == "de" {
		want, not = " Abschnitt 3.6, Liste „Patch-Management“", "Annex"
	}
	if !strings.Contains(text, want) || strings.Contains(text, not) {
		t.Errorf("clauses are not in the language %s", lang)
	}
	if d.Number == "" || strings.Contains(text, d.Number+"\n") {
		t.Errorf("%q is told to be another document", d.Number)
	}
	whole := ""
	for _, s := range d.Sections {
		whole += said(s)
	}
	for _, word := range []string{"Sicherheitsakte", "Security-Akte", "security file", "Netz-Port"} {
		if strings.Contains(whole, word) {
			t.Errorf("users are told of %q", word)
		}
	}
	if !d.Quiet || !strings.Contains(whole, m.wanted[0].Say("Report a serious incident also to the competent authority of the Member State in which you are.")) {
		t.Error("the authority is not told, or sources are painted")
	}
}

func toldEnvironment(t *testing.T, d *document.Document, m *maker) {
	t.Helper()
	g := &guide{Book: m.book(m.wanted[0])}
	for _, e := range m.in.File.Environment {
		s := d.Section(categorySection(e.Category))
		text := said(s)
		if !strings.Contains(text, g.tell(e, "text", e.Text)) || !strings.Contains(text, g.Title(e)) || !slices.Contains(s.Carries, e.ID) {
			t.Errorf("%s is not told", e.ID)
		}
	}
}

func toldPorts(t *testing.T, d *document.Document, m *maker) {
	t.Helper()
	ports, rules := d.Section("ports-services"), said(d.Section("firewall-rules"))
	var rows []document.Row
	for _, b := range ports.Blocks {
		rows = append(rows, b.(*document.Table).Rows...)
	}
	if len(rows) != len(m.policy.Services) || len(rows) == 0 {
		t.Fatalf("%d rows for %d services", len(rows), len(m.policy.Services))
	}
	for i, v := range m.policy.Services {
		if rows[i].Source.Entity != v.Interface.ID || rows[i].Cells[1].String() != portOf(v) || !slices.Contains(ports.Carries, v.Interface.ID) {
			t.Errorf("%s is not in the table of ports", v.Interface.ID)
		}
		if !strings.Contains(rules, portOf(v)) {
			t.Errorf("no rule for %s", v.Interface.ID)
		}
	}
}

func toldWarnings(t *testing.T, d *document.Document, m *maker) {
	t.Helper()
	var told []string
	document.Blocks(slices.Concat(d.Section("risks-above").Blocks, d.Section("risks-other").Blocks), func(b document.Block) {
		if c, ok := b.(*document.Callout); ok {
			told = append(told, c.Source.Entity)
		}
	})
	for _, r := range risk.Assess(m.in.File).Risks {
		must := r.Verdict == risk.Above || len(r.Risk.Information) > 0 || r.Risk.Acceptance.By != ""
		if must != slices.Contains(told, r.Risk.ID) {
			t.Errorf("risk %s: must be told %v, is told %v", r.Risk.ID, must, !must)
		}
	}
}

// TestChangedPort changes one port: the row of that port follows, and no other.
func TestChangedPort(t *testing.T) {
	before, _ := userDocument(t, filepath.Join("..", "examples", "infusion-pump"), ifuName, "en")
	dir := copied(t, "infusion-pump", map[string][2]string{"architecture/interfaces.yaml": {"port: 2575", "port: 2999"}})
	after, _ := userDocument(t, dir, ifuName, "en")
	old, now := said(before.Section("ports-services")), said(after.Section("ports-services"))
	if strings.Replace(old, "TCP 2575", "TCP 2999", 1) != now {
		t.Errorf("the table of ports is\n%s", now)
	}
	if rules := said(after.Section("firewall-rules")); strings.Contains(rules, "2575") || !strings.Contains(rules, "Inbound: allow TCP 2999") {
		t.Errorf("the rules are\n%s", rules)
	}
}

// TestOwnWording puts words of a manufacturer in place of ours: what must be told
// cannot be dropped.
func TestOwnWording(t *testing.T) {
	for name, c := range map[string]struct {
		wording string
		dropped string // in the finding; "" for none
	}{
		"dropped":          {"    - document: ifu-security\n      section: environment-network\n      text: \"Use a network.\\n\\n{{env-segment}}\\n\\n{{env-capacity}}\"\n", "env-address-services"},
		"kept":             {"    - document: ifu-security\n      section: environment-network\n      text: \"Own words.\\n\\n{{env-segment}}\\n\\n{{env-capacity}}\\n\\n{{env-address-services}}\"\n", ""},
		"generated":        {"    - document: ifu-security\n      section: ports-services\n      text: \"{{generated}}\\n\\nOwn words.\"\n", ""},
		"port dropped":     {"    - document: ifu-security\n      section: ports-services\n      text: \"No ports.\"\n", "if-hl7-orders"},
		"warning dropped":  {"    - document: ifu-security\n      section: risks-above\n      text: \"All is well.\"\n", "rk-library-error"},
		"updates dropped":  {"    - document: ifu-security\n      section: updates\n      text: \"None.\"\n", "update-policy"},
		"chapter left out": {"    - document: ifu-security\n      section: environment\n      omit: true\n      reason: none\n", "env-segment"},
		"harmless omitted": {"    - document: ifu-security\n      section: backup\n      omit: true\n      reason: none\n", ""},
		"extract":          {"    - document: hospital-extract\n      section: provide\n      text: \"Nothing.\"\n", "env-radius"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copied(t, "infusion-pump", map[string][2]string{"documents.yaml": {"\n  paper: a4\n", "\n  paper: a4\n  wording:\n" + c.wording}})
			doc := ifuName
			if strings.Contains(c.wording, "hospital-extract") {
				doc = "hospital-extract"
			}
			_, m := userDocument(t, dir, doc, "en")
			var found diag.List
			for _, f := range m.findings {
				if f.Code == codeDropped {
					found = append(found, f)
				}
			}
			if (len(found) > 0) != (c.dropped != "") || len(found) > 0 && !strings.Contains(found[0].Message, c.dropped) {
				t.Errorf("findings: %v", found)
			}
		})
	}
}

// TestEmptyGuide makes the documents of a file that says next to nothing: what is
// missing shows.
func TestEmptyGuide(t *testing.T) {
	dir := writtenFile(t, "")
	d, _ := userDocument(t, dir, ifuName, "de")
	open := gaps(d)
	for _, s := range []string{"environment", "environment-places", "roles", "setup-settings", "backup-stores", "logging", "updates", "alert-handling", "decommissioning-data"} {
		if !slices.Contains(open, s) {
			t.Errorf("section %s has no gap", s)
		}
	}
	if text := said(d.Section("told")); !strings.Contains(text, "nicht in diesem Teil") {
		t.Errorf("items are told: %s", text)
	}
	short, _ := userDocument(t, dir, "hospital-extract", "en")
	if len(short.Sections) != 6 {
		t.Errorf("%d sections", len(short.Sections))
	}
}

const hostileFile = `
  environments: ["<script>alert(1)</script> [x](javascript:alert(1)) \u202Eabc"]
  misuse: ["| a | b |\n| --- | --- |\n{{generated}} ![p](https://evil.example/p.png)"]
policy:
  risk: {exploitability: [low, high], severity: ["<b>minor</b>", serious], acceptable: [{exploitability: low, severity: serious}]}
threats:
  t1: {title: T, category: environment}
risks:
  r1:
    title: "</table><script>x</script>"
    threats: [t1]
    impact: "<script>alert(2)</script> [y](javascript:alert(2))"
    residual: {exploitability: high, severity: serious}
environment:
  e-1:
    title: "\u0007bell"
    category: network
    text: "e-1 e-1 %s %d %!v ` + "`code`" + ` <img src=x onerror=alert(3)>"
  e-2: {title: e-2, category: nonsense, text: e-1}
vulnerability-handling:
  contact: {email: "a@b.example?bcc=x@y.example", url: "javascript:alert(4)"}
roles:
  ro: {title: "A|B", type: user, default-credential: fixed, justification: "ro ro"}
`

// active is what would be markup, a link or a fault in Markdown: what is escaped has a
// backslash in front.
var active = regexp.MustCompile(`(?:^|[^\\])(?:<(?:script|img|/table)|\]\((?:javascript|mailto:a@b.example\?)|!\[p\])|\x{202e}|\a|%!\(`)

// fenced is what is shown as it stands.
var fenced = regexp.MustCompile("(?s)\n(?:> )?```.*?\n(?:> )?```")

// TestHostileGuide makes documents of texts that try to be markup, links or formats.
func TestHostileGuide(t *testing.T) {
	dir := writtenFile(t, hostileFile)
	for _, name := range []string{ifuName, "hospital-extract"} {
		for _, lang := range []string{"en", "de"} {
			d, m := userDocument(t, dir, name, lang)
			text, err := plain.Markdown(m.set, d)
			if err != nil {
				t.Fatal(err)
			}
			if found := active.FindAllString(fenced.ReplaceAllString(string(text), ""), -1); len(found) > 0 {
				t.Errorf("%s in %s holds %q", name, lang, found)
			}
			d.Walk(func(s *document.Section, _ int) {
				document.Blocks(s.Blocks, func(b document.Block) {
					if p, ok := b.(*document.Paragraph); ok {
						linksAreSafe(t, p.Text)
					}
				})
			})
		}
	}
}

func linksAreSafe(t *testing.T, text document.Text) {
	t.Helper()
	for _, span := range text {
		if to := string(span.To); strings.HasPrefix(to, "javascript:") || strings.Contains(to, "?") {
			t.Errorf("a link leads to %s", to)
		}
	}
}

func TestTitlesForIDs(t *testing.T) {
	b := writtenBook(t, "keys:\n  k-store: {title: Storage key, purpose: storage}\nlogging: {review: nobody}\nupdate-policy: {signed: true}\n")
	g := &guide{Book: b}
	for in, want := range map[string]string{
		"Destruction of k-store.":   "Destruction of “Storage key”.",
		"(k-store), k-store":        "(“Storage key”), “Storage key”",
		"k-stores and my-k-store":   "k-stores and my-k-store",
		"as the update-policy says": "as the update policy says",
		"logging":                   "logging",
		"https://k-store.example/":  "https://k-store.example/",
	} {
		if got := g.named(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestPortNotStated(t *testing.T) {
	b := writtenBook(t, "")
	g := &guide{Book: b}
	i := &model.Interface{Base: model.Base{ID: "if-x", Title: "X"}, Transport: "tcp"}
	if got := g.rule(policy.Service{Interface: i, Direction: "in", Transport: "tcp"}).Blocks[0].(*document.Paragraph).Text.String(); !strings.Contains(got, "no port") {
		t.Error(got)
	}
	if got := g.port(policy.Service{Transport: "tcp"}).String(); got != "not stated" {
		t.Error(got)
	}
}

// TestUserWords checks that each value that users may see has words, in German as
// well.
func TestUserWords(t *testing.T) {
	german, err := locale.Open("de", nil)
	if err != nil {
		t.Fatal(err)
	}
	check := func(values model.Values, words func(string) string) {
		t.Helper()
		for _, v := range values {
			if words(v.Name) == "" {
				t.Errorf("%q has no words", v.Name)
			}
			german.Say(words(v.Name))
		}
	}
	check(model.EnvironmentCategory("").Values(), func(v string) string { return categoryWords[model.EnvironmentCategory(v)] })
	check(model.Party("").Values(), func(v string) string { return partyWords[model.Party(v)] })
	check(model.Party("").Values(), func(v string) string { return partyNames[model.Party(v)] })
	check(model.RoleType("").Values(), func(v string) string { return roleWords[model.RoleType(v)] })
	check(model.Authentication("").Values(), func(v string) string { return authenticationWords[model.Authentication(v)] })
	check(model.DefaultCredential("").Values(), func(v string) string { return defaultWords[model.DefaultCredential(v)] })
	check(model.Direction("").Values(), func(v string) string { return directionWords[model.Direction(v)] })
	check(model.State("").Values(), func(v string) string { return stateWords[model.State(v)] })
	check(model.Medium("").Values(), func(v string) string { return mediumWords[model.Medium(v)] })
	check(model.Purpose("").Values(), func(v string) string { return purposeWords[model.Purpose(v)] })
	check(model.SecurityEvent("").Values(), func(v string) string { return eventWords[model.SecurityEvent(v)] })
	check(model.Need("").Values(), func(v string) string { return needWords[model.Need(v)] })
	check(model.PersonalData("").Values(), func(v string) string { return dataWords[model.PersonalData(v)] })
	for _, unit := range []string{"second", "minute", "hour", "day", "week", "month", "year"} {
		german.Say("1 " + unit)
		german.Say("%d "+unit+"s", 2)
	}
	for _, c := range ifuChapters {
		german.Say(c.title)
	}
	for _, f := range ruleNames {
		german.Say(f.what)
	}
	for _, text := range sentences(t) {
		german.Say(text)
	}
	for _, m := range german.Missing() {
		t.Errorf("no German for %q", m.Text)
	}
}

// sentences are the texts of ours in the source of the instructions: the constant
// texts with which the functions below are called.
func sentences(t *testing.T) []string {
	t.Helper()
	says := map[string]int{"Say": 0, "Para": 0, "fact": 1, "words": 1, "duration": 1, "reach": 1, "answer": 0, "prose": 3}
	names, err := filepath.Glob("ifu*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, name := range append(names, "extract_hospital.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				if at, known := says[sel.Sel.Name]; known && at < len(call.Args) {
					if lit, ok := call.Args[at].(*ast.BasicLit); ok {
						text, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						list = append(list, text)
					}
				}
			}
			return true
		})
	}
	list = slices.DeleteFunc(list, func(s string) bool { return s == "1 " || s == "%d " })
	if len(list) < 150 {
		t.Fatalf("found %d texts only", len(list))
	}
	return list
}
