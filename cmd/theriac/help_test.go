package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"theriac/model"
)

// exampleIDs are ids of entities in examples of help, told by their prefix.
var exampleIDs = regexp.MustCompile(`\b(?:as|app|ct|if|rel|rk|svc|vf)-[a-z0-9-]+`)

// TestExamplesOfHelp: what examples name exists, in the example file of a pump
// or in the catalogue and the patterns.
func TestExamplesOfHelp(t *testing.T) {
	var l model.Loader
	file, _, err := l.Load(t.Context(), "../../examples/infusion-pump")
	if err != nil {
		t.Fatal(err)
	}
	ids, lines := 0, 0
	walk(newRoot(), func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "   ")
			args := strings.Fields(line)
			if strings.HasPrefix(line, "theriac explain ") || strings.HasPrefix(line, "theriac threats patterns ") {
				lines++
				if status, _, talk := command(t, args[1:]...); status != 0 {
					t.Errorf("%s: %s", line, talk)
				}
				continue
			}
			for _, id := range exampleIDs.FindAllString(line, -1) {
				if ids++; file.Lookup(id) == nil {
					t.Errorf("help of %s: %s is not in the example of the pump", cmd.Name(), id)
				}
			}
		}
	})
	if ids < 8 || lines < 8 {
		t.Errorf("looked at %d ids and %d lines; examples are not found", ids, lines)
	}
}

// walk visits a command and all below it.
func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		walk(c, visit)
	}
}

// TestWriteNamesTarget: who cannot write is told about the file that was meant,
// not about a temporary one beside it.
func TestWriteNamesTarget(t *testing.T) {
	const dir = "/proc/self" // nobody can make files there
	if _, err := os.Stat(dir); err != nil {
		t.Skip(err)
	}
	err := writeFile(dir+"/report.txt", []byte("text"))
	if err == nil || !strings.HasPrefix(err.Error(), "write "+dir+"/report.txt: ") || strings.Contains(err.Error(), ".theriac-") {
		t.Errorf("error is %v", err)
	}
}

// TestCompletionOfIDs: ids come from the security file that is in reach when the
// shell asks.
func TestCompletionOfIDs(t *testing.T) {
	t.Chdir("../../examples/infusion-pump")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"risk", "show", ""}, "rk-false-network"},
		{[]string{"trace", ""}, "ct-mutual-tls"},
		{[]string{"threats", "paths", ".", "--control", ""}, "ct-mutual-tls"},
		{[]string{"threats", "paths", "--to", ""}, "app-infusion"},
		{[]string{"draw", "architecture", "--focus", ""}, "svc-hl7"},
	} {
		status, out, _ := command(t, append([]string{"__complete"}, test.args...)...)
		if status != 0 || !strings.Contains("\n"+out, "\n"+test.want+"\n") {
			t.Errorf("%q: no %s among %d offers", test.args, test.want, strings.Count(out, "\n"))
		}
	}
	t.Chdir(t.TempDir())
	if _, out, _ := command(t, "__complete", "risk", "show", ""); out != ":4\n" {
		t.Errorf("without a file: %q", out)
	}
}
