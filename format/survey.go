package format

import "go.yaml.in/yaml/v4"

// leaf is a scalar that has text, in the order of the text.
type leaf struct {
	node   *yaml.Node
	parent int // column of the innermost block collection around it, from 0
}

type surveyor struct {
	leaves []leaf
}

// scalarKey is what makes two keys of a mapping the same.
type scalarKey struct{ tag, value string }

func keyOf(n *yaml.Node) scalarKey { return scalarKey{n.ShortTag(), n.Value} }

// survey lists the scalars under a root and refuses what the language leaves
// out, as far as the nodes show it.
func survey(root *yaml.Node) ([]leaf, error) {
	if root == nil {
		return nil, nil
	}
	if root.Kind != yaml.MappingNode || root.Style&yaml.FlowStyle != 0 {
		return nil, unsupported(root, "a file that is not a block mapping")
	}
	var s surveyor
	err := s.walk(root, -1, 1)
	return s.leaves, err
}

func unsupported(n *yaml.Node, what string) error {
	return &UnsupportedError{Line: n.Line, Column: n.Column, What: what}
}

func (s *surveyor) walk(n *yaml.Node, parent, depth int) error {
	switch {
	case n.Kind == yaml.AliasNode:
		return unsupported(n, "alias")
	case n.Anchor != "":
		return unsupported(n, "anchor")
	case n.Style&yaml.TaggedStyle != 0:
		return unsupported(n, "tag")
	case n.Kind == yaml.ScalarNode:
		if !absent(n) {
			s.leaves = append(s.leaves, leaf{n, parent})
		}
		return nil
	case depth > maxDepth:
		return unsupported(n, "more than 100 levels of nesting")
	}
	if n.Kind == yaml.MappingNode {
		if err := checkKeys(n); err != nil {
			return err
		}
	}
	if n.Style&yaml.FlowStyle == 0 {
		parent = n.Column - 1
	}
	for _, c := range n.Content {
		if err := s.walk(c, parent, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// checkKeys refuses keys that are not plain names, and names used twice: their
// values have no defined order, so moving them could change what is read.
func checkKeys(n *yaml.Node) error {
	seen := make(map[scalarKey]bool, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		k := n.Content[i]
		switch {
		case k.Kind != yaml.ScalarNode:
			return unsupported(k, "key that is not a scalar")
		case k.ShortTag() == "!!merge":
			return unsupported(k, "merge key")
		case seen[keyOf(k)]:
			return &UnsupportedError{Line: k.Line, Column: k.Column, What: "duplicate key " + k.Value, Twice: k.Value}
		}
		seen[keyOf(k)] = true
	}
	return nil
}
