// Package hsmtest makes tokens of SoftHSM 2 for tests, and builds the helper
// program that uses them.
//
// Errors: where a program or the module is missing, a test is skipped with the
// reason, or fails where the environment variable CI is set: there nothing may be
// left out in silence.
//
// Concurrency: a token sets SOFTHSM2_CONF for the whole process, so the test that
// uses it cannot run in parallel with others.
package hsmtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"theriac/internal/hsm"
)

// PIN is that of the user of each token.
const PIN = "482913"

// modules are where systems keep the module of SoftHSM 2.
var modules = []string{
	"/usr/lib/softhsm/libsofthsm2.so",
	"/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/pkcs11/libsofthsm2.so",
	"/opt/homebrew/lib/softhsm/libsofthsm2.so",
}

// Module is a SoftHSM 2 with tokens of its own.
type Module struct {
	Path string
	t    testing.TB
}

// New makes a SoftHSM 2 without tokens, for the time of the test.
func New(t testing.TB) *Module {
	t.Helper()
	Need(t, "softhsm2-util", "pkcs11-tool")
	dir := t.TempDir()
	tokens := filepath.Join(dir, "tokens")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		t.Fatal(err)
	}
	conf := filepath.Join(dir, "softhsm2.conf")
	text := fmt.Sprintf("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", tokens)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", conf)
	for _, path := range modules {
		if _, err := os.Stat(path); err == nil {
			return &Module{path, t}
		}
	}
	Missing(t, "the module libsofthsm2.so is not installed (Debian: softhsm2)")
	return nil
}

// Token initialises a token.
func (m *Module) Token(label string) {
	m.t.Helper()
	m.run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "91827364")
}

// Key makes a key pair in a token. The kind is one of pkcs11-tool, as EC:prime256v1.
func (m *Module) Key(token, kind, label, id string, more ...string) {
	m.t.Helper()
	m.Tool(token, append([]string{"--keypairgen", "--key-type", kind, "--label", label, "--id", id}, more...)...)
}

// Tool runs pkcs11-tool as the user of a token.
func (m *Module) Tool(token string, args ...string) {
	m.t.Helper()
	m.run("pkcs11-tool", append([]string{"--module", m.Path, "--token-label", token, "--login", "--pin", PIN}, args...)...)
}

func (m *Module) run(name string, args ...string) {
	m.t.Helper()
	if out, err := exec.CommandContext(m.t.Context(), name, args...).CombinedOutput(); err != nil {
		m.t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// URI returns the address of a key in a token; empty means any.
func (m *Module) URI(token, object string) string {
	return (&hsm.URI{Token: token, Object: object, ModulePath: m.Path}).String()
}

// Build builds the helper program into the folder.
func Build(t testing.TB, dir string) string {
	t.Helper()
	Need(t, "go", "cc")
	path := filepath.Join(dir, "theriac-pkcs11")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, "theriac/cmd/theriac-pkcs11")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build theriac-pkcs11: %v\n%s", err, out)
	}
	return path
}

// Need asks for programs.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			Missing(t, fmt.Sprintf("the program %s is not installed", name))
		}
	}
}

// Missing skips the test, or fails it where CI is set.
func Missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
