package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"theriac/evidence"
)

func TestGit(t *testing.T) { goldens(t, Find("git")) }

// history is a repository with the commits of testdata/git/history.txt.
func history(t *testing.T) (dir string, git func(args ...string) string) {
	t.Helper()
	dir = t.TempDir()
	day := 0
	git = func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = dir
		stamp := "2026-08-0" + string(rune('1'+day)) + "T10:00:00+02:00"
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_DATE="+stamp, "GIT_COMMITTER_DATE="+stamp)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func(author, message string) {
		day++
		git("-c", "user.name="+author, "-c", "user.email="+strings.ToLower(author[len(author)-1:])+"@example.org", "commit", "-q", "--allow-empty", "-m", message)
	}
	git("init", "-q", "-b", "main")
	commit("Developer A", "Start of the project\n\nReviewed-by: Developer B <b@example.org>")
	git("tag", "v1")
	commit("Developer A", "Refuse unsigned orders (ver-orders)\n\nText: with a colon\n\nReviewed-by: Developer B <b@example.org>\nreviewed-by: Developer C\n  of the gateway team <c@example.org>")
	commit("Developer A", "Reviewed by its author\n\nReviewed-by: Developer A <a@example.org>")
	commit("Developer B", "Reviewed under another name\n\nReviewed-by: Dev. Bee <B@example.org>")
	git("checkout", "-q", "-b", "side")
	commit("Developer C", "Reviewed by a co-author\n\nCo-authored-by: Developer A <a@example.org>\nReviewed-by: Developer A <a@example.org>")
	git("checkout", "-q", "main")
	commit("Developer B", "Reviewed by a program, write to b@example.org\n\nReviewed-by: helper[bot] <helper@example.org>")
	day++
	git("-c", "user.name=Developer A", "-c", "user.email=a@example.org", "merge", "-q", "--no-ff", "-m", "Merge side", "side")
	commit("Developer A", "Not reviewed")
	return dir, git
}

func TestGitFacts(t *testing.T) {
	dir, git := history(t)
	data, err := GitFacts(t.Context(), dir, "v1..main")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "git", "history.txt")
	if *update {
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || !bytes.Equal(data, want) {
		t.Errorf("%s differs (%v):\n%s", file, err, data)
	}
	if bytes.Contains(data, []byte("@")) {
		t.Errorf("an address is left:\n%s", data)
	}
	whole, err := GitFacts(t.Context(), dir, "main")
	if err != nil || !bytes.HasPrefix(whole, data) || bytes.Count(whole, []byte("\nend\n")) != 8 {
		t.Errorf("all commits: %v\n%s", err, whole)
	}
	sub := filepath.Join(dir, "folder")
	if err := os.Mkdir(sub, 0o777); err != nil {
		t.Fatal(err)
	}
	if again, err := GitFacts(t.Context(), sub, git("rev-parse", "v1")+"..HEAD"); err != nil || !bytes.Equal(again, data) {
		t.Errorf("from a folder below: %v", err)
	}
}

func TestGitFactsRefused(t *testing.T) {
	dir, git := history(t)
	stray := filepath.Join(t.TempDir(), "stray")
	for revisions, want := range map[string]string{
		"": "no revision", "v9": `no revision "v9"`, "v1..": `no revision ""`, "..v1": `no revision ""`, "v1...main": "is no range",
		"--output=" + stray: "no revision", "v1..--output=" + stray: "no revision", "^v1": "no revision", "v1..v1": "there are no commits in v1..v1", "v1 main": "no revision",
	} {
		if out, err := GitFacts(t.Context(), dir, revisions); err == nil || !strings.Contains(err.Error(), want) || len(out) > 0 {
			t.Errorf("%q: %v\n%s", revisions, err, out)
		}
	}
	if _, err := os.Stat(stray); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
	if _, err := GitFacts(t.Context(), t.TempDir(), "HEAD"); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("no repository: %v", err)
	}
	git("clone", "-q", "--depth", "2", "file://"+dir, "shallow")
	if _, err := GitFacts(t.Context(), filepath.Join(dir, "shallow"), "HEAD"); err == nil || !strings.Contains(err.Error(), "shallow") {
		t.Errorf("a shallow clone: %v", err)
	}
}

// Nothing that the configuration or the environment names is run or followed,
// and none of it changes the facts.
func TestGitFactsHostile(t *testing.T) {
	dir, git := history(t)
	want, err := GitFacts(t.Context(), dir, "v1..main")
	if err != nil {
		t.Fatal(err)
	}
	mark, script := filepath.Join(t.TempDir(), "mark"), filepath.Join(t.TempDir(), "evil")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+mark+"\ncat\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"core.pager", "core.fsmonitor", "gpg.program", "gpg.ssh.program", "gpg.x509.program", "core.sshCommand", "diff.external",
		"core.alternateRefsCommand", "core.askPass", "pager.log",
	} {
		git("config", key, script)
	}
	for key, value := range map[string]string{
		"core.hooksPath": filepath.Dir(script), "log.showSignature": "true", "trailer.separators": "#", "format.pretty": "oneline", "log.decorate": "full",
		"color.ui": "always", "i18n.logOutputEncoding": "UTF-16", "log.diffMerges": "combined", "log.date": "relative",
	} {
		git("config", key, value)
	}
	graft := git("rev-parse", "main") + "\n"
	t.Setenv("GIT_DIR", "/nowhere")
	t.Setenv("GIT_TRACE", "1")
	t.Setenv("GIT_EXTERNAL_DIFF", script)
	if err := os.WriteFile(filepath.Join(dir, ".git", "info", "grafts"), []byte(graft), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := GitFacts(t.Context(), dir, "v1..main")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v\n%s", err, got)
	}
	if _, err := os.Stat(mark); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program was run: %v", err)
	}
}

func TestGitRenamedTrailers(t *testing.T) {
	dir, git := history(t)
	git("config", "trailer.text.key", "Reviewed-by")
	if out, err := GitFacts(t.Context(), dir, "v1..main"); err == nil || err.Error() != "git: the configuration of the repository renames trailers (trailer.text.key): remove it" {
		t.Errorf("%v\n%s", err, out)
	}
}

// Each case changes one thing in the facts; want is the whole error.
func TestGitRefused(t *testing.T) {
	in := source(t, "git/history.txt")
	text := string(in.Data)
	records := strings.SplitAfter(text, "\nend\n")
	newest := strings.Fields(text)[1]
	second := strings.Fields(records[1])[1]
	for _, tt := range []struct{ name, data, want string }{
		{"empty", "", "the file is empty"},
		{"cut in a line", text[:len(text)-3], "line 70: the file ends within a commit"},
		{"cut between lines", text[:strings.Index(text, "subject")], "line 8: the file ends within a commit"},
		{"commit left out", records[0] + strings.Join(records[2:], ""), ""},
		{"twice", records[0] + records[0], "line 10: commit " + newest + " stands here twice"},
		{"not in order", records[1] + records[0], ""},
		{"hash", strings.Replace(text, newest, newest[1:], 1), "line 1: \"" + newest[1:] + "\" is no name of a commit"},
		{"time", strings.Replace(text, "authored 2026", "authored 0026", 1), "line 5: \"0026-08-09T10:00:00+02:00\" is no time as in RFC 3339"},
		{"signature", strings.Replace(text, "signature -", "signature ok", 1), "line 7: \"ok\" is no state of a signature"},
		{"no author", strings.Replace(text, "author Developer A <1>", "author ", 1), "line 3: the commit has no author"},
		{"other field", strings.Replace(text, "subject", "title", 1), "line 8: expected \"subject ...\", found \"title Not reviewed\""},
		{"other trailer", strings.Replace(text, "\nend", "\nTested-by: X\nend", 1), "line 9: expected a trailer or \"end\", found \"Tested-by: X\""},
		{"another log", "commit " + newest + "\nAuthor: X <1>\n", "line 2: expected \"parents ...\", found \"Author: X <1>\""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := readGit(&Source{Data: []byte(tt.data)})
			var m *Malformed
			if !errors.As(err, &m) || tt.want != "" && err.Error() != tt.want {
				t.Errorf("got  %v %v\nwant %s", err, r, tt.want)
			}
		})
	}
	_, err := readGit(&Source{Data: []byte(records[0] + strings.Join(records[2:], ""))})
	if err == nil || !strings.Contains(err.Error(), "is no parent of those above it") || second == "" {
		t.Errorf("a gap: %v", err)
	}
}

// A signature that is bad leaves open who wrote the commit.
func TestGitSignatures(t *testing.T) {
	record := func(signature, review string) []byte {
		hash := strings.Repeat("a", 40)
		return []byte("commit " + hash + "\nparents \nauthor A <1>\ncommitter A <1>\nauthored 2026-08-01T10:00:00Z\ncommitted 2026-08-01T10:00:00Z\nsignature " + signature + "\nsubject x\n" + review + "end\n")
	}
	const reviewed = "Reviewed-by: B <2>\n"
	for _, tt := range []struct {
		signature, review string
		want              evidence.Outcome
	}{
		{"G 0A1B", reviewed, "passed"}, {"N", reviewed, "passed"}, {"E", reviewed, "passed"}, {"B 0A1B", reviewed, "inconclusive"}, {"R", reviewed, "inconclusive"},
		{"G", "", "failed"}, {"B", "", "failed"}, {"-", "Reviewed-by: <2>\n", "failed"}, {"-", "Reviewed-by: b@example.org\n", "failed"},
		{"-", "Reviewed-by:  a \n", "failed"}, {"-", "Reviewed-by: B <1>\n", "failed"}, {"-", "Reviewed-by: B\n", "passed"},
	} {
		r, err := readGit(&Source{Data: record(tt.signature, tt.review)})
		if err != nil || r.Cases[0].Outcome != tt.want {
			t.Errorf("%s %s: %+v, %v", tt.signature, tt.review, r, err)
		}
	}
}

func FuzzGit(f *testing.F) {
	data, err := os.ReadFile("testdata/git/history.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := readGit(&Source{Name: "x", Data: data})
		var m *Malformed
		switch {
		case err != nil && !errors.As(err, &m):
			t.Fatalf("%v is not Malformed", err)
		case err != nil:
			return
		}
		if text, err := json.Marshal(r); err != nil || bytes.Contains(text, []byte(" a@")) {
			t.Fatalf("%v %s", err, text)
		}
		if len(r.Cases) == 0 || len(r.Details.Review.Unreviewed) > r.Details.Review.Changes || r.Finished.Before(r.Started) {
			t.Fatalf("%+v", r)
		}
	})
}
