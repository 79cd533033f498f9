package format

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// verify reads a result again and reports the first difference from its source
// that is more than layout: another value, another style, a comment more or
// less. The order of keys may differ.
func verify(before *document, out []byte) error {
	after, err := read(out)
	if err != nil {
		return fmt.Errorf("read result: %w", err)
	}
	if (before.root == nil) != (after.root == nil) {
		return fmt.Errorf("all content would change")
	}
	if before.root != nil {
		if err := same(before.root, after.root); err != nil {
			return err
		}
	}
	return sameComments(before, after)
}

func same(a, b *yaml.Node) error {
	if a.Kind != b.Kind || a.Style != b.Style || a.ShortTag() != b.ShortTag() || a.Value != b.Value || len(a.Content) != len(b.Content) {
		return fmt.Errorf("line %d, column %d: value would change", a.Line, a.Column)
	}
	if a.Kind == yaml.MappingNode {
		return sameMapping(a, b)
	}
	for i, c := range a.Content {
		if err := same(c, b.Content[i]); err != nil {
			return err
		}
	}
	return nil
}

// sameMapping compares two mappings without duplicate keys and of equal size.
func sameMapping(a, b *yaml.Node) error {
	at := make(map[scalarKey]int, len(b.Content)/2)
	for i := 0; i < len(b.Content); i += 2 {
		at[keyOf(b.Content[i])] = i
	}
	for i := 0; i < len(a.Content); i += 2 {
		j, ok := at[keyOf(a.Content[i])]
		if !ok {
			return fmt.Errorf("line %d, column %d: key would change", a.Content[i].Line, a.Content[i].Column)
		}
		for k := range 2 {
			if err := same(a.Content[i+k], b.Content[j+k]); err != nil {
				return err
			}
		}
	}
	return nil
}

func sameComments(a, b *document) error {
	count := map[string]int{}
	for _, t := range b.toks {
		if t.kind == comment {
			count[string(b.src[t.start:t.end])]++
		}
	}
	for _, t := range a.toks {
		if t.kind != comment {
			continue
		}
		text := string(a.src[t.start:t.end])
		if count[text]--; count[text] < 0 {
			return fmt.Errorf("line %d: comment would be lost", t.line)
		}
	}
	for text, n := range count {
		if n > 0 {
			return fmt.Errorf("comment would be added: %s", text)
		}
	}
	return nil
}
