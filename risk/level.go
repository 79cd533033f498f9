package risk

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// Faults of policy.risk.levels.
const (
	LevelTwice    Fault = "level-twice"    // a level stands twice
	LevelOrder    Fault = "level-order"    // the figures do not go the way of the scale
	LevelStart    Fault = "level-start"    // no level begins at 0
	LevelBeyond   Fault = "level-beyond"   // a level begins beyond the highest figure
	LevelsMissing Fault = "levels-missing" // a level of the scale has no figure
	LevelsIdle    Fault = "levels-idle"    // figures although nothing is computed
)

// thresholds turns figures into levels; they are empty where the policy does not
// say, or contradicts itself, from which figure each level begins.
type thresholds []model.ScoreLevel

func newThresholds(policy model.RiskPolicy) thresholds {
	if strayLevel(policy) || len(LevelProblems(policy)) > 0 {
		return nil
	}
	return policy.Levels
}

// strayLevel reports whether one of the levels is not on the scale.
func strayLevel(policy model.RiskPolicy) bool {
	return slices.ContainsFunc(policy.Levels, func(l model.ScoreLevel) bool { return !slices.Contains(policy.Exploitability, l.Level) })
}

// level is the level that begins last of those that begin at or below a figure.
func (t thresholds) level(figure model.Decimal) string {
	level, from := "", model.Decimal(-1)
	for _, l := range t {
		if l.From <= figure && l.From > from {
			level, from = l.Level, l.From
		}
	}
	return level
}

// scoringOf describes the figures of a scoring method.
type scoringOf struct {
	highest model.Decimal
	falls   bool // more means less exploitable
}

func scoring(name model.Scoring) (of scoringOf, computes bool) {
	switch name {
	case "cvss-3.1", "cvss-4.0":
		return scoringOf{highest: 100}, true
	case "feasibility":
		return scoringOf{highest: mostPoints(), falls: true}, true
	}
	return scoringOf{}, false
}

// LevelProblems says what is wrong with the figures of policy.risk.levels. Levels
// that are not on the scale are left to whoever checks levels; each may have been
// meant to be one that is missing.
func LevelProblems(policy model.RiskPolicy) []Problem {
	of, computes := scoring(policy.Scoring)
	switch {
	case !computes && len(policy.Levels) > 0:
		return []Problem{{Fault: LevelsIdle, Field: "levels", Text: "people judge the level, and no figure is computed"}}
	case !computes || len(policy.Exploitability) == 0:
		return nil
	}
	problems := eachLevel(policy, of)
	if strayLevel(policy) {
		return problems
	}
	if p, ok := missingLevels(policy); ok {
		return append(problems, p)
	}
	if len(policy.Levels) > 0 && !slices.ContainsFunc(policy.Levels, func(l model.ScoreLevel) bool { return l.From == 0 }) {
		problems = append(problems, Problem{Fault: LevelStart, Field: "levels", Text: "no level begins at 0.0, so that lower figures have none"})
	}
	return problems
}

// eachLevel looks at the figures one after the other, by rank.
func eachLevel(policy model.RiskPolicy, of scoringOf) []Problem {
	var problems []Problem
	at := map[string]int{}
	for i, l := range policy.Levels {
		if first, twice := at[l.Level]; twice {
			problems = append(problems, Problem{Fault: LevelTwice, Field: levelField(i, "level"),
				Text: fmt.Sprintf("level %q begins at %s and at %s", l.Level, policy.Levels[first].From, l.From)})
			continue
		}
		at[l.Level] = i
		if l.From > of.highest {
			problems = append(problems, Problem{Fault: LevelBeyond, Field: levelField(i, "from"),
				Text: fmt.Sprintf("level %q begins at %s, and the highest figure is %s", l.Level, l.From, of.highest)})
		}
	}
	return append(problems, disorder(policy, at, of.falls)...)
}

// disorder reports the first level whose figure does not go the way of the scale.
func disorder(policy model.RiskPolicy, at map[string]int, falls bool) []Problem {
	last := -1
	for _, level := range policy.Exploitability {
		i, there := at[level]
		if !there || i == last {
			continue
		}
		if last >= 0 {
			below, here := policy.Levels[last], policy.Levels[i]
			if falls && here.From >= below.From {
				return []Problem{{Fault: LevelOrder, Field: levelField(i, "from"),
					Text: fmt.Sprintf("more points mean less exploitable, but %q begins at %s and the lower %q at %s", here.Level, here.From, below.Level, below.From)}}
			}
			if !falls && here.From <= below.From {
				return []Problem{{Fault: LevelOrder, Field: levelField(i, "from"),
					Text: fmt.Sprintf("%q begins at %s and the lower %q at %s", here.Level, here.From, below.Level, below.From)}}
			}
		}
		last = i
	}
	return nil
}

// missingLevels names the levels of the scale that have no figure.
func missingLevels(policy model.RiskPolicy) (Problem, bool) {
	var missing []string
	for _, level := range policy.Exploitability {
		if !slices.ContainsFunc(policy.Levels, func(l model.ScoreLevel) bool { return l.Level == level }) {
			missing = append(missing, level)
		}
	}
	if len(missing) == 0 {
		return Problem{}, false
	}
	field := either(len(policy.Levels) > 0, "levels", "scoring") // what is there to point at
	return Problem{Fault: LevelsMissing, Field: field, Text: "levels without a figure from which they begin: " + strings.Join(missing, ", ")}, true
}

func levelField(i int, name string) string { return fmt.Sprintf("levels.%d.%s", i, name) }
