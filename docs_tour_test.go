package theriac_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shownDay is the day on which the commands of the tour are run.
const shownDay = "1791187200" // 2026-10-05 08:00 UTC, the day of the last scan of the example

var (
	tourFile    = regexp.MustCompile("(?s)```xml\n<!-- file: (\\S+) -->\n.*?```")
	tourConsole = regexp.MustCompile("(?s)```console\n(.*?)```")
	hexDigits   = regexp.MustCompile(`[0-9a-f]{8,}`)
)

// TestTourCommands runs the commands of the tour on a copy of the example, as a
// reader would: they print what the page shows, but for digests.
func TestTourCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	page, err := os.ReadFile("docs/tour.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "bin", "theriac"), "./cmd/theriac")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.CopyFS(filepath.Join(dir, "examples", "infusion-pump"), os.DirFS("examples/infusion-pump")); err != nil {
		t.Fatal(err)
	}
	for _, m := range tourFile.FindAllStringSubmatch(string(page), -1) {
		text := strings.TrimSuffix(strings.TrimPrefix(m[0], "```xml\n"), "```")
		if err := os.WriteFile(filepath.Join(dir, m[1]), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	commands := 0
	for _, block := range tourConsole.FindAllStringSubmatch(string(page), -1) {
		for _, c := range shownCommands(block[1]) {
			commands++
			cmd := exec.CommandContext(t.Context(), "sh", "-c", c.text)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"), "SOURCE_DATE_EPOCH="+shownDay)
			out, _ := cmd.CombinedOutput() // findings are what some of them are to show
			printsInOrder(t, c, string(out))
		}
	}
	if commands < 8 {
		t.Errorf("only %d commands", commands)
	}
}

type shownCommand struct {
	text string
	out  []string
}

// shownCommands splits a session: a command begins with a dollar sign and goes on
// while lines end in a backslash.
func shownCommands(session string) (all []shownCommand) {
	goesOn := false
	for _, line := range strings.Split(strings.TrimSuffix(session, "\n"), "\n") {
		command, begins := strings.CutPrefix(line, "$ ")
		switch {
		case begins:
			all = append(all, shownCommand{text: command})
		case goesOn:
			all[len(all)-1].text += "\n" + line
		default:
			all[len(all)-1].out = append(all[len(all)-1].out, line)
		}
		goesOn = (begins || goesOn) && strings.HasSuffix(line, "\\")
	}
	return all
}

// printsInOrder wants the lines that the page shows in the output, in this order.
// Three dots stand for any lines; without them nothing else may be there.
func printsInOrder(t *testing.T, c shownCommand, output string) {
	t.Helper()
	mask := func(s string) string { return strings.TrimRight(hexDigits.ReplaceAllString(s, "#"), " ") }
	var got []string
	for line := range strings.Lines(output) {
		got = append(got, mask(strings.TrimSuffix(line, "\n")))
	}
	next, skip := 0, false
	for _, want := range c.out {
		if want == "..." {
			skip = true
			continue
		}
		at := next
		for skip && at < len(got) && got[at] != mask(want) {
			at++
		}
		if at >= len(got) || got[at] != mask(want) {
			t.Errorf("$ %s\ndoes not print\n%s\nbut\n%s", c.text, want, output)
			return
		}
		next, skip = at+1, false
	}
	if !skip && next < len(got) {
		t.Errorf("$ %s\nprints more:\n%s", c.text, strings.Join(got[next:], "\n"))
	}
}
