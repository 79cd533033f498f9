package trust

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

var fenced = regexp.MustCompile("(?s)```(?:json)?\n(.*?)```")

// TestDocumentation: the examples of the specification belong together.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../docs/formats/keys.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fenced.FindAllSubmatch(page, -1)
	if len(blocks) < 4 {
		t.Fatalf("only %d examples", len(blocks))
	}
	public, id, private, text := blocks[0][1], blocks[1][1], blocks[2][1], blocks[3][1]
	key, err := ParsePublic(public)
	if err != nil || key.ID() != strings.TrimSpace(string(id)) {
		t.Fatalf("public key: %v", err)
	}
	opened, err := OpenKey(private, []byte("correct horse"))
	if err != nil || opened.Public().ID() != key.ID() {
		t.Fatalf("key file: %v", err)
	}
	e, err := OpenEnvelope(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Verify(key); err != nil {
		t.Error(err)
	}
	if again, err := Seal(t.Context(), e.PayloadType, e.Payload, opened); err != nil || !bytes.Equal(again, text) {
		t.Errorf("written as %s, %v", again, err)
	}
}
