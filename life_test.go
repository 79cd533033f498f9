package theriac_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac"
	"theriac/diag"
)

// TestNewInterface: one interface more, and check lists what the architecture
// makes possible now, and what was judged, tested and written for the device as it
// was.
func TestNewInterface(t *testing.T) {
	dir := copyOf(t, "examples/infusion-pump")
	write(t, filepath.Join(dir, "architecture", "radio.yaml"), `
interfaces:
  if-ble:
    title: Bluetooth link to a barcode scanner
    component: svc-reader
    medium: bluetooth
    protocol: gatt over ble
    direction: in
    exposure: local
    state: enabled
    accepts: [as-patient-id]
`)
	found := codesOf(t, dir)
	for _, want := range []string{
		"T6011 if-ble: ble-pairing-unproven", "T6012 svc-reader: component-tampering", "T2201 svc-reader: vf-readers", "T2206 doc-ifu: interfaces",
		"T2206 vf-pentest-network: interfaces", "T2206 doc-threat-model: interfaces",
	} {
		has(t, found, want)
	}
}

// TestDeletedControl: what a control held is told when it goes.
func TestDeletedControl(t *testing.T) {
	dir := copyOf(t, "examples/infusion-pump")
	name := filepath.Join(dir, "controls.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n  ct-secure-boot:\n")
	if !ok {
		t.Fatal("the pump has no ct-secure-boot")
	}
	next := strings.Index(rest, "\n\n")
	write(t, name, strings.Replace(string(text), "\n  ct-secure-boot:\n"+rest[:next], "", 1))
	has(t, codesOf(t, dir), "T0013 rk-radio-code: ct-secure-boot")
}

func copyOf(t *testing.T, example string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "device")
	if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func codesOf(t *testing.T, dir string) diag.List {
	t.Helper()
	var s theriac.Session
	r, err := s.Check(t.Context(), dir, theriac.Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	return r.Findings
}

// has looks for a finding by its code, its entity and a part of its message.
func has(t *testing.T, found diag.List, want string) {
	t.Helper()
	head, part, _ := strings.Cut(want, ": ")
	code, entity, _ := strings.Cut(head, " ")
	for _, f := range found {
		if f.Code == code && f.Entity == entity && strings.Contains(f.Message, part) {
			return
		}
	}
	t.Errorf("not found: %s", want)
}
