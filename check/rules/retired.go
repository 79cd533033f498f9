package rules

import (
	"cmp"
	"slices"
)

// Retired is a code of a rule that is gone. No other rule may have it: waivers and
// older reports that name it would then speak of something else.
type Retired struct {
	Code, Title string
	Instead     string // what takes the place of the rule
}

// Titles and successors of the rules about records, which the kind `evidence` of
// the language listed.
const (
	statements = "evidence is no longer listed in the security file: signed statements below `evidence/` take its place, "
	judged     = statements + "and T7401 to T7404 look at each of them"
	addressed  = statements + "each names its raw inputs, kept beside it, by their digests, and T7401 finds one that is damaged"
)

var retired = []Retired{
	{"T6005", "external interface that no threat aims at", "T6011 asks the same of every element, threat by threat"},
	{"T7201", "record of a test that has not taken place", judged},
	{"T7202", "record that cannot be found or checked", addressed},
	{"T7203", "digest of a record that is malformed", addressed},
	{"T7204", "record outside the security file", addressed},
	{"T7205", "record older than the policy allows", statements + "and T7406 finds those that are out of date"},
	{"T7206", "passed verification without a record", statements + "and T7405 finds a verification without any"},
	{"T7207", "record that speaks of another test", statements + "and T7403 finds one that speaks of other artefacts"},
	{"T7208", "record that is not in the security file", addressed},
	{"T7209", "record that is not the one that was meant", addressed},
	{"T7210", "record from the future", judged},
}

// AllRetired returns the retired codes in their order.
func AllRetired() []Retired { return slices.Clone(retired) }

// FindRetired returns the retired code of this spelling, or nil.
func FindRetired(code string) *Retired {
	i, found := slices.BinarySearchFunc(retired, code, func(r Retired, code string) int { return cmp.Compare(r.Code, code) })
	if !found {
		return nil
	}
	r := retired[i]
	return &r
}
