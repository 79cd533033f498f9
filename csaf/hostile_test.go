package csaf

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestManyValues: a document of many small values is refused before it fills the
// memory.
func TestManyValues(t *testing.T) {
	for _, item := range []string{"0,", "{},", "[],", `"",`} {
		text := `{"product_tree": {"full_product_names": [` + strings.Repeat(item, maxValues) + `0]}}`
		_, err := Validate([]byte(text), Options{})
		if err == nil || !strings.Contains(err.Error(), "more than 1000000 values") {
			t.Errorf("list of %s: %v", item, err)
		}
	}
}

// TestManyFaults: finding the places of faults takes time in proportion to them.
func TestManyFaults(t *testing.T) {
	const many = 100_000
	text := `{"vulnerabilities": [` + strings.Repeat("0,", many-1) + `0]}`
	start := time.Now()
	result, err := Validate([]byte(text), Options{})
	if err != nil || result.Valid() {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("%d faults took %v", many, took)
	}
	last := ""
	for _, f := range result.Findings {
		if f.Test == Schema && strings.HasPrefix(f.Message, "and ") {
			last = f.Message
		}
	}
	if last == "" {
		t.Error("faults that are not told are not counted")
	}
}

// TestFaultPlaces: the place of a fault in a list is that of the item.
func TestFaultPlaces(t *testing.T) {
	d, err := read([]byte(`{"a": [1, {"0": "x", "b": [2]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{"/a/1/b/0": "/a/1/b/0", "/a/1/0": "/a/1/0", "/a/2": "/a", "/a/-1": "/a", "/a/x": "/a", "": ""} {
		if got := d.at(pointer).pointer(); got != want {
			t.Errorf("%s is at %q, want %q", pointer, got, want)
		}
	}
}

// TestGroupsThatMultiply: a group that is named again and again is refused, in one
// statement or in many.
func TestGroupsThatMultiply(t *testing.T) {
	group := `"product_tree": {"product_groups": [{"group_id": "G", "product_ids": ["P"` + strings.Repeat(`, "P"`, 9_999) + `]}]}`
	for name, flags := range map[string]string{
		"one flag":   `{"label": "component_not_present", "group_ids": ["G"` + strings.Repeat(`, "G"`, 1000) + `]}`,
		"many flags": `{"group_ids": ["G"]}` + strings.Repeat(`, {"group_ids": ["G"]}`, 1000),
	} {
		text := fmt.Sprintf(`{%s, "vulnerabilities": [{"flags": [%s]}]}`, group, flags)
		_, err := Validate([]byte(text), Options{})
		if err == nil || !strings.Contains(err.Error(), "statements name 10010000 products by way of groups") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
