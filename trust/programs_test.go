package trust

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// need finds a program that a test runs. Where tests must be complete its
// absence is a failure.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatalf("%s is not installed, and CI is set", program)
	}
	t.Skipf("%s is not installed", program)
	return ""
}

// run runs a program that has to succeed.
func run(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), need(t, program), args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return out
}

// file writes a file of its own folder.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func generate(t testing.TB, algorithm string) *PrivateKey {
	t.Helper()
	key, err := Generate(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

var algorithms = []string{ECDSAP256, Ed25519}
