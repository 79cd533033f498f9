package approval

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"theriac/model"
)

const decided = `
product: {name: Pump, regulation: MDR, class: IIb}
controls:
  ct-tls: {title: Mutual TLS, priority: protective}
decisions:
  vx-tls:
    title: CVE-2024-6119 in OpenSSL
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: "<3.0.14-1"
    status: not-affected
    justification: inline-mitigations-already-exist
    reason: Clients without a certificate of ours are refused.
    controls: [ct-tls]
    by: PSIRT
    date: 2026-11-03
policy:
  approvals:
    - {of: decisions, meaning: approved, roles: [PSIRT]}
`

// TestDecisions: decisions can be approved, with the controls that they rest on, and are
// missing an approval where the policy asks for one.
func TestDecisions(t *testing.T) {
	content := func(text string) ([]Line, *model.File) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, findings, err := (&model.Loader{}).Load(t.Context(), dir)
		if err != nil || len(findings) > 0 {
			t.Fatal(err, findings)
		}
		target, err := Find(file, fstest.MapFS{}, "vx-tls")
		if err != nil || target.Of != "decisions" {
			t.Fatalf("%v %+v", err, target.Of)
		}
		lines, err := Content(file, fstest.MapFS{}, target)
		if err != nil {
			t.Fatal(err)
		}
		return lines, file
	}
	was, file := content(decided)
	if !slices.Contains(was, Line{"status", "not-affected"}) || !slices.ContainsFunc(was, func(l Line) bool { return l.Path == "controls ct-tls" }) {
		t.Errorf("%v", was)
	}
	is, _ := content(strings.Replace(decided, "Mutual TLS", "TLS", 1))
	if changes := Changes(was, is); len(changes) != 1 || changes[0].Path != "controls ct-tls" {
		t.Errorf("%v", changes)
	}
	needs, err := Needs(file, &Store{}, fstest.MapFS{})
	if err != nil || len(needs) != 1 || needs[0].ID != "vx-tls" || needs[0].State != Missing {
		t.Errorf("%v %+v", err, needs)
	}
}
