package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// linked is the number of requirements of the task that peers are given: each
// implements a control and is verified by a verification. All must resolve and
// every requirement must have a text and a verification.
const linked = 5000

// peer is another tool that can be made to check links between requirements.
type peer struct {
	name    string
	module  string // installed with go install when it is not on PATH; "" when only PATH counts
	prepare func(dir string) error
	args    []string // in the folder of the task
}

var allPeers = []peer{
	{"conftest", "github.com/open-policy-agent/conftest@v0.66.0", writeRego, []string{"test", "--no-color", "-p", "policy", "theriac.yaml"}},
	{"cue", "cuelang.org/go/cmd/cue@v0.14.1", writeCUE, []string{"vet", "-c", "links.cue", "theriac.yaml"}},
	{"doorstop", "", nil, nil},
	{"oft", "", nil, nil},
}

// peers measures theriac and the tools at hand on the same file.
func peers(program, dir string, runs int) error {
	task := filepath.Join(dir, "task")
	if err := writeTask(task); err != nil {
		return err
	}
	fmt.Printf("%d linked requirements with their controls and verifications, one file:\n\n", linked)
	fmt.Print("| Tool | Wall s | CPU s | Peak MB | CPU against theriac |\n| --- | ---: | ---: | ---: | ---: |\n")
	own, err := measure(runs, program, "check", "--format", "json", task)
	if err != nil {
		return err
	}
	fmt.Printf("| theriac (all rules) | %s | 1.0 |\n", own)
	var absent []string
	for _, p := range allPeers {
		path, why := p.find()
		if path == "" {
			absent = append(absent, p.name+" ("+why+")")
			continue
		}
		s, err := p.run(path, task, runs)
		if err != nil {
			absent = append(absent, fmt.Sprintf("%s (%v)", p.name, err))
			continue
		}
		fmt.Printf("| %s | %s | %.1f |\n", p.name, s, s.cpu.Seconds()/own.cpu.Seconds())
	}
	fmt.Printf("\nAbsent: %s.\n", strings.Join(absent, "; "))
	return nil
}

// find looks for the tool on PATH and in .cache/bin, and installs it there when
// it is a Go tool.
func (p peer) find() (path, why string) {
	if p.prepare == nil {
		if _, err := exec.LookPath(p.name); err == nil {
			return "", "on PATH, but it reads another format; not compared"
		}
		return "", "not on PATH"
	}
	if path, err := exec.LookPath(p.name); err == nil {
		return path, ""
	}
	bin, err := filepath.Abs(filepath.Join(".cache", "bin"))
	if err != nil {
		return "", err.Error()
	}
	path = filepath.Join(bin, p.name)
	if _, err := os.Stat(path); err == nil {
		return path, ""
	}
	fmt.Fprintf(os.Stderr, "bench: installing %s; this takes minutes the first time\n", p.module)
	install := exec.Command("go", "install", p.module)
	install.Env = append(os.Environ(), "GOBIN="+bin, "CGO_ENABLED=0")
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Sprintf("go install: %v: %.200s", err, bytes.TrimSpace(out))
	}
	return path, ""
}

func (p peer) run(path, task string, runs int) (sample, error) {
	if err := p.prepare(task); err != nil {
		return sample{}, err
	}
	home, err := os.Getwd()
	if err != nil {
		return sample{}, err
	}
	if err := os.Chdir(task); err != nil {
		return sample{}, err
	}
	defer func() { _ = os.Chdir(home) }() // the folder that we came from
	// A tool that finds nothing wrong in a broken file measures nothing.
	if err := p.refuses(path); err != nil {
		return sample{}, err
	}
	return measure(runs, path, p.args...)
}

// refuses makes sure that the tool finds a broken link.
func (p peer) refuses(path string) error {
	good, err := os.ReadFile("theriac.yaml")
	if err != nil {
		return err
	}
	defer func() { _ = os.WriteFile("theriac.yaml", good, 0o644) }() // restores the task
	broken := bytes.Replace(good, []byte("implements: [ct-17]"), []byte("implements: [ct-x]"), 1)
	if bytes.Equal(broken, good) {
		return fmt.Errorf("the task has no link to break")
	}
	if err := os.WriteFile("theriac.yaml", broken, 0o644); err != nil {
		return err
	}
	out, err := exec.Command(path, p.args...).CombinedOutput()
	if err == nil {
		return fmt.Errorf("does not find a broken link: %.200s", out)
	}
	if err := os.WriteFile("theriac.yaml", good, 0o644); err != nil {
		return err
	}
	if out, err := exec.Command(path, p.args...).CombinedOutput(); err != nil {
		return fmt.Errorf("refuses the good file: %v: %.300s", err, out)
	}
	return nil
}

func writeTask(dir string) error {
	var b bytes.Buffer
	b.WriteString("product: {name: Links, regulation: MDR, class: IIa}\n")
	section := func(name, entry string) {
		fmt.Fprintf(&b, "%s:\n", name)
		for i := range linked {
			b.WriteString(strings.ReplaceAll(entry, "#", fmt.Sprint(i)))
		}
	}
	section("controls", "  ct-#:\n    title: Control #\n    priority: design\n")
	section("requirements", "  rq-#:\n    title: Requirement #\n    text: The device does thing # within 10 seconds.\n    implements: [ct-#]\n")
	section("verifications", "  vf-#:\n    title: Test #\n    verifies: [rq-#]\n    method: security-feature-test\n")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "theriac.yaml"), b.Bytes(), 0o644)
}

func writeRego(dir string) error {
	const policy = `package main

import rego.v1

verified contains r if {
	some v in input.verifications
	some r in v.verifies
}

deny contains msg if {
	some id, r in input.requirements
	some c in r.implements
	not input.controls[c]
	msg := sprintf("%s implements %s, which does not exist", [id, c])
}

deny contains msg if {
	some id, v in input.verifications
	some r in v.verifies
	not input.requirements[r]
	msg := sprintf("%s verifies %s, which does not exist", [id, r])
}

deny contains msg if {
	some id, r in input.requirements
	not r.text
	msg := sprintf("%s has no text", [id])
}

deny contains msg if {
	some id, _ in input.requirements
	not id in verified
	msg := sprintf("%s is not verified", [id])
}
`
	if err := os.MkdirAll(filepath.Join(dir, "policy"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "policy", "links.rego"), []byte(policy), 0o644)
}

func writeCUE(dir string) error {
	const schema = `product: {...}
controls: [string]: {title: string, priority: string}
requirements: [string]: {title: string, text: string, implements: [...string]}
verifications: [string]: {title: string, method: string, verifies: [...string]}

// Each link must lead to an entry; looking one up that is not there is an error.
implemented: {for id, r in requirements for c in r.implements {"\(id) \(c)": controls[c].title}}
verified: {for id, v in verifications for r in v.verifies {(r): requirements[r].title}}
everyOne: {for id, _ in requirements {(id): verified[id]}}
`
	return os.WriteFile(filepath.Join(dir, "links.cue"), []byte(schema), 0o644)
}
