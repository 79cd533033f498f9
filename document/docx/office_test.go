package docx

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"theriac/document"
)

// need finds a program that a test runs. Where tests must be complete its absence is a
// failure.
func need(t *testing.T, program string) string {
	t.Helper()
	file, err := exec.LookPath(program)
	switch {
	case err == nil:
		return file
	case os.Getenv("CI") != "":
		t.Fatalf("%s is not installed, and CI is set", program)
	}
	t.Skipf("%s is not installed", program)
	return ""
}

// pages opens documents in LibreOffice, and gives the text of the pages of each.
func pages(t *testing.T, documents ...[]byte) [][]string {
	t.Helper()
	office, reader := need(t, "soffice"), need(t, "pdftotext")
	dir := t.TempDir()
	args := []string{"--headless", "-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profile")), "--convert-to", "pdf", "--outdir", dir}
	for i, data := range documents {
		file := filepath.Join(dir, strconv.Itoa(i)+".docx")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if out, err := exec.CommandContext(t.Context(), office, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var list [][]string
	for i := range documents {
		out, err := exec.CommandContext(t.Context(), reader, "-layout", filepath.Join(dir, strconv.Itoa(i)+".pdf"), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, strings.Split(strings.TrimSuffix(string(out), "\f"), "\f"))
	}
	return list
}

// TestOffice opens documents in a word processor: as they are, with a template, and
// one whose every text is markup and control characters.
func TestOffice(t *testing.T) {
	set, d := sample(t)
	own := write(t, set, d)
	set.Design.Template = archive(t, office())
	bad, e := hostile(`a</w:t><b>"&lt;` + "\x00\u202e\x1b" + ` {{title}}`)
	bad.Number(document.Decimal)
	list := pages(t, own, write(t, set, d), write(t, bad, e))
	for i, name := range []string{"ours", "template"} {
		t.Run(name, func(t *testing.T) { checkPages(t, list[i]) })
	}
	if n := strconv.Itoa(len(list[0])); !strings.Contains(list[0][len(list[0])-1], "Page "+n+" of "+n) {
		t.Error("pages are not counted")
	}
	if n := strings.Count(strings.Join(list[2], "\n"), `a</w:t><b>"&lt; {{title}}`); n < 15 {
		t.Errorf("the text of markup is there %d times", n)
	}
}

func checkPages(t *testing.T, list []string) {
	t.Helper()
	if len(list) < 9 || len(list) > 14 {
		t.Errorf("%d pages", len(list))
	}
	all := strings.Join(list, "\n")
	for _, want := range []string{
		`(?m)^ *1 +Scope and method$`, `(?m)^ *2\.1\.1 +A third level$`, `(?m)^ *3\.2 +Pictures$`, `Table 1: Risks by severity`, `Figure 2: The shortest path`, `risk-dose-39`,
		`Draft`, digest, `no control`, // a text in a picture
	} {
		if !regexp.MustCompile(want).MatchString(all) {
			t.Errorf("%s is missing", want)
		}
	}
	heads := 0
	for _, p := range list {
		if regexp.MustCompile(`(?m)^ *Id +Risk +Score +Day +State$`).MatchString(p) {
			heads++
		}
	}
	if heads < 3 {
		t.Errorf("the head of the table is on %d pages", heads)
	}
}
