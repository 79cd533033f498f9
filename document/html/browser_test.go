package html

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"theriac/document"
)

// chromium finds the browser. Where tests must be complete its absence is a failure.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("there is no chromium, and CI is set")
	}
	t.Skip("there is no chromium")
	return ""
}

// browse opens a page of a folder, lets its scripts run, and gives what the page is
// then and what the browser said.
func browse(t *testing.T, dir, page string, options ...string) (dom, log string) {
	t.Helper()
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + t.TempDir(), "--enable-logging=stderr",
		"--virtual-time-budget=20000", "--dump-dom"}, options...)
	cmd := exec.CommandContext(t.Context(), chromium(t), append(args, "file://"+filepath.ToSlash(filepath.Join(dir, page)))...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", page, err, said.String())
	}
	return out.String(), said.String()
}

// unpack writes a site into a folder.
func unpack(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var policy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>\n`)

// scripted puts a script of a test into a page, whose policy it takes away. The script
// gives its result to done.
func scripted(t *testing.T, dir, page, head, script string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(page))
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = policy.ReplaceAll(text, nil)
	done := `const done = (r) => { const p = document.createElement("template"); p.id = "_result"; p.setAttribute("data-result", btoa(unescape(encodeURIComponent(JSON.stringify(r))))); document.head.append(p); };`
	text = bytes.Replace(text, []byte("</head>"), []byte(head+"<script>"+done+"addEventListener('load', async () => {"+script+"});</script></head>"), 1)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

var resultForm = regexp.MustCompile(`data-result="([^"]*)"`)

// result reads what a script gave to done.
func result(t *testing.T, dom string, into any) {
	t.Helper()
	found := resultForm.FindStringSubmatch(dom)
	if found == nil {
		t.Fatal("the script of the test came to no end")
	}
	text, err := base64.StdEncoding.DecodeString(found[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// TestBrowser opens pages as they are: the policy stops nothing of ours, and the script
// runs.
func TestBrowser(t *testing.T) {
	dir := unpack(t, siteOf(t, small(t)))
	for _, page := range []string{"index.html", "html/risk-report.html"} {
		dom, log := browse(t, dir, page)
		if !regexp.MustCompile(`<form class="search" role="search" data-base`).MatchString(dom) {
			t.Errorf("%s: the script did not show the search", page)
		}
		if strings.Contains(log, "Content Security Policy") || strings.Contains(log, "Uncaught") || strings.Contains(log, "ERR_FILE") {
			t.Errorf("%s: the browser says\n%s", page, log)
		}
	}
}

// axe finds axe-core: by AXE, or where make puts it.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("AXE")
	if path == "" {
		path = filepath.Join("..", "..", ".cache", "axe", "axe.min.js")
	}
	path, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(path)
	}
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatalf("there is no axe-core, and CI is set: %v", err)
	default:
		t.Skipf("there is no axe-core: %v", err)
	}
	return path
}

// TestAccessible runs axe-core on pages, in light and dark, on wide and narrow screens.
func TestAccessible(t *testing.T) {
	script, err := os.ReadFile(axe(t))
	if err != nil {
		t.Fatal(err)
	}
	set := small(t)
	files := siteOf(t, set)
	for _, d := range set.Documents[:1] {
		if files[d.Name+".alone.html"], err = Page(set, d); err != nil {
			t.Fatal(err)
		}
	}
	set.Stamp.Approved = true
	files["approved/index.html"] = siteOf(t, set)["html/risk-report.html"]
	files["approved/assets/style.css"], files["approved/assets/site.js"] = files["html/assets/style.css"], files["html/assets/site.js"]
	files["axe.js"] = script
	dir := unpack(t, files)
	for _, page := range []string{"index.html", "html/risk-report.html", "html/ifu-security.de.html", "html/model-risks.html", "risk-report.alone.html", "approved/index.html"} {
		scripted(t, dir, page, fmt.Sprintf(`<script src="%saxe.js"></script>`, strings.Repeat("../", strings.Count(page, "/"))), `
			document.querySelectorAll("details").forEach((d) => { d.open = true; });
			const r = await axe.run(document);
			done({ dark: matchMedia("(prefers-color-scheme: dark)").matches, rules: r.passes.length,
				faults: r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160) + " " + n.failureSummary).join("; ")) });`)
		accessible(t, dir, page, false, "1440,1000")
		accessible(t, dir, page, true, "1440,1000")
		if page == "html/risk-report.html" || page == "index.html" {
			accessible(t, dir, page, false, "520,900")
		}
	}
}

// accessible reports what axe-core finds on a page in one look.
func accessible(t *testing.T, dir, page string, dark bool, size string) {
	t.Helper()
	scheme := "--blink-settings=preferredColorScheme=1"
	if dark {
		scheme = "--blink-settings=preferredColorScheme=0"
	}
	dom, _ := browse(t, dir, page, scheme, "--window-size="+size)
	var got struct {
		Dark   bool
		Rules  int
		Faults []string
	}
	result(t, dom, &got)
	if got.Dark != dark {
		t.Errorf("%s: asked for dark %v and got something else", page, dark)
	}
	if got.Rules < 20 {
		t.Errorf("%s: axe-core found only %d rules to apply", page, got.Rules)
	}
	for _, f := range got.Faults {
		t.Errorf("%s, dark %v, %s: %s", page, dark, size, f)
	}
}

// TestSearch searches with the keyboard, among 10,000 entities.
func TestSearch(t *testing.T) {
	dir := unpack(t, siteOf(t, large(t, 10_000)))
	scripted(t, dir, "html/report.html", "", `
		const wait = (ms) => new Promise((r) => setTimeout(r, ms));
		const input = document.querySelector("#_search"), status = document.querySelector("[role=status]"), found = document.querySelector("#_found");
		const key = (k) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true, cancelable: true }));
		const out = { cases: [] };
		document.body.focus();
		key("/");
		out.focused = document.activeElement === input;
		while (!document.querySelector("script[src$='search.js']")) await wait(50);
		await wait(2000);
		for (const text of ["rk-04711", "number 4711", "RK-0471", "nothing-like-this", "model", "entities 3", "something wrong"]) {
			input.value = text;
			input.dispatchEvent(new Event("input", { bubbles: true }));
			await wait(300);
			out.cases.push({ text, said: status.textContent, shown: found.children.length, first: found.querySelector("a")?.getAttribute("href") ?? "" });
		}
		key("ArrowDown"); key("ArrowDown");
		out.second = document.activeElement === found.querySelectorAll("a")[1];
		key("ArrowUp"); key("ArrowUp");
		out.back = document.activeElement === input;
		key("Escape");
		out.closed = document.querySelector(".results").hidden;
		done(out);`)
	dom, _ := browse(t, dir, "html/report.html")
	var got struct {
		Focused, Second, Back, Closed bool
		Cases                         []struct {
			Text, Said, First string
			Shown             int
		}
	}
	result(t, dom, &got)
	if !got.Focused || !got.Second || !got.Back || !got.Closed {
		t.Errorf("keys: / focuses %v, arrow down goes to the second result %v, up goes back %v, escape closes %v", got.Focused, got.Second, got.Back, got.Closed)
	}
	want := map[string]struct {
		said, first string
		shown       int
	}{
		"rk-04711":          {"1 found", "model-4.html#rk-04711", 1},
		"number 4711":       {"1 found", "model-4.html#rk-04711", 1},
		"something wrong":   {"10000 found, the first 40 shown", "model-0.html#rk-00000", 40},
		"RK-0471":           {"10 found", "model-4.html#rk-04710", 10},
		"nothing-like-this": {"Nothing found", "", 0},
		"model":             {"Nothing found", "", 0},
		"entities 3":        {"1 found", "model-3.html", 1},
	}
	if len(got.Cases) != len(want) {
		t.Fatalf("%d searches, want %d", len(got.Cases), len(want))
	}
	for _, c := range got.Cases {
		if w := want[c.Text]; c.Said != w.said || c.First != w.first || c.Shown != w.shown {
			t.Errorf("%q: says %q, shows %d, first %s; want %+v", c.Text, c.Said, c.Shown, c.First, w)
		}
	}
}

// TestDeepLink follows a link to an entity far down in a long page.
func TestDeepLink(t *testing.T) {
	dir := unpack(t, siteOf(t, large(t, 1000)))
	scripted(t, dir, "html/model-0.html", "", `
		await new Promise((r) => setTimeout(r, 500));
		done(document.querySelector("#rk-00873 h2").getBoundingClientRect().top);`)
	dom, _ := browse(t, dir, "html/model-0.html#rk-00873", "--window-size=1200,900")
	var top float64
	result(t, dom, &top)
	if top < 40 || top > 250 {
		t.Errorf("the entity is %.0f pixels below the top of the window", top)
	}
}

// TestPrint prints a page as a browser does, and looks for what stands on each sheet.
func TestPrint(t *testing.T) {
	set := small(t)
	page, err := Page(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	dir := unpack(t, map[string][]byte{"page.html": page})
	browse(t, dir, "page.html", "--print-to-pdf="+filepath.Join(dir, "page.pdf"), "--no-pdf-header-footer")
	pdf, err := os.ReadFile(filepath.Join(dir, "page.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(pdf, []byte("/StructTreeRoot")) {
		t.Error("the PDF has no tags")
	}
	boxes := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`).FindAllSubmatch(pdf, -1)
	upright, across := 0, 0
	for _, b := range boxes {
		w, _ := strconv.ParseFloat(string(b[1]), 64)
		h, _ := strconv.ParseFloat(string(b[2]), 64)
		switch {
		case math.Abs(w-595) < 2 && math.Abs(h-842) < 2:
			upright++
		case math.Abs(w-842) < 2 && math.Abs(h-595) < 2:
			across++
		default:
			t.Errorf("a sheet of %v by %v", w, h)
		}
	}
	if upright < 3 || across < 2 {
		t.Errorf("%d sheets upright and %d across; want the wide table and drawings across", upright, across)
	}
}

var property = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{3,6})[;\s]`)

// TestContrast checks the colours of the style sheet: 4.5:1 between text and what it
// stands on (WCAG 2.2, 1.4.3), 3:1 for marks (1.4.11), in light and dark.
func TestContrast(t *testing.T) {
	css := asset("style.css")
	light, rest, _ := strings.Cut(css, "@media screen and (prefers-color-scheme: dark)")
	dark, _, _ := strings.Cut(rest, "/* Text */")
	for name, part := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range property.FindAllStringSubmatch(part, -1) {
			colours[m[1]] = m[2]
		}
		check := func(a, on string, least float64) {
			if c := contrast(t, colours[a], colours[on]); c < least {
				t.Errorf("%s: %s on %s has %.2f:1, want %v:1", name, a, on, c, least)
			}
		}
		for _, on := range []string{"paper", "panel", "target", "neutral-on"} {
			for _, text := range []string{"ink", "soft", "link"} {
				check(text, on, 4.5)
			}
			check("mark", on, 3)
		}
		for _, tone := range []string{"good", "partly", "bad", "neutral"} {
			check(tone, tone+"-on", 4.5)
			check("ink", tone+"-on", 4.5)
			check("link", tone+"-on", 4.5)
			check("mark", tone+"-on", 3)
			check(tone, "paper", 3)
		}
	}
}

// contrast is the ratio of WCAG 2.2 between two colours.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	l := []float64{luminance(t, a), luminance(t, b)}
	slices.Sort(l)
	return (l[1] + 0.05) / (l[0] + 0.05)
}

func luminance(t *testing.T, rgb string) float64 {
	t.Helper()
	if len(rgb) == 3 {
		rgb = strings.Repeat(rgb[:1], 2) + strings.Repeat(rgb[1:2], 2) + strings.Repeat(rgb[2:], 2)
	}
	if len(rgb) != 6 {
		t.Fatalf("%q is no colour", rgb)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(rgb[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestSearchData checks that what the search finds is there.
func TestSearchData(t *testing.T) {
	set := small(t)
	files := siteOf(t, set)
	text, ok := strings.CutPrefix(string(files["html/assets/search.js"]), "theriacSearch(")
	text, ok2 := strings.CutSuffix(text, ");\n")
	if !ok || !ok2 {
		t.Fatal("the search data calls no function")
	}
	var data struct {
		Documents [][2]string
		Sections  [][4]any
	}
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		t.Fatal(err)
	}
	sections := 0
	for _, d := range set.Documents {
		d.Walk(func(*document.Section, int) { sections++ })
	}
	if len(data.Sections) != sections || len(data.Documents) != len(set.Documents) {
		t.Errorf("%d sections of %d documents, want %d of %d", len(data.Sections), len(data.Documents), sections, len(set.Documents))
	}
	for _, s := range data.Sections {
		page := files["html/"+data.Documents[int(s[0].(float64))][1]]
		if !bytes.Contains(page, []byte(fmt.Sprintf(`id="%s"`, s[1]))) {
			t.Errorf("the search leads to %v, which is not there", s)
		}
	}
}
