package techdoc

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"theriac/model"
	"theriac/policy"
)

// networkFiles are the files about the network, in their order.
var networkFiles = []string{"firewall.nft", "firewall-segment.nft", "firewall.iptables", "firewall.ip6tables", "firewall.csv", "mud.json"}

// networkMade makes the files about the network of a security file.
func networkMade(t *testing.T, dir string, at time.Time) map[string][]byte {
	t.Helper()
	var l model.Loader
	f, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	day, err := model.ParseDate("2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	b := &Book{Input: Input{File: f, Day: day, Time: at}, Policy: policy.Compile(f)}
	files := map[string][]byte{}
	for _, d := range FileDefinitions() {
		if !slices.Contains(networkFiles, d.Name) {
			continue
		}
		text, err := d.Make(b)
		if err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
		files[d.Name] = text
	}
	return files
}

// TestNetworkFiles: the examples have all files about the network, and each speaks of
// the same interfaces.
func TestNetworkFiles(t *testing.T) {
	var names []string
	for _, d := range FileDefinitions() {
		if slices.Contains(networkFiles, d.Name) {
			names = append(names, d.Name)
		}
	}
	if !slices.Equal(names, networkFiles) {
		t.Errorf("files %q, want %q", names, networkFiles)
	}
	for example, interfaces := range map[string][]string{
		"infusion-pump": {"if-hl7-orders", "if-hl7-results", "if-fhir", "if-library", "if-ntp", "if-syslog", "if-est", "if-dns", "if-cloud", "if-update"},
		"pcr-analyser":  {"if-hl7-out", "if-hl7-in", "if-astm-tcp", "if-web", "if-ldap", "if-ntp", "if-syslog", "if-ipp", "if-dns", "if-hub", "if-repo", "if-remote"},
	} {
		for name, text := range networkMade(t, filepath.Join("..", "examples", example), time.Time{}) {
			for _, id := range interfaces {
				if !bytes.Contains(text, []byte(id)) {
					t.Errorf("%s of %s does not speak of %s", name, example, id)
				}
			}
			if bytes.Contains(text, []byte("if-portal")) {
				t.Errorf("%s of %s speaks of an interface outside of the device", name, example)
			}
		}
	}
}

// TestMUDTime: the description is of the time of the build, or else of its day.
func TestMUDTime(t *testing.T) {
	dir := filepath.Join("..", "examples", "infusion-pump")
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("", 3600))
	for want, at := range map[string]time.Time{"2026-11-23T09:00:00Z": at, "2026-11-22T00:00:00Z": {}} {
		var f struct {
			MUD struct {
				At string `json:"last-update"`
			} `json:"ietf-mud:mud"`
		}
		if err := json.Unmarshal(networkMade(t, dir, at)["mud.json"], &f); err != nil || f.MUD.At != want {
			t.Errorf("%q, want %q: %v", f.MUD.At, want, err)
		}
	}
}

// TestNoNetworkNoFiles: a device without network has no files about it, and one
// without a stated domain no description.
func TestNoNetworkNoFiles(t *testing.T) {
	const start = `
product: {name: Box, regulation: MDR, class: I}
zones:
  z-box: {title: Box, trust: device}
components:
  c-app: {title: Program, type: application, zone: z-box}
`
	for text, want := range map[string]int{
		start: 0,
		start + "interfaces:\n  if-net: {title: Net, component: c-app, medium: wifi, exposure: local}\n": 5,
		start + "vulnerability-handling: {owner: PSIRT, contact: {email: psirt@works.example}}\n":        0,
		start + "interfaces:\n  if-net: {title: Net, component: c-app, medium: wifi, exposure: local}\n" +
			"vulnerability-handling: {owner: PSIRT, contact: {email: psirt@works.example}}\n": 6,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, b := range networkMade(t, dir, time.Time{}) {
			if b != nil {
				n++
			}
		}
		if n != want {
			t.Errorf("%d files, want %d of:\n%s", n, want, text)
		}
	}
}
