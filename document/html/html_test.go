package html

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"theriac/document"
)

var update = flag.Bool("update", false, "write the golden files")

// drawn is what other packages paint: pictures and the digests of their styles.
var drawn = regexp.MustCompile(`(?s)<svg xmlns.*?</svg>|'sha256-[^']*'|<style>.*?</style>`)

// golden holds a page against a file, without pictures and style sheets.
func golden(t *testing.T, name string, page []byte) {
	t.Helper()
	got := drawn.ReplaceAllFunc(page, func(b []byte) []byte {
		if bytes.HasPrefix(b, []byte("<svg")) {
			return []byte("<svg></svg>")
		}
		return nil
	})
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test -update and look at the difference", name)
	}
}

func siteOf(t testing.TB, set *document.Set) map[string][]byte {
	t.Helper()
	files, err := Site(set)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestGolden(t *testing.T) {
	set := small(t)
	files := siteOf(t, set)
	for name, of := range map[string]string{
		"index.html": "index.html", "report.html": "html/risk-report.html",
		"risks.html": "html/model-risks.html", "search.js": "html/assets/search.js",
	} {
		if files[of] == nil {
			t.Errorf("the site has no %s", of)
		}
		golden(t, name, files[of])
	}
	page, err := Page(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "page.html", page)
}

func TestDeterministic(t *testing.T) {
	one, two := siteOf(t, small(t)), siteOf(t, small(t))
	if len(one) != len(two) {
		t.Errorf("%d files, then %d", len(one), len(two))
	}
	for name := range one {
		if !bytes.Equal(one[name], two[name]) {
			t.Errorf("%s differs from one run to the next", name)
		}
	}
}

// TestMarks checks that statements lead to their entities, and say the line.
func TestMarks(t *testing.T) {
	set := small(t)
	report, model := string(siteOf(t, set)["html/risk-report.html"]), string(siteOf(t, set)["html/model-risks.html"])
	for _, want := range []string{
		`<a href="model-risks.html#rk-build"><span class="hide">Source: rk-build</span></a>`,
		`<a href="https://git.example/pump/blob/0a1b2c/model/rk.yaml#L7" rel="external noreferrer">model/rk.yaml:7</a>`,
		`<a href="clauses-law.html#mdr.annex-i.17.2"><span class="hide">Source: mdr.annex-i.17.2</span></a>`,
		`<span class="hide">Source: ev-01</span>`,
	} {
		if !strings.Contains(report, want) {
			t.Errorf("the report has no %s", want)
		}
	}
	if !strings.Contains(model, `<span class="at"><a href="https://git.example/pump/blob/0a1b2c/model/rk.yaml#L1"`) {
		t.Error("an entity does not say its own line")
	}
	if strings.Contains(model, `class="src"`) {
		t.Error("an entity has a mark that leads to itself")
	}
	if want := `<li><a href="risk-report.html#matrix">Security risk report, 2.1 Matrix</a></li>`; !strings.Contains(model, want) {
		t.Errorf("the reference does not say where rk-build is told: no %s", want)
	}
	// The source of a paragraph within an item of the same source is not said again.
	if n := strings.Count(report, "rk.yaml:9</a>"); n != 1 {
		t.Errorf("one source is marked %d times", n)
	}
}

// TestQuiet: readers who have no security file see no places in it.
func TestQuiet(t *testing.T) {
	set := small(t)
	for _, d := range set.Documents {
		d.Quiet = d.Name == "risk-report"
	}
	files := siteOf(t, set)
	if page := string(files["html/risk-report.html"]); strings.Contains(page, `class="src"`) || strings.Contains(page, `class="from"`) || strings.Contains(page, "rk.yaml:") {
		t.Error("a quiet document says where it comes from")
	}
	if page := string(files["html/ifu-security.html"]); !strings.Contains(page, `class="src"`) {
		t.Error("another document does not say where it comes from")
	}
}

func TestLanguages(t *testing.T) {
	files := siteOf(t, small(t))
	german := string(files["html/ifu-security.de.html"])
	for _, want := range []string{`<html lang="de">`, "Entwurf", `<a href="ifu-security.html" lang="en" hreflang="en">English</a>`, `href="#before"`} {
		if !strings.Contains(german, want) {
			t.Errorf("the German page has no %s", want)
		}
	}
	if !strings.Contains(string(files["html/risk-report.html"]), `<a href="ifu-security.html">Security instructions for use</a>`) {
		t.Error("an English page does not lead to the English one")
	}
	if !strings.Contains(string(files["index.html"]), `<a href="html/ifu-security.de.html" lang="de" hreflang="de">Deutsch</a>`) {
		t.Error("the first page does not lead to the German document")
	}
}

// TestStamp checks that every page says of what it is and whether it is a draft.
func TestStamp(t *testing.T) {
	set := small(t)
	for _, approved := range []bool{false, true} {
		set.Stamp.Approved = approved
		state := `class="standing draft"`
		if approved {
			state = `class="standing approved"`
		}
		pages := siteOf(t, set)
		one, err := Page(set, set.Documents[1])
		if err != nil {
			t.Fatal(err)
		}
		pages["page.html"] = one
		for name, text := range pages {
			if !strings.HasSuffix(name, ".html") {
				continue
			}
			for _, want := range []string{state, "Example Pump P4", "1.4.0", "3f786850e387", "release 1.4.0 is not frozen"} {
				if !strings.Contains(string(text), want) {
					t.Errorf("%s, approved %v, has no %s", name, approved, want)
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		names []string
		fault string
	}{
		{[]string{"plan", "report"}, ""},
		{[]string{"plan", "plan"}, "two documents are named plan"},
		{[]string{"plan", "Plan"}, "two documents are named Plan"},
		{[]string{"../plan"}, `"../plan" is no name`},
		{[]string{""}, `"" is no name`},
	} {
		set := &document.Set{}
		for _, n := range c.names {
			set.Documents = append(set.Documents, &document.Document{Name: n, Lang: "en"})
		}
		set.Number(document.Decimal)
		_, err := Site(set)
		if c.fault == "" && err != nil || c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)) {
			t.Errorf("%q: error %v, want %q", c.names, err, c.fault)
		}
	}
}

func TestLogo(t *testing.T) {
	set := small(t)
	set.Design.Logo = []byte("\x89PNG\r\n\x1a\n rest")
	files := siteOf(t, set)
	if files["html/assets/logo.png"] == nil || !bytes.Contains(files["index.html"], []byte(`src="html/assets/logo.png"`)) {
		t.Error("the logo is not shown")
	}
	page, err := Page(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(page, []byte(`src="data:image/png;base64,`)) {
		t.Error("the page for printing has no logo in it")
	}
	set.Design.Logo = []byte("<svg onload=alert(1)>")
	for name, text := range siteOf(t, set) {
		if strings.Contains(name, "logo") || bytes.Contains(text, []byte("<img")) {
			t.Errorf("%s shows a logo that is no PNG or JPEG", name)
		}
	}
}

// BenchmarkSite is the site of 10,000 entities of ten fields each.
func BenchmarkSite(b *testing.B) {
	set := large(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		siteOf(b, set)
	}
}
