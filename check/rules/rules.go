// Package rules holds the rules of theriac, one file each.
//
// To add a rule, write a file named for its subject and question that calls
// add in a package variable. A rule declares its words, a bad and a good
// example, and its check; the list, the explanations, the reference and the
// tests follow from the declaration.
package rules

import (
	"cmp"
	"slices"

	"theriac/check"
)

var all []*check.Rule

func add(r check.Rule) *check.Rule {
	all = append(all, &r)
	return &r
}

// All returns the rules in the order of their codes.
func All() []*check.Rule {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b *check.Rule) int { return cmp.Compare(a.Code, b.Code) })
	return sorted
}

// Find returns the rule with a code, or nil.
func Find(code string) *check.Rule {
	for _, r := range all {
		if r.Code == code {
			return r
		}
	}
	return nil
}
