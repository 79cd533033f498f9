package synthetic

import (
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestArchitecture: both forms hold the same components and flows, and are YAML.
func TestArchitecture(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	if err := WriteArchitecture(dir, 60, 300); err != nil {
		t.Fatal(err)
	}
	var own struct {
		Components, Flows, Interfaces map[string]any
	}
	parse(t, filepath.Join(dir, "theriac.yaml"), &own)
	if len(own.Components) != 60 || len(own.Flows) != 300 || len(own.Interfaces) != 12 {
		t.Errorf("%d components, %d flows, %d interfaces", len(own.Components), len(own.Flows), len(own.Interfaces))
	}
	name := filepath.Join(t.TempDir(), "t.yaml")
	if err := WriteThreagile(name, 60, 300); err != nil {
		t.Fatal(err)
	}
	var theirs struct {
		Assets map[string]struct {
			Links map[string]any `yaml:"communication_links"`
		} `yaml:"technical_assets"`
		Boundaries map[string]struct {
			Inside []string `yaml:"technical_assets_inside"`
		} `yaml:"trust_boundaries"`
	}
	parse(t, name, &theirs)
	links, inside := 0, 0
	for _, a := range theirs.Assets {
		links += len(a.Links)
	}
	for _, b := range theirs.Boundaries {
		inside += len(b.Inside)
	}
	if len(theirs.Assets) != 60 || links != 300 || inside != 60 {
		t.Errorf("%d assets, %d links, %d inside boundaries", len(theirs.Assets), links, inside)
	}
	if err := WriteArchitecture(dir, 60, 300); err == nil {
		t.Error("an existing folder is written over")
	}
}

func parse(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
