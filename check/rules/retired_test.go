package rules

import (
	"cmp"
	"regexp"
	"slices"
	"testing"

	"theriac/check"
)

// TestRetired: a retired code is found, and no rule has it.
func TestRetired(t *testing.T) {
	all := AllRetired()
	if len(all) == 0 || !slices.IsSortedFunc(all, func(a, b Retired) int { return cmp.Compare(a.Code, b.Code) }) {
		t.Fatal("the list is empty or not in order")
	}
	for _, r := range all {
		if r.Title == "" || r.Instead == "" || check.SubjectOf(r.Code).Title == "" {
			t.Errorf("%s says too little", r.Code)
		}
		if found := FindRetired(r.Code); found == nil || *found != r {
			t.Errorf("%s is not found", r.Code)
		}
		if Find(r.Code) != nil {
			t.Errorf("%s is a rule as well", r.Code)
		}
	}
	if FindRetired("T4002") != nil || FindRetired("") != nil {
		t.Error("a code that is not retired is found")
	}
}

// TestRetiredRefused: neither way of declaring a rule takes a retired code.
func TestRetiredRefused(t *testing.T) {
	for _, code := range []string{"T6005", "T7201"} {
		if !refused(code) {
			t.Errorf("a rule may have the code %s", code)
		}
	}
	if refused("T4002") {
		t.Error("a code that is not retired is refused")
	}
}

// refused tells whether the code of a rule is not taken.
func refused(code string) (is bool) {
	defer func() { is = recover() != nil }()
	mustBeFree(&check.Rule{Code: code})
	return false
}

var named = regexp.MustCompile(`T\d{4}`)

// TestSuccessors: the rules that take the place of retired ones exist.
func TestSuccessors(t *testing.T) {
	for _, r := range AllRetired() {
		codes := named.FindAllString(r.Instead, -1)
		if len(codes) == 0 {
			t.Errorf("%s names no successor", r.Code)
		}
		for _, code := range codes {
			if Find(code) == nil {
				t.Errorf("%s is said to be followed by %s, which does not exist", r.Code, code)
			}
		}
	}
}
