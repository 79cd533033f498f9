package techdoc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeptSBOM: the bill of materials of the release is given as it is, to the byte.
func TestKeptSBOM(t *testing.T) {
	for example, name := range map[string]string{"infusion-pump": "vp4-1.4.0.cdx.json", "pcr-analyser": ""} {
		b := exampleBook(t, example)
		if name == "" {
			name = filepath.Base(b.Release.SBOM.Path)
		}
		want, err := os.ReadFile(filepath.Join("..", "examples", example, "artefacts", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := machineFile(t, b, "sbom.cdx.json"); !bytes.Equal(got, want) {
			t.Errorf("%s: it is not the one that is kept", example)
		}
	}
}

// TestOwnSBOM: one that cannot be used is replaced by the SOUP of the file, which says
// so; nothing is made up for what the file does not state.
func TestOwnSBOM(t *testing.T) {
	s := cycloneSchema(t)
	const soups = `components:
  so-tls: {title: TLS library, type: soup, version: "3.5.1", purl: "pkg:generic/tls@3.5.1", manufacturer: TLS project, support-until: 2030-01-01}
  so-bare: {title: Bare, type: soup}
  app: {title: Application, type: application}
`
	const list = `{"bomFormat": "CycloneDX", "specVersion": "1.6"}`
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "sha256:" + hex.EncodeToString(sum[:])
	}
	for _, c := range []struct{ name, release, kept, why string }{
		{"no release", "", "", "the security file has no release"},
		{"none named", "{version: 1.0}", "", "the release names none"},
		{"not there", "{version: 1.0, sbom: {path: gone.json, digest: " + digest(list) + "}}", "", "gone.json is not there"},
		{"altered", "{version: 1.0, sbom: {path: kept.json, digest: " + digest(list) + "}}", list + " ", "is not the file of which the release has the digest"},
		{"another format", "{version: 1.0, sbom: {path: kept.json, digest: " + digest("{}") + "}}", "{}", "kept.json cannot be read: no bill of materials"},
		{"outside", "{version: 1.0, sbom: {path: ../kept.json, digest: " + digest(list) + "}}", list, "../kept.json is not in the folder of the security file"},
		{"SPDX", "{version: 1.0, sbom: {path: kept.json, digest: " + digest(soupSPDX) + "}}", soupSPDX, "kept.json is no CycloneDX in JSON"},
		{"kept", "{version: 1.0, sbom: {path: kept.json, digest: " + digest(list) + "}}", list, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			more := soups
			if c.release != "" {
				more += "releases:\n  rel: " + c.release + "\n"
			}
			dir := writtenFile(t, more)
			if c.kept != "" {
				if err := os.WriteFile(filepath.Join(dir, "kept.json"), []byte(c.kept), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			text := machineFile(t, machineBook(t, dir), "sbom.cdx.json")
			if c.why == "" {
				if string(text) != c.kept {
					t.Errorf("not as kept: %s", text)
				}
				return
			}
			if err := s.Validate(machineJSON(t, text)); err != nil {
				t.Error(err)
			}
			for _, want := range []string{c.why, "made from the SOUP of the security file", `"version": "3.5.1"`, `"purl": "pkg:generic/tls@3.5.1"`,
				`"value": "version is not stated"`, `"aggregate": "unknown"`} {
				if !strings.Contains(string(text), want) {
					t.Errorf("no %s in\n%s", want, text)
				}
			}
			if strings.Contains(string(text), "Application") {
				t.Error("own software is no SOUP")
			}
		})
	}
	if text := machineFile(t, writtenBook(t, ""), "sbom.cdx.json"); text != nil {
		t.Errorf("made from nothing: %s", text)
	}
}

// TestHostileSBOM: texts that are no versions or package URLs give a document that
// follows the schema all the same.
func TestHostileSBOM(t *testing.T) {
	text := machineFile(t, writtenBookOr(t, ""), "sbom.cdx.json")
	if err := cycloneSchema(t).Validate(machineJSON(t, text)); err != nil {
		t.Error(err)
	}
	if strings.Contains(string(text), "pkg:x") {
		t.Error("a package URL that is none is given as one")
	}
}
