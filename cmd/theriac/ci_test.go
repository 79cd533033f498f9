package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"theriac/trust"
)

// The templates in docs/ci are run here as far as that is possible without the
// services: the shell steps as they stand, in a repository of their own, with
// programs in place of curl and gh that record how they are called. What only the
// service can do is listed, so that a step that nobody exercises is noticed.

// actionsNotRun are the actions that the service brings.
var actionsNotRun = map[string]string{
	"actions/checkout@v4":                  "fetches the repository",
	"actions/upload-artifact@v4":           "keeps files",
	"actions/download-artifact@v4":         "brings kept files",
	"github/codeql-action/upload-sarif@v3": "passes findings on",
}

// conditions are those that the tests take as met or choose by the job.
var conditions = []string{
	"", "github.event_name == 'pull_request'", "github.event_name == 'push'",
	"github.event_name == 'push' && github.ref_type == 'branch'", "github.event_name == 'push' && github.ref_type == 'tag'",
	"github.event.pull_request.head.repo.full_name == github.repository",
}

type workflow struct {
	Permissions map[string]string `yaml:"permissions"`
	Env         map[string]string `yaml:"env"`
	Defaults    struct {
		Run struct {
			Shell string `yaml:"shell"`
		} `yaml:"run"`
	} `yaml:"defaults"`
	Jobs map[string]struct {
		If          string            `yaml:"if"`
		Permissions map[string]string `yaml:"permissions"`
		Env         map[string]string `yaml:"env"`
		Environment string            `yaml:"environment"`
		Steps       []ciStep          `yaml:"steps"`
	} `yaml:"jobs"`
}

type ciStep struct {
	Name string            `yaml:"name"`
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	Env  map[string]string `yaml:"env"`
	With map[string]string `yaml:"with"`
}

func readCI(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "ci", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// ciBench is a repository with a security file, and the machine of a service.
type ciBench struct {
	t    *testing.T
	repo string // the work tree
	temp string // of the job
	bin  string // programs in place of the real ones
	env  map[string]string
	path []string
}

const curlStub = `#!/bin/sh
# Records how it is called; --output is filled with the program under test.
printf '%s\n' "$@" >> "$STUBS/curl.args"
out= config=
while [ $# -gt 0 ]; do
  case $1 in
    --output) out=$2; shift ;;
    --config) config=$2; shift ;;
    *@*) cp "${1#*@}" "$STUBS/curl.body" ;;
  esac
  shift
done
if [ "$config" = - ]; then cat > "$STUBS/curl.config"; fi
if [ "$out" != /dev/null ]; then cp "$STUBS/program" "$out"; fi
`

const ghStub = `#!/bin/sh
# Records how it is called; a list of comments is what the test says.
printf '%s\n' "$*" >> "$STUBS/gh.args"
for a; do
  case $a in body=@*) cp "${a#body=@}" "$STUBS/gh.body" ;; esac
done
case "$*" in *--paginate*) cat "$STUBS/comments" ;; esac
`

const makefileCI = `security-tests:
	mkdir -p $(REPORTS)
	cp report.sarif $(REPORTS)/vf-static-c.sarif
`

const reportCI = `{
  "version": "2.1.0",
  "runs": [{
    "tool": {"driver": {"name": "clang-tidy", "version": "19.1.7"}},
    "invocations": [{"executionSuccessful": true, "endTimeUtc": "2026-10-04T01:00:00Z"}],
    "results": []
  }]
}
`

// newBench makes a repository whose security file is that of the infusion pump.
func newBench(t *testing.T) *ciBench {
	t.Helper()
	if testing.Short() {
		t.Skip("builds repositories")
	}
	for _, program := range []string{"bash", "git", "make", "sha256sum"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is needed to run the steps; install it", program)
		}
	}
	b := &ciBench{t: t, repo: t.TempDir(), temp: t.TempDir(), bin: t.TempDir()}
	real, err := exec.LookPath("theriac")
	if err != nil {
		t.Fatal(err)
	}
	b.write(filepath.Join(b.bin, "program"), "#!/bin/sh\nexec '"+real+"' \"$@\"\n")
	b.write(filepath.Join(b.bin, "curl"), curlStub)
	b.write(filepath.Join(b.bin, "gh"), ghStub)
	b.write(filepath.Join(b.bin, "comments"), "")
	b.env = map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": t.TempDir(), "STUBS": b.bin, "RUNNER_TEMP": b.temp, "SOURCE_DATE_EPOCH": "1791187200", "NO_COLOR": "1",
		"GITHUB_PATH": filepath.Join(b.temp, "path"), "GITHUB_STEP_SUMMARY": filepath.Join(b.temp, "summary.md"), "GIT_CONFIG_NOSYSTEM": "1",
	}
	b.write(filepath.Join(b.repo, "Makefile"), makefileCI)
	b.write(filepath.Join(b.repo, "report.sarif"), reportCI)
	if err := os.CopyFS(filepath.Join(b.repo, "security"), os.DirFS(filepath.Join("..", "..", "examples", "infusion-pump"))); err != nil {
		t.Fatal(err)
	}
	b.must("git init -q -b main . && git add -A && " + commitCI)
	return b
}

const commitCI = "git -c user.name=A -c user.email=a@example.org -c commit.gpgsign=false commit -q --no-verify -m state"

func (b *ciBench) write(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
		b.t.Fatal(err)
	}
}

func (b *ciBench) read(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// recorded is what a program in place of the real one noted; "" where it was not
// called.
func (b *ciBench) recorded(name string) string {
	text, err := os.ReadFile(filepath.Join(b.bin, name))
	if err != nil {
		return ""
	}
	return string(text)
}

// edit changes a text of the security file and commits it.
func (b *ciBench) edit(name string, pattern, now string) {
	b.t.Helper()
	at := filepath.Join(b.repo, "security", filepath.FromSlash(name))
	text := b.read(at)
	edited := regexp.MustCompile(pattern).ReplaceAllString(text, now)
	if edited == text {
		b.t.Fatalf("%s has no %s", name, pattern)
	}
	b.write(at, edited)
	b.must(commitCI + " -a")
}

// weakened makes the verdict fail: peers of an interface with orders need not prove
// who they are. Evidence for a requirement goes stale besides.
func (b *ciBench) weakened() {
	b.t.Helper()
	b.edit("requirements/access-data.yaml", "locked for 5 minutes", "locked for 3 minutes")
	b.edit("architecture/interfaces.yaml", `(?s)(if-hl7-orders:.*?authentication): mutual-tls`, "$1: none")
	b.must("git reset -q --soft HEAD~2 && " + commitCI)
}

// shell runs a script as the services run steps.
func (b *ciBench) shell(script string, env map[string]string) (status int, out string) {
	b.t.Helper()
	name := filepath.Join(b.t.TempDir(), "step.sh")
	b.write(name, script)
	cmd := exec.CommandContext(b.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", name)
	cmd.Dir = b.repo
	all := maps.Clone(b.env)
	maps.Copy(all, env)
	all["PATH"] = strings.Join(append(slices.Clone(b.path), b.bin, all["PATH"]), string(filepath.ListSeparator))
	for _, k := range slices.Sorted(maps.Keys(all)) {
		cmd.Env = append(cmd.Env, k+"="+all[k])
	}
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), both.String()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return 0, both.String()
}

func (b *ciBench) must(script string) {
	b.t.Helper()
	if status, out := b.shell(script, nil); status != 0 {
		b.t.Fatalf("%s: status %d\n%s", script, status, out)
	}
}

// github runs the shell steps of a job in order, each of which must end as wanted,
// and returns what they print.
func (b *ciBench) github(w *workflow, job string, known map[string]string, want map[string]int) map[string]string {
	b.t.Helper()
	printed := map[string]string{}
	for _, s := range w.Jobs[job].Steps {
		if s.Run == "" {
			continue
		}
		wanted, listed := want[s.Name]
		if !listed {
			b.t.Fatalf("job %s, step %q is not exercised", job, s.Name)
		}
		env := maps.Clone(w.Env)
		for k, v := range s.Env {
			env[k] = b.value(v, known)
		}
		status, out := b.shell(s.Run, env)
		if printed[s.Name] = out; status != wanted {
			b.t.Fatalf("job %s, step %q: status %d, want %d\n%s", job, s.Name, status, wanted, out)
		}
		if added, err := os.ReadFile(b.env["GITHUB_PATH"]); err == nil {
			b.path = strings.Fields(string(added))
		}
		if status != 0 {
			break // as the service does
		}
	}
	if len(printed) != len(want) {
		b.t.Errorf("job %s: %d steps ran of %d", job, len(printed), len(want))
	}
	return printed
}

var expression = regexp.MustCompile(`^\$\{\{ ([a-zA-Z0-9_.]+) \}\}$`)

// value is what the service would put in place of an expression.
func (b *ciBench) value(text string, known map[string]string) string {
	b.t.Helper()
	m := expression.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	v, ok := known[m[1]]
	if !ok {
		b.t.Fatalf("nobody says what %s is", text)
	}
	return v
}

// program is the digest of the program that is downloaded.
func (b *ciBench) program() string {
	sum := sha256.Sum256([]byte(b.read(filepath.Join(b.bin, "program"))))
	return hex.EncodeToString(sum[:])
}

func (b *ciBench) known() map[string]string {
	return map[string]string{
		"vars.THERIAC_URL": "https://files.example.org/theriac", "vars.THERIAC_SHA256": b.program(),
		"github.token": "the-token", "github.repository": "example/pump", "github.event.pull_request.number": "7",
		"secrets.THERIAC_KEY": sealedKey(b.t), "secrets.THERIAC_PASSPHRASE": passphraseCI,
	}
}

// testersCI are the testers of the example, as somebody who uses a template states
// them there.
var testersCI = map[string]string{"TESTERS": "Software quality team", "INDEPENDENCE": "other-team", "AUTHORS": "Application team,Therapy software team"}

const passphraseCI = "correct horse battery staple"

// sealedKey is the key file of the build system of the example.
func sealedKey(t *testing.T) string {
	t.Helper()
	key, err := trust.Demo("build-system")
	if err != nil {
		t.Fatal(err)
	}
	text, err := trust.SealKey(key, []byte(passphraseCI))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// TestGitHubForm: nothing of the service is put into the text of a script, no step
// is outside what is known, and no job may do more than it needs.
func TestGitHubForm(t *testing.T) {
	var w workflow
	readCI(t, "github-actions.yml", &w)
	if w.Permissions == nil || len(w.Permissions) > 0 || w.Defaults.Run.Shell != "bash" {
		t.Errorf("permissions are %v, the shell is %q", w.Permissions, w.Defaults.Run.Shell)
	}
	used := map[string]bool{}
	installs := map[string]bool{}
	for name, job := range w.Jobs {
		if !slices.Contains(conditions, job.If) || job.Permissions["contents"] != "read" {
			t.Errorf("job %s: if %q, permissions %v", name, job.If, job.Permissions)
		}
		for permission, level := range job.Permissions {
			if level != "read" && (name != "review" || permission != "pull-requests" && permission != "security-events") {
				t.Errorf("job %s may %s %s", name, level, permission)
			}
		}
		if len(job.Env) > 0 {
			t.Errorf("job %s has an environment for all steps: %v", name, job.Env)
		}
		for _, s := range job.Steps {
			checkStep(t, name, s)
			if s.Uses != "" {
				used[s.Uses] = true
			}
			if s.Name == "Install theriac" {
				installs[s.Run+fmt.Sprint(s.Env)] = true
			}
		}
	}
	for action, does := range actionsNotRun {
		if !used[action] {
			t.Errorf("%s (%s) is not used any more", action, does)
		}
	}
	if len(installs) != 1 {
		t.Errorf("theriac is installed in %d ways", len(installs))
	}
}

func checkStep(t *testing.T, job string, s ciStep) {
	t.Helper()
	at := fmt.Sprintf("job %s, step %q", job, s.Name+s.Uses)
	if _, known := actionsNotRun[s.Uses]; s.Uses != "" && !known {
		t.Errorf("%s is not known: list it as not run, or exercise it", at)
	}
	if (s.Uses == "") == (s.Run == "") || !slices.Contains(conditions, s.If) {
		t.Errorf("%s: neither or both of uses and run, or if %q", at, s.If)
	}
	if strings.Contains(s.Run, "${{") {
		t.Errorf("%s: what the service puts into the text of a script is run as a script", at)
	}
	if strings.Contains(s.Run, "set -x") || strings.Contains(s.Run, "eval") {
		t.Errorf("%s prints secrets, or runs text", at)
	}
	if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
		t.Errorf("%s leaves the token in the work tree", at)
	}
	for k, v := range s.Env {
		if strings.Contains(v, "secrets.") && (job != "release" || s.Name != "Sign evidence") {
			t.Errorf("%s has the secret %s", at, k)
		}
	}
}

// TestGitHubReview: a change that unsettles evidence is told in a comment, and the
// job fails after that.
func TestGitHubReview(t *testing.T) {
	var w workflow
	readCI(t, "github-actions.yml", &w)
	b := newBench(t)
	b.weakened()
	steps := map[string]int{"Install theriac": 0, "Find": 0, "Difference and plan": 0, "Comment": 0, "Verdict": 1}
	printed := b.github(&w, "review", b.known(), steps)
	if !strings.Contains(printed["Verdict"], `error T3201: interface "if-hl7-orders"`) {
		t.Errorf("the verdict does not name what is wrong:\n%s", printed["Verdict"])
	}
	comment := b.recorded("gh.body")
	for _, want := range []string{
		"<!-- theriac -->\n", "\n## Security file: ", "\n## What this change unsettles: ", "requirement rq-throttle text", "revision HEAD^1 ",
		"| unsettled | vf-login ", "opens rq-badge-auth",
	} {
		if !strings.Contains(comment, want) {
			t.Errorf("the comment lacks %q:\n%s", want, comment)
		}
	}
	if !strings.HasPrefix(comment, "<!-- theriac -->\n") || b.read(filepath.Join(b.temp, "summary.md")) != comment {
		t.Error("the comment has no mark, or the summary is another text")
	}
	calls := strings.Split(strings.TrimSpace(b.recorded("gh.args")), "\n")
	if len(calls) != 2 || !strings.HasPrefix(calls[1], "api --method POST repos/example/pump/issues/7/comments --silent --field body=@") {
		t.Errorf("gh was called as %q", calls)
	}
	var sarif struct {
		Version string `json:"version"`
		Runs    []struct {
			Results []json.RawMessage `json:"results"`
		} `json:"runs"`
	}
	if err := json.Unmarshal([]byte(b.read(filepath.Join(b.temp, "theriac.sarif"))), &sarif); err != nil || len(sarif.Runs) != 1 || len(sarif.Runs[0].Results) == 0 {
		t.Errorf("the findings are %v, %v", sarif, err)
	}
	if strings.Contains(fmt.Sprint(printed)+b.recorded("gh.args"), "the-token") {
		t.Error("the token is printed")
	}

	// The next run changes its comment.
	b.write(filepath.Join(b.bin, "comments"), "4711\n4712\n")
	b.github(&w, "review", b.known(), steps)
	calls = strings.Split(strings.TrimSpace(b.recorded("gh.args")), "\n")
	if len(calls) != 4 || !strings.HasPrefix(calls[3], "api --method PATCH repos/example/pump/issues/comments/4711 ") {
		t.Errorf("gh was called as %q", calls)
	}
}

// TestGitHubQuiet: a change that says nothing new passes, and is told as such.
func TestGitHubQuiet(t *testing.T) {
	var w workflow
	readCI(t, "github-actions.yml", &w)
	b := newBench(t)
	b.write(filepath.Join(b.repo, "note.txt"), "No part of the security file.\n")
	b.must("git add -A && " + commitCI)
	b.github(&w, "review", b.known(), map[string]int{"Install theriac": 0, "Find": 0, "Difference and plan": 0, "Comment": 0, "Verdict": 0})
	if comment := b.recorded("gh.body"); !strings.Contains(comment, "No semantic change.") || !strings.Contains(comment, "Nothing would be unsettled.") {
		t.Errorf("the comment is\n%s", comment)
	}
}

// TestGitHubLong: what is too long for a comment is in the summary.
func TestGitHubLong(t *testing.T) {
	var w workflow
	readCI(t, "github-actions.yml", &w)
	b := newBench(t)
	for _, name := range []string{"access-data", "network", "platform", "therapy"} {
		b.edit("requirements/"+name+".yaml", "(?m)^    text: ", "    text: It is so that ")
	}
	b.must("git reset -q --soft HEAD~4 && " + commitCI)
	b.github(&w, "review", b.known(), map[string]int{"Install theriac": 0, "Find": 0, "Difference and plan": 0, "Comment": 0, "Verdict": 0})
	comment, summary := b.recorded("gh.body"), b.read(filepath.Join(b.temp, "summary.md"))
	if len(comment) > 200 || !strings.Contains(comment, "too long for a comment") || len(summary) < 65000 {
		t.Errorf("the comment has %d bytes, the summary %d", len(comment), len(summary))
	}
}

// TestGitHubFaults: a security file with faults of form is no reason to keep silent:
// the findings are there, and the job fails with the first fault.
func TestGitHubFaults(t *testing.T) {
	var w workflow
	readCI(t, "github-actions.yml", &w)
	b := newBench(t)
	b.edit("controls.yaml", "strength: high", "strenght: high")
	printed := b.github(&w, "review", b.known(), map[string]int{"Install theriac": 0, "Find": 0, "Difference and plan": 2})
	if !strings.Contains(printed["Difference and plan"], "controls.yaml") || !strings.Contains(b.read(filepath.Join(b.temp, "theriac.sarif")), "strenght") {
		t.Errorf("it says %q", printed["Difference and plan"])
	}
	if b.recorded("gh.args") != "" {
		t.Error("something is commented")
	}
}

// TestGitHubInstall: a program with another digest is not installed.
func TestGitHubInstall(t *testing.T) {
	var w workflow
	readCI(t, "github-actions.yml", &w)
	b := newBench(t)
	known := b.known()
	known["vars.THERIAC_SHA256"] = strings.Repeat("0", 64)
	b.github(&w, "check", known, map[string]int{"Install theriac": 1})
	if _, err := os.Stat(filepath.Join(b.temp, "bin", "theriac")); err == nil {
		t.Error("it is installed")
	}
	for _, want := range []string{"--proto\n=https\n", "https://files.example.org/theriac\n"} {
		if !strings.Contains(b.recorded("curl.args"), want) {
			t.Errorf("curl was called as %q", b.recorded("curl.args"))
		}
	}
	known = b.known()
	b.github(&w, "check", known, map[string]int{"Install theriac": 0, "Verdict": 0})
}

// TestGitHubRelease: the tests make a report, it becomes signed evidence, the release
// passes, and the bundle is verified with the root of trust.
func TestGitHubRelease(t *testing.T) {
	var w workflow
	readCI(t, "github-actions.yml", &w)
	b := newBench(t)
	b.env["GITHUB_REF_NAME"] = "v1.4.0"
	for k, v := range testersCI {
		if _, there := w.Env[k]; !there {
			t.Errorf("the template has no %s", k)
		}
		w.Env[k] = v
	}
	b.github(&w, "test", b.known(), map[string]int{"Run": 0})
	printed := b.github(&w, "release", b.known(), map[string]int{"Install theriac": 0, "Sign evidence": 0, "Verdict": 0, "Bundle": 0})
	b.released(fmt.Sprint(printed), filepath.Join(b.temp, "bundle", "release.theriac"))
	if _, err := os.Stat(filepath.Join(b.temp, "theriac.key")); err == nil {
		t.Error("the key is left on the disk")
	}
	if w.Jobs["release"].Environment == "" || strings.Contains(fmt.Sprint(w.Jobs["test"]), "secrets.") {
		t.Error("the key is for everybody")
	}
}

// released checks what a release job leaves.
func (b *ciBench) released(printed, bundle string) {
	b.t.Helper()
	for _, secret := range append(strings.Split(sealedKey(b.t), "\n"), passphraseCI) {
		if !strings.HasPrefix(secret, "-----") && strings.Contains(printed, secret) {
			b.t.Errorf("a secret is printed:\n%s", printed)
		}
	}
	fresh, err := filepath.Glob(filepath.Join(b.repo, "security", "evidence", "1.4.0", "static-analysis-*.json"))
	old, olderr := filepath.Glob(filepath.Join("..", "..", "examples", "infusion-pump", "evidence", "1.4.0", "static-analysis-*.json"))
	if err != nil || olderr != nil || len(fresh) != len(old)+1 {
		b.t.Errorf("%d pieces of evidence, and %d before", len(fresh), len(old))
	}
	root, err := filepath.Glob(filepath.Join(b.repo, "security", "keys", "*.pub"))
	if err != nil || len(root) == 0 {
		b.t.Fatalf("no root of trust: %v", err)
	}
	if status, out := b.shell(`theriac audit "$BUNDLE" --trust "$ROOT" --date 2026-10-05`, map[string]string{"BUNDLE": bundle, "ROOT": root[0]}); status != 0 {
		b.t.Errorf("the bundle is not verified:\n%s", out)
	}
}

type gitlabJob struct {
	Extends string   `yaml:"extends"`
	Before  []string `yaml:"before_script"`
	Script  []string `yaml:"script"`
	Rules   []struct {
		If string `yaml:"if"`
	} `yaml:"rules"`
	Environment string `yaml:"environment"`
}

// gitlab reads the jobs of the template, each with what it extends.
func gitlab(t *testing.T) (jobs map[string]gitlabJob, variables map[string]string) {
	t.Helper()
	var raw map[string]yaml.Node
	readCI(t, "gitlab-ci.yml", &raw)
	jobs = map[string]gitlabJob{}
	for name, node := range raw {
		var err error
		switch name {
		case "variables":
			err = node.Decode(&variables)
		case "stages":
		default:
			var j gitlabJob
			err = node.Decode(&j)
			jobs[name] = j
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, j := range jobs {
		if j.Extends != "" {
			j.Before = jobs[j.Extends].Before
			jobs[name] = j
		}
	}
	return jobs, variables
}

// gitlabJob runs a job as the service does: all lines in one shell.
func (b *ciBench) gitlab(job gitlabJob, variables map[string]string) (int, string) {
	b.t.Helper()
	env := maps.Clone(variables)
	env["THERIAC_URL"], env["THERIAC_SHA256"] = "https://files.example.org/theriac", b.program()
	env["CI_API_V4_URL"], env["CI_PROJECT_ID"], env["CI_MERGE_REQUEST_IID"] = "https://gitlab.example.org/api/v4", "12", "7"
	return b.shell(strings.Join(append(slices.Clone(job.Before), job.Script...), "\n"), env)
}

// TestGitLabForm: every job is exercised below.
func TestGitLabForm(t *testing.T) {
	jobs, _ := gitlab(t)
	names := slices.Sorted(maps.Keys(jobs))
	if want := []string{".theriac", "theriac check", "theriac release", "theriac review", "theriac tests"}; !slices.Equal(names, want) {
		t.Errorf("jobs are %q, exercised are %q", names, want)
	}
	for name, j := range jobs {
		text := strings.Join(j.Script, "\n")
		if strings.Contains(text, "set -x") || strings.Contains(text, "eval") {
			t.Errorf("%s prints secrets, or runs text", name)
		}
		if strings.Contains(text, "THERIAC_KEY") && (j.Environment != "release" || len(j.Rules) != 1 || j.Rules[0].If != "$CI_COMMIT_TAG") {
			t.Errorf("%s has the key", name)
		}
	}
}

func TestGitLabReview(t *testing.T) {
	jobs, variables := gitlab(t)
	b := newBench(t)
	b.weakened()
	variables["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = "HEAD~1"
	variables["THERIAC_COMMENT_TOKEN"] = "the-token"
	status, out := b.gitlab(jobs["theriac review"], variables)
	if status != 1 || !strings.Contains(out, `error T3201: interface "if-hl7-orders"`) {
		t.Errorf("status %d\n%s", status, out)
	}
	if got := b.recorded("curl.config"); got != "header = \"PRIVATE-TOKEN: the-token\"\n" {
		t.Errorf("curl was told %q", got)
	}
	args := b.recorded("curl.args")
	if strings.Contains(args+out, "the-token") || !strings.Contains(args, "https://gitlab.example.org/api/v4/projects/12/merge_requests/7/notes\n") {
		t.Errorf("curl was called as %q", args)
	}
	comment := b.recorded("curl.body")
	if comment != b.read(filepath.Join(b.repo, "comment.md")) || !strings.HasPrefix(comment, "## Security file: ") || !strings.Contains(comment, "\n## What this change unsettles: ") {
		t.Errorf("the comment is\n%s", comment)
	}
	if !strings.Contains(b.read(filepath.Join(b.repo, "theriac.sarif")), `"results"`) {
		t.Error("no findings")
	}

	// Without a token nothing is sent, and the verdict is the same.
	if err := os.Remove(filepath.Join(b.bin, "curl.config")); err != nil {
		t.Fatal(err)
	}
	delete(variables, "THERIAC_COMMENT_TOKEN")
	if status, out := b.gitlab(jobs["theriac review"], variables); status != 1 || b.recorded("curl.config") != "" {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestGitLabCheck(t *testing.T) {
	jobs, variables := gitlab(t)
	b := newBench(t)
	if status, out := b.gitlab(jobs["theriac check"], variables); status != 0 {
		t.Errorf("status %d\n%s", status, out)
	}
	b.weakened()
	if status, out := b.gitlab(jobs["theriac check"], variables); status != 1 {
		t.Errorf("status %d\n%s", status, out)
	}
	b.write(filepath.Join(b.bin, "program"), "#!/bin/sh\nexit 0\n")
	variables["THERIAC_SHA256"] = "unused"
	job := jobs["theriac check"]
	job.Before = slices.Clone(job.Before)
	b.write(filepath.Join(b.bin, "curl"), strings.Replace(curlStub, `cp "$STUBS/program" "$out"`, `echo other > "$out"`, 1))
	if status, out := b.gitlab(job, variables); status != 1 || !strings.Contains(out, "theriac.download") {
		t.Errorf("a program with another digest is run: status %d\n%s", status, out)
	}
}

func TestGitLabRelease(t *testing.T) {
	jobs, variables := gitlab(t)
	b := newBench(t)
	if status, out := b.gitlab(jobs["theriac tests"], variables); status != 0 {
		t.Fatalf("status %d\n%s", status, out)
	}
	key := filepath.Join(b.temp, "key")
	b.write(key, sealedKey(t)+"\n")
	variables["CI_COMMIT_TAG"], variables["THERIAC_KEY"], variables["THERIAC_PASSPHRASE"] = "v1.4.0", key, passphraseCI
	maps.Copy(variables, testersCI)
	status, out := b.gitlab(jobs["theriac release"], variables)
	if status != 0 {
		t.Fatalf("status %d\n%s", status, out)
	}
	b.path = []string{filepath.Join(b.env["HOME"], "theriac")}
	b.released(out, filepath.Join(b.repo, "release.theriac"))
}
