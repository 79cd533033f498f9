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
	"sync"

	"theriac/check"
)

var (
	declared []*check.Rule
	later    []func() check.Rule
)

func add(r check.Rule) *check.Rule {
	mustBeFree(&r)
	declared = append(declared, &r)
	return &r
}

// mustBeFree refuses a code that was retired.
func mustBeFree(r *check.Rule) {
	if FindRetired(r.Code) != nil {
		panic("rules: the code " + r.Code + " is retired and may not be used again")
	}
}

// addLater declares a rule whose questions are read from the catalogue, which
// is loaded when rules are first asked for and not when the program starts.
func addLater(rule func() check.Rule) struct{} {
	later = append(later, rule)
	return struct{}{}
}

// All returns the rules in the order of their codes.
func All() []*check.Rule { return slices.Clone(sorted()) }

var sorted = sync.OnceValue(func() []*check.Rule {
	all := slices.Clone(declared)
	for _, rule := range later {
		r := rule()
		mustBeFree(&r)
		all = append(all, &r)
	}
	slices.SortFunc(all, func(a, b *check.Rule) int { return cmp.Compare(a.Code, b.Code) })
	return all
})

// Find returns the rule with a code, or nil.
func Find(code string) *check.Rule {
	i, found := slices.BinarySearchFunc(sorted(), code, func(r *check.Rule, code string) int { return cmp.Compare(r.Code, code) })
	if !found {
		return nil
	}
	return sorted()[i]
}
